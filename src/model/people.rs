//! People come and go: who belongs to a team, and what becomes of the work of those who leave.
//!
//! A person keeps one number for life. Draws about a person are addressed by the team they were
//! taken on by and which of its people they were, so that nobody else's draws move. Where people go when the
//! organisation is reorganised stands here too.

use super::column::Column;
use super::compiled_plan::CompiledPlan;
use super::domain_event::DomainEvent;
use super::instrument::Counter;
use super::mechanism::Context;
use super::mechanisms::Mechanisms;
use super::migration::{Migration, named};
use super::organisation::{Person, Taken, Task, Team, new_team};
use super::plan::{Preemption, TeamPlan};
use super::work::ItemId;
use kernel::streams::{Key, StreamId, Streams};
use kernel::units::{Instant, PersonId, TeamId};

const SKILL: StreamId = StreamId::named("people/skill");

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
        streams: &Streams,
    ) -> Person {
        Person {
            key,
            team,
            present: true,
            share,
            skill: plan.skill.draw(streams, SKILL, key).max(0.05),
            desk: Vec::new(),
            progress: 0.0,
            since: now,
            rate: 0.0,
            crowding: 0.0,
            crowding_log: 0.0,
            undisturbed: None,
            duties: 0,
            away: false,
            taken: Taken::NOTHING,
            helps: None,
            assists: None,
            tends: false,
            owned: 0,
            place: None,
        }
    }
    /// Every duty is over and the desk is cleared: what lay on it, and how far its attention had come.
    pub(super) fn lay_down(&mut self) -> (f64, Vec<Task>) {
        (self.duties, self.away, self.helps, self.assists, self.place) = (0, false, None, None, None);
        self.tends = false;
        self.owned = 0; // counted anew as work finds its place: what is not work finds none
        (self.progress, std::mem::take(&mut self.desk))
    }
}

impl Team {
    /// Books membership up to now, before somebody joins or leaves.
    fn count_members(&mut self, now: Instant) {
        (self.membership, self.paid) = (self.members_until(now), self.paid_until(now));
        self.counted = now;
    }

