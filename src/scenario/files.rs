//! Files of data that a scenario names: columns of numbers, and rows of scripted work.
//!
//! A file is read once for all policies, points and organisations that name it in the same way, and what was read is
//! shared.

use crate::reading::{self, MOST_DATA, inside};
use model::script::{Clock, Files, Layout, Script, ScriptRows, date};
use model::today::OpenRow;
use notation::WorkCalendar;
use notation::diagnostic::{advice, quoted};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The files beside a scenario.
pub struct Shelf {
    folder: PathBuf,
    columns: Mutex<Vec<(ColumnName, Found<[f64]>)>>,
    scripts: Mutex<Vec<(Layout, Found<Script>)>>,
    open: Mutex<Vec<(String, Found<[OpenRow]>)>>,
}

type ColumnName = (String, String, u64);
type Found<T> = Result<Arc<T>, String>;

impl Shelf {
    pub fn beside(folder: &Path) -> Shelf {
        Shelf {
            folder: folder.to_owned(),
            columns: Mutex::default(),
            scripts: Mutex::default(),
            open: Mutex::default(),
        }
    }
}

/// What was found under this name before, or is found now.
fn known<K: PartialEq, T: ?Sized>(
    shelf: &Mutex<Vec<(K, Found<T>)>>,
    name: K,
    read: impl FnOnce(&K) -> Found<T>,
) -> Found<T> {
    let mut shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, found)) = shelf.iter().find(|(known, _)| *known == name) {
        return found.clone();
    }
    let found = read(&name);
    shelf.push((name, found.clone()));
    found
}

impl Files for Shelf {
    fn column(&self, file: &str, column: &str, scale: f64) -> Result<Arc<[f64]>, String> {
        let name = (file.to_owned(), column.to_owned(), scale.to_bits());
        known(&self.columns, name, |_| {
            let mut values = numbers(&self.folder, file, column)?;
            values.iter_mut().for_each(|value| *value *= scale);
            values.sort_by(f64::total_cmp);
            Ok(values.into())
        })
    }

    fn rows(&self, layout: &Layout) -> Result<Arc<Script>, String> {
        known(&self.scripts, layout.clone(), |layout| rows(&self.folder, layout).map(Arc::new))
    }

    fn open_items(&self, file: &str) -> Result<Arc<[OpenRow]>, String> {
        known(&self.open, file.to_owned(), |file| open_items(&self.folder, file).map(Arc::from))
    }
}

type Table = csv::Reader<std::io::Take<std::fs::File>>;

fn open(folder: &Path, file: &str, delimiter: u8) -> Result<(Table, Vec<String>), String> {
    let unread = |reason: String| format!("cannot read {}: {reason}", quoted(file));
    let path = inside(folder, file).map_err(unread)?;
    let opened = reading::open(&path, MOST_DATA).map_err(|error| unread(error.to_string()))?;
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(opened);
    let unread = |error: csv::Error| unread(broken_row(&error));
    let headers = reader.headers().map_err(unread)?;
    // Spreadsheets begin a file with a mark of its encoding.
    let names = headers.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
    Ok((reader, names))
}

fn place(file: &str, names: &[String], column: &str) -> Result<usize, String> {
    let missing = || {
        let known = advice(column, names.iter().map(String::as_str));
        format!("{} has no column {}; {known}", quoted(file), quoted(column))
    };
    names.iter().position(|name| name == column).ok_or_else(missing)
}

fn numbers(folder: &Path, file: &str, column: &str) -> Result<Vec<f64>, String> {
    let (mut reader, names) = open(folder, file, b',')?;
    let at = place(file, &names, column)?;
    let mut values = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|error| format!("cannot read {}: {}", quoted(file), broken_row(&error)))?;
        let cell = Cell { file, column, line: record.position().map_or(0, csv::Position::line) };
        let number = cell.number(record.get(at).unwrap_or(""), false)?;
        values.extend(Some(number).filter(|number| !number.is_nan()));
    }
    if values.is_empty() { Err(format!("{file} has no values in column `{column}`")) } else { Ok(values) }
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

/// Where a cell stands, for what is said of it.
struct Cell<'a> {
    file: &'a str,
    column: &'a str,
    line: u64,
}

