//! Intervals of means of skewed values, by resampling Student's t.

use super::interval::Estimate;
use super::moments::Moments;
use super::resample::{Resampling, SplitMix};
use super::student;

/// The symmetric bootstrap-t critical value of finite `values` over Student's, at `level`; at least 1,
/// so that Student's interval is never undercut, and ∞ where the values cannot say.
///
/// Values are drawn with replacement and |t| is taken about the sample's mean: Hall (1988), "On
/// symmetric bootstrap confidence intervals", *JRSS B* 50, 35–45, whose coverage error is of order n⁻²
/// where Student's is n⁻¹. A resample without variance counts as infinite: a difference seen in only
/// one or two of many replications has no bounded interval at 95 %, because more than a twentieth of resamples
/// miss it altogether, and so may the replications themselves have missed others.
///
/// # Panics
/// When `level` lies outside (0, 1).
pub fn widening(values: &[f64], level: f64, resampling: Resampling) -> f64 {
    let moments = Moments::of(values);
    if moments.n < 2 || moments.variance == 0.0 {
        return 1.0;
    }
    let residuals: Vec<f64> = values.iter().map(|v| v - moments.mean).collect();
    let mut generator = resampling.generator();
    let sizes = (0..resampling.draws.max(1)).map(|_| size_of(t_of(&residuals, &mut generator))).collect();
    let ratio = upper(sizes, level) / student::two_sided(level, (moments.n - 1) as f64);
    ratio.max(1.0)
}

/// The interval for the mean of finite, independent `values`: Student's, unless they are so skewed that it misleads.
///
/// The rule is Cochran's (1977, *Sampling Techniques*, 3rd ed., section 2.15): n ≥ 25 G₁² values, with G₁ Fisher's
/// skewness, keep the error of a 95 % interval below 6 %. With fewer, t is resampled and each end takes its own
/// quantile: the bootstrap-t of Efron (1979) and Hall (1988), *Annals of Statistics* 16, 927–953, whose ends are right
/// to order 1/n. Where resampling bounds nothing, because all that varies happened in too few replications, Student's
/// is kept.
///
/// # Panics
/// When `level` lies outside (0, 1).
pub fn of_mean(values: &[f64], level: f64, resampling: Resampling) -> Estimate {
    let moments = Moments::of(values);
    let plain = Estimate::of_mean(values, level);
    if moments.n < FEWEST || !is_skewed(values, &moments) {
        return plain;
    }
    let residuals: Vec<f64> = values.iter().map(|v| v - moments.mean).collect();
    let mut generator = resampling.generator();
    let ts: Vec<f64> = (0..resampling.draws.max(1)).map(|_| t_of(&residuals, &mut generator)).collect();
    let tail = 0.5 * (1.0 - level);
    // A resample without variance counts against both ends.
    let high = upper(ts.iter().map(|t| if t.is_nan() { f64::INFINITY } else { *t }).collect(), 1.0 - tail);
    let low = upper(ts.iter().map(|t| if t.is_nan() { f64::INFINITY } else { -t }).collect(), 1.0 - tail);
    if !(high.is_finite() && low.is_finite()) {
        return plain;
    }
    let error = moments.standard_error();
    Estimate { low: moments.mean - high * error, high: moments.mean + low * error, ..plain }
}

/// Fewer values than this say too little of their own skewness.
const FEWEST: usize = 10;

/// Whether n < 25 G₁².
fn is_skewed(values: &[f64], moments: &Moments) -> bool {
    let n = moments.n as f64;
    let cubes = values.iter().map(|v| (v - moments.mean).powi(3)).sum::<f64>() / n;
    // G₁ has the variance's divisor n; no variance, no skewness.
    let spread = moments.variance * (n - 1.0) / n;
    25.0 * cubes * cubes > n * spread.powi(3)
}

/// The ⌈(B + 1) level⌉-th smallest of B: Davison & Hinkley (1997), *Bootstrap Methods*, section 4.4.
pub(super) fn upper(mut values: Vec<f64>, level: f64) -> f64 {
    let place = ((values.len() + 1) as f64 * level).ceil() as usize;
    let place = place.clamp(1, values.len()) - 1;
    *values.select_nth_unstable_by(place, f64::total_cmp).1
}

fn size_of(t: f64) -> f64 {
    if t.is_nan() { f64::INFINITY } else { t.abs() }
}

/// t of one resample of residuals, whose true mean is zero; not a number where the resample does not vary.
fn t_of(residuals: &[f64], generator: &mut SplitMix) -> f64 {
    let n = residuals.len() as f64;
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..residuals.len() {
        let value = residuals[generator.index(residuals.len())];
        sum += value;
        squares += value * value;
    }
    let spread = squares - sum * sum / n;
    // Below this only rounding is left of equal values.
    if spread <= 1e-12 * squares {
        return f64::NAN;
    }
    sum / (spread * n / (n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(n: usize, bend: fn(f64) -> f64) -> Vec<f64> {
        let mut generator = SplitMix::new(21);
        (0..n).map(|_| bend(generator.normal())).collect()
    }

    #[test]
    fn normal_values_need_hardly_any_and_skewed_ones_more() {
        let resampling = Resampling { draws: 20_000, seed: 4 };
        let plain = widening(&sample(60, |z| z), 0.95, resampling);
        assert!((1.0..1.06).contains(&plain), "{plain}");
        let skewed = widening(&sample(60, |z| libm::exp(1.5 * z)), 0.95, resampling);
        assert!(skewed > 1.15 && skewed < 4.0, "{skewed}");
    }

    #[test]
    fn a_difference_seen_once_is_not_bounded_and_none_at_all_is_left_alone() {
        let resampling = Resampling::seeded(4);
        let mut rare = vec![0.0; 100];
        assert_eq!(widening(&rare, 0.95, resampling), 1.0);
        rare[17] = 3.0;
        assert_eq!(widening(&rare, 0.95, resampling), f64::INFINITY);
        (0..20).for_each(|i| rare[i] = 3.0);
        assert!(widening(&rare, 0.95, resampling) < 1.3);
    }

    #[test]
    fn only_skewed_values_are_resampled_and_their_interval_leans_to_the_long_side() {
        let resampling = Resampling::seeded(4);
        let plain = sample(60, |z| z);
        assert_eq!(of_mean(&plain, 0.95, resampling), Estimate::of_mean(&plain, 0.95));
        let skewed = sample(60, |z| libm::exp(1.2 * z));
        let (found, student) = (of_mean(&skewed, 0.95, resampling), Estimate::of_mean(&skewed, 0.95));
        assert!(found.low > student.low && found.high > student.high, "{found:?} {student:?}");
        let mut rare = vec![0.0; 60];
        rare[17] = 3.0;
        assert_eq!(of_mean(&rare, 0.95, resampling), Estimate::of_mean(&rare, 0.95));
    }
}
