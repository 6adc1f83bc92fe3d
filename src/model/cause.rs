//! Where an item's time goes: every tick of its life has exactly one cause.
//!
//! Precedence, where several could claim a tick: a duty that pulled the person away, then work
//! (split among what slowed it), then whatever the item waits for. It is accounting, not
//! causation: a ledger says where time passed, not what would have happened otherwise.

use kernel::units::{Instant, Ticks};

macro_rules! causes {
    ($($name:ident $label:literal $text:literal),+ $(,)?) => {
        /// What a tick of an item's life was spent on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Cause { $($name),+ }

        impl Cause {
            pub const ALL: &[Cause] = &[$(Cause::$name),+];

            /// The short name used for columns.
            pub fn label(self) -> &'static str {
                match self { $(Cause::$name => $label),+ }
            }

            /// The words used in reports.
            pub fn text(self) -> &'static str {
                match self { $(Cause::$name => $text),+ }
            }
        }
    };
}

causes! {
    Backlog "backlog" "waiting to be started",
    Queue "queue" "waiting for someone to continue",
    Work "work" "being worked on",
    Rework "rework" "being worked on again",
    Debt "debt" "slowed by debt",
    Builds "builds" "slowed by builds, tests and environments",
    Switching "switching" "slowed by other items on the desk",
    Elsewhere "elsewhere" "its person in meetings and other duties",
    Learning "learning" "slowed by someone still learning",
    Coordination "coordination" "slowed by talking to each other",
    Overload "overload" "slowed by more than a team can hold in mind",
    Complexity "complexity" "slowed by complexity beyond need",
    Clarifying "clarifying" "waiting to be made clear",
    Dependency "dependency" "waiting for another team",
    Review "review" "waiting for review",
    Verification "verification" "in build and test",
    Approval "approval" "waiting for approval",
    Release "release" "waiting for release",
    Interrupted "interrupted" "interrupted by incidents and meetings",
    Blocked "blocked" "finished, but the next stage is full",
}

pub const CAUSES: usize = Cause::ALL.len();

impl Cause {
    /// Whether somebody's hands are on the item: the touch time of flow efficiency.
    pub fn is_touch(self) -> bool {
        matches!(self, Cause::Work | Cause::Rework)
    }
}

/// The ledger of one item: how long each cause held it, and which one holds it now.
#[derive(Clone, Debug)]
pub struct Ledger {
    spent: [u64; CAUSES],
    cause: Cause,
    since: Instant,
}

impl Ledger {
    pub fn open(now: Instant) -> Ledger {
        Ledger { spent: [0; CAUSES], cause: Cause::Backlog, since: now }
    }

    pub fn spent(&self, cause: Cause) -> Ticks {
        Ticks(self.spent[cause as usize])
    }

    pub fn total(&self) -> Ticks {
        Ticks(self.spent.iter().sum())
    }

    /// Adds what each cause held, in ticks, to a sum over items.
    #[inline]
    pub fn add_to(&self, sums: &mut [u64; CAUSES]) {
        for (sum, spent) in sums.iter_mut().zip(self.spent) {
            *sum += spent;
        }
    }

    /// Books the time since the last entry on the present cause, and names the next one.
    #[inline]
    pub fn turn_to(&mut self, cause: Cause, now: Instant) {
        self.spent[self.cause as usize] += (now - self.since).0;
        self.cause = cause;
        self.since = now;
    }

    /// Takes over the time of a part whose life ends now and that was waited for since it began, with its waits
    /// in lines as waiting for another team.
    pub fn take_over(&mut self, part: &Ledger, now: Instant) {
        let waited = Ticks((now - self.since).0.saturating_sub(part.total().0));
        self.spent[self.cause as usize] += waited.0;
        self.since = now;
        for cause in Cause::ALL {
            let booked = match cause {
                Cause::Backlog | Cause::Queue => Cause::Dependency,
                other => *other,
            };
            self.spent[booked as usize] += part.spent(*cause).0;
        }
    }

