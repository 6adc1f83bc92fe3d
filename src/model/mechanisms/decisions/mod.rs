//! Decisions: each item holds one, reversible or not, well judged or not, right or wrong.
//!
//! **How it acts.** An arriving item draws whether its decision is irreversible (Type 1), what the
//! team takes it for, and whether it is wrong. A gate may catch a wrong one. What stays wrong goes
//! live, returns nothing, is found out after a delay, and must be done again: a reversible one for
//! a part of its effort, an irreversible one for a multiple of it.
//! **Parameters.** Share of Type 1, chance of misjudging, chance of being wrong, delay until found
//! out, effort of undoing. **Sources.** No usable evidence (LD-9): all assumed.

use crate::column::Column;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::instrument::Gauge;
use crate::latent::Latent;
use crate::mechanism::{Context, Mechanism};
use crate::migration::Migration;
use crate::odds::moved;
use crate::plan::StagePlan;
use crate::preset::{Preset, presets};
use crate::waste::{Loss, UNPLANNED};
use crate::work::{Item, ItemId};
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::slab::{Id, Slab};
use kernel::streams::StreamId;
use kernel::units::{KindId, Ticks};
use notation::{self, Share};
use schemars::JsonSchema;
use serde::Deserialize;

const TYPE: StreamId = StreamId::named("decisions/type");
const JUDGEMENT: StreamId = StreamId::named("decisions/judgement");
const WRONG: StreamId = StreamId::named("decisions/wrong");
const DISCOVERY: StreamId = StreamId::named("decisions/discovery");
const REDONE: StreamId = StreamId::named("decisions/redone");

#[derive(Clone, Debug)]
pub struct Params {
    pub irreversible: f64,
    pub misjudged: f64,
    /// Log-odds, per unit of mistrust, of taking a reversible one for irreversible.
    pub wary: f64,
    pub wrong: f64,
    pub discovery: Distribution,
    /// Effort of doing it again over the effort of doing it: reversible, irreversible.
    pub undo: f64,
    pub dear: f64,
    /// Kinds that hold decisions, and the kind of work that puts a wrong one right.
    pub kinds: Vec<KindId>,
    pub repair: KindId,
}

/// Decisions, reversible and not.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Share of decisions that are irreversible (Type 1).
    pub irreversible: Share,
    /// Chance that a decision is taken for the other type.
    pub misjudged: Share,
    /// Added to the log-odds of taking a reversible one for irreversible, per unit of trust missing
    /// to what is usual: people ask rather than decide.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 50.0))]
    pub wary: f64,
    /// Chance that a decision is wrong.
    pub wrong: Share,
    /// Working time from going live until a wrong one is found out.
    pub discovery: notation::DurationDistribution,
    /// Effort of doing a wrong reversible one again, as a share of its size.
    pub undo: Share,
    /// Effort of doing a wrong irreversible one again, as a multiple of its size.
    #[schemars(range(min = 0.0, max = 1e3))]
    pub dear: f64,
    /// The kind of work that puts a wrong one right.
    pub repair: String,
}

impl Table {
    /// Which kinds of work hold decisions is for the whole scenario to say.
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Option<Params> {
        Some(Params {
            irreversible: self.irreversible.fraction(),
            misjudged: self.misjudged.fraction(),
            wary: self.wary,
            wrong: self.wrong.fraction(),
            discovery: ctx.distribution("decisions.discovery", &self.discovery),
            undo: self.undo.fraction(),
            dear: self.dear,
            kinds: Vec::new(),
            repair: ctx.kind("decisions.repair", &self.repair)?,
        })
    }
}

/// Whether a decision can be undone cheaply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Decision {
    /// Type 1: irreversible, or dear to undo.
    Irreversible,
    /// Type 2: reversible.
    #[default]
    Reversible,
}

/// The decision in an item.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnItem {
    /// What it really is, and what the team takes it for.
    is: Decision,
    judged: Decision,
    /// It is wrong, though nobody knows yet.
    wrong: bool,
}

