//! Demand: work arrives, by whatever process the scenario names.
//!
//! **How it acts.** Each source brings initiatives of one kind to one team (or to the route's own
//! teams): after drawn gaps, at a rate that changes with time (by thinning a stream of bounded
//! rate), at scripted times, from an endless backlog that is refilled whenever something of it no
//! longer waits, or after other work has gone live (bugs; or the same work again, which makes a
//! finite source). Drawn gaps may be stretched over a level that wanders from week to week. An initiative is as many
//! items as are drawn; of none, nothing comes. A full backlog refuses work; what waits too long gives up.
//! **Parameters.** Of a kind of work: arrivals, how they wander, items per initiative, backlog limit, patience,
//! size, value. **Sources.** TS-1, TS-2, RW-9; weekly counts of open-source projects (variance over mean 4 to 10) for
//! how far demand wanders; patience, value and its error assumed.

mod open;
mod patience;
mod stretch;
mod table;
mod trace;
mod whole;

pub use stretch::{Stretch, WanderTable};
pub use table::{AfterTable, ArrivalsTable, PieceTable, ProfileTable, RunLength, TraceTable};
pub use whole::{WholePlan, WholeTable};

use crate::birth::{admit_or_refuse, draw_item, draw_sized};
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, Drop, EventSort};
use crate::initiative::Initiative;
use crate::instrument::Counter;
use crate::mechanism::{Context, Mechanism};
use crate::migration::Migration;
use crate::plan::{KindPlan, StagePlan};
use crate::risk::FailurePlan;
use crate::script::Script;
use crate::work::{ItemId, Role};
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::level::Wandering;
use kernel::math;
use kernel::streams::{Key, StreamId};
use kernel::units::{ComponentId, Instant, KindId, StageId, TeamId, Ticks};
use std::sync::Arc;

const GAP: StreamId = StreamId::named("demand/gap");
const THIN: StreamId = StreamId::named("demand/thin");
const ITEMS: StreamId = StreamId::named("demand/items");
/// Arrivals without any item that are tried, one after the other, to refill a backlog.
const MOST_EMPTY: u64 = 100_000;

const AFTERMATH: StreamId = StreamId::named("demand/aftermath");

/// When a source brings work.
#[derive(Clone, Debug)]
pub enum Arrivals {
    /// After gaps, in hours.
    Gaps(Distribution),
    /// After candidate gaps at the greatest rate; each is let through with the chance that the
    /// profile gives its time.
    Profile { gaps: Distribution, profile: Profile },
    /// Row by row of a script.
    Trace(Arc<Script>),
    /// At least this many items always wait to be started.
    Endless(u32),
    /// Nothing after the backlog it starts with.
    Nothing,
}

/// A rate over time, relative to its greatest value.
#[derive(Clone, Debug)]
pub struct Profile {
    /// (from this hour on, rate): piecewise constant, repeated after `period_hours` if that is given.
    pub pieces: Vec<(f64, f64)>,
    pub period_hours: Option<f64>,
    /// Growth per hour, compounded: the rate is multiplied by exp(growth · t).
    pub growth: f64,
    pub greatest: f64,
}

impl Profile {
    /// The chance that a candidate of the greatest rate is let through at this hour.
    pub fn chance(&self, hours: f64) -> f64 {
        let within = self.period_hours.map_or(hours, |period| libm::fmod(hours, period));
        let piece = self.pieces.iter().rev().find(|(from, _)| *from <= within).map_or(1.0, |(_, rate)| *rate);
        (piece * math::exp(self.growth * hours) / self.greatest).min(1.0)
    }
}

/// A source of work.
#[derive(Clone, Debug)]
pub struct Source {
    /// The address its arrivals are keyed by: its kind and team by name.
    pub key: Key,
    pub kind: KindId,
    pub team: TeamId,
    pub arrivals: Arrivals,
    /// The mean of its gaps in hours, where they are drawn.
    pub mean_gap: f64,
    /// The weeks' levels over which its gaps are stretched, where it wanders.
    pub stretch: Option<Stretch>,
    /// Items that already wait when a replication begins.
    pub backlog: u32,
    pub brings: Brings,
}

/// What an arrival brings.
#[derive(Clone, Debug)]
pub enum Brings {
    OneItem,
    /// A number of items that belong together.
    Items(Distribution),
    /// An initiative that is wanted as a whole.
    Whole(WholePlan),
}

impl Brings {
    /// Items an arrival brings on average.
    pub fn mean_items(&self) -> f64 {
        match self {
            Brings::OneItem => 1.0,
            Brings::Items(items) => items.mean(),
            Brings::Whole(whole) => whole.mean_items(),
        }
    }
}

