//! Incidents: something is wrong in production, and people are pulled away to put it right.
//!
//! **How it acts.** A deployment fails when one of its changes does; failures without a change
//! come in bursts, thinned from a stream of bounded rate by the debt of a component. An incident
//! passes detection, response, mitigation and recovery, each with its own drawn length; from
//! response on it keeps people of the owning team, who drop what they hold; a colleague takes the
//! place of whoever leaves the organisation. A large batch is harder to diagnose. Afterwards, with
//! some chance, a postmortem takes an afternoon and corrective work is queued: until that is done
//! the component stays more fragile. Alerts, ownership, runbooks and rollback each shorten a phase and take hours to build and keep up (`practices`). Where trust
//! is missing a small incident may be hidden: one person works around it, nobody learns from it,
//! and it leaves debt; what is reported is noticed later and taught by less.
//! **Parameters.** Laws of the phases, people, chances, effect on the component. **Sources.** IN-1
//! to IN-11, IN-15, IN-16 (practices); fragility and its removal assumed, and so is hiding. Duration
//! does not depend on severity (IN-7).

mod practices;
mod table;

pub use table::Table;

use crate::birth::{admit_or_refuse, draw_item, pick_component};
use crate::blueprint::Blueprint;
use crate::column::Column;
use crate::component::Component;
use crate::gauge::{Gauges, Stock, gauges};
use crate::mechanism::{Mechanism, Turn};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::moment::{Moment, Sort};
use crate::odds::moved;
use crate::work::ItemId;
use kernel::calendar::Rank;
use kernel::law::Law;
use kernel::luck::{Key, Purpose};
use kernel::math;
use kernel::slab::{Id, Slab};
use kernel::units::{ComponentId, Instant, KindId, PersonId, TeamId, Ticks};
use practices::Practices;
use std::collections::VecDeque;

const PHASE: Purpose = Purpose::named("incidents/phase");
const AMBIENT: Purpose = Purpose::named("incidents/ambient");
const THIN: Purpose = Purpose::named("incidents/thin");
const LEARNING: Purpose = Purpose::named("incidents/learning");
const CORRECTION: Purpose = Purpose::named("incidents/correction");
const FINDING: Purpose = Purpose::named("incidents/finding");
const SMALL: Purpose = Purpose::named("incidents/small");
const HIDDEN: Purpose = Purpose::named("incidents/hidden");

/// The log-odds that what incidents reveal can add at most (assumed): the first few reveal more than
/// the hundredth, and failures can't feed themselves without end.
const MOST_FRAGILE: f64 = 1.0;

/// The phases that pass before an incident is over; learning comes after.
pub const PHASES: usize = 4;

/// Failures that no change causes.
#[derive(Clone, Debug)]
pub struct Ambient {
    /// Hours between candidates for one team, at the greatest rate.
    pub gaps: Law,
    /// The chance that a candidate is one: `least` · exp(`debt` · density), at most 1.
    pub least: f64,
    pub debt: f64,
}

/// Small incidents that nobody reports.
#[derive(Clone, Debug)]
pub struct Hiding {
    small: f64,
    hidden: f64,
    /// Log-odds of hiding per unit of mistrust.
    silence: f64,
    /// Principal that working around one leaves, in hours.
    adds_hours: f64,
}

#[derive(Clone, Debug)]
pub struct Params {
    /// Hours of detection, response, mitigation and recovery.
    pub phases: [Law; PHASES],
    pub people: u32,
    /// Added to the length of the middle phases per unit of ln(batch).
    pub diagnosis: f64,
    pub ambient: Option<Ambient>,
    /// Chance of a postmortem, the people in it, and its hours.
    pub postmortem: f64,
    pub postmortem_people: u32,
    pub postmortem_hours: f64,
    /// The kind of corrective work, which follows a postmortem.
    pub corrective: Option<KindId>,
    /// Log-odds of failure an incident reveals on its component, until corrective work is done.
    pub fragility: f64,
    /// The part of it that is left after a week.
    pub left_per_week: f64,
    practices: practices::Plan,
    hiding: Option<Hiding>,
    /// Logarithm of how much longer detection takes per unit of mistrust.
    unnoticed: f64,
    /// Chance that a postmortem finds what to correct, and log-odds taken off per unit of mistrust.
    finds: f64,
    reticence: f64,
}

/// What incidents have shown of a component.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnComponent {
    /// Log-odds of failure that past incidents revealed and nobody has yet removed.
    fragility: f64,
}

/// What was known of code that is spread over other components is forgotten.
impl Column for OnComponent {}

/// An incident under way.
#[derive(Clone, Debug)]
pub struct Incident {
    key: Key,
    team: TeamId,
    component: Option<ComponentId>,
    batch: u32,
    /// A change brought it about.
    changed: bool,
    hidden: bool,
    phase: u8,
    since: Instant,
    crew: Vec<PersonId>,
}

