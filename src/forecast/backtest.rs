//! How often promises were kept: forecasts of the past, beside what came and beside what others would have said.

use crate::history::{Calendar, History};
use crate::outlook::{Outlook, Spread};
use crate::peers::Peer;
use crate::walk::{MONTH, streams, walk};
use jiff::civil::Date;

/// The percentiles that are promised.
pub const PROMISES: [f64; 4] = [0.5, 0.7, 0.85, 0.95];
/// Days of the past that set how many items are asked for: 12 weeks.
const RECENT: usize = 84;
/// Longest that "when" is followed, in days.
const LONGEST: usize = 196;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// How many items within 28 days.
    HowMany,
    /// When as many items are finished as 28 days brought in the mean of the last 12 weeks.
    When,
}

impl Question {
    /// Both.
    pub const ALL: [Question; 2] = [Question::HowMany, Question::When];
}

/// One forecast of the past and what came.
#[derive(Clone, Debug)]
pub struct Test {
    /// The last day that the forecast knew.
    pub origin: Date,
    /// What was asked.
    pub question: Question,
    /// Who answered: 0 is this program's forecast, then [`Peer::ALL`].
    pub method: usize,
    /// Whether each of [`PROMISES`] was kept.
    pub kept: [bool; 4],
    /// Where what came stood in the forecast, from 0 to 1.
    pub place: f64,
    /// The score, in items or days.
    pub crps: f64,
    /// What a score is divided by to compare series: items in 28 days over the whole series, or 28 days.
    pub scale: f64,
    /// What came: items, or days; ∞ where the data end before.
    pub came: f64,
}

/// The names of the methods, in the order of [`Test::method`].
pub fn methods() -> Vec<String> {
    std::iter::once("this forecast".to_owned()).chain(Peer::ALL.iter().map(|peer| peer.name())).collect()
}

/// Tests every method at every origin of the past from which at least 28 days (for "when", 84) followed; `draws` futures each.
pub fn backtest(history: &History, calendar: &Calendar, draws: usize, peers: bool) -> Vec<Test> {
    let mut tests = Vec::new();
    let all = history.days();
    let monthly = f64::from(history.items()) / all.len() as f64 * MONTH as f64;
    walk(history, calendar, draws, |known| {
        let past = known.history.days();
        let after = &all[past.len()..];
        if after.len() < MONTH {
            return;
        }
        let follow = after.len().clamp(MONTH, LONGEST);
        let streams = streams(known.history);
        let mut judge = |method: usize, outlook: &Outlook, widening: f64| {
            let origin = known.history.last();
            let count = outlook.counts(MONTH).widened(widening);
            tests.push(how_many(origin, method, &count, &after[..MONTH], monthly));
            if after.len() >= RECENT {
                let items = items(past);
                let days = outlook.days(|_, _| items).widened(widening);
                tests.push(when(origin, method, &days, &after[..follow], items));
            }
        };
        judge(0, &known.futures(follow, draws, &streams), known.widening);
        if peers {
            let shares = known.shares(follow);
            for (nth, peer) in Peer::ALL.iter().enumerate() {
                judge(nth + 1, &peer.futures(past, &shares, draws, &streams), 1.0);
            }
        }
    });
    tests
}

/// What 28 days brought in the mean of the last 12 weeks, at least 1.
fn items(past: &[u32]) -> f64 {
    let recent: u32 = past[past.len().saturating_sub(RECENT)..].iter().sum();
    (f64::from(recent) / (RECENT / MONTH) as f64).round().max(1.0)
}

fn how_many(origin: Date, method: usize, count: &Spread, after: &[u32], monthly: f64) -> Test {
    let came = after.iter().map(|count| f64::from(*count)).sum::<f64>();
    Test {
        origin,
        question: Question::HowMany,
        method,
        kept: PROMISES.map(|promise| came >= count.quantile(1.0 - promise)),
        place: count.place(came),
        crps: count.crps(came, f64::INFINITY),
        scale: monthly,
        came,
    }
}

fn when(origin: Date, method: usize, days: &Spread, after: &[u32], items: f64) -> Test {
    let mut total = 0.0;
    let reached = after.iter().position(|count| {
        total += f64::from(*count);
        total >= items
    });
    let came = reached.map_or(f64::INFINITY, |at| at as f64 + 1.0);
    Test {
        origin,
        question: Question::When,
        method,
        // A date beyond what was followed is kept by whatever came within, and by nothing else that is known.
        kept: PROMISES.map(|promise| came <= days.quantile(promise)),
        place: days.place(came),
        crps: days.crps(came, after.len() as f64),
        scale: MONTH as f64,
        came,
    }
}
