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

    /// The key as it was given, where that was no less than 0.
    fn number(self) -> f64 {
        f64::from_bits(self.key & !(1 << 63))
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
    /// Any of those that wait may be next, all with the same chance.
    Lots(Vec<Lots>),
}

/// Those of one priority, in an order all of whose permutations are as likely: whoever joins takes the place of one
/// of them, or the last, by lot. So at each pull one of those that wait then is drawn evenly, whoever has left.
#[derive(Clone, Debug)]
struct Lots {
    priority: u8,
    /// What joined at the front; the last goes first.
    fronts: Vec<Ticket>,
    /// The rest; the last goes first.
    rest: VecDeque<Ticket>,
}

impl Lots {
    fn join(&mut self, ticket: Ticket, keeps_lot: bool) {
        if ticket.is_at_front() {
            return self.fronts.push(ticket);
        }
        self.rest.push_front(ticket);
        if !keeps_lot {
            let place = (ticket.rank.number() * self.rest.len() as f64) as usize;
            self.rest.swap(0, place.min(self.rest.len() - 1));
        }
    }

    fn in_order(&self) -> impl Iterator<Item = &Ticket> {
        self.fronts.iter().rev().chain(self.rest.iter().rev())
    }
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

    /// A line in which those of one priority are served in random order; keys are numbers from 0 to 1.
    pub fn by_lot() -> Line {
        Line { order: Order::Lots(Vec::new()), joined: 0 }
    }

    pub fn is_by_lot(&self) -> bool {
        matches!(self.order, Order::Lots(_))
    }

    #[inline]
    pub fn join(&mut self, item: ItemId, stamp: u32, priority: u8, key: f64, keeps_lot: bool) -> Ticket {
        self.joined += 1;
        let rank = Rank::new(priority, key, self.joined);
        let ticket = Ticket { rank, item, stamp };
        self.insert(ticket, keeps_lot);
        ticket
    }

    /// Joins before everyone else of its priority.
    pub fn join_front(&mut self, item: ItemId, stamp: u32, priority: u8) -> Ticket {
        self.joined += 1;
        let rank = Rank { priority, key: FRONT, joined: !self.joined };
        let ticket = Ticket { rank, item, stamp };
        self.insert(ticket, false);
        ticket
    }

    /// Puts a ticket where it belongs: where its rank says, at an end of a line that keeps the order of joining, or
    /// by lot; one that keeps its lot comes after those that joined before it.
    #[inline]
    pub fn insert(&mut self, ticket: Ticket, keeps_lot: bool) {
        match &mut self.order {
            Order::Arrival(queue) if ticket.is_at_front() => queue.push_front(ticket),
            Order::Arrival(queue) => queue.push_back(ticket),
            Order::Ranked(heap) => heap.push(Reverse(ticket)),
            Order::Lots(groups) => {
                let priority = ticket.priority();
                let place = groups.partition_point(|group| group.priority < priority);
                if groups.get(place).is_none_or(|group| group.priority != priority) {
                    groups.insert(place, Lots { priority, fronts: Vec::new(), rest: VecDeque::new() });
                }
                groups[place].join(ticket, keeps_lot);
            }
        }
    }

    /// Forgets the tickets that are void, in a line by lot: they would count where a lot is drawn.
    pub fn purge(&mut self, is_valid: impl Fn(&Ticket) -> bool) {
        if let Order::Lots(groups) = &mut self.order {
            for group in groups {
                group.fronts.retain(&is_valid);
                group.rest.retain(&is_valid);
            }
        }
    }

    #[inline]
    pub fn first(&self) -> Option<&Ticket> {
        match &self.order {
            Order::Arrival(queue) => queue.front(),
            Order::Ranked(heap) => heap.peek().map(|Reverse(ticket)| ticket),
            Order::Lots(groups) => groups.iter().find_map(|group| group.in_order().next()),
        }
    }

    #[inline]
    pub fn take_first(&mut self) -> Option<Ticket> {
        match &mut self.order {
            Order::Arrival(queue) => queue.pop_front(),
            Order::Ranked(heap) => heap.pop().map(|Reverse(ticket)| ticket),
            Order::Lots(groups) => {
                groups.iter_mut().find_map(|group| group.fronts.pop().or_else(|| group.rest.pop_back()))
            }
        }
    }

    /// The first ticket that fits.
    pub fn find(&self, fits: impl Fn(&Ticket) -> bool) -> Option<&Ticket> {
        match &self.order {
            Order::Arrival(queue) => queue.iter().find(|ticket| fits(ticket)),
            Order::Ranked(_) => self.tickets().filter(|ticket| fits(ticket)).min(),
            Order::Lots(groups) => groups.iter().flat_map(Lots::in_order).find(|ticket| fits(ticket)),
        }
    }

    /// Every ticket, in no particular order; stale ones included.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        let (queue, heap, lots) = match &self.order {
            Order::Arrival(queue) => (Some(queue), None, None),
            Order::Ranked(heap) => (None, Some(heap), None),
            Order::Lots(groups) => (None, None, Some(groups)),
        };
        queue
            .into_iter()
            .flatten()
            .chain(heap.into_iter().flatten().map(|Reverse(ticket)| ticket))
            .chain(lots.into_iter().flatten().flat_map(Lots::in_order))
    }

    /// How many tickets it holds, stale ones included.
    pub fn length(&self) -> usize {
        match &self.order {
            Order::Arrival(queue) => queue.len(),
            Order::Ranked(heap) => heap.len(),
            Order::Lots(groups) => groups.iter().map(|group| group.fronts.len() + group.rest.len()).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::slab::Slab;

    #[test]
    fn ranked_lines_follow_priority_then_key_then_arrival() {
        let mut slab = Slab::default();
        let ids: Vec<ItemId> = (0..5)
            .map(|nth| {
                use crate::work::{Class, Item};
                use kernel::luck::Key;
                use kernel::units::{Instant, KindId, TeamId};
                slab.insert(Item::new(Key(nth), KindId(0), Class::Feature, TeamId(0), Instant(0)))
            })
            .collect();
        let mut line = Line::new(true);
        line.join(ids[0], 0, 1, -5.0, false);
        line.join(ids[1], 0, 0, 3.0, false);
        line.join(ids[2], 0, 0, -3.0, false);
        line.join(ids[3], 0, 0, 3.0, false);
        line.join_front(ids[4], 0, 0);
        let order: Vec<ItemId> = std::iter::from_fn(|| line.take_first()).map(|ticket| ticket.item).collect();
        assert_eq!(order, [ids[4], ids[2], ids[1], ids[3], ids[0]]);
    }
}
