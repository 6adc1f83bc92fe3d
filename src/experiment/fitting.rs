//! Fitting: organisations drawn from their ranges are simulated as long as a history is, and looked at as it is.
//!
//! Drawing is that of `robust` ([`super::worlds`]), what records come to is the [`fit`] crate's; here the one is put into
//! the other. Nothing is judged: a history says by itself which organisations are like it.

pub mod answer;
pub mod base;
pub mod calibration;
pub mod open;
pub mod summary;
pub mod text;

use super::design::{self, Method, ParameterValue, Plea, Prior, Space};
use super::recorded::Recordable;
use super::replicate::{Watched, follow};
use super::run::{RunOptions, each_recorded};
use super::worlds;
use base::Base;
use fit::figures::{Figure, Known, figures};
use fit::records::{
    Calendar, Class, Incident, Item, Moment, Records, Reviewed, Rhythms, Stated, Way, meaning_of, people,
    reviewed,
};
use kernel::units::Ticks;
use notation::WorkCalendar;
use observation::tracker::{self, End, Tracked, TrackedIncident, TrackedItem, Tracker};
use scenario::study::{Amendments, ParameterDraws, Study};
use std::path::PathBuf;

/// Weeks that an organisation goes on before it is looked at, so that what is open is what is usual.
const PAST_WEEKS: f64 = 50.0;

/// Numbers that a tracker could tell of, which are fitted together: each with why. All others keep their ranges.
pub const FITTED: [(&str, &str); 14] = [
    ("team.*.engineers", "people with an item that begins or ends, a week"),
    (
        "team.*.attention",
        "only together with the size of items: twice the time for items of twice the size shows the same",
    ),
    ("team.*.wander.cv", "how unevenly items are delivered"),
    ("team.*.share.health", "upkeep, where the tracker tells it apart"),
    ("team.*.wip.initiatives.per_head", "initiatives in progress"),
    ("team.*.wip.items", "items in progress, and their times"),
    ("work.feature.arrivals.load", "what is asked for beside what is delivered, and how open work grows"),
    ("work.feature.size.lognormal.mean", "items delivered by as many people"),
    ("work.feature.initiative.size.lognormal.mean", "items of an initiative, and how many come at once"),
    ("work.feature.initiative.in_order", "how many items of an initiative are in progress at once"),
    ("work.feature.backlog_limit", "what is created and not begun"),
    ("work.feature.patience", "the age at which items are dropped"),
    ("work.health.size.lognormal.mean", "upkeep delivered, and its times"),
    ("work.bug.arrivals.after.count.poisson.mean", "bugs beside what is delivered"),
];

/// Numbers of which deployments and incidents could tell, which are fitted where these are known. Of ambient failures only how many
/// there are is seen, which is one number over another; of the four phases of an incident only what they come to.
pub const OPERATED: [(&str, &str); 7] = [
    (BASE, "deployments after which an incident began"),
    ("incidents.ambient.gaps.weibull.mean", "incidents that no deployment brought about"),
    ("incidents.ambient.chance", "incidents that no deployment brought about"),
    ("incidents.detection.lognormal.median", RECOVERY),
    ("incidents.response.lognormal.median", RECOVERY),
    ("incidents.mitigation.lognormal.median", RECOVERY),
    ("incidents.recovery.lognormal.median", RECOVERY),
];
/// A number of which moves could tell, which is fitted where these are known: with what a review finds of faults it makes up what is
/// sent back.
pub const REVIEWED: [(&str, &str); 1] = [(SENT_BACK, "items sent back from their first review")];
const BASE: &str = "failure.base";
const SENT_BACK: &str = "stage.review.failure.probability";
const RECOVERY: &str = "the time to recovery, with the other three phases of an incident";

/// The numbers that are fitted to what is known.
pub fn asked(known: &Known) -> impl Iterator<Item = &'static (&'static str, &'static str)> + use<> {
    let Known { failures, incidents, recovery, reviewed, .. } = *known;
    let told = move |(path, why): &&(&str, &str)| match *path {
        BASE => failures,
        SENT_BACK => reviewed,
        _ if *why == RECOVERY => recovery,
        _ => incidents,
    };
    FITTED.iter().chain(OPERATED.iter().chain(&REVIEWED).filter(told))
}

/// What of a history is fitted to.
#[derive(Clone, Debug)]
pub struct Facts {
    pub records: Records,
    pub weeks: usize,
    pub known: Known,
    pub team: String,
    /// How many engineers there are, where somebody says.
    pub engineers: Option<u32>,
    pub rhythms: Rhythms,
}

