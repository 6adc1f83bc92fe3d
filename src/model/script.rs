//! Scripts: work that is known row by row, when it comes, how large it is, and what it takes where.
//!
//! A row stays a row: its time, its size and its work belong together, whatever the order in which rows were written.
//! One script is read once and shared by every policy and every life.

use kernel::units::Ticks;
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
pub struct Rows {
    pub hours: Vec<f64>,
    /// As long, or empty; not a number where a size is drawn.
    pub sizes: Vec<f64>,
    /// For each stage that rows speak of, as long.
    pub work: Vec<Vec<f64>>,
}

impl Script {
    /// Sorts rows, whose columns of work are those of these stages.
    pub fn of(rows: Rows, stages: &[String]) -> Script {
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
        let mut law = sizes.clone();
        law.sort_by(f64::total_cmp);
        Script {
            sizes_sorted: if law.iter().any(|size| size.is_nan()) { Arc::new([]) } else { law.into() },
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    YearMonthDay,
    DayMonthYear,
    MonthDayYear,
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
}
