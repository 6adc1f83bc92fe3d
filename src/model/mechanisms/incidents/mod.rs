//! Incidents: something is wrong in production, and people are pulled away to put it right.
//!
//! **How it acts.** A deployment fails when one of its changes does; failures without a change
//! come in bursts, thinned from a stream of bounded rate by the debt of a component. An incident
//! passes detection, response, mitigation and recovery, each with its own drawn length; from
//! response on it keeps people of the owning team, who drop what they hold; a colleague takes the
//! place of whoever leaves the organisation. A large batch is harder to diagnose. Afterwards, with
//! some chance, a postmortem takes an afternoon and corrective work is queued: until that is done
//! the component stays more fragile. Alerts, ownership, runbooks and rollback each shorten a phase and take hours to
//! build and keep up (`practices`). Where trust is missing a small incident may be hidden: one person works around it,
//! nobody learns from it, and it leaves debt; what is reported is noticed later and taught by less. **Parameters.**
//! Distributions of the phases, people, chances, effect on the component. **Sources.** IN-1 to IN-11, IN-15, IN-16
//! (practices); fragility and its removal assumed, and so is hiding. Duration does not depend on severity (IN-7).

mod ambient;
mod hiding;
mod practices;
mod recurrence;
mod table;

pub use table::Table;

use crate::birth::{admit_or_refuse, draw_item};
use crate::column::Column;
use crate::compiled_plan::CompiledPlan;
use crate::component::Component;
use crate::domain_event::{DomainEvent, EventSort};
use crate::instrument::{Gauge, Instruments, instruments};
use crate::mechanism::{Context, Mechanism};
use crate::metric::{Better, Metric, Reads};
use crate::migration::Migration;
use crate::odds::moved;
use crate::preset::{Preset, presets};
use crate::risk::nth_fault;
use crate::waste::{HARM, Loss, UNPLANNED};
use crate::work::ItemId;
use ambient::Ambient;
use hiding::{Hiding, is_hidden, work_around};
use kernel::distribution::Distribution;
use kernel::event_list::EventPriority;
use kernel::math;
use kernel::slab::{Id, Slab};
use kernel::streams::{Key, StreamId};
use kernel::units::{ComponentId, Instant, KindId, PersonId, TeamId, Ticks};
use practices::Practices;
use recurrence::{Cause, Recurrence, RecurrencePlan, Recurrences};
use std::collections::VecDeque;

const PHASE: StreamId = StreamId::named("incidents/phase");
const LEARNING: StreamId = StreamId::named("incidents/learning");
const CORRECTION: StreamId = StreamId::named("incidents/correction");
const FINDING: StreamId = StreamId::named("incidents/finding");
const DEPLOYMENT: StreamId = StreamId::named("incidents/deployment");
const SEVERITY: StreamId = StreamId::named("incidents/severity");

/// The log-odds that what incidents reveal can add at most (assumed): the first few reveal more than
/// the hundredth, and failures can't feed themselves without end.
const MOST_FRAGILE: f64 = 1.0;

/// The phases that pass before an incident is over; learning comes after.
pub const PHASES: usize = 4;

#[derive(Clone, Debug)]
pub struct Params {
    /// Hours of detection, response, mitigation and recovery.
    pub phases: [Distribution; PHASES],
    pub people: u32,
    /// The share of its team's product that one hits; nothing where it hits none.
    severity: Option<Distribution>,
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
    practices: practices::PracticePlan,
    recurrence: Option<RecurrencePlan>,
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
    /// The share of its team's product that it hits.
    severity: f32,
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
    recurrences: Recurrences,
}

#[derive(Clone, Copy, Debug)]
pub enum Event {
    Candidate { team: TeamId },
    PhaseEnds { incident: Id<Incident> },
    LearningEnds { person: PersonId, team: TeamId },
    Alarm { team: TeamId, phase: u8 },
    Recurs { recurrence: Id<Recurrence> },
}

instruments! {
    Incidents:
    counters {
        /// Incidents that nobody reported.
        HUSHED,
        /// Hours spent on building and keeping up practices against incidents.
        PRACTICE_HOURS,
        /// Alerts that called somebody for nothing.
        FALSE_ALARMS,
        /// Incidents whose cause had brought one about before.
        RECURRED,
    }
}

