//! Stages of work, as written.

use notation::{Law, Limit, NumberLaw, Ratio, Share, Span};
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
    pub review: Option<ReviewTable>,
    /// A machine runs; nobody's hours are used.
    pub machine: Option<MachineTable>,
    /// A board, approver or chain approves it; "none" lets everything pass. Overrules `board`,
    /// `approver` and `chain`. Bites at the next stage.
    pub gate: Option<String>,
    /// A board approves it.
    pub board: Option<String>,
    /// An approver approves it.
    pub approver: Option<String>,
    /// A chain approves it.
    pub chain: Option<String>,
    /// It goes to production.
    pub release: Option<ReleaseTable>,
    /// It waits for parts that others make, or for the item before it.
    pub parts: Option<PartsTable>,
    /// Nominal work it takes. Bites at the next stage.
    pub effort: Option<Law>,
    /// Nominal work it takes, as a share of the item's size. Bites at the next stage.
    pub effort_share: Option<Share>,
    /// How it may send work back. Bites at the next verdict.
    pub failure: Option<FailureTable>,
    /// Work goes back to whoever owns it, rather than to the team's line. Bites at the next stage.
    pub sticky: bool,
    /// The part of an item's fuzziness that work here takes away. The effort here is then what is
    /// written times the item's fuzziness. Bites at the next stage.
    pub clarifies: Option<Share>,
    /// Fuzziness up to which an item passes here at once, as it is: it still waits in the same line,
    /// so that what is clear does not go before what is worth more. Bites at the next stage.
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
    pub patience: Option<Law>,
    /// The team starts here only when enough has gathered. Takes effect at the next item that comes, and at once
    /// where enough has gathered by it.
    pub threshold: Option<ThresholdTable>,
    /// Several people on one item at once: pairing, swarming.
    pub crew: Option<CrewTable>,
    /// The items it applies to; the others pass it by. Bites at the next stage.
    pub applies_to: Option<AppliesTable>,
}

/// When a team starts at a stage; once it has started it goes on until nothing is left there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdTable {
    /// So many items must have gathered, at least 1. Takes effect at the next item that comes.
    #[schemars(range(min = 1))]
    pub items: u32,
    /// Or the first of them has waited for so long; left out, there is no such time. Takes effect at the next item
    /// that is the first.
    #[serde(default)]
    pub after: Option<Span>,
}

/// What items wait for at a stage.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartsTable {
    /// The parts they may need. Bites at the next stage.
    #[serde(default)]
    pub need: Vec<PartTable>,
    /// Whether parts are made one after the other; else side by side.
    #[serde(default)]
    pub in_order: bool,
    /// Chance that the preceding item of the initiative must be live before this one goes on.
    #[serde(default = "none")]
    pub predecessor: Share,
}

/// A part that items need, an item of a kind of its own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartTable {
    /// Its kind of work.
    pub work: String,
    /// Who makes it: a team's name, "own", or "others" for another team, by lot.
    pub team: String,
    /// Chance that an item needs it.
    #[serde(default = "all")]
    pub chance: Share,
    /// How many it then needs: 0 is none, and a fraction is rounded at random, so that the mean is kept.
    #[serde(default)]
    pub count: Option<NumberLaw>,
    /// Its size as a share of the item's; left out, its kind's own size.
    #[serde(default)]
    pub share: Option<Share>,
}

fn all() -> Share {
    Share::of(1.0).expect("a share")
}

/// Several people on one item: whoever starts it is joined by colleagues who are free at that moment.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrewTable {
    /// Speed of 1, 2, 3 … people against that of one: ["100%", "180%"] lets two work together. Bites at the
    /// next stage of work.
    pub speed: Vec<Ratio>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewTable {
    /// When a colleague turns to a review.
    #[serde(default)]
    pub pick_up: PickUpName,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PickUpName {
    /// At once, beside whatever is on the desk.
    AtOnce,
    /// Before pulling something new.
    #[default]
    AtBreaks,
    /// When there is nothing else to pull.
    WhenIdle,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MachineTable {
    /// Length of one run.
    pub run: Law,
    /// Runs at the same time.
    #[serde(default)]
    pub runners: Limit,
    /// Chance that a run fails for no reason and is repeated.
    #[serde(default = "none")]
    pub flaky: Share,
    /// Whether its runs lengthen as builds do.
    #[serde(default)]
    pub grows: bool,
}

fn none() -> Share {
    Share::of(0.0).expect("a share")
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReleaseTable {
    /// Changes ride together on a train; left out, each goes alone and on demand.
    pub train: Option<TrainTable>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrainTable {
    /// Time between departures. Bites at the next departure.
    #[schemars(extend("x-plain" = "time between releases"))]
    pub every: Span,
    /// When the first leaves, from the beginning.
    #[serde(default)]
    pub at: Option<Span>,
    /// Whether what is ready at the very instant of departure makes it.
    #[serde(default)]
    pub inclusive: bool,
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
