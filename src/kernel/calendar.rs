//! The future event list: what happens next, with ties in a stated order.
//!
//! A 4-ary heap over one packed key (time, rank, sequence). Four children share a cache line or
//! two, so the heap is half as deep as a binary one, and a single integer comparison decides an
//! order. Events at one instant come out by rank, then in the order they were scheduled.

use crate::units::{Instant, Ticks};

/// Which of several events at the same instant comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Rank {
    Completion = 0,
    Arrival = 1,
    Meeting = 2,
    Course = 3,
    Sample = 4,
}

const SEQUENCE_BITS: u32 = 60;

#[derive(Clone, Copy)]
struct Entry<E> {
    key: u128,
    event: E,
}

/// A calendar of future events and the clock they move.
#[derive(Clone)]
pub struct Calendar<E> {
    heap: Vec<Entry<E>>,
    now: Instant,
    scheduled: u64,
}

impl<E: Copy> Default for Calendar<E> {
    fn default() -> Self {
        Self { heap: Vec::new(), now: Instant::START, scheduled: 0 }
    }
}

impl<E: Copy> Calendar<E> {
    #[inline]
    pub fn now(&self) -> Instant {
        self.now
    }

    pub fn pending(&self) -> usize {
        self.heap.len()
    }

    /// Puts `event` on the calendar, `delay` from now.
    #[inline]
    pub fn after(&mut self, delay: Ticks, rank: Rank, event: E) {
        self.at(self.now + delay, rank, event);
    }

    /// Puts `event` on the calendar at `time`, which must not lie in the past.
    #[inline]
    pub fn at(&mut self, time: Instant, rank: Rank, event: E) {
        debug_assert!(time >= self.now, "the clock never runs backwards");
        let order = (rank as u64) << SEQUENCE_BITS | self.scheduled;
        self.scheduled += 1;
        let key = u128::from(time.0) << 64 | u128::from(order);
        self.heap.push(Entry { key, event });
        self.rise(self.heap.len() - 1);
    }

    /// The time of the next event, if there is one.
    #[inline]
    pub fn peek(&self) -> Option<Instant> {
        self.heap.first().map(|entry| Instant((entry.key >> 64) as u64))
    }

    /// Takes the next event that is due before or at `end`, and moves the clock to it.
    #[inline]
    pub fn pop_until(&mut self, end: Instant) -> Option<E> {
        let time = self.peek().filter(|time| *time <= end)?;
        let last = self.heap.pop()?;
        let event = match self.heap.first_mut() {
            None => last.event,
            Some(top) => {
                let first = std::mem::replace(top, last);
                self.sink();
                first.event
            }
        };
        self.now = time;
        Some(event)
    }

    /// Replaces every pending event; those that become nothing are taken off. Times and order stay.
    pub fn translate(&mut self, mut change: impl FnMut(E) -> Option<E>) {
        self.heap = std::mem::take(&mut self.heap)
            .into_iter()
            .filter_map(|entry| Some(Entry { key: entry.key, event: change(entry.event)? }))
            .collect();
        // A sorted list is a heap.
        self.heap.sort_unstable_by_key(|entry| entry.key);
    }

    /// Moves the clock to the end of a run, when no event is due before it.
    pub fn rest_at(&mut self, end: Instant) {
        debug_assert!(self.peek().is_none_or(|next| next >= end));
        self.now = self.now.max(end);
    }

    #[inline]
    fn rise(&mut self, mut at: usize) {
        let entry = self.heap[at];
        while at > 0 {
            let parent = (at - 1) / 4;
            if self.heap[parent].key <= entry.key {
                break;
            }
            self.heap[at] = self.heap[parent];
            at = parent;
        }
        self.heap[at] = entry;
    }

    /// Lets the entry at the top sink to its place.
    #[inline]
    fn sink(&mut self) {
        let entry = self.heap[0];
        let length = self.heap.len();
        let mut at = 0;
        loop {
            let first = 4 * at + 1;
            if first >= length {
                break;
            }
            let mut least = first;
            for child in first + 1..(first + 4).min(length) {
                if self.heap[child].key < self.heap[least].key {
                    least = child;
                }
            }
            if entry.key <= self.heap[least].key {
                break;
            }
            self.heap[at] = self.heap[least];
            at = least;
        }
        self.heap[at] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(calendar: &mut Calendar<u32>) -> Vec<(u64, u32)> {
        let mut log = Vec::new();
        while let Some(event) = calendar.pop_until(Instant(u64::MAX)) {
            log.push((calendar.now().0, event));
        }
        log
    }

    #[test]
    fn ties_come_out_by_rank_and_then_in_scheduling_order() {
        let mut calendar = Calendar::default();
        calendar.at(Instant(5), Rank::Sample, 9);
        calendar.at(Instant(5), Rank::Arrival, 1);
        calendar.at(Instant(5), Rank::Completion, 0);
        calendar.at(Instant(5), Rank::Arrival, 2);
        calendar.at(Instant(3), Rank::Sample, 7);
        assert_eq!(drain(&mut calendar), [(3, 7), (5, 0), (5, 1), (5, 2), (5, 9)]);
    }

    #[test]
    fn agrees_with_a_sorted_list() {
        let mut calendar = Calendar::default();
        let mut state = 1_u64;
        let mut expected: Vec<(u64, u32)> = (0..5_000)
            .map(|event| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let time = state >> 54;
                calendar.at(Instant(time), Rank::Arrival, event);
                (time, event)
            })
            .collect();
        expected.sort_by_key(|(time, _)| *time);
        assert_eq!(drain(&mut calendar), expected);
    }

    #[test]
    fn what_lies_beyond_the_end_stays() {
        let mut calendar = Calendar::default();
        calendar.at(Instant(10), Rank::Arrival, 1);
        assert_eq!(calendar.pop_until(Instant(9)), None);
        calendar.rest_at(Instant(9));
        assert_eq!(calendar.now(), Instant(9));
        assert_eq!(calendar.pop_until(Instant(10)), Some(1));
    }
}
