//! Idle: whether anything ever waits, works or ends as a key supposes, in the organisation as it is written.

use crate::compile::stages_of;
use crate::tables::{Scenario, StageTable, StopTable, WorkTable};
use kernel::distribution::Distribution;
use model::compiled_plan::CompiledPlan;
use model::mechanisms::demand::{Arrivals, ArrivalsTable, Brings};
use notation::diagnostic::Diagnostics;

use super::Study;

/// Whether nothing ever waits at a stage: it is served as soon as it comes, and there is always room for it.
pub(super) fn nothing_waits(scenario: &Scenario, name: &str, stage: &StageTable) -> bool {
    let machine = stage.machine.as_ref().is_some_and(|machine| machine.runners.number().is_none());
    let gates = [&stage.gate, &stage.board, &stage.approver, &stage.chain];
    let open = gates.into_iter().flatten().next().is_some_and(|gate| gate == "none");
    let is_limited = stage.slots.number().or(stage.column.number()).is_some()
        || scenario.limit.values().any(|limit| limit.stages.iter().any(|within| within == name));
    (machine || open) && !is_limited
}

/// Whether no work ever comes to the desks of a team.
pub(super) fn has_no_work(scenario: &Scenario, team: &str) -> bool {
    let is_part = |kind: &str| {
        let parts = scenario.stage.values().filter_map(|stage| stage.parts.as_ref());
        parts.flat_map(|parts| &parts.need).any(|part| part.work == kind)
    };
    let comes = |kind: &str, work: &WorkTable| {
        let follows = matches!(work.arrivals, ArrivalsTable::After(_)) || is_part(kind);
        follows || work.team.as_deref().is_none_or(|named| named == team)
    };
    let works = |stage: &StageTable, comes: bool| match stage.team.as_deref() {
        Some(named) if named != "own" => named == team,
        own => comes && (own.is_some() || stage.review.is_some() || stage.release.is_some()),
    };
    !scenario.work.iter().any(|(kind, work)| {
        let comes = comes(kind, work);
        let stages = work.route.iter().flat_map(stages_of).filter_map(|stage| scenario.stage.get(stage));
        stages.into_iter().any(|stage| works(stage, comes))
    })
}

/// Tables of mechanisms that change how people work, and ask nothing else of them.
const CALLS_NOBODY: [&str; 6] = ["builds", "migration", "pressure", "trust", "assistance", "meetings"];

/// Whether nothing could call people of a team away from their desks, or ask anything else of them.
pub(super) fn is_never_called(scenario: &Scenario) -> bool {
    let meets = scenario.board.values().any(|board| board.attends > 0);
    let mut tables = scenario.mechanisms.written();
    !meets
        && scenario.approver.is_empty()
        && scenario.leader.is_empty()
        && tables.all(|key| CALLS_NOBODY.contains(&key))
}

/// Remarks on an end after more items than there can ever be, under any policy.
pub(super) fn never_so_many(study: &Study, problems: &mut Diagnostics) {
    let Some(StopTable::Items(items)) = study.scenario.stop else { return };
    let brought = |plans: &[(kernel::units::Ticks, CompiledPlan)]| {
        // A change of policy may bring what there was not before.
        plans.iter().map(|(_, plan)| ever(plan)).sum::<Option<f64>>()
    };
    let most = study
        .timelines
        .iter()
        .map(|timeline| brought(&timeline.phases))
        .try_fold(0.0, |most: f64, brought| brought.map(|brought| most.max(brought)));
    if let Some(most) = most
        && most < f64::from(items)
    {
        let message = format!(
            "this does nothing: never so many items come, but at most {most:.0}, so replications end at the horizon"
        );
        problems
            .warning("stop.items", message)
            .help("write a smaller number, or stop = \"empty\" for when all is done");
    }
}

/// The items of work that can ever come under a plan; nothing where nobody can tell.
fn ever(plan: &CompiledPlan) -> Option<f64> {
    let params = &plan.params;
    let makes_work = params.debt.is_some() || params.learning.is_some() || params.incidents.is_some();
    let demand = params.demand.as_ref().filter(|demand| demand.aftermaths.is_empty() && !makes_work)?;
    let of_source = |source: &model::mechanisms::demand::Source| {
        let each = match &source.brings {
            Brings::OneItem => 1.0,
            Brings::Items(Distribution::Constant(items)) => *items,
            Brings::Items(_) | Brings::Whole(_) => return None,
        };
        let arrivals = match &source.arrivals {
            Arrivals::Nothing => 0.0,
            Arrivals::Trace(script) => script.times.len() as f64,
            _ => return None,
        };
        Some(each * (f64::from(source.backlog) + arrivals))
    };
    demand.sources.iter().map(of_source).sum()
}
