//! Pulling: what somebody with time on their hands does next.
//!
//! The answer narrows in one order: what the limits allow, then the class of capacity the team
//! owes most, then the discipline's rank, which the lines keep.

use super::layout::{LinePlan, LineRole};
use super::line::{Fit, Line, LineSort, Ticket};
use super::mechanism::Context;
use super::organisation::Organisation;
use super::work::{CLASSES, Class, Item, ItemId, Role};
use kernel::slab::Slab;
use kernel::units::{LineId, PersonId, TeamId};
use std::cell::Cell;

impl Context<'_> {
    /// Who of a team pulls what next; `None` when nobody may or can.
    ///
    /// What somebody finds depends on who they are in two ways only: whether the limit on what they have begun leaves
    /// them room, and which reviews are of their own work. Whatever one finds nothing but their own work in, all
    /// others find something in; so where two of a sort find nothing, nobody of that sort does.
    #[inline]
    pub(super) fn choose(&mut self, team: TeamId) -> Option<(PersonId, ItemId)> {
        let state = &self.org.teams[team.at()];
        if state.ready == 0 || state.available.is_empty() { None } else { self.choose_for_one(team) }
    }

    fn choose_for_one(&mut self, team: TeamId) -> Option<(PersonId, ItemId)> {
        let limit = self.plan.teams[team.at()].wip.items;
        // How many with room, and without, have found nothing.
        let mut idle = [0; 2];
        let mut at = 0;
        while self.org.teams[team.at()].ready != 0 {
            let person = *self.org.teams[team.at()].available.get(at)?;
            at += 1;
            self.org.looks += 1;
            let is_full = limit.is_some_and(|limit| self.org.people[person.at()].owned >= limit);
            let idle = &mut idle[usize::from(is_full)];
            if *idle < 2 {
                if let Some(item) = self.pull(person, team) {
                    return Some((person, item));
                }
                *idle += 1;
            } else if !is_full {
                // Whatever somebody without room may do, somebody with room may do.
                return None;
            }
        }
        None
    }

    /// What somebody pulls: the first of the line whose turn it is, unless more urgent work that pre-empts waits.
    fn pull(&mut self, person: PersonId, team: TeamId) -> Option<ItemId> {
        let usual = self.next_in_turn(person, team);
        let item = if self.org.teams[team.at()].urgent == 0 {
            usual?
        } else {
            match (usual, self.most_urgent(person, team)) {
                (Some(usual), Some(urgent)) if self.priority_of(usual) > self.priority_of(urgent) => urgent,
                (usual, urgent) => usual.or(urgent)?,
            }
        };
        self.give_up_ticket(item);
        Some(item)
    }

    /// What somebody would pull next, pre-emption aside.
    fn next_in_turn(&mut self, person: PersonId, team: TeamId) -> Option<ItemId> {
        match self.plan.teams[team.at()].health_share {
            None => self.next_in_order(person, team),
            Some(share) => self.next_by_shares(person, team, share),
        }
    }

    /// The first of the first line, where classes have no shares: unplanned work before planned, and of each the most
    /// urgent of what is begun or new.
    fn next_in_order(&mut self, person: PersonId, team: TeamId) -> Option<ItemId> {
        let plan = self.plan;
        let first_line = plan.teams[team.at()].lines.start;
        let ordered = plan.has_priorities;
        let mut best: Option<Choice> = None;
        let mut ready = self.org.teams[team.at()].ready & plan.teams[team.at()].usual;
        while ready != 0 {
            let line = LineId(first_line + ready.trailing_zeros());
            ready &= ready - 1;
            let spec = &plan.lines.lines[line.at()];
            let unplanned = spec.class == Class::Unplanned;
            if best.is_some_and(|best| best.unplanned != unplanned) {
                break;
            }
            let Some((item, priority)) = self.head(line, spec, person) else { continue };
            if !ordered || spec.role.is_review() {
                // A review comes before what is new and after what is begun, whatever its priority.
                return Some(best.map_or(item, |best| best.item));
            }
            best = Some(Choice { priority, unplanned, item }.or_earlier(best));
        }
        best.map(|best| best.item)
    }

    /// The same, where hours are held for paying back debt: what is new must be of the class whose turn it is.
    fn next_by_shares(&mut self, person: PersonId, team: TeamId, share: f64) -> Option<ItemId> {
        let plan = self.plan;
        let first_line = plan.teams[team.at()].lines.start;
        let ordered = plan.has_priorities;
        let mut candidates = [None; CLASSES];
        let mut begun: Option<Choice> = None;
        let mut idle: Option<ItemId> = None;
        let mut ready = self.org.teams[team.at()].ready & plan.teams[team.at()].usual;
        while ready != 0 {
            let line = LineId(first_line + ready.trailing_zeros());
            ready &= ready - 1;
            let spec = &plan.lines.lines[line.at()];
            let class = spec.class as usize;
            let unplanned = spec.class == Class::Unplanned;
            if begun.is_some_and(|begun| begun.unplanned != unplanned) {
                break;
            }
            let Some((item, priority)) = self.head(line, spec, person) else { continue };
            let choice = Choice { priority, unplanned, item };
            if spec.role == LineRole::IdleReview && candidates != [None; CLASSES] {
                idle = Some(item);
                break;
            }
            if is_new(spec) {
                if spec.class == Class::Feature || share > 0.0 {
                    candidates[class] = Some(choice.or_earlier(candidates[class]));
                }
            } else if !ordered || spec.role.is_review() {
                return Some(begun.map_or(item, |begun| begun.item));
            } else {
                begun = Some(choice.or_earlier(begun));
            }
        }
        match begun {
            Some(begun) if !candidates.iter().flatten().any(|new| new.priority < begun.priority) => {
                Some(begun.item)
            }
            // Where shares keep back what is new, what is begun or to be read is there to do.
            _ => self
                .class_owed_most(team, share, candidates.map(|new| Some(new?.item)))
                .or(begun.map(|begun| begun.item))
                .or(idle),
        }
    }

    /// Of the classes with work to do, that of the one the team owes most hours.
    fn class_owed_most(
        &mut self,
        team: TeamId,
        share: f64,
        work: [Option<ItemId>; CLASSES],
    ) -> Option<ItemId> {
        self.charge_hours(team, share);
        let [feature, health, _] = work;
        let features_wait = feature.is_some() || self.has_new_work(team, Class::Feature);
        let health_waits = health.is_some() || self.has_new_work(team, Class::Health);
        let state = &mut self.org.teams[team.at()];
        // A class with nothing to do forfeits what it is owed; one that a limit holds back does not,
        // and the other may not take its hours: then somebody stands idle, or does what the scenario says for slack.
        if !health_waits {
            state.owed[1] = state.owed[1].min(0.0);
        }
        if !features_wait {
            // Where slack is charged to nobody, health has had none of the hours of what is not there.
            if self.plan.teams[team.at()].slack.is_none() {
                state.owed[1] = state.owed[1].max(0.0);
                return health;
            }
        }
        let [on_features, on_health, _] = state.committed;
        let health_owed = state.owed[1] + share * (on_features + on_health) - on_health;
        match (feature, health) {
            (_, Some(health)) if health_owed > 0.0 => Some(health),
            (feature, _) => feature,
        }
    }

    /// Whether work of a class waits to be started, limits or no limits.
    fn has_new_work(&self, team: TeamId, class: Class) -> bool {
        let first = self.plan.teams[team.at()].lines.start;
        let mut ready = self.org.teams[team.at()].ready;
        while ready != 0 {
            let line = LineId(first + ready.trailing_zeros());
            ready &= ready - 1;
            let spec = &self.plan.lines.lines[line.at()];
            if spec.class == class && is_new(spec) && self.org.lines[line.at()].first().is_some() {
                return true;
            }
        }
        false
    }

    /// Brings the balance between feature and health work up to the hours worked since last time.
    fn charge_hours(&mut self, team: TeamId, share: f64) {
        let plan = &self.plan.teams[team.at()];
        let state = &mut self.org.teams[team.at()];
        let [features, health, _] = state.worked;
        let feature_hours = features - state.charged[0];
        let health_hours = health - state.charged[1];
        state.charged = [features, health];
        let cap = plan.quarter.0 as f64 * state.given;
        let owed = state.owed[1] + share * (feature_hours + health_hours) - health_hours;
        state.owed[1] = owed.clamp(-(1.0 - share) * cap, share * cap);
    }

    /// The first item of a line that this person may start, and how urgent it is; stale tickets are thrown away.
    pub(super) fn head(&mut self, line: LineId, spec: &LinePlan, person: PersonId) -> Option<(ItemId, u8)> {
        let team = spec.team;
        let first = loop {
            let Some(first) = self.org.lines[line.at()].first() else {
                self.org.teams[team.at()].ready &= !spec.bit;
                return None;
            };
            if !is_void(&self.org.items, first) {
                break first;
            }
            self.org.lines[line.at()].forget_first();
        };
        if !spec.role.is_review() && !self.plan.teams[team.at()].limits_entry {
            return Some((first.item, first.priority()));
        }
        let item = self.head_within_limits(PullRequest { line, person, team, aside: None }, *first)?;
        Some((item, self.priority_of(item)))
    }

    /// The same, where limits may keep out the first.
    fn head_within_limits(&mut self, asked: PullRequest, first: Ticket) -> Option<ItemId> {
        self.org.looks += 1;
        if self.may_start(asked, &first, None) == Fit::Yes {
            return Some(first.item);
        }
        // What nobody has had before is kept out by the same limits, all that stand in one line. The rest differ
        // by who wrote them, and by the places they hold already.
        let spec = &self.plan.lines.lines[asked.line.at()];
        let is_new = matches!(spec.role, LineRole::Entry | LineRole::Fresh);
        let all_alike = is_new && self.plan.teams[spec.team.at()].finish_first;
        if all_alike && self.plan.stages[spec.stage.at()].groups == 0 {
            return None;
        }
        let items = &self.org.items;
        self.org.lines[asked.line.at()].tidy(|ticket| is_void(items, ticket));
        let (found, looks) = self.find(&self.org.lines[asked.line.at()], asked);
        self.org.looks += looks;
        found
    }

    /// The first item of a line, or of its pre-empting ones, that somebody may start; and how many were looked at.
    pub(super) fn find(&self, line: &Line, asked: PullRequest) -> (Option<ItemId>, u64) {
        let looks = Cell::new(0);
        let fits = |ticket: &Ticket, sort: &LineSort| {
            looks.set(looks.get() + 1);
            self.may_start(asked, ticket, Some(sort))
        };
        (line.find(fits).map(|ticket| ticket.item), looks.get())
    }

    /// Whether somebody may start what holds a ticket of a line, and else whether they may not start anything of the
    /// sort it was when it joined. Of what decides that, only one thing changes while it waits: its owner may leave,
    /// and then it is kept out where others of its sort are not, but never let in where they are kept out.
    pub(super) fn may_start(&self, asked: PullRequest, ticket: &Ticket, sort: Option<&LineSort>) -> Fit {
        let Some(item) = self.org.items.get(ticket.item).filter(|item| item.version == ticket.version) else {
            return Fit::No;
        };
        let PullRequest { line, person, team, aside } = asked;
        if self.is_review(line) && !self.may_review(item, person) {
            return Fit::No;
        }
        let aside = aside.and_then(|aside| self.org.items.get(aside));
        match () {
            () if self.limits_admit(item, team, person, aside) => Fit::Yes,
            () if sort.is_some_and(|sort| *sort == self.sort_of(item, team)) => Fit::NoneOfItsSort,
            () => Fit::No,
        }
    }

    /// What sort of item it is to the limits of its stage and of a team.
    #[inline(always)]
    pub(super) fn sort_of(&self, item: &Item, team: TeamId) -> LineSort {
        if self.plan.teams[team.at()].limits_entry {
            self.sort_within_limits(item, team)
        } else {
            LineSort::default()
        }
    }

    #[inline(never)]
    fn sort_within_limits(&self, item: &Item, team: TeamId) -> LineSort {
        let stage = &self.plan.stages[item.stage.at()];
        let owner = self.org.owner(item);
        let initiative = item.initiative.and_then(|initiative| self.org.initiatives.get(initiative));
        LineSort {
            groups: item.groups & stage.groups,
            has_slot: item.slot == Some(item.stage),
            is_begun: owner.is_some_and(|owner| self.org.people[owner.at()].team == team)
                || matches!(item.role, Role::Part { .. }),
            is_fresh: initiative.is_some_and(|initiative| !initiative.active && initiative.team == team),
            is_taken: item.taken.is_some(),
        }
    }

    pub(super) fn is_stale(&self, ticket: &Ticket) -> bool {
        is_void(&self.org.items, ticket)
    }

    /// An item stands in no line any more: its ticket there, if it has one, is void.
    #[inline(always)] // mostly there is none
    pub(super) fn give_up_ticket(&mut self, id: ItemId) {
        if self.org.items[id].has_ticket() {
            self.leave_line(id);
        }
    }

    #[inline(never)]
    fn leave_line(&mut self, id: ItemId) {
        let Organisation { items, lines, urgent, teams, looks, .. } = &mut self.org;
        let item = &mut items[id];
        let (version, kind) = (item.version, item.kind);
        item.give_up_ticket();
        let Some(line) = item.line.take() else { return };
        let spec = &self.plan.lines.lines[line.at()];
        let team = &mut teams[spec.team.at()];
        let is_valid = |ticket: &Ticket| !is_void(items, ticket);
        let is_empty = lines[line.at()].leave(id, version, is_valid, looks);
        // Where shares are kept, whoever looks at an empty line settles what is owed.
        if is_empty && self.plan.teams[spec.team.at()].health_share.is_none() {
            team.ready &= !spec.bit;
        }
        if let Some(urgent) = urgent.get_mut(line.at())
            && self.plan.kinds[kind.at()].preempts.is_some()
            && urgent.leave(id, version, is_valid, looks)
        {
            team.urgent &= !spec.bit;
        }
    }

    fn is_review(&self, line: LineId) -> bool {
        self.plan.lines.lines[line.at()].role.is_review()
    }

    /// Nobody reviews their own work, unless there is nobody else.
    fn may_review(&self, item: &Item, person: PersonId) -> bool {
        let team = self.org.people[person.at()].team;
        item.author != Some(person) || self.org.teams[team.at()].people.len() == 1
    }
}

/// Who asks for something of a line, and what they would set aside for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct PullRequest {
    pub line: LineId,
    pub person: PersonId,
    pub team: TeamId,
    pub aside: Option<ItemId>,
}

/// Whether what holds a ticket is gone or has left the line.
pub(super) fn is_void(items: &Slab<Item>, ticket: &Ticket) -> bool {
    items.get(ticket.item).is_none_or(|item| item.version != ticket.version)
}

/// What could be taken out of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Choice {
    priority: u8,
    unplanned: bool,
    item: ItemId,
}

impl Choice {
    /// The one with the more urgent item; of equals, the one found earlier.
    fn or_earlier(self, earlier: Option<Choice>) -> Choice {
        earlier.filter(|earlier| earlier.priority <= self.priority).unwrap_or(self)
    }
}

pub(super) fn is_new(line: &LinePlan) -> bool {
    line.class != Class::Unplanned && matches!(line.role, LineRole::Entry | LineRole::Fresh)
}
