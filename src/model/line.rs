//! A waiting line: the work one team may pull for one stage, ranked by the team's discipline.

use super::work::ItemId;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A place in a line: by priority class, then the discipline's key, then the order of joining. Lower ranks come first.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    key: u64,
    joined: u64,
    pub item: ItemId,
    pub version: u32,
    priority: u8,
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
    #[inline]
    pub fn priority(&self) -> u8 {
        self.priority
    }

    fn rank(&self) -> (u8, u64, u64) {
        (self.priority, self.key, self.joined)
    }

    /// The key as it was given, where that was no less than 0.
    fn number(&self) -> f64 {
        f64::from_bits(self.key & !(1 << 63))
    }

    /// Whether it joined before everyone else of its priority.
    pub fn is_at_front(&self) -> bool {
        self.key == FRONT
    }
}

impl PartialEq for Ticket {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
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
        self.rank().cmp(&other.rank())
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
    /// A ticket joins those of its priority.
    #[inline(never)]
    fn insert(groups: &mut Vec<Lots>, ticket: Ticket, keeps_lot: bool) {
        let priority = ticket.priority();
        let place = groups.partition_point(|group| group.priority < priority);
        if groups.get(place).is_none_or(|group| group.priority != priority) {
            groups.insert(place, Lots { priority, fronts: Vec::new(), rest: VecDeque::new() });
        }
        groups[place].join(ticket, keeps_lot);
    }

    #[inline(never)]
    fn take_first(groups: &mut [Lots]) -> Option<Ticket> {
        groups.iter_mut().find_map(|group| group.fronts.pop().or_else(|| group.rest.pop_back()))
    }

    fn join(&mut self, ticket: Ticket, keeps_lot: bool) {
        if ticket.is_at_front() {
            return self.fronts.push(ticket);
        }
        self.rest.push_front(ticket);
        if !keeps_lot {
            let place = (ticket.number() * self.rest.len() as f64) as usize;
            self.rest.swap(0, place.min(self.rest.len() - 1));
        }
    }

    fn retain(&mut self, is_valid: impl Fn(&Ticket) -> bool) {
        self.fronts.retain(&is_valid);
        self.rest.retain(&is_valid);
    }

    fn in_order(&self) -> impl Iterator<Item = &Ticket> {
        self.fronts.iter().rev().chain(self.rest.iter().rev())
    }
}

impl Order {
    #[inline]
    fn insert(&mut self, ticket: Ticket, keeps_lot: bool) {
        match self {
            Order::Arrival(queue) if ticket.is_at_front() => queue.push_front(ticket),
            Order::Arrival(queue) => queue.push_back(ticket),
            Order::Ranked(heap) => heap.push(Reverse(ticket)),
            Order::Lots(groups) => Lots::insert(groups, ticket, keeps_lot),
        }
    }

    #[inline]
    fn first(&self) -> Option<&Ticket> {
        match self {
            Order::Arrival(queue) => queue.front(),
            Order::Ranked(heap) => heap.peek().map(|Reverse(ticket)| ticket),
            Order::Lots(groups) => groups.iter().find_map(|group| group.in_order().next()),
        }
    }

    #[inline]
    fn take_first(&mut self) -> Option<Ticket> {
        match self {
            Order::Arrival(queue) => queue.pop_front(),
            Order::Ranked(heap) => heap.pop().map(|Reverse(ticket)| ticket),
            Order::Lots(groups) => Lots::take_first(groups),
        }
    }

    /// Takes out a ticket that is the first, and tells whether nothing is left then; `None` where another is first.
    #[inline]
    fn leave(&mut self, is_it: impl Fn(&Ticket) -> bool) -> Option<bool> {
        match self {
            Order::Arrival(queue) => {
                queue.front().filter(|first| is_it(first))?;
                queue.pop_front();
                Some(queue.is_empty())
            }
            Order::Ranked(heap) => {
                heap.peek().filter(|first| is_it(&first.0))?;
                heap.pop();
                Some(heap.is_empty())
            }
            Order::Lots(_) => {
                self.first().filter(|first| is_it(first))?;
                self.take_first();
                Some(self.first().is_none())
            }
        }
    }

