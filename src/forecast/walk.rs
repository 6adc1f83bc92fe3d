//! A walk through the past: at each origin a forecast knows what was known then, and nothing else.

use crate::futures::futures;
use crate::history::{Calendar, History, Rhythm};
use crate::level::Level;
use crate::outlook::Outlook;
use jiff::civil::Date;
use kernel::streams::Streams;
use statistics::normal;

/// Days between two origins, and the length of what is promised when a forecast is tested.
pub const MONTH: usize = 28;
/// The least history: half a year, in days.
pub const LEAST_DAYS: usize = 182;
/// The least history in finished items.
pub const LEAST_ITEMS: u32 = 60;
/// Days ahead at which a forecast's width is checked, each with what one check counts: those over three months overlap
/// three at a time.
const CHECKED: [(usize, f64); 2] = [(MONTH, 1.0), (3 * MONTH, 1.0 / 3.0)];
/// So many checks that went as they should are put before the record: two years of months. With fewer checks than that a
/// forecast leans on its model, with more on its record.
const BEFORE: f64 = 26.0;
/// The least and the most that a record changes the width of a forecast by. At 2, what was said with 98 % is said with 85 %.
const WIDTHS: (f64, f64) = (0.8, 2.0);

/// What somebody knows at an origin.
pub struct Known<'a> {
    /// The history up to then.
    pub history: &'a History,
    level: &'a Level,
    rhythm: &'a Rhythm,
    calendar: &'a Calendar,
    /// What its record so far multiplies the width of a forecast by: more than 1 is wider.
    pub widening: f64,
}

impl Known<'_> {
    /// What share of a usual week each of the coming days is.
    pub fn shares(&self, days: usize) -> Vec<f64> {
        self.rhythm.coming(self.history.last(), days, self.calendar)
    }

    /// `n` futures of `days` days.
    pub fn futures(&self, days: usize, n: usize, streams: &Streams) -> Outlook {
        futures(self.level, &self.shares(days), n, streams)
    }
}

/// Whether a history is long enough for a forecast, and goes on: of a team that finished nothing in 12 weeks, its past does
/// not say when it will begin again.
pub fn is_enough(history: &History) -> bool {
    history.days().len() >= LEAST_DAYS
        && history.items() >= LEAST_ITEMS
        && newest(history).iter().any(|count| *count > 0)
}

/// The newest 12 weeks.
fn newest(history: &History) -> &[u32] {
    &history.days()[history.days().len().saturating_sub(84)..]
}

/// Why a history is too short, and when it will be long enough at the pace of the newest 12 weeks. Where neither items nor
/// days are missing, nothing was finished in these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Finished items that are missing.
    pub items: u32,
    /// Days of history that are missing.
    pub days: usize,
    /// When there will be enough; none where nothing was finished in 12 weeks.
    pub enough_on: Option<Date>,
}

/// What is missing for a forecast, if anything is.
pub fn missing(history: &History) -> Option<Missing> {
    if is_enough(history) {
        return None;
    }
    let items = LEAST_ITEMS.saturating_sub(history.items());
    let days = LEAST_DAYS.saturating_sub(history.days().len());
    let newest = newest(history);
    let pace = newest.iter().map(|count| f64::from(*count)).sum::<f64>() / newest.len() as f64;
    let until = if pace > 0.0 { (f64::from(items) / pace).ceil() } else { f64::INFINITY };
    let wait = until.max(days as f64);
    let enough_on = (wait < 36_500.0).then(|| crate::history::later(history.last(), wait as i64));
    Some(Missing { items, days, enough_on })
}

/// Walks to the end of `history`, and hands `visit` what was known at each origin: every 28 days back from the last day,
/// the last day itself included, as soon as there is enough.
pub fn walk(history: &History, calendar: &Calendar, draws: usize, mut visit: impl FnMut(&Known<'_>)) {
    let all = history.days().len();
    let odd = all % 7;
    let mut level = Level::new();
    let mut checks: Vec<Check> = Vec::new();
    for week in 1..=all / 7 {
        let days = odd + 7 * week;
        let known = history.until(days);
        let rhythm = Rhythm::of(&known, calendar);
        if let Some(newest) = rhythm.weeks(&known, calendar).last() {
            level.observe(*newest);
        }
        let left = all - days;
        if !left.is_multiple_of(MONTH) || !is_enough(&known) {
            continue;
        }
        let at = Known {
            history: &known,
            level: &level,
            rhythm: &rhythm,
            calendar,
            widening: widening(&checks, days),
        };
        visit(&at);
        for (ahead, weight) in CHECKED.into_iter().filter(|(ahead, _)| *ahead <= left) {
            let came = history.days()[days..days + ahead].iter().map(|count| f64::from(*count)).sum();
            let counts = at.futures(ahead, draws, &streams(&known)).counts(ahead);
            let square = normal::quantile(counts.place(came)).powi(2);
            checks.push(Check { known_at: days + ahead, weight, square });
        }
    }
}

/// Where an outcome stood in a forecast, and when that could be known.
struct Check {
    /// Days of history that must have passed.
    known_at: usize,
    weight: f64,
    /// Squared distance from the middle, in standard normal deviations.
    square: f64,
}

/// The random numbers of an origin.
pub fn streams(known: &History) -> Streams {
    Streams::new(known.days().len() as u64, 0)
}

/// What the record so far multiplies the width of a forecast by: the root mean square of where outcomes stood, in standard
/// normal deviations, which is 1 where the width is right; with `BEFORE` checks put before it that went as they should.
fn widening(checks: &[Check], days: usize) -> f64 {
    let known = checks.iter().filter(|check| check.known_at <= days);
    let (sum, weight) = known.fold((BEFORE, BEFORE), |(sum, weight), check| {
        (sum + check.weight * check.square, weight + check.weight)
    });
    (sum / weight).sqrt().clamp(WIDTHS.0, WIDTHS.1)
}
