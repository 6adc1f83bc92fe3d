//! Effort and quality: what a visit to a stage takes, whether it passes, and whether it fails in production.

use super::mechanism::Context;
use super::mechanisms::Mechanisms;
use super::odds::moved;
use super::plan::{Effort, Failure, Holder};
use super::work::{Item, ItemId};
use kernel::math;
use kernel::streams::{Key, StreamId};
use kernel::units::TICKS_PER_HOUR;

// Their names are older than this file, and results hang on them.
const EFFORT: StreamId = StreamId::named("flow/effort");
const FAILURE: StreamId = StreamId::named("flow/failure");
const PRODUCTION: StreamId = StreamId::named("flow/production");
const CATCH: StreamId = StreamId::named("flow/catch");

/// Log-odds of failure that putting right what somebody saw takes away.
pub const SEEN_RISK: f64 = 2.0;

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
        whole * Mechanisms::stretches(item, stage) * f64::from(redo.unwrap_or(1.0))
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
        let caught = self.catches(failure, item, key);
        if caught {
            self.org.items[id].risk -= SEEN_RISK;
        }
        if caught || self.streams.chance(chance, FAILURE, key) {
            self.send_back(id, failure.back_to, failure.redo, failure.front);
        } else {
            self.leave(id);
        }
    }

    /// Whether a visit to a stage finds out that the item would fail in production. The longer people read, the
    /// more they find, each hour less than the one before.
    fn catches(&self, failure: &Failure, item: &Item, key: Key) -> bool {
        if failure.catches <= 0.0 || !self.would_fail(item, 1) {
            return false;
        }
        let spent = item.service_demand / TICKS_PER_HOUR as f64;
        let half = failure.half_effort * item.size_hours;
        let found = if half > 0.0 { spent / (spent + half) } else { 1.0 };
        self.streams.chance(failure.catches * found, CATCH, key)
    }

    /// The chance that this item, deployed as one of `batch` changes, fails in production.
    pub fn failure_chance(&self, item: &Item, batch: u32) -> f64 {
        let fragility = item.component.map_or(0.0, |at| Mechanisms::endangers(&self.org.components[at.at()]));
        let plan = self.plan.failure;
        let logit = plan.base_logit + item.risk + fragility + plan.batch * math::ln(f64::from(batch));
        1.0 / (1.0 + math::exp(-logit))
    }

    /// Whether it would fail: the draw is the change's own, whatever a policy does to the chance, until it has been
    /// deployed; whoever looks at it before asks about the same failure.
    pub fn would_fail(&self, item: &Item, batch: u32) -> bool {
        self.streams.once_more().uniform(PRODUCTION, item.change()) < self.failure_chance(item, batch)
    }
}
