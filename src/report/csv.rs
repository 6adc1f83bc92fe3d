//! Tidy CSV files: one row per thing, plain numbers, nothing where there is no number.

use super::files::{FileError, Growing};
use super::table::printable;
use experiment::summary::{ColumnText, Policy, Summary};
use experiment::sweep::SweepSummary;
use statistics::interval::Estimate;
use statistics::paired::PairedDifference;
use statistics::seen::Beyond;
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

/// A cell that no spreadsheet takes for a formula, and that moves no terminal's cursor.
pub fn safe(text: &str) -> String {
    // A negative or signed number is no formula, and neither is a row of them (a dot is one that is missing).
    if text.split(' ').all(|word| word == "." || word.parse::<f64>().is_ok()) {
        return text.to_owned();
    }
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    // Lines are kept: quotes hold them together.
    let lines: Vec<String> =
        text.split('\n').map(|line| printable(&line.replace(['\t', '\r'], " "))).collect();
    let text = lines.join("\n");
    if risky { format!("'{text}") } else { text }
}

/// The text of a cell that was made [`safe`], for files that this program reads again.
pub fn back(cell: &str) -> &str {
    let bare = cell.strip_prefix('\'').filter(|bare| safe(bare) == cell);
    bare.unwrap_or(cell)
}

/// A number as a computer reads it back bit for bit; nothing for what is none.
pub fn plain(value: f64) -> String {
    if value.is_nan() { String::new() } else { value.to_string() }
}

/// A CSV file that is being written. Every table of this program is: so no cell is unsafe, whoever wrote it.
pub struct Csv<W: Write>(csv::Writer<W>);

impl<W: Write> Csv<W> {
    /// Begins a file with its head.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin<S: AsRef<str>>(to: W, head: impl IntoIterator<Item = S>) -> Result<Csv<W>, csv::Error> {
        let mut file = Csv(csv::Writer::from_writer(to));
        file.add(head)?;
        Ok(file)
    }

    /// Adds a row as long as the head.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) -> Result<(), csv::Error> {
        for cell in cells {
            self.0.write_field(safe(cell.as_ref()))?;
        }
        self.0.write_record(None::<&[u8]>)
    }

    /// Where it is written to.
    pub fn target(&self) -> &W {
        self.0.get_ref()
    }

    /// Ends the file, and gives what it was written to.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn end(self) -> std::io::Result<W> {
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// A CSV file in memory.
pub struct Sheet(Csv<Vec<u8>>);

impl Sheet {
    /// Begins a file with its head.
    pub fn new<S: AsRef<str>>(head: impl IntoIterator<Item = S>) -> Sheet {
        Sheet(Csv::begin(Vec::new(), head).expect("writing to memory cannot fail"))
    }

    /// Adds a row as long as the head.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.0.add(cells).expect("rows in memory are as long as their head");
    }

    /// The finished file.
    pub fn bytes(self) -> Vec<u8> {
        self.0.end().expect("writing to memory cannot fail")
    }
}

/// One row per policy and replication, with every column; written as it is made.
///
/// # Errors
/// When the file cannot be written.
pub fn replications<'a>(
    file: Growing,
    columns: &[ColumnText],
    rows: impl Iterator<Item = ReplicationRow<'a>>,
) -> Result<(), FileError> {
    let path = file.path().to_owned();
    let written = |file| write_replications(file, columns, rows);
    let file = written(file).map_err(|error| FileError::of_csv(&path, error))?;
    file.end().map_err(|error| FileError::of_io(&path, error))?.finish()
}

fn write_replications<'a, W: Write>(
    to: W,
    columns: &[ColumnText],
    rows: impl Iterator<Item = ReplicationRow<'a>>,
) -> Result<Csv<W>, csv::Error> {
    let fixed = ["policy", "replication", "seed", "status", "reason"];
    let mut file =
        Csv::begin(to, fixed.into_iter().chain(columns.iter().map(|column| column.name.as_str())))?;
    for row in rows {
        let keys = [row.policy, &row.replication.to_string(), &row.seed.to_string(), row.status, &row.reason];
        let values =
            (0..columns.len()).map(|at| row.values.map_or_else(String::new, |values| plain(values[at])));
        file.add(keys.map(str::to_owned).into_iter().chain(values))?;
    }
    Ok(file)
}

