//! orgsim: a what-if laboratory for engineering organisations.

pub mod kernel;
pub mod model;
pub mod units;
