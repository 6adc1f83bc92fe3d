//! Student's t distribution, for intervals of means from few replications.

use std::f64::consts::PI;

use super::beta;
use super::normal;

/// Newton's method needs about six steps, and some fifty for one degree of freedom far in the tail.
const MOST_STEPS: usize = 200;

/// The t quantile at probability `p` in (0, 1).
///
/// # Panics
/// When `p` lies outside (0, 1) or `freedom` is not positive.
pub fn quantile(p: f64, freedom: f64) -> f64 {
    assert!(p > 0.0 && p < 1.0, "a t quantile is finite only inside (0, 1)");
    if p < 0.5 { -upper_quantile(p, freedom) } else { upper_quantile(1.0 - p, freedom) }
}

/// The value exceeded with probability `tail` in (0, 0.5]; exact where 1 − `tail` would round.
///
/// By Newton's method from the normal quantile: it lies below every t quantile, and beyond zero the
/// tail is convex, so the steps approach the answer from one side and cannot overshoot.
pub fn upper_quantile(tail: f64, freedom: f64) -> f64 {
    assert!(tail > 0.0 && tail <= 0.5, "an upper tail holds at most half the probability");
    assert!(freedom > 0.0, "degrees of freedom are positive");
    let half = 0.5 * freedom;
    let log_scale = libm::lgamma(half + 0.5) - libm::lgamma(half) - 0.5 * libm::log(freedom * PI);
    let mut t = -normal::quantile(tail);
    for _ in 0..MOST_STEPS {
        let density = libm::exp(log_scale - (half + 0.5) * libm::log1p(t * t / freedom));
        let step = (upper_tail(t, freedom) - tail) / density;
        t += step;
        if step <= 1e-14 * t {
            break;
        }
    }
    t
}

/// The factor by which a standard error is multiplied for a two-sided interval at `level` in (0, 1).
pub fn two_sided(level: f64, freedom: f64) -> f64 {
    assert!(level > 0.0 && level < 1.0, "a confidence level lies in (0, 1)");
    upper_quantile(0.5 * (1.0 - level), freedom)
}

/// P(T > t) for `t` ≥ 0, through the identity of Abramowitz & Stegun (1964) 26.7.1.
fn upper_tail(t: f64, freedom: f64) -> f64 {
    let whole = freedom + t * t;
    0.5 * beta::regularised_split(0.5 * freedom, 0.5, freedom / whole, t * t / whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    #[test]
    fn agrees_with_the_tables() {
        // One degree of freedom is Cauchy, two have a closed form, the rest are printed tables.
        let known = [
            (0.975, 1.0, 12.706_204_736_432_095),
            (0.975, 2.0, 4.302_652_729_911_275),
            (0.975, 4.0, 2.776_445_105_197_999),
            (0.975, 29.0, 2.045_229_642_132_703),
            (0.995, 10.0, 3.169_272_672_616_951),
            (0.5, 7.0, 0.0),
        ];
        for (p, freedom, t) in known {
            assert!((quantile(p, freedom) - t).abs() < 1e-9, "{p} {freedom}");
            if p > 0.5 {
                assert!((quantile(1.0 - p, freedom) + t).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn agrees_with_an_independent_implementation() {
        for freedom in [3.0, 17.5, 199.0, 5_000.0] {
            let other = StudentsT::new(0.0, 1.0, freedom).unwrap();
            for i in -30..=30 {
                let t = f64::from(i) * 0.2;
                let tail = upper_tail(t.abs(), freedom);
                let reached = if t < 0.0 { tail } else { 1.0 - tail };
                assert!((reached - other.cdf(t)).abs() < 1e-10, "{freedom} {t}");
            }
        }
    }

    #[test]
    fn tends_to_the_normal() {
        let z = crate::normal::quantile(0.975);
        assert!((two_sided(0.95, 1e7) - z).abs() < 1e-5);
        assert!(two_sided(0.95, 4.0) > z + 0.8, "few replications must cost width");
    }
}
