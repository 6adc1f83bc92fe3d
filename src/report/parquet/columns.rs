//! The columns of the Parquet file, filled a group of rows at a time.
//!
//! Memory holds one group. Floats that are missing are null; nothing else is ever missing, as in the CSV file.

use crate::data::{Cell, Column, Kind, NOTHING};
use crate::files::{FileError, Growing};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result as Written};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a group.
const GROUP: usize = 50_000;

/// Values of one column that are waiting to be written, and for each row whether it has one.
struct Waiting<T> {
    values: Vec<T>,
    present: Vec<i16>,
}

impl<T> Waiting<T> {
    fn new() -> Waiting<T> {
        Waiting { values: Vec::new(), present: Vec::new() }
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

/// A column by its type.
enum Filled {
    Text(Waiting<ByteArray>),
    Integer(Waiting<i64>),
    Float(Waiting<f64>),
    Boolean(Waiting<bool>),
}

impl Filled {
    fn of(kind: Kind) -> Filled {
        match kind {
            Kind::Text => Filled::Text(Waiting::new()),
            Kind::Integer => Filled::Integer(Waiting::new()),
            Kind::Float => Filled::Float(Waiting::new()),
            Kind::Boolean => Filled::Boolean(Waiting::new()),
        }
    }

    /// A cell of another type than the column's, which no table has, is missing.
    fn push(&mut self, cell: Cell) {
        match (self, cell) {
            (Filled::Text(column), Cell::Text(text)) => {
                let text = if text.is_empty() { NOTHING.to_owned() } else { text };
                column.push(Some(ByteArray::from(text.into_bytes())));
            }
            (Filled::Integer(column), Cell::Integer(number)) => column.push(Some(number)),
            (Filled::Float(column), Cell::Float(number)) => {
                column.push(Some(number).filter(|number| !number.is_nan()));
            }
            (Filled::Boolean(column), Cell::Boolean(is)) => column.push(Some(is)),
            (Filled::Text(column), _) => column.push(None),
            (Filled::Integer(column), _) => column.push(None),
            (Filled::Float(column), _) => column.push(None),
            (Filled::Boolean(column), _) => column.push(None),
        }
    }

    fn write(&mut self, group: &mut SerializedRowGroupWriter<'_, Growing>) -> Written<()> {
        match self {
            Filled::Text(column) => column.write::<ByteArrayType>(group),
            Filled::Integer(column) => column.write::<Int64Type>(group),
            Filled::Float(column) => column.write::<DoubleType>(group),
            Filled::Boolean(column) => column.write::<BoolType>(group),
        }
    }
}

/// The table as Parquet.
pub struct ParquetTable {
    writer: SerializedFileWriter<Growing>,
    path: PathBuf,
    columns: Vec<Filled>,
    waiting: usize,
}

impl ParquetTable {
    pub fn begin(file: Growing, head: &[Column]) -> Result<ParquetTable, FileError> {
        let path = file.path().to_owned();
        let open = || {
            let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
            SerializedFileWriter::new(file, Arc::new(schema(head)?), Arc::new(properties))
        };
        let writer = open().map_err(|error| failed(&path, error))?;
        let columns = head.iter().map(|column| Filled::of(column.kind)).collect();
        Ok(ParquetTable { writer, path, columns, waiting: 0 })
    }

    pub fn row(&mut self, cells: Vec<Cell>) -> Result<(), FileError> {
        self.columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
        self.waiting += 1;
        if self.waiting < GROUP {
            return Ok(());
        }
        self.group().map_err(|error| failed(&self.path, error))
    }

    pub fn finish(mut self) -> Result<(), FileError> {
        if self.waiting > 0 {
            self.group().map_err(|error| failed(&self.path, error))?;
        }
        let file = self.writer.into_inner().map_err(|error| failed(&self.path, error))?;
        file.finish()
    }

    /// Writes the rows that are waiting, column by column.
    fn group(&mut self) -> Written<()> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            column.write(&mut group)?;
        }
        group.close()?;
        self.waiting = 0;
        Ok(())
    }
}

/// The columns, in the order of the CSV file.
fn schema(head: &[Column]) -> Written<Type> {
    let field = |column: &Column| {
        let (physical, logical) = match column.kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Integer => (Physical::INT64, None),
            Kind::Float => (Physical::DOUBLE, None),
            Kind::Boolean => (Physical::BOOLEAN, None),
        };
        let field = Type::primitive_type_builder(&column.name, physical);
        let field = field.with_repetition(Repetition::OPTIONAL).with_logical_type(logical);
        field.build().map(Arc::new)
    };
    let fields = head.iter().map(field).collect::<Written<Vec<_>>>()?;
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
