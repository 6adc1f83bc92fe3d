//! How an item comes into being: everything about it that its kind calls for is drawn at birth.

use super::gauge::Tally;
use super::mechanism::Turn;
use super::moment::Drop;
use super::plan::ValuePlan;
use super::work::{InitiativeId, Item, ItemId};
use kernel::luck::{Key, Luck, Purpose};
use kernel::math;
use kernel::normal::inverse_normal;
use kernel::units::{ComponentId, KindId, TeamId};

const SIZE: Purpose = Purpose::named("birth/size");
const COMPONENT: Purpose = Purpose::named("birth/component");
const VALUE: Purpose = Purpose::named("birth/value");
const BELIEF: Purpose = Purpose::named("birth/belief");

/// An item with everything about it drawn that its kind calls for; it is not on its way yet.
#[inline]
pub fn draw_item(
    kind: KindId,
    team: TeamId,
    key: Key,
    initiative: Option<InitiativeId>,
    turn: &mut Turn<'_>,
) -> ItemId {
    draw_sized(kind, team, key, initiative, None, turn)
}

/// The same of an item whose size is known, whatever its kind's law says: for everybody, so that its value and what
/// is believed of it are those of an item of that size.
pub fn draw_sized(
    kind: KindId,
    team: TeamId,
    key: Key,
    initiative: Option<InitiativeId>,
    size: Option<f64>,
    turn: &mut Turn<'_>,
) -> ItemId {
    let plan = &turn.plan.kinds[kind.at()];
    let luck = turn.luck;
    let component = pick_component(team, key, turn);
    // Drawn where it lies: an item is large, and every copy of one costs as much as a draw.
    let id = turn.org.items.insert(Item::new(key, kind, plan.class, team, turn.now()));
    let item = &mut turn.org.items[id];
    item.initiative = initiative;
    item.component = component;
    let (mut lucky, mut expected) = (0.0, plan.mean_hours);
    if let Some(hours) = size {
        (item.size_hours, item.believed_hours) = (hours, hours as f32);
        expected = hours; // nothing about it is luck
    } else if let Some(size) = &plan.size {
        item.size_hours = size.draw(&luck, SIZE, key);
        item.believed_hours = item.size_hours as f32;
        lucky = item.size_hours - plan.mean_hours;
    }
    let mut luckier = 0.0;
    if let Some(value) = turn.plan.value.as_ref().filter(|_| plan.valued) {
        draw_value(item, value, &luck);
        luckier = f64::from(item.value_rates[value.model]) - value.mean_rate_of(expected);
    }
    turn.org.count(Tally::SIZE_LUCK, lucky);
    turn.org.count(Tally::VALUE_LUCK, luckier);
    turn.org.count(Tally::VALUE_LUCK_BY_HOUR, luckier * turn.now().hours());
    id
}

/// One of the team's components, by how much work touches each.
pub fn pick_component(team: TeamId, key: Key, turn: &Turn<'_>) -> Option<ComponentId> {
    let range = turn.plan.teams[team.at()].components.clone();
    if range.len() <= 1 {
        return range.map(ComponentId).next();
    }
    let u = turn.luck.uniform(COMPONENT, key);
    let last = range.end - 1;
    range.map(ComponentId).find(|at| u < turn.plan.components[at.at()].reached || at.0 == last)
}

fn draw_value(item: &mut Item, plan: &ValuePlan, luck: &Luck) {
    let mut stream = luck.stream(VALUE, item.key);
    let tail = plan.tail_sigma;
    let z = inverse_normal(stream.uniform());
    let effort = if plan.mean_hours > 0.0 { item.size_hours / plan.mean_hours } else { 1.0 };
    let heavy = math::exp(tail * z - tail * tail / 2.0);
    item.value_rates = [1.0, effort, heavy].map(|part| (plan.mean_rate * part) as f32);
    let mut belief = luck.stream(BELIEF, item.key);
    let mut error = |sigma: f64| math::exp(sigma * inverse_normal(belief.uniform()));
    item.believed_rate = item.value_rates[plan.model] * error(plan.value_error) as f32;
    item.believed_hours = (item.size_hours * error(plan.size_error)) as f32;
}

/// Sends a new item on its way. Where the backlog of its kind has a limit, whether there is room in it is known only
/// once the instant has settled: what is started at once, by whomever, has not waited.
#[inline]
pub fn admit_or_refuse(id: ItemId, turn: &mut Turn<'_>) {
    let item = &turn.org.items[id];
    let initiative = item.initiative;
    if turn.plan.kinds[item.kind.at()].backlog_limit.is_some() {
        turn.org.on_trial.push(id);
    }
    turn.enter(id);
    if let Some(initiative) = turn.org.initiative_mut(initiative) {
        initiative.waiting.push(id);
        initiative.members.push(id);
    }
}

impl Turn<'_> {
    /// Refuses an item that came at this instant and was not started, if more of its kind wait than may.
    pub(super) fn refuse_if_too_many(&mut self, id: ItemId) {
        let Some(item) = self.org.items.get(id) else { return };
        let limit = self.plan.kinds[item.kind.at()].backlog_limit;
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
