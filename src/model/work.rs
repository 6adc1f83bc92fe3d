//! An item of work: where it comes from, what it takes, and how far it has come.

use super::cause::{Cause, Ledger, Slowness};
use super::column::Column;
use super::compiled_plan::CompiledPlan;
use super::initiative::InitiativeId;
use super::mechanisms::{Mechanisms, OnItem};
use super::migration::Migration;
use super::risk::Faults;
use super::worth::Urgency;
use kernel::math;
use kernel::slab::Id;
use kernel::streams::Key;
use kernel::units::{ComponentId, GateId, Instant, KindId, LineId, PersonId, StageId, TeamId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub type ItemId = Id<Item>;

/// The longest route a kind of work may have; also the number of steps whose visits an item counts.
pub const ROUTE_STEPS: usize = 16;

/// What hours are charged to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Class {
    /// Planned work: features.
    #[default]
    Feature = 0,
    /// Planned work on the system itself: paying back debt.
    Health = 1,
    /// Work that nobody planned: bugs, corrections, incidents.
    // Deployments and approvals too. It comes first and is outside the shares.
    Unplanned = 2,
}

pub const CLASSES: usize = 3;

/// Why an item exists: most are work in their own right, some serve another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Work that was asked for.
    Work,
    /// An approver's hearing of another item, for a gate.
    Hearing { of: ItemId, gate: GateId, case: u32 },
    /// A part of another item, which waits for it.
    Part { of: ItemId },
    /// The manual part of a train's departure, which the release mechanism knows.
    Departure(Id<Batch>),
}

/// What departs together.
pub type Batch = Vec<ItemId>;

/// An item of work.
#[derive(Clone, Debug)]
pub struct Item {
    pub key: Key,
    pub kind: KindId,
    pub role: Role,
    pub class: Class,
    pub team: TeamId,
    pub component: Option<ComponentId>,
    pub initiative: Option<InitiativeId>,
    /// Which of its initiative's items it is, in the order of coming.
    pub(super) nth: u32,
    /// Its row in its kind's script, where it was scripted.
    pub row: Option<u32>,
    /// Its number among all that there are, outlined ones too, given again once it is gone: ties go by it.
    pub(super) place: u32,
    /// Hours of nominal work the whole item is drawn to take; stages take shares of it.
    pub size_hours: f64,
    /// What it returns once live, in engineer-hours an hour, under each of the three value models.
    pub value_rates: [f32; 3],
    /// What the team believes that rate and the size to be when it ranks its backlog; a size of 1 where none is drawn.
    pub estimated_rate: f32,
    pub estimated_hours: f32,
    pub urgency: Urgency,
    /// Log-odds added to the chance that its deployment fails, or the logarithm of how many times the faults it has
    /// where those grow with size: everybody's to add to, as its speed is.
    pub risk: f64,
    /// Faults of its next deployment that somebody has found: they are put right before it goes there.
    pub fixed: Faults,
    /// What each mechanism keeps of it.
    pub own: OnItem,

    pub born: Instant,
    /// When it was committed to: its initiative was begun, it entered the first column of its route, or it was begun.
    pub committed: Option<Instant>,
    /// When it was begun: somebody or something first served it.
    pub pulled: Option<Instant>,
    /// When people first took it for theirs; until then it is new work to them, whatever else served it.
    pub taken: Option<Instant>,
    /// When work on a stage that writes code first began.
    pub coded: Option<Instant>,
    pub ledger: Ledger,
    /// When it came to its present stage.
    pub entered: Instant,

