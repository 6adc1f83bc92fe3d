//! Sweeps: what a grid of points came to, each point against the baseline and against the best.

use super::compare::{RunInfo, direction, frame, guardrails, metric_text};
use super::design;
use super::guarded::{judged, level_among};
use super::journal::JournalError;
use super::metric_rows::of_row;
pub use super::plan::{Axis, Points};
use super::rows::{Status, SweepRows};
use super::summary::{Frame, Guarded, MetricText, ParameterColumn, SettingText};
use observation::metrics::{self, METRICS};
use scenario::study::Study;
use statistics::interval::Estimate;
use statistics::online::{OnlineMoments, OnlinePairs};
use statistics::paired::{Comparison, PairedDifference, compare};
use statistics::resample::Resampling;
use statistics::seen::Seen;
use statistics::verdict::{Direction, Margin, Verdict};

/// The most points whose intervals are made to hold together; beyond, each holds alone.
const MOST_TOGETHER: usize = 200;

/// The most numbers that are held at once to compare points; where there are more, they are seen and not kept.
const MOST_HELD: usize = 400_000;

/// A sweep's results.
#[derive(Clone, Debug)]
pub struct SweepSummary {
    pub frame: Frame,
    pub plan: Points,
    /// The paths that points set, as columns of data.
    pub parameters: Vec<ParameterColumn>,
    /// What stands in those columns in the rows of the baseline, which sets none of them.
    pub unset: SettingText,
    pub metrics: Vec<MetricText>,
    pub objective: usize,
    /// The baseline's metrics.
    pub baseline: Vec<Estimate>,
    /// In the order of the plan.
    pub points: Vec<Point>,
    /// The point with the best mean of the objective.
    pub best: Option<usize>,
    /// Its guardrails against the baseline's.
    pub guarded: Vec<Guarded>,
    /// Whether intervals of differences hold together, or each alone.
    pub together: bool,
    /// Whether points are worlds rather than policies.
    pub worlds: bool,
}

/// One point of the grid.
#[derive(Clone, Debug)]
pub struct Point {
    /// What each path is here, in their order; nothing where the point leaves it as it is.
    pub values: Vec<Option<String>>,
    /// The same as data.
    pub setting: SettingText,
    /// Runs that reached the horizon, that drowned in work, and in which the program failed.
    pub completed: usize,
    pub overran: usize,
    pub failed: usize,
    /// Every metric's mean over replications.
    pub estimates: Vec<Estimate>,
    /// The objective against the baseline, in paired replications.
    pub difference: PairedDifference,
    /// Whether it cannot be told from the best point.
    pub like_best: bool,
}

/// Summarises the rows of a study made of points, reading them point by point.
///
/// # Errors
/// When the rows cannot be read.
pub fn summarise(
    study: &Study,
    plan: &Points,
    rows: &SweepRows,
    stopped: bool,
    worlds: bool,
) -> Result<SweepSummary, JournalError> {
    let objective = metrics::find(&study.scenario.objective).expect("the scenario's metrics were checked");
    let direction = direction(objective);
    let level = study.scenario.judge.level.fraction();
    let judge = Judge { study, rows, objective, direction, level };
    let baseline = PointRuns::of(rows, 0, level)?;
    let mut fewest = baseline.all();
    let clock = &study.scenario.clock;
    let paths = plan.paths().into_iter().enumerate();
    let parameters: Vec<ParameterColumn> =
        paths.map(|(at, path)| design::column(path, &plan.values(at), clock)).collect();
    let mut points = Vec::with_capacity(study.timelines.len() - 1);
    for (at, difference) in judge.all(0)?.into_iter().enumerate() {
        let timeline = PointRuns::of(rows, at + 1, level)?;
        fewest = fewest.min(timeline.all());
        let values = plan.at(at);
        points.push(Point {
            setting: design::setting(&parameters, values.iter().copied(), clock),
            values: values.into_iter().map(|value| value.map(str::to_owned)).collect(),
            completed: timeline.completed,
            overran: timeline.overran,
            failed: timeline.failed,
            estimates: timeline.estimates,
            difference,
            like_best: false,
        });
    }
    let gain = |point: &Point| point.estimates[objective].mean * direction.sign();
    // What lies beyond the window has no mean that is known, so that nothing of it can be the best.
    let is_known = |point: &Point| gain(point).is_finite() && point.estimates[objective].beyond == 0;
    let known = points.iter().enumerate().filter(|(_, point)| is_known(point));
    let best = known.max_by(|(_, a), (_, b)| gain(a).total_cmp(&gain(b))).map(|(at, _)| at);
    if let Some(best) = best {
        judge.mark_like_best(&mut points, best)?;
    }
    let guarded = best.map_or(Ok(Vec::new()), |best| judge.guarded(best + 1))?;
    let asked = judge.replications();
    Ok(SweepSummary {
        frame: frame(study, fewest, RunInfo::fixed(asked, stopped)),
        plan: plan.clone(),
        unset: design::setting(&parameters, parameters.iter().map(|_| None), clock),
        parameters,
        metrics: (0..METRICS.len()).map(|at| metric_text(study, at)).collect(),
        objective,
        baseline: baseline.estimates,
        together: judge.family() == points.len(),
        points,
        best,
        guarded,
        worlds,
    })
}

