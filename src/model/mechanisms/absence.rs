//! Absence: people are away for a while, each on their own, and come back to their desks.
//!
//! **How it acts.** A person of a team with absences is there for a drawn time, away for a drawn
//! time, and so on. Whoever is away pulls nothing and cannot be called; what lies on the desk waits
//! and is taken up again at the price of a resumption. Whoever joins takes absences from then on.
//! **Parameters.** `team.absence`: time between absences, length of one; from the moment somebody
//! is back. **Sources.** Assumed; alone it is a queue whose server breaks down (Avi-Itzhak and
//! Naor 1963).

use crate::assembly::Assembly;
use crate::blueprint::Blueprint;
use crate::counts::Counts;
use crate::mechanism::{Mechanism, Turn};
use crate::migration::Migration;
use crate::moment::{Moment, Sort};
use kernel::calendar::Rank;
use kernel::law::Law;
use kernel::luck::Purpose;
use kernel::units::{PersonId, Ticks};
use schemars::JsonSchema;
use serde::Deserialize;

const BETWEEN: Purpose = Purpose::named("absence/between");
const AWAY: Purpose = Purpose::named("absence/away");

/// Absences of each person of a team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Working time between two absences.
    pub between: notation::Law,
    /// Working time of an absence.
    pub lasts: notation::Law,
}

/// What teams, by name, have written; `None` where none has absences.
pub fn compile<'a>(
    teams: impl Iterator<Item = (&'a str, Option<&'a Table>)>,
    assembly: &mut Assembly<'_>,
) -> Option<Params> {
    let laws = |(team, table): (&str, Option<&Table>)| {
        let table = table?;
        Some(assembly.now_and_then(&format!("team.{team}.absence"), &table.between, &table.lasts))
    };
    let laws: Params = teams.map(laws).collect();
    laws.iter().any(Option::is_some).then_some(laws)
}

/// For each team, hours between two absences of a person and hours of one; `None` has none.
pub type Params = Vec<Option<(Law, Law)>>;

#[derive(Clone)]
pub struct Absence {
    /// Absences so far, per person.
    taken: Counts,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Leaves { person: PersonId },
    Returns { person: PersonId },
}

impl Mechanism for Absence {
    type Params = Params;
    type Event = Event;

    fn start(params: &Params, turn: &mut Turn<'_>) -> Absence {
        let absence = Absence { taken: Counts::start(turn) };
        for person in (0..turn.org.people.len()).map(PersonId::new) {
            absence.plan(person, params, turn);
        }
        absence
    }

    fn frees(event: Event) -> Option<PersonId> {
        match event {
            Event::Returns { person } => Some(person),
            Event::Leaves { .. } => None,
        }
    }

    fn on(&mut self, event: Event, params: &Params, turn: &mut Turn<'_>) {
        match event {
            Event::Leaves { person } => {
                let Some((_, length)) = turn.of_team(person, params) else { return };
                let hours = length.draw(&turn.luck, AWAY, self.taken.key(person, turn));
                self.taken.add(person);
                turn.send_away(person);
                turn.after(Ticks::from_hours(hours), Rank::Course, Event::Returns { person });
            }
            Event::Returns { person } => self.plan(person, params, turn),
        }
    }

    fn hears(sort: Sort, _: &Self::Params, _: &Blueprint) -> bool {
        matches!(sort, Sort::Joined)
    }

    fn notice(&mut self, moment: &Moment, params: &Params, turn: &mut Turn<'_>) {
        // Whoever joined in a reorganisation has planned in it.
        if let Moment::Joined { person } = *moment
            && self.taken.takes_in(person)
        {
            self.plan(person, params, turn);
        }
    }

    /// Everybody is there for a reorganisation, and plans anew.
    fn migrate(&mut self, _: &Migration, params: &Params, turn: &mut Turn<'_>) {
        for person in (0..self.taken.follow(turn)).map(PersonId::new) {
            self.taken.add(person);
            self.plan(person, params, turn);
        }
    }
}

impl Absence {
    fn plan(&self, person: PersonId, params: &Params, turn: &mut Turn<'_>) {
        let Some((between, _)) = turn.of_team(person, params) else { return };
        let hours = between.draw(&turn.luck, BETWEEN, self.taken.key(person, turn));
        turn.after(Ticks::from_hours(hours), Rank::Course, Event::Leaves { person });
    }
}
