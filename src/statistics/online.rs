//! Moments of numbers that are seen once and not kept, alone and in pairs.
//!
//! Sums are taken about the first value and carry a correction, so that no large mean cancels the variance away:
//! the shifted data of Chan, Golub & LeVeque (1983), *The American Statistician* 37, 242–247, with Neumaier's sum.

use super::interval::{Estimate, Share};
use super::moments::Moments;
use super::paired::PairedDifference;
use super::seen::Beyond;
use super::student;
use super::verdict::Direction;

/// A sum with a running correction: Neumaier (1974), *ZAMM* 54, 39–51.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    total: f64,
    lost: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        let next = self.total + value;
        let first = self.total.abs() >= value.abs();
        self.lost += if first { (self.total - next) + value } else { (value - next) + self.total };
        self.total = next;
    }

    fn value(&self) -> f64 {
        self.total + self.lost
    }
}

/// Count, mean and variance of the finite numbers seen so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnlineMoments {
    n: usize,
    origin: f64,
    sum: Sum,
    squares: Sum,
}

impl OnlineMoments {
    /// Sees one number; one that is missing (NaN) is passed over.
    pub fn see(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        if self.n == 0 {
            self.origin = value;
        }
        let shifted = value - self.origin;
        self.n += 1;
        self.sum.add(shifted);
        self.squares.add(shifted * shifted);
    }

    /// The moments of what was seen.
    pub fn moments(&self) -> Moments {
        let n = self.n as f64;
        let mean = if self.n == 0 { f64::NAN } else { self.origin + self.sum.value() / n };
        let about = self.squares.value() - self.sum.value() * self.sum.value() / n;
        let variance = if self.n < 2 { f64::NAN } else { about.max(0.0) / (n - 1.0) };
        Moments { n: self.n, mean, variance }
    }

    /// The mean with Student's interval, as [`Estimate::of_mean`] gives it for values that are kept.
    pub fn estimate(&self, level: f64) -> Estimate {
        estimate(&self.moments(), level)
    }
}

fn estimate(moments: &Moments, level: f64) -> Estimate {
    let freedom = moments.n.saturating_sub(1).max(1) as f64;
    Estimate::around(moments, student::two_sided(level, freedom), level)
}

/// One comparison with the baseline, replication by replication.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnlinePairs {
    policy: OnlineMoments,
    baseline: OnlineMoments,
    difference: OnlineMoments,
    products: Sum,
    wins: usize,
    ties: usize,
    /// Pairs of which it is known who wins.
    decided: usize,
    dropped: usize,
    beyond: Beyond,
}

impl OnlinePairs {
    /// Sees one replication under both, each with whether it lies beyond the window; where either is missing (NaN) the
    /// pair is dropped and counted.
    pub fn see(
        &mut self,
        (policy, above): (f64, bool),
        (baseline, under): (f64, bool),
        direction: Direction,
    ) {
        if policy.is_nan() || baseline.is_nan() {
            self.dropped += 1;
            return;
        }
        let difference = policy - baseline;
        self.policy.see(policy);
        self.baseline.see(baseline);
        self.difference.see(difference);
        self.products.add((policy - self.policy.origin) * (baseline - self.baseline.origin));
        self.beyond.see(above, under);
        if let Some(sign) = Beyond::sign(difference, above, under) {
            self.decided += 1;
            self.wins += usize::from(sign * direction.sign() > 0.0);
            self.ties += usize::from(sign == 0.0);
        }
    }

    /// What the replications say of this comparison alone; its simultaneous intervals are those of a family of one,
    /// not widened for skewness, which no longer matters where replications are too many to keep.
    pub fn report(&self, direction: Direction, level: f64) -> PairedDifference {
        let (policy, baseline) = (self.policy.moments(), self.baseline.moments());
        let difference = self.difference.moments();
        let n = difference.n;
        let slip = self.policy.sum.value() * self.baseline.sum.value() / n as f64;
        let covariance = (self.products.value() - slip) / (n as f64 - 1.0);
        let relative = self.beyond.bound(self.relative(&policy, &baseline, covariance, level));
        let absolute = self.beyond.bound(estimate(&difference, level));
        PairedDifference {
            direction,
            baseline_mean: baseline.mean,
            policy_mean: policy.mean,
            difference: absolute,
            relative,
            simultaneous: absolute,
            simultaneous_relative: relative,
            at_least: None,
            n,
            dropped: self.dropped,
            beyond: self.beyond,
            wins: Share::wilson(self.wins, self.decided, level),
            ties: self.ties,
            correlation: covariance / (policy.variance * baseline.variance).sqrt(),
            variance_ratio: match self.beyond.any() {
                true => f64::NAN,
                false => (policy.variance + baseline.variance) / difference.variance,
            },
            control_gain: 1.0,
        }
    }

