//! Sensitivity: which parameters a result hangs on, by Morris's screening or Sobol's indices.
//!
//! All points share their random numbers, so a difference between points is the parameters' doing, as far as noise does
//! not act otherwise there.

use super::compare::{RunInfo, frame, metric_text};
use super::design::{Space, matrices, trajectories};
use super::metric_rows::of_row;
use super::summary::{Frame, MetricText};
use super::worlds::ParameterDraw;
use observation::metrics;
use scenario::study::Study;
use statistics::interval::Estimate;
use statistics::moments::{mean, present, variance};
use statistics::resample::Resampling;
use statistics::sensitivity::{elementary, indices};

/// How points are laid and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Morris,
    Sobol,
}

/// The points of a method over this many parameters.
///
/// # Errors
/// When there are too many parameters or points, as a sentence.
pub fn points(method: Method, size: usize, parameters: usize, seed: u64) -> Result<Vec<Vec<f64>>, String> {
    match method {
        Method::Morris => Ok(trajectories(size, parameters, seed)),
        Method::Sobol => matrices(size, parameters, seed),
    }
}

/// The metric with this name or title.
pub fn metric(study: &Study, words: &str) -> Option<usize> {
    study.scenario.measure.metric(words, &study.scenario.clock)
}

/// What is asked of the replications of a point.
#[derive(Clone, Debug)]
pub struct SensitivityQuestion {
    pub method: Method,
    pub metric: usize,
    /// The timeline whose difference from the baseline is the result; the baseline itself for 0.
    pub timeline: usize,
    pub runs: u64,
    /// Trajectories or rows.
    pub size: usize,
    pub stopped: bool,
}

/// The whole result, as plain numbers and words.
#[derive(Clone, Debug)]
pub struct SensitivitySummary {
    pub frame: Frame,
    pub metric: MetricText,
    pub method: Method,
    /// "“25 %” against “10 %”", or the baseline's name.
    pub of: String,
    /// Whether the result is a difference of two policies.
    pub is_difference: bool,
    pub runs: u64,
    pub size: usize,
    pub points: usize,
    /// Points without a result, by reason.
    pub missing: Vec<(String, usize)>,
    /// Mean and deviation of the result over points.
    pub mean: f64,
    pub deviation: f64,
    /// The deviation that noise gives the result of a point, from its replications; NaN with one replication each.
    pub luck: f64,
    /// The mean size of effects that noise alone gives when it acts unrelatedly at neighbouring points; 0 for indices
    /// and where noise is not known.
    pub by_noise: f64,
    /// Strongest first.
    pub rows: Vec<Row>,
}

/// One parameter.
#[derive(Clone, Debug)]
pub struct Row {
    pub path: String,
    pub range: String,
    pub kind: Reading,
}

/// What a method says of a parameter.
#[derive(Clone, Copy, Debug)]
pub enum Reading {
    /// Mean effect, its mean size, and the deviation of effects, for the whole range.
    Morris { mean: f64, size: Estimate, deviation: f64 },
    /// First and total index.
    Sobol { first: Estimate, total: Estimate },
}

impl Reading {
    /// By what rows are ordered.
    pub fn strength(&self) -> f64 {
        match self {
            Reading::Morris { size, .. } => size.mean,
            Reading::Sobol { total, .. } => total.mean,
        }
    }
}

/// The mean size of the difference of two independent normal numbers of deviation 1, over a step of half the range.
const OF_NOISE: f64 = 2.0 * std::f64::consts::FRAC_2_SQRT_PI;

/// The results of a point's replications.
fn of_runs(question: &SensitivityQuestion, world: &ParameterDraw) -> Vec<f64> {
    let result = |(_, timelines): &(u64, Vec<Option<Vec<f64>>>)| {
        let at =
            |timeline: usize| timelines[timeline].as_ref().map_or(f64::NAN, |values| values[question.metric]);
        if question.timeline == 0 { at(0) } else { at(question.timeline) - at(0) }
    };
    if is_beyond(question, world) {
        return Vec::new();
    }
    present(&world.runs.iter().map(result).collect::<Vec<_>>())
}

/// Whether what is asked lies beyond the window in one of a point's replications: then the point has no result that is
/// known.
fn is_beyond(question: &SensitivityQuestion, world: &ParameterDraw) -> bool {
    let least = metrics::least(question.metric);
    let lies = |values: &Option<Vec<f64>>| {
        values.as_ref().is_some_and(|values| of_row(values, question.metric, least).1)
    };
    world.runs.iter().any(|(_, timelines)| lies(&timelines[0]) || lies(&timelines[question.timeline]))
}

