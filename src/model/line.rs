//! A waiting line: the work one team may pull for one stage, ranked by the team's discipline.

use super::work::ItemId;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A place in a line. Lower ranks come first, ties in the order of joining.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    rank: Rank,
    pub item: ItemId,
    pub stamp: u32,
}

/// Priority class, then the discipline's key, then the order of joining.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    pub priority: u8,
    key: u64,
    joined: u64,
}

impl Rank {
    /// `key` may be any number; smaller keys come first.
    pub fn new(priority: u8, key: f64, joined: u64) -> Rank {
        Rank { priority, key: ordered(key), joined }
    }
}

/// The bits of a number in an order that agrees with the numbers' own.
fn ordered(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The key of whatever joined at the front: smaller than any number's.
const FRONT: u64 = 0;

impl Ticket {
    /// How urgent what holds it is: the smaller the more.
    pub fn priority(&self) -> u8 {
        self.rank.priority
    }

    /// Whether it joined before everyone else of its priority.
    pub fn is_at_front(&self) -> bool {
        self.rank.key == FRONT
    }
}

impl PartialEq for Ticket {
    fn eq(&self, other: &Self) -> bool {
        self.rank == other.rank
    }
}
impl Eq for Ticket {}
impl PartialOrd for Ticket {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Ticket {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank.cmp(&other.rank)
    }
}

#[derive(Clone, Debug)]
enum Order {
    /// First come, first served: no heap needed.
    Arrival(VecDeque<Ticket>),
    Ranked(BinaryHeap<Reverse<Ticket>>),
}

/// A waiting line. Tickets of items that left it in another way stay behind, stale, until they
/// come up: their stamp no longer matches the item's.
#[derive(Clone, Debug)]
pub struct Line {
    order: Order,
    joined: u64,
}

impl Line {
    pub fn new(ranked: bool) -> Line {
        let order = if ranked { Order::Ranked(BinaryHeap::new()) } else { Order::Arrival(VecDeque::new()) };
        Line { order, joined: 0 }
    }

    pub fn is_ranked(&self) -> bool {
        matches!(self.order, Order::Ranked(_))
    }

    #[inline]
    pub fn join(&mut self, item: ItemId, stamp: u32, priority: u8, key: f64) -> Ticket {
        self.joined += 1;
        let rank = Rank::new(priority, key, self.joined);
        let ticket = Ticket { rank, item, stamp };
        self.insert(ticket);
        ticket
    }

    /// Puts a ticket where its rank says; in a line that keeps the order of joining, at the end.
    #[inline]
    pub fn insert(&mut self, ticket: Ticket) {
        match &mut self.order {
            Order::Arrival(queue) => queue.push_back(ticket),
            Order::Ranked(heap) => heap.push(Reverse(ticket)),
        }
    }

    /// Joins before everyone else of its priority.
    pub fn join_front(&mut self, item: ItemId, stamp: u32, priority: u8) -> Ticket {
        self.joined += 1;
        let rank = Rank { priority, key: FRONT, joined: !self.joined };
        let ticket = Ticket { rank, item, stamp };
        match &mut self.order {
            Order::Arrival(queue) => queue.push_front(ticket),
            Order::Ranked(heap) => heap.push(Reverse(ticket)),
        }
        ticket
    }

    #[inline]
    pub fn first(&self) -> Option<&Ticket> {
        match &self.order {
            Order::Arrival(queue) => queue.front(),
            Order::Ranked(heap) => heap.peek().map(|Reverse(ticket)| ticket),
        }
    }

    #[inline]
    pub fn take_first(&mut self) -> Option<Ticket> {
        match &mut self.order {
            Order::Arrival(queue) => queue.pop_front(),
            Order::Ranked(heap) => heap.pop().map(|Reverse(ticket)| ticket),
        }
    }

    /// Puts a ticket back where it was.
    pub fn put_back(&mut self, ticket: Ticket) {
        match &mut self.order {
            Order::Arrival(queue) => queue.push_front(ticket),
            Order::Ranked(heap) => heap.push(Reverse(ticket)),
        }
    }

    /// Every ticket, in no particular order; stale ones included.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        let (queue, heap) = match &self.order {
            Order::Arrival(queue) => (Some(queue), None),
            Order::Ranked(heap) => (None, Some(heap)),
        };
        queue.into_iter().flatten().chain(heap.into_iter().flatten().map(|Reverse(ticket)| ticket))
    }

    /// How many tickets it holds, stale ones included.
    pub fn length(&self) -> usize {
        match &self.order {
            Order::Arrival(queue) => queue.len(),
            Order::Ranked(heap) => heap.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::slab::Slab;

    #[test]
    fn ranked_lines_follow_priority_then_key_then_arrival() {
        let mut slab = Slab::default();
        let ids: Vec<ItemId> = (0..5)
            .map(|nth| {
                use crate::kernel::luck::Key;
                use crate::model::work::{Class, Item};
                use crate::units::{Instant, KindId, TeamId};
                slab.insert(Item::new(Key(nth), KindId(0), Class::Feature, TeamId(0), Instant(0)))
            })
            .collect();
        let mut line = Line::new(true);
        line.join(ids[0], 0, 1, -5.0);
        line.join(ids[1], 0, 0, 3.0);
        line.join(ids[2], 0, 0, -3.0);
        line.join(ids[3], 0, 0, 3.0);
        line.join_front(ids[4], 0, 0);
        let order: Vec<ItemId> = std::iter::from_fn(|| line.take_first()).map(|ticket| ticket.item).collect();
        assert_eq!(order, [ids[4], ids[2], ids[1], ids[3], ids[0]]);
    }
}
