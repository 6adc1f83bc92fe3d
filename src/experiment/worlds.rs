//! Worlds: plausible organisations drawn from ranges, each run under every policy on the same random numbers.

use super::design::{ParameterValue, Prior, Space};
use super::lost::Lost;
use super::plausible::{Criterion, left, measured};
use super::replicate::{RunResult, replicate, watch_past};
use super::run::{RunOptions, each_recorded_of};
use kernel::units::Ticks;
use observation::metrics::{self, METRICS};
use observation::outcome::Outcome;
use scenario::study::{ParameterDraws, Setting, Study};
use serde::{Deserialize, Serialize};
use statistics::moments;

/// The metrics of one replication under one timeline; nothing where it drowned in work.
pub type Metrics = Option<Vec<f64>>;

/// One organisation that was drawn, and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ParameterDraw {
    pub number: usize,
    /// The value of each parameter; nothing where it does not exist.
    pub places: Vec<Option<ParameterValue>>,
    pub fate: DrawFate,
    /// What its past came to, by criterion; empty where it was not watched.
    pub past: Vec<f64>,
    /// (replication, metrics by timeline), in order.
    pub runs: Vec<(u64, Vec<Metrics>)>,
    /// The replications in which the program failed, with the timeline and the reason; they have no metrics either.
    pub failed: Vec<(u64, usize, String)>,
}

/// Whether a world is judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum DrawFate {
    /// It was run, and its past is plausible.
    Judged,
    /// Its past leaves these criteria; true above. Its replications were run all the same, unless only those judged were
    /// asked for.
    Implausible(Vec<(usize, bool)>),
    /// It is no organisation that can be run: why.
    Refused(String),
    /// It drowned in work before policies parted, or under the baseline.
    Drowned,
    /// The program failed before policies parted, or under the baseline: why.
    Failed(String),
}

impl ParameterDraw {
    /// Why the program failed in a replication under a timeline, if it did.
    pub fn failure(&self, number: u64, timeline: usize) -> Option<&str> {
        let of = |failed: &&(u64, usize, String)| (failed.0, failed.1) == (number, timeline);
        self.failed.iter().find(of).map(|(_, _, reason)| reason.as_str())
    }

    /// Its fate as a word and a reason.
    pub fn told(&self, criteria: &[Criterion]) -> (&'static str, String) {
        match &self.fate {
            DrawFate::Judged => ("judged", String::new()),
            DrawFate::Drowned => ("overrun", "more work than the simulator holds".to_owned()),
            DrawFate::Refused(reason) => ("refused", reason.clone()),
            DrawFate::Failed(reason) => ("failed", reason.clone()),
            DrawFate::Implausible(outside) => {
                let words = outside.iter().map(|(at, above)| super::robust::reason(&criteria[*at], *above));
                ("set aside", words.collect::<Vec<_>>().join("; "))
            }
        }
    }
}

/// What is run of each world.
pub struct DrawPlan<'a> {
    pub worlds: &'a ParameterDraws<'a>,
    pub space: &'a Space,
    /// Replications per world and timeline.
    pub runs: u64,
    pub criteria: &'a [Criterion],
    /// Whether each world has random numbers of its own, rather than all the same: then noise averages out over worlds.
    pub own_streams: bool,
    /// Whether those whose past is not plausible are left at that, where nothing is told of what policies do there.
    pub judged_only: bool,
}

/// The values of every world of a design.
pub fn drawn(
    study: &Study,
    space: &Space,
    points: &[Vec<f64>],
    prior: Prior,
) -> Vec<Vec<Option<ParameterValue>>> {
    let fixed = |path: &str| super::assumptions::value_at(&study.document, path);
    points.iter().map(|point| space.places(point, prior, fixed)).collect()
}

/// Runs every world; those not begun before a stop are missing.
///
/// # Errors
/// When no threads can be had.
pub fn simulate(
    plan: &DrawPlan<'_>,
    drawn: Vec<Vec<Option<ParameterValue>>>,
    run_options: &RunOptions<'_>,
) -> Result<Vec<ParameterDraw>, rayon::ThreadPoolBuildError> {
    let numbered = drawn.into_iter().enumerate().collect();
    // Numbers that were fitted together, or listed, come from a file, which may have changed since.
    let is_of = |(_, places): &(usize, Vec<Option<ParameterValue>>), found: &ParameterDraw| {
        places.len() == found.places.len()
            && places.iter().zip(&found.places).all(|(asked, found)| same(asked, found))
    };
    each_recorded_of(numbered, run_options, is_of, |(number, places)| one(plan, number, places))
}

/// Whether two values are written alike and are the same number, or none.
fn same(one: &Option<ParameterValue>, other: &Option<ParameterValue>) -> bool {
    let bits = |value: &'_ Option<ParameterValue>| {
        value.as_ref().map(|value| (value.text.clone(), value.number.to_bits()))
    };
    bits(one) == bits(other)
}

