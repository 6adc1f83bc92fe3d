//! A ratio of two mean differences of the same replications, with Fieller's interval.
//!
//! Fieller (1954), *Journal of the Royal Statistical Society B* 16, 175–185: the interval holds every ratio R for which the
//! mean of y − R·x is not told from 0 by Student's test at the level. It is bounded where the mean of x is told from 0.

use super::interval::Estimate;
use super::moments::mean;
use super::student;

/// Nearer to zero than this many standard errors a mean is no denominator.
const CLEAR: f64 = 3.0;

/// The mean of `y` over the mean of `x`, pair by pair; pairs of which a side is not a number are left out. Nothing where
/// there are fewer than two pairs, or the mean of `x` is not clear of zero.
///
/// # Panics
/// When the sides differ in length, or `level` lies outside (0, 1).
pub fn ratio(y: &[f64], x: &[f64], level: f64) -> Option<Estimate> {
    assert_eq!(y.len(), x.len(), "each replication has both");
    let pairs: Vec<(f64, f64)> =
        y.iter().zip(x).map(|(y, x)| (*y, *x)).filter(|(y, x)| y.is_finite() && x.is_finite()).collect();
    let n = pairs.len();
    if n < 2 {
        return None;
    }
    let of = |pick: fn(&(f64, f64)) -> f64| mean(&pairs.iter().map(pick).collect::<Vec<_>>());
    let (above, below) = (of(|pair| pair.0), of(|pair| pair.1));
    let sum = |each: fn(f64, f64) -> f64| pairs.iter().map(|(y, x)| each(y - above, x - below)).sum::<f64>();
    // Variances and covariance of the two means.
    let over = (n as f64) * (n as f64 - 1.0);
    let (yy, yx, xx) = (sum(|y, _| y * y) / over, sum(|y, x| y * x) / over, sum(|_, x| x * x) / over);
    let t = student::two_sided(level, n as f64 - 1.0);
    let (a, b, c) = (below * below - t * t * xx, above * below - t * t * yx, above * above - t * t * yy);
    let is_clear = below != 0.0 && below.abs() >= CLEAR * xx.sqrt() && a > 0.0;
    is_clear.then(|| {
        let root = (b * b - a * c).max(0.0).sqrt();
        Estimate { mean: above / below, low: (b - root) / a, high: (b + root) / a, level, n, beyond: 0 }
    })
}

#[cfg(test)]
mod tests {
    use super::super::interval;
    use super::*;

    const Y: [f64; 8] = [3.0, 9.5, 4.0, 7.0, 1.5, 8.0, 6.0, 5.5];
    const X: [f64; 8] = [2.0, 4.0, 2.5, 3.0, 1.0, 3.5, 3.0, 2.5];

    /// The definition: Student's test of y − R·x accepts R just where it lies inside.
    #[test]
    fn the_interval_holds_the_ratios_that_the_test_accepts() {
        let found = ratio(&Y, &X, 0.95).expect("x is clear of zero");
        for step in 0..400 {
            let r = 1.0 + 0.005 * f64::from(step);
            let rest: Vec<f64> = Y.iter().zip(&X).map(|(y, x)| y - r * x).collect();
            let of_rest = interval::Estimate::of_mean(&rest, 0.95);
            let accepts = of_rest.low <= 0.0 && of_rest.high >= 0.0;
            assert_eq!(accepts, found.low <= r && r <= found.high, "{r} and {found:?}");
        }
        assert!(1.0 < found.low && found.high < 3.0, "{found:?}");
    }

    #[test]
    fn over_a_constant_it_is_students_interval() {
        let found = ratio(&Y, &[2.0; 8], 0.9).expect("a constant is clear of zero");
        let student = interval::Estimate::of_mean(&Y, 0.9);
        for (ours, theirs) in
            [(found.low, student.low), (found.high, student.high), (found.mean, student.mean)]
        {
            assert!((ours - 0.5 * theirs).abs() < 1e-12);
        }
    }

    #[test]
    fn what_is_not_clear_of_zero_is_no_denominator() {
        let about_zero = [1.0, -1.0, 0.5, -0.4, 0.2, -0.3, 0.1, 0.1];
        assert_eq!(ratio(&Y, &about_zero, 0.95), None);
        assert_eq!(ratio(&Y, &[0.0; 8], 0.95), None);
        assert_eq!(ratio(&[1.0, f64::NAN], &[1.0, 1.0], 0.95), None);
    }
}
