//! The tracker: what a team's tools would hold of a replication. For each item when it was created, begun and ended, of what it is
//! a part, who had it last, and how its card moved from stage to stage; deployments; and incidents that somebody reported.
//! Nothing else of what the simulation knows.

use kernel::units::Instant;
use model::compiled_plan::CompiledPlan;
use model::domain_event::{DomainEvent, Drop};
use model::organisation::Organisation;
use model::replication::Observer;
use model::work::{Item, ItemId, Role};
use std::collections::BTreeMap;

/// How an item ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Done,
    Dropped,
}

impl End {
    /// What the column of what ended so is called.
    pub fn column(self) -> &'static str {
        match self {
            End::Done => "Done",
            End::Dropped => "Cancelled",
        }
    }
}

/// An item as a tracker has it. Times are working hours since the replication began.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackedItem {
    pub item: u64,
    pub kind: String,
    pub team: String,
    pub created: f64,
    /// When anybody first worked on it.
    pub started: Option<f64>,
    /// Nothing where it is open.
    pub ended: Option<(f64, End)>,
    /// The running number of its initiative.
    pub parent: Option<u32>,
    /// Whoever had it last.
    pub person: Option<u32>,
    /// How it moved since it was begun, in order.
    pub moves: Vec<TrackedMove>,
}

/// A card's move into a column of a stage: one where it waits, or one where it is worked on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackedMove {
    pub at: f64,
    /// Its place among [`Tracked::stages`].
    pub stage: usize,
    pub is_waiting: bool,
}

/// An incident as a tool for incidents has it. Times are working hours since the replication began.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackedIncident {
    pub opened: f64,
    /// Nothing where it lasts.
    pub recovered: Option<f64>,
    /// The deployment that brought it about.
    pub deployed: Option<f64>,
}

/// All that is held.
#[derive(Clone, Debug, Default)]
pub struct Tracked {
    /// In the order of creation.
    pub items: Vec<TrackedItem>,
    /// When something went live, in working hours.
    pub deployments: Vec<f64>,
    pub incidents: Vec<TrackedIncident>,
    /// What the stages are called.
    pub stages: Vec<String>,
}

/// What the column before all stages is called.
pub const TO_DO: &str = "To Do";

/// What the columns of a stage are called: the one where its items wait, and the one where they are worked on.
pub fn columns(stage: &str) -> [String; 2] {
    [format!("{stage}: waiting"), format!("{stage}: in progress")]
}

/// Collects it.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    /// By their keys, which are in the order of coming only for those of one kind.
    seen: BTreeMap<u64, TrackedItem>,
    /// Initiatives by their place and when they came: a place is used again once its initiative is gone.
    initiatives: BTreeMap<(usize, Instant), u32>,
    deployments: Vec<Instant>,
    incidents: Vec<TrackedIncident>,
    /// Where open incidents stand among all, by their numbers: a number is used again once its incident is over.
    open: BTreeMap<u32, usize>,
    /// What has left a stage, and when: where it came to is known when the next thing happens.
    left: Vec<(ItemId, Instant)>,
    stages: Vec<String>,
}

impl Tracker {
    /// What was collected.
    pub fn tracked(self) -> Tracked {
        let mut items: Vec<TrackedItem> = self.seen.into_values().collect();
        items.sort_by(|a, b| a.created.total_cmp(&b.created).then(a.item.cmp(&b.item)));
        let deployments = self.deployments.into_iter().map(Instant::hours).collect();
        Tracked { items, deployments, incidents: self.incidents, stages: self.stages }
    }

    /// Takes down into which column an item has come. Nothing stays in a column for no time at all: what is turned to as it
    /// comes has not waited.
    fn moved(&mut self, item: &Item, at: Instant, is_waiting: bool, plan: &CompiledPlan) {
        let Some(known) = self.seen.get_mut(&item.key.0).filter(|_| item.pulled.is_some()) else { return };
        let name = &plan.stages[item.stage.at()].name;
        let stage = self.stages.iter().position(|stage| stage == name).unwrap_or_else(|| {
            self.stages.push(name.clone());
            self.stages.len() - 1
        });
        let next = TrackedMove { at: at.hours(), stage, is_waiting };
        if known.moves.last().is_some_and(|last| last.at == next.at) {
            known.moves.pop();
        }
        let is_there = |last: &TrackedMove| (last.stage, last.is_waiting) == (next.stage, next.is_waiting);
        if !known.moves.last().is_some_and(is_there) {
            known.moves.push(next);
        }
    }

