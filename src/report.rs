//! Reports carry results to people: charts for the planning deck, and the files they are written to.
//!
//! Nothing in here knows the simulation: charts draw plain numbers and names.

pub mod chart;
pub mod files;
