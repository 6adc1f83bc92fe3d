//! Transition: for a time after a reorganisation people find their way more slowly.
//!
//! **How it acts.** From the instant of a reorganisation, work that is begun within a time takes longer
//! by a share of everybody's hours lost, as people learn who does what. What lies half done on desks is
//! laid down and taken up again whatever the parameters.
//! **Parameters.** `[migration]`: how long it takes, share of hours lost. Read when a stage of work
//! starts. **Sources.** Assumed.

use crate::cause::Cause;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::mechanism::{Context, Mechanism};
use crate::migration::Migration;
use crate::work::ItemId;
use kernel::units::{Instant, PersonId, Ticks};
use notation::{Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

/// What a reorganisation costs. With it, policies that change teams, routes or code reorganise the
/// organisation at their date; without it they have pasts of their own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-said" = ["reorg", "reorganisation", "restructuring"]))]
pub struct Table {
    /// Working time after a reorganisation in which people find their way more slowly.
    pub takes: Span,
    /// The share of everybody's hours that is lost meanwhile.
    pub lost: Share,
}

#[derive(Clone, Copy, Debug)]
pub struct Params {
    pub takes: Ticks,
    /// How many times as long work takes meanwhile.
    pub factor: f64,
}

impl Table {
    pub fn compile(&self, ctx: &mut CompileContext<'_>) -> Params {
        let lost = self.lost.fraction();
        if lost >= 1.0 {
            ctx.problems.error("migration.lost", "nobody would ever work again: it must be below 100 %");
        }
        Params { takes: ctx.ticks(self.takes), factor: 1.0 / (1.0 - lost).max(0.01) }
    }
}

#[derive(Clone)]
pub struct Transition {
    until: Instant,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

impl Mechanism for Transition {
    type Params = Params;
    type Event = Event;

    fn start(_: &Params, _: &mut Context<'_>) -> Transition {
        Transition { until: Instant::START }
    }

    fn migrate(&mut self, _: &Migration, params: &Params, ctx: &mut Context<'_>) {
        self.until = ctx.now() + params.takes;
    }

    fn paces(_: &Params, _: &CompiledPlan) -> bool {
        true
    }

    fn pace(&mut self, id: ItemId, _: PersonId, params: &Params, ctx: &mut Context<'_>) {
        if ctx.now() < self.until {
            ctx.org.items[id].slow(Cause::Learning, params.factor);
        }
    }
}
