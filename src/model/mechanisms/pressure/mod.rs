//! Pressure: leaders push, and people go faster for a while.
//!
//! **How it acts.** Push makes all work faster at once; it also tires. Tiredness follows what
//! of the push cannot be sustained, with a delay, and takes speed away, so pushing hard for long gains little. Pressed work fails more often,
//! and (in the debt mechanism) takes more shortcuts.
//! **Parameters.** `team.pressure` 0 to 1; gain and tiring per unit of push, push that tires nobody,
//! weeks to tire, log-odds of failure per unit. **Sources.** All assumed; the claim under test is E1.

use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::instrument::{Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::preset::{Preset, presets};
use crate::work::ItemId;
use kernel::units::PersonId;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Clone, Debug)]
pub struct Params {
    pub gain: f64,
    pub tiring: f64,
    pub sustainable: f64,
    pub weeks_to_tire: f64,
    pub risk: f64,
}

/// What leaders' pressure does.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["overtime", "crunch", "deadline", "burnout", "stress"]))]
pub struct Table {
    /// Speed gained at once under full pressure: 0.15 is 15 %.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub gain: f64,
    /// Speed lost by people who are fully tired.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub tiring: f64,
    /// Pressure, 0 to 1, that can be kept up without tiring anybody; only what goes beyond it tires. Takes effect at the next
    /// week.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-plain" = "pressure that tires nobody"))]
    pub sustainable: f64,
    /// Weeks in which tiredness follows pressure.
    #[schemars(range(min = 0.0, max = 1e4))]
    pub weeks_to_tire: f64,
    /// Log-odds of failure added by full pressure.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub risk: f64,
}

impl Table {
    pub fn compile(&self, _: &mut CompileContext<'_>) -> Params {
        Params {
            gain: self.gain,
            tiring: self.tiring,
            sustainable: self.sustainable,
            weeks_to_tire: self.weeks_to_tire,
            risk: self.risk,
        }
    }
}

#[derive(Clone)]
pub struct Pressure;

#[derive(Clone, Copy, Debug)]
pub enum Event {}

instruments! {
    Pressure:
    gauges {
        /// How tired pressure has made the team: 0 not at all, 1 fully.
        TIREDNESS,
    }
}

impl Mechanism for Pressure {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const METRICS: &'static [Metric] = &[Metric {
        name: "tiredness",
        title: "tiredness",
        unit: "share",
        better: Some(Better::Lower),
        definition: "how tired pressure has made people: 0 not at all, 1 fully; weekly average",
        reads: Reads::Level(TIREDNESS),
    }];

    type Params = Params;
    type Event = Event;

    fn start(_: &Params, ctx: &mut Context<'_>) -> Pressure {
        for team in &mut ctx.org.teams {
            team.set_gauge(TIREDNESS, 0.0);
        }
        Pressure
    }

    fn has_weeks(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for (team, plan) in ctx.org.teams.iter_mut().zip(&ctx.plan.teams) {
            let tired = team.gauge(TIREDNESS, 0.0);
            let tires = (plan.pressure - params.sustainable).max(0.0);
            team.set_gauge(TIREDNESS, tired + (tires - tired) / params.weeks_to_tire.max(1.0));
        }
    }

    fn migrate(&mut self, _: &Migration, _: &Params, ctx: &mut Context<'_>) {
        for team in &mut ctx.org.teams {
            if team.gauge(TIREDNESS, f64::NAN).is_nan() {
                team.set_gauge(TIREDNESS, 0.0);
            }
        }
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn pace(&mut self, id: ItemId, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let team = ctx.org.people[person.at()].team;
        let push = ctx.plan.teams[team.at()].pressure;
        let tired = ctx.org.teams[team.at()].gauge(TIREDNESS, 0.0);
        let now = ctx.now();
        let item = &mut ctx.org.items[id];
        item.speed *= (1.0 + params.gain * push - params.tiring * tired).max(0.1);
        if item.is_first_coded(now) {
            item.risk += params.risk * push;
        }
    }
}
