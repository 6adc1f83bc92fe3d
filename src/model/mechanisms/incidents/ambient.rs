//! Failures of their own: what breaks in production without anybody's having changed anything.

use super::recurrence::Cause;
use super::{Event, Incidents, Params};
use crate::birth::pick_component;
use crate::compile_context::CompileContext;
use crate::mechanism::Context;
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::math;
use kernel::streams::{Key, StreamId};
use kernel::units::{TeamId, Ticks};
use notation::{DurationDistribution, Share};
use schemars::JsonSchema;
use serde::Deserialize;

const AMBIENT: StreamId = StreamId::named("incidents/ambient");
const THIN: StreamId = StreamId::named("incidents/thin");

/// Failures that no change causes, thinned from a stream of bounded rate.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AmbientTable {
    /// Time between candidates, per team.
    pub gaps: DurationDistribution,
    /// Chance that a candidate is an incident, on code without debt.
    pub chance: Share,
    /// The chance grows by exp(this × density), up to certainty.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 50.0))]
    pub debt: f64,
}

/// Failures that no change causes.
#[derive(Clone, Debug)]
pub struct Ambient {
    /// Hours between candidates for one team, at the greatest rate.
    pub gaps: Distribution,
    /// The chance that a candidate is one: `least` · exp(`debt` · density), at most 1.
    pub least: f64,
    pub debt: f64,
}

impl AmbientTable {
    pub(super) fn compile(&self, ctx: &mut CompileContext<'_>) -> Ambient {
        Ambient {
            gaps: ctx.gaps("incidents.ambient.gaps", &self.gaps),
            least: self.chance.fraction(),
            debt: self.debt,
        }
    }
}

impl Incidents {
    pub(super) fn next_candidate(&mut self, team: TeamId, params: &Params, ctx: &mut Context<'_>) {
        let Some(ambient) = &params.ambient else { return };
        if ctx.plan.teams[team.at()].is_leader {
            return;
        }
        let key = Key::of("ambient", u64::from(team.0)).nth(self.candidates[team.at()]);
        let hours = ambient.gaps.draw(&ctx.streams, AMBIENT, key);
        ctx.after(Ticks::from_hours(hours), EventPriority::Arrival, Event::Candidate { team });
    }

    /// A candidate failure becomes an incident with a chance that grows with debt.
    pub(super) fn consider(&mut self, team: TeamId, params: &Params, ctx: &mut Context<'_>) {
        let Some(ambient) = &params.ambient else { return };
        let key = Key::of("ambient", u64::from(team.0)).nth(self.candidates[team.at()]);
        self.candidates[team.at()] += 1;
        let component = pick_component(team, key, ctx);
        let density = component.map_or(0.0, |at| ctx.org.components[at.at()].density());
        let chance = ambient.least * math::exp(ambient.debt * density);
        if ctx.streams.chance(chance, THIN, key) {
            self.open(Cause { team, component, key, batch: 1, changed: false }, params, ctx);
        }
    }
}
