//! Balance: whether stocks still moved under the baseline when the policies parted.

use super::summary::Trend;
use observation::outcome::Outcome;
use observation::quantities::SERIES;
use scenario::study::Study;
use statistics::interval::Estimate;
use statistics::moments;

/// Weeks in a quarter.
const QUARTER: usize = 13;

/// How debt and open work moved in the first quarter after the fork under the baseline.
///
/// A stock that moves says that the organisation was already on its way somewhere: differences
/// then mix the policy with that way.
pub fn trends(study: &Study, baseline: &[Option<&Outcome>]) -> Vec<Trend> {
    let runs: Vec<&Outcome> = baseline.iter().flatten().copied().collect();
    let weeks = runs.iter().map(|replication| replication.weeks.len()).min().unwrap_or(0).min(QUARTER);
    if weeks < 2 || super::compare::weeks_apart(study) > 1 {
        return Vec::new();
    }
    let level = study.scenario.judge.level.fraction();
    let smallest = study.scenario.judge.smallest_difference.fraction();
    let at = |name: &str| SERIES.iter().position(|series| series.name == name);
    let read = |replication: &Outcome, name: &str, week: usize| {
        at(name).map_or(f64::NAN, |series| f64::from(replication.weeks[week][series]))
    };
    let debt = runs.iter().map(|replication| {
        let first = read(replication, "debt_density", 0);
        (read(replication, "debt_density", weeks - 1) - first, first)
    });
    let open = runs.iter().map(|replication| {
        let open = |week| read(replication, "arrived", week) - read(replication, "done", week);
        (open(weeks - 1) - open(0), open(0))
    });
    let trend = |what, against, pairs: Vec<(f64, f64)>| {
        let change = ratio(&pairs, level)?;
        let moves = change.mean.abs() > smallest && !change.contains(0.0);
        Some(Trend { what, against, change, weeks, moves })
    };
    [
        trend("debt density", "of what it was at the fork", debt.collect()),
        trend("open work", "of what it was at the fork", open.collect()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The ratio of the means of (change, size), with the delta method's interval; nothing without size.
fn ratio(pairs: &[(f64, f64)], level: f64) -> Option<Estimate> {
    let kept: Vec<(f64, f64)> =
        pairs.iter().copied().filter(|(change, size)| change.is_finite() && size.is_finite()).collect();
    let sizes: Vec<f64> = kept.iter().map(|(_, size)| *size).collect();
    let size = moments::mean(&sizes);
    if kept.is_empty() || size <= 0.0 {
        return None;
    }
    let changes: Vec<f64> = kept.iter().map(|(change, _)| *change).collect();
    let ratio = moments::mean(&changes) / size;
    let linear: Vec<f64> = kept.iter().map(|(change, of)| ratio + (change - ratio * of) / size).collect();
    Some(Estimate::of_mean(&linear, level))
}
