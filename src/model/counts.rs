//! Counts by person: how many things of one sort have been drawn for everybody, which addresses the next.

use super::mechanism::Context;
use kernel::streams::Key;
use kernel::units::PersonId;

/// How many so far, for each person.
#[derive(Clone)]
pub struct Counts(Vec<u64>);

impl Counts {
    /// For everybody there is.
    pub fn start(ctx: &Context<'_>) -> Counts {
        Counts(vec![ctx.first_number(); ctx.org.people.len()])
    }

    /// Takes in those who have come since; tells for how many it counts.
    pub fn follow(&mut self, ctx: &Context<'_>) -> usize {
        self.0.resize(ctx.org.people.len(), 0);
        self.0.len()
    }

    /// Takes in somebody who joins; false where they have been taken in before.
    pub fn takes_in(&mut self, person: PersonId) -> bool {
        let is_new = person.at() >= self.0.len();
        if is_new {
            self.0.resize(person.at() + 1, 0);
        }
        is_new
    }

    pub fn add(&mut self, person: PersonId) {
        self.0[person.at()] += 1;
    }

    /// The address of a person's next.
    pub fn key(&self, person: PersonId, ctx: &Context<'_>) -> Key {
        ctx.org.people[person.at()].key.nth(self.0[person.at()])
    }
}
