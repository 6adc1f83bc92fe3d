//! The organisation as planned: teams, kinds of work, stages and limits, checked and unit-typed.
//!
//! A plan never changes while a replication runs; a timeline whose policy changes swaps one plan for
//! another of the same shape.

use super::mechanisms::coding::Threshold;
use super::mechanisms::dependencies::Parts;
use super::mechanisms::release::Trains;
pub use super::mechanisms::review::PickUp;
use super::mechanisms::verification::Machine;
use super::mechanisms::{OnKind, OnStage};
use super::script::StageScript;
use super::slack::SlackPlan;
use super::staffing::Staffing;
use super::work::{Class, Item, ROUTE_STEPS};
use super::worth::{Values, Waiting, Worth};

use kernel::distribution::Distribution;
use kernel::units::{GateId, Instant, KindId, StageId, TeamId, Ticks};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// How the next item is chosen among those a team may pull.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Discipline {
    /// First come, first served.
    #[default]
    FirstCome,
    /// The newest first.
    LastCome,
    /// At random: at each pull any of those that wait may be next, all with the same chance.
    Random,
    /// The one believed shortest.
    Shortest,
    /// The one believed most valuable.
    Value,
    /// The greatest believed cost of delay divided by duration.
    Cd3,
    /// A random new favourite each week, the rest first come.
    Loudest,
}

impl Discipline {
    /// Where it puts what is believed to return so much an hour and to take so many hours: smaller comes first. Nought where
    /// it does not ask what is believed.
    #[inline]
    pub fn by_belief(self, rate: f64, hours: f64) -> f64 {
        match self {
            Discipline::Shortest => hours.max(0.0),
            Discipline::Value => -rate,
            Discipline::Cd3 => -rate / hours.max(1e-6),
            Discipline::FirstCome | Discipline::LastCome | Discipline::Random | Discipline::Loudest => 0.0,
        }
    }
}

/// How many initiatives a team may have begun and not finished.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InitiativeLimit {
    Fixed(u32),
    /// For each of its people, rounded; at least one.
    PerHead(f64),
}

impl InitiativeLimit {
    /// The limit of a team of so many people.
    #[inline]
    pub fn of(self, people: usize) -> u32 {
        match self {
            InitiativeLimit::Fixed(limit) => limit,
            InitiativeLimit::PerHead(each) => ((each * people as f64 + 0.5) as u32).max(1),
        }
    }
}

/// Limits on work in progress. `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Wip {
    /// Initiatives a team has begun and not finished.
    pub initiatives: Option<InitiativeLimit>,
    /// Items one person has pulled and that are not yet live.
    pub items: Option<u32>,
    /// Items the whole team has pulled and that are not yet live.
    pub team: Option<u32>,
    /// Items on a desk at which its owner stops pulling more.
    pub active: Option<u32>,
}

/// A team, or a leader: a team of one who hears petitions.
#[derive(Clone, Debug)]
pub struct TeamPlan {
    pub name: String,
    /// People it has at the start.
    pub engineers: u32,
    /// The part of the week that the first of them give; the others give all of it.
    pub part_time: Vec<f64>,
    pub is_leader: bool,
    pub kind: TeamKind,
    /// Components it owns, each as heavy as it weighs in mind.
    pub owns: f64,
    /// The share of working time its people have for work (the rest is meetings, mail, leave).
    pub attention: f64,
    /// −ln(attention), kept because every stretch of work needs it.
    pub elsewhere: f64,
    pub skill: Distribution,
    pub wip: Wip,
    /// Whether what is begun, by its people or of its initiatives, comes before what is new.
    pub finish_first: bool,
    /// What its people do when nothing planned may be started; `None`: the scenario states no order.
    pub slack: Option<SlackPlan>,
    /// Bits of its lines out of which work is pulled in the usual order; not of those that are for slack.
    pub usual: u128,
    /// Share of planned hours held for paying back debt; `None`: shares are not kept.
    pub health_share: Option<f64>,
    /// What a class may be owed at most: its share of the team's quarter.
    pub quarter: Ticks,
    pub discipline: Discipline,
    /// How hard leaders push, 0 (not at all) to 1.
    pub pressure: f64,
    pub staffing: Staffing,
    pub components: Range<u32>,
    pub lines: Range<u32>,
    /// Whether any limit can keep the team from starting what it has not had before.
    pub limits_entry: bool,
}

