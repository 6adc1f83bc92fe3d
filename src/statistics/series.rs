//! Bands over replications, week by week: where replications end up, and apart from it how well their mean is known.
//!
//! The two must not be confused. [`Outcomes`] is the spread of replications and doesn't shrink with more of
//! them; an [`Estimate`] is the precision of the mean and does.

use super::interval::{Estimate, QuantileInterval, quantile};
use super::moments;

/// The shares of replications that lie below what [`Outcomes`] holds.
pub const PERCENTILES: [f64; 8] = [0.05, 0.15, 0.25, 0.5, 0.7, 0.75, 0.85, 0.95];

/// Quantiles of the outcomes of single replications, all NaN when none is present. They are of the distribution that
/// replications are drawn from, so that they interpolate between replications (definition 7), where a percentile of
/// items is one of the items ([`super::interval::percentile`]).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcomes {
    /// 5 % of replications lie below.
    pub p5: f64,
    /// 15 % of replications lie below.
    pub p15: f64,
    /// A quarter of replications lie below.
    pub p25: f64,
    /// Half of replications lie below.
    pub p50: f64,
    /// 30 % of replications lie above.
    pub p70: f64,
    /// A quarter of replications lie above.
    pub p75: f64,
    /// 15 % of replications lie above.
    pub p85: f64,
    /// 5 % of replications lie above.
    pub p95: f64,
}

impl Outcomes {
    /// The quantiles of values in any order, without NaN.
    pub fn of(values: &[f64]) -> Self {
        let sorted = ascending(values);
        let [p5, p15, p25, p50, p70, p75, p85, p95] = PERCENTILES.map(|p| quantile(&sorted, p));
        Self { p5, p15, p25, p50, p70, p75, p85, p95 }
    }

    /// All of them, in the order of [`PERCENTILES`].
    pub fn all(&self) -> [f64; 8] {
        [self.p5, self.p15, self.p25, self.p50, self.p70, self.p75, self.p85, self.p95]
    }

    /// How well each of them is known, whatever the distribution: fewer than 72 replications leave the outer
    /// ends at 95 % unbounded.
    ///
    /// # Panics
    /// When `level` lies outside (0, 1).
    pub fn intervals(values: &[f64], level: f64) -> [QuantileInterval; 8] {
        let sorted = ascending(values);
        PERCENTILES.map(|p| QuantileInterval::of(&sorted, p, level))
    }
}

fn ascending(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// One week over all replications.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Week {
    /// The spread of single replications.
    pub outcomes: Outcomes,
    /// The mean and its interval, pointwise: over many weeks some will miss. `n` counts the replications present.
    pub mean: Estimate,
}

/// Summarises replications (rows, one value per week, NaN where missing) week by week, as far as the shortest
/// replication goes: later weeks would be of survivors only.
///
/// # Panics
/// When `level` lies outside (0, 1).
pub fn weekly(runs: &[Vec<f64>], level: f64) -> Vec<Week> {
    let weeks = runs.iter().map(Vec::len).min().unwrap_or(0);
    (0..weeks)
        .map(|week| {
            let column: Vec<f64> = runs.iter().map(|replication| replication[week]).collect();
            let values = moments::present(&column);
            Week { outcomes: Outcomes::of(&values), mean: Estimate::of_mean(&values, level) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_columns_and_missing_values_are_left_out() {
        let runs: Vec<Vec<f64>> =
            (0..=100).map(|i| vec![f64::from(i), if i < 2 { f64::from(i) } else { f64::NAN }]).collect();
        let weeks = weekly(&runs, 0.95);
        let expected = [5.0, 15.0, 25.0, 50.0, 70.0, 75.0, 85.0, 95.0];
        assert_eq!(weeks[0].outcomes.all(), expected);
        assert_eq!((weeks[0].mean.n, weeks[1].mean.n), (101, 2));
        assert_eq!(weeks[1].mean.mean, 0.5);
    }

    #[test]
    fn weeks_end_with_the_shortest_replication() {
        let runs = [vec![1.0, 2.0, 3.0], vec![3.0, 4.0]];
        let means: Vec<f64> = weekly(&runs, 0.95).iter().map(|week| week.mean.mean).collect();
        assert_eq!(means, [2.0, 3.0]);
    }

    #[test]
    fn seventy_two_replications_bound_the_ends_and_fewer_do_not() {
        let ends = |n: u32| {
            let values: Vec<f64> = (0..n).rev().map(f64::from).collect();
            Outcomes::intervals(&values, 0.95).map(|interval| (interval.low, interval.high))
        };
        let (few, enough) = (ends(71), ends(72));
        assert_eq!((few[0].0, few[7].1), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!((enough[0].0, enough[7].1), (0.0, 71.0));
        assert!(enough.iter().all(|(low, high)| low < high));
    }

    #[test]
    fn more_replications_sharpen_the_mean_and_not_the_spread() {
        let runs = |n: u32| -> Vec<Vec<f64>> { (0..n).map(|i| vec![f64::from(i % 20)]).collect() };
        let (few, many) = (weekly(&runs(40), 0.95)[0], weekly(&runs(4_000), 0.95)[0]);
        assert!(many.mean.half_width() < 0.11 * few.mean.half_width());
        let spread = |w: Week| w.outcomes.p95 - w.outcomes.p5;
        assert!((spread(few) - spread(many)).abs() < 0.5);
    }
}
