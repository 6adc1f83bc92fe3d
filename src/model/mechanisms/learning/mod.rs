//! Learning: nobody knows what an initiative is worth until what is live of it has been measured.
//!
//! **How it acts.** Each initiative has a truth, by which the value of its items is multiplied: with some chance it
//! helps (a heavy tail), harms, or does nothing; its mean is 1, so that on average nothing is won or lost by not
//! knowing. When an item is live somebody measures what it does, after a delay and with noise. On a rhythm the team
//! looks at what was measured since, weighs it against what it would expect of any idea, and kills the initiative
//! (what is not begun is dropped, what is live is taken back, and returns and harms nothing more), goes on, or
//! doubles it: as many items again, of the same truth. What was put into it is lost, whatever is decided.
//! **Parameters.** Below, with units. **Sources.** RW-8 for the chance of helping; the rest assumed.

use crate::birth::{admit_or_refuse, draw_item};
use crate::column::Column;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, Drop, EventSort};
use crate::initiative::{Initiative, InitiativeId};
use crate::instrument::{Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Metric, Reads};
use crate::migration::Migration;
use crate::preset::{Preset, presets};
use crate::work::ItemId;
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::math;
use kernel::normal::inverse_normal;
use kernel::streams::{Key, StreamId};
use kernel::units::{Instant, KindId, TeamId, Ticks};
use notation::{self, Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

const TRUTH: StreamId = StreamId::named("learning/truth");
const NOISE: StreamId = StreamId::named("learning/noise");
const DELAY: StreamId = StreamId::named("learning/delay");
const DOUBLE: StreamId = StreamId::named("learning/double");

#[derive(Clone, Debug)]
pub struct Params {
    pub helps: f64,
    pub harms: f64,
    pub harm: f64,
    pub tail_sigma: f64,
    /// The mean truth of what helps, so that the mean of all is 1.
    pub gain: f64,
    /// Variance of the truth over ideas.
    pub spread: f64,
    pub delay: Distribution,
    pub noise: f64,
    pub effort_hours: f64,
    pub every: Ticks,
    pub kill_below: Option<f64>,
    pub double_above: Option<f64>,
}

/// What initiatives are really worth, and how that is found out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["experiment", "outcome", "product discovery", "kill"]))]
pub struct Table {
    /// Chance that an initiative helps (RW-8). Takes effect at the next arrival, as do the next three.
    pub helps: Share,
    /// Chance that it harms; the rest do nothing.
    pub harms: Share,
    /// What one that harms loses, in what the average one brings.
    #[schemars(range(min = 0.0, max = 1e3))]
    pub harm: f64,
    /// Standard deviation of the logarithm of what those that help bring.
    #[schemars(range(min = 0.0, max = 5.0))]
    pub tail_sigma: f64,
    /// Working time from an item's going live until what it does is measured. Takes effect at the next item.
    pub delay: notation::DurationDistribution,
    /// Standard deviation of a measurement, in what the average initiative brings. Takes effect at the next one.
    #[schemars(range(min = 0.0, max = 1e6))]
    pub noise: f64,
    /// Somebody's time that a measurement takes.
    pub effort: Span,
    /// Time between two looks at what was measured. Takes effect at the next look, as do the next two.
    pub every: Span,
    /// An initiative believed to bring less than this part of the average is killed. Left out: none is.
    #[serde(default)]
    pub kill_below: Option<f64>,
    /// One believed to bring more than this many times the average is doubled, once. Left out: none is.
    #[serde(default)]
    pub double_above: Option<f64>,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        let (harm, tail_sigma) = (self.harm, self.tail_sigma);
        let (helps, harms) = (self.helps.fraction(), self.harms.fraction());
        if helps <= 0.0 || helps + harms > 1.0 {
            let message = "must be above 0 %, and with `harms` at most 100 %";
            ctx.problems.error("learning.helps", message);
        }
        let gain = (1.0 + harms * harm) / helps.max(1e-9);
        let squares = helps * gain * gain * math::exp(tail_sigma * tail_sigma) + harms * harm * harm;
        Params {
            helps,
            harms,
            harm,
            tail_sigma,
            gain,
            spread: (squares - 1.0).max(1e-12),
            delay: ctx.distribution("learning.delay", &self.delay),
            noise: self.noise,
            effort_hours: ctx.hours(self.effort),
            every: ctx.period("learning.every", self.every),
            kill_below: self.kill_below,
            double_above: self.double_above,
        }
    }
}

