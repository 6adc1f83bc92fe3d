//! `orgsim import`: exports of trackers become a folder of items, moves, deployments and incidents.

use super::{Failure, files, screen};
use crate::history::dates::Order;
use crate::history::history::Outcome;
use crate::history::interpret::{Imported, interpret};
use crate::history::raw::{Batch, ImportError};
use crate::history::settings::{DEFAULT_ZONE, Settings};
use crate::history::words::Meaning;
use crate::history::{self, DEMO, MOST_BYTES, quality};
use crate::reading;
use crate::report::files::{Earlier, OutputFolder, slug};
use crate::report::imported;
use crate::report::table::{printable, wrapped};
use crate::report::words::{self, count};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

const IMPORTS: &str = "\
Examples:
  orgsim import --demo                       a small made-up export that comes with the program
  orgsim import jira.csv --out checkout      then: orgsim measure checkout
  orgsim import issues.json deploys.csv incidents.csv --out checkout --zone Europe/Berlin

Reads Jira (CSV in English, German, Spanish or French; JSON with changelog), GitHub issues, pull
requests, deployments, releases and workflow runs (gh … --json, or REST), GitLab CSV, Linear CSV,
Azure DevOps CSV, Trello JSON, CSV with a date for each stage, plain CSV (id, kind, team, created,
started, finished), deployments and incidents as CSV, PagerDuty and Statuspage JSON.

From GitHub, each into a file:
  gh issue list -s all -L 100000 --json number,createdAt,closedAt,state,stateReason,labels
  gh pr list -s all -L 100000 --json number,createdAt,mergedAt,closedAt,state,isDraft,author

Nothing that names a person or says what an item is about is kept or shown: no title, text,
comment, name or address. What was guessed stands in import.toml in the folder: correct it and
import again.";

#[derive(Args)]
#[command(after_help = IMPORTS)]
pub struct Import {
    /// Exports of items, deployments and incidents, in any order; several of one kind are put together
    #[arg(value_name = "FILE", required_unless_present = "demo")]
    files: Vec<PathBuf>,
    /// Import the made-up export that comes with the program
    #[arg(long, conflicts_with = "files")]
    demo: bool,
    /// Where files go [default: output/<the first file's name>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The day on which the export was made [default: the latest date in it]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// The time zone whose clock the export shows, such as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Which number is the day where dates such as 03/04/2024 leave it open: dmy or mdy
    #[arg(long, value_enum, value_name = "ORDER")]
    date_order: Option<DateOrder>,
    /// Print problems, nothing else
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DateOrder {
    /// 03/04/2024 is the third of April
    Dmy,
    /// 03/04/2024 is the fourth of March
    Mdy,
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Failure {
        Failure::Failed(error.to_string())
    }
}

/// Imports, and says what was understood.
pub fn import(options: &Import) -> Result<(), Failure> {
    let shown = place(options);
    let measured = Earlier::of(&shown);
    refuse_others(&shown, &measured)?;
    let settings = settings(options, &shown)?;
    let batches = batches(options, &settings)?;
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
    let imported = interpret(batches, &settings, today)?;
    let command = ["orgsim".to_owned(), "import".to_owned()];
    let _hold = files::hold(&shown, &command)?;
    let folder = OutputFolder::create(&shown)?;
    folder.tidy();
    let gone = write(&folder, &imported)?;
    if options.quiet {
        return Ok(());
    }
    screen::print(&said(options, &imported, &shown))?;
    if !measured.files.is_empty() {
        screen::say(&format!(
            "what was measured there is of the import before: orgsim measure {} brings it up to date",
            words::path(&shown)
        ));
    }
    if !gone.is_empty() {
        screen::say(&format!(
            "{} of an earlier import was removed: name its export again to keep it",
            gone.join(", ")
        ));
    }
    Ok(())
}

/// An import goes into a folder of its own, or into that of an earlier import.
fn refuse_others(folder: &Path, measured: &Earlier) -> Result<(), Failure> {
    let shown = printable(&folder.display().to_string());
    if measured.command.get(1).is_some_and(|verb| verb != "measure") {
        let wrote = words::command(&measured.command);
        return Err(Failure::Usage(format!("{shown} holds what `{wrote}` wrote: choose another --out")));
    }
    if folder.join("items.csv").exists() && !folder.join("import.toml").exists() {
        return Err(Failure::Usage(format!(
            "{shown} has an items.csv that orgsim import did not write: choose another --out"
        )));
    }
    Ok(())
}

fn place(options: &Import) -> PathBuf {
    let stem = options
        .files
        .first()
        .and_then(|file| file.file_stem())
        .map(|stem| stem.to_string_lossy().into_owned());
    let name = stem.unwrap_or_else(|| "demo".to_owned());
    options.out.clone().unwrap_or_else(|| Path::new("output").join(slug(&name)))
}

/// What an earlier import wrote and a person corrected, and what the options say.
fn settings(options: &Import, folder: &Path) -> Result<Settings, Failure> {
    let path = folder.join("import.toml");
    let mut settings = match path.exists() {
        false => Settings::default(),
        true => {
            let text = reading::text(&path, reading::MOST_TEXT);
            let text =
                text.map_err(|error| Failure::Failed(format!("cannot read {}: {error}", path.display())))?;
            let read = Settings::read(&text);
            read.map_err(|error| Failure::Failed(format!("{}: {error}", path.display())))?
        }
    };
    if let Some(date) = &options.as_of {
        let date = date
            .parse()
            .map_err(|_| Failure::Usage("--as-of: write a date such as 2026-03-31".to_owned()))?;
        settings.as_of = Some(date);
    }
    if let Some(zone) = &options.zone {
        settings.zone = Some(zone.clone());
    }
    if let Some(order) = options.date_order {
        settings.order = Some(if order == DateOrder::Dmy { Order::DayFirst } else { Order::MonthFirst });
    }
    Ok(settings)
}

fn batches(options: &Import, settings: &Settings) -> Result<Vec<Batch>, Failure> {
    if options.demo {
        let read = DEMO.iter().map(|(name, text)| history::read(name, text.as_bytes(), settings));
        return Ok(read.collect::<Result<Vec<_>, _>>()?);
    }
    let mut batches = Vec::new();
    for path in &options.files {
        let bytes = reading::bytes(path, MOST_BYTES);
        let bytes =
            bytes.map_err(|error| Failure::Failed(format!("cannot read {}: {error}", path.display())))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        batches.push(history::read(&printable(&name), &bytes, settings)?);
    }
    Ok(batches)
}

/// Writes every file whole, import.toml last. Gives the names of those that an earlier import left and this one does not
/// have.
fn write(folder: &OutputFolder, imported: &Imported) -> Result<Vec<&'static str>, Failure> {
    let history = &imported.history;
    folder.try_first(&[
        "items.csv",
        "moves.csv",
        "deployments.csv",
        "incidents.csv",
        "people.csv",
        "quality.md",
        "import.toml",
    ])?;
    let mut gone = Vec::new();
    let tables = [
        ("items", "items.csv", history.items.is_empty(), imported::items(history)),
        ("moves", "moves.csv", history.moves.is_empty(), imported::moves(history)),
        ("people", "people.csv", history.people.is_empty(), imported::people(history)),
        ("deployments", "deployments.csv", history.deployments.is_empty(), imported::deployments(history)),
        ("incidents", "incidents.csv", history.incidents.is_empty(), imported::incidents(history)),
    ];
    for (name, file, is_empty, content) in tables {
        if !is_empty {
            folder.write(name, "csv", &content)?;
        } else if folder.path().join(file).exists() {
            folder.remove(name, "csv");
            gone.push(file);
        }
    }
    folder.write("quality", "md", quality::page(imported).as_bytes())?;
    folder.write("import", "toml", imported.page.written().as_bytes())?;
    Ok(gone)
}

