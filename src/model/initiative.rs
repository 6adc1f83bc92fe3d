//! Initiatives: items that belong together, from the first that is pulled to the last that is done.
//!
//! Some are a bundle of items and no more. Others are *wholes*: wanted, ranked, refused, given up and begun as one, with a
//! size of their own, and with room for only so many people at once. What is wanted of a whole next, once it is begun, waits
//! for a *seat*, and stands in no line until it has one: so a line never holds what nobody may take.

use super::column::Column;
use super::domain_event::{DomainEvent, Drop};
use super::layout::LineRole;
use super::mechanism::{Context, Due, SortMask};
use super::mechanisms::{Mechanisms, OnInitiative};
use super::migration::Migration;
use super::organisation::Organisation;
use super::outline::Outline;
use super::plan::Discipline;
use super::work::ItemId;
use super::worth::{Values, Waiting};
use kernel::slab::Id;
use kernel::units::{Instant, KindId, StageId, TeamId};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::VecDeque;

pub type InitiativeId = Id<Initiative>;

/// When an initiative no longer counts against the limit on those that a team has begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Frees {
    /// Once the code of all its items is written.
    Built,
    /// Once all its items are live.
    #[default]
    Live,
}

/// Puts what is put off behind all that is not: more than any size in hours and any rate, and little enough for these to be
/// told apart beside it.
const BEHIND: f64 = (1 << 24) as f64;

/// An initiative that is wanted as a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Whole {
    pub kind: KindId,
    /// How many of its items may be worked on at once.
    pub seats: u32,
    pub frees: Frees,
    /// What the team believes all of it to return an hour, and to take in hours.
    pub believed_rate: f64,
    pub believed_hours: f64,
    /// It is begun only when nothing is left that is not.
    pub is_put_off: bool,
}

impl Whole {
    /// Where it stands among the initiatives that a team could begin: smaller comes first.
    pub fn ranking(&self, discipline: Discipline) -> f64 {
        discipline.by_belief(self.believed_rate, self.believed_hours)
            + if self.is_put_off { BEHIND } else { 0.0 }
    }
}

/// A set of items that belong together, for one team.
#[derive(Clone, Debug)]
pub struct Initiative {
    pub team: TeamId,
    pub born: Instant,
    /// Items not yet live or dropped.
    pub open: u32,
    /// Of those, items whose code nobody has written yet.
    unbuilt: u32,
    /// Whether the team has begun it and not yet finished it.
    pub active: bool,
    /// Whether it counts among those that the team has begun.
    pub counts: bool,
    /// An item of it was dropped: the whole will never be live.
    pub broken: bool,
    /// Value, per hour under each model, that is withheld until the whole is live.
    pub withheld: Values,
    /// Up to when it has faded, as worth does while work waits.
    withheld_at: Instant,
    /// Its items that wait to be started.
    pub waiting: Vec<ItemId>,
    /// All its items, in the order of coming; nothing in the place of one that is in outline.
    pub members: Vec<ItemId>,
    /// Those in outline, in the order of coming.
    pub(super) outlines: VecDeque<Outline>,
    /// The item that stands for them, before all of them: in line, or once the initiative is begun among those without a seat.
    pub(super) stand_in: Option<ItemId>,
    /// What it is as a whole; `None` where it is a bundle of items.
    pub whole: Option<Whole>,
    /// Items that have one of its seats.
    seated: u32,
    /// What each mechanism keeps of it.
    pub own: OnInitiative,
}

impl Initiative {
    /// Whether its team could still begin it.
    pub fn is_to_be_begun(&self) -> bool {
        !self.active && !self.broken && self.open > 0
    }

    /// A new initiative of so many items, none of which has come yet.
    pub fn new(team: TeamId, items: u32, now: Instant) -> Initiative {
        Initiative {
            team,
            born: now,
            open: items,
            unbuilt: items,
            active: false,
            counts: false,
            broken: false,
            withheld: Values::default(),
            withheld_at: now,
            waiting: Vec::new(),
            members: Vec::new(),
            outlines: VecDeque::new(),
            stand_in: None,
            whole: None,
            seated: 0,
            own: OnInitiative::default(),
        }
    }

    /// More items of it come.
    pub fn grow(&mut self, items: u32) {
        self.open += items;
        self.unbuilt += items;
    }

    /// What is withheld has waited until now.
    pub(super) fn wait(&mut self, now: Instant, waiting: &Waiting) {
        let left = waiting.left_by((now - std::mem::replace(&mut self.withheld_at, now)).hours());
        self.withheld.iter_mut().for_each(|rate| *rate *= left);
    }

    /// The organisation has been reorganised: whoever had a seat comes to one anew.
    pub(super) fn follow(&mut self, migration: &Migration) {
        self.team = migration.team(self.team);
        self.seated = 0;
        if let Some(whole) = &mut self.whole {
            whole.kind = migration.kind(whole.kind);
            whole.is_put_off = false;
        }
        self.own.follow(migration);
    }

    pub(super) fn has_seat(&self) -> bool {
        self.whole.is_none_or(|whole| self.seated < whole.seats)
    }
}

