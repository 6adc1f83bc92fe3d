//! One simulated replication of the organisation: the event loop.

use super::cause::Cause;
use super::compiled_plan::CompiledPlan;
use super::domain_event::DomainEvent;
use super::instrument::Counter;
use super::mechanism::{Agenda, Context, Due, SortMask};
use super::mechanisms::{Event, Mechanisms, Members};
use super::migration::Migration;
use super::organisation::Organisation;
pub use super::overrun::Overrun;
use super::slack::Chosen;
use super::work::{ItemId, Role};
use kernel::bits::bits;
use kernel::event_list::EventList;
use kernel::streams::Streams;
use kernel::units::{Instant, PersonId, TeamId};

/// Whoever follows single domain events of a replication without taking part in it.
pub trait Observer {
    /// Whether it wants to be told of anything.
    const WATCHES: bool = true;

    /// Something happened at `now`; the state is as the domain event found it.
    fn on_event(&mut self, now: Instant, event: &DomainEvent, org: &Organisation, plan: &CompiledPlan);
}

/// Watches nothing: what no mechanism subscribes to is emitted to nobody.
impl Observer for () {
    const WATCHES: bool = false;

    #[inline]
    fn on_event(&mut self, _: Instant, _: &DomainEvent, _: &Organisation, _: &CompiledPlan) {}
}

/// What ends a replication before its horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// No work is left.
    Empty,
    /// This many items of work are done, from the beginning of the replication.
    Done(u64),
}

/// One replication of the organisation, which can be forked: from then on two policies run on the same random numbers.
#[derive(Clone)]
pub struct Replication<'p> {
    /// All that there is but its mechanisms, who act on it.
    pub ctx: Context<'p>,
    mechanisms: Mechanisms,
    /// What ends it before its time.
    pub stop: Option<Stop>,
    /// Live events so far: completions, arrivals, meetings, ends of phases; not stale ones.
    pub events: u64,
    /// What has happened at the present instant.
    pub(super) steps: u64,
}

