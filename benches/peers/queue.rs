//! M/M/1 written by hand, as a loop over a heap and nothing else.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

const DAY: f64 = 28_800_000.0;

/// What one replication comes to.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// Mean time in the system, in days, of those who were served.
    pub mean_days: f64,
    pub events: u64,
}

/// Serves this many customers, from empty.
pub fn replicate(seed: u64, customers: u64) -> Summary {
    // xorshift64 (Marsaglia 2003).
    let mut word = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d;
    let mut exponential = |mean: f64| {
        word ^= word << 13;
        word ^= word >> 7;
        word ^= word << 17;
        (-libm::log(((word >> 11) as f64 + 0.5) / (1_u64 << 53) as f64) * mean * DAY) as u64
    };
    // (time, order of scheduling, whether it is an arrival)
    let mut calendar = BinaryHeap::from([Reverse((0_u64, 0_u64, true))]);
    let mut waiting = VecDeque::new();
    let (mut scheduled, mut arrived, mut sum) = (0, 0, 0.0);
    while let Some(Reverse((now, _, arrives))) = calendar.pop() {
        if arrives {
            arrived += 1;
            waiting.push_back(now);
        } else if let Some(came) = waiting.pop_front() {
            sum += (now - came) as f64;
        }
        scheduled += 2;
        if arrives && arrived < customers {
            calendar.push(Reverse((now + exponential(1.0 / 0.9), scheduled, true)));
        }
        if !waiting.is_empty() && (!arrives || waiting.len() == 1) {
            calendar.push(Reverse((now + exponential(1.0), scheduled + 1, false)));
        }
    }
    Summary { mean_days: sum / customers as f64 / DAY, events: 2 * customers }
}
