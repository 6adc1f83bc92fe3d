//! The scenario as written: one type per table, from which the JSON schema is made.
//!
//! Every field that may be left out has the plainest meaning when it is: no limit, no failure, no
//! mechanism. What an organisation is like by default stands in a preset, which is a file.

mod best;
pub mod claim;
mod measure;
mod staffing;
mod stage;
mod team;
mod value;
mod work;

pub use best::{BestTable, LeverTable};
pub use claim::{ClaimDirection, ClaimTable, ClaimTables};
pub use measure::MeasureTable;
pub use staffing::{LeaveTable, ToolingShares};
pub use stage::{AppliesTable, CrewTable, DecisionName, FailureTable, RedoTable, StageTable};
pub use team::{CodeTable, InitiativesTable, PartTimeTable, ShareTable, TeamTable, WipTable};
pub use value::{ValueModel, ValueTable};
pub use work::{PreemptionTable, StepTable, WhenFull, WorkTable};

use super::schema::Free;
use model::mechanisms::approval::{ApproverTable, BoardTable, ChainTable};
use model::mechanisms::{Tables, leadership};
use notation::{CalendarDay, DurationDistribution, Number, Share, Span, WorkCalendar};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A whole scenario.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What the scenario asks, in a line.
    #[serde(default)]
    pub title: String,
    /// More about it, for whoever reads the file.
    #[serde(default)]
    pub description: String,
    /// The day on which policies part: charts over time then have dates in place of months. It changes no number.
    #[serde(default)]
    pub start: Option<CalendarDay>,
    /// How long each replication is watched after the fork.
    #[serde(default = "one_year")]
    pub horizon: Span,
    /// How long every replication runs under the baseline before policies part: a span, "none", or
    /// "own" (each policy has a past of its own, for long-run questions).
    #[serde(default)]
    #[schemars(extend("default" = "none"))]
    pub past: Past,
    /// What ends a replication before its horizon: "empty" (no work is left), or a number of items done in the
    /// window.
    #[serde(default)]
    pub stop: Option<StopTable>,
    /// Time after the fork that is simulated but not measured.
    #[serde(default = "no_time")]
    pub warmup: Span,
    /// How long each replication goes on after its window, with every policy back at the baseline's settings: what a policy leaves
    /// behind, such as its debt, shows in what the run-off returns. Simulated by `compare` and `claims`, in the first 60 replications.
    #[serde(default)]
    pub run_off: Option<Span>,
    /// Replications per policy.
    #[serde(default = "hundred")]
    #[schemars(range(min = 1, max = 10_000_000))]
    pub replications: u32,
    /// The seed of all random numbers.
    #[serde(default = "seed")]
    #[schemars(range(min = 0))]
    pub seed: u64,
    /// The metric a policy is judged by.
    #[serde(default = "value")]
    pub objective: String,
    /// Metrics that a policy must not hurt.
    #[serde(default)]
    pub guardrails: Vec<String>,
    /// What is measured beside what always is.
    #[serde(default)]
    pub measure: MeasureTable,
    #[serde(default)]
    pub judge: JudgeTable,
    /// How working time adds up: hours in a day, days in a week, a month, a quarter and a year.
    #[serde(default)]
    pub clock: WorkCalendar,
    /// Teams, each with a name.
    #[serde(default)]
    pub team: Vec<TeamTable>,
    /// Kinds of work, by name.
    #[serde(default)]
    pub work: BTreeMap<String, WorkTable>,
    /// Stages of work, by name.
    #[serde(default)]
    pub stage: BTreeMap<String, StageTable>,
    /// Limits on the items between several stages, by name.
    #[serde(default)]
    pub limit: BTreeMap<String, LimitTable>,
    /// Boards that approve, by name.
    #[serde(default)]
    pub board: BTreeMap<String, BoardTable>,
    /// Leaders who approve, by name.
    #[serde(default)]
    pub approver: BTreeMap<String, ApproverTable>,
    /// Chains of boards and approvers, by name.
    #[serde(default)]
    pub chain: BTreeMap<String, ChainTable>,
    #[serde(default)]
    pub switching: SwitchingTable,
    #[serde(default)]
    pub value: Option<ValueTable>,
    #[serde(default)]
    pub failure: model::risk::Table,
    /// Leaders, by name: hours for clarity, decisions, systems, people and code.
    #[serde(default)]
    pub leader: BTreeMap<String, leadership::Table>,
    /// What mechanisms own, by the keys in their register.
    #[serde(flatten)]
    pub mechanisms: Tables,
    /// The most items of work that may be open at once before a replication is stopped.
    #[serde(default = "hundred_thousand")]
    #[schemars(range(min = 1, max = 10_000_000))]
    pub population_limit: u64,
    /// Named changes to the scenario: `"team.*.share.health" = "25%"`.
    #[serde(default)]
    pub policy: BTreeMap<String, Free>,
    /// Where numbers come from: for a path, its source, tier, range and how the range is drawn from.
    #[serde(default)]
    pub evidence: BTreeMap<String, EvidenceTable>,
    /// What an organisation like this one is seen to do: for a metric, its range and source. A drawn
    /// organisation whose past leaves these is set aside.
    #[serde(default)]
    pub plausible: BTreeMap<String, PlausibleTable>,
    /// Joint draws of fitted numbers, which plausible organisations take row by row.
    #[serde(default)]
    pub posterior: Option<PosteriorTable>,
    /// Items that are open today: where policies part, they take the place of all work that is open in the simulated past.
    #[serde(default)]
    pub open: Option<OpenTable>,
    #[serde(default)]
    pub sweep: Option<SweepTable>,
    /// Levers that `orgsim best` mixes, and what a mix may cost.
    #[serde(default)]
    pub best: Option<BestTable>,
    /// Claims that the policies put to the test: [claim] for one, [[claim]] for several.
    #[serde(default)]
    pub claim: ClaimTables,
}