    /// Its place on its route.
    pub step: u8,
    pub stage: StageId,
    /// How often it has come to each step of its route before: passed it, passed it by, been sent back from it, begun
    /// it anew after a reorganisation. Draws are addressed by it, so it must not wrap: 2³² visits, at a tick each at
    /// the least, are half a year of visiting and nothing else.
    pub visits: [u32; ROUTE_STEPS],
    /// Bit s set: it has been held at step s of its route and has left it.
    pub held: u16,
    /// Which of the passes of its present stage this step of its route is; see [`Item::pass`].
    pub lap: u32,
    /// How often it has been deployed.
    pub deployments: u32,
    /// How many reorganisations it has run through.
    pub moves: u32,
    /// Whoever pulled it last, and keeps it in mind; [`Organisation::owner`] leaves out who has left.
    ///
    /// [`Organisation::owner`]: super::organisation::Organisation::owner
    pub owner: Option<PersonId>,
    /// Whoever has it on the desk.
    pub holder: Option<PersonId>,
    /// Who wrote it: not the one to review it.
    pub author: Option<PersonId>,
    /// Nominal ticks of work left at this stage.
    pub remaining_work: f64,
    /// Ticks that somebody will still fetch what the work needs, however fast they are at it. It lies here, beside the
    /// work that is left, because the desk counts down both at once: no mechanism could keep it without the desk's
    /// telling it each time work is laid down.
    pub fetching: f64,
    /// Nominal ticks this stage asked for, before any work was done.
    pub service_demand: f64,
    /// It is dropped, and gone once everyone has noticed.
    pub(super) is_dropped: bool,
    /// How often somebody has begun to work on it since it came to its present stage.
    pub touches: u32,
    /// The share of a stage's effort the next visit takes, when it is sent back for a part.
    pub redo: Option<f32>,
    pub slowness: Slowness,
    pub speed: f64,
    /// How often work on it has been interrupted: addresses what is lost each time.
    pub interruptions: u32,
    /// Marks its valid ticket in a waiting line: a line's older tickets are stale. Odd while it has one.
    pub version: u32,
    /// The line its ticket is in; none at a door.
    pub(super) line: Option<LineId>,
    /// The stage whose slot it keeps until another takes it.
    pub slot: Option<StageId>,
    /// Bit g set: it is inside limit group g.
    pub groups: u64,
    pub front: bool,
    /// Set aside for more urgent work, so that limits on what was begun don't count it.
    pub is_aside: bool,
    /// It was begun in slack, beyond what was planned.
    pub(super) is_extra: bool,
    /// Hours on it, as it lies on a desk or comes to one, are those of slack.
    pub in_slack: bool,
    /// It has a seat of its initiative, until it is built.
    pub(super) is_seated: bool,
    /// It waits for such a seat, and stands in no line.
    pub(super) is_held: bool,
    /// People have written its code, once at least.
    pub(super) is_built: bool,
    /// It was under way when the organisation of today began: whoever takes it takes up nothing new.
    pub(super) goes_on: bool,
    /// Whether it comes to its first stage just now, and may be an outline still.
    pub(super) coming: Coming,
}

/// Whether an item is there, or finds out on its way to its first stage whether it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coming {
    Here,
    OnTrial,
    /// Another of its initiative stands for it.
    Outlined,
}

impl Item {
    /// A new item of this kind, not yet anywhere on its route.
    #[inline(always)] // to be made where it lies
    pub fn new(key: Key, kind: KindId, class: Class, team: TeamId, now: Instant) -> Item {
        Item {
            key,
            kind,
            role: Role::Work,
            class,
            team,
            component: None,
            initiative: None,
            nth: 0,
            row: None,
            place: 0,
            size_hours: 0.0,
            value_rates: [0.0; 3],
            estimated_rate: 0.0,
            estimated_hours: 1.0,
            urgency: Urgency::none(now),
            risk: 0.0,
            fixed: 0,
            own: OnItem::default(),
            born: now,
            committed: None,
            pulled: None,
            taken: None,
            coded: None,
            ledger: Ledger::open(now),
            entered: now,
            step: 0,
            stage: StageId(0),
            visits: [0; ROUTE_STEPS],
            held: 0,
            lap: 0,
            deployments: 0,
            moves: 0,
            owner: None,
            holder: None,
            author: None,
            remaining_work: 0.0,
            fetching: 0.0,
            service_demand: 0.0,
            is_dropped: false,
            touches: 0,
            redo: None,
            slowness: Slowness::NONE,
            speed: 1.0,
            interruptions: 0,
            version: 0,
            line: None,
            slot: None,
            groups: 0,
            front: false,
            is_aside: false,
            is_extra: false,
            in_slack: false,
            is_seated: false,
            is_held: false,
            is_built: false,
            goes_on: false,
            coming: Coming::Here,
        }
    }

    /// Whether somebody begins to write its code just now, for the first time ever: not when it is taken up again,
    /// sent back, or comes to another stage that writes code.
    #[inline]
    pub fn is_first_coded(&self, now: Instant) -> bool {
        self.touches == 1 && self.coded == Some(now)
    }

    /// Whether it returns its value once live.
    #[inline]
    pub fn returns(&self) -> bool {
        !Mechanisms::spoils(self)
    }

    /// Stands in a line from now on, under this stamp; whatever ticket it had is stale.
    #[inline]
    pub(super) fn take_ticket(&mut self) -> u32 {
        self.version = self.version.wrapping_add(1) | 1;
        self.version
    }

    /// Stands in no line any more.
    #[inline]
    pub(super) fn give_up_ticket(&mut self) {
        self.version = self.version.wrapping_add(self.version & 1);
    }

    #[inline]
    pub(super) fn has_ticket(&self) -> bool {
        self.version & 1 == 1
    }

