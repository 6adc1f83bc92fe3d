//! Initiatives that are wanted as a whole: how large they are, how many may work on one, and what is believed of it.

use super::{Brings, ITEMS, Source, most_items};
use crate::birth::{self, Drawn, admit_or_refuse};
use crate::compile_context::CompileContext;
use crate::initiative::{Frees, Initiative, InitiativeId, Whole};
use crate::instrument::Counter;
use crate::mechanism::Context;
use crate::work::ItemId;
use crate::worth::Values;
use kernel::distribution::Distribution;
use kernel::math;
use kernel::normal::inverse_normal;
use kernel::streams::{Key, StreamId};
use kernel::units::{KindId, TeamId};
use notation::{DurationDistribution, Limit, Share};
use schemars::JsonSchema;
use serde::Deserialize;

const SIZE: StreamId = StreamId::named("demand/initiative size");
const PART: StreamId = StreamId::named("demand/part of initiative");
const BELIEF: StreamId = StreamId::named("demand/initiative belief");
const ORDER: StreamId = StreamId::named("demand/initiative order");
const UNDER_WAY: StreamId = StreamId::named("demand/initiative under way");

/// An arrival is an initiative: wanted, ranked, refused, given up and begun as a whole.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WholeTable {
    /// Nominal work of all of it. It is cut into items of about the kind's `size`, which add up to it. Takes effect at the
    /// next arrival.
    #[schemars(extend("x-plain" = "size of an initiative"))]
    pub size: DurationDistribution,
    /// Items of it that people may work on at once, until their code is written. Takes effect at the next arrival.
    #[serde(default)]
    pub seats: Limit,
    /// Share of initiatives whose items must be done one after the other. Takes effect at the next arrival.
    #[serde(default = "none")]
    pub in_order: Share,
    /// How much longer an item takes to fit in for each quarter between the first coding of its initiative's first item and its
    /// own, at most twice as long. Takes effect when an item is first coded.
    #[serde(default = "none")]
    #[schemars(extend("x-plain" = "drift of what is unfinished"))]
    pub drift: Share,
    /// Whether a replication begins with some of them under way: as many as `team.*.wip.initiatives` lets, at most one for
    /// each of the team's people, each with what is left of it at an instant picked by chance. A fact.
    #[serde(default)]
    pub under_way: bool,
    /// When it no longer counts against `team.*.wip.initiatives`. Takes effect at the next arrival.
    #[serde(default)]
    pub frees: Frees,
    /// Standard deviation of the logarithm of what the team believes it to be worth, over what it is, for all of its items
    /// alike; each item's own error comes on top. A fact.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 5.0))]
    pub value_error: f64,
    /// The same of its size. A fact.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 5.0))]
    pub size_error: f64,
    /// Standard deviation of the logarithm of what it is worth, for all of its items alike; each item's own comes on top.
    /// A fact.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 5.0))]
    pub tail_sigma: f64,
}

fn none() -> Share {
    Share::of(0.0).expect("a share")
}

/// How initiatives of a kind of work come.
#[derive(Clone, Debug)]
pub struct WholePlan {
    /// Hours.
    size: Distribution,
    /// Hours of an item, on average.
    item_hours: f64,
    seats: u32,
    in_order: f64,
    frees: Frees,
    /// Hours of all of one that is under way when a replication begins, where some are.
    under_way: Option<Distribution>,
    value_error: f64,
    size_error: f64,
    tail_sigma: f64,
}

