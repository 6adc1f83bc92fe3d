//! A policy against the baseline, replication by replication on the same random numbers, within a declared family.

use super::control::{Adjusted, adjust};
use super::interval::{Estimate, Share};
use super::moments;
use super::resample::Resampling;
use super::seen::{Beyond, Seen};
use super::simultaneous;
use super::verdict::{Direction, Guardrail, Lean, Margin, Verdict, guardrail, lean, verdict};

/// A baseline whose mean lies fewer standard errors from zero than this is not clear of it.
const CLEAR: f64 = 3.0;
/// How many standard errors beyond its mean the baseline surely does not lie.
const FAR: f64 = 6.0;

/// One objective under a policy and under the baseline; entry i of both is replication i, NaN where missing.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// The objective in each replication under the policy.
    pub policy: &'a Seen,
    /// The objective in each replication under the baseline.
    pub baseline: &'a Seen,
    /// Whether more of it is good.
    pub direction: Direction,
}

/// What the paired replications say of one comparison. Differences are policy − baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairedDifference {
    /// Whether more is good.
    pub direction: Direction,
    /// The baseline's mean over the pairs kept.
    pub baseline_mean: f64,
    /// The policy's mean over the pairs kept.
    pub policy_mean: f64,
    /// The mean difference with Student's interval for this comparison alone.
    pub difference: Estimate,
    /// The relative difference, (policy − baseline) / |baseline| of the means, alone: 0.05 is 5 % more.
    pub relative: Estimate,
    /// The mean difference with the family's interval, from which verdicts are read.
    pub simultaneous: Estimate,
    /// The relative difference with the interval of the family of relative differences.
    pub simultaneous_relative: Estimate,
    /// Where the baseline is not clear of zero, so that the relative difference has no bounds: the difference over
    /// the largest size that the baseline may have, with the family's interval. In truth it is at least as large a
    /// share, so that it may show what matters, and never that nothing does.
    pub at_least: Option<Estimate>,
    /// Pairs kept.
    pub n: usize,
    /// Pairs dropped because either side is missing.
    pub dropped: usize,
    /// Pairs kept of which a side lies beyond the window. Means and differences are then those of the least that such
    /// sides can be: where the policy's does, the true difference is at least that, where the baseline's does, at
    /// most; where both do, nothing is known of it.
    pub beyond: Beyond,
    /// Of the lives in which that is known, the share in which the policy is strictly better, with Wilson's interval.
    pub wins: Share,
    /// Lives in which both sides are equal: neither won nor lost.
    pub ties: usize,
    /// Correlation between the two sides; NaN where one does not vary.
    pub correlation: f64,
    /// Variance of the difference had the replications been independent, over the paired variance: 4 means
    /// pairing was worth four times the replications; ∞ when the difference never varies; NaN when nothing does.
    pub variance_ratio: f64,
    /// How many times as many replications the difference would need without control variates; 1 without them.
    pub control_gain: f64,
}

impl PairedDifference {
    /// Whether every pair came out the same.
    pub fn never_differs(&self) -> bool {
        self.n > 0 && self.ties == self.n
    }

    /// The mean difference, turned so that more is good; the least it can be where some of the baseline's lie beyond the
    /// window, and not a number where nothing bounds it from below.
    pub fn gain(&self) -> f64 {
        let unbounded = match self.direction {
            Direction::HigherIsBetter => self.beyond.baseline,
            Direction::LowerIsBetter => self.beyond.policy,
        };
        if unbounded > 0 { f64::NAN } else { self.difference.mean * self.direction.sign() }
    }

    /// Whether pairing raised the variance, which must be said where the interval is shown.
    pub fn pairing_raised_variance(&self) -> bool {
        self.variance_ratio < 1.0
    }

    /// The family's word on this comparison.
    pub fn verdict(&self, margin: Margin) -> Verdict {
        let (interval, margin, is_least) = self.on_scale(margin);
        match verdict(&interval, self.direction, margin) {
            Verdict::CannotTell if self.beyond.any() => Verdict::BeyondWindow,
            Verdict::PracticallySame if is_least => Verdict::CannotTell,
            word => word,
        }
    }

