//! The long table of a sweep: a row for each point and simulated replication, written as it is read.

use super::csv::{Csv, plain};
use super::files::{FileError, Growing, OutputFolder};
use super::parquet;

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
    /// The values of the axes as written; none for the baseline.
    pub setting: &'a [String],
    pub replication: u64,
    pub seed: u64,
    pub status: &'a str,
    /// Why there are no values; empty where there are.
    pub reason: &'a str,
    pub values: &'a [f64],
}

/// The table being written; it gets its name when it is whole.
pub enum LongTable {
    Csv(Box<CsvTable>),
    Parquet(Box<parquet::ParquetTable>),
}

impl LongTable {
    /// Begins the table with its columns: the point, its axes, the keys of a replication, and what is kept of each.
    ///
    /// # Errors
    /// When the file cannot be written, or this program cannot write Parquet.
    pub fn begin(
        folder: &OutputFolder,
        layout: Layout,
        axes: &[&str],
        names: &[&str],
    ) -> Result<LongTable, FileError> {
        let file = folder.growing(NAME, layout.extension())?;
        Ok(match layout {
            Layout::Csv => LongTable::Csv(Box::new(CsvTable::begin(file, axes, names)?)),
            Layout::Parquet => LongTable::Parquet(Box::new(parquet::ParquetTable::begin(file, axes, names)?)),
        })
    }

    pub fn row(&mut self, row: &LongRow<'_>) -> Result<(), FileError> {
        match self {
            LongTable::Csv(table) => table.row(row),
            LongTable::Parquet(table) => table.row(row),
        }
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<(), FileError> {
        match self {
            LongTable::Csv(table) => table.finish(),
            LongTable::Parquet(table) => table.finish(),
        }
    }
}

/// The table as CSV.
pub struct CsvTable {
    file: Csv<Growing>,
    axes: usize,
}

impl CsvTable {
    fn begin(file: Growing, axes: &[&str], names: &[&str]) -> Result<CsvTable, FileError> {
        let path = file.path().to_owned();
        let keys = ["replication", "seed", "status", "reason"];
        let head = ["point"].into_iter().chain(axes.iter().copied()).chain(keys).chain(names.iter().copied());
        let file = Csv::begin(file, head).map_err(|error| FileError::of_csv(&path, error))?;
        Ok(CsvTable { file, axes: axes.len() })
    }

    fn row(&mut self, row: &LongRow<'_>) -> Result<(), FileError> {
        let point = row.point.map_or_else(|| "baseline".to_owned(), |point| point.to_string());
        let setting = (0..self.axes).map(|axis| row.setting.get(axis).cloned().unwrap_or_default());
        let keys = [row.replication.to_string(), row.seed.to_string(), row.status.into(), row.reason.into()];
        let values = row.values.iter().map(|value| plain(*value));
        let written = self.file.add([point].into_iter().chain(setting).chain(keys).chain(values));
        written.map_err(|error| FileError::of_csv(self.file.target().path(), error))
    }

    fn finish(self) -> Result<(), FileError> {
        let path = self.file.target().path().to_owned();
        let file = self.file.end();
        file.map_err(|error| FileError::of_io(&path, error))?.finish()
    }
}
