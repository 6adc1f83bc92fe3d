//! Overrun: why a life cannot go on, and how much is too much.

use kernel::units::Instant;

/// Why a life cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Overrun {
    /// More work came than it may ever hold.
    #[error("more than {limit} items of work were open at once; the organisation is overloaded without end")]
    Population { limit: u64 },
    /// So much happened at one instant that it would hardly ever end.
    #[error(
        "more than {limit} steps at one instant, {hour} working hours in; work that takes no time goes on without end"
    )]
    Instant { limit: u64, hour: u64 },
    /// So much happened in all that it would hardly ever end.
    #[error(
        "more than {limit} events until {hour} working hours in; far too much happens in far too little time"
    )]
    Events { limit: u64, hour: u64 },
}

/// The most steps at one instant, besides some for each item that may be open.
const MOST_AT_ONCE: u64 = 1_000_000;
const STEPS_EACH: u64 = 20;
/// The most events in a life: so many in any case, more for each hour of each person, and never more than the last.
pub(super) const FIRST_EVENTS: u64 = 2_000_000;
const EVENTS_AN_HOUR: f64 = 1_000.0;
const MOST_EVENTS: u64 = 500_000_000;

/// How much may happen at one instant.
#[inline]
pub(super) fn most_steps(population_limit: u64) -> u64 {
    MOST_AT_ONCE + STEPS_EACH * population_limit
}

/// How many events there may have been by now.
#[cold]
pub(super) fn most_events(now: Instant, people: usize) -> u64 {
    MOST_EVENTS.min(FIRST_EVENTS + (EVENTS_AN_HOUR * now.hours() * people.max(1) as f64) as u64)
}
