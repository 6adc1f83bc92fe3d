//! Pre-emption: at a settled instant nobody works on less urgent work while more urgent work waits that may take
//! its place and that this person may do.
//!
//! It is asked where the instant settles, once those with room have pulled, so it does not matter how the urgent
//! work came to wait or how the person came to be at the desk. Work is set aside only for what then starts there.

use super::flow::bits;
use super::line::{Line, Ticket};
use super::mechanism::Turn;
use super::moment::Moment;
use super::plan::Preemption;
use super::work::{Item, ItemId};
use crate::units::{LineId, PersonId, TeamId, Ticks};

/// Pre-empting work that waits and that somebody may start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Urgent {
    pub priority: u8,
    pub item: ItemId,
}

/// An exchange at a desk: less urgent work for more urgent.
#[derive(Clone, Copy, Debug)]
struct Exchange {
    /// How urgent what is set aside is: the larger the less.
    level: u8,
    person: PersonId,
    aside: ItemId,
    item: ItemId,
}

impl Turn<'_> {
    /// Finds pre-empting work that waits and somebody on less urgent work who may do it, and clears the desk for it.
    ///
    /// The most urgent goes first; it takes the place of the least urgent work whose holder may do it, of equals that
    /// of whoever comes first in the team. `None` when the rule holds.
    pub(super) fn displace(&mut self, team: TeamId) -> Option<(PersonId, ItemId)> {
        let mut best: Option<(u8, Exchange)> = None;
        for bit in bits128(self.org.teams[team.at()].urgent) {
            let Some(first) = self.first_urgent(team, bit) else { continue };
            let priority = first.priority();
            if best.is_some_and(|(urgent, _)| urgent <= priority) {
                continue;
            }
            if let Some(exchange) = self.exchange_for(team, bit, priority) {
                best = Some((priority, exchange));
            }
        }
        let (_, Exchange { person, aside, item, .. }) = best?;
        let preemption = self.plan.kinds[self.org.items[item].kind.at()].preempts?;
        self.claim(item);
        self.hand_over(aside, item);
        self.set_aside(person, aside, preemption);
        self.tell(Moment::SetAside { item: aside, person });
        Some((person, item))
    }

    /// Whose work gives way to the work of one line that is as urgent as this.
    fn exchange_for(&self, team: TeamId, bit: u32, priority: u8) -> Option<Exchange> {
        let plan = self.plan;
        let mut found: Option<Exchange> = None;
        for person in self.org.teams[team.at()].people.iter().copied() {
            let holder = &self.org.people[person.at()];
            if holder.duties > 0 {
                continue;
            }
            for task in &holder.desk {
                let level = plan.kinds[self.org.items[task.item].kind.at()].priority;
                if level <= priority || found.is_some_and(|found| found.level >= level) {
                    continue;
                }
                let aside = task.item;
                if let Some(item) = self.startable(team, bit, person, Some(&self.org.items[aside])) {
                    found = Some(Exchange { level, person, aside, item });
                }
            }
        }
        found
    }

    /// The most urgent pre-empting work that somebody with room may start.
    pub(super) fn most_urgent(&mut self, person: PersonId, team: TeamId) -> Option<Urgent> {
        let mut best: Option<Urgent> = None;
        for bit in bits128(self.org.teams[team.at()].urgent) {
            let Some(first) = self.first_urgent(team, bit) else { continue };
            let priority = first.priority();
            if best.is_some_and(|best| best.priority <= priority) {
                continue;
            }
            if let Some(item) = self.startable(team, bit, person, None) {
                let priority = self.plan.kinds[self.org.items[item].kind.at()].priority;
                if best.is_none_or(|best| priority < best.priority) {
                    best = Some(Urgent { priority, item });
                }
            }
        }
        best
    }

    /// The first pre-empting work of a line; stale tickets are thrown away.
    fn first_urgent(&mut self, team: TeamId, bit: u32) -> Option<Ticket> {
        let line = self.line_of(team, bit);
        loop {
            let Some(ticket) = self.org.urgent[line.at()].first().copied() else {
                self.org.teams[team.at()].urgent &= !(1 << bit);
                return None;
            };
            if !self.is_stale(&ticket) {
                return Some(ticket);
            }
            self.org.urgent[line.at()].take_first();
        }
    }

    fn line_of(&self, team: TeamId, bit: u32) -> LineId {
        LineId(self.plan.teams[team.at()].lines.start + bit)
    }

    /// The first pre-empting work of a line that this person may start, with limits as they stand once `aside` is
    /// set aside.
    fn startable(&self, team: TeamId, bit: u32, person: PersonId, aside: Option<&Item>) -> Option<ItemId> {
        let line = self.line_of(team, bit);
        let review = self.is_review(line);
        let may = |ticket: &Ticket| {
            !self.is_stale(ticket)
                && (!review || self.may_review(ticket, person))
                && self.limits_admit(&self.org.items[ticket.item], team, person, aside)
        };
        let waiting = &self.org.urgent[line.at()];
        let first = waiting.first()?;
        if may(first) {
            return Some(first.item);
        }
        // Who wrote it and what it has had before differ from item to item.
        let differ = review || self.plan.teams[team.at()].limits_entry;
        let found = differ.then(|| waiting.tickets().filter(|ticket| may(ticket)).min())?;
        found.map(|ticket| ticket.item)
    }

    /// Takes an item out of its line: its ticket is void.
    pub(super) fn claim(&mut self, id: ItemId) {
        self.org.items[id].give_up_ticket();
    }

    /// What is set aside gives up its slot and its places inside limits, where what starts instead finds none free.
    fn hand_over(&mut self, aside: ItemId, item: ItemId) {
        let stage = self.org.items[item].stage;
        let plan = &self.plan.stages[stage.at()];
        let (mine, theirs) = (&self.org.items[item], &self.org.items[aside]);
        let full = plan.slots.is_some_and(|slots| self.org.slots[stage.at()] >= slots);
        if full && mine.slot != Some(stage) && theirs.slot == Some(stage) {
            self.free_slot(aside);
        }
        let (mine, theirs) = (&self.org.items[item], &self.org.items[aside]);
        let shared = plan.groups & !mine.groups & theirs.groups;
        let full = bits(shared).filter(|group| self.org.groups[*group] >= self.plan.limits[*group].items);
        let given: u64 = full.map(|group| 1 << group).sum();
        self.leave_groups(aside, theirs.groups & !given);
    }

    /// Takes an item off a desk and puts it first in its line.
    pub(super) fn set_aside(&mut self, person: PersonId, id: ItemId, preemption: Preemption) {
        self.catch_up(person);
        let owner = &mut self.org.people[person.at()];
        let Some(place) = owner.desk.iter().position(|task| task.item == id) else { return };
        let task = owner.desk.remove(place);
        let left = (task.due - owner.progress).max(0.0);
        let team = owner.team;
        self.uncommit(team, id);
        let item = &mut self.org.items[id];
        let before = item.need;
        item.leave_off(left);
        match preemption {
            Preemption::Resume => {}
            Preemption::Restart => item.need = item.asked,
            // What has not been touched since it was taken up has lost nothing.
            Preemption::Penalty(_) if item.need > before - 0.5 => {}
            Preemption::Penalty(hours) => item.need += Ticks::from_hours(hours).0 as f64,
        }
        item.holder = None;
        item.front = true;
        self.re_time(person);
        self.join_line(id, team, true);
    }

    /// Pre-empting work has its place in a line a second time, among its like.
    pub(super) fn stand_among_urgent(&mut self, team: TeamId, line: LineId, ticket: Ticket) {
        self.org.urgent[line.at()].insert(ticket);
        self.org.teams[team.at()].urgent |= 1 << (line.0 - self.plan.teams[team.at()].lines.start);
    }

    /// Lines as the plan lays them out, with nobody in them.
    pub(super) fn clear_lines(&mut self) {
        self.org.lines = self.plan.empty_lines();
        self.org.urgent = self.plan.empty_urgent_lines();
        self.org.teams.iter_mut().for_each(|team| (team.ready, team.urgent) = (0, 0));
    }
}

/// The places of the set bits, lowest first.
fn bits128(mut set: u128) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let place = set.trailing_zeros();
        (set != 0).then(|| {
            set &= set - 1;
            place
        })
    })
}

impl super::blueprint::Blueprint {
    /// A line for each of the table, empty.
    pub(super) fn empty_lines(&self) -> Vec<Line> {
        self.lines.lines.iter().map(|line| Line::new(self.teams[line.team.at()].is_ranked)).collect()
    }

    /// A second line for each, for what may pre-empt; none where nothing may.
    pub(super) fn empty_urgent_lines(&self) -> Vec<Line> {
        if self.has_preemption { vec![Line::new(true); self.lines.lines.len()] } else { Vec::new() }
    }
}