/// The deviation of a point's mean over replications, pooled over points.
fn luck(question: &SensitivityQuestion, completed: &[ParameterDraw]) -> f64 {
    let runs = completed.iter().map(|world| of_runs(question, world)).filter(|runs| runs.len() > 1);
    mean(&runs.map(|runs| variance(&runs) / runs.len() as f64).collect::<Vec<_>>()).sqrt()
}

/// The result at each point: the mean over replications, NaN where there is none.
pub fn results(question: &SensitivityQuestion, completed: &[ParameterDraw], points: usize) -> Vec<f64> {
    let mut results = vec![f64::NAN; points];
    for world in completed {
        results[world.number] = mean(&of_runs(question, world));
    }
    results
}

/// Summarises the worlds of a design.
pub fn summarise(
    study: &Study,
    space: &Space,
    question: &SensitivityQuestion,
    points: &[Vec<f64>],
    completed: &[ParameterDraw],
) -> SensitivitySummary {
    let values = results(question, completed, points.len());
    let level = study.scenario.judge.level.fraction();
    let resampling = Resampling::seeded(study.scenario.seed);
    let count = space.parameters.len();
    let readings: Vec<Reading> = match question.method {
        Method::Morris => elementary(points, &values, count, level, resampling)
            .into_iter()
            .map(|found| Reading::Morris { mean: found.mean, size: found.size, deviation: found.deviation })
            .collect(),
        Method::Sobol => indices(&values, count, level, resampling)
            .into_iter()
            .map(|found| Reading::Sobol { first: found.first, total: found.total })
            .collect(),
    };
    let row = |(parameter, kind): (&super::design::Parameter, Reading)| Row {
        path: parameter.path.clone(),
        range: parameter.range(&space.calendar),
        kind,
    };
    let mut rows: Vec<Row> = space.parameters.iter().zip(readings).map(row).collect();
    // What is not known comes last.
    let known = |row: &Row| {
        Some(row.kind.strength()).filter(|strength| strength.is_finite()).unwrap_or(f64::NEG_INFINITY)
    };
    rows.sort_by(|a, b| known(b).total_cmp(&known(a)));
    let baseline = study.timelines[0].name.trim();
    let runs = completed.iter().map(|world| world.runs.len()).sum();
    let known = present(&values);
    let luck = luck(question, completed);
    SensitivitySummary {
        frame: frame(study, runs, RunInfo::fixed(runs, question.stopped)),
        metric: metric_text(study, question.metric),
        method: question.method,
        of: match question.timeline {
            0 => format!("“{baseline}”"),
            at => format!("“{}” against “{baseline}”", study.timelines[at].name.trim()),
        },
        is_difference: question.timeline != 0,
        runs: question.runs,
        size: question.size,
        points: points.len(),
        missing: missing(question, completed, &values, points.len()),
        mean: mean(&known),
        deviation: variance(&known).sqrt(),
        luck,
        by_noise: match question.method {
            Method::Morris if luck.is_finite() => luck * OF_NOISE,
            _ => 0.0,
        },
        rows,
    }
}

