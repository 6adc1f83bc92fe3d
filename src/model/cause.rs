//! Where an item's time goes: every tick of its life has exactly one cause.
//!
//! Precedence, where several could claim a tick: a duty that pulled the person away, then work
//! (split among what slowed it), then whatever the item waits for. It is accounting, not
//! causation: a ledger says where time passed, not what would have happened otherwise.

use super::declared::{is_same, nth as of};
use super::mechanisms::SLOWERS as DECLARED;
use kernel::units::{Instant, Ticks};

/// What a tick of an item's life was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause(u8);

/// A cause that slows work in hand, as its mechanism declares it.
#[derive(Clone, Copy, Debug)]
pub struct Slower {
    /// The short name used for columns.
    pub label: &'static str,
    /// The words used in reports.
    pub text: &'static str,
}

impl Slower {
    /// Its place in the ledger: one that no mechanism in the register declares has none, and does not compile.
    pub const fn cause(&self) -> Cause {
        Cause::labelled(self.label)
    }
}

macro_rules! causes {
    ($($label:literal $($name:ident $text:literal)?),+ $(,)?) => {
        /// Labels in the order of columns, with the text of those that no mechanism declares.
        const PLACES: &[(&str, &[&str])] = &[$(($label, &[$($text)?])),+];

        #[allow(non_upper_case_globals, reason = "each is a case of one thing")]
        impl Cause {
            $($(pub const $name: Cause = Cause::labelled($label);)?)+
        }
    };
}

// A label alone keeps the place of a cause that a mechanism declares; those that have none come last.
causes! {
    "backlog" Backlog "waiting to be committed to",
    "turn" Turn "waiting for its turn",
    "queue" Queue "waiting for someone to continue",
    "work" Work "being worked on",
    "rework" Rework "being worked on again",
    "debt",
    "builds" Builds "slowed by builds, tests and environments",
    "switching" Switching "slowed by other items on the desk",
    "elsewhere" Elsewhere "meetings, mail and leave",
    "learning" Learning "slowed by someone still learning",
    "coordination",
    "overload",
    "complexity",
    "clarifying" Clarifying "waiting to be made clear",
    "dependency" Dependency "waiting for another team",
    "review" Review "waiting for review",
    "verification" Verification "in build and test",
    "approval" Approval "waiting for approval",
    "release" Release "waiting for release",
    "interrupted" Interrupted "interrupted by incidents and meetings",
    "blocked" Blocked "finished, but the next stage is full",
}

/// The causes that can slow work which is in hand, other than sharing a desk, in the order in which they are booked; those
/// that mechanisms declare and that are not here come last.
const BOOKED: [&str; 7] =
    ["elsewhere", "debt", "builds", "learning", "coordination", "overload", "complexity"];

const fn has_place(label: &str) -> bool {
    let mut at = 0;
    while at < PLACES.len() {
        if is_same(PLACES[at].0, label) {
            assert!(PLACES[at].1.is_empty(), "a mechanism's cause has the label of another");
            return true;
        }
        at += 1;
    }
    false
}

/// How many mechanisms declare that have no place.
const ADDED: usize = {
    let (mut added, mut nth) = (0, 0);
    while let Some(slower) = of(DECLARED, nth) {
        added += !has_place(slower.label) as usize;
        nth += 1;
    }
    added
};

pub const CAUSES: usize = PLACES.len() + ADDED;

/// Label and text of each.
static WORDS: [Slower; CAUSES] = WRITTEN;
const WRITTEN: [Slower; CAUSES] = {
    let mut words = [Slower { label: "", text: "" }; CAUSES];
    let mut at = 0;
    while at < PLACES.len() {
        let (label, text) = PLACES[at];
        words[at] = Slower { label, text: if text.is_empty() { declared_text(label) } else { text[0] } };
        at += 1;
    }
    let mut nth = 0;
    while let Some(slower) = of(DECLARED, nth) {
        if !has_place(slower.label) {
            words[at] = *slower;
            at += 1;
        }
        nth += 1;
    }
    words
};

