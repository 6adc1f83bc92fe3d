//! What can be named in a scenario or on the command line: the metrics of the register.

use super::summary::MetricText;
use super::summary::unit::Unit;
use observation::metrics::METRICS;

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