/// Why points have no result.
fn missing(
    question: &SensitivityQuestion,
    completed: &[ParameterDraw],
    values: &[f64],
    points: usize,
) -> Vec<(String, usize)> {
    let mut reasons = std::collections::BTreeMap::new();
    for world in completed.iter().filter(|world| values[world.number].is_nan()) {
        let (_, reason) = world.told(&[]);
        let reason = match reason.is_empty() {
            true if is_beyond(question, world) => "beyond the window: watch longer".to_owned(),
            true => "nothing to measure".to_owned(),
            false => reason,
        };
        *reasons.entry(reason).or_insert(0) += 1;
    }
    if completed.len() < points {
        reasons.insert("stopped before".to_owned(), points - completed.len());
    }
    reasons.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    /// Ishigami & Homma (1990): sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁, each uniform on (−π, π).
    fn ishigami(point: &[f64]) -> f64 {
        let x: Vec<f64> = point.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
        libm::sin(x[0]) + 7.0 * libm::sin(x[1]).powi(2) + 0.1 * x[2].powi(4) * libm::sin(x[0])
    }

    /// Its exact indices: with a = 7, b = 0.1, V₁ = (1 + bπ⁴/5)²/2, V₂ = a²/8, V₁₃ = b²π⁸(1/18 − 1/50).
    fn ishigami_indices() -> [(f64, f64); 3] {
        let (first, second) = (0.5 * (1.0 + 0.1 * PI.powi(4) / 5.0).powi(2), 49.0 / 8.0);
        let both = 0.01 * PI.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
        let all = first + second + both;
        [(first / all, (first + both) / all), (second / all, second / all), (0.0, both / all)]
    }

    const A: [f64; 8] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];

    /// Sobol's G: the product of (|4u − 2| + a) / (1 + a).
    fn g(point: &[f64]) -> f64 {
        point.iter().zip(A).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
    }

    /// Its exact indices: Vᵢ = 1 / (3 (1 + aᵢ)²), V = ∏(1 + Vᵢ) − 1, totals Vᵢ ∏ of the others' (1 + Vⱼ).
    fn g_indices() -> Vec<(f64, f64)> {
        let parts = A.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
        let product: f64 = parts.iter().map(|part| 1.0 + part).product();
        let all = product - 1.0;
        parts.iter().map(|part| (part / all, part * product / (1.0 + part) / all)).collect()
    }

    /// Tolerance 0.02 at 4,096 rows: scrambled Sobol points do no worse than independent ones, whose standard
    /// errors here are at most 0.018 for first and 0.012 for total indices, and in fact some ten times better.
    #[test]
    fn indices_of_known_functions_are_found() {
        let functions: [fn(&[f64]) -> f64; 2] = [ishigami, g];
        let answers = [ishigami_indices().to_vec(), g_indices()];
        for (function, exact) in functions.iter().zip(answers) {
            let made = points(Method::Sobol, 4_096, exact.len(), 11).expect("a design");
            let values: Vec<f64> = made.iter().map(|point| function(point)).collect();
            let found = indices(&values, exact.len(), 0.95, Resampling { draws: 100, seed: 1 });
            for (of, (found, (first, total))) in found.iter().zip(exact).enumerate() {
                assert!((found.first.mean - first).abs() < 0.02, "{of}: {found:?}, {first}");
                assert!((found.total.mean - total).abs() < 0.02, "{of}: {found:?}, {total}");
                assert!(found.first.low <= found.first.mean && found.first.mean <= found.first.high);
            }
        }
    }

    /// α: 95 % intervals from 300 rows of random-like points, 60 scrambles, 3 parameters and 2 indices: 360 draws,
    /// of which at least 85 % must cover (bootstrap intervals of few rows are a little short).
    #[test]
    fn their_intervals_cover_about_as_often_as_they_say() {
        let exact = ishigami_indices();
        let (mut covered, mut all) = (0, 0);
        for seed in 0..60 {
            let made = crate::design::points(crate::design::Method::Random, 300, 6, seed).expect("a design");
            let value = |row: &Vec<f64>, mixed: Option<usize>| {
                let point: Vec<f64> =
                    (0..3).map(|at| row[if mixed == Some(at) { 3 + at } else { at }]).collect();
                ishigami(&point)
            };
            let row = |row: &Vec<f64>| {
                let mut values = vec![value(row, None), ishigami(&row[3..])];
                values.extend((0..3).map(|of| value(row, Some(of))));
                values
            };
            let values: Vec<f64> = made.iter().flat_map(row).collect();
            let found = indices(&values, 3, 0.95, Resampling { draws: 200, seed });
            for (found, (first, total)) in found.iter().zip(exact) {
                covered +=
                    usize::from(found.first.contains(first)) + usize::from(found.total.contains(total));
                all += 2;
            }
        }
        assert!(covered * 100 >= all * 85, "{covered} of {all}");
    }

    #[test]
    fn elementary_effects_of_a_plane_are_its_slopes() {
        let slopes = [3.0, -2.0, 0.0, 0.5];
        let made = points(Method::Morris, 6, 4, 3).expect("a design");
        let values: Vec<f64> = made.iter().map(|x| x.iter().zip(slopes).map(|(x, s)| x * s).sum()).collect();
        let found = elementary(&made, &values, 4, 0.95, Resampling { draws: 50, seed: 1 });
        for (found, slope) in found.iter().zip(slopes) {
            assert!((found.mean - slope).abs() < 1e-12 && (found.size.mean - slope.abs()).abs() < 1e-12);
            assert!(found.deviation < 1e-12);
        }
    }

    #[test]
    fn elementary_effects_rank_the_known_function_and_tell_interactions() {
        let made = points(Method::Morris, 400, 8, 5).expect("a design");
        let values: Vec<f64> = made.iter().map(|point| g(point)).collect();
        let found = elementary(&made, &values, 8, 0.95, Resampling { draws: 50, seed: 1 });
        // A factor of G moves by 0, ±1 or ±2 per level, so its size falls with a; all have interactions.
        for pair in found[..5].windows(2) {
            assert!(pair[0].size.mean >= pair[1].size.mean, "{pair:?}");
        }
        assert!(found[0].deviation > found[4].deviation);
        // A point that was not run takes its two steps away, and nothing else.
        let mut gaps = values;
        gaps[3] = f64::NAN;
        let fewer = elementary(&made, &gaps, 8, 0.95, Resampling { draws: 50, seed: 1 });
        assert_eq!(fewer.iter().map(|found| found.size.n).sum::<usize>(), 400 * 8 - 2);
    }
}
