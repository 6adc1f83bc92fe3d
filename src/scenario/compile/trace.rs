//! Scripted arrivals: rows of times, sizes and work, written in the scenario or in a CSV file.

use super::work::targets;
use crate::files::date;
use crate::tables::{ArrivalsTable, DatesName, DisciplineName, Scenario, TraceTable, WorkTable};
use kernel::units::StageId;
use model::assembly::Assembly;
use model::plan::{Effort, Holder, KindPlan, StagePlan, Step};
use model::script::{Clock, DateOrder, Layout, Rows, Script, StageScript};
use notation::{Span, Unit};
use std::sync::Arc;

/// The rows of a kind's trace, where it has one that can be read.
pub fn script(name: &str, table: &WorkTable, assembly: &mut Assembly<'_>) -> Option<Arc<Script>> {
    let ArrivalsTable::Trace(trace) = &table.arrivals else { return None };
    let path = format!("work.{name}.arrivals.trace");
    let before = assembly.problems.error_count();
    for stage in trace.work.keys().chain(trace.work_columns.keys()) {
        assembly.stage(&format!("{path}.work"), stage);
    }
    let found = match &trace.file {
        Some(file) => from_file(&path, file, trace, assembly),
        None => written(&path, trace, assembly),
    };
    if assembly.problems.error_count() > before { None } else { found }
}

/// Rows that stand in the scenario.
fn written(path: &str, trace: &TraceTable, assembly: &mut Assembly<'_>) -> Option<Arc<Script>> {
    let of_file = trace.column.is_some()
        || trace.unit.is_some()
        || trace.size_column.is_some()
        || !trace.work_columns.is_empty()
        || trace.kind_column.is_some();
    if of_file {
        assembly.problems.error(path, "columns of which file?").help("write file = \"NAME.csv\" beside them");
    }
    if trace.times.is_empty() {
        assembly.problems.error(path, "no times").help("write times = [\"1 day\", …], or file and column");
        return None;
    }
    let mut hours = |name: &str, spans: &[Span]| -> Vec<f64> {
        if spans.len() != trace.times.len() {
            let message = format!("{} of them for {} times", spans.len(), trace.times.len());
            assembly.problems.error(format!("{path}.{name}"), message).help("write one for each time");
            return vec![f64::NAN; trace.times.len()];
        }
        spans.iter().map(|span| assembly.hours(*span)).collect()
    };
    let sizes = if trace.sizes.is_empty() { Vec::new() } else { hours("sizes", &trace.sizes) };
    let work = trace.work.iter().map(|(stage, spans)| hours(&format!("work.{stage}"), spans)).collect();
    let times = trace.times.iter().map(|span| assembly.hours(*span)).collect();
    let rows = Rows { hours: times, sizes, work };
    let stages: Vec<String> = trace.work.keys().cloned().collect();
    Some(Arc::new(Script::of(rows, &stages)))
}

fn from_file(path: &str, file: &str, trace: &TraceTable, assembly: &mut Assembly<'_>) -> Option<Arc<Script>> {
    if !trace.times.is_empty() || !trace.sizes.is_empty() || !trace.work.is_empty() {
        let help = "put all rows into the file, or leave the file out";
        assembly.problems.error(path, "rows both here and in a file: which comes first?").help(help);
    }
    let Some(time) = &trace.column else {
        assembly.problems.error(path, "which column holds the times?").help("write column = \"NAME\"");
        return None;
    };
    let kind = match (&trace.kind_column, trace.kinds.is_empty()) {
        (Some(column), false) => Some((column.clone(), trace.kinds.clone())),
        (None, true) => None,
        _ => {
            let help = "write kind_column = \"type\" and kinds = [\"Bug\"]";
            assembly.problems.error(path, "`kind_column` and `kinds` go together").help(help);
            None
        }
    };
    let layout = Layout {
        file: file.to_owned(),
        delimiter: delimiter(path, trace, assembly),
        decimal_comma: decimal_comma(path, trace, assembly),
        time: time.clone(),
        clock: clock(path, trace, assembly)?,
        size: trace.size_column.clone(),
        size_hours: size_hours(path, trace, assembly),
        work: trace.work_columns.clone().into_iter().collect(),
        kind,
    };
    match assembly.files.rows(&layout) {
        Ok(script) => Some(script),
        Err(reason) => {
            assembly.problems.error(path, reason);
            None
        }
    }
}

fn clock(path: &str, trace: &TraceTable, assembly: &mut Assembly<'_>) -> Option<Clock> {
    match (&trace.unit, trace.dates) {
        (Some(word), None) => {
            if trace.begins.is_some() {
                assembly.problems.error(format!("{path}.begins"), "only where times are dates");
            }
            Some(Clock::Numbers { hours: unit(&format!("{path}.unit"), word, assembly)? })
        }
        (None, Some(dates)) => {
            let order = match dates {
                DatesName::YearMonthDay => DateOrder::YearMonthDay,
                DatesName::DayMonthYear => DateOrder::DayMonthYear,
                DatesName::MonthDayYear => DateOrder::MonthDayYear,
            };
            let begins = trace.begins.as_ref().map(|text| date(text, order).map(|(day, _)| day));
            if begins == Some(None) {
                let help = "write it in the order that `dates` names";
                assembly.problems.error(format!("{path}.begins"), "is not a date").help(help);
            }
            let (hours_per_day, days_per_week) =
                (assembly.calendar.hours_per_day, assembly.calendar.days_per_week);
            Some(Clock::Dates { order, begins: begins.flatten(), hours_per_day, days_per_week })
        }
        (Some(_), Some(_)) => {
            let message = "either a unit, or dates: a column holds one or the other";
            assembly.problems.error(path, message);
            None
        }
        (None, None) => {
            let help = "write unit = \"days\", or dates = \"year-month-day\"";
            assembly.problems.error(path, "the column has no unit").help(help);
            None
        }
    }
}

