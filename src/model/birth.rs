//! How an item comes into being: everything about it that its kind calls for is drawn at birth.

use super::domain_event::Drop;
use super::initiative::InitiativeId;
use super::instrument::Counter;
use super::mechanism::Context;
use super::plan::ValuePlan;
use super::work::{Item, ItemId};
use kernel::math;
use kernel::normal::inverse_normal;
use kernel::streams::{Key, StreamId, Streams};
use kernel::units::{ComponentId, KindId, TeamId};

const SIZE: StreamId = StreamId::named("birth/size");
const COMPONENT: StreamId = StreamId::named("birth/component");
const VALUE: StreamId = StreamId::named("birth/value");
const BELIEF: StreamId = StreamId::named("birth/belief");

/// What is drawn of an item when it comes, and needs no item to lie in.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    pub component: Option<ComponentId>,
    pub size_hours: f64,
    pub value_rates: [f32; 3],
    pub estimated_rate: f32,
    pub estimated_hours: f32,
    pub due_after: f32,
}

/// An item with everything about it drawn that its kind calls for; it is not on its way yet.
#[inline]
pub fn draw_item(
    kind: KindId,
    team: TeamId,
    key: Key,
    initiative: Option<InitiativeId>,
    ctx: &mut Context<'_>,
) -> ItemId {
    draw_sized(kind, team, key, initiative, None, ctx)
}

/// The same of an item whose size is known, whatever its kind's law says: for everybody, so that its value and what
/// is believed of it are those of an item of that size.
pub fn draw_sized(
    kind: KindId,
    team: TeamId,
    key: Key,
    initiative: Option<InitiativeId>,
    size: Option<f64>,
    ctx: &mut Context<'_>,
) -> ItemId {
    let drawn = draw(kind, team, key, size, ctx);
    make(kind, team, key, initiative, &drawn, ctx)
}

/// An item of what is drawn of it; it is not on its way yet.
#[inline]
pub fn make(
    kind: KindId,
    team: TeamId,
    key: Key,
    initiative: Option<InitiativeId>,
    drawn: &Drawn,
    ctx: &mut Context<'_>,
) -> ItemId {
    let (now, class) = (ctx.now(), ctx.plan.kinds[kind.at()].class);
    let id = ctx.org.add_item(|| Item::new(key, kind, class, team, now));
    let item = &mut ctx.org.items[id];
    item.initiative = initiative;
    drawn.describe(item);
    id
}

impl Drawn {
    /// What is drawn of an item, as it stands now.
    pub(super) fn of(item: &Item) -> Drawn {
        let Item { component, size_hours, value_rates, estimated_rate, estimated_hours, .. } = *item;
        let due_after = item.urgency.due_after;
        Drawn { component, size_hours, value_rates, estimated_rate, estimated_hours, due_after }
    }

    #[inline]
    pub(super) fn describe(&self, item: &mut Item) {
        item.component = self.component;
        item.size_hours = self.size_hours;
        item.value_rates = self.value_rates;
        (item.estimated_rate, item.estimated_hours) = (self.estimated_rate, self.estimated_hours);
        item.urgency.due_after = self.due_after;
    }
}

/// Draws everything about an item that its kind calls for; of a known size, if there is one.
#[inline]
pub fn draw(kind: KindId, team: TeamId, key: Key, size: Option<f64>, ctx: &mut Context<'_>) -> Drawn {
    let plan = &ctx.plan.kinds[kind.at()];
    let streams = ctx.streams;
    let mut drawn = Drawn {
        component: pick_component(team, key, ctx),
        size_hours: 0.0,
        value_rates: [0.0; 3],
        estimated_rate: 0.0,
        estimated_hours: 1.0,
        due_after: f32::INFINITY,
    };
    let mut expected = plan.mean_hours;
    let mut lucky = 0.0;
    if let Some(hours) = size {
        (drawn.size_hours, drawn.estimated_hours) = (hours, hours as f32);
        expected = hours; // nothing about it is noise
    } else if let Some(size) = &plan.size {
        drawn.size_hours = size.draw(&streams, SIZE, key);
        drawn.estimated_hours = drawn.size_hours as f32;
        lucky = drawn.size_hours - plan.mean_hours;
    }
    if let Some(value) = ctx.plan.value.as_ref().filter(|_| plan.valued) {
        draw_value(&mut drawn, key, value, &streams);
        let luckier = f64::from(drawn.value_rates[value.model]) - value.mean_rate_of(expected);
        ctx.org.count(Counter::VALUE_DEVIATION, luckier);
    }
    ctx.org.count(Counter::SIZE_DEVIATION, lucky);
    drawn
}

