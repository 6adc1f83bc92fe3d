//! Teams, as written.

use super::staffing::{LeaveTable, ToolingShares};
use model::away::AwayTable;
use model::mechanisms::{interruptions, wander};
use model::plan::{Discipline, TeamKind};
use model::slack::Meanwhile;
use notation::{Limit, NumberDistribution, Share, Span};
use schemars::JsonSchema;
use serde::Deserialize;

/// A team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamTable {
    /// Its name.
    pub name: String,
    /// People who do the work from the start of a replication. Takes effect at once: people join, as newcomers by what `[people]` says,
    /// or go.
    #[schemars(range(min = 1, max = 10_000))]
    #[schemars(extend("x-plain" = "engineers per team"))]
    pub engineers: u32,
    /// What it is there for. Takes effect at the next stage of work.
    #[serde(default)]
    pub kind: TeamKind,
    /// The share of working time people have for the work; the rest is mail, leave, and such meetings as `[meetings]`
    /// does not bring. Takes effect at the next stage of work.
    #[serde(default = "all")]
    pub attention: Share,
    /// Speed of each person against the nominal 1, drawn once. Takes effect at the start of a replication.
    #[serde(default)]
    #[schemars(extend("x-plain" = "skill"))]
    pub skill: Option<NumberDistribution>,
    /// Limits on work in progress. They take effect at the next pull.
    #[serde(default)]
    pub wip: WipTable,
    /// Whether what is begun, by its people or of its initiatives, comes before what is new, at the same stage. Takes effect
    /// at the next pull.
    #[serde(default)]
    pub finish_first: bool,
    /// What people do, in this order, when nothing planned may be started: limits hold them, or there is none, and no hours are
    /// owed to health. `review` reads what is to be read by whoever is idle, `unblock` goes on with what is begun, `help` joins a
    /// colleague, `health` pays back debt beyond its share, `tools` raises the team's worst tools or documents by an hour of work,
    /// `idle` waits. None of it is charged to `share`. Left out, what is
    /// owed to a class that limits hold back is kept for it by waiting, and the other has all hours where one has no work.
    /// A lever. Takes effect at the next pull.
    #[serde(default)]
    #[schemars(extend("x-plain" = "what people do when a limit holds them"))]
    pub when_held: Option<Vec<Meanwhile>>,
    /// What help is worth, where `when_held` has it. Takes effect when somebody next joins a colleague.
    #[serde(default)]
    pub help: Option<HelpTable>,
    /// Shares of planned hours. They take effect at the next pull.
    #[serde(default)]
    pub share: ShareTable,
    /// How the next item is chosen. Takes effect at once.
    #[serde(default)]
    #[schemars(extend("x-plain" = "order of work"))]
    pub order: Discipline,
    /// How hard leaders push for speed: 0 % not at all, 100 % as hard as they can. Takes effect at the
    /// next stage of work.
    #[serde(default = "nothing")]
    #[schemars(extend("x-plain" = "pressure"))]
    pub pressure: Share,
    /// People who work only a part of the week, of those whom `engineers` counts; all others work the whole week. Takes
    /// effect at the start of a replication.
    #[serde(default)]
    pub part_time: Vec<PartTimeTable>,
    /// Absences of each person: holidays, illness, other projects. Takes effect at the next absence.
    #[serde(default)]
    pub absence: Option<AwayTable>,
    /// What keeps each person from the desk now and then while they work: questions, messages, visits. Whoever has
    /// nothing to do, is absent or is on a duty is not interrupted. Takes effect at the next interruption.
    #[serde(default)]
    pub interruptions: Option<interruptions::Table>,
    /// How what its people get done wanders from week to week: the pace of all their work, with a mean of 1. Takes effect at
    /// once.
    #[serde(default)]
    pub wander: Option<wander::Table>,
    /// People the team is meant to have, when that is other than it starts with: somebody is looked
    /// for, or leavers are not replaced. Takes effect at once. Needs `[people]`.
    #[serde(default)]
    #[schemars(range(max = 10_000))]
    #[schemars(extend("x-plain" = "people a team is to have"))]
    pub target: Option<u32>,
    /// People who leave at a date, whatever else happens. Needs `[people]`.
    #[serde(default)]
    #[schemars(extend("x-plain" = "people who leave"))]
    pub leaves: Vec<LeaveTable>,
    /// Time a week in which somebody who knows a part of the code shows it to a colleague, which
    /// takes both from their work. Takes effect at the next week. Needs `[people]`.
    #[serde(default = "no_time")]
    #[schemars(extend("x-plain" = "time for sharing knowledge"))]
    pub sharing: Span,
    /// Shares of all hours spent on tools. They take effect at the next week. Need `[tooling]`.
    #[serde(default)]
    pub tooling: ToolingShares,
    /// The share of people who write code with an assistant. Takes effect at the next stage of work. Needs
    /// `[assistance]`.
    #[serde(default = "nothing")]
    #[schemars(extend("x-plain" = "people who write code with an assistant"))]
    pub assisted: Share,
    /// The code the team owns. Structural.
    #[serde(default)]
    pub code: Option<CodeTable>,
}

