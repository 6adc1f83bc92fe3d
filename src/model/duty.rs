//! Duties: what calls people away from their desks, and brings them back.

use super::cause::Cause;
use super::domain_event::DomainEvent;
use super::mechanism::Context;
use super::mechanisms::Event;
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::streams::StreamId;
use kernel::units::{PersonId, TeamId, Ticks};

// Its name is older than this file, and results hang on it.
const RESUMPTION: StreamId = StreamId::named("workforce/resumption");

impl Context<'_> {
    /// A duty goes on after everything was laid down, for whoever is still there.
    pub fn keep_on_duty(&mut self, at: PersonId) {
        let person = &mut self.org.people[at.at()];
        if person.present {
            person.duties += 1;
            self.re_time(at);
        }
    }

    /// Sends a person away from work; it counts as nobody's duty.
    pub fn send_away(&mut self, at: PersonId) {
        self.catch_up(at);
        self.let_go(at);
        let now = self.now();
        let person = &mut self.org.people[at.at()];
        person.duties += 1;
        person.away = true;
        for task in &person.desk {
            self.org.items[task.item].ledger.turn_to(Cause::Interrupted, now);
        }
        self.re_time(at);
    }

    /// Calls up to `count` people of a team to a duty; they drop what they hold. The least busy
    /// come first, in turn. People already on a duty are not called.
    pub fn start_duty(&mut self, team: TeamId, count: u32, called: &mut Vec<PersonId>) {
        let size = self.org.teams[team.at()].people.len();
        for _ in 0..(count as usize).min(size) {
            let state = &self.org.teams[team.at()];
            let next = (0..size)
                .map(|step| (state.rota as usize + step) % size)
                .filter(|place| self.org.people[state.people[*place].at()].duties == 0)
                .min_by_key(|place| self.org.people[state.people[*place].at()].desk.len());
            let Some(place) = next else { break };
            let person = state.people[place];
            self.org.teams[team.at()].rota = (place + 1) as u32;
            self.interrupt(person);
            called.push(person);
        }
    }

    /// Hours that a duty of this length takes of somebody who has been called to it: with those that it takes, on average,
    /// to resume what lies on the desk.
    pub fn taken_by_duty(&self, at: PersonId, length: Ticks) -> f64 {
        let resumption = self.plan.switching.resumption.as_ref().map_or(0.0, Distribution::mean);
        length.hours() + resumption * self.org.people[at.at()].desk.len() as f64
    }

    /// The duty that somebody has been called to lasts this long.
    pub fn duty_lasts(&mut self, person: PersonId, length: Ticks) {
        self.after(length, EventPriority::Completion, Event::DutyEnds { person });
    }

    /// Calls up to `count` people of a team for this long, and tells how many came.
    pub fn start_duty_for(&mut self, team: TeamId, count: u32, length: Ticks) -> usize {
        self.call_until(team, count, length, |person| Event::DutyEnds { person })
    }

    /// The same, where the end of a duty is a mechanism's own event, with which it frees one of them.
    pub fn call_until<E: Into<Event>>(
        &mut self,
        team: TeamId,
        count: u32,
        length: Ticks,
        ends: impl Fn(PersonId) -> E,
    ) -> usize {
        let mut called = Vec::new();
        self.start_duty(team, count, &mut called);
        let came = called.len();
        for person in called {
            self.after(length, EventPriority::Completion, ends(person));
        }
        came
    }

    /// Takes a person off the desk for a duty; what they hold is dropped.
    pub fn interrupt(&mut self, person: PersonId) {
        self.catch_up(person);
        self.let_go(person);
        let now = self.now();
        let called_away = &mut self.org.people[person.at()];
        called_away.duties += 1;
        for task in &called_away.desk {
            self.org.items[task.item].ledger.turn_to(Cause::Interrupted, now);
        }
        self.re_time(person);
    }

    /// Sends a person back to the desk; taking up interrupted work again costs time.
    pub fn end_duty(&mut self, at: PersonId) {
        self.catch_up(at);
        let plan = self.plan;
        let person = &mut self.org.people[at.at()];
        person.duties -= 1;
        person.away &= person.duties > 0;
        person.tends &= person.duties > 0;
        let team = person.team;
        if person.duties == 0 {
            for task in &mut person.desk {
                let item = &mut self.org.items[task.item];
                item.interruptions = item.interruptions.wrapping_add(1); // after 2³² of them
                if let Some(distribution) = &plan.switching.resumption {
                    let key = item.key.nth(u64::from(item.interruptions));
                    let hours = distribution.draw(&self.streams, RESUMPTION, key);
                    task.due += Ticks::from_hours(hours).0 as f64;
                }
                item.ledger.turn_to(item.working(), self.event_list.now());
            }
            person.desk.sort_by(|a, b| b.due.total_cmp(&a.due));
            self.emit(DomainEvent::BackAtDesk { team });
        }
        self.re_time(at);
        self.org.unsettle(team);
    }
}
