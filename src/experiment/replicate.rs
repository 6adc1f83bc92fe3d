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
    let past = shared.then(|| guarded(number, || Ok(live_past(study, &study.courses[0], luck, fork)?)));
    let one = |course: &Course| {
        let (mut life, mut first) = match (&past, course.own_past) {
            (Some(Err(lost)), false) => return Err(lost.clone()),
            (Some(Ok(past)), false) => past.clone(),
            (None, _) | (_, true) => live_past(study, course, luck, fork)?,
        };
        let start = &course.phases[0].1;
        life.pay_leaders();
        let forked = life.org.tallies;
        if !course.own_past
            && !course.baseline
            && let Some(migration) = life.change_course(start)
            && let Some(recorder) = &mut first
        {
            recorder.reorganised(fork, &migration, start);
        }
        watch(study, course, &mut life, (fork, forked, first))
    };
    // What fails under one policy leaves the others as they are: each has a copy of the past.
    chosen().map(|course| guarded(number, || one(course))).collect()
}

/// A life at the fork, and what was recorded of its first instant where that belongs to what is measured: a window is
/// open on the left, since what happens at the instant at which one ends belongs to that one, but before the first
/// instant there is none.
fn live_past<'s>(
    study: &Study,
    course: &'s Course,
    luck: Luck,
    fork: Instant,
) -> Result<(Life<'s>, Option<Recorder>), Overrun> {
    let plan = &course.phases[0].1;
    let mut life = Life::begin(plan, luck);
    let measured = fork + study.warmup == Instant::START;
    let mut recorder = measured.then(|| Recorder::begin_first(&life.org, plan));
    match &mut recorder {
        Some(recorder) => life.live_until(fork, recorder)?,
        None => life.live_until(fork, &mut ())?,
    }
    Ok((life, recorder))
}

/// Lives a course from the fork to the horizon, and measures it after the warm-up; `forked` are the sums as they were
/// before the course changed anything.
fn watch<'s>(
    study: &Study,
    course: &'s Course,
    life: &mut Life<'s>,
    (fork, forked, mut first): (Instant, Tallies, Option<Recorder>),
) -> Lived {
    let mut pass = Passage { course, fork, next_phase: 1 };
    let start = fork + study.warmup;
    match &mut first {
        Some(recorder) => pass.live_until(life, start, recorder)?,
        None => pass.live_until(life, start, &mut ())?,
    }
    life.stop = stop(study, course, life);
    let end = fork + study.horizon_of(course);
    // Without a warm-up, what the course did at the fork itself (whom it hired) counts; but nobody is hired for the
    // start of a life.
    let before = (start == fork && fork > Instant::START).then_some(forked);
    let recorder = first.unwrap_or_else(|| {
        life.balance();
        Recorder::begin(start, &life.org, life.plan)
    });
    let mut outcome =
        record(life, recorder, end, before, |life, until, recorder| pass.live_until(life, until, recorder))?;
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
        let mut life = Life::begin(&study.courses[0].phases[0].1, Luck::new(study.scenario.seed, number));
        let recorder = if start == Instant::START {
            Recorder::begin_first(&life.org, life.plan)
        } else {
            life.live_until(start, &mut ())?;
            life.balance();
            Recorder::begin(start, &life.org, life.plan)
        };
        record(&mut life, recorder, fork, None, |life, until, recorder| life.live_until(until, recorder))
    })
}

/// Goes on recording a life to the end of a window; against sums as they are where it begins, or as given.
fn record<'s>(
    life: &mut Life<'s>,
    mut recorder: Recorder,
    end: Instant,
    tallies: Option<Tallies>,
    mut live_until: impl FnMut(&mut Life<'s>, Instant, &mut Recorder) -> Result<(), Overrun>,
) -> Lived {
    let (before, start) = (life.events, recorder.start);
    recorder.tallies = tallies.unwrap_or(life.org.tallies);
    let week = life.plan.week;
    let apart = weeks_apart(end - start, week);
    let step = Ticks(week.0 * apart);
    let mut reached = start;
    while reached + step <= end && !life.is_over() {
        reached = reached + step;
        live_until(life, reached, &mut recorder)?;
        if !life.is_over() {
            recorder.sample(reached, apart, &life.org, life.plan);
        }
    }
    live_until(life, end, &mut recorder)?;
    life.balance();
    recorder.reached = life.stop.map(|_| life.is_over());
    recorder.close(life.now(), &life.org, life.plan);
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
        if !course.own_past
            && !course.baseline
            && let Some(migration) = life.change_course(plan)
            && watched
        {
            observer.reorganised(fork, &migration, plan);
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
            if let Some(migration) = life.change_course(plan) {
                observer.reorganised(life.now(), &migration, plan);
            }
            self.next_phase += 1;
        }
        if life.is_over() { Ok(()) } else { life.live_until(end, observer) }
    }
}
