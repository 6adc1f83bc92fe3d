//! Recurrence: what nobody puts right fails again.
//!
//! After an incident its cause stays with some chance, and brings about another one after a drawn time. Corrective work
//! that comes of a postmortem removes the cause, if it is live before that.

use super::Event;
use crate::compile_context::CompileContext;
use crate::mechanism::Context;
use crate::migration::Migration;
use crate::work::ItemId;
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::slab::{Id, Slab};
use kernel::streams::{Key, StreamId};
use kernel::units::{ComponentId, TeamId, Ticks};
use notation::{DurationDistribution, Share};
use schemars::JsonSchema;
use serde::Deserialize;

const STAYS: StreamId = StreamId::named("incidents/recurs");
const LATER: StreamId = StreamId::named("incidents/recurs after");

/// Where an incident comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cause {
    pub team: TeamId,
    pub component: Option<ComponentId>,
    pub key: Key,
    pub batch: u32,
    pub changed: bool,
}

/// How the causes of incidents bring about others.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecurrenceTable {
    /// Chance that the cause of an incident brings about another one, unless corrective work is live before. A fact, not
    /// a lever; the lever is `incidents.postmortem`. Takes effect at the next recovery.
    pub chance: Share,
    /// Time from recovery to the next incident of that cause. A fact.
    pub after: DurationDistribution,
}

#[derive(Clone, Debug)]
pub struct RecurrencePlan {
    chance: f64,
    /// Hours.
    after: Distribution,
}

impl RecurrenceTable {
    pub(super) fn compile(&self, ctx: &mut CompileContext<'_>) -> RecurrencePlan {
        if self.chance.fraction() >= 1.0 {
            ctx.problems
                .error("incidents.recurrence.chance", "an incident that always comes again never ends");
        }
        RecurrencePlan {
            chance: self.chance.fraction(),
            after: ctx.gaps("incidents.recurrence.after", &self.after),
        }
    }
}

/// An incident to come from a cause that is still there.
#[derive(Clone, Copy, Debug)]
pub struct Recurrence {
    cause: Cause,
    /// The work that would put it right.
    correction: Option<ItemId>,
}

#[derive(Clone, Default)]
pub(super) struct Recurrences {
    pending: Slab<Recurrence>,
}

impl Recurrences {
    /// An incident is over: its cause may stay.
    pub fn expect(
        &mut self,
        cause: Cause,
        correction: Option<ItemId>,
        plan: &RecurrencePlan,
        ctx: &mut Context<'_>,
    ) {
        if !ctx.streams.chance(plan.chance, STAYS, cause.key) {
            return;
        }
        let after = Ticks::from_hours(plan.after.draw(&ctx.streams, LATER, cause.key));
        let cause = Cause { key: cause.key.child(STAYS, 0), ..cause };
        let recurrence = self.pending.insert(Recurrence { cause, correction });
        ctx.after(after, EventPriority::Arrival, Event::Recurs { recurrence });
    }

    /// Corrective work is live: what it puts right brings about nothing more.
    pub fn correct(&mut self, id: ItemId) {
        let of_it = |recurrence: &Recurrence| recurrence.correction == Some(id);
        let found = self.pending.iter().find(|(_, recurrence)| of_it(recurrence)).map(|(at, _)| at);
        if let Some(at) = found {
            self.pending.discard(at);
        }
    }

    /// What brings about an incident now, unless it has been put right.
    pub fn come(&mut self, at: Id<Recurrence>) -> Option<Cause> {
        let cause = self.pending.get(at)?.cause;
        self.pending.discard(at);
        Some(cause)
    }

    /// The organisation has been reorganised.
    pub fn follow(&mut self, migration: &Migration) {
        for recurrence in self.pending.values_mut() {
            recurrence.cause.team = migration.team(recurrence.cause.team);
            recurrence.cause.component = migration.component(recurrence.cause.component);
        }
    }
}
