//! The worked example of CONTRIBUTING.md is true: done to a copy of the sources it builds, and gives what it says.

use std::path::Path;
use std::process::Command;

const PAGE: &str = include_str!("../CONTRIBUTING.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The fenced block whose fence carries this mark.
fn block(mark: &str) -> &'static str {
    let fence = format!("\n```{mark}\n");
    let begin = PAGE.find(&fence).unwrap_or_else(|| panic!("there is no block {mark}")) + fence.len();
    let end = PAGE[begin..].find("\n```").expect("the block is closed");
    &PAGE[begin..=begin + end]
}

/// What the example does to a file: the line after which lines are added, and these.
type Addition = (String, Vec<String>);

/// The additions, by file.
fn additions() -> Vec<(String, Vec<Addition>)> {
    let mut files: Vec<(String, Vec<Addition>)> = Vec::new();
    for line in block("diff").lines() {
        if let Some(file) = line.strip_prefix("+++ ") {
            files.push((file.to_owned(), Vec::new()));
            continue;
        }
        let (_, places) = files.last_mut().expect("a file comes first");
        match line.split_at(1) {
            (" ", place) => places.push((place.to_owned(), Vec::new())),
            ("+", added) => places.last_mut().expect("a place comes first").1.push(added.to_owned()),
            _ => panic!("neither a place nor an addition: {line}"),
        }
    }
    files
}

/// The text with the additions made; each place is one line, there exactly once.
fn changed(file: &str, text: &str, places: &[Addition]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for (place, added) in places {
        let found: Vec<usize> = (0..lines.len()).filter(|at| lines[*at] == place).collect();
        let [at] = found[..] else { panic!("{file} has the line `{place}` {} times", found.len()) };
        lines.splice(at + 1..at + 1, added.iter().map(String::as_str));
    }
    lines.join("\n") + "\n"
}

#[test]
fn the_example_changes_nothing_but_the_register() {
    let files = additions();
    let names: Vec<&str> = files.iter().map(|(file, _)| file.as_str()).collect();
    assert_eq!(
        names,
        ["src/model/mechanisms.rs"],
        "a mechanism is one new file, and its lines in the register"
    );
    for (file, places) in files {
        let text = std::fs::read_to_string(root().join(&file)).expect("a source file");
        let added: usize = places.iter().map(|(_, lines)| lines.len()).sum();
        assert_eq!(changed(&file, &text, &places).lines().count(), text.lines().count() + added);
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(from).expect("a readable folder").flatten() {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).expect("a copy");
    }
}

/// The mean of a policy's column in a summary.
fn mean(summary: &str, policy: &str, column: &str) -> f64 {
    let mut rows = csv::Reader::from_reader(summary.as_bytes());
    let rows = rows.records().map(|row| row.expect("a row"));
    let found = rows.into_iter().find(|row| &row[0] == policy && &row[1] == column).expect("the column");
    found[4].parse().expect("a mean")
}

/// A meeting of four hours a week is a tenth of forty, and one of eight a fifth.
#[test]
#[ignore = "builds the program anew, which takes a minute or two: run by .ci/run"]
fn the_worked_example_builds_and_gives_what_it_says() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path();
    for part in ["src", "assets", "benches", "examples", "scenarios", "Cargo.toml", "Cargo.lock"] {
        copy(&root().join(part), &folder.join(part));
    }
    let mechanism = "src/model/mechanisms/planning.rs";
    std::fs::write(folder.join(mechanism), block(&format!("rust {mechanism}"))).expect("the mechanism");
    std::fs::write(folder.join("planning.toml"), block("toml planning.toml")).expect("the scenario");
    for (file, places) in additions() {
        let text = std::fs::read_to_string(folder.join(&file)).expect("a source file");
        std::fs::write(folder.join(&file), changed(&file, &text, &places)).expect("a changed file");
    }
    let ended = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
        .current_dir(folder)
        .args(["run", "--quiet", "--locked", "--offline", "--", "compare", "planning.toml"])
        .args(["--quiet", "--no-charts", "--format", "csv"])
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("example"))
        .output()
        .expect("cargo starts");
    let (said, told) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{told}");
    for (policy, share) in [("as it is", 0.1), ("longer", 0.2)] {
        let busy = mean(&said, policy, "utilisation");
        assert!((busy - share).abs() < 0.003, "{policy}: {busy}, a share of {share} is due");
        // Two people, of 252 days of 8 hours a year.
        let (sat, due) = (mean(&said, policy, "planning_hours_per_year"), 2.0 * 252.0 * 8.0 * share);
        assert!((sat / due - 1.0).abs() < 0.02, "{policy}: {sat} hours, {due} are due");
    }
}