impl TeamPlan {
    /// People at the start, those who are there for a part of the week counted as that part.
    pub fn full_time(&self) -> f64 {
        f64::from(self.engineers) - self.part_time.iter().map(|share| 1.0 - share).sum::<f64>()
    }
}

/// What a team is there for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TeamKind {
    /// A stream of work from request to live.
    #[default]
    #[serde(rename = "stream-aligned")]
    Stream,
    /// What other teams would have to own themselves.
    Platform,
    /// What other teams can learn.
    Enabling,
    /// A part that takes rare skill.
    #[serde(rename = "complicated-subsystem")]
    Subsystem,
    /// A craft: frontend, backend, database.
    Function,
}

impl TeamKind {
    /// Whether its people do one craft only, and faster.
    pub fn is_craft(self) -> bool {
        matches!(self, TeamKind::Subsystem | TeamKind::Function)
    }

    /// Whether enabling teams come to such a team.
    pub fn is_visited(self, is_leader: bool) -> bool {
        !is_leader && !matches!(self, TeamKind::Platform | TeamKind::Enabling)
    }
}

/// What becomes of the work that a preempting item pushes off a desk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Preemption {
    /// It goes on where it stopped.
    Resume,
    /// It begins again, as long as before.
    Restart,
    /// It goes on where it stopped, and this many hours are lost.
    Penalty(f64),
}

/// One step of a route.
#[derive(Clone, Debug)]
pub enum Step {
    Stage(StageId),
    /// Passed with this chance, else skipped.
    Maybe(StageId, f64),
    /// One of several, by cumulative chance.
    OneOf(Vec<(f64, StageId)>),
}

/// A kind of work.
#[derive(Clone, Debug)]
pub struct KindPlan {
    pub name: String,
    pub class: Class,
    /// 0 comes first.
    pub priority: u8,
    pub preempts: Option<Preemption>,
    pub route: Vec<Step>,
    /// For each step, how many earlier ones share a stage, a gate or the waiting for parts with it: draws of the two
    /// must not have the same address. Worked out once the plan is whole.
    pub laps: Vec<u32>,
    /// Nominal hours of a whole item; stages may take shares of it.
    pub size: Option<Distribution>,
    /// The mean of that distribution.
    pub mean_hours: f64,
    /// What scripted items take at stages, where their rows say so.
    pub script: Option<StageScript>,
    /// What it says to each mechanism.
    pub own: OnKind,
    pub valued: bool,
    /// The most that may wait to be started, per team; more are refused.
    pub backlog_limit: Option<u32>,
    /// Whether an initiative that finds the backlog full takes the place of the least promising one.
    pub displaces: bool,
    /// How long an item waits to be started before it gives up.
    pub patience: Option<Distribution>,
    /// Whether it counts as a change in the DORA metrics.
    pub is_change: bool,
    /// Whether it counts as work that was asked for: in throughput, in lead times and in flow.
    pub is_headline: bool,
}

/// What an item takes at a stage.
#[derive(Clone, Debug)]
pub enum Effort {
    Drawn(Distribution),
    /// This share of the item's size.
    ShareOfSize(f64),
}

/// How a stage may send work back.
#[derive(Clone, Debug)]
pub struct Failure {
    pub probability: f64,
    /// The most of the chance that a fault is found here.
    pub catches: f64,
    /// The share of an item's size at which half of that is found; 0 where effort does not matter.
    pub half_effort: f64,
    pub back_to: StageId,
    pub redo: Redo,
    pub front: bool,
}

/// What work that is sent back takes the next time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Redo {
    Fresh,
    Same,
    Share(f32),
}

/// Who holds an item at a stage.
#[derive(Clone, Debug)]
pub enum Holder {
    /// A team works on it: the named one, or the item's own.
    Work { team: Option<TeamId> },
    /// A colleague reads it.
    Review { pick_up: PickUp },
    /// A machine runs; nobody's hours are used.
    Machine(Machine),
    /// A gate approves it.
    Gate(Option<GateId>),
    /// It goes to production.
    Release(Option<Trains>),
    /// It waits for parts that others make.
    Parts(Parts),
}

/// Which items a stage applies to, as far as no mechanism has a say in it; the others pass it by.
#[derive(Clone, Debug, Default)]
pub struct Applies {
    pub kinds: Option<Vec<KindId>>,
    pub never: bool,
}

