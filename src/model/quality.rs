//! Effort and quality: what a visit to a stage takes, and whether it passes.

use super::instrument::Counter;
use super::mechanism::Context;
use super::mechanisms::Mechanisms;
use super::odds::moved;
use super::plan::{Effort, Holder};
use super::work::ItemId;
use kernel::streams::StreamId;

// Their names are older than this file, and results hang on them.
const EFFORT: StreamId = StreamId::named("flow/effort");
const FAILURE: StreamId = StreamId::named("flow/failure");
const CATCH: StreamId = StreamId::named("flow/catch");

impl Context<'_> {
    /// Nominal hours the item takes at its present stage, this visit.
    pub fn effort_hours(&mut self, id: ItemId) -> f64 {
        let plan = self.plan;
        let item = &mut self.org.items[id];
        let stage = &plan.stages[item.stage.at()];
        let redo = item.redo.take();
        let scripted =
            item.row.and_then(|row| plan.kinds[item.kind.at()].script.as_ref()?.hours(row, item.stage.at()));
        let whole = match (scripted, &stage.effort[item.kind.at()]) {
            (Some(hours), _) => hours,
            (None, Effort::ShareOfSize(share)) => share * item.size_hours,
            // The effort of the first visit, or a share of it.
            (None, Effort::Drawn(distribution)) if redo.is_some() => {
                let key = item.key.nth(stage.key).nth(0).pass(u64::from(item.lap));
                distribution.draw(&self.streams.once_more(), EFFORT, key)
            }
            (None, Effort::Drawn(distribution)) => {
                distribution.draw(&self.streams, EFFORT, item.pass_key(stage.key))
            }
        };
        let hours = whole * Mechanisms::stretches(item, stage) * f64::from(redo.unwrap_or(1.0));
        let again = if item.visit() > 0 { hours } else { 0.0 };
        self.org.count(Counter::EFFORT_HOURS, hours);
        self.org.count(Counter::REDONE_HOURS, again);
        hours
    }

    /// Ends an item's visit to a stage: it goes on, or back where the stage's failure says.
    pub fn pass_or_fail(&mut self, id: ItemId) {
        let plan = self.plan;
        let item = &self.org.items[id];
        let stage = &plan.stages[item.stage.at()];
        let Some(failure) = &stage.failure else { return self.leave(id) };
        let key = item.pass_key(stage.key);
        let doubt =
            if matches!(stage.holder, Holder::Review { .. }) { Mechanisms::doubts(item) } else { 0.0 };
        let chance = moved(failure.probability, f64::from(doubt));
        let found = if failure.catches > 0.0 {
            let key = item.seen_by(stage.key, item.lap);
            self.detect(self.faults(item, 1), self.chance_to_find(failure, item), CATCH, key)
        } else {
            0
        };
        self.org.items[id].fixed |= found;
        if found != 0 || self.streams.chance(chance, FAILURE, key) {
            self.send_back(id, failure.back_to, failure.redo, failure.front);
        } else {
            self.leave(id);
        }
    }
}
