//! Clarity: work arrives fuzzy to a degree, and what stays fuzzy is found out late.
//!
//! **How it acts.** An item of a kind that says so draws how unclear it is what is wanted. A stage
//! that clarifies, or a leader's hearing, takes hours in proportion to size and fuzziness and takes
//! a part of the fuzziness away. What is left makes readers send work back more often, and for
//! more; each time a part of the misunderstanding is found. What is still fuzzy when code is
//! written may miss the point: it goes live, returns nothing, is found out after a delay, and is
//! done again for a share of its effort.
//! **Parameters.** `[clarity]`, `work.*.fuzziness`, `stage.*.clarifies`. **Sources.** RW-4 (avoidable
//! rework), RW-5 against RW-6 (late fixes), RW-7 (what is found late costs more); sizes assumed.

use crate::column::Column;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::instrument::{Counter, Instruments, instruments};
use crate::latent::Latent;
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::plan::{Holder, StagePlan};
use crate::preset::{Preset, presets};
use crate::waste::{Loss, REDONE, UNPLANNED};
use crate::work::{Item, ItemId};
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::slab::{Id, Slab};
use kernel::streams::StreamId;
use kernel::units::{KindId, PersonId, StageId, Ticks};
use notation::{self, Share};
use schemars::JsonSchema;
use serde::Deserialize;

const DEGREE: StreamId = StreamId::named("clarity/degree");
const MISSES: StreamId = StreamId::named("clarity/misses");
const DISCOVERY: StreamId = StreamId::named("clarity/discovery");
const AGAIN: StreamId = StreamId::named("clarity/again");

/// What becomes of work of which it isn't clear what is wanted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["requirements", "unclear", "ambiguity", "spec"]))]
pub struct Table {
    /// The fuzziness at which the chances of being sent back hold as written. Takes effect at the next
    /// stage, as all here does.
    pub usual: Share,
    /// Log-odds of being sent back by a reader, per unit of fuzziness above the usual.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub doubt: f64,
    /// What is sent back by a reader takes 1 + this × fuzziness times as long to put right.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub rework: f64,
    /// Part of the fuzziness that is gone once a reader has sent work back.
    pub found: Share,
    /// Chance that work of which nothing is clear misses the point; in proportion to fuzziness.
    pub misses: Share,
    /// Working time from going live until it is found that work missed the point.
    pub discovery: notation::DurationDistribution,
    /// Effort of doing it again, as a share of its size.
    pub again: Share,
    /// The kind of work that does it again.
    pub repair: String,
}

#[derive(Clone, Debug)]
pub struct Params {
    usual: f64,
    doubt: f64,
    rework: f64,
    found: f64,
    misses: f64,
    discovery: Distribution,
    again: f64,
    repair: KindId,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Option<Params> {
        Some(Params {
            usual: self.usual.fraction(),
            doubt: self.doubt,
            rework: self.rework,
            found: self.found.fraction(),
            misses: self.misses.fraction(),
            discovery: ctx.distribution("clarity.discovery", &self.discovery),
            again: self.again.fraction(),
            repair: ctx.kind("clarity.repair", &self.repair)?,
        })
    }
}

/// How clear an item is.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnItem {
    /// How unclear it still is what is wanted: 0 clear, 1 nobody knows.
    fuzziness: f32,
    /// Log-odds added to the chance that a reader sends it back.
    doubt: f32,
    /// It will not do what was wanted, though nobody knows yet.
    missed: bool,
}

impl OnItem {
    /// How unclear it is what is wanted, from 0 (clear) to 1 (nobody knows).
    #[inline]
    pub fn fuzziness(&self) -> f64 {
        f64::from(self.fuzziness)
    }

    /// Somebody has made a part of what was unclear clear.
    #[inline]
    pub fn sharpen(&mut self, part: f64) {
        self.fuzziness *= 1.0 - part as f32;
    }
}

impl Column for OnItem {}

/// What a stage has to do with how clear an item is.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnStage {
    /// The part of an item's fuzziness that people's work here takes away; effort is then in
    /// proportion to fuzziness.
    pub clarifies: f64,
    /// Fuzziness up to which an item passes as it is.
    pub clear_enough: f32,
    /// Only items fuzzier than this come here.
    pub fuzzier: Option<f32>,
}

/// How unclear work of a kind comes.
#[derive(Clone, Debug, Default)]
pub struct OnKind {
    /// How unclear it is what is wanted, 0 to 1; `None` for work that is always clear.
    pub fuzziness: Option<Distribution>,
}

#[derive(Clone)]
pub struct Clarity {
    /// Work that missed the point, live and not yet found out.
    live: Slab<Latent>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    FoundOut { at: Id<Latent> },
}

instruments! {
    Clarity:
    counters {
        /// Items that were live and turned out to have missed the point.
        MISSED,
    }
}

