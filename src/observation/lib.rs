//! Observation: folding the domain events of a replication into numbers. Metrics observe and never take part.

pub mod ledger;
pub mod metrics;
pub mod outcome;
pub mod percentile;
pub mod quantities;
pub mod recorder;
pub mod stocks;
pub mod trace;
pub mod tracker;
