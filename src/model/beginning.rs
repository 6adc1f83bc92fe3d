//! How work begins: when it is committed to, when it is first served, and who could serve it at once.
//!
//! An item is *begun* when somebody or something first serves it: people take it up, a machine runs on it, a gate
//! hears it, a train takes it along, or one of its parts is begun. Until then it waits, may give up, and counts
//! against its kind's backlog. It is *committed to* when it enters the first column of its route, or else when it is
//! begun.

use super::mechanism::Turn;
use super::moment::Moment;
use super::plan::{Holder, Step};
use super::work::{Item, ItemId, Role};
use crate::units::StageId;

impl Turn<'_> {
    /// Somebody or something serves an item, for the first time or once more.
    pub fn begin_item(&mut self, id: ItemId) {
        let now = self.now();
        let item = &mut self.org.items[id];
        if item.pulled.is_some() {
            return;
        }
        item.pulled = Some(now);
        let (kind, team, role) = (item.kind, item.team, item.role);
        self.commit(id);
        if role == Role::Work {
            *self.org.unpulled_mut(kind, team) -= 1;
        }
        self.tell(Moment::Pulled { item: id });
        // Whoever hears an item, or makes a part of it, serves the item itself.
        if let Role::Hearing { of, .. } | Role::Part { of } = role
            && self.org.items.get(of).is_some()
        {
            self.begin_item(of);
        }
    }

    /// An item is wanted from now on: it enters the first column of its route, or is begun.
    pub(super) fn commit(&mut self, id: ItemId) {
        let now = self.now();
        let item = &mut self.org.items[id];
        if item.committed.is_none() {
            item.committed = Some(now);
            self.tell(Moment::Committed { item: id });
        }
    }

    /// How many items like this one could be begun at once where its route begins: people who may pull, runners of
    /// a machine that stand still; none where it would have to wait for a meeting or a train.
    pub(super) fn idle_servers(&self, item: &Item) -> u32 {
        // Whatever passes by itself leads on to the next stage.
        for step in &self.plan.kinds[item.kind.at()].route {
            let Step::Stage(stage) = step else { return 0 };
            if !matches!(self.plan.stages[stage.at()].holder, Holder::Gate(None)) {
                return self.idle_at(*stage, item);
            }
        }
        u32::MAX
    }

    fn idle_at(&self, stage: StageId, item: &Item) -> u32 {
        let plan = &self.plan.stages[stage.at()];
        let free = |team: crate::units::TeamId| self.org.teams[team.at()].available.len() as u32;
        let servers = match &plan.holder {
            Holder::Work { .. } | Holder::Review { .. } => free(self.plan.team_at(stage, item.team)),
            Holder::Machine(machine) => machine
                .runners
                .map_or(u32::MAX, |runners| runners.saturating_sub(self.org.runs[stage.at()])),
            Holder::Release(None) if self.plan.serves(item.team, stage) => free(item.team),
            Holder::Release(None) | Holder::Parts(_) | Holder::Gate(None) => u32::MAX,
            Holder::Release(Some(_)) | Holder::Gate(Some(_)) => 0,
        };
        let room = plan.slots.map_or(u32::MAX, |slots| slots.saturating_sub(self.org.slots[stage.at()]));
        servers.min(room)
    }
}