impl Mechanism for Incidents {
    const PRESETS: &'static [Preset] = presets!["typical"];
    const INSTRUMENTS: Instruments = INSTRUMENTS;
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
        Metric {
            name: "recurred_incidents_per_year",
            title: "incidents that came again",
            unit: "per year",
            better: Some(Better::Lower),
            definition: "incidents whose cause had brought one about before and was not put right, a year; they are among the incidents",
            reads: Reads::Yearly(RECURRED),
        },
    ];
    const LOSSES: &'static [Loss] = &[HARM.by(&["incidents"]), UNPLANNED.by(&["incidents"])];
    const MOVES_WORK: bool = true;
    type Params = Params;
    type Event = Event;

    fn start(params: &Params, ctx: &mut Context<'_>) -> Incidents {
        let teams = ctx.plan.teams.len();
        let mut incidents = Incidents {
            open: Slab::default(),
            unattended: vec![VecDeque::new(); teams],
            candidates: vec![ctx.first_number(); teams],
            failed: false,
            practices: Practices::start(&params.practices, ctx),
            recurrences: Recurrences::default(),
        };
        for team in (0..teams).map(TeamId::new) {
            incidents.next_candidate(team, params, ctx);
        }
        incidents
    }

    fn has_weeks(params: &Params, _: &CompiledPlan) -> bool {
        params.fragility > 0.0 || params.practices.iter().any(Option::is_some)
    }

    fn each_week(&mut self, params: &Params, ctx: &mut Context<'_>) {
        for component in &mut ctx.org.components {
            component.own.incidents.fragility *= params.left_per_week;
        }
        self.practices.keep_up(&params.practices, ctx);
    }

    fn frees(event: Event) -> Option<PersonId> {
        match event {
            Event::LearningEnds { person, .. } => Some(person),
            _ => None,
        }
    }

    fn on(&mut self, event: Event, params: &Params, ctx: &mut Context<'_>) {
        match event {
            Event::Candidate { team } => {
                self.consider(team, params, ctx);
                self.next_candidate(team, params, ctx);
            }
            Event::PhaseEnds { incident } => self.go_on(incident, params, ctx),
            Event::Alarm { team, phase } => {
                self.practices.alarm(team, usize::from(phase), &params.practices, ctx);
            }
            Event::LearningEnds { team, .. } => self.attend(team, params, ctx),
            Event::Recurs { recurrence } => {
                if let Some(cause) = self.recurrences.come(recurrence) {
                    ctx.org.count(RECURRED, 1.0);
                    self.open(cause, params, ctx);
                }
            }
        }
    }

    fn translate(event: Event, _: &Migration, _: &Params, _: &Params) -> Option<Event> {
        // Candidates and alarms come by team.
        matches!(event, Event::PhaseEnds { .. } | Event::Recurs { .. }).then_some(event)
    }

    #[inline]
    fn endangers(component: &Component) -> Option<f64> {
        Some(component.own.incidents.fragility)
    }

    /// Incidents under way keep their people.
    fn migrate(&mut self, migration: &Migration, params: &Params, ctx: &mut Context<'_>) {
        for incident in self.open.values_mut() {
            incident.team = migration.team(incident.team);
            incident.component = migration.component(incident.component);
            // Whoever has just left is among them until their leaving is told.
            incident.crew.iter().for_each(|person| ctx.keep_on_duty(*person));
            ctx.hit_product(incident.team, incident.severity);
        }
        let teams = ctx.plan.teams.len();
        let unattended = std::mem::replace(&mut self.unattended, vec![VecDeque::new(); teams]);
        for (at, waiting) in unattended.into_iter().enumerate() {
            self.unattended[migration.teams[at].at()].extend(waiting);
        }
        self.recurrences.follow(migration);
        self.practices.follow(migration, &params.practices, ctx);
        // The next one of each is drawn anew: what was drawn for the one that was to come is over.
        let most = self.candidates.iter().copied().max().unwrap_or(0);
        self.candidates = vec![most + 1; teams];
        for team in (0..teams).map(TeamId::new) {
            self.next_candidate(team, params, ctx);
        }
    }

    #[inline]
    fn subscribes_to(sort: EventSort, _: &Self::Params, _: &CompiledPlan) -> bool {
        matches!(sort, EventSort::Deployed | EventSort::Done | EventSort::BackAtDesk | EventSort::Departed)
    }

    fn handle(&mut self, event: &DomainEvent, params: &Params, ctx: &mut Context<'_>) {
        match *event {
            DomainEvent::Deployed { item, batch, leads } => {
                self.failed &= !leads;
                self.go_live(item, batch, leads, params, ctx);
            }
            DomainEvent::Done { item } => {
                strengthen(item, params, ctx);
                self.recurrences.correct(item);
            }
            DomainEvent::BackAtDesk { team } => self.attend(team, params, ctx),
            DomainEvent::Departed { person } => self.replace(person, ctx),
            _ => {}
        }
    }

    fn change_policy(&mut self, params: &Params, ctx: &mut Context<'_>) {
        self.practices.ring(&params.practices, ctx);
    }
}