/// One of the team's components, by how much work touches each.
pub fn pick_component(team: TeamId, key: Key, ctx: &Context<'_>) -> Option<ComponentId> {
    let range = ctx.plan.teams[team.at()].components.clone();
    if range.len() <= 1 {
        return range.map(ComponentId).next();
    }
    let u = ctx.streams.uniform(COMPONENT, key);
    let last = range.end - 1;
    range.map(ComponentId).find(|at| u < ctx.plan.components[at.at()].reached || at.0 == last)
}

fn draw_value(drawn: &mut Drawn, key: Key, plan: &ValuePlan, streams: &Streams) {
    let mut stream = streams.stream(VALUE, key);
    let tail = plan.tail_sigma;
    let z = inverse_normal(stream.uniform());
    let effort = if plan.mean_hours > 0.0 { drawn.size_hours / plan.mean_hours } else { 1.0 };
    let heavy = math::exp(tail * z - tail * tail / 2.0);
    drawn.value_rates = [1.0, effort, heavy].map(|part| (plan.mean_rate * part) as f32);
    drawn.due_after = plan.waiting.due_after(streams, key);
    let mut belief = streams.stream(BELIEF, key);
    let mut error = |sigma: f64| math::exp(sigma * inverse_normal(belief.uniform()));
    drawn.estimated_rate = drawn.value_rates[plan.model] * error(plan.value_error) as f32;
    drawn.estimated_hours = (drawn.size_hours * error(plan.size_error)) as f32;
}

/// Sends a new item on its way. Where the backlog of its kind has a limit, whether there is room in it is known only
/// once the instant has settled: what is started at once, by whomever, has not waited.
#[inline]
pub fn admit_or_refuse(id: ItemId, ctx: &mut Context<'_>) {
    let item = &ctx.org.items[id];
    let initiative = item.initiative;
    // Whether a whole is let in is asked of its first item, for all of them.
    let is_first =
        |initiative: InitiativeId| ctx.org.initiatives.get(initiative).is_none_or(|it| it.members.is_empty());
    let stands_for_all = ctx.whole_of(initiative).is_none_or(is_first);
    if ctx.plan.kinds[item.kind.at()].backlog_limit.is_some() && stands_for_all {
        ctx.org.on_trial.push(id);
    }
    ctx.enter(id);
    if let Some(initiative) = ctx.org.initiative_mut(initiative) {
        let nth = initiative.members.len() as u32;
        initiative.waiting.push(id);
        initiative.members.push(id);
        let is_active = initiative.active;
        ctx.org.items[id].nth = nth;
        // What comes to an initiative under way is wanted already.
        if is_active {
            ctx.commit(id);
        }
    }
}

impl Context<'_> {
    /// Refuses an item that came at this instant and was not started, if more of its kind wait than may.
    pub(super) fn refuse_if_too_many(&mut self, id: ItemId) {
        let Some(item) = self.org.items.get(id) else { return };
        let limit = self.plan.kinds[item.kind.at()].backlog_limit;
        let state = item.initiative.and_then(|initiative| self.org.initiatives.get(initiative));
        if let (Some(initiative), true) = (item.initiative, state.is_some_and(|state| state.whole.is_some()))
        {
            return self.refuse_or_displace(initiative, limit);
        }
        let waiting = self.org.unpulled(item.kind, item.team);
        if item.pulled.is_some() || limit.is_none_or(|limit| waiting <= limit) {
            return;
        }
        let initiative = item.initiative;
        if let Some(initiative) = self.org.initiative_mut(initiative) {
            initiative.members.retain(|member| *member != id);
        }
        self.drop_item(id, Drop::Refused);
    }
}
