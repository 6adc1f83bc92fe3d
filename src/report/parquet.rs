//! The long table as Parquet, by the column writer; in programs built with the feature `parquet`.

#[cfg(feature = "parquet")]
mod columns;

#[cfg(feature = "parquet")]
pub use columns::ParquetTable;

/// Whether this program can write Parquet.
pub const AVAILABLE: bool = cfg!(feature = "parquet");

#[cfg(not(feature = "parquet"))]
pub use absent::ParquetTable;

#[cfg(not(feature = "parquet"))]
mod absent {
    use crate::data::{Cell, Column};
    use crate::files::{FileError, Growing};

    /// A table that cannot come to be: this program was built without Parquet.
    pub enum ParquetTable {}

    impl ParquetTable {
        pub fn begin(file: Growing, _: &[Column]) -> Result<ParquetTable, FileError> {
            let why = "this orgsim was built without Parquet; build it with --features parquet";
            let source = std::io::Error::new(std::io::ErrorKind::Unsupported, why);
            Err(FileError::of_io(file.path(), source))
        }

        pub fn row(&mut self, _: Vec<Cell>) -> Result<(), FileError> {
            match *self {}
        }

        pub fn finish(self) -> Result<(), FileError> {
            match self {}
        }
    }
}