impl WholeTable {
    /// `item_hours` is the mean size of an item of the kind at `path`.
    pub fn compile(&self, path: &str, item_hours: f64, ctx: &mut CompileContext<'_>) -> WholePlan {
        if item_hours <= 0.0 {
            ctx.problems
                .error(
                    format!("{path}.initiative"),
                    "is cut into items of the kind's size, and there is none",
                )
                .help("write size = { lognormal = { mean = \"2 days\", cv = 1.5 } } beside it");
        }
        let size = ctx.gaps(&format!("{path}.initiative.size"), &self.size);
        WholePlan {
            under_way: self.under_way.then(|| size.size_biased()),
            size,
            item_hours: item_hours.max(1e-6),
            seats: self.seats.number().unwrap_or(u32::MAX),
            in_order: self.in_order.fraction(),
            frees: self.frees,
            value_error: self.value_error,
            size_error: self.size_error,
            tail_sigma: self.tail_sigma,
        }
    }
}

impl WholePlan {
    /// Items of an initiative, on average: one at the least makes a few more of small ones.
    pub fn mean_items(&self) -> f64 {
        (self.size.mean() / self.item_hours).max(1.0)
    }

    /// An initiative comes: its first item, and the others in outline.
    pub(super) fn propose(&self, source: &Source, key: Key, ctx: &mut Context<'_>) {
        let hours = self.size.draw(&ctx.streams, SIZE, key);
        ctx.org.count(Counter::SIZE_DEVIATION, hours - self.size.mean());
        let (initiative, _, first) = self.cut(hours, source, key, ctx);
        first.into_iter().for_each(|id| admit_or_refuse(id, ctx));
        ctx.send_outlined(initiative);
    }

    /// A team has begun this one before the replication does: some of it is left.
    fn go_on_with(&self, source: &Source, nth: u64, ctx: &mut Context<'_>) {
        let Some(sizes) = &self.under_way else { return };
        let key = source.key.child(UNDER_WAY, nth);
        let hours = sizes.draw(&ctx.streams, SIZE, key);
        let left = hours * ctx.streams.uniform(UNDER_WAY, key);
        let (initiative, worth, first) = self.cut(left, source, key, ctx);
        ctx.go_on_with(initiative, self.withheld(hours - left, worth, source.kind, ctx));
        first.into_iter().for_each(|id| admit_or_refuse(id, ctx));
        ctx.send_outlined(initiative);
    }

    /// What so many hours of an initiative that are live will return only once all of it is.
    fn withheld(&self, hours: f64, worth: f32, kind: KindId, ctx: &Context<'_>) -> Values {
        let plan = ctx.plan.value.as_ref().filter(|_| ctx.plan.kinds[kind.at()].valued);
        plan.map_or(Values::default(), |plan| {
            let effort = if plan.mean_hours > 0.0 { self.item_hours / plan.mean_hours } else { 1.0 };
            let rate = plan.at_completion * plan.mean_rate * f64::from(worth);
            [1.0, effort, 1.0].map(|part| part * rate * hours / self.item_hours)
        })
    }

    /// An initiative of so many hours, what all its items are worth over what others are, and the first of these, which has
    /// not come yet; the others are in outline.
    fn cut(
        &self,
        hours: f64,
        source: &Source,
        key: Key,
        ctx: &mut Context<'_>,
    ) -> (InitiativeId, f32, Option<ItemId>) {
        let count = self.count(hours, key, ctx);
        let parts = parts_of(hours, count, source.kind, key, ctx);
        let initiative = ctx.org.initiatives.insert(Initiative::new(source.team, count, ctx.now()));
        ctx.org.teams[source.team.at()].wholes.push(initiative);
        let mut first = None;
        let mut believed = [0.0; 2];
        let beliefs = self.beliefs(key, ctx);
        for (nth, part) in (0_u64..).zip(parts) {
            let (kind, team, key) = (source.kind, source.team, key.nth(nth));
            let mut drawn = birth::draw(kind, team, key, Some(part), ctx);
            share(beliefs, &mut drawn, &mut believed);
            match first {
                None => first = Some(birth::make(kind, team, key, Some(initiative), &drawn, ctx)),
                Some(_) => ctx.outline(initiative, kind, key, drawn),
            }
        }
        self.describe(initiative, source.kind, believed, key, ctx);
        (initiative, beliefs[0], first)
    }

