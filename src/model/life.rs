//! One simulated life of the organisation: the event loop.

use super::blueprint::Blueprint;
use super::cause::Cause;
use super::gauge::Tally;
use super::mechanism::{Agenda, Due, Heard, Turn};
use super::mechanisms::{Event, Mechanisms, Members};
use super::migration::Migration;
use super::moment::Moment;
use super::organisation::Organisation;
pub use super::overrun::Overrun;
use super::places::bits;
use super::work::{ItemId, Role};
use kernel::calendar::Calendar;
use kernel::luck::Luck;
use kernel::units::{Instant, PersonId, TeamId};

/// A turn over a life's parts, which leaves its mechanisms free to be borrowed beside it.
macro_rules! turn {
    ($life:ident) => {
        Turn {
            org: &mut $life.org,
            plan: $life.plan,
            luck: $life.luck,
            calendar: &mut $life.calendar,
            due: &mut $life.due,
        }
    };
}

/// Whoever follows single moments of a life without taking part in it.
pub trait Observer {
    /// Whether it wants to be told of anything.
    const WATCHES: bool = true;

    /// Something happened at `now`; the state is as the moment found it.
    fn moment(&mut self, now: Instant, moment: &Moment, org: &Organisation, plan: &Blueprint);
}

/// Watches nothing: what no mechanism hears is told to nobody.
impl Observer for () {
    const WATCHES: bool = false;

    #[inline]
    fn moment(&mut self, _: Instant, _: &Moment, _: &Organisation, _: &Blueprint) {}
}

/// What ends a life before its horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// No work is left.
    Empty,
    /// This many items of work are done, from the beginning of the life.
    Done(u64),
}

/// One life of the organisation, which can be forked: from then on two policies live the same luck.
#[derive(Clone)]
pub struct Life<'p> {
    pub plan: &'p Blueprint,
    pub org: Organisation,
    mechanisms: Mechanisms,
    calendar: Calendar<Event>,
    due: Agenda,
    luck: Luck,
    /// What ends it before its time.
    pub stop: Option<Stop>,
    /// Live events so far: completions, arrivals, meetings, ends of phases; not stale ones.
    pub events: u64,
    /// What has happened at the present instant.
    pub(super) steps: u64,
}

