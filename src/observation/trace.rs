//! The trace: the item log and the event log of one life, for whoever wants to see every step.

use kernel::units::Instant;
use model::blueprint::Blueprint;
use model::cause::{CAUSES, Cause};
use model::life::Observer;
use model::moment::Moment;
use model::organisation::Organisation;
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

/// One moment. Times are in working hours.
#[derive(Clone, Debug)]
pub struct EventRow {
    pub hours: f64,
    pub moment: &'static str,
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
    fn end(&mut self, now: Instant, item: &Item, end: String, plan: &Blueprint) {
        self.items.push(ItemRow {
            item: item.key.0,
            kind: plan.kinds[item.kind.at()].name.clone(),
            team: plan.teams[item.team.at()].name.clone(),
            born: item.born.hours(),
            pulled: item.pulled.map(Instant::hours),
            ended: now.hours(),
            end,
            size_hours: item.size_hours,
            causes: std::array::from_fn(|at| item.ledger.spent(Cause::ALL[at]).hours()),
        });
    }
}

impl Observer for Trace {
    fn moment(&mut self, now: Instant, moment: &Moment, org: &Organisation, plan: &Blueprint) {
        let (name, item, person) = read(moment);
        let state = item.and_then(|item| org.items.get(item));
        if let Some(state) = state.filter(|item| item.role == Role::Work) {
            match moment {
                Moment::Done { .. } => self.end(now, state, "live".to_owned(), plan),
                Moment::Dropped { why, .. } => self.end(now, state, format!("{why:?}").to_lowercase(), plan),
                _ => {}
            }
        }
        // What is begun as soon as it is committed to is told once.
        let told =
            matches!(moment, Moment::Committed { .. }) && state.is_some_and(|item| item.pulled.is_some());
        if told {
            return;
        }
        self.events.push(EventRow {
            hours: now.hours(),
            moment: name,
            item: state.map(|item| item.key.0),
            kind: state.map(|item| plan.kinds[item.kind.at()].name.clone()),
            stage: state.map(|item| plan.stages[item.stage.at()].name.clone()),
            person,
        });
    }
}

fn read(moment: &Moment) -> (&'static str, Option<ItemId>, Option<u32>) {
    match *moment {
        Moment::Arrived { item } => ("arrived", Some(item), None),
        Moment::Committed { item } => ("committed", Some(item), None),
        Moment::Pulled { item } => ("pulled", Some(item), None),
        Moment::Began { item, person, .. } => ("began", Some(item), Some(person.0)),
        Moment::Served { item, .. } => ("served", Some(item), None),
        Moment::SetAside { item, person } => ("set aside", Some(item), Some(person.0)),
        Moment::Worked { item, person, .. } => ("worked", Some(item), Some(person.0)),
        Moment::Returned { item, .. } => ("returned", Some(item), None),
        Moment::Left { item, .. } => ("left", Some(item), None),
        Moment::Heard { item, approved: true, .. } => ("approved", Some(item), None),
        Moment::Heard { item, .. } => ("rejected", Some(item), None),
        Moment::Decided { item, .. } => ("decided", Some(item), None),
        Moment::Deployed { item, .. } => ("deployed", Some(item), None),
        Moment::Failed { item } => ("failed", Some(item), None),
        Moment::Done { item } => ("done", Some(item), None),
        Moment::Dropped { item, .. } => ("dropped", Some(item), None),
        Moment::Completed { .. } => ("initiative completed", None, None),
        Moment::Disturbed { person } => ("interrupted", None, Some(person.0)),
        Moment::BackAtDesk { .. } => ("duty over", None, None),
        Moment::Joined { person } => ("joined", None, Some(person.0)),
        Moment::Departed { person } => ("departed", None, Some(person.0)),
        Moment::Opened { .. } => ("incident opened", None, None),
        Moment::Recovered { .. } => ("incident recovered", None, None),
        Moment::Reorganised { .. } => ("reorganised", None, None),
        Moment::Hushed { .. } => ("incident hushed up", None, None),
        Moment::Regretted { .. } => ("decision regretted", None, None),
        Moment::Withdrawn { .. } => ("initiative taken back", None, None),
    }
}
