//! Dependencies: an item waits for parts that other teams make, or for the item before it.
//!
//! **How it acts.** At a stage of parts an item forks: each part it needs is an item of its own, which
//! goes through its own kind's route in the line of the team that makes it. The item goes on when the
//! last part is done; a part that is dropped is done without. Before it forks it may have to wait until
//! the preceding item of its initiative is live. The time of the part that finished last is handed to the
//! item's ledger, its waiting in other teams' lines as waiting for another team.
//! **Parameters.** `stage.NAME.parts`: kinds of work, who makes them, how many, how large, side by side or
//! one after the other; `stage.NAME.predecessor`: the chance of having to wait. Take effect at the next stage.
//! **Sources.** Assumed; FL-5 counts dependencies but not what they cost.

use crate::birth::draw_sized;
use crate::cause::Cause;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::domain_event::{DomainEvent, Drop, EventSort};
use crate::mechanism::{Context, Mechanism};
use crate::plan::{Holder, StagePlan};
use crate::work::{ItemId, Role};
use kernel::distribution::Distribution;
use kernel::streams::{Key, StreamId};
use kernel::units::{KindId, TeamId};
use notation::{NumberDistribution, Share};
use schemars::JsonSchema;
use serde::Deserialize;

const NEEDED: StreamId = StreamId::named("dependencies/needed");
const COUNT: StreamId = StreamId::named("dependencies/count");
const MAKER: StreamId = StreamId::named("dependencies/maker");
const PART: StreamId = StreamId::named("dependencies/part");
const PREDECESSOR: StreamId = StreamId::named("dependencies/predecessor");

/// What items wait for at a stage.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The parts they may need. Takes effect at the next stage.
    #[serde(default)]
    pub need: Vec<PartTable>,
    /// Whether parts are made one after the other; else side by side.
    #[serde(default)]
    pub in_order: bool,
    /// Chance that the preceding item of the initiative must be live before this one goes on.
    #[serde(default = "none")]
    pub predecessor: Share,
}

/// A part that items need, an item of a kind of its own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartTable {
    /// Its kind of work.
    pub work: String,
    /// Who makes it: a team's name, "own", or "others" for another team, by lot.
    pub team: String,
    /// Chance that an item needs it.
    #[serde(default = "all")]
    pub chance: Share,
    /// How many it then needs: 0 is none, and a fraction is rounded at random, so that the mean is kept.
    #[serde(default)]
    pub count: Option<NumberDistribution>,
    /// Its size as a share of the item's; left out, its kind's own size.
    #[serde(default)]
    pub share: Option<Share>,
}

fn none() -> Share {
    Share::of(0.0).expect("a share")
}
fn all() -> Share {
    Share::of(1.0).expect("a share")
}

/// More parts than this, on average, are refused.
const MOST_PARTS: f64 = 100.0;

/// What an item waits for at a stage of parts.
#[derive(Clone, Debug)]
pub struct Parts {
    pub parts: Vec<Part>,
    /// One after the other, rather than side by side.
    pub in_order: bool,
    /// Chance that the preceding item of its initiative must be live first.
    pub predecessor: f64,
}

/// A part that items need.
#[derive(Clone, Debug)]
pub struct Part {
    pub kind: KindId,
    pub maker: Maker,
    /// Chance that an item needs it, and how many it then needs.
    pub chance: f64,
    pub count: Distribution,
    /// Its size as a share of the item's; `None` where its kind has its own.
    pub share: Option<f64>,
}

/// Who makes a part.
#[derive(Clone, Debug)]
pub enum Maker {
    Team(TeamId),
    /// The item's own team.
    Own,
    /// One of these, by lot, other than the item's own.
    Others(Vec<TeamId>),
}

impl Table {
    pub fn compile(&self, path: &str, ctx: &mut CompileContext<'_>) -> Parts {
        let need = self.need.iter().enumerate();
        let parts = need.filter_map(|(at, part)| part.compile(&format!("{path}.need.{at}"), ctx));
        Parts { parts: parts.collect(), in_order: self.in_order, predecessor: self.predecessor.fraction() }
    }
}

