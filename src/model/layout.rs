//! The layout of lines: which lines each team has, in the order in which they are served.

use super::plan::{Holder, PickUp, StagePlan};
use super::work::{CLASSES, Class};
use kernel::units::{LineId, StageId, TeamId};
use std::ops::Range;

/// What a line is for; lines of a team are tried in the order of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineRole {
    Review,
    /// What the team has had before and must finish.
    Again,
    Entry,
    /// Work of initiatives not yet begun, where the team limits those it begins.
    Fresh,
    IdleReview,
}

impl LineRole {
    /// Whether what waits there is to be read by a colleague.
    #[inline]
    pub fn is_review(self) -> bool {
        matches!(self, LineRole::Review | LineRole::IdleReview)
    }
}

#[derive(Clone, Copy, Debug)]
pub struct LinePlan {
    pub team: TeamId,
    pub stage: StageId,
    pub class: Class,
    pub role: LineRole,
    /// The one bit of a word that stands for it among its team's lines.
    pub bit: u128,
}

impl LinePlan {
    /// Whether whoever has a list of what to do in slack takes from it by that only.
    pub fn is_for_slack(&self) -> bool {
        self.role == LineRole::IdleReview && self.class != Class::Unplanned
    }
}

/// Every waiting line, a team's lines side by side in the order in which they are tried.
#[derive(Clone, Debug, Default)]
pub struct LineTable {
    pub lines: Vec<LinePlan>,
    lookup: Vec<LineId>,
    teams: usize,
}

/// The most lines one team may have: its ready lines are bits of a machine word.
pub const LINES_PER_TEAM: usize = 128;

const UNUSED: LineId = LineId(u32::MAX);

impl LineTable {
    /// Lays out the lines of every team over the stages where people work.
    ///
    /// `serves(team, stage)` says whether the team's people may work there.
    pub fn lay_out(
        teams: usize,
        stages: &[StagePlan],
        serves: impl Fn(TeamId, StageId) -> bool,
    ) -> (LineTable, Vec<Range<u32>>) {
        let mut table =
            LineTable { lines: Vec::new(), lookup: vec![UNUSED; stages.len() * teams * CLASSES * 3], teams };
        let mut ranges = Vec::with_capacity(teams);
        for team in (0..teams).map(TeamId::new) {
            let start = table.lines.len();
            for (at, stage) in stages.iter().enumerate() {
                if serves(team, StageId::new(at)) {
                    table.lines.extend(lines_of(team, StageId::new(at), stage));
                }
            }
            table.lines[start..].sort_by_key(line_order);
            for (nth, line) in table.lines[start..].iter_mut().enumerate() {
                line.bit = 1_u128.checked_shl(nth as u32).unwrap_or(0); // so many are refused
            }
            ranges.push(start as u32..table.lines.len() as u32);
        }
        for (at, line) in table.lines.iter().enumerate() {
            // A review is looked for in the one line there is, whatever its item is to the team.
            let roles = match line.role.is_review() {
                true => vec![LineRole::Entry, LineRole::Again, LineRole::Fresh],
                false => vec![line.role],
            };
            for role in roles {
                let slot = table.slot(line.stage, line.team, line.class, role);
                table.lookup[slot] = LineId::new(at);
            }
        }
        (table, ranges)
    }

    fn slot(&self, stage: StageId, team: TeamId, class: Class, role: LineRole) -> usize {
        let column = match role {
            LineRole::Entry | LineRole::Review | LineRole::IdleReview => 0,
            LineRole::Again => 1,
            LineRole::Fresh => 2,
        };
        ((stage.at() * self.teams + team.at()) * CLASSES + class as usize) * 3 + column
    }

    /// The line for work of a class at a stage; a stage of review has one line whatever the role.
    #[inline]
    pub fn find(&self, stage: StageId, team: TeamId, class: Class, role: LineRole) -> LineId {
        self.lookup[self.slot(stage, team, class, role)]
    }
}

fn lines_of(team: TeamId, stage: StageId, plan: &StagePlan) -> Vec<LinePlan> {
    let roles: &[LineRole] = match plan.holder {
        Holder::Review { pick_up: PickUp::WhenIdle } => &[LineRole::IdleReview],
        Holder::Review { .. } => &[LineRole::Review],
        _ => &[LineRole::Again, LineRole::Entry, LineRole::Fresh],
    };
    let classes = [Class::Feature, Class::Health, Class::Unplanned];
    let line = |role, class| LinePlan { team, stage, class, role, bit: 0 };
    roles.iter().flat_map(|role| classes.map(|class| line(*role, class))).collect()
}

/// Unplanned work first, then reviews, then what was begun (later stages first), then new work.
fn line_order(line: &LinePlan) -> (bool, LineRole, std::cmp::Reverse<StageId>, u8) {
    (line.class != Class::Unplanned, line.role, std::cmp::Reverse(line.stage), line.class as u8)
}
