//! `orgsim fit`: which organisations show what a tracker recorded, as a scenario to compare policies in.

use super::forecast::name;
use super::measure;
use crate::cli::answer::Answer;
use crate::cli::question::{Desk, Question};
use crate::cli::repeated::RUNNING;
use crate::cli::runner::Runner;
use crate::cli::{Common, Failure, Look, Output, files, replications, screen};
use crate::experiment::fitting::summary::FitSummary;
use crate::experiment::fitting::text::{self, Origin};
use crate::experiment::fitting::{Facts, Setup, answer};
use crate::fit::figures::throughput;
use crate::fit::records::Records;
use crate::history::history::History;
use crate::history::measure::Measures;
use crate::history::measure::rhythm::Rhythms;
use crate::history::when::number_of;
use crate::report::files::{OutputFolder, slug};
use crate::report::fitted::{self, charts};
use crate::report::table::printable;
use crate::report::words::{self, count};
use clap::Args;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

const FITS: &str = "\
Examples:
  orgsim fit checkout --out checkout.toml      then: orgsim compare checkout.toml
  orgsim fit checkout --engineers 8            where you know how many there are
  orgsim fit checkout --team SHOP --weeks 40   one team, the last 40 weeks

Simulates thousands of organisations drawn from plausible ranges, looks at each as a tracker would,
and keeps those that show most nearly what yours showed. Each number ends as
  measured   somebody said it, or it was counted
  fitted     its 90 % interval is clearly narrower than its range
  assumed    the data say too little of it: it keeps its range, and every comparison draws it
and the page says so by name, with the simulated window beside the real one: what agrees, what does
not, and what no organisation that was drawn reproduces.

Writes the scenario, NAME.posterior.csv with joint draws of what was fitted (`compare` and `robust`
draw its rows), NAME.open.csv with the items that are open today, from which policies part, and a
folder with the page, its tables and charts.

Needs 60 delivered items and 26 weeks. A fit says which organisations of this model look like yours;
it does not say that the model is right, and it is no forecast.";

/// The fewest weeks that are fitted to.
const LEAST_WEEKS: usize = 26;
/// The fewest organisations of which a posterior is made.
const LEAST_SIMULATED: usize = 100;

#[derive(Args)]
#[command(after_help = FITS)]
pub struct Fit {
    /// A folder that `orgsim import` wrote
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The scenario to write; its name ends in .toml [default: the folder's name]
    #[arg(long, value_name = "FILE", help_heading = RUNNING)]
    out: Option<PathBuf>,
    /// Write over a scenario that is there
    #[arg(long, help_heading = RUNNING)]
    force: bool,
    /// The last weeks that are fitted to, if there are so many
    #[arg(long, value_name = "N", default_value_t = 52, value_parser = clap::value_parser!(u16).range(26..=260))]
    weeks: u16,
    /// Only the items of this team
    #[arg(long, value_name = "NAME")]
    team: Option<String>,
    /// How many engineers there are, where you know [default: fitted to the people seen]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=500))]
    engineers: Option<u32>,
    /// How many organisations are simulated
    #[arg(long, short = 'n', value_name = "N", default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(200..=1_000_000))]
    replications: u32,
    /// The seed of all random numbers
    #[arg(long, value_name = "NUMBER", default_value_t = 42, value_parser = clap::value_parser!(u64).range(..=crate::cli::LAST_SEED))]
    seed: u64,
    /// Threads; results do not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096), help_heading = RUNNING)]
    threads: Option<u16>,
    /// Where the page, its tables and charts go [default: output/<name>-fit]
    #[arg(long, value_name = "DIR", help_heading = RUNNING)]
    report: Option<PathBuf>,
    #[command(flatten)]
    look: Look,
}

/// The files beside each other: a scenario and its joint draws.
struct Place {
    folder: PathBuf,
    name: String,
}

impl Place {
    fn of(options: &Fit) -> Result<Place, Failure> {
        let usual = name(&options.folder);
        let usual = PathBuf::from(format!("{}.toml", slug(&usual)));
        let out = options.out.as_ref().unwrap_or(&usual);
        let name = out.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if out.extension().is_none_or(|ending| ending != "toml") || slug(&name) != name {
            return Err(Failure::Usage(format!(
                "--out: name a file such as {}.toml, with small letters, digits and dashes only",
                slug(&name)
            )));
        }
        let folder = out.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let place = Place { folder: folder.to_owned(), name };
        if place.scenario().exists() && !options.force {
            return Err(Failure::Failed(format!(
                "{} is already there, perhaps with policies of yours; it was not touched. Name another with --out, or say --force",
                printable(&place.shown())
            )));
        }
        Ok(place)
    }

    fn scenario(&self) -> PathBuf {
        self.folder.join(format!("{}.toml", self.name))
    }

    /// As a person types it.
    fn shown(&self) -> String {
        self.scenario().display().to_string().trim_start_matches("./").to_owned()
    }

    fn posterior(&self) -> String {
        format!("{}.posterior.csv", self.name)
    }

    fn open(&self) -> String {
        format!("{}.open.csv", self.name)
    }
}

impl Question for Fit {
    fn asked(&self) -> Common {
        let output = Output { out: self.report.clone(), force: self.force };
        let look = self.look.clone();
        Common { seed: Some(self.seed), threads: self.threads, output, look, ..Common::default() }
    }