impl Facts {
    /// What the last weeks of these records tell.
    pub fn of(records: Records, weeks: usize, team: &str, engineers: Option<u32>) -> Facts {
        let known = Known::of(&records, weeks);
        Facts { known, records, weeks, team: team.to_owned(), engineers, rhythms: Rhythms::default() }
    }

    /// Its figures.
    pub fn figures(&self) -> Vec<Figure> {
        figures(&self.records, self.weeks, self.known)
    }
}

/// A range of organisations that could have this history.
pub struct Setup {
    pub study: Study,
    pub space: Space,
    pub base: Base,
    /// Where in the space the fitted numbers are.
    pub fitted: Vec<usize>,
    pub weeks: usize,
    pub known: Known,
}

impl Setup {
    /// The organisations that `typical` and these facts leave possible.
    ///
    /// # Errors
    /// What is wrong with the scenario that they make, as a sentence.
    pub fn of(facts: &Facts, seed: u64) -> Result<Setup, String> {
        Setup::around(Base::of(facts), facts.weeks, facts.known, seed)
    }

    /// The organisations that a base leaves possible.
    ///
    /// # Errors
    /// As [`Setup::of`].
    pub fn around(base: Base, weeks: usize, known: Known, seed: u64) -> Result<Setup, String> {
        let (mut study, _) =
            Study::from_text("fit.toml", base.scenario().as_bytes(), PathBuf::new(), &Amendments::default())
                .map_err(|refusal| {
                    let first = refusal.problems.iter().next();
                    first.map_or_else(
                        || "nothing could be drawn".to_owned(),
                        |problem| problem.message.clone(),
                    )
                })?;
        study.scenario.seed = seed;
        let calendar = study.scenario.clock;
        let hold = base.held().map(|(path, _)| path.to_owned()).collect();
        let (parameters, _) = design::found(&study.document, &Plea { hold, ..Plea::default() }, &calendar);
        let space = Space { parameters, calendar };
        let at = |path: &&str| space.parameters.iter().position(|parameter| parameter.path == **path);
        let fitted = asked(&known).map(|(path, _)| path).filter_map(at).collect();
        Ok(Setup { study, space, base, fitted, weeks, known })
    }

    /// The numbers that are drawn together: those that are fitted, and all others that can go with them. Choices, what matters
    /// under a condition only, and what is bound to another number are drawn anew each time; so is value, of which no
    /// tracker knows.
    pub fn joint(&self) -> impl Iterator<Item = usize> + '_ {
        let goes_along = |parameter: &design::Parameter| {
            matches!(parameter.kind, design::Kind::Number { .. })
                && parameter.when.is_empty()
                && parameter.companions.is_empty()
                && parameter.keeps.is_none()
                && !parameter.path.starts_with("value.")
        };
        (0..self.space.parameters.len()).filter(move |of| goes_along(&self.space.parameters[*of]))
    }

    /// Points that fill the ranges.
    ///
    /// # Errors
    /// When there cannot be so many, as a sentence.
    pub fn points(&self, count: usize, seed: u64) -> Result<Vec<Vec<f64>>, String> {
        design::points(Method::LatinHypercube, count, self.space.parameters.len(), seed)
    }

    /// The values that points stand for.
    pub fn drawn(&self, points: &[Vec<f64>]) -> Vec<Vec<Option<ParameterValue>>> {
        worlds::drawn(&self.study, &self.space, points, Prior::Whole)
    }
}

/// Simulates one replication of each organisation, and keeps of its records what `keep` makes of them: nothing of one that
/// cannot be, or is overloaded. Those not begun before a stop are missing; replications are numbered from `first`, and go on
/// for `weeks` after their past.
///
/// # Errors
/// When no threads can be had.
pub fn simulate<T: Send + Recordable>(
    setup: &Setup,
    weeks: usize,
    points: &[Vec<f64>],
    first: u64,
    run_options: &RunOptions<'_>,
    keep: impl Fn(Records) -> T + Sync,
) -> Result<Vec<Option<T>>, rayon::ThreadPoolBuildError> {
    let draws = ParameterDraws::of(&setup.study, PathBuf::new());
    let numbered = (first..).zip(setup.drawn(points)).collect();
    let make = |(number, places): (u64, Vec<Option<ParameterValue>>)| {
        records_of(setup, &draws, weeks, &places, number).map(&keep)
    };
    each_recorded(numbered, run_options, make)
}

