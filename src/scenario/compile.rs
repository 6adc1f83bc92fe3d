//! Compiling: a checked scenario becomes a compiled plan, or says everything that is wrong with it.

mod acts;
mod bounds;
mod gates;
mod growth;
mod headline;
mod load;
mod nesting;
mod people;
mod staffing;
mod stages;
mod today;
mod trace;
mod value;
mod work;

pub use load::{Load, LoadSort, loads};
pub(super) use work::{stages_of, targets};

use super::tables::{EfficiencyTable, LimitTable, Scenario, SwitchingTable};
use kernel::units::{StageId, TeamId, Ticks};
use model::compile_context::{CompileContext, Names};
use model::compiled_plan::CompiledPlan;
use model::layout::{LINES_PER_TEAM, LineTable};
use model::mechanisms::Subscriptions;
use model::mechanisms::{Params, absence, approval, demand, interruptions, juggling, leadership, wander};
use model::plan::{LIMIT_GROUPS, LimitPlan, Switching, TeamPlan};
use model::script::Files;
use notation::diagnostic::Diagnostics;
use std::collections::BTreeMap;
use std::ops::Range;

/// Arrival rates per hour by kind of work and team, as the baseline's loads work out: a policy
/// that adds people must not thereby add demand.
pub type Rates = BTreeMap<(String, String), f64>;

/// The most people a scenario may have in all.
const MOST_PEOPLE: u64 = 1_000_000;

/// Compiles a scenario. `rates` are the baseline's, when it was compiled before.
///
/// Returns nothing if `problems` has errors.
pub fn compile(
    scenario: &Scenario,
    rates: &mut Rates,
    files: &dyn Files,
    problems: &mut Diagnostics,
) -> Option<CompiledPlan> {
    let names = names(scenario);
    let mut ctx = CompileContext { calendar: scenario.clock, names, files, problems };
    if !bounds::counts_fit(scenario, &mut ctx) || !has_people_and_work(scenario, &mut ctx) {
        return None;
    }
    let mut stages = stages::compile(scenario, &mut ctx);
    let limits = limits(&scenario.limit, &mut stages, &mut ctx);
    let (mut teams, components) = people::compile(scenario, &mut ctx);
    stages::keep_makers(&mut stages, &teams);
    let mut kinds = work::kinds(scenario, &stages, &mut ctx);
    headline::mark(scenario, &mut kinds);
    acts::check(scenario, &kinds, &stages, &mut ctx);
    let approval = gates::compile(scenario, &mut teams, &mut kinds, &mut stages, &mut ctx);
    stages::add_departures(scenario, &mut kinds, &mut stages, &mut ctx);
    if ctx.problems.has_errors() {
        return None;
    }
    let servers = stages::servers(&stages, &teams, &kinds);
    let serves = |team: TeamId, stage: StageId| servers[stage.at()].contains(&team);
    let (lines, ranges) = LineTable::lay_out(teams.len(), &stages, serves);
    give_lines(&mut teams, ranges, &mut ctx);
    let today = today::compile(scenario, &mut teams, &mut ctx);
    let value = scenario.value.as_ref().map(|table| value::compile(table, scenario, &kinds, &mut ctx));
    let failure = scenario.failure.compile(&mut ctx);
    let demand = work::demand(scenario, &teams, &kinds, &stages, rates, &mut ctx);
    growth::check(&demand, &failure, &kinds, &stages, &mut ctx);
    let params = params(scenario, demand, approval, &kinds, &mut ctx);
    let day = Ticks::from_hours(scenario.clock.hours_per_day);
    let compiled_plan = CompiledPlan {
        switching: switching(&scenario.switching, &mut ctx),
        failure,
        teams,
        kinds,
        stages,
        limits,
        components,
        lines,
        servers,
        value,
        day,
        week: Ticks::from_hours(scenario.clock.hours_per_day * scenario.clock.days_per_week),
        year: Ticks::from_hours(scenario.clock.hours_per_day * scenario.clock.days_per_year),
        population_limit: scenario.population_limit,
        within: scenario.measure.within.spans().map(|span| span.hours(&scenario.clock)).collect(),
        params,
        today,
        has_priorities: false,
        has_preemption: false,
        has_platform: false,
        has_places: false,
        subscriptions: Subscriptions::default(),
        weekly: 0,
        pacing: 0,
    }
    .prepared();
    if !ctx.problems.has_errors() {
        bounds::check(&compiled_plan, scenario, &mut ctx);
    }
    (!problems.has_errors()).then_some(compiled_plan)
}

