//! Small incidents that nobody reports, and what working around them leaves.

use super::{Incident, Params};
use crate::instrument::Gauge;
use crate::mechanism::Context;
use crate::odds::moved;
use kernel::streams::{Key, StreamId};
use kernel::units::TeamId;

const SMALL: StreamId = StreamId::named("incidents/small");
const HIDDEN: StreamId = StreamId::named("incidents/hidden");

/// Small incidents that nobody reports.
#[derive(Clone, Debug)]
pub struct Hiding {
    pub(super) small: f64,
    pub(super) hidden: f64,
    /// Log-odds of hiding per unit of mistrust.
    pub(super) silence: f64,
    /// Principal that working around one leaves, in hours.
    pub(super) adds_hours: f64,
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
