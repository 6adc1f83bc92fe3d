//! Hiding: small incidents that nobody reports, where trust is missing.

use super::{Incident, Params};
use crate::compile_context::CompileContext;
use crate::instrument::Gauge;
use crate::mechanism::Context;
use crate::odds::moved;
use kernel::streams::{Key, StreamId};
use kernel::units::TeamId;
use notation::{Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

const SMALL: StreamId = StreamId::named("incidents/small");
const HIDDEN: StreamId = StreamId::named("incidents/hidden");

/// Small incidents that nobody reports: no alarm, no crew, no postmortem.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HidingTable {
    /// Share of incidents small enough to be hidden.
    pub small: Share,
    /// Chance that a small one is hidden where trust is as usual. Takes effect at the next incident.
    pub hidden: Share,
    /// Log-odds of hiding per unit of trust missing to what is usual.
    #[schemars(range(min = 0.0, max = 50.0))]
    pub silence: f64,
    /// Work to repair what working around a hidden one leaves in the code.
    pub adds: Span,
}

/// Small incidents that nobody reports.
#[derive(Clone, Debug)]
pub struct Hiding {
    small: f64,
    hidden: f64,
    /// Log-odds of hiding per unit of mistrust.
    silence: f64,
    /// Principal that working around one leaves, in hours.
    adds_hours: f64,
}

impl HidingTable {
    pub(super) fn compile(&self, ctx: &CompileContext<'_>) -> Hiding {
        Hiding {
            small: self.small.fraction(),
            hidden: self.hidden.fraction(),
            silence: self.silence,
            adds_hours: ctx.hours(self.adds),
        }
    }
}

/// Whether an incident is small and nobody reports it.
pub(super) fn is_hidden(team: TeamId, key: Key, params: &Params, ctx: &Context<'_>) -> bool {
    let Some(hiding) = &params.hiding else { return false };
    let mistrust = ctx.org.teams[team.at()].gauge(Gauge::MISTRUST, 0.0);
    let hidden = moved(hiding.hidden, hiding.silence * mistrust);
    ctx.streams.chance(hiding.small, SMALL, key) && ctx.streams.chance(hidden, HIDDEN, key)
}

/// What a hidden incident leaves in the code.
pub(super) fn work_around(incident: &Incident, params: &Params, ctx: &mut Context<'_>) {
    if let (Some(hiding), Some(component)) = (&params.hiding, incident.component) {
        ctx.org.components[component.at()].principal_hours += hiding.adds_hours;
    }
}
