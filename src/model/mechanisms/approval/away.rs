//! Approvers who are away now and then.

use super::gate::{Approver, GateSort};
use super::{Approval, Event, Params};
use crate::mechanism::Context;
use kernel::event_list::EventPriority;
use kernel::streams::{Key, StreamId};
use kernel::units::{GateId, Ticks};

const AWAY: StreamId = StreamId::named("approval/away");

impl Approval {
    /// When an approver will next be away; nothing where they never are.
    pub(super) fn plan_absence(&mut self, gate: GateId, params: &Params, ctx: &mut Context<'_>) {
        if let GateSort::Approver(Approver { absence: Some((between, _)), .. }) =
            &params.gates[gate.at()].sort
        {
            let hours = between.draw(&ctx.streams, AWAY, self.absence_key(gate, params));
            ctx.after(Ticks::from_hours(hours), EventPriority::Housekeeping, Event::Leaves { gate });
            self.planned[gate.at()] = true;
        } else {
            self.planned[gate.at()] = false;
        }
    }

    /// An approver is away from now on, unless nobody of them is there to go.
    pub(super) fn leader_leaves(&mut self, gate: GateId, params: &Params, ctx: &mut Context<'_>) {
        let GateSort::Approver(Approver { absence: Some((_, length)), team, .. }) =
            &params.gates[gate.at()].sort
        else {
            (self.planned[gate.at()], self.absences[gate.at()]) = (false, self.absences[gate.at()] + 1);
            return;
        };
        self.absences[gate.at()] += 1;
        let hours = length.draw(&ctx.streams, AWAY, self.absence_key(gate, params));
        let mut called = Vec::new();
        ctx.start_duty(*team, 1, &mut called);
        for person in called {
            ctx.after(Ticks::from_hours(hours), EventPriority::Housekeeping, Event::Returns { gate, person });
        }
        self.absences[gate.at()] += 1;
    }

    fn absence_key(&self, gate: GateId, params: &Params) -> Key {
        Key(params.gates[gate.at()].key).nth(self.absences[gate.at()])
    }
}