/// Each team has its waiting lines among all.
fn give_lines(teams: &mut [TeamPlan], ranges: Vec<Range<u32>>, ctx: &mut CompileContext<'_>) {
    for (team, range) in teams.iter_mut().zip(ranges) {
        if range.len() > LINES_PER_TEAM {
            let message = format!("more than {LINES_PER_TEAM} waiting lines: too many stages for one team");
            ctx.problems.error(format!("team.{}", team.name), message);
        }
        team.lines = range;
    }
}

fn has_people_and_work(scenario: &Scenario, ctx: &mut CompileContext<'_>) -> bool {
    let problems = &mut ctx.problems;
    if scenario.team.is_empty() {
        problems
            .error("team", "there is no team: nobody could do the work")
            .help("write [[team]] with a name and a number of engineers");
    }
    if scenario.work.is_empty() {
        problems
            .error("work", "there is no work")
            .help("write [work.NAME] with arrivals and a route, or extend the preset \"typical\"");
    }
    let people: u64 = scenario.team.iter().map(|team| u64::from(team.engineers)).sum();
    if people > MOST_PEOPLE {
        problems.error("team", format!("{people} people are more than the {MOST_PEOPLE} that fit"));
    }
    !problems.has_errors()
}

/// Stages come in the order in which routes pass them: of two lines, the later stage's goes first.
fn names(scenario: &Scenario) -> Names {
    let mut stages: Vec<String> = Vec::new();
    let mut routes: Vec<_> = scenario.work.values().map(|work| &work.route).collect();
    routes.sort_by_key(|route| std::cmp::Reverse(route.len()));
    for step in routes.into_iter().flatten() {
        for stage in work::stages_of(step) {
            if scenario.stage.contains_key(stage) && !stages.iter().any(|known| known == stage) {
                stages.push(stage.to_owned());
            }
        }
    }
    let unused: Vec<String> = scenario.stage.keys().filter(|name| !stages.contains(name)).cloned().collect();
    stages.extend(unused);
    let gates = scenario.board.keys().chain(scenario.approver.keys()).chain(scenario.chain.keys());
    let leaders = scenario.leader.keys().flat_map(|name| [name.clone(), gates::clarity_desk(name)]);
    Names {
        teams: scenario.team.iter().map(|team| team.name.clone()).collect(),
        kinds: scenario.work.keys().cloned().collect(),
        gates: gates.cloned().chain(leaders).collect(),
        stages,
    }
}

fn limits(
    tables: &BTreeMap<String, LimitTable>,
    stages: &mut [model::plan::StagePlan],
    ctx: &mut CompileContext<'_>,
) -> Vec<LimitPlan> {
    if tables.len() > LIMIT_GROUPS {
        ctx.problems.error("limit", format!("more than {LIMIT_GROUPS} limits"));
        return Vec::new();
    }
    let mut plans = Vec::new();
    for (at, (name, table)) in tables.iter().enumerate() {
        for stage in &table.stages {
            if let Some(stage) = ctx.stage(&format!("limit.{name}.stages"), stage) {
                stages[stage.at()].groups |= 1 << at;
            }
        }
        plans.push(LimitPlan { name: name.clone(), items: table.items.max(1) });
    }
    plans
}

fn switching(table: &SwitchingTable, ctx: &mut CompileContext<'_>) -> Switching {
    let resumption =
        table.resumption.as_ref().map(|distribution| ctx.distribution("switching.resumption", distribution));
    let efficiency = match &table.efficiency {
        EfficiencyTable::None => vec![1.0],
        EfficiencyTable::Weinberg => vec![1.0, 0.8, 0.6, 0.4, 0.25],
        EfficiencyTable::Table(shares) => shares.iter().map(|share| share.fraction()).collect(),
        EfficiencyTable::Resumption => {
            let lost = resumption.as_ref().map_or(0.0, kernel::distribution::Distribution::mean);
            let returns = table.returns_per_day.map_or(2.0, |number| number.value());
            called_back(lost * returns / ctx.calendar.hours_per_day)
        }
    };
    if efficiency.is_empty() || efficiency.iter().any(|share| *share <= 0.0) {
        ctx.problems.error("switching.efficiency", "every share must be above 0 %");
        return Switching { efficiency: vec![1.0], resumption };
    }
    Switching { efficiency, resumption }
}