    /// The family's word on this comparison as a guardrail with a tolerated harm.
    pub fn guardrail(&self, margin: Margin) -> Guardrail {
        let (interval, margin, is_least) = self.on_scale(margin);
        match guardrail(&interval, self.direction, margin) {
            Guardrail::NotShownUnhurt if self.beyond.any() => Guardrail::BeyondWindow,
            Guardrail::Unhurt if is_least && self.lean() != Lean::Good => Guardrail::NotShownUnhurt,
            word => word,
        }
    }

    /// Whether the sign of the difference is shown, by the family's interval.
    pub fn lean(&self) -> Lean {
        lean(&self.simultaneous, self.direction)
    }

    /// The interval to be read, the margin on its scale, and whether the true share is at least as large.
    fn on_scale(&self, margin: Margin) -> (Estimate, f64, bool) {
        match (margin, self.at_least) {
            (Margin::Relative(share), Some(at_least)) => (at_least, share, true),
            (Margin::Relative(share), None) => (self.simultaneous_relative, share, false),
            (Margin::Absolute(amount), _) => (self.simultaneous, amount, false),
        }
    }
}

/// Compares every member of a declared family (objectives × policies), over the same replications.
///
/// Differences form one family and relative differences another, each simultaneous at `level`; read
/// verdicts from one of the two scales throughout, or the error of both is spent.
///
/// # Panics
/// When the slices differ in length or `level` lies outside (0, 1).
pub fn compare(family: &[Comparison], level: f64, resampling: Resampling) -> Vec<PairedDifference> {
    compare_with_controls(family, &[], level, resampling)
}

/// The same with the noise of `controls` taken out of every difference: numbers of each replication whose mean is known
/// to be 0, such as what its draws came to above their means. Shares of replications won are of the replications as
/// they were.
///
/// # Panics
/// As [`compare`], and when a control has another length than the replications.
pub fn compare_with_controls(
    family: &[Comparison],
    controls: &[Vec<f64>],
    level: f64,
    resampling: Resampling,
) -> Vec<PairedDifference> {
    let pairs: Vec<Pairs> = family.iter().map(Pairs::of).collect();
    let scales: Vec<[Adjusted; 2]> = pairs
        .iter()
        .map(|pairs| [pairs.differences(), pairs.relative_differences(level)])
        .map(|both| both.map(|values| adjust(&values, controls, level)))
        .collect();
    let joint = |at: usize| {
        let views: Vec<&[f64]> = scales.iter().map(|both| both[at].values.as_slice()).collect();
        simultaneous::intervals(&views, level, resampling).estimates
    };
    let found = joint(0).into_iter().zip(joint(1));
    let members = family.iter().zip(&pairs).zip(scales.iter().zip(found));
    members.map(|((c, pairs), (scales, found))| pairs.report(c.direction, level, scales, found)).collect()
}

/// The two sides with a missing one blanked on both, and the kept values alone.
struct Pairs {
    kept: Vec<bool>,
    policy: Vec<f64>,
    baseline: Vec<f64>,
    /// Which sides of the pairs kept lie beyond the window.
    beyond: Vec<(bool, bool)>,
}

