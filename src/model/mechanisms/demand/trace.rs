//! Scripted arrivals read: rows of times, sizes and work, written in the scenario or in a CSV file.

use super::TraceTable;
use crate::compile_context::CompileContext;
use crate::script::{Clock, Layout, Script, ScriptRows, date};
use notation::{Span, Unit};
use std::sync::Arc;

impl TraceTable {
    /// The rows, where they can be read.
    pub fn read(&self, path: &str, ctx: &mut CompileContext<'_>) -> Option<Arc<Script>> {
        let before = ctx.problems.error_count();
        for stage in self.work.keys().chain(self.work_columns.keys()) {
            ctx.stage(&format!("{path}.work"), stage);
        }
        let found = match &self.file {
            Some(file) => from_file(path, file, self, ctx),
            None => written(path, self, ctx),
        };
        if ctx.problems.error_count() > before { None } else { found }
    }
}

/// Rows that stand in the scenario.
fn written(path: &str, trace: &TraceTable, ctx: &mut CompileContext<'_>) -> Option<Arc<Script>> {
    let of_file = trace.column.is_some()
        || trace.unit.is_some()
        || trace.size_column.is_some()
        || !trace.work_columns.is_empty()
        || trace.kind_column.is_some();
    if of_file {
        ctx.problems.error(path, "columns of which file?").help("write file = \"NAME.csv\" beside them");
    }
    if trace.times.is_empty() {
        ctx.problems.error(path, "no times").help("write times = [\"1 day\", …], or file and column");
        return None;
    }
    let mut hours = |name: &str, spans: &[Span]| -> Vec<f64> {
        if spans.len() != trace.times.len() {
            let message = format!("{} of them for {} times", spans.len(), trace.times.len());
            ctx.problems.error(format!("{path}.{name}"), message).help("write one for each time");
            return vec![f64::NAN; trace.times.len()];
        }
        spans.iter().map(|span| ctx.hours(*span)).collect()
    };
    let sizes = if trace.sizes.is_empty() { Vec::new() } else { hours("sizes", &trace.sizes) };
    let work = trace.work.iter().map(|(stage, spans)| hours(&format!("work.{stage}"), spans)).collect();
    let times = trace.times.iter().map(|span| ctx.hours(*span)).collect();
    let rows = ScriptRows { hours: times, sizes, work };
    let stages: Vec<String> = trace.work.keys().cloned().collect();
    Some(Arc::new(Script::of(rows, &stages)))
}

fn from_file(
    path: &str,
    file: &str,
    trace: &TraceTable,
    ctx: &mut CompileContext<'_>,
) -> Option<Arc<Script>> {
    if !trace.times.is_empty() || !trace.sizes.is_empty() || !trace.work.is_empty() {
        let help = "put all rows into the file, or leave the file out";
        ctx.problems.error(path, "rows both here and in a file: which comes first?").help(help);
    }
    let Some(time) = &trace.column else {
        ctx.problems.error(path, "which column holds the times?").help("write column = \"NAME\"");
        return None;
    };
    let kind = match (&trace.kind_column, trace.kinds.is_empty()) {
        (Some(column), false) => Some((column.clone(), trace.kinds.clone())),
        (None, true) => None,
        _ => {
            let help = "write kind_column = \"type\" and kinds = [\"Bug\"]";
            ctx.problems.error(path, "`kind_column` and `kinds` go together").help(help);
            None
        }
    };
    let layout = Layout {
        file: file.to_owned(),
        delimiter: delimiter(path, trace, ctx),
        decimal_comma: decimal_comma(path, trace, ctx),
        time: time.clone(),
        clock: clock(path, trace, ctx)?,
        size: trace.size_column.clone(),
        size_hours: size_hours(path, trace, ctx),
        work: trace.work_columns.clone().into_iter().collect(),
        kind,
    };
    match ctx.files.rows(&layout) {
        Ok(script) => Some(script),
        Err(reason) => {
            ctx.problems.error(path, reason);
            None
        }
    }
}

fn clock(path: &str, trace: &TraceTable, ctx: &mut CompileContext<'_>) -> Option<Clock> {
    match (&trace.unit, trace.dates) {
        (Some(word), None) => {
            if trace.begins.is_some() {
                ctx.problems.error(format!("{path}.begins"), "only where times are dates");
            }
            Some(Clock::Numbers { hours: unit(&format!("{path}.unit"), word, ctx)? })
        }
        (None, Some(order)) => {
            let begins = trace.begins.as_ref().map(|text| date(text, order).map(|(day, _)| day));
            if begins == Some(None) {
                let help = "write it in the order that `dates` names";
                ctx.problems.error(format!("{path}.begins"), "is not a date").help(help);
            }
            let (hours_per_day, days_per_week) = (ctx.calendar.hours_per_day, ctx.calendar.days_per_week);
            Some(Clock::Dates { order, begins: begins.flatten(), hours_per_day, days_per_week })
        }
        (Some(_), Some(_)) => {
            let message = "either a unit, or dates: a column holds one or the other";
            ctx.problems.error(path, message);
            None
        }
        (None, None) => {
            let help = "write unit = \"days\", or dates = \"year-month-day\"";
            ctx.problems.error(path, "the column has no unit").help(help);
            None
        }
    }
}

fn unit(path: &str, word: &str, ctx: &mut CompileContext<'_>) -> Option<f64> {
    match word.parse::<Unit>() {
        Ok(unit) => Some(unit.hours(&ctx.calendar)),
        Err(misread) => {
            ctx.problems.error(path, misread.message).help(misread.help);
            None
        }
    }
}

fn size_hours(path: &str, trace: &TraceTable, ctx: &mut CompileContext<'_>) -> f64 {
    let has_sizes = trace.size_column.is_some() || !trace.work_columns.is_empty();
    match (&trace.size_unit, &trace.unit) {
        (Some(_), _) if !has_sizes => {
            ctx.problems.error(format!("{path}.size_unit"), "there is no column of sizes or work");
            1.0
        }
        (Some(word), _) => unit(&format!("{path}.size_unit"), word, ctx).unwrap_or(1.0),
        (None, Some(word)) => word.parse::<Unit>().map_or(1.0, |unit| unit.hours(&ctx.calendar)),
        (None, None) => {
            if has_sizes {
                let help = "write size_unit = \"hours\"";
                ctx.problems.error(path, "columns of sizes and work have no unit").help(help);
            }
            1.0
        }
    }
}

fn delimiter(path: &str, trace: &TraceTable, ctx: &mut CompileContext<'_>) -> u8 {
    match trace.delimiter.as_deref() {
        None => b',',
        Some("tab" | "\t") => b'\t',
        Some(text) if text.len() == 1 && !text.starts_with(['"', '\n', '\r']) => text.as_bytes()[0],
        Some(_) => {
            let message = "one character separates columns";
            ctx.problems.error(format!("{path}.delimiter"), message).help("such as \";\" or \"tab\"");
            b','
        }
    }
}

fn decimal_comma(path: &str, trace: &TraceTable, ctx: &mut CompileContext<'_>) -> bool {
    match trace.decimal.as_deref() {
        None | Some(".") => false,
        Some(",") => {
            if trace.delimiter.as_deref().is_none_or(|text| text == ",") {
                let help = "write delimiter = \";\", as such files have it";
                ctx.problems.error(format!("{path}.decimal"), "commas already separate columns").help(help);
            }
            true
        }
        Some(_) => {
            ctx.problems.error(format!("{path}.decimal"), "is \".\" or \",\"");
            false
        }
    }
}