/// What the replications of one timeline came to.
struct PointRuns {
    completed: usize,
    overran: usize,
    failed: usize,
    estimates: Vec<Estimate>,
}

impl PointRuns {
    fn of(rows: &SweepRows, timeline: usize, level: f64) -> Result<PointRuns, JournalError> {
        let mut running = vec![OnlineMoments::default(); METRICS.len()];
        let least: Vec<Option<usize>> = (0..METRICS.len()).map(metrics::least).collect();
        let mut beyond = vec![0; METRICS.len()];
        let (mut completed, mut overran, mut failed) = (0, 0, 0);
        rows.timeline(timeline, |_, row| {
            match row.status {
                Status::Ok => completed += 1,
                Status::Overrun => overran += 1,
                Status::Failed => failed += 1,
            }
            for (at, (running, beyond)) in running.iter_mut().zip(&mut beyond).enumerate() {
                let (value, lies) = of_row(&row.values, at, least[at]);
                running.see(value);
                *beyond += usize::from(lies);
            }
            Ok::<(), JournalError>(())
        })?;
        let estimates = running.iter().zip(beyond);
        let estimates = estimates.map(|(running, beyond)| running.estimate(level).at_least(beyond)).collect();
        Ok(PointRuns { completed, overran, failed, estimates })
    }

    /// Its replications, whatever became of them.
    fn all(&self) -> usize {
        self.completed + self.overran + self.failed
    }
}

#[derive(Clone, Copy)]
struct Judge<'a> {
    study: &'a Study,
    rows: &'a SweepRows,
    objective: usize,
    direction: Direction,
    level: f64,
}

impl Judge<'_> {
    /// Marks the points that these replications do not tell from the best, or that differ by less than matters.
    fn mark_like_best(&self, points: &mut [Point], best: usize) -> Result<(), JournalError> {
        let margin = Margin::Relative(self.study.scenario.judge.smallest_difference.fraction());
        for (point, difference) in points.iter_mut().zip(self.all(best + 1)?) {
            let same = difference.verdict(margin) == Verdict::PracticallySame;
            point.like_best = difference.n > 0 && (same || difference.simultaneous.contains(0.0));
        }
        Ok(())
    }

    /// What is known of each guardrail of the best timeline against the baseline's; of very long sweeps one by one.
    fn guarded(&self, best: usize) -> Result<Vec<Guarded>, JournalError> {
        let (metrics, among) = (guardrails(self.study), self.study.timelines.len() - 1);
        if metrics.len() * self.replications() <= MOST_HELD {
            let pair = |metric: &usize| Ok((self.rows.seen(best, *metric)?, self.rows.seen(0, *metric)?));
            let pairs: Vec<(Seen, Seen)> = metrics.iter().map(pair).collect::<Result<_, JournalError>>()?;
            return Ok(judged(self.study, &metrics, &pairs, among));
        }
        let margin = Margin::Relative(self.study.scenario.judge.smallest_difference.fraction());
        let level = level_among(self.study, among * metrics.len());
        let one = |metric: &usize| {
            let judge = Judge { objective: *metric, direction: direction(*metric), level, ..*self };
            let difference = judge.seen(best, 0)?;
            let title = metric_text(self.study, *metric).title;
            Ok(Guarded { title, word: difference.guardrail(margin), pairs: difference.n })
        };
        metrics.iter().map(one).collect()
    }

    /// Every point against one other timeline, as a family where it is small enough.
    fn all(&self, other: usize) -> Result<Vec<PairedDifference>, JournalError> {
        let points = self.study.timelines.len() - 1;
        if self.replications() > MOST_HELD {
            return (0..points).map(|point| self.seen(point + 1, other)).collect();
        }
        let other = self.rows.seen(other, self.objective)?;
        let resampling = Resampling::seeded(self.study.scenario.seed);
        let mut differences = Vec::with_capacity(points);
        for first in (0..points).step_by(self.family()) {
            let family = first..(first + self.family()).min(points);
            let columns: Vec<Seen> =
                family.map(|point| self.rows.seen(point + 1, self.objective)).collect::<Result<_, _>>()?;
            let of = |policy| Comparison { policy, baseline: &other, direction: self.direction };
            let family: Vec<Comparison<'_>> = columns.iter().map(of).collect();
            differences.extend(compare(&family, self.level, resampling));
        }
        Ok(differences)
    }

    /// One timeline against another, replication by replication, keeping none.
    fn seen(&self, timeline: usize, other: usize) -> Result<PairedDifference, JournalError> {
        let mut pairs = OnlinePairs::default();
        let see = |one, other| pairs.see(one, other, self.direction);
        self.rows.pairs(timeline, other, self.objective, see)?;
        Ok(pairs.report(self.direction, self.level))
    }

    fn replications(&self) -> usize {
        (self.rows.partition.replications.end - self.rows.partition.replications.start) as usize
    }

    /// How many points are judged together: all, or each alone.
    fn family(&self) -> usize {
        let points = self.study.timelines.len() - 1;
        let together = points <= MOST_TOGETHER && points * self.replications() <= MOST_HELD;
        if together { points.max(1) } else { 1 }
    }
}
