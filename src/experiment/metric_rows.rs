//! What is kept of many replications where only their metrics are wanted.

use super::replicate::{MOST_WEEKS, RunResult};
use super::run::ReplicationResults;
use observation::metrics::{METRICS, least};
use observation::quantities::SERIES;
use scenario::study::Study;
use statistics::seen::Seen;

/// Bytes of a replication under a policy beside its numbers, about.
const BESIDE: f64 = 120.0;

/// Bytes of a replication that is kept whole under every policy, about.
pub fn bytes(study: &Study) -> f64 {
    let week = study.scenario.clock.hours_per_day * study.scenario.clock.days_per_week;
    let weeks = (study.horizon.hours() / week).min(MOST_WEEKS as f64);
    study.timelines.len() as f64
        * (8.0 * study.columns.len() as f64 + 4.0 * SERIES.len() as f64 * weeks + BESIDE)
}

/// Bytes of an organisation with so many replications, of which the metrics are kept, and so many parameters, about.
pub fn bytes_of_organisation(study: &Study, runs: u32, parameters: usize) -> f64 {
    let each = 8.0 * METRICS.len() as f64 + BESIDE;
    f64::from(runs) * study.timelines.len() as f64 * each + BESIDE * parameters as f64
}

/// A replication's number and, for each timeline, its metrics, or nothing where it came to nothing.
pub type MetricRow = (u64, Vec<Option<Vec<f64>>>);

/// A metric by replication, with what lies beyond the window as the least it can be; not a number where there is
/// nothing. The one way from rows to what is judged.
pub fn seen<'a>(metric: usize, runs: impl IntoIterator<Item = Option<&'a [f64]>>) -> Seen {
    let least = least(metric);
    let one = |replication: Option<&[f64]>| {
        replication.map_or((f64::NAN, false), |values| of_row(values, metric, least))
    };
    runs.into_iter().map(one).collect()
}

/// A metric in one row, and whether it lies beyond the window; `least` is where the least it can be stands.
pub fn of_row(values: &[f64], metric: usize, least: Option<usize>) -> (f64, bool) {
    match (values[metric], least) {
        (f64::INFINITY, Some(least)) => (values[least], true),
        (value, _) => (value, false),
    }
}

/// A metric of one timeline in what was kept.
pub fn column(kept: &[MetricRow], timeline: usize, metric: usize) -> Seen {
    seen(metric, kept.iter().map(|(_, runs)| runs[timeline].as_deref()))
}

/// Keeps only the metrics of a replication.
pub fn keep(replication: ReplicationResults) -> MetricRow {
    let metrics = |completed: RunResult| {
        let mut values = completed.ok()?.values;
        values.truncate(METRICS.len());
        Some(values)
    };
    (replication.number, replication.runs.into_iter().map(metrics).collect())
}