/// What it costs to take up another initiative than the last.
fn juggling(table: &SwitchingTable, ctx: &mut CompileContext<'_>) -> juggling::Params {
    let law = table.initiative.as_ref();
    let law = law.map(|distribution| ctx.distribution("switching.initiative", distribution));
    juggling::Params { resumption: law.filter(|law| law.mean() > 0.0) }
}

/// φ(k) when each of k items (k > 1) calls its owner back, at this share of a day each.
fn called_back(share_each: f64) -> Vec<f64> {
    (1..=20)
        .map(|items| if items == 1 { 1.0 } else { (1.0 - share_each * f64::from(items)).max(0.2) })
        .collect()
}

/// Leaders, with the desks that are gates by now.
fn leaders(
    scenario: &Scenario,
    approval: &approval::Params,
    ctx: &mut CompileContext<'_>,
) -> leadership::Params {
    let desk = |name: &str| {
        let gate = approval.gates.iter().find(|gate| gate.name == name).map(|gate| &gate.sort);
        if let Some(approval::GateSort::Approver(approver)) = gate { approver.team } else { TeamId(0) }
    };
    let compile = |(name, table): (&String, &leadership::Table)| {
        table.compile(name, [desk(name), desk(&gates::clarity_desk(name))], ctx)
    };
    scenario.leader.iter().map(compile).collect()
}

/// Work that two rules kill, one of which knows what the other has yet to find out, would be counted twice.
fn kills_once(scenario: &Scenario, ctx: &mut CompileContext<'_>) {
    let rule = scenario.mechanisms.priorities.as_ref().is_some_and(|rule| rule.kill_below.fraction() > 0.0);
    if rule && scenario.mechanisms.learning.is_some() {
        ctx.problems
            .error("priorities.kill_below", "with [learning], what is measured decides what is killed")
            .help("write kill_below = \"0%\" in [priorities], and learning.kill_below instead");
    }
}

/// What fails in production is an incident; without them a chance of failing would be read and never drawn.
fn failures_have_consequences(scenario: &Scenario, ctx: &mut CompileContext<'_>) {
    let failure = &scenario.failure;
    let fails = [
        ("failure.base", failure.base.fraction() > 0.0),
        ("failure.batch", failure.batch != 0.0),
        ("failure.deployment", failure.deployment.fraction() > 0.0),
    ];
    let written = fails.iter().find(|(_, is_written)| *is_written);
    if let (None, Some((path, _))) = (&scenario.mechanisms.incidents, written) {
        ctx.problems
            .error(*path, "there is no [incidents], without which no change fails in production")
            .help("extend the preset \"typical\", or write an [incidents] table, or leave [failure] out");
    }
}

fn params(
    scenario: &Scenario,
    demand: demand::Params,
    approval: approval::Params,
    kinds: &[model::plan::KindPlan],
    ctx: &mut CompileContext<'_>,
) -> Params {
    let deciding = (0..scenario.work.len())
        .map(kernel::units::KindId::new)
        .filter(|kind| scenario.work[&kinds[kind.at()].name].decides)
        .collect();
    if let (None, Some(kind)) =
        (&scenario.mechanisms.clarity, kinds.iter().find(|kind| kind.own.clarity.fuzziness.is_some()))
    {
        ctx.problems
            .error(format!("work.{}.fuzziness", kind.name), "there is no [clarity] to say what comes of it")
            .help("extend the preset \"typical\", or write a [clarity] table");
    }
    failures_have_consequences(scenario, ctx);
    let leaders = leaders(scenario, &approval, ctx);
    kills_once(scenario, ctx);
    let mut params = scenario.mechanisms.compile(ctx);
    params.verification.get_or_insert_default();
    params.priorities.get_or_insert_default();
    params.meetings.get_or_insert_default();
    if let Some(decisions) = &mut params.decisions {
        decisions.kinds = deciding;
    }
    let teams = scenario.team.iter();
    Params {
        leadership: (!leaders.is_empty()).then_some(leaders),
        demand: Some(demand),
        coding: Some(()),
        juggling: Some(juggling(&scenario.switching, ctx)),
        review: Some(()),
        approval: Some(approval),
        release: Some(()),
        absence: absence::compile(teams.clone().map(|team| (&*team.name, team.absence.as_ref())), ctx),
        interruptions: Some(interruptions::compile(
            teams.clone().map(|team| (&*team.name, team.interruptions.as_ref())),
            ctx,
        )),
        wander: Some(wander::compile(teams.map(|team| (&*team.name, team.wander.as_ref())), ctx)),
        dependencies: scenario.stage.values().any(|stage| stage.parts.is_some()).then_some(()),
        ..params
    }
}
