//! Ownership: who has an item in mind, and how many somebody has begun.

use super::mechanism::Context;
use super::work::ItemId;
use kernel::units::PersonId;

impl Context<'_> {
    #[inline]
    pub(super) fn own(&mut self, person: PersonId, id: ItemId) {
        if self.org.items[id].owner != Some(person) {
            self.take_over(person, id);
        }
    }

    fn take_over(&mut self, person: PersonId, id: ItemId) {
        self.unassign(id);
        self.count_begun(person, true);
        let item = &mut self.org.items[id];
        item.owner = Some(person);
        if item.taken.is_none() {
            item.taken = Some(self.event_list.now());
            let initiative = item.initiative;
            self.activate(initiative, id);
        }
    }

    /// Its owner has it in mind no longer: it is live, dropped, or somebody else's.
    #[inline(always)] // mostly it is nobody's
    pub(super) fn unassign(&mut self, id: ItemId) {
        if self.org.items[id].owner.is_some() {
            self.disown(id);
        }
    }

    #[inline(never)]
    fn disown(&mut self, id: ItemId) {
        self.step_back(id);
        let Some(owner) = self.org.items[id].owner.take() else { return };
        let person = &self.org.people[owner.at()];
        if !person.present {
            return; // what they had in mind ceased to count when they left
        }
        let team = person.team;
        self.count_begun(owner, false);
        self.org.unsettle(team);
    }

    /// Somebody has one item more, or one fewer, that limits count.
    #[inline]
    pub(super) fn count_begun(&mut self, person: PersonId, more: bool) {
        let person = &mut self.org.people[person.at()];
        let started = &mut self.org.teams[person.team.at()].started;
        if more {
            person.owned += 1;
            *started += 1;
        } else {
            person.owned -= 1;
            *started -= 1;
        }
    }
}
