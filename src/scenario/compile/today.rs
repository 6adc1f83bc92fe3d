//! What is open today, from a file beside the scenario.

use crate::tables::{OpenTable, Scenario};
use kernel::units::{KindId, TeamId, Ticks};
use model::compile_context::CompileContext;
use model::plan::TeamPlan;
use model::today::{OpenItem, OpenRow, Today};
use notation::diagnostic::{advice, quoted};
use std::sync::Arc;

const PATH: &str = "open.file";
/// Rows that are wrong are told up to so many; of more it is told how many.
const TOLD: usize = 5;

/// What is open, where a scenario says it; every date of a plan is then as much later as the clock begins before the past.
pub fn compile(
    scenario: &Scenario,
    teams: &mut [TeamPlan],
    ctx: &mut CompileContext<'_>,
) -> Option<Arc<Today>> {
    let today = read(scenario.open.as_ref()?, teams, scenario.population_limit, ctx)?;
    let leaves = teams.iter_mut().flat_map(|team| &mut team.staffing.leaves);
    leaves.for_each(|leave| leave.at = leave.at + today.reaches);
    Some(today)
}

/// The items of the file; nothing where something is wrong with it, which is then said.
fn read(
    table: &OpenTable,
    teams: &[TeamPlan],
    most: u64,
    ctx: &mut CompileContext<'_>,
) -> Option<Arc<Today>> {
    let rows = match ctx.files.open_items(&table.file) {
        Ok(rows) => rows,
        Err(reason) => {
            ctx.problems.error(PATH, reason);
            return None;
        }
    };
    if rows.len() as u64 > most {
        let message = format!("{} items are more than the {most} that may be open", rows.len());
        ctx.problems.error(PATH, message).help("raise population_limit");
        return None;
    }
    let mut items = Vec::with_capacity(rows.len());
    let mut wrong = Vec::new();
    for row in rows.iter() {
        match item(row, teams, ctx) {
            Ok(item) => items.push(item),
            Err(said) => wrong.push(said),
        }
    }
    for (message, help) in wrong.iter().take(TOLD) {
        ctx.problems.error(PATH, format!("{}, {message}", table.file)).help(help);
    }
    let more = wrong.len().saturating_sub(TOLD);
    if more > 0 {
        ctx.problems.error(
            PATH,
            format!("{}: {more} more {} wrong", table.file, if more == 1 { "row is" } else { "rows are" }),
        );
    }
    let week = ctx.calendar.hours_per_day * ctx.calendar.days_per_week;
    wrong.is_empty().then(|| Arc::new(Today::of(items, Ticks::from_hours(week))))
}

/// An item with its names understood, or what is wrong and what to do.
fn item(row: &OpenRow, teams: &[TeamPlan], ctx: &CompileContext<'_>) -> Result<OpenItem, (String, String)> {
    let line = row.line;
    let kinds = &ctx.names.kinds;
    let Some(kind) = kinds.iter().position(|name| *name == row.kind) else {
        let help = advice(&row.kind, kinds.iter().map(String::as_str));
        return Err((format!("line {line}: there is no kind of work {}", quoted(&row.kind)), help));
    };
    let team = match row.team.as_str() {
        "" if ctx.names.teams.len() == 1 => 0,
        "" => {
            let help = "write a column `team` with the names of the scenario's teams";
            return Err((format!("line {line}: whose is it, of several teams?"), help.to_owned()));
        }
        name => teams.iter().position(|team| !team.is_leader && team.name == name).ok_or_else(|| {
            let help = advice(name, ctx.names.teams.iter().map(String::as_str));
            (format!("line {line}: there is no team {}", quoted(name)), help)
        })?,
    };
    let ticks = |days: f64| Ticks::from_hours(days * ctx.calendar.hours_per_day);
    if row.started.is_some_and(|started| started > row.created) {
        let help = "write how many days ago each was: the beginning is not longer ago than the creation";
        return Err((format!("line {line}: begun before it was created"), help.to_owned()));
    }
    Ok(OpenItem {
        kind: KindId::new(kind),
        team: TeamId::new(team),
        created: ticks(row.created),
        started: row.started.map(ticks),
        initiative: row.initiative,
    })
}
