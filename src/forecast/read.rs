//! Reading what was finished when: a folder that `orgsim import` wrote, or a plain CSV file.
//!
//! Only dates and the outcome are looked at; no other column is kept.

use crate::history::{Calendar, History};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What can be wrong with a file of finished items. Every message says the place and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file or folder cannot be opened.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// Where.
        path: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// A folder that `orgsim import` did not write.
    #[error("{0} has no items.csv; `orgsim import EXPORT --out {0}` writes one")]
    NoItems(String),
    /// The columns do not say when something was finished.
    #[error(
        "{0}: no column is called `finished`, `done`, or `date` with `count`; name the column with the day on which an item was finished `finished`"
    )]
    NoColumn(String),
    /// A cell that is no date.
    #[error("{path}, line {line}: `{text}` is not a date; write 2026-03-31 or 2026-03-31T10:15:00Z")]
    NotADate {
        /// The file.
        path: String,
        /// The line, from 1.
        line: u64,
        /// The cell, cut to forty letters.
        text: String,
    },
    /// A count that is no whole number.
    #[error("{path}, line {line}: `{text}` is not a whole number of items from 0 to 1000000")]
    NotACount {
        /// The file.
        path: String,
        /// The line, from 1.
        line: u64,
        /// The cell, cut to forty letters.
        text: String,
    },
    /// Nothing was finished at all.
    #[error("{0} has no finished item, so there is nothing to forecast from")]
    Nothing(String),
    /// `import.toml` says something else than it should.
    #[error("{path}: {reason}")]
    Settings {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// Items finished after the day on which the data were taken.
    #[error(
        "{path}: {count} items are finished after {as_of}, the day on which the data were taken; correct `as_of` in import.toml, or say --as-of"
    )]
    Later {
        /// The file.
        path: String,
        /// How many.
        count: u32,
        /// The last day.
        as_of: Date,
    },
    /// Dates so far apart that one of them must be wrong.
    #[error(
        "{path}: items are finished from {first} to {last}, more than {most} years; one of these dates must be wrong"
    )]
    TooLong {
        /// The file.
        path: String,
        /// The first day.
        first: Date,
        /// The last day.
        last: Date,
        /// How many years are read at most.
        most: i32,
    },
}

const MOST_YEARS: i32 = 60;
const MOST_ITEMS_A_CELL: u32 = 1_000_000;

/// What a folder or file says.
#[derive(Clone, Debug)]
pub struct Data {
    /// Where it was read from.
    pub path: PathBuf,
    /// Items finished a day, up to the day on which the data were taken.
    pub history: History,
    /// Days off.
    pub calendar: Calendar,
    /// Items that are begun or not begun, and not finished.
    pub open: u32,
    /// Items that were dropped: no delivery.
    pub dropped: u32,
}

/// Reads a folder of `orgsim import`, or a CSV file with a column `finished` or `done`, or with `date` and `count`.
///
/// `as_of` is the last day of the data; without it, `import.toml` says, or else the last day on which anything was finished.
///
/// # Errors
/// When something is missing, is no date, or lies after `as_of`.
pub fn read(path: &Path, as_of: Option<Date>) -> Result<Data, ReadError> {
    let files = files(path);
    let file = &files[0];
    if path.is_dir() && !file.exists() {
        return Err(ReadError::NoItems(path.display().to_string()));
    }
    let settings = files.get(1).map(|file| settings(file)).transpose()?.unwrap_or_default();
    let text = std::fs::read(file).map_err(|reason| unreadable(file, &reason))?;
    let cells = cells(&file.display().to_string(), &text)?;
    let (Some(first), Some(last)) = (cells.days.keys().next(), cells.days.keys().next_back()) else {
        return Err(ReadError::Nothing(file.display().to_string()));
    };
    let name = || file.display().to_string();
    let end = as_of.or(settings.as_of).unwrap_or(*last);
    if i32::from(end.year()) - i32::from(first.year()) > MOST_YEARS {
        return Err(ReadError::TooLong { path: name(), first: *first, last: end, most: MOST_YEARS });
    }
    // Looking back on purpose (--as-of) leaves later items out; a file that contradicts itself is an error.
    let later: u32 =
        cells.days.range((std::ops::Bound::Excluded(end), std::ops::Bound::Unbounded)).map(|(_, n)| n).sum();
    if later > 0 && as_of.is_none() {
        return Err(ReadError::Later { path: name(), count: later, as_of: end });
    }
    let days = cells.days.iter().filter(|(day, _)| **day <= end).map(|(day, count)| (*day, *count));
    let Some(history) = History::of(days, end) else { return Err(ReadError::Nothing(name())) };
    let calendar = Calendar { holidays: settings.holidays, ..Calendar::default() };
    Ok(Data { path: path.to_owned(), history, calendar, open: cells.open, dropped: cells.dropped })
}

/// The files that are read at a path: the finished items, and of a folder what it says of itself, if it does.
pub fn files(path: &Path) -> Vec<PathBuf> {
    match path.is_dir() {
        true => vec![path.join("items.csv"), path.join("import.toml")],
        false => vec![path.to_owned()],
    }
}

