//! Helping: whoever has nothing planned to do joins a colleague's item under way, until there is something.
//!
//! Unlike a crew a helper is on no duty: they keep their place among those who may pull, and let go as soon as they take up
//! work of their own or are called away. Nobody helps with what is put down, finished, or held by somebody who is called away.

use super::mechanism::Context;
use super::plan::Holder;
use super::slack::{Help, SlackPlan};
use super::work::ItemId;
use kernel::units::{PersonId, TeamId};

impl Context<'_> {
    /// Somebody with an empty desk joins the most urgent item under way that help is of use for, of equals the one with the
    /// most left; false where there is none.
    pub(super) fn join_somebody(&mut self, helper: PersonId, team: TeamId, slack: &SlackPlan) -> bool {
        self.org.looks += self.org.teams[team.at()].people.len() as u64;
        let Some((holder, item)) = self.whom_to_help(team, slack) else { return false };
        let factor = 1.0 + slack.speed;
        self.catch_up(helper);
        self.org.people[helper.at()].assists = Some(Help { item, factor });
        self.org.teams[team.at()].helping += 1;
        self.slow_down(holder, item, 1.0 / factor);
        true
    }

    fn whom_to_help(&self, team: TeamId, slack: &SlackPlan) -> Option<(PersonId, ItemId)> {
        let state = &self.org.teams[team.at()];
        let mut best: Option<(u8, f64, PersonId, ItemId)> = None;
        for at in state.people.iter().copied() {
            let person = &self.org.people[at.at()];
            if person.duties > 0 {
                continue;
            }
            let progress = person.progress + person.rate * (self.now() - person.since).0 as f64;
            for task in &person.desk {
                let item = &self.org.items[task.item];
                let stage = &self.plan.stages[item.stage.at()];
                let left = (task.due - progress) * item.speed;
                let takes_help = matches!(stage.holder, Holder::Work { .. }) && stage.crew.len() <= 1;
                if !takes_help || left < slack.from.0 as f64 || self.is_helped(team, task.item) {
                    continue;
                }
                let priority = self.priority_of(task.item);
                let is_first = |(urgent, most, ..): (u8, f64, PersonId, ItemId)| {
                    priority < urgent || (priority == urgent && left > most)
                };
                if best.is_none_or(is_first) {
                    best = Some((priority, left, at, task.item));
                }
            }
        }
        best.map(|(_, _, holder, item)| (holder, item))
    }

    fn helps_with(&self, person: PersonId, id: ItemId) -> bool {
        self.org.people[person.at()].assists.is_some_and(|help| help.item == id)
    }

    fn helper_of(&self, team: TeamId, id: ItemId) -> Option<PersonId> {
        let people = &self.org.teams[team.at()].people;
        people.iter().copied().find(|person| self.helps_with(*person, id))
    }

    fn is_helped(&self, team: TeamId, id: ItemId) -> bool {
        self.org.teams[team.at()].helping > 0 && self.helper_of(team, id).is_some()
    }

    /// Somebody who helps lets go: the rest of the item goes on without them.
    #[inline(always)] // mostly nobody does
    pub(super) fn part(&mut self, helper: PersonId) {
        if let Some(help) = self.org.people[helper.at()].assists {
            self.part_from(helper, help);
        }
    }

    #[inline(never)]
    fn part_from(&mut self, helper: PersonId, help: Help) {
        self.stop_helping(helper);
        if let Some(holder) = self.org.items.get(help.item).and_then(|item| item.holder) {
            self.slow_down(holder, help.item, help.factor);
        }
    }

    fn stop_helping(&mut self, helper: PersonId) {
        self.catch_up(helper);
        let person = &mut self.org.people[helper.at()];
        let team = person.team;
        person.assists = None;
        self.org.teams[team.at()].helping -= 1;
    }

    /// An item has left the desk where somebody helped with it.
    #[inline(never)]
    pub(super) fn release_helper(&mut self, team: TeamId, id: ItemId) {
        self.org.looks += self.org.teams[team.at()].people.len() as u64;
        if let Some(helper) = self.helper_of(team, id) {
            self.stop_helping(helper);
        }
    }

    /// Whoever is called away, or leaves, helps nobody, and nobody helps with what lies on their desk.
    pub(super) fn let_go(&mut self, at: PersonId) {
        let team = self.org.people[at.at()].team;
        if self.org.teams[team.at()].helping == 0 {
            return;
        }
        self.part(at);
        for nth in 0..self.org.people[at.at()].desk.len() {
            let item = self.org.people[at.at()].desk[nth].item;
            if let Some(helper) = self.helper_of(team, item) {
                self.part(helper);
            }
        }
        self.org.unsettle(team);
    }
}
