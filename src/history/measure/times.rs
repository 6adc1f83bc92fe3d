//! How long items take, with those that are still open counted and not dropped.

use super::{LEVEL, PERCENTILES};
use crate::history::{History, Item, Outcome};
use crate::when::{When, number_of};
use statistics::interval::{QuantileInterval, percentile};
use statistics::survival::Survival;

/// A percentile of times in days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentile {
    pub share: f64,
    /// None where so few have ended that it is only known to be longer than the longest time seen.
    pub days: Option<f64>,
    pub low: f64,
    /// ∞ where nothing bounds it.
    pub high: f64,
    /// What one gets who looks at ended items only; NaN of none.
    pub finished_only: f64,
}

/// Times of a cohort: the items that began (or were created) since a day.
#[derive(Clone, Debug)]
pub struct Times {
    pub percentiles: Vec<Percentile>,
    pub survival: Survival,
    /// Items that were delivered.
    pub finished: usize,
    /// Items that are open, or were dropped: seen so long, and then no longer.
    pub open: usize,
    pub dropped: usize,
}

impl Times {
    /// From the start to the end.
    pub fn cycle(history: &History, from: f64) -> Times {
        Times::of(history, from, |item| item.started)
    }

    /// From creation to the end.
    pub fn lead(history: &History, from: f64) -> Times {
        Times::of(history, from, |item| item.created)
    }

    fn of(history: &History, from: f64, begin: fn(&Item) -> Option<When>) -> Times {
        let end = number_of(history.as_of) + 1.0;
        let (mut seen, mut done, mut open, mut dropped) = (Vec::new(), Vec::new(), 0, 0);
        for item in &history.items {
            let Some(first) = begin(item).map(|when| when.days(&history.zone)).filter(|first| *first >= from)
            else {
                continue;
            };
            let until = |when: When| (when.days(&history.zone) - first).max(0.0);
            match (item.outcome, item.finished) {
                (Outcome::Done, Some(finished)) => {
                    seen.push((until(finished), false));
                    done.push(until(finished));
                }
                (Outcome::Dropped, Some(finished)) => {
                    seen.push((until(finished), true));
                    dropped += 1;
                }
                (Outcome::Open, _) => {
                    seen.push(((end - first).max(0.0), true));
                    open += 1;
                }
                // Ended, and nobody says when: nothing is known but that it was not open long after.
                (_, None) => {}
            }
        }
        done.sort_by(f64::total_cmp);
        let survival = Survival::of(seen);
        let percentiles =
            PERCENTILES.iter().map(|share| of_share(&survival, &done, *share, open + dropped)).collect();
        Times { percentiles, survival, finished: done.len(), open, dropped }
    }

    /// How many items are known of.
    pub fn n(&self) -> usize {
        self.finished + self.open + self.dropped
    }

    /// The percentile of a share; None where it is not known.
    pub fn days(&self, share: f64) -> Option<f64> {
        self.percentiles.iter().find(|one| one.share == share).and_then(|one| one.days)
    }
}

/// Where nothing is censored the interval is the binomial one, which holds for any distribution and any number.
pub(super) fn of_share(survival: &Survival, done: &[f64], share: f64, censored: usize) -> Percentile {
    let days = survival.quantile(share);
    let (low, high) = match (censored, done.len()) {
        (0, 0) => (f64::NAN, f64::NAN),
        (0, _) => {
            let interval = QuantileInterval::of(done, share, LEVEL);
            (interval.low.max(0.0), interval.high)
        }
        _ => survival.quantile_interval(share, LEVEL),
    };
    Percentile { share, days, low, high, finished_only: percentile(done, share) }
}
