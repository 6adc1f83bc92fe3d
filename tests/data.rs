//! Tables are data: every file of every command has the types that its dictionary says, and other programs load it so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const HEALTH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/health.toml");
const WINDOW: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/theory/window.toml");

/// Runs every command that writes tables, and gives the folders that they wrote.
fn folders(place: &Path) -> Vec<PathBuf> {
    let health = ["--no-charts", "--quiet", "--set", "horizon=\"1 year\""];
    let vary = [
        "--vary",
        "team.*.engineers=3..9",
        "--vary",
        "debt.interest=0.6..4 log",
        "--vary",
        "team.*.attention=50%..90%",
    ];
    let grid = [
        "--vary",
        "team.*.share.health=0%,25%",
        "--vary",
        "team.*.wip.items=2,unlimited",
        "--vary",
        "team.*.order=first-come,value",
    ];
    let commands: Vec<(&str, Vec<&str>)> = vec![
        ("run", vec!["run", HEALTH, "-n", "3"]),
        ("compare", vec!["compare", HEALTH, "-n", "3", "--seed", "9223372036854775807"]),
        // More rows of the baseline than a reader looks at.
        ("sweep", [&["sweep", HEALTH, "-n", "101", "--set", "horizon=\"8 weeks\""], &grid[..]].concat()),
        ("robust", [&["robust", HEALTH, "--worlds", "3"], &vary[..]].concat()),
        ("rank", vec!["rank", HEALTH, "--first-stage", "5", "--limit", "9"]),
        ("morris", [&["sensitivity", HEALTH, "--points", "2"], &vary[..]].concat()),
        ("sobol", [&["sensitivity", HEALTH, "--points", "2", "--method", "sobol"], &vary[..]].concat()),
        ("best", vec!["best", HEALTH, "-n", "3", "--budget", "99", "--vary", "team.*.share.health=0%,25%"]),
        ("path", vec!["path", HEALTH, "-n", "3", "--to", "quarter"]),
        ("trace", vec!["trace", HEALTH]),
        ("window", vec!["compare", WINDOW, "-n", "3"]),
    ];
    let run = |(name, words): &(&str, Vec<&str>)| {
        let out = place.join(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
        command.args(words).arg("--out").arg(&out).current_dir(place);
        let further = match *name {
            "window" | "sweep" => &["--no-charts", "--quiet"][..],
            "trace" | "rank" => &["--quiet"][..],
            _ => &health[..],
        };
        let output = command.args(further).output().expect("the program starts");
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        out
    };
    commands.iter().map(run).collect()
}

/// What a folder's dictionary says: for each file its columns and their types, in order.
fn dictionary(folder: &Path) -> BTreeMap<String, Vec<(String, String)>> {
    let mut reader = csv::Reader::from_path(folder.join("columns.csv")).expect("a dictionary");
    assert_eq!(
        reader.headers().expect("a head"),
        ["file", "column", "type", "unit", "definition"].as_slice()
    );
    let mut files: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in reader.records().map(|row| row.expect("a row")) {
        assert!(row.iter().all(|cell| !cell.is_empty()), "{}: {row:?}", folder.display());
        files.entry(row[0].to_owned()).or_default().push((row[1].to_owned(), row[2].to_owned()));
    }
    files
}

/// What is wrong with a column's cells, by its type.
fn fault(kind: &str, cells: &[&str]) -> Option<String> {
    let wrong = |is: &dyn Fn(&str) -> bool| {
        cells.iter().find(|cell| !is(cell)).map(|cell| format!("{kind}: `{cell}`"))
    };
    let is_float = |cell: &str| match cell {
        "" | "NaN" | "99e999" | "-99e999" => true,
        number => number.contains('.') && number.parse::<f64>().is_ok(),
    };
    match kind {
        "integer" => wrong(&|cell| cell.parse::<i64>().is_ok_and(|number| number >= -1)),
        "boolean" => wrong(&|cell| ["true", "false"].contains(&cell)),
        "float" => wrong(&is_float).or_else(|| {
            let early = cells.iter().take(100).all(|cell| cell.is_empty());
            (early && !cells.is_empty())
                .then(|| "its first rows do not show that it is of numbers".to_owned())
        }),
        "text" => wrong(&|cell| !cell.is_empty()).or_else(|| {
            let numbers = cells.iter().all(|cell| cell.parse::<f64>().is_ok());
            (numbers && !cells.is_empty()).then(|| "text that looks like numbers".to_owned())
        }),
        other => Some(format!("there is no type {other}")),
    }
}

fn faults(folder: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    let files = dictionary(folder);
    let tables = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.file_name());
    for table in tables.map(|name| name.to_string_lossy().into_owned()).filter(|name| name.ends_with(".csv"))
    {
        if table != "columns.csv" && !files.contains_key(&table) {
            wrong.push(format!("{} has {table}, of which the dictionary says nothing", folder.display()));
        }
    }
    for (file, columns) in files {
        let mut reader = csv::Reader::from_path(folder.join(&file)).expect("the table that is described");
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(reader.headers().expect("a head"), names.as_slice(), "{file}");
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        assert!(!rows.is_empty(), "{file} has rows");
        for (at, (name, kind)) in columns.iter().enumerate() {
            let cells: Vec<&str> = rows.iter().map(|row| &row[at]).collect();
            wrong.extend(
                fault(kind, &cells).map(|fault| format!("{}/{file}: {name}: {fault}", folder.display())),
            );
        }
    }
    wrong
}

