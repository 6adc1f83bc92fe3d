//! Approvers who are away now and then.

use super::gate::{Approver, GateSort};
use super::{Approval, Event, Params};
use crate::mechanism::Context;
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::streams::{Key, StreamId};
use kernel::units::{GateId, TeamId, Ticks};

const AWAY: StreamId = StreamId::named("approval/away");

impl Approval {
    /// When an approver will next be away; nothing where they never are.
    pub(super) fn plan_absence(&mut self, gate: GateId, params: &Params, ctx: &mut Context<'_>) {
        let found = absence(gate, params);
        self.planned[gate.at()] = found.is_some();
        let Some(((between, _), _)) = found else { return };
        let hours = between.draw(&ctx.streams, AWAY, self.absence_key(gate, params));
        ctx.after(Ticks::from_hours(hours), EventPriority::Housekeeping, Event::Leaves { gate });
    }

    /// An approver is away from now on, unless nobody of them is there to go.
    pub(super) fn approver_leaves(&mut self, gate: GateId, params: &Params, ctx: &mut Context<'_>) {
        // What was planned is drawn, and is not to be drawn again, whatever has become of it.
        self.absences[gate.at()] += 1;
        let found = absence(gate, params);
        self.planned[gate.at()] = found.is_some();
        let Some(((_, length), team)) = found else { return };
        let hours = length.draw(&ctx.streams, AWAY, self.absence_key(gate, params));
        let mut called = Vec::new();
        ctx.start_duty(team, 1, &mut called);
        for person in called {
            ctx.after(Ticks::from_hours(hours), EventPriority::Housekeeping, Event::Returns { gate, person });
        }
        self.absences[gate.at()] += 1;
    }

    fn absence_key(&self, gate: GateId, params: &Params) -> Key {
        Key(params.gates[gate.at()].key).nth(self.absences[gate.at()])
    }
}

/// An approver's absences, and whose desk it is; nothing where they are never away.
fn absence(gate: GateId, params: &Params) -> Option<(&(Distribution, Distribution), TeamId)> {
    match &params.gates[gate.at()].sort {
        GateSort::Approver(Approver { absence, team, .. }) => Some((absence.as_ref()?, *team)),
        _ => None,
    }
}