    /// Work on it takes `factor` (at least 1) times as long, because of this cause.
    #[inline]
    pub fn slow(&mut self, cause: Cause, factor: f64) {
        self.speed /= factor;
        if factor > 1.0 {
            self.slowness.add(cause, factor, math::ln(factor));
        }
    }

    /// Work on it stops with so much attention left to give: what is left of the work, and of the fetching for it,
    /// shrink together.
    pub fn leave_off(&mut self, attention: f64) {
        let left = attention * self.speed;
        self.fetching *= (left / self.remaining_work).min(1.0);
        self.remaining_work = left;
    }

    /// It is taken off the desk half done, with so much attention left to give, and waits first in line.
    pub(super) fn lay_down(&mut self, attention: f64, now: Instant) {
        self.leave_off(attention.max(0.0));
        self.remaining_work = self.remaining_work.max(1.0);
        self.holder = None;
        self.front = true;
        self.in_slack = self.is_extra;
        self.ledger.turn_to(Cause::Queue, now);
    }

    /// The organisation has been reorganised: what it is and whose. Where it goes on is for its route to say.
    pub(super) fn follow(&mut self, migration: &Migration, old: &CompiledPlan, plan: &CompiledPlan) {
        let name = &old.kinds[self.kind.at()].name;
        self.kind = migration.kind(self.kind);
        self.row = self.row.filter(|_| plan.kinds[self.kind.at()].name == *name);
        self.team = migration.team(self.team);
        self.component = migration.component(self.component).or_else(|| {
            let own = plan.teams[self.team.at()].components.clone();
            (!own.is_empty()).then(|| ComponentId(own.start + self.place % (own.end - own.start)))
        });
        (self.slot, self.groups) = (None, 0);
        self.give_up_ticket();
        (self.is_seated, self.is_held) = (false, false);
        self.own.follow(migration);
    }

    /// What it waits for while nobody has begun it: to be committed to, or for its turn.
    #[inline]
    pub fn unbegun(&self) -> Cause {
        if self.committed.is_none() { Cause::Backlog } else { Cause::Turn }
    }

    /// What hands on it are booked as at present.
    #[inline]
    pub fn working(&self) -> Cause {
        if self.is_again() { Cause::Rework } else { Cause::Work }
    }

    /// Whether it has been at its present step before: what is done there is rework.
    #[inline]
    pub fn is_again(&self) -> bool {
        self.is_held_at(usize::from(self.step))
    }

    #[inline]
    pub fn is_held_at(&self, step: usize) -> bool {
        self.held >> step & 1 != 0
    }

    /// How often it has come to its present step before.
    #[inline]
    pub fn visit(&self) -> u64 {
        u64::from(self.visits[self.step as usize])
    }

    /// This pass of its present stage, among all that it ever makes: the visit of the step, and which of the steps
    /// that share this stage (or its gate) it is. 0 for the first visit of the first. Whatever is drawn about an item
    /// at a stage is addressed by it, since a stage may stand on a route twice and be returned to.
    #[inline]
    pub fn pass(&self) -> u64 {
        u64::from(self.lap) << 32 | self.visit()
    }

    /// The address of what is drawn about it at its present pass of the stage or gate at `key`.
    #[inline]
    pub fn pass_key(&self, key: u64) -> Key {
        self.key.nth(key).nth(self.visit()).pass(u64::from(self.lap))
    }

    /// The address of what is drawn about its next deployment, and about an incident that brings about.
    #[inline]
    pub fn change(&self) -> Key {
        self.key.pass(u64::from(self.deployments))
    }

    /// The address of what somebody finds who looks at its change: a stage or a gate, by its key. It is that of the change and
    /// not of the visit, so that whoever misses a fault misses it again; a stage that stands on its route again looks anew (`lap`).
    #[inline]
    pub fn seen_by(&self, who: u64, lap: u32) -> Key {
        self.change().nth(who).pass(u64::from(lap))
    }

    /// It has been deployed: the next deployment has faults of its own.
    #[inline]
    pub fn count_deployment(&mut self) {
        self.deployments += 1;
        self.fixed = 0;
    }

    /// It comes to a step of its route; `laps` are its kind's.
    #[inline]
    pub fn stand_at(&mut self, step: usize, laps: &[u32]) {
        self.step = step as u8;
        // One reorganisation carries visits over by the names of stages. Of two, the second may bring back stages
        // that the plan between had forgotten.
        let moves = if self.moves < 2 { 0 } else { self.moves << 8 };
        self.lap = laps[step] | moves;
    }

    /// It leaves a step, or passes it by (`held` is false).
    #[inline]
    pub fn count_visit(&mut self, step: usize, held: bool) {
        self.visits[step] = self.visits[step].wrapping_add(1);
        self.held |= u16::from(held) << step;
    }
}