fn one_year() -> Span {
    Span::new(1.0, notation::Unit::Year).expect("a year is a span")
}
fn no_time() -> Span {
    Span::new(0.0, notation::Unit::Day).expect("no days are a span")
}
fn hundred() -> u32 {
    100
}
fn seed() -> u64 {
    42
}
fn hundred_thousand() -> u64 {
    100_000
}
fn value() -> String {
    "value".to_owned()
}

/// The time before policies part.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Past {
    /// Replications start empty.
    #[default]
    None,
    /// A common past of this length, run under the baseline.
    Common(Span),
    /// Each policy runs its own past of a year, on the same random numbers.
    Own,
}

impl<'de> Deserialize<'de> for Past {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        match text.as_str() {
            "none" => Ok(Past::None),
            "own" => Ok(Past::Own),
            span => span.parse().map(Past::Common).map_err(serde::de::Error::custom),
        }
    }
}

impl JsonSchema for Past {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Past".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "a span such as \"1 year\", or \"none\", or \"own\"" })
    }
}

/// What ends a replication before its horizon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StopTable {
    /// No work is left.
    Empty,
    /// This many items were finished in the window.
    Items(u32),
}

/// How differences are judged.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JudgeTable {
    /// The smallest relative difference that matters.
    pub smallest_difference: Share,
    /// The level of confidence of all intervals of the declared family together.
    pub level: Share,
    /// Whether the chance variation of gaps, sizes and values, whose mean is known, is taken out of differences (control
    /// variates): narrower intervals from the same replications; what it gained is told.
    pub control_variates: bool,
}

impl Default for JudgeTable {
    fn default() -> Self {
        let share = |fraction| Share::of(fraction).expect("a share");
        JudgeTable { smallest_difference: share(0.05), level: share(0.95), control_variates: false }
    }
}

/// A limit on the items between several stages: from the start of the first to the end of the last.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitTable {
    /// The stages the limit spans.
    pub stages: Vec<String>,
    /// The most items that may be inside. Takes effect at once.
    #[schemars(range(min = 1))]
    #[schemars(extend("x-plain" = "limit on work in progress"))]
    pub items: u32,
}

