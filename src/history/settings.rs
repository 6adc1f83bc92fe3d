//! `import.toml`: what was guessed of an export, for a person to correct. What is corrected is kept by the next import.

use crate::dates::Order;
use crate::raw::{ImportError, label};
use crate::table::Chosen;
use crate::words::Meaning;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The zone where nobody names one.
pub const DEFAULT_ZONE: &str = "UTC";

/// What a person said, or what was guessed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The day on which the export was made; what is open then is open.
    pub as_of: Option<Date>,
    /// The zone whose clock the export shows where it writes no offset, and whose days are counted.
    pub zone: Option<String>,
    /// Which number is the day where dates leave it open.
    pub order: Option<Order>,
    /// Days on which nobody works, besides weekends.
    pub holidays: Vec<Date>,
    /// Kinds of items that are left out.
    pub leave_out_kinds: Vec<String>,
    /// For each sort of file the columns that a person chose.
    pub columns: BTreeMap<String, Chosen>,
    pub statuses: BTreeMap<String, Meaning>,
    pub resolutions: BTreeMap<String, Meaning>,
}

impl Settings {
    /// The zone.
    ///
    /// # Errors
    /// When there is none of that name.
    pub fn time_zone(&self) -> Result<TimeZone, ImportError> {
        let name = self.zone.as_deref().unwrap_or(DEFAULT_ZONE);
        TimeZone::get(name).map_err(|_| {
            ImportError::new(format!(
                "there is no time zone “{}”: write one such as UTC or Europe/Berlin",
                label(name)
            ))
        })
    }

    /// Reads what an earlier import wrote and a person may have corrected. What is still as it was guessed is left out, so
    /// that it is guessed again from what the next export says.
    ///
    /// # Errors
    /// What is wrong with the file, and where.
    pub fn read(text: &str) -> Result<Settings, ImportError> {
        let said = |error: toml::de::Error| ImportError::new(format!("it is not TOML: {}", error.message()));
        let all: toml::Table = text.parse().map_err(said)?;
        let known = [
            "as_of",
            "zone",
            "date_order",
            "holidays",
            "leave_out_kinds",
            "columns",
            "statuses",
            "resolutions",
            "guessed",
            "sources",
        ];
        if let Some(key) = all.keys().find(|key| !known.contains(&key.as_str())) {
            let known = known.join(", ");
            return Err(ImportError::new(format!(
                "it has a key “{}”, which is none of: {known}",
                label(key)
            )));
        }
        let guessed = all.get("guessed").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        let corrected = |key: &str| -> Result<Option<String>, ImportError> {
            let text = as_text(all.get(key), key)?;
            let before = as_text(guessed.get(key), key)?;
            Ok(text.filter(|text| !text.is_empty() && before.as_ref() != Some(text)))
        };
        let date = |key: &str, text: &str| {
            text.parse::<Date>().map_err(|_| {
                ImportError::new(format!("{key}: “{}” is no date such as 2026-03-31", label(text)))
            })
        };
        let order = match corrected("date_order")? {
            None => None,
            Some(word) => Some(
                Order::of(&word)
                    .ok_or_else(|| ImportError::new("date_order: write \"dmy\" or \"mdy\"".to_owned()))?,
            ),
        };
        let as_of = corrected("as_of")?.map(|text| date("as_of", &text)).transpose()?;
        let holidays = as_list(all.get("holidays"), "holidays")?;
        let holidays = holidays.iter().map(|text| date("holidays", text)).collect::<Result<Vec<_>, _>>()?;
        Ok(Settings {
            as_of,
            zone: corrected("zone")?,
            order,
            holidays,
            leave_out_kinds: as_list(all.get("leave_out_kinds"), "leave_out_kinds")?,
            columns: columns(&all, &guessed)?,
            statuses: meanings(&all, "statuses")?,
            resolutions: meanings(&all, "resolutions")?,
        })
    }
}

fn as_text(value: Option<&toml::Value>, key: &str) -> Result<Option<String>, ImportError> {
    match value {
        None => Ok(None),
        Some(toml::Value::String(text)) => Ok(Some(text.clone())),
        // A date needs no quotes in TOML.
        Some(toml::Value::Datetime(date)) => Ok(Some(date.to_string())),
        Some(_) => Err(ImportError::new(format!("{key}: write a text in quotes"))),
    }
}

fn as_list(value: Option<&toml::Value>, key: &str) -> Result<Vec<String>, ImportError> {
    match value {
        None => Ok(Vec::new()),
        Some(toml::Value::Array(list)) => {
            list.iter().map(|one| Ok(as_text(Some(one), key)?.unwrap_or_default())).collect()
        }
        Some(_) => Err(ImportError::new(format!("{key}: write a list, such as [\"2025-12-25\"]"))),
    }
}

fn columns(all: &toml::Table, guessed: &toml::Table) -> Result<BTreeMap<String, Chosen>, ImportError> {
    let mut found = BTreeMap::new();
    let tables =
        |from: &toml::Table| from.get("columns").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    let before = tables(guessed);
    for (source, heads) in tables(all) {
        let Some(heads) = heads.as_table() else { continue };
        let mut chosen = Chosen::new();
        for (role, head) in heads {
            let same = before.get(&source).and_then(|table| table.get(role)) == Some(head);
            if let Some(head) = as_text(Some(head), role)?.filter(|_| !same) {
                chosen.insert(role.clone(), head);
            }
        }
        if !chosen.is_empty() {
            found.insert(source, chosen);
        }
    }
    Ok(found)
}