/// A stage of work.
#[derive(Clone, Debug)]
pub struct StagePlan {
    pub name: String,
    /// The address of what is drawn here: made of its name, so that no other stage moves it.
    pub key: u64,
    pub holder: Holder,
    pub applies: Applies,
    /// Per kind.
    pub effort: Vec<Effort>,
    pub failure: Option<Failure>,
    /// Work goes back to whoever owned it rather than to the team's line.
    pub sticky: bool,
    /// Speed of 1, 2, … people on one item against that of one; one person where it is empty.
    pub crew: Vec<f64>,
    /// Code is written here: debt accrues and slows, and an author is remembered.
    pub writes_code: bool,
    /// What it says to each mechanism.
    pub own: OnStage,
    /// How long an item waits here to be begun before it gives up.
    pub patience: Option<Distribution>,
    /// The most items that may be here; a finished one keeps its slot until the next stage takes it. Where people
    /// work, one that waits for them has none yet.
    pub slots: Option<u32>,
    /// The most items that may be here, those that wait here included: a slot is had on entry. Then `slots` says the
    /// same number.
    pub column: Option<u32>,
    pub threshold: Option<Threshold>,
    /// Bit g set: the stage lies inside limit group g.
    pub groups: u64,
}

/// The most groups that may limit work in progress together.
pub const LIMIT_GROUPS: usize = 64;

/// A limit on the items between several stages (CONWIP).
#[derive(Clone, Debug)]
pub struct LimitPlan {
    pub name: String,
    pub items: u32,
}

/// A part of the code base.
#[derive(Clone, Debug)]
pub struct ComponentPlan {
    pub name: String,
    pub team: TeamId,
    /// Effort-hours already in it at the start.
    pub size_hours: f64,
    /// Principal per hour of size at the start.
    pub density: f64,
    /// Chance, among the team's components, that an item touches it; and the same summed up to it.
    pub traffic: f64,
    pub reached: f64,
}

/// What several items on one desk cost.
#[derive(Clone, Debug)]
pub struct Switching {
    /// φ(k), the part of attention that reaches the work when k items are on the desk, k = 1, 2, …
    /// The last entry holds for more.
    pub efficiency: Vec<f64>,
    /// Hours of work lost when work is taken up again after an interruption.
    pub resumption: Option<Distribution>,
}

impl Switching {
    #[inline]
    pub fn phi(&self, items: usize) -> f64 {
        self.efficiency[items.min(self.efficiency.len()) - 1]
    }
}

/// How the value of an item is drawn.
#[derive(Clone, Debug)]
pub struct ValuePlan {
    /// The model that disciplines rank by: 0 equal, 1 in proportion to effort, 2 heavy-tailed.
    pub model: usize,
    /// Engineer-hours returned a working hour, by an item of mean size.
    pub mean_rate: f64,
    pub mean_hours: f64,
    /// Standard deviation of the logarithm in the heavy-tailed model.
    pub tail_sigma: f64,
    /// Standard deviation of the logarithm of believed over true value, and of believed over true size.
    pub value_error: f64,
    pub size_error: f64,
    /// The share of an initiative's value that comes only when all of it is live.
    pub at_completion: f64,
    pub worth: Worth,
    pub waiting: Waiting,
    /// What is live when policies part, as a share of what would be in balance with what the past released.
    pub product: f64,
}

impl ValuePlan {
    /// The mean rate, under the model that disciplines rank by, of items of a kind with this mean size.
    pub fn mean_rate_of(&self, mean_hours: f64) -> f64 {
        let by_effort = self.model == 1 && self.mean_hours > 0.0;
        self.mean_rate * if by_effort { mean_hours / self.mean_hours } else { 1.0 }
    }

    /// What an item that goes live now earns an hour: at once, and once its whole initiative is live.
    pub fn rates_of(&self, item: &Item, now: Instant) -> [Values; 2] {
        let withheld = if item.initiative.is_some() { self.at_completion } else { 0.0 };
        let left = self.waiting.left(&item.urgency, now);
        [1.0 - withheld, withheld].map(|part| item.value_rates.map(|rate| part * left * f64::from(rate)))
    }
}

const _: () = assert!(ROUTE_STEPS <= u8::MAX as usize);
