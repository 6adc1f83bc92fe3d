//! The manifest: what was run, with which version and seed, and what every file and column means.

use super::files::Inputs;
use experiment::summary::{ColumnText, Frame, HalfWidth, Precision};
use serde_json::{Value as Json, json};
use std::sync::OnceLock;

/// The version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit that the program is built from, which only the program itself knows.
static COMMIT: OnceLock<&'static str> = OnceLock::new();

/// Says once which commit the program is built from; an empty text where that is not known.
pub fn built_from(commit: &'static str) {
    let _ = COMMIT.set(commit);
}

/// A document with the commit, where it is known.
fn of_commit(mut document: Json) -> Json {
    if let Some(commit) = COMMIT.get().filter(|commit| !commit.is_empty()) {
        document["commit"] = json!(commit);
    }
    document
}

/// What any command says of itself: how it would be repeated, what it wrote and what it read.
pub struct Written<'a> {
    pub command: &'a [String],
    pub files: &'a [String],
    /// Seen from the folder of the files.
    pub inputs: &'a Inputs,
}

/// What a run wrote, as JSON, with a part that only its question has: a sweep's is all that it takes to run any of its rows
/// again. The same run writes the same manifest, whatever the machine and threads.
pub fn of(
    frame: &Frame,
    written: &Written<'_>,
    columns: &[ColumnText],
    part: Option<&(&str, Json)>,
) -> Vec<u8> {
    let mut document = document(frame, written, columns);
    if let Some((name, part)) = part {
        document[*name] = part.clone();
    }
    pretty(&document)
}

/// The manifest of a command without a frame, with what its page says of where it comes from.
pub fn plain(written: &Written<'_>, note: &str) -> Vec<u8> {
    pretty(&of_commit(json!({
        "program": "orgsim",
        "version": VERSION,
        "command": written.command,
        "files": written.files,
        "inputs": written.inputs.json(),
        "note": note,
    })))
}

fn document(frame: &Frame, written: &Written<'_>, columns: &[ColumnText]) -> Json {
    let column = |column: &ColumnText| json!({ "name": column.name, "unit": column.unit, "definition": column.definition });
    let mut document = json!({
        "program": "orgsim",
        "version": VERSION,
        "scenario": { "name": frame.name, "title": frame.title, "hash": frame.hash },
        "seed": frame.seed,
        "replications": { "asked": frame.asked, "completed": frame.completed, "stopped": frame.stopped },
        "horizon": frame.horizon,
        "past": frame.past,
        "level": frame.level,
        "smallest_difference": frame.smallest,
        "command": written.command,
        "files": written.files,
        "inputs": written.inputs.json(),
        "columns": columns.iter().map(column).collect::<Vec<_>>(),
        "note": "simulation, not forecast",
    });
    if let Some(asked) = &frame.precision {
        document["precision"] = precision(asked);
    }
    of_commit(document)
}

/// What was asked of intervals and what came of it; a width that is not known is null.
fn precision(asked: &Precision) -> Json {
    let width = |width: &HalfWidth| {
        json!({
            "metric": width.title,
            "of": width.relative_to.unwrap_or(width.unit.written()),
            "asked": width.asked,
            "reached": width.reached,
        })
    };
    json!({
        "limit": asked.limit,
        "looks": asked.looks,
        "reached": asked.is_reached(),
        "half_widths": asked.widths.iter().map(width).collect::<Vec<_>>(),
    })
}

/// JSON with a final newline.
pub fn pretty(document: &Json) -> Vec<u8> {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text.into_bytes()
}

/// The source line of charts and pages.
pub fn source(frame: &Frame) -> String {
    format!(
        "orgsim {VERSION} · scenario {} · seed {} · {} per policy · simulation, not forecast",
        &frame.hash[..frame.hash.len().min(8)],
        frame.seed,
        super::words::count(frame.completed, "replication", "replications")
    )
}
