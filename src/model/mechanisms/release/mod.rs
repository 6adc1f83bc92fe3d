//! Release: changes go to production on demand, or together on a train.
//!
//! **How it acts.** On demand, a change takes its own manual hours from its author and goes alone.
//! A train leaves on its rhythm with all that wait; somebody of the team spends the manual hours
//! once for the whole batch. More changes at once fail more often and are harder to diagnose.
//! **Parameters.** Of a stage: manual effort, train period and phase. **Sources.** BA-1 to BA-5.

use crate::cause::Cause;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::mechanism::{Context, Mechanism};
use crate::plan::{Effort, Holder, Step};
use crate::rhythm::until_next;
use crate::work::{Batch, Class, Item, ItemId, Role};
use kernel::event_list::EventPriority;
use kernel::slab::Slab;
use kernel::streams::{Key, StreamId};
use kernel::units::{Instant, KindId, PersonId, StageId, TeamId, Ticks};
use notation::Span;
use schemars::JsonSchema;
use serde::Deserialize;

const TRAIN: StreamId = StreamId::named("release/train");

/// How changes go to production at a stage.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Table {
    /// Changes ride together on a train; left out, each goes alone and on demand.
    pub train: Option<TrainTable>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainTable {
    /// Time between departures. Takes effect at the next departure.
    #[schemars(extend("x-plain" = "time between releases"))]
    pub every: Span,
    /// When the first leaves, from the beginning.
    #[serde(default)]
    pub at: Option<Span>,
    /// Whether what is ready at the very instant of departure makes it.
    #[serde(default)]
    pub inclusive: bool,
}

/// A release train.
#[derive(Clone, Debug)]
pub struct Trains {
    pub period: Ticks,
    pub phase: Ticks,
    /// Whether what is ready at the very instant of departure makes it.
    pub inclusive: bool,
    /// The internal kind of work by which somebody deploys the batch by hand; known once all kinds are.
    pub departure: KindId,
}

impl Table {
    pub fn compile(&self, path: &str, ctx: &mut CompileContext<'_>) -> Option<Trains> {
        let train = self.train.as_ref()?;
        let period = ctx.period(&format!("{path}.train.every"), train.every);
        let phase = train.at.map_or(period, |at| ctx.ticks(at));
        Some(Trains { period, phase, inclusive: train.inclusive, departure: KindId(u16::MAX) })
    }
}

/// What waits at one stage for one team's next train.
#[derive(Clone, Debug, Default)]
struct Platform {
    waiting: Vec<(ItemId, Instant)>,
    called: bool,
    /// The number of its last departure.
    departure: u64,
}

#[derive(Clone)]
pub struct Release {
    platforms: Vec<Platform>,
    /// What departs together, until somebody has deployed it.
    batches: Slab<Batch>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Departs { stage: StageId, team: TeamId },
}

impl Mechanism for Release {
    type Params = ();
    type Event = Event;

    fn start(_: &(), ctx: &mut Context<'_>) -> Release {
        let platforms = ctx.plan.stages.len() * ctx.plan.teams.len();
        let first = Platform { departure: ctx.first_number(), ..Platform::default() };
        Release { platforms: vec![first; platforms], batches: Slab::default() }
    }

    fn admit(&mut self, id: ItemId, _: &(), ctx: &mut Context<'_>) {
        let item = &ctx.org.items[id];
        let (stage, team) = (item.stage, item.team);
        let Holder::Release(trains) = &ctx.plan.stages[stage.at()].holder else { return };
        match trains {
            Some(trains) => {
                ctx.wait(id, Cause::Release);
                let platform = self.platform(stage, team, ctx);
                platform.waiting.push((id, ctx.now()));
                if !std::mem::replace(&mut platform.called, true) {
                    let delay = until_next(ctx.now(), trains.period, trains.phase, trains.inclusive);
                    ctx.after_in_place(
                        delay,
                        EventPriority::Meeting,
                        place(stage),
                        Event::Departs { stage, team },
                    );
                }
            }
            None => {
                let hours = ctx.effort_hours(id);
                if hours > 0.0 {
                    ctx.queue(id, hours, team);
                } else {
                    deploy(&[id], ctx);
                }
            }
        }
    }

