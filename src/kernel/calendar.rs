//! The future event list: what happens next, with ties in a stated order.
//!
//! A 4-ary heap over keys of (time, rank, sequence), half as deep as a binary one. The heap moves keys only:
//! the events lie still, each in a place that its key knows, so that a large event costs no more to sort than
//! a small one. Events at one instant come out by rank, then by the place they are given within it, then in the order
//! they were scheduled.

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

const RANK_BITS: u32 = 60;
const SEQUENCE_BITS: u32 = 44;

/// When an event is due, and where it lies.
#[derive(Clone, Copy)]
struct Entry {
    time: u64,
    /// Rank, then place, then the order of scheduling.
    order: u64,
    place: u32,
}

impl Entry {
    /// One number that decides the order: a single comparison without a branch.
    #[inline]
    fn key(&self) -> u128 {
        u128::from(self.time) << 64 | u128::from(self.order)
    }
}

/// A calendar of future events and the clock they move.
#[derive(Clone)]
pub struct Calendar<E> {
    heap: Vec<Entry>,
    /// The events; those at places named in `free` are over.
    events: Vec<E>,
    free: Vec<u32>,
    now: Instant,
    scheduled: u64,
}

impl<E: Copy> Default for Calendar<E> {
    fn default() -> Self {
        Self { heap: Vec::new(), events: Vec::new(), free: Vec::new(), now: Instant::START, scheduled: 0 }
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
        self.at(self.now + delay, rank, 0, event);
    }

    /// The same, with a place among the events of its rank at one instant: lower places come first.
    #[inline]
    pub fn after_in_place(&mut self, delay: Ticks, rank: Rank, place: u16, event: E) {
        self.at(self.now + delay, rank, place, event);
    }

    /// Puts `event` on the calendar at `time`, which must not lie in the past.
    #[inline]
    fn at(&mut self, time: Instant, rank: Rank, place: u16, event: E) {
        debug_assert!(time >= self.now, "the clock never runs backwards");
        let order = (rank as u64) << RANK_BITS | u64::from(place) << SEQUENCE_BITS | self.scheduled;
        self.scheduled += 1;
        let place = match self.free.pop() {
            Some(place) => {
                self.events[place as usize] = event;
                place
            }
            None => {
                self.events.push(event);
                u32::try_from(self.events.len() - 1).expect("more than four thousand million pending events")
            }
        };
        let entry = Entry { time: time.0, order, place };
        self.heap.push(entry);
        self.rise(self.heap.len() - 1, entry);
    }

    /// The time of the next event, if there is one.
    #[inline]
    pub fn peek(&self) -> Option<Instant> {
        self.heap.first().map(|entry| Instant(entry.time))
    }

    /// Takes the next event that is due before or at `end`, and moves the clock to it.
    #[inline]
    pub fn pop_until(&mut self, end: Instant) -> Option<E> {
        let first = *self.heap.first().filter(|entry| entry.time <= end.0)?;
        let last = self.heap.pop()?;
        if !self.heap.is_empty() {
            self.fill_top(last);
        }
        self.free.push(first.place);
        self.now = Instant(first.time);
        Some(self.events[first.place as usize])
    }

    /// Replaces every pending event; those that become nothing are taken off. Times and order stay.
    pub fn translate(&mut self, mut change: impl FnMut(E) -> Option<E>) {
        let (events, free) = (&mut self.events, &mut self.free);
        self.heap.retain(|entry| {
            let event = &mut events[entry.place as usize];
            let changed = change(*event);
            match changed {
                Some(changed) => *event = changed,
                None => free.push(entry.place),
            }
            changed.is_some()
        });
        // A sorted list is a heap.
        self.heap.sort_unstable_by_key(Entry::key);
    }

    /// Moves the clock to the end of a run, when no event is due before it.
    pub fn rest_at(&mut self, end: Instant) {
        debug_assert!(self.peek().is_none_or(|next| next >= end));
        self.now = self.now.max(end);
    }

    /// Lets an entry rise to its place from a place that is free for it.
    #[inline]
    fn rise(&mut self, mut at: usize, entry: Entry) {
        while at > 0 {
            let parent = (at - 1) / 4;
            if self.heap[parent].key() <= entry.key() {
                break;
            }
            self.heap[at] = self.heap[parent];
            at = parent;
        }
        self.heap[at] = entry;
    }

    /// Fills the place at the top: the least child moves up all the way down, and `last`, which mostly belongs
    /// near the bottom, rises from there.
    #[inline]
    fn fill_top(&mut self, last: Entry) {
        let mut at = 0;
        while let Some(first) = self.heap.get(4 * at + 1) {
            let (mut least, mut key) = (4 * at + 1, first.key());
            for (nth, child) in self.heap[4 * at + 2..].iter().take(3).enumerate() {
                if child.key() < key {
                    (least, key) = (4 * at + 2 + nth, child.key());
                }
            }
            self.heap[at] = self.heap[least];
            at = least;
        }
        self.rise(at, last);
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
    fn ties_come_out_by_rank_and_then_by_place_and_then_in_scheduling_order() {
        let mut calendar = Calendar::default();
        calendar.at(Instant(6), Rank::Meeting, 2, 3);
        calendar.at(Instant(6), Rank::Meeting, 1, 4);
        calendar.at(Instant(6), Rank::Meeting, 2, 5);
        calendar.at(Instant(5), Rank::Sample, 0, 9);
        calendar.at(Instant(5), Rank::Arrival, 0, 1);
        calendar.at(Instant(5), Rank::Completion, 0, 0);
        calendar.at(Instant(5), Rank::Arrival, 0, 2);
        calendar.at(Instant(3), Rank::Sample, 0, 7);
        assert_eq!(drain(&mut calendar), [(3, 7), (5, 0), (5, 1), (5, 2), (5, 9), (6, 4), (6, 3), (6, 5)]);
    }

    #[test]
    fn agrees_with_a_sorted_list() {
        let mut calendar = Calendar::default();
        let mut state = 1_u64;
        let mut expected: Vec<(u64, u32)> = (0..5_000)
            .map(|event| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let time = state >> 54;
                calendar.at(Instant(time), Rank::Arrival, 0, event);
                (time, event)
            })
            .collect();
        expected.sort_by_key(|(time, _)| *time);
        assert_eq!(drain(&mut calendar), expected);
    }

    #[test]
    fn translated_events_keep_their_times_and_leave_places_to_others() {
        let mut calendar = Calendar::default();
        for event in 0..100 {
            calendar.at(Instant(u64::from(100 - event)), Rank::Arrival, 0, event);
        }
        calendar.translate(|event| (event % 3 == 0).then_some(event * 2));
        assert_eq!(calendar.pending(), 34);
        calendar.at(Instant(1_000), Rank::Arrival, 0, 7);
        let mut expected: Vec<(u64, u32)> =
            (0..100).rev().step_by(3).map(|event| (100 - u64::from(event), event * 2)).collect();
        expected.push((1_000, 7));
        assert_eq!(drain(&mut calendar), expected);
    }

    #[test]
    fn what_lies_beyond_the_end_stays() {
        let mut calendar = Calendar::default();
        calendar.at(Instant(10), Rank::Arrival, 0, 1);
        assert_eq!(calendar.pop_until(Instant(9)), None);
        calendar.rest_at(Instant(9));
        assert_eq!(calendar.now(), Instant(9));
        assert_eq!(calendar.pop_until(Instant(10)), Some(1));
    }
}
