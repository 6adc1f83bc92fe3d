//! Leaving and coming: hazards, vacancies, who is on the way, the first days, and what a reorganisation makes of it.

use super::record::{Coming, Onboarding, Staff};
use super::{Event, Params, People, undocumented};
use crate::gauge::{Stock, Tally};
use crate::mechanism::Turn;
use crate::migration::Migration;
use crate::staffing::{Leave, Who};
use kernel::calendar::Rank;
use kernel::luck::{Key, Purpose};
use kernel::math;
use kernel::units::{Instant, PersonId, TeamId, Ticks};

const DELAY: Purpose = Purpose::named("people/delay");

impl People {
    /// The hazard of leaving, by trust and by the share of time on duties in the week that is over.
    pub(super) fn measure_hazard(&mut self, team: TeamId, params: &Params, turn: &Turn<'_>) {
        let state = &turn.org.teams[team.at()];
        let staff = &mut self.staff[team.at()];
        let membership = state.paid_until(turn.now());
        let there = membership - staff.membership;
        let on_duty = turn.org.on_duty(team, turn.now());
        let called = if there > 0.0 { (on_duty - staff.duty) / there } else { 0.0 };
        (staff.duty, staff.membership) = (on_duty, membership);
        let distrust = state.stock(Stock::MISTRUST, 0.0);
        staff.hazard = params.hazard * math::exp(params.distrust * distrust + params.duties * called);
    }

    /// Whether somebody goes within this time: the hazard is constant in it, so the date is exact.
    pub(super) fn look_ahead(&mut self, person: PersonId, time: Ticks, turn: &mut Turn<'_>) {
        let hazard = self.staff[turn.org.people[person.at()].team.at()].hazard;
        let Some(record) = self.records.get_mut(person.at()) else { return };
        let (left, spent) = (record.left, hazard * time.hours());
        record.left -= spent;
        if left > 0.0 && left <= spent {
            turn.after(Ticks::from_hours(left / hazard), Rank::Course, Event::Goes { person });
        }
    }

    pub(super) fn goes(&mut self, person: PersonId, params: &Params, turn: &mut Turn<'_>) {
        if !turn.org.people[person.at()].present {
            return; // gone before, at a date
        }
        let team = turn.org.people[person.at()].team;
        turn.dismiss(person);
        self.talk_in(team, params, turn);
        self.refill(team, params, turn);
    }

    /// Looks for somebody for each place below the target that nobody is on the way to.
    pub(super) fn refill(&mut self, team: TeamId, params: &Params, turn: &mut Turn<'_>) {
        let target = turn.plan.teams[team.at()].staffing.target as usize;
        let staff = &mut self.staff[team.at()];
        while turn.org.teams[team.at()].people.len() + staff.coming.len() < target {
            let key = turn.next_seat(team);
            let delay = Ticks::from_hours(params.delay.draw(&turn.luck, DELAY, key));
            staff.expect(Coming { key, at: turn.now() + delay }, team, turn);
        }
    }

    /// Somebody comes, unless the place is no longer wanted.
    pub(super) fn comes(&mut self, team: TeamId, key: Key, params: &Params, turn: &mut Turn<'_>) {
        self.staff[team.at()].coming.retain(|coming| coming.key != key);
        if turn.org.teams[team.at()].people.len() < turn.plan.teams[team.at()].staffing.target as usize {
            turn.hire(team, key);
            self.welcome(params, turn);
        }
    }

    /// Whoever has no record yet is a newcomer, wherever they were hired; at the start of a life they are founders.
    pub(super) fn welcome(&mut self, params: &Params, turn: &mut Turn<'_>) {
        let first = self.records.len();
        let founders = turn.now() == Instant::START;
        self.enrol(founders, params, turn);
        for person in (first..self.records.len()).map(PersonId::new) {
            let state = &turn.org.people[person.at()];
            let team = state.team;
            if !state.present || turn.plan.teams[team.at()].is_leader {
                continue;
            }
            if !founders {
                self.set_up(person, params, turn);
            }
            self.grow(person, params, turn);
            self.look_ahead(person, self.week_ends - turn.now(), turn);
            self.talk_in(team, params, turn);
        }
    }

    /// A hire costs money, and is off the desk until all is set up.
    fn set_up(&mut self, person: PersonId, params: &Params, turn: &mut Turn<'_>) {
        let team = turn.org.people[person.at()].team;
        turn.org.count(Tally::SPENT, params.hire_hours);
        turn.take_away(person);
        self.records[person.at()].onboarding = Onboarding::SettingUp;
        let hours = params.first_change * undocumented(team, params, turn);
        turn.after(Ticks::from_hours(hours), Rank::Completion, Event::Begins { person });
    }

