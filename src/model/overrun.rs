//! Overrun: why a replication cannot go on, and how much is too much.

use super::replication::Replication;
use kernel::units::Instant;
use serde::{Deserialize, Serialize};

/// Why a replication cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Overrun {
    /// More work came than it may ever hold.
    #[error("more than {limit} items of work were open at once; the organisation is overloaded without end")]
    Population { limit: u64 },
    /// More was scheduled than it may ever hold.
    #[error("more than {limit} events were pending at once; far too much is scheduled")]
    Pending { limit: u64 },
    /// So much happened at one instant that it would hardly ever end.
    #[error(
        "more than {limit} steps at one instant, {hour} working hours in; work that takes no time goes on without end"
    )]
    Instant { limit: u64, hour: u64 },
    /// Each event went through so many people, tickets or tasks that it would hardly ever end.
    #[error(
        "more than {limit} times somebody or something was gone through until {hour} working hours in; far too much shares one desk, line or team"
    )]
    Looks { limit: u64, hour: u64 },
    /// So much happened in all that it would hardly ever end.
    #[error(
        "more than {limit} events until {hour} working hours in; far too much happens in far too little time"
    )]
    Events { limit: u64, hour: u64 },
}

/// The most steps at one instant, besides some for each item that may be open.
const MOST_AT_ONCE: u64 = 1_000_000;
const STEPS_EACH: u64 = 20;
/// Of the number of steps, what must be 0 for it to be looked at.
const STEPS_UNASKED: u64 = 63;
/// The most events in a replication: so many in any case, more for each hour of each person, and never more than the
/// last.
const FIRST_EVENTS: u64 = 2_000_000;
const EVENTS_AN_HOUR: f64 = 1_000.0;
const MOST_EVENTS: u64 = 500_000_000;

/// The most people, tickets and tasks that may be gone through, in the same way.
const FIRST_LOOKS: u64 = 2_000_000_000;
const LOOKS_AN_HOUR: f64 = 100_000.0;
const MOST_LOOKS: u64 = 50_000_000_000;

/// How much may happen at one instant.
#[cold]
fn most_steps(population_limit: u64) -> u64 {
    MOST_AT_ONCE + STEPS_EACH * population_limit
}

/// How many events there may have been by now.
#[cold]
fn most_events(now: Instant, people: usize) -> u64 {
    MOST_EVENTS.min(FIRST_EVENTS + (EVENTS_AN_HOUR * now.hours() * people.max(1) as f64) as u64)
}

/// How many people, tickets and tasks may have been gone through by now.
#[cold]
fn most_looks(now: Instant, people: usize) -> u64 {
    MOST_LOOKS.min(FIRST_LOOKS + (LOOKS_AN_HOUR * now.hours() * people.max(1) as f64) as u64)
}

impl Replication<'_> {
    /// Whether the present instant has gone on for too long, or brought too much.
    #[inline]
    pub(super) fn is_stuck(&self) -> bool {
        self.steps > MOST_AT_ONCE && self.steps > most_steps(self.ctx.plan.population_limit)
            || self.ctx.ends.is_some()
            || self.ctx.org.population() > self.ctx.plan.population_limit
            || self.is_slow()
    }

    /// The same, asked now and then: for every few steps at one instant. Whoever breaks off for it leaves things undone, so
    /// the replication ends.
    #[inline(always)] // so that mostly only steps are looked at
    pub(super) fn is_stuck_by_now(&mut self) -> bool {
        self.steps & STEPS_UNASKED == 0 && self.is_stuck_for_good()
    }

    #[cold]
    #[inline(never)]
    fn is_stuck_for_good(&mut self) -> bool {
        self.ctx.is_overrun() || self.is_stuck()
    }

    /// Whether too much has been gone through one by one.
    #[inline]
    fn is_slow(&self) -> bool {
        let looks = self.ctx.org.looks;
        looks > FIRST_LOOKS && looks > most_looks(self.now(), self.ctx.org.people.len())
    }

    /// Nothing, or why it cannot go on.
    #[inline]
    pub(super) fn go_on(&self) -> Result<(), Overrun> {
        let few =
            self.events <= FIRST_EVENTS || self.events <= most_events(self.now(), self.ctx.org.people.len());
        if few && !self.is_stuck() { Ok(()) } else { Err(self.overrun()) }
    }

    #[cold]
    fn overrun(&self) -> Overrun {
        let (limit, hour) = (self.ctx.plan.population_limit, self.now().hours() as u64);
        if let Some(ends) = self.ctx.ends {
            return ends;
        }
        match () {
            () if self.ctx.org.population() > limit => Overrun::Population { limit },
            () if self.is_slow() => {
                Overrun::Looks { limit: most_looks(self.now(), self.ctx.org.people.len()), hour }
            }
            () if self.is_stuck() => Overrun::Instant { limit: most_steps(limit), hour },
            () => Overrun::Events { limit: most_events(self.now(), self.ctx.org.people.len()), hour },
        }
    }
}
