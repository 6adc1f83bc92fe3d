//! Simultaneous intervals over a declared family of comparisons: all of them hold at once at the stated level.
//!
//! With ten comparisons at 95 % each, some interval misses in up to 40 % of studies. Bonferroni repairs
//! that as if the comparisons were unrelated; ours share their luck, so the correlation is kept and
//! less width is paid.

use super::interval::Estimate;
use super::moments::Moments;
use super::normal;
use super::resample::{Resampling, SplitMix};
use super::student;

/// The intervals of a family, in the order of its columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// One estimate per comparison; `level` is the family's.
    pub estimates: Vec<Estimate>,
    /// The critical value on the normal scale, between the pointwise one and Šidák's.
    pub critical: f64,
    /// How many comparisons vary, and so share the error.
    pub size: usize,
}

/// The max-t intervals of the means of `columns`.
///
/// Each column is one comparison's paired differences by replication, NaN where missing; row i of
/// every column is the same life. The critical value is the `level` quantile of max |tⱼ| under the
/// Gaussian multiplier bootstrap of Chernozhukov, Chetverikov & Kato (2013), *Annals of Statistics*
/// 41, 2786–2819, in the line of Westfall & Young (1993) and Romano & Wolf (2005), *Econometrica* 73,
/// 1237–1282. Given the data the multiplied statistics are exactly normal with the columns' sample
/// correlation, so they are drawn from its Cholesky factor, at a cost that doesn't grow with the
/// number of lives.
///
/// Two refinements. The bootstrap takes each standard error as known and undercovers when lives are
/// few (measured with 5 comparisons at n = 10: 88 % for 95 %; at n = 30: 93 %); so its critical value c
/// is turned into the tail 1 − Φ(c), and each column uses Student's value at that tail with its own
/// degrees of freedom. And c is held between the pointwise value and that of Šidák (1967, *JASA* 62,
/// 626–633), which bound it for every correlation: a family of one gives Student's interval exactly.
///
/// Skewed differences undercover as they do for Student's interval. A column whose values are all
/// equal gets a point (see [`Estimate::of_mean`]) and costs the others nothing; one with fewer than
/// two values is unbounded.
///
/// # Panics
/// When columns differ in length or `level` lies outside (0, 1).
pub fn intervals(columns: &[&[f64]], level: f64, resampling: Resampling) -> Family {
    let rows = columns.first().map_or(0, |c| c.len());
    assert!(
        columns.iter().all(|c| c.len() == rows),
        "every column has one row per life"
    );
    let moments: Vec<Moments> = columns
        .iter()
        .map(|c| Moments::of(&super::moments::present(c)))
        .collect();
    let residuals: Vec<Vec<f64>> = columns
        .iter()
        .zip(&moments)
        .filter(|(_, m)| m.variance > 0.0)
        .map(|(c, m)| standardised(c, m))
        .collect();
    let critical = critical_value(&residuals, level, resampling);
    let tail = normal::cdf(-critical);
    let estimates = moments
        .iter()
        .map(|m| {
            let freedom = m.n.saturating_sub(1).max(1) as f64;
            Estimate::around(m, student::upper_quantile(tail, freedom), level)
        })
        .collect();
    Family {
        estimates,
        critical,
        size: residuals.len(),
    }
}

/// Residuals scaled to unit length, missing ones zero: their inner products are the correlations of
/// the multiplied means, whatever is missing where.
fn standardised(column: &[f64], moments: &Moments) -> Vec<f64> {
    let length = (moments.variance * (moments.n - 1) as f64).sqrt();
    column
        .iter()
        .map(|v| {
            if v.is_nan() {
                0.0
            } else {
                (v - moments.mean) / length
            }
        })
        .collect()
}

/// The `level` quantile of the largest absolute value among normals with the residuals' correlation.
fn critical_value(residuals: &[Vec<f64>], level: f64, resampling: Resampling) -> f64 {
    assert!(
        level > 0.0 && level < 1.0,
        "a confidence level lies in (0, 1)"
    );
    let pointwise = normal::quantile(0.5 + 0.5 * level);
    if residuals.len() < 2 {
        return pointwise;
    }
    let each = libm::pow(level, 1.0 / residuals.len() as f64);
    let sidak = -normal::quantile(0.5 * (1.0 - each));
    let factor = cholesky(&correlations(residuals));
    let mut generator = resampling.generator();
    let mut largest: Vec<f64> = (0..resampling.draws.max(1))
        .map(|_| largest_of(&factor, &mut generator))
        .collect();
    // The ⌈(B + 1) level⌉-th smallest: Davison & Hinkley (1997), section 4.4, never too small on average.
    let place = ((largest.len() + 1) as f64 * level).ceil() as usize;
    let place = place.clamp(1, largest.len()) - 1;
    let (_, quantile, _) = largest.select_nth_unstable_by(place, f64::total_cmp);
    quantile.clamp(pointwise, sidak)
}

