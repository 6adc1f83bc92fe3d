//! orgsim: a what-if laboratory for engineering organisations.

#![forbid(unsafe_code)]

pub mod diagnostic;
pub mod reading;
pub mod units;

pub mod kernel;
pub mod notation;
pub mod statistics;

pub mod model;
pub mod observation;
pub mod scenario;

pub mod cli;
pub mod experiment;
pub mod report;
