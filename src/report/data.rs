//! Tables as data: every column says what it holds, and every cell is of its column's type.
//!
//! Programs that load CSV guess a column's type from its first rows. So numbers of columns of floats have a point, cells
//! of integers and of text are never empty, and where none of the first rows of a column of floats has a number, what
//! is missing in that column is written `NaN`, which all of them know as one. Infinity is `99e999`: all of them take it for
//! that, while to DuckDB `inf` is a date, and to readr `1e999` a number.

use super::csv::{Csv, Sheet};
use experiment::summary::{ColumnText, ParameterColumn};
use std::borrow::Cow;
use std::io::Write;

/// By how many rows a reader may guess a column's type.
const GUESSED_BY: usize = 100;

/// What a cell of text says where there is nothing to say.
pub const NOTHING: &str = "none";

/// What an integer says where there is none.
pub const NO_NUMBER: i64 = -1;

/// What is more, or less, than any number, as every reader knows it for that.
const INFINITE: &str = "99e999";
const NEGATIVE: &str = "-99e999";

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// From −2^63 up to 2^63 − 1, and in fact never below −1.
    Integer,
    /// With a point, `99e999`, `-99e999` or `NaN`; empty where there is none.
    Float,
    /// `true` or `false`.
    Boolean,
}

impl Kind {
    /// As the dictionary has it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Integer => "integer",
            Kind::Float => "float",
            Kind::Boolean => "boolean",
        }
    }
}

/// A column and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: Cow<'static, str>,
    pub kind: Kind,
    /// Nothing where it has none.
    pub unit: Cow<'static, str>,
    pub definition: Cow<'static, str>,
}

/// A column by its name, what it holds, its unit and its definition.
pub type Written = (&'static str, Kind, &'static str, &'static str);

/// The columns that are written so.
pub fn columns(written: &[Written]) -> Vec<Column> {
    let column = |&(name, kind, unit, definition): &Written| Column {
        name: name.into(),
        kind,
        unit: unit.into(),
        definition: definition.into(),
    };
    written.iter().map(column).collect()
}

/// The columns of metrics and of details: floats, all of them.
pub fn measured(columns: &[ColumnText]) -> impl Iterator<Item = Column> {
    columns.iter().map(|column| Column {
        name: column.name.clone().into(),
        kind: Kind::Float,
        unit: column.unit.into(),
        definition: column.definition.clone().into(),
    })
}

/// The columns of parameters, and at their end the one with all of them as they are written.
pub fn parameters(parameters: &[ParameterColumn]) -> impl Iterator<Item = Column> {
    let columns = parameters.iter().map(|parameter| Column {
        name: parameter.name.clone().into(),
        kind: if parameter.is_number { Kind::Float } else { Kind::Text },
        unit: parameter.unit.into(),
        definition: format!("The value of `{}`.", parameter.path).into(),
    });
    let setting = "All of these parameters as `--set` takes them: PATH=VALUE, and `; ` between two.";
    columns.chain(self::columns(&[("setting", Kind::Text, "", setting)]))
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Cell {
        Cell::Float(number)
    }
}

impl From<bool> for Cell {
    fn from(is: bool) -> Cell {
        Cell::Boolean(is)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Cell {
        Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Cell {
        Cell::from(number as u64)
    }
}

impl From<Option<usize>> for Cell {
    fn from(number: Option<usize>) -> Cell {
        number.map_or(Cell::Integer(NO_NUMBER), Cell::from)
    }
}

/// Floats as cells.
pub fn floats(numbers: impl IntoIterator<Item = f64>) -> impl Iterator<Item = Cell> {
    numbers.into_iter().map(Cell::Float)
}

/// A float as every reader knows it for one, and reads it back bit for bit; nothing for what is no number.
pub fn float(value: f64) -> String {
    if value.is_nan() {
        return String::new();
    }
    if value.is_infinite() {
        return if value > 0.0 { INFINITE } else { NEGATIVE }.to_owned();
    }
    let text = value.to_string();
    if text.contains('.') { text } else { text + ".0" }
}

/// A table that is being written.
pub struct DataTable<W: Write> {
    file: Csv<W>,
    columns: Vec<Column>,
    /// The first rows, until so many are there that it is known of which columns they have a number.
    first: Vec<Vec<Cell>>,
    /// For each column whether what is missing is written `NaN`; known when the first rows are.
    named: Option<Vec<bool>>,
}

impl<W: Write> DataTable<W> {
    /// Begins a table with its head.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(to: W, columns: Vec<Column>) -> Result<DataTable<W>, csv::Error> {
        let file = Csv::begin(to, columns.iter().map(|column| column.name.as_ref()))?;
        Ok(DataTable { file, columns, first: Vec::new(), named: None })
    }

    /// Adds a row as long as the head.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, cells: Vec<Cell>) -> Result<(), csv::Error> {
        if self.named.is_some() {
            return self.write(&cells);
        }
        self.first.push(cells);
        if self.first.len() < GUESSED_BY { Ok(()) } else { self.settle() }
    }

    /// Writes the first rows.
    fn settle(&mut self) -> Result<(), csv::Error> {
        let first = std::mem::take(&mut self.first);
        let is_number =
            |row: &Vec<Cell>, at: usize| matches!(row.get(at), Some(Cell::Float(number)) if !number.is_nan());
        let is_named = |(at, column): (usize, &Column)| {
            column.kind == Kind::Float && !first.iter().any(|row| is_number(row, at))
        };
        self.named = Some(self.columns.iter().enumerate().map(is_named).collect());
        first.iter().try_for_each(|row| self.write(row))
    }

    fn write(&mut self, row: &[Cell]) -> Result<(), csv::Error> {
        let named = self.named.as_deref().unwrap_or_default();
        let text = |(at, cell): (usize, &Cell)| match cell {
            Cell::Text(text) if text.is_empty() => NOTHING.to_owned(),
            Cell::Text(text) => text.clone(),
            Cell::Integer(number) => number.to_string(),
            Cell::Float(number) if number.is_nan() && named.get(at) == Some(&true) => "NaN".to_owned(),
            Cell::Float(number) => float(*number),
            Cell::Boolean(is) => is.to_string(),
        };
        self.file.add(row.iter().enumerate().map(text))
    }

    /// Where it is written to.
    pub fn target(&self) -> &W {
        self.file.target()
    }

    /// What its columns are.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Ends the table, and gives what it was written to.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn end(mut self) -> Result<W, csv::Error> {
        if self.named.is_none() {
            self.settle()?;
        }
        Ok(self.file.end()?)
    }
}