    fn worked(&mut self, id: ItemId, _: PersonId, _: &(), ctx: &mut Context<'_>) {
        deploy(&[id], ctx);
    }

    fn on(&mut self, event: Event, _: &(), ctx: &mut Context<'_>) {
        let Event::Departs { stage, team } = event;
        let platform = self.platform(stage, team, ctx);
        platform.called = false;
        platform.departure += 1;
        let departure = platform.departure;
        let waiting = std::mem::take(&mut platform.waiting);
        let Holder::Release(trains) = &ctx.plan.stages[stage.at()].holder else { return };
        let now = ctx.now();
        let on_time = |since: Instant| since < now || trains.as_ref().is_none_or(|trains| trains.inclusive);
        let (ready, late): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .filter(|(item, _)| ctx.org.items.get(*item).is_some())
            .partition(|(_, since)| on_time(*since));
        if let (Some(trains), false) = (trains, late.is_empty()) {
            let departs = Event::Departs { stage, team };
            ctx.after_in_place(trains.period, EventPriority::Meeting, place(stage), departs);
            let platform = self.platform(stage, team, ctx);
            (platform.waiting, platform.called) = (late, true);
        }
        let batch: Vec<ItemId> = ready.into_iter().map(|(item, _)| item).collect();
        batch.iter().for_each(|item| ctx.begin_item(*item));
        match trains {
            Some(trains) if !batch.is_empty() && takes_hands(trains.departure, ctx) => {
                let batch = self.batches.insert(batch);
                let key = Key(ctx.plan.stages[stage.at()].key).nth(u64::from(team.0)).child(TRAIN, departure);
                let mut carrier = Item::new(key, trains.departure, Class::Unplanned, team, ctx.now());
                carrier.role = Role::Departure(batch);
                let carrier = ctx.org.items.insert(carrier);
                ctx.enter(carrier);
            }
            _ => deploy(&batch, ctx),
        }
    }

    #[inline]
    fn subscribes_to(sort: EventSort, _: &Self::Params, plan: &CompiledPlan) -> bool {
        let has_trains = plan.stages.iter().any(|stage| matches!(stage.holder, Holder::Release(Some(_))));
        has_trains && sort == EventSort::Done
    }

    fn handle(&mut self, event: &DomainEvent, _: &(), ctx: &mut Context<'_>) {
        if let DomainEvent::Done { item } = *event
            && let Role::Departure(batch) = ctx.org.items[item].role
            && let Some(changes) = self.batches.get(batch)
        {
            deploy(changes, ctx);
            self.batches.discard(batch);
        }
    }
}

impl Release {
    fn platform(&mut self, stage: StageId, team: TeamId, ctx: &Context<'_>) -> &mut Platform {
        &mut self.platforms[stage.at() * ctx.plan.teams.len() + team.at()]
    }
}

/// Of trains and meetings at one instant, those of earlier stages come first: what they let go may still make the
/// others.
fn place(stage: StageId) -> u16 {
    stage.0.saturating_add(1)
}

/// Whether deploying a train takes anybody's time.
fn takes_hands(departure: KindId, ctx: &Context<'_>) -> bool {
    let Some(Step::Stage(stage)) = ctx.plan.kinds[departure.at()].route.first() else {
        return false;
    };
    let effort = &ctx.plan.stages[stage.at()].effort[departure.at()];
    matches!(effort, Effort::Drawn(distribution) if distribution.mean() > 0.0)
}

/// A deployment: its changes go live together.
fn deploy(batch: &[ItemId], ctx: &mut Context<'_>) {
    let live = batch.iter().filter(|item| ctx.org.items.get(**item).is_some()).count() as u32;
    let mut leads = true;
    for id in batch {
        if ctx.org.items.get(*id).is_some() {
            ctx.begin_item(*id);
            ctx.emit(DomainEvent::Deployed { item: *id, batch: live, leads });
            ctx.leave(*id);
            leads = false;
        }
    }
}
