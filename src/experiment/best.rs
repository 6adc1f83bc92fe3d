//! The best mix of levers for a given cost: a search over mixes on the same random numbers, and a judgement on other
//! replications.

mod search;

pub use search::{ALL_MIXES, Mix, Search, Tried};

use super::compare::{RunInfo, summarise};
use super::metric_rows::{MetricRow, column, seen};
use super::plan::Axis;
use super::run::ReplicationResults;
use super::summary::best::{BestSummary, TriedMix};
use observation::metrics::{self, METRICS};
use scenario::study::{Refusal, Setting, Study};
use scenario::tables::LeverTable;
use statistics::interval::Estimate;
use statistics::moments::{mean, present};
use statistics::paired::{Comparison, PairedDifference, compare};
use statistics::resample::Resampling;
use statistics::verdict::Direction;
use std::path::Path;

/// A lever, and where it may stand beside where it stands today.
#[derive(Clone, Debug)]
pub struct MixLever {
    pub name: String,
    pub positions: Vec<Position>,
}

/// What a lever sets at one position, and what that costs a year beside what is simulated, in engineer-months.
#[derive(Clone, Debug)]
pub struct Position {
    pub settings: Vec<Setting>,
    pub cost: f64,
}

impl MixLever {
    /// `PATH=VALUES`: a lever of its own, called by its path, whose cost is all simulated.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn read(argument: &str) -> Result<MixLever, String> {
        let axis = Axis::read(argument)?;
        MixLever::of(axis.path.clone(), &[axis], &[])
    }

    /// # Errors
    /// What is wrong with it, as a sentence.
    pub fn written(name: &str, table: &LeverTable) -> Result<MixLever, String> {
        let axes = table.set.iter().map(|(path, values)| Axis::written(path, values));
        MixLever::of(name.to_owned(), &axes.collect::<Result<Vec<_>, _>>()?, &table.costs)
    }

    fn of(name: String, axes: &[Axis], costs: &[f64]) -> Result<MixLever, String> {
        let count = axes.first().map_or(0, |axis| axis.values.len());
        if count == 0 || axes.iter().any(|axis| axis.values.len() != count) {
            return Err(format!("lever {name}: each path needs the same number of values, and at least one"));
        }
        if !costs.is_empty() && (costs.len() != count || costs.iter().any(|cost| !cost.is_finite())) {
            return Err(format!("lever {name}: it needs {count} costs, one for each position"));
        }
        let position = |at: usize| Position {
            settings: axes.iter().map(|axis| (axis.path.clone(), axis.values[at].clone())).collect(),
            cost: costs.get(at).copied().unwrap_or(0.0),
        };
        Ok(MixLever { name, positions: (0..count).map(position).collect() })
    }

    /// What a position is called: by the lever alone where there is no other.
    fn called(&self, at: usize) -> String {
        let value = &self.positions[at].settings[0].1;
        if self.positions.len() == 1 { self.name.clone() } else { format!("{} {value}", self.name) }
    }
}

/// The positions that a mix moves levers to.
fn moved<'a>(levers: &'a [MixLever], mix: &'a Mix) -> impl Iterator<Item = (&'a MixLever, usize)> {
    levers.iter().zip(mix).filter_map(|(lever, at)| Some((lever, at.checked_sub(1)?)))
}

/// What a mix is called.
pub fn called(levers: &[MixLever], mix: &Mix) -> String {
    let names: Vec<String> = moved(levers, mix).map(|(lever, at)| lever.called(at)).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(" + ") }
}

/// The study in which each mix is a timeline of its own.
///
/// # Errors
/// When the scenario refuses a mix.
pub fn study(of: &Study, folder: &Path, levers: &[MixLever], mixes: &[Mix]) -> Result<Study, Box<Refusal>> {
    let settings =
        |mix: &Mix| moved(levers, mix).flat_map(|(lever, at)| lever.positions[at].settings.clone()).collect();
    let points: Vec<Vec<Setting>> = mixes.iter().map(settings).collect();
    let mut study = of.clone().with_points(folder.to_owned(), &points, false)?;
    for (timeline, mix) in study.timelines[1..].iter_mut().zip(mixes) {
        timeline.name = called(levers, mix);
    }
    Ok(study)
}

/// What a mix costs over the horizon beside what is simulated, in engineer-months.
fn stated(study: &Study, levers: &[MixLever], mix: &Mix) -> f64 {
    let clock = &study.scenario.clock;
    let years = study.horizon.hours() / (clock.days_per_year * clock.hours_per_day);
    years * moved(levers, mix).map(|(lever, at)| lever.positions[at].cost).sum::<f64>()
}