/// A whole table in memory.
#[derive(Clone, Debug)]
pub struct Data {
    pub columns: Vec<Column>,
    pub bytes: Vec<u8>,
}

impl Data {
    /// The table of these rows, each as long as the head.
    pub fn of(columns: Vec<Column>, rows: impl IntoIterator<Item = Vec<Cell>>) -> Data {
        let mut table = DataTable::begin(Vec::new(), columns).expect("writing to memory cannot fail");
        for row in rows {
            table.add(row).expect("rows in memory are as long as their head");
        }
        let columns = table.columns.clone();
        Data { columns, bytes: table.end().expect("writing to memory cannot fail") }
    }
}

/// `columns.csv`: what every column of every table of a folder holds.
pub fn dictionary<'a>(tables: impl IntoIterator<Item = (&'a str, &'a [Column])>) -> Vec<u8> {
    let mut sheet = Sheet::new(["file", "column", "type", "unit", "definition"]);
    for (file, columns) in tables {
        for column in columns {
            let unit = if column.unit.is_empty() { NOTHING } else { column.unit.as_ref() };
            let cells = [file, column.name.as_ref(), column.kind.word(), unit, column.definition.as_ref()];
            sheet.row(cells.map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    sheet.bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: Vec<Vec<Cell>>) -> String {
        let columns =
            columns(&[("a", Kind::Float, "", ""), ("b", Kind::Float, "", ""), ("c", Kind::Text, "", "")]);
        String::from_utf8(Data::of(columns, rows).bytes).expect("text")
    }

    #[test]
    fn floats_have_a_point_and_read_back_to_the_bit() {
        assert_eq!(
            [1.0, -0.0, 0.1, 1e21, 2.5e-9].map(float).join(" "),
            "1.0 -0.0 0.1 1000000000000000000000.0 0.0000000025"
        );
        assert_eq!([f64::INFINITY, f64::NEG_INFINITY, f64::NAN].map(float), ["99e999", "-99e999", ""]);
        for number in [1.0 / 3.0, f64::MIN_POSITIVE, f64::MAX, 5e-324, -7.0, f64::NEG_INFINITY] {
            assert_eq!(float(number).parse::<f64>().map(f64::to_bits), Ok(number.to_bits()));
        }
    }

    #[test]
    fn what_is_missing_is_named_only_where_the_first_rows_have_no_number() {
        let row = |a: f64, b: f64| vec![a.into(), b.into(), "".into()];
        assert_eq!(
            table(vec![row(1.0, f64::NAN), row(f64::NAN, f64::NAN)]),
            "a,b,c\n1.0,NaN,none\n,NaN,none\n"
        );
        let late = (0..GUESSED_BY + 2).map(|at| row(if at > GUESSED_BY { 2.0 } else { f64::NAN }, 0.5));
        let late = table(late.collect());
        assert!(late.ends_with("\nNaN,0.5,none\n2.0,0.5,none\n"), "{late}");
        assert_eq!(table(Vec::new()), "a,b,c\n", "a table without rows has its head");
    }
}