impl Params {
    fn truth(&self, key: Key, ctx: &Context<'_>) -> f64 {
        let mut stream = ctx.streams.stream(TRUTH, key);
        let (u, z) = (stream.uniform(), inverse_normal(stream.uniform()));
        let sigma = self.tail_sigma;
        match () {
            () if u < self.helps => self.gain * math::exp(sigma * z - sigma * sigma / 2.0),
            () if u >= 1.0 - self.harms => -self.harm,
            () => 0.0,
        }
    }

    /// What is believed of an idea after some measurements: their mean, drawn to the mean of all ideas by how little
    /// they say (the best linear estimate).
    pub fn belief(&self, measured: u32, sum: f64) -> f64 {
        let weight = 1.0 / self.spread;
        let each = 1.0 / (self.noise * self.noise).max(1e-12);
        (weight + sum * each) / (weight + f64::from(measured) * each)
    }
}

/// What the value of an item, or an initiative, is about: also where an item does a decision of another one again.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnItem {
    /// The number of the idea.
    idea: Option<u32>,
}

pub type OnInitiative = OnItem;

impl Column for OnItem {
    fn again(&self) -> OnItem {
        *self
    }
}

/// What an initiative is about, and what is known of it.
#[derive(Clone, Debug)]
struct Idea {
    key: Key,
    kind: KindId,
    team: TeamId,
    truth: f64,
    initiative: Option<InitiativeId>,
    items: u32,
    /// Since when what is live is so, and its value rates.
    live: Vec<(Instant, [f64; 3])>,
    /// Measurements on their way, those made, their sum, and whether any is new.
    coming: u32,
    measured: u32,
    sum: f64,
    fresh: bool,
    doubled: bool,
    killed: bool,
    /// Nothing more will be known of it.
    settled: bool,
}

#[derive(Clone)]
pub struct Learning {
    /// Every idea there ever was, by its number.
    ideas: Vec<Idea>,
    /// Numbers of those that are not settled.
    open: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Measured { idea: u32, item: Key, effect: f32 },
    Look,
}

instruments! {
    Learning:
    counters {
        /// Ideas that were killed by what was measured of them.
        KILLED,
        /// Ideas that were doubled by what was measured of them.
        DOUBLED,
    }
}

impl Mechanism for Learning {
    const PRESETS: &'static [Preset] = presets!["learning"];
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const METRICS: &'static [Metric] = &[
        Metric {
            name: "killed_per_quarter",
            title: "ideas killed",
            unit: "per quarter",
            better: None,
            definition: "initiatives killed by what was measured of them, a quarter",
            reads: Reads::Quarterly(KILLED),
        },
        Metric {
            name: "doubled_per_quarter",
            title: "ideas doubled",
            unit: "per quarter",
            better: None,
            definition: "initiatives doubled by what was measured of them, a quarter",
            reads: Reads::Quarterly(DOUBLED),
        },
    ];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Learning {
        // Ideas of an earlier time of learning, before a reorganisation, are not known any more.
        ctx.org.initiatives.values_mut().for_each(|initiative| initiative.own.learning.idea = None);
        ctx.org.items.values_mut().for_each(|item| item.own.learning.idea = None);
        ctx.after(params.every, EventPriority::Meeting, Event::Look);
        Learning { ideas: Vec::new(), open: Vec::new() }
    }

    fn translate(event: Event, _: &Migration, _: &Params, _: &Params) -> Option<Event> {
        Some(event)
    }

    fn migrate(&mut self, migration: &Migration, _: &Params, _: &mut Context<'_>) {
        for idea in &mut self.ideas {
            idea.team = migration.team(idea.team);
            idea.kind = migration.kind(idea.kind);
        }
    }

    fn on(&mut self, event: Event, params: &Params, ctx: &mut Context<'_>) {
        match event {
            Event::Measured { idea, item, effect } => self.measure(idea, item, effect, params, ctx),
            Event::Look => {
                for at in self.open.clone() {
                    self.look(at, params, ctx);
                }
                self.open.retain(|at| !self.ideas[*at as usize].settled);
                ctx.after(params.every, EventPriority::Meeting, Event::Look);
            }
        }
    }

    #[inline]
    fn subscribes_to(sort: EventSort, _: &Self::Params, _: &CompiledPlan) -> bool {
        matches!(sort, EventSort::Arrived | EventSort::Done | EventSort::Completed)
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        match *event {
            DomainEvent::Arrived { item } => self.arrived(item, params, ctx),
            DomainEvent::Done { item } => self.done(item, params, ctx),
            DomainEvent::Completed { initiative } => self.completed(initiative, ctx),
            _ => {}
        }
    }
}

