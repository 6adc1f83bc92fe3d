//! Counts and sums of one window: finished items, items by kind, visits by stage, streams of value.

use kernel::units::{Instant, KindId};

/// A finished item: when it was born, committed to, begun, first coded and done.
#[derive(Clone, Copy, Debug)]
pub struct Finished {
    pub kind: KindId,
    pub is_change: bool,
    pub born: Instant,
    /// When it was committed to.
    pub committed: Option<Instant>,
    /// When somebody or something first served it.
    pub pulled: Option<Instant>,
    pub coded: Option<Instant>,
    pub done: Instant,
}

impl Finished {
    /// Hours from request to live.
    pub fn lead(&self) -> f64 {
        (self.done - self.born).hours()
    }
}

/// Counts of the items of one kind.
#[derive(Clone, Debug, Default)]
pub struct KindCounts {
    pub arrived: u64,
    pub done: u64,
    /// Refused, gave up, killed.
    pub dropped: [u64; 3],
    /// Open items, integrated over hours up to `since`.
    pub area: f64,
    pub open: u64,
    pub(super) since: f64,
}

impl KindCounts {
    /// Adds the counts of another kind, booked up to the same instant.
    pub(super) fn join(&mut self, other: &KindCounts) {
        self.arrived += other.arrived;
        self.done += other.done;
        self.open += other.open;
        self.area += other.area;
        for (mine, theirs) in self.dropped.iter_mut().zip(other.dropped) {
            *mine += theirs;
        }
    }

    /// Books the open items up to now, before their number changes by `by`.
    #[inline]
    pub(super) fn shift(&mut self, now: Instant, by: i64) {
        let hours = now.hours();
        self.area += (hours - self.since) * self.open as f64;
        self.since = hours;
        self.open = self.open.saturating_add_signed(by);
    }
}

/// Sums over the visits to one stage, in hours.
#[derive(Clone, Copy, Debug, Default)]
pub struct StageTimes {
    pub visits: u64,
    pub stay: f64,
    pub stay_squared: f64,
    pub waits: u64,
    pub wait: f64,
    pub wait_squared: f64,
    pub returned: u64,
}

/// What is over or still open when the window closes, in hours: true where it is open, so that only that it takes longer
/// is known.
pub type Spans = Vec<(f64, bool)>;

impl StageTimes {
    pub(super) fn leave(&mut self, hours: f64) {
        self.visits += 1;
        self.stay += hours;
        self.stay_squared += hours * hours;
    }

    pub(super) fn begin(&mut self, hours: f64) {
        self.waits += 1;
        self.wait += hours;
        self.wait_squared += hours * hours;
    }
}

/// Value under the three value models.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stream {
    /// Engineer-hours an hour from everything live.
    rate: [f64; 3],
    /// Σ rate · (time it went live): what the rate must be reduced by.
    before: [f64; 3],
}

impl Stream {
    pub(super) fn add(&mut self, rates: [f64; 3], hours: f64) {
        for (at, rate) in rates.into_iter().enumerate() {
            self.rate[at] += rate;
            self.before[at] += rate * hours;
        }
    }

    /// Engineer-hours returned until this hour.
    pub(super) fn until(&self, hours: f64) -> [f64; 3] {
        std::array::from_fn(|at| self.rate[at] * hours - self.before[at])
    }
}
