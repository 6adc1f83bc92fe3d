//! Outlines: what is known of the items of an initiative that wait for it to be begun, or for one of its seats.
//!
//! Of an initiative that is wanted as a whole only the first item is there until somebody begins it, and stands in line
//! for all. From then on only those are there that have a seat, and the next, which stands for the rest. What is drawn of
//! the others when they come is kept in outline, a sixth of an item, so that whatever becomes of the plan they are what they
//! were. An item for which another cannot stand is there at once: one that comes to another stage, or waits for anything
//! but its turn. What is outlined is fleshed out when its turn comes, and all of it when the initiative is given up or looked into.

use super::birth::Drawn;
use super::domain_event::{DomainEvent, Drop, EventSort};
use super::initiative::{Initiative, InitiativeId};
use super::line::Ticket;
use super::mechanism::{Context, Due};
use super::mechanisms::OnItem;
use super::organisation::Organisation;
use super::plan::{Discipline, Holder, Step};
use super::replication::{Observer, Replication};
use super::work::{Class, Coming, Item, ItemId, Role};
use kernel::streams::Key;
use kernel::units::{Instant, KindId, TeamId};

/// What is known of an item that is not there.
#[derive(Clone, Debug)]
pub struct Outline {
    key: Key,
    pub drawn: Drawn,
    /// Nominal ticks that its first stage will ask for, once it has come there.
    need: f64,
    place: u32,
    /// Which of its initiative's items it is, in the order of coming.
    nth: u32,
    own: OnItem,
}

impl Outline {
    /// Of an item that has not come.
    fn new(drawn: Drawn, key: Key, place: u32, nth: u32) -> Outline {
        Outline { key, drawn, need: 0.0, place, nth, own: OnItem::default() }
    }

    fn of(item: &Item) -> Outline {
        let drawn = Drawn::of(item);
        let Item { key, service_demand: need, place, nth, own, .. } = *item;
        Outline { key, drawn, need, place, nth, own }
    }

    /// The item, before it came.
    #[inline(always)] // to be made where it lies
    fn item(&self, alike: &Alike) -> Item {
        let mut item = Item::new(self.key, alike.kind, alike.class, alike.team, alike.born);
        item.initiative = alike.initiative;
        item.nth = self.nth;
        item.place = self.place;
        self.drawn.describe(&mut item);
        item.own = self.own;
        item
    }

    /// The item, as it waits where `stand_in` does; in line, or without a seat once its initiative `is_begun`.
    fn waiting(&self, stand_in: &Item, is_begun: bool) -> Item {
        let mut item = self.item(&Alike::of(stand_in));
        (item.entered, item.stage, item.step, item.lap) =
            (stand_in.entered, stand_in.stage, stand_in.step, stand_in.lap);
        (item.visits, item.held, item.moves) = (stand_in.visits, stand_in.held, stand_in.moves);
        (item.remaining_work, item.service_demand) = (self.need, self.need);
        if is_begun {
            (item.committed, item.is_held) = (stand_in.committed, true);
            item.ledger = stand_in.ledger.clone();
        } else {
            item.take_ticket();
        }
        item
    }
}

/// What items have in common that come together.
struct Alike {
    kind: KindId,
    class: Class,
    team: TeamId,
    initiative: Option<InitiativeId>,
    born: Instant,
}

impl Alike {
    fn of(item: &Item) -> Alike {
        let Item { kind, class, team, initiative, born, .. } = *item;
        Alike { kind, class, team, initiative, born }
    }
}

/// Numbers that are given again once they are free, the last one first.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    free: Vec<u32>,
    next: u32,
}

impl Places {
    #[inline]
    fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        })
    }
}

impl Organisation {
    /// A new item, made where it will lie.
    #[inline(always)] // so that it is
    pub fn add_item(&mut self, make: impl FnOnce() -> Item) -> ItemId {
        let id = self.items.insert_with(make);
        self.items[id].place = self.places.take();
        id
    }

    /// An item is gone; nothing happens where it is gone already.
    #[inline]
    pub(super) fn forget(&mut self, id: ItemId) {
        if let Some(item) = self.items.get(id) {
            self.places.free.push(item.place);
            self.items.discard(id);
        }
    }

    /// An item comes into the organisation, and is not begun.
    #[inline]
    pub(super) fn count_in(&mut self, id: ItemId) {
        self.count_unbegun(id, true);
        self.in_system += u64::from(self.items[id].role == Role::Work);
    }

    /// All items, outlined ones too.
    #[inline]
    pub fn population(&self) -> u64 {
        self.items.len() as u64 + self.outlined
    }

