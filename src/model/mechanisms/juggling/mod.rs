//! Juggling: what it costs a team to have several initiatives under way at once.
//!
//! **How it acts.** Whoever takes up work of another initiative than they took up last first has to get into it: a draw of
//! `switching.initiative` of work comes on top. Work outside initiatives, and reading, make nobody forget what they were at,
//! and cost nothing here. What is left of it when the work is laid down shrinks with the work, as the rest of it does. And
//! what the code of an initiative was begun upon moves on: an item that is first coded t quarters after the first of its
//! initiative takes 1 + `drift` · t times as long, at most twice, to fit in. **Parameters.** `switching.initiative`, a law of
//! hours; `drift` of initiatives of a kind, a share a quarter. **Sources.** CS-5 to CS-7 on how long it takes to resume, against
//! CS-2 and CS-3, which see nothing; drift assumed.

use crate::cause::Slower;
use crate::column::Column;
use crate::compiled_plan::CompiledPlan;
use crate::initiative::InitiativeId;
use crate::mechanism::{Context, Mechanism};
use crate::migration::Migration;
use crate::plan::Holder;
use crate::work::ItemId;
use kernel::distribution::Distribution;
use kernel::streams::StreamId;
use kernel::units::{Instant, PersonId, TICKS_PER_HOUR};

const RESUMPTION: StreamId = StreamId::named("juggling/another initiative");

/// Waiting makes an item of an initiative at most this many times as long (assumed).
const MOST: f64 = 2.0;

#[derive(Clone, Debug, Default)]
pub struct Params {
    /// Hours of work that come on top of what belongs to another initiative than the last.
    pub resumption: Option<Distribution>,
}

/// What a kind of work says.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnKind {
    /// By how much an item is longer for each hour after the first of its initiative was coded.
    pub drift_per_hour: f64,
}

/// What is known of an initiative.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnInitiative {
    first_coded: Option<Instant>,
}

impl Column for OnInitiative {}

/// What is known of an item at its present stage.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnItem {
    /// Ticks that somebody still takes to get into it, and the work that was left when that was last worked out.
    to_resume: f32,
    beside: f32,
}

impl Column for OnItem {}

/// Juggling, with the initiative that each person took up last.
#[derive(Clone)]
pub struct Juggling {
    last: Vec<Option<InitiativeId>>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

const RESUMED: Slower = Slower { label: "resuming", text: "slowed by getting into another initiative" };
const DRIFTED: Slower = Slower { label: "integration", text: "slowed by what had moved on meanwhile" };

impl Mechanism for Juggling {
    const SLOWERS: &'static [Slower] = &[RESUMED, DRIFTED];

    type Params = Params;
    type Event = Event;

    fn start(_: &Params, _: &mut Context<'_>) -> Juggling {
        Juggling { last: Vec::new() }
    }

    fn paces(params: &Params, plan: &CompiledPlan) -> bool {
        params.resumption.is_some() || plan.kinds.iter().any(|kind| kind.own.juggling.drift_per_hour > 0.0)
    }

    fn pace(&mut self, id: ItemId, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let Some(initiative) = item.initiative else { return };
        let stage = &ctx.plan.stages[item.stage.at()];
        if matches!(stage.holder, Holder::Work { .. })
            && let Some(resumption) = &params.resumption
        {
            self.resume(id, person, initiative, resumption, ctx);
        }
        if stage.writes_code {
            integrate(id, initiative, ctx);
        }
    }

    /// People and initiatives are who they were.
    fn migrate(&mut self, _: &Migration, _: &Params, _: &mut Context<'_>) {}
}

impl Juggling {
    /// Somebody takes up work of an initiative, and gets into it if it is another than the last.
    fn resume(
        &mut self,
        id: ItemId,
        person: PersonId,
        initiative: InitiativeId,
        resumption: &Distribution,
        ctx: &mut Context<'_>,
    ) {
        if self.last.len() <= person.at() {
            self.last.resize(person.at() + 1, None);
        }
        let last = self.last[person.at()].replace(initiative);
        let item = &mut ctx.org.items[id];
        let left = item.remaining_work;
        let own = &mut item.own.juggling;
        let mut ticks = match item.touches {
            0 | 1 => 0.0,
            _ => f64::from(own.to_resume) * (left / f64::from(own.beside)).min(1.0),
        };
        // What somebody begins with is no change.
        if last.is_some_and(|last| last != initiative) {
            let key = item.pass_key(ctx.plan.stages[item.stage.at()].key).nth(item.touches.into());
            ticks += resumption.draw(&ctx.streams, RESUMPTION, key) * TICKS_PER_HOUR as f64;
        }
        let item = &mut ctx.org.items[id];
        (item.own.juggling.to_resume, item.own.juggling.beside) = (ticks as f32, left as f32);
        if ticks > 0.0 {
            item.slow(const { RESUMED.cause() }, 1.0 + ticks / left);
        }
    }
}

/// Code of an initiative has to fit to what has moved on since its first was begun.
fn integrate(id: ItemId, initiative: InitiativeId, ctx: &mut Context<'_>) {
    let item = &mut ctx.org.items[id];
    let drift = ctx.plan.kinds[item.kind.at()].own.juggling.drift_per_hour;
    let (Some(coded), Some(state)) = (item.coded, ctx.org.initiatives.get_mut(initiative)) else { return };
    let since = *state.own.juggling.first_coded.get_or_insert(coded);
    // It is the first coding until it leaves the stage at which that was begun.
    if drift > 0.0 && coded >= item.entered {
        item.slow(const { DRIFTED.cause() }, lengthened(drift, (coded - since).hours()));
    }
}

/// How many times as long an item takes that is first coded so many hours after the first of its initiative.
fn lengthened(drift_per_hour: f64, hours: f64) -> f64 {
    (1.0 + drift_per_hour * hours).min(MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_at_most_twice_as_long() {
        assert_eq!([0.0, 50.0, 100.0, 1e6].map(|hours| lengthened(0.01, hours)), [1.0, 1.5, 2.0, 2.0]);
    }
}
