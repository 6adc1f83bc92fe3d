//! Simultaneous intervals over a declared family of comparisons: all of them hold at once at the stated level.
//!
//! With ten comparisons at 95 % each, some interval misses in up to 40 % of studies. Bonferroni repairs
//! that as if the comparisons were unrelated; ours share their random numbers, so the correlation is kept and
//! less width is paid.

use super::interval::Estimate;
use super::moments::{Moments, present};
use super::normal;
use super::resample::{Resampling, SplitMix};
use super::student;
use super::studentised;

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
/// every column is the same replication. The critical value is the `level` quantile of max |tⱼ| under the
/// Gaussian multiplier bootstrap of Chernozhukov, Chetverikov & Kato (2013), *Annals of Statistics*
/// 41, 2786–2819, in the line of Westfall & Young (1993) and Romano & Wolf (2005), *Econometrica* 73,
/// 1237–1282. Given the data the multiplied statistics are exactly normal with the columns' sample
/// correlation, so they are drawn from its Cholesky factor, at a cost that doesn't grow with the
/// number of replications.
///
/// Three refinements.
///
/// 1. The bootstrap takes each standard error as known and undercovers when replications are few; so its
///    critical value c is turned into the tail 1 − Φ(c), and each column uses Student's value at that
///    tail with its own degrees of freedom.
/// 2. Each column's value is widened as far as its own skewness asks ([`studentised::widening`]). A
///    joint bootstrap of studentised rows would cover a little better still, but one column of rare
///    events would then widen the intervals of all the others.
/// 3. c is held between the pointwise value and that of Šidák (1967, *JASA* 62, 626–633), which bound it
///    for every correlation. A family of one gives Student's interval, widened for skewness.
///
/// Coverage measured for five comparisons with correlation 0.5 and a promise of 95 %, over 1,000 to
/// 10,000 studies (standard errors 0.2 to 0.7 points), with nothing refined, the first, and all:
///
/// | differences | replications | none | first | all |
/// | --- | ---: | ---: | ---: | ---: |
/// | normal | 10 | 86.5 % | 94.3 % | 96.8 % |
/// | normal | 30 | 92.4 % | 94.6 % | 95.3 % |
/// | normal | 200 | 94.7 % | 95.0 % | 96.5 % |
/// | skewness 2 | 10 | | | 89.5 % |
/// | skewness 2 | 30 | 85.3 % | 87.8 % | 91.9 % |
/// | skewness 2 | 200 | 93.3 % | 93.7 % | 95.0 % |
///
/// With five runs the widened intervals are some seven times as wide as with ten, and of little use.
///
/// A column whose values are all equal gets a point (see [`Estimate::of_mean`]) and costs the others
/// nothing; one with fewer than two values, or with differences in too few replications to judge, is unbounded.
///
/// # Panics
/// When columns differ in length or `level` lies outside (0, 1).
pub fn intervals(columns: &[&[f64]], level: f64, resampling: Resampling) -> Family {
    let rows = columns.first().map_or(0, |c| c.len());
    assert!(columns.iter().all(|c| c.len() == rows), "every column has one row per life");
    let values: Vec<Vec<f64>> = columns.iter().map(|c| present(c)).collect();
    let moments: Vec<Moments> = values.iter().map(|v| Moments::of(v)).collect();
    let residuals: Vec<Vec<f64>> = columns
        .iter()
        .zip(&moments)
        .filter(|(_, m)| m.variance > 0.0)
        .map(|(c, m)| standardised(c, m))
        .collect();
    let critical = critical_value(&residuals, level, resampling);
    let tail = normal::cdf(-critical);
    let widened = |values: &Vec<f64>, m: &Moments| {
        let freedom = m.n.saturating_sub(1).max(1) as f64;
        let widening = studentised::widening(values, 1.0 - 2.0 * tail, resampling);
        Estimate::around(m, widening * student::upper_quantile(tail, freedom), level)
    };
    let estimates = values.iter().zip(&moments).map(|(v, m)| widened(v, m)).collect();
    Family { estimates, critical, size: residuals.len() }
}

/// Residuals scaled to unit length, missing ones zero: their inner products are the correlations of
/// the multiplied means, whatever is missing where.
fn standardised(column: &[f64], moments: &Moments) -> Vec<f64> {
    let length = (moments.variance * (moments.n - 1) as f64).sqrt();
    column.iter().map(|v| if v.is_nan() { 0.0 } else { (v - moments.mean) / length }).collect()
}

