//! Acts: combinations in which a key that is written could do nothing are refused, with what it needs.

use crate::tables::{Scenario, StageTable, StepTable, TeamTable, WorkTable};
use model::compile_context::CompileContext;
use model::mechanisms::approval::ChainMode;
use model::mechanisms::demand::{ArrivalsTable, ProfileTable};
use model::plan::{Discipline, KindPlan, PickUp, StagePlan};
use model::slack::Meanwhile;

use super::work::targets;

/// Refuses what is written and could do nothing in this plan.
pub fn check(scenario: &Scenario, kinds: &[KindPlan], stages: &[StagePlan], ctx: &mut CompileContext<'_>) {
    for (name, table) in &scenario.work {
        profile(name, table, ctx);
        wander(name, table, ctx);
        waits(name, table, scenario, ctx);
    }
    for team in &scenario.team {
        reads_when_idle(team, scenario, ctx);
        tends_to_tools(team, scenario, ctx);
    }
    repairs_reach_code(scenario, kinds, stages, ctx);
    promises_something(scenario, ctx);
}

/// Who says what is done in slack says that what waits for it is read: else nothing would ever come past that.
fn reads_when_idle(team: &TeamTable, scenario: &Scenario, ctx: &mut CompileContext<'_>) {
    let Some(order) = &team.when_held else { return };
    let waits = |stage: &StageTable| {
        stage.review.as_ref().is_some_and(|review| matches!(review.pick_up, PickUp::WhenIdle))
    };
    let Some((stage, _)) = scenario.stage.iter().find(|(_, stage)| waits(stage)) else { return };
    if !order.contains(&Meanwhile::Review) {
        let message = format!("nobody would ever read what waits at `{stage}` until somebody is idle");
        ctx.problems
            .error(format!("team.{}.when_held", team.name), message)
            .help("add \"review\" to the list, or give that stage another pick_up");
    }
}

/// A roadmap promises initiatives, and puts the rest behind them in an order.
fn promises_something(scenario: &Scenario, ctx: &mut CompileContext<'_>) {
    if scenario.mechanisms.roadmap.is_none() {
        return;
    }
    if scenario.work.values().all(|work| work.initiative.is_none()) {
        ctx.problems
            .error("roadmap", "no work comes as initiatives, so there is nothing to promise")
            .help("write initiative = { size = \"60 days\" } for a kind of work, or leave [roadmap] out");
    }
    for team in scenario.team.iter().filter(|team| team.order == Discipline::Random) {
        ctx.problems
            .error(
                format!("team.{}.order", team.name),
                "a team that picks its work at random cannot keep promises",
            )
            .help("give the team another order, or leave [roadmap] out");
    }
}

/// Tools are tended to where there are any.
fn tends_to_tools(team: &TeamTable, scenario: &Scenario, ctx: &mut CompileContext<'_>) {
    let tends = team.when_held.as_ref().is_some_and(|order| order.contains(&Meanwhile::Tools));
    if tends && scenario.mechanisms.tooling.is_none() {
        ctx.problems
            .error(format!("team.{}.when_held", team.name), "there are no tools to tend to")
            .help("extend the preset \"typical\", or write a [tooling] table, or leave \"tools\" out");
    }
}

/// What may not wait is turned away before whatever never begins it at the instant at which it comes.
fn waits(name: &str, table: &WorkTable, scenario: &Scenario, ctx: &mut CompileContext<'_>) {
    let Some(StepTable::Stage(first)) = table.route.first() else { return };
    let Some(stage) = scenario.stage.get(first) else { return };
    if table.waits || !is_never_at_once(stage, scenario) {
        return;
    }
    ctx.problems
        .error(
            format!("work.{name}.waits"),
            format!("everything waits at `{first}`, if only for a moment: all of it would be refused"),
        )
        .help("leave `waits` out, or write inclusive = true at what it waits for there");
}

/// Whether all that comes to a stage waits for a meeting or a departure that is later than its coming.
fn is_never_at_once(stage: &StageTable, scenario: &Scenario) -> bool {
    // What passes without being asked does not wait.
    if stage.applies_to.is_some() || stage.clear_enough.is_some() {
        return false;
    }
    let meets_later = |name: &String| scenario.board.get(name).is_some_and(|board| !board.inclusive);
    let gates = [&stage.gate, &stage.board, &stage.approver, &stage.chain];
    if let Some(gate) = gates.into_iter().flatten().next() {
        let board = scenario.board.get(gate).is_some_and(|board| board.automatic.fraction() <= 0.0);
        let chain = scenario.chain.get(gate).filter(|chain| chain.automatic.fraction() <= 0.0);
        return board && meets_later(gate)
            || chain.is_some_and(|chain| match chain.mode {
                ChainMode::Series => chain.members.first().is_some_and(meets_later),
                ChainMode::Parallel => chain.members.iter().all(meets_later),
            });
    }
    let train = stage.release.as_ref().and_then(|release| release.train.as_ref());
    train.is_some_and(|train| !train.inclusive)
}

