//! What users are told of what is measured: of what lies beyond the window, of warm-ups, of long horizons, of details.

use std::path::Path;
use std::process::{Command, Stdio};

const WINDOW: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/theory/window.toml");
const MM1: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/theory/mm1.toml");

/// What a call said and left behind.
struct Ended {
    code: Option<i32>,
    said: String,
    folder: tempfile::TempDir,
}

fn orgsim(words: &[&str]) -> Ended {
    let folder = tempfile::tempdir().expect("a folder");
    let ended = again(words, folder.path());
    Ended { folder, ..ended }
}

/// A call in a folder that is there.
fn again(words: &[&str], folder: &Path) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
    let output =
        command.args(words).current_dir(folder).stdin(Stdio::null()).output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = format!("{}\n{}", text(&output.stdout), text(&output.stderr));
    // Sentences are wrapped, so a line may end anywhere.
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    Ended { code: output.status.code(), said, folder: tempfile::tempdir().expect("a folder") }
}

impl Ended {
    fn says(&self, code: i32, words: &str) {
        assert_eq!(self.code, Some(code), "{}", self.said);
        assert!(self.said.contains(words), "{words}: {}", self.said);
    }

    /// A CSV file: for each row, its cells by the names of the head.
    fn rows(&self, name: &str) -> Vec<std::collections::BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.folder.path().join(name)).expect("a file");
        let head = reader.headers().expect("a head").clone();
        let row = |record: csv::StringRecord| {
            head.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
        };
        reader.records().map(|record| row(record.expect("a row"))).collect()
    }
}

/// 150 days against 300, watched for 99: no table, page or file says that they are the same, or how much.
#[test]
fn what_lies_beyond_the_window_is_said_to_wherever_it_is_judged() {
    let slow = ["--policy", "slow"];
    let compared = orgsim(&[&["compare", WINDOW], &slow[..]].concat());
    compared.says(0, "No difference in cohort lead time p85 can be known within this horizon");
    let summary = std::fs::read_to_string(compared.folder.path().join("output/window/summary.md"));
    assert!(summary.expect("written").contains("mean more than 99"), "{}", compared.said);
    assert!(!compared.said.contains("practically") && !compared.said.contains("no difference to"));
    let of = |rows: &[std::collections::BTreeMap<String, String>], policy: &str, column: &str| {
        let found = rows.iter().find(|row| row["policy"] == policy && row["column"] == column);
        found.unwrap_or_else(|| panic!("{policy} {column}")).clone()
    };
    let rows = compared.rows("output/window/summary.csv");
    let row = of(&rows, "slow", "cohort_lead_time_p85_days");
    assert_eq!(
        (row["mean"].as_str(), row["mean_low"].as_str(), row["beyond"].as_str()),
        ("99e999", "99.0", "20")
    );
    assert_eq!((row["difference"].as_str(), row["p50"].as_str()), ("NaN", "99e999"));
    assert_eq!(row["verdict"], "cannot be known within this horizon");
    let least = of(&rows, "slow", "cohort_lead_time_p85_at_least_days");
    assert_eq!((least["mean"].as_str(), least["beyond"].as_str()), ("99.0", "0"));
    let runs = compared.rows("output/window/replications.csv");
    assert!(runs.iter().all(|row| row["cohort_lead_time_p85_days"] == "99e999"));
    let quick = orgsim(&["compare", WINDOW, "--policy", "quick", "--no-charts"]);
    quick.says(0, "“quick” lowers cohort lead time p85 by at least 90 % (−89.0 working days)");
    quick.says(0, "at most −89.0");
    let row = of(&quick.rows("output/window/summary.csv"), "quick", "cohort_lead_time_p85_days");
    assert_eq!((row["difference"].as_str(), row["difference_high"].as_str()), ("-99e999", "-89.0"));

    let ranked = orgsim(&[&["rank", WINDOW], &slow[..]].concat());
    ranked.says(1, "lies beyond the window");
    let ranked = orgsim(&[&["rank", WINDOW, "--indifference", "1"], &slow[..]].concat());
    ranked.says(1, "lies beyond the window under every policy");
    let ranked = orgsim(&["rank", WINDOW, "--indifference", "1"]);
    ranked.says(0, "“quick” is selected");
    ranked.says(0, "its mean cannot be known within this horizon");
    let vary = ["--vary", "stage.soak.machine.run=200 days,300 days"];
    let swept = orgsim(&[&["sweep", WINDOW], &vary[..]].concat());
    swept.says(0, "cannot be known within this horizon at any point");
    assert!(swept.rows("output/window-sweep/sweep-summary.csv").iter().any(|row| row["beyond"] == "20"));
    let vary = ["--vary", "stage.soak.machine.run=200 days,20 days"];
    orgsim(&[&["sweep", WINDOW, "--no-charts"], &vary[..]].concat()).says(0, "is best at");
    let drawn = ["--vary", "team.*.engineers=1..3", "--worlds", "3"];
    let robust = orgsim(&[&["robust", WINDOW], &slow[..], &drawn[..]].concat());
    robust.says(0, "cannot be known within this horizon");
    orgsim(&[&["robust", WINDOW, "--policy", "quick"], &drawn[..]].concat()).says(0, "beats “as it is” in 3");
}