impl PartTable {
    fn compile(&self, path: &str, ctx: &mut CompileContext<'_>) -> Option<Part> {
        let kind = ctx.kind(&format!("{path}.work"), &self.work)?;
        let maker = match self.team.as_str() {
            "own" => Maker::Own,
            "others" => Maker::Others((0..ctx.names.teams.len()).map(TeamId::new).collect()),
            name => Maker::Team(ctx.team(&format!("{path}.team"), name)?),
        };
        let count = match &self.count {
            Some(distribution) => ctx.number_distribution(&format!("{path}.count"), distribution),
            None => Distribution::Constant(1.0),
        };
        if count.mean() > MOST_PARTS {
            let message = format!("more than {MOST_PARTS} parts an item on average");
            ctx.problems.error(format!("{path}.count"), message);
        }
        let share = self.share.map(|share| share.fraction());
        Some(Part { kind, maker, chance: self.chance.fraction(), count, share })
    }
}

/// An item that waits for its parts.
#[derive(Clone, Debug)]
struct Case {
    item: ItemId,
    /// Parts under way.
    open: Vec<ItemId>,
    /// Parts not begun, last one first, where they are made one after the other.
    later: Vec<Need>,
}

/// A part that is needed: which of the stage's, made by whom, and its address.
#[derive(Clone, Copy, Debug)]
struct Need {
    part: usize,
    team: TeamId,
    key: Key,
}

#[derive(Clone)]
pub struct Dependencies {
    cases: Vec<Case>,
    /// Items that wait for the one before them: (predecessor, who waits).
    behind: Vec<(ItemId, ItemId)>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

impl Mechanism for Dependencies {
    type Params = ();
    type Event = Event;

    fn start(_: &(), _: &mut Context<'_>) -> Dependencies {
        Dependencies { cases: Vec::new(), behind: Vec::new() }
    }

    fn admit(&mut self, id: ItemId, _: &(), ctx: &mut Context<'_>) {
        ctx.wait(id, Cause::Dependency);
        match predecessor(id, ctx) {
            Some(before) => self.behind.push((before, id)),
            None => self.fork(id, ctx),
        }
    }

    fn subscribes_to(sort: EventSort, _: &Self::Params, plan: &CompiledPlan) -> bool {
        let has_parts = plan.stages.iter().any(|stage| matches!(stage.holder, Holder::Parts(_)));
        has_parts && matches!(sort, EventSort::Done | EventSort::Dropped)
    }

    fn handle(&mut self, event: &DomainEvent, _: &(), ctx: &mut Context<'_>) {
        match *event {
            DomainEvent::Done { item } => self.over(item, ctx),
            DomainEvent::Dropped { item, .. } => {
                self.forget(item, ctx);
                self.over(item, ctx);
            }
            _ => {}
        }
    }

    /// Parts of one item are told apart by the item's pass, wherever they are sent for.
    fn draws_by(stage: &StagePlan, _: &(), found: &mut Vec<u64>) {
        if matches!(stage.holder, Holder::Parts(_)) {
            found.push(Key::of("parts of any stage", 0).0);
        }
    }
}

impl Dependencies {
    /// Sends for the parts an item needs; one that needs none goes on.
    fn fork(&mut self, id: ItemId, ctx: &mut Context<'_>) {
        let Some(parts) = parts(id, ctx) else { return ctx.leave(id) };
        let mut needs = needs(id, parts, ctx);
        if needs.is_empty() {
            return ctx.leave(id);
        }
        needs.reverse();
        let first = if parts.in_order { needs.len() - 1 } else { 0 };
        let now = needs.split_off(first);
        let open = now.into_iter().rev().map(|need| send_for(id, need, parts, ctx)).collect();
        self.cases.push(Case { item: id, open, later: needs });
    }

    /// An item is live or dropped: whoever waits for it as a part or as the one before goes on.
    fn over(&mut self, done: ItemId, ctx: &mut Context<'_>) {
        if matches!(ctx.org.items[done].role, Role::Part { .. }) {
            self.part_is_over(done, ctx);
        }
        if self.behind.iter().any(|(before, _)| *before == done) {
            let (freed, others) =
                std::mem::take(&mut self.behind).into_iter().partition(|(it, _)| *it == done);
            self.behind = others;
            let freed: Vec<(ItemId, ItemId)> = freed;
            for (_, waiting) in freed {
                self.fork(waiting, ctx);
            }
        }
    }

    fn part_is_over(&mut self, part: ItemId, ctx: &mut Context<'_>) {
        let Some(at) = self.cases.iter().position(|case| case.open.contains(&part)) else { return };
        let case = &mut self.cases[at];
        let id = case.item;
        case.open.retain(|open| *open != part);
        join(part, id, ctx);
        if !case.open.is_empty() {
            return;
        }
        hand_over(part, id, ctx);
        match case.later.pop() {
            Some(next) => {
                if let Some(parts) = parts(id, ctx) {
                    case.open.push(send_for(id, next, parts, ctx));
                }
            }
            None => {
                self.cases.swap_remove(at);
                ctx.leave(id);
            }
        }
    }

