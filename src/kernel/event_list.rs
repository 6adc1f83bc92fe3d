//! The future event list: what happens next, with ties in a stated order.
//!
//! A 4-ary heap over keys of (time, priority, place, sequence), half as deep as a binary one. The heap moves keys only:
//! the events lie still, each in a place that its key knows, so that a large event costs no more to sort than
//! a small one. Events at one instant come out by priority, then by the place they are given within it, then in the
//! order they were scheduled.
//!
//! An event that may be moved or called off has a slot: whoever owns one knows its number. So what is pending is what
//! will happen, and nothing stale ever comes up.

use crate::units::{Instant, Ticks};

/// Which of several events at the same instant comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum EventPriority {
    Completion = 0,
    Arrival = 1,
    Meeting = 2,
    /// Weeks end, deadlines pass, people come and go.
    Housekeeping = 3,
}

const PRIORITY_BITS: u32 = 60;
const SEQUENCE_BITS: u32 = 44;

/// When an event is due, and where it lies.
#[derive(Clone, Copy)]
struct Entry {
    time: u64,
    /// Priority, then place, then the order of scheduling.
    order: u64,
    /// Where its event lies.
    lies: u32,
    in_slot: bool,
}

impl Entry {
    /// One number that decides the order: a single comparison without a branch.
    #[inline]
    fn key(&self) -> u128 {
        u128::from(self.time) << 64 | u128::from(self.order)
    }
}

/// A list of future events and the clock they move.
#[derive(Clone)]
pub struct EventList<E> {
    /// Where `is_open`, the first entry is the event that was taken last and only keeps the place at the top: what is
    /// scheduled next, which is mostly what follows from it, goes there without anything being moved twice.
    heap: Vec<Entry>,
    is_open: bool,
    /// The events; those at places named in `free` are over.
    events: Vec<E>,
    /// Where in the heap each event's entry is, where it is pending.
    found: Vec<u32>,
    free: Vec<u32>,
    /// The place of each slot's event, once it had one.
    slots: Vec<u32>,
    now: Instant,
    scheduled: u64,
}

/// Nowhere in the heap, and no place.
const NOWHERE: u32 = u32::MAX;

impl<E: Copy> Default for EventList<E> {
    fn default() -> Self {
        Self {
            heap: Vec::new(),
            is_open: false,
            events: Vec::new(),
            found: Vec::new(),
            free: Vec::new(),
            slots: Vec::new(),
            now: Instant::START,
            scheduled: 0,
        }
    }
}

impl<E: Copy> EventList<E> {
    #[inline]
    pub fn now(&self) -> Instant {
        self.now
    }

    pub fn pending(&self) -> usize {
        self.heap.len() - usize::from(self.is_open)
    }

    /// Puts `event` on the event list, `delay` from now.
    #[inline]
    pub fn after(&mut self, delay: Ticks, priority: EventPriority, event: E) {
        self.at(self.now + delay, priority, 0, event);
    }

    /// The same, with a place among the events of its priority at one instant: lower places come first.
    #[inline]
    pub fn after_in_place(&mut self, delay: Ticks, priority: EventPriority, place: u16, event: E) {
        self.at(self.now + delay, priority, place, event);
    }

    /// Puts `event` on the event list at `time`, which must not lie in the past.
    #[inline]
    fn at(&mut self, time: Instant, priority: EventPriority, place: u16, event: E) {
        let lies = self.lay_down(event);
        let entry = self.entry(time, priority, place, lies, false);
        self.insert(entry);
    }

    /// Puts a slot's event on the event list, `delay` from now; where it is pending already, it is moved there.
    #[inline]
    pub fn set(&mut self, slot: usize, delay: Ticks, priority: EventPriority, place: u16, event: E) {
        let lies = match self.slots.get(slot) {
            Some(lies) if *lies != NOWHERE => *lies,
            _ => self.open_slot(slot, event),
        };
        self.events[lies as usize] = event;
        let entry = self.entry(self.now + delay, priority, place, lies, true);
        if self.found[lies as usize] == NOWHERE {
            return self.insert(entry);
        }
        self.close();
        let at = self.found[lies as usize] as usize;
        self.put_right(at, entry);
    }

    /// Calls off a slot's event, if it is pending.
    #[inline]
    pub fn clear(&mut self, slot: usize) {
        let Some(lies) = self.slots.get(slot).copied().filter(|lies| *lies != NOWHERE) else { return };
        if self.found[lies as usize] == NOWHERE {
            return;
        }
        self.close();
        let at = std::mem::replace(&mut self.found[lies as usize], NOWHERE) as usize;
        if let Some(last) = self.heap.pop()
            && at < self.heap.len()
        {
            self.put_right(at, last);
        }
    }

    /// The time of the next event, if there is one.
    #[inline]
    pub fn peek(&self) -> Option<Instant> {
        let first = if self.is_open {
            self.heap.iter().take(5).skip(1).map(|entry| entry.time).min()
        } else {
            self.heap.first().map(|entry| entry.time)
        };
        first.map(Instant)
    }

