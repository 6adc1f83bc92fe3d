//! What work is worth, compiled.

use crate::tables::{Scenario, ValueModel, ValueTable, WorkTable};
use kernel::distribution::Distribution;
use model::compile_context::CompileContext;
use model::mechanisms::demand::ArrivalsTable;
use model::plan::{KindPlan, ValuePlan};
use model::worth::{Waiting, Worth};

pub fn compile(
    table: &ValueTable,
    scenario: &Scenario,
    kinds: &[KindPlan],
    ctx: &mut CompileContext<'_>,
) -> ValuePlan {
    check_currency(table, ctx);
    let mean_hours = mean_hours(scenario, kinds);
    let payback = ctx.period("value.payback", table.payback).hours();
    ValuePlan {
        model: match table.model {
            ValueModel::Equal => 0,
            ValueModel::Effort => 1,
            ValueModel::Heavy => 2,
        },
        mean_rate: if mean_hours > 0.0 { mean_hours / payback } else { 1.0 / payback },
        mean_hours,
        tail_sigma: table.tail_sigma,
        value_error: table.value_error,
        size_error: table.size_error,
        at_completion: table.at_completion.fraction(),
        worth: worth(table, ctx),
        waiting: waiting(table, ctx),
        product: table.product.fraction(),
    }
}

/// Letters of a currency's name at most: it stands behind numbers in tables and on axes.
const LONGEST_CURRENCY: usize = 20;

/// Whether people see a letter of a currency's name: it is not invisible, and does not turn the direction of what follows.
fn is_seen(letter: char) -> bool {
    !letter.is_control()
        && !matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn check_currency(table: &ValueTable, ctx: &mut CompileContext<'_>) {
    let Some(currency) = &table.currency else { return };
    let help = "write currency = \"€\", or \"USD\"";
    let length = currency.trim().chars().count();
    if length == 0 || length > LONGEST_CURRENCY || !currency.chars().all(is_seen) {
        let message = format!("a currency is a name of 1 to {LONGEST_CURRENCY} letters or signs");
        ctx.problems.error("value.currency", message).help(help);
    }
    if table.engineer_month.is_none() {
        ctx.problems
            .error("value.currency", "this does nothing: nothing says what an engineer-month costs")
            .help(
                "write engineer_month = 12000, what one engineer costs in a month, or leave the currency out",
            );
    }
}

fn waiting(table: &ValueTable, ctx: &mut CompileContext<'_>) -> Waiting {
    let dated = table.dated.fraction();
    if dated > 0.0 && table.date.is_none() {
        ctx.problems
            .error("value.dated", "some items have a date, and nothing says when that is")
            .help("write date = { lognormal = { median = \"1 quarter\", sigma = 0.6 } }");
    }
    let date = table.date.as_ref().map(|date| ctx.distribution("value.date", date));
    Waiting {
        fade: table.wait_half_life.fade(&ctx.calendar),
        dated,
        date: date.unwrap_or(Distribution::Constant(0.0)),
        late: table.late.fraction(),
    }
}

/// The mean size of valued work, each kind counted alike. Only what comes from outside has a size that says something:
/// of what repairs other work it is what is written where no size is known.
fn mean_hours(scenario: &Scenario, kinds: &[KindPlan]) -> f64 {
    let valued = || kinds.iter().filter(|kind| kind.valued);
    let is_from_outside = |kind: &&KindPlan| scenario.work.get(&kind.name).is_some_and(comes_from_outside);
    let sizes = |of: &mut dyn Iterator<Item = &KindPlan>| -> Vec<f64> {
        of.filter_map(|kind| Some(kind.size.as_ref()?.mean())).collect()
    };
    let mut sizes_of = sizes(&mut valued().filter(is_from_outside));
    if sizes_of.is_empty() {
        sizes_of = sizes(&mut valued());
    }
    sizes_of.iter().sum::<f64>() / sizes_of.len().max(1) as f64
}

fn comes_from_outside(work: &WorkTable) -> bool {
    match work.arrivals {
        ArrivalsTable::None => work.backlog > 0,
        ArrivalsTable::After(_) => false,
        _ => true,
    }
}

fn worth(table: &ValueTable, ctx: &mut CompileContext<'_>) -> Worth {
    let year = ctx.calendar.hours_per_day * ctx.calendar.days_per_year;
    let fade = table.half_life.fade(&ctx.calendar);
    let discount = libm::log1p(table.discount.fraction()) / year;
    if fade + discount <= 0.0 {
        ctx.problems
            .error(
                "value.half_life",
                "what is live earns without end, and nothing is discounted: it is worth any amount",
            )
            .help("write half_life = \"3 years\", or discount = \"10%\"");
        return Worth { fade: 1.0, discount };
    }
    Worth { fade, discount }
}
