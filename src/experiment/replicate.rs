//! One replication: a common past, then each policy's own course on the same luck.

use super::lost::{Lost, guarded};
use kernel::luck::Luck;
use kernel::units::{Instant, Ticks};
use model::gauge::Tallies;
use model::life::{Life, Observer, Overrun, Stop};
use observation::outcome::{Outcome, columns};
use observation::recorder::Recorder;
use scenario::study::{Course, Study};
use scenario::tables::StopTable;

/// The most weekly points a series keeps. Longer horizons look every few weeks, as often as that at most.
pub(super) const MOST_WEEKS: u64 = 2_600;

/// How many weeks lie between two looks at a window of this length.
pub fn weeks_apart(window: Ticks, week: Ticks) -> u64 {
    (window.0 / week.0.max(1)).div_ceil(MOST_WEEKS).max(1)
}

/// What became of one life.
pub type Lived = Result<Outcome, Lost>;

/// Lives replication `number` under every policy of a study, in the study's order.
pub fn replicate(study: &Study, number: u64) -> Vec<Lived> {
    replicate_courses(study, number, 0..study.courses.len())
}

/// The same for some of a study's courses: each life is the one it is in the whole.
pub fn replicate_courses(
    study: &Study,
    number: u64,
    courses: impl IntoIterator<Item = usize> + Clone,
) -> Vec<Lived> {
    let luck = Luck::new(study.scenario.seed, number);
    let fork = Instant::START + study.past;
    let chosen = || courses.clone().into_iter().map(|at| &study.courses[at]);
    let shared = chosen().any(|course| !course.own_past);
    let mut past = shared.then(|| guarded(number, || Ok(live_past(study, &study.courses[0], luck, fork)?)));
    let mut sharing = chosen().filter(|course| !course.own_past).count();
    let mut at_fork = |course: &'_ Course| {
        if course.own_past {
            return None;
        }
        // The last takes it, the others a copy.
        sharing -= 1;
        if sharing == 0 { past.take() } else { past.clone() }
    };
    let one = |course, past: Option<Result<Life<'_>, Lost>>| {
        let course: &Course = course;
        let mut life = match past {
            Some(past) => past?,
            None => live_past(study, course, luck, fork)?,
        };
        life.pay_leaders();
        let forked = life.org.tallies;
        if !course.own_past && !course.baseline {
            life.change_course(&course.phases[0].1);
        }
        watch(study, course, &mut life, fork, forked)
    };
    // What fails under one policy leaves the others as they are: each has a copy of the past.
    chosen()
        .map(|course| {
            let past = at_fork(course);
            guarded(number, || one(course, past))
        })
        .collect()
}

/// A life at the fork. Its accounts are open where its first instant belongs to what is measured: a window is open on
/// the left, since what happens at the instant at which one ends belongs to that one, but before the first instant
/// there is none.
fn live_past<'s>(study: &Study, course: &'s Course, luck: Luck, fork: Instant) -> Result<Life<'s>, Overrun> {
    let plan = &course.phases[0].1;
    let mut life = if fork + study.warmup == Instant::START {
        Life::begin_measured(plan, luck)
    } else {
        Life::begin(plan, luck)
    };
    life.live_until(fork, &mut ())?;
    Ok(life)
}

/// Lives a course from the fork to the horizon, and measures it after the warm-up; `forked` are the sums as they were
/// before the course changed anything.
fn watch<'s>(
    study: &Study,
    course: &'s Course,
    life: &mut Life<'s>,
    fork: Instant,
    forked: Tallies,
) -> Lived {
    let mut pass = Passage { course, fork, next_phase: 1 };
    let start = fork + study.warmup;
    pass.live_until(life, start, &mut ())?;
    life.stop = stop(study, course, life);
    let end = fork + study.horizon_of(course);
    // Without a warm-up, what the course did at the fork itself (whom it hired) counts; but nobody is hired for the
    // start of a life.
    let before = (start == fork && fork > Instant::START).then_some(forked);
    if start > Instant::START {
        life.open_accounts();
    }
    let mut outcome = record(life, end, before, |life, until| pass.live_until(life, until, &mut ()))?;
    if !life.plan.has_shape_of(&study.courses[0].phases[0].1) {
        outcome.align(&columns(life.plan), &study.columns);
    }
    Ok(outcome)
}

/// What ends a life that is watched from now on before its horizon.
fn stop(study: &Study, course: &Course, life: &Life<'_>) -> Option<Stop> {
    course.stop.or(study.scenario.stop).map(|stop| match stop {
        StopTable::Empty => Stop::Empty,
        StopTable::Items(items) => Stop::Done(life.org.done + u64::from(items)),
    })
}

