//! orgsim
pub mod report;
