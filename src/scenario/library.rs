//! Where scenarios that others extend, and files they name, come from.

use super::{LARGEST_BYTES, Library};
use crate::diagnostic::{advice, quoted};
use crate::reading::{self, MOST_DATA, inside};
use std::path::{Path, PathBuf};

/// The built-in presets: files of the project, so that anyone can read what they say.
const PRESETS: &[(&str, &str)] = &[
    ("bare", include_str!("../../scenarios/presets/bare.toml")),
    ("complexity", include_str!("../../scenarios/presets/complexity.toml")),
    ("learning", include_str!("../../scenarios/presets/learning.toml")),
    ("typical", include_str!("../../scenarios/presets/typical.toml")),
    ("assistance-dora-2024", include_str!("../../scenarios/presets/assistance-dora-2024.toml")),
    ("assistance-dora-2025", include_str!("../../scenarios/presets/assistance-dora-2025.toml")),
    (
        "assistance-expert-brownfield",
        include_str!("../../scenarios/presets/assistance-expert-brownfield.toml"),
    ),
    ("assistance-field-rct", include_str!("../../scenarios/presets/assistance-field-rct.toml")),
    ("assistance-greenfield", include_str!("../../scenarios/presets/assistance-greenfield.toml")),
    (
        "assistance-review-bottleneck",
        include_str!("../../scenarios/presets/assistance-review-bottleneck.toml"),
    ),
    ("silos", include_str!("../../scenarios/presets/silos.toml")),
    ("stream-aligned", include_str!("../../scenarios/presets/stream-aligned.toml")),
    ("monolith", include_str!("../../scenarios/presets/monolith.toml")),
    ("modular-monolith", include_str!("../../scenarios/presets/modular-monolith.toml")),
    ("services", include_str!("../../scenarios/presets/services.toml")),
    ("platform-services", include_str!("../../scenarios/presets/platform-services.toml")),
];

/// The built-in presets, and the files beside a scenario.
pub struct Presets {
    folder: PathBuf,
}

impl Presets {
    pub fn beside(folder: &Path) -> Presets {
        Presets { folder: folder.to_owned() }
    }
}

impl Library for Presets {
    fn find(&self, name: &str) -> Result<Option<(String, String)>, String> {
        let preset = PRESETS.iter().find(|(preset, _)| *preset == name);
        if let Some((name, text)) = preset {
            return Ok(Some((format!("preset {name}"), (*text).to_owned())));
        }
        let file = inside(&self.folder, name)?;
        let file = if file.extension().is_some() { file } else { file.with_extension("toml") };
        match reading::text(&file, LARGEST_BYTES as u64) {
            Ok(text) => Ok(Some((file.display().to_string(), text))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("cannot read {}: {error}", file.display())),
        }
    }

    fn names(&self) -> Vec<String> {
        PRESETS.iter().map(|(name, _)| (*name).to_owned()).collect()
    }
}

/// The text of a built-in preset.
pub fn preset(name: &str) -> Option<&'static str> {
    PRESETS.iter().find(|(preset, _)| *preset == name).map(|(_, text)| *text)
}

/// Reads a column of numbers from a CSV file beside a scenario.
///
/// # Errors
/// A sentence that says what is wrong with the file or the column.
pub fn column(folder: &Path, file: &str, column: &str) -> Result<Vec<f64>, String> {
    let path = inside(folder, file).map_err(|reason| format!("cannot read {}: {reason}", quoted(file)))?;
    let opened = reading::open(&path, MOST_DATA);
    let mut reader =
        csv::Reader::from_reader(opened.map_err(|error| format!("cannot read {}: {error}", quoted(file)))?);
    let broken = |error: csv::Error| format!("cannot read {}: {}", quoted(file), broken_row(&error));
    let headers = reader.headers().map_err(broken)?.clone();
    let at = headers.iter().position(|name| name.trim() == column).ok_or_else(|| {
        let known = advice(column, headers.iter().map(str::trim).collect::<Vec<_>>());
        format!("{} has no column {}; {known}", quoted(file), quoted(column))
    })?;
    let mut values = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let field = record.get(at).unwrap_or("").trim();
        if field.is_empty() {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        match field.parse::<f64>() {
            Ok(value) if value.is_finite() => values.push(value),
            _ => {
                let (field, column) = (quoted(field), quoted(column));
                return Err(format!(
                    "{}, line {line}: {field} in column {column} is not a number",
                    quoted(file)
                ));
            }
        }
    }
    if values.is_empty() {
        return Err(format!("{} has no values in column {}", quoted(file), quoted(column)));
    }
    Ok(values)
}

/// What is wrong with a table of data, in our own words.
fn broken_row(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => error.to_string(),
        csv::ErrorKind::Utf8 { .. } => "it is not text in the encoding UTF-8".to_owned(),
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("line {line} has {len} cells, and the first line {expected_len}")
        }
        _ => "it is no table in the format CSV".to_owned(),
    }
}
