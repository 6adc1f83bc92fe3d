//! Leaving and coming: hazards, vacancies, who is on the way, the first days, and what a reorganisation makes of it.

use super::record::{Coming, Onboarding, Staff};
use super::{Event, Params, People, undocumented};
use crate::instrument::{Counter, Gauge};
use crate::mechanism::Context;
use crate::migration::Migration;
use crate::staffing::{Leave, Who};
use kernel::event_list::EventPriority;
use kernel::math;
use kernel::streams::{Key, StreamId};
use kernel::units::{PersonId, TeamId, Ticks};

const DELAY: StreamId = StreamId::named("people/delay");

impl People {
    /// The hazard of leaving, by trust and by the share of time on duties in the week that is over.
    pub(super) fn measure_hazard(&mut self, team: TeamId, params: &Params, ctx: &Context<'_>) {
        let state = &ctx.org.teams[team.at()];
        let staff = &mut self.staff[team.at()];
        let membership = state.paid_until(ctx.now());
        let there = membership - staff.membership;
        // Nobody leaves for what they do when they are free to.
        let on_duty = ctx.org.on_duty(team, ctx.now()) - ctx.org.in_slack(team, ctx.now()).tended;
        let called = if there > 0.0 { (on_duty - staff.duty) / there } else { 0.0 };
        (staff.duty, staff.membership) = (on_duty, membership);
        let distrust = state.gauge(Gauge::MISTRUST, 0.0);
        staff.hazard = params.hazard * math::exp(params.distrust * distrust + params.duties * called);
    }

    /// Whether somebody goes within this time: the hazard is constant in it, so the date is exact.
    pub(super) fn look_ahead(&mut self, person: PersonId, time: Ticks, ctx: &mut Context<'_>) {
        let hazard = self.staff[ctx.org.people[person.at()].team.at()].hazard;
        let Some(record) = self.records.get_mut(person.at()) else { return };
        let (left, spent) = (record.left, hazard * time.hours());
        record.left -= spent;
        if left > 0.0 && left <= spent {
            ctx.after(Ticks::from_hours(left / hazard), EventPriority::Housekeeping, Event::Goes { person });
        }
    }

    pub(super) fn goes(&mut self, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        if !ctx.org.people[person.at()].present {
            return; // gone before, at a date
        }
        let team = ctx.org.people[person.at()].team;
        ctx.dismiss(person);
        self.talk_in(team, params, ctx);
        self.refill(team, params, ctx);
    }

    /// Looks for somebody for each place below the target that nobody is on the way to.
    pub(super) fn refill(&mut self, team: TeamId, params: &Params, ctx: &mut Context<'_>) {
        let target = ctx.plan.teams[team.at()].staffing.target as usize;
        let staff = &mut self.staff[team.at()];
        while ctx.org.teams[team.at()].people.len() + staff.coming.len() < target {
            let key = ctx.next_seat(team);
            let delay = Ticks::from_hours(params.delay.draw(&ctx.streams, DELAY, key));
            staff.expect(Coming { key, at: ctx.now() + delay }, team, ctx);
        }
    }

    /// Somebody comes, unless the place is no longer wanted.
    pub(super) fn comes(&mut self, team: TeamId, key: Key, params: &Params, ctx: &mut Context<'_>) {
        self.staff[team.at()].coming.retain(|coming| coming.key != key);
        if ctx.org.teams[team.at()].people.len() < ctx.plan.teams[team.at()].staffing.target as usize {
            ctx.hire(team, key);
            self.welcome(params, ctx);
        }
    }

    /// Whoever has no record yet is a newcomer, wherever they were hired; at the start of a replication they are
    /// founders.
    pub(super) fn welcome(&mut self, params: &Params, ctx: &mut Context<'_>) {
        let first = self.records.len();
        let founders = ctx.now() == ctx.plan.first();
        self.enrol(founders, params, ctx);
        for person in (first..self.records.len()).map(PersonId::new) {
            let state = &ctx.org.people[person.at()];
            let team = state.team;
            if !state.present || ctx.plan.teams[team.at()].is_leader {
                continue;
            }
            if !founders {
                self.set_up(person, params, ctx);
            }
            self.grow(person, params, ctx);
            self.look_ahead(person, self.week_ends - ctx.now(), ctx);
            self.talk_in(team, params, ctx);
        }
    }