impl Learning {
    fn idea(&mut self, at: Option<u32>) -> Option<&mut Idea> {
        self.ideas.get_mut(at? as usize)
    }

    fn keep(&mut self, idea: Idea) -> u32 {
        let at = self.ideas.len() as u32;
        self.ideas.push(idea);
        self.open.push(at);
        at
    }

    /// The first item of an initiative brings the idea; every item is worth what the idea is.
    fn arrived(&mut self, id: ItemId, params: &Params, ctx: &mut Context<'_>) {
        let item = &mut ctx.org.items[id];
        if let Some(idea) = self.idea(item.own.learning.idea) {
            // It does a decision of the idea again, and the idea may be dead by now.
            if idea.killed {
                item.value_rates = [0.0; 3];
            }
            return;
        }
        let (Some(initiative), true) = (item.initiative, ctx.plan.kinds[item.kind.at()].valued) else {
            return;
        };
        let (key, kind, team) = (item.key, item.kind, item.team);
        let Some(state) = ctx.org.initiatives.get(initiative) else { return };
        let at = match state.own.learning.idea {
            Some(at) => at,
            None => {
                let (truth, items) = (params.truth(key, ctx), state.open);
                let at = self.keep(Idea {
                    key,
                    kind,
                    team,
                    truth,
                    initiative: Some(initiative),
                    items,
                    live: Vec::new(),
                    coming: 0,
                    measured: 0,
                    sum: 0.0,
                    fresh: false,
                    doubled: false,
                    killed: false,
                    settled: false,
                });
                ctx.org.initiatives[initiative].own.learning.idea = Some(at);
                at
            }
        };
        let Some(idea) = self.ideas.get(at as usize) else { return };
        let item = &mut ctx.org.items[id];
        item.own.learning.idea = Some(at);
        item.value_rates.iter_mut().for_each(|rate| *rate *= idea.truth as f32);
    }

    /// What is live returns its value, and is measured after a while; what does a decision again is not measured
    /// once more.
    fn done(&mut self, id: ItemId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let (Some(at), is_first) = (item.own.learning.idea, item.initiative.is_some()) else { return };
        let Some(idea) = self.idea(Some(at)) else { return };
        if let Some(value) = ctx.plan.value.as_ref().filter(|_| item.returns() && !idea.settled) {
            let [at_once, _] = value.rates_of(item, ctx.now());
            idea.live.push((ctx.now(), at_once));
        }
        if !is_first {
            return;
        }
        idea.coming += 1;
        // A wrong decision does nothing, and neither does what misses the point, whatever the idea is worth.
        let effect = if item.returns() { idea.truth as f32 } else { 0.0 };
        let hours = params.delay.draw(&ctx.streams, DELAY, item.key);
        let event = Event::Measured { idea: at, item: item.key, effect };
        ctx.after(Ticks::from_hours(hours), EventPriority::Arrival, event);
    }