fn objective(study: &Study) -> usize {
    metrics::find(&study.scenario.objective).expect("the scenario's metrics were checked")
}

fn cost() -> usize {
    metrics::find("cost").expect("a metric of the register")
}

fn direction(study: &Study) -> Direction {
    METRICS[objective(study)].better.unwrap_or(Direction::HigherIsBetter)
}

/// What the replications of the search say of each mix.
pub fn measured(study: &Study, levers: &[MixLever], mixes: &[Mix], kept: &[MetricRow]) -> Vec<Tried> {
    let difference = |timeline: usize, metric: usize| {
        let (mix, nothing) = (column(kept, timeline, metric), column(kept, 0, metric));
        // A mix whose objective lies beyond the window in some replication has no gain to be chosen by.
        if mix.count_beyond() > 0 {
            return f64::NAN;
        }
        let pairs: Vec<f64> =
            mix.values.iter().zip(&nothing.values).map(|(mix, nothing)| mix - nothing).collect();
        mean(&present(&pairs))
    };
    let tried = |(at, mix): (usize, &Mix)| Tried {
        mix: mix.clone(),
        gain: difference(at + 1, objective(study)) * direction(study).sign(),
        cost: difference(at + 1, cost()) + stated(study, levers, mix),
    };
    mixes.iter().enumerate().map(tried).collect()
}

/// Judges the mixes that the search ended with by replications that it has not seen.
pub fn finish(
    study: &Study,
    levers: &[MixLever],
    search: &Search,
    completed: &[ReplicationResults],
) -> BestSummary {
    let last = search.last();
    let summary = summarise(study, completed, RunInfo::fixed(completed.len(), false));
    let place = |mix: &Mix| last.iter().position(|other| other == mix).map_or(0, |at| at + 1);
    let best = place(&search.best().mix);
    let runner_up = search.runner_up().map(|tried| place(&tried.mix));
    let (gain, ahead) = judged(study, completed, best, runner_up);
    let costs = std::iter::once(0.0).chain(last.iter().map(|mix| stated(study, levers, mix)));
    let costs = costs.zip(&summary.policies).map(|(stated, policy)| {
        let simulated = policy.against.as_ref().map(|against| against.explored[cost()].difference);
        let zero = Estimate { mean: 0.0, low: 0.0, high: 0.0, ..policy.estimates[cost()] };
        let estimate = simulated.unwrap_or(zero);
        Estimate {
            mean: estimate.mean + stated,
            low: estimate.low + stated,
            high: estimate.high + stated,
            ..estimate
        }
    });
    let tried = |tried: &Tried| TriedMix {
        name: called(levers, &tried.mix),
        gain: tried.gain,
        cost: tried.cost,
        affordable: search.affords(tried),
    };
    BestSummary {
        budget: search.budget,
        levers: levers.len(),
        mixes: search.mixes(),
        all: search.tries_all(),
        tried: search.tried.iter().map(tried).collect(),
        costs: costs.collect(),
        best,
        runner_up,
        gain,
        ahead,
        summary,
    }
}

/// The best mix against doing nothing and against the runner-up, as one family.
fn judged(
    study: &Study,
    completed: &[ReplicationResults],
    best: usize,
    runner_up: Option<usize>,
) -> (Option<PairedDifference>, Option<PairedDifference>) {
    let column = |timeline: usize| {
        let runs = completed.iter().map(|one| one.runs[timeline].as_ref().ok());
        seen(
            objective(study),
            runs.map(|replication| replication.map(|replication| replication.values.as_slice())),
        )
    };
    let others: Vec<usize> = [Some(0), runner_up.filter(|at| *at != 0)].into_iter().flatten().collect();
    let others: Vec<usize> = others.into_iter().filter(|at| *at != best).collect();
    let (policy, columns) = (column(best), others.iter().map(|at| column(*at)).collect::<Vec<_>>());
    let family: Vec<Comparison<'_>> = columns
        .iter()
        .map(|baseline| Comparison { policy: &policy, baseline, direction: direction(study) })
        .collect();
    if family.is_empty() {
        return (None, None);
    }
    let level = study.scenario.judge.level.fraction();
    let found = compare(&family, level, Resampling::seeded(study.scenario.seed));
    let of = |timeline: Option<usize>| Some(found[others.iter().position(|at| Some(*at) == timeline)?]);
    (of(Some(0)), of(runner_up))
}