/// What several items on one desk cost.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SwitchingTable {
    /// The share of attention that reaches the work when 1, 2, 3 … items are on the desk; the last
    /// holds for more. Or "none", "weinberg" (CS-1) or "resumption".
    pub efficiency: EfficiencyTable,
    /// Work lost when something is taken up again after an interruption.
    pub resumption: Option<DurationDistribution>,
    /// Work that comes on top where the work that somebody takes up belongs to another initiative than what they took up
    /// last. Takes effect when work is next taken up.
    #[schemars(extend("x-plain" = "work to get into another initiative"))]
    pub initiative: Option<DurationDistribution>,
    /// With "resumption": how often a day each of several items calls its owner back.
    pub returns_per_day: Option<Number>,
}

/// φ(k), by name or as a table.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EfficiencyTable {
    /// Switching costs nothing.
    #[default]
    None,
    /// Weinberg's rule of thumb: 1, .8, .6, .4, .25 (CS-1).
    Weinberg,
    /// Each item on the desk calls its owner back some times a day, at the mean resumption cost.
    Resumption,
    /// The shares themselves.
    Table(Vec<Share>),
}

/// Where a number comes from.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceTable {
    /// Ids of the evidence, or "assumed".
    pub source: String,
    /// "measured", "fitted", "study", "survey", "practice" or "assumed".
    pub tier: String,
    /// What is plausible: two ends, or the choices.
    #[serde(default)]
    pub range: Option<Free>,
    /// How plausible organisations draw it: "uniform", "log-uniform" or "choice".
    #[serde(default)]
    pub draw: Option<String>,
    /// Where it matters at all: { "switching.efficiency" = "resumption" }. Elsewhere it is not drawn.
    #[serde(default)]
    pub when: BTreeMap<String, Free>,
    /// Between which ratios to another number it stays when organisations are drawn: { "value.half_life" = [0.04, 0.2] }.
    /// The range that is left is drawn from; where none is, the end that is nearest is taken.
    #[serde(default)]
    pub ratio_to: BTreeMap<String, [f64; 2]>,
    /// A figure of `[plausible]` to which this number is inversely proportional, and which it has no other effect on: where
    /// an organisation leaves it, the number is drawn again from what of its range keeps it.
    #[serde(default)]
    pub keeps: Option<String>,
    /// What else to know about it.
    #[serde(default)]
    pub note: Option<String>,
}

/// What a metric is seen to be, over a year of the common past.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlausibleTable {
    /// Two ends, in the metric's unit.
    pub range: [f64; 2],
    /// Ids of the evidence.
    pub source: String,
}

/// Numbers that were fitted together, as `orgsim fit` writes them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PosteriorTable {
    /// A CSV file beside the scenario: a path each column, an organisation each row. `compare` and `robust` draw its rows, and
    /// all other numbers from their ranges.
    pub file: String,
}

/// What is open today in a real organisation, as `orgsim fit` writes it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenTable {
    /// A CSV file beside the scenario with an open item each row: `kind` names a kind of work, `created` and `started` say how
    /// many working days ago that was, and `started` is empty where the item is not begun. `team` may be left out where there is
    /// one, and `initiative`, a number, where nothing is known to belong together. An item that is begun has part of its size
    /// left, any part being as likely. A fact. Takes effect at the fork.
    pub file: String,
}

/// A sweep: every combination of some values of some paths.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SweepTable {
    /// For each path, its values: a list, or a range such as "0%..50%:5%".
    pub vary: BTreeMap<String, Free>,
    /// Whether points differ as policies (a common past) or as organisations (each with a past of its own).
    #[serde(default)]
    pub axis: SweepAxis,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SweepAxis {
    /// Points share the baseline's past and demand, as policies do.
    #[default]
    Policy,
    /// Each point has a past and a demand of its own.
    World,
}
