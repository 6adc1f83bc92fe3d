//! `orgsim run --row`: one row of a sweep run again, alone, and compared number by number.

use super::grid::written_down;
use super::{Common, Failure, screen};
use crate::experiment::compare::columns;
use crate::experiment::identity::Identity;
use crate::experiment::partition::WorkUnit;
use crate::experiment::replicate::replicate_timelines;
use crate::experiment::rows::Row;
use crate::experiment::work_units;
use crate::reading::{self, MOST_TEXT};
use crate::report::csv::plain;
use crate::report::table::printable;
use std::path::Path;

/// The row as it stands in the file.
struct Written {
    head: csv::StringRecord,
    cells: csv::StringRecord,
}

impl Written {
    /// Reads the row that begins at a line; the head is line 1.
    fn read(path: &Path, line: u64) -> Result<Written, Failure> {
        let shown = path.display();
        let failed = |error: csv::Error| Failure::Failed(format!("cannot read {shown}: {error}"));
        // A table of a sweep may be as large as it likes: it is read row by row.
        let file = reading::open(path, u64::MAX);
        let mut reader = csv::Reader::from_reader(file.map_err(|error| failed(error.into()))?);
        let head = reader.headers().map_err(failed)?.clone();
        let mut cells = csv::StringRecord::new();
        while reader.read_record(&mut cells).map_err(failed)? {
            match cells.position().map_or(0, csv::Position::line) {
                at if at == line => return Ok(Written { head, cells }),
                at if at > line => break,
                _ => {}
            }
        }
        Err(Failure::Usage(format!("{shown} has no row at line {line}; the head is line 1")))
    }

    fn cell(&self, name: &str) -> Option<&str> {
        let at = self.head.iter().position(|head| head == name)?;
        self.cells.get(at)
    }

    /// The cell of a number of a replication: those are the last columns, of which the sweep may have left some out.
    fn number(&self, name: &str) -> Option<&str> {
        let last = self.head.iter().enumerate().filter(|(_, head)| *head == name).last();
        self.cells.get(last?.0)
    }
}

/// A replication that was run again.
struct Again {
    /// The name of its point.
    name: String,
    row: Row,
    /// Its numbers that the table has a column for, by their names.
    numbers: Vec<(String, f64)>,
}

