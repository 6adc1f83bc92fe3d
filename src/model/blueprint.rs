//! A blueprint: a checked scenario under one policy, compiled; immutable, shared by all threads.

use super::mechanisms::Params;
use super::plan::{
    ComponentPlan, FailurePlan, Holder, KindPlan, LimitPlan, LineTable, StagePlan, Switching, TeamPlan,
    ValuePlan,
};
use crate::units::{StageId, TeamId, Ticks};

/// Everything one life of the organisation is lived by.
#[derive(Clone, Debug)]
pub struct Blueprint {
    pub teams: Vec<TeamPlan>,
    pub kinds: Vec<KindPlan>,
    pub stages: Vec<StagePlan>,
    pub limits: Vec<LimitPlan>,
    pub components: Vec<ComponentPlan>,
    pub lines: LineTable,
    /// The teams whose people work at each stage.
    pub servers: Vec<Vec<TeamId>>,
    pub switching: Switching,
    pub value: Option<ValuePlan>,
    pub failure: FailurePlan,
    pub day: Ticks,
    pub week: Ticks,
    /// The most items of work that may be in being before a life is stopped.
    pub population_limit: u64,
    pub params: Params,
}

impl Blueprint {
    /// Whether the team's people work at the stage.
    pub fn serves(&self, team: TeamId, stage: StageId) -> bool {
        self.servers[stage.at()].contains(&team)
    }

    /// Whether any limit can keep the team from starting what it has not had before.
    pub fn limits_entry(&self, team: TeamId) -> bool {
        let wip = &self.teams[team.at()].wip;
        let team_limits = wip.initiatives.is_some() || wip.items.is_some() || wip.team.is_some();
        team_limits || !self.limits.is_empty() || self.stages.iter().any(|stage| stage.slots.is_some())
    }

    /// Whether another plan has the same teams, people, stages, kinds and components, so that a
    /// life may go over to it.
    pub fn has_shape_of(&self, other: &Blueprint) -> bool {
        let people = |plan: &Blueprint| plan.teams.iter().map(|team| team.engineers).collect::<Vec<_>>();
        let steps = |plan: &Blueprint| plan.kinds.iter().map(|kind| kind.route.len()).collect::<Vec<_>>();
        let holders = |plan: &Blueprint| {
            plan.stages.iter().map(|stage| std::mem::discriminant(&stage.holder)).collect::<Vec<_>>()
        };
        // Builds are shortened by work on tools; a plan in which they simply are shorter is another organisation.
        let builds = |plan: &Blueprint| plan.params.verification.as_ref().map(|builds| builds.minutes);
        people(self) == people(other)
            && steps(self) == steps(other)
            && holders(self) == holders(other)
            && self.servers == other.servers
            && self.components.len() == other.components.len()
            && self.limits.len() == other.limits.len()
            && builds(self) == builds(other)
    }

    /// The team that works on an item of `team` at a stage: the stage's own, or the item's.
    #[inline]
    pub fn team_at(&self, stage: StageId, team: TeamId) -> TeamId {
        match self.stages[stage.at()].holder {
            Holder::Work { team: Some(named) } => named,
            _ => team,
        }
    }
}