    /// All is set up.
    pub(super) fn begins(&mut self, person: PersonId, turn: &mut Turn<'_>) {
        let record = &mut self.records[person.at()];
        if record.onboarding == Onboarding::SettingUp {
            record.onboarding = Onboarding::Since(turn.now());
            turn.send_back_to_desk(person);
        }
    }

    /// Setting up goes on after everything was laid down, for whoever is still there.
    pub(super) fn keep_setting_up(&mut self, turn: &mut Turn<'_>) {
        for (at, record) in self.records.iter_mut().enumerate() {
            if record.onboarding != Onboarding::SettingUp {
                continue;
            }
            if turn.org.people[at].present {
                turn.keep_on_duty(PersonId::new(at));
            } else {
                record.onboarding = Onboarding::Done;
            }
        }
    }

    /// The teams of a new plan: sums go with the work, hazards with the people, and who is on the way comes to the
    /// team that took over, or to another that lacks people where that one lacks none.
    pub(super) fn staff_anew(&mut self, migration: &Migration, params: &Params, turn: &mut Turn<'_>) {
        let plan = turn.plan;
        let before = std::mem::replace(&mut self.staff, vec![Staff::default(); plan.teams.len()]);
        for (at, staff) in self.staff.iter_mut().enumerate() {
            let hazard = migration.level(TeamId::new(at), |old| before[old.at()].hazard);
            staff.hazard = if hazard.is_nan() { params.hazard } else { hazard };
        }
        for (at, old) in before.into_iter().enumerate() {
            let home = migration.team(TeamId::new(at));
            let staff = &mut self.staff[home.at()];
            staff.duty += old.duty;
            staff.membership += old.membership;
            staff.leaves.extend(old.leaves.into_iter().filter(|leave| leave.at == turn.now()));
            for coming in old.coming {
                let lacks = |team: &TeamId| {
                    let there = turn.org.teams[team.at()].people.len() + self.staff[team.at()].coming.len();
                    there < plan.teams[team.at()].staffing.target as usize
                };
                let team = std::iter::once(home).chain(plan.engineering_teams()).find(lacks).unwrap_or(home);
                self.staff[team.at()].expect(coming, team, turn);
            }
        }
    }

    /// Puts the dated departures of the present plan into the calendar, where they differ from those that stand there.
    pub(super) fn date_leaves(&mut self, team: TeamId, turn: &mut Turn<'_>) {
        let leaves = &turn.plan.teams[team.at()].staffing.leaves;
        let staff = &mut self.staff[team.at()];
        if *leaves == staff.leaves {
            return;
        }
        let before = std::mem::replace(&mut staff.leaves, leaves.clone());
        staff.version += 1;
        let (version, now) = (staff.version, turn.now());
        // What stood at this very instant has come about.
        let ahead = |leave: &Leave| leave.at > now || (leave.at == now && !before.contains(leave));
        for (nth, leave) in leaves.iter().enumerate().filter(|(_, leave)| ahead(leave)) {
            let event = Event::Leaves { team, nth: nth as u32, version };
            turn.after(leave.at - now, Rank::Course, event);
        }
    }

    pub(super) fn leave_at_date(
        &mut self,
        team: TeamId,
        nth: u32,
        version: u32,
        params: &Params,
        turn: &mut Turn<'_>,
    ) {
        if version != self.staff[team.at()].version {
            return;
        }
        let leave = turn.plan.teams[team.at()].staffing.leaves[nth as usize];
        for _ in 0..leave.people {
            let Some(person) = self.foremost(team, leave.who, turn) else { return };
            self.goes(person, params, turn);
        }
    }

    fn foremost(&self, team: TeamId, who: Who, turn: &Turn<'_>) -> Option<PersonId> {
        let plan = &turn.plan.teams[team.at()];
        let rank = |person: &PersonId| match who {
            Who::MostSkilled => turn.org.people[person.at()].skill * self.records[person.at()].speed,
            Who::MostKnowing => self.knowledge.sum(*person, &plan.components),
            Who::Newest => self.records[person.at()].since_hours,
        };
        let people = turn.org.teams[team.at()].people.iter().copied();
        people.max_by(|a, b| rank(a).total_cmp(&rank(b)).then(b.cmp(a)))
    }
}
