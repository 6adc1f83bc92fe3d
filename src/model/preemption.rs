//! Pre-emption: at a settled instant nobody works on less urgent work while more urgent work waits that may take
//! its place and that this person may do.
//!
//! It is asked where the instant settles, once those with room have pulled, so it does not matter how the urgent
//! work came to wait or how the person came to be at the desk. Work is set aside only for what then starts there.

use super::domain_event::DomainEvent;
use super::instrument::Counter;
use super::layout::LinePlan;
use super::line::{Line, LineSort, Ticket};
use super::mechanism::Context;
use super::plan::{Discipline, Preemption};
use super::pull::{PullRequest, is_void};
use super::work::{Class, ItemId};
use kernel::bits::bits;
use kernel::units::{Instant, LineId, PersonId, TeamId, Ticks};

/// Somebody leaves less urgent work for more urgent.
#[derive(Clone, Copy, Debug)]
struct Exchange {
    /// How urgent what is left is: the larger the less.
    level: u8,
    /// Whether the person only helps with it.
    helps: bool,
    person: PersonId,
    /// When what is left came to the desk: the earliest of times where the person only helps.
    since: Instant,
    left: ItemId,
    item: ItemId,
}

/// What limits leave to somebody, with what they would set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Room {
    is_full: bool,
    frees_slot: bool,
    frees_groups: u64,
    frees_place: bool,
}

/// Those with the same room who have found nothing in a line. Two of them are enough to know it of all: only their own
/// work is to be read by others, and to nobody is what they wrote and what somebody else wrote the same.
#[derive(Default)]
struct Vain {
    rooms: [Option<(Room, PersonId, bool)>; 8],
    next: usize,
}

impl Vain {
    fn has(&self, room: Room, person: PersonId) -> bool {
        let mut known = self.rooms.iter().flatten();
        known.any(|(vain, first, by_two)| *vain == room && (*by_two || *first == person))
    }

    fn add(&mut self, room: Room, person: PersonId) {
        let mut known = self.rooms.iter_mut().flatten();
        match known.find(|(vain, _, _)| *vain == room) {
            Some((_, _, by_two)) => *by_two = true,
            None => {
                self.rooms[self.next % 8] = Some((room, person, false));
                self.next += 1;
            }
        }
    }
}

