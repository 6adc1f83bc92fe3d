//! Builds and tests: machines that run for minutes, many times an effort-day.
//!
//! **How it acts.** As a stage, a machine holds an item for a drawn time, with any number of
//! runners or a few; a flaky failure repeats the run, a true one sends the item back. While code
//! is written, each of the day's builds loses c·ln(1 + m/c) of its m minutes: short builds are
//! waited for, long ones fill with other things and cost a return (DX-2: smooth, about
//! logarithmic). Builds lengthen with the size of a component and with its debt.
//! **Parameters.** Minutes of a build at the start, builds per effort-day, patience c in minutes,
//! exponent of size, factor of density. **Sources.** DX-1 to DX-6; patience and growth assumed.

use crate::cause::Cause;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::DomainEvent;
use crate::instrument::Gauge;
use crate::mechanism::{Context, Mechanism};
use crate::organisation::Organisation;
use crate::plan::Holder;
use crate::preset::{Preset, presets};
use crate::work::{Item, ItemId};
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::streams::{Key, StreamId};
use kernel::units::{ComponentId, PersonId, StageId, TICKS_PER_HOUR, TeamId, Ticks};
use notation::{Limit, Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::VecDeque;

const RUN: StreamId = StreamId::named("verification/run");
const FLAKE: StreamId = StreamId::named("verification/flake");

/// How builds lengthen, and what they take from people who write code.
#[derive(Clone, Debug, Default)]
pub struct Params {
    pub minutes: f64,
    pub per_day: f64,
    pub patience_minutes: f64,
    pub size_exponent: f64,
    pub debt_factor: f64,
    pub minutes_per_day: f64,
    pub tools: f64,
}

impl Params {
    /// How much longer builds of a component take than they did at the start.
    pub fn growth(&self, at: ComponentId, org: &Organisation, plan: &CompiledPlan) -> f64 {
        let component = &org.components[at.at()];
        let start = component.first_size_hours;
        let size = if start > 0.0 { component.size_hours / start } else { 1.0 };
        let debt = (1.0 + self.debt_factor * component.density())
            / (1.0 + self.debt_factor * component.first_density);
        libm::pow(size, self.size_exponent) * debt * self.tooled(plan.components[at.at()].team, org)
    }

    /// How many times as long builds are as with usual tools; 1 where nothing keeps that level.
    fn tooled(&self, team: TeamId, org: &Organisation) -> f64 {
        let level = org.teams[team.at()].gauge(Gauge::BUILDS, 0.5);
        if level == 0.5 { 1.0 } else { libm::exp2(self.tools * (1.0 - 2.0 * level)) }
    }

    /// Working time over coding time: 1 when builds take no time.
    fn drag(&self, minutes: f64) -> f64 {
        if self.patience_minutes <= 0.0 {
            return 1.0;
        }
        let lost = self.patience_minutes * libm::log1p(minutes / self.patience_minutes);
        1.0 + self.per_day * lost / self.minutes_per_day
    }
}

/// How builds slow people who write code, and how they lengthen.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["ci", "pipeline", "test", "compile"]))]
pub struct Table {
    /// Length of a build at the start, with usual tools. Structural: what makes builds shorter is work on
    /// tools (`team.*.tooling.builds`, which takes hours), so another length is another organisation and comes free.
    #[schemars(extend("x-plain" = "length of a build"))]
    pub length: Span,
    /// Builds per effort-day of writing code.
    #[schemars(range(min = 0.0, max = 1e4))]
    pub per_day: f64,
    /// A build of m minutes loses p·ln(1 + m/p) of them, p being this patience (DX-2). A fact, not a lever: nothing
    /// in the model changes it.
    pub patience: Span,
    /// Builds lengthen with (size / size at the start) to this power.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub size_exponent: f64,
    /// Builds lengthen by 1 + this × debt density.
    #[schemars(range(min = 0.0, max = 1e3))]
    pub debt: f64,
    /// The best tools halve builds this many times against usual ones; what raises them stands in
    /// `[tooling]`.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 20.0))]
    pub tools: f64,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        Params {
            minutes: ctx.hours(self.length) * 60.0,
            per_day: self.per_day,
            patience_minutes: ctx.hours(self.patience) * 60.0,
            size_exponent: self.size_exponent,
            debt_factor: self.debt,
            tools: self.tools,
            minutes_per_day: ctx.calendar.hours_per_day * 60.0,
        }
    }
}

/// A machine at a stage.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MachineTable {
    /// Length of one run.
    pub run: notation::DurationDistribution,
    /// Runs at the same time.
    #[serde(default)]
    pub runners: Limit,
    /// Chance that a run fails for no reason and is repeated.
    #[serde(default = "none")]
    pub flaky: Share,
    /// Whether its runs lengthen as builds do.
    #[serde(default)]
    pub grows: bool,
}

fn none() -> Share {
    Share::of(0.0).expect("a share")
}

/// A stage's machine.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Hours of one run.
    pub run: Distribution,
    /// Runs at the same time; `None` for as many as there are items.
    pub runners: Option<u32>,
    /// Chance that a run fails for no reason and is repeated.
    pub flaky: f64,
    /// Whether its runs lengthen as builds do.
    pub grows: bool,
}

impl MachineTable {
    pub fn compile(&self, path: &str, ctx: &mut CompileContext<'_>) -> Machine {
        let flaky = self.flaky.fraction();
        if flaky >= 1.0 {
            ctx.problems.error(format!("{path}.flaky"), "a run that always fails never ends");
        }
        Machine {
            run: ctx.distribution(&format!("{path}.run"), &self.run),
            runners: self.runners.number(),
            flaky,
            grows: self.grows,
        }
    }
}

