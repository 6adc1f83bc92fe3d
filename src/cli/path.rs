//! `orgsim path`: in which order to make the changes of a policy, so that the organisation gains soonest.

use super::compare::warn_of_overruns;
use super::files::{self, Files, Target, USUAL};
use super::{Failure, PathOptions, replications, screen};
use crate::experiment::rollout::{begin, finish, next};
use crate::report::rollout as report;
use crate::report::slides;
use crate::scenario::study::{Rollout, RolloutSteps};
use std::path::Path;

/// Runs the orders and shows them.
pub fn path(options: &PathOptions) -> Result<(), Failure> {
    let experiment = &options.experiment;
    let every = options.every.parse().map_err(|_| {
        Failure::Usage(format!("`{}` is no span of time: write one such as \"1 quarter\"", options.every))
    })?;
    let whole = replications::study(&experiment.scenario, &experiment.common)?;
    let folder = experiment.scenario.parent().unwrap_or(Path::new(".")).to_owned();
    let way = Rollout { from: options.from.clone(), to: options.to.clone(), every };
    let steps = RolloutSteps::between(&whole, folder, &way)?;
    let count = steps.paths().len();
    let numbers = replications::numbers(&whole, experiment)?;
    let name = format!("{}-path", whole.name);
    let place = Target::of(&experiment.common, &name, command(options));
    let mut files = Files::open(place, &[&USUAL[..], &["path.md"]].concat())?;
    files.record(&whole, &experiment.scenario)?;
    let runner = files.runner(&experiment.common);
    let mut orders = begin(count);
    let mut tried = 0;
    let (study, completed) = loop {
        let study = steps.study(&whole, &orders)?;
        tried += orders.len();
        replications::room(&study, numbers.len())?;
        let (completed, complete) = runner.simulate(&study, &numbers, |completed| completed)?;
        if !complete {
            screen::say(
                "stopped: an order is only as good as the ones it is compared with; nothing was written",
            );
            return Err(Failure::Stopped);
        }
        let further = next(&orders, &study, &completed, count);
        if further.is_empty() {
            break (study, completed);
        }
        orders = further;
    };
    let found = finish(&study, &completed, &steps, options.every.clone(), tried);
    files::data(&mut files, &study, &found.summary, &completed)?;
    if !warn_of_overruns(&found.summary) {
        return files.finish(&found.summary.frame, &found.summary.columns);
    }
    let charts = if experiment.no_charts { Vec::new() } else { slides::comparison(&found.summary, None)? };
    files.slides(&charts)?;
    let document = report::document(&found);
    files.document(&document, &charts)?;
    files.finish(&found.summary.frame, &found.summary.columns)?;
    screen::document(&document, experiment.common.format, || report::table(&found).csv().into_bytes())
}

fn command(options: &PathOptions) -> Vec<String> {
    let mut words = files::command("path", &options.experiment);
    if let Some(from) = &options.from {
        words.extend(["--from".to_owned(), from.clone()]);
    }
    words.extend(["--to", &options.to, "--every", &options.every].map(str::to_owned));
    words
}
