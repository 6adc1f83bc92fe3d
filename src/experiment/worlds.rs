//! Worlds: plausible organisations drawn from ranges, each lived under every policy on the same luck.

use super::design::{Place, Prior, Space};
use super::lost::Lost;
use super::plausible::{Criterion, left, measured};
use super::replicate::{Lived, replicate, watch_past};
use super::run::Conduct;
use kernel::units::Ticks;
use observation::metrics::METRICS;
use observation::outcome::Outcome;
use rayon::prelude::*;
use scenario::study::{Setting, Study, Worlds};
use std::sync::atomic::Ordering;

/// The metrics of one life under one course; nothing where it drowned in work.
pub type Metrics = Option<Vec<f64>>;

/// One organisation that was drawn, and what became of it.
#[derive(Clone, Debug)]
pub struct World {
    pub number: usize,
    /// The value of each parameter; nothing where it does not exist.
    pub places: Vec<Option<Place>>,
    pub fate: Fate,
    /// What its past came to, by criterion; empty where it was not watched.
    pub past: Vec<f64>,
    /// (replication, metrics by course), in order.
    pub lives: Vec<(u64, Vec<Metrics>)>,
    /// The replications in which the program failed, with the course and the reason; they have no metrics either.
    pub failed: Vec<(u64, usize, String)>,
}

/// Whether a world is judged.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// It was lived, and its past is plausible.
    Judged,
    /// Its past leaves these criteria; true above. Its lives were lived all the same.
    Implausible(Vec<(usize, bool)>),
    /// It is no organisation that can be lived: why.
    Refused(String),
    /// It drowned in work before policies parted, or under the baseline.
    Drowned,
    /// The program failed before policies parted, or under the baseline: why.
    Failed(String),
}

impl World {
    /// Why the program failed in a replication under a course, if it did.
    pub fn failure(&self, number: u64, course: usize) -> Option<&str> {
        let of = |failed: &&(u64, usize, String)| (failed.0, failed.1) == (number, course);
        self.failed.iter().find(of).map(|(_, _, reason)| reason.as_str())
    }

    /// Its fate as a word and a reason.
    pub fn told(&self, criteria: &[Criterion]) -> (&'static str, String) {
        match &self.fate {
            Fate::Judged => ("judged", String::new()),
            Fate::Drowned => ("drowned", "more work came than the life can hold".to_owned()),
            Fate::Refused(reason) => ("refused", reason.clone()),
            Fate::Failed(reason) => ("failed", reason.clone()),
            Fate::Implausible(outside) => {
                let words = outside.iter().map(|(at, above)| super::robust::reason(&criteria[*at], *above));
                ("set aside", words.collect::<Vec<_>>().join("; "))
            }
        }
    }
}

/// What is lived of each world.
pub struct Plan<'a> {
    pub worlds: &'a Worlds<'a>,
    pub space: &'a Space,
    /// Lives per world and course.
    pub lives: u64,
    pub criteria: &'a [Criterion],
    /// Whether each world has luck of its own, rather than all the same: then luck averages out over worlds.
    pub own_luck: bool,
}

/// The values of every world of a design.
pub fn drawn(study: &Study, space: &Space, points: &[Vec<f64>], prior: Prior) -> Vec<Vec<Option<Place>>> {
    let fixed = |path: &str| super::assumptions::value_at(&study.document, path);
    points.iter().map(|point| space.places(point, prior, fixed)).collect()
}

/// Lives every world; those not begun before a stop are missing.
///
/// # Errors
/// When no threads can be had.
pub fn live(
    plan: &Plan<'_>,
    drawn: Vec<Vec<Option<Place>>>,
    conduct: &Conduct<'_>,
) -> Result<Vec<World>, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(conduct.threads.unwrap_or(0)).build()?;
    let lived: Vec<Option<World>> = pool.install(|| {
        let worlds = drawn.into_par_iter().enumerate().with_max_len(1).map(|(number, places)| {
            if conduct.stop.load(Ordering::Relaxed) {
                return None;
            }
            let world = one(plan, number, places);
            (conduct.done)();
            Some(world)
        });
        worlds.collect()
    });
    Ok(lived.into_iter().flatten().collect())
}

fn one(plan: &Plan<'_>, number: usize, places: Vec<Option<Place>>) -> World {
    let settings: Vec<Setting> = plan.space.settings(&places);
    let mut world =
        World { number, places, fate: Fate::Judged, past: Vec::new(), lives: Vec::new(), failed: Vec::new() };
    let study = match plan.worlds.with(&settings) {
        Ok(study) => study,
        Err(refusal) => {
            let first = refusal.problems.iter().next();
            let path = first.and_then(|problem| problem.path.clone()).unwrap_or_default();
            let message = first.map_or("", |problem| problem.message.as_str());
            world.fate = Fate::Refused(format!("{path} {message}").trim().to_owned());
            return world;
        }
    };
    let begin = if plan.own_luck { number as u64 * plan.lives } else { 0 };
    let numbers = begin..begin + plan.lives;
    if !plan.criteria.is_empty() && study.past > Ticks::ZERO {
        let year = Ticks::from_hours(study.scenario.clock.days_per_year * study.scenario.clock.hours_per_day);
        let pasts: Result<Vec<Outcome>, _> = numbers
            .clone()
            .map(|number| watch_past(&study, number, year).map_err(|lost| (number, lost)))
            .collect();
        match pasts {
            Err((_, Lost::Overrun(_))) => {
                world.fate = Fate::Drowned;
                return world;
            }
            Err((number, Lost::Failed(reason))) => {
                world.failed.push((number, 0, reason.clone()));
                world.fate = Fate::Failed(reason);
                return world;
            }
            Ok(pasts) => world.past = measured(plan.criteria, &pasts),
        }
        let outside = left(plan.criteria, &world.past);
        if !outside.is_empty() {
            world.fate = Fate::Implausible(outside);
        }
    }
    for number in numbers {
        let mut metrics = |(course, lived): (usize, Lived)| match lived {
            Ok(Outcome { mut values, .. }) => {
                values.truncate(METRICS.len());
                Some(values)
            }
            Err(Lost::Overrun(_)) => None,
            Err(Lost::Failed(reason)) => {
                world.failed.push((number, course, reason));
                None
            }
        };
        let lives = replicate(&study, number).into_iter().enumerate().map(&mut metrics).collect();
        world.lives.push((number, lives));
    }
    if world.fate == Fate::Judged {
        world.fate = under_the_baseline(&world);
    }
    world
}

/// What a world with a plausible past came to under its baseline.
fn under_the_baseline(world: &World) -> Fate {
    let lost = world.lives.iter().filter(|(_, courses)| courses[0].is_none());
    let mut reasons = lost.map(|(number, _)| world.failure(*number, 0));
    match reasons.next() {
        None => Fate::Judged,
        Some(Some(reason)) => Fate::Failed(reason.to_owned()),
        Some(None) => Fate::Drowned,
    }
}
