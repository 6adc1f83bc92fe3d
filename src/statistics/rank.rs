//! Rank correlation, for relations that rise or fall without being straight.

use super::moments;
use super::normal;

/// Ranks from 1, equal values sharing the mean of theirs.
///
/// # Panics
/// When a value is NaN.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    assert!(values.iter().all(|value| !value.is_nan()), "what is missing has no rank");
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut at = 0;
    for tied in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let mean = at as f64 + (tied.len() + 1) as f64 / 2.0;
        tied.iter().for_each(|nth| ranks[*nth] = mean);
        at += tied.len();
    }
    ranks
}

/// Spearman's rank correlation of the pairs in which neither side is NaN; NaN when a side does not vary.
///
/// Spearman (1904), *American Journal of Psychology* 15, 72–101.
///
/// # Panics
/// When the slices differ in length.
pub fn spearman(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "pairs need both their sides");
    let pairs = || a.iter().zip(b).filter(|(a, b)| !a.is_nan() && !b.is_nan());
    let (a, b): (Vec<f64>, Vec<f64>) =
        (pairs().map(|(a, _)| *a).collect(), pairs().map(|(_, b)| *b).collect());
    moments::correlation(&ranks(&a), &ranks(&b))
}

/// The size that the largest of `many` rank correlations over `n` pairs stays below with probability `level`
/// when nothing is related: Bonferroni over the normal limit of variance 1/(n − 1).
///
/// # Panics
/// When `level` lies outside (0, 1).
pub fn chance(many: usize, n: usize, level: f64) -> f64 {
    assert!(level > 0.0 && level < 1.0, "a confidence level lies in (0, 1)");
    if n < 3 || many == 0 {
        return 1.0;
    }
    let tail = (1.0 - level) / (2.0 * many as f64);
    (-normal::quantile(tail) / ((n - 1) as f64).sqrt()).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::SplitMix;

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    }

    #[test]
    fn only_order_counts() {
        let a = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert!((spearman(&a, &a.map(|v: f64| v.powi(9))) - 1.0).abs() < 1e-12);
        assert!((spearman(&a, &a.map(|v| -v)) + 1.0).abs() < 1e-12);
        // d = 1, 1, 1, 1, 0: 1 − 6·4 / (5·24).
        assert!((spearman(&a, &[2.0, 1.0, 4.0, 3.0, 5.0]) - 0.8).abs() < 1e-12);
        assert!(spearman(&a, &[1.0; 5]).is_nan());
        let gap = [1.0, f64::NAN, 3.0, 4.0, 5.0];
        assert!((spearman(&a, &gap) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_largest_of_many_by_chance_stays_below_the_stated_size() {
        let (many, n, runs) = (20, 40, 400);
        let limit = chance(many, n, 0.95);
        let mut generator = SplitMix::new(11);
        let mut column = || (0..n).map(|_| generator.uniform()).collect::<Vec<f64>>();
        let beyond = (0..runs)
            .filter(|_| {
                let result = column();
                (0..many).any(|_| spearman(&column(), &result).abs() > limit)
            })
            .count();
        // At most 5 % of 400, plus four standard errors.
        assert!(beyond as f64 <= 20.0 + 4.0 * (400.0_f64 * 0.05 * 0.95).sqrt(), "{beyond}");
    }
}
