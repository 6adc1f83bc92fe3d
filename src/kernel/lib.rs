//! The simulation kernel: an event list, keyed random streams, distributions, levels that wander, and slabs.
//!
//! It knows nothing of organisations; everything here would serve a model of a harbour as well.

pub mod bits;
pub mod distribution;
pub mod event_list;
pub mod level;
pub mod math;
mod math_tables;
pub mod normal;
mod size_biased;
pub mod slab;
pub mod streams;
pub mod units;