    /// An item that waits here is dropped, and its parts with it.
    fn forget(&mut self, dropped: ItemId, ctx: &mut Context<'_>) {
        self.behind.retain(|(_, waiting)| *waiting != dropped);
        if let Some(at) = self.cases.iter().position(|case| case.item == dropped) {
            for part in self.cases.swap_remove(at).open {
                ctx.drop_item(part, Drop::Killed);
            }
        }
    }
}

fn parts<'a>(id: ItemId, ctx: &Context<'a>) -> Option<&'a Parts> {
    let plan = ctx.plan;
    match &plan.stages[ctx.org.items[id].stage.at()].holder {
        Holder::Parts(parts) => Some(parts),
        _ => None,
    }
}

/// The item of the same initiative that must be live first, if there is one and it is not.
fn predecessor(id: ItemId, ctx: &Context<'_>) -> Option<ItemId> {
    let parts = parts(id, ctx)?;
    let item = &ctx.org.items[id];
    let initiative = ctx.org.initiatives.get(item.initiative?)?;
    let place = initiative.members.iter().position(|member| *member == id)?;
    let before = *initiative.members.get(place.checked_sub(1)?)?;
    let is_open = ctx.org.items.get(before).is_some();
    (is_open && ctx.streams.chance(parts.predecessor, PREDECESSOR, item.key.pass(item.pass())))
        .then_some(before)
}

/// The parts an item needs, in the order of the stage's.
fn needs(id: ItemId, parts: &Parts, ctx: &Context<'_>) -> Vec<Need> {
    let item = &ctx.org.items[id];
    let mut needs = Vec::new();
    for (part, plan) in parts.parts.iter().enumerate() {
        let key = item.key.child(PART, part as u64).pass(item.pass());
        if !ctx.streams.chance(plan.chance, NEEDED, key) {
            continue;
        }
        // More than may ever be open end the replication in any case.
        let count = plan.count.count(&ctx.streams, COUNT, key).min(ctx.plan.population_limit + 1);
        for key in (0..count).map(|nth| key.nth(nth)) {
            needs.push(Need { part, team: maker(plan, item.team, key, ctx), key });
        }
    }
    needs
}

fn maker(part: &Part, own: TeamId, key: Key, ctx: &Context<'_>) -> TeamId {
    match &part.maker {
        Maker::Team(team) => *team,
        Maker::Own => own,
        Maker::Others(teams) => {
            let others: Vec<TeamId> = teams.iter().copied().filter(|team| *team != own).collect();
            let at = (ctx.streams.uniform(MAKER, key) * others.len() as f64) as usize;
            others.get(at).copied().unwrap_or(own)
        }
    }
}

fn send_for(id: ItemId, need: Need, parts: &Parts, ctx: &mut Context<'_>) -> ItemId {
    let plan: &Part = &parts.parts[need.part];
    let whole = &mut ctx.org.items[id];
    let had = whole.own.topology.send_for_part(whole.team, need.team);
    let size = plan.share.map(|share| share * whole.size_hours);
    let part_id = draw_sized(plan.kind, need.team, need.key, None, size, ctx);
    let part = &mut ctx.org.items[part_id];
    part.own.topology = had;
    part.role = Role::Part { of: id };
    ctx.enter(part_id);
    ctx.emit(DomainEvent::Needed { item: part_id });
    part_id
}

/// What a part brings into the whole: when writing began, and the greatest risk of all parts.
fn join(part: ItemId, id: ItemId, ctx: &mut Context<'_>) {
    let part = &ctx.org.items[part];
    let (coded, risk) = (part.coded, part.risk);
    let item = &mut ctx.org.items[id];
    item.coded = item.coded.or(coded);
    item.risk = item.risk.max(risk);
}

/// Hands the time of a part to the item that waited for it.
fn hand_over(part: ItemId, id: ItemId, ctx: &mut Context<'_>) {
    let now = ctx.now();
    let had = ctx.org.items[part].own.topology;
    ctx.org.items[id].own.topology.take_back(&had);
    let mut spent = ctx.org.items[part].ledger.clone();
    spent.turn_to(Cause::Work, now);
    ctx.org.items[id].ledger.take_over(&spent, now);
}
