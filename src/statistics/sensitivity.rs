//! Sensitivity: Morris's elementary effects and Sobol's indices, from points that were run.

use super::interval::{Estimate, quantile};
use super::moments;
use super::resample::Resampling;

/// What one parameter does, by elementary effects: the change of the result over the change of the parameter,
/// whose whole range is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elementary {
    /// Mean effect: the sign says which way.
    pub mean: f64,
    /// Mean size of the effect μ*, with the bootstrap's interval over trajectories.
    pub size: Estimate,
    /// Deviation of effects σ: what interactions and bends make of it.
    pub deviation: f64,
}

/// Elementary effects from trajectories of `parameters` + 1 points each, one after the other.
///
/// Morris (1991), *Technometrics* 33, 161–174; the mean of sizes is that of Campolongo, Cariboni & Saltelli (2007),
/// *Environmental Modelling & Software* 22, 1509–1518. Steps with a missing (NaN) end are left out.
///
/// # Panics
/// When points and values differ in number.
pub fn elementary(
    points: &[Vec<f64>],
    values: &[f64],
    parameters: usize,
    level: f64,
    resampling: Resampling,
) -> Vec<Elementary> {
    assert_eq!(points.len(), values.len(), "every point has its value");
    let mut effects: Vec<Vec<f64>> = vec![Vec::new(); parameters];
    for (path, results) in points.chunks(parameters + 1).zip(values.chunks(parameters + 1)) {
        for (step, result) in path.windows(2).zip(results.windows(2)) {
            let Some(of) = (0..parameters).find(|of| step[0][*of] != step[1][*of]) else { continue };
            let effect = (result[1] - result[0]) / (step[1][of] - step[0][of]);
            if effect.is_finite() {
                effects[of].push(effect);
            }
        }
    }
    effects.iter().map(|effects| summarised(effects, level, resampling)).collect()
}

fn summarised(effects: &[f64], level: f64, resampling: Resampling) -> Elementary {
    let sizes: Vec<f64> = effects.iter().map(|effect| effect.abs()).collect();
    let mean_of = |chosen: &[usize]| chosen.iter().map(|at| sizes[*at]).sum::<f64>() / chosen.len() as f64;
    Elementary {
        mean: moments::mean(effects),
        size: bootstrapped(sizes.len(), level, resampling, mean_of),
        deviation: moments::variance(effects).sqrt(),
    }
}

/// The shares of the result's variance that a parameter has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indices {
    /// By itself: what would vanish on average if it were known.
    pub first: Estimate,
    /// With all its interactions: what would be left if all others were known.
    pub total: Estimate,
}

/// Sobol's first and total indices from Saltelli's matrices: for each row the values at A, B, and A with column
/// 1, 2, … of B. Rows with a missing (NaN) value are left out; intervals are the bootstrap's over rows.
///
/// First: Saltelli and others (2010), *Computer Physics Communications* 181, 259–270, table 2 (b). Total: Jansen
/// (1999), *ibid.* 117, 35–43. Values are centred first, which leaves the indices and lessens their error.
///
/// # Panics
/// When values are no whole number of rows.
pub fn indices(values: &[f64], parameters: usize, level: f64, resampling: Resampling) -> Vec<Indices> {
    let width = parameters + 2;
    assert_eq!(values.len() % width, 0, "a row has a value for A, for B, and for each parameter");
    let rows: Vec<&[f64]> =
        values.chunks(width).filter(|row| row.iter().all(|value| value.is_finite())).collect();
    let centre = moments::mean(&rows.iter().flat_map(|row| [row[0], row[1]]).collect::<Vec<_>>());
    let rows: Vec<Vec<f64>> =
        rows.iter().map(|row| row.iter().map(|value| value - centre).collect()).collect();
    (0..parameters)
        .map(|of| Indices {
            first: bootstrapped(rows.len(), level, resampling, |chosen| {
                let part = |row: &Vec<f64>| row[1] * (row[2 + of] - row[0]);
                over_variance(&rows, chosen, part)
            }),
            total: bootstrapped(rows.len(), level, resampling, |chosen| {
                let part = |row: &Vec<f64>| 0.5 * (row[0] - row[2 + of]) * (row[0] - row[2 + of]);
                over_variance(&rows, chosen, part)
            }),
        })
        .collect()
}

/// The mean of a part of each chosen row, over the variance of A and B together.
fn over_variance(rows: &[Vec<f64>], chosen: &[usize], part: impl Fn(&Vec<f64>) -> f64) -> f64 {
    let n = chosen.len() as f64;
    let (mut sum, mut squares, mut parts) = (0.0, 0.0, 0.0);
    for row in chosen.iter().map(|at| &rows[*at]) {
        sum += row[0] + row[1];
        squares += row[0] * row[0] + row[1] * row[1];
        parts += part(row);
    }
    let mean = sum / (2.0 * n);
    parts / n / (squares / (2.0 * n) - mean * mean)
}

/// A statistic of chosen rows, with the percentile interval over resampled rows.
fn bootstrapped(
    n: usize,
    level: f64,
    resampling: Resampling,
    statistic: impl Fn(&[usize]) -> f64,
) -> Estimate {
    let all: Vec<usize> = (0..n).collect();
    let mean = if n == 0 { f64::NAN } else { statistic(&all) };
    if n < 2 {
        return Estimate { n, ..Estimate::unbounded(mean, level) };
    }
    let mut generator = resampling.generator();
    let mut chosen = all;
    let mut drawn: Vec<f64> = (0..resampling.draws)
        .map(|_| {
            chosen.iter_mut().for_each(|at| *at = generator.index(n));
            statistic(&chosen)
        })
        .filter(|value| !value.is_nan())
        .collect();
    drawn.sort_unstable_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - level);
    let end = |p: f64| if drawn.is_empty() { f64::NAN } else { quantile(&drawn, p) };
    Estimate { mean, low: end(tail), high: end(1.0 - tail), level, n, beyond: 0 }
}