#[derive(Clone)]
pub struct Verification {
    /// What waits for a runner, per stage.
    waiting: Vec<VecDeque<ItemId>>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    RunEnds { item: ItemId, stage: StageId, nth: u32 },
}

impl Mechanism for Verification {
    const PRESETS: &'static [Preset] = presets!["typical", "typical-medium"];

    type Params = Params;
    type Event = Event;

    fn start(_: &Params, ctx: &mut Context<'_>) -> Verification {
        Verification { waiting: vec![VecDeque::new(); ctx.plan.stages.len()] }
    }

    fn admit(&mut self, id: ItemId, params: &Params, ctx: &mut Context<'_>) {
        ctx.wait(id, Cause::Verification);
        let stage = ctx.org.items[id].stage;
        let Some(machine) = machine(ctx.plan, stage) else { return };
        if machine.runners.is_some_and(|runners| ctx.org.runs[stage.at()] >= runners) {
            self.waiting[stage.at()].push_back(id);
        } else {
            ctx.org.runs[stage.at()] += 1;
            run(machine, id, 0, params, ctx);
        }
    }

    fn on(&mut self, event: Event, params: &Params, ctx: &mut Context<'_>) {
        let Event::RunEnds { item, stage, nth } = event;
        let Some(machine) = machine(ctx.plan, stage) else { return };
        if let Some(state) = ctx.org.items.get(item) {
            let key = run_key(state, nth, ctx);
            if ctx.streams.chance(machine.flaky, FLAKE, key) {
                run(machine, item, nth.wrapping_add(1), params, ctx);
                return;
            }
            ctx.pass_or_fail(item);
        }
        ctx.org.runs[stage.at()] -= 1;
        self.start_runs(machine, stage, params, ctx);
    }

    /// A policy may have brought more runners.
    fn change_policy(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for stage in (0..ctx.plan.stages.len()).map(StageId::new) {
            if let Some(machine) = machine(ctx.plan, stage) {
                self.start_runs(machine, stage, params, ctx);
            }
        }
    }

    /// Builds slow whoever writes code of a component.
    fn paces(_: &Params, plan: &CompiledPlan) -> bool {
        !plan.components.is_empty() && plan.stages.iter().any(|stage| stage.writes_code)
    }

    fn pace(&mut self, id: ItemId, _: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        if !ctx.plan.stages[item.stage.at()].writes_code {
            return;
        }
        let Some(component) = item.component else { return };
        let minutes = params.minutes * params.growth(component, &ctx.org, ctx.plan);
        let drag = params.drag(minutes);
        let team = ctx.plan.components[component.at()].team;
        let tooled = params.tooled(team, &ctx.org);
        let item = &mut ctx.org.items[id];
        item.slow(Cause::Builds, drag);
        if tooled != 1.0 {
            let hours = item.remaining_work / TICKS_PER_HOUR as f64;
            let saved = hours * (params.drag(minutes / tooled) - drag);
            ctx.org.teams[team.at()].own.tooling.save(saved);
        }
    }
}

/// Whether two plans describe builds of different length. Builds are shortened by work on tools; where they simply are
/// shorter it is another organisation, with a past of its own.
pub fn builds_otherwise(one: &CompiledPlan, other: &CompiledPlan) -> bool {
    let builds = |plan: &CompiledPlan| plan.params.verification.as_ref().map(|builds| builds.minutes);
    builds(one) != builds(other)
}

impl Verification {
    /// Runners that stand still take what waits; a policy may have taken some of them away, or brought more.
    fn start_runs(&mut self, machine: &Machine, stage: StageId, params: &Params, ctx: &mut Context<'_>) {
        while machine.runners.is_none_or(|runners| ctx.org.runs[stage.at()] < runners) {
            let Some(next) = self.waiting[stage.at()].pop_front() else { return };
            // What was dropped while it waited needs no runner.
            if run(machine, next, 0, params, ctx) {
                ctx.org.runs[stage.at()] += 1;
            }
        }
    }
}

fn machine(plan: &CompiledPlan, stage: StageId) -> Option<&Machine> {
    match &plan.stages[stage.at()].holder {
        Holder::Machine(machine) => Some(machine),
        _ => None,
    }
}

/// The address of an item's nth run at its present pass of a stage.
fn run_key(item: &Item, nth: u32, ctx: &Context<'_>) -> Key {
    let stage = ctx.plan.stages[item.stage.at()].key;
    item.key.nth(stage).nth(item.visit()).nth(u64::from(nth)).pass(u64::from(item.lap))
}

/// Begins a run; false when the item is gone.
fn run(machine: &Machine, id: ItemId, nth: u32, params: &Params, ctx: &mut Context<'_>) -> bool {
    if ctx.org.items.get(id).is_none() {
        return false;
    }
    ctx.begin_item(id);
    ctx.org.items[id].touches += 1;
    let item = &ctx.org.items[id];
    let key = run_key(item, nth, ctx);
    let growth = match item.component {
        Some(component) if machine.grows => params.growth(component, &ctx.org, ctx.plan),
        _ => 1.0,
    };
    let hours = machine.run.draw(&ctx.streams, RUN, key) * growth;
    let stage = item.stage;
    if nth == 0 {
        let after = ctx.now() - item.entered;
        ctx.emit(DomainEvent::Served { item: id, stage, after });
    }
    ctx.after(Ticks::from_hours(hours), EventPriority::Completion, Event::RunEnds { item: id, stage, nth });
    true
}
