//! `orgsim forecast --policy`: what if, beside the forecast.

use super::forecast::{Forecast, chance, name};
use super::measure;
use super::robust;
use crate::cli::answer::Answer;
use crate::cli::question::Desk;
use crate::cli::repeated::RUNNING;
use crate::cli::runner::Runner;
use crate::cli::{Common, Failure, replications, screen};
use crate::experiment::whatif::summary::{Question, WhatIfSummary};
use crate::experiment::whatif::{LEAST, simulate, summarise};
use crate::fit::records::Records;
use crate::forecast::Date;
use crate::forecast::ask;
use crate::forecast::history::later;
use crate::forecast::read::Data;
use crate::history::history::History;
use crate::history::workdays::WorkDays;
use crate::report::files::slug;
use crate::report::table::printable;
use crate::report::whatif::{self as words, Beside};
use crate::report::words as shell;
use crate::scenario::study::Study;
use clap::Args;
use std::path::{Path, PathBuf};

/// What of `forecast` is asked of a model.
#[derive(Args)]
pub(super) struct WhatIf {
    /// What if: the same under this policy of --scenario, beside the forecast
    #[arg(long, value_name = "NAME", conflicts_with_all = ["split", "growth", "blackout", "as_of"])]
    pub policy: Option<String>,
    /// With --policy: the scenario that `orgsim fit` wrote [default: the name of the data, with .toml]
    #[arg(long, value_name = "FILE", requires = "policy")]
    pub scenario: Option<PathBuf>,
    /// With --policy: how many organisations are drawn and simulated
    #[arg(long, value_name = "N", default_value_t = 400, requires = "policy", value_parser = clap::value_parser!(u32).range(60..=100_000))]
    pub worlds: u32,
    /// With --policy: the seed of all random numbers, in place of what the scenario says
    #[arg(long, value_name = "NUMBER", requires = "policy", value_parser = clap::value_parser!(u64).range(..=crate::cli::LAST_SEED))]
    pub seed: Option<u64>,
    /// With --policy: threads; results do not depend on it [default: one per core]
    #[arg(long, value_name = "N", requires = "policy", help_heading = RUNNING, value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub threads: Option<u16>,
}

/// A real organisation's days, and the model of it.
struct Model {
    study: Study,
    scenario: PathBuf,
    common: Common,
    days: WorkDays,
    /// The number of the first working day that nothing is known of.
    first: i64,
}

/// Answers what was asked of the forecast under a policy too.
pub(super) fn whatif(
    options: &Forecast,
    policy: &str,
    (data, request, answer): (&Data, &ask::Request, &ask::Answer),
    desk: &mut Desk,
) -> Result<Answer, Failure> {
    let folder = measure::folder(&options.data, desk)?;
    let shown = printable(&options.data.display().to_string());
    let history = folder.history().map_err(|error| Failure::Failed(format!("{shown}: {error}")))?;
    let model = model(options, policy, &history, data.history.last())?;
    let beside = model.scenario.parent().unwrap_or(Path::new("."));
    model.study.files.iter().chain(&model.study.named_files(beside, &[])).for_each(|file| desk.reads(file));
    let runner = desk.runner_named(&format!("{}-what-if", name(&options.data)), &["whatif.csv"])?;
    let by = request.by.map(|by| model.hours_to(by));
    let question = Question { items: request.items, by };
    let summary = run(&model, question, options.whatif.worlds, &runner)?;
    let next =
        format!("orgsim robust {} --policy {}", shell::path(&model.scenario), shell::command(&[policy]));
    let date = |hours: f64| model.date(hours);
    let beside = Beside {
        data: &name(&options.data),
        as_of: &data.history.last().to_string(),
        by: &request.by.map_or_else(String::new, |by| by.to_string()),
        hours_per_day: model.study.scenario.clock.hours_per_day,
        date: &date,
        hours: answer
            .dates
            .map(|dates| dates.map(|date| date.map_or(f64::INFINITY, |date| model.hours_to(date)))),
        items: answer.counts.map(|counts| counts.map(f64::from)),
        chance: &chance,
        forecast_chance: answer.chance,
        next: &next,
    };
    let slides = desk.slides(|| words::slides(&summary, &beside))?;
    Ok(Answer::plain()
        .csv("whatif", words::csv(&summary, &beside))
        .page(words::document(&summary, &beside), slides))
}