/// Measures the last stretch of the common past of a replication, at most `window` long.
///
/// It is lived apart from the lives that policies go on from: looking at a past changes nothing in them.
///
/// # Errors
/// When more work comes than the life can hold, or the program fails.
pub fn watch_past(study: &Study, number: u64, window: Ticks) -> Lived {
    let fork = Instant::START + study.past;
    let start = Instant::START + Ticks(study.past.0.saturating_sub(window.0));
    guarded(number, || {
        let plan = &study.courses[0].phases[0].1;
        let luck = Luck::new(study.scenario.seed, number);
        let mut life = if start == Instant::START {
            Life::begin_measured(plan, luck)
        } else {
            let mut life = Life::begin(plan, luck);
            life.live_until(start, &mut ())?;
            life.open_accounts();
            life
        };
        record(&mut life, fork, None, |life, until| life.live_until(until, &mut ()))
    })
}

/// Measures a life whose accounts are open to the end of a window; against sums as they are where it begins, or as
/// given.
fn record<'s>(
    life: &mut Life<'s>,
    end: Instant,
    tallies: Option<Tallies>,
    mut live_until: impl FnMut(&mut Life<'s>, Instant) -> Result<(), Overrun>,
) -> Lived {
    let mut recorder = Recorder::begin(&life.org);
    let (before, start) = (life.events, recorder.start);
    recorder.tallies = tallies.unwrap_or(life.org.tallies);
    let week = life.plan.week;
    let apart = weeks_apart(end - start, week);
    let step = Ticks(week.0 * apart);
    let mut reached = start;
    while reached + step <= end && !life.is_over() {
        reached = reached + step;
        live_until(life, reached)?;
        if !life.is_over() {
            recorder.sample(reached, apart, &mut life.org, life.plan);
        }
    }
    live_until(life, end)?;
    life.balance();
    recorder.reached = life.stop.map(|_| life.is_over());
    let now = life.now();
    recorder.close(now, &mut life.org, life.plan);
    Ok(Outcome::measure(&recorder, life.plan, life.events - before))
}

/// Lives one replication under one course, watched from the fork, its warm-up included, to the horizon or what ends the life before it.
///
/// # Errors
/// When more work comes than the life can hold, or the program fails; the observer has seen all until then.
pub fn follow<O: Observer>(
    study: &Study,
    course: &Course,
    number: u64,
    observer: &mut O,
) -> Result<(), Lost> {
    follow_from(true, study, course, number, observer).map(drop)
}

/// The same, watched as far as it is measured: after the warm-up. Returns how long that was.
///
/// # Errors
/// As [`follow`].
pub fn follow_measured<O: Observer>(
    study: &Study,
    course: &Course,
    number: u64,
    observer: &mut O,
) -> Result<Ticks, Lost> {
    follow_from(false, study, course, number, observer)
}

/// Follows a life from the fork or from the end of its warm-up on; it ends where the one that is measured does.
fn follow_from<O: Observer>(
    fork_on: bool,
    study: &Study,
    course: &Course,
    number: u64,
    observer: &mut O,
) -> Result<Ticks, Lost> {
    let luck = Luck::new(study.scenario.seed, number);
    let fork = Instant::START + study.past;
    let first = if course.own_past { course } else { &study.courses[0] };
    guarded(number, || {
        let (plan, start) = (&course.phases[0].1, fork + study.warmup);
        let mut life = Life::begin(&first.phases[0].1, luck);
        let watched = if fork_on { fork } else { start } == Instant::START;
        if watched {
            life.live_until(fork, observer)?;
        } else {
            life.live_until(fork, &mut ())?;
        }
        if !course.own_past && !course.baseline {
            life.change_course(plan);
        }
        let mut pass = Passage { course, fork, next_phase: 1 };
        if !watched {
            pass.live_until(&mut life, if fork_on { fork } else { start }, &mut ())?;
        }
        if fork_on && start > fork {
            pass.live_until(&mut life, start, observer)?;
        }
        life.stop = stop(study, course, &life);
        pass.live_until(&mut life, fork + study.horizon_of(course), observer)?;
        Ok(life.now() - start)
    })
}

/// A course on its way, with the date of its next change.
pub struct Passage<'s> {
    pub course: &'s Course,
    pub fork: Instant,
    pub next_phase: usize,
}

impl<'s> Passage<'s> {
    /// Lives on until `end`, changing course at the dates that lie before or at it.
    pub fn live_until<O: Observer>(
        &mut self,
        life: &mut Life<'s>,
        end: Instant,
        observer: &mut O,
    ) -> Result<(), Overrun> {
        while let Some((after, plan)) = self.course.phases.get(self.next_phase) {
            let date = self.fork + *after;
            if date > end || life.is_over() {
                break;
            }
            life.live_until(date, observer)?;
            life.change_course(plan);
            self.next_phase += 1;
        }
        if life.is_over() { Ok(()) } else { life.live_until(end, observer) }
    }
}
