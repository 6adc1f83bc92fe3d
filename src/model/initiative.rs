//! Initiatives: items that belong together, from the first that is pulled to the last that is done.

use super::domain_event::DomainEvent;
use super::layout::LineRole;
use super::mechanism::{Context, Due};
use super::work::{InitiativeId, ItemId};
use kernel::units::TeamId;

impl Context<'_> {
    /// One item of an initiative is done or dropped.
    pub(super) fn close_in(&mut self, initiative: Option<InitiativeId>, id: ItemId) {
        let (now, plan) = (self.now(), self.plan);
        let Some(state) = self.org.initiative_mut(initiative) else { return };
        state.open -= 1;
        state.waiting.retain(|waiting| *waiting != id);
        if let (0, Some(initiative)) = (state.open, initiative) {
            if state.broken {
                state.withheld = [0.0; 3];
            }
            if let Some(value) = &plan.value {
                state.wait(now, &value.waiting);
            }
            let (team, active, withheld) = (state.team, std::mem::take(&mut state.active), state.withheld);
            if let Some(value) = plan.value.as_ref().filter(|_| withheld != [0.0; 3]) {
                self.org.products[team.at()].release(now, withheld, &value.worth);
            }
            if active {
                self.org.teams[team.at()].active_initiatives -= 1;
                self.org.unsettle(team);
            }
            self.emit(DomainEvent::Completed { initiative });
            self.due.push_back(Due::Close(initiative));
        }
    }

    /// The first item of an initiative is pulled: from now on it counts against the limit.
    pub(super) fn activate(&mut self, initiative: Option<InitiativeId>, id: ItemId) {
        let Some(state) = self.org.initiative_mut(initiative) else { return };
        state.waiting.retain(|waiting| *waiting != id);
        if std::mem::replace(&mut state.active, true) {
            return;
        }
        let team = state.team;
        let siblings = state.waiting.clone();
        self.org.teams[team.at()].active_initiatives += 1;
        for sibling in siblings {
            if self.waits_in_line_of(sibling, team) {
                self.enqueue(sibling, team, LineRole::Entry);
            }
        }
    }

    /// Whether an item that nobody has taken yet stands in one of this team's lines: it lies on no desk, and is on the
    /// way to none.
    fn waits_in_line_of(&self, id: ItemId, team: TeamId) -> bool {
        let Some(item) = self.org.items.get(id) else { return false };
        let is_in = self.plan.stages[item.stage.at()].column.is_none() || item.slot == Some(item.stage);
        let waits = item.taken.is_none() && item.has_ticket() && is_in;
        waits && self.plan.team_at(item.stage, item.team) == team && self.plan.serves(team, item.stage)
    }
}