impl Incidents {
    /// A change goes live, and fails with what is wrong in it: with one fault at most to a change, a deployment is one
    /// incident at most, whichever of its changes fails; where faults are counted, each is an incident of its own.
    fn go_live(&mut self, id: ItemId, batch: u32, leads: bool, params: &Params, ctx: &mut Context<'_>) {
        let plan = &ctx.plan.failure;
        let item = &ctx.org.items[id];
        let (team, component, change) = (item.team, item.component, item.change());
        let cause = |key| Cause { team, component, key, batch, changed: true };
        if leads && ctx.streams.chance(plan.deployment, DEPLOYMENT, change) {
            self.fail(id, cause(change.child(DEPLOYMENT, 0)), params, ctx);
        }
        if self.failed && plan.by_size.is_none() {
            return;
        }
        let mut faults = ctx.faults(&ctx.org.items[id], batch);
        while faults != 0 {
            let nth = faults.trailing_zeros();
            faults &= faults - 1;
            self.fail(id, cause(nth_fault(change, u64::from(nth))), params, ctx);
        }
    }

    /// A deployment fails, for the first time or once more.
    fn fail(&mut self, id: ItemId, cause: Cause, params: &Params, ctx: &mut Context<'_>) {
        if !std::mem::replace(&mut self.failed, true) {
            ctx.emit(DomainEvent::Failed { item: id });
        }
        self.open(cause, params, ctx);
    }

    fn open(&mut self, cause: Cause, params: &Params, ctx: &mut Context<'_>) {
        let Cause { team, component, key, batch, changed } = cause;
        let (hidden, severity) = (is_hidden(team, key, params, ctx), severity(key, params, ctx));
        let since = ctx.now();
        let crew = Vec::new();
        let incident =
            Incident { key, team, component, batch, changed, hidden, severity, phase: 0, since, crew };
        let at = self.open.insert(incident);
        ctx.org.outages.begin(since);
        ctx.hit_product(team, severity);
        if let Some(component) = component {
            let fragility = &mut ctx.org.components[component.at()].own.incidents.fragility;
            *fragility += params.fragility * (1.0 - *fragility / MOST_FRAGILE).max(0.0);
        }
        if hidden {
            ctx.org.count(HUSHED, 1.0);
        } else {
            ctx.emit(DomainEvent::Opened { incident: at.at() as u32, team, key, severity });
        }
        self.begin_phase(at, params, ctx);
    }

    fn begin_phase(&mut self, at: Id<Incident>, params: &Params, ctx: &mut Context<'_>) {
        let Some(incident) = self.open.get(at) else { return };
        let phase = incident.phase as usize;
        let middle = phase == 1 || phase == 2;
        let spread = if middle { params.diagnosis * math::ln(f64::from(incident.batch)) } else { 0.0 };
        let key = incident.key.nth(phase as u64);
        let helped = phase + 1 < PHASES || incident.changed;
        let left = if helped && !incident.hidden {
            self.practices.leaves(incident.team, phase, key, &params.practices, ctx)
        } else {
            1.0
        };
        let unnoticed = if phase == 0 && params.unnoticed > 0.0 {
            let mistrust = ctx.org.teams[incident.team.at()].gauge(Gauge::MISTRUST, 0.0);
            math::exp(params.unnoticed * mistrust)
        } else {
            1.0
        };
        let hours = params.phases[phase].draw(&ctx.streams, PHASE, key) * (1.0 + spread) * left * unnoticed;
        ctx.after(Ticks::from_hours(hours), EventPriority::Completion, Event::PhaseEnds { incident: at });
    }

    /// A phase is over: the next begins, once somebody is there for it.
    fn go_on(&mut self, at: Id<Incident>, params: &Params, ctx: &mut Context<'_>) {
        let Some(incident) = self.open.get_mut(at) else { return };
        incident.phase += 1;
        if incident.phase as usize == PHASES {
            return self.recover(at, params, ctx);
        }
        if !incident.is_staffed(params, ctx) {
            return self.unattended[incident.team.at()].push_back(at);
        }
        self.begin_phase(at, params, ctx);
    }

