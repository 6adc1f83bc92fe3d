//! Interruptions: whoever works is called away for a while, now and then, by questions, messages and visits.
//!
//! **How it acts.** Somebody of a team with interruptions who has worked at the desk for a drawn time is kept from it
//! for a drawn time of its own, and then goes on, at the price of a resumption. Only time at the desk counts towards
//! the next: not waiting for work, absences or duties, and once however many items lie there. Whoever helps with a
//! colleague's item is left alone. Whoever joins begins with a full stretch. **Parameters.** `team.interruptions`: work
//! between interruptions, length of one; from the next interruption on. **Sources.** Assumed; alone, with
//! exponential stretches, it is a queue whose server breaks down while it serves (Gaver 1962, preemptive resume).

use crate::assembly::Assembly;
use crate::blueprint::Blueprint;
use crate::counts::Counts;
use crate::mechanism::{Mechanism, Turn};
use crate::migration::Migration;
use crate::moment::{Moment, Sort};
use kernel::law::Law;
use kernel::luck::Purpose;
use kernel::units::{PersonId, Ticks};
use schemars::JsonSchema;
use serde::Deserialize;

const BETWEEN: Purpose = Purpose::named("interruptions/between");
const LASTS: Purpose = Purpose::named("interruptions/lasts");

/// Interruptions of people at work.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Time a person works at the desk from one interruption to the next; two an hour of work are
    /// `{ exponential = "30 minutes" }`. It is time by the clock with work on the desk, however many items lie there
    /// and whatever `attention` and `part_time` leave of it. Takes effect at the next interruption.
    pub between: notation::Law,
    /// How long one keeps the person from the desk. Takes effect at the next interruption.
    pub lasts: notation::Law,
}

/// What teams, by name, have written.
pub fn compile<'a>(
    teams: impl Iterator<Item = (&'a str, Option<&'a Table>)>,
    assembly: &mut Assembly<'_>,
) -> Params {
    let laws = |(team, table): (&str, Option<&Table>)| {
        let table = table?;
        Some(assembly.now_and_then(&format!("team.{team}.interruptions"), &table.between, &table.lasts))
    };
    teams.map(laws).collect()
}

/// For each team, hours at the desk between two interruptions of a person and hours of one; `None` has none.
///
/// The mechanism is there whether any team has them or not, so that a policy may bring them in or leave them out
/// while somebody is away.
pub type Params = Vec<Option<(Law, Law)>>;

#[derive(Clone)]
pub struct Interruptions {
    /// Stretches drawn so far, per person.
    drawn: Counts,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {}

impl Mechanism for Interruptions {
    type Params = Params;
    type Event = Event;

    fn start(params: &Params, turn: &mut Turn<'_>) -> Interruptions {
        let mut interruptions = Interruptions { drawn: Counts::start(turn) };
        interruptions.adopt(params, turn);
        interruptions
    }

    fn hears(sort: Sort, _: &Self::Params, _: &Blueprint) -> bool {
        matches!(sort, Sort::Joined | Sort::Disturbed)
    }

    fn notice(&mut self, moment: &Moment, params: &Params, turn: &mut Turn<'_>) {
        match *moment {
            // Whoever joined in a change of course has a stretch already.
            Moment::Joined { person } if self.drawn.takes_in(person) => self.renew(person, params, turn),
            Moment::Disturbed { person } => self.interrupt(person, params, turn),
            _ => {}
        }
    }

    /// All duties are over; what somebody has worked towards the next interruption counts on.
    fn migrate(&mut self, _: &Migration, params: &Params, turn: &mut Turn<'_>) {
        self.adopt(params, turn);
    }

    fn change_course(&mut self, params: &Params, turn: &mut Turn<'_>) {
        self.adopt(params, turn);
    }
}

impl Interruptions {
    /// People of teams that have interruptions from now on begin a stretch; those of teams that have none any more
    /// are left alone.
    fn adopt(&mut self, params: &Params, turn: &mut Turn<'_>) {
        for person in (0..self.drawn.follow(turn)).map(PersonId::new) {
            let has_any = turn.of_team(person, params).is_some();
            if has_any != turn.org.people[person.at()].undisturbed.is_some() {
                turn.catch_up(person);
                self.renew(person, params, turn);
                turn.re_time(person);
            }
        }
    }

    fn interrupt(&mut self, person: PersonId, params: &Params, turn: &mut Turn<'_>) {
        let key = self.drawn.key(person, turn);
        self.renew(person, params, turn);
        let Some((_, lasts)) = turn.of_team(person, params) else { return turn.re_time(person) };
        let hours = lasts.draw(&turn.luck, LASTS, key);
        turn.take_away(person);
        turn.duty(person, Ticks::from_hours(hours));
    }

    /// Draws how long somebody works until the next interruption.
    fn renew(&mut self, person: PersonId, params: &Params, turn: &mut Turn<'_>) {
        let stretch = turn.of_team(person, params).map(|(between, _)| {
            let hours = between.draw(&turn.luck, BETWEEN, self.drawn.key(person, turn));
            self.drawn.add(person);
            Ticks::from_hours(hours)
        });
        turn.org.people[person.at()].undisturbed = stretch;
    }
}