impl<'p> Replication<'p> {
    /// An empty organisation, at the first instant.
    pub fn begin(plan: &'p CompiledPlan, streams: Streams) -> Replication<'p> {
        Replication::begin_in(plan, streams, false)
    }

    /// The same, with its accounts open: what is there from the start has come at the first instant.
    pub fn begin_measured(plan: &'p CompiledPlan, streams: Streams) -> Replication<'p> {
        Replication::begin_in(plan, streams, true)
    }

    fn begin_in(plan: &'p CompiledPlan, streams: Streams, is_measured: bool) -> Replication<'p> {
        let (mut event_list, due) = (EventList::default(), Agenda::default());
        event_list.rest_at(plan.first());
        let mut ctx =
            Context { org: Organisation::new(plan, &streams), plan, streams, event_list, due, ends: None };
        if is_measured {
            ctx.org.open_accounts(plan.first(), true, plan);
        }
        for person in (0..ctx.org.people.len()).map(PersonId::new) {
            ctx.re_time(person);
        }
        let mechanisms = Mechanisms::start(&mut ctx);
        Replication { ctx, mechanisms, stop: None, events: 0, steps: 0 }
    }

    #[inline]
    pub fn now(&self) -> Instant {
        self.ctx.event_list.now()
    }

    /// Opens its accounts on what happens from now on.
    pub fn open_accounts(&mut self) {
        self.pay_leaders();
        self.ctx.org.open_accounts(self.now(), false, self.ctx.plan);
    }

    /// Runs on until `end`, everything due at that instant included, or until it comes to what stops it.
    ///
    /// # Errors
    /// When more happens than a replication may hold.
    pub fn run_until<O: Observer>(&mut self, end: Instant, observer: &mut O) -> Result<(), Overrun> {
        if !O::WATCHES {
            return self.run_unwatched(end);
        }
        self.ctx.due.subscribed = SortMask::MAX;
        self.run_events(end, observer)
    }

    /// The same with nobody watching: not generic, so that it is compiled once, here, whoever calls it.
    fn run_unwatched(&mut self, end: Instant) -> Result<(), Overrun> {
        self.ctx.due.subscribed = self.ctx.plan.subscriptions.subscribed();
        let completed = self.run_events(end, &mut ());
        // What is changed between two stretches is told to whoever watches the next.
        self.ctx.due.subscribed = SortMask::MAX;
        completed
    }

    fn run_events<O: Observer>(&mut self, end: Instant, observer: &mut O) -> Result<(), Overrun> {
        self.settle(observer);
        self.go_on()?;
        while let Some(event) = self.ctx.event_list.pop_until(end) {
            let now = self.now();
            self.steps += 1;
            self.dispatch(event, observer);
            if self.ctx.event_list.peek() != Some(now) {
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
        self.ctx.event_list.rest_at(end);
        Ok(())
    }

    /// Whether it has come to what ends it before its time.
    pub fn is_over(&self) -> bool {
        match self.stop {
            None => false,
            Some(Stop::Empty) => self.ctx.org.in_system == 0,
            Some(Stop::Done(items)) => self.ctx.org.done >= items,
        }
    }

    /// Books the hours of work under way up to now. Whoever reads hours or ledgers in the middle of a replication asks
    /// for it; running on does not, so that neither looking nor a date on which nothing changes can move a result.
    pub fn balance(&mut self) {
        self.pay_leaders();
        for person in (0..self.ctx.org.people.len()).map(PersonId::new) {
            self.ctx.catch_up(person);
        }
    }

    /// Books the hours that leaders have kept free for their desks, whether anybody came or not.
    pub fn pay_leaders(&mut self) {
        let now = self.now();
        let hours = (now - std::mem::replace(&mut self.ctx.org.leaders_paid, now)).hours();
        self.ctx.org.count(Counter::SPENT, self.ctx.plan.leaders() * hours);
    }

    /// Goes over to another plan: the policy changes. Returns what became of what, where the organisation is
    /// reorganised for it.
    pub fn change_policy(&mut self, plan: &'p CompiledPlan) -> Option<Migration> {
        let old = self.ctx.plan;
        self.settle_products(plan);
        if !old.leads_to(plan) {
            return Some(self.reorganise(plan));
        }
        if old.leaders() != plan.leaders() {
            self.pay_leaders();
        }
        self.ctx.plan = plan;
        self.ctx.org.has_places |= plan.has_places;
        let ctx = &mut self.ctx;
        for (team, (before, after)) in old.teams.iter().zip(&plan.teams).enumerate() {
            ctx.change_size(TeamId::new(team), before.engineers, after.engineers);
        }
        ctx.flesh_out_what_differs();
        ctx.send_unbegun_anew(old);
        ctx.rebuild_queues();
        ctx.open_doors();
        for person in (0..ctx.org.people.len()).map(PersonId::new) {
            ctx.adapt(person);
        }
        self.mechanisms.change_policy(ctx);
        None
    }

    /// Brings what is open today.
    pub(super) fn bring_today(&mut self) {
        self.mechanisms.bring_today(&mut self.ctx);
    }

    /// Pending events find their counterparts in another plan.
    pub(super) fn translate_events(&mut self, migration: &Migration, plan: &CompiledPlan) {
        let old = self.ctx.plan;
        let translated = |event| Mechanisms::translate(event, migration, &old.params, &plan.params);
        self.ctx.event_list.translate(translated);
    }

    /// Every mechanism follows a reorganisation.
    pub(super) fn migrate_mechanisms(&mut self, migration: &Migration) {
        self.mechanisms.migrate(migration, &mut self.ctx);
    }

    #[inline]
    fn dispatch<O: Observer>(&mut self, event: Event, observer: &mut O) {
        match event {
            Event::Desk { person } => {
                if let Some(item) = self.ctx.take_finished(person) {
                    // Noticed before the stage lets the item go, while what was asked of it stands.
                    let stage = self.ctx.org.items[item].stage;
                    self.note(&DomainEvent::Worked { item, stage, person }, observer);
                    self.ctx.build(item, stage);
                    self.mechanisms.worked(item, person, &mut self.ctx);
                }
            }
            Event::DutyEnds { person } => self.ctx.end_duty(person),
            Event::Week { members } => return self.end_week(members, observer),
            event if self.mechanisms.on(event, &mut self.ctx) => {}
            _ => return, // stale
        }
        self.events += 1;
        self.drain(observer);
    }

    /// A week is over for some mechanisms: each does what it does in a week, and what comes of that is done before
    /// the next one's turn. To each its week is an event.
    #[cold]
    fn end_week<O: Observer>(&mut self, members: Members, observer: &mut O) {
        self.mechanisms.begin_week(members, &mut self.ctx);
        for place in bits(members.into()) {
            self.mechanisms.each_week(place, &mut self.ctx);
            self.events += 1;
            self.drain(observer);
        }
    }

    /// Does what is due at this instant, in the order of emission.
    #[inline(always)] // mostly nothing is
    pub(super) fn drain<O: Observer>(&mut self, observer: &mut O) {
        if !self.ctx.due.is_empty() {
            self.work_off(observer);
        }
    }

    #[inline(never)]
    fn work_off<O: Observer>(&mut self, observer: &mut O) {
        while let Some(due) = self.ctx.due.next() {
            if let Due::Emit(event) = *due {
                self.spread(&event, observer);
                continue;
            }
            let due = *due;
            // Whatever goes on without end moves items: only that is counted.
            self.steps += 1;
            if self.is_stuck_by_now() {
                return;
            }
            self.carry_out(due, observer);
        }
    }

    #[inline(always)]
    pub(super) fn carry_out<O: Observer>(&mut self, due: Due, observer: &mut O) {
        match due {
            Due::Emit(event) => self.spread(&event, observer),
            Due::Advance(item) if self.is_on_its_way(item) => self.move_on(item, observer),
            Due::Return(item) if self.is_on_its_way(item) => self.come_back(item),
            Due::Finish(item) if self.is_on_its_way(item) => self.finish(item, observer),
            Due::Advance(_) | Due::Return(_) | Due::Finish(_) => {}
            Due::Open(stage) => {
                while let Some(item) = self.ctx.next_at_door(stage) {
                    self.admit(item);
                }
            }
            Due::Forget(item) if self.ctx.org.items.get(item).is_none() => {}
            Due::Forget(item) => {
                self.ctx.release(item);
                self.ctx.org.forget(item);
            }
            Due::Come(initiative) => self.come(initiative, observer),
            Due::Outline(initiative) => self.ctx.outline_what_is_held(initiative),
            Due::Discard(initiative, why) => self.ctx.discard_outlines(initiative, why),
            Due::Close(initiative) => {
                self.ctx.org.initiatives.discard(initiative);
            }
        }
    }

    /// Whatever was dropped at this instant goes nowhere any more.
    #[inline]
    fn is_on_its_way(&self, item: ItemId) -> bool {
        self.ctx.org.items.get(item).is_some_and(|item| !item.is_dropped)
    }

    /// Counts something that happens now, and tells everyone before anything else happens.
    #[inline(always)] // as in `Context::tell`
    fn note<O: Observer>(&mut self, event: &DomainEvent, observer: &mut O) {
        self.ctx.org.count_event(self.now(), event, self.ctx.plan);
        self.spread(event, observer);
    }

    #[inline]
    pub(super) fn spread<O: Observer>(&mut self, event: &DomainEvent, observer: &mut O) {
        if O::WATCHES {
            observer.on_event(self.now(), event, &self.ctx.org, self.ctx.plan);
        }
        self.mechanisms.handle(event, &mut self.ctx);
    }

    /// An item leaves its stage for the next, or has come to the end of its route.
    fn move_on<O: Observer>(&mut self, id: ItemId, observer: &mut O) {
        let now = self.now();
        let item = &self.ctx.org.items[id];
        if item.step != u8::MAX {
            let left = DomainEvent::Left { item: id, stage: item.stage, after: now - item.entered };
            self.note(&left, observer);
        }
        match self.ctx.next_step(id) {
            Some(_) => self.arrive_at(id),
            // What passed everything by itself is begun and done at once.
            None if self.ctx.org.items[id].pulled.is_none() => {
                self.ctx.begin_item(id);
                self.ctx.due.push_back(Due::Finish(id));
            }
            None => self.finish(id, observer),
        }
    }

    /// An item has come to the end of its route.
    fn finish<O: Observer>(&mut self, id: ItemId, observer: &mut O) {
        let now = self.now();
        self.ctx.org.items[id].ledger.turn_to(Cause::Work, now);
        self.release(id);
        self.ctx.org.done += u64::from(self.ctx.org.items[id].role == Role::Work);
        self.note(&DomainEvent::Done { item: id }, observer);
        self.ctx.due.push_back(Due::Forget(id));
    }

    /// An item earns from now on; a part of it comes only when its whole initiative is live.
    fn release(&mut self, id: ItemId) {
        let Some(plan) = &self.ctx.plan.value else { return };
        let item = &self.ctx.org.items[id];
        if item.role != Role::Work || item.value_rates == [0.0; 3] || !item.returns() {
            return;
        }
        let now = self.now();
        let ([at_once, later], team, initiative) = (plan.rates_of(item, now), item.team, item.initiative);
        let asked = f64::from(item.value_rates[plan.model]) * plan.worth.annuity();
        let faded = asked * (1.0 - plan.waiting.left(&item.urgency, now));
        self.ctx.org.count(Counter::ASKED_WORTH, asked);
        self.ctx.org.count(Counter::FADED_WORTH, faded);
        self.ctx.org.products[team.at()].release(now, at_once, &plan.worth);
        if let Some(initiative) = self.ctx.org.initiative_mut(initiative) {
            initiative.wait(now, &plan.waiting);
            initiative.withheld.iter_mut().zip(later).for_each(|(withheld, rate)| *withheld += rate);
        }
    }

    /// An item comes to its stage, and goes in unless there is no room.
    #[inline]
    fn arrive_at(&mut self, id: ItemId) {
        self.arrive(id);
        if self.ctx.takes_in(id) {
            self.admit(id);
        }
    }

    /// An item is sent back to a stage: a column takes it in whatever its limit, since it may hold what the column
    /// waits for.
    fn come_back(&mut self, id: ItemId) {
        if self.ctx.plan.stages[self.ctx.org.items[id].stage.at()].column.is_none() {
            return self.arrive_at(id);
        }
        self.arrive(id);
        self.admit(id);
    }

    /// An item comes to its stage.
    #[inline]
    fn arrive(&mut self, id: ItemId) {
        let now = self.now();
        let item = &mut self.ctx.org.items[id];
        item.entered = now;
        item.touches = 0;
        let stage = &self.ctx.plan.stages[item.stage.at()];
        Mechanisms::comes(id, stage, &mut self.ctx);
    }

    fn admit(&mut self, id: ItemId) {
        if self.ctx.org.has_places {
            self.ctx.take_place(id, self.ctx.org.items[id].stage);
        }
        self.mechanisms.admit(id, &mut self.ctx);
    }

    /// Settles every desk that may have changed: returning work first, then pulling, then pre-emption, then slack; and at last
    /// what may not wait and was not started is refused.
    fn settle<O: Observer>(&mut self, observer: &mut O) {
        loop {
            self.drain(observer);
            if let Some((person, item)) = self.ctx.org.returning.pop() {
                // It may have been dropped on its way, at this very instant.
                if self.ctx.org.items.get(item).is_none() {
                    continue;
                }
                self.start_work(person, item);
                let team = self.ctx.org.people[person.at()].team;
                if self.ctx.plan.has_preemption || self.ctx.plan.teams[team.at()].slack.is_some() {
                    self.ctx.org.unsettle(team);
                }
            } else if let Some(team) = self.ctx.org.unsettled.pop() {
                self.ctx.org.teams[team.at()].unsettled = false;
                self.put_to_work(team, observer);
            } else if let Some(item) = self.ctx.org.on_trial.pop() {
                self.ctx.refuse_if_too_many(item);
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
    fn put_to_work<O: Observer>(&mut self, team: TeamId, observer: &mut O) {
        loop {
            while let Some((person, item)) = self.ctx.choose(team) {
                self.start_work(person, item);
                self.drain(observer);
                self.steps += 1;
                if self.is_stuck_by_now() {
                    return;
                }
            }
            if self.ctx.plan.has_preemption
                && self.ctx.org.teams[team.at()].urgent != 0
                && let Some((person, item)) = self.ctx.displace(team)
            {
                self.start_work(person, item);
            } else if self.ctx.plan.teams[team.at()].slack.is_none() || !self.fill_slack(team, observer) {
                return;
            }
        }
    }

    /// Somebody of a team does what the scenario says for slack; false where nobody can.
    fn fill_slack<O: Observer>(&mut self, team: TeamId, observer: &mut O) -> bool {
        match self.ctx.choose_in_slack(team) {
            None => return false,
            Some(Chosen::Helps) => {}
            Some(Chosen::Tends(person)) => {
                self.note(&DomainEvent::Spare { person }, observer);
                self.drain(observer);
            }
            Some(Chosen::Begins(person, item)) => {
                self.start_work(person, item);
                self.drain(observer);
            }
        }
        self.steps += 1;
        !self.is_stuck_by_now()
    }

    fn start_work(&mut self, person: PersonId, item: ItemId) {
        self.ctx.seat(person, item);
        if self.ctx.plan.pacing != 0 {
            self.mechanisms.pace(item, person, &mut self.ctx);
        }
        self.ctx.begin(person, item);
    }
}
