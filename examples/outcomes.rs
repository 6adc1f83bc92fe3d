//! Prints a hash of everything that replications of scenarios come to, one line for each scenario and policy.
//!
//! Run with `cargo run --release -p orgsim-experiment --example outcomes [--rounded] [--without COLUMN,…] [REPLICATIONS
//! [FILE…]]`: 60 replications of all shipped scenarios, if nothing else is asked for. Whoever changes the engine and says that results stay keeps the lines from before
//! and compares: a line that differs is a result that moved. With `--rounded`, by more than six digits tell. A change that brings new
//! columns leaves them out (`--without`), so that all others can be compared.

use experiment::replicate::RunResult;
use experiment::run::{RunOptions, run};
use notation::diagnostic::Sources;
use scenario::library;
use scenario::study::{Amendments, Refusal, Study};
use sha2::{Digest, Sha256};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let rounded = arguments.next_if(|argument| argument == "--rounded").is_some();
    let without = match arguments.next_if(|argument| argument == "--without") {
        Some(_) => arguments.next().ok_or("--without names columns, with commas between them")?,
        None => String::new(),
    };
    let replications = arguments.next().map_or(Ok(60), |number| number.parse())?;
    let mut files: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    if files.is_empty() {
        gather(Path::new("scenarios"), &mut files)?;
        files.extend(
            library::names().into_iter().map(|name| Path::new(PRESETS).join(name).with_extension("toml")),
        );
        files.sort();
        files.dedup();
    }
    for file in files {
        match read(&file) {
            Ok((study, _)) => print_hashes(&file, &study, replications, rounded, &without)?,
            Err(_) => println!("{} refused", file.display()),
        }
    }
    Ok(())
}

/// Where presets are said to be: what mechanisms bring to one lies with them.
const PRESETS: &str = "scenarios/presets";

/// A scenario, or a preset as a scenario of its own.
fn read(file: &Path) -> Result<(Study, Sources), Box<Refusal>> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let is_preset = file.parent() == Some(Path::new(PRESETS)) && library::preset(&name).is_some();
    if !is_preset {
        return Study::read(file, &Amendments::default());
    }
    let text = format!("extends = \"{name}\"\n");
    Study::from_text(&name, text.as_bytes(), PathBuf::from(PRESETS), &Amendments::default())
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(())
}

fn print_hashes(
    file: &Path,
    study: &Study,
    replications: u64,
    rounded: bool,
    without: &str,
) -> Result<(), Box<dyn Error>> {
    let is_left_out = |name: &str| without.split(',').any(|column| column == name);
    let told: Vec<bool> = study.columns.iter().map(|column| !is_left_out(&column.name)).collect();
    let numbers: Vec<u64> = (0..replications).collect();
    let run_options = RunOptions::to_the_end(None);
    let replications = run(study, &numbers, &run_options)?;
    for (at, timeline) in study.timelines.iter().enumerate() {
        let mut digest = Sha256::new();
        for replication in &replications {
            fold(&mut digest, &replication.runs[at], rounded, &told);
        }
        let digits: String = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        println!("{} {:?} {digits}", file.display(), timeline.name);
    }
    Ok(())
}

/// Every number to its last bit: not a number is a bit pattern as any other.
fn fold(digest: &mut Sha256, outcome: &RunResult, rounded: bool, told: &[bool]) {
    match outcome {
        Err(lost) => digest.update(lost.reason()),
        Ok(outcome) => {
            digest.update(outcome.events.to_le_bytes());
            let weekly = outcome.weeks.iter().flatten().map(|value| f64::from(*value));
            let values = outcome.values.iter().zip(told).filter(|(_, is_told)| **is_told);
            for value in values.map(|(value, _)| *value).chain(weekly) {
                match (value.is_nan(), rounded) {
                    // What is no number has no sign that matters.
                    (true, _) => digest.update([0]),
                    (_, true) => digest.update(format!("{:.5e}", value + 0.0)),
                    (_, false) => digest.update(value.to_bits().to_le_bytes()),
                }
            }
        }
    }
}