    /// Somebody of the team is back: the longest unattended incident is attended to.
    fn attend(&mut self, team: TeamId, params: &Params, ctx: &mut Context<'_>) {
        let Some(at) = self.unattended[team.at()].pop_front() else { return };
        let Some(incident) = self.open.get_mut(at) else { return };
        if !incident.is_staffed(params, ctx) {
            return self.unattended[team.at()].push_front(at);
        }
        self.begin_phase(at, params, ctx);
    }

    /// Somebody has left the organisation: a colleague who is free takes their place in what they were called to.
    fn replace(&mut self, person: PersonId, ctx: &mut Context<'_>) {
        for incident in self.open.values_mut() {
            if let Some(place) = incident.crew.iter().position(|kept| *kept == person) {
                incident.crew.remove(place);
                ctx.start_duty(incident.team, 1, &mut incident.crew);
            }
        }
    }

    fn recover(&mut self, at: Id<Incident>, params: &Params, ctx: &mut Context<'_>) {
        let Some(open) = self.open.get_mut(at) else { return };
        let incident = Incident { crew: std::mem::take(&mut open.crew), ..*open };
        self.open.discard(at);
        let after = ctx.now() - incident.since;
        ctx.org.outages.end(ctx.event_list.now());
        let (team, key) = (incident.team, incident.key);
        ctx.spare_product(team, incident.severity);
        ctx.emit(if incident.hidden {
            DomainEvent::Hushed { team, after }
        } else {
            DomainEvent::Recovered { incident: at.at() as u32, team, after, key }
        });
        for person in &incident.crew {
            ctx.end_duty(*person);
        }
        self.attend(incident.team, params, ctx);
        let mut correction = None;
        if incident.hidden {
            work_around(&incident, params, ctx);
        } else if ctx.streams.chance(params.postmortem, LEARNING, incident.key) {
            correction = self.learn(&incident, params, ctx);
        }
        if let Some(plan) = &params.recurrence {
            self.recurrences.expect(incident.cause(), correction, plan, ctx);
        }
    }

    /// A postmortem: people sit together, and perhaps corrective work comes of it.
    fn learn(&mut self, incident: &Incident, params: &Params, ctx: &mut Context<'_>) -> Option<ItemId> {
        let (team, length) = (incident.team, Ticks::from_hours(params.postmortem_hours));
        ctx.call_until(team, params.postmortem_people, length, |person| Event::LearningEnds { person, team });
        let mistrust = ctx.org.teams[incident.team.at()].gauge(Gauge::MISTRUST, 0.0);
        let finds = moved(params.finds, -params.reticence * mistrust);
        let kind = params.corrective.filter(|_| ctx.streams.chance(finds, FINDING, incident.key))?;
        let key = incident.key.child(CORRECTION, 0);
        let id = draw_item(kind, incident.team, key, None, ctx);
        ctx.org.items[id].component = incident.component;
        admit_or_refuse(id, ctx);
        Some(id)
    }
}

impl Incident {
    /// What brought it about; the same may come again.
    fn cause(&self) -> Cause {
        let Incident { key, team, component, batch, changed, .. } = *self;
        Cause { team, component, key, batch, changed }
    }

    /// People it keeps: whoever hides one deals with it alone.
    fn people(&self, params: &Params) -> u32 {
        if self.hidden { params.people.min(1) } else { params.people }
    }

    /// Calls people to it, unless some are there; whether it has whom it needs, be it nobody.
    fn is_staffed(&mut self, params: &Params, ctx: &mut Context<'_>) -> bool {
        let people = self.people(params);
        if self.crew.is_empty() {
            ctx.start_duty(self.team, people, &mut self.crew);
        }
        people == 0 || !self.crew.is_empty()
    }
}

/// The share of its team's product that an incident hits: how bad it is and how long it lasts are drawn apart (IN-7).
/// Where nothing is worth anything, none.
fn severity(key: Key, params: &Params, ctx: &Context<'_>) -> f32 {
    let Some(severity) = params.severity.as_ref().filter(|_| ctx.plan.value.is_some()) else { return 0.0 };
    severity.draw(&ctx.streams, SEVERITY, key).clamp(0.0, 1.0) as f32
}

/// Corrective work is live: what the incident revealed is gone.
fn strengthen(id: ItemId, params: &Params, ctx: &mut Context<'_>) {
    let item = &ctx.org.items[id];
    if Some(item.kind) == params.corrective
        && let Some(component) = item.component
    {
        let fragility = &mut ctx.org.components[component.at()].own.incidents.fragility;
        *fragility = (*fragility - params.fragility).max(0.0);
    }
}