/// The `level` quantile of the largest absolute value among normals with the residuals' correlation.
fn critical_value(residuals: &[Vec<f64>], level: f64, resampling: Resampling) -> f64 {
    assert!(level > 0.0 && level < 1.0, "a confidence level lies in (0, 1)");
    let pointwise = normal::quantile(0.5 + 0.5 * level);
    if residuals.len() < 2 {
        return pointwise;
    }
    let each = libm::pow(level, 1.0 / residuals.len() as f64);
    let sidak = -normal::quantile(0.5 * (1.0 - each));
    let factor = cholesky(&correlations(residuals));
    let mut generator = resampling.generator();
    let mut normals = vec![0.0; residuals.len()];
    let draws = resampling.draws.max(1);
    let largest = (0..draws).map(|_| largest_of(&factor, &mut normals, &mut generator)).collect();
    studentised::upper(largest, level).clamp(pointwise, sidak)
}

fn correlations(residuals: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    residuals.iter().map(|a| residuals.iter().map(|b| product(a, b)).collect()).collect()
}

/// The lower Cholesky factor of a positive semidefinite matrix; a direction already spanned by
/// earlier comparisons (a duplicated policy, or more comparisons than replications) gets a zero column.
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
            let known: f64 = factor[i][..j].iter().zip(&factor[j][..j]).map(|(a, b)| a * b).sum();
            factor[i][j] = (matrix[i][j] - known) / factor[j][j];
        }
    }
    factor
}

/// The largest absolute value of one draw; `normals` is a buffer, so that a draw allocates nothing.
fn largest_of(factor: &[Vec<f64>], normals: &mut [f64], generator: &mut SplitMix) -> f64 {
    normals.iter_mut().for_each(|z| *z = generator.normal());
    factor
        .iter()
        .map(|row| row.iter().zip(&*normals).map(|(l, z)| l * z).sum::<f64>().abs())
        .fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESAMPLING: Resampling = Resampling { draws: 10_000, seed: 3 };

    fn columns(count: usize, rows: usize, shared: f64, seed: u64) -> Vec<Vec<f64>> {
        let mut generator = SplitMix::new(seed);
        let common: Vec<f64> = (0..rows).map(|_| generator.normal()).collect();
        let own = (1.0 - shared).sqrt();
        (0..count)
            .map(|_| common.iter().map(|c| shared.sqrt() * c + own * generator.normal()).collect())
            .collect()
    }

    fn family(columns: &[Vec<f64>]) -> Family {
        let views: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        intervals(&views, 0.95, RESAMPLING)
    }

    #[test]
    fn a_family_of_one_is_students_interval_widened() {
        let one = columns(1, 12, 0.0, 1);
        let family = family(&one).estimates[0];
        let widening = studentised::widening(&one[0], 0.95, RESAMPLING);
        let half = widening * Estimate::of_mean(&one[0], 0.95).half_width();
        let student = Estimate { low: family.mean - half, high: family.mean + half, ..family };
        assert!((family.low - student.low).abs() < 1e-9 && (family.high - student.high).abs() < 1e-9);
    }

    #[test]
    fn the_critical_value_agrees_with_known_ones() {
        // Unrelated: Šidák's 2.569 for five. Identical: 1.960. Correlation 0.5: 2.511 for five
        // comparisons (Hochberg & Tamhane 1987, table 6, infinite degrees of freedom).
        let critical = |columns: &[Vec<f64>]| {
            let residuals: Vec<Vec<f64>> = columns.iter().map(|c| standardised(c, &Moments::of(c))).collect();
            critical_value(&residuals, 0.95, RESAMPLING)
        };
        let unrelated = critical(&columns(5, 40_000, 0.0, 5));
        assert!((unrelated - 2.569).abs() < 0.03, "{unrelated}");
        let half = critical(&columns(5, 40_000, 0.5, 5));
        assert!((half - 2.511).abs() < 0.03, "{half}");
        let same = vec![columns(1, 50, 0.0, 5)[0].clone(); 5];
        assert!((critical(&same) - 1.96).abs() < 0.001);
    }

    #[test]
    fn degenerate_and_missing_columns_are_told_apart() {
        let mut data = columns(2, 40, 0.3, 9);
        let before = family(&data);
        data.push(vec![0.25; 40]);
        data.push(vec![f64::NAN; 40]);
        data[0][3] = f64::NAN;
        let after = family(&data);
        assert_eq!((after.estimates[2].low, after.estimates[2].high), (0.25, 0.25));
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
