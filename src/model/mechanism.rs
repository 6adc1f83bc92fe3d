//! The contract between the model and a mechanism, and the context in which a mechanism acts.

use super::cause::Slower;
use super::compiled_plan::CompiledPlan;
use super::component::Component;
use super::domain_event::{DomainEvent, Drop, EventSort, SORTS};
use super::initiative::InitiativeId;
use super::instrument::Instruments;
use super::mechanisms::Event;
use super::metric::Metric;
use super::migration::Migration;
use super::organisation::Organisation;
use super::overrun::Overrun;
use super::plan::StagePlan;
use super::preset::Preset;
use super::waste::{Loss, Waste};
use super::work::{Item, ItemId};
use kernel::event_list::{EventList, EventPriority};
use kernel::streams::Streams;
use kernel::units::{Instant, PersonId, StageId, Ticks};

/// What is due at the present instant, in the order of emission.
#[derive(Clone, Copy, Debug)]
pub(super) enum Due {
    Emit(DomainEvent),
    /// An item goes to the next step of its route.
    Advance(ItemId),
    /// An item goes to the stage it was sent back to.
    Return(ItemId),
    /// An item has come to the end of its route without having been served, and is done.
    Finish(ItemId),
    /// There may be room at a stage at whose door items wait.
    Open(StageId),
    /// An item is dropped, once everyone has noticed.
    Forget(ItemId),
    /// What an initiative has in outline comes to its first stage.
    Come(InitiativeId),
    /// An initiative is begun, and everyone has been told: what waits for one of its seats goes into outline.
    Outline(InitiativeId),
    /// What is in outline of an initiative is dropped with it.
    Discard(InitiativeId, Drop),
    /// An initiative is over, once everyone has noticed.
    Close(InitiativeId),
}

/// Which sorts of domain events somebody subscribes to: a bit for each.
pub(super) type SortMask = u32;

const _: () = assert!(SORTS <= SortMask::BITS as usize, "each sort of domain event has a bit");

/// What is due, in the order of emission: a list that begins anew whenever it has been worked off.
#[derive(Clone, Debug)]
pub(super) struct Agenda {
    list: Vec<Due>,
    next: usize,
    /// What nobody subscribes to is never put on the list.
    pub subscribed: SortMask,
}

impl Default for Agenda {
    fn default() -> Agenda {
        Agenda { list: Vec::new(), next: 0, subscribed: SortMask::MAX }
    }
}

impl Agenda {
    #[inline]
    pub fn push_back(&mut self, due: Due) {
        self.list.push(due);
    }

    /// Whether nothing is due any more.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.next == self.list.len()
    }

    /// What is due next; where nothing is, the list begins anew.
    #[inline(always)] // so that it is looked at where it lies
    pub fn next(&mut self) -> Option<&Due> {
        if self.is_empty() {
            self.list.clear();
            self.next = 0;
            return None;
        }
        self.next += 1;
        self.list.get(self.next - 1)
    }
}

/// The most events that may be pending, besides one for each item that may be open.
pub(super) const MOST_PENDING: u64 = 10_000_000;

/// What a mechanism may see and do while it acts.
#[derive(Clone)]
pub struct Context<'p> {
    pub org: Organisation,
    pub plan: &'p CompiledPlan,
    pub streams: Streams,
    pub(super) event_list: EventList<Event>,
    pub(super) due: Agenda,
    /// Why the replication is about to end, whatever becomes of what was too much: something was not brought for it.
    pub(super) ends: Option<Overrun>,
}