impl Context<'_> {
    /// One item of an initiative is done or dropped.
    pub(super) fn close_in(&mut self, initiative: Option<InitiativeId>, id: ItemId) {
        self.leave_seat(initiative, id);
        let Some(state) = self.org.initiative_mut(initiative) else { return };
        state.open -= 1;
        state.waiting.retain(|waiting| *waiting != id);
        if let (0, Some(initiative)) = (state.open, initiative) {
            self.close(initiative);
        }
    }

    /// All items of an initiative are done or dropped.
    fn close(&mut self, initiative: InitiativeId) {
        let (now, plan) = (self.now(), self.plan);
        let state = &mut self.org.initiatives[initiative];
        if state.broken {
            state.withheld = [0.0; 3];
        }
        if let Some(value) = &plan.value {
            state.wait(now, &value.waiting);
        }
        state.active = false;
        let (team, withheld) = (state.team, state.withheld);
        if let Some(value) = plan.value.as_ref().filter(|_| withheld != [0.0; 3]) {
            self.org.products[team.at()].release(now, withheld, &value.worth);
        }
        self.stop_counting(initiative);
        self.emit(DomainEvent::Completed { initiative });
        self.due.push_back(Due::Close(initiative));
    }

    /// Items of an initiative that nobody had begun, and that were in outline, are dropped.
    pub(super) fn close_unbegun(&mut self, initiative: InitiativeId, items: u32) {
        let state = &mut self.org.initiatives[initiative];
        state.open -= items;
        state.unbuilt -= items;
        let (is_built, is_over) = (state.unbuilt == 0, state.open == 0);
        if is_built {
            self.all_is_built(initiative);
        }
        if is_over {
            self.close(initiative);
        }
    }

    /// The code of all items of an initiative is written, or they are gone. Whether that frees its place.
    fn all_is_built(&mut self, initiative: InitiativeId) -> bool {
        let frees = self.org.initiatives[initiative].whole.is_some_and(|whole| whole.frees == Frees::Built);
        if frees {
            self.stop_counting(initiative);
            self.emit(DomainEvent::Built { initiative });
        }
        frees
    }

    /// It no longer counts among those that its team has begun.
    fn stop_counting(&mut self, initiative: InitiativeId) {
        let state = &mut self.org.initiatives[initiative];
        let team = state.team;
        if std::mem::take(&mut state.counts) {
            self.org.teams[team.at()].active_initiatives -= 1;
            self.org.unsettle(team);
        }
    }

    /// People's work on an item at a stage is done: where that was its code, others of its initiative may begin.
    #[inline]
    pub(super) fn build(&mut self, id: ItemId, stage: StageId) {
        let initiative = self.org.items[id].initiative;
        if initiative.is_some() && self.plan.stages[stage.at()].writes_code {
            self.leave_seat(initiative, id);
        }
    }

    /// People have written an item's code, or it is gone: whoever comes next gets its seat.
    pub(super) fn leave_seat(&mut self, initiative: Option<InitiativeId>, id: ItemId) {
        let item = &mut self.org.items[id];
        if std::mem::replace(&mut item.is_built, true) {
            return;
        }
        let had_seat = std::mem::take(&mut item.is_seated);
        let (Some(state), Some(initiative)) = (self.org.initiative_mut(initiative), initiative) else {
            return;
        };
        state.unbuilt -= 1;
        state.seated -= u32::from(had_seat);
        let is_built = state.unbuilt == 0;
        if !(is_built && self.all_is_built(initiative)) && had_seat {
            self.offer(initiative);
        }
    }

    /// The first item of an initiative is pulled: from now on it counts against the limit, and all of it is committed to.
    pub(super) fn activate(&mut self, initiative: Option<InitiativeId>, id: ItemId) {
        let Some(state) = self.org.initiative_mut(initiative) else { return };
        state.waiting.retain(|waiting| *waiting != id);
        if !state.active {
            self.begin_initiative(initiative, id);
        }
    }

    fn begin_initiative(&mut self, initiative: Option<InitiativeId>, id: ItemId) {
        self.flesh_out(initiative);
        let Some(state) = self.org.initiative_mut(initiative) else { return };
        (state.active, state.counts) = (true, true);
        let team = state.team;
        let (siblings, members) = (state.waiting.clone(), state.members.clone());
        for member in members {
            if self.org.items.get(member).is_some_and(|item| !item.is_dropped) {
                self.commit(member);
            }
        }
        self.org.teams[team.at()].active_initiatives += 1;
        self.sit_down(id);
        for sibling in siblings {
            if self.waits_in_line_of(sibling, team) && self.sit_down(sibling) {
                self.enqueue(sibling, team, LineRole::Entry);
            }
        }
        if let Some(initiative) = initiative {
            self.due.push_back(Due::Outline(initiative));
        }
    }

    /// An initiative was begun before its team's replication was, and this of it is withheld; its items have not come yet.
    pub fn go_on_with(&mut self, initiative: InitiativeId, withheld: Values) {
        let state = &mut self.org.initiatives[initiative];
        (state.active, state.counts, state.withheld) = (true, true, withheld);
        self.org.teams[state.team.at()].active_initiatives += 1;
    }

    /// An initiative that is not begun waits, or does not, until nothing else is left. Where it stands in its lines is for
    /// whoever puts it off to see to.
    pub fn put_off(&mut self, initiative: InitiativeId, is_put_off: bool) {
        if let Some(whole) = &mut self.org.initiatives[initiative].whole {
            whole.is_put_off = is_put_off;
        }
    }

    /// An item takes a seat of its initiative, if that is under way and it needs one; where none is free it stands in no line
    /// until one is. Whether it may stand in one. What people have taken once never waits.
    pub(super) fn sit_down(&mut self, id: ItemId) -> bool {
        let Organisation { items, initiatives, .. } = &mut self.org;
        let item = &mut items[id];
        let needs_one = !item.is_seated && !item.is_built;
        let Some(initiative) = item.initiative.filter(|_| needs_one) else { return true };
        let Some(state) = initiatives.get_mut(initiative).filter(|state| state.active) else { return true };
        if item.taken.is_none() && !state.has_seat() {
            item.is_held = true;
            self.give_up_ticket(id);
            return false;
        }
        if state.whole.is_some() {
            item.is_seated = true;
            state.seated += 1;
        }
        true
    }

    /// The next of an initiative's items that wait for a seat comes forward.
    fn offer(&mut self, initiative: InitiativeId) {
        let Some(state) = self.org.initiatives.get(initiative).filter(|state| state.has_seat()) else {
            return;
        };
        let is_held = |id: &&ItemId| self.org.items.get(**id).is_some_and(|item| item.is_held);
        let Some(next) = state.waiting.iter().find(is_held).copied() else { return };
        self.find_stand_in(initiative, next);
        let item = &mut self.org.items[next];
        item.is_held = false;
        let team = self.plan.team_at(item.stage, item.team);
        self.sit_down(next);
        self.enqueue(next, team, LineRole::Entry);
    }

    /// Whether an item that nobody has taken yet stands in one of this team's lines: it lies on no desk, and is on the
    /// way to none.
    fn waits_in_line_of(&self, id: ItemId, team: TeamId) -> bool {
        let Some(item) = self.org.items.get(id) else { return false };
        let is_in = self.plan.stages[item.stage.at()].column.is_none() || item.slot == Some(item.stage);
        let waits = item.taken.is_none() && item.has_ticket() && is_in;
        waits && self.plan.team_at(item.stage, item.team) == team && self.plan.serves(team, item.stage)
    }

    /// An initiative, where it is wanted as a whole and not begun.
    pub fn whole_of(&self, initiative: Option<InitiativeId>) -> Option<InitiativeId> {
        let state = self.org.initiatives.get(initiative?)?;
        initiative.filter(|_| state.whole.is_some() && !state.active)
    }

    /// All that is not begun of an initiative is dropped: it was refused, displaced, or nobody wants it any more.
    pub fn abandon(&mut self, initiative: InitiativeId, why: Drop) {
        if self.follows_each_drop() {
            self.flesh_out(Some(initiative));
        }
        let Some(state) = self.org.initiatives.get(initiative) else { return };
        let has_outlines = !state.outlines.is_empty();
        for id in state.members.clone() {
            if self.org.items.get(id).is_some_and(|item| item.pulled.is_none()) {
                self.drop_alone(id, why);
            }
        }
        if has_outlines {
            self.due.push_back(Due::Discard(initiative, why));
        }
    }

    /// Whether anybody must be told of each item that is dropped.
    fn follows_each_drop(&self) -> bool {
        self.due.subscribed == SortMask::MAX || Mechanisms::counts_each_drop(&self.plan.params)
    }

    /// More initiatives of a kind wait for a team than may: the newest is refused, or the least promising displaced.
    pub(super) fn refuse_or_displace(&mut self, newest: InitiativeId, limit: Option<u32>) {
        let Some(state) = self.org.initiatives.get(newest).filter(|state| !state.active) else { return };
        let (Some(whole), Some(limit), team) = (state.whole, limit, state.team) else { return };
        let discipline = self.plan.teams[team.at()].discipline;
        let mut waiting = 0;
        let mut worst = (whole.ranking(discipline), newest);
        let Organisation { initiatives, teams, looks, .. } = &mut self.org;
        let waits = |it: &Initiative| it.team == team && it.is_to_be_begun();
        *looks += teams[team.at()].wholes.len() as u64;
        teams[team.at()].wholes.retain(|id| initiatives.get(*id).is_some_and(waits));
        for id in teams[team.at()].wholes.iter().copied() {
            let Some(its) = initiatives[id].whole.filter(|its| its.kind == whole.kind) else { continue };
            waiting += 1;
            let ranking = its.ranking(discipline);
            if ranking > worst.0 {
                worst = (ranking, id);
            }
        }
        if waiting > limit {
            let displaces = self.plan.kinds[whole.kind.at()].displaces;
            self.abandon(if displaces { worst.1 } else { newest }, Drop::Refused);
        }
    }
}