fn said(options: &Import, imported: &Imported, folder: &Path) -> String {
    let (folder, typed) = (printable(&folder.display().to_string()), words::path(folder));
    let history = &imported.history;
    let mut text = String::new();
    let mut line = |head: &str, what: &str| {
        text.push_str(&wrapped(&format!("{head:<14}{}", printable(what)), 100, &" ".repeat(14)).replacen(
            head,
            &format!("{head:<13}"),
            1,
        ));
    };
    for batch in &imported.batches {
        let rows = count(batch.counts.rows, "row", "rows");
        line("recognised", &format!("{}: {}, {rows}", batch.file, batch.source.name()));
    }
    if !history.items.is_empty() {
        let of = |outcome| history.items.iter().filter(|item| item.outcome == outcome).count();
        let (done, dropped, open) = (of(Outcome::Done), of(Outcome::Dropped), of(Outcome::Open));
        line("items", &format!("{}: {done} done, {dropped} dropped, {open} open", history.items.len()));
    }
    if !history.deployments.is_empty() || !history.incidents.is_empty() {
        let deployments = count(history.deployments.len(), "deployment", "deployments");
        let incidents = count(history.incidents.len(), "incident", "incidents");
        line("delivery", &format!("{deployments}, {incidents}"));
    }
    guesses(options, imported, &mut line);
    let checks = quality::checks(imported);
    let (grave, all) = (checks.iter().filter(|check| check.is_grave).count(), checks.len());
    for check in checks.iter().filter(|check| check.is_grave) {
        let of = if check.of == 0 { String::new() } else { format!(" of {}", check.of) };
        let number =
            if check.count == 1 && check.of == 0 { String::new() } else { format!(": {}{of}", check.count) };
        line("look at", &format!("{}{number}. {}.", check.what, capital(&check.done)));
    }
    line(
        "checks",
        &format!("{all} found something, {grave} of them to look at; all of them in {folder}/quality.md"),
    );
    text.push_str(&format!(
        "\nCorrect what is wrong in {folder}/import.toml and import again. Next:\n  orgsim measure {typed}\n"
    ));
    text
}

fn capital(text: &str) -> String {
    crate::report::words::capital(text.trim_end_matches('.'))
}

/// What was not written in the files, and is taken to be so.
fn guesses(options: &Import, imported: &Imported, line: &mut dyn FnMut(&str, &str)) {
    let page = &imported.page;
    let zone = page.settings.zone.as_deref().unwrap_or(DEFAULT_ZONE);
    let is_guessed = options.zone.is_none() && zone == DEFAULT_ZONE;
    let zone_said = if is_guessed { " (guessed: say --zone Europe/Berlin or another)" } else { "" };
    let day_said = if options.as_of.is_none() && page.as_of == page.guessed_as_of {
        " (guessed: the latest date)"
    } else {
        ""
    };
    line("state of", &format!("{}{day_said}; days of {zone}{zone_said}", page.as_of));
    let mut groups = Vec::new();
    for meaning in Meaning::ALL {
        let of = imported.statuses.known.iter().filter(|(_, known)| known.meaning == meaning);
        let names: Vec<&str> = of.map(|(name, _)| name.as_str()).collect();
        if !names.is_empty() {
            groups.push(format!("{}: {}", meaning.word(), names.join(", ")));
        }
    }
    if !groups.is_empty() {
        line("statuses", &format!("{} (guessed by their names)", groups.join(" · ")));
    }
}
