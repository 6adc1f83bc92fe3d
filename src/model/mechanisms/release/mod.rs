//! Release: changes go to production on demand, or together on a train.
//!
//! **How it acts.** On demand, a change takes its own manual hours from its author and goes alone.
//! A train leaves on its rhythm with all that wait; somebody of the team spends the manual hours
//! once for the whole batch, and where it is tested as a whole, first those of the test: a change in which a fault is
//! found goes back and misses the train. More changes at once fail more often and are harder to diagnose.
//! **Parameters.** Of a stage: manual effort, train period and phase, its test. **Sources.** BA-1 to BA-5; tests assumed.

use crate::cause::Cause;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, EventSort};
use crate::mechanism::{Context, Mechanism};
use crate::plan::{Effort, Holder, Redo, Step};
use crate::rhythm::until_next;
use crate::waste::{FADED, HARM, Loss};
use crate::work::{Batch, Class, Item, ItemId, Role};
use kernel::event_list::EventPriority;
use kernel::slab::Slab;
use kernel::streams::{Key, StreamId};
use kernel::units::{Instant, KindId, PersonId, StageId, TeamId, Ticks};
use notation::{Phase, Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

const TRAIN: StreamId = StreamId::named("release/train");
const TEST: StreamId = StreamId::named("release/test");

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
    /// When the first leaves, from the beginning, or on which day of the first week, which begins on Monday at 9:00; left
    /// out, after one period.
    #[serde(default)]
    pub at: Option<Phase>,
    /// Whether what is ready at the very instant of departure makes it.
    #[serde(default)]
    pub inclusive: bool,
    /// Somebody of the team tests all changes of a train together before it leaves.
    #[serde(default)]
    pub test: Option<TestTable>,
}

/// The test of a whole train, by hand. A change in which a fault is found misses the train and is put right.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestTable {
    /// Work it takes, however many changes there are. Takes effect at the next departure.
    pub takes: Span,
    /// Work that each change adds. Takes effect at the next departure.
    pub each: Span,
    /// Chance that a fault is found. A fact, not a lever: nothing here makes a better test dearer.
    pub finds: Share,
    /// The stage to which a change with a fault goes back.
    pub back_to: String,
    /// What putting it right takes, of the effort of that stage.
    pub effort: Share,
}

/// The test of a whole train.
#[derive(Clone, Debug)]
pub struct TrainTest {
    pub takes_hours: f64,
    pub each_hours: f64,
    finds: f64,
    back_to: StageId,
    redo: Redo,
}

/// A release train.
#[derive(Clone, Debug)]
pub struct Trains {
    pub period: Ticks,
    pub phase: Ticks,
    /// Whether what is ready at the very instant of departure makes it.
    pub inclusive: bool,
    /// The internal kind of work by which somebody tests the batch and deploys it by hand; known once all kinds are.
    pub departure: KindId,
    pub test: Option<TrainTest>,
}

impl Table {
    pub fn compile(&self, path: &str, ctx: &mut CompileContext<'_>) -> Option<Trains> {
        let train = self.train.as_ref()?;
        let period = ctx.period(&format!("{path}.train.every"), train.every);
        let phase = train.at.map_or(period, |at| ctx.phase(&format!("{path}.train.at"), at));
        let test = train.test.as_ref().and_then(|test| test.compile(&format!("{path}.train.test"), ctx));
        Some(Trains { period, phase, inclusive: train.inclusive, departure: KindId(u16::MAX), test })
    }
}

impl TestTable {
    fn compile(&self, path: &str, ctx: &mut CompileContext<'_>) -> Option<TrainTest> {
        Some(TrainTest {
            takes_hours: ctx.hours(self.takes),
            each_hours: ctx.hours(self.each),
            finds: self.finds.fraction(),
            back_to: ctx.stage(&format!("{path}.back_to"), &self.back_to)?,
            redo: Redo::Share(self.effort.fraction() as f32),
        })
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
    const LOSSES: &'static [Loss] =
        &[FADED.by(&["stage.*.release"]), HARM.by(&["stage.*.release.train.test"])];

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
                let test_hours = trains.test.as_ref().map_or(0.0, |test| test.hours(batch.len()));
                let batch = self.batches.insert(batch);
                let key = Key(ctx.plan.stages[stage.at()].key).nth(u64::from(team.0)).child(TRAIN, departure);
                let mut carrier = Item::new(key, trains.departure, Class::Unplanned, team, ctx.now());
                carrier.role = Role::Departure(batch);
                carrier.size_hours = test_hours;
                let carrier = ctx.org.add_item(|| carrier);
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
            deploy(&pass_the_test(changes, ctx), ctx);
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

/// Whether testing and deploying a train takes anybody's time.
fn takes_hands(departure: KindId, ctx: &Context<'_>) -> bool {
    ctx.plan.kinds[departure.at()].route.iter().any(|step| match step {
        Step::Stage(stage) => match &ctx.plan.stages[stage.at()].effort[departure.at()] {
            Effort::Drawn(distribution) => distribution.mean() > 0.0,
            Effort::ShareOfSize(_) => true,
        },
        _ => false,
    })
}

impl TrainTest {
    /// Work on the test of a train with this many changes.
    pub fn hours(&self, changes: usize) -> f64 {
        self.takes_hours + self.each_hours * changes as f64
    }
}

/// The changes of a train that go live: those in which the test finds a fault are sent back.
fn pass_the_test(batch: &[ItemId], ctx: &mut Context<'_>) -> Vec<ItemId> {
    let there = |id: &ItemId| ctx.org.items.get(*id).is_some();
    let mut live: Vec<ItemId> = batch.iter().copied().filter(there).collect();
    let changes = live.len() as u32;
    live.retain(|id| {
        let item = &ctx.org.items[*id];
        let stage = &ctx.plan.stages[item.stage.at()];
        let Holder::Release(Some(Trains { test: Some(test), .. })) = &stage.holder else { return true };
        let key = item.seen_by(stage.key, 0);
        let found = ctx.detect(ctx.faults(item, changes), test.finds, TEST, key);
        if found == 0 {
            return true;
        }
        ctx.org.items[*id].fixed |= found;
        ctx.send_back(*id, test.back_to, test.redo, true);
        false
    });
    live
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
