//! `orgsim rank`: which of many policies is best, with a stated probability.

use crate::cli::answer::Answer;
use crate::cli::question::{Desk, Question};
use crate::cli::runner::Runner;
use crate::cli::{Common, Failure, screen};
use crate::experiment::compare::columns;
use crate::experiment::rank::{Request, ShownRow, rank as ranked};
use crate::experiment::summary::rank::{Ending, RankSummary};
use crate::report::rank as words;
use crate::scenario::study::Study;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
#[command(mut_arg("no_charts", |charts| charts.hide(true)), after_help = "\
Examples:
  orgsim rank s.toml                                  the best policy, with probability 95 %
  orgsim rank s.toml --confidence 99% --indifference 2%
  orgsim rank s.toml --indifference \"4 hours\"         where the objective is a time

All policies run a first stage on the same random numbers. Then those that may still be the best get
more replications, and each that is clearly behind another is eliminated: the procedure KN of Kim
and Nelson (2001).")]
pub struct Rank {
    /// The scenario's file
    scenario: PathBuf,
    /// The probability with which the best is selected [default: the scenario's level, usually 95%]
    #[arg(long, value_name = "SHARE")]
    confidence: Option<String>,
    /// Smaller differences do not matter: a percentage of the baseline's mean, or an amount [default: the smallest
    /// difference that matters, usually 5%]
    #[arg(long, value_name = "WIDTH")]
    indifference: Option<String>,
    /// Replications of every policy before any is eliminated
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(5..=100_000))]
    first_stage: u32,
    /// The most replications of a policy
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(5..=10_000_000))]
    limit: u32,
    #[command(flatten)]
    common: Common,
}

impl Question for Rank {
    fn asked(&self) -> Common {
        self.common.clone()
    }

    /// Ranks the policies of a scenario.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        let study = desk.study(&self.scenario)?;
        if study.timelines.len() < 2 {
            let help = "write [policy.NAME] and its changes, or try `orgsim run`";
            return Err(Failure::Usage(format!("there is no policy to rank beside the baseline: {help}")));
        }
        let (confidence, indifference) = (self.confidence.as_deref(), self.indifference.as_deref());
        let stages = (self.first_stage as usize, self.limit as usize);
        let request = Request::read(&study, confidence, indifference, stages).map_err(Failure::Usage)?;
        let runner = desk.runner(&study, &self.scenario, &["rank.csv"])?;
        let simulate =
            |numbers: &[u64], timelines: &[usize]| simulate(&study, &request, &runner, numbers, timelines);
        let numbers: Vec<u64> = (0..u64::from(self.first_stage)).collect();
        let all: Vec<usize> = (0..study.timelines.len()).collect();
        let Some(first) = simulate(&numbers, &all)? else {
            return screen::stopped_before("the first stage was finished");
        };
        let ranking = ranked(&study, &request, &first, simulate)?;
        let metric = ranking.objective.name;
        let described: Vec<_> = columns(&study).into_iter().filter(|column| column.name == metric).collect();
        let what_for = "By how much are they better, and where does it hold?";
        Ok(Answer::of(&ranking.frame, &described)
            .table("rank", words::data(&ranking))
            .with("rank", words::promised(&ranking))
            .page(words::document(&ranking).then(what_for, "compare", &self.scenario), Vec::new())
            .ending(ended(&ranking)))
    }
}

/// A ranking without anybody to be ranked has failed.
fn ended(ranking: &RankSummary) -> Result<(), Failure> {
    match ranking.outcome {
        Ending::Selected | Ending::Limit(_) => Ok(()),
        Ending::NoMean if ranking.policies.iter().any(|policy| policy.beyond) => Err(Failure::Failed(
            "the objective lies beyond the window under every policy, so none can be ranked by it within this horizon: \
             lengthen the horizon"
                .to_owned(),
        )),
        Ending::NoMean => Err(Failure::Failed(
            "under every policy a replication was stopped with more work than the simulator holds, so none has a mean \
             to be ranked by; `orgsim check` shows the load of each team"
                .to_owned(),
        )),
        Ending::Stopped => screen::stopped("what was finished is written"),
    }
}

/// Runs replications of some timelines; nothing when it was stopped.
fn simulate(
    study: &Study,
    request: &Request,
    runner: &Runner,
    numbers: &[u64],
    timelines: &[usize],
) -> Result<Option<Vec<ShownRow>>, Failure> {
    let (completed, complete) = runner.simulate_under(study, numbers, timelines, request.shown(study))?;
    Ok(complete.then_some(completed))
}