fn correlations(residuals: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    residuals
        .iter()
        .map(|a| residuals.iter().map(|b| product(a, b)).collect())
        .collect()
}

/// The lower Cholesky factor of a positive semidefinite matrix; a direction already spanned by
/// earlier comparisons (a duplicated policy, or more comparisons than lives) gets a zero column.
fn cholesky(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let mut factor = vec![vec![0.0; size]; size];
    for j in 0..size {
        let pivot = matrix[j][j] - factor[j][..j].iter().map(|v| v * v).sum::<f64>();
        if pivot < 1e-12 {
            continue;
        }
        factor[j][j] = pivot.sqrt();
        for i in j + 1..size {
            let known: f64 = factor[i][..j]
                .iter()
                .zip(&factor[j][..j])
                .map(|(a, b)| a * b)
                .sum();
            factor[i][j] = (matrix[i][j] - known) / factor[j][j];
        }
    }
    factor
}

fn largest_of(factor: &[Vec<f64>], generator: &mut SplitMix) -> f64 {
    let normals: Vec<f64> = factor.iter().map(|_| generator.normal()).collect();
    factor
        .iter()
        .map(|row| {
            row.iter()
                .zip(&normals)
                .map(|(l, z)| l * z)
                .sum::<f64>()
                .abs()
        })
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(count: usize, rows: usize, shared: f64, seed: u64) -> Vec<Vec<f64>> {
        let mut generator = SplitMix::new(seed);
        let common: Vec<f64> = (0..rows).map(|_| generator.normal()).collect();
        let own = (1.0 - shared).sqrt();
        (0..count)
            .map(|_| {
                common
                    .iter()
                    .map(|c| shared.sqrt() * c + own * generator.normal())
                    .collect()
            })
            .collect()
    }

    fn family(columns: &[Vec<f64>]) -> Family {
        let views: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        intervals(
            &views,
            0.95,
            Resampling {
                draws: 20_000,
                seed: 3,
            },
        )
    }

    #[test]
    fn a_family_of_one_is_students_interval() {
        let one = columns(1, 12, 0.0, 1);
        let (family, student) = (family(&one).estimates[0], Estimate::of_mean(&one[0], 0.95));
        assert!(
            (family.low - student.low).abs() < 1e-9 && (family.high - student.high).abs() < 1e-9
        );
    }

    #[test]
    fn the_critical_value_agrees_with_known_ones() {
        // Unrelated: Šidák's 2.569 for five. Identical: 1.960. Correlation 0.5: 2.511 for five
        // comparisons (Hochberg & Tamhane 1987, table 6, infinite degrees of freedom).
        let unrelated = family(&columns(5, 40_000, 0.0, 5)).critical;
        assert!((unrelated - 2.569).abs() < 0.03, "{unrelated}");
        let half = family(&columns(5, 40_000, 0.5, 5)).critical;
        assert!((half - 2.511).abs() < 0.03, "{half}");
        let same = vec![columns(1, 50, 0.0, 5)[0].clone(); 5];
        assert!((family(&same).critical - 1.96).abs() < 0.001);
    }

    #[test]
    fn degenerate_and_missing_columns_are_told_apart() {
        let mut data = columns(2, 40, 0.3, 9);
        let before = family(&data);
        data.push(vec![0.25; 40]);
        data.push(vec![f64::NAN; 40]);
        data[0][3] = f64::NAN;
        let after = family(&data);
        assert_eq!(
            (after.estimates[2].low, after.estimates[2].high),
            (0.25, 0.25)
        );
        assert_eq!(after.estimates[3].high, f64::INFINITY);
        assert_eq!((after.size, after.estimates[0].n), (2, 39));
        assert_eq!(after.estimates[1].mean, before.estimates[1].mean);
    }

    #[test]
    fn same_seed_same_bits() {
        let data = columns(4, 30, 0.2, 2);
        assert_eq!(family(&data), family(&data));
    }
}
