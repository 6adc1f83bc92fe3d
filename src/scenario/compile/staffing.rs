//! How teams are staffed and equipped: targets, people who leave at a date, hours for tools, assistants.

use crate::tables::{Past, Scenario, TeamTable};
use kernel::units::{Instant, Ticks};
use model::compile_context::CompileContext;
use model::staffing::{AREAS, Leave, Staffing};

pub fn compile(table: &TeamTable, scenario: &Scenario, ctx: &mut CompileContext<'_>) -> Staffing {
    idle_levers(table, scenario, ctx);
    let tooling = tooling(table);
    if tooling.iter().sum::<f64>() > 1.0 {
        ctx.problems.error(format!("team.{}.tooling", table.name), "more than all hours go into tools");
    }
    Staffing {
        target: table.target.unwrap_or(table.engineers).min(MOST_TARGET),
        leaves: leaves(table, scenario, ctx),
        sharing_hours: ctx.hours(table.sharing),
        tooling,
        assisted: table.assisted.fraction(),
    }
}

fn tooling(table: &TeamTable) -> [f64; AREAS] {
    let shares = &table.tooling;
    [shares.builds, shares.deployment, shares.environments, shares.documents].map(|share| share.fraction())
}

/// A team beyond this is a slip of the pen.
const MOST_TARGET: u32 = 10_000;

/// A lever whose mechanism is absent would do nothing, silently.
fn idle_levers(table: &TeamTable, scenario: &Scenario, ctx: &mut CompileContext<'_>) {
    let path = |lever: &str| format!("team.{}.{lever}", table.name);
    let needs = |present: bool, used: bool, lever: &str, wants: &str, ctx: &mut CompileContext<'_>| {
        if used && !present {
            ctx.problems
                .error(path(lever), format!("does nothing without a table [{wants}]"))
                .help("extend the preset \"typical\", which has one, or write it");
        }
    };
    let people = scenario.mechanisms.people.is_some();
    needs(people, table.target.is_some(), "target", "people", ctx);
    needs(people, !table.leaves.is_empty(), "leaves", "people", ctx);
    let tooled = tooling(table).iter().any(|share| *share > 0.0);
    needs(scenario.mechanisms.tooling.is_some(), tooled, "tooling", "tooling", ctx);
    let assisted = table.assisted.fraction() > 0.0;
    needs(scenario.mechanisms.assistance.is_some(), assisted, "assisted", "assistance", ctx);
    needs(people, table.sharing.amount() > 0.0, "sharing", "people", ctx);
}

/// Dates are counted from the fork, as everything that policies date is.
fn leaves(table: &TeamTable, scenario: &Scenario, ctx: &CompileContext<'_>) -> Vec<Leave> {
    let clock = &scenario.clock;
    let fork = match &scenario.past {
        Past::None => Ticks::ZERO,
        Past::Common(span) => ctx.ticks(*span),
        Past::Own => Ticks::from_hours(clock.days_per_year * clock.hours_per_day),
    };
    table
        .leaves
        .iter()
        .map(|leave| Leave {
            at: Instant::START + fork + ctx.ticks(leave.at),
            people: leave.people,
            who: leave.who,
        })
        .collect()
}
