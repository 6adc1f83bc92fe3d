//! One replication: a common past, then each policy's own timeline on the same random numbers.

use super::lost::{Lost, guarded};
use kernel::streams::Streams;
use kernel::units::{Instant, Ticks};
use model::instrument::Counters;
use model::replication::{Observer, Overrun, Replication, Stop};
use observation::metrics::Window;
use observation::outcome::{Outcome, columns};
use observation::recorder::Recorder;
use scenario::study::{PolicyTimeline, Study};
use scenario::tables::StopTable;

/// The most weekly points a series keeps. Longer horizons look every few weeks, as often as that at most.
pub(super) const MOST_WEEKS: u64 = 2_600;

/// How many weeks lie between two looks at a window of this length.
pub fn weeks_apart(window: Ticks, week: Ticks) -> u64 {
    (window.0 / week.0.max(1)).div_ceil(MOST_WEEKS).max(1)
}

/// How many replications, the first ones, go on after their window: longer lives of all would double what a run takes.
pub const RUN_OFFS: u64 = 60;

/// What became of one replication.
pub type RunResult = Result<Outcome, Lost>;

/// Runs replication `number` under every policy of a study, in the study's order.
pub fn replicate(study: &Study, number: u64) -> Vec<RunResult> {
    replicate_timelines(study, number, 0..study.timelines.len())
}

/// The same for some of a study's timelines: each replication is the one it is in the whole.
pub fn replicate_timelines(
    study: &Study,
    number: u64,
    timelines: impl IntoIterator<Item = usize> + Clone,
) -> Vec<RunResult> {
    let streams = Streams::new(study.scenario.seed, number);
    let fork = study.fork();
    let chosen = || timelines.clone().into_iter().map(|at| &study.timelines[at]);
    let shared = chosen().any(|timeline| !timeline.own_past);
    let mut past =
        shared.then(|| guarded(number, || Ok(run_past(study, &study.timelines[0], streams, fork)?)));
    let mut sharing = chosen().filter(|timeline| !timeline.own_past).count();
    let mut at_fork = |timeline: &'_ PolicyTimeline| {
        if timeline.own_past {
            return None;
        }
        // The last takes it, the others a copy.
        sharing -= 1;
        if sharing == 0 { past.take() } else { past.clone() }
    };
    let one = |timeline, past: Option<Result<Replication<'_>, Lost>>| {
        let timeline: &PolicyTimeline = timeline;
        let mut replication = match past {
            Some(past) => past?,
            None => run_past(study, timeline, streams, fork)?,
        };
        replication.pay_leaders();
        let forked = replication.ctx.org.counters;
        if !timeline.own_past && !timeline.baseline {
            replication.change_policy(&timeline.phases[0].1);
        }
        watch(study, timeline, number, &mut replication, (fork, forked))
    };
    // What fails under one policy leaves the others as they are: each has a copy of the past.
    chosen()
        .map(|timeline| {
            let past = at_fork(timeline);
            guarded(number, || one(timeline, past))
        })
        .collect()
}

/// A replication at the fork. Its accounts are open where its first instant belongs to what is measured: a window is
/// open on the left, since what happens at the instant at which one ends belongs to that one, but before the first
/// instant there is none.
fn run_past<'s>(
    study: &Study,
    timeline: &'s PolicyTimeline,
    streams: Streams,
    fork: Instant,
) -> Result<Replication<'s>, Overrun> {
    let plan = &timeline.phases[0].1;
    let mut replication = if fork + study.warmup == Instant::START {
        Replication::begin_measured(plan, streams)
    } else {
        Replication::begin(plan, streams)
    };
    // What it releases in its last half says what is live at its end; all of it says little where it begins empty.
    let half = study.first() + Ticks(study.past.0 / 2);
    replication.run_until(half, &mut ())?;
    let before = replication.released();
    replication.run_until(fork, &mut ())?;
    replication.balance_products(&before, (fork - half).hours());
    replication.stand_today(&mut ());
    Ok(replication)
}

