//! Who may pull, and in which order: whoever has the least on the desk comes first, of equals whoever has been so for
//! the longest, and then the one who has been with the organisation for longer.

use super::mechanism::Context;
use kernel::units::{Instant, PersonId, TeamId};

/// Where somebody stands in the order of pulling; smaller comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PullPlace {
    /// How much lies on the desk.
    load: u32,
    /// Since when.
    since: Instant,
}

impl Context<'_> {
    /// Keeps the team's list of people who may pull.
    pub(super) fn list(&mut self, at: PersonId, may_pull: bool) {
        let person = &self.org.people[at.at()];
        let (team, load, place) = (person.team, person.desk.len() as u32, person.place);
        if place.is_some_and(|place| may_pull && place.load == load) {
            return;
        }
        if let Some(place) = place {
            self.leave_list(team, place, at);
        }
        if !may_pull {
            self.org.people[at.at()].place = None;
        } else {
            let place = PullPlace { load, since: self.now() };
            self.join_list(team, place, at);
            if self.org.people[at.at()].place.replace(place).is_none() {
                self.org.unsettle(team);
            }
        }
    }

    /// Whoever leaves is mostly the first.
    #[inline(always)]
    fn leave_list(&mut self, team: TeamId, place: PullPlace, at: PersonId) {
        if self.org.teams[team.at()].available.front() == Some(&at) {
            self.org.teams[team.at()].available.pop_front();
        } else {
            let found = self.spot(team, place, at);
            self.org.teams[team.at()].available.remove(found);
        }
    }

    /// Whoever comes is mostly the last.
    #[inline(always)]
    fn join_list(&mut self, team: TeamId, place: PullPlace, at: PersonId) {
        let last = self.org.teams[team.at()].available.back();
        if last.is_none_or(|last| (self.org.people[last.at()].place, *last) < (Some(place), at)) {
            self.org.teams[team.at()].available.push_back(at);
        } else {
            let spot = self.spot(team, place, at);
            self.org.teams[team.at()].available.insert(spot, at);
        }
    }

    /// How many stand before this place.
    #[inline(never)]
    fn spot(&self, team: TeamId, place: PullPlace, at: PersonId) -> usize {
        let before = |other: &PersonId| (self.org.people[other.at()].place, *other) < (Some(place), at);
        self.org.teams[team.at()].available.partition_point(before)
    }
}
