//! `orgsim rank`: which of many policies is best, with a stated probability.

use super::files::{self, Files, Target};
use super::robust::common;
use super::runner::Runner;
use super::{Common, Failure, replications, screen};
use crate::experiment::compare::columns;
use crate::experiment::rank::{ObjectiveRow, Request, rank as ranked};
use crate::experiment::summary::rank::Ending;
use crate::report::rank as words;
use crate::scenario::study::Study;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
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

/// Ranks the policies of a scenario.
pub fn rank(options: &Rank) -> Result<(), Failure> {
    let study = replications::study(&options.scenario, &options.common)?;
    if study.timelines.len() < 2 {
        let help = "write [policy.NAME] and its changes, or try `orgsim run`";
        return Err(Failure::Usage(format!("there is no policy to rank beside the baseline: {help}")));
    }
    let run_info = (options.first_stage as usize, options.limit as usize);
    let request =
        Request::read(&study, options.confidence.as_deref(), options.indifference.as_deref(), run_info);
    let request = request.map_err(Failure::Usage)?;
    let name = format!("{}-rank", study.name);
    let place = Target::of(&options.common, &name, command(options));
    let mut files = Files::open(place, &["rank.csv", "summary.md", "report.html", "manifest.json"])?;
    files.record(&study, &options.scenario)?;
    let runner = files.runner(&options.common);
    let simulate =
        |numbers: &[u64], timelines: &[usize]| simulate(&study, &request, &runner, numbers, timelines);
    let numbers: Vec<u64> = (0..u64::from(options.first_stage)).collect();
    let all: Vec<usize> = (0..study.timelines.len()).collect();
    let Some(first) = simulate(&numbers, &all)? else {
        screen::say("stopped before the first stage was finished; nothing was written");
        return Err(Failure::Stopped);
    };
    let ranking = ranked(&study, &request, &first, simulate)?;
    files.table("rank", words::data(&ranking))?;
    let document = words::document(&ranking);
    files.document(&document, &[])?;
    let metric = ranking.objective.name;
    let described: Vec<_> = columns(&study).into_iter().filter(|column| column.name == metric).collect();
    files.finish_with(&ranking.frame, &described, ("rank", words::promised(&ranking)))?;
    screen::document(&document, options.common.format, || words::data(&ranking).bytes)?;
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
        Ending::Stopped => {
            screen::say("stopped: what was finished is written");
            Err(Failure::Stopped)
        }
    }
}

/// Runs replications of some timelines; nothing when it was stopped.
fn simulate(
    study: &Study,
    request: &Request,
    runner: &Runner<'_>,
    numbers: &[u64],
    timelines: &[usize],
) -> Result<Option<Vec<ObjectiveRow>>, Failure> {
    let (completed, complete) = runner.simulate_under(study, numbers, timelines, request.shown(study))?;
    Ok(complete.then_some(completed))
}

fn command(options: &Rank) -> Vec<String> {
    let mut words = files::begun("rank", &options.scenario);
    let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
    options.confidence.iter().for_each(|share| option("--confidence", share.clone()));
    options.indifference.iter().for_each(|width| option("--indifference", width.clone()));
    option("--first-stage", options.first_stage.to_string());
    option("--limit", options.limit.to_string());
    words.extend(common(&options.common));
    words
}
