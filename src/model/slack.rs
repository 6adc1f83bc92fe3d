//! Slack: what somebody does who may start nothing that is planned, in the order that the scenario states.
//!
//! Somebody is *in slack* when the usual search for work finds nothing for them: limits hold it back or there is none, and no
//! hours are owed to health. What they do then is charged to no share.

use super::layout::LinePlan;
use super::line::{Fit, LineSort, Ticket};
use super::mechanism::Context;
use super::organisation::{Organisation, Person};
use super::pull::{PullRequest, is_new, is_void};
use super::work::{CLASSES, Class, Item, ItemId};
use kernel::slab::Slab;
use kernel::units::{Instant, LineId, PersonId, TeamId, Ticks};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// What somebody does who may start nothing that is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Meanwhile {
    /// Read what is to be read by whoever is idle.
    Review,
    /// Go on with what is begun.
    Unblock,
    /// Join a colleague.
    Help,
    /// Pay back debt beyond the share that is held for it.
    Health,
    /// Tend to the team's tools, an hour at a time.
    Tools,
    /// Wait.
    Idle,
}

/// What a team's people do in slack.
#[derive(Clone, Debug, PartialEq)]
pub struct SlackPlan {
    /// The first that can be done is done.
    pub order: Vec<Meanwhile>,
    /// How much faster work goes on with help.
    pub speed: f64,
    /// Nominal work that must be left for anybody to help.
    pub from: Ticks,
    /// For each of [`Meanwhile`], bits of the team's lines where something of the sort may be found.
    pub lines: [u128; Meanwhile::SORTS],
}

/// The item of a colleague that somebody helps with, and how many times as fast it goes for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Help {
    pub item: ItemId,
    pub factor: f64,
}

/// Ticks in slack.
#[derive(Clone, Copy, Debug, Default)]
pub struct InSlack {
    /// Of those at desks, per class, helping included.
    pub worked: [f64; CLASSES],
    pub helped: f64,
    /// Of duties that somebody takes up when idle.
    pub tended: f64,
    pub idle: f64,
}

impl InSlack {
    /// Time has passed for somebody with an empty desk.
    #[inline]
    pub(super) fn pass(&mut self, person: &Person, items: &Slab<Item>, given: f64) {
        match person.assists {
            Some(help) => {
                self.worked[items[help.item].class as usize] += given;
                self.helped += given;
            }
            None if person.duties == 0 && person.present => self.idle += given,
            None if person.tends && person.is_on_duty() => self.tended += given,
            None => {}
        }
    }

    pub(super) fn add(&mut self, other: &InSlack) {
        for (mine, theirs) in self.worked.iter_mut().zip(other.worked) {
            *mine += theirs;
        }
        self.helped += other.helped;
        self.tended += other.tended;
        self.idle += other.idle;
    }

    pub fn all(&self) -> f64 {
        self.worked.iter().sum::<f64>() + self.tended + self.idle
    }
}

impl Meanwhile {
    /// How many sorts there are.
    pub const SORTS: usize = Meanwhile::Idle as usize + 1;

    /// Whether something of the sort may be found in a line.
    pub(super) fn looks_into(self, line: &LinePlan) -> bool {
        match self {
            Meanwhile::Review => line.is_for_slack(),
            // What was begun and stands among what is new; all else that is begun was found before.
            Meanwhile::Unblock => is_new(line),
            Meanwhile::Health => is_new(line) && line.class == Class::Health,
            Meanwhile::Help | Meanwhile::Tools | Meanwhile::Idle => false,
        }
    }
}

impl Organisation {
    /// Ticks that a team's people have been in slack, those under way included.
    pub fn in_slack(&self, team: TeamId, now: Instant) -> InSlack {
        let state = &self.teams[team.at()];
        let mut slack = state.slack;
        for person in state.people.iter().map(|person| &self.people[person.at()]) {
            let given = person.given(now - person.since);
            if person.desk.is_empty() {
                slack.pass(person, &self.items, given);
            } else if person.rate > 0.0 {
                let each = given / person.desk.len() as f64;
                let items = person.desk.iter().map(|task| &self.items[task.item]);
                items.filter(|item| item.in_slack).for_each(|item| slack.worked[item.class as usize] += each);
            }
        }
        slack
    }
}