    fn completed(&mut self, id: InitiativeId, ctx: &Context<'_>) {
        let Some(state) = ctx.org.initiatives.get(id) else { return };
        let Some(idea) = self.idea(state.own.learning.idea) else { return };
        idea.initiative = None;
        idea.live.push((ctx.now(), state.withheld));
        idea.settle_if_over();
    }

    /// What was measured is known once somebody has looked at it; where nobody has the time, a day later.
    fn measure(&mut self, at: u32, item: Key, effect: f32, params: &Params, ctx: &mut Context<'_>) {
        let Some(idea) = self.idea(Some(at)) else { return };
        let length = Ticks::from_hours(params.effort_hours);
        if params.effort_hours > 0.0 && ctx.start_duty_for(idea.team, 1, length) == 0 {
            let again = Event::Measured { idea: at, item, effect };
            return ctx.after(ctx.plan.day, EventPriority::Arrival, again);
        }
        let noise = params.noise * inverse_normal(ctx.streams.uniform(NOISE, item));
        idea.coming -= 1;
        idea.measured += 1;
        idea.sum += f64::from(effect) + noise;
        idea.fresh = true;
    }

    /// Kills, doubles or goes on, by what has been measured.
    fn look(&mut self, at: u32, params: &Params, ctx: &mut Context<'_>) {
        let Some(idea) = self.idea(Some(at)) else { return };
        if std::mem::take(&mut idea.fresh) && !idea.killed {
            let belief = params.belief(idea.measured, idea.sum);
            if params.kill_below.is_some_and(|bar| belief < bar) {
                idea.kill(at, ctx);
            } else if !idea.doubled && params.double_above.is_some_and(|bar| belief > bar) {
                idea.double(at, ctx);
            }
        }
        idea.settle_if_over();
    }
}

impl Idea {
    /// An idea whose items are all live or dropped, and measured, and looked at, is settled.
    fn settle_if_over(&mut self) {
        if self.initiative.is_none() && self.coming == 0 && !self.fresh {
            self.settled = true;
            self.live = Vec::new();
        }
    }

    /// What is not begun is dropped; what is live is taken back, and what is on its way returns nothing.
    fn kill(&mut self, at: u32, ctx: &mut Context<'_>) {
        self.killed = true;
        ctx.org.count(KILLED, 1.0);
        for (since, rates) in self.live.drain(..) {
            ctx.take_back(self.team, since, rates);
        }
        if let Some(state) = ctx.org.initiative_mut(self.initiative) {
            state.withheld = [0.0; 3];
        }
        ctx.flesh_out(self.initiative);
        let theirs = ctx.org.items.iter().filter(|(_, item)| item.own.learning.idea == Some(at));
        let mut theirs: Vec<ItemId> = theirs.map(|(id, _)| id).collect();
        ctx.org.by_place(&mut theirs);
        for id in theirs {
            let item = &mut ctx.org.items[id];
            item.value_rates = [0.0; 3];
            if item.coded.is_none() {
                ctx.drop_item(id, Drop::Killed);
            }
        }
    }

    /// As many items again, of the same truth, in the same initiative or in one that follows it.
    fn double(&mut self, at: u32, ctx: &mut Context<'_>) {
        self.doubled = true;
        ctx.org.count(DOUBLED, 1.0);
        let going_on =
            self.initiative.filter(|id| ctx.org.initiatives.get(*id).is_some_and(|it| it.open > 0));
        let id = going_on.unwrap_or_else(|| {
            let mut next = Initiative::new(self.team, 0, ctx.now());
            next.own.learning.idea = Some(at);
            ctx.org.initiatives.insert(next)
        });
        self.initiative = Some(id);
        if let Some(state) = ctx.org.initiative_mut(Some(id)) {
            state.grow(self.items);
        }
        for nth in 0..u64::from(self.items) {
            let item = draw_item(self.kind, self.team, self.key.child(DOUBLE, nth), Some(id), ctx);
            admit_or_refuse(item, ctx);
        }
    }
}