/// Some of a team's people, who work a part of the week.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartTimeTable {
    /// How many of the team's engineers work so.
    #[schemars(range(min = 1, max = 10_000))]
    pub people: u32,
    /// The part of the week that each of them works, such as "80%".
    pub share: Share,
}

fn all() -> Share {
    Share::of(1.0).expect("a share")
}
fn no_time() -> Span {
    Span::new(0.0, notation::Unit::Day).expect("no days are a span")
}
fn one() -> f64 {
    1.0
}
fn nothing() -> Share {
    Share::of(0.0).expect("a share")
}

/// How many initiatives a team may have begun: a number, "unlimited", or so many for each of its people.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "write a whole number of at least 1, \"unlimited\", or { per_head = 0.7 }")]
pub enum InitiativesTable {
    Fixed(Limit),
    PerHead(PerHeadTable),
}

/// Initiatives for each of a team's people, rounded; at least one for the team.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PerHeadTable {
    /// Takes effect at the next pull.
    #[schemars(range(min = 0.01, max = 100.0))]
    #[schemars(extend("x-plain" = "initiatives for each person"))]
    pub per_head: f64,
}

/// Help for a colleague, by whoever has nothing planned to do: one on each item, who lets go as soon as there is work of
/// their own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpTable {
    /// How much faster an item goes on with help: 0.5 is half as fast again. A fact. Takes effect when somebody next joins a
    /// colleague.
    #[schemars(range(min = 0.0, max = 1.0))]
    #[schemars(extend("x-plain" = "how much faster work goes on with help"))]
    pub speed: f64,
    /// Nominal work that must be left on an item for anybody to join. A fact. Takes effect when somebody next joins a colleague.
    #[schemars(extend("x-plain" = "work left from which it is worth helping"))]
    pub from: Span,
}

/// Limits on work in progress.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WipTable {
    /// Initiatives the team may have begun and not finished.
    #[schemars(extend("x-plain" = "initiatives a team works on at once"))]
    pub initiatives: InitiativesTable,
    /// Items one person may have pulled that are not yet live; a blocked one keeps its place.
    #[schemars(extend("x-plain" = "items a person has in progress"))]
    pub items: Limit,
    /// Items the team may have pulled that are not yet live.
    #[schemars(extend("x-plain" = "items a team has in progress"))]
    pub team: Limit,
    /// Items on a desk at which its owner stops pulling more: 1 starts something new only when
    /// everything in hand is blocked.
    #[schemars(extend("x-plain" = "items on a desk"))]
    pub active: Limit,
}

impl Default for WipTable {
    fn default() -> Self {
        let none = Limit::Unlimited;
        WipTable {
            initiatives: InitiativesTable::Fixed(none),
            items: none,
            team: none,
            active: "1".parse().expect("a limit"),
        }
    }
}

/// Shares of the hours left after unplanned work; what is not health is features.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShareTable {
    /// For paying back debt. Left out: no shares are kept and all work is ranked together.
    #[schemars(extend("x-plain" = "share of capacity for system health"))]
    pub health: Option<Share>,
}

/// The code a team owns.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeTable {
    /// Components, the first the most worked on.
    #[schemars(range(min = 1, max = 1000))]
    #[schemars(extend("x-plain" = "components a team owns"))]
    pub components: u32,
    /// Effort already in the code, per engineer.
    pub size_per_engineer: Span,
    /// Debt at the start: effort to repair it over effort in the code.
    pub density: Share,
    /// How unevenly work falls on components: weights 1/rank^this. 0 is even.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub concentration: f64,
    /// The same of how large they are; left out, they are as large as they are touched often. Below `concentration`, what is
    /// touched most is small for it: a hotspot, where an hour of repair spares most. A fact.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 10.0))]
    #[schemars(extend("x-plain" = "unevenness of component sizes", "x-said" = ["hotspot"]))]
    pub size_concentration: Option<f64>,
    /// How heavy one of them weighs in mind, against 1. Takes effect in the next week.
    #[serde(default = "one")]
    #[schemars(extend("x-plain" = "weight of the code"))]
    #[schemars(range(min = 0.0, max = 1e3))]
    pub weight: f64,
}
