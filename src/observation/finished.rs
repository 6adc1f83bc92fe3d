//! A finished item: the instants of its course that metrics are made of.

use crate::units::{Instant, KindId};

/// A finished item: when it was born, pulled, first coded and done.
#[derive(Clone, Copy, Debug)]
pub struct Finished {
    pub kind: KindId,
    pub is_change: bool,
    pub born: Instant,
    pub committed: Option<Instant>,
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