    /// A hire costs money, and is off the desk until all is set up.
    fn set_up(&mut self, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let team = ctx.org.people[person.at()].team;
        ctx.org.count(Counter::SPENT, params.hire_hours);
        ctx.interrupt(person);
        self.records[person.at()].onboarding = Onboarding::SettingUp;
        let hours = params.first_change * undocumented(team, params, ctx);
        ctx.after(Ticks::from_hours(hours), EventPriority::Completion, Event::Begins { person });
    }

    /// All is set up.
    pub(super) fn begins(&mut self, person: PersonId, ctx: &mut Context<'_>) {
        let record = &mut self.records[person.at()];
        if record.onboarding == Onboarding::SettingUp {
            record.onboarding = Onboarding::Since(ctx.now());
            ctx.end_duty(person);
        }
    }

    /// Setting up goes on after everything was laid down, for whoever is still there.
    pub(super) fn keep_setting_up(&mut self, ctx: &mut Context<'_>) {
        for (at, record) in self.records.iter_mut().enumerate() {
            if record.onboarding != Onboarding::SettingUp {
                continue;
            }
            if ctx.org.people[at].present {
                ctx.keep_on_duty(PersonId::new(at));
            } else {
                record.onboarding = Onboarding::Done;
            }
        }
    }

    /// The teams of a new plan: sums go with the work, hazards with the people, and who is on the way comes to the
    /// team that took over, or to another that lacks people where that one lacks none.
    pub(super) fn staff_anew(&mut self, migration: &Migration, params: &Params, ctx: &mut Context<'_>) {
        let plan = ctx.plan;
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
            staff.leaves.extend(old.leaves.into_iter().filter(|leave| leave.at == ctx.now()));
            for coming in old.coming {
                let lacks = |team: &TeamId| {
                    let there = ctx.org.teams[team.at()].people.len() + self.staff[team.at()].coming.len();
                    there < plan.teams[team.at()].staffing.target as usize
                };
                let team = std::iter::once(home).chain(plan.engineering_teams()).find(lacks).unwrap_or(home);
                self.staff[team.at()].expect(coming, team, ctx);
            }
        }
    }

    /// Puts the dated departures of the present plan into the event list, where they differ from those that stand
    /// there.
    pub(super) fn date_leaves(&mut self, team: TeamId, ctx: &mut Context<'_>) {
        let leaves = &ctx.plan.teams[team.at()].staffing.leaves;
        let staff = &mut self.staff[team.at()];
        if *leaves == staff.leaves {
            return;
        }
        let before = std::mem::replace(&mut staff.leaves, leaves.clone());
        staff.version += 1;
        let (version, now) = (staff.version, ctx.now());
        // What stood at this very instant has come about.
        let ahead = |leave: &Leave| leave.at > now || (leave.at == now && !before.contains(leave));
        for (nth, leave) in leaves.iter().enumerate().filter(|(_, leave)| ahead(leave)) {
            let event = Event::Leaves { team, nth: nth as u32, version };
            ctx.after(leave.at - now, EventPriority::Housekeeping, event);
        }
    }

    pub(super) fn leave_at_date(
        &mut self,
        team: TeamId,
        nth: u32,
        version: u32,
        params: &Params,
        ctx: &mut Context<'_>,
    ) {
        if version != self.staff[team.at()].version {
            return;
        }
        let leave = ctx.plan.teams[team.at()].staffing.leaves[nth as usize];
        for _ in 0..leave.people {
            let Some(person) = self.foremost(team, leave.who, ctx) else { return };
            self.goes(person, params, ctx);
        }
    }

    fn foremost(&self, team: TeamId, who: Who, ctx: &Context<'_>) -> Option<PersonId> {
        let plan = &ctx.plan.teams[team.at()];
        let rank = |person: &PersonId| match who {
            Who::MostSkilled => ctx.org.people[person.at()].skill * self.records[person.at()].speed,
            Who::MostKnowing => self.knowledge.sum(*person, &plan.components),
            Who::Newest => self.records[person.at()].since_hours,
        };
        let people = ctx.org.teams[team.at()].people.iter().copied();
        people.max_by(|a, b| rank(a).total_cmp(&rank(b)).then(b.cmp(a)))
    }
}
