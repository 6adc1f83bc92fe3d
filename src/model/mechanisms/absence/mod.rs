//! Absence: people are away for a while, each on their own, and come back to their desks.
//!
//! **How it acts.** A person of a team with absences is there for a drawn time, away for a drawn
//! time, and so on. Whoever is away pulls nothing and cannot be called; what lies on the desk waits
//! and is taken up again at the price of a resumption. Whoever joins takes absences from then on.
//! **Parameters.** `team.absence`: time between absences, length of one; from the moment somebody
//! is back. **Sources.** Assumed; alone it is a queue whose server breaks down (Avi-Itzhak and
//! Naor 1963).

use crate::away::AwayTable;
use crate::compile_context::CompileContext;
use crate::compiled_plan::CompiledPlan;
use crate::counts::Counts;
use crate::domain_event::{DomainEvent, EventSort};
use crate::mechanism::{Context, Mechanism};
use crate::migration::Migration;
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::streams::StreamId;
use kernel::units::{PersonId, Ticks};

const BETWEEN: StreamId = StreamId::named("absence/between");
const AWAY: StreamId = StreamId::named("absence/away");

/// What teams, by name, have written; `None` where none has absences.
pub fn compile<'a>(
    teams: impl Iterator<Item = (&'a str, Option<&'a AwayTable>)>,
    ctx: &mut CompileContext<'_>,
) -> Option<Params> {
    let absences =
        ctx.by_team("absence", teams, |table: &AwayTable, _, path, ctx| Some(table.compile(path, ctx)));
    absences.iter().any(Option::is_some).then_some(absences)
}

/// For each team, hours between two absences of a person and hours of one; `None` has none.
pub type Params = Vec<Option<(Distribution, Distribution)>>;

#[derive(Clone)]
pub struct Absence {
    /// Absences so far, per person.
    taken: Counts,
    /// Whose next absence is planned, or under way.
    planned: Vec<bool>,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Leaves { person: PersonId },
    Returns { person: PersonId },
}

impl Mechanism for Absence {
    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Absence {
        let mut absence = Absence { taken: Counts::start(ctx), planned: Vec::new() };
        for person in (0..ctx.org.people.len()).map(PersonId::new) {
            absence.plan(person, params, ctx);
        }
        absence
    }

    fn frees(event: Event) -> Option<PersonId> {
        match event {
            Event::Returns { person } => Some(person),
            Event::Leaves { .. } => None,
        }
    }

    fn on(&mut self, event: Event, params: &Params, ctx: &mut Context<'_>) {
        match event {
            Event::Leaves { person } => {
                let key = self.taken.key(person, ctx);
                // What was planned is drawn, and is not to be drawn again, whatever has become of it.
                self.taken.add(person);
                let found = ctx.of_team(person, params);
                self.planned[person.at()] = found.is_some();
                let Some((_, length)) = found else { return };
                let hours = length.draw(&ctx.streams, AWAY, key);
                ctx.send_away(person);
                ctx.after(Ticks::from_hours(hours), EventPriority::Housekeeping, Event::Returns { person });
            }
            Event::Returns { person } => self.plan(person, params, ctx),
        }
    }

    fn subscribes_to(sort: EventSort, _: &Self::Params, _: &CompiledPlan) -> bool {
        matches!(sort, EventSort::Joined)
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        // Whoever joined in a reorganisation has planned in it.
        if let DomainEvent::Joined { person } = *event
            && self.taken.takes_in(person)
        {
            self.plan(person, params, ctx);
        }
    }

    /// People of teams that have absences from now on plan theirs.
    fn change_policy(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for person in (0..self.taken.follow(ctx)).map(PersonId::new) {
            if self.planned.get(person.at()) != Some(&true) {
                self.plan(person, params, ctx);
            }
        }
    }

    /// Everybody is there for a reorganisation, and plans anew.
    fn migrate(&mut self, _: &Migration, params: &Params, ctx: &mut Context<'_>) {
        for person in (0..self.taken.follow(ctx)).map(PersonId::new) {
            self.taken.add(person);
            self.plan(person, params, ctx);
        }
    }
}

impl Absence {
    fn plan(&mut self, person: PersonId, params: &Params, ctx: &mut Context<'_>) {
        if person.at() >= self.planned.len() {
            self.planned.resize(person.at() + 1, false);
        }
        let found = ctx.of_team(person, params);
        self.planned[person.at()] = found.is_some();
        let Some((between, _)) = found else { return };
        let hours = between.draw(&ctx.streams, BETWEEN, self.taken.key(person, ctx));
        ctx.after(Ticks::from_hours(hours), EventPriority::Housekeeping, Event::Leaves { person });
    }
}
