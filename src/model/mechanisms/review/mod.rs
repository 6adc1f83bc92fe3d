//! Review: a colleague reads a change, with hours taken from the same people who write code.
//!
//! **How it acts.** A change asks its team for a reader other than its author. The stage says when
//! a colleague turns to it: at once (beside whatever is on the desk), at breaks (before pulling
//! something new) or when idle. The reader may send it back, and finds a part of what would fail.
//! **Parameters.** Of the stage: effort, pick-up, failure. **Sources.** CR-1 to CR-9, RW-7.

use crate::mechanism::{Context, Mechanism};
use crate::waste::{FADED, Loss};
use crate::work::ItemId;
use kernel::units::PersonId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How changes are reviewed at a stage.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// When a colleague turns to a review.
    #[serde(default)]
    pub pick_up: PickUp,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PickUp {
    /// At once, beside whatever is on the desk.
    AtOnce,
    /// Before pulling something new.
    #[default]
    AtBreaks,
    /// When there is nothing else to pull.
    WhenIdle,
}

#[derive(Clone)]
pub struct Review;

#[derive(Clone, Copy, Debug)]
pub enum Event {}

impl Mechanism for Review {
    const LOSSES: &'static [Loss] = &[FADED.by(&["stage.*.review"])];

    type Params = ();
    type Event = Event;

    fn start(_: &(), _: &mut Context<'_>) -> Review {
        Review
    }

    fn admit(&mut self, id: ItemId, _: &(), ctx: &mut Context<'_>) {
        let hours = ctx.effort_hours(id);
        let team = ctx.org.items[id].team;
        ctx.queue(id, hours, team);
    }

    fn worked(&mut self, id: ItemId, _: PersonId, _: &(), ctx: &mut Context<'_>) {
        ctx.pass_or_fail(id);
    }
}
