//! What a history comes to: rates, work in progress, times, ages, waits, rework, rhythms, DORA's four, and where the level changed.
//!
//! Each number stands with an interval at [`LEVEL`] and with how many values it is made of. Times are days of the calendar.

pub mod ageing;
pub mod breaks;
pub mod delivery;
pub mod efficiency;
pub mod rate;
pub mod rework;
pub mod rhythm;
pub mod times;
pub mod waits;
pub mod weeks;

use crate::history::History;
use ageing::Ageing;
use breaks::Level;
use delivery::Delivery;
use efficiency::Efficiency;
use rate::Rate;
use rework::SentBack;
use rhythm::Rhythms;
use times::Times;
use waits::Wait;
use weeks::Weeks;

/// The confidence level of every interval.
pub const LEVEL: f64 = 0.9;

/// The percentiles that are told.
pub const PERCENTILES: [f64; 3] = [0.5, 0.85, 0.95];

/// The weeks that rates and times are of, unless somebody asks for others: a year.
pub const USUAL_WEEKS: usize = 52;

/// All measures of a history.
#[derive(Clone, Debug)]
pub struct Measures {
    /// All whole weeks that the history has.
    pub weeks: Weeks,
    /// How many of the last of them the rates and times are of.
    pub window: usize,
    pub throughput: Rate,
    pub arrivals: Rate,
    pub in_progress: Rate,
    /// From the start to the end, of items begun in the window.
    pub cycle: Times,
    /// From creation to the end, of items created in the window.
    pub lead: Times,
    pub ageing: Ageing,
    pub efficiency: Option<Efficiency>,
    /// Days in each status of waiting, the longest first.
    pub waits: Vec<Wait>,
    /// What is sent back from reviews, tests and approvals.
    pub sent_back: Vec<SentBack>,
    pub rhythms: Rhythms,
    pub delivery: Option<Delivery>,
    /// Whether the export has an item that is open: one of ended items only knows nothing of work in progress.
    pub has_open: bool,
    /// The levels of throughput one after another, over all weeks.
    pub levels: Vec<Level>,
}

impl Measures {
    /// Measures a history over its last `window` whole weeks, or as many as it has.
    pub fn of(history: &History, window: usize) -> Measures {
        let weeks = Weeks::of(history);
        let window = window.min(weeks.len());
        let last = weeks.len() - window;
        let from = weeks.begin_of(last);
        // Where the whole history is looked at, so are the items that began before its first whole week.
        let cohort = if last == 0 { f64::NEG_INFINITY } else { from };
        let cycle = Times::cycle(history, cohort);
        let lead = Times::lead(history, cohort);
        let by_start = cycle.n() > 0;
        let ageing = Ageing::of(history, if by_start { &cycle } else { &lead }, by_start);
        Measures {
            window,
            throughput: Rate::of(&weeks.finished[last..]),
            arrivals: Rate::of(&weeks.arrived[last..]),
            in_progress: Rate::of(&weeks.in_progress[last..]),
            lead,
            ageing,
            cycle,
            efficiency: Efficiency::of(history, from),
            waits: Wait::of(history, from),
            sent_back: SentBack::of(history, from),
            rhythms: Rhythms::of(history, from),
            delivery: Delivery::of(history, from, window),
            has_open: history.items.iter().any(crate::history::Item::is_open),
            levels: breaks::levels(&weeks),
            weeks,
        }
    }

    /// Whether nobody says of any item when work on it began.
    pub fn has_no_starts(&self) -> bool {
        self.cycle.n() == 0
    }
}
