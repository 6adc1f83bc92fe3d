//! The long table of a sweep: a row for each point and simulated life, written as it is read.

use super::csv::{plain, safe};
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

/// One point and simulated life.
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
    /// Begins the table with its columns: the point, its axes, the keys of a life, and what is kept of each.
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
    writer: csv::Writer<Growing>,
    axes: usize,
}

impl CsvTable {
    fn begin(file: Growing, axes: &[&str], names: &[&str]) -> Result<CsvTable, FileError> {
        let path = file.path().to_owned();
        let mut writer = csv::Writer::from_writer(file);
        let keys = ["replication", "seed", "status", "reason"];
        let head = ["point"].into_iter().chain(axes.iter().copied()).chain(keys).chain(names.iter().copied());
        let written = writer.write_record(head.map(safe));
        written.map_err(|error| FileError::of_csv(&path, error))?;
        Ok(CsvTable { writer, axes: axes.len() })
    }

    fn row(&mut self, row: &LongRow<'_>) -> Result<(), FileError> {
        let written = self.cells(row);
        written.map_err(|error| FileError::of_csv(self.writer.get_ref().path(), error))
    }

    fn cells(&mut self, row: &LongRow<'_>) -> Result<(), csv::Error> {
        let writer = &mut self.writer;
        match row.point {
            Some(point) => writer.write_field(point.to_string())?,
            None => writer.write_field("baseline")?,
        }
        for axis in 0..self.axes {
            writer.write_field(row.setting.get(axis).map(|value| safe(value)).unwrap_or_default())?;
        }
        writer.write_field(row.replication.to_string())?;
        writer.write_field(row.seed.to_string())?;
        writer.write_field(row.status)?;
        writer.write_field(safe(row.reason))?;
        for value in row.values {
            writer.write_field(plain(*value))?;
        }
        writer.write_record(None::<&[u8]>)
    }

    fn finish(self) -> Result<(), FileError> {
        let path = self.writer.get_ref().path().to_owned();
        let file = self.writer.into_inner();
        let file = file.map_err(|error| FileError::of_io(&path, error.into_error()))?;
        file.finish()
    }
}