impl OnItem {
    /// Whether the decision is wrong, should anybody look.
    #[inline]
    pub fn is_wrong(&self) -> bool {
        self.wrong
    }

    /// Somebody has seen that it is wrong, before it was live.
    pub fn put_right(&mut self) {
        self.wrong = false;
    }
}

impl Column for OnItem {}

/// Which decisions a stage is for; the others pass it by.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnStage {
    pub only: Option<Decision>,
}

#[derive(Clone)]
pub struct Decisions {
    /// Wrong decisions that are live and not yet found out.
    live: Slab<Wrong>,
}

#[derive(Clone, Copy, Debug)]
pub struct Wrong {
    work: Latent,
    dear: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    FoundOut { at: Id<Wrong> },
}

impl Mechanism for Decisions {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const LOSSES: &'static [Loss] = &[UNPLANNED.by(&["decisions"])];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(_: &Params, _: &mut Context<'_>) -> Decisions {
        Decisions { live: Slab::default() }
    }

    fn translate(event: Event, _: &Migration, _: &Params, _: &Params) -> Option<Event> {
        Some(event)
    }

    fn migrate(&mut self, migration: &Migration, _: &Params, _: &mut Context<'_>) {
        for wrong in self.live.values_mut() {
            wrong.work.follow(migration);
        }
    }

    #[inline]
    fn subscribes_to(sort: EventSort, _: &Self::Params, _: &CompiledPlan) -> bool {
        matches!(sort, EventSort::Arrived | EventSort::Done)
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        match *event {
            DomainEvent::Arrived { item } => draw(item, params, ctx),
            DomainEvent::Done { item } if ctx.org.items[item].own.decisions.wrong => {
                self.goes_live(item, params, ctx)
            }
            _ => {}
        }
    }

    fn on(&mut self, Event::FoundOut { at }: Event, params: &Params, ctx: &mut Context<'_>) {
        let Some(Wrong { work, dear }) = self.live.get(at).copied() else { return };
        self.live.discard(at);
        ctx.emit(DomainEvent::Regretted { team: work.team, dear });
        let hours = work.hours * if dear { params.dear } else { params.undo };
        work.redo(params.repair, work.key.child(REDONE, 0), hours, ctx);
    }

    /// A wrong decision does nothing.
    #[inline]
    fn spoils(item: &Item) -> bool {
        item.own.decisions.wrong
    }

    #[inline]
    fn passes_by(item: &Item, stage: &StagePlan) -> bool {
        stage.own.decisions.only.is_some_and(|only| only != item.own.decisions.judged)
    }
}

impl Decisions {
    fn goes_live(&mut self, id: ItemId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let wrong = Wrong { work: Latent::of(item), dear: item.own.decisions.is == Decision::Irreversible };
        let hours = params.discovery.draw(&ctx.streams, DISCOVERY, item.key);
        let at = self.live.insert(wrong);
        ctx.after(Ticks::from_hours(hours), EventPriority::Arrival, Event::FoundOut { at });
    }
}

fn draw(id: ItemId, params: &Params, ctx: &mut Context<'_>) {
    let mistrust = ctx.org.teams[ctx.org.items[id].team.at()].gauge(Gauge::MISTRUST, 0.0);
    let item = &mut ctx.org.items[id];
    if !params.kinds.contains(&item.kind) {
        return;
    }
    let irreversible = ctx.streams.chance(params.irreversible, TYPE, item.key);
    let wary = if irreversible { 0.0 } else { params.wary * mistrust };
    let misjudged = ctx.streams.chance(moved(params.misjudged, wary), JUDGEMENT, item.key);
    let of = |irreversible: bool| if irreversible { Decision::Irreversible } else { Decision::Reversible };
    item.own.decisions = OnItem {
        is: of(irreversible),
        judged: of(irreversible != misjudged),
        wrong: ctx.streams.chance(params.wrong, WRONG, item.key),
    };
}