    /// How many items it is cut into; a number between two whole ones is rounded at random.
    fn count(&self, hours: f64, key: Key, ctx: &Context<'_>) -> u32 {
        let number = (hours / self.item_hours).min(most_items(ctx) as f64);
        let whole = number as u32;
        (whole + u32::from(ctx.streams.chance(number - f64::from(whole), ITEMS, key))).max(1)
    }

    /// What all its items are worth, over what items are on average; and how far the team errs about that, and about the
    /// size.
    pub(super) fn beliefs(&self, key: Key, ctx: &Context<'_>) -> [f32; 3] {
        let mut stream = ctx.streams.stream(BELIEF, key);
        let mut z = || inverse_normal(stream.uniform());
        let worth = math::exp(self.tail_sigma * z() - self.tail_sigma * self.tail_sigma / 2.0);
        [worth, math::exp(self.value_error * z()), math::exp(self.size_error * z())].map(|it| it as f32)
    }

    pub(super) fn describe(
        &self,
        initiative: InitiativeId,
        kind: KindId,
        [believed_rate, believed_hours]: [f64; 2],
        key: Key,
        ctx: &mut Context<'_>,
    ) {
        let in_order = ctx.streams.chance(self.in_order, ORDER, key);
        let seats = if in_order { 1 } else { self.seats };
        let whole =
            Whole { kind, seats, frees: self.frees, believed_rate, believed_hours, is_put_off: false };
        ctx.org.initiatives[initiative].whole = Some(whole);
    }
}

/// An item has its share in what its initiative is worth, and in how far the team errs about that and about its size; what is
/// believed of it, its rate and its hours, is added to what is believed of all.
pub(super) fn share([worth, rate_error, size_error]: [f32; 3], drawn: &mut Drawn, believed: &mut [f64; 2]) {
    drawn.value_rates = drawn.value_rates.map(|rate| rate * worth);
    drawn.estimated_rate *= worth * rate_error;
    drawn.estimated_hours *= size_error;
    believed[0] += f64::from(drawn.estimated_rate);
    believed[1] += f64::from(drawn.estimated_hours);
}

/// Teams go on with what is under way when a replication begins: as many initiatives as the limit lets, one a head at most, of
/// each kind as many as of another.
pub(super) fn go_on(sources: &[Source], ctx: &mut Context<'_>) {
    for team in (0..ctx.plan.teams.len()).map(TeamId::new) {
        let mut wholes: Vec<(&Source, &WholePlan)> = Vec::new();
        for source in sources.iter().filter(|source| source.team == team) {
            match &source.brings {
                Brings::Whole(whole) if whole.under_way.is_some() => wholes.push((source, whole)),
                _ => {}
            }
        }
        let people = ctx.org.teams[team.at()].people.len();
        let limit = ctx.plan.teams[team.at()].wip.initiatives.map_or(u32::MAX, |limit| limit.of(people));
        for (nth, (source, whole)) in (0..limit.min(people as u32)).zip(wholes.into_iter().cycle()) {
            if !ctx.is_overrun() {
                whole.go_on_with(source, nth.into(), ctx);
            }
        }
    }
}

/// So many parts of a size, in proportion to draws from the kind's own; alike where those say nothing.
fn parts_of(hours: f64, count: u32, kind: KindId, key: Key, ctx: &Context<'_>) -> Vec<f64> {
    let law = ctx.plan.kinds[kind.at()].size.as_ref();
    let draw = |nth: u32| law.map_or(1.0, |law| law.draw(&ctx.streams, PART, key.nth(u64::from(nth))));
    let mut parts: Vec<f64> = (0..count).map(draw).collect();
    let all: f64 = parts.iter().sum();
    for part in &mut parts {
        *part = if all > 0.0 { *part * (hours / all) } else { hours / f64::from(count) };
    }
    parts
}
