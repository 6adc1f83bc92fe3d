//! Complexity beyond need: structure built for needs that may come, which everybody has to read until they do.
//!
//! **How it acts.** Whoever designs a feature builds ahead: `ahead` hours an hour of what is asked for, which go into
//! the component as structure that nobody needs yet. All writing and reading of a component takes 1 + weight · x as
//! long, x being such structure over size. A feature brings up a new need with chance `needs`. It was foreseen
//! with chance foresight · (1 − exp(−x/covers)); if not, the code is refactored, for `refactor` hours an hour of
//! the feature. Either way the share `settles` of the component's structure beyond need is settled: put to use, or
//! cleared away. So building ahead costs hours at once and reading later; not building ahead costs refactoring.
//! **Parameters.** `[complexity]`, below. Take effect when the next feature is begun; `weight` at the next stage of
//! work.
//! **Sources.** All assumed: no evidence says how much of what is built ahead is ever needed.

use crate::cause::Slower;
use crate::column::Column;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::component::Component;
use crate::instrument::{Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::plan::Holder;
use crate::preset::{Preset, presets};
use crate::work::{Class, ItemId};
use kernel::math;
use kernel::streams::StreamId;
use kernel::units::{ComponentId, PersonId, TICKS_PER_HOUR};
use notation::Share;
use schemars::JsonSchema;
use serde::Deserialize;

const NEED: StreamId = StreamId::named("complexity/need");
const FORESEEN: StreamId = StreamId::named("complexity/foreseen");

/// Complexity beyond need: what building ahead of need costs, and what it spares.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["tech debt", "technical debt", "refactoring", "system health"]))]
pub struct Table {
    /// Hours built for needs that may come, an hour of what is asked for. Takes effect when the next feature is
    /// begun, as all below but `starts` and `weight`.
    #[schemars(extend("x-plain" = "hours built ahead"))]
    #[schemars(range(min = 0.0, max = 10.0))]
    pub ahead: f64,
    /// Structure that nobody needs yet over the size of the code, at the start.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub starts: f64,
    /// Writing and reading a component take 1 + weight × (structure beyond need over size) as long.
    /// Takes effect at the next stage of work.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub weight: f64,
    /// Chance that a feature brings up a need that the code was not made for.
    pub needs: Share,
    /// Hours of refactoring an hour of the feature that brings up a need nobody had foreseen.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub refactor: f64,
    /// The greatest share of needs that anybody can foresee.
    pub foresight: Share,
    /// Structure beyond need over size from which 63 % of these are foreseen.
    #[schemars(range(min = 1e-6, max = 10.0))]
    pub covers: f64,
    /// The share of a component's structure beyond need that a need which comes puts to use, or clears away.
    pub settles: Share,
}

#[derive(Clone, Copy, Debug)]
pub struct Params {
    ahead: f64,
    starts: f64,
    weight: f64,
    needs: f64,
    refactor: f64,
    foresight: f64,
    covers: f64,
    settles: f64,
}

impl Table {
    pub fn compile(&self, _: &mut CompileContext<'_>) -> Params {
        Params {
            ahead: self.ahead,
            starts: self.starts,
            weight: self.weight,
            refactor: self.refactor,
            covers: self.covers,
            needs: self.needs.fraction(),
            foresight: self.foresight.fraction(),
            settles: self.settles.fraction(),
        }
    }
}

/// Structure of a component that nobody needs yet.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnComponent {
    /// Effort-hours of it.
    unneeded_hours: f64,
}

/// It goes where the code goes.
impl Column for OnComponent {
    fn take_over(&mut self, share: f64, gone: &OnComponent) {
        self.unneeded_hours += share * gone.unneeded_hours;
    }
}

/// Structure that nobody needs yet per hour of size; 0 for an empty component.
#[inline]
fn beyond_need(component: &Component) -> f64 {
    let unneeded = component.own.complexity.unneeded_hours;
    if component.size_hours > 0.0 { unneeded / component.size_hours } else { 0.0 }
}

#[derive(Clone)]
pub struct Complexity;