    /// Follows cards: whatever left a stage before this domain event stands at its next one by now, or is over.
    fn follow(&mut self, now: Instant, event: &DomainEvent, org: &Organisation, plan: &CompiledPlan) {
        for (id, at) in std::mem::take(&mut self.left) {
            let is_over = matches!(*event, DomainEvent::Done { item } if item == id);
            if let Some(item) = org.items.get(id).filter(|_| !is_over) {
                self.moved(item, at, true, plan);
            }
        }
        let (id, is_waiting) = match *event {
            DomainEvent::Pulled { item }
            | DomainEvent::Began { item, .. }
            | DomainEvent::Served { item, .. } => (item, false),
            DomainEvent::Returned { item, .. } => (item, true),
            DomainEvent::Left { item, .. } => return self.left.push((item, now)),
            _ => return,
        };
        if let Some(item) = org.items.get(id) {
            self.moved(item, now, is_waiting, plan);
        }
    }

    /// Takes down a deployment, or an incident's begin or end.
    fn operate(&mut self, now: Instant, event: &DomainEvent) {
        match *event {
            DomainEvent::Deployed { leads: true, .. } => self.deployments.push(now),
            DomainEvent::Opened { incident, .. } => {
                // A change fails as it goes live; whatever else fails does so at another instant.
                let deployed = self.deployments.last().filter(|last| **last == now).map(|last| last.hours());
                self.open.insert(incident, self.incidents.len());
                self.incidents.push(TrackedIncident { opened: now.hours(), recovered: None, deployed });
            }
            DomainEvent::Recovered { incident, .. } => {
                if let Some(at) = self.open.remove(&incident) {
                    self.incidents[at].recovered = Some(now.hours());
                }
            }
            _ => {}
        }
    }

    /// What is known of an item, brought up to date.
    fn see(&mut self, item: &Item, org: &Organisation, plan: &CompiledPlan) -> &mut TrackedItem {
        let known = self.seen.entry(item.key.0).or_insert_with(|| TrackedItem {
            item: item.key.0,
            kind: plan.kinds[item.kind.at()].name.clone(),
            team: plan.teams[item.team.at()].name.clone(),
            created: item.born.hours(),
            started: None,
            ended: None,
            parent: None,
            person: None,
            moves: Vec::new(),
        });
        if known.parent.is_none()
            && let Some(id) = item.initiative
            && let Some(initiative) = org.initiatives.get(id)
        {
            let next = self.initiatives.len() as u32;
            known.parent = Some(*self.initiatives.entry((id.at(), initiative.born)).or_insert(next));
        }
        known.started = item.pulled.map(Instant::hours);
        known.person = item.owner.map(|person| person.0).or(known.person);
        known
    }

    /// Takes down what a domain event changes of an item but its column.
    fn touch(&mut self, now: Instant, event: &DomainEvent, org: &Organisation, plan: &CompiledPlan) {
        let Some((id, person, end)) = touched(event) else { return };
        let Some(item) = org.items.get(id).filter(|item| item.role == Role::Work) else { return };
        if matches!(event, DomainEvent::Dropped { why: Drop::Refused, .. }) && item.born == now {
            // Nobody writes down what is turned away at the door.
            self.seen.remove(&item.key.0);
            return;
        }
        let known = self.see(item, org, plan);
        known.person = person.or(known.person);
        if let Some(end) = end {
            known.ended = Some((now.hours(), end));
        }
    }
}

/// The item that a domain event changes in a tracker; who took it up, and how it ended.
fn touched(event: &DomainEvent) -> Option<(ItemId, Option<u32>, Option<End>)> {
    match *event {
        DomainEvent::Arrived { item } | DomainEvent::Pulled { item } => Some((item, None, None)),
        DomainEvent::Began { item, person, .. } => Some((item, Some(person.0), None)),
        DomainEvent::Done { item } => Some((item, None, Some(End::Done))),
        DomainEvent::Dropped { item, .. } => Some((item, None, Some(End::Dropped))),
        _ => None,
    }
}

impl Observer for Tracker {
    fn on_event(&mut self, now: Instant, event: &DomainEvent, org: &Organisation, plan: &CompiledPlan) {
        self.operate(now, event);
        self.touch(now, event, org, plan);
        self.follow(now, event, org, plan);
    }
}