#[derive(Clone)]
pub struct Incidents {
    open: Slab<Incident>,
    /// Incidents detected while nobody could come, per team.
    unattended: Vec<VecDeque<Id<Incident>>>,
    /// Candidates so far, per team.
    candidates: Vec<u64>,
    /// Whether the deployment being told of has failed already: one incident for each.
    failed: bool,
    practices: Practices,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Candidate { team: TeamId },
    PhaseEnds { incident: Id<Incident> },
    LearningEnds { person: PersonId, team: TeamId },
    Alarm { team: TeamId, phase: u8 },
}

gauges! {
    Incidents:
    tallies {
        /// Incidents that nobody reported.
        HUSHED,
        /// Hours spent on building and keeping up practices against incidents.
        PRACTICE_HOURS,
        /// Alerts that called somebody for nothing.
        FALSE_ALARMS,
    }
}

impl Mechanism for Incidents {
    const GAUGES: Gauges = GAUGES;
    const METRICS: &'static [Metric] = &[
        Metric {
            name: "hidden_incidents_per_year",
            title: "hidden incidents",
            unit: "per year",
            better: Some(Better::Lower),
            definition: "incidents that nobody reported, a year; they are not among the incidents",
            reads: Reads::Yearly(HUSHED),
        },
        Metric {
            name: "practice_hours_per_year",
            title: "hours on practices",
            unit: "hours per year",
            better: None,
            definition: "hours spent on building and keeping up practices against incidents, a year",
            reads: Reads::Yearly(PRACTICE_HOURS),
        },
        Metric {
            name: "false_alarms_per_year",
            title: "false alarms",
            unit: "per year",
            better: Some(Better::Lower),
            definition: "alerts that called somebody for nothing, a year",
            reads: Reads::Yearly(FALSE_ALARMS),
        },
    ];

    type Params = Params;
    type Event = Event;

    fn start(params: &Params, turn: &mut Turn<'_>) -> Incidents {
        let teams = turn.plan.teams.len();
        let mut incidents = Incidents {
            open: Slab::default(),
            unattended: vec![VecDeque::new(); teams],
            candidates: vec![turn.first_number(); teams],
            failed: false,
            practices: Practices::start(&params.practices, turn),
        };
        for team in (0..teams).map(TeamId::new) {
            incidents.next_candidate(team, params, turn);
        }
        incidents
    }

    fn has_weeks(params: &Params, _: &Blueprint) -> bool {
        params.fragility > 0.0 || params.practices.iter().any(Option::is_some)
    }

    fn each_week(&mut self, params: &Params, turn: &mut Turn<'_>) {
        for component in &mut turn.org.components {
            component.own.incidents.fragility *= params.left_per_week;
        }
        self.practices.keep_up(&params.practices, turn);
    }

    fn frees(event: Event) -> Option<PersonId> {
        match event {
            Event::LearningEnds { person, .. } => Some(person),
            _ => None,
        }
    }

    fn on(&mut self, event: Event, params: &Params, turn: &mut Turn<'_>) {
        match event {
            Event::Candidate { team } => {
                self.consider(team, params, turn);
                self.next_candidate(team, params, turn);
            }
            Event::PhaseEnds { incident } => self.go_on(incident, params, turn),
            Event::Alarm { team, phase } => {
                self.practices.alarm(team, usize::from(phase), &params.practices, turn);
            }
            Event::LearningEnds { team, .. } => self.attend(team, params, turn),
        }
    }

    fn translate(event: Event, _: &Migration, _: &Params, _: &Params) -> Option<Event> {
        // Candidates and alarms come by team.
        matches!(event, Event::PhaseEnds { .. }).then_some(event)
    }

    #[inline]
    fn endangers(component: &Component) -> Option<f64> {
        Some(component.own.incidents.fragility)
    }

    /// Incidents under way keep their people.
    fn migrate(&mut self, migration: &Migration, params: &Params, turn: &mut Turn<'_>) {
        for incident in self.open.values_mut() {
            incident.team = migration.team(incident.team);
            incident.component = migration.component(incident.component);
            // Whoever has just left is among them until their leaving is told.
            incident.crew.iter().for_each(|person| turn.keep_on_duty(*person));
        }
        let teams = turn.plan.teams.len();
        let unattended = std::mem::replace(&mut self.unattended, vec![VecDeque::new(); teams]);
        for (at, waiting) in unattended.into_iter().enumerate() {
            self.unattended[migration.teams[at].at()].extend(waiting);
        }
        self.practices.follow(migration, &params.practices, turn);
        // The next one of each is drawn anew: what was drawn for the one that was to come is over.
        let most = self.candidates.iter().copied().max().unwrap_or(0);
        self.candidates = vec![most + 1; teams];
        for team in (0..teams).map(TeamId::new) {
            self.next_candidate(team, params, turn);
        }
    }

    #[inline]
    fn hears(sort: Sort, _: &Self::Params, _: &Blueprint) -> bool {
        matches!(sort, Sort::Deployed | Sort::Done | Sort::BackAtDesk | Sort::Departed)
    }

    fn notice(&mut self, moment: &Moment, params: &Params, turn: &mut Turn<'_>) {
        match *moment {
            Moment::Deployed { item, batch, leads } => {
                self.failed &= !leads;
                let state = &turn.org.items[item];
                if !self.failed && turn.would_fail(state, batch) {
                    self.failed = true;
                    let (team, component, key) = (state.team, state.component, state.change());
                    turn.tell(Moment::Failed { item });
                    self.open(Cause { team, component, key, batch, changed: true }, params, turn);
                }
            }
            Moment::Done { item } => strengthen(item, params, turn),
            Moment::BackAtDesk { team } => self.attend(team, params, turn),
            Moment::Departed { person } => self.replace(person, turn),
            _ => {}
        }
    }

    fn change_course(&mut self, params: &Params, turn: &mut Turn<'_>) {
        self.practices.ring(&params.practices, turn);
    }
}

