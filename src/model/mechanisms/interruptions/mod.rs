//! Interruptions: whoever works is called away for a while, now and then, by questions, messages and visits.
//!
//! **How it acts.** Somebody of a team with interruptions who has worked at the desk for a drawn time is kept from it
//! for a drawn time of its own, and then goes on, at the price of a resumption. Only time at the desk counts towards
//! the next: not waiting for work, absences or duties, and once however many items lie there. Whoever helps with a
//! colleague's item is left alone. Whoever joins begins with a full stretch. **Parameters.** `team.interruptions`: work
//! between interruptions, length of one; from the next interruption on. **Sources.** Assumed; alone, with
//! exponential stretches, it is a queue whose server breaks down while it serves (Gaver 1962, preemptive resume).

use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::counts::Counts;
use crate::domain_event::{DomainEvent, EventSort};
use crate::instrument::{Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::waste::Waste;
use kernel::distribution::Distribution;
use kernel::streams::StreamId;
use kernel::units::{PersonId, Ticks};
use schemars::JsonSchema;
use serde::Deserialize;

const BETWEEN: StreamId = StreamId::named("interruptions/between");
const LASTS: StreamId = StreamId::named("interruptions/lasts");

/// Interruptions of people at work.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Time a person works at the desk from one interruption to the next; two an hour of work are
    /// `{ exponential = "30 minutes" }`. It is time by the clock with work on the desk, however many items lie there
    /// and whatever `attention` and `part_time` leave of it. Takes effect at the next interruption.
    pub between: notation::DurationDistribution,
    /// How long one keeps the person from the desk. Takes effect at the next interruption.
    pub lasts: notation::DurationDistribution,
}

/// What teams, by name, have written.
pub fn compile<'a>(
    teams: impl Iterator<Item = (&'a str, Option<&'a Table>)>,
    ctx: &mut CompileContext<'_>,
) -> Params {
    ctx.by_team("interruptions", teams, |table: &Table, _, path, ctx| {
        Some(ctx.now_and_then(path, &table.between, &table.lasts))
    })
}

/// For each team, hours at the desk between two interruptions of a person and hours of one; `None` has none.
///
/// The mechanism is there whether any team has them or not, so that a policy may bring them in or leave them out
/// while somebody is away.
pub type Params = Vec<Option<(Distribution, Distribution)>>;

#[derive(Clone)]
pub struct Interruptions {
    /// Stretches drawn so far, per person.
    drawn: Counts,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

instruments! {
    Interruptions:
    counters {
        /// Hours that people were kept from the desk, resuming what was laid down included.
        KEPT_AWAY,
    }
}

impl Mechanism for Interruptions {
    const INSTRUMENTS: Instruments = INSTRUMENTS;
    const METRICS: &'static [Metric] = &[Metric {
        name: "interrupted_hours_per_year",
        title: "hours of interruptions",
        unit: "hours per year",
        better: Some(Better::Lower),
        definition: "hours that people were kept from the desk by interruptions, resuming their work included, a year",
        reads: Reads::Yearly(KEPT_AWAY),
    }];
    const WASTES: &'static [Waste] = &[Waste {
        levers: &["team.*.interruptions"],
        text: "interruptions",
        hours: "interrupted_hours_per_year",
    }];

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Interruptions {
        let mut interruptions = Interruptions { drawn: Counts::start(ctx) };
        interruptions.adopt(params, ctx);
        interruptions
    }

    fn subscribes_to(sort: EventSort, _: &Self::Params, _: &CompiledPlan) -> bool {
        matches!(sort, EventSort::Joined | EventSort::Disturbed)
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        match *event {
            // Whoever joined in a change of policy has a stretch already.
            DomainEvent::Joined { person } if self.drawn.takes_in(person) => self.renew(person, params, ctx),
            DomainEvent::Disturbed { person } => self.interrupt(person, params, ctx),
            _ => {}
        }
    }

    /// All duties are over; what somebody has worked towards the next interruption counts on.
    fn migrate(&mut self, _: &Migration, params: &Params, ctx: &mut Context<'_>) {
        self.adopt(params, ctx);
    }

    fn change_policy(&mut self, params: &Params, ctx: &mut Context<'_>) {
        self.adopt(params, ctx);
    }
}

impl Interruptions {
    /// People of teams that have interruptions from now on begin a stretch; those of teams that have none any more
    /// are left alone.
    fn adopt(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for person in (0..self.drawn.follow(ctx)).map(PersonId::new) {
            let has_any = ctx.of_team(person, params).is_some();
            if has_any != ctx.org.people[person.at()].undisturbed.is_some() {
                ctx.catch_up(person);
                self.renew(person, params, ctx);
                ctx.re_time(person);
            }
        }
    }

    fn interrupt(&mut self, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let key = self.drawn.key(person, ctx);
        self.renew(person, params, ctx);
        let Some((_, lasts)) = ctx.of_team(person, params) else { return ctx.re_time(person) };
        let hours = lasts.draw(&ctx.streams, LASTS, key);
        ctx.interrupt(person);
        let taken = ctx.taken_by_duty(person, Ticks::from_hours(hours));
        ctx.org.count(KEPT_AWAY, taken);
        ctx.duty_lasts(person, Ticks::from_hours(hours));
    }

    /// Draws how long somebody works until the next interruption.
    fn renew(&mut self, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        let stretch = ctx.of_team(person, params).map(|(between, _)| {
            let hours = between.draw(&ctx.streams, BETWEEN, self.drawn.key(person, ctx));
            self.drawn.add(person);
            Ticks::from_hours(hours)
        });
        ctx.org.people[person.at()].undisturbed = stretch;
    }
}
