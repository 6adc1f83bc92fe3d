//! Pulling: what somebody with time on their hands does next.
//!
//! The answer narrows in one order: what the limits allow, then the class of capacity the team
//! owes most, then the discipline's rank, which the lines keep.

use super::line::Ticket;
use super::mechanism::Turn;
use super::plan::{LinePlan, LineRole};
use super::work::{CLASSES, Class, ItemId};
use crate::units::{LineId, PersonId, TeamId};

impl Turn<'_> {
    /// Who of a team pulls what next; `None` when nobody may or can.
    pub(super) fn choose(&mut self, team: TeamId) -> Option<(PersonId, ItemId)> {
        let mut at = 0;
        while self.org.teams[team.at()].ready != 0 {
            let person = *self.org.teams[team.at()].available.get(at)?;
            if let Some(item) = self.pull(person, team) {
                return Some((person, item));
            }
            at += 1;
        }
        None
    }

    /// What somebody pulls: the first of the line whose turn it is, unless more urgent work that pre-empts waits.
    fn pull(&mut self, person: PersonId, team: TeamId) -> Option<ItemId> {
        let usual = self.line_in_turn(person, team);
        if self.org.teams[team.at()].urgent != 0
            && let Some(urgent) = self.most_urgent(person, team)
            && usual.is_none_or(|line| self.priority_in(line, person) > urgent.priority)
        {
            self.claim(urgent.item);
            return Some(urgent.item);
        }
        self.take(usual?, person)
    }

    /// How urgent the work is that this person would take out of a line.
    fn priority_in(&self, line: LineId, person: PersonId) -> u8 {
        let review = self.is_review(line);
        let line = &self.org.lines[line.at()];
        let theirs = |ticket: &&Ticket| !self.is_stale(ticket) && self.may_review(ticket, person);
        let first = if review { line.tickets().filter(theirs).min() } else { line.first() };
        first.map_or(u8::MAX, Ticket::priority)
    }

    /// The line out of which somebody pulls next, pre-emption aside.
    fn line_in_turn(&mut self, person: PersonId, team: TeamId) -> Option<LineId> {
        let plan = self.plan;
        let first_line = plan.teams[team.at()].lines.start;
        let shared = plan.teams[team.at()].health_share;
        let ordered = plan.has_priorities;
        let mut candidates = [None; CLASSES];
        let mut begun: Option<Choice> = None;
        let mut idle: Option<LineId> = None;
        let mut ready = self.org.teams[team.at()].ready;
        while ready != 0 {
            let bit = ready.trailing_zeros();
            ready &= ready - 1;
            let line = LineId(first_line + bit);
            let spec = plan.lines.lines[line.at()];
            let class = spec.class as usize;
            if begun.is_some_and(|begun| begun.unplanned != (spec.class == Class::Unplanned)) {
                break;
            }
            let Some(head) = self.head(line, bit, person, team) else { continue };
            let priority = plan.kinds[self.org.items[head].kind.at()].priority;
            let choice = Choice { priority, unplanned: spec.class == Class::Unplanned, line };
            match shared {
                _ if spec.role == LineRole::IdleReview && candidates != [None; CLASSES] => {
                    idle = Some(line);
                    break;
                }
                Some(share) if is_new(&spec) => {
                    if spec.class == Class::Feature || share > 0.0 {
                        candidates[class] = Some(choice.or_earlier(candidates[class]));
                    }
                }
                _ if !ordered || self.is_review(line) => {
                    // A review comes before what is new and after what is begun, whatever its priority.
                    return Some(begun.map_or(line, |begun| begun.line));
                }
                _ => begun = Some(choice.or_earlier(begun)),
            }
        }
        match begun {
            Some(begun) if !candidates.iter().flatten().any(|new| new.priority < begun.priority) => {
                Some(begun.line)
            }
            // Where shares keep back what is new, what is begun or to be read is there to do.
            _ => self
                .class_owed_most(team, shared?, candidates.map(|new| Some(new?.line)))
                .or(begun.map(|begun| begun.line))
                .or(idle),
        }
    }

    /// Of the classes with work to do, the line of the one the team owes most hours.
    fn class_owed_most(
        &mut self,
        team: TeamId,
        share: f64,
        lines: [Option<LineId>; CLASSES],
    ) -> Option<LineId> {
        self.charge_hours(team, share);
        let [feature, health, _] = lines;
        let features_wait = feature.is_some() || self.has_new_work(team, Class::Feature);
        let health_waits = health.is_some() || self.has_new_work(team, Class::Health);
        let state = &mut self.org.teams[team.at()];
        // A class with nothing to do forfeits what it is owed; one that a limit holds back does not,
        // and the other may not take its hours: then somebody stands idle.
        if !health_waits {
            state.owed[1] = state.owed[1].min(0.0);
        }
        if !features_wait {
            state.owed[1] = state.owed[1].max(0.0);
            return health;
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
        let cap = plan.quarter.0 as f64 * state.people.len() as f64;
        let owed = state.owed[1] + share * (feature_hours + health_hours) - health_hours;
        state.owed[1] = owed.clamp(-(1.0 - share) * cap, share * cap);
    }

    /// The first item of a line that this person may start; stale tickets are thrown away.
    fn head(&mut self, line: LineId, bit: u32, person: PersonId, team: TeamId) -> Option<ItemId> {
        loop {
            let Some(ticket) = self.org.lines[line.at()].first().copied() else {
                self.org.teams[team.at()].ready &= !(1 << bit);
                return None;
            };
            if self.is_stale(&ticket) {
                self.org.lines[line.at()].take_first();
                continue;
            }
            let admitted = self.limits_admit(&self.org.items[ticket.item], team, person, None);
            return (admitted && self.reviewable(line, person)).then_some(ticket.item);
        }
    }

    pub(super) fn is_stale(&self, ticket: &Ticket) -> bool {
        self.org.items.get(ticket.item).is_none_or(|item| item.stamp != ticket.stamp)
    }

    pub(super) fn is_review(&self, line: LineId) -> bool {
        matches!(self.plan.lines.lines[line.at()].role, LineRole::Review | LineRole::IdleReview)
    }

    /// Nobody reviews their own work, unless there is nobody else.
    pub(super) fn may_review(&self, ticket: &Ticket, person: PersonId) -> bool {
        let team = self.org.people[person.at()].team;
        let alone = self.org.teams[team.at()].people.len() == 1;
        alone || self.org.items.get(ticket.item).is_some_and(|item| item.author != Some(person))
    }

    fn reviewable(&self, line: LineId, person: PersonId) -> bool {
        !self.is_review(line)
            || self.org.lines[line.at()]
                .tickets()
                .any(|ticket| !self.is_stale(ticket) && self.may_review(ticket, person))
    }

    /// Takes the first item this person may have out of a line whose head was found fit.
    fn take(&mut self, line: LineId, person: PersonId) -> Option<ItemId> {
        let review = self.is_review(line);
        let mut passed = Vec::new();
        let mut found = None;
        while let Some(ticket) = self.org.lines[line.at()].take_first() {
            if self.is_stale(&ticket) {
                continue;
            }
            if !review || self.may_review(&ticket, person) {
                found = Some(ticket.item);
                break;
            }
            passed.push(ticket);
        }
        for ticket in passed.into_iter().rev() {
            self.org.lines[line.at()].put_back(ticket);
        }
        let item = &mut self.org.items[found?];
        item.give_up_ticket();
        found
    }
}

/// A line whose first item could be taken.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Choice {
    priority: u8,
    unplanned: bool,
    line: LineId,
}

impl Choice {
    /// The one with the more urgent item; of equals, the one found earlier.
    fn or_earlier(self, earlier: Option<Choice>) -> Choice {
        earlier.filter(|earlier| earlier.priority <= self.priority).unwrap_or(self)
    }
}

fn is_new(line: &LinePlan) -> bool {
    line.class != Class::Unplanned && matches!(line.role, LineRole::Entry | LineRole::Fresh)
}