fn unreadable(path: &Path, reason: &std::io::Error) -> ReadError {
    ReadError::Unreadable { path: path.to_owned(), reason: reason.to_string() }
}

#[derive(Default)]
struct Settings {
    as_of: Option<Date>,
    holidays: BTreeSet<Date>,
}

/// The day on which the data were taken, and the holidays, of an `import.toml`; nothing where there is none.
fn settings(path: &Path) -> Result<Settings, ReadError> {
    if !path.exists() {
        return Ok(Settings::default());
    }
    let wrong = |reason: String| ReadError::Settings { path: path.display().to_string(), reason };
    let text = std::fs::read_to_string(path).map_err(|reason| unreadable(path, &reason))?;
    let table: toml::Table =
        text.parse().map_err(|reason: toml::de::Error| wrong(reason.message().to_owned()))?;
    let date = |value: &toml::Value, key: &str| {
        let text = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Datetime(date) => date.to_string(),
            other => other.to_string(),
        };
        day(&text).ok_or_else(|| wrong(format!("`{key}`: `{text}` is not a date; write \"2026-03-31\"")))
    };
    let as_of = table.get("as_of").map(|value| date(value, "as_of")).transpose()?;
    let holidays = match table.get("holidays") {
        None => BTreeSet::new(),
        Some(toml::Value::Array(days)) => {
            days.iter().map(|value| date(value, "holidays")).collect::<Result<_, _>>()?
        }
        Some(_) => return Err(wrong("`holidays` is a list of dates, such as [\"2026-12-25\"]".to_owned())),
    };
    Ok(Settings { as_of, holidays })
}

/// The day that a date or a date-time begins with, as its own clock shows it.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let (date, rest) = (text.get(..10)?, text.get(10..)?);
    let goes_on = rest.is_empty() || rest.starts_with(['T', 't', ' ']);
    if goes_on { date.parse().ok() } else { None }
}

struct Cells {
    days: BTreeMap<Date, u32>,
    open: u32,
    dropped: u32,
}

fn reader(text: &[u8]) -> csv::Reader<&[u8]> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let semicolons = line.contains(&b';') && !line.contains(&b',');
    let delimiter = if semicolons { b';' } else { b',' };
    csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(text)
}

/// What others are parts of: no item, since its parts are the work.
fn wholes(text: &[u8], parent: Option<usize>) -> BTreeSet<Vec<u8>> {
    let Some(parent) = parent else { return BTreeSet::new() };
    let named = |row: csv::ByteRecord| row.get(parent).map(|cell| cell.trim_ascii().to_vec());
    let rows = reader(text).into_byte_records().map_while(Result::ok);
    rows.filter_map(named).filter(|cell| !cell.is_empty()).collect()
}

fn cells(path: &str, text: &[u8]) -> Result<Cells, ReadError> {
    let mut reader = reader(text);
    let broken =
        |reason: csv::Error| ReadError::Settings { path: path.to_owned(), reason: reason.to_string() };
    let heads = reader.byte_headers().map_err(broken)?.clone();
    let column =
        |name: &str| heads.iter().position(|head| head.trim_ascii().eq_ignore_ascii_case(name.as_bytes()));
    let count = column("count");
    let date = column("finished").or_else(|| column("done")).or_else(|| count.and_then(|_| column("date")));
    let Some(date) = date else { return Err(ReadError::NoColumn(path.to_owned())) };
    let resolution = column("resolution");
    let id = column("id");
    let wholes = wholes(text, id.and(column("parent")));
    let mut cells = Cells { days: BTreeMap::new(), open: 0, dropped: 0 };
    for record in reader.byte_records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: Option<usize>| {
            let text = at.and_then(|at| record.get(at)).unwrap_or_default();
            String::from_utf8_lossy(text.trim_ascii()).into_owned()
        };
        let short = |text: &str| text.chars().take(40).collect::<String>();
        let number = match count {
            None => 1,
            Some(_) => {
                let text = cell(count);
                let number = text.parse::<u32>().ok().filter(|number| *number <= MOST_ITEMS_A_CELL);
                number.ok_or_else(|| ReadError::NotACount {
                    path: path.to_owned(),
                    line,
                    text: short(&text),
                })?
            }
        };
        let text = cell(Some(date));
        if id.is_some() && wholes.contains(cell(id).as_bytes()) {
            continue;
        }
        if cell(resolution).eq_ignore_ascii_case("dropped") {
            cells.dropped += number;
        } else if text.is_empty() {
            cells.open += number;
        } else {
            let day = day(&text);
            let day =
                day.ok_or_else(|| ReadError::NotADate { path: path.to_owned(), line, text: short(&text) })?;
            let total = cells.days.entry(day).or_default();
            *total = total.saturating_add(number);
        }
    }
    cells.days.retain(|_, count| *count > 0);
    Ok(cells)
}
