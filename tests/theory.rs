//! The simulator against exact theory: with only the mechanisms a textbook result speaks of, it must give that
//! result. Formulas are written out here with their sources, run lengths are chosen so that an error of
//! a few percent would show, and no simulated value is ever pinned.

#![allow(clippy::disallowed_methods, reason = "theory may use the C library: its last bit decides nothing")]

mod theory {
    mod again;
    mod assistance;
    mod beginnings;
    mod complexity;
    mod counts;
    mod culture;
    mod demand;
    mod gates;
    mod interrupted;
    mod interruptions;
    mod learning;
    mod lines;
    mod loads;
    mod measures;
    mod meetings;
    mod passes;
    mod people;
    mod preemption;
    mod queues;
    mod repairs;
    mod risk;
    mod scripts;
    mod stocks;
    mod structure;
    mod support;
    mod threshold;
    mod tooling;
    mod value;
    mod wander;
    mod window;
    mod words;
}