/// What somebody in slack has found.
pub(super) enum Chosen {
    Begins(PersonId, ItemId),
    Helps,
    /// Whoever keeps the team's tools hears of it, and has something for them to do.
    Tends(PersonId),
}

impl Context<'_> {
    /// Who of a team's people in slack does what next; `None` where nobody finds anything, or all go on with what they do.
    ///
    /// As with the usual search, what two people with or without room find nothing in, nobody of their sort does.
    #[inline(never)]
    pub(super) fn choose_in_slack(&mut self, team: TeamId) -> Option<Chosen> {
        let plan = &self.plan.teams[team.at()];
        let slack = plan.slack.as_ref()?;
        let mut vain = [[0; 2]; Meanwhile::SORTS];
        let mut at = 0;
        while let Some(person) = self.org.teams[team.at()].available.get(at).copied() {
            at += 1;
            self.org.looks += 1;
            let state = &self.org.people[person.at()];
            let (is_free, helps) = (state.desk.is_empty(), state.assists.is_some());
            let is_full = plan.wip.items.is_some_and(|limit| state.owned >= limit);
            for what in slack.order.iter().copied() {
                let vain = &mut vain[what as usize][usize::from(is_full)];
                match what {
                    Meanwhile::Idle => break,
                    Meanwhile::Help if helps => break,
                    // Whoever has work on the desk has something planned to do.
                    Meanwhile::Help | Meanwhile::Health | Meanwhile::Tools if !is_free => {}
                    Meanwhile::Tools => return Some(Chosen::Tends(person)),
                    _ if *vain == 2 => {}
                    Meanwhile::Help if self.join_somebody(person, team, slack) => return Some(Chosen::Helps),
                    Meanwhile::Help => *vain = 2,
                    _ => match self.find_in_slack(what, slack.lines[what as usize], person, team) {
                        Some(item) => return Some(self.take_in_slack(what, person, item)),
                        None => *vain += 1,
                    },
                }
            }
        }
        None
    }

    /// The first that somebody may do of one sort of thing.
    fn find_in_slack(
        &mut self,
        what: Meanwhile,
        lines: u128,
        person: PersonId,
        team: TeamId,
    ) -> Option<ItemId> {
        let plan = self.plan;
        let first_line = plan.teams[team.at()].lines.start;
        let mut best: Option<(u8, ItemId)> = None;
        let mut ready = self.org.teams[team.at()].ready & lines;
        while ready != 0 {
            let line = LineId(first_line + ready.trailing_zeros());
            ready &= ready - 1;
            let spec = &plan.lines.lines[line.at()];
            let found = match what {
                Meanwhile::Unblock => self.first_begun(line, spec, person),
                _ => self.head(line, spec, person),
            };
            let Some((item, priority)) = found else { continue };
            if best.is_none_or(|(urgent, _)| priority < urgent) {
                best = Some((priority, item));
            }
        }
        best.map(|(_, item)| item)
    }

    /// The first of a line that people have begun and that somebody may go on with.
    fn first_begun(&mut self, line: LineId, spec: &LinePlan, person: PersonId) -> Option<(ItemId, u8)> {
        let asked = PullRequest { line, person, team: spec.team, aside: None };
        let items = &self.org.items;
        self.org.lines[line.at()].tidy(|ticket| is_void(items, ticket));
        let looks = Cell::new(0);
        // Most lines hold nothing of the kind: they are not gone through.
        let begun = |ticket: &Ticket, sort: &LineSort| {
            looks.set(looks.get() + 1);
            match self.org.items.get(ticket.item) {
                Some(item) if item.taken.is_some() => self.may_start(asked, ticket, Some(sort)),
                _ if sort.is_taken => Fit::No,
                _ => Fit::NoneOfItsSort,
            }
        };
        let found = self.org.lines[line.at()].find(begun).map(|ticket| ticket.item);
        self.org.looks += looks.get();
        found.map(|item| (item, self.priority_of(item)))
    }

    fn take_in_slack(&mut self, what: Meanwhile, person: PersonId, id: ItemId) -> Chosen {
        self.give_up_ticket(id);
        let is_free = self.org.people[person.at()].desk.is_empty();
        let item = &mut self.org.items[id];
        item.is_extra |= what == Meanwhile::Health && item.taken.is_none();
        item.in_slack = is_free || item.is_extra;
        Chosen::Begins(person, id)
    }
}