#[derive(Clone, Copy, Debug)]
pub enum Event {}

const BEYOND_NEED: Slower = Slower { label: "complexity", text: "slowed by complexity beyond need" };

instruments! {
    Complexity:
    gauges {
        /// Structure that nobody needs yet, over the size of the team's code.
        COMPLEXITY,
    }
    counters {
        /// Hours of refactoring for needs that nobody had foreseen.
        REFACTORED,
    }
}

impl Mechanism for Complexity {
    const PRESETS: &'static [Preset] = presets!["complexity"];
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const SLOWERS: &'static [Slower] = &[BEYOND_NEED];
    const METRICS: &'static [Metric] = &[
        Metric {
            name: "complexity",
            title: "complexity beyond need",
            unit: "share",
            better: Some(Better::Lower),
            definition: "structure that nobody needs yet over the size of the code; weekly average over people",
            reads: Reads::Level(COMPLEXITY),
        },
        Metric {
            name: "refactoring_per_year",
            title: "refactoring",
            unit: "hours per year",
            better: Some(Better::Lower),
            definition: "hours of refactoring for needs that nobody had foreseen, a year",
            reads: Reads::Yearly(REFACTORED),
        },
    ];
    const MOVES_WORK: bool = true;

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Complexity {
        for component in &mut ctx.org.components {
            component.own.complexity.unneeded_hours = params.starts * component.size_hours;
        }
        publish(ctx);
        Complexity
    }

    fn has_weeks(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn each_week(&mut self, _: &Params, ctx: &mut Context<'_>) {
        publish(ctx);
    }

    /// Code has taken its complexity with it.
    fn migrate(&mut self, _: &Migration, _: &Params, ctx: &mut Context<'_>) {
        publish(ctx);
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn pace(&mut self, id: ItemId, _: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let Some(at) = item.component else { return };
        let stage = &ctx.plan.stages[item.stage.at()];
        if !stage.writes_code && !matches!(stage.holder, Holder::Review { .. }) {
            return;
        }
        let designs =
            stage.writes_code && item.class == Class::Feature && item.touches == 1 && !item.is_again();
        let beyond = beyond_need(&ctx.org.components[at.at()]);
        ctx.org.items[id].slow(const { BEYOND_NEED.cause() }, 1.0 + params.weight * beyond);
        if designs {
            design(id, at, params, ctx);
        }
    }
}

/// A feature is begun: a need may come up, and what is built ahead of need is laid out.
fn design(id: ItemId, at: ComponentId, params: &Params, ctx: &mut Context<'_>) {
    let component = &mut ctx.org.components[at.at()];
    let item = &mut ctx.org.items[id];
    let stage = &ctx.plan.stages[item.stage.at()];
    let hours = item.service_demand / TICKS_PER_HOUR as f64;
    let key = item.key.nth(stage.key).pass(item.pass());
    item.remaining_work += params.ahead * item.service_demand;
    let mut refactored = 0.0;
    if ctx.streams.chance(params.needs, NEED, key) {
        let covered = 1.0 - math::exp(-beyond_need(component) / params.covers);
        if !ctx.streams.chance(params.foresight * covered, FORESEEN, key) {
            refactored = params.refactor;
        }
        component.own.complexity.unneeded_hours *= 1.0 - params.settles;
    }
    component.own.complexity.unneeded_hours += params.ahead * hours;
    item.remaining_work += refactored * item.service_demand;
    ctx.org.count(REFACTORED, refactored * hours);
}

/// Shows each team's level to everyone.
fn publish(ctx: &mut Context<'_>) {
    let org = &mut ctx.org;
    for (plan, state) in ctx.plan.teams.iter().zip(&mut org.teams) {
        let own = &org.components[plan.components.start as usize..plan.components.end as usize];
        let sum = |hours: fn(&Component) -> f64| own.iter().map(hours).sum::<f64>();
        let size = sum(|component| component.size_hours);
        if size > 0.0 {
            state.set_gauge(COMPLEXITY, sum(|component| component.own.complexity.unneeded_hours) / size);
        }
    }
}