    /// Fits, and writes the scenario with its draws beside the page.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        let shown = printable(&self.folder.display().to_string());
        let folder = measure::folder(&self.folder, desk)?;
        let place = Place::of(self)?;
        let history = folder.history().map_err(|error| Failure::Failed(format!("{shown}: {error}")))?;
        let facts = facts(self, &history, &shown)?;
        let runner = desk.runner_named(&format!("{}-fit", place.name), &["figures.csv"])?;
        let summary = summary(self, &facts, &runner)?;
        let next = format!("orgsim compare {}", words::command(&[place.shown()]));
        let today = number_of(history.as_of) + 1.0;
        let slides = desk.slides(|| charts::slides(&summary, today))?;
        let origin = Origin {
            data: &shown,
            as_of: &history.as_of.to_string(),
            posterior: &place.posterior(),
            open: &place.open(),
            version: crate::report::manifest::VERSION,
        };
        save(&place, &summary, &origin, desk.command())?;
        if !self.look.quiet {
            screen::say(&format!(
                "{} is the scenario; beside it {} has the joint draws and {} what is open today",
                printable(&place.shown()),
                place.posterior(),
                place.open()
            ));
        }
        Ok(Answer::plain()
            .csv("figures", fitted::figures_csv(&summary))
            .page(fitted::document(&summary, &next), slides))
    }
}

/// The scenario appears last: once it is there, so is all it names.
fn save(place: &Place, summary: &FitSummary, origin: &Origin<'_>, command: &[String]) -> Result<(), Failure> {
    let _hold = files::hold(&place.folder, command)?;
    let out = OutputFolder::create(&place.folder)?;
    out.write_as(origin.posterior, &fitted::posterior(&summary.columns, &summary.rows))?;
    out.write_as(origin.open, &fitted::open(&summary.open))?;
    out.write(&place.name, "toml", text::scenario(summary, origin).as_bytes())?;
    Ok(())
}

/// What is fitted to, or why it is too little.
fn facts(options: &Fit, history: &History, shown: &str) -> Result<Facts, Failure> {
    let records = Records::of(history, options.team.as_deref());
    if let Some(team) = options.team.as_ref().filter(|_| records.items.is_empty()) {
        return Err(Failure::Usage(format!(
            "--team {}: {shown}/items.csv has no item of that team in its column team",
            printable(team)
        )));
    }
    let days = records.items.iter().flat_map(|item| [item.created, item.started, item.ended]).flatten();
    let first = days.min().unwrap_or(records.today);
    let has = usize::try_from((records.today - first) / records.a_week).unwrap_or(0);
    let weeks = has.min(usize::from(options.weeks));
    let delivered = throughput(&records, weeks.max(1)).iter().sum::<f64>() as usize;
    let least = crate::experiment::fitting::calibration::LEAST_ITEMS;
    if weeks < LEAST_WEEKS || delivered < least {
        return Err(Failure::Failed(format!(
            "no fit: {shown} has {} delivered in {}; a fit needs {least} items and {LEAST_WEEKS} weeks. `orgsim measure {}` says \
             what there is",
            count(delivered, "item", "items"),
            count(weeks, "week", "weeks"),
            words::path(&options.folder)
        )));
    }
    warn_of_a_break(history, weeks);
    let team = options.team.clone().unwrap_or_else(|| name(&options.folder));
    let facts = Facts::of(records, weeks, &team, options.engineers);
    // What goes live is told of all teams together, and so is when.
    let rhythms = match options.team {
        None => Measures::of(history, weeks).rhythms,
        Some(_) => Rhythms::default(),
    };
    Ok(Facts { rhythms, ..facts })
}

/// A level that changed within the window is no one organisation.
fn warn_of_a_break(history: &History, weeks: usize) {
    let measures = Measures::of(history, weeks);
    let Some(last) = measures.levels.last() else { return };
    let since = measures.weeks.len().saturating_sub(last.from);
    if last.from > 0 && since < weeks {
        let help = match since >= LEAST_WEEKS {
            true => format!("; --weeks {since} fits to what came since"),
            false => String::new(),
        };
        screen::warn(&format!(
            "the level of throughput changed {} ago: these {weeks} weeks are not of one organisation{help}",
            count(since, "week", "weeks")
        ));
    }
}

fn summary(options: &Fit, facts: &Facts, runner: &Runner) -> Result<FitSummary, Failure> {
    let setup = Setup::of(facts, options.seed).map_err(Failure::Failed)?;
    let drawn = options.replications as usize;
    let reference = runner
        .run(drawn as u64, "organisations", |run_options| Ok(answer::reference(&setup, drawn, run_options)))?
        .map_err(Failure::Failed)?;
    stopped()?;
    if reference.draws.places.len() < LEAST_SIMULATED {
        return Err(Failure::Failed(format!(
            "only {} of {drawn} organisations could be simulated, too few to fit by: the items or people in the data are far from \
             anything that `typical` describes; state --engineers, or fit one --team",
            reference.draws.places.len()
        )));
    }
    let windows = answer::WINDOWS as u64;
    let summary = runner
        .run(windows, "organisations that were fitted", |run_options| {
            Ok(answer::answer(&setup, facts, &reference, run_options))
        })?
        .map_err(Failure::Failed)?;
    stopped()?;
    Ok(summary)
}

/// Half a fit is none, but what is simulated is kept.
fn stopped() -> Result<(), Failure> {
    if replications::stop()?.load(Ordering::Relaxed) {
        return screen::stopped("no scenario was written");
    }
    Ok(())
}
