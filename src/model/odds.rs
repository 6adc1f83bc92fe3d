//! Odds: chances that are moved on the scale of their logarithm, so that they stay between 0 and 1.

use kernel::math;

/// The largest move that makes a difference.
const FAR: f64 = 50.0;

/// The chance `p` once its log-odds have grown by `by`; `p` itself when nothing is added.
#[inline]
pub fn moved(p: f64, by: f64) -> f64 {
    if by == 0.0 || p <= 0.0 || p >= 1.0 {
        return p;
    }
    let odds = p / (1.0 - p) * math::exp(by.clamp(-FAR, FAR));
    odds / (1.0 + odds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_stay_chances_and_nothing_moves_nothing() {
        assert_eq!(moved(0.3, 0.0).to_bits(), 0.3_f64.to_bits());
        assert_eq!((moved(0.0, 9.0), moved(1.0, -9.0)), (0.0, 1.0));
        // Odds of 1 to 3 doubled are 2 to 3.
        assert!((moved(0.25, math::ln(2.0)) - 0.4).abs() < 1e-12);
        assert!(moved(0.5, 1e9) <= 1.0 && moved(0.5, -1e9) > 0.0);
    }
}
