//! Working time in integer ticks, and the typed indices by which the model names its parts.
//!
//! One tick is a millisecond of *working* time. Integer ticks make ties exact and trajectories
//! hashable; a millisecond is a thousandth of the shortest duration anyone writes in a scenario.

use std::ops::{Add, AddAssign, Sub};

/// Ticks in one working hour.
pub const TICKS_PER_HOUR: u64 = 3_600_000;

/// Working days in an engineer-month, by which value and cost are told: whatever the clock's months.
pub const DAYS_PER_MONTH: f64 = 21.0;

/// The longest stretch of time a scenario may speak of: about a million working years.
pub const LONGEST_HOURS: f64 = 2.0e9;

/// A length of working time, in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticks(pub u64);

impl Ticks {
    pub const ZERO: Ticks = Ticks(0);

    /// Rounds to the nearest tick. Negative and not-a-number lengths count as none, lengths
    /// beyond [`LONGEST_HOURS`] as that long, so the clock can't overflow.
    #[inline]
    pub fn from_hours(hours: f64) -> Ticks {
        Ticks::rounded(hours.min(LONGEST_HOURS) * TICKS_PER_HOUR as f64)
    }

    /// Rounds a (non-negative) fractional number of ticks to the nearest whole one.
    #[inline]
    pub fn rounded(ticks: f64) -> Ticks {
        Ticks::whole(ticks + 0.5)
    }

    /// Rounds a fractional number of ticks down; negative ones and not-a-number count as none.
    #[inline]
    pub fn whole(ticks: f64) -> Ticks {
        Ticks(ticks.max(0.0) as i64 as u64) // signed, since processors convert such at once
    }

    /// How many they are.
    #[inline]
    pub fn number(self) -> f64 {
        self.0 as i64 as f64 // signed for the same reason: no clock comes to 2⁶³
    }

    #[inline]
    pub fn hours(self) -> f64 {
        self.number() / TICKS_PER_HOUR as f64
    }
}

impl Add for Ticks {
    type Output = Ticks;
    #[inline]
    fn add(self, other: Ticks) -> Ticks {
        Ticks(self.0 + other.0)
    }
}

impl AddAssign for Ticks {
    #[inline]
    fn add_assign(&mut self, other: Ticks) {
        self.0 += other.0;
    }
}

/// A point on the simulation's clock: ticks since the beginning of the simulated replication.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub u64);

impl Instant {
    pub const START: Instant = Instant(0);

    #[inline]
    pub fn hours(self) -> f64 {
        Ticks(self.0).hours()
    }
}

impl Add<Ticks> for Instant {
    type Output = Instant;
    #[inline]
    fn add(self, span: Ticks) -> Instant {
        Instant(self.0 + span.0)
    }
}

/// The clock never runs backwards: the later instant stands on the left.
impl Sub for Instant {
    type Output = Ticks;
    #[inline]
    fn sub(self, earlier: Instant) -> Ticks {
        Ticks(self.0 - earlier.0)
    }
}

/// Declares a typed index: a number that can only index the table it belongs to.
macro_rules! index {
    ($($(#[$doc:meta])* $name:ident($inner:ty)),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);
        impl $name {
            #[inline]
            pub fn at(self) -> usize {
                self.0 as usize
            }
            /// Panics where a table is longer than the index can count; the loader refuses such.
            #[inline]
            pub fn new(at: usize) -> Self {
                Self(<$inner>::try_from(at).expect("table longer than its index can count"))
            }
        }
    )+};
}

index! {
    /// A team, numbered in the order of the scenario; leaders who approve are teams of one.
    TeamId(u32),
    /// A person, numbered over the whole organisation.
    PersonId(u32),
    /// A kind of work, such as a feature or a bug.
    KindId(u16),
    /// A stage: a named instance of something that holds work.
    StageId(u16),
    /// A part of the code base with its own size and debt.
    ComponentId(u32),
    /// A waiting line: the work one team may pull for one stage and one class of capacity.
    LineId(u32),
    /// A way to approve work: a board, an approver or a chain of them.
    GateId(u16),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_round_to_the_nearest_tick_and_nonsense_to_none() {
        assert_eq!(Ticks::from_hours(1.0).0, TICKS_PER_HOUR);
        assert_eq!(Ticks::from_hours(0.49 / TICKS_PER_HOUR as f64).0, 0);
        assert_eq!(Ticks::from_hours(-3.0).0, 0);
        assert_eq!(Ticks::from_hours(f64::NAN), Ticks::from_hours(LONGEST_HOURS));
    }
}
