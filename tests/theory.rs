//! The simulator against exact theory: with only the mechanisms a textbook result speaks of, it must give that
//! result. Formulas are written out here with their sources, run lengths are chosen so that an error of 1 %
//! would show, and no simulated value is ever pinned.

mod theory {
    mod demand;
    mod gates;
    mod interruptions;
    mod lines;
    mod queues;
    mod stocks;
    mod support;
}
