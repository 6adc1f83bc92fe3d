//! Teams and the code they own.

use super::staffing;
use crate::tables::{CodeTable, InitiativesTable, PartTimeTable, Scenario, TeamTable, WipTable};
use kernel::distribution::Distribution;
use kernel::units::{TeamId, Ticks};
use model::compile_context::CompileContext;
use model::plan::{ComponentPlan, InitiativeLimit, TeamPlan, Wip};
use model::slack::{Meanwhile, SlackPlan};
use model::staffing::Staffing;

pub fn compile(scenario: &Scenario, ctx: &mut CompileContext<'_>) -> (Vec<TeamPlan>, Vec<ComponentPlan>) {
    let mut teams = Vec::new();
    let mut components = Vec::new();
    for (at, table) in scenario.team.iter().enumerate() {
        if scenario.team[..at].iter().any(|earlier| earlier.name == table.name) {
            ctx.problems.error(format!("team.{}", table.name), "two teams have this name");
        }
        let first = components.len() as u32;
        if let Some(code) = &table.code {
            components.extend(code_of(TeamId::new(at), table, code, ctx));
        }
        let mut team = team(table, ctx);
        team.staffing = staffing::compile(table, scenario, ctx);
        team.components = first..components.len() as u32;
        teams.push(team);
    }
    (teams, components)
}

fn team(table: &TeamTable, ctx: &mut CompileContext<'_>) -> TeamPlan {
    let path = format!("team.{}", table.name);
    let attention = table.attention.fraction();
    if attention <= 0.0 {
        ctx.problems.error(format!("{path}.attention"), "nobody would ever work: it must be above 0 %");
    }
    if table.engineers == 0 {
        ctx.problems.error(format!("{path}.engineers"), "a team needs at least one engineer");
    }
    let skill = match &table.skill {
        Some(distribution) => ctx.number_distribution(&format!("{path}.skill"), distribution),
        None => Distribution::Constant(1.0),
    };
    TeamPlan {
        name: table.name.clone(),
        engineers: table.engineers.max(1),
        part_time: part_time(table, &path, ctx),
        is_leader: false,
        kind: table.kind,
        owns: owns(table),
        attention,
        elsewhere: -libm::log(attention.max(1e-9)),
        skill,
        wip: wip(&table.wip),
        finish_first: table.finish_first,
        slack: slack(table, &path, ctx),
        usual: u128::MAX,
        health_share: table.share.health.map(|share| share.fraction()),
        quarter: Ticks::from_hours(ctx.calendar.days_per_quarter * ctx.calendar.hours_per_day),
        discipline: table.order,
        pressure: table.pressure.fraction(),
        staffing: Staffing::default(),
        components: 0..0,
        lines: 0..0,
        limits_entry: false,
    }
}

/// What its people do when nothing planned may be started.
fn slack(table: &TeamTable, path: &str, ctx: &mut CompileContext<'_>) -> Option<SlackPlan> {
    let help = table.help.as_ref();
    let order = table.when_held.clone()?;
    if let Some(twice) = (1..order.len()).find(|at| order[..*at].contains(&order[*at])) {
        ctx.problems.error(format!("{path}.when_held.{twice}"), "this stands in the list already");
    }
    if help.is_none() && order.contains(&Meanwhile::Help) {
        let message = "how fast is it with help? Write help = { speed = 0.5, from = \"2 hours\" }";
        ctx.problems.error(format!("{path}.when_held"), message);
    }
    let (speed, from) = help.map_or((0.0, 0.0), |help| (help.speed, ctx.hours(help.from)));
    Some(SlackPlan { order, speed, from: Ticks::from_hours(from), lines: [0; Meanwhile::SORTS] })
}

/// What a team has to hold in mind.
fn owns(table: &TeamTable) -> f64 {
    let weighed = |code: &CodeTable| code.weight * f64::from(code.components.clamp(1, 1000));
    table.code.as_ref().map_or(0.0, weighed)
}

fn wip(table: &WipTable) -> Wip {
    Wip {
        initiatives: match table.initiatives {
            InitiativesTable::Fixed(limit) => limit.number().map(InitiativeLimit::Fixed),
            InitiativesTable::PerHead(table) => Some(InitiativeLimit::PerHead(table.per_head)),
        },
        items: table.items.number(),
        team: table.team.number(),
        active: table.active.number(),
    }
}

/// The part of the week each of the part-time people gives.
fn part_time(table: &TeamTable, path: &str, ctx: &mut CompileContext<'_>) -> Vec<f64> {
    let given = |part: &PartTimeTable| std::iter::repeat_n(part.share.fraction(), part.people as usize);
    let people: u64 = table.part_time.iter().map(|part| u64::from(part.people)).sum();
    if people > u64::from(table.engineers) {
        let message = format!("{people} people work part-time in a team of {}", table.engineers);
        ctx.problems.error(format!("{path}.part_time"), message);
        return Vec::new();
    }
    if table.part_time.iter().any(|part| part.share.fraction() <= 0.0) {
        ctx.problems.error(format!("{path}.part_time"), "everybody gives more than 0 % of the week");
    }
    table.part_time.iter().flat_map(given).collect()
}

/// A team's components: changes and sizes fall on them by weights 1/rank^concentration, each with its own.
fn code_of(
    team: TeamId,
    table: &TeamTable,
    code: &CodeTable,
    ctx: &mut CompileContext<'_>,
) -> Vec<ComponentPlan> {
    let count = code.components.clamp(1, 1000);
    let total = ctx.hours(code.size_per_engineer) * f64::from(table.engineers);
    let parts = |concentration: f64| {
        let weights: Vec<f64> = (1..=count).map(|rank| libm::pow(f64::from(rank), -concentration)).collect();
        let sum: f64 = weights.iter().sum();
        (weights, sum)
    };
    let (weights, sum) = parts(code.concentration);
    let (sizes, all) = parts(code.size_concentration.unwrap_or(code.concentration));
    let mut reached = 0.0;
    weights
        .iter()
        .enumerate()
        .map(|(at, weight)| {
            reached += weight / sum;
            ComponentPlan {
                name: format!("{} {}", table.name, at + 1),
                team,
                size_hours: total * sizes[at] / all,
                density: code.density.fraction(),
                traffic: weight / sum,
                reached,
            }
        })
        .collect()
}