impl Incidents {
    fn next_candidate(&mut self, team: TeamId, params: &Params, turn: &mut Turn<'_>) {
        let Some(ambient) = &params.ambient else { return };
        if turn.plan.teams[team.at()].is_leader {
            return;
        }
        let key = Key::of("ambient", u64::from(team.0)).nth(self.candidates[team.at()]);
        let hours = ambient.gaps.draw(&turn.luck, AMBIENT, key);
        turn.after(Ticks::from_hours(hours), Rank::Arrival, Event::Candidate { team });
    }

    /// A candidate failure becomes an incident with a chance that grows with debt.
    fn consider(&mut self, team: TeamId, params: &Params, turn: &mut Turn<'_>) {
        let Some(ambient) = &params.ambient else { return };
        let key = Key::of("ambient", u64::from(team.0)).nth(self.candidates[team.at()]);
        self.candidates[team.at()] += 1;
        let component = pick_component(team, key, turn);
        let density = component.map_or(0.0, |at| turn.org.components[at.at()].density());
        let chance = ambient.least * math::exp(ambient.debt * density);
        if turn.luck.chance(chance, THIN, key) {
            self.open(Cause { team, component, key, batch: 1, changed: false }, params, turn);
        }
    }

    fn open(&mut self, cause: Cause, params: &Params, turn: &mut Turn<'_>) {
        let Cause { team, component, key, batch, changed } = cause;
        let hidden = is_hidden(team, key, params, turn);
        let since = turn.now();
        let crew = Vec::new();
        let incident = Incident { key, team, component, batch, changed, hidden, phase: 0, since, crew };
        let at = self.open.insert(incident);
        turn.org.outages.begin(since);
        if let Some(component) = component {
            let fragility = &mut turn.org.components[component.at()].own.incidents.fragility;
            *fragility += params.fragility * (1.0 - *fragility / MOST_FRAGILE).max(0.0);
        }
        if hidden {
            turn.org.count(HUSHED, 1.0);
        } else {
            turn.tell(Moment::Opened { incident: at.at() as u32, team, key });
        }
        self.begin_phase(at, params, turn);
    }

    fn begin_phase(&mut self, at: Id<Incident>, params: &Params, turn: &mut Turn<'_>) {
        let Some(incident) = self.open.get(at) else { return };
        let phase = incident.phase as usize;
        let middle = phase == 1 || phase == 2;
        let spread = if middle { params.diagnosis * math::ln(f64::from(incident.batch)) } else { 0.0 };
        let key = incident.key.nth(phase as u64);
        let helped = phase + 1 < PHASES || incident.changed;
        let left = if helped && !incident.hidden {
            self.practices.leaves(incident.team, phase, key, &params.practices, turn)
        } else {
            1.0
        };
        let unnoticed = if phase == 0 && params.unnoticed > 0.0 {
            let mistrust = turn.org.teams[incident.team.at()].stock(Stock::MISTRUST, 0.0);
            math::exp(params.unnoticed * mistrust)
        } else {
            1.0
        };
        let hours = params.phases[phase].draw(&turn.luck, PHASE, key) * (1.0 + spread) * left * unnoticed;
        turn.after(Ticks::from_hours(hours), Rank::Completion, Event::PhaseEnds { incident: at });
    }

    /// A phase is over: the next begins, once somebody is there for it.
    fn go_on(&mut self, at: Id<Incident>, params: &Params, turn: &mut Turn<'_>) {
        let Some(incident) = self.open.get_mut(at) else { return };
        incident.phase += 1;
        if incident.phase as usize == PHASES {
            return self.recover(at, params, turn);
        }
        if !incident.is_staffed(params, turn) {
            return self.unattended[incident.team.at()].push_back(at);
        }
        self.begin_phase(at, params, turn);
    }

