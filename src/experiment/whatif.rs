//! What if: organisations like a real one go on from what is open today, under the baseline and under a policy.
//!
//! Each organisation is run once, on a common past and on the same random numbers under both. What is asked is what
//! `orgsim forecast` is asked: when so many more items are finished, and how many are by a day.

pub mod summary;

use super::design::{Prior, Space};
use super::replicate::{Passage, fork_into};
use super::run::{RunOptions, each_recorded};
use super::worlds;
use kernel::units::{Instant, Ticks};
use model::compiled_plan::CompiledPlan;
use model::domain_event::DomainEvent;
use model::organisation::Organisation;
use model::replication::{Observer, Overrun, Replication, Stop};
use model::work::Role;
use scenario::study::{ParameterDraws, Study};
use serde::{Deserialize, Serialize};
use statistics::interval::{QuantileInterval, Share, percentile};
use std::path::PathBuf;
use summary::{LEVEL, PROMISES, Paired, Question, Side, Told, WhatIfSummary};

/// Nothing is said of what lies farther ahead, in years.
const LONGEST: f64 = 3.0;
/// Fewer organisations say nothing of the 95th percentile: 59 are the least of which the largest value bounds it (1 − 0.95⁵⁹
/// is 0.95).
pub const LEAST: usize = 59;

/// What one organisation came to under one policy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// Working hours until as many items are finished as were asked for; ∞ where that is later than three years.
    pub hours: f64,
    /// Items finished by the time asked for.
    pub items: f64,
}

/// The finishing of items, from the fork on.
struct Finishes {
    fork: Instant,
    wanted: usize,
    count: usize,
    hours: f64,
}

impl Observer for Finishes {
    fn on_event(&mut self, now: Instant, event: &DomainEvent, org: &Organisation, _: &CompiledPlan) {
        let DomainEvent::Done { item } = *event else { return };
        if org.items.get(item).is_some_and(|item| item.role == Role::Work) {
            self.count += 1;
            if self.count == self.wanted {
                self.hours = (now - self.fork).hours();
            }
        }
    }
}

/// Simulates organisations; nothing of one that cannot be, or is overloaded. The study has a baseline and one policy.
///
/// # Errors
/// When no threads can be had.
pub fn simulate(
    study: &Study,
    (space, points): (&Space, &[Vec<f64>]),
    folder: PathBuf,
    question: Question,
    run_options: &RunOptions<'_>,
) -> Result<Vec<Option<[Finished; 2]>>, rayon::ThreadPoolBuildError> {
    let draws = ParameterDraws::of(study, folder);
    let drawn = worlds::drawn(study, space, points, Prior::Whole);
    let numbered = (0_u64..).zip(drawn).collect();
    each_recorded(numbered, run_options, |(number, places)| {
        let study = draws.with(&space.settings(&places)).ok()?;
        one(&study, number, question)
    })
}

fn one(study: &Study, number: u64, question: Question) -> Option<[Finished; 2]> {
    let clock = &study.scenario.clock;
    let longest = Ticks::from_hours(LONGEST * clock.days_per_year * clock.hours_per_day);
    let finished =
        fork_into(study, number, |passage, replication| go_on(passage, replication, question, longest));
    finished.ok()?.try_into().ok()
}

/// Goes on as far as the question asks.
fn go_on<'s>(
    passage: &mut Passage<'s>,
    replication: &mut Replication<'s>,
    question: Question,
    longest: Ticks,
) -> Result<Finished, Overrun> {
    let (fork, done) = (passage.fork, replication.ctx.org.done);
    let wanted = question.items.map_or(usize::MAX, |items| items as usize);
    let mut finishes = Finishes { fork, wanted, count: 0, hours: f64::INFINITY };
    let mut items = f64::NAN;
    if let Some(hours) = question.by {
        passage.run_until(replication, fork + Ticks::from_hours(hours), &mut finishes)?;
        items = finishes.count as f64;
    }
    if let Some(wanted) = question.items {
        replication.stop = Some(Stop::Done(done + u64::from(wanted)));
        let end = (fork + longest).max(replication.now());
        passage.run_until(replication, end, &mut finishes)?;
    }
    Ok(Finished { hours: finishes.hours, items })
}

