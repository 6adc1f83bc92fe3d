//! What is open today: items of a real history come with their age, and some of them are begun.
//!
//! An item that is not begun draws its size as any does. One that is begun is met in proportion to its size, and at any share
//! of its work alike: its size is drawn from the size-biased law of its kind, and what is left from a uniform one, as it is for
//! initiatives that are under way when a replication begins. Where a kind of work comes in initiatives, items that the file
//! leaves by themselves are put together in their order, as many as an initiative has on average.

use super::{Brings, Source, WholePlan, whole};
use crate::birth;
use crate::initiative::{Initiative, InitiativeId};
use crate::mechanism::Context;
use crate::today::{OpenItem, Since, Today};
use crate::worth::Values;
use kernel::streams::{Key, StreamId};
use kernel::units::{Instant, KindId, TeamId, Ticks};

const SIZE: StreamId = StreamId::named("demand/size of open work");
const LEFT: StreamId = StreamId::named("demand/what is left of open work");

/// Items that belong together.
struct Group<'a> {
    kind: KindId,
    team: TeamId,
    whole: Option<&'a WholePlan>,
    /// Their places among all that is open, in that order.
    members: Vec<usize>,
    /// The number by which the file knows them.
    name: Option<u32>,
}

/// An initiative that has begun to come.
struct Begun<'a> {
    initiative: InitiativeId,
    whole: Option<&'a WholePlan>,
    key: Key,
    /// What its items are worth over what others are, and how far the team errs about that and about their size.
    beliefs: [f32; 3],
    /// When the first of its items was begun.
    wanted: Option<Instant>,
    /// What the team believes of all its items: their rate and their hours.
    believed: [f64; 2],
}

/// Brings all that is open today.
pub(super) fn bring(sources: &[Source], ctx: &mut Context<'_>) {
    let Some(today) = ctx.plan.today.clone() else { return };
    let groups = groups(&today, sources);
    let mut group_of: Vec<Option<usize>> = vec![None; today.items.len()];
    for (nth, group) in groups.iter().enumerate() {
        group.members.iter().for_each(|member| group_of[*member] = Some(nth));
    }
    let mut begun: Vec<Begun<'_>> = groups.iter().map(|group| begin(group, &today, ctx)).collect();
    for (at, item) in today.items.iter().enumerate() {
        if ctx.is_overrun() {
            break;
        }
        let key = key_of(item.kind, item.team, ctx).nth(at as u64);
        stand(item, key, group_of[at].map(|nth| &mut begun[nth]), ctx);
    }
    for (group, begun) in groups.iter().zip(&begun) {
        if let Some(whole) = begun.whole {
            whole.describe(begun.initiative, group.kind, begun.believed, begun.key, ctx);
        }
    }
}

/// What belongs together: what the file says, and of kinds that come in initiatives the rest, so many at a time.
fn groups<'a>(today: &Today, sources: &'a [Source]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (at, item) in today.items.iter().enumerate() {
        let source = sources.iter().find(|source| (source.kind, source.team) == (item.kind, item.team));
        let (whole, most) = match source.map(|source| &source.brings) {
            Some(Brings::Whole(whole)) => (Some(whole), usual(whole.mean_items())),
            Some(Brings::Items(items)) => (None, usual(items.mean())),
            Some(Brings::OneItem) | None => continue,
        };
        let OpenItem { kind, team, initiative: name, .. } = *item;
        let has_room = |group: &&mut Group<'_>| {
            (group.kind, group.team, group.name) == (kind, team, name)
                && (name.is_some() || group.members.len() < most)
        };
        match groups.iter_mut().find(has_room) {
            Some(group) => group.members.push(at),
            None => groups.push(Group { kind, team, whole, members: vec![at], name }),
        }
    }
    groups
}

fn usual(mean: f64) -> usize {
    mean.round().max(1.0) as usize
}

/// An initiative of items that have not come yet; it is under way where one of them is.
fn begin<'a>(group: &Group<'a>, today: &Today, ctx: &mut Context<'_>) -> Begun<'a> {
    let items = || group.members.iter().map(|at| &today.items[*at]);
    let oldest = items().map(|item| item.created).max().unwrap_or_default();
    let wanted = items().filter_map(|item| item.started).max().map(|started| ago(started, ctx));
    let key = key_of(group.kind, group.team, ctx).child(SIZE, group.members[0] as u64);
    let mut state = Initiative::new(group.team, group.members.len() as u32, ctx.now());
    state.born = ago(oldest, ctx);
    let initiative = ctx.org.initiatives.insert(state);
    if group.whole.is_some() {
        ctx.org.teams[group.team.at()].wholes.push(initiative);
    }
    if wanted.is_some() {
        ctx.go_on_with(initiative, Values::default());
    }
    let beliefs = group.whole.map_or([1.0; 3], |whole| whole.beliefs(key, ctx));
    Begun { initiative, whole: group.whole, key, beliefs, wanted, believed: [0.0; 2] }
}

fn stand(item: &OpenItem, key: Key, mut group: Option<&mut Begun<'_>>, ctx: &mut Context<'_>) {
    let plan = ctx.plan;
    let law = plan.kinds[item.kind.at()].size.as_ref().filter(|_| item.started.is_some());
    let size = law.map(|law| law.size_biased().draw(&ctx.streams, SIZE, key));
    let initiative = group.as_ref().map(|group| group.initiative);
    let mut drawn = birth::draw(item.kind, item.team, key, size, ctx);
    if let Some(group) = &mut group {
        whole::share(group.beliefs, &mut drawn, &mut group.believed);
    }
    let id = birth::make(item.kind, item.team, key, initiative, &drawn, ctx);
    let begun = item.started.map(|started| (ago(started, ctx), ctx.streams.uniform(LEFT, key)));
    let wanted = group.and_then(|group| group.wanted);
    ctx.stand(id, Since { born: ago(item.created, ctx), wanted, begun });
}

fn ago(span: Ticks, ctx: &Context<'_>) -> Instant {
    Instant(ctx.now().0.saturating_sub(span.0))
}

/// The address of what is open of a kind for a team: no source of work has it.
fn key_of(kind: KindId, team: TeamId, ctx: &Context<'_>) -> Key {
    Key::of(&format!("open/{}", ctx.plan.kinds[kind.at()].name), u64::from(team.0))
}
