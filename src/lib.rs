//! orgsim

pub mod statistics;
