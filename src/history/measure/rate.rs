//! A weekly count: its mean with an interval that knows that weeks are not independent.

use super::LEVEL;
use libm::sqrt;
use statistics::student;

/// A count or level over weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The mean a week; NaN of no weeks.
    pub mean: f64,
    /// Between which values the long-run mean lies; infinite where fewer than eight weeks bound nothing.
    pub low: f64,
    pub high: f64,
    /// How many weeks.
    pub weeks: usize,
    /// The variance of the weeks over their mean: 1 where events come independently at a constant rate.
    pub dispersion: f64,
    /// The correlation of a week with the next.
    pub lag_one: f64,
    /// The value of the last week.
    pub last: f64,
}

impl Rate {
    /// The mean with the interval of Newey & West (1987), *Econometrica* 55, 703–708: covariances up to √n weeks apart,
    /// tapered (Bartlett's weights), and Student's t with the 1.5 n / √n degrees of freedom that such an estimate of a
    /// variance has (Priestley 1981, *Spectral Analysis*, section 6.2).
    pub fn of(weeks: &[f64]) -> Rate {
        let n = weeks.len();
        let mean = weeks.iter().sum::<f64>() / n as f64;
        let covariance = |lag: usize| {
            let pairs = weeks.iter().zip(weeks.iter().skip(lag));
            pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / n as f64
        };
        let own = covariance(0);
        let lags = sqrt(n as f64).ceil() as usize;
        let tapered = (1..=lags.min(n.saturating_sub(1)))
            .map(|lag| 2.0 * (1.0 - lag as f64 / (lags + 1) as f64) * covariance(lag));
        // The taper keeps the sum from falling below nothing; the sample's own mean makes it a little too small.
        let long_run =
            (own + tapered.sum::<f64>()).max(own / n.max(1) as f64) * n as f64 / (n.max(2) - 1) as f64;
        let unbounded = n < 8;
        let freedom = (1.5 * n as f64 / (lags + 1) as f64).max(1.0);
        let half = if unbounded {
            f64::INFINITY
        } else {
            student::two_sided(LEVEL, freedom) * sqrt(long_run / n as f64)
        };
        Rate {
            mean,
            low: (mean - half).max(0.0),
            high: mean + half,
            weeks: n,
            dispersion: own * n as f64 / (n.max(2) - 1) as f64 / mean,
            lag_one: covariance(1) / own,
            last: weeks.last().copied().unwrap_or(f64::NAN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Two levels of four weeks: the mean is 3, the variance 8 · 1 / 7, and neighbours agree but once.
        let rate = Rate::of(&[2.0, 2.0, 2.0, 2.0, 4.0, 4.0, 4.0, 4.0]);
        assert_eq!(rate.mean, 3.0);
        assert!((rate.dispersion - 8.0 / 7.0 / 3.0).abs() < 1e-12);
        assert!((rate.lag_one - 5.0 / 8.0).abs() < 1e-12);
        // Covariances 1, 5/8, 1/4, −1/8, weights 3/4, 1/2, 1/4: 1 + 2 (15/32 + 1/8 − 1/32) = 2.125.
        let half = student::two_sided(LEVEL, 3.0) * sqrt(2.125 * 8.0 / 7.0 / 8.0);
        assert!((rate.high - 3.0 - half).abs() < 1e-12, "{rate:?}");
    }

    #[test]
    fn correlated_weeks_widen_the_interval() {
        let shuffled = Rate::of(&[2.0, 4.0, 4.0, 2.0, 4.0, 2.0, 2.0, 4.0].repeat(8));
        let blocks: Vec<f64> = (0..64).map(|week| if week / 16 % 2 == 0 { 2.0 } else { 4.0 }).collect();
        let blocked = Rate::of(&blocks);
        assert!(blocked.high - blocked.mean > 2.0 * (shuffled.high - shuffled.mean));
        assert!(Rate::of(&[1.0; 3]).high.is_infinite() && Rate::of(&[]).mean.is_nan());
    }
}
