//! How many replications a given precision needs.

use super::moments::Moments;
use super::student;

/// The half width of Student's interval from `n` values with standard deviation `deviation` ≥ 0; ∞
/// for fewer than two.
///
/// # Panics
/// When `level` lies outside (0, 1).
pub fn half_width(deviation: f64, n: usize, level: f64) -> f64 {
    if n < 2 {
        return f64::INFINITY;
    }
    student::two_sided(level, (n - 1) as f64) * deviation / (n as f64).sqrt()
}

/// The fewest replications whose expected half width is at most `wanted`: the smallest n with
/// t(n − 1) · s / √n ≤ h (Law 2015, *Simulation Modeling and Analysis*, 5th ed., section 9.4.1).
///
/// None when no number would do or can be told: `wanted` not positive, a NaN, or more than 2⁵³.
///
/// # Panics
/// When `level` lies outside (0, 1).
pub fn replications_for_deviation(deviation: f64, wanted: f64, level: f64) -> Option<usize> {
    let known = deviation >= 0.0 && wanted > 0.0;
    // Large n behaves like the normal, whose answer is a lower bound: start there and step up.
    let z = student::two_sided(level, 1e9);
    let ratio = z * deviation / wanted;
    if !known || ratio.is_nan() || ratio * ratio > 9e15 {
        return None;
    }
    let mut n = ((ratio * ratio * (1.0 - 1e-6)).floor() as usize).max(2);
    while half_width(deviation, n, level) > wanted {
        n += 1;
    }
    Some(n)
}

/// The same from a pilot of finite `values`, whose deviation stands for the true one; None from fewer
/// than two.
pub fn replications_for(values: &[f64], wanted: f64, level: f64) -> Option<usize> {
    replications_for_deviation(Moments::of(values).deviation(), wanted, level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        // (1.96 · 10)² = 384.1; Student's correction adds a little.
        assert_eq!(replications_for_deviation(10.0, 1.0, 0.95), Some(387));
        assert_eq!(replications_for_deviation(0.0, 1.0, 0.95), Some(2));
        assert_eq!(replications_for_deviation(1.0, 0.0, 0.95), None);
        assert_eq!(replications_for(&[1.0], 1.0, 0.95), None);
    }

    #[test]
    fn the_answer_suffices_and_one_fewer_does_not() {
        for wanted in [0.05, 0.3, 0.8, 2.0] {
            let n = replications_for_deviation(1.7, wanted, 0.9).unwrap();
            assert!(half_width(1.7, n, 0.9) <= wanted);
            assert!(n == 2 || half_width(1.7, n - 1, 0.9) > wanted, "{n} for {wanted}");
        }
    }
}
