//! Boards, approvers and chains, as written.

use notation::{Law, Limit, Share, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rhythm: every so often, the first time at a phase.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RhythmTable {
    /// Time between two meetings. Bites at the next meeting.
    #[schemars(extend("x-plain" = "time between meetings of the board"))]
    pub every: Span,
    /// When the first is, from the beginning; left out, after one period.
    #[serde(default)]
    pub at: Option<Span>,
}

/// A board that meets on a rhythm and hears what waits.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoardTable {
    pub meets: RhythmTable,
    /// Items a meeting hears.
    #[serde(default)]
    #[schemars(extend("x-plain" = "items a board hears in a meeting"))]
    pub slots: Limit,
    /// Which are heard first.
    #[serde(default)]
    pub order: BoardOrder,
    /// Chance that a hearing rejects, whatever the item.
    #[serde(default = "none")]
    pub rejects: Share,
    /// Chance that a hearing sees that an item's deployment would fail (AP-1, AP-4: none).
    #[serde(default = "none")]
    pub catches: Share,
    /// Chance that a hearing sees that the decision in an item is wrong.
    #[serde(default = "none")]
    pub corrects: Share,
    /// Share of items of a sort that is approved in advance.
    #[serde(default = "none")]
    pub automatic: Share,
    /// Whether what is ready at the very instant of a meeting is heard there.
    #[serde(default)]
    pub inclusive: bool,
    /// People each team sends when its work is heard.
    #[serde(default)]
    pub attends: u32,
    /// Time each item keeps them.
    #[serde(default)]
    pub takes: Option<Span>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BoardOrder {
    /// The one that has waited longest.
    #[default]
    Oldest,
    /// The one believed most valuable.
    Dearest,
}

/// A leader who hears items one by one, in the hours there are for it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproverTable {
    /// Hours a week for hearings; they are spread evenly over the week.
    #[schemars(extend("x-plain" = "hours a week for approval"))]
    pub hours_per_week: f64,
    /// Work of one hearing.
    pub hearing: Law,
    /// Chance that a hearing rejects, whatever the item.
    #[serde(default = "none")]
    pub rejects: Share,
    /// Chance that a hearing sees that an item's deployment would fail (AP-1, AP-4: none).
    #[serde(default = "none")]
    pub catches: Share,
    /// Chance that a hearing sees that the decision in an item is wrong.
    #[serde(default = "none")]
    pub corrects: Share,
    /// Share of items of a sort that is approved in advance.
    #[serde(default = "none")]
    pub automatic: Share,
    /// Absences: holidays, travel.
    #[serde(default)]
    pub absence: Option<AbsenceTable>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceTable {
    /// Working time between two absences.
    pub between: Law,
    /// Working time of an absence.
    pub lasts: Law,
}

/// Several boards and approvers, of whom enough must agree.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainTable {
    /// Boards and approvers, in order.
    pub members: Vec<String>,
    /// One after another, or all at once.
    #[serde(default)]
    pub mode: ChainMode,
    /// How many must agree; left out, all.
    #[serde(default)]
    pub quorum: Option<u32>,
    /// Where an item goes that has waited too long.
    #[serde(default)]
    pub escalation: Option<EscalationTable>,
    /// Share of items of a sort that is approved in advance.
    #[serde(default = "none")]
    pub automatic: Share,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChainMode {
    /// One after another, in the order of `members`.
    #[default]
    Series,
    /// All at once.
    Parallel,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationTable {
    /// After how long.
    pub after: Span,
    /// To whom; left out, it goes through.
    #[serde(default)]
    pub to: Option<String>,
}

fn none() -> Share {
    Share::of(0.0).expect("a share")
}
