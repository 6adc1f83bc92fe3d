//! Release: changes go to production on demand, or together on a train.
//!
//! **How it acts.** On demand, a change takes its own manual hours from its author and goes alone.
//! A train leaves on its rhythm with all that wait; somebody of the team spends the manual hours
//! once for the whole batch. More changes at once fail more often and are harder to diagnose.
//! **Parameters.** Of a stage: manual effort, train period and phase. **Sources.** BA-1 to BA-5.

use crate::assembly::Assembly;
use crate::blueprint::Blueprint;
use crate::cause::Cause;
use crate::mechanism::{Mechanism, Turn};
use crate::moment::{Moment, Sort};
use crate::plan::{Effort, Holder, Step};
use crate::rhythm::until_next;
use crate::work::{Batch, Class, Item, ItemId, Role};
use kernel::calendar::Rank;
use kernel::luck::{Key, Purpose};
use kernel::slab::Slab;
use kernel::units::{Instant, KindId, PersonId, StageId, TeamId, Ticks};
use notation::Span;
use schemars::JsonSchema;
use serde::Deserialize;

const TRAIN: Purpose = Purpose::named("release/train");

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
    /// Time between departures. Bites at the next departure.
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
    pub fn compile(&self, path: &str, assembly: &mut Assembly<'_>) -> Option<Trains> {
        let train = self.train.as_ref()?;
        let period = assembly.period(&format!("{path}.train.every"), train.every);
        let phase = train.at.map_or(period, |at| assembly.ticks(at));
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

    fn start(_: &(), turn: &mut Turn<'_>) -> Release {
        let platforms = turn.plan.stages.len() * turn.plan.teams.len();
        let first = Platform { departure: turn.first_number(), ..Platform::default() };
        Release { platforms: vec![first; platforms], batches: Slab::default() }
    }

    fn admit(&mut self, id: ItemId, _: &(), turn: &mut Turn<'_>) {
        let item = &turn.org.items[id];
        let (stage, team) = (item.stage, item.team);
        let Holder::Release(trains) = &turn.plan.stages[stage.at()].holder else { return };
        match trains {
            Some(trains) => {
                turn.wait(id, Cause::Release);
                let platform = self.platform(stage, team, turn);
                platform.waiting.push((id, turn.now()));
                if !std::mem::replace(&mut platform.called, true) {
                    let delay = until_next(turn.now(), trains.period, trains.phase, trains.inclusive);
                    turn.after_in_place(delay, Rank::Meeting, place(stage), Event::Departs { stage, team });
                }
            }
            None => {
                let hours = turn.effort_hours(id);
                if hours > 0.0 {
                    turn.queue(id, hours, team);
                } else {
                    deploy(&[id], turn);
                }
            }
        }
    }

    fn worked(&mut self, id: ItemId, _: PersonId, _: &(), turn: &mut Turn<'_>) {
        deploy(&[id], turn);
    }

    fn on(&mut self, event: Event, _: &(), turn: &mut Turn<'_>) {
        let Event::Departs { stage, team } = event;
        let platform = self.platform(stage, team, turn);
        platform.called = false;
        platform.departure += 1;
        let departure = platform.departure;
        let waiting = std::mem::take(&mut platform.waiting);
        let Holder::Release(trains) = &turn.plan.stages[stage.at()].holder else { return };
        let now = turn.now();
        let on_time = |since: Instant| since < now || trains.as_ref().is_none_or(|trains| trains.inclusive);
        let (ready, late): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .filter(|(item, _)| turn.org.items.get(*item).is_some())
            .partition(|(_, since)| on_time(*since));
        if let (Some(trains), false) = (trains, late.is_empty()) {
            let departs = Event::Departs { stage, team };
            turn.after_in_place(trains.period, Rank::Meeting, place(stage), departs);
            let platform = self.platform(stage, team, turn);
            (platform.waiting, platform.called) = (late, true);
        }
        let batch: Vec<ItemId> = ready.into_iter().map(|(item, _)| item).collect();
        batch.iter().for_each(|item| turn.begin_item(*item));
        match trains {
            Some(trains) if !batch.is_empty() && takes_hands(trains.departure, turn) => {
                let batch = self.batches.insert(batch);
                let key =
                    Key(turn.plan.stages[stage.at()].key).nth(u64::from(team.0)).child(TRAIN, departure);
                let mut carrier = Item::new(key, trains.departure, Class::Unplanned, team, turn.now());
                carrier.role = Role::Departure(batch);
                let carrier = turn.org.items.insert(carrier);
                turn.enter(carrier);
            }
            _ => deploy(&batch, turn),
        }
    }

    #[inline]
    fn hears(sort: Sort, _: &Self::Params, plan: &Blueprint) -> bool {
        let has_trains = plan.stages.iter().any(|stage| matches!(stage.holder, Holder::Release(Some(_))));
        has_trains && sort == Sort::Done
    }

    fn notice(&mut self, moment: &Moment, _: &(), turn: &mut Turn<'_>) {
        if let Moment::Done { item } = *moment
            && let Role::Departure(batch) = turn.org.items[item].role
            && let Some(changes) = self.batches.get(batch)
        {
            deploy(changes, turn);
            self.batches.discard(batch);
        }
    }
}

impl Release {
    fn platform(&mut self, stage: StageId, team: TeamId, turn: &Turn<'_>) -> &mut Platform {
        &mut self.platforms[stage.at() * turn.plan.teams.len() + team.at()]
    }
}

/// Of trains and meetings at one instant, those of earlier stages come first: what they let go may still make the
/// others.
fn place(stage: StageId) -> u16 {
    stage.0.saturating_add(1)
}

/// Whether deploying a train takes anybody's time.
fn takes_hands(departure: KindId, turn: &Turn<'_>) -> bool {
    let Some(Step::Stage(stage)) = turn.plan.kinds[departure.at()].route.first() else {
        return false;
    };
    let effort = &turn.plan.stages[stage.at()].effort[departure.at()];
    matches!(effort, Effort::Drawn(law) if law.mean() > 0.0)
}

/// A deployment: its changes go live together.
fn deploy(batch: &[ItemId], turn: &mut Turn<'_>) {
    let live = batch.iter().filter(|item| turn.org.items.get(**item).is_some()).count() as u32;
    let mut leads = true;
    for id in batch {
        if turn.org.items.get(*id).is_some() {
            turn.begin_item(*id);
            turn.tell(Moment::Deployed { item: *id, batch: live, leads });
            turn.leave(*id);
            leads = false;
        }
    }
}