    /// Takes the next event that is due before or at `end`, and moves the clock to it.
    #[inline]
    pub fn pop_until(&mut self, end: Instant) -> Option<E> {
        self.close();
        let first = *self.heap.first().filter(|entry| entry.time <= end.0)?;
        self.is_open = true;
        let lies = first.lies as usize;
        self.found[lies] = NOWHERE;
        if !first.in_slot {
            self.free.push(first.lies);
        }
        self.now = Instant(first.time);
        Some(self.events[lies])
    }

    /// Replaces every pending event; those that become nothing are taken off. Times and order stay.
    pub fn translate(&mut self, mut change: impl FnMut(E) -> Option<E>) {
        self.close();
        let (events, free, found) = (&mut self.events, &mut self.free, &mut self.found);
        self.heap.retain(|entry| {
            let event = &mut events[entry.lies as usize];
            if let Some(changed) = change(*event) {
                *event = changed;
                return true;
            }
            found[entry.lies as usize] = NOWHERE;
            if !entry.in_slot {
                free.push(entry.lies);
            }
            false
        });
        // A sorted list is a heap.
        self.heap.sort_unstable_by_key(Entry::key);
        for (at, entry) in self.heap.iter().enumerate() {
            found[entry.lies as usize] = at as u32;
        }
    }

    /// Moves the clock to the end of a run, when no event is due before it.
    pub fn rest_at(&mut self, end: Instant) {
        debug_assert!(self.peek().is_none_or(|next| next >= end));
        self.now = self.now.max(end);
    }

    /// The next entry of an event that lies at a place.
    #[inline]
    fn entry(
        &mut self,
        time: Instant,
        priority: EventPriority,
        place: u16,
        lies: u32,
        in_slot: bool,
    ) -> Entry {
        debug_assert!(time >= self.now, "the clock never runs backwards");
        let order = (priority as u64) << PRIORITY_BITS | u64::from(place) << SEQUENCE_BITS | self.scheduled;
        self.scheduled += 1;
        Entry { time: time.0, order, lies, in_slot }
    }

    /// Finds a place for an event.
    #[inline]
    fn lay_down(&mut self, event: E) -> u32 {
        if let Some(lies) = self.free.pop() {
            self.events[lies as usize] = event;
            return lies;
        }
        self.events.push(event);
        self.found.push(NOWHERE);
        u32::try_from(self.events.len() - 1).expect("more than four thousand million pending events")
    }

    #[cold]
    fn open_slot(&mut self, slot: usize, event: E) -> u32 {
        if slot >= self.slots.len() {
            self.slots.resize(slot + 1, NOWHERE);
        }
        let lies = self.lay_down(event);
        self.slots[slot] = lies;
        lies
    }

    #[inline]
    fn insert(&mut self, entry: Entry) {
        if std::mem::take(&mut self.is_open) {
            self.sink(0, entry);
        } else {
            self.heap.push(entry);
            self.rise(self.heap.len() - 1, entry);
        }
    }

    /// Fills the top, where nothing was scheduled since the last event was taken.
    #[inline]
    fn close(&mut self) {
        if !std::mem::take(&mut self.is_open) {
            return;
        }
        if let Some(last) = self.heap.pop()
            && !self.heap.is_empty()
        {
            self.sink(0, last);
        }
    }

    /// Puts an entry where it belongs, starting from a place that is free for it.
    #[inline]
    fn put_right(&mut self, at: usize, entry: Entry) {
        if at > 0 && entry.key() < self.heap[(at - 1) / 4].key() {
            self.rise(at, entry);
        } else {
            self.sink(at, entry);
        }
    }

    /// Lets an entry rise to its place from a place that is free for it.
    #[inline]
    fn rise(&mut self, mut at: usize, entry: Entry) {
        while at > 0 {
            let parent = (at - 1) / 4;
            if self.heap[parent].key() <= entry.key() {
                break;
            }
            self.place(at, self.heap[parent]);
            at = parent;
        }
        self.place(at, entry);
    }

    /// Lets an entry sink to its place from a place that is free for it.
    #[inline]
    fn sink(&mut self, mut at: usize, entry: Entry) {
        let key = entry.key();
        while let Some(first) = self.heap.get(4 * at + 1) {
            let (mut least, mut least_key) = (4 * at + 1, first.key());
            for (nth, child) in self.heap[4 * at + 2..].iter().take(3).enumerate() {
                if child.key() < least_key {
                    (least, least_key) = (4 * at + 2 + nth, child.key());
                }
            }
            if key <= least_key {
                break;
            }
            self.place(at, self.heap[least]);
            at = least;
        }
        self.place(at, entry);
    }

