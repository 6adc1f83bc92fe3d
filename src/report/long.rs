//! The long table of a sweep: a row for each point and simulated replication, written as it is read.

use super::data::{Cell, Column, DataTable, Kind, NO_NUMBER, columns, floats, measured, parameters};
use super::files::{FileError, Growing, OutputFolder};
use super::{parquet, replications, summaries};
use experiment::summary::{ColumnText, ParameterColumn, SettingText};

/// The name of the file, without its ending.
pub const NAME: &str = "sweep";

/// How the table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Csv,
    /// Only in a program built with the feature `parquet`.
    Parquet,
}

impl Layout {
    /// The file's ending.
    pub fn extension(self) -> &'static str {
        match self {
            Layout::Csv => "csv",
            Layout::Parquet => "parquet",
        }
    }
}

/// One point and simulated replication.
#[derive(Clone, Copy, Debug)]
pub struct LongRow<'a> {
    /// `None` for the baseline.
    pub point: Option<usize>,
    /// The values of the axes; the baseline sets none.
    pub setting: &'a SettingText,
    pub replication: u64,
    pub seed: u64,
    pub status: &'a str,
    /// Why there are no values; empty where there are.
    pub reason: &'a str,
    pub values: &'a [f64],
}

impl LongRow<'_> {
    /// Its cells, in the order of the columns.
    pub fn cells(&self) -> Vec<Cell> {
        let point = self.point.map_or(Cell::Integer(NO_NUMBER), Cell::from);
        let mut cells: Vec<Cell> = std::iter::once(point).chain(summaries::setting(self.setting)).collect();
        cells.extend([
            Cell::from(self.replication),
            self.seed.into(),
            self.status.into(),
            self.reason.into(),
        ]);
        cells.extend(floats(self.values.iter().copied()));
        cells
    }
}

/// The columns: the point, its axes, the keys of a replication, and what is kept of each.
pub fn head(axes: &[ParameterColumn], kept: &[ColumnText]) -> Vec<Column> {
    let point = "The number of the point, from 0; -1 for the baseline.";
    let mut all = columns(&[("point", Kind::Integer, "", point)]);
    all.extend(parameters(axes));
    all.extend(columns(&[
        ("replication", Kind::Integer, "", "The number of the replication, from 0."),
        ("seed", Kind::Integer, "", "The number from which all random numbers are drawn."),
        ("status", Kind::Text, "", replications::STATUS),
        ("reason", Kind::Text, "", "Why there are no values."),
    ]));
    all.extend(measured(kept));
    all
}

/// The table being written; it gets its name when it is whole.
pub enum LongTable {
    Csv(Box<DataTable<Growing>>),
    Parquet(Box<parquet::ParquetTable>),
}

impl LongTable {
    /// Begins the table with its columns.
    ///
    /// # Errors
    /// When the file cannot be written, or this program cannot write Parquet.
    pub fn begin(folder: &OutputFolder, layout: Layout, head: Vec<Column>) -> Result<LongTable, FileError> {
        let file = folder.growing(NAME, layout.extension())?;
        let path = file.path().to_owned();
        Ok(match layout {
            Layout::Csv => {
                let table = DataTable::begin(file, head).map_err(|error| FileError::of_csv(&path, error))?;
                LongTable::Csv(Box::new(table))
            }
            Layout::Parquet => LongTable::Parquet(Box::new(parquet::ParquetTable::begin(file, &head)?)),
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn row(&mut self, row: &LongRow<'_>) -> Result<(), FileError> {
        match self {
            LongTable::Csv(table) => {
                let written = table.add(row.cells());
                written.map_err(|error| FileError::of_csv(table.target().path(), error))
            }
            LongTable::Parquet(table) => table.row(row.cells()),
        }
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn finish(self) -> Result<(), FileError> {
        match self {
            LongTable::Csv(table) => {
                let path = table.target().path().to_owned();
                table.end().map_err(|error| FileError::of_csv(&path, error))?.finish()
            }
            LongTable::Parquet(table) => table.finish(),
        }
    }
}