    /// Books the time since the last entry as work at a pace, split among what slowed it.
    ///
    /// `slowness` holds, for each cause that can slow work, the negative logarithm of its factor.
    /// The part exp(−Σ) is work; the rest is split by log-shares, the remainder to the largest.
    /// `attention` is the part of its person that the item has while it shares the desk, `crowding` the
    /// negative logarithm of it.
    #[inline]
    pub fn book_work(&mut self, slowness: &Slowness, attention: f64, crowding: f64, now: Instant) {
        let elapsed = (now - self.since).0;
        self.since = now;
        let work = if self.cause.is_touch() { self.cause } else { Cause::Work };
        let kept = slowness.kept * attention.min(1.0);
        if kept >= 1.0 {
            self.spent[work as usize] += elapsed;
            return;
        }
        let nominal = (elapsed as f64 * kept) as u64;
        self.spent[work as usize] += nominal;
        self.split(elapsed - nominal, slowness, crowding);
    }

    fn split(&mut self, excess: u64, slowness: &Slowness, crowding: f64) {
        let scale = excess as f64 / (slowness.total + crowding);
        let mut left = excess;
        let mut largest = (Cause::Switching, crowding);
        let mut book = |cause: Cause, log: f64| {
            if log == 0.0 {
                return;
            }
            let part = ((log * scale) as u64).min(left);
            self.spent[cause as usize] += part;
            left -= part;
            if log > largest.1 {
                largest = (cause, log);
            }
        };
        for (cause, log) in SLOWERS.iter().zip(&slowness.logs) {
            book(*cause, f64::from(*log));
        }
        book(Cause::Switching, crowding);
        self.spent[largest.0 as usize] += left;
    }
}

/// The causes that can slow work which is in hand, other than sharing a desk.
pub const SLOWERS: [Cause; 7] = [
    Cause::Elsewhere,
    Cause::Debt,
    Cause::Builds,
    Cause::Learning,
    Cause::Coordination,
    Cause::Overload,
    Cause::Complexity,
];

/// What slows an item at present: for each of [`SLOWERS`], the negative logarithm of its factor.
#[derive(Clone, Copy, Debug)]
pub struct Slowness {
    logs: [f32; SLOWERS.len()],
    total: f64,
    /// exp(−total): the part of the time in hand that is work.
    kept: f64,
}

impl Slowness {
    /// Nothing slows the item.
    pub const NONE: Slowness = Slowness { logs: [0.0; SLOWERS.len()], total: 0.0, kept: 1.0 };

    /// A cause makes work take `factor` times as long; `log` is its logarithm. What does not slow is not
    /// booked.
    #[inline]
    pub fn add(&mut self, cause: Cause, factor: f64, log: f64) {
        if factor <= 1.0 {
            return;
        }
        self.kept /= factor;
        let log = log as f32;
        if let Some(at) = SLOWERS.iter().position(|slower| *slower == cause) {
            self.logs[at] += log;
            self.total += f64::from(log);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tick_is_booked_once_however_work_is_slowed() {
        let mut ledger = Ledger::open(Instant(0));
        ledger.turn_to(Cause::Work, Instant(11));
        let mut slowness = Slowness::NONE;
        slowness.add(Cause::Debt, libm::exp(0.3), 0.3);
        slowness.add(Cause::Builds, libm::exp(0.17), 0.17);
        ledger.book_work(&slowness, 0.4, -libm::log(0.4), Instant(1_000_003));
        ledger.book_work(&Slowness::NONE, 1.0, 0.0, Instant(1_000_010));
        ledger.turn_to(Cause::Review, Instant(1_000_010));
        ledger.turn_to(Cause::Backlog, Instant(1_000_020));
        assert_eq!(ledger.total(), Ticks(1_000_020));
        assert!(ledger.spent(Cause::Switching) > ledger.spent(Cause::Debt));
        assert!(ledger.spent(Cause::Debt) > ledger.spent(Cause::Builds));
    }
}
