//! Scripts: work that is known row by row, when it comes, how large it is, and what it takes where.
//!
//! A row stays a row: its time, its size and its work belong together, whatever the order in which rows were written.
//! One script is read once and shared by every policy and every replication.

use crate::today::OpenRow;
use kernel::units::Ticks;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// Rows of scripted work, by time; rows of one instant in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    pub times: Vec<Ticks>,
    /// Nominal hours of each row's item; not a number where that is drawn. Empty where no row has any.
    pub sizes: Vec<f64>,
    /// The sizes in ascending order; empty where not every row has one.
    pub sizes_sorted: Arc<[f64]>,
    /// For each stage that rows speak of, by name, nominal hours of work there; not a number where that is drawn.
    pub work: Vec<(String, Vec<f64>)>,
}

/// Rows as they were written, column by column: a trace may have ten million.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScriptRows {
    pub hours: Vec<f64>,
    /// As long, or empty; not a number where a size is drawn.
    pub sizes: Vec<f64>,
    /// For each stage that rows speak of, as long.
    pub work: Vec<Vec<f64>>,
}

impl Script {
    /// Sorts rows, whose columns of work are those of these stages.
    pub fn of(rows: ScriptRows, stages: &[String]) -> Script {
        let hours = rows.hours;
        let mut order: Vec<u32> = Vec::new();
        if !hours.is_sorted() {
            order = (0..hours.len() as u32).collect();
            // Stable: what comes at one instant comes in the order written.
            order.sort_by(|a, b| hours[*a as usize].total_cmp(&hours[*b as usize]));
        }
        let sorted = |column: Vec<f64>| match order.is_empty() {
            true => column,
            false => order.iter().map(|at| column[*at as usize]).collect(),
        };
        let is_sized = rows.sizes.iter().any(|size| !size.is_nan());
        let sizes = if is_sized { sorted(rows.sizes) } else { Vec::new() };
        let mut distribution = sizes.clone();
        distribution.sort_by(f64::total_cmp);
        Script {
            sizes_sorted: if distribution.iter().any(|size| size.is_nan()) {
                Arc::new([])
            } else {
                distribution.into()
            },
            sizes,
            work: stages.iter().cloned().zip(rows.work.into_iter().map(sorted)).collect(),
            times: sorted(hours).into_iter().map(Ticks::from_hours).collect(),
        }
    }

    /// The size of a row's item, where it is known.
    pub fn size(&self, row: u32) -> Option<f64> {
        self.sizes.get(row as usize).copied().filter(|hours| !hours.is_nan())
    }
}

/// What the rows of a script say of the stages of one plan.
#[derive(Clone, Debug)]
pub struct StageScript {
    pub script: Arc<Script>,
    /// For each stage, which column of work is its own.
    pub columns: Vec<Option<u16>>,
}

impl StageScript {
    /// Whether rows say what an item takes at a stage.
    pub fn says_hours_at(&self, stage: usize) -> bool {
        self.columns.get(stage).is_some_and(Option::is_some)
    }

    /// Nominal hours that a row's item takes at a stage, where they are known.
    pub fn hours(&self, row: u32, stage: usize) -> Option<f64> {
        let column = (*self.columns.get(stage)?)?;
        let (_, work) = self.script.work.get(usize::from(column))?;
        work.get(row as usize).copied().filter(|hours| !hours.is_nan())
    }
}

/// How rows stand in a CSV file.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    pub file: String,
    pub delimiter: u8,
    pub decimal_comma: bool,
    pub time: String,
    pub clock: Clock,
    /// The column of sizes, and hours in its unit.
    pub size: Option<String>,
    pub size_hours: f64,
    /// For each stage, the column of work there; in the unit of sizes.
    pub work: Vec<(String, String)>,
    /// The column that says what a row is, and the words of rows that are wanted.
    pub kind: Option<(String, Vec<String>)>,
}

/// How the column of times is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Clock {
    /// Numbers, in a unit of so many hours.
    Numbers { hours: f64 },
    /// Dates, from the beginning of the first or of this day on. Working days are the first of each week.
    Dates { order: DateOrder, begins: Option<i64>, hours_per_day: f64, days_per_week: f64 },
}

/// In which order a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum DateOrder {
    /// 2024-03-31
    #[serde(rename = "year-month-day")]
    YearMonthDay,
    /// 31.03.2024
    #[serde(rename = "day-month-year")]
    DayMonthYear,
    /// 03/31/2024
    #[serde(rename = "month-day-year")]
    MonthDayYear,
}

/// A date as days since 1970, and its time of day in hours; 0 where none is written.
pub fn date(text: &str, order: DateOrder) -> Option<(i64, f64)> {
    let stray = |letter: char| letter.is_alphabetic() && !matches!(letter, 'T' | 'Z');
    if text.contains(stray) {
        return None;
    }
    let mut parts = text.split(|letter: char| !letter.is_ascii_digit());
    let mut number = || parts.next().and_then(|digits| digits.parse::<i64>().ok());
    let (one, two, three) = (number()?, number()?, number()?);
    let (year, month, day) = match order {
        DateOrder::YearMonthDay => (one, two, three),
        DateOrder::DayMonthYear => (three, two, one),
        DateOrder::MonthDayYear => (three, one, two),
    };
    let (hour, minute, second) = (number().unwrap_or(0), number().unwrap_or(0), number().unwrap_or(0));
    let days = days_since_1970(year, month, day)?;
    let is_clock = (0..=24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    is_clock.then(|| (days, hour as f64 + minute as f64 / 60.0 + second as f64 / 3600.0))
}

/// Days since 1 January 1970 in the Gregorian calendar, where there is such a day.
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let length = *lengths.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    if !(1000..10_000).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    let before = year - 1;
    let years = before * 365 + before / 4 - before / 100 + before / 400;
    let months: i64 = lengths.iter().take(month as usize - 1).sum();
    Some(years + months + day - 1 - 719_162)
}

/// Reads what files named in a scenario hold; each is read once, and what was read is shared.
pub trait Files {
    /// The numbers of a column, each times `scale`, in ascending order.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the file or the column.
    fn column(&self, file: &str, column: &str, scale: f64) -> Result<Arc<[f64]>, String>;

    /// The rows of a trace.
    ///
    /// # Errors
    /// A sentence that says what is wrong, and in which line.
    fn rows(&self, layout: &Layout) -> Result<Arc<Script>, String>;

    /// The items of a file of open work.
    ///
    /// # Errors
    /// A sentence that says what is wrong, and in which line.
    fn open_items(&self, file: &str) -> Result<Arc<[OpenRow]>, String>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i64 {
        date(text, DateOrder::YearMonthDay).expect(text).0
    }

    #[test]
    fn dates_are_days_since_1970() {
        assert_eq!(day("1970-01-01"), 0);
        assert_eq!(day("2000-03-01"), 11_017);
        assert_eq!(day("2024-02-29"), day("2024-03-01") - 1);
        assert_eq!(date("31.12.2024", DateOrder::DayMonthYear), Some((day("2024-12-31"), 0.0)));
        assert_eq!(date("12/31/2024 14:30", DateOrder::MonthDayYear), Some((day("2024-12-31"), 14.5)));
        assert_eq!(date("2024-12-31T09:00:00Z", DateOrder::YearMonthDay), Some((day("2024-12-31"), 9.0)));
        for wrong in ["2023-02-29", "2024-13-01", "2024-00-10", "24-01-01", "soon", "2024-01-01 2:05 PM"] {
            assert_eq!(date(wrong, DateOrder::YearMonthDay), None, "{wrong}");
        }
    }
}