    /// Every item; for each in outline, the one that stands for it, which came with it and waits for the same.
    pub fn expected(&self) -> impl Iterator<Item = &Item> {
        let outlined = self.initiatives.iter().flat_map(|(_, it)| {
            let stand_in = it.stand_in.and_then(|id| self.items.get(id));
            stand_in.into_iter().flat_map(|item| std::iter::repeat_n(item, it.outlines.len()))
        });
        self.items.iter().map(|(_, item)| item).chain(outlined)
    }

    /// What an item stands in line for, besides itself.
    pub fn outlines_behind(&self, id: ItemId) -> impl Iterator<Item = &Outline> {
        let initiative = self.items[id].initiative.and_then(|it| self.initiatives.get(it));
        let initiative = initiative.filter(|it| !it.active && it.stand_in == Some(id));
        initiative.into_iter().flat_map(|it| &it.outlines)
    }

    /// How long each item of an initiative whose code nobody has written yet is believed to take, in the order of coming.
    pub fn unbuilt<'a>(&'a self, initiative: &'a Initiative) -> impl Iterator<Item = f32> + 'a {
        let mut outlines = initiative.outlines.iter().peekable();
        initiative.members.iter().zip(0_u32..).filter_map(move |(id, nth)| {
            let outline = outlines.next_if(|outline| outline.nth == nth);
            let item = || self.items.get(*id).filter(|item| !item.is_built);
            outline.map_or_else(|| Some(item()?.estimated_hours), |it| Some(it.drawn.estimated_hours))
        })
    }

    /// Puts items into the order of their numbers.
    pub fn by_place(&self, items: &mut [ItemId]) {
        items.sort_by_key(|id| self.items[*id].place);
    }
}