impl Cell<'_> {
    fn of<'a>(layout: &'a Layout, column: &'a str, line: u64) -> Cell<'a> {
        Cell { file: &layout.file, column, line }
    }

    /// The number in it; not a number where it is empty.
    fn number(&self, text: &str, decimal_comma: bool) -> Result<f64, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(f64::NAN);
        }
        let number = match decimal_comma {
            true if text.contains('.') => None,
            true => text.replace(',', ".").parse::<f64>().ok(),
            false => text.parse::<f64>().ok(),
        };
        number.filter(|number| number.is_finite()).ok_or_else(|| self.wrong(text, "is not a number"))
    }

    fn wrong(&self, text: &str, why: &str) -> String {
        let shown: String = text.chars().take(40).collect();
        format!("{}, line {}: `{shown}` in column `{}` {why}", self.file, self.line, self.column)
    }
}

/// An item may not be older than this, in days: nobody's is.
const OLDEST_DAYS: f64 = 100_000.0;

/// The rows of a file of open work; there may be none.
fn open_items(folder: &Path, file: &str) -> Result<Vec<OpenRow>, String> {
    let (mut reader, names) = open(folder, file, b',')?;
    let [kind, created, started] = ["kind", "created", "started"].map(|column| place(file, &names, column));
    let (kind, created, started) = (kind?, created?, started?);
    let [team, initiative] =
        ["team", "initiative"].map(|column| names.iter().position(|name| name == column));
    let mut rows = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|error| format!("cannot read {}: {}", quoted(file), broken_row(&error)))?;
        let line = record.position().map_or(0, csv::Position::line);
        let text = |at: usize| record.get(at).unwrap_or("").trim();
        let ago = |at: usize, column: &str| {
            let cell = Cell { file, column, line };
            match cell.number(text(at), false)? {
                days if days.is_nan() => Ok(None),
                days if (0.0..=OLDEST_DAYS).contains(&days) => Ok(Some(days)),
                _ => Err(cell.wrong(text(at), "is not a number of days before today")),
            }
        };
        let number = |at: usize| match text(at) {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| Cell { file, column: "initiative", line }.wrong(text, "is not a whole number")),
        };
        rows.push(OpenRow {
            line,
            kind: text(kind).to_owned(),
            team: team.map_or("", text).to_owned(),
            created: ago(created, "created")?.ok_or_else(|| {
                format!("{file}, line {line}: how many days ago was it created? `created` is empty")
            })?,
            started: ago(started, "started")?,
            initiative: initiative.map_or(Ok(None), number)?,
        });
    }
    Ok(rows)
}

/// The rows of a trace that are of the kind asked for.
fn rows(folder: &Path, layout: &Layout) -> Result<Script, String> {
    let (mut reader, names) = open(folder, &layout.file, layout.delimiter)?;
    let at = |column: &String| place(&layout.file, &names, column);
    let (time, size) = (at(&layout.time)?, layout.size.as_ref().map(at).transpose()?);
    let work = layout.work.iter().map(|(_, column)| at(column)).collect::<Result<Vec<usize>, String>>()?;
    let kind = layout.kind.as_ref().map(|(column, _)| at(column)).transpose()?;
    let (mut rows, mut kinds) =
        (ScriptRows { work: vec![Vec::new(); work.len()], ..ScriptRows::default() }, Vec::new());
    let mut earliest = f64::INFINITY;
    let mut record = csv::StringRecord::new();
    let unread = |error: csv::Error| format!("cannot read {}: {}", quoted(&layout.file), broken_row(&error));
    while reader.read_record(&mut record).map_err(unread)? {
        let line = record.position().map_or(0, csv::Position::line);
        let text = |at: usize| record.get(at).unwrap_or("").trim();
        let when = moment(text(time), &Cell::of(layout, &layout.time, line), layout)?;
        earliest = earliest.min(when);
        if let (Some(at), Some((_, wanted))) = (kind, &layout.kind)
            && !wanted.iter().any(|word| word == text(at))
        {
            if kinds.len() < 20 && !kinds.iter().any(|known| known == text(at)) {
                kinds.push(text(at).to_owned());
            }
            continue;
        }
        let amount = |at: usize, column: &str| {
            let cell = Cell::of(layout, column, line);
            let hours = cell.number(text(at), layout.decimal_comma)? * layout.size_hours;
            if hours < 0.0 { Err(cell.wrong(text(at), "is negative")) } else { Ok(hours) }
        };
        if let (Some(at), Some(column)) = (size, &layout.size) {
            rows.sizes.push(amount(at, column)?);
        }
        for ((at, (_, column)), hours) in work.iter().zip(&layout.work).zip(&mut rows.work) {
            hours.push(amount(*at, column)?);
        }
        rows.hours.push(when);
    }
    if rows.hours.is_empty() {
        return Err(match &layout.kind {
            Some((column, wanted)) => format!(
                "{} has no row with `{}` in column `{column}`; there are {}",
                layout.file,
                wanted.join("` or `"),
                if kinds.is_empty() { "none at all".to_owned() } else { kinds.join(", ") }
            ),
            None => format!("{} has no rows", layout.file),
        });
    }
    begin(&mut rows.hours, earliest, layout)?;
    let stages: Vec<String> = layout.work.iter().map(|(stage, _)| stage.clone()).collect();
    Ok(Script::of(rows, &stages))
}