    /// The first ticket that fits, of those that are all of one sort.
    fn find(&self, fits: impl Fn(&Ticket) -> Fit) -> Option<&Ticket> {
        let answer = match self {
            Order::Arrival(queue) => {
                queue.iter().map(|ticket| (fits(ticket), ticket)).find(|(fit, _)| *fit != Fit::No)
            }
            Order::Ranked(heap) => match heap.peek().map(|Reverse(first)| (fits(first), first)) {
                Some((Fit::No, _)) => {
                    let fitting = self.tickets().filter(|ticket| fits(ticket) == Fit::Yes);
                    fitting.min().map(|ticket| (Fit::Yes, ticket))
                }
                first => first,
            },
            Order::Lots(groups) => {
                let tickets = groups.iter().flat_map(Lots::in_order);
                tickets.map(|ticket| (fits(ticket), ticket)).find(|(fit, _)| *fit != Fit::No)
            }
        };
        answer.filter(|(fit, _)| *fit == Fit::Yes).map(|(_, ticket)| ticket)
    }

    fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        let (queue, heap, lots) = match self {
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

    /// How many of these tickets there are, stale ones included.
    fn length(&self) -> usize {
        match self {
            Order::Arrival(queue) => queue.len(),
            Order::Ranked(heap) => heap.len(),
            Order::Lots(groups) => groups.iter().map(|group| group.fronts.len() + group.rest.len()).sum(),
        }
    }
}

/// What decides, besides who asks, whether limits let an item of a line be started: where they keep one of a sort
/// out, they keep out all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineSort {
    /// The limit groups it is inside.
    pub groups: u64,
    /// It keeps a slot of the stage itself.
    pub has_slot: bool,
    /// Somebody of the team has it in mind, or it is a part of something begun.
    pub is_begun: bool,
    /// It belongs to an initiative that the team has yet to begin.
    pub is_fresh: bool,
    /// People have taken it before: what somebody in slack may go on with.
    pub is_taken: bool,
}

/// Whether somebody may start what holds a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    Yes,
    /// For a reason of its own.
    No,
    /// For a reason that holds for all of its sort.
    NoneOfItsSort,
}

/// A waiting line. Tickets of items that left it in another way stay behind, stale, until they
/// come up: their stamp no longer matches the item's.
///
/// Those of one sort stand together, so that nobody need be asked who is kept out like another. In most lines all are
/// of one sort. In a line by lot, whose order is nothing that a ticket knows, sorts are not told apart.
#[derive(Clone, Debug)]
pub struct Line {
    order: Order,
    sort: LineSort,
    others: Vec<(LineSort, Order)>,
    joined: u64,
    /// Stale tickets.
    void: u32,
    /// Somebody draws from it by the place of a ticket in memory: nothing is moved there without need, and sorts are
    /// not told apart.
    is_drawn_from: bool,
    /// More than one sort has joined since it was last empty, and they are not told apart.
    is_mixed: bool,
}

impl Line {
    pub fn new(ranked: bool) -> Line {
        Line::of(if ranked { Order::Ranked(BinaryHeap::new()) } else { Order::Arrival(VecDeque::new()) })
    }

    /// A line in which those of one priority are served in random order; keys are numbers from 0 to 1.
    pub fn by_lot() -> Line {
        Line::of(Order::Lots(Vec::new()))
    }

    fn of(order: Order) -> Line {
        Line {
            order,
            sort: LineSort::default(),
            others: Vec::new(),
            joined: 0,
            void: 0,
            is_drawn_from: false,
            is_mixed: false,
        }
    }

    /// The line, drawn from by the place of a ticket or not.
    pub fn drawn_from(self, is_drawn_from: bool) -> Line {
        Line { is_drawn_from, ..self }
    }

