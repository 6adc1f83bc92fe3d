//! The simulator against exact theory: with only the mechanisms a textbook result speaks of, it must give that
//! result. Formulas are written out here with their sources, run lengths are chosen so that an error of
//! a few percent would show, and no simulated value is ever pinned.

#![allow(clippy::disallowed_methods, reason = "theory may use the C library: its last bit decides nothing")]

/// All files of `tests/theory`, as `build.rs` lists them.
mod theory {
    include!(concat!(env!("OUT_DIR"), "/theory.rs"));
}
