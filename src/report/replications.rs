//! The table of replications: a row for each policy and replication, with every column.

use super::data::{self, Cell, Column, DataTable, Kind, floats};
use super::files::{FileError, Growing};
use experiment::summary::ColumnText;
use std::io::Write;

/// One replication: what `replications.csv` has a row for.
#[derive(Clone, Debug)]
pub struct ReplicationRow<'a> {
    pub policy: &'a str,
    pub replication: u64,
    pub seed: u64,
    pub status: &'static str,
    /// Why there are no values; empty where there are.
    pub reason: String,
    pub values: Option<&'a [f64]>,
}

/// The columns of `replications.csv`.
pub fn columns(columns: &[ColumnText]) -> Vec<Column> {
    let keys = [
        ("policy", Kind::Text, "", "The policy's name; the baseline is one of them."),
        ("replication", Kind::Integer, "", "The number of the replication, from 0."),
        ("seed", Kind::Integer, "", "The number from which all random numbers are drawn."),
        ("status", Kind::Text, "", STATUS),
        ("reason", Kind::Text, "", "Why there are no values."),
    ];
    data::columns(&keys).into_iter().chain(data::measured(columns)).collect()
}

/// What became of a replication.
pub const STATUS: &str = "What became of the replication: ok; overrun, where more work was open than the population limit; \
                          or failed, where orgsim failed. The last two have no values.";

/// One row per policy and replication, with every column; written as it is made.
///
/// # Errors
/// When the file cannot be written.
pub fn write<'a>(
    file: Growing,
    columns: &[ColumnText],
    rows: impl Iterator<Item = ReplicationRow<'a>>,
) -> Result<(), FileError> {
    let path = file.path().to_owned();
    let written = |file| write_replications(file, columns, rows)?.end();
    written(file).map_err(|error| FileError::of_csv(&path, error))?.finish()
}

fn write_replications<'a, W: Write>(
    to: W,
    columns: &[ColumnText],
    rows: impl Iterator<Item = ReplicationRow<'a>>,
) -> Result<DataTable<W>, csv::Error> {
    let mut file = DataTable::begin(to, self::columns(columns))?;
    for row in rows {
        let mut cells: Vec<Cell> = vec![row.policy.into(), row.replication.into(), row.seed.into()];
        cells.extend([Cell::from(row.status), row.reason.into()]);
        cells.extend(floats((0..columns.len()).map(|at| row.values.map_or(f64::NAN, |values| values[at]))));
        file.add(cells)?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replication_is_a_row_whatever_its_policy_is_called() {
        let values = [1.0 / 3.0, f64::NAN];
        let column = |name: &str| ColumnText { name: name.into(), unit: "", definition: String::new() };
        let rows = [ReplicationRow {
            policy: "a, \"b\"",
            replication: 3,
            seed: 1,
            status: "ok",
            reason: String::new(),
            values: Some(&values),
        }];
        let file =
            write_replications(Vec::new(), &[column("x"), column("y")], rows.into_iter()).expect("memory");
        let file = file.end().expect("memory");
        let mut reader = csv::Reader::from_reader(file.as_slice());
        let record = reader.records().next().expect("a row").expect("well formed");
        assert_eq!(record[5].parse::<f64>().ok(), Some(1.0 / 3.0));
        assert_eq!((&record[0], &record[4], &record[6]), ("a, \"b\"", "none", "NaN"));
    }
}
