//! The order in which to make the changes between two policies, so that the organisation gains soonest.

use super::compare::{RunInfo, summarise};
use super::metric_rows::seen;
use super::run::ReplicationResults;
use super::summary::rollout::RolloutSummary;
use observation::metrics::{self, METRICS};
use scenario::study::{RolloutSteps, Study};
use statistics::moments::{mean, present};
use statistics::paired::{Comparison, compare};
use statistics::resample::Resampling;
use statistics::seen::Seen;
use statistics::verdict::{Direction, Margin, Verdict};

/// With more steps than this, orders are not all tried.
pub const ALL_ORDERS: usize = 4;

/// The first set of orders to live: all of them, or each step as the first.
pub fn begin(steps: usize) -> Vec<Vec<usize>> {
    match steps {
        0..=ALL_ORDERS => permutations(steps),
        _ => (0..steps).map(|step| vec![step]).collect(),
    }
}

/// Every order of `count` steps, in lexical order.
fn permutations(count: usize) -> Vec<Vec<usize>> {
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..count {
        let longer = |order: &Vec<usize>| -> Vec<Vec<usize>> {
            let left = (0..count).filter(|step| !order.contains(step));
            left.map(|step| [order.as_slice(), &[step]].concat()).collect()
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    orders
}

/// The next set of a greedy search: the best beginning, continued by each step that is left; nothing
/// when it is complete.
pub fn next(
    orders: &[Vec<usize>],
    study: &Study,
    completed: &[ReplicationResults],
    steps: usize,
) -> Vec<Vec<usize>> {
    let best = &orders[best(study, completed) - 1];
    if best.len() == steps {
        return Vec::new();
    }
    let left = (0..steps).filter(|step| !best.contains(step));
    left.map(|step| [best.as_slice(), &[step]].concat()).collect()
}

fn objective(study: &Study) -> usize {
    metrics::find(&study.scenario.objective).expect("the scenario's metrics were checked")
}

fn column(study: &Study, completed: &[ReplicationResults], timeline: usize) -> Seen {
    let runs = completed.iter().map(|one| one.runs[timeline].as_ref().ok());
    seen(
        objective(study),
        runs.map(|replication| replication.map(|replication| replication.values.as_slice())),
    )
}

/// The timeline after the first with the best mean of the objective; the first of equals.
fn best(study: &Study, completed: &[ReplicationResults]) -> usize {
    let sign = direction(study).sign();
    let mut best = (1, f64::NEG_INFINITY);
    for timeline in 1..study.timelines.len() {
        let seen = column(study, completed, timeline);
        // What lies beyond the window in some replication has no mean to be chosen by.
        let gain = if seen.count_beyond() > 0 { f64::NAN } else { mean(&present(&seen.values)) * sign };
        if gain > best.1 {
            best = (timeline, gain);
        }
    }
    best.0
}

fn direction(study: &Study) -> Direction {
    METRICS[objective(study)].better.unwrap_or(Direction::HigherIsBetter)
}

/// Sums up the last set of orders.
pub fn finish(
    study: &Study,
    completed: &[ReplicationResults],
    steps: &RolloutSteps,
    every: String,
    tried: usize,
) -> RolloutSummary {
    let at_best = best(study, completed);
    let theirs = column(study, completed, at_best);
    let others: Vec<usize> = (1..study.timelines.len()).filter(|timeline| *timeline != at_best).collect();
    let columns: Vec<Seen> = others.iter().map(|timeline| column(study, completed, *timeline)).collect();
    let family: Vec<Comparison<'_>> = columns
        .iter()
        .map(|column| Comparison { policy: column, baseline: &theirs, direction: direction(study) })
        .collect();
    let level = study.scenario.judge.level.fraction();
    let margin = Margin::Relative(study.scenario.judge.smallest_difference.fraction());
    let differences = match family.is_empty() {
        true => Vec::new(),
        false => compare(&family, level, Resampling::seeded(study.scenario.seed)),
    };
    let like_best = others.iter().zip(&differences).filter(|(_, difference)| {
        difference.verdict(margin) == Verdict::PracticallySame || difference.simultaneous.contains(0.0)
    });
    RolloutSummary {
        steps: steps.paths(),
        every,
        all: steps.paths().len() <= ALL_ORDERS,
        tried,
        best: at_best,
        like_best: like_best.map(|(timeline, _)| *timeline).collect(),
        summary: summarise(study, completed, RunInfo::fixed(completed.len(), false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_there_once() {
        let orders = begin(4);
        let distinct: std::collections::BTreeSet<_> = orders.iter().cloned().collect();
        assert_eq!((orders.len(), distinct.len()), (24, 24));
        assert!(orders.iter().all(|order| order.len() == 4));
        assert_eq!(begin(6), [[0], [1], [2], [3], [4], [5]]);
    }
}