    /// The relative difference by the delta method; unbounded where the baseline is not clear of zero.
    fn relative(&self, policy: &Moments, baseline: &Moments, covariance: f64, level: f64) -> Estimate {
        let mean = (policy.mean - baseline.mean) / baseline.mean.abs();
        if policy.n < 2 || estimate(baseline, level).contains(0.0) {
            return Estimate::unbounded(mean, level);
        }
        let ratio = policy.mean / baseline.mean;
        let spread = policy.variance + ratio * ratio * baseline.variance - 2.0 * ratio * covariance;
        let variance = spread.max(0.0) / (baseline.mean * baseline.mean);
        estimate(&Moments { n: policy.n, mean, variance }, level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paired::{Comparison, compare};
    use crate::resample::{Resampling, SplitMix};
    use crate::seen::Seen;
    use crate::verdict::{Margin, Verdict};

    #[test]
    fn what_is_not_kept_has_the_moments_of_what_is() {
        let mut generator = SplitMix::new(3);
        for offset in [0.0, 1e9, -1e12] {
            let values: Vec<f64> = (0..500).map(|_| offset + generator.normal()).collect();
            let mut running = OnlineMoments::default();
            values.iter().for_each(|value| running.see(*value));
            running.see(f64::NAN);
            let (kept, seen) = (Moments::of(&values), running.moments());
            assert_eq!(kept.n, seen.n);
            assert!((kept.mean - seen.mean).abs() <= 1e-15 * offset.abs().max(1.0));
            assert!((kept.variance / seen.variance - 1.0).abs() < 1e-12, "{offset}");
        }
        let mut equal = OnlineMoments::default();
        (0..31).for_each(|_| equal.see(0.1));
        assert_eq!((equal.moments().mean, equal.moments().variance), (0.1, 0.0));
        assert!(OnlineMoments::default().moments().mean.is_nan());
    }

    #[test]
    fn pairs_that_are_not_kept_say_what_kept_ones_say() {
        let mut generator = SplitMix::new(8);
        let baseline: Vec<f64> = (0..900).map(|_| 7.0 + generator.normal()).collect();
        let mut policy: Vec<f64> = baseline.iter().map(|b| 0.9 * b + 0.3 * generator.normal()).collect();
        policy[17] = f64::NAN;
        policy[18] = baseline[18];
        let direction = Direction::LowerIsBetter;
        let sides = [Seen::known(policy.clone()), Seen::known(baseline.clone())];
        let comparison = Comparison { policy: &sides[0], baseline: &sides[1], direction };
        let kept = compare(&[comparison], 0.95, Resampling::seeded(1))[0];
        let mut running = OnlinePairs::default();
        policy.iter().zip(&baseline).for_each(|(p, b)| running.see((*p, false), (*b, false), direction));
        let seen = running.report(direction, 0.95);
        assert_eq!((kept.n, kept.dropped, kept.ties), (seen.n, seen.dropped, seen.ties));
        assert_eq!(kept.wins, seen.wins);
        let same = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(1.0);
        for (kept, seen) in [(kept.difference, seen.difference), (kept.relative, seen.relative)] {
            assert!(same(kept.mean, seen.mean) && same(kept.low, seen.low) && same(kept.high, seen.high));
        }
        let mut open = OnlinePairs::default();
        (0..9).for_each(|_| open.see((100.0, true), (100.0, true), direction));
        assert_eq!(open.report(direction, 0.95).verdict(Margin::default()), Verdict::BeyondWindow);
        assert!(same(kept.correlation, seen.correlation) && same(kept.variance_ratio, seen.variance_ratio));
    }
}