/// Work that live work brings forth: bugs.
#[derive(Clone, Debug)]
pub struct Aftermath {
    pub kind: KindId,
    /// Kinds whose items bring it forth once they are live.
    pub after: Vec<KindId>,
    /// How many each brings, and how much the debt of its component adds: mean × (1 + debt · density).
    pub count: Distribution,
    pub debt: f64,
    pub delay: Distribution,
}

impl Aftermath {
    /// How many work of a kind brings forth on average, on code without debt.
    pub fn mean(&self, cause: &KindPlan, failure: &FailurePlan) -> f64 {
        self.count.mean() * failure.mean_scale(cause.size.as_ref())
    }
}

#[derive(Clone, Debug, Default)]
pub struct Params {
    pub sources: Vec<Source>,
    pub aftermaths: Vec<Aftermath>,
    /// Some source never runs dry.
    pub has_endless: bool,
}

#[derive(Clone)]
pub struct Demand {
    /// How far each source has come, in the order of the plan's.
    sources: Vec<Progress>,
    /// Of those that an earlier plan had: should they come back, they go on.
    former: Vec<Progress>,
}

/// How far a source has come.
#[derive(Clone, Copy, Debug)]
struct Progress {
    key: Key,
    /// The number of its next arrival, which addresses what is drawn about it.
    ordinal: u64,
    /// The next row of its script.
    row: u32,
    /// How far its level has wandered: to the week of its next arrival.
    wandering: Wandering,
}

impl Progress {
    fn new(key: Key, row: u32) -> Progress {
        Progress { key, ordinal: 0, row, wandering: Wandering::default() }
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Arrival {
        source: u32,
    },
    Aftermath {
        kind: KindId,
        team: TeamId,
        component: Option<ComponentId>,
        key: Key,
    },
    GivesUp {
        item: ItemId,
    },
    /// It has waited at a stage for too long, since it came there at this instant.
    GivesUpAt {
        item: ItemId,
        stage: StageId,
        since: Instant,
    },
}

impl Mechanism for Demand {
    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Demand {
        let sources = params.sources.iter().map(|source| Progress::new(source.key, 0)).collect();
        let mut demand = Demand { sources, former: Vec::new() };
        whole::go_on(&params.sources, ctx);
        for (at, source) in params.sources.iter().enumerate() {
            for _ in 0..source.backlog {
                if ctx.is_overrun() {
                    break;
                }
                demand.bring(at, None, params, ctx);
            }
            demand.refill(at, 0, params, ctx);
            demand.schedule(at, params, ctx);
        }
        demand
    }

    fn on(&mut self, event: Event, params: &Params, ctx: &mut Context<'_>) {
        match event {
            Event::Arrival { source } => {
                let at = source as usize;
                let source = &params.sources[at];
                let through = match &source.arrivals {
                    Arrivals::Profile { profile, .. } => {
                        let key = self.key(at, params);
                        ctx.streams.uniform(THIN, key)
                            < profile.chance((ctx.now() - ctx.plan.first()).hours())
                    }
                    _ => true,
                };
                if through {
                    let row = matches!(source.arrivals, Arrivals::Trace(_)).then_some(self.sources[at].row);
                    self.sources[at].row += u32::from(row.is_some());
                    self.bring(at, row, params, ctx);
                } else {
                    self.sources[at].ordinal += 1;
                }
                self.schedule(at, params, ctx);
            }
            Event::Aftermath { kind, team, component, key } => {
                let id = draw_item(kind, team, key, None, ctx);
                ctx.org.items[id].component = component;
                admit_or_refuse(id, ctx);
            }
            Event::GivesUp { item } => match ctx.whole_of(ctx.org.items[item].initiative) {
                Some(initiative) => ctx.abandon(initiative, Drop::GaveUp),
                None => ctx.drop_item(item, Drop::GaveUp),
            },
            Event::GivesUpAt { item, .. } => ctx.drop_item(item, Drop::GaveUp),
        }
    }

    fn bring_today(&mut self, params: &Params, ctx: &mut Context<'_>) {
        open::bring(&params.sources, ctx);
    }