/// Runs a timeline from the fork to the horizon, and measures it after the warm-up; `forked` are the sums as they were
/// before the timeline changed anything.
fn watch<'s>(
    study: &'s Study,
    timeline: &'s PolicyTimeline,
    number: u64,
    replication: &mut Replication<'s>,
    (fork, forked): (Instant, Counters),
) -> RunResult {
    let mut pass = Passage { timeline, fork, next_phase: 1 };
    let start = fork + study.warmup;
    // What is open today was not begun in the past: whoever turns to it at once has it begun in the window.
    let from_today = start == fork && replication.ctx.plan.today.is_some();
    if from_today {
        replication.open_accounts();
    }
    pass.run_until(replication, start, &mut ())?;
    replication.stop = stop(study, timeline, replication);
    let end = fork + study.horizon_of(timeline);
    // Without a warm-up, what the timeline did at the fork itself (whom it hired) counts; but nobody is hired for the
    // start of a replication.
    let before = (start == fork && fork > Instant::START).then_some(forked);
    if start > Instant::START && !from_today {
        replication.open_accounts();
    }
    let run_until = |replication: &mut Replication<'s>, until| pass.run_until(replication, until, &mut ());
    let (mut recorder, events) = record(replication, end, before, run_until)?;
    let plan = replication.ctx.plan;
    if study.run_off > Ticks::ZERO && number < RUN_OFFS {
        // One that drowns after the window has nothing to tell of that time; the window stands.
        recorder.run_off = run_off(study, replication).ok();
    }
    let mut outcome = Outcome::measure(&recorder, plan, events);
    if !plan.has_shape_of(&study.timelines[0].phases[0].1) {
        outcome.align(&columns(plan), &study.columns);
    }
    Ok(outcome)
}

/// Goes on after the window for as long as the study says: every policy is back at the baseline's settings as they are at the
/// horizon, and the organisation is as the policy left it. Returns value and cost of that time, in engineer-months.
fn run_off<'s>(study: &'s Study, replication: &mut Replication<'s>) -> Result<[f64; 2], Overrun> {
    let baseline = &study.timelines[0];
    let in_force = baseline.phases.iter().rev().find(|(after, _)| *after <= study.horizon);
    let plan = in_force.map_or(&baseline.phases[0].1, |(_, plan)| plan);
    if !std::ptr::eq(replication.ctx.plan, plan) {
        replication.change_policy(plan);
    }
    replication.open_accounts();
    let end = replication.now() + study.run_off;
    let (recorder, _) = record(replication, end, None, |replication, until| {
        if until == end { replication.run_until(until, &mut ()) } else { Ok(()) }
    })?;
    Ok(Window::new(&recorder, plan).returns())
}

/// What ends a replication that is watched from now on before its horizon.
fn stop(study: &Study, timeline: &PolicyTimeline, replication: &Replication<'_>) -> Option<Stop> {
    timeline.stop.or(study.scenario.stop).map(|stop| match stop {
        StopTable::Empty => Stop::Empty,
        StopTable::Items(items) => Stop::Done(replication.ctx.org.done + u64::from(items)),
    })
}

/// Measures the last stretch of the common past of a replication, at most `window` long.
///
/// It is run apart from the replications that policies go on from: looking at a past changes nothing in them.
///
/// # Errors
/// When more work comes than the replication can hold, or the program fails.
pub fn watch_past(study: &Study, number: u64, window: Ticks) -> RunResult {
    let fork = study.fork();
    let start = study.first() + Ticks(study.past.0.saturating_sub(window.0));
    guarded(number, || {
        let plan = &study.timelines[0].phases[0].1;
        let streams = Streams::new(study.scenario.seed, number);
        let mut replication = if start == study.first() {
            Replication::begin_measured(plan, streams)
        } else {
            let mut replication = Replication::begin(plan, streams);
            replication.run_until(start, &mut ())?;
            replication.open_accounts();
            replication
        };
        // Nobody knows yet what will be live at its end: what incidents take is counted as of then.
        replication.count_harm_anew();
        let half = study.first() + Ticks(study.past.0 / 2);
        let mut before = replication.released();
        let (recorder, events) = record(&mut replication, fork, None, |replication, until| {
            if replication.now() < half && until >= half {
                replication.run_until(half, &mut ())?;
                before = replication.released();
            }
            replication.run_until(until, &mut ())?;
            if until == fork {
                replication.balance_products(&before, (fork - half).hours());
                replication.count_harm_as_of_now();
            }
            Ok(())
        })?;
        Ok(Outcome::measure(&recorder, replication.ctx.plan, events))
    })
}

