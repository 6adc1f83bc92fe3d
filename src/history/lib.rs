//! What trackers recorded: exports read without a name or a text of theirs, checked, and measured.
//!
//! Bytes come in and plain numbers and names go out; nothing here opens a file or knows what day it is. Where a
//! file does not decide what it means, it is refused with the question to answer.

pub mod dates;
mod events;
pub mod folder;
pub mod history;
pub mod interpret;
mod json;
pub mod meaning;
pub mod measure;
mod order;
pub mod quality;
pub mod raw;
pub mod settings;
mod sheet;
mod table;
mod tally;
pub mod when;
pub mod words;
pub mod workdays;

use raw::{Batch, Counts, ImportError};
use settings::Settings;

/// The most bytes of a file that are read.
pub const MOST_BYTES: u64 = 256 << 20;

/// A small made-up export, as `--demo` imports it: names of files and their texts. `examples/demo_export.rs` makes it.
pub const DEMO: [(&str, &str); 3] = [
    ("demo-items.csv", include_str!("demo/items.csv")),
    ("demo-deployments.csv", include_str!("demo/deployments.csv")),
    ("demo-incidents.csv", include_str!("demo/incidents.csv")),
];

/// Reads one export, whatever tracker it is of.
///
/// # Errors
/// When it is of none that is known, is broken, or is larger than what is read.
pub fn read(file: &str, bytes: &[u8], settings: &Settings) -> Result<Batch, ImportError> {
    read_bytes(file, bytes, settings).map_err(|error| ImportError::new(format!("{file}: {error}")))
}

fn read_bytes(file: &str, bytes: &[u8], settings: &Settings) -> Result<Batch, ImportError> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(ImportError::new(format!(
            "it has more than {} MiB, the most that are read: export a shorter period, or fewer fields",
            MOST_BYTES >> 20
        )));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(ImportError::new(
            "it is a spreadsheet or an archive: save it as CSV (UTF-8) and import that",
        ));
    }
    let mut counts = Counts::default();
    let text = sheet::decoded(bytes, &mut counts);
    if text.trim().is_empty() {
        return Err(ImportError::new("it is empty"));
    }
    if text.trim_start().starts_with(['{', '[']) {
        let mut batch = json::read(file, bytes, &text)?;
        (batch.counts.has_byte_order_mark, batch.counts.is_recoded) =
            (counts.has_byte_order_mark, counts.is_recoded);
        return Ok(batch);
    }
    if text.trim_start().starts_with('<') {
        return Err(ImportError::new("it is a page or XML: export as CSV or JSON and import that"));
    }
    let sheet = sheet::Sheet::of(&text)?;
    let chosen = |source: raw::Source| settings.columns.get(source.word()).cloned();
    match (table::tracker(&sheet.heads), events::kind(file, &sheet.heads)) {
        (None, Some(raw::Source::Incidents)) => {
            events::incidents(file, bytes, &sheet, counts, chosen(raw::Source::Incidents))
        }
        (None, Some(_)) => events::deployments(file, bytes, &sheet, counts, chosen(raw::Source::Deployments)),
        _ => table::items(file, bytes, &sheet, counts, &chosen),
    }
}
