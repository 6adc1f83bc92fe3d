//! The regularised incomplete beta function, from which the binomial and Student's t follow.

/// Enough for parameters up to about 1e7: the fraction needs some √max(a, b) terms.
const MOST_TERMS: usize = 20_000;

/// I_x(a, b): the probability that a Beta(a, b) variable is at most `x`; `a`, `b` > 0, `x` in [0, 1], for a caller that
/// knows `y` = 1 − `x` more exactly than a subtraction would.
///
/// Source: Abramowitz & Stegun (1964) 26.5.8, the continued fraction, evaluated by the modified Lentz
/// method (Thompson & Barnett 1986, *J. Comput. Phys.* 64, 490–509).
///
/// # Panics
/// When a parameter is not positive or `x` lies outside [0, 1].
pub fn regularised_split(a: f64, b: f64, x: f64, y: f64) -> f64 {
    assert!(a > 0.0 && b > 0.0, "the beta distribution's parameters are positive");
    assert!((0.0..=1.0).contains(&x), "a beta variable lies in [0, 1]");
    if x == 0.0 || y <= 0.0 {
        return x.round();
    }
    let scale = libm::exp(a * libm::log(x) + b * libm::log(y) - log_beta(a, b));
    if x < (a + 1.0) / (a + b + 2.0) {
        scale * fraction(a, b, x) / a
    } else {
        1.0 - scale * fraction(b, a, y) / b
    }
}

/// The probability of at most `successes` in `trials` independent trials that succeed with `p`.
pub fn binomial_cdf(successes: usize, trials: usize, p: f64) -> f64 {
    if successes >= trials {
        return 1.0;
    }
    regularised_split((trials - successes) as f64, successes as f64 + 1.0, 1.0 - p, p)
}

fn log_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

fn fraction(a: f64, b: f64, x: f64) -> f64 {
    let away_from_zero = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut product = d;
    for m in 1..MOST_TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        product *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        product *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Beta, Binomial, ContinuousCDF, DiscreteCDF};

    fn regularised(a: f64, b: f64, x: f64) -> f64 {
        regularised_split(a, b, x, 1.0 - x)
    }

    #[test]
    fn closed_forms() {
        for x in [0.0, 0.1, 0.37, 0.5, 0.93, 1.0] {
            assert!((regularised(1.0, 1.0, x) - x).abs() < 1e-14);
            assert!((regularised(2.0, 1.0, x) - x * x).abs() < 1e-14);
            assert!((regularised(1.0, 3.0, x) - (1.0 - (1.0 - x).powi(3))).abs() < 1e-14);
        }
    }

    #[test]
    fn agrees_with_an_independent_implementation() {
        for (a, b) in [(0.5, 0.5), (2.0, 7.0), (14.5, 0.5), (300.0, 700.0)] {
            let other = Beta::new(a, b).unwrap();
            for i in 1..40 {
                let x = f64::from(i) / 40.0;
                assert!((regularised(a, b, x) - other.cdf(x)).abs() < 1e-11, "{a} {b} {x}");
            }
        }
        let other = Binomial::new(0.3, 50).unwrap();
        for k in 0..=50 {
            assert!((binomial_cdf(k, 50, 0.3) - other.cdf(k as u64)).abs() < 1e-12);
        }
    }
}