    /// It goes on with the debts of hours and the sums of one whose work it takes over.
    fn take_over(&mut self, before: &Team, now: Instant) {
        for at in 0..self.worked.len() {
            self.worked[at] += before.worked[at];
            self.owed[at] += before.owed[at];
        }
        for at in 0..self.charged.len() {
            self.charged[at] += before.charged[at];
        }
        self.slack.add(&before.slack);
        self.on_duty += before.on_duty;
        self.taken += before.taken;
        self.own.take_over(1.0, &before.own);
        self.taken_on += before.taken_on;
        self.membership += before.members_until(now);
        self.paid += before.paid_until(now);
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

impl Context<'_> {
    /// What there is for somebody's team, of what a scenario says by team; nothing for whoever has left.
    pub fn of_team<'t, T>(&self, at: PersonId, by_team: &'t [Option<T>]) -> Option<&'t T> {
        let person = &self.org.people[at.at()];
        by_team.get(person.team.at())?.as_ref().filter(|_| person.present)
    }

    /// Calls one person to a duty, who drops what they hold; false if they have left or are on a duty.
    pub fn start_duty_of(&mut self, at: PersonId) -> bool {
        let person = &self.org.people[at.at()];
        if !person.present || person.duties > 0 {
            return false;
        }
        self.interrupt(at);
        true
    }

    /// Calls one of a team to a duty, other than somebody.
    pub fn start_duty_of_colleague(&mut self, team: TeamId, except: Option<PersonId>) -> Option<PersonId> {
        let mut called = Vec::new();
        // Whoever is on a duty is not called.
        let spared = except.map(|person| &mut self.org.people[person.at()].duties);
        spared.into_iter().for_each(|duties| *duties += 1);
        self.start_duty(team, 1, &mut called);
        let spared = except.map(|person| &mut self.org.people[person.at()].duties);
        spared.into_iter().for_each(|duties| *duties -= 1);
        called.pop()
    }

    /// Somebody joins a team and may pull work at once.
    pub fn hire(&mut self, team: TeamId, key: Key) -> PersonId {
        let now = self.now();
        let at = PersonId::new(self.org.people.len());
        let person = Person::new(team, &self.plan.teams[team.at()], 1.0, key, now, &self.streams);
        self.org.people.push(person);
        let state = &mut self.org.teams[team.at()];
        state.count_members(now);
        state.people.push(at);
        state.given += 1.0;
        self.org.count(Counter::JOINED, 1.0);
        self.emit(DomainEvent::Joined { person: at });
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
    pub fn start_duty_except(&mut self, team: TeamId, not: PersonId, called: &mut Vec<PersonId>) {
        let others = self.org.teams[team.at()].people.iter().copied().filter(|person| *person != not);
        let free = others.filter(|person| self.org.people[person.at()].duties == 0);
        if let Some(person) = free.min_by_key(|person| self.org.people[person.at()].desk.len()) {
            self.interrupt(person);
            called.push(person);
        }
    }

    /// Somebody leaves the organisation. What lies on the desk goes back to the front of the team's
    /// lines, half done as it is; what they had in mind belongs to nobody.
    pub fn dismiss(&mut self, at: PersonId) {
        let now = self.now();
        let team = self.org.people[at.at()].team;
        self.catch_up(at);
        self.let_go(at);
        let state = &mut self.org.teams[team.at()];
        state.count_members(now);
        state.people.retain(|person| *person != at);
        state.given = given(&state.people, &self.org.people);
        self.org.people[at.at()].present = false;
        self.org.people[at.at()].helps = None;
        while let Some(task) = self.org.people[at.at()].desk.last() {
            let item = task.item;
            self.preempt(at, item, Preemption::Resume);
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
        self.org.count(Counter::DEPARTED, 1.0);
        self.emit(DomainEvent::Departed { person: at });
        self.re_time(at);
    }
}

impl Context<'_> {
    /// People go to the teams of the new plan.
    pub(super) fn move_people(&mut self, old: &CompiledPlan, migration: &mut Migration) {
        let now = self.now();
        let plan = self.plan;
        let old_teams = std::mem::take(&mut self.org.teams);
        let mut teams: Vec<Team> = plan.teams.iter().map(|_| new_team(0.0, Vec::new(), now)).collect();
        let mut spare: Vec<(usize, PersonId)> = Vec::new();
        for (at, before) in old_teams.iter().enumerate() {
            let home = named(&old.teams[at].name, plan);
            let room = home.map_or(0, |home| size(&plan.teams[home.at()]) as usize);
            for (nth, person) in before.people.iter().enumerate() {
                match home {
                    Some(home) if nth < room => {
                        teams[home.at()].people.push(*person);
                        migration.moves.push((TeamId::new(at), home));
                    }
                    _ => spare.push((at, *person)),
                }
            }
        }
        spare.reverse();
        let mut went = vec![None; old.teams.len()];
        // Seats of the start are filled before those that somebody is looked for.
        for room in [|team: &TeamPlan| team.engineers, size] {
            for (at, team) in teams.iter_mut().enumerate() {
                let is_desk =
                    |person: &(usize, PersonId)| old.teams[person.0].is_leader == plan.teams[at].is_leader;
                while team.people.len() < room(&plan.teams[at]) as usize {
                    let Some(place) = spare.iter().rposition(is_desk) else { break };
                    let (from, person) = spare.remove(place);
                    went[from].get_or_insert(TeamId::new(at));
                    team.people.push(person);
                    migration.moves.push((TeamId::new(from), TeamId::new(at)));
                }
            }
        }
        for (at, team) in old.teams.iter().enumerate() {
            if named(&team.name, plan).is_none() {
                migration.teams[at] = went[at].unwrap_or(TeamId(0));
            }
        }
        for (at, before) in old_teams.iter().enumerate() {
            teams[migration.teams[at].at()].take_over(before, now);
        }
        if self.org.moves > 1 {
            // A team of this plan may have had people under the plan before the last, and been forgotten since.
            let most = old_teams.iter().map(|team| team.taken_on).max().unwrap_or(0);
            teams.iter_mut().for_each(|team| team.taken_on = team.taken_on.max(most));
        }
        for (at, team) in teams.iter_mut().enumerate() {
            team.given = given(&team.people, &self.org.people);
            team.gauges = std::array::from_fn(|gauge| {
                migration.level(TeamId::new(at), |before| old_teams[before.at()].gauges[gauge])
            });
        }
        self.org.teams = teams;
        // Also those who left long ago: what is still asked of them finds a team.
        for person in &mut self.org.people {
            person.team = migration.team(person.team);
        }
        self.settle_in(old, spare);
    }

    /// Everybody knows their team; whom the new plan has more is hired, who is too many leaves.
    fn settle_in(&mut self, old: &CompiledPlan, spare: Vec<(usize, PersonId)>) {
        for (_, person) in spare {
            self.org.people[person.at()].present = false;
            self.org.count(Counter::DEPARTED, 1.0);
            self.emit(DomainEvent::Departed { person });
        }
        let mut more = [false, true].map(|leaders| self.more_people(old, leaders));
        for at in 0..self.org.teams.len() {
            let team = TeamId::new(at);
            for place in 0..self.org.teams[at].people.len() {
                let person = self.org.teams[at].people[place];
                self.org.people[person.at()].team = team;
            }
            let more = &mut more[usize::from(self.plan.teams[at].is_leader)];
            while *more > 0 && self.org.teams[at].people.len() < self.plan.teams[at].engineers as usize {
                *more -= 1;
                self.hire_next(team);
            }
        }
        self.org.unsettled.clear();
        for at in 0..self.org.teams.len() {
            self.org.teams[at].unsettled = false;
            self.org.unsettle(TeamId::new(at));
        }
    }

    /// How many more people the new plan has than the old one was meant to have, among engineers or leaders. Without
    /// anybody who looks for people it has as many as it says.
    fn more_people(&self, old: &CompiledPlan, leaders: bool) -> u32 {
        if !Mechanisms::seeks_people(&self.plan.params) {
            return u32::MAX;
        }
        let people = |plan: &CompiledPlan, count: fn(&TeamPlan) -> u32| -> u32 {
            plan.teams.iter().filter(|team| team.is_leader == leaders).map(count).sum()
        };
        people(self.plan, |team| team.engineers).saturating_sub(people(old, size))
    }
}

/// The people a team has at the start or is meant to have, whichever are more.
fn size(team: &TeamPlan) -> u32 {
    team.engineers.max(team.staffing.target)
}