    pub fn is_by_lot(&self) -> bool {
        matches!(self.order, Order::Lots(_))
    }

    #[inline]
    pub fn join(
        &mut self,
        (item, version): (ItemId, u32),
        sort: LineSort,
        priority: u8,
        key: f64,
        keeps_lot: bool,
    ) -> Ticket {
        self.joined += 1;
        let ticket = Ticket { key: ordered(key), joined: self.joined, item, version, priority };
        self.insert(ticket, sort, keeps_lot);
        ticket
    }

    /// Joins before everyone else of its priority.
    pub fn join_front(&mut self, (item, version): (ItemId, u32), sort: LineSort, priority: u8) -> Ticket {
        self.joined += 1;
        let ticket = Ticket { key: FRONT, joined: !self.joined, item, version, priority };
        self.insert(ticket, sort, false);
        ticket
    }

    /// Puts a ticket where it belongs: where its rank says, at an end of a line that keeps the order of joining, or
    /// by lot; one that keeps its lot comes after those that joined before it.
    #[inline]
    pub fn insert(&mut self, ticket: Ticket, sort: LineSort, keeps_lot: bool) {
        if self.is_by_lot() || self.is_drawn_from {
            let is_first = self.order.first().is_none();
            self.is_mixed = !is_first && (self.is_mixed || sort != self.sort);
            self.sort = if is_first { sort } else { self.sort };
            return self.order.insert(ticket, keeps_lot);
        }
        if sort == self.sort {
            return self.order.insert(ticket, keeps_lot);
        }
        if self.others.is_empty() && self.order.first().is_none() {
            self.sort = sort;
            return self.order.insert(ticket, keeps_lot);
        }
        self.insert_beside(ticket, sort, keeps_lot);
    }

    /// A ticket of another sort than the first goes to its like.
    #[cold]
    fn insert_beside(&mut self, ticket: Ticket, sort: LineSort, keeps_lot: bool) {
        let place = self.others.iter().position(|(other, _)| *other == sort).unwrap_or_else(|| {
            let order = match self.order {
                Order::Arrival(_) => Order::Arrival(VecDeque::new()),
                Order::Ranked(_) => Order::Ranked(BinaryHeap::new()),
                Order::Lots(_) => Order::Lots(Vec::new()),
            };
            self.others.push((sort, order));
            self.others.len() - 1
        });
        self.others[place].1.insert(ticket, keeps_lot);
    }

    /// An item leaves the line: its ticket is taken out where it is the first, and else is void from now on. Returns
    /// whether nothing is left; those that are gone through are added to `looks`.
    #[inline]
    pub fn leave(
        &mut self,
        item: ItemId,
        version: u32,
        is_valid: impl Fn(&Ticket) -> bool,
        looks: &mut u64,
    ) -> bool {
        let is_it = |first: &Ticket| first.item == item && first.version == version;
        let left = match () {
            () if self.is_drawn_from => None,
            () if self.others.is_empty() => self.order.leave(is_it),
            () => self.leave_among_sorts(is_it),
        };
        left.unwrap_or_else(|| {
            *looks += self.count_void(is_valid) as u64;
            false
        })
    }

    #[cold]
    fn leave_among_sorts(&mut self, is_it: impl Fn(&Ticket) -> bool) -> Option<bool> {
        self.first().filter(|first| is_it(first))?;
        self.take_first();
        Some(self.first().is_none())
    }

