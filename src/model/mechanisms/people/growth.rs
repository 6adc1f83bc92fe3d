//! Learning, teaching and talking: what makes people faster, and what that takes.

use super::{MENTORED, Params, People, USUAL_TENURE};
use crate::mechanism::Context;
use crate::people::given;
use kernel::units::{PersonId, TeamId, Ticks};

/// However much people talk, this share of their time is left.
const LEAST_LEFT: f64 = 0.1;
/// A newcomer this close to full speed needs no mentor.
const GROWN: f64 = 0.05;

impl People {
    /// Speed by experience, against somebody of the usual tenure.
    pub(super) fn grow(&mut self, person: PersonId, params: &Params, ctx: &Context<'_>) {
        let Some(record) = self.records.get_mut(person.at()) else { return };
        if params.experience > 0.0 {
            let years = (ctx.now().hours() - record.since_hours) / params.hours_per_year;
            record.speed = libm::pow((1.0 + years.max(0.0)) / (1.0 + USUAL_TENURE), params.experience);
        }
    }

    /// What talking leaves of people's time, against a team of the typical size.
    pub(super) fn talk_in(&mut self, team: TeamId, params: &Params, ctx: &Context<'_>) {
        let (one, exponent) = params.talk;
        let left = |size: f64| (1.0 - one * libm::pow(size, exponent)).max(LEAST_LEFT);
        let size = ctx.org.teams[team.at()].people.len() as f64;
        self.staff[team.at()].talk = left(size) / left(params.typical_size);
    }

    /// Keeps the way to the first change short: somebody tends to it.
    pub(super) fn tend(&mut self, team: TeamId, params: &Params, ctx: &mut Context<'_>) {
        let hours = params.halvings * params.upkeep_hours;
        if hours > 0.0 {
            ctx.start_duty_for(team, 1, Ticks::from_hours(hours));
        }
    }

    /// A newcomer takes a colleague's time.
    pub(super) fn mentor(&mut self, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let Some(record) = self.records.get(person.at()) else { return };
        let lacks = record.lacks(ctx.now(), params) / (1.0 - params.start).max(1e-9);
        if lacks < GROWN || params.mentor <= 0.0 {
            return;
        }
        let team = ctx.org.people[person.at()].team;
        let mut called = Vec::new();
        ctx.start_duty_except(team, person, &mut called);
        let hours = params.mentor * lacks * ctx.plan.week.hours();
        ctx.org.count(MENTORED, hours * given(&called, &ctx.org.people));
        called.iter().for_each(|person| ctx.duty_lasts(*person, Ticks::from_hours(hours)));
    }

    /// Whoever knows what fewest know shows it to whoever knows it least.
    pub(super) fn share_knowledge(&mut self, team: TeamId, params: &Params, ctx: &mut Context<'_>) {
        let plan = &ctx.plan.teams[team.at()];
        let hours = plan.staffing.sharing_hours;
        if hours <= 0.0 {
            return;
        }
        let Some((component, teacher, pupil)) = self.knowledge.lesson(&ctx.org, team, &plan.components)
        else {
            return;
        };
        let busy = |person: PersonId| ctx.org.people[person.at()].duties > 0;
        if busy(teacher) || busy(pupil) {
            return;
        }
        for person in [teacher, pupil] {
            ctx.interrupt(person);
            ctx.duty_lasts(person, Ticks::from_hours(hours));
        }
        self.knowledge.learn(pupil, component, hours * params.shown, params.learn_hours);
    }
}