/// Measures a replication whose accounts are open to the end of a window; against sums as they are where it begins, or
/// as given.
fn record<'s>(
    replication: &mut Replication<'s>,
    end: Instant,
    counters: Option<Counters>,
    mut run_until: impl FnMut(&mut Replication<'s>, Instant) -> Result<(), Overrun>,
) -> Result<(Recorder, u64), Overrun> {
    let mut recorder = Recorder::begin(&replication.ctx.org, replication.ctx.plan);
    let (before, start) = (replication.events, recorder.start);
    recorder.counters = counters.unwrap_or(replication.ctx.org.counters);
    let week = replication.ctx.plan.week;
    let apart = weeks_apart(end - start, week);
    let step = Ticks(week.0 * apart);
    let mut reached = start;
    while reached + step <= end && !replication.is_over() {
        reached = reached + step;
        run_until(replication, reached)?;
        if !replication.is_over() {
            recorder.sample(reached, apart, &mut replication.ctx.org, replication.ctx.plan);
        }
    }
    run_until(replication, end)?;
    replication.balance();
    recorder.reached = replication.stop.map(|_| replication.is_over());
    let now = replication.now();
    recorder.close(now, &mut replication.ctx.org, replication.ctx.plan);
    Ok((recorder, replication.events - before))
}

/// Has a replication go on from the fork under every timeline of a study, on one past where they share it.
///
/// # Errors
/// When more work comes than the replication can hold, or the program fails.
pub fn fork_into<'s, T>(
    study: &'s Study,
    number: u64,
    go_on: impl Fn(&mut Passage<'s>, &mut Replication<'s>) -> Result<T, Overrun>,
) -> Result<Vec<T>, Lost> {
    let (streams, fork) = (Streams::new(study.scenario.seed, number), study.fork());
    guarded(number, || {
        let past = run_past(study, &study.timelines[0], streams, fork)?;
        let one = |timeline: &'s PolicyTimeline| {
            let mut replication = match timeline.own_past {
                true => run_past(study, timeline, streams, fork)?,
                false => past.clone(),
            };
            if !timeline.own_past && !timeline.baseline {
                replication.change_policy(&timeline.phases[0].1);
            }
            go_on(&mut Passage { timeline, fork, next_phase: 1 }, &mut replication)
        };
        Ok(study.timelines.iter().map(one).collect::<Result<Vec<T>, Overrun>>()?)
    })
}

/// From when on an observer watches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// The common past as well.
    All,
    /// Its warm-up included.
    FromFork,
    /// After the warm-up.
    Measured,
}

/// Runs one replication under one timeline, watched to the horizon or what ends the replication before it. Returns how long it was
/// watched.
///
/// # Errors
/// When more work comes than the replication can hold, or the program fails; the observer has seen all until then.
pub fn follow<O: Observer>(
    watched_from: Watched,
    study: &Study,
    timeline: &PolicyTimeline,
    number: u64,
    observer: &mut O,
) -> Result<Ticks, Lost> {
    let streams = Streams::new(study.scenario.seed, number);
    let fork = study.fork();
    let first = if timeline.own_past { timeline } else { &study.timelines[0] };
    guarded(number, || {
        let (plan, start) = (&timeline.phases[0].1, fork + study.warmup);
        let mut replication = Replication::begin(&first.phases[0].1, streams);
        let fork_on = watched_from != Watched::Measured;
        let begin = match watched_from {
            Watched::All => study.first(),
            Watched::FromFork => fork,
            Watched::Measured => start,
        };
        let watched = begin == study.first();
        if watched {
            replication.run_until(fork, observer)?;
            replication.stand_today(observer);
        } else {
            replication.run_until(fork, &mut ())?;
            replication.stand_today(&mut ());
        }
        if !timeline.own_past && !timeline.baseline {
            replication.change_policy(plan);
        }
        let mut pass = Passage { timeline, fork, next_phase: 1 };
        if !watched {
            pass.run_until(&mut replication, begin, &mut ())?;
        }
        if fork_on && start > fork {
            pass.run_until(&mut replication, start, observer)?;
        }
        replication.stop = stop(study, timeline, &replication);
        pass.run_until(&mut replication, fork + study.horizon_of(timeline), observer)?;
        Ok(replication.now() - start)
    })
}

/// A timeline on its way, with the date of its next change.
pub struct Passage<'s> {
    pub timeline: &'s PolicyTimeline,
    pub fork: Instant,
    pub next_phase: usize,
}

impl<'s> Passage<'s> {
    /// Runs on until `end`, changing policy at the dates that lie before or at it.
    pub fn run_until<O: Observer>(
        &mut self,
        replication: &mut Replication<'s>,
        end: Instant,
        observer: &mut O,
    ) -> Result<(), Overrun> {
        while let Some((after, plan)) = self.timeline.phases.get(self.next_phase) {
            let date = self.fork + *after;
            if date > end || replication.is_over() {
                break;
            }
            replication.run_until(date, observer)?;
            replication.change_policy(plan);
            self.next_phase += 1;
        }
        if replication.is_over() { Ok(()) } else { replication.run_until(end, observer) }
    }
}