impl Context<'_> {
    /// An item of a new initiative, which has been drawn and has not come, is in outline from now on; the first is not.
    pub(super) fn outline(&mut self, initiative: InitiativeId, kind: KindId, key: Key, drawn: Drawn) {
        let place = self.org.places.take();
        let Organisation { initiatives, outlined, in_system, accounts, .. } = &mut self.org;
        let state = &mut initiatives[initiative];
        if state.outlines.is_empty() {
            // As much as there will be: most of a replication's memory is this.
            state.outlines.reserve_exact(state.open as usize - 1);
        }
        let nth = 1 + state.outlines.len() as u32;
        state.outlines.push_back(Outline::new(drawn, key, place, nth));
        *outlined += 1;
        *in_system += 1;
        accounts.arrived(&self.plan.kinds[kind.at()], kind);
        let team = state.team;
        self.org.count_unpulled(kind, team, true);
        self.org.count_unbegun_in(drawn.component, true);
    }

    /// The first item of a new initiative is on its way; what is outlined comes after it.
    pub(super) fn send_outlined(&mut self, initiative: InitiativeId) {
        let state = &mut self.org.initiatives[initiative];
        let count = state.outlines.len();
        if count > 0 {
            state.stand_in = state.members.first().copied();
            state.members.extend(std::iter::repeat_n(ItemId::NOTHING, count));
            self.due.push_back(Due::Come(initiative));
        }
    }

    /// Whether an item that comes to its first stage may be an outline still: one of its initiative waits there as it will,
    /// and goes before it.
    #[inline]
    pub(super) fn stays_in_outline(&mut self, id: ItemId) -> bool {
        self.org.items[id].coming == Coming::OnTrial && self.is_stood_for(id)
    }

    fn is_stood_for(&mut self, id: ItemId) -> bool {
        let item = &self.org.items[id];
        let Some(state) = item.initiative.and_then(|it| self.org.initiatives.get(it)) else { return false };
        let Some(stand_in) = state.stand_in.and_then(|first| self.org.items.get(first)) else { return false };
        let at_once = (stand_in.stage, stand_in.step) == (item.stage, item.step);
        let stays = at_once && self.stands_for_all(stand_in, state);
        if stays {
            self.org.items[id].coming = Coming::Outlined;
        }
        stays
    }

    /// Whether an item of an initiative can stand for others that came to its stage with it: whoever may take one of them may
    /// take the others, and takes it first; or all are without a seat, and it gets the next.
    fn stands_for_all(&self, item: &Item, initiative: &Initiative) -> bool {
        let (plan, kind) = (self.plan, &self.plan.kinds[item.kind.at()]);
        let stage = &plan.stages[item.stage.at()];
        let team = plan.team_at(item.stage, item.team);
        // Who draws from a line counts who stands there.
        let is_drawn = matches!(plan.teams[team.at()].discipline, Discipline::Random | Discipline::Loudest);
        let holder = |step: &Step| match step {
            Step::Stage(stage) => Some(&plan.stages[stage.at()]),
            _ => None,
        };
        let never_applies = |step: &Step| holder(step).is_some_and(|stage| stage.applies.never);
        let is_plain = stage.column.is_none()
            && stage.groups == 0
            && stage.threshold.is_none()
            && stage.patience.is_none()
            && kind.preempts.is_none();
        let waits = if initiative.active {
            // Nobody may wait for the one before it.
            let parts = |step: &Step| holder(step).is_none_or(|it| matches!(it.holder, Holder::Parts(_)));
            item.is_held && !initiative.has_seat() && !kind.route.iter().any(parts)
        } else {
            item.line.is_some() && !is_drawn && team == initiative.team
        };
        matches!(stage.holder, Holder::Work { .. })
            && is_plain
            && waits
            && kind.route[..usize::from(item.step)].iter().all(never_applies)
    }

    /// An initiative is begun: of those that wait for a seat from now on the first stands for the others that came with it.
    pub(super) fn outline_what_is_held(&mut self, initiative: InitiativeId) {
        let Some(state) = self.org.initiatives.get(initiative).filter(|it| it.outlines.is_empty()) else {
            return;
        };
        let held = |id: &&ItemId| self.org.items[**id].is_held;
        let Some(stand_in) = state.waiting.iter().find(held).copied() else { return };
        let first = &self.org.items[stand_in];
        if first.is_dropped || !self.stands_for_all(first, state) {
            return;
        }
        let is_like = |item: &Item| {
            (item.is_held && !item.is_dropped)
                && (item.stage, item.step, item.entered) == (first.stage, first.step, first.entered)
                && item.born == first.born
                && (item.committed, item.pulled) == (first.committed, None)
                && item.coded.is_none()
        };
        let others = state.waiting.iter().filter(|id| **id != stand_in);
        let like: Vec<ItemId> = others.filter(|id| is_like(&self.org.items[**id])).copied().collect();
        let Organisation { items, initiatives, outlined, .. } = &mut self.org;
        let state = &mut initiatives[initiative];
        state.stand_in = Some(stand_in);
        *outlined += like.len() as u64;
        for id in like {
            state.members[items[id].nth as usize] = ItemId::NOTHING;
            state.outlines.push_back(Outline::of(&items[id]));
            items.discard(id);
        }
        state.waiting.retain(|id| items.get(*id).is_some());
    }

    /// An item of an initiative that is begun gets a seat; where it stands for others, the next of these does from now on.
    pub(super) fn find_stand_in(&mut self, initiative: InitiativeId, id: ItemId) {
        let Organisation { items, initiatives, outlined, .. } = &mut self.org;
        let state = &mut initiatives[initiative];
        if state.stand_in != Some(id) {
            return;
        }
        let Some(outline) = state.outlines.pop_front() else { return };
        let next = outline.waiting(&items[id], true);
        *outlined -= 1;
        let nth = next.nth;
        let next = items.insert(next);
        state.members[nth as usize] = next;
        let place = state.waiting.partition_point(|id| items[*id].nth < nth);
        state.waiting.insert(place, next);
        state.stand_in = Some(next);
    }

    /// What an initiative has in outline is there from now on, as if it had been; but where each stands in line is for the
    /// caller to say.
    #[inline]
    pub fn flesh_out(&mut self, initiative: Option<InitiativeId>) {
        let state = initiative.and_then(|it| self.org.initiatives.get(it));
        if let (Some(initiative), false) = (initiative, state.is_none_or(|it| it.outlines.is_empty())) {
            self.flesh_out_all_of(initiative);
        }
    }

    #[cold]
    fn flesh_out_all_of(&mut self, initiative: InitiativeId) {
        let Organisation { items, initiatives, outlined, .. } = &mut self.org;
        let state = &mut initiatives[initiative];
        let Some(stand_in) = state.stand_in else { return };
        for outline in std::mem::take(&mut state.outlines) {
            let item = outline.waiting(&items[stand_in], state.active);
            let id = items.insert(item);
            state.members[outline.nth as usize] = id;
            state.waiting.push(id);
            *outlined -= 1;
        }
        state.waiting.sort_by_key(|id| items[*id].nth);
    }

    /// What is in outline of an initiative that nobody has begun is dropped with it, and never was there.
    pub(super) fn discard_outlines(&mut self, initiative: InitiativeId, why: Drop) {
        let now = self.now();
        let Some(state) = self.org.initiatives.get_mut(initiative) else { return };
        let (outlines, team, born) = (std::mem::take(&mut state.outlines), state.team, state.born);
        let Some(kind) = state.whole.map(|whole| whole.kind) else { return };
        let count = outlines.len() as u64;
        self.org.outlined -= count;
        self.org.in_system -= count;
        self.org.accounts.dropped_unbegun(&self.plan.kinds[kind.at()], kind, (count, born), (why, now));
        for outline in outlines {
            self.org.places.free.push(outline.place);
            self.org.count_unpulled(kind, team, false);
            self.org.count_unbegun_in(outline.drawn.component, false);
        }
        self.close_unbegun(initiative, count as u32);
    }

    /// All that is in outline is there from now on.
    pub(super) fn flesh_out_all(&mut self) {
        self.flesh_out_where(|_, _| true);
    }

    /// The same where none can stand for it under a new plan.
    pub(super) fn flesh_out_what_differs(&mut self) {
        self.flesh_out_where(|ctx, it| {
            let stand_in = it.stand_in.and_then(|id| ctx.org.items.get(id));
            stand_in.is_none_or(|item| !ctx.stands_for_all(item, it))
        });
    }

    fn flesh_out_where(&mut self, is_asked: impl Fn(&Context<'_>, &Initiative) -> bool) {
        let outlined = self.org.initiatives.iter().filter(|(_, it)| !it.outlines.is_empty());
        let asked: Vec<InitiativeId> =
            outlined.filter(|(_, it)| is_asked(self, it)).map(|(id, _)| id).collect();
        asked.into_iter().for_each(|id| self.flesh_out(Some(id)));
    }

    /// Tickets of what has been fleshed out and stands in no line yet: the holder of this one stood there for it.
    pub(super) fn just_fleshed_out(&self, ticket: Ticket) -> impl Iterator<Item = Ticket> {
        let item = self.org.items.get(ticket.item);
        let initiative = item.and_then(|item| self.org.initiatives.get(item.initiative?));
        let stood_in = initiative.filter(|it| it.stand_in == Some(ticket.item));
        stood_in.map_or(&[][..], |it| &it.members).iter().filter_map(move |id| {
            let item = self.org.items.get(*id).filter(|item| item.has_ticket() && item.line.is_none())?;
            let mut beside = ticket;
            (beside.item, beside.version) = (*id, item.version);
            Some(beside)
        })
    }
}

