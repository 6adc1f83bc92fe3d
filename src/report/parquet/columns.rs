//! The columns of the Parquet file, filled a group of rows at a time.
//!
//! Memory holds one group. Missing values are null; the point of the baseline is null too.

use crate::files::{FileError, Growing};
use crate::long::LongRow;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result as Written};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a group.
const GROUP: usize = 50_000;

/// Values of one column that are waiting to be written, and for each row whether it has one.
struct Column<T> {
    values: Vec<T>,
    present: Vec<i16>,
}

impl<T> Column<T> {
    fn new() -> Column<T> {
        Column { values: Vec::new(), present: Vec::new() }
    }

    fn push(&mut self, value: Option<T>) {
        self.present.push(i16::from(value.is_some()));
        self.values.extend(value);
    }

    fn write<D: DataType<T = T>>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, Growing>,
    ) -> Written<()> {
        let mut column =
            group.next_column()?.ok_or_else(|| ParquetError::General("no column left".into()))?;
        column.typed::<D>().write_batch(&self.values, Some(&self.present), None)?;
        column.close()?;
        self.values.clear();
        self.present.clear();
        Ok(())
    }
}

/// The table as Parquet.
pub struct ParquetTable {
    writer: SerializedFileWriter<Growing>,
    path: PathBuf,
    point: Column<i32>,
    setting: Vec<Column<ByteArray>>,
    replication: Column<i64>,
    seed: Column<i64>,
    status: Column<ByteArray>,
    reason: Column<ByteArray>,
    values: Vec<Column<f64>>,
}

impl ParquetTable {
    pub fn begin(file: Growing, axes: &[&str], names: &[&str]) -> Result<ParquetTable, FileError> {
        let path = file.path().to_owned();
        let open = || {
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            SerializedFileWriter::new(file, Arc::new(schema(axes, names)?), Arc::new(properties))
        };
        let writer = open().map_err(|error| failed(&path, error))?;
        Ok(ParquetTable {
            writer,
            path,
            point: Column::new(),
            setting: axes.iter().map(|_| Column::new()).collect(),
            replication: Column::new(),
            seed: Column::new(),
            status: Column::new(),
            reason: Column::new(),
            values: names.iter().map(|_| Column::new()).collect(),
        })
    }

    pub fn row(&mut self, row: &LongRow<'_>) -> Result<(), FileError> {
        let text = |text: &str| Some(ByteArray::from(text.as_bytes().to_vec())).filter(|_| !text.is_empty());
        self.point.push(row.point.map(|point| point as i32));
        for (axis, column) in self.setting.iter_mut().enumerate() {
            column.push(row.setting.get(axis).and_then(|value| text(value)));
        }
        self.replication.push(Some(row.replication as i64));
        // The bits of an unsigned number, as the column's logical type says.
        self.seed.push(Some(row.seed as i64));
        self.status.push(text(row.status));
        self.reason.push(text(row.reason));
        for (column, value) in self.values.iter_mut().zip(row.values) {
            column.push(Some(*value).filter(|value| !value.is_nan()));
        }
        if self.point.present.len() < GROUP {
            return Ok(());
        }
        self.group().map_err(|error| failed(&self.path, error))
    }

    pub fn finish(mut self) -> Result<(), FileError> {
        if !self.point.present.is_empty() {
            self.group().map_err(|error| failed(&self.path, error))?;
        }
        let file = self.writer.into_inner().map_err(|error| failed(&self.path, error))?;
        file.finish()
    }

    /// Writes the rows that are waiting, column by column.
    fn group(&mut self) -> Written<()> {
        let mut group = self.writer.next_row_group()?;
        self.point.write::<Int32Type>(&mut group)?;
        for column in &mut self.setting {
            column.write::<ByteArrayType>(&mut group)?;
        }
        self.replication.write::<Int64Type>(&mut group)?;
        self.seed.write::<Int64Type>(&mut group)?;
        self.status.write::<ByteArrayType>(&mut group)?;
        self.reason.write::<ByteArrayType>(&mut group)?;
        for column in &mut self.values {
            column.write::<DoubleType>(&mut group)?;
        }
        group.close()?;
        Ok(())
    }
}

/// The columns, in the order of the CSV file.
fn schema(axes: &[&str], names: &[&str]) -> Written<Type> {
    let field = |name: &str, physical: Physical, logical: Option<LogicalType>| {
        let field = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        field.with_logical_type(logical).build().map(Arc::new)
    };
    let text = |name: &str| field(name, Physical::BYTE_ARRAY, Some(LogicalType::String));
    let unsigned = LogicalType::integer(64, false);
    let mut fields = vec![field("point", Physical::INT32, None)?];
    for axis in axes {
        fields.push(text(axis)?);
    }
    fields.push(field("replication", Physical::INT64, None)?);
    fields.push(field("seed", Physical::INT64, Some(unsigned))?);
    fields.extend([text("status")?, text("reason")?]);
    for name in names {
        fields.push(field(name, Physical::DOUBLE, None)?);
    }
    Type::group_type_builder("sweep").with_fields(fields).build()
}

fn failed(path: &Path, error: ParquetError) -> FileError {
    let source = match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(source) => *source,
            Err(other) => std::io::Error::other(other),
        },
        other => std::io::Error::other(other),
    };
    FileError::of_io(path, source)
}