    /// Nobody gives up what has been started, or is gone.
    #[inline]
    fn is_live(event: Event, ctx: &Context<'_>) -> bool {
        match event {
            Event::GivesUp { item } => ctx.org.items.get(item).is_some_and(|item| {
                let initiative = item.initiative.and_then(|initiative| ctx.org.initiatives.get(initiative));
                item.pulled.is_none() && initiative.is_none_or(|it| it.whole.is_none() || !it.active)
            }),
            Event::GivesUpAt { item, stage, since } => ctx
                .org
                .items
                .get(item)
                .is_some_and(|item| item.stage == stage && item.entered == since && item.touches == 0),
            _ => true,
        }
    }

    #[inline]
    fn comes(id: ItemId, stage: &StagePlan, ctx: &mut Context<'_>) {
        if let Some(patience) = &stage.patience {
            patience::lose_here(id, patience, ctx);
        }
    }

    fn translate(event: Event, migration: &Migration, old: &Params, new: &Params) -> Option<Event> {
        Some(match event {
            Event::Arrival { source } => {
                Event::Arrival { source: counterpart(&old.sources[source as usize], new)? as u32 }
            }
            Event::Aftermath { kind, team, component, key } => Event::Aftermath {
                kind: migration.kind(kind),
                team: migration.team(team),
                component: migration.component(component),
                key,
            },
            Event::GivesUp { item } => Event::GivesUp { item },
            Event::GivesUpAt { item, stage, since } => {
                Event::GivesUpAt { item, stage: migration.stages[stage.at()]?, since }
            }
        })
    }

    /// A source of the same kind and team goes on; others begin now.
    fn migrate(&mut self, _: &Migration, params: &Params, ctx: &mut Context<'_>) {
        let mut before = std::mem::take(&mut self.sources);
        let going_on = before.len();
        before.append(&mut self.former);
        let now = ctx.now() - ctx.plan.first();
        let mut begin = Vec::new();
        for (at, source) in params.sources.iter().enumerate() {
            let known = before.iter().position(|it| it.key == source.key);
            begin.extend(known.is_none_or(|place| place >= going_on).then_some(at));
            // Rows of the time before there was such a source are nobody's.
            let row = match &source.arrivals {
                Arrivals::Trace(script) => script.times.partition_point(|time| time.0 < now.0) as u32,
                _ => 0,
            };
            let new = Progress::new(source.key, row);
            self.sources.push(
                known.map_or(new, |place| Progress { row: before[place].row.max(row), ..before[place] }),
            );
        }
        for (place, mut gone) in before.into_iter().enumerate() {
            if self.sources.iter().all(|source| source.key != gone.key) {
                // The arrival that was to come is over, and another is drawn should it come back.
                gone.ordinal += u64::from(place < going_on);
                self.former.push(gone);
            }
        }
        for at in begin {
            self.refill(at, 0, params, ctx);
            self.schedule(at, params, ctx);
        }
    }

    #[inline]
    fn subscribes_to(sort: EventSort, params: &Self::Params, plan: &CompiledPlan) -> bool {
        match sort {
            EventSort::Arrived => plan.kinds.iter().any(|kind| kind.patience.is_some()),
            EventSort::Pulled | EventSort::Dropped => params.has_endless,
            EventSort::Done => params.has_endless || !params.aftermaths.is_empty(),
            _ => false,
        }
    }

    /// Whoever keeps a backlog full brings something for each item that is gone from it.
    fn counts_each_drop(params: &Params) -> bool {
        params.has_endless
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        match *event {
            DomainEvent::Arrived { item } => patience::lose(item, ctx),
            DomainEvent::Pulled { item } => self.replace(item, params, ctx),
            // What is refused was too much already.
            DomainEvent::Dropped { item, why } if why != Drop::Refused => self.replace(item, params, ctx),
            DomainEvent::Done { item } => {
                for (nth, aftermath) in params.aftermaths.iter().enumerate() {
                    leave_aftermath(nth, aftermath, item, ctx);
                }
                self.replace(item, params, ctx);
            }
            _ => {}
        }
    }
}

impl Demand {
    fn key(&self, at: usize, params: &Params) -> Key {
        params.sources[at].key.nth(self.sources[at].ordinal)
    }

    fn schedule(&mut self, at: usize, params: &Params, ctx: &mut Context<'_>) {
        let event = Event::Arrival { source: at as u32 };
        let source = &params.sources[at];
        match &source.arrivals {
            Arrivals::Gaps(gaps) | Arrivals::Profile { gaps, .. } => {
                let hours = gaps.draw(&ctx.streams, GAP, self.key(at, params));
                ctx.org.count(Counter::GAP_DEVIATION, hours - source.mean_gap);
                let gap = source.stretch.map_or(Ticks::from_hours(hours), |stretch| {
                    let (clock, at) = ((ctx.now(), ctx.plan.week), &mut self.sources[at].wandering);
                    stretch.by_the_clock(hours, clock, at, &ctx.streams, source.key)
                });
                ctx.after(gap, EventPriority::Arrival, event);
            }
            Arrivals::Trace(script) => {
                if let Some(time) = script.times.get(self.sources[at].row as usize) {
                    let delay = Ticks(time.0.saturating_sub((ctx.now() - ctx.plan.first()).0));
                    ctx.after(delay, EventPriority::Arrival, event);
                }
            }
            Arrivals::Endless(_) | Arrivals::Nothing => {}
        }
    }

