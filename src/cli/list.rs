//! `orgsim list`: what there is to name: scenarios, presets, metrics, levers and claims.

use super::shipped::{self, Folder};
use super::{Failure, Format, explain, screen};
use crate::experiment::levers::LEVERS;
use crate::experiment::listed;
use crate::reading::{self, MOST_TEXT};
use crate::report::manifest::pretty;
use crate::report::table::TextTable;
use crate::report::words;
use crate::scenario::meaning;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim list                        what can be listed, and how many there are
  orgsim list metrics                what `objective`, `guardrails` and `[plausible]` may name
  orgsim list levers                 what a policy may change, and which values are worth a try
  orgsim list claims --format csv")]
pub struct List {
    /// What to list [default: what can be listed, and how many there are]
    what: Option<What>,
    /// Where scenarios are, and claims in a folder `claims` below
    #[arg(long, value_name = "DIR", default_value = shipped::FOLDER)]
    folder: PathBuf,
    /// How to print the list
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// What can be listed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Questions to begin with
    Scenarios,
    /// What a scenario can extend
    Presets,
    /// What is measured
    Metrics,
    /// What a policy may change
    Levers,
    /// Pieces of advice that are put to the test
    Claims,
}

/// Prints a list.
pub fn list(options: &List) -> Result<(), Failure> {
    let folder = Folder::of(&options.folder)?;
    let table = match options.what {
        None => all(&folder),
        Some(What::Scenarios) => scenarios(&folder)?,
        Some(What::Presets) => presets(),
        Some(What::Metrics) => metrics(options.format),
        Some(What::Levers) => levers(),
        Some(What::Claims) => claims(&folder)?,
    };
    screen::print(&match options.format {
        Format::Table => table.text(screen::width()),
        Format::Markdown => table.markdown(),
        Format::Csv => table.csv(),
        Format::Json => String::from_utf8_lossy(&pretty(&table.json())).into_owned(),
    })
}

/// What can be listed, and how many there are.
fn all(folder: &Folder) -> TextTable {
    let mut table = TextTable::new("", 3, &["list", "what", "how many"]);
    let count = |table: Result<TextTable, Failure>| {
        table.map_or("–".to_owned(), |table| table.rows.len().to_string())
    };
    let rows = [
        ("scenarios", "questions to begin with", count(scenarios(folder))),
        ("presets", "what a scenario can extend", count(Ok(presets()))),
        (
            "metrics",
            "what is measured, and what objective and guardrails may name",
            count(Ok(metrics(Format::Table))),
        ),
        ("levers", "what a policy may change", count(Ok(levers()))),
        ("claims", "pieces of advice that are put to the test", count(claims(folder))),
    ];
    for (name, what, count) in rows {
        table.row(vec![name.to_owned(), what.to_owned(), count]);
    }
    table.note("`orgsim list NAME` lists them; `orgsim explain` says what a scenario may contain.");
    table
}

fn presets() -> TextTable {
    let mut table = TextTable::new("", 2, &["preset", "what it is"]);
    explain::presets().into_iter().for_each(|(name, what)| table.row(vec![name, what]));
    table
}

/// Metrics; on a terminal what each is, its unit and which way is good stand in one column.
fn metrics(format: Format) -> TextTable {
    let narrow = format == Format::Table;
    let mut table = match narrow {
        true => TextTable::new("", 3, &["metric", "column", "what it is"]),
        false => TextTable::new("", 5, &["metric", "column", "unit", "better", "what it is"]),
    };
    for metric in listed::metrics() {
        let better = match metric.better.map(|direction| direction.sign() > 0.0) {
            Some(true) => "more",
            Some(false) => "less",
            None => "–",
        };
        let (unit, what) = (metric.unit.written().to_owned(), metric.definition);
        let mut cells = vec![metric.title, metric.name.to_owned()];
        if narrow {
            let good = if better == "–" { String::new() } else { format!("{better} is better") };
            let aside =
                [unit, good].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
            cells.push(if aside.is_empty() { what.to_owned() } else { format!("{what} ({aside})") });
        } else {
            cells.extend([unit, better.to_owned(), what.to_owned()]);
        }
        table.row(cells);
    }
    table
}

fn levers() -> TextTable {
    let schema = super::schema::whole();
    let mut table = TextTable::new("", 3, &["lever", "what it is", "values to try"]);
    let said = |path: &str| {
        let text = meaning(&schema, &path.parse().ok()?).ok()?.text;
        let first = text.split(". ").next().unwrap_or_default().trim_end_matches('.').to_owned();
        (!first.is_empty() && !first.starts_with("Takes effect")).then_some(first)
    };
    for lever in LEVERS {
        // Where a key says no more than when it takes effect, its table says what it is.
        let table_of = lever.path.rsplit_once('.').map_or("", |(table, _)| table);
        let what = said(lever.path).or_else(|| said(table_of)).unwrap_or_default();
        let values = match lever.values {
            [] => "the range of its evidence".to_owned(),
            values => values.join(", "),
        };
        table.row(vec![lever.path.to_owned(), what, values]);
    }
    table.note("`orgsim explain PATH` says more; docs/levers.md what each of them does in both typical organisations.");
    table
}

/// The scenarios right in a folder.
fn scenarios(folder: &Folder) -> Result<TextTable, Failure> {
    let mut table = TextTable::new("", 2, &["scenario", "question"]);
    for (file, scenario) in files(folder.path())? {
        let title = scenario.get("title").and_then(toml::Value::as_str).unwrap_or("–");
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        table.row(vec![name, title.to_owned()]);
    }
    // The folder once, below: a long one would break every name in two.
    table.note(match folder.is_shipped() {
        true => "They come with the program; `orgsim new mine --from NAME` writes one down.".to_owned(),
        false => format!("They are in {0}; `orgsim compare {0}/NAME` asks one.", words::path(folder.path())),
    });
    Ok(table)
}

/// The claims of the scenarios in the folder of claims.
fn claims(folder: &Folder) -> Result<TextTable, Failure> {
    let mut table = TextTable::new("", 2, &["claim", "what it says"]);
    for (file, scenario) in files(&folder.path().join("claims"))? {
        let claims = match scenario.get("claim") {
            Some(toml::Value::Array(claims)) => claims.iter().collect(),
            one => one.into_iter().collect::<Vec<_>>(),
        };
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for claim in claims {
            let statement = claim.get("statement").and_then(toml::Value::as_str).unwrap_or("–");
            table.row(vec![name.clone(), statement.split_whitespace().collect::<Vec<_>>().join(" ")]);
        }
    }
    table.note("`orgsim claims NAME` puts those of a file to the test.");
    Ok(table)
}

/// The scenarios right in a folder that can be read, by name.
fn files(folder: &Path) -> Result<Vec<(PathBuf, toml::Table)>, Failure> {
    let missing = |_| Failure::Usage(format!("There is no folder {}.", folder.display()));
    let entries = std::fs::read_dir(folder).map_err(missing)?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let read = |file: PathBuf| {
        let table = reading::text(&file, MOST_TEXT).ok()?.parse().ok()?;
        Some((file, table))
    };
    Ok(files.into_iter().filter_map(read).collect())
}
