//! Mean, variance and covariance, without the cancellation a sum of squares suffers.

/// Count, mean and sample variance of finite values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// How many values.
    pub n: usize,
    /// Their mean; NaN of none.
    pub mean: f64,
    /// Their variance with divisor n − 1; NaN of fewer than two, exactly 0 when all are equal.
    pub variance: f64,
}

impl Moments {
    /// The moments of finite `values` (no NaN: see [`present`]).
    ///
    /// Deviations are taken from the mean and their own sum corrected for: the two-pass algorithm of
    /// Chan, Golub & LeVeque (1983), *The American Statistician* 37, 242–247.
    pub fn of(values: &[f64]) -> Self {
        let mean = mean(values);
        Self { n: values.len(), mean, variance: covariance_about(values, mean, values, mean) }
    }

    /// The standard error of the mean of independent values.
    pub fn standard_error(&self) -> f64 {
        (self.variance / self.n as f64).sqrt()
    }
}

/// The mean of finite `values`; NaN of none.
///
/// Taken about the first value, so that equal values have exactly that mean and no spurious variance.
pub fn mean(values: &[f64]) -> f64 {
    let Some(&origin) = values.first() else {
        return f64::NAN;
    };
    origin + sum(values.iter().map(|v| v - origin)) / values.len() as f64
}

/// The sample variance (divisor n − 1) of finite `values`; NaN of fewer than two.
pub fn variance(values: &[f64]) -> f64 {
    Moments::of(values).variance
}

/// The sample covariance (divisor n − 1) of finite pairs; NaN of fewer than two.
///
/// # Panics
/// When the slices differ in length.
pub fn covariance(a: &[f64], b: &[f64]) -> f64 {
    covariance_about(a, mean(a), b, mean(b))
}

/// Pearson's correlation of finite pairs, in [−1, 1]; NaN when either side does not vary.
pub fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let spread = (variance(a) * variance(b)).sqrt();
    if spread > 0.0 { (covariance(a, b) / spread).clamp(-1.0, 1.0) } else { f64::NAN }
}

/// The sum of finite values with a running correction: Neumaier (1974), *ZAMM* 54, 39–51.
pub fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

/// The values that are not missing (NaN), in their order.
pub fn present(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|v| !v.is_nan()).collect()
}

fn covariance_about(a: &[f64], mean_a: f64, b: &[f64], mean_b: f64) -> f64 {
    assert_eq!(a.len(), b.len(), "pairs need both their sides");
    if a.len() < 2 {
        return f64::NAN;
    }
    let n = a.len() as f64;
    let products = sum(a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)));
    let slip = sum(a.iter().map(|a| a - mean_a)) * sum(b.iter().map(|b| b - mean_b)) / n;
    (products - slip) / (n - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        let moments = Moments::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!(moments.mean, 5.0);
        assert!((moments.variance - 32.0 / 7.0).abs() < 1e-15);
        assert!((covariance(&[1.0, 2.0, 3.0], &[2.0, 4.0, 9.0]) - 3.5).abs() < 1e-15);
        assert!((correlation(&[1.0, 2.0, 3.0], &[-3.0, -5.0, -7.0]) + 1.0).abs() < 1e-15);
    }

    #[test]
    fn survives_a_large_offset() {
        // A plain sum of squares returns 0 or worse here; the true variance is 30.
        let values: Vec<f64> = [4.0, 7.0, 13.0, 16.0].iter().map(|v| v + 1e15).collect();
        assert!((variance(&values) - 30.0).abs() < 1e-9);
    }

    #[test]
    fn equal_values_have_no_variance_at_all() {
        let moments = Moments::of(&[0.1; 31]);
        assert_eq!((moments.mean, moments.variance), (0.1, 0.0));
    }

    #[test]
    fn too_few_values_say_so() {
        assert!(mean(&[]).is_nan());
        assert!(variance(&[3.0]).is_nan());
        assert!(correlation(&[1.0, 1.0], &[1.0, 2.0]).is_nan());
        assert_eq!(present(&[1.0, f64::NAN, 2.0]), [1.0, 2.0]);
    }
}