    /// An item of an endless backlog may no longer wait: then others come.
    fn replace(&mut self, id: ItemId, params: &Params, ctx: &mut Context<'_>) {
        if !params.has_endless {
            return;
        }
        let item = &ctx.org.items[id];
        let (kind, team) = (item.kind, item.team);
        // Whoever leaves without having been pulled is still counted among those who wait.
        let leaving = u32::from(item.pulled.is_none() && item.role == Role::Work);
        let source = params.sources.iter().position(|source| source.kind == kind && source.team == team);
        if let Some(source) = source {
            self.refill(source, leaving, params, ctx);
        }
    }

    /// Brings work until as much waits as always does, but for those who are leaving.
    fn refill(&mut self, at: usize, leaving: u32, params: &Params, ctx: &mut Context<'_>) {
        let Source { kind, team, arrivals: Arrivals::Endless(most), .. } = params.sources[at] else { return };
        // An arrival may bring nothing: so many of them are tried.
        for _ in 0..u64::from(most) + MOST_EMPTY {
            let waiting = ctx.org.unpulled(kind, team).saturating_sub(leaving);
            if waiting >= most || ctx.is_overrun() {
                return;
            }
            self.bring(at, None, params, ctx);
        }
    }

    /// One arrival, of a row of the source's script or at random: an initiative's items, or a single one.
    fn bring(&mut self, at: usize, row: Option<u32>, params: &Params, ctx: &mut Context<'_>) {
        let source = &params.sources[at];
        let key = self.key(at, params);
        self.sources[at].ordinal += 1;
        match &source.brings {
            Brings::OneItem => {
                let size = match &source.arrivals {
                    Arrivals::Trace(script) => row.and_then(|row| script.size(row)),
                    _ => None,
                };
                let id = draw_sized(source.kind, source.team, key, None, size, ctx);
                ctx.org.items[id].row = row;
                admit_or_refuse(id, ctx);
            }
            Brings::Items(items) => {
                let count = items.count(&ctx.streams, ITEMS, key).min(most_items(ctx)) as u32;
                if count == 0 {
                    return;
                }
                let initiative = ctx.org.initiatives.insert(Initiative::new(source.team, count, ctx.now()));
                for nth in 0..count {
                    let key = key.nth(u64::from(nth));
                    let id = draw_item(source.kind, source.team, key, Some(initiative), ctx);
                    ctx.org.items[id].row = row;
                    admit_or_refuse(id, ctx);
                }
            }
            Brings::Whole(whole) => whole.propose(source, key, ctx),
        }
    }
}

/// The most items that one arrival brings: more than may ever be open end the replication in any case.
fn most_items(ctx: &Context<'_>) -> u64 {
    ctx.plan.population_limit.min(u64::from(u32::MAX) - 1) + 1
}

/// The source of the same kind and team in another plan.
fn counterpart(source: &Source, params: &Params) -> Option<usize> {
    params.sources.iter().position(|other| other.key == source.key)
}

fn leave_aftermath(nth: usize, aftermath: &Aftermath, id: ItemId, ctx: &mut Context<'_>) {
    let item = &ctx.org.items[id];
    if !aftermath.after.contains(&item.kind) {
        return;
    }
    let (team, component, key) = (item.team, item.component, item.key.child(AFTERMATH, nth as u64));
    let density = component.map_or(0.0, |at| ctx.org.components[at.at()].density());
    let times = ctx.plan.failure.scale(item.size_hours) * (1.0 + aftermath.debt * density);
    let count = aftermath.count.count_scaled(times, &ctx.streams, ITEMS, key);
    for child in (0..count).map(|nth| key.nth(nth)) {
        if ctx.is_overrun() {
            return;
        }
        let delay = Ticks::from_hours(aftermath.delay.draw(&ctx.streams, GAP, child));
        let event = Event::Aftermath { kind: aftermath.kind, team, component, key: child };
        ctx.after(delay, EventPriority::Arrival, event);
    }
}
