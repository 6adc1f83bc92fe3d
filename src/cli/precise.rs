//! Replications that are added until intervals are narrow: `--precision`, `--replications auto` and `--limit`.

use super::runner::Runner;
use super::{Experiment, Failure, Replications, replications, screen};
use crate::experiment::compare::RunInfo;
use crate::experiment::precision::{Aim, Question, looks, reached};
use crate::experiment::run::ReplicationResults;
use crate::experiment::summary::Precision;
use crate::scenario::study::Study;
use clap::Args;

/// The most replications that are run where `--limit` says nothing.
const LIMIT: u32 = 10_000;

/// What `run` and `compare` take.
#[derive(Args)]
pub struct Precise {
    /// Add replications until the interval is no wider than this on either side: 2% (of the objective), or
    /// METRIC=WIDTH with a percentage or an amount; may be repeated
    #[arg(long, value_name = "[METRIC=]WIDTH", conflicts_with = "only_replication")]
    precision: Vec<String>,
    /// With --precision or --replications auto: the most replications to run [default: 10000]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=10_000_000))]
    limit: Option<u32>,
}

impl Precise {
    /// What is aimed at; `None` where the number of replications is fixed.
    fn aims(&self, study: &Study, options: &Experiment) -> Result<Option<Vec<Aim>>, Failure> {
        let wrong = |words: &str| Err(Failure::Usage(words.to_owned()));
        match (options.replications, self.precision.as_slice()) {
            (Some(Replications::Number(_)), [_, ..]) => wrong(
                "say how many replications, or how narrow intervals are to be, not both; --limit is a ceiling",
            ),
            (Some(Replications::Auto), []) => Ok(Some(vec![Aim::usual(study)])),
            (_, []) if self.limit.is_some() => {
                wrong("--limit goes with --precision or --replications auto; without them say --replications")
            }
            (_, []) => Ok(None),
            (_, said) => {
                let aims = said.iter().map(|argument| Aim::read(argument, study));
                Ok(Some(aims.collect::<Result<_, _>>().map_err(Failure::Usage)?))
            }
        }
    }
}

/// Runs the replications that were asked for, or as many as it takes.
pub fn simulate(
    study: &Study,
    options: &Experiment,
    precise: &Precise,
    (question, runner): (Question, &Runner),
) -> Result<(Vec<ReplicationResults>, RunInfo), Failure> {
    let Some(aims) = precise.aims(study, options)? else {
        let numbers = replications::numbers(study, options)?;
        replications::room(study, numbers.len())?;
        let (completed, complete) = runner.simulate(study, &numbers, |completed| completed)?;
        return Ok((completed, RunInfo::fixed(numbers.len(), !complete)));
    };
    let limit = match precise.limit {
        Some(limit) => limit as usize,
        // A limit that nobody asked for is what fits.
        None => (LIMIT as usize).min(replications::most(study)),
    };
    replications::room(study, limit)?;
    let mut completed = Vec::new();
    let mut run_info = RunInfo::fixed(0, false);
    for look in looks(limit) {
        let numbers: Vec<u64> = (completed.len() as u64..look as u64).collect();
        let (block, complete) = runner.simulate_some(study, &numbers, |completed| completed)?;
        completed.extend(block);
        let looks = run_info.precision.map_or(0, |precision| precision.looks) + 1;
        let precision = Precision { limit, looks, widths: reached(study, question, &aims, &completed) };
        let is_reached = precision.is_reached();
        run_info = RunInfo { asked: look, stopped: !complete, precision: Some(precision) };
        if is_reached || !complete {
            break;
        }
    }
    replications::some_completed(&completed)?;
    if !run_info.stopped && run_info.precision.as_ref().is_some_and(|precision| !precision.is_reached()) {
        screen::warn(&format!(
            "{limit} replications, the most allowed, did not make every interval as narrow as asked"
        ));
    }
    Ok((completed, run_info))
}