fn unit(path: &str, word: &str, assembly: &mut Assembly<'_>) -> Option<f64> {
    match word.parse::<Unit>() {
        Ok(unit) => Some(unit.hours(&assembly.calendar)),
        Err(misread) => {
            assembly.problems.error(path, misread.message).help(misread.help);
            None
        }
    }
}

fn size_hours(path: &str, trace: &TraceTable, assembly: &mut Assembly<'_>) -> f64 {
    let has_sizes = trace.size_column.is_some() || !trace.work_columns.is_empty();
    match (&trace.size_unit, &trace.unit) {
        (Some(_), _) if !has_sizes => {
            assembly.problems.error(format!("{path}.size_unit"), "there is no column of sizes or work");
            1.0
        }
        (Some(word), _) => unit(&format!("{path}.size_unit"), word, assembly).unwrap_or(1.0),
        (None, Some(word)) => word.parse::<Unit>().map_or(1.0, |unit| unit.hours(&assembly.calendar)),
        (None, None) => {
            if has_sizes {
                let help = "write size_unit = \"hours\"";
                assembly.problems.error(path, "columns of sizes and work have no unit").help(help);
            }
            1.0
        }
    }
}

fn delimiter(path: &str, trace: &TraceTable, assembly: &mut Assembly<'_>) -> u8 {
    match trace.delimiter.as_deref() {
        None => b',',
        Some("tab" | "\t") => b'\t',
        Some(text) if text.len() == 1 && !text.starts_with(['"', '\n', '\r']) => text.as_bytes()[0],
        Some(_) => {
            let message = "one character separates columns";
            assembly.problems.error(format!("{path}.delimiter"), message).help("such as \";\" or \"tab\"");
            b','
        }
    }
}

fn decimal_comma(path: &str, trace: &TraceTable, assembly: &mut Assembly<'_>) -> bool {
    match trace.decimal.as_deref() {
        None | Some(".") => false,
        Some(",") => {
            if trace.delimiter.as_deref().is_none_or(|text| text == ",") {
                let help = "write delimiter = \";\", as such files have it";
                assembly
                    .problems
                    .error(format!("{path}.decimal"), "commas already separate columns")
                    .help(help);
            }
            true
        }
        Some(_) => {
            assembly.problems.error(format!("{path}.decimal"), "is \".\" or \",\"");
            false
        }
    }
}

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
    assembly: &mut Assembly<'_>,
) {
    let path = format!("work.{name}.arrivals.trace");
    let passes =
        |stage: &str| kind.route.iter().flat_map(targets).any(|(at, _)| stages[at.at()].name == stage);
    for (stage, _) in script.work.iter().filter(|(stage, _)| !passes(stage)) {
        let message = format!("`{name}` never passes `{stage}`: what it takes there acts on nothing");
        assembly.problems.error(format!("{path}.work"), message);
    }
    for (stage, _) in &script.work {
        let takes_hands = stages.iter().filter(|plan| plan.name == *stage).all(|plan| {
            matches!(plan.holder, Holder::Work { .. } | Holder::Review { .. } | Holder::Release(None))
        });
        if !takes_hands {
            let message = format!("nobody works at `{stage}`: a script says how long people work");
            assembly.problems.error(format!("{path}.work"), message);
        }
    }
    if !script.sizes.is_empty() {
        if table.items.is_some() {
            assembly
                .problems
                .error(format!("{path}.sizes"), "a row brings several items, and its size is that of one")
                .help("leave `items` out and write a row for each");
        } else if !size_matters(kind, stages, scenario) {
            assembly
                .problems
                .error(
                    format!("{path}.sizes"),
                    "no stage takes a share of an item's size, and nothing else asks for it",
                )
                .help("write effort_share = \"100%\" at the stage, or `work` in place of `sizes`");
        }
    }
    let clock = &assembly.calendar;
    let past = match scenario.past {
        crate::tables::Past::Common(span) => span.hours(clock),
        crate::tables::Past::Own => clock.days_per_year * clock.hours_per_day,
        crate::tables::Past::None => 0.0,
    };
    let end = past + scenario.horizon.hours(clock);
    let late = script.times.len() - script.times.partition_point(|time| time.hours() <= end);
    if late > 0 {
        let message = format!("{late} of {} rows come after the horizon", script.times.len());
        assembly.problems.warning(&path, message);
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
    let by_size = |order: DisciplineName| matches!(order, DisciplineName::Shortest | DisciplineName::Cd3);
    kind.valued
        || kind.route.iter().flat_map(|step: &Step| targets(step)).any(is_asked)
        || scenario.team.iter().any(|team| by_size(team.order))
        || scenario.mechanisms.communication.is_some()
        || scenario.mechanisms.decisions.is_some()
        || scenario.mechanisms.clarity.is_some()
}
