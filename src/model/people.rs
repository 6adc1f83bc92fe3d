//! People come and go: who belongs to a team, and what becomes of the work of those who leave.
//!
//! A person keeps one number for life. Draws about a person are addressed by the team they were
//! taken on by and which of its people they were, so that nobody else's luck moves.

use super::gauge::Tally;
use super::mechanism::Turn;
use super::moment::Moment;
use super::organisation::{Person, Team};
use super::plan::{Preemption, TeamPlan};
use super::work::ItemId;
use kernel::luck::{Key, Luck, Purpose};
use kernel::units::{Instant, PersonId, TeamId};

const SKILL: Purpose = Purpose::named("people/skill");

/// The address of the `nth` person a team ever had.
pub fn seat(team: &TeamPlan, nth: u64) -> Key {
    Key::of("person", 0).child(SKILL, 0).nth(Key::of(&team.name, nth).0)
}

/// What people give together, each the part of their week; summed anew, so that no rounding is left of who has gone.
pub(super) fn given(team: &[PersonId], people: &[Person]) -> f64 {
    team.iter().fold(0.0, |sum, person| sum + people[person.at()].share)
}

impl Person {
    /// Somebody with an empty desk, of a skill drawn from the team's law.
    pub(super) fn new(
        team: TeamId,
        plan: &TeamPlan,
        share: f64,
        key: Key,
        now: Instant,
        luck: &Luck,
    ) -> Person {
        Person {
            key,
            team,
            present: true,
            share,
            skill: plan.skill.draw(luck, SKILL, key).max(0.05),
            desk: Vec::new(),
            progress: 0.0,
            since: now,
            rate: 0.0,
            crowding: 0.0,
            crowding_log: 0.0,
            undisturbed: None,
            duties: 0,
            away: false,
            helps: None,
            owned: 0,
            place: None,
        }
    }
}

impl Team {
    /// Books membership up to now, before somebody joins or leaves.
    fn count_members(&mut self, now: Instant) {
        (self.membership, self.paid) = (self.members_until(now), self.paid_until(now));
        self.counted = now;
    }

    /// Person-ticks of membership, each person counted once.
    pub fn members_until(&self, now: Instant) -> f64 {
        self.membership + (now - self.counted).0 as f64 * self.people.len() as f64
    }

    /// Person-ticks of membership, each person counted as the part of the week they give.
    pub fn paid_until(&self, now: Instant) -> f64 {
        self.paid + (now - self.counted).0 as f64 * self.given
    }
}

impl Turn<'_> {
    /// What there is for somebody's team, of what a scenario says by team; nothing for whoever has left.
    pub fn of_team<'t, T>(&self, at: PersonId, by_team: &'t [Option<T>]) -> Option<&'t T> {
        let person = &self.org.people[at.at()];
        by_team.get(person.team.at())?.as_ref().filter(|_| person.present)
    }

    /// Calls one person to a duty, who drops what they hold; false if they have left or are on a duty.
    pub fn call_person(&mut self, at: PersonId) -> bool {
        let person = &self.org.people[at.at()];
        if !person.present || person.duties > 0 {
            return false;
        }
        self.take_away(at);
        true
    }

    /// Calls one of a team to a duty, other than somebody.
    pub fn call_colleague(&mut self, team: TeamId, except: Option<PersonId>) -> Option<PersonId> {
        let mut called = Vec::new();
        // Whoever is on a duty is not called.
        let spared = except.map(|person| &mut self.org.people[person.at()].duties);
        spared.into_iter().for_each(|duties| *duties += 1);
        self.call(team, 1, &mut called);
        let spared = except.map(|person| &mut self.org.people[person.at()].duties);
        spared.into_iter().for_each(|duties| *duties -= 1);
        called.pop()
    }

    /// Somebody joins a team and may pull work at once.
    pub fn hire(&mut self, team: TeamId, key: Key) -> PersonId {
        let now = self.now();
        let at = PersonId::new(self.org.people.len());
        let person = Person::new(team, &self.plan.teams[team.at()], 1.0, key, now, &self.luck);
        self.org.people.push(person);
        let state = &mut self.org.teams[team.at()];
        state.count_members(now);
        state.people.push(at);
        state.given += 1.0;
        self.org.count(Tally::JOINED, 1.0);
        self.tell(Moment::Joined { person: at });
        self.re_time(at);
        at
    }

    /// The address of the next person a team looks for or takes on.
    pub fn next_seat(&mut self, team: TeamId) -> Key {
        let state = &mut self.org.teams[team.at()];
        let key = seat(&self.plan.teams[team.at()], state.taken_on);
        state.taken_on += 1;
        key
    }

    /// The next person a team takes on joins it.
    pub fn hire_next(&mut self, team: TeamId) -> PersonId {
        let key = self.next_seat(team);
        self.hire(team, key)
    }

    /// A team grows or shrinks by the difference between two plans; the last to come are the first to go.
    pub(super) fn change_size(&mut self, team: TeamId, before: u32, after: u32) {
        for _ in before..after {
            self.hire_next(team);
        }
        for _ in after..before {
            if let Some(last) = self.org.teams[team.at()].people.last() {
                self.dismiss(*last);
            }
        }
    }

    /// Calls somebody of a team other than this person to a duty, the least busy first.
    pub fn call_but(&mut self, team: TeamId, not: PersonId, called: &mut Vec<PersonId>) {
        let others = self.org.teams[team.at()].people.iter().copied().filter(|person| *person != not);
        let free = others.filter(|person| self.org.people[person.at()].duties == 0);
        if let Some(person) = free.min_by_key(|person| self.org.people[person.at()].desk.len()) {
            self.take_away(person);
            called.push(person);
        }
    }

    /// Somebody leaves the organisation. What lies on the desk goes back to the front of the team's
    /// lines, half done as it is; what they had in mind belongs to nobody.
    pub fn dismiss(&mut self, at: PersonId) {
        let now = self.now();
        let team = self.org.people[at.at()].team;
        self.catch_up(at);
        let state = &mut self.org.teams[team.at()];
        state.count_members(now);
        state.people.retain(|person| *person != at);
        state.given = given(&state.people, &self.org.people);
        self.org.people[at.at()].present = false;
        self.org.people[at.at()].helps = None;
        while let Some(task) = self.org.people[at.at()].desk.last() {
            let item = task.item;
            self.set_aside(at, item, Preemption::Resume);
        }
        let owned = std::mem::take(&mut self.org.people[at.at()].owned);
        self.org.teams[team.at()].started -= owned;
        if owned > 0 {
            self.org.unsettle(team);
        }
        let (theirs, others) =
            std::mem::take(&mut self.org.returning).into_iter().partition(|(to, _)| *to == at);
        self.org.returning = others;
        let theirs: Vec<(PersonId, ItemId)> = theirs;
        for (_, item) in theirs {
            self.join_line(item, team, true);
        }
        self.org.count(Tally::DEPARTED, 1.0);
        self.tell(Moment::Departed { person: at });
        self.re_time(at);
    }
}
