//! Crews: colleagues who help with an item that one of them holds.

use super::mechanism::Context;
use super::work::ItemId;
use kernel::units::{PersonId, TeamId};

impl Context<'_> {
    /// Colleagues who are free join whoever starts an item, as many as the stage has use for.
    pub(super) fn gather_crew(&mut self, person: PersonId, id: ItemId, speeds: &[f64]) {
        let team = self.org.people[person.at()].team;
        let mut crew = 1;
        while crew < speeds.len() {
            // Those with nothing on the desk come first.
            let free = self.org.teams[team.at()].available.iter().copied();
            let mut idle = free.take_while(|other| self.org.people[other.at()].desk.is_empty());
            let other = idle.find(|other| *other != person);
            let Some(other) = other else { break };
            self.catch_up(other);
            self.part(other);
            let helper = &mut self.org.people[other.at()];
            helper.duties += 1;
            helper.helps = Some(id);
            self.re_time(other);
            crew += 1;
        }
        self.org.items[id].speed *= speeds[crew - 1];
    }

    /// Whoever helped with an item is free again.
    pub(super) fn dismiss_crew(&mut self, team: TeamId, id: ItemId) {
        self.org.looks += self.org.teams[team.at()].people.len() as u64;
        for place in 0..self.org.teams[team.at()].people.len() {
            let other = self.org.teams[team.at()].people[place];
            if self.org.people[other.at()].helps == Some(id) {
                self.catch_up(other);
                self.org.people[other.at()].helps = None;
                self.end_duty(other);
            }
        }
    }

    /// Somebody who helps with a colleague's work is free again; the rest of it goes on at the pace of those left.
    pub(super) fn leave_crew(&mut self, person: PersonId, id: ItemId) {
        let speeds = &self.plan.stages[self.org.items[id].stage.at()].crew;
        let team = self.org.people[person.at()].team;
        let help = |other: &&PersonId| self.org.people[other.at()].helps == Some(id);
        let crew = 1 + self.org.teams[team.at()].people.iter().filter(help).count();
        self.catch_up(person);
        self.org.people[person.at()].helps = None;
        self.end_duty(person);
        let Some(holder) = self.org.items[id].holder else { return };
        self.slow_down(holder, id, speeds[crew - 1] / speeds[crew - 2]);
    }

    /// What is left of an item under way takes so many times as long from now on; less where that is below 1.
    pub(super) fn slow_down(&mut self, holder: PersonId, id: ItemId, slower: f64) {
        self.catch_up(holder);
        self.org.items[id].speed /= slower;
        let state = &mut self.org.people[holder.at()];
        for task in state.desk.iter_mut().filter(|task| task.item == id) {
            task.due = state.progress + (task.due - state.progress) * slower;
        }
        state.desk.sort_by(|a, b| b.due.total_cmp(&a.due));
        self.re_time(holder);
    }
}
