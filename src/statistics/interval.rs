//! Intervals for a mean, a quantile and a share, each with its level and its count.

use super::beta;
use super::moments::Moments;
use super::normal;
use super::student;

/// A mean and the interval around it, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The sample mean; NaN of no values.
    pub mean: f64,
    /// The interval's lower end, −∞ when nothing bounds it.
    pub low: f64,
    /// The interval's upper end, ∞ when nothing bounds it.
    pub high: f64,
    /// The confidence level in (0, 1); of the whole family where the interval is simultaneous.
    pub level: f64,
    /// How many values.
    pub n: usize,
    /// How many of them lie beyond the window they were seen in, so that only the least they can be is known: then
    /// the mean is the least it can be, and nothing bounds it from above. Of a difference, from whichever side.
    pub beyond: usize,
}

impl Estimate {
    /// Student's interval for the mean of finite, independent `values` (Student 1908, *Biometrika* 6, 1–25).
    ///
    /// Fewer than two values bound nothing. Values that are all equal give an interval that is a
    /// point: no difference was *seen*, which after n replications still allows one in up to about 3/n of
    /// them.
    ///
    /// # Panics
    /// When `level` lies outside (0, 1).
    pub fn of_mean(values: &[f64], level: f64) -> Self {
        let moments = Moments::of(values);
        let freedom = moments.n.saturating_sub(1).max(1) as f64;
        Self::around(&moments, student::two_sided(level, freedom), level)
    }

    /// The interval of `critical` standard errors around a mean.
    pub fn around(moments: &Moments, critical: f64, level: f64) -> Self {
        if moments.n < 2 {
            return Self { n: moments.n, ..Self::unbounded(moments.mean, level) };
        }
        let half = critical * moments.standard_error();
        let (low, high) = (moments.mean - half, moments.mean + half);
        Self { mean: moments.mean, low, high, level, n: moments.n, beyond: 0 }
    }

    /// An estimate about which nothing is known but its point (NaN allowed).
    pub fn unbounded(mean: f64, level: f64) -> Self {
        Self { mean, low: f64::NEG_INFINITY, high: f64::INFINITY, level, n: 0, beyond: 0 }
    }

    /// The same where `beyond` of the values are only the least they can be: nothing bounds the mean from above.
    #[must_use]
    pub fn at_least(self, beyond: usize) -> Self {
        if beyond == 0 { self } else { Self { high: f64::INFINITY, beyond, ..self } }
    }

    /// Half the interval's width, ≥ 0, in the unit of the values.
    pub fn half_width(&self) -> f64 {
        0.5 * (self.high - self.low)
    }

    /// Whether the interval, ends included, holds `value`.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// The `p` percentile of ascending items: the least of them that a share `p` of all does not exceed (definition 1 of
/// Hyndman & Fan 1996, the inverse of the empirical distribution), so that "85 % took at most that" is true as it
/// stands. NaN of no values.
///
/// **This is the program's definition of a percentile of items**: lead times, waits, recoveries; what
/// [`super::survival::Survival::quantile`] gives where nothing is censored. Percentiles of *replications* are
/// [`quantile`], which interpolates.
///
/// # Panics
/// When `p` lies outside [0, 1].
pub fn percentile(sorted: &[f64], p: f64) -> f64 {
    assert!((0.0..=1.0).contains(&p), "a probability lies in [0, 1]");
    debug_assert!(sorted.is_sorted(), "percentiles are read from ascending values");
    sorted.get(place(p, sorted.len())).copied().unwrap_or(f64::NAN)
}

/// Where the `p` percentile of `n` ascending items stands, from 0; of a share that is round but for its last bits, the
/// round one.
pub fn place(p: f64, n: usize) -> usize {
    ((p * n as f64 - 1e-9).ceil() as usize).clamp(1, n.max(1)) - 1
}

/// The `p` quantile of ascending finite values, by definition 7 of Hyndman & Fan (1996), *The
/// American Statistician* 50, 361–365: linear between order statistics, the i-th of n (from 0) at
/// i / (n − 1). NaN of no values.
///
/// # Panics
/// When `p` lies outside [0, 1].
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    assert!((0.0..=1.0).contains(&p), "a probability lies in [0, 1]");
    debug_assert!(sorted.is_sorted(), "quantiles are read from ascending values");
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = p * last as f64;
    let below = place.floor() as usize;
    let (here, next) = (sorted[below], sorted[(below + 1).min(last)]);
    let share = place - below as f64;
    // Values may be infinite, where a step of zero or ∞ − ∞ must not turn into NaN.
    if share == 0.0 || here == next { here } else { here + share * (next - here) }
}

/// A quantile with a distribution-free interval between two order statistics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuantileInterval {
    /// The sample quantile, by [`quantile`].
    pub quantile: f64,
    /// An order statistic, or −∞ when n is too small for any to serve.
    pub low: f64,
    /// An order statistic, or ∞ when n is too small for any to serve.
    pub high: f64,
    /// The level asked for, in (0, 1).
    pub level: f64,
    /// The level reached for a continuous distribution; at least `level`.
    pub reached: f64,
    /// How many values.
    pub n: usize,
}