    /// One more ticket is void. Where most are, all that are void are thrown away: a line whose first never leaves, or
    /// whose last leave in other ways, would otherwise grow for ever. Returns how many were gone through.
    pub fn count_void(&mut self, is_valid: impl Fn(&Ticket) -> bool) -> usize {
        self.void += 1;
        let length = self.length();
        let valid = length.saturating_sub(self.void as usize);
        let many = if self.is_drawn_from { 500 + 4 * valid } else { 16 + valid };
        if self.void as usize <= many {
            return 0;
        }
        self.void = 0;
        let others = self.others.iter_mut().map(|(_, order)| order);
        for order in std::iter::once(&mut self.order).chain(others) {
            match order {
                Order::Arrival(queue) => queue.retain(&is_valid),
                Order::Ranked(heap) => heap.retain(|Reverse(ticket)| is_valid(ticket)),
                Order::Lots(groups) => groups.iter_mut().for_each(|group| group.retain(&is_valid)),
            }
        }
        length
    }

    /// Forgets the tickets that are void, in a line by lot: they would count where a lot is drawn. Most that are
    /// void were first. Returns how many were gone through.
    pub fn purge(&mut self, is_valid: impl Fn(&Ticket) -> bool) -> usize {
        let Order::Lots(groups) = &mut self.order else { return 0 };
        let mut seen = 0;
        for group in groups.iter_mut() {
            let mut forgotten = 0;
            while group.in_order().next().is_some_and(|first| !is_valid(first)) {
                group.fronts.pop().or_else(|| group.rest.pop_back());
                forgotten += 1;
            }
            self.void = self.void.saturating_sub(forgotten);
            seen += forgotten as usize;
        }
        if self.void > 0 {
            self.void = 0;
            for group in groups {
                seen += group.fronts.len() + group.rest.len();
                group.retain(&is_valid);
            }
        }
        seen
    }

    #[inline]
    pub fn first(&self) -> Option<&Ticket> {
        if self.others.is_empty() { self.order.first() } else { self.first_of_all_sorts() }
    }

    #[cold]
    fn first_of_all_sorts(&self) -> Option<&Ticket> {
        self.orders().filter_map(|(order, _)| order.first()).min()
    }

    /// Takes the first ticket, which must be void or for whoever keeps count of those that are.
    #[inline]
    pub fn take_first(&mut self) -> Option<Ticket> {
        if self.others.is_empty() { self.order.take_first() } else { self.take_first_of_all_sorts() }
    }

    #[cold]
    fn take_first_of_all_sorts(&mut self) -> Option<Ticket> {
        let first = *self.first()?;
        let holds = |order: &&mut Order| order.first() == Some(&first);
        let others = self.others.iter_mut().map(|(_, order)| order);
        std::iter::once(&mut self.order).chain(others).find(holds)?.take_first()
    }

    /// Throws away a void ticket that has come first.
    #[inline]
    pub fn forget_first(&mut self) {
        self.take_first();
        self.void = self.void.saturating_sub(1);
    }

    /// Throws away the void tickets that have come first of their sort.
    pub fn tidy(&mut self, is_void: impl Fn(&Ticket) -> bool) {
        let others = self.others.iter_mut().map(|(_, order)| order);
        for order in std::iter::once(&mut self.order).chain(others) {
            while order.first().is_some_and(&is_void) {
                order.take_first();
                self.void = self.void.saturating_sub(1);
            }
        }
    }

    fn orders(&self) -> impl Iterator<Item = (&Order, &LineSort)> {
        let others = self.others.iter().map(|(sort, order)| (order, sort));
        std::iter::once((&self.order, &self.sort)).chain(others)
    }

    /// The first ticket that fits.
    pub fn find(&self, fits: impl Fn(&Ticket, &LineSort) -> Fit) -> Option<&Ticket> {
        let fits = |ticket: &Ticket, sort: &LineSort| match fits(ticket, sort) {
            Fit::NoneOfItsSort if self.is_mixed => Fit::No,
            fit => fit,
        };
        self.orders().filter_map(|(order, sort)| order.find(|ticket| fits(ticket, sort))).min()
    }

    /// Every ticket, in no particular order; stale ones included.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.orders().flat_map(|(order, _)| order.tickets())
    }

    /// How many tickets it holds, stale ones included.
    pub fn length(&self) -> usize {
        self.orders().map(|(order, _)| order.length()).sum()
    }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
