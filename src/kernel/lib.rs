//! The simulation kernel: a calendar of events, keyed random streams, laws and slabs.
//!
//! It knows nothing of organisations; everything here would serve a model of a harbour as well.

pub mod calendar;
pub mod law;
pub mod luck;
pub mod math;
mod math_tables;
pub mod normal;
pub mod slab;
pub mod units;