impl QuantileInterval {
    /// The interval for the `p` quantile of independent values of any distribution, given ascending.
    ///
    /// Each tail errs with probability at most (1 − level) / 2, binomially: David & Nagaraja (2003),
    /// *Order Statistics*, 3rd ed., section 7.1. Ties only make it more cautious.
    ///
    /// # Panics
    /// When `p` or `level` lies outside (0, 1).
    pub fn of(sorted: &[f64], p: f64, level: f64) -> Self {
        assert!(p > 0.0 && p < 1.0, "the ends of a distribution have no such interval");
        let n = sorted.len();
        let tail = half_tail(level);
        let cdf = |k: usize| beta::binomial_cdf(k, n, p);
        // Values at or below the quantile number Binomial(n, p); `below` and `upto` bracket it.
        let below = first_not(n, |k| cdf(k) <= tail);
        let upto = first_not(n, |k| cdf(k) < 1.0 - tail);
        let low = if below == 0 { f64::NEG_INFINITY } else { sorted[below - 1] };
        let high = if upto >= n { f64::INFINITY } else { sorted[upto] };
        let missed_below = if below == 0 { 0.0 } else { cdf(below - 1) };
        let reached = if upto >= n { 1.0 } else { cdf(upto) } - missed_below;
        Self { quantile: quantile(sorted, p), low, high, level, reached, n }
    }
}

/// A share of trials with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Successes over trials, in [0, 1]; NaN of no trials.
    pub share: f64,
    /// The interval's lower end, in [0, 1].
    pub low: f64,
    /// The interval's upper end, in [0, 1].
    pub high: f64,
    /// The level in (0, 1).
    pub level: f64,
    /// How many trials.
    pub n: usize,
}

impl Share {
    /// Wilson's score interval (1927, *JASA* 22, 209–212): covers `level` on average over shares.
    ///
    /// # Panics
    /// When successes exceed trials or `level` lies outside (0, 1).
    pub fn wilson(successes: usize, n: usize, level: f64) -> Self {
        assert!(successes <= n, "no more successes than trials");
        let z = -normal::quantile(half_tail(level));
        if n == 0 {
            return Self { share: f64::NAN, low: 0.0, high: 1.0, level, n };
        }
        let trials = n as f64;
        let share = successes as f64 / trials;
        let shrink = 1.0 + z * z / trials;
        let centre = (share + z * z / (2.0 * trials)) / shrink;
        let spread = share * (1.0 - share) / trials + z * z / (4.0 * trials * trials);
        let half = z * spread.sqrt() / shrink;
        // At the ends the formula touches 0 or 1 exactly, but for rounding.
        let low = if successes == 0 { 0.0 } else { (centre - half).max(0.0) };
        let high = if successes == n { 1.0 } else { (centre + half).min(1.0) };
        Self { share, low, high, level, n }
    }
}

/// The first number below `n` for which a condition that turns false once is false; else `n`.
fn first_not(n: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn half_tail(level: f64) -> f64 {
    assert!(level > 0.0 && level < 1.0, "a confidence level lies in (0, 1)");
    0.5 * (1.0 - level)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 5e-5
    }

    #[test]
    fn five_values_need_t_and_not_z() {
        // s = √2.5, so the half width is 2.776445 · √(2.5 / 5); with z it would be 1.386.
        let estimate = Estimate::of_mean(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.95);
        assert!(near(estimate.half_width(), 1.963_243) && estimate.mean == 3.0);
    }

    #[test]
    fn one_value_bounds_nothing_and_equal_values_give_a_point() {
        let one = Estimate::of_mean(&[4.0], 0.95);
        assert_eq!((one.mean, one.low, one.high), (4.0, f64::NEG_INFINITY, f64::INFINITY));
        let same = Estimate::of_mean(&[0.1; 9], 0.95);
        assert_eq!((same.low, same.high), (0.1, 0.1));
        assert!(Estimate::of_mean(&[], 0.95).mean.is_nan());
    }

    /// Of 1 … 10, 85 % are at most 9: nine of ten are, and eight are too few. The type of each share by hand.
    #[test]
    fn a_percentile_of_items_is_one_of_them_that_so_many_do_not_exceed() {
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        for (p, value) in
            [(0.0, 1.0), (0.05, 1.0), (0.1, 1.0), (0.5, 5.0), (0.85, 9.0), (0.9, 9.0), (0.95, 10.0)]
        {
            assert_eq!(percentile(&ten, p), value, "{p}");
        }
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        for percent in 1..=100 {
            assert_eq!(percentile(&hundred, f64::from(percent) / 100.0), f64::from(percent));
        }
        assert!(percentile(&[], 0.5).is_nan());
    }

    #[test]
    fn type_seven_quantiles() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(quantile(&sorted, 0.0), 1.0);
        assert_eq!(quantile(&sorted, 0.5), 3.0);
        assert!(near(quantile(&sorted, 0.9), 6.8));
        assert_eq!(quantile(&sorted, 1.0), 8.0);
        assert_eq!(quantile(&[f64::INFINITY; 2], 0.5), f64::INFINITY);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn median_of_ten_lies_between_the_second_and_the_ninth() {
        // The textbook case: 1 − 2 · 11 / 1024 = 0.9785.
        let sorted: Vec<f64> = (1..=10).map(f64::from).collect();
        let median = QuantileInterval::of(&sorted, 0.5, 0.95);
        assert_eq!((median.low, median.high), (2.0, 9.0));
        assert!(near(median.reached, 0.978_516));
        let tail = QuantileInterval::of(&sorted, 0.95, 0.95);
        assert_eq!(tail.high, f64::INFINITY, "ten lives cannot bound a 95th percentile");
    }

    #[test]
    fn shares_match_published_examples() {
        // Newcombe (1998), Statistics in Medicine 17, 857–872: 81 of 263 and 0 of 20.
        let wilson = Share::wilson(81, 263, 0.95);
        assert!(near(wilson.low, 0.2553) && near(wilson.high, 0.3662));
        assert!(near(Share::wilson(0, 20, 0.95).high, 0.1611));
        assert_eq!(Share::wilson(0, 0, 0.95).high, 1.0);
    }
}