/// One row per policy and column: its mean, its spread over replications, and its difference from the baseline.
pub fn summary(summary: &Summary) -> Vec<u8> {
    let mut sheet = Sheet::new([
        "policy",
        "column",
        "unit",
        "replications",
        "mean",
        "mean_low",
        "mean_high",
        "level",
        "p5",
        "p15",
        "p25",
        "p50",
        "p70",
        "p75",
        "p85",
        "p95",
        "p5_low",
        "p5_high",
        "p15_low",
        "p15_high",
        "p25_low",
        "p25_high",
        "p50_low",
        "p50_high",
        "p70_low",
        "p70_high",
        "p75_low",
        "p75_high",
        "p85_low",
        "p85_high",
        "p95_low",
        "p95_high",
        "status",
        "pairs",
        "difference",
        "difference_low",
        "difference_high",
        "relative",
        "relative_low",
        "relative_high",
        "verdict",
        "guardrail",
        "wins_share",
        "variance_ratio",
        "control_gain",
        "beyond",
    ]);
    for policy in &summary.policies {
        for (at, column) in summary.columns.iter().enumerate() {
            let estimate = &policy.estimates[at];
            let outcomes = &policy.outcomes[at];
            let mut cells = vec![safe(&policy.name), safe(&column.name), column.unit.to_owned()];
            cells.push(estimate.n.to_string());
            cells.extend(ends(estimate).map(plain));
            cells.push(plain(estimate.level));
            cells.extend(outcomes.all().map(plain));
            let known = policy.percentiles[at].iter().flat_map(|interval| [interval.low, interval.high]);
            cells.extend(known.map(plain));
            cells.extend(compared(policy, at));
            cells.push(estimate.beyond.to_string());
            sheet.row(cells);
        }
    }
    sheet.bytes()
}

/// A mean and its interval; one without ends has none to write. Of what lies beyond the window in some replications the
/// mean is greater than the least it can be, and that is all: `inf`.
fn ends(estimate: &Estimate) -> [f64; 3] {
    let end = |value: f64| if value.is_finite() { value } else { f64::NAN };
    let mean = if estimate.beyond > 0 { f64::INFINITY } else { estimate.mean };
    [mean, end(estimate.low), end(estimate.high)]
}

/// The same of a difference, which is bounded from below where the policy's side lies beyond the window, from above where
/// the baseline's does, and not at all where both do.
fn difference_ends(beyond: Beyond, estimate: &Estimate) -> [f64; 3] {
    let [_, low, high] = ends(estimate);
    let mean = match (beyond.policy, beyond.baseline) {
        (0, 0) => estimate.mean,
        (_, 0) => f64::INFINITY,
        (0, _) => f64::NEG_INFINITY,
        _ => f64::NAN,
    };
    [mean, low, high]
}

/// The cells of a difference: declared metrics with the family's interval, others alone.
fn compared(policy: &Policy, column: usize) -> Vec<String> {
    let blank = || vec![String::new(); 13];
    let Some(against) = &policy.against else { return blank() };
    let judged = against.judged.iter().position(|judged| judged.metric == column);
    let reading = against.readings.iter().find(|judged| judged.metric == column);
    let cells = |status: &str, pair: &PairedDifference, absolute: &Estimate, relative: &Estimate| {
        let mut cells = vec![status.to_owned(), pair.n.to_string()];
        let both = [absolute, relative].map(|estimate| difference_ends(pair.beyond, estimate));
        cells.extend(both.into_iter().flatten().map(plain));
        cells
    };
    let last = |pair: &PairedDifference| [pair.wins.share, pair.variance_ratio, pair.control_gain].map(plain);
    let family = match judged {
        Some(0) => Some(("objective", &against.judged[0])),
        Some(at) => Some(("guardrail", &against.judged[at])),
        None => reading.map(|judged| ("reading of value", judged)),
    };
    if let Some((status, judged)) = family {
        let pair = &judged.difference;
        let mut row = cells(status, pair, &pair.simultaneous, &pair.simultaneous_relative);
        row.push(super::words::verdict(judged.verdict).to_owned());
        let guards = status == "guardrail";
        row.push(if guards { super::words::guardrail(judged.guardrail).to_owned() } else { String::new() });
        row.extend(last(pair));
        return row;
    }
    let Some(pair) = against.explored.get(column) else { return blank() };
    let mut row = cells("exploratory", pair, &pair.difference, &pair.relative);
    row.extend([String::new(), String::new()]);
    row.extend(last(pair));
    row
}

