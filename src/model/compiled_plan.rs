//! A compiled plan: a checked scenario under one policy, compiled; immutable, shared by all threads.

use super::layout::{LinePlan, LineTable};
use super::mechanisms::{Mechanisms, Members, Params, Subscriptions};
use super::plan::{
    ComponentPlan, Discipline, Holder, KindPlan, LimitPlan, StagePlan, Switching, TeamKind, TeamPlan,
    ValuePlan,
};
use super::risk::FailurePlan;
use super::route;
use super::today::Today;
use kernel::units::{Instant, StageId, TeamId, Ticks};
use std::sync::Arc;

/// Everything one replication of the organisation is run by.
#[derive(Clone, Debug)]
pub struct CompiledPlan {
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
    pub year: Ticks,
    /// The most items of work that may be in being before a replication is stopped.
    pub population_limit: u64,
    pub params: Params,
    /// What is open where policies part, if that is said.
    pub today: Option<Arc<Today>>,
    /// Hours within which it is asked what share of changes is done.
    pub within: Vec<f64>,
    /// Some kinds of work go before others.
    pub has_priorities: bool,
    /// Some kinds of work may take the place of others.
    pub has_preemption: bool,
    /// Whether some team is a platform for the others.
    pub has_platform: bool,
    /// Whether some stage or group of stages has room for so many only.
    pub has_places: bool,
    /// Which mechanisms subscribe to what.
    pub subscriptions: Subscriptions,
    /// Which mechanisms have something to do each week.
    pub weekly: Members,
    /// Which mechanisms have a say in the pace of work.
    pub pacing: Members,
}

impl CompiledPlan {
    /// The instant at which a replication begins: before all that is open today was created.
    pub fn first(&self) -> Instant {
        Instant::START + self.today.as_ref().map_or(Ticks::ZERO, |today| today.reaches)
    }

    /// Whether the team's people work at the stage.
    pub fn serves(&self, team: TeamId, stage: StageId) -> bool {
        self.servers[stage.at()].contains(&team)
    }

    /// Works out, once, what every pull would otherwise have to look up.
    pub fn prepared(mut self) -> CompiledPlan {
        let first = self.kinds.first().map(|kind| kind.priority);
        self.has_platform = self.teams.iter().any(|team| team.kind == TeamKind::Platform);
        self.has_priorities = self.kinds.iter().any(|kind| Some(kind.priority) != first);
        self.has_preemption = self.has_priorities && self.kinds.iter().any(|kind| kind.preempts.is_some());
        let laps: Vec<Vec<u32>> = self.kinds.iter().map(|kind| route::laps(&kind.route, &self)).collect();
        self.kinds.iter_mut().zip(laps).for_each(|(kind, laps)| kind.laps = laps);
        let stages_limit = !self.limits.is_empty() || self.stages.iter().any(|stage| stage.slots.is_some());
        self.has_places = stages_limit;
        for team in &mut self.teams {
            let wip = &team.wip;
            let team_limits = wip.initiatives.is_some() || wip.items.is_some() || wip.team.is_some();
            team.limits_entry = team_limits || stages_limit;
            if let Some(slack) = &mut team.slack {
                let lines = &self.lines.lines[team.lines.start as usize..team.lines.end as usize];
                let bits = |of: &dyn Fn(&LinePlan) -> bool| {
                    lines.iter().filter(|line| of(line)).fold(0, |bits, line| bits | line.bit)
                };
                team.usual = bits(&|line| !line.is_for_slack());
                for what in slack.order.iter().copied() {
                    slack.lines[what as usize] = bits(&|line| what.looks_into(line));
                }
            }
        }
        self.subscriptions = Mechanisms::subscriptions(&self);
        self.weekly = Mechanisms::weekly(&self);
        self.pacing = Mechanisms::pacing(&self);
        self
    }

    /// Whether what waits in a line is served in another order than that of joining.
    pub(super) fn is_ranked(&self, line: &LinePlan) -> bool {
        let mut priorities =
            self.kinds.iter().filter(|kind| kind.class == line.class).map(|kind| kind.priority);
        let first = priorities.next();
        let differ = priorities.any(|priority| Some(priority) != first);
        differ || self.teams[line.team.at()].discipline != Discipline::FirstCome
    }

    /// Whether a replication may go over to another plan without being reorganised: it has the same shape, and leaves no
    /// mechanism out, since then nobody would end that one's duties, nor begin its chains of events again.
    pub fn leads_to(&self, next: &CompiledPlan) -> bool {
        self.has_shape_of(next) && self.params.members() & !next.params.members() == 0
    }

    /// Whether another plan has the same teams, stages, kinds, components and gates. Teams may differ in size, and
    /// mechanisms may be there or not.
    pub fn has_shape_of(&self, other: &CompiledPlan) -> bool {
        let teams = |plan: &CompiledPlan| {
            plan.teams
                .iter()
                .map(|team| (team.name.clone(), team.components.clone(), team.kind))
                .collect::<Vec<_>>()
        };
        let names = |plan: &CompiledPlan| {
            let kinds = plan.kinds.iter().map(|kind| kind.name.clone());
            kinds.chain(plan.stages.iter().map(|stage| stage.name.clone())).collect::<Vec<_>>()
        };
        let steps = |plan: &CompiledPlan| plan.kinds.iter().map(|kind| kind.route.len()).collect::<Vec<_>>();
        let holders = |plan: &CompiledPlan| {
            plan.stages.iter().map(|stage| std::mem::discriminant(&stage.holder)).collect::<Vec<_>>()
        };
        teams(self) == teams(other)
            && names(self) == names(other)
            && steps(self) == steps(other)
            && holders(self) == holders(other)
            && self.servers == other.servers
            && self.components.len() == other.components.len()
            && self.limits.len() == other.limits.len()
            && Mechanisms::shape(&self.params) == Mechanisms::shape(&other.params)
    }

    /// Teams of engineers: a leader's desk is none.
    pub fn engineering_teams(&self) -> impl Iterator<Item = TeamId> {
        let teams = self.teams.iter().enumerate().filter(|(_, team)| !team.is_leader);
        teams.map(|(at, _)| TeamId::new(at))
    }

    /// How many leaders' desks there are, counted by the part of the week that each is kept free.
    pub fn leaders(&self) -> f64 {
        self.teams.iter().filter(|team| team.is_leader).map(|team| team.attention).sum()
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
