//! What is kept of many replications where only their metrics are wanted.

use super::replicate::Lived;
use super::run::Replication;
use crate::observation::metrics::METRICS;

/// A replication's number and, for each course, its metrics, or nothing where it drowned in work.
pub type Kept = (u64, Vec<Option<Vec<f64>>>);

/// Keeps only the metrics of a replication.
pub fn keep(replication: Replication) -> Kept {
    let metrics = |lived: Lived| {
        let mut values = lived.ok()?.values;
        values.truncate(METRICS.len());
        Some(values)
    };
    (replication.number, replication.lives.into_iter().map(metrics).collect())
}
