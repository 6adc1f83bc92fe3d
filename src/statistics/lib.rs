//! Statistics by which policies are compared on common random numbers: pure functions on slices,
//! knowing nothing of simulation, files or terminals.
//!
//! Four conventions hold throughout.
//!
//! * **Missing is NaN, and only where a function says so.** Everywhere else inputs are finite.
//! * **What lies beyond the window is marked** ([`seen::Seen`]): the least it can be is kept, and nothing that it
//!   enters is bounded on that side.
//! * **Ignorance is an interval, not an error.** Fewer than two observations give (−∞, ∞), from
//!   which every verdict reads "can't tell yet".
//! * **The same bits everywhere.** Transcendental functions come from `libm`, distribution functions
//!   are our own (a crate that reaches `ln` through the standard library inherits the C library's
//!   last bit), and whatever resamples takes a seed.

pub mod beta;
pub mod normal;
pub mod student;

pub mod moments;
pub mod resample;

pub mod control;
pub mod fieller;
pub mod interval;
pub mod online;
pub mod paired;
pub mod seen;
pub mod simultaneous;
pub mod studentised;
pub mod verdict;

pub mod breakeven;
pub mod sequential;
pub mod series;
pub mod survival;

pub mod ignorance;
pub mod rank;
pub mod rule;
pub mod selection;
pub mod sensitivity;
