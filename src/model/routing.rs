//! Routing: how items move along their route, back, and out of it.

use super::cause::Cause;
use super::compiled_plan::CompiledPlan;
use super::domain_event::{DomainEvent, Drop};
use super::mechanism::{Context, Due};
use super::mechanisms::Mechanisms;
use super::plan::{Holder, KindPlan, Redo, StagePlan, Step};
use super::work::{Item, ItemId, Role};
use kernel::streams::StreamId;
use kernel::units::StageId;

// Its name is older than this file, and results hang on it.
const BRANCH: StreamId = StreamId::named("flow/branch");

impl Context<'_> {
    /// Sends a new item on its way.
    #[inline]
    pub fn enter(&mut self, id: ItemId) {
        self.org.items[id].step = u8::MAX;
        self.count_in(id);
        self.due.push_back(Due::Advance(id));
    }

    fn count_in(&mut self, id: ItemId) {
        self.org.count_in(id);
        if self.org.items[id].role == Role::Work {
            self.emit(DomainEvent::Arrived { item: id });
        }
    }

    /// The item's present stage is done with it.
    #[inline]
    pub fn leave(&mut self, id: ItemId) {
        self.due.push_back(Due::Advance(id));
    }

    /// Moves an item to its next step; `None` once its route is at an end.
    pub(super) fn next_step(&mut self, id: ItemId) -> Option<StageId> {
        let plan = self.plan;
        let KindPlan { route, laps, .. } = &plan.kinds[self.org.items[id].kind.at()];
        let item = &mut self.org.items[id];
        if (item.step as usize) < route.len() {
            item.count_visit(item.step as usize, true);
            if matches!(plan.stages[item.stage.at()].holder, Holder::Release(_)) {
                item.count_deployment();
            }
        }
        let mut next = item.step.wrapping_add(1) as usize;
        while let Some(step) = route.get(next) {
            item.stand_at(next, laps);
            let branch = |stage: StageId| {
                let key = item.key.nth(plan.stages[stage.at()].key).pass(item.pass());
                self.streams.uniform(BRANCH, key)
            };
            if let Some(stage) = taken(step, branch)
                && applies(&plan.stages[stage.at()], item)
            {
                item.stage = stage;
                return Some(stage);
            }
            item.count_visit(next, false);
            next += 1;
        }
        None
    }

    /// Sends an item back to an earlier (or the same) stage of its route.
    pub fn send_back(&mut self, id: ItemId, back_to: StageId, redo: Redo, front: bool) {
        let plan = self.plan;
        let item = &mut self.org.items[id];
        let from = item.stage;
        let KindPlan { route, laps, .. } = &plan.kinds[item.kind.at()];
        let Some(step) = route[..=item.step as usize].iter().rposition(|step| leads_to(step, back_to)) else {
            // Its kind never passes the stage named: it goes on as if it had not failed.
            return self.leave(id);
        };
        item.count_visit(item.step as usize, true);
        item.redo = match redo {
            Redo::Fresh => None,
            Redo::Same => Some(1.0),
            Redo::Share(share) => Some(share),
        };
        item.front = front;
        item.stand_at(step, laps);
        item.stage = back_to;
        self.emit(DomainEvent::Returned { item: id, from });
        self.due.push_back(Due::Return(id));
    }

    /// Ends an item's life before its time.
    pub fn drop_item(&mut self, id: ItemId, why: Drop) {
        let item = &self.org.items[id];
        if !item.is_dropped {
            self.flesh_out(item.initiative);
            self.drop_alone(id, why);
        }
    }

    /// The same; what is in outline of its initiative stays so.
    pub(super) fn drop_alone(&mut self, id: ItemId, why: Drop) {
        if std::mem::replace(&mut self.org.items[id].is_dropped, true) {
            return; // for another reason, at this very instant
        }
        self.clear_from_desk(id);
        self.emit_dropped(id, why);
        self.due.push_back(Due::Forget(id));
    }

    /// What belongs to the same initiative will never be live as a whole.
    fn emit_dropped(&mut self, id: ItemId, why: Drop) {
        let initiative = self.org.items[id].initiative;
        self.emit(DomainEvent::Dropped { item: id, why });
        if let Some(state) = self.org.initiative_mut(initiative) {
            state.broken = true;
        }
    }

    /// Lets go of everything an item holds, when it is done or dropped.
    pub(super) fn release(&mut self, id: ItemId) {
        self.give_up_ticket(id);
        self.unassign(id);
        if self.org.has_places {
            self.free_slot(id);
            self.leave_groups(id, 0);
        }
        let Item { initiative, role, pulled, .. } = self.org.items[id];
        self.org.in_system -= u64::from(role == Role::Work);
        if pulled.is_none() {
            self.org.count_unbegun(id, false);
        }
        if initiative.is_some() {
            self.close_in(initiative, id);
        }
    }

    /// What nobody has begun goes where a new plan sends what comes: to the stage before the one it waits at, where that
    /// one passed it by until now. Else it would stand in a later line than what comes from now on, and go before it, however
    /// little it is worth.
    pub(super) fn send_unbegun_anew(&mut self, old: &CompiledPlan) {
        let plan = self.plan;
        let sent = |item: &Item| {
            let route = &plan.kinds[item.kind.at()].route;
            let unbegun = item.pulled.is_none() && item.taken.is_none() && item.slot.is_none();
            let waits = unbegun && !item.is_dropped && (item.has_ticket() || item.is_held);
            let last = route[..if waits { usize::from(item.step) } else { 0 }].last();
            match last {
                Some(Step::Stage(stage)) => Some(*stage).filter(|stage| {
                    let (before, after) = (&old.stages[stage.at()], &plan.stages[stage.at()]);
                    !applies(before, item) && applies(after, item)
                }),
                _ => None,
            }
        };
        let mut found: Vec<(ItemId, StageId)> =
            self.org.items.iter().filter_map(|(id, item)| Some((id, sent(item)?))).collect();
        found.sort_by_key(|(id, _)| self.org.items[*id].place);
        for (id, stage) in found {
            self.give_up_ticket(id);
            let item = &mut self.org.items[id];
            let step = usize::from(item.step) - 1;
            item.stand_at(step, &plan.kinds[item.kind.at()].laps);
            (item.stage, item.is_held) = (stage, false);
            self.due.push_back(Due::Return(id));
        }
    }

    /// Waiting for something that is not a person: a meeting, a train, a machine.
    pub fn wait(&mut self, id: ItemId, cause: Cause) {
        let now = self.now();
        self.org.items[id].ledger.turn_to(cause, now);
    }
}

/// The stage a step leads to, if it is taken; random numbers are addressed by the first stage it may lead to.
fn taken(step: &Step, streams: impl Fn(StageId) -> f64) -> Option<StageId> {
    match step {
        Step::Stage(stage) => Some(*stage),
        Step::Maybe(stage, chance) => (streams(*stage) < *chance).then_some(*stage),
        Step::OneOf(choices) => {
            let u = streams(choices.first()?.1);
            choices.iter().find(|(reached, _)| u < *reached).or(choices.last()).map(|(_, stage)| *stage)
        }
    }
}

fn leads_to(step: &Step, stage: StageId) -> bool {
    match step {
        Step::Stage(to) | Step::Maybe(to, _) => *to == stage,
        Step::OneOf(choices) => choices.iter().any(|(_, to)| *to == stage),
    }
}

fn applies(stage: &StagePlan, item: &Item) -> bool {
    !stage.applies.never
        && !Mechanisms::passes_by(item, stage)
        && stage.applies.kinds.as_ref().is_none_or(|kinds| kinds.contains(&item.kind))
}
