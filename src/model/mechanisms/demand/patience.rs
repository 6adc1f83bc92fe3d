//! Patience: work that is not started in time, or that nobody turns to at a stage, gives up.

use super::Event;
use crate::mechanism::Context;
use crate::work::ItemId;
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::streams::{Key, StreamId};
use kernel::units::Ticks;

const PATIENCE: StreamId = StreamId::named("demand/patience");
const PATIENCE_AT: StreamId = StreamId::named("demand/patience at a stage");
const LEFT: StreamId = StreamId::named("demand/patience that is left");
/// How often patience is drawn until it is longer than an item has waited.
const TRIES: u64 = 64;

/// Work that is not started in time gives up waiting; a whole initiative with its first item, or not at all.
pub(super) fn lose(id: ItemId, ctx: &mut Context<'_>) {
    let item = &ctx.org.items[id];
    let initiative = item.initiative.and_then(|initiative| ctx.org.initiatives.get(initiative));
    if initiative.is_some_and(|it| it.whole.is_some() && it.members.first() != Some(&id)) {
        return;
    }
    if let Some(patience) = &ctx.plan.kinds[item.kind.at()].patience {
        // Whatever is begun at the very instant at which it came has not waited, however impatient.
        let wait = left(patience, ctx.now() - item.born, item.key, ctx).max(Ticks(1));
        ctx.after(wait, EventPriority::Housekeeping, Event::GivesUp { item: id });
    }
}

/// How much longer an item waits that has waited for so long: as long as is left of a patience that is longer. Where none is,
/// it begins to wait now.
fn left(law: &Distribution, waited: Ticks, key: Key, ctx: &Context<'_>) -> Ticks {
    let draw = |key: Key| Ticks::from_hours(law.draw(&ctx.streams, PATIENCE, key));
    let longer = |nth: u64| Some(draw(key.child(LEFT, nth))).filter(|patience| *patience > waited);
    let is_new = waited == Ticks::ZERO;
    let longer = if is_new { None } else { (0..TRIES).find_map(longer) };
    longer.map_or_else(|| draw(key), |patience| Ticks(patience.0 - waited.0))
}

/// Work that nobody turns to at its present stage in time gives up.
pub(super) fn lose_here(id: ItemId, patience: &Distribution, ctx: &mut Context<'_>) {
    let item = &ctx.org.items[id];
    let (stage, since) = (item.stage, item.entered);
    let plan = &ctx.plan.stages[stage.at()];
    let key = item.key.nth(plan.key).nth(u64::from(item.step)).nth(item.visit());
    let wait = Ticks::from_hours(patience.draw(&ctx.streams, PATIENCE_AT, key)).max(Ticks(1));
    ctx.after(wait, EventPriority::Housekeeping, Event::GivesUpAt { item: id, stage, since });
}
