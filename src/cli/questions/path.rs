//! `orgsim path`: in which order to make the changes of a policy, so that the organisation gains soonest.

use crate::cli::answer::Answer;
use crate::cli::compared::{self, compared};
use crate::cli::question::{Desk, Question};
use crate::cli::runner::Runner;
use crate::cli::{Common, Experiment, Failure, replications, screen};
use crate::experiment::rollout::{begin, finish, next};
use crate::experiment::run::ReplicationResults;
use crate::report::rollout as report;
use crate::report::slides;
use crate::scenario::study::{Rollout, RolloutSteps, Study};
use clap::Args;
use std::path::Path;

#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim path s.toml --from today --to quarter
  orgsim path s.toml --to quarter --every \"1 quarter\"")]
pub struct PathOptions {
    #[command(flatten)]
    experiment: Experiment,
    /// The policy to begin with [default: the baseline]
    #[arg(long, value_name = "NAME")]
    from: Option<String>,
    /// The policy to arrive at
    #[arg(long, value_name = "NAME")]
    to: String,
    /// Time between two steps
    #[arg(long, value_name = "SPAN", default_value = "1 quarter")]
    every: String,
}

impl Question for PathOptions {
    fn asked(&self) -> Common {
        self.experiment.common.clone()
    }

    /// Runs the orders and shows them.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        let options = &self.experiment;
        let every = self.every.parse().map_err(|_| {
            Failure::Usage(format!("`{}` is no span of time: write one such as \"1 quarter\"", self.every))
        })?;
        let whole = desk.study(&options.scenario)?;
        let folder = options.scenario.parent().unwrap_or(Path::new(".")).to_owned();
        let way = Rollout { from: self.from.clone(), to: self.to.clone(), every };
        let steps = RolloutSteps::between(&whole, folder, &way)?;
        let numbers = replications::numbers(&whole, options)?;
        let runner = desk.runner(&whole, &options.scenario, &compared::TABLES)?;
        let (study, completed, tried) = orders(&whole, &steps, &numbers, &runner)?;
        let found = finish(&study, &completed, &steps, self.every.clone(), tried);
        let (answer, is_known) = compared(desk, &study, &found.summary, &completed)?;
        if !is_known {
            return Ok(answer);
        }
        let slides = desk.slides(|| slides::comparison(&found.summary, None))?;
        let document = report::document(&found).then(
            "What do policies gain as wholes, and where does it hold?",
            "compare",
            &options.scenario,
        );
        Ok(answer.page(document, slides).printing(report::table(&found).csv().into_bytes()))
    }
}

/// Runs orders until no better one is to be tried: those of the last round, and how many were tried in all.
fn orders(
    whole: &Study,
    steps: &RolloutSteps,
    numbers: &[u64],
    runner: &Runner,
) -> Result<(Study, Vec<ReplicationResults>, usize), Failure> {
    let count = steps.paths().len();
    let mut orders = begin(count);
    let mut tried = 0;
    loop {
        let study = steps.study(whole, &orders)?;
        tried += orders.len();
        replications::room(&study, numbers.len())?;
        let (completed, complete) = runner.simulate(&study, numbers, |completed| completed)?;
        if !complete {
            return screen::stopped(
                "an order is only as good as the ones it is compared with; nothing was written",
            );
        }
        let further = next(&orders, &study, &completed, count);
        if further.is_empty() {
            return Ok((study, completed, tried));
        }
        orders = further;
    }
}