/// The records of one replication of the organisation at a point; nothing where [`simulate`] has nothing.
pub fn records_at(setup: &Setup, weeks: usize, point: &[f64], number: u64) -> Option<Records> {
    let draws = ParameterDraws::of(&setup.study, PathBuf::new());
    let places = setup.drawn(&[point.to_vec()]).swap_remove(0);
    records_of(setup, &draws, weeks, &places, number)
}

/// A past, and then as many weeks as are asked for.
fn records_of(
    setup: &Setup,
    draws: &ParameterDraws<'_>,
    weeks: usize,
    places: &[Option<ParameterValue>],
    number: u64,
) -> Option<Records> {
    let mut study = draws.with(&setup.space.settings(places)).ok()?;
    let clock = study.scenario.clock;
    let week = clock.hours_per_day * clock.days_per_week;
    study.past = Ticks::from_hours(PAST_WEEKS * week);
    study.warmup = Ticks::ZERO;
    study.horizon = Ticks::from_hours(weeks as f64 * week);
    let mut tracker = Tracker::default();
    follow(Watched::All, &study, study.baseline(), number, &mut tracker).ok()?;
    Some(records(&tracker.tracked(), &clock, (study.past + study.horizon).hours()))
}

/// What a replication's tracker comes to; the replication begins on a Monday and has run for so many hours.
pub fn records(tracked: &Tracked, clock: &WorkCalendar, hours: f64) -> Records {
    let items = &tracked.items;
    let day = |hours: f64| (hours / clock.hours_per_day).floor() as i64;
    let a_week = clock.days_per_week as i64;
    let reviewed = reviews(tracked, day);
    let item = |(item, reviewed): (&TrackedItem, &Option<Reviewed>)| Item {
        class: Class::of_kind(&item.kind),
        created: Some(day(item.created)),
        started: item.started.map(day),
        ended: item.ended.map(|(at, _)| day(at)),
        delivered: matches!(item.ended, Some((_, End::Done))),
        parent: item.parent,
        reviewed: *reviewed,
    };
    let began_or_ended = items.iter().flat_map(|item| {
        let days = [item.started, item.ended.map(|(at, _)| at)];
        days.into_iter().flatten().filter_map(move |at| Some((day(at), item.person?)))
    });
    let moved = items.iter().flat_map(|item| {
        let stood = item.moves.iter().map(|one| one.at);
        let days = stood.chain(item.started).chain(item.ended.map(|(at, _)| at));
        days.filter_map(move |at| Some((day(at), item.person?)))
    });
    let (deployments, incidents) = operated(tracked, clock);
    Records {
        deployments,
        incidents,
        has_hours: true,
        people: people(began_or_ended, a_week),
        moving: people(moved, a_week),
        has_moves: true,
        items: items.iter().zip(&reviewed).map(item).collect(),
        today: (hours / clock.hours_per_day).ceil() as i64,
        a_week,
    }
}

/// How first reviews ended, by item: read off the columns as of any tracker.
fn reviews(tracked: &Tracked, day: impl Fn(f64) -> i64) -> Vec<Option<Reviewed>> {
    let columns: Vec<[String; 2]> = tracked.stages.iter().map(|stage| tracker::columns(stage)).collect();
    let way = |item: &TrackedItem| -> Way<'_, i64> {
        let moves = item.moves.iter().map(|one| {
            let [waiting, working] = &columns[one.stage];
            (if one.is_waiting { waiting.as_str() } else { working.as_str() }, day(one.at))
        });
        let end = item.ended.map(|(at, end)| (end.column(), day(at)));
        std::iter::once((tracker::TO_DO, day(item.created))).chain(moves).chain(end).collect()
    };
    let ways: Vec<_> = tracked.items.iter().map(way).collect();
    reviewed(&ways, meaning_of)
}

/// Deployments and incidents on the calendar; none where weeks have no whole number of days.
fn operated(tracked: &Tracked, clock: &WorkCalendar) -> (Vec<Moment>, Vec<Incident>) {
    let Some(calendar) = Calendar::of(clock.days_per_week, clock.hours_per_day) else {
        return Default::default();
    };
    let stated = |hours: f64| Stated { second: calendar.moment(hours).second, has_hour: true };
    let incident = |one: &TrackedIncident| Incident {
        started: calendar.moment(one.opened),
        ended: one.recovered.map(|hours| calendar.end(one.opened, hours)),
        deployment: one.deployed.map(stated),
    };
    let deployments = tracked.deployments.iter().map(|hours| calendar.moment(*hours)).collect();
    (deployments, tracked.incidents.iter().map(incident).collect())
}