impl Pairs {
    fn of(comparison: &Comparison) -> Self {
        let (policy, baseline) = (&comparison.policy.values, &comparison.baseline.values);
        assert_eq!(policy.len(), baseline.len(), "a life is paired with itself");
        let kept: Vec<bool> = policy.iter().zip(baseline).map(|(p, b)| !p.is_nan() && !b.is_nan()).collect();
        let keep =
            |side: &[f64]| side.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(v, _)| *v).collect();
        let sides = comparison.policy.beyond.iter().zip(&comparison.baseline.beyond).zip(&kept);
        let beyond = sides.filter(|(_, kept)| **kept).map(|((p, b), _)| (*p, *b)).collect();
        Self { policy: keep(policy), baseline: keep(baseline), beyond, kept }
    }

    /// Policy − baseline by replication, NaN where missing.
    fn differences(&self) -> Vec<f64> {
        self.spread(self.policy.iter().zip(&self.baseline).map(|(p, b)| p - b))
    }

    /// The relative difference linearised by replication, NaN where missing: the mean is exactly
    /// (P − B) / |B| of the two means, and the variance that of the delta method for a ratio of
    /// paired means (Cochran 1977, *Sampling Techniques*, 3rd ed., section 6.4).
    ///
    /// Where the baseline is not clear of zero, a ratio to it has no bounded interval (Fieller 1954, *JRSS B* 16,
    /// 175–185): then the difference over the largest size that the baseline may have.
    fn relative_differences(&self, level: f64) -> Vec<f64> {
        let baseline = moments::mean(&self.baseline);
        if !self.is_clear(level) {
            let largest = baseline.abs() + FAR * moments::Moments::of(&self.baseline).standard_error();
            let scale = if largest > 0.0 { largest } else { f64::NAN };
            return self.spread(self.policy.iter().zip(&self.baseline).map(|(p, b)| (p - b) / scale));
        }
        let (below, size) = (moments::mean(&self.policy) / baseline, baseline.abs());
        let shift = self.relative_mean();
        self.spread(self.policy.iter().zip(&self.baseline).map(|(p, b)| shift + (p - below * b) / size))
    }

    /// Whether the baseline's mean lies so far from zero that a ratio to it is known.
    fn is_clear(&self, level: f64) -> bool {
        let baseline = Estimate::of_mean(&self.baseline, level);
        let far = baseline.mean.abs() >= CLEAR * moments::Moments::of(&self.baseline).standard_error();
        !self.baseline.is_empty() && !baseline.contains(0.0) && far
    }

    fn relative_mean(&self) -> f64 {
        let (policy, baseline) = (moments::mean(&self.policy), moments::mean(&self.baseline));
        (policy - baseline) / baseline.abs()
    }

    /// Puts one value per kept pair back at the pair's replication.
    fn spread(&self, mut values: impl Iterator<Item = f64>) -> Vec<f64> {
        self.kept
            .iter()
            .map(|&kept| if kept { values.next().unwrap_or(f64::NAN) } else { f64::NAN })
            .collect()
    }

    fn report(
        &self,
        direction: Direction,
        level: f64,
        [differences, linearised]: &[Adjusted; 2],
        (absolute, relative): (Estimate, Estimate),
    ) -> PairedDifference {
        let n = self.policy.len();
        let completed = moments::present(&self.differences());
        let mut beyond = Beyond::default();
        self.beyond.iter().for_each(|(policy, baseline)| beyond.see(*policy, *baseline));
        let alone =
            |scale: &Adjusted| beyond.bound(Estimate::of_mean(&moments::present(&scale.values), level));
        let signs = completed.iter().zip(&self.beyond).filter_map(|(d, (p, b))| Beyond::sign(*d, *p, *b));
        let signs: Vec<f64> = signs.collect();
        let wins = signs.iter().filter(|sign| **sign * direction.sign() > 0.0).count();
        let independent = moments::variance(&self.policy) + moments::variance(&self.baseline);
        let is_clear = self.is_clear(level);
        let ratio = |e: Estimate| {
            let (low, high) = if is_clear { (e.low, e.high) } else { (f64::NEG_INFINITY, f64::INFINITY) };
            let (mean, n) = if is_clear { (e.mean, e.n) } else { (self.relative_mean(), 0) };
            beyond.bound(Estimate { mean, low, high, n, ..e })
        };
        PairedDifference {
            direction,
            baseline_mean: moments::mean(&self.baseline),
            policy_mean: moments::mean(&self.policy),
            difference: alone(differences),
            relative: ratio(alone(linearised)),
            simultaneous: beyond.bound(absolute),
            simultaneous_relative: ratio(relative),
            at_least: (!is_clear && relative.n > 0).then_some(beyond.bound(relative)),
            n,
            dropped: self.kept.len() - n,
            beyond,
            wins: Share::wilson(wins, signs.len(), level),
            ties: signs.iter().filter(|sign| **sign == 0.0).count(),
            correlation: moments::correlation(&self.policy, &self.baseline),
            // Of bounds it says nothing about the true differences.
            variance_ratio: if beyond.any() { f64::NAN } else { independent / moments::variance(&completed) },
            control_gain: differences.gain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{HigherIsBetter, LowerIsBetter};

    fn one(policy: &[f64], baseline: &[f64], direction: Direction) -> PairedDifference {
        let (policy, baseline) = (Seen::known(policy.to_vec()), Seen::known(baseline.to_vec()));
        of(&policy, &baseline, direction)
    }

    fn of(policy: &Seen, baseline: &Seen, direction: Direction) -> PairedDifference {
        compare(&[Comparison { policy, baseline, direction }], 0.95, Resampling::seeded(1))[0]
    }

    /// Eight replications of which `open` lie beyond a window of 100.
    fn watched(values: [f64; 8]) -> Seen {
        values.into_iter().map(|value| (value.min(100.0), value > 100.0)).collect()
    }

    /// True values 150 and 300, watched for 100: both sides are more than 100, and nothing is known of the difference,
    /// though what is left of both is equal in every replication.
    #[test]
    fn what_lies_beyond_the_window_on_both_sides_is_never_the_same() {
        let (policy, baseline) = (watched([150.0; 8]), watched([300.0; 8]));
        for direction in [LowerIsBetter, HigherIsBetter] {
            let found = of(&policy, &baseline, direction);
            assert_eq!(found.verdict(Margin::default()), Verdict::BeyondWindow);
            assert_eq!(found.verdict(Margin::Absolute(1.0)), Verdict::BeyondWindow);
            assert_eq!(found.guardrail(Margin::default()), Guardrail::BeyondWindow);
            assert_eq!((found.ties, found.wins.n, found.beyond), (0, 0, Beyond { policy: 8, baseline: 8 }));
            assert!(found.difference.mean.is_nan() && found.simultaneous.low == f64::NEG_INFINITY);
        }
    }

    /// Of one side alone a bound is known, and it may be enough: 20 to 27 against more than 100 is at least 73 less.
    #[test]
    fn one_side_beyond_the_window_bounds_the_difference() {
        let known = watched([20.0, 22.0, 21.0, 27.0, 25.0, 23.0, 24.0, 26.0]);
        let open = watched([150.0, 90.0, 300.0, 400.0, 95.0, 200.0, 180.0, 500.0]);
        let better = of(&known, &open, LowerIsBetter);
        assert_eq!(better.verdict(Margin::default()), Verdict::Better);
        assert_eq!((better.simultaneous.low, better.beyond.baseline), (f64::NEG_INFINITY, 6));
        assert!(better.simultaneous.high < -65.0 && better.wins.share == 1.0);
        let worse = of(&open, &known, LowerIsBetter);
        assert_eq!(worse.verdict(Margin::default()), Verdict::Worse);
        assert_eq!(worse.guardrail(Margin::default()), Guardrail::Hurt);
        assert_eq!(worse.simultaneous.high, f64::INFINITY);
        // 99 to 101 against more than 100 may be next to nothing, or any gain at all.
        let near = watched([99.0, 100.0, 98.0, 99.5, 99.0, 100.0, 98.5, 99.0]);
        assert_eq!(of(&near, &open, LowerIsBetter).verdict(Margin::default()), Verdict::BeyondWindow);
        // And that it does no harm that matters is a bound, too.
        assert_eq!(
            of(&near, &watched([150.0; 8]), LowerIsBetter).guardrail(Margin::default()),
            Guardrail::Unhurt
        );
    }

    #[test]
    fn pairing_is_used_and_not_two_samples() {
        // The sleep data of Student (1908): t = 4.0621 on 9 degrees, interval 0.700 to 2.460; two
        // independent samples would give −0.204 to 3.364.
        let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let sleep = one(&second, &first, HigherIsBetter);
        assert!((sleep.difference.mean - 1.58).abs() < 1e-12);
        assert!((sleep.difference.low - 0.700_114).abs() < 1e-5);
        assert!((sleep.difference.high - 2.459_886).abs() < 1e-5);
        assert!((sleep.correlation - 0.795_170).abs() < 1e-5);
        assert_eq!((sleep.wins.share, sleep.ties), (0.9, 1));
        assert!(!sleep.pairing_raised_variance());
        assert_eq!(sleep.relative.low, f64::NEG_INFINITY, "the baseline is not clear of zero");
    }

    #[test]
    fn missing_sides_drop_the_pair_and_are_counted() {
        let nan = f64::NAN;
        let result = one(&[1.0, nan, 3.0, 5.0, 9.0], &[2.0, 7.0, nan, 4.0, 7.0], LowerIsBetter);
        assert_eq!((result.n, result.dropped, result.difference.n), (3, 2, 3));
        assert!((result.difference.mean - 2.0 / 3.0).abs() < 1e-15);
        assert!((result.wins.share - 1.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn relative_difference_is_the_ratio_of_means_with_the_delta_interval() {
        let (policy, baseline) = ([9.0, 12.0, 10.0, 13.0], [10.0, 14.0, 13.0, 15.0]);
        let result = one(&policy, &baseline, LowerIsBetter);
        let ratio = 11.0 / 13.0;
        assert!((result.relative.mean - (ratio - 1.0)).abs() < 1e-15);
        let spread = moments::variance(&policy) + ratio * ratio * moments::variance(&baseline)
            - 2.0 * ratio * moments::covariance(&policy, &baseline);
        let half = 3.182_446 * (spread / 4.0).sqrt() / 13.0;
        assert!((result.relative.half_width() - half).abs() < 1e-6);
        let mirrored = one(&policy.map(|v| -v), &baseline.map(|v| -v), HigherIsBetter);
        assert!(mirrored.relative.mean > 0.0, "less of a loss is a gain, in relative terms too");
    }

    /// Ten more than a baseline of about nothing is more by what matters, whatever that is a share of; and about
    /// nothing more is never shown to be the same.
    #[test]
    fn a_baseline_near_zero_leaves_the_word_and_takes_the_percentage() {
        let baseline = [1.0, -1.0, 2.0, -1.5, 0.4, -0.2];
        let more = one(&baseline.map(|v| v + 10.0 + v * 0.01), &baseline, HigherIsBetter);
        assert_eq!(more.verdict(Margin::default()), Verdict::Better);
        assert_eq!(more.relative.high, f64::INFINITY);
        let less = one(&baseline.map(|v| v - 10.0 - v * 0.01), &baseline, HigherIsBetter);
        assert_eq!(
            (less.verdict(Margin::default()), less.guardrail(Margin::default())),
            (Verdict::Worse, Guardrail::Hurt)
        );
        let same = one(&baseline.map(|v| v * 1.0001), &baseline, HigherIsBetter);
        assert_eq!(same.verdict(Margin::default()), Verdict::CannotTell);
        assert_eq!(same.guardrail(Margin::default()), Guardrail::NotShownUnhurt);
    }

    #[test]
    fn pairing_that_hurts_is_reported() {
        let result = one(&[1.0, 2.0, 3.0, 4.0], &[9.0, 8.0, 7.5, 6.0], HigherIsBetter);
        assert!(result.pairing_raised_variance() && result.correlation < -0.9);
    }

    #[test]
    fn a_policy_that_changes_nothing_is_practically_the_same() {
        let runs = [3.0, 4.0, 8.0, 1.0, 2.0, 3.0];
        let result = one(&runs, &runs, LowerIsBetter);
        assert_eq!(result.verdict(Margin::default()), Verdict::PracticallySame);
        assert_eq!(result.verdict(Margin::Absolute(0.0)), Verdict::PracticallySame);
        assert_eq!((result.ties, result.variance_ratio), (6, f64::INFINITY));
        let none = one(&[f64::NAN], &[1.0], LowerIsBetter);
        assert_eq!(none.verdict(Margin::default()), Verdict::CannotTell);
        assert_eq!(none.guardrail(Margin::default()), Guardrail::NotShownUnhurt);
    }
}
