//! Percentiles and means of what happened in one replication, such as the lead times of its changes.

use statistics::interval;

/// The least value that a share `p` of the values does not exceed, whatever their order: see [`interval::percentile`].
/// Not a number where there are none.
pub fn percentile(values: &mut [f64], p: f64) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let place = interval::place(p, values.len());
    *values.select_nth_unstable_by(place, f64::total_cmp).1
}

/// The share of values that lie at or below a limit, of ascending ones; not a number where there are none.
pub fn share_within(sorted: &[f64], limit: f64) -> f64 {
    sorted.partition_point(|value| *value <= limit) as f64 / sorted.len() as f64
}

/// The mean; not a number where there are no values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::{interval, percentile, share_within};

    #[test]
    fn is_the_one_definition_whatever_the_order() {
        let mut values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(percentile(&mut values, 0.5), 2.0);
        assert_eq!(percentile(&mut values, 1.0), 4.0);
        assert_eq!(percentile(&mut values, 0.0), 1.0);
        assert!(percentile(&mut [], 0.5).is_nan());
        let sorted: Vec<f64> = (1..=37).map(f64::from).collect();
        for p in [0.0, 0.05, 0.5, 0.7, 0.85, 0.95, 1.0] {
            let mut turned: Vec<f64> = sorted.iter().rev().copied().collect();
            assert_eq!(percentile(&mut turned, p), interval::percentile(&sorted, p));
        }
        assert_eq!(share_within(&[0.0, 0.0, 2.0, 4.0], 0.0), 0.5);
    }
}