/// Runs the row at FILE:LINE again and says whether the numbers agree.
pub fn again(place: &str, common: &Common) -> Result<(), Failure> {
    let (path, line) = place
        .rsplit_once(':')
        .and_then(|(path, line)| Some((Path::new(path), line.parse::<u64>().ok()?)))
        .ok_or_else(|| {
            Failure::Usage(format!(
                "`{place}` names no row: write FILE:LINE, such as output/s-sweep/sweep.csv:1234"
            ))
        })?;
    if path.extension().is_some_and(|extension| extension == "parquet") {
        let help =
            "write the sweep as CSV, or run its replication again with `orgsim sweep … --only-replication N`";
        return Err(Failure::Usage(format!("a row of a Parquet file has no line: {help}")));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let identity = identity(folder)?;
    let row = Written::read(path, line)?;
    let key = |name: &str| {
        row.cell(name).ok_or_else(|| {
            Failure::Usage(format!("{} is no table of a sweep: it has no {name}", path.display()))
        })
    };
    let number: u64 = key("replication")?.parse().map_err(|_| odd(place))?;
    if !(identity.replications.0..identity.replications.1).contains(&number) {
        return Err(odd(place));
    }
    let point = match key("point")? {
        "-1" => None,
        point => Some(point.parse::<usize>().map_err(|_| odd(place))?),
    };
    let mut again = simulate(folder, &identity, point, number)?;
    again.numbers.retain(|(name, _)| row.number(name).is_some());
    let said = format!("{}, replication {number}", printable(&again.name));
    if !common.look.quiet {
        screen::print(&shown(&said, &again))?;
    }
    let wrong = differences(&row, &again);
    if wrong.is_empty() {
        let count = again.numbers.len();
        return screen::print(&format!(
            "The row agrees: its status and all {count} numbers are the same to the bit.\n"
        ));
    }
    Err(Failure::Failed(format!("line {line} of {} does not agree: {}", path.display(), wrong.join("; "))))
}

fn odd(place: &str) -> Failure {
    Failure::Usage(format!("{place} is no row of a sweep"))
}

/// What the manifest beside a table says the sweep was.
fn identity(folder: &Path) -> Result<Identity, Failure> {
    let path = folder.join("manifest.json");
    let wrong =
        |why: String| Failure::Usage(format!("{} does not say what the sweep was: {why}", path.display()));
    let text = reading::bytes(&path, MOST_TEXT).map_err(|error| wrong(error.to_string()))?;
    let manifest: serde_json::Value =
        serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
    if manifest["sweep"].is_null() {
        return Err(wrong("it is of another command".to_owned()));
    }
    let identity: Identity =
        serde_json::from_value(manifest["sweep"].clone()).map_err(|error| wrong(error.to_string()))?;
    identity.check().map_err(wrong)?;
    let ours = env!("CARGO_PKG_VERSION");
    if identity.version != ours {
        let theirs = &identity.version;
        screen::warn(&format!("version {theirs} wrote the row and {ours} runs it again: numbers may differ"));
    }
    Ok(identity)
}

/// Runs one replication of one point, or of the baseline, and gives the point's name.
fn simulate(folder: &Path, identity: &Identity, point: Option<usize>, number: u64) -> Result<Again, Failure> {
    let study = written_down(folder, identity)?;
    if study.hash != identity.scenario {
        let folder = folder.display();
        let (hash, wanted) = (&study.hash, &identity.scenario);
        let message =
            format!("the scenario in {folder} is not the sweep's: {hash}, and the manifest says {wanted}");
        return Err(Failure::Usage(message));
    }
    let points = identity.points.settings().map_err(Failure::Usage)?;
    let chosen = match point {
        None => Vec::new(),
        Some(point) => vec![
            points.get(point).cloned().ok_or_else(|| Failure::Usage(format!("there is no point {point}")))?,
        ],
    };
    let inside = folder.join(super::grid::SCENARIO.0);
    let study = study.with_points(inside, &chosen, identity.worlds)?;
    let timeline = study.timelines.len() - 1;
    let work_unit = WorkUnit { timelines: timeline..timeline + 1, replications: number..number + 1 };
    let mut rows = work_units::rows(&work_unit, identity.metrics, |number, timelines| {
        replicate_timelines(&study, number, timelines)
    });
    let name =
        if point.is_some() { study.timelines[timeline].name.clone() } else { "the baseline".to_owned() };
    let row = rows.pop().ok_or_else(|| Failure::Failed("nothing was simulated".to_owned()))?;
    let names = columns(&study).into_iter().map(|column| column.name.to_string());
    Ok(Again { name, numbers: names.zip(row.values.iter().copied()).collect(), row })
}

/// The metrics of a replication, one for each line.
fn shown(said: &str, again: &Again) -> String {
    let mut text = format!("{said}: {}\n", again.row.status.word());
    if !again.row.reason.is_empty() {
        text.push_str(&format!("  {}\n", printable(&again.row.reason)));
    }
    for (name, value) in again.numbers.iter().filter(|(_, value)| !value.is_nan()) {
        text.push_str(&format!("  {:32} {}\n", printable(name), plain(*value)));
    }
    text
}

/// Where the row and the replication differ.
fn differences(row: &Written, again: &Again) -> Vec<String> {
    let mut wrong = Vec::new();
    let status = row.cell("status").unwrap_or_default();
    if status != again.row.status.word() {
        wrong.push(format!("status is {status} there and {} here", again.row.status.word()));
    }
    for (name, value) in &again.numbers {
        let (there, here) = (row.number(name).unwrap_or_default(), plain(*value));
        // Bits, not texts: a spreadsheet may have written the number otherwise.
        let number = if there.is_empty() { Ok(f64::NAN) } else { there.parse::<f64>() };
        let same =
            number.is_ok_and(|there| there.to_bits() == value.to_bits() || there.is_nan() && value.is_nan());
        if !same {
            wrong.push(format!("{name} is {there} there and {here} here"));
        }
    }
    wrong
}