/// The word for arrivals that come after no gaps.
fn without_gaps(arrivals: &ArrivalsTable) -> Option<&'static str> {
    match arrivals {
        ArrivalsTable::Poisson(_)
        | ArrivalsTable::Gaps(_)
        | ArrivalsTable::Load(_)
        | ArrivalsTable::Every(_) => None,
        ArrivalsTable::None => Some("none"),
        ArrivalsTable::Endless(_) => Some("endless"),
        ArrivalsTable::Trace(_) => Some("trace"),
        ArrivalsTable::After(_) => Some("after"),
    }
}

/// Gaps are stretched over levels that wander: where there are none, it would do nothing.
fn wander(name: &str, table: &WorkTable, ctx: &mut CompileContext<'_>) {
    if let (Some(_), Some(word)) = (&table.wander, without_gaps(&table.arrivals)) {
        ctx.problems
            .error(
                format!("work.{name}.wander"),
                format!("arrivals of the sort “{word}” have no rate that could wander"),
            )
            .help("write arrivals as poisson, gaps, every or load, or leave `wander` out");
    }
}

/// A profile stretches gaps that are drawn: where none are, it would do nothing.
fn profile(name: &str, table: &WorkTable, ctx: &mut CompileContext<'_>) {
    let Some(profile) = &table.profile else { return };
    let path = format!("work.{name}.profile");
    let word = match &table.arrivals {
        ArrivalsTable::Every(_) => Some("every"),
        arrivals => without_gaps(arrivals),
    };
    if let Some(word) = word {
        ctx.problems
            .error(&path, format!("arrivals of the sort “{word}” have no rate that a profile could change"))
            .help("write arrivals as poisson, gaps or load, or leave the profile out");
        return;
    }
    pieces(&path, profile, ctx);
}

fn pieces(path: &str, table: &ProfileTable, ctx: &mut CompileContext<'_>) {
    if table.pieces.is_empty() && table.period.is_some() {
        ctx.problems
            .error(format!("{path}.period"), "there are no pieces that could come round again")
            .help("write pieces = [{ from = \"0 days\", rate = \"100%\" }, …], or leave the period out");
    }
    if table.pieces.is_empty() && table.growth.is_none() {
        ctx.problems
            .error(path, "a profile without pieces and growth changes nothing")
            .help("write pieces = [{ from = \"6 months\", rate = \"150%\" }] or growth = \"20%\"");
    }
    let begins: Vec<f64> = table.pieces.iter().map(|piece| ctx.hours(piece.from)).collect();
    let period = table.period.map(|period| (period, ctx.hours(period)));
    for (at, piece) in table.pieces.iter().enumerate() {
        let place = format!("{path}.pieces.{at}.from");
        if let Some((period, hours)) = period
            && begins[at] >= hours
        {
            let message =
                format!("{} is not before the end of the period of {period}: it never comes", piece.from);
            ctx.problems.error(&place, message).help("begin the piece earlier, or lengthen the period");
        }
        if begins[..at].contains(&begins[at]) {
            let message = format!("two pieces begin at {}, so one of them does nothing", piece.from);
            ctx.problems.error(&place, message).help("keep one of the two");
        }
    }
}

/// Debt is repaid where code is written: a repair that passes no such stage would repay nothing.
fn repairs_reach_code(
    scenario: &Scenario,
    kinds: &[KindPlan],
    stages: &[StagePlan],
    ctx: &mut CompileContext<'_>,
) {
    let Some(name) = scenario.mechanisms.debt.as_ref().and_then(|debt| debt.repair.as_ref()) else { return };
    let Some(kind) = kinds.iter().find(|kind| kind.name == *name) else { return };
    let writes = kind.route.iter().flat_map(targets).any(|(stage, _)| stages[stage.at()].writes_code);
    if !writes && !kind.route.is_empty() {
        ctx.problems
            .error(
                "debt.repair",
                format!("`{name}` passes no stage where code is written, so it repays nothing"),
            )
            .help("write code = true at the stage where it is worked on");
    }
}