fn meanings(all: &toml::Table, key: &str) -> Result<BTreeMap<String, Meaning>, ImportError> {
    let Some(table) = all.get(key).and_then(toml::Value::as_table) else { return Ok(BTreeMap::new()) };
    let mut found = BTreeMap::new();
    for (name, word) in table {
        let meaning = word.as_str().and_then(Meaning::of).ok_or_else(|| {
            let words: Vec<&str> = Meaning::ALL.iter().map(|meaning| meaning.word()).collect();
            ImportError::new(format!("{key}: “{}” must mean one of: {}", label(name), words.join(", ")))
        })?;
        // Who leaves a name unknown has said nothing of it.
        if meaning != Meaning::Unknown {
            found.insert(name.clone(), meaning);
        }
    }
    Ok(found)
}

/// A line of `[statuses]` or `[resolutions]`.
pub struct MeaningLine {
    pub name: String,
    pub meaning: Meaning,
    /// What is said of it behind the line.
    pub remark: String,
}

/// All that `import.toml` says.
pub struct Page {
    /// The day of the export, and the day that was guessed.
    pub as_of: Date,
    pub guessed_as_of: Date,
    pub settings: Settings,
    /// For each sort of file its columns as they are now, and as they were guessed.
    pub columns: BTreeMap<String, Chosen>,
    pub guessed_columns: BTreeMap<String, Chosen>,
    pub statuses: Vec<MeaningLine>,
    pub resolutions: Vec<MeaningLine>,
    pub sources: Vec<String>,
}

/// A basic string of TOML, which may stand as a key too.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

impl Page {
    /// As TOML with remarks.
    pub fn written(&self) -> String {
        let settings = &self.settings;
        let zone = settings.zone.as_deref().unwrap_or(DEFAULT_ZONE);
        let order = settings.order.map_or("", Order::word);
        let days: Vec<String> = settings.holidays.iter().map(|day| quoted(&day.to_string())).collect();
        let kinds: Vec<String> = settings.leave_out_kinds.iter().map(|kind| quoted(kind)).collect();
        let sources: Vec<String> = self.sources.iter().map(|source| quoted(source)).collect();
        let mut text = format!(
            "# What orgsim read, and how it was understood. Correct what is wrong and import again: corrections are kept.\n\n\
             # What was read last.\nsources = [{}]\n\n\
             # The day on which the export was made: what is open then counts as open. Guessed: the latest date in it.\n\
             as_of = {}\n\n\
             # The zone whose clock the export shows where it writes no offset, and whose days are counted.\nzone = {}\n\n\
             # Which number is the day in dates such as 03/04/2024: \"dmy\", \"mdy\", or \"\" where the file itself tells.\n\
             date_order = {}\n\n\
             # Days on which nobody works, besides weekends: [\"2025-12-25\", …].\nholidays = [{}]\n\n\
             # Kinds of items that are not counted, such as [\"Epic\", \"Sub-task\"].\nleave_out_kinds = [{}]\n",
            sources.join(", "),
            quoted(&self.as_of.to_string()),
            quoted(zone),
            quoted(order),
            days.join(", "),
            kinds.join(", "),
        );
        text.push_str("\n# What each status means: \"not started\", \"waiting\" (begun, in a queue), \"active\" (begun, worked on), ");
        text.push_str("\"done\", \"dropped\"\n# (ended, nothing delivered), or \"unknown\".\n[statuses]\n");
        lines(&mut text, &self.statuses);
        if !self.resolutions.is_empty() {
            text.push_str("\n# What each resolution means: \"done\", \"dropped\", or \"unknown\" (then the status decides).\n");
            text.push_str("[resolutions]\n");
            lines(&mut text, &self.resolutions);
        }
        if !self.columns.is_empty() {
            text.push_str("\n# Which column holds what; no other column is read. \"\" reads none.\n");
        }
        tables(&mut text, "columns", &self.columns);
        text.push_str(
            "\n# What was guessed, so that the next import knows what you corrected. Leave it as it is.\n",
        );
        let _ = writeln!(text, "[guessed]\nas_of = {}", quoted(&self.guessed_as_of.to_string()));
        let _ = writeln!(text, "zone = {}", quoted(DEFAULT_ZONE));
        tables(&mut text, "guessed.columns", &self.guessed_columns);
        text
    }
}

fn lines(text: &mut String, lines: &[MeaningLine]) {
    for line in lines {
        let remark = if line.remark.is_empty() { String::new() } else { format!("  # {}", line.remark) };
        let _ = writeln!(text, "{} = {}{remark}", quoted(&line.name), quoted(line.meaning.word()));
    }
}

fn tables(text: &mut String, name: &str, tables: &BTreeMap<String, Chosen>) {
    for (source, heads) in tables {
        let _ = writeln!(text, "\n[{name}.{source}]");
        for (role, head) in heads {
            let _ = writeln!(text, "{role} = {}", quoted(head));
        }
    }
}
