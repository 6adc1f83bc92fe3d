//! Work by a team: somebody pulls an item, works on it, and hands it over.
//!
//! **How it acts.** An item that comes to a stage of work asks the stage's team (or its own) for
//! hours; the workforce does the rest. When the hours are done the stage may send it back.
//! **Parameters.** Of the stage: effort, failure, whose work it is. **Sources.** TS-1, TS-2.

use crate::model::mechanism::{Mechanism, Turn};
use crate::model::work::ItemId;
use crate::units::PersonId;

#[derive(Clone)]
pub struct Coding;

#[derive(Clone, Copy, Debug)]
pub enum Event {}

impl Mechanism for Coding {
    type Params = ();
    type Event = Event;

    fn start(_: &(), _: &mut Turn<'_>) -> Coding {
        Coding
    }

    fn admit(&mut self, id: ItemId, _: &(), turn: &mut Turn<'_>) {
        let hours = turn.effort_hours(id);
        let item = &turn.org.items[id];
        let team = turn.plan.team_at(item.stage, item.team);
        turn.queue(id, hours, team);
    }

    fn worked(&mut self, id: ItemId, _: PersonId, _: &(), turn: &mut Turn<'_>) {
        turn.pass_or_fail(id);
    }
}