/// Reads the scenario, and makes sure that it begins today.
fn model(options: &Forecast, policy: &str, history: &History, last: Date) -> Result<Model, Failure> {
    let asked = &options.whatif;
    let usual = || PathBuf::from(format!("{}.toml", slug(&name(&options.data))));
    let scenario = asked.scenario.clone().unwrap_or_else(usual);
    let shown = printable(&options.data.display().to_string());
    let fit = format!("orgsim fit {} --out {}", shell::path(&options.data), shell::path(&scenario));
    if !scenario.exists() {
        return Err(Failure::Usage(format!(
            "there is no scenario {} of these data: begin with {fit}, or name one with --scenario",
            printable(&scenario.display().to_string())
        )));
    }
    let common = Common {
        seed: asked.seed,
        threads: asked.threads,
        look: options.source.look.clone(),
        policy: vec![policy.to_owned()],
        ..Common::default()
    };
    let study = replications::study(&scenario, &common)?;
    if study.timelines.len() != 2 {
        let help = "--policy names another than the baseline";
        return Err(Failure::Usage(format!("there is no policy to compare with the baseline: {help}")));
    }
    let Some(today) = &study.baseline().phases[0].1.today else {
        return Err(Failure::Usage(format!(
            "{} does not say what is open today, from which a what-if begins: write [open] file = \"NAME.open.csv\", or fit again \
             with {fit} --force",
            printable(&scenario.display().to_string())
        )));
    };
    let open = crate::experiment::fitting::open::open(&Records::of(history, None)).len();
    if open != today.items.len() {
        screen::warn(&format!(
            "{} open in {shown}, and {} in the scenario: where the data are newer, or all teams’, fit again, into another \
             file than the one with your policies",
            shell::count(open, "item is", "items are"),
            today.items.len()
        ));
    }
    let days = WorkDays::of(study.scenario.clock.days_per_week, &history.holidays)
        .unwrap_or_else(|| WorkDays::usual(&history.holidays));
    let first = days.before(later(last, 1));
    Ok(Model { study, scenario, common, days, first })
}

impl Model {
    /// Working hours from today to the end of a day.
    fn hours_to(&self, day: Date) -> f64 {
        let days = (self.days.before(later(day, 1)) - self.first).max(0);
        days as f64 * self.study.scenario.clock.hours_per_day
    }

    /// The day on which so many working hours from today end.
    fn date(&self, hours: f64) -> String {
        if !hours.is_finite() {
            return "later than three years".to_owned();
        }
        let day = (hours / self.study.scenario.clock.hours_per_day - 1e-9).max(0.0) as i64;
        // Holidays have the number of the day after them: the last date with a number is the one that is worked.
        let mut date = self.days.date(self.first + day);
        while self.days.before(later(date, 1)) <= self.first + day {
            date = later(date, 1);
        }
        date.to_string()
    }
}

/// Draws organisations, and simulates each under both.
fn run(model: &Model, question: Question, worlds: u32, runner: &Runner) -> Result<WhatIfSummary, Failure> {
    let study = &model.study;
    let (space, points) = robust::organisations(study, &model.scenario, &model.common, worlds)?;
    let folder = model.scenario.parent().unwrap_or(Path::new(".")).to_owned();
    let outcomes = runner.run(u64::from(worlds), "organisations", |run_options| {
        simulate(study, (&space, &points), folder, question, run_options)
    })?;
    if outcomes.len() < points.len() {
        return screen::stopped("no answer was written");
    }
    let summary = summarise(study, question, &outcomes);
    if summary.simulated < LEAST {
        return Err(Failure::Failed(format!(
            "no figure: only {} of {} organisations could be simulated, and the 95th percentile needs {LEAST}; ask for more --worlds, or \
             look at what `orgsim check {}` says",
            summary.simulated,
            summary.drawn,
            shell::path(&model.scenario)
        )));
    }
    Ok(summary)
}
