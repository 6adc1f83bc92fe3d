//! Scripted arrivals in a plan: where their columns act, and which of them would act on nothing.

use super::work::targets;
use crate::tables::{Scenario, WorkTable};
use kernel::units::StageId;
use model::compile_context::CompileContext;
use model::plan::{Discipline, Effort, Holder, KindPlan, StagePlan, Step};
use model::script::{Script, StageScript};
use std::sync::Arc;

/// A script, with the stages where its columns of work act.
pub fn at_stages(script: Arc<Script>, stages: &[StagePlan]) -> StageScript {
    let column =
        |stage: &StagePlan| script.work.iter().position(|(name, _)| *name == stage.name).map(|at| at as u16);
    let columns = stages.iter().map(column).collect();
    StageScript { script, columns }
}

/// Refuses columns that act on nothing, and remarks on rows that nobody will see.
pub fn check(
    name: &str,
    table: &WorkTable,
    script: &Script,
    (kind, stages): (&KindPlan, &[StagePlan]),
    scenario: &Scenario,
    ctx: &mut CompileContext<'_>,
) {
    let path = format!("work.{name}.arrivals.trace");
    let passes =
        |stage: &str| kind.route.iter().flat_map(targets).any(|(at, _)| stages[at.at()].name == stage);
    for (stage, _) in script.work.iter().filter(|(stage, _)| !passes(stage)) {
        let message = format!("`{name}` never passes `{stage}`: what it takes there acts on nothing");
        ctx.problems.error(format!("{path}.work"), message);
    }
    for (stage, _) in &script.work {
        let takes_hands = stages.iter().filter(|plan| plan.name == *stage).all(|plan| {
            matches!(plan.holder, Holder::Work { .. } | Holder::Review { .. } | Holder::Release(None))
        });
        if !takes_hands {
            let message = format!("nobody works at `{stage}`: a script says how long people work");
            ctx.problems.error(format!("{path}.work"), message);
        }
    }
    if !script.sizes.is_empty() {
        if table.items.is_some() || table.initiative.is_some() {
            ctx.problems
                .error(format!("{path}.sizes"), "a row brings several items, and its size is that of one")
                .help("leave `items` out and write a row for each");
        } else if !size_matters(kind, stages, scenario) {
            ctx.problems
                .error(
                    format!("{path}.sizes"),
                    "no stage takes a share of an item's size, and nothing else asks for it",
                )
                .help("write effort_share = \"100%\" at the stage, or `work` in place of `sizes`");
        }
    }
    let clock = &ctx.calendar;
    let past = match scenario.past {
        crate::tables::Past::Common(span) => span.hours(clock),
        crate::tables::Past::Own => clock.days_per_year * clock.hours_per_day,
        crate::tables::Past::None => 0.0,
    };
    let end = past + scenario.horizon.hours(clock) + scenario.run_off.map_or(0.0, |span| span.hours(clock));
    let late = script.times.len() - script.times.partition_point(|time| time.hours() <= end);
    if late > 0 {
        let message = format!("{late} of {} rows come after the horizon", script.times.len());
        ctx.problems.warning(&path, message);
    }
}

/// Whether anything asks how large an item of this kind is.
fn size_matters(kind: &KindPlan, stages: &[StagePlan], scenario: &Scenario) -> bool {
    let is_asked = |(stage, _): (StageId, f64)| {
        let plan = &stages[stage.at()];
        let shares = plan.effort.iter().any(|effort| matches!(effort, Effort::ShareOfSize(_)));
        let parts = matches!(&plan.holder, Holder::Parts(parts) if parts.parts.iter().any(|part| part.share.is_some()));
        shares || parts || matches!(plan.holder, Holder::Gate(_)) || plan.failure.is_some()
    };
    let by_size = |order: Discipline| matches!(order, Discipline::Shortest | Discipline::Cd3);
    kind.valued
        || kind.route.iter().flat_map(|step: &Step| targets(step)).any(is_asked)
        || scenario.team.iter().any(|team| by_size(team.order))
        || scenario.mechanisms.communication.is_some()
        || scenario.mechanisms.decisions.is_some()
        || scenario.mechanisms.clarity.is_some()
}
