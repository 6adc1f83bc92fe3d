//! `orgsim path`: in which order to make the changes of a policy, so that the organisation gains soonest.

use super::compare::warn_of_overruns;
use super::files::{self, Files, Target, USUAL};
use super::{Failure, Format, PathOptions, lives, screen};
use crate::experiment::path::{begin, finish, next};
use crate::experiment::summary::path::PathSummary;
use crate::report::path as report;
use crate::report::table::{printable, wrapped};
use crate::report::{manifest, slides};
use crate::scenario::study::{Steps, Way};
use std::path::Path;

/// Lives the orders and shows them.
pub fn path(options: &PathOptions) -> Result<(), Failure> {
    let experiment = &options.experiment;
    let every = options.every.parse().map_err(|_| {
        Failure::Usage(format!("`{}` is no span of time: write one such as \"1 quarter\"", options.every))
    })?;
    let whole = lives::study(&experiment.scenario, &experiment.common)?;
    let folder = experiment.scenario.parent().unwrap_or(Path::new(".")).to_owned();
    let way = Way { from: options.from.clone(), to: options.to.clone(), every };
    let steps = Steps::between(&whole, folder, &way)?;
    let count = steps.paths().len();
    let numbers = lives::numbers(&whole, experiment)?;
    let name = format!("{}-path", whole.name);
    let place = Target::of(&experiment.common, &name, command(options));
    let mut files = Files::open(place, &[&USUAL[..], &["path.md"]].concat())?;
    let mut orders = begin(count);
    let mut tried = 0;
    let (study, lived) = loop {
        let study = steps.study(&whole, &orders)?;
        tried += orders.len();
        lives::room(&study, numbers.len())?;
        let (lived, complete) = lives::live(&study, &numbers, &experiment.common, |lived| lived)?;
        if !complete {
            screen::say(
                "stopped: an order is only as good as the ones it is compared with; nothing was written",
            );
            return Err(Failure::Stopped);
        }
        let further = next(&orders, &study, &lived, count);
        if further.is_empty() {
            break (study, lived);
        }
        orders = further;
    };
    let found = finish(&study, &lived, &steps, options.every.clone(), tried);
    files::data(&mut files, &study, &found.summary, &lived)?;
    if !warn_of_overruns(&found.summary) {
        return files.finish(&found.summary.frame, &found.summary.columns);
    }
    files.write("path", "md", report::page(&found).as_bytes())?;
    if !experiment.no_charts {
        files.slides(&slides::comparison(&found.summary)?)?;
    }
    files.finish(&found.summary.frame, &found.summary.columns)?;
    show(&found, experiment.common.format)?;
    Ok(())
}

fn command(options: &PathOptions) -> Vec<String> {
    let mut words = files::command("path", &options.experiment);
    if let Some(from) = &options.from {
        words.extend(["--from".to_owned(), from.clone()]);
    }
    words.extend(["--to", &options.to, "--every", &options.every].map(str::to_owned));
    words
}

fn show(found: &PathSummary, format: Format) -> Result<(), Failure> {
    let grid = report::table(found);
    match format {
        Format::Table => {
            let said: String =
                report::sentences(found).iter().map(|line| wrapped(&printable(line), 100, "  ")).collect();
            screen::print(&format!("{said}\n{}", grid.text()))
        }
        Format::Markdown => screen::print(&report::page(found)),
        Format::Csv => screen::print(&grid.csv()),
        Format::Json => {
            let document = serde_json::json!({
                "steps": found.steps, "best": found.summary.policies[found.best].name, "table": grid.json(),
            });
            screen::print(&String::from_utf8_lossy(&manifest::pretty(&document)))
        }
    }
}