fn one(plan: &DrawPlan<'_>, number: usize, places: Vec<Option<ParameterValue>>) -> ParameterDraw {
    let mut world = ParameterDraw {
        number,
        places,
        fate: DrawFate::Judged,
        past: Vec::new(),
        runs: Vec::new(),
        failed: Vec::new(),
    };
    let Some(mut study) = made(plan, &mut world) else { return world };
    let begin = if plan.own_streams { number as u64 * plan.runs } else { 0 };
    let numbers = begin..begin + plan.runs;
    if !plan.criteria.is_empty() && study.past > Ticks::ZERO {
        let Some(past) = watched(plan, &study, numbers.clone(), &mut world) else { return world };
        world.past = past;
        if keep(plan, &mut world) {
            let Some(again) = made(plan, &mut world) else { return world };
            study = again;
        }
        let outside = left(plan.criteria, &world.past);
        if !outside.is_empty() {
            world.fate = DrawFate::Implausible(outside);
            if plan.judged_only {
                return world;
            }
        }
    }
    for number in numbers {
        let mut metrics = |(timeline, completed): (usize, RunResult)| match completed {
            Ok(Outcome { mut values, .. }) => {
                values.truncate(METRICS.len());
                Some(values)
            }
            Err(Lost::Overrun(_)) => None,
            Err(Lost::Failed(reason)) => {
                world.failed.push((number, timeline, reason));
                None
            }
        };
        let runs = replicate(&study, number).into_iter().enumerate().map(&mut metrics).collect();
        world.runs.push((number, runs));
    }
    if world.fate == DrawFate::Judged {
        world.fate = under_the_baseline(plan, &world);
    }
    world
}

/// The study with a world's values; nothing where they make no organisation, which is then its fate.
fn made(plan: &DrawPlan<'_>, world: &mut ParameterDraw) -> Option<Study> {
    let settings: Vec<Setting> = plan.space.settings(&world.places);
    match plan.worlds.with(&settings) {
        Ok(study) => Some(study),
        Err(refusal) => {
            let first = refusal.problems.iter().next();
            let path = first.and_then(|problem| problem.path.clone()).unwrap_or_default();
            let message = first.map_or("", |problem| problem.message.as_str());
            world.fate = DrawFate::Refused(format!("{path} {message}").trim().to_owned());
            None
        }
    }
}

/// What the last year of its past comes to, by criterion; nothing where it has none, which is then its fate.
fn watched(
    plan: &DrawPlan<'_>,
    study: &Study,
    numbers: std::ops::Range<u64>,
    world: &mut ParameterDraw,
) -> Option<Vec<f64>> {
    let year = Ticks::from_hours(study.scenario.clock.days_per_year * study.scenario.clock.hours_per_day);
    let past = |number| watch_past(study, number, year).map_err(|lost| (number, lost));
    let pasts: Result<Vec<Outcome>, _> = numbers.map(past).collect();
    match pasts {
        Err((_, Lost::Overrun(_))) => world.fate = DrawFate::Drowned,
        Err((number, Lost::Failed(reason))) => {
            world.failed.push((number, 0, reason.clone()));
            world.fate = DrawFate::Failed(reason);
        }
        Ok(pasts) => return Some(measured(plan.criteria, &pasts)),
    }
    None
}

/// Draws what keeps a figure of the past again, where the past leaves that figure and some of its range would keep it; the
/// past is the same but for the figure.
fn keep(plan: &DrawPlan<'_>, world: &mut ParameterDraw) -> bool {
    let mut changed = false;
    for (of, parameter) in plan.space.parameters.iter().enumerate() {
        let Some(keeps) = parameter.keeps.as_deref().and_then(metrics::find) else { continue };
        let is = |criterion: &Criterion| metrics::find(&criterion.name) == Some(keeps);
        let Some(at) = plan.criteria.iter().position(is) else { continue };
        let (criterion, seen) = (&plan.criteria[at], world.past[at]);
        let ends = [criterion.low, criterion.high];
        let before = world.places[of].as_ref().map_or(f64::NAN, |place| place.number);
        if let Some(value) = plan.space.keeping(of, &world.places, seen, ends) {
            world.past[at] = seen * before / value.number;
            world.places[of] = Some(value);
            changed = true;
        }
    }
    changed
}

/// What a world with a plausible past came to under its baseline. One whose baseline goes on to cost more than it earns is
/// no organisation that a board would go on with, however it looked before: it is set aside like one that drowned.
fn under_the_baseline(plan: &DrawPlan<'_>, world: &ParameterDraw) -> DrawFate {
    let lost = world.runs.iter().filter(|(_, timelines)| timelines[0].is_none());
    let mut reasons = lost.map(|(number, _)| world.failure(*number, 0));
    match reasons.next() {
        None => {}
        Some(Some(reason)) => return DrawFate::Failed(reason.to_owned()),
        Some(None) => return DrawFate::Drowned,
    }
    let is_return = |criterion: &Criterion| criterion.name == "value per cost";
    match plan.criteria.iter().position(is_return) {
        Some(at) if baseline_mean(world, "value") < 0.0 => DrawFate::Implausible(vec![(at, false)]),
        _ => DrawFate::Judged,
    }
}

/// The mean of a metric under the baseline, over the replications that have it.
fn baseline_mean(world: &ParameterDraw, name: &str) -> f64 {
    let Some(metric) = metrics::find(name) else { return f64::NAN };
    let values: Vec<f64> =
        world.runs.iter().filter_map(|(_, timelines)| Some(timelines[0].as_ref()?[metric])).collect();
    moments::mean(&moments::present(&values))
}
