//! What can be named in a scenario or on the command line: the metrics of the register.

use super::summary::MetricText;
use super::summary::unit::Unit;
use notation::diagnostic::nearest;
use observation::metrics::{self, METRICS};

/// All metrics, in the order of the register.
pub fn metrics() -> impl Iterator<Item = MetricText> {
    METRICS.iter().map(|metric| MetricText {
        name: metric.name,
        title: metric.title.to_owned(),
        unit: Unit::of(metric.unit, None),
        better: metric.better,
        definition: metric.definition,
    })
}

/// The places of the metrics that are asked for by their names or columns; all where none is.
///
/// # Errors
/// When there is no such metric, as a sentence.
pub fn places(asked: &[String]) -> Result<Vec<usize>, String> {
    let place = |name: &String| {
        metrics::find(name).ok_or_else(|| {
            let help = match nearest(name, METRICS.iter().flat_map(|metric| [metric.name, metric.title])) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`orgsim list metrics` lists them".to_owned(),
            };
            format!("there is no metric {name}: {help}")
        })
    };
    if asked.is_empty() { Ok((0..METRICS.len()).collect()) } else { asked.iter().map(place).collect() }
}

/// The places of these metrics and of all details, among the columns of a replication.
pub fn with_details(metrics: &[usize], columns: usize) -> Vec<usize> {
    metrics.iter().copied().chain(METRICS.len()..columns).collect()
}
