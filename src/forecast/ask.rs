//! A question about the future, and its answer with the record of the one who answers.

use crate::backtest::{PROMISES, Question, backtest};
use crate::history::{between, later};
use crate::read::Data;
use crate::walk::{Known, Missing, missing, streams, walk};
use jiff::civil::Date;
use kernel::streams::{Key, StreamId};

const SPLIT: StreamId = StreamId::named("forecast/split");
/// How many futures an answer rests on, and each test of the past.
const FUTURES: usize = 4_000;
/// The same for tests of the past, which are many; see `FUTURES`.
pub const TEST_FUTURES: usize = 600;
/// Nothing is said of what lies farther ahead, in days: three years.
pub const LONGEST: usize = 1_092;

/// What somebody wants to know.
#[derive(Clone, Debug)]
pub struct Request {
    /// When are so many more items finished?
    pub items: Option<u32>,
    /// How many are finished by the end of this day?
    pub by: Option<Date>,
    /// Each of the items becomes as many on the way: drawn evenly from this range, both ends ≥ 1.
    pub split: (f64, f64),
    /// Items a week by which the scope grows until it is done, ≥ 0.
    pub growth: f64,
}

/// What is said.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The day on which as many items are finished with each probability of [`PROMISES`]; none where later than three years.
    pub dates: Option<[Option<Date>; 4]>,
    /// How many items at least are finished by the day asked for, with each probability of [`PROMISES`].
    pub counts: Option<[u32; 4]>,
    /// Where both were asked: the probability that the items are finished by the day.
    pub chance: Option<f64>,
    /// The 5th, 25th, 50th, 75th and 95th percentile of items finished by the end of each coming week, from 0.
    pub bands: Vec<[f64; 5]>,
    /// Tests on the data's own past: how many, and how many kept the 85 % promise, for the dates or, where only `by` was
    /// asked, for the counts.
    pub record: (usize, usize),
    /// What the record multiplies the width of the forecast by: more than 1 is wider.
    pub widening: f64,
}

/// Answers from what is known on the last day of the data.
///
/// # Errors
/// Says what is missing where the history is too short.
pub fn ask(data: &Data, request: &Request) -> Result<Answer, Missing> {
    if let Some(missing) = missing(&data.history) {
        return Err(missing);
    }
    let question = if request.items.is_some() { Question::When } else { Question::HowMany };
    // Days off in the future were not known in the past.
    let tests = backtest(&data.history, &data.calendar, TEST_FUTURES, false);
    let record: Vec<bool> =
        tests.iter().filter(|test| test.question == question).map(|test| test.kept[2]).collect();
    let record = (record.len(), record.iter().filter(|kept| **kept).count());
    let mut answer = None;
    walk(&data.history, &data.calendar, TEST_FUTURES, |known| {
        if known.history.days().len() == data.history.days().len() {
            answer = Some(at(known, request, record));
        }
    });
    // The last day is an origin of every history that is long enough.
    answer.ok_or(Missing { items: 0, days: 0, enough_on: None })
}

fn at(known: &Known<'_>, request: &Request, record: (usize, usize)) -> Answer {
    let last = known.history.last();
    let to = request.by.map(|by| between(last, by).clamp(1, LONGEST));
    let ahead = if request.items.is_some() { LONGEST } else { to.unwrap_or(1) };
    let streams = streams(known.history);
    let outlook = known.futures(ahead, FUTURES, &streams);
    let counts = |day: usize| outlook.counts(day).widened(known.widening);
    let days = request.items.map(|items| {
        let splits: Vec<f64> = (0..FUTURES as u64).map(|nth| streams.uniform(SPLIT, Key(nth))).collect();
        let (least, most) = request.split;
        let scope = |nth: usize, day: usize| {
            let parts = least + (most - least) * splits[nth];
            f64::from(items) * parts + request.growth * day as f64 / 7.0
        };
        outlook.days(scope).widened(known.widening)
    });
    let dates = days.as_ref().map(|days| {
        PROMISES.map(|promise| {
            let day = days.quantile(promise);
            day.is_finite().then(|| later(last, day as i64))
        })
    });
    // The picture ends a little after the last date that is told, or with the day asked for.
    let told = days.as_ref().map(|days| days.quantile(0.95)).filter(|day| day.is_finite());
    let weeks =
        told.map_or(ahead, |day| (day * 1.1) as usize + 14).max(to.unwrap_or(0)).min(ahead).div_ceil(7);
    let band = |week: usize| {
        if week == 0 {
            return [0.0; 5];
        }
        let spread = counts((7 * week).min(ahead));
        [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| spread.quantile(p))
    };
    Answer {
        dates,
        counts: to
            .filter(|_| request.by.is_some())
            .map(|day| PROMISES.map(|promise| counts(day).quantile(1.0 - promise) as u32)),
        chance: days.and_then(|days| to.map(|day| days.at_most(day as f64))),
        bands: (0..=weeks).map(band).collect(),
        record,
        widening: known.widening,
    }
}