impl Context<'_> {
    /// Finds pre-empting work that waits and somebody on less urgent work who may do it, and makes them free for it.
    ///
    /// The most urgent goes first; it takes the place of the least urgent work whose holder may do it. Of equals,
    /// whoever only helps with work leaves it before somebody sets theirs aside, else who comes first in the team.
    /// `None` when the rule holds.
    pub(super) fn displace(&mut self, team: TeamId) -> Option<(PersonId, ItemId)> {
        let mut best: Option<(u8, Exchange)> = None;
        for bit in bits128(self.org.teams[team.at()].urgent) {
            let Some(first) = self.first_urgent(team, bit) else { continue };
            if best.is_some_and(|(urgent, _)| urgent <= first.priority()) {
                continue;
            }
            let Some(exchange) = self.exchange_for(team, bit, first.priority()) else { continue };
            let priority = self.priority_of(exchange.item);
            if best.is_none_or(|(before, _)| priority < before) {
                best = Some((priority, exchange));
            }
        }
        let (_, Exchange { person, left, item, helps, .. }) = best?;
        let preemption = self.plan.kinds[self.org.items[item].kind.at()].preempts?;
        self.give_up_ticket(item);
        if helps {
            self.leave_crew(person, left);
        } else {
            self.hand_over(left, item);
            self.preempt(person, left, preemption);
            self.step_aside(left, person);
            self.org.count(Counter::PREEMPTIONS, 1.0);
            self.emit(DomainEvent::Preempted { item: left, person });
        }
        Some((person, item))
    }

    /// Who leaves what for work of one line, whose first is as urgent as this.
    fn exchange_for(&mut self, team: TeamId, bit: u32, priority: u8) -> Option<Exchange> {
        let mut found: Option<Exchange> = None;
        let mut vain = Vain::default();
        for place in 0..self.org.teams[team.at()].people.len() {
            let person = self.org.teams[team.at()].people[place];
            let state = &self.org.people[person.at()];
            // Whoever is on a duty works on nothing; helping with a colleague's work is the one that gives way.
            let helped = state.helps.filter(|_| state.duties == 1);
            let count = match helped {
                Some(_) => 1,
                None if state.duties > 0 => 0,
                None => state.desk.len(),
            };
            self.org.looks += 1 + count as u64;
            for nth in 0..count {
                let own = || self.org.people[person.at()].desk[nth];
                let (left, since) =
                    helped.map_or_else(|| (own().item, own().since), |it| (it, Instant::START));
                let (level, helps) = (self.priority_of(left), helped.is_some());
                // Of what lies on one desk, what was taken up last; how much of it is left, nobody knows.
                let is_worse = |found: &Exchange| {
                    let is_earlier =
                        found.person != person || self.taken_up(found) >= (since, self.key_of(left));
                    (found.level, found.helps) > (level, helps)
                        || (found.level, found.helps) == (level, helps) && is_earlier
                };
                if level <= priority || found.as_ref().is_some_and(is_worse) {
                    continue;
                }
                let aside = if helps { None } else { Some(left) };
                let room = self.room_for(team, bit, person, aside);
                if vain.has(room, person) {
                    continue;
                }
                match self.startable(team, bit, person, aside) {
                    Some(item) if self.priority_of(item) < level => {
                        found = Some(Exchange { level, helps, person, since, left, item });
                    }
                    Some(_) => {}
                    None => vain.add(room, person),
                }
            }
        }
        found
    }

    fn taken_up(&self, exchange: &Exchange) -> (Instant, u64) {
        (exchange.since, self.key_of(exchange.left))
    }

    /// A number that has nothing to do with how large or urgent an item is.
    fn key_of(&self, item: ItemId) -> u64 {
        self.org.items[item].key.0
    }

    /// What of somebody and of what they would set aside decides what limits let them start.
    fn room_for(&self, team: TeamId, bit: u32, person: PersonId, aside: Option<ItemId>) -> Room {
        let stage = self.plan.lines.lines[self.line_of(team, bit).at()].stage;
        let aside = aside.and_then(|aside| self.org.items.get(aside));
        let owner = aside.and_then(|aside| self.org.owner(aside));
        let theirs = u32::from(owner == Some(person));
        let limit = self.plan.teams[team.at()].wip.items;
        Room {
            is_full: limit.is_some_and(|limit| self.org.people[person.at()].owned >= limit + theirs),
            frees_slot: aside.is_some_and(|aside| aside.slot == Some(stage)),
            frees_groups: aside.map_or(0, |aside| aside.groups & self.plan.stages[stage.at()].groups),
            frees_place: owner.is_some_and(|owner| self.org.people[owner.at()].team == team),
        }
    }

    /// The most urgent pre-empting work that somebody with room may start.
    pub(super) fn most_urgent(&mut self, person: PersonId, team: TeamId) -> Option<ItemId> {
        let mut best: Option<(u8, ItemId)> = None;
        for bit in bits128(self.org.teams[team.at()].urgent) {
            let Some(first) = self.first_urgent(team, bit) else { continue };
            if best.is_some_and(|(priority, _)| priority <= first.priority()) {
                continue;
            }
            let Some(item) = self.startable(team, bit, person, None) else { continue };
            let priority = self.priority_of(item);
            if best.is_none_or(|(before, _)| priority < before) {
                best = Some((priority, item));
            }
        }
        best.map(|(_, item)| item)
    }

    pub(super) fn priority_of(&self, item: ItemId) -> u8 {
        self.plan.kinds[self.org.items[item].kind.at()].priority
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
            self.org.urgent[line.at()].forget_first();
        }
    }

    fn line_of(&self, team: TeamId, bit: u32) -> LineId {
        LineId(self.plan.teams[team.at()].lines.start + bit)
    }

    /// The first pre-empting work of a line that this person may start, with limits as they stand once `aside` is
    /// set aside.
    fn startable(
        &mut self,
        team: TeamId,
        bit: u32,
        person: PersonId,
        aside: Option<ItemId>,
    ) -> Option<ItemId> {
        let line = self.line_of(team, bit);
        let items = &self.org.items;
        self.org.urgent[line.at()].tidy(|ticket| is_void(items, ticket));
        let (found, looks) =
            self.find(&self.org.urgent[line.at()], PullRequest { line, person, team, aside });
        self.org.looks += looks;
        found
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

    /// Until it is taken up again, what was set aside counts for no limit on what its owner and their team have begun.
    fn step_aside(&mut self, id: ItemId, holder: PersonId) {
        if self.org.owner(&self.org.items[id]) == Some(holder) {
            self.org.items[id].is_aside = true;
            self.count_begun(holder, false);
        }
    }

    /// What was set aside is taken up again, or is to be its owner's no longer: it counts as before.
    #[inline(always)] // mostly it was not
    pub(super) fn step_back(&mut self, id: ItemId) {
        if self.org.items[id].is_aside {
            self.count_again(id);
        }
    }

    #[inline(never)]
    fn count_again(&mut self, id: ItemId) {
        self.org.items[id].is_aside = false;
        if let Some(owner) = self.org.owner(&self.org.items[id]) {
            self.count_begun(owner, true);
        }
    }

    /// Takes an item off a desk and puts it first in its line.
    pub(super) fn preempt(&mut self, person: PersonId, id: ItemId, preemption: Preemption) {
        self.catch_up(person);
        let owner = &mut self.org.people[person.at()];
        let Some(place) = owner.desk.iter().rposition(|task| task.item == id) else { return };
        let task = owner.desk.remove(place);
        let left = (task.due - owner.progress).max(0.0);
        let team = owner.team;
        self.uncommit(team, id);
        let item = &mut self.org.items[id];
        let before = item.remaining_work;
        item.leave_off(left);
        match preemption {
            Preemption::Resume => {}
            Preemption::Restart => item.remaining_work = item.service_demand,
            // What has not been touched since it was taken up has lost nothing.
            Preemption::Penalty(_) if item.remaining_work > before - 0.5 => {}
            Preemption::Penalty(hours) => item.remaining_work += Ticks::from_hours(hours).0 as f64,
        }
        item.holder = None;
        item.front = true;
        self.re_time(person);
        self.join_line(id, team, true);
    }

    /// Pre-empting work has its place in a line a second time, among its like.
    #[inline(never)]
    pub(super) fn stand_among_urgent(
        &mut self,
        team: TeamId,
        line: LineId,
        ticket: Ticket,
        sort: LineSort,
        keeps_lot: bool,
    ) {
        self.org.urgent[line.at()].insert(ticket, sort, keeps_lot);
        self.org.teams[team.at()].urgent |= self.plan.lines.lines[line.at()].bit;
    }

    /// Forgets the void tickets of a line by lot.
    pub(super) fn purge(&mut self, line: LineId) {
        let items = &self.org.items;
        let is_valid = |ticket: &Ticket| !is_void(items, ticket);
        let mut looks = self.org.lines[line.at()].purge(is_valid);
        if let Some(urgent) = self.org.urgent.get_mut(line.at()) {
            looks += urgent.purge(is_valid);
        }
        self.org.looks += looks as u64;
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

impl super::compiled_plan::CompiledPlan {
    /// A line for each of the table, empty.
    pub(super) fn empty_lines(&self) -> Vec<Line> {
        let line = |plan: &LinePlan| match self.teams[plan.team.at()].discipline {
            Discipline::Random => Line::by_lot(),
            // Of new work, the loudest voice has its favourites by where they lie.
            Discipline::Loudest => Line::new(true).drawn_from(plan.class == Class::Feature),
            _ => Line::new(self.is_ranked(plan)),
        };
        self.lines.lines.iter().map(line).collect()
    }

    /// A second line for each, for what may pre-empt; none where nothing may.
    pub(super) fn empty_urgent_lines(&self) -> Vec<Line> {
        if self.has_preemption { self.empty_lines() } else { Vec::new() }
    }
}
