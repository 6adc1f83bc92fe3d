//! Observation: folding the moments of a life into numbers. Metrics observe and never take part.

pub mod ledger;
pub mod metrics;
pub mod outcome;
pub mod percentile;
pub mod quantities;
pub mod recorder;
pub mod stocks;
pub mod trace;