impl Context<'_> {
    #[inline]
    pub fn now(&self) -> Instant {
        self.event_list.now()
    }

    /// Where a mechanism that begins (anew, after a reorganisation) begins to number what it draws: it must not
    /// repeat what it drew before, and there are not 2⁴⁰ of anything in one replication.
    #[inline]
    pub fn first_number(&self) -> u64 {
        u64::from(self.org.moves) << 40
    }

    /// Schedules a mechanism's own event, `delay` from now.
    #[inline]
    pub fn after(&mut self, delay: Ticks, priority: EventPriority, event: impl Into<Event>) {
        self.event_list.after(delay, priority, event.into());
    }

    /// Whether there is more work than the replication may hold. Whoever makes a lot of it at once stops there, so the
    /// replication ends, even where what is too much is refused at the same instant.
    #[inline]
    pub fn is_overrun(&mut self) -> bool {
        let (limit, pending) = (self.plan.population_limit, self.event_list.pending() as u64);
        if self.org.population() > limit {
            self.ends.get_or_insert(Overrun::Population { limit });
        } else if pending > MOST_PENDING + limit {
            self.ends.get_or_insert(Overrun::Pending { limit: MOST_PENDING + limit });
        }
        self.ends.is_some()
    }

    /// Schedules something that comes round for many at one instant: of those, what stands earlier on routes comes
    /// first, whatever was called first.
    #[inline]
    pub fn after_in_place(
        &mut self,
        delay: Ticks,
        priority: EventPriority,
        place: u16,
        event: impl Into<Event>,
    ) {
        self.event_list.after_in_place(delay, priority, place, event.into());
    }

    /// Counts something that happened now, and emits it to whoever subscribes to such domain events.
    #[inline(always)] // so that only the domain event's own arms are left of what is asked about it
    pub fn emit(&mut self, event: DomainEvent) {
        self.org.count_event(self.event_list.now(), &event, self.plan);
        if self.due.subscribed >> event.sort() as u32 & 1 != 0 {
            self.due.push_back(Due::Emit(event));
        }
    }
}

/// One way the organisation behaves.
///
/// A mechanism holds work ([`admit`](Mechanism::admit)), emits and handles domain events, has a say in
/// the pace of work ([`pace`](Mechanism::pace)) and acts at its own events. It never calls another
/// mechanism: what one causes in another passes through a domain event, or through what the other's column of an item,
/// a component or a team offers.
pub trait Mechanism: Clone + Sized {
    /// What it keeps for everyone to see: what `instruments!` declares.
    const INSTRUMENTS: Instruments = Instruments::NONE;
    /// What it has to say in presets: files in its folder, `presets!["typical"]`.
    const PRESETS: &'static [Preset] = &[];
    /// How that is told.
    const METRICS: &'static [Metric] = &[];
    /// The causes of its own by which it slows work in hand.
    const SLOWERS: &'static [Slower] = &[];
    /// What it takes of people that its levers could give back.
    const WASTES: &'static [Waste] = &[];
    /// What is lost otherwise that its levers address.
    const LOSSES: &'static [Loss] = &[];

    /// Whether it can bring a team work, or call its people.
    const MOVES_WORK: bool = false;

    /// What its scenario tables compile to.
    type Params: Clone + std::fmt::Debug;
    /// Its own future.
    type Event: Copy + std::fmt::Debug;