const fn declared_text(label: &str) -> &'static str {
    let mut nth = 0;
    while let Some(slower) = of(DECLARED, nth) {
        if is_same(slower.label, label) {
            return slower.text;
        }
        nth += 1;
    }
    panic!("no mechanism declares a cause whose place is kept")
}

impl Cause {
    pub const ALL: &[Cause] = &{
        let mut all = [Cause(0); CAUSES];
        let mut at = 0;
        while at < CAUSES {
            all[at] = Cause(at as u8);
            at += 1;
        }
        all
    };

    const fn labelled(label: &str) -> Cause {
        let mut at = 0;
        while at < CAUSES {
            if is_same(WRITTEN[at].label, label) {
                return Cause(at as u8);
            }
            at += 1;
        }
        panic!("there is no cause with this label")
    }

    /// Its place among all.
    #[inline]
    pub const fn at(self) -> usize {
        self.0 as usize
    }

    /// The short name used for columns.
    pub fn label(self) -> &'static str {
        WORDS[self.at()].label
    }

    /// The words used in reports.
    pub fn text(self) -> &'static str {
        WORDS[self.at()].text
    }
}

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
        Ticks(self.spent[cause.at()])
    }

    pub fn total(&self) -> Ticks {
        Ticks(self.spent.iter().sum())
    }

    /// Adds what each cause held, in ticks, to a sum over items.
    #[inline]
    pub fn add_to(&self, sums: &mut [u64; CAUSES]) {
        for (sum, spent) in sums.iter_mut().zip(self.spent) {
            // Checked for overflow, it would be done one by one.
            *sum = sum.wrapping_add(spent);
        }
    }

    /// Books the time since the last entry on the present cause, and names the next one.
    #[inline]
    pub fn turn_to(&mut self, cause: Cause, now: Instant) {
        self.spent[self.cause.at()] += (now - self.since).0;
        self.cause = cause;
        self.since = now;
    }

    /// What it waits for in a backlog it is committed to from now on: it waits for its turn.
    #[inline]
    pub fn commit(&mut self, now: Instant) {
        if self.cause == Cause::Backlog {
            self.turn_to(Cause::Turn, now);
        }
    }

    /// Takes over the time of a part whose life ends now and that was waited for since it began, with its waits
    /// in lines as waiting for another team.
    pub fn take_over(&mut self, part: &Ledger, now: Instant) {
        let waited = Ticks((now - self.since).0.saturating_sub(part.total().0));
        self.spent[self.cause.at()] += waited.0;
        self.since = now;
        for cause in Cause::ALL {
            let booked = match *cause {
                Cause::Backlog | Cause::Turn | Cause::Queue => Cause::Dependency,
                other => other,
            };
            self.spent[booked.at()] += part.spent(*cause).0;
        }
    }

    /// Books the time since the last entry as work at a pace, split among what slowed it.
    ///
    /// `slowness` holds, for each cause that can slow work, the negative logarithm of its factor.
    /// The part exp(−Σ) is work; the rest is split by log-shares, the remainder to the largest.
    #[inline]
    pub fn book_work(&mut self, slowness: &Slowness, pace: Pace, now: Instant) {
        let elapsed = (now - self.since).0;
        self.since = now;
        let work = if self.cause.is_touch() { self.cause } else { Cause::Work };
        let kept = slowness.kept * pace.attention.min(1.0) * pace.tempo.min(1.0);
        if kept >= 1.0 {
            self.spent[work.at()] += elapsed;
            return;
        }
        let nominal = Ticks::whole(Ticks(elapsed).number() * kept).0;
        self.spent[work.at()] += nominal;
        self.split(elapsed - nominal, slowness, pace);
    }

    fn split(&mut self, excess: u64, slowness: &Slowness, pace: Pace) {
        let crowding = pace.crowding;
        let scale = Ticks(excess).number() / (slowness.total + crowding + pace.lull);
        let mut left = excess;
        let mut largest = (Cause::Switching, crowding);
        let mut book = |cause: Cause, log: f64| {
            if log == 0.0 {
                return;
            }
            let part = Ticks::whole(log * scale).0.min(left);
            self.spent[cause.at()] += part;
            left -= part;
            if log > largest.1 {
                largest = (cause, log);
            }
        };
        for (cause, log) in SLOWERS.iter().zip(&slowness.logs) {
            let lull = if *cause == Cause::Elsewhere { pace.lull } else { 0.0 };
            book(*cause, f64::from(*log) + lull);
        }
        book(Cause::Switching, crowding);
        self.spent[largest.0.at()] += left;
    }
}