/// A sweep asked for details has every column that a comparison has, and its rows are run again to the bit.
#[test]
fn a_sweep_has_details_where_they_are_asked_for() {
    let short = ["--set", "horizon=\"60 days\"", "--set", "warmup=\"5 days\"", "-n", "3"];
    let vary = ["--vary", "stage.build.effort.exponential=\"1 day\",\"0.5 days\""];
    let plain = orgsim(&[&["sweep", MM1], &short[..], &vary[..]].concat());
    let details = orgsim(&[&["sweep", MM1, "--details"], &short[..], &vary[..]].concat());
    let (plain_rows, rows) =
        (plain.rows("output/mm1-sweep/sweep.csv"), details.rows("output/mm1-sweep/sweep.csv"));
    for name in [
        "work.item.lead_time_p85_days",
        "stage.build.wait_p95_days",
        "team.dev.utilisation",
        "lead_time_queue_days",
    ] {
        assert!(!plain_rows[0].contains_key(name), "{name}");
        assert!(rows.iter().all(|row| row[name].parse::<f64>().is_ok()), "{name}");
    }
    for (plain, row) in plain_rows.iter().zip(&rows) {
        assert!(plain.iter().all(|(name, value)| row[name] == *value));
    }
    let completed = again(&["run", "--row", "output/mm1-sweep/sweep.csv:9"], details.folder.path());
    completed.says(0, "The row agrees");
    let carried =
        again(&[&["sweep", MM1, "--resume"], &short[..], &vary[..]].concat(), details.folder.path());
    assert!(carried.code == Some(0) || carried.said.contains("metrics"), "{}", carried.said);
}

/// The warm-up is in the traces and says so; what ends a replication is counted from its end, as in what is measured.
#[test]
fn a_trace_says_what_is_measured_and_ends_where_that_does() {
    let set =
        ["--set", "warmup=\"20 days\"", "--set", "horizon=\"900 days\"", "--set", "stop={ items = 30 }"];
    let traced = orgsim(&[&["trace", MM1], &set[..]].concat());
    traced.says(0, "What happens from 160 hours on is measured");
    let items = traced.rows("output/mm1-trace/items.csv");
    let measured = |row: &&std::collections::BTreeMap<String, String>| row["measured"] == "true";
    assert_eq!(items.iter().filter(measured).count(), 30);
    assert!(
        items
            .iter()
            .filter(measured)
            .all(|row| row["ended_hours"].parse::<f64>().is_ok_and(|hours| hours >= 160.0))
    );
    let events = traced.rows("output/mm1-trace/events.csv");
    assert!(events.iter().any(|row| row["measured"] == "false"));
    let late =
        |row: &std::collections::BTreeMap<String, String>| row["hours"].parse::<f64>().unwrap_or(0.0) > 160.0;
    assert!(events.iter().all(|row| (row["measured"] == "true") == late(row)));
}

/// Of 3,000 weeks every second is in the file, and the page says so.
#[test]
fn a_long_horizon_has_a_weekly_file_and_says_how_it_counts() {
    let set = ["--set", "horizon=\"3000 weeks\"", "--set", "warmup=\"0 days\"", "-n", "2"];
    let run = orgsim(&[&["run", MM1], &set[..]].concat());
    run.says(0, "a point every 2 weeks");
    let weeks = run.rows("output/mm1-run/weekly.csv");
    let arrived: Vec<&str> =
        weeks.iter().filter(|row| row["series"] == "arrived").map(|row| row["week"].as_str()).collect();
    assert_eq!((arrived.len(), arrived[0], arrived[1_499]), (1_500, "2", "3000"));
}