/// What was simulated, told by probabilities.
pub fn summarise(study: &Study, question: Question, outcomes: &[Option<[Finished; 2]>]) -> WhatIfSummary {
    let known: Vec<[Finished; 2]> = outcomes.iter().flatten().copied().collect();
    let both = |of: &dyn Fn(&Finished) -> f64| -> [Vec<f64>; 2] {
        [0, 1].map(|at| known.iter().map(|pair| of(&pair[at])).collect())
    };
    let when = question.items.map(|_| side(both(&|finished| finished.hours), |promise| promise));
    let many = question.by.map(|_| side(both(&|finished| finished.items), |promise| 1.0 - promise));
    let chances = question.items.zip(question.by).map(|(_, by)| {
        both(&|finished| finished.hours).map(|hours| {
            hours.iter().filter(|hours| **hours <= by).count() as f64 / hours.len().max(1) as f64
        })
    });
    let today = study.baseline().phases[0].1.today.as_ref();
    let items = today.map_or(&[][..], |today| &today.items);
    WhatIfSummary {
        policies: [0, 1].map(|at| study.timelines[at].name.clone()),
        question,
        drawn: outcomes.len(),
        simulated: known.len(),
        open: [items.len(), items.iter().filter(|item| item.started.is_some()).count()],
        when,
        many,
        chances,
        seed: study.scenario.seed,
    }
}

/// `place` says which percentile keeps a promise.
fn side(values: [Vec<f64>; 2], place: impl Fn(f64) -> f64) -> Side {
    let paired = paired(&values);
    let promised = values.map(|mut values| {
        values.sort_by(f64::total_cmp);
        PROMISES.map(|promise| told(&values, place(promise)))
    });
    Side { promised, paired }
}

/// A percentile of ascending values, with its interval.
fn told(sorted: &[f64], p: f64) -> Told {
    let interval = QuantileInterval::of(sorted, p, LEVEL);
    Told { value: percentile(sorted, p), low: interval.low, high: interval.high }
}

fn paired([baseline, policy]: &[Vec<f64>; 2]) -> Paired {
    let pairs = || baseline.iter().zip(policy);
    let is_known = |pair: &(&f64, &f64)| pair.0.is_finite() || pair.1.is_finite();
    let mut differences: Vec<f64> =
        pairs().filter(is_known).map(|(baseline, policy)| policy - baseline).collect();
    differences.sort_by(f64::total_cmp);
    let share = |is: &dyn Fn(&f64) -> bool| {
        let count = differences.iter().filter(|difference| is(difference)).count();
        let Share { share, low, high, .. } = Share::wilson(count, differences.len(), LEVEL);
        Told { value: share, low, high }
    };
    Paired {
        median: told(&differences, 0.5),
        smaller: share(&|difference| *difference < 0.0),
        larger: share(&|difference| *difference > 0.0),
        unknown: baseline.len() - differences.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_that_of_pairs_and_what_nobody_knows_is_left_out() {
        let values = |known: &[f64]| known.iter().copied().cycle().take(100).collect::<Vec<f64>>();
        let far = f64::INFINITY;
        // Each pair differs by −2, whatever lies between organisations; a fourth is known by its sign only, a fifth not at all.
        let baseline = values(&[10.0, 500.0, 90.0, far, far]);
        let policy = values(&[8.0, 498.0, 88.0, 700.0, far]);
        let found = paired(&[baseline, policy]);
        assert_eq!((found.median, found.unknown), (Told { value: -2.0, low: -2.0, high: -2.0 }, 20));
        assert_eq!((found.smaller.value, found.larger.value), (1.0, 0.0));
    }

    #[test]
    fn a_promise_is_kept_as_often_as_it_says() {
        let hours: Vec<f64> = (1..=100).map(f64::from).collect();
        let when = side([hours.clone(), hours.clone()], |promise| promise);
        assert_eq!(when.promised[0].map(|told| told.value), [50.0, 70.0, 85.0, 95.0]);
        // At least so many: of a hundred, 95 had more than five.
        let many = side([hours.clone(), hours], |promise| 1.0 - promise);
        assert_eq!(many.promised[0].map(|told| told.value), [50.0, 30.0, 15.0, 5.0]);
        assert!(many.promised[1].iter().all(|told| told.low < told.value && told.value < told.high));
    }
}