impl Replication<'_> {
    /// What an initiative has in outline comes to its first stage, one after the other, and is there from then on where
    /// none can stand for it. What comes to one that is begun is committed to at once.
    #[cold]
    pub(super) fn come<O: Observer>(&mut self, initiative: InitiativeId, observer: &mut O) {
        let subscribed = self.ctx.due.subscribed;
        let is_told = |sort: EventSort| subscribed >> sort as u32 & 1 != 0;
        let mut at = 0;
        while let Some((id, is_begun)) = self.ctx.try_out(initiative, at) {
            if is_told(EventSort::Arrived) {
                self.spread(&DomainEvent::Arrived { item: id }, observer);
            }
            self.steps += 1;
            if self.is_stuck_by_now() {
                return;
            }
            self.carry_out(Due::Advance(id), observer);
            if is_begun && is_told(EventSort::Committed) {
                self.spread(&DomainEvent::Committed { item: id }, observer);
            }
            at += usize::from(self.ctx.is_still_outlined(initiative, at, id));
        }
    }
}

impl Context<'_> {
    /// An outlined item is there, to find out whether it must be; and whether its initiative is begun.
    fn try_out(&mut self, initiative: InitiativeId, at: usize) -> Option<(ItemId, bool)> {
        let now = self.now();
        let Organisation { items, initiatives, .. } = &mut self.org;
        let state = initiatives.get(initiative)?;
        let outline = state.outlines.get(at)?;
        let alike = Alike::of(items.get(*state.members.first()?)?);
        let id = items.insert_with(|| outline.item(&alike));
        let item = &mut items[id];
        item.step = u8::MAX;
        item.coming = Coming::OnTrial;
        if state.active {
            item.committed = Some(now);
            item.ledger.commit(now);
        }
        Some((id, state.active))
    }

    /// What was tried out has come to its first stage, and is an outline still or there.
    fn is_still_outlined(&mut self, initiative: InitiativeId, at: usize, id: ItemId) -> bool {
        let Organisation { items, initiatives, outlined, .. } = &mut self.org;
        let Some(state) = initiatives.get_mut(initiative) else { return false };
        let (Some(item), true) = (items.get_mut(id), at < state.outlines.len()) else { return false };
        if std::mem::replace(&mut item.coming, Coming::Here) == Coming::Outlined {
            state.outlines[at] = Outline::of(item);
            items.discard(id);
            return true;
        }
        let Some(nth) = state.outlines.remove(at).map(|it| it.nth) else { return false };
        *outlined -= 1;
        state.members[nth as usize] = id;
        if state.active && item.is_held && item.coming == Coming::Here && at == 0 {
            state.stand_in = Some(id);
        }
        let place = state.waiting.partition_point(|id| items[*id].nth < nth);
        state.waiting.insert(place, id);
        false
    }
}
