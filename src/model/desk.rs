//! Desks: the one place where work is started, re-timed and finished.
//!
//! Desks settle once an instant, after everything due at it. A person has one pending completion
//! however many items share the desk; when anything changes, it is moved.

use super::cause::{Cause, Pace, Slowness};
use super::domain_event::DomainEvent;
use super::mechanism::Context;
use super::mechanisms::Event;
use super::organisation::{Organisation, Person, Taken, Task};
use super::plan::Holder;
use super::work::ItemId;
use kernel::event_list::EventPriority;
use kernel::math;
use kernel::units::{PersonId, TeamId, Ticks};

/// Personal progress that counts as done: half a tick, since completions are rounded to ticks.
const DONE: f64 = 0.5;

/// A length of time in ticks, rounded up; none where it is negative.
#[inline]
fn whole_ticks(ticks: f64) -> Ticks {
    let whole = Ticks::whole(ticks);
    Ticks(whole.0 + u64::from(whole.number() < ticks))
}

/// Whether somebody is there, on no duty, and has fewer items on the desk than the limit says.
#[inline]
fn may_pull(person: &Person, limit: Option<u32>) -> bool {
    let has_room = limit.is_none_or(|limit| (person.desk.len() as u32) < limit);
    person.present && person.duties == 0 && has_room
}

