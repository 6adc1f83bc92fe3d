//! Plausibility: whether a drawn organisation does, before any policy, what organisations are seen to do.

use super::compare::unit;
use super::summary::unit::Unit;
use observation::metrics;
use observation::outcome::{Column, Outcome};
use scenario::tables::Scenario;
use statistics::moments;

/// One entry of `[plausible]`, found among the columns of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// As the scenario names it.
    pub name: String,
    pub unit: Unit,
    pub column: usize,
    pub low: f64,
    pub high: f64,
}

impl Criterion {
    /// An end of the range, or both, as people read it, with its unit.
    pub fn told(&self, ends: &[f64]) -> String {
        let ends: Vec<String> = ends.iter().map(|end| (end * self.unit.factor()).to_string()).collect();
        format!("{} {}", ends.join(" to "), self.unit.name()).trim_end().to_owned()
    }
}

/// The criteria of a scenario whose columns its organisations have.
///
/// # Errors
/// When a name is neither a metric nor a detail of anything, or a range is not in order, as a sentence.
pub fn criteria(scenario: &Scenario, columns: &[Column]) -> Result<Vec<Criterion>, String> {
    let mut found = Vec::new();
    for (name, entry) in &scenario.plausible {
        let [low, high] = entry.range;
        if low.is_nan() || high.is_nan() || low > high {
            return Err(format!("the range of [plausible] {name} is not in order"));
        }
        // A detail of a stage or team that this scenario does not have says nothing of it.
        let is_detail = name.split('.').count() > 2;
        let label = metrics::find(name).map_or(name.as_str(), |at| metrics::METRICS[at].name);
        match columns.iter().position(|column| column.name == label) {
            Some(column) => {
                let unit = unit(scenario, columns[column].unit);
                found.push(Criterion { name: name.clone(), unit, column, low, high });
            }
            None if is_detail => {}
            None => return Err(format!("[plausible] names {name}, which is no metric")),
        }
    }
    Ok(found)
}

/// What a past came to, criterion by criterion: the mean over replications, not a number where nothing was measured, ∞
/// where it lies beyond the window in some replication, which is above any range.
pub fn measured(criteria: &[Criterion], pasts: &[Outcome]) -> Vec<f64> {
    let mean = |criterion: &Criterion| {
        let values: Vec<f64> = pasts.iter().map(|past| past.values[criterion.column]).collect();
        let beyond = values.contains(&f64::INFINITY);
        if beyond { f64::INFINITY } else { moments::mean(&moments::present(&values)) }
    };
    criteria.iter().map(mean).collect()
}

/// The criteria that a past leaves, and on which side: true above.
///
/// What could not be measured (no incident in any of the replications) is not held against an organisation.
pub fn left(criteria: &[Criterion], measured: &[f64]) -> Vec<(usize, bool)> {
    let outside = |(at, (criterion, value)): (usize, (&Criterion, &f64))| match *value {
        value if value < criterion.low => Some((at, false)),
        value if value > criterion.high => Some((at, true)),
        _ => None,
    };
    criteria.iter().zip(measured).enumerate().filter_map(outside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_on_either_side_is_told_and_the_unmeasured_is_let_pass() {
        let criterion =
            |name: &str| Criterion { name: name.into(), unit: Unit::SHARE, column: 0, low: 0.1, high: 0.5 };
        let criteria = ["a", "b", "c", "d"].map(criterion);
        assert_eq!(left(&criteria, &[0.05, 0.3, f64::NAN, 0.6]), [(0, false), (3, true)]);
    }
}