/// Counts times from the beginning: of the column, where no date says when that is.
fn begin(times: &mut [f64], earliest: f64, layout: &Layout) -> Result<(), String> {
    let Clock::Dates { begins, hours_per_day, days_per_week, .. } = layout.clock else { return Ok(()) };
    let day = (earliest / hours_per_day + 1e-9).floor() * hours_per_day;
    let zero = begins.map_or(day, |date| working_days(date, days_per_week) * hours_per_day);
    times.iter_mut().for_each(|hours| *hours -= zero);
    match times.iter().any(|hours| *hours < 0.0) {
        true => Err(format!("{}: column `{}` has dates before `begins`", layout.file, layout.time)),
        false => Ok(()),
    }
}

/// Hours at which a row comes: from the beginning, or of all working time, where times are dates.
fn moment(text: &str, cell: &Cell<'_>, layout: &Layout) -> Result<f64, String> {
    if text.is_empty() {
        return Err(format!("{}, line {}: no time in column `{}`", cell.file, cell.line, cell.column));
    }
    match &layout.clock {
        Clock::Numbers { hours } => {
            let when = cell.number(text, layout.decimal_comma)? * hours;
            if when < 0.0 { Err(cell.wrong(text, "lies before the beginning")) } else { Ok(when) }
        }
        Clock::Dates { order, hours_per_day, days_per_week, .. } => {
            let (day, clock) = date(text, *order).ok_or_else(|| cell.wrong(text, NO_DATE))?;
            let is_working = working_days(day + 1, *days_per_week) > working_days(day, *days_per_week);
            let hours =
                if is_working { (clock - WorkCalendar::OPENS).clamp(0.0, *hours_per_day) } else { 0.0 };
            Ok(working_days(day, *days_per_week) * hours_per_day + hours)
        }
    }
}

const NO_DATE: &str = "is not a date in the order that `dates` names, such as 2024-03-31 or 2024-03-31T14:30";

/// Working days before a day, from some day on: the first of each week, which begins on Monday, are working days.
fn working_days(day: i64, days_per_week: f64) -> f64 {
    // 1 January 1970 was a Thursday.
    let (week, weekday) = ((day + 3).div_euclid(7), (day + 3).rem_euclid(7));
    let days = days_per_week.round().clamp(1.0, 7.0);
    week as f64 * days + (weekday as f64).min(days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::script::DateOrder;

    fn day(text: &str) -> i64 {
        date(text, DateOrder::YearMonthDay).expect(text).0
    }

    /// From a Friday to the Monday after it is one working day; Saturday and Sunday are that Monday's beginning.
    #[test]
    fn weekends_are_no_working_time() {
        let from = |a: &str, b: &str| working_days(day(b), 5.0) - working_days(day(a), 5.0);
        assert_eq!(from("2024-03-01", "2024-03-04"), 1.0);
        assert_eq!(from("2024-03-01", "2024-03-02"), 1.0);
        assert_eq!(from("2024-03-01", "2024-03-11"), 6.0);
        assert_eq!(from("2024-01-01", "2024-12-30"), 260.0);
        assert_eq!(working_days(day("2024-03-04"), 7.0) - working_days(day("2024-03-01"), 7.0), 3.0);
    }
}