/// One row per policy, week and series; every few weeks where there would be too many.
pub fn weekly(summary: &Summary) -> Vec<u8> {
    let mut sheet = Sheet::new([
        "policy",
        "week",
        "series",
        "replications",
        "mean",
        "mean_low",
        "mean_high",
        "p5",
        "p15",
        "p25",
        "p50",
        "p70",
        "p75",
        "p85",
        "p95",
    ]);
    for policy in &summary.policies {
        for (name, weeks) in &policy.weekly {
            for (at, week) in weeks.iter().enumerate() {
                let outcomes = &week.outcomes;
                let number = (at + 1) * summary.frame.weeks_apart;
                let keys = [safe(&policy.name), number.to_string(), (*name).to_owned()];
                let runs = std::iter::once(week.mean.n.to_string());
                let numbers = ends(&week.mean).into_iter().chain(outcomes.all()).map(plain);
                sheet.row(keys.into_iter().chain(runs).chain(numbers));
            }
        }
    }
    sheet.bytes()
}

/// One row per point of a sweep and metric; differences for the objective alone.
pub fn sweep(sweep: &SweepSummary) -> Vec<u8> {
    let paths = sweep.axes.iter().map(|axis| axis.path.as_str());
    let rest = [
        "metric",
        "unit",
        "replications",
        "overruns",
        "mean",
        "mean_low",
        "mean_high",
        "level",
        "pairs",
        "difference",
        "difference_low",
        "difference_high",
        "wins_share",
        "like_best",
        "beyond",
    ];
    let mut sheet = Sheet::new(["point"].into_iter().chain(paths).chain(rest));
    for (at, point) in sweep.points.iter().enumerate() {
        for (metric, text) in sweep.metrics.iter().enumerate() {
            let estimate = &point.estimates[metric];
            let mut cells = vec![at.to_string()];
            cells.extend(point.values.iter().map(|value| safe(value)));
            cells.extend([text.name.to_owned(), text.unit.written().to_owned(), estimate.n.to_string()]);
            cells.push(point.overran.to_string());
            cells.extend(ends(estimate).into_iter().chain([estimate.level]).map(plain));
            let pair = &point.difference;
            if metric == sweep.objective {
                cells.push(pair.n.to_string());
                cells.extend(
                    difference_ends(pair.beyond, &pair.simultaneous)
                        .into_iter()
                        .chain([pair.wins.share])
                        .map(plain),
                );
                cells.push(point.like_best.to_string());
            } else {
                cells.extend(vec![String::new(); 6]);
            }
            cells.push(estimate.beyond.to_string());
            sheet.row(cells);
        }
    }
    sheet.bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_kept() {
        assert_eq!(safe("=cmd()"), "'=cmd()");
        assert_eq!(safe("@x"), "'@x");
        assert_eq!((safe("-1.5"), safe("-1.5 . 2")), ("-1.5".to_owned(), "-1.5 . 2".to_owned()));
        assert_eq!(safe("=\u{1b}[2J\0x\ny"), "'=\u{fffd}[2J\u{fffd}x\ny");
        assert_eq!(safe(&safe("=a\tb")), "'=a b", "made safe twice is made safe once");
        assert_eq!((back("'=a"), back("'tis"), back("-1.5")), ("=a", "'tis", "-1.5"));
        let mut sheet = Sheet::new(["=head"]);
        sheet.row(["@cell".to_owned()]);
        assert_eq!(sheet.bytes(), b"'=head\n'@cell\n", "every cell is, whoever wrote it");
        assert_eq!(plain(f64::NAN), "");
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
        assert_eq!((&record[0], &record[6]), ("a, \"b\"", ""));
    }
}