    #[inline]
    fn place(&mut self, at: usize, entry: Entry) {
        self.heap[at] = entry;
        self.found[entry.lies as usize] = at as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(event_list: &mut EventList<u32>) -> Vec<(u64, u32)> {
        let mut log = Vec::new();
        while let Some(event) = event_list.pop_until(Instant(u64::MAX)) {
            log.push((event_list.now().0, event));
        }
        log
    }

    #[test]
    fn ties_come_out_by_priority_and_then_by_place_and_then_in_scheduling_order() {
        let mut event_list = EventList::default();
        event_list.at(Instant(6), EventPriority::Meeting, 2, 3);
        event_list.at(Instant(6), EventPriority::Meeting, 1, 4);
        event_list.at(Instant(6), EventPriority::Meeting, 2, 5);
        event_list.at(Instant(5), EventPriority::Housekeeping, 0, 9);
        event_list.at(Instant(5), EventPriority::Arrival, 0, 1);
        event_list.at(Instant(5), EventPriority::Completion, 0, 0);
        event_list.at(Instant(5), EventPriority::Arrival, 0, 2);
        event_list.at(Instant(3), EventPriority::Housekeeping, 0, 7);
        assert_eq!(drain(&mut event_list), [(3, 7), (5, 0), (5, 1), (5, 2), (5, 9), (6, 4), (6, 3), (6, 5)]);
    }

    #[test]
    fn agrees_with_a_sorted_list() {
        let mut event_list = EventList::default();
        let mut state = 1_u64;
        let mut expected: Vec<(u64, u32)> = (0..5_000)
            .map(|event| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let time = state >> 54;
                event_list.at(Instant(time), EventPriority::Arrival, 0, event);
                (time, event)
            })
            .collect();
        expected.sort_by_key(|(time, _)| *time);
        assert_eq!(drain(&mut event_list), expected);
    }

    #[test]
    fn translated_events_keep_their_times_and_leave_places_to_others() {
        let mut event_list = EventList::default();
        for event in 0..100 {
            event_list.at(Instant(u64::from(100 - event)), EventPriority::Arrival, 0, event);
        }
        event_list.translate(|event| (event % 3 == 0).then_some(event * 2));
        assert_eq!(event_list.pending(), 34);
        event_list.at(Instant(1_000), EventPriority::Arrival, 0, 7);
        let mut expected: Vec<(u64, u32)> =
            (0..100).rev().step_by(3).map(|event| (100 - u64::from(event), event * 2)).collect();
        expected.push((1_000, 7));
        assert_eq!(drain(&mut event_list), expected);
    }

    /// Slots are set, moved and called off at random, beside events that stay: as a list that is sorted each time.
    #[test]
    fn moved_events_come_out_where_they_were_moved_last() {
        let mut event_list = EventList::default();
        let mut pending: Vec<(u64, u64, u32, Option<usize>)> = Vec::new();
        let (mut state, mut scheduled, mut popped) = (1_u64, 0_u64, 0);
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        for event in 0..20_000 {
            let (delay, slot) = (draw(50), draw(40) as usize);
            let time = event_list.now().0 + delay;
            match draw(8) {
                0..=2 => {
                    pending.retain(|entry| entry.3 != Some(slot));
                    pending.push((time, scheduled, event, Some(slot)));
                    event_list.set(slot, Ticks(delay), EventPriority::Arrival, 0, event);
                    scheduled += 1;
                }
                3 => {
                    pending.retain(|entry| entry.3 != Some(slot));
                    event_list.clear(slot);
                }
                4 => {
                    pending.push((time, scheduled, event, None));
                    event_list.after(Ticks(delay), EventPriority::Arrival, event);
                    scheduled += 1;
                }
                5 if event % 1_000 == 5 => event_list.translate(Some),
                _ => {
                    let first = pending.iter().enumerate().min_by_key(|(_, entry)| **entry).map(|(at, _)| at);
                    let expected = first.map(|at| pending.swap_remove(at));
                    assert_eq!(event_list.pop_until(Instant(u64::MAX)), expected.map(|entry| entry.2));
                    popped += u32::from(expected.is_some());
                }
            }
            assert_eq!(event_list.peek().map(|time| time.0), pending.iter().map(|entry| entry.0).min());
            assert_eq!(event_list.pending(), pending.len());
        }
        assert!(popped > 2_000, "{popped} events");
    }

    #[test]
    fn what_lies_beyond_the_end_stays() {
        let mut event_list = EventList::default();
        event_list.at(Instant(10), EventPriority::Arrival, 0, 1);
        assert_eq!(event_list.pop_until(Instant(9)), None);
        event_list.rest_at(Instant(9));
        assert_eq!(event_list.now(), Instant(9));
        assert_eq!(event_list.pop_until(Instant(10)), Some(1));
    }

    #[test]
    fn a_slot_may_lie_where_something_was_that_a_translation_took_off() {
        let mut event_list = EventList::default();
        for event in 0..40 {
            event_list.after(Ticks(u64::from(event)), EventPriority::Arrival, event);
        }
        event_list.translate(|event| Some(event).filter(|event| *event < 3));
        for slot in 0..37 {
            event_list.set(slot, Ticks(100 + slot as u64), EventPriority::Completion, 0, 100 + slot as u32);
        }
        let log = drain(&mut event_list);
        assert_eq!(log.len(), 40);
        assert!(log.is_sorted());
    }
}