    /// The state it starts a replication with, and its first events.
    fn start(params: &Self::Params, ctx: &mut Context<'_>) -> Self;

    /// Whether something it scheduled still matters now that it is due; what is stale happens to nobody.
    #[inline]
    fn is_live(_event: Self::Event, _ctx: &Context<'_>) -> bool {
        true
    }

    /// Whose duty is over with something it scheduled: they are sent back to the desk before it acts. A reorganisation
    /// ends all duties, and takes what would have ended one off the event list.
    #[inline]
    fn frees(_event: Self::Event) -> Option<PersonId> {
        None
    }

    /// Work that is open today is gone, and what `ctx.plan.today` says is there instead: whoever brings work brings it.
    fn bring_today(&mut self, _params: &Self::Params, _ctx: &mut Context<'_>) {}

    /// Something it scheduled is due.
    fn on(&mut self, _event: Self::Event, _params: &Self::Params, _ctx: &mut Context<'_>) {}

    /// Whether it has something to do each week under a plan: asked once, when the plan is made. From then on that it
    /// has, its weeks come round.
    fn has_weeks(_params: &Self::Params, _plan: &CompiledPlan) -> bool {
        false
    }

    /// A week of its is over.
    fn each_week(&mut self, _params: &Self::Params, _ctx: &mut Context<'_>) {}

    /// An item comes to one of its stages.
    fn admit(&mut self, _item: ItemId, _params: &Self::Params, _ctx: &mut Context<'_>) {}

    /// People have done the work they were asked for at one of its stages.
    fn worked(&mut self, _item: ItemId, _person: PersonId, _params: &Self::Params, _ctx: &mut Context<'_>) {}

    /// Whether it subscribes to domain events of this sort under a plan: asked once, when the plan is made.
    fn subscribes_to(_sort: EventSort, _params: &Self::Params, _plan: &CompiledPlan) -> bool {
        false
    }

    /// Something happened.
    fn handle(&mut self, _event: &DomainEvent, _params: &Self::Params, _ctx: &mut Context<'_>) {}

    /// Whether it has a say in the pace of work under a plan: asked once, when the plan is made.
    fn paces(_params: &Self::Params, _plan: &CompiledPlan) -> bool {
        false
    }

    /// Somebody is about to work on an item: it may change the item's speed, slowness and need.
    fn pace(&mut self, _item: ItemId, _person: PersonId, _params: &Self::Params, _ctx: &mut Context<'_>) {}

    /// Whether an item will not return its value once live.
    ///
    /// This and the questions below are what the core must know of what mechanisms keep in their columns. They are asked of
    /// the column alone, whether or not its mechanism takes part: a column that nobody has written is as it was made. A
    /// mechanism that has no answer of its own costs nothing.
    #[inline]
    fn spoils(_item: &Item) -> bool {
        false
    }

    /// Whether an item passes by a stage that it comes to.
    #[inline]
    fn passes_by(_item: &Item, _stage: &StagePlan) -> bool {
        false
    }

    /// How many times as long as written an item takes at a stage.
    #[inline]
    fn stretches(_item: &Item, _stage: &StagePlan) -> Option<f64> {
        None
    }

    /// Log-odds added to the chance that a reader sends an item back.
    #[inline]
    fn doubts(_item: &Item) -> Option<f32> {
        None
    }

    /// Log-odds added to the chance that a change of a component fails in production.
    #[inline]
    fn endangers(_component: &Component) -> Option<f64> {
        None
    }

    /// Whether more than one team has worked on an item.
    #[inline]
    fn has_crossed(_item: &Item) -> bool {
        false
    }

    /// An item has come to a stage, whether or not there is room for it.
    #[inline]
    fn comes(_item: ItemId, _stage: &StagePlan, _ctx: &mut Context<'_>) {}

    /// Whether somebody looks for people where a team has fewer than it is meant to have.
    fn seeks_people(_params: &Self::Params) -> bool {
        false
    }

    /// Whether it must be told of each item that is dropped, those too of which nothing is there yet but an outline.
    fn counts_each_drop(_params: &Self::Params) -> bool {
        false
    }

    /// What it draws by when an item is at a stage, besides the stage itself: two steps of a route that share one of
    /// these must not draw from the same place.
    fn draws_by(_stage: &StagePlan, _params: &Self::Params, _found: &mut Vec<u64>) {}

    /// What stands at each place of the lists of parameters by which it keeps something: where that changes, the
    /// organisation is reorganised.
    fn shape(_params: &Self::Params) -> Vec<u64> {
        Vec::new()
    }

    /// What becomes of something it scheduled when the organisation is reorganised; nothing, unless it says so.
    fn translate(
        _event: Self::Event,
        _migration: &Migration,
        _old: &Self::Params,
        _new: &Self::Params,
    ) -> Option<Self::Event> {
        None
    }

    /// The organisation has been reorganised, and `ctx.plan` and `params` are the new ones. What it knows by
    /// team, stage or kind must follow; by default it begins anew, and the items at its stages come to it again.
    fn migrate(&mut self, _migration: &Migration, params: &Self::Params, ctx: &mut Context<'_>) {
        *self = Self::start(params, ctx);
    }

    /// The policy has changed; `ctx.plan` and `params` are the new ones.
    fn change_policy(&mut self, _params: &Self::Params, _ctx: &mut Context<'_>) {}
}

/// A mechanism with its place in the register.
pub trait Registered: Mechanism {
    /// Where its instruments begin among all.
    const FIRST: Instruments;
}
