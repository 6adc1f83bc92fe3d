//! Boards, approvers and chains as written, and how they compile.

use super::{Approver, Board, Chain, Gate, GateSort};
use crate::away::AwayTable;
use crate::compile_context::CompileContext;
use kernel::streams::Key;
use kernel::units::{KindId, TeamId};
use notation::{DurationDistribution, Limit, Phase, Share, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rhythm: every so often, the first time at a phase.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RhythmTable {
    /// Time between two meetings. Takes effect at the next meeting.
    #[schemars(extend("x-plain" = "time between meetings of the board"))]
    pub every: Span,
    /// When the first is, from the beginning, or on which day of the first week, which begins on Monday at 9:00; left
    /// out, after one period.
    #[serde(default)]
    pub at: Option<Phase>,
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
    pub hearing: DurationDistribution,
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
    pub absence: Option<AwayTable>,
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

impl BoardTable {
    pub fn compile(&self, name: &str, ctx: &mut CompileContext<'_>) -> Gate {
        let period = ctx.period(&format!("board.{name}.meets.every"), self.meets.every);
        let board = Board {
            place: 0,
            period,
            phase: self.meets.at.map_or(period, |at| ctx.phase(&format!("board.{name}.meets.at"), at)),
            slots: self.slots.number(),
            dearest_first: self.order == BoardOrder::Dearest,
            inclusive: self.inclusive,
            attends: self.attends,
            hours_each: self.takes.map_or(0.0, |span| ctx.hours(span)),
        };
        let chances = [self.rejects, self.catches, self.corrects, self.automatic];
        Gate::new(name, GateSort::Board(board), chances, "board", ctx)
    }
}

impl ApproverTable {
    /// Compiles all but the desk, a team of its own, and the internal kind of work that is heard there.
    pub fn compile(&self, name: &str, team: TeamId, hearing: KindId, ctx: &mut CompileContext<'_>) -> Gate {
        let path = format!("approver.{name}.absence");
        let absence = self.absence.as_ref().map(|it| it.compile(&path, ctx));
        let sort = GateSort::Approver(Approver { team, hearing, absence, peers: None });
        let chances = [self.rejects, self.catches, self.corrects, self.automatic];
        Gate::new(name, sort, chances, "approver", ctx)
    }
}

impl ChainTable {
    /// `chains` are all there are, which may not be members of one another.
    pub fn compile(
        &self,
        name: &str,
        chains: &BTreeMap<String, ChainTable>,
        ctx: &mut CompileContext<'_>,
    ) -> Gate {
        let path = format!("chain.{name}");
        for member in self.members.iter().filter(|member| chains.contains_key(*member)) {
            let message = format!("`{member}` is a chain; a chain's members are boards and approvers");
            ctx.problems.error(format!("{path}.members"), message);
        }
        let mut members = self.members.iter().enumerate();
        if let Some((_, twice)) = members.find(|(at, member)| self.members[..*at].contains(member)) {
            let message = format!("`{twice}` is a member twice, and is heard once");
            ctx.problems.error(format!("{path}.members"), message).help("name each member once");
        }
        let members = self.members.iter();
        let members = members.filter_map(|member| ctx.gate(&format!("{path}.members"), member)).collect();
        let count = self.members.len() as u32;
        let quorum = self.quorum.unwrap_or(count);
        if count == 0 {
            ctx.problems.error(format!("{path}.members"), "a chain needs at least one member");
        } else if quorum == 0 || quorum > count {
            ctx.problems
                .error(format!("{path}.quorum"), format!("must lie between 1 and the {count} members"));
        }
        let escalation = self.escalation.as_ref().map(|it| {
            let after = ctx.period(&format!("{path}.escalation.after"), it.after);
            let to = it.to.as_ref().and_then(|to| ctx.gate(&format!("{path}.escalation.to"), to));
            if let Some(chain) = it.to.as_ref().filter(|to| chains.contains_key(*to)) {
                let message = format!("`{chain}` is a chain; a request escalates to a board or an approver");
                ctx.problems.error(format!("{path}.escalation.to"), message);
            }
            (after, to)
        });
        let parallel = self.mode == ChainMode::Parallel;
        let sort = GateSort::Chain(Chain { members, parallel, quorum, escalation });
        Gate::new(name, sort, [none(), none(), none(), self.automatic], "chain", ctx)
    }
}

impl Gate {
    /// A gate with its chances that a hearing rejects, catches and corrects, and that an item passes unheard; `table` is
    /// where it is written.
    pub fn new(
        name: &str,
        sort: GateSort,
        chances: [Share; 4],
        table: &str,
        ctx: &mut CompileContext<'_>,
    ) -> Gate {
        let [rejects, catches, corrects, automatic] = chances.map(|share| share.fraction());
        if rejects >= 1.0 {
            ctx.problems
                .error(format!("{table}.{name}.rejects"), "what is always rejected never gets through");
        }
        let key = Key::of(name, 0).0;
        Gate { name: name.to_owned(), key, sort, rejects, catches, corrects, automatic, clarifies: 0.0 }
    }
}
