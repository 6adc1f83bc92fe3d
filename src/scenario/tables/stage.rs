//! Stages of work, as written.

use model::mechanisms::coding::ThresholdTable;
use model::mechanisms::verification::MachineTable;
use model::mechanisms::{dependencies, release, review};
use notation::{DurationDistribution, Limit, Ratio, Share};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stage: exactly one of `team`, `review`, `machine`, `gate` (or `board`, `approver`, `chain`),
/// `release` and `parts` says who holds the work there.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StageTable {
    /// A team works on it: its name, or "own" for the item's own team. Structural.
    pub team: Option<String>,
    /// A colleague in the item's team reads it.
    pub review: Option<review::Table>,
    /// A machine runs; nobody's hours are used.
    pub machine: Option<MachineTable>,
    /// A board, approver or chain approves it; "none" lets everything pass. Overrules `board`,
    /// `approver` and `chain`. Takes effect at the next stage.
    pub gate: Option<String>,
    /// A board approves it.
    pub board: Option<String>,
    /// An approver approves it.
    pub approver: Option<String>,
    /// A chain approves it.
    pub chain: Option<String>,
    /// It goes to production.
    pub release: Option<release::Table>,
    /// It waits for parts that others make, or for the item before it.
    pub parts: Option<dependencies::Table>,
    /// Nominal work it takes. Takes effect at the next stage.
    pub effort: Option<DurationDistribution>,
    /// Nominal work it takes, as a share of the item's size. Takes effect at the next stage.
    pub effort_share: Option<Share>,
    /// How it may send work back. Takes effect at the next verdict.
    pub failure: Option<FailureTable>,
    /// Work goes back to whoever owns it, rather than to the team's line. Takes effect at the next stage.
    pub sticky: bool,
    /// The part of an item's fuzziness that work here takes away. The effort here is then what is
    /// written times the item's fuzziness. Takes effect at the next stage.
    pub clarifies: Option<Share>,
    /// Fuzziness up to which an item passes here at once, as it is: it still waits in the same line,
    /// so that what is clear does not go before what is worth more. Takes effect at the next stage.
    #[schemars(extend("x-plain" = "fuzziness that is clear enough"))]
    pub clear_enough: Option<Share>,
    /// Code is written here: debt and builds act, and an author is remembered. Structural.
    pub code: bool,
    /// The most items that may be worked on or finished here: one takes its place when work on it begins and keeps it
    /// until the next stage takes it. What waits to be begun waits where it was before. Takes effect at once.
    pub slots: Limit,
    /// The most items that may be here, those that wait to be begun included: a column of a Kanban board with its
    /// limit. One takes its place on entry and keeps it until the next stage takes it; what finds the column full
    /// waits where it was before. Entering the first column of its route, an item is committed to. What is sent back
    /// here comes in whatever the limit. In place of `slots`. Takes effect at once.
    pub column: Limit,
    /// How long an item waits here, from the moment it comes, until somebody or something turns to it, before it gives
    /// up and is gone; `work.*.patience` is for the time until it is begun at all. Takes effect at the next stage.
    pub patience: Option<DurationDistribution>,
    /// The team starts here only when enough has gathered. Takes effect at the next item that comes, and at once
    /// where enough has gathered by it.
    pub threshold: Option<ThresholdTable>,
    /// Several people on one item at once: pairing, swarming.
    pub crew: Option<CrewTable>,
    /// The items it applies to; the others pass it by. Takes effect at the next stage.
    pub applies_to: Option<AppliesTable>,
}

/// Several people on one item: whoever starts it is joined by colleagues who are free at that moment.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrewTable {
    /// Speed of 1, 2, 3 … people against that of one: ["100%", "180%"] lets two work together. Takes effect at the
    /// next stage of work.
    pub speed: Vec<Ratio>,
}

fn none() -> Share {
    Share::of(0.0).expect("a share")
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FailureTable {
    /// Chance that a visit ends in being sent back.
    pub probability: Share,
    /// The most of what would fail in production that is found out here and sent back, however long it takes.
    #[serde(default = "none")]
    pub catches: Share,
    /// The effort, as a share of the item's size, at which half of that is found; left out, all of it is found
    /// whatever the effort, as by a machine.
    #[serde(default)]
    pub half_effort: Option<Share>,
    /// The stage it is sent back to; left out, this one.
    #[serde(default)]
    pub back_to: Option<String>,
    /// What it takes the next time.
    #[serde(default)]
    pub effort: RedoTable,
    /// Whether it goes to the front of the line.
    #[serde(default)]
    pub first: bool,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RedoTable {
    /// Effort is drawn anew.
    #[default]
    Fresh,
    /// The same effort again.
    Same,
    /// A share of the same effort.
    Share(Share),
}

/// Which items a stage applies to.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppliesTable {
    /// "type 1" (irreversible) or "type 2" (reversible), as the team judges it; "none" for no item.
    #[serde(default)]
    pub decision: Option<DecisionName>,
    /// Kinds of work.
    #[serde(default)]
    pub work: Option<Vec<String>>,
    /// Only items fuzzier than this.
    #[serde(default)]
    pub fuzzier: Option<Share>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum DecisionName {
    /// Irreversible, as the team judges it.
    #[serde(rename = "type 1")]
    Type1,
    /// Reversible, as the team judges it.
    #[serde(rename = "type 2")]
    Type2,
    /// Every item, whatever is decided in it.
    #[serde(rename = "any")]
    Any,
    /// No item at all.
    #[serde(rename = "none")]
    None,
}