/// How fast all that lies on a desk gets on, whatever slows each item.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The part of its person that each item has while it shares the desk, and the negative logarithm of it.
    pub attention: f64,
    pub crowding: f64,
    /// How fast the team's people get on, against 1 on average, and the negative logarithm of it where it is below 1
    /// (else 0): their time elsewhere.
    pub tempo: f64,
    pub lull: f64,
}

/// The causes that can slow work which is in hand.
pub const SLOWERS: [Cause; BOOKED.len() + ADDED] = {
    let mut slowers = [Cause::Elsewhere; BOOKED.len() + ADDED];
    let mut at = 0;
    while at < BOOKED.len() {
        slowers[at] = Cause::labelled(BOOKED[at]);
        at += 1;
    }
    while at < slowers.len() {
        slowers[at] = Cause((PLACES.len() + at - BOOKED.len()) as u8);
        at += 1;
    }
    slowers
};

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
    fn labels_are_unique_and_lead_to_their_cause() {
        for cause in Cause::ALL {
            assert_eq!(Cause::labelled(cause.label()), *cause);
            assert!(!cause.text().is_empty());
        }
    }

    const DEBT: Cause = Cause::labelled("debt");
    const ALONE: Pace = Pace { attention: 1.0, crowding: 0.0, tempo: 1.0, lull: 0.0 };

    /// A team at half its tempo is elsewhere for half of the time; at twice its tempo all of the time is work.
    #[test]
    fn a_lull_is_time_elsewhere_and_a_spurt_is_work() {
        for (tempo, elsewhere) in [(0.5, 500_000), (1.0, 0), (2.0, 0)] {
            let mut ledger = Ledger::open(Instant(0));
            ledger.turn_to(Cause::Work, Instant(0));
            let lull = if tempo < 1.0 { -libm::log(tempo) } else { 0.0 };
            ledger.book_work(&Slowness::NONE, Pace { tempo, lull, ..ALONE }, Instant(1_000_000));
            assert_eq!(ledger.spent(Cause::Elsewhere), Ticks(elsewhere));
            assert_eq!(ledger.total(), Ticks(1_000_000));
        }
    }

    #[test]
    fn every_tick_is_booked_once_however_work_is_slowed() {
        let mut ledger = Ledger::open(Instant(0));
        ledger.turn_to(Cause::Work, Instant(11));
        let mut slowness = Slowness::NONE;
        slowness.add(DEBT, libm::exp(0.3), 0.3);
        slowness.add(Cause::Builds, libm::exp(0.17), 0.17);
        let shared = Pace { attention: 0.4, crowding: -libm::log(0.4), ..ALONE };
        ledger.book_work(&slowness, shared, Instant(1_000_003));
        ledger.book_work(&Slowness::NONE, ALONE, Instant(1_000_010));
        ledger.turn_to(Cause::Review, Instant(1_000_010));
        ledger.turn_to(Cause::Backlog, Instant(1_000_020));
        assert_eq!(ledger.total(), Ticks(1_000_020));
        assert!(ledger.spent(Cause::Switching) > ledger.spent(DEBT));
        assert!(ledger.spent(DEBT) > ledger.spent(Cause::Builds));
    }
}