impl Context<'_> {
    /// Seats an item at a desk: who owns it, what it occupies, how its time is booked from now on.
    pub(super) fn seat(&mut self, person: PersonId, id: ItemId) {
        let now = self.now();
        let plan = self.plan;
        let stage_id = self.org.items[id].stage;
        let stage = &plan.stages[stage_id.at()];
        self.part(person);
        self.give_up_ticket(id);
        self.step_back(id);
        if matches!(stage.holder, Holder::Work { .. }) {
            self.own(person, id);
        }
        self.begin_item(id);
        if self.org.has_places {
            self.occupy(id, stage_id);
        }
        let (item, worker) = (&mut self.org.items[id], &self.org.people[person.at()]);
        item.ledger.turn_to(item.working(), now);
        item.touches += 1;
        item.holder = Some(person);
        (item.slowness, item.speed) = (Slowness::NONE, worker.skill);
        let team = &plan.teams[worker.team.at()];
        let given = team.attention * worker.share;
        if given < 1.0 {
            let part_time = if worker.share < 1.0 { -math::ln(worker.share) } else { 0.0 };
            item.slowness.add(Cause::Elsewhere, 1.0 / given, team.elsewhere + part_time);
        }
        if stage.writes_code {
            item.author = Some(person);
            item.coded.get_or_insert(now);
        }
        let again = item.touches > 1;
        if stage.crew.len() > 1 {
            self.gather_crew(person, id, &stage.crew);
        }
        self.emit(DomainEvent::Began { item: id, person, again });
    }

    /// Lets the work begin once every mechanism has had its say about the pace.
    pub(super) fn begin(&mut self, person: PersonId, id: ItemId) {
        self.catch_up(person);
        let now = self.now();
        let (item, worker) = (&mut self.org.items[id], &mut self.org.people[person.at()]);
        if item.fetching > 0.0 {
            item.slow(Cause::Builds, 1.0 + item.fetching * item.speed / item.remaining_work);
        }
        if worker.duties > 0 {
            item.ledger.turn_to(Cause::Interrupted, now);
        }
        let due = worker.progress + item.remaining_work / item.speed;
        let place = worker.desk.partition_point(|task| task.due > due);
        worker.desk.insert(place, Task { item: id, due, since: now });
        if !item.in_slack {
            self.org.teams[worker.team.at()].committed[item.class as usize] += item.remaining_work;
        }
        self.re_time(person);
    }

    /// Brings a person's progress, and the ledgers of what is on the desk, up to the present.
    pub(super) fn catch_up(&mut self, at: PersonId) {
        let now = self.now();
        let Organisation { people, teams, items, looks, .. } = &mut self.org;
        let person = &mut people[at.at()];
        let elapsed = now - person.since;
        if elapsed == Ticks::ZERO {
            return;
        }
        person.since = now;
        let team = &mut teams[person.team.at()];
        if person.taken.of_week > 0.0 {
            team.taken += person.taken_of(elapsed);
        }
        let given = person.given(elapsed);
        match person.helps {
            Some(item) => team.worked[items[item].class as usize] += given,
            None if person.is_on_duty() => team.on_duty += given,
            None => {}
        }
        if person.desk.is_empty() {
            return team.slack.pass(person, items, given);
        }
        if person.rate <= 0.0 {
            return; // on a duty: the items' ledgers say "interrupted" until it ends
        }
        person.progress += person.rate * elapsed.number();
        if let Some(left) = &mut person.undisturbed {
            *left = Ticks(left.0.saturating_sub(elapsed.0));
        }
        *looks += person.desk.len() as u64;
        let each = given / person.desk.len() as f64;
        let pace = Pace {
            attention: person.crowding,
            crowding: person.crowding_log,
            tempo: team.tempo,
            lull: team.tempo_log,
        };
        for task in &person.desk {
            let item = &mut items[task.item];
            if person.taken.of_week > 0.0 {
                let mut slowness = item.slowness;
                slowness.add(person.taken.cause, person.taken.factor, person.taken.log);
                item.ledger.book_work(&slowness, pace, now);
            } else {
                item.ledger.book_work(&item.slowness, pace, now);
            }
            let hours = if item.in_slack { &mut team.slack.worked } else { &mut team.worked };
            hours[item.class as usize] += each;
        }
    }

    /// Sets the pace of a desk anew and schedules its next completion, or the interruption that comes before it.
    pub(super) fn re_time(&mut self, at: PersonId) {
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
                let event = Event::Desk { person: at };
                self.event_list.set(at.at(), delay, EventPriority::Completion, place, event);
            }
            Some(_) => self.event_list.clear(at.at()),
            None => {
                person.progress = 0.0;
                self.event_list.clear(at.at());
            }
        }
        let may_pull = may_pull(person, self.plan.teams[person.team.at()].wip.active);
        self.list(at, may_pull);
    }

    /// The part of a person each item on the desk has, and the attention-ticks per tick it gets.
    #[inline(always)]
    fn rate(&self, at: PersonId) -> (f64, f64) {
        let person = &self.org.people[at.at()];
        let count = person.desk.len();
        if count == 0 {
            return (0.0, 0.0);
        }
        let crowding = self.plan.switching.phi(count) / count as f64;
        let share = person.share - person.taken.of_week;
        let attention = self.plan.teams[person.team.at()].attention * share;
        let tempo = self.org.teams[person.team.at()].tempo;
        (crowding, if person.duties > 0 { 0.0 } else { attention * crowding * tempo })
    }

    /// From now on a team's people get on this fast, against 1 on average: what lies on their desks is timed anew.
    pub fn set_tempo(&mut self, team: TeamId, tempo: f64) {
        if self.org.teams[team.at()].tempo == tempo {
            return;
        }
        for place in 0..self.org.teams[team.at()].people.len() {
            self.catch_up(self.org.teams[team.at()].people[place]);
        }
        let state = &mut self.org.teams[team.at()];
        state.tempo = tempo;
        state.tempo_log = if tempo < 1.0 { -math::ln(tempo) } else { 0.0 };
        for place in 0..self.org.teams[team.at()].people.len() {
            self.re_time(self.org.teams[team.at()].people[place]);
        }
    }

    /// From now on so much of a full week, which must be less than what they give, is taken from somebody's desk: what
    /// lies there is timed anew.
    pub fn take_from_week(&mut self, at: PersonId, of_week: f64, cause: Cause) {
        let person = &self.org.people[at.at()];
        if of_week == person.taken.of_week {
            return;
        }
        let factor = person.share / (person.share - of_week);
        self.catch_up(at);
        self.org.people[at.at()].taken = Taken { of_week, factor, log: math::ln(factor), cause };
        self.re_time(at);
    }

    /// Goes over to a new plan's pace. A desk whose pace is as it was is left alone, so that a policy which
    /// changes nothing changes nothing.
    pub(super) fn adapt(&mut self, at: PersonId) {
        let person = &self.org.people[at.at()];
        let may_pull = may_pull(person, self.plan.teams[person.team.at()].wip.active);
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
                self.emit(DomainEvent::Disturbed { person: at });
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
        (item.remaining_work, item.fetching) = (0.0, 0.0);
        item.holder = None;
        self.re_time(at);
        self.org.unsettle(team);
        Some(id)
    }

    /// The work left on an item no longer counts as being on the team's desks, and nobody helps with it any more.
    #[inline(always)]
    pub(super) fn uncommit(&mut self, team: TeamId, id: ItemId) {
        let item = &self.org.items[id];
        let crew = &self.plan.stages[item.stage.at()].crew;
        if crew.len() > 1 {
            self.dismiss_crew(team, id);
        }
        if self.org.teams[team.at()].helping > 0 {
            self.release_helper(team, id);
        }
        let item = &mut self.org.items[id];
        if std::mem::replace(&mut item.in_slack, item.is_extra) {
            return;
        }
        let committed = &mut self.org.teams[team.at()].committed[item.class as usize];
        *committed = (*committed - item.remaining_work).max(0.0);
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
}