impl Mechanism for Clarity {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const METRICS: &'static [Metric] = &[
        Metric {
            name: "missed_per_year",
            title: "work that missed the point",
            unit: "per year",
            better: Some(Better::Lower),
            definition: "items that were live, returned nothing because it was not clear what was wanted, and were found out, a year",
            reads: Reads::Yearly(MISSED),
        },
        Metric {
            name: "clarifying_hours_per_year",
            title: "hours on clarifying",
            unit: "hours per year",
            better: None,
            definition: "hours spent on making clear what is wanted, a year",
            reads: Reads::Yearly(Counter::CLARIFYING_HOURS),
        },
    ];
    const LOSSES: &'static [Loss] = &[
        REDONE.by(&["clarity", "stage.*.clarifies", "stage.*.clear_enough"]),
        UNPLANNED.by(&["clarity", "stage.*.clarifies", "stage.*.clear_enough"]),
    ];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(_: &Params, _: &mut Context<'_>) -> Clarity {
        Clarity { live: Slab::default() }
    }

    fn translate(event: Event, _: &Migration, _: &Params, _: &Params) -> Option<Event> {
        Some(event)
    }

    fn migrate(&mut self, migration: &Migration, _: &Params, _: &mut Context<'_>) {
        for missed in self.live.values_mut() {
            missed.follow(migration);
        }
    }

    #[inline]
    fn subscribes_to(sort: EventSort, _: &Self::Params, _: &CompiledPlan) -> bool {
        matches!(sort, EventSort::Arrived | EventSort::Worked | EventSort::Returned | EventSort::Done)
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        match *event {
            DomainEvent::Arrived { item } => draw(item, ctx),
            DomainEvent::Worked { item, stage, .. } => clarify(item, stage, ctx),
            DomainEvent::Returned { item, from } => put_right(item, from, params, ctx),
            DomainEvent::Done { item } if ctx.org.items[item].own.clarity.missed => {
                self.goes_live(item, params, ctx);
            }
            _ => {}
        }
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn pace(&mut self, id: ItemId, _: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        if ctx.plan.kinds[item.kind.at()].own.clarity.fuzziness.is_none() {
            return;
        }
        let fuzziness = item.own.clarity.fuzziness();
        let stage = &ctx.plan.stages[item.stage.at()];
        let reads = matches!(stage.holder, Holder::Review { .. });
        if stage.writes_code {
            let missed = ctx.streams.once_more().chance(params.misses * fuzziness, MISSES, item.key);
            ctx.org.items[id].own.clarity.missed = missed;
        } else if reads {
            ctx.org.items[id].own.clarity.doubt = (params.doubt * (fuzziness - params.usual)) as f32;
        }
    }

    fn on(&mut self, Event::FoundOut { at }: Event, params: &Params, ctx: &mut Context<'_>) {
        let Some(missed) = self.live.get(at).copied() else { return };
        self.live.discard(at);
        ctx.org.count(MISSED, 1.0);
        let (key, hours) = (missed.key.child(AGAIN, 0), missed.hours * params.again);
        missed.redo(params.repair, key, hours, ctx);
    }

    /// What misses the point does nothing.
    #[inline]
    fn spoils(item: &Item) -> bool {
        item.own.clarity.missed
    }

    #[inline]
    fn passes_by(item: &Item, stage: &StagePlan) -> bool {
        stage.own.clarity.fuzzier.is_some_and(|fuzzier| item.own.clarity.fuzziness <= fuzzier)
    }

    /// Making clear takes in proportion to what is unclear.
    #[inline]
    fn stretches(item: &Item, stage: &StagePlan) -> Option<f64> {
        let (OnItem { fuzziness, .. }, plan) = (item.own.clarity, &stage.own.clarity);
        (plan.clarifies != 0.0)
            .then(|| if fuzziness > plan.clear_enough { f64::from(fuzziness) } else { 0.0 })
    }

    #[inline]
    fn doubts(item: &Item) -> Option<f32> {
        Some(item.own.clarity.doubt)
    }
}

impl Clarity {
    fn goes_live(&mut self, id: ItemId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        if item.own.decisions.is_wrong() {
            return; // a wrong decision is found out and put right as such
        }
        let missed = Latent::of(item);
        let hours = params.discovery.draw(&ctx.streams, DISCOVERY, item.key);
        let at = self.live.insert(missed);
        ctx.after(Ticks::from_hours(hours), EventPriority::Arrival, Event::FoundOut { at });
    }
}

/// How fuzzy an item is that has just arrived.
fn draw(id: ItemId, ctx: &mut Context<'_>) {
    let item = &mut ctx.org.items[id];
    if let Some(distribution) = &ctx.plan.kinds[item.kind.at()].own.clarity.fuzziness {
        let fuzziness = distribution.draw(&ctx.streams, DEGREE, item.key).clamp(0.0, 1.0);
        item.own.clarity.fuzziness = fuzziness as f32;
    }
}

/// Somebody has made clear what is wanted.
fn clarify(id: ItemId, stage: StageId, ctx: &mut Context<'_>) {
    let plan = &ctx.plan.stages[stage.at()].own.clarity;
    let item = &mut ctx.org.items[id];
    if plan.clarifies > 0.0 && item.own.clarity.fuzziness > plan.clear_enough {
        item.own.clarity.sharpen(plan.clarifies);
        let hours = item.service_demand / kernel::units::TICKS_PER_HOUR as f64;
        ctx.org.count(Counter::CLARIFYING_HOURS, hours);
    }
}

/// A reader has sent work back: the fuzzier it was the more there is to do, and part of it is clear now.
fn put_right(id: ItemId, from: StageId, params: &Params, ctx: &mut Context<'_>) {
    let reads = matches!(ctx.plan.stages[from.at()].holder, Holder::Review { .. });
    let item = &mut ctx.org.items[id];
    if !reads || item.own.clarity.fuzziness <= 0.0 {
        return;
    }
    if let Some(share) = &mut item.redo {
        *share *= 1.0 + params.rework as f32 * item.own.clarity.fuzziness;
    }
    item.own.clarity.sharpen(params.found);
}
