//! The time that this thread has been on a processor: on a machine that others use too, it says more than a clock.

use std::fs;
use std::time::{Duration, Instant};

/// What was spent since it was begun.
pub struct Spent {
    begun: Instant,
    on_processor: Option<u64>,
}

impl Spent {
    pub fn begin() -> Spent {
        Spent { begun: Instant::now(), on_processor: on_processor() }
    }

    /// Time on a processor, where the system tells it (Linux); else time by the clock.
    pub fn time(&self) -> Duration {
        match (self.on_processor, on_processor()) {
            (Some(then), Some(now)) => Duration::from_nanos(now - then),
            _ => self.begun.elapsed(),
        }
    }
}

fn on_processor() -> Option<u64> {
    fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}
