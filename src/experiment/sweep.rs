//! Sweeps: what a grid of points came to, each point against the baseline and against the best.

use super::compare::{Extent, frame, metric_text};
use super::plan::Axis;
use super::run::Replication;
use super::summary::{Frame, MetricText};
use crate::observation::metrics::{self, METRICS};
use crate::scenario::study::Study;
use crate::statistics::interval::Estimate;
use crate::statistics::moments::present;
use crate::statistics::paired::{Comparison, PairedDifference, compare};
use crate::statistics::resample::Resampling;
use crate::statistics::verdict::{Direction, Margin, Verdict};

/// The most points whose intervals are made to hold together; beyond, each holds alone.
const MOST_TOGETHER: usize = 200;

/// What is kept of a replication: for each course, its metrics, or nothing where it drowned in work.
pub type Kept = (u64, Vec<Option<Vec<f64>>>);

/// Keeps only the metrics of a replication: a sweep has many.
pub fn keep(replication: Replication) -> Kept {
    let metrics = |lived: super::replicate::Lived| {
        let mut values = lived.ok()?.values;
        values.truncate(METRICS.len());
        Some(values)
    };
    (replication.number, replication.lives.into_iter().map(metrics).collect())
}

/// A sweep's results.
#[derive(Clone, Debug)]
pub struct SweepSummary {
    pub frame: Frame,
    pub axes: Vec<Axis>,
    pub metrics: Vec<MetricText>,
    pub objective: usize,
    /// The baseline's metrics.
    pub baseline: Vec<Estimate>,
    /// In the order of the grid, the last axis fastest.
    pub points: Vec<Point>,
    /// The point with the best mean of the objective.
    pub best: Option<usize>,
    /// Whether intervals of differences hold together, or each alone.
    pub together: bool,
    /// Whether points are worlds rather than policies.
    pub worlds: bool,
}

/// One point of the grid.
#[derive(Clone, Debug)]
pub struct Point {
    /// The values of the axes, in their order.
    pub values: Vec<String>,
    pub lived: usize,
    pub overran: usize,
    /// Every metric's mean over lives.
    pub estimates: Vec<Estimate>,
    /// The objective against the baseline, in paired lives.
    pub difference: PairedDifference,
    /// Whether it cannot be told from the best point.
    pub like_best: bool,
}

/// Summarises what was kept of a study made of points.
pub fn summarise(study: &Study, axes: &[Axis], kept: &[Kept], extent: Extent, worlds: bool) -> SweepSummary {
    let objective = metrics::find(&study.scenario.objective).expect("the scenario's metrics were checked");
    let level = study.scenario.judge.level.fraction();
    let column = |course: usize, metric: usize| -> Vec<f64> {
        kept.iter()
            .map(|(_, lives)| lives[course].as_ref().map_or(f64::NAN, |values| values[metric]))
            .collect()
    };
    let estimates = |course: usize| -> Vec<Estimate> {
        (0..METRICS.len()).map(|at| Estimate::of_mean(&present(&column(course, at)), level)).collect()
    };
    let objectives: Vec<Vec<f64>> = (0..study.courses.len()).map(|at| column(at, objective)).collect();
    let judge = Judge { study, direction: METRICS[objective].better.unwrap_or(Direction::HigherIsBetter) };
    let differences = judge.all(&objectives[1..], &objectives[0]);
    let mut points: Vec<Point> = differences
        .into_iter()
        .enumerate()
        .map(|(at, difference)| {
            let lived = kept.iter().filter(|(_, lives)| lives[at + 1].is_some()).count();
            Point {
                values: study.courses[at + 1].changes.iter().map(|(_, _, value)| value.clone()).collect(),
                lived,
                overran: kept.len() - lived,
                estimates: estimates(at + 1),
                difference,
                like_best: false,
            }
        })
        .collect();
    let gain = |point: &Point| point.estimates[objective].mean * judge.direction.sign();
    let known = points.iter().enumerate().filter(|(_, point)| gain(point).is_finite());
    let best = known.max_by(|(_, a), (_, b)| gain(a).total_cmp(&gain(b))).map(|(at, _)| at);
    if let Some(best) = best {
        judge.mark_like_best(&mut points, &objectives[1..], best);
    }
    SweepSummary {
        frame: frame(study, kept.len(), extent),
        axes: axes.to_vec(),
        metrics: METRICS.iter().map(metric_text).collect(),
        objective,
        baseline: estimates(0),
        together: points.len() <= MOST_TOGETHER,
        points,
        best,
        worlds,
    }
}

struct Judge<'a> {
    study: &'a Study,
    direction: Direction,
}

impl Judge<'_> {
    /// Marks the points that these lives do not tell from the best, or that differ by less than matters.
    fn mark_like_best(&self, points: &mut [Point], objectives: &[Vec<f64>], best: usize) {
        let margin = Margin::Relative(self.study.scenario.judge.smallest_difference.fraction());
        for (point, difference) in points.iter_mut().zip(self.all(objectives, &objectives[best])) {
            let same = difference.verdict(margin) == Verdict::PracticallySame;
            point.like_best = difference.n > 0 && (same || difference.simultaneous.contains(0.0));
        }
    }

    /// Every point against one other course, as a family where it is small enough.
    fn all(&self, points: &[Vec<f64>], other: &[f64]) -> Vec<PairedDifference> {
        let family: Vec<Comparison<'_>> = points
            .iter()
            .map(|policy| Comparison { policy, baseline: other, direction: self.direction })
            .collect();
        let level = self.study.scenario.judge.level.fraction();
        let resampling = Resampling::seeded(self.study.scenario.seed);
        let size = if family.len() <= MOST_TOGETHER { family.len().max(1) } else { 1 };
        family.chunks(size).flat_map(|part| compare(part, level, resampling)).collect()
    }
}
