//! The trace: the item log and the event log of one replication, for whoever wants to see every step.

use kernel::units::Instant;
use model::cause::{CAUSES, Cause};
use model::compiled_plan::CompiledPlan;
use model::domain_event::DomainEvent;
use model::organisation::Organisation;
use model::replication::Observer;
use model::work::{Item, ItemId, Role};

/// One finished or dropped item. Times are in working hours.
#[derive(Clone, Debug)]
pub struct ItemRow {
    pub item: u64,
    pub kind: String,
    pub team: String,
    pub born: f64,
    pub pulled: Option<f64>,
    pub ended: f64,
    /// "live", or why it was dropped.
    pub end: String,
    pub size_hours: f64,
    pub causes: [f64; CAUSES],
}

/// One domain event. Times are in working hours.
#[derive(Clone, Debug)]
pub struct EventRow {
    pub hours: f64,
    pub event: &'static str,
    pub item: Option<u64>,
    pub kind: Option<String>,
    pub stage: Option<String>,
    pub person: Option<u32>,
}

/// Collects the logs.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub items: Vec<ItemRow>,
    pub events: Vec<EventRow>,
}

impl Trace {
    fn end(&mut self, now: Instant, item: &Item, end: String, plan: &CompiledPlan) {
        // Of what is dropped, nobody has booked yet what it was waiting for.
        let mut ledger = item.ledger.clone();
        ledger.turn_to(Cause::Work, now);
        self.items.push(ItemRow {
            item: item.key.0,
            kind: plan.kinds[item.kind.at()].name.clone(),
            team: plan.teams[item.team.at()].name.clone(),
            born: item.born.hours(),
            pulled: item.pulled.map(Instant::hours),
            ended: now.hours(),
            end,
            size_hours: item.size_hours,
            causes: std::array::from_fn(|at| ledger.spent(Cause::ALL[at]).hours()),
        });
    }
}

impl Observer for Trace {
    fn on_event(&mut self, now: Instant, event: &DomainEvent, org: &Organisation, plan: &CompiledPlan) {
        // A trace follows work from its coming; that it is a part is seen where it began.
        if matches!(event, DomainEvent::Needed { .. }) {
            return;
        }
        let (name, item, person) = read(event);
        let state = item.and_then(|item| org.items.get(item));
        if let Some(state) = state.filter(|item| item.role == Role::Work) {
            match event {
                DomainEvent::Done { .. } => self.end(now, state, "live".to_owned(), plan),
                DomainEvent::Dropped { why, .. } => {
                    self.end(now, state, format!("{why:?}").to_lowercase(), plan)
                }
                _ => {}
            }
        }
        // What is begun as soon as it is committed to is told once.
        let told =
            matches!(event, DomainEvent::Committed { .. }) && state.is_some_and(|item| item.pulled.is_some());
        if told {
            return;
        }
        self.events.push(EventRow {
            hours: now.hours(),
            event: name,
            item: state.map(|item| item.key.0),
            kind: state.map(|item| plan.kinds[item.kind.at()].name.clone()),
            stage: state.map(|item| plan.stages[item.stage.at()].name.clone()),
            person,
        });
    }
}

fn read(event: &DomainEvent) -> (&'static str, Option<ItemId>, Option<u32>) {
    match *event {
        DomainEvent::Arrived { item } => ("arrived", Some(item), None),
        DomainEvent::Committed { item } => ("committed", Some(item), None),
        DomainEvent::Pulled { item } => ("pulled", Some(item), None),
        DomainEvent::Began { item, person, .. } => ("began", Some(item), Some(person.0)),
        DomainEvent::Served { item, .. } => ("served", Some(item), None),
        DomainEvent::Preempted { item, person } => ("set aside", Some(item), Some(person.0)),
        DomainEvent::Worked { item, person, .. } => ("worked", Some(item), Some(person.0)),
        DomainEvent::Returned { item, .. } => ("returned", Some(item), None),
        DomainEvent::Left { item, .. } => ("left", Some(item), None),
        DomainEvent::Heard { item, approved: true, .. } => ("approved", Some(item), None),
        DomainEvent::Heard { item, .. } => ("rejected", Some(item), None),
        DomainEvent::Decided { item, .. } => ("decided", Some(item), None),
        DomainEvent::Deployed { item, .. } => ("deployed", Some(item), None),
        DomainEvent::Failed { item } => ("failed", Some(item), None),
        DomainEvent::Done { item } => ("done", Some(item), None),
        DomainEvent::Dropped { item, .. } => ("dropped", Some(item), None),
        DomainEvent::Built { .. } => ("initiative built", None, None),
        DomainEvent::Completed { .. } => ("initiative completed", None, None),
        DomainEvent::Needed { item } => ("needed", Some(item), None),
        DomainEvent::Disturbed { person } => ("interrupted", None, Some(person.0)),
        DomainEvent::BackAtDesk { .. } => ("duty over", None, None),
        DomainEvent::Joined { person } => ("joined", None, Some(person.0)),
        DomainEvent::Departed { person } => ("departed", None, Some(person.0)),
        DomainEvent::Opened { .. } => ("incident opened", None, None),
        DomainEvent::Recovered { .. } => ("incident recovered", None, None),
        DomainEvent::Reorganised { .. } => ("reorganised", None, None),
        DomainEvent::Spare { .. } => ("tends to tools meanwhile", None, None),
        DomainEvent::Hushed { .. } => ("incident hushed up", None, None),
        DomainEvent::Regretted { .. } => ("decision regretted", None, None),
        DomainEvent::Withdrawn { .. } => ("initiative taken back", None, None),
    }
}
