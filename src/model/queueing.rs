//! Queueing: how an item comes into the line of those who are to work on it, and where it stands in it.

use super::cause::Cause;
use super::layout::LineRole;
use super::line::Ticket;
use super::mechanism::Context;
use super::plan::{Discipline, Holder, PickUp};
use super::work::{Item, ItemId, Role};
use kernel::streams::StreamId;
use kernel::units::{TeamId, Ticks};

// Its name is older than this file, and results hang on it.
const LOTTERY: StreamId = StreamId::named("workforce/lottery");

/// More ticks than any replication has.
const BEHIND_ALL: f64 = (1_u64 << 52) as f64;

impl Context<'_> {
    /// Puts an item in front of the people who work at its present stage.
    ///
    /// `need_hours` is the nominal work it takes there. It goes back to its owner's desk where the
    /// stage keeps work with the person, else it joins the team's line.
    pub fn queue(&mut self, id: ItemId, need_hours: f64, team: TeamId) {
        let ticks = Ticks::from_hours(need_hours).0.max(1) as f64;
        let item = &mut self.org.items[id];
        (item.remaining_work, item.service_demand) = (ticks, ticks);
        let stage = &self.plan.stages[item.stage.at()];
        let owner = item.owner.filter(|owner| self.org.people[owner.at()].is_of(team));
        let had_before = std::mem::take(&mut item.goes_on) || owner.is_some();
        match owner {
            Some(owner) if stage.sticky => self.org.returning.push((owner, id)),
            _ if matches!(stage.holder, Holder::Review { pick_up: PickUp::AtOnce }) => {
                self.hand_to_colleague(id, team)
            }
            _ => self.join_line(id, team, had_before),
        }
    }

    /// Joins the line of the team that serves the item's stage.
    pub(super) fn join_line(&mut self, id: ItemId, team: TeamId, had_before: bool) {
        let now = self.now();
        let item = &mut self.org.items[id];
        let reviewed = matches!(self.plan.stages[item.stage.at()].holder, Holder::Review { .. });
        let cause = match () {
            () if reviewed => Cause::Review,
            () if item.slot.is_some_and(|stage| stage != item.stage) => Cause::Blocked,
            () if item.pulled.is_none() => item.unbegun(),
            () => Cause::Queue,
        };
        item.ledger.turn_to(cause, now);
        if item.initiative.is_some() && (self.stays_in_outline(id) || !self.sit_down(id)) {
            return;
        }
        let role = self.role_in(&self.org.items[id], team, had_before);
        self.take_ticket(id, team, role, false);
    }

    /// Which of a team's lines an item belongs in.
    #[inline]
    pub(super) fn role_in(&self, item: &Item, team: TeamId, had_before: bool) -> LineRole {
        let plan = &self.plan.teams[team.at()];
        let finishes = plan.finish_first;
        // A part of something begun is no beginning.
        let begun =
            had_before && (item.front || finishes) || finishes && matches!(item.role, Role::Part { .. });
        let is_reviewed = || matches!(self.plan.stages[item.stage.at()].holder, Holder::Review { .. });
        let is_fresh = || {
            let initiative = item.initiative.and_then(|initiative| self.org.initiatives.get(initiative));
            initiative.is_some_and(|initiative| !initiative.active && initiative.team == team)
        };
        match () {
            () if begun && !is_reviewed() => LineRole::Again,
            () if finishes && is_fresh() => LineRole::Fresh,
            () => LineRole::Entry,
        }
    }

    /// Gives an item its (only valid) ticket, in one of a team's lines.
    pub(super) fn enqueue(&mut self, id: ItemId, team: TeamId, role: LineRole) {
        self.take_ticket(id, team, role, false);
    }

    /// The same; in a line by lot, one that keeps its lot comes after those that have come so far.
    fn take_ticket(&mut self, id: ItemId, team: TeamId, role: LineRole, keeps_lot: bool) {
        let plan = self.plan;
        let team_plan = &plan.teams[team.at()];
        self.give_up_ticket(id);
        let item = &self.org.items[id];
        let (sort, key) = (self.sort_of(item, team), self.ranking(item, team_plan.discipline));
        let item = &mut self.org.items[id];
        let (version, front) = (item.take_ticket(), std::mem::take(&mut item.front));
        let line = plan.lines.find(item.stage, team, item.class, role);
        item.line = Some(line);
        let kind = &plan.kinds[item.kind.at()];
        if team_plan.discipline == Discipline::Random && !keeps_lot {
            self.purge(line);
        }
        let ticket = if front {
            self.org.lines[line.at()].join_front((id, version), sort, kind.priority)
        } else {
            self.org.lines[line.at()].join((id, version), sort, kind.priority, key, keeps_lot)
        };
        if plan.has_preemption && kind.preempts.is_some() {
            self.stand_among_urgent(team, line, ticket, sort, keeps_lot);
        }
        self.org.teams[team.at()].ready |= plan.lines.lines[line.at()].bit;
        self.org.unsettle(team);
    }

    /// The discipline's key: smaller comes first, of new work; or the lot by which it finds its place in a line.
    #[inline(always)]
    pub(super) fn ranking(&self, item: &Item, discipline: Discipline) -> f64 {
        match discipline {
            Discipline::FirstCome | Discipline::Loudest => self.behind(item),
            Discipline::Random => {
                let stage = &self.plan.stages[item.stage.at()];
                self.streams.once_more().uniform(LOTTERY, item.pass_key(stage.key))
            }
            _ if item.taken.is_some() => 0.0,
            Discipline::LastCome => self.behind(item) * BEHIND_ALL - item.entered.0 as f64,
            Discipline::Shortest | Discipline::Value | Discipline::Cd3 => {
                // What is not begun stands where the belief about the whole of its initiative puts it.
                let whole = self.whole_of(item.initiative).and_then(|it| self.org.initiatives[it].whole);
                let own = || discipline.by_belief(item.estimated_rate.into(), item.estimated_hours.into());
                whole.map_or_else(own, |whole| whole.ranking(discipline))
            }
        }
    }

    /// 1 for what stands behind all that is not put off, 0 for that.
    fn behind(&self, item: &Item) -> f64 {
        let whole = self.whole_of(item.initiative).and_then(|it| self.org.initiatives[it].whole);
        whole.map_or(0.0, |whole| f64::from(u8::from(whole.is_put_off)))
    }

    /// Lays a review on the desk of the colleague with the fewest items.
    fn hand_to_colleague(&mut self, id: ItemId, team: TeamId) {
        let author = self.org.items[id].author;
        let people = &self.org.teams[team.at()].people;
        let alone = people.len() == 1;
        let colleagues = people.iter().filter(|person| alone || Some(**person) != author);
        let colleague = colleagues.min_by_key(|person| {
            let person = &self.org.people[person.at()];
            (person.duties > 0, person.desk.len())
        });
        match colleague {
            Some(colleague) => self.org.returning.push((*colleague, id)),
            None => self.join_line(id, team, false),
        }
    }

    /// Sorts every waiting item into its line anew, after a change of discipline or limits.
    pub(super) fn rebuild_queues(&mut self) {
        let mut waiting: Vec<(TeamId, LineRole, bool, Ticket)> = Vec::new();
        let lines = std::mem::take(&mut self.org.lines);
        for (mut line, spec) in lines.into_iter().zip(&self.plan.lines.lines) {
            let by_lot = line.is_by_lot();
            let tickets = std::iter::from_fn(|| line.take_first());
            let (fronts, rest): (Vec<Ticket>, Vec<Ticket>) = tickets.partition(Ticket::is_at_front);
            // Each that joins at the front passes those before it, so the last of them goes first.
            let tickets = fronts.into_iter().rev().chain(rest);
            for ticket in tickets {
                waiting.push((spec.team, spec.role, by_lot, ticket));
                let beside = self.just_fleshed_out(ticket);
                waiting.extend(beside.map(|ticket| (spec.team, spec.role, by_lot, ticket)));
            }
        }
        self.clear_lines();
        for (team, role, by_lot, ticket) in waiting {
            let Some(item) = self.org.items.get(ticket.item).filter(|item| item.version == ticket.version)
            else {
                continue;
            };
            // What was begun by somebody who has left belongs to nobody, and is begun all the same.
            let had_before = role == LineRole::Again
                || self.org.owner(item).is_some_and(|owner| self.org.people[owner.at()].team == team);
            // The line it stood in is no more.
            (self.org.items[ticket.item].line, self.org.items[ticket.item].front) =
                (None, ticket.is_at_front());
            let role = self.role_in(&self.org.items[ticket.item], team, had_before);
            self.take_ticket(ticket.item, team, role, by_lot);
        }
    }
}