impl<'p> Life<'p> {
    /// An empty organisation at the start of its life.
    pub fn begin(plan: &'p Blueprint, luck: Luck) -> Life<'p> {
        Life::begin_in(plan, luck, false)
    }

    /// The same, with its accounts open: what is there from the start has come at the first instant.
    pub fn begin_measured(plan: &'p Blueprint, luck: Luck) -> Life<'p> {
        Life::begin_in(plan, luck, true)
    }

    fn begin_in(plan: &'p Blueprint, luck: Luck, is_measured: bool) -> Life<'p> {
        let mut calendar = Calendar::default();
        let mut due = Agenda::default();
        let mut org = Organisation::new(plan, &luck);
        if is_measured {
            org.open_accounts(Instant::START, true, plan);
        }
        let mut turn = Turn { org: &mut org, plan, luck, calendar: &mut calendar, due: &mut due };
        for person in (0..turn.org.people.len()).map(PersonId::new) {
            turn.re_time(person);
        }
        let mechanisms = Mechanisms::start(&mut turn);
        Life { plan, org, mechanisms, calendar, due, luck, stop: None, events: 0, steps: 0 }
    }

    pub fn now(&self) -> Instant {
        self.calendar.now()
    }

    /// Opens its accounts on what happens from now on.
    pub fn open_accounts(&mut self) {
        self.pay_leaders();
        self.org.open_accounts(self.now(), false, self.plan);
    }

    /// Lives on until `end`, everything due at that instant included, or until it comes to what stops it.
    ///
    /// # Errors
    /// When more happens than a life may hold.
    pub fn live_until<O: Observer>(&mut self, end: Instant, observer: &mut O) -> Result<(), Overrun> {
        self.due.heard = if O::WATCHES { Heard::MAX } else { self.plan.hearers.heard() };
        let lived = self.live_on(end, observer);
        // What is changed between two stretches is told to whoever watches the next.
        self.due.heard = Heard::MAX;
        lived
    }

    fn live_on<O: Observer>(&mut self, end: Instant, observer: &mut O) -> Result<(), Overrun> {
        self.settle(observer);
        self.go_on()?;
        while let Some(event) = self.calendar.pop_until(end) {
            let now = self.calendar.now();
            self.steps += 1;
            self.dispatch(event, observer);
            if self.calendar.peek() != Some(now) {
                self.settle(observer);
                self.go_on()?;
                self.steps = 0;
                if self.is_over() {
                    return Ok(());
                }
            } else if self.is_stuck_by_now() {
                self.go_on()?;
            }
        }
        self.calendar.rest_at(end);
        Ok(())
    }

    /// Whether it has come to what ends it before its time.
    pub fn is_over(&self) -> bool {
        match self.stop {
            None => false,
            Some(Stop::Empty) => self.org.in_system == 0,
            Some(Stop::Done(items)) => self.org.done >= items,
        }
    }

    /// Books the hours of work under way up to now. Whoever reads hours or ledgers in mid-life asks for it; living
    /// on does not, so that neither looking nor a date on which nothing changes can move a result.
    pub fn balance(&mut self) {
        self.pay_leaders();
        let mut turn = self.turn();
        for person in (0..turn.org.people.len()).map(PersonId::new) {
            turn.catch_up(person);
        }
    }

    /// Books the hours that leaders have kept free for their desks, whether anybody came or not.
    pub fn pay_leaders(&mut self) {
        let now = self.now();
        let hours = (now - std::mem::replace(&mut self.org.leaders_paid, now)).hours();
        self.org.count(Tally::SPENT, self.plan.leaders() * hours);
    }

    /// Goes over to another plan: a policy changes course. Returns what became of what, where the plan has
    /// another shape.
    pub fn change_course(&mut self, plan: &'p Blueprint) -> Option<Migration> {
        let old = self.plan;
        if !old.has_shape_of(plan) {
            return Some(self.reorganise(plan));
        }
        if old.leaders() != plan.leaders() {
            self.pay_leaders();
        }
        self.plan = plan;
        self.org.has_places |= plan.has_places;
        let mut turn = turn!(self);
        for (team, (before, after)) in old.teams.iter().zip(&plan.teams).enumerate() {
            turn.change_size(TeamId::new(team), before.engineers, after.engineers);
        }
        turn.lay_lines_anew();
        turn.open_doors();
        for person in (0..turn.org.people.len()).map(PersonId::new) {
            turn.adapt(person);
        }
        self.mechanisms.change_course(&mut turn);
        None
    }

    /// Pending events find their counterparts in another plan.
    pub(super) fn translate_events(&mut self, migration: &Migration, plan: &Blueprint) {
        let old = self.plan;
        self.calendar.translate(|event| Mechanisms::translate(event, migration, &old.params, &plan.params));
    }

    /// Every mechanism follows a reorganisation.
    pub(super) fn migrate_mechanisms(&mut self, migration: &Migration) {
        let mut turn = turn!(self);
        self.mechanisms.migrate(migration, &mut turn);
    }

    pub(super) fn turn(&mut self) -> Turn<'_> {
        turn!(self)
    }

    #[inline]
    fn dispatch<O: Observer>(&mut self, event: Event, observer: &mut O) {
        let mut turn = turn!(self);
        match event {
            Event::Desk { person } => {
                if let Some(item) = turn.take_finished(person) {
                    // Noticed before the stage lets the item go, while what was asked of it stands.
                    let stage = turn.org.items[item].stage;
                    self.note(&Moment::Worked { item, stage, person }, observer);
                    self.mechanisms.worked(item, person, &mut turn!(self));
                }
            }
            Event::DutyEnds { person } => turn.send_back_to_desk(person),
            Event::Week { members } => return self.end_week(members, observer),
            event if self.mechanisms.on(event, &mut turn) => {}
            _ => return, // stale
        }
        self.events += 1;
        self.drain(observer);
    }

    /// A week is over for some mechanisms: each does what it does in a week, and what comes of that is done before
    /// the next one's turn. To each its week is an event.
    #[cold]
    fn end_week<O: Observer>(&mut self, members: Members, observer: &mut O) {
        self.mechanisms.begin_week(members, &mut turn!(self));
        for place in bits(members.into()) {
            self.mechanisms.each_week(place, &mut turn!(self));
            self.events += 1;
            self.drain(observer);
        }
    }

    /// Does what is due at this instant, in the order of telling.
    fn drain<O: Observer>(&mut self, observer: &mut O) {
        while let Some(due) = self.due.pop_front() {
            if let Due::Tell(moment) = due {
                self.spread(&moment, observer);
                continue;
            }
            // Whatever goes on without end moves items: only that is counted.
            self.steps += 1;
            if self.is_stuck_by_now() {
                return;
            }
            self.carry_out(due, observer);
        }
    }

    fn carry_out<O: Observer>(&mut self, due: Due, observer: &mut O) {
        match due {
            // Whatever was dropped at this instant goes nowhere any more.
            Due::Advance(item) | Due::Return(item) | Due::Finish(item)
                if self.org.items.get(item).is_none_or(|item| item.is_dropped) => {}
            Due::Forget(item) if self.org.items.get(item).is_none() => {}
            Due::Tell(moment) => self.spread(&moment, observer),
            Due::Advance(item) => self.advance(item, observer),
            Due::Return(item) => self.come_back(item),
            Due::Finish(item) => self.finish(item, observer),
            Due::Open(stage) => {
                while let Some(item) = self.turn().next_at_door(stage) {
                    self.admit(item);
                }
            }
            Due::Forget(item) => {
                self.turn().let_go(item);
                self.org.items.discard(item);
            }
            Due::Close(initiative) => {
                self.org.initiatives.discard(initiative);
            }
        }
    }

    /// Counts something that happens now, and tells everyone before anything else happens.
    #[inline(always)] // as in `Turn::tell`
    fn note<O: Observer>(&mut self, moment: &Moment, observer: &mut O) {
        self.org.count_moment(self.calendar.now(), moment, self.plan);
        self.spread(moment, observer);
    }

    #[inline]
    fn spread<O: Observer>(&mut self, moment: &Moment, observer: &mut O) {
        if O::WATCHES {
            observer.moment(self.calendar.now(), moment, &self.org, self.plan);
        }
        let mut turn = turn!(self);
        self.mechanisms.notice(moment, &mut turn);
    }

    fn advance<O: Observer>(&mut self, id: ItemId, observer: &mut O) {
        let now = self.calendar.now();
        let item = &self.org.items[id];
        if item.step != u8::MAX {
            let left = Moment::Left { item: id, stage: item.stage, after: now - item.entered };
            self.note(&left, observer);
        }
        match self.turn().advance(id) {
            Some(_) => self.come_to(id),
            // What passed everything by itself is begun and done at once.
            None if self.org.items[id].pulled.is_none() => {
                self.turn().begin_item(id);
                self.due.push_back(Due::Finish(id));
            }
            None => self.finish(id, observer),
        }
    }

    /// An item has come to the end of its route.
    fn finish<O: Observer>(&mut self, id: ItemId, observer: &mut O) {
        let now = self.calendar.now();
        self.org.items[id].ledger.turn_to(Cause::Work, now);
        self.withhold(id);
        self.org.done += u64::from(self.org.items[id].role == Role::Work);
        self.note(&Moment::Done { item: id }, observer);
        self.due.push_back(Due::Forget(id));
    }

    /// A part of an item's value comes only when its whole initiative is live.
    fn withhold(&mut self, id: ItemId) {
        let Some(plan) = &self.plan.value else { return };
        let item = &self.org.items[id];
        if !item.returns() {
            return;
        }
        let (rates, initiative) = (item.value_rates, item.initiative);
        if let Some(initiative) = self.org.initiative_mut(initiative) {
            for (withheld, rate) in initiative.withheld.iter_mut().zip(rates) {
                *withheld += plan.at_completion * f64::from(rate);
            }
        }
    }

    /// An item comes to its stage, and goes in unless there is no room.
    fn come_to(&mut self, id: ItemId) {
        self.arrive(id);
        if self.turn().takes_in(id) {
            self.admit(id);
        }
    }

    /// An item is sent back to a stage: a column takes it in whatever its limit, since it may hold what the column
    /// waits for.
    fn come_back(&mut self, id: ItemId) {
        if self.plan.stages[self.org.items[id].stage.at()].column.is_none() {
            return self.come_to(id);
        }
        self.arrive(id);
        self.admit(id);
    }

    /// An item comes to its stage.
    #[inline]
    fn arrive(&mut self, id: ItemId) {
        let item = &mut self.org.items[id];
        item.entered = self.calendar.now();
        item.touches = 0;
        let stage = &self.plan.stages[item.stage.at()];
        Mechanisms::come(id, stage, &mut turn!(self));
    }

    fn admit(&mut self, id: ItemId) {
        let stage = self.org.items[id].stage;
        let mut turn = turn!(self);
        if turn.org.has_places {
            turn.take_place(id, stage);
        }
        self.mechanisms.admit(id, &mut turn);
    }

    /// Settles every desk that may have changed: returning work first, then pulling, then pre-emption; and at last
    /// what may not wait and was not started is refused.
    fn settle<O: Observer>(&mut self, observer: &mut O) {
        loop {
            self.drain(observer);
            if let Some((person, item)) = self.org.returning.pop() {
                // It may have been dropped on its way, at this very instant.
                if self.org.items.get(item).is_none() {
                    continue;
                }
                self.start_work(person, item);
                if self.plan.has_preemption {
                    self.org.unsettle(self.org.people[person.at()].team);
                }
            } else if let Some(team) = self.org.unsettled.pop() {
                self.org.teams[team.at()].unsettled = false;
                self.pull(team, observer);
            } else if let Some(item) = self.org.on_trial.pop() {
                self.turn().refuse_if_too_many(item);
            } else {
                break;
            }
            self.steps += 1;
            if self.is_stuck_by_now() {
                break;
            }
        }
    }

    /// Those of a team who have room pull, and urgent work that still waits takes the place of less urgent work. What
    /// comes of one pull is there for the next: another repair is offered, work without end is brought.
    fn pull<O: Observer>(&mut self, team: TeamId, observer: &mut O) {
        loop {
            while let Some((person, item)) = self.turn().choose(team) {
                self.start_work(person, item);
                self.drain(observer);
                self.steps += 1;
                if self.is_stuck_by_now() {
                    return;
                }
            }
            if !self.plan.has_preemption || self.org.teams[team.at()].urgent == 0 {
                return;
            }
            let Some((person, item)) = self.turn().displace(team) else { return };
            self.start_work(person, item);
        }
    }

    fn start_work(&mut self, person: PersonId, item: ItemId) {
        let mut turn = turn!(self);
        turn.seat(person, item);
        self.mechanisms.pace(item, person, &mut turn);
        turn.begin(person, item);
    }
}
