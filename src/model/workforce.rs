//! People's time: the one place where work is queued, started, re-timed and finished.
//!
//! Desks settle once an instant, after everything due at it. A person has one pending completion
//! however many items share the desk; when anything changes, it is moved.

use super::cause::{Cause, Slowness};
use super::line::Ticket;
use super::mechanism::Turn;
use super::mechanisms::Event;
use super::mechanisms::review::PickUp;
use super::moment::Moment;
use super::organisation::Task;
use super::plan::{Discipline, Holder, LineRole};
use super::work::{ItemId, Role};
use kernel::calendar::Rank;
use kernel::luck::Purpose;
use kernel::math;
use kernel::units::{PersonId, TeamId, Ticks};

const LOTTERY: Purpose = Purpose::named("workforce/lottery");

/// Personal progress that counts as done: half a tick, since completions are rounded to ticks.
const DONE: f64 = 0.5;

/// A length of time in ticks, rounded up; none where it is negative.
#[inline]
fn whole_ticks(ticks: f64) -> Ticks {
    let whole = ticks as u64;
    Ticks(whole + u64::from((whole as f64) < ticks))
}

impl Turn<'_> {
    /// Puts an item in front of the people who work at its present stage.
    ///
    /// `need_hours` is the nominal work it takes there. It goes back to its owner's desk where the
    /// stage keeps work with the person, else it joins the team's line.
    pub fn queue(&mut self, id: ItemId, need_hours: f64, team: TeamId) {
        let ticks = Ticks::from_hours(need_hours).0.max(1) as f64;
        let item = &mut self.org.items[id];
        (item.need, item.asked) = (ticks, ticks);
        let item = &self.org.items[id];
        let stage = &self.plan.stages[item.stage.at()];
        let owner = self.org.owner(item).filter(|owner| self.org.people[owner.at()].team == team);
        match owner {
            Some(owner) if stage.sticky => self.org.returning.push((owner, id)),
            _ if matches!(stage.holder, Holder::Review { pick_up: PickUp::AtOnce }) => {
                self.hand_to_colleague(id, team)
            }
            _ => self.join_line(id, team, owner.is_some()),
        }
    }

    /// Joins the line of the team that serves the item's stage.
    pub(super) fn join_line(&mut self, id: ItemId, team: TeamId, had_before: bool) {
        let now = self.now();
        let plan = self.plan;
        let item = &mut self.org.items[id];
        let reviewed = matches!(plan.stages[item.stage.at()].holder, Holder::Review { .. });
        let cause = match () {
            () if reviewed => Cause::Review,
            () if item.slot.is_some_and(|stage| stage != item.stage) => Cause::Blocked,
            () if item.pulled.is_none() => Cause::Backlog,
            () => Cause::Queue,
        };
        item.ledger.turn_to(cause, now);
        let role = self.role_in(id, team, had_before);
        self.stand_in(id, team, role);
    }

    /// Which of a team's lines an item belongs in.
    pub(super) fn role_in(&self, id: ItemId, team: TeamId, had_before: bool) -> LineRole {
        let plan = self.plan;
        let item = &self.org.items[id];
        let reviewed = matches!(plan.stages[item.stage.at()].holder, Holder::Review { .. });
        let limited = plan.teams[team.at()].limits_entry;
        // A part of something begun is no beginning.
        let begun =
            had_before && (item.front || limited) || limited && matches!(item.role, Role::Part { .. });
        let returns = begun && !reviewed;
        let initiative = item.initiative.and_then(|initiative| self.org.initiatives.get(initiative));
        let fresh = initiative.is_some_and(|initiative| !initiative.active && initiative.team == team)
            && plan.teams[team.at()].wip.initiatives.is_some();
        match () {
            () if returns => LineRole::Again,
            () if fresh => LineRole::Fresh,
            () => LineRole::Entry,
        }
    }

    /// Gives an item its (only valid) ticket, in one of a team's lines.
    pub(super) fn stand_in(&mut self, id: ItemId, team: TeamId, role: LineRole) {
        self.take_ticket(id, team, role, false);
    }

    /// The same; in a line by lot, one that keeps its lot comes after those that have come so far.
    fn take_ticket(&mut self, id: ItemId, team: TeamId, role: LineRole, keeps_lot: bool) {
        let plan = self.plan;
        self.give_up_ticket(id);
        let sort = self.sort_of(&self.org.items[id], team);
        let item = &mut self.org.items[id];
        let (stamp, front) = (item.take_ticket(), std::mem::take(&mut item.front));
        let line = plan.lines.find(item.stage, team, item.class, role);
        item.line = Some(line);
        let kind = &plan.kinds[item.kind.at()];
        if plan.teams[team.at()].discipline == Discipline::Random && !keeps_lot {
            self.purge(line);
        }
        let key = self.ranking(id, team);
        let ticket = if front {
            self.org.lines[line.at()].join_front((id, stamp), sort, kind.priority)
        } else {
            self.org.lines[line.at()].join((id, stamp), sort, kind.priority, key, keeps_lot)
        };
        if plan.has_preemption && kind.preempts.is_some() {
            self.stand_among_urgent(team, line, ticket, sort, keeps_lot);
        }
        self.org.teams[team.at()].ready |= 1 << (line.0 - plan.teams[team.at()].lines.start);
        self.org.unsettle(team);
    }

    /// The discipline's key: smaller comes first, of new work; or the lot by which it finds its place in a line.
    pub(super) fn ranking(&self, id: ItemId, team: TeamId) -> f64 {
        let item = &self.org.items[id];
        match self.plan.teams[team.at()].discipline {
            Discipline::Random => {
                let stage = &self.plan.stages[item.stage.at()];
                self.luck.once_more().uniform(LOTTERY, item.pass_key(stage.key))
            }
            _ if item.taken.is_some() => 0.0,
            Discipline::FirstCome | Discipline::Loudest => 0.0,
            Discipline::LastCome => -(item.entered.0 as f64),
            Discipline::Shortest => f64::from(item.believed_hours).max(0.0),
            Discipline::Value => -f64::from(item.believed_rate),
            Discipline::Cd3 => -f64::from(item.believed_rate) / f64::from(item.believed_hours).max(1e-6),
        }
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

    /// Seats an item at a desk: who owns it, what it occupies, how its time is booked from now on.
    pub(super) fn seat(&mut self, person: PersonId, id: ItemId) {
        let now = self.now();
        let plan = self.plan;
        let stage_id = self.org.items[id].stage;
        let stage = &plan.stages[stage_id.at()];
        self.give_up_ticket(id);
        self.step_back(id);
        if matches!(stage.holder, Holder::Work { .. }) {
            self.own(person, id);
        }
        self.begin_item(id);
        if self.org.has_places {
            self.occupy(id, stage_id);
        }
        let item = &mut self.org.items[id];
        let rework = item.is_again();
        item.ledger.turn_to(if rework { Cause::Rework } else { Cause::Work }, now);
        item.touches += 1;
        let again = item.touches > 1;
        item.holder = Some(person);
        item.slowness = Slowness::NONE;
        let team = &plan.teams[self.org.people[person.at()].team.at()];
        let share = self.org.people[person.at()].share;
        let given = team.attention * share;
        if given < 1.0 {
            let part_time = if share < 1.0 { -math::ln(share) } else { 0.0 };
            item.slowness.add(Cause::Elsewhere, 1.0 / given, team.elsewhere + part_time);
        }
        item.speed = self.org.people[person.at()].skill;
        if stage.writes_code {
            item.author = Some(person);
            item.coded.get_or_insert(now);
        }
        self.gather_crew(person, id);
        self.tell(Moment::Began { item: id, person, again });
    }

    /// Lets the work begin once every mechanism has had its say about the pace.
    pub(super) fn begin(&mut self, person: PersonId, id: ItemId) {
        self.catch_up(person);
        let item = &mut self.org.items[id];
        if item.fetching > 0.0 {
            item.slow(Cause::Builds, 1.0 + item.fetching * item.speed / item.need);
        }
        let attention = item.need / item.speed;
        let (class, need) = (item.class, item.need);
        let owner = &mut self.org.people[person.at()];
        if owner.duties > 0 {
            self.org.items[id].ledger.turn_to(Cause::Interrupted, self.calendar.now());
        }
        let due = owner.progress + attention;
        let place = owner.desk.partition_point(|task| task.due > due);
        owner.desk.insert(place, Task { item: id, due, since: self.calendar.now() });
        self.org.teams[owner.team.at()].committed[class as usize] += need;
        self.re_time(person);
    }

    fn own(&mut self, person: PersonId, id: ItemId) {
        let before = self.org.items[id].owner;
        if before == Some(person) {
            return;
        }
        self.disown(id);
        self.count_begun(person, true);
        let item = &mut self.org.items[id];
        item.owner = Some(person);
        if item.taken.is_none() {
            item.taken = Some(self.calendar.now());
            let initiative = item.initiative;
            self.activate(initiative, id);
        }
    }

    /// Its owner has it in mind no longer: it is live, dropped, or somebody else's.
    pub(super) fn disown(&mut self, id: ItemId) {
        self.step_back(id);
        let Some(owner) = self.org.items[id].owner.take() else { return };
        let person = &self.org.people[owner.at()];
        if !person.present {
            return; // what they had in mind ceased to count when they left
        }
        let team = person.team;
        self.count_begun(owner, false);
        self.org.unsettle(team);
    }

    /// Somebody has one item more, or one fewer, that limits count.
    pub(super) fn count_begun(&mut self, person: PersonId, more: bool) {
        let person = &mut self.org.people[person.at()];
        let started = &mut self.org.teams[person.team.at()].started;
        if more {
            person.owned += 1;
            *started += 1;
        } else {
            person.owned -= 1;
            *started -= 1;
        }
    }

    /// Brings a person's progress, and the ledgers of what is on the desk, up to the present.
    pub(super) fn catch_up(&mut self, at: PersonId) {
        let now = self.now();
        let person = &mut self.org.people[at.at()];
        let elapsed = now - person.since;
        if elapsed == Ticks::ZERO {
            return;
        }
        person.since = now;
        let team = &mut self.org.teams[person.team.at()];
        let given = person.given(elapsed);
        match person.helps {
            Some(item) => team.worked[self.org.items[item].class as usize] += given,
            None if person.is_on_duty() => team.on_duty += given,
            None => {}
        }
        if person.desk.is_empty() {
            return;
        }
        if person.rate <= 0.0 {
            return; // on a duty: the items' ledgers say "interrupted" until it ends
        }
        person.progress += person.rate * elapsed.0 as f64;
        if let Some(left) = &mut person.undisturbed {
            *left = Ticks(left.0.saturating_sub(elapsed.0));
        }
        self.org.looks += person.desk.len() as u64;
        let each = given / person.desk.len() as f64;
        for task in &person.desk {
            let item = &mut self.org.items[task.item];
            item.ledger.book_work(&item.slowness, person.crowding, person.crowding_log, now);
            team.worked[item.class as usize] += each;
        }
    }

    /// Sets the pace of a desk anew and schedules its next completion, or the interruption that comes before it.
    pub(super) fn re_time(&mut self, at: PersonId) {
        let plan = self.plan;
        let (crowding, rate) = self.rate(at);
        let person = &mut self.org.people[at.at()];
        if crowding != person.crowding {
            person.crowding = crowding;
            let shared = 0.0 < crowding && crowding < 1.0;
            person.crowding_log = if shared { -math::ln(crowding) } else { 0.0 };
        }
        person.rate = rate;
        match person.desk.last() {
            Some(task) if rate > 0.0 => {
                let delay = whole_ticks((task.due - person.progress).max(0.0) / rate - 1e-6);
                let delay = person.undisturbed.map_or(delay, |left| left.min(delay));
                // Of those who finish at one instant, whoever has been there for longer comes first.
                let place = u16::try_from(at.0).unwrap_or(u16::MAX);
                self.calendar.set(at.at(), delay, Rank::Completion, place, Event::Desk { person: at });
            }
            Some(_) => self.calendar.clear(at.at()),
            None => {
                person.progress = 0.0;
                self.calendar.clear(at.at());
            }
        }
        let limit = plan.teams[person.team.at()].wip.active;
        let has_room = limit.is_none_or(|limit| (person.desk.len() as u32) < limit);
        let may_pull = person.present && person.duties == 0 && has_room;
        self.list(at, may_pull);
    }

    /// The part of a person each item on the desk has, and the attention-ticks per tick it gets.
    fn rate(&self, at: PersonId) -> (f64, f64) {
        let person = &self.org.people[at.at()];
        if person.desk.is_empty() {
            return (0.0, 0.0);
        }
        let count = person.desk.len();
        let crowding = self.plan.switching.phi(count) / count as f64;
        let attention = self.plan.teams[person.team.at()].attention * person.share;
        (crowding, if person.duties > 0 { 0.0 } else { attention * crowding })
    }

    /// Goes over to a new plan's pace. A desk whose pace is as it was is left alone, so that a policy which
    /// changes nothing changes nothing.
    pub(super) fn adapt(&mut self, at: PersonId) {
        let person = &self.org.people[at.at()];
        let limit = self.plan.teams[person.team.at()].wip.active;
        let free = person.present && person.duties == 0;
        let may_pull = free && limit.is_none_or(|limit| (person.desk.len() as u32) < limit);
        if self.rate(at) != (person.crowding, person.rate) || may_pull != person.place.is_some() {
            self.catch_up(at);
            self.re_time(at);
        }
    }

    /// Takes the item that is done off a desk. `None` when nothing is quite done yet, or an interruption comes first.
    pub(super) fn take_finished(&mut self, at: PersonId) -> Option<ItemId> {
        self.catch_up(at);
        let person = &mut self.org.people[at.at()];
        let next = person.desk.last()?;
        if next.due - person.progress > DONE {
            if person.undisturbed == Some(Ticks::ZERO) {
                self.tell(Moment::Disturbed { person: at });
            } else {
                self.re_time(at);
            }
            return None;
        }
        let id = next.item;
        person.desk.pop();
        let team = person.team;
        self.uncommit(team, id);
        let item = &mut self.org.items[id];
        (item.need, item.fetching) = (0.0, 0.0);
        item.holder = None;
        self.re_time(at);
        self.org.unsettle(team);
        Some(id)
    }

    /// The work left on an item no longer counts as being on the team's desks, and nobody helps with it.
    #[inline]
    pub(super) fn uncommit(&mut self, team: TeamId, id: ItemId) {
        self.dismiss_crew(team, id);
        let item = &self.org.items[id];
        let committed = &mut self.org.teams[team.at()].committed[item.class as usize];
        *committed = (*committed - item.need).max(0.0);
    }

    /// Takes an item off whatever desk it lies on, without finishing it.
    pub(super) fn clear_from_desk(&mut self, id: ItemId) {
        let Some(holder) = self.org.items[id].holder.take() else { return };
        self.catch_up(holder);
        let person = &mut self.org.people[holder.at()];
        person.desk.retain(|task| task.item != id);
        let team = person.team;
        self.uncommit(team, id);
        self.re_time(holder);
        self.org.unsettle(team);
    }

    /// Colleagues who are free join whoever starts an item, as many as the stage has use for.
    #[inline]
    fn gather_crew(&mut self, person: PersonId, id: ItemId) {
        let speeds = &self.plan.stages[self.org.items[id].stage.at()].crew;
        if speeds.len() < 2 {
            return;
        }
        let team = self.org.people[person.at()].team;
        let mut crew = 1;
        while crew < speeds.len() {
            // Those with nothing on the desk come first.
            let free = self.org.teams[team.at()].available.iter().copied();
            let mut idle = free.take_while(|other| self.org.people[other.at()].desk.is_empty());
            let other = idle.find(|other| *other != person);
            let Some(other) = other else { break };
            self.catch_up(other);
            let helper = &mut self.org.people[other.at()];
            helper.duties += 1;
            helper.helps = Some(id);
            self.re_time(other);
            crew += 1;
        }
        self.org.items[id].speed *= speeds[crew - 1];
    }

    /// Whoever helped with an item is free again.
    #[inline]
    fn dismiss_crew(&mut self, team: TeamId, id: ItemId) {
        if self.plan.stages[self.org.items[id].stage.at()].crew.len() < 2 {
            return;
        }
        self.org.looks += self.org.teams[team.at()].people.len() as u64;
        for place in 0..self.org.teams[team.at()].people.len() {
            let other = self.org.teams[team.at()].people[place];
            if self.org.people[other.at()].helps == Some(id) {
                self.catch_up(other);
                self.org.people[other.at()].helps = None;
                self.send_back_to_desk(other);
            }
        }
    }

    /// Sorts every waiting item into its line anew, after a change of discipline or limits.
    pub(super) fn lay_lines_anew(&mut self) {
        let plan = self.plan;
        let mut waiting: Vec<(TeamId, LineRole, bool, Ticket)> = Vec::new();
        for (line, spec) in self.org.lines.iter_mut().zip(&plan.lines.lines) {
            let by_lot = line.is_by_lot();
            let tickets = std::iter::from_fn(|| line.take_first());
            let (fronts, rest): (Vec<Ticket>, Vec<Ticket>) = tickets.partition(Ticket::is_at_front);
            // Each that joins at the front passes those before it, so the last of them goes first.
            let tickets = fronts.into_iter().rev().chain(rest);
            waiting.extend(tickets.map(|ticket| (spec.team, spec.role, by_lot, ticket)));
        }
        self.clear_lines();
        for (team, role, by_lot, ticket) in waiting {
            let Some(item) = self.org.items.get(ticket.item).filter(|item| item.stamp == ticket.stamp) else {
                continue;
            };
            // What was begun by somebody who has left belongs to nobody, and is begun all the same.
            let had_before = role == LineRole::Again
                || self.org.owner(item).is_some_and(|owner| self.org.people[owner.at()].team == team);
            // The line it stood in is no more.
            (self.org.items[ticket.item].line, self.org.items[ticket.item].front) =
                (None, ticket.is_at_front());
            let role = self.role_in(ticket.item, team, had_before);
            self.take_ticket(ticket.item, team, role, by_lot);
        }
    }
}