/// A Python that has the pinned versions, or why there is none.
fn python() -> Result<PathBuf, String> {
    let pins = include_str!("data/requirements.txt");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/readers/bin/python");
    let asks = "import sys, importlib.metadata as m\nfor pin in sys.argv[1:]:\n n, v = pin.split('==')\n if m.version(n) != v: sys.exit(f'{n} is {m.version(n)}, and the test is of {v}')";
    let tried = [own, PathBuf::from("python3")];
    let mut why = String::new();
    for python in tried {
        match Command::new(&python).args(["-c", asks]).args(pins.lines()).output() {
            Ok(output) if output.status.success() => return Ok(python),
            Ok(output) => {
                why = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned()
            }
            Err(error) => why = error.to_string(),
        }
    }
    Err(why)
}

#[test]
fn every_table_has_the_types_that_its_dictionary_says_and_is_loaded_so() {
    let place = tempfile::tempdir().expect("a folder");
    let folders = folders(place.path());
    let wrong: Vec<String> = folders.iter().flat_map(|folder| faults(folder)).collect();
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
    let sweep = dictionary(&folders[2]);
    let column = |name: &str| {
        sweep["sweep.csv"].iter().find(|(column, _)| column == name).map(|(_, kind)| kind.as_str())
    };
    assert_eq!(column("team.*.share.health_share"), Some("float"));
    assert_eq!(column("team.*.wip.items"), Some("float"));
    assert_eq!((column("team.*.order"), column("setting")), (Some("text"), Some("text")));

    let python = match python() {
        Ok(python) => python,
        Err(why) => {
            let pins = include_str!("data/requirements.txt").split_whitespace().collect::<Vec<_>>().join(" ");
            // Past the capture of tests, so that nobody takes it for done.
            use std::io::Write;
            let _ = writeln!(
                std::io::stderr(),
                "skipped: no Python with {pins} ({why}); tests/data/requirements.txt has the versions"
            );
            return;
        }
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/load.py");
    let output = Command::new(python).arg(script).args(&folders).output().expect("Python starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines.len() == 1 && lines[0].starts_with("loaded "), "{said}");
}

#[test]
fn the_check_can_fail() {
    assert!(fault("float", &["1", "1.5"]).is_some(), "a float without a point");
    assert!(fault("float", &["", ""]).is_some() && fault("float", &["NaN", "NaN"]).is_none());
    assert!(fault("integer", &["1.0"]).is_some() && fault("integer", &["18446744073709551615"]).is_some());
    assert!(fault("text", &["1", "2"]).is_some() && fault("text", &["a", ""]).is_some());
    assert!(fault("boolean", &["yes"]).is_some() && fault("count", &["1"]).is_some());
}