    /// Somebody of the team is back: the longest unattended incident is attended to.
    fn attend(&mut self, team: TeamId, params: &Params, turn: &mut Turn<'_>) {
        let Some(at) = self.unattended[team.at()].pop_front() else { return };
        let Some(incident) = self.open.get_mut(at) else { return };
        if !incident.is_staffed(params, turn) {
            return self.unattended[team.at()].push_front(at);
        }
        self.begin_phase(at, params, turn);
    }

    /// Somebody has left the organisation: a colleague who is free takes their place in what they were called to.
    fn replace(&mut self, person: PersonId, turn: &mut Turn<'_>) {
        for incident in self.open.values_mut() {
            if let Some(place) = incident.crew.iter().position(|kept| *kept == person) {
                incident.crew.remove(place);
                turn.call(incident.team, 1, &mut incident.crew);
            }
        }
    }

    fn recover(&mut self, at: Id<Incident>, params: &Params, turn: &mut Turn<'_>) {
        let Some(open) = self.open.get_mut(at) else { return };
        let incident = Incident { crew: std::mem::take(&mut open.crew), ..*open };
        self.open.discard(at);
        let after = turn.now() - incident.since;
        turn.org.outages.end(turn.calendar.now());
        let (team, key) = (incident.team, incident.key);
        turn.tell(if incident.hidden {
            Moment::Hushed { team, after }
        } else {
            Moment::Recovered { incident: at.at() as u32, team, after, key }
        });
        for person in &incident.crew {
            turn.send_back_to_desk(*person);
        }
        self.attend(incident.team, params, turn);
        if incident.hidden {
            work_around(&incident, params, turn);
        } else if turn.luck.chance(params.postmortem, LEARNING, incident.key) {
            self.learn(&incident, params, turn);
        }
    }

    /// A postmortem: people sit together, and corrective work comes of it.
    fn learn(&mut self, incident: &Incident, params: &Params, turn: &mut Turn<'_>) {
        let (team, length) = (incident.team, Ticks::from_hours(params.postmortem_hours));
        turn.call_until(team, params.postmortem_people, length, |person| Event::LearningEnds {
            person,
            team,
        });
        let mistrust = turn.org.teams[incident.team.at()].stock(Stock::MISTRUST, 0.0);
        let finds = moved(params.finds, -params.reticence * mistrust);
        if let Some(kind) = params.corrective
            && turn.luck.chance(finds, FINDING, incident.key)
        {
            let key = incident.key.child(CORRECTION, 0);
            let id = draw_item(kind, incident.team, key, None, turn);
            turn.org.items[id].component = incident.component;
            admit_or_refuse(id, turn);
        }
    }
}

/// Where an incident comes from.
struct Cause {
    team: TeamId,
    component: Option<ComponentId>,
    key: Key,
    batch: u32,
    changed: bool,
}

impl Incident {
    /// People it keeps: whoever hides one deals with it alone.
    fn people(&self, params: &Params) -> u32 {
        if self.hidden { params.people.min(1) } else { params.people }
    }

    /// Calls people to it, unless some are there; whether it has whom it needs, be it nobody.
    fn is_staffed(&mut self, params: &Params, turn: &mut Turn<'_>) -> bool {
        let people = self.people(params);
        if self.crew.is_empty() {
            turn.call(self.team, people, &mut self.crew);
        }
        people == 0 || !self.crew.is_empty()
    }
}

/// Whether an incident is small and nobody reports it.
fn is_hidden(team: TeamId, key: Key, params: &Params, turn: &Turn<'_>) -> bool {
    let Some(hiding) = &params.hiding else { return false };
    let mistrust = turn.org.teams[team.at()].stock(Stock::MISTRUST, 0.0);
    let hidden = moved(hiding.hidden, hiding.silence * mistrust);
    turn.luck.chance(hiding.small, SMALL, key) && turn.luck.chance(hidden, HIDDEN, key)
}

/// What a hidden incident leaves in the code.
fn work_around(incident: &Incident, params: &Params, turn: &mut Turn<'_>) {
    if let (Some(hiding), Some(component)) = (&params.hiding, incident.component) {
        turn.org.components[component.at()].principal_hours += hiding.adds_hours;
    }
}

/// Corrective work is live: what the incident revealed is gone.
fn strengthen(id: ItemId, params: &Params, turn: &mut Turn<'_>) {
    let item = &turn.org.items[id];
    if Some(item.kind) == params.corrective
        && let Some(component) = item.component
    {
        let fragility = &mut turn.org.components[component.at()].own.incidents.fragility;
        *fragility = (*fragility - params.fragility).max(0.0);
    }
}
