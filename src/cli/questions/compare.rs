//! `orgsim compare`: which policy is better, by how much, how sure.

use super::robust;
use crate::cli::answer::Answer;
use crate::cli::compared::{self, compared, end};
use crate::cli::precise::{self, Precise};
use crate::cli::question::{Desk, Question};
use crate::cli::runner::Runner;
use crate::cli::{Common, Experiment, Failure, replications};
use crate::experiment::compare::summarise;
use crate::experiment::precision;
use crate::experiment::robust::summary::RobustSummary;
use crate::experiment::summary::Summary;
use crate::report::{comparison, slides, words};
use crate::scenario::study::Study;
use clap::Args;

/// Plausible organisations that are drawn around a scenario's own, where nothing is said of how many.
const WORLDS: u32 = 60;

/// Fewer replications than this are a quick look, which ends with the scenario's own organisation.
const QUICK: usize = 60;

#[derive(Args)]
pub struct Compare {
    #[command(flatten)]
    experiment: Experiment,
    #[command(flatten)]
    precise: Precise,
    /// Plausible organisations drawn around this one, in which policies are compared too; 0 for none [default: 60, or none
    /// where fewer than 60 replications are run]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    worlds: Option<u32>,
    /// Compare with this policy rather than with the baseline, such as hiring with tools
    #[arg(long, value_name = "POLICY")]
    against: Option<String>,
}

impl Question for Compare {
    fn asked(&self) -> Common {
        self.experiment.common.clone()
    }

    /// Compares the policies of a scenario, and says in how many plausible organisations that holds.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        let options = &self.experiment;
        // What others are compared with is run, whether or not it is named among those wanted.
        let mut common = desk.common.clone();
        if !common.policy.is_empty() {
            common
                .policy
                .extend(self.against.iter().filter(|name| !desk.common.policy.contains(name)).cloned());
        }
        let study = replications::study(&options.scenario, &common)?;
        if study.timelines.len() < 2 {
            let help = "write [policy.NAME] and its changes, or try `orgsim run`";
            return Err(Failure::Usage(format!("there is no policy to compare with the baseline: {help}")));
        }
        let reference = reference(&study, self.against.as_deref())?;
        let mut own = study.clone();
        own.live_run_off();
        let runner = desk.runner(&own, &options.scenario, &compared::TABLES)?;
        let question = precision::Question::Differences;
        let (mut completed, run_info) = precise::simulate(&own, options, &self.precise, (question, &runner))?;
        // What policies are compared with stands first.
        own.timelines.swap(0, reference);
        completed.iter_mut().for_each(|one| one.runs.swap(0, reference));
        let summary = summarise(&own, &completed, run_info);
        let (answer, is_known) = compared(desk, &own, &summary, &completed)?;
        if !is_known {
            return Ok(answer);
        }
        let over = self.around(&study, &summary, (reference, &runner))?;
        let slides = desk.slides(|| slides::comparison(&summary, over.as_ref()))?;
        let file = words::path(&options.scenario);
        Ok(answer.page(comparison::document(&summary, over.as_ref(), &file), slides).ending(end(&summary)))
    }
}

impl Compare {
    /// How the policies do in plausible organisations, unless this is a quick look or nobody wants it.
    fn around(
        &self,
        study: &Study,
        summary: &Summary,
        (reference, runner): (usize, &Runner),
    ) -> Result<Option<RobustSummary>, Failure> {
        let usual = if summary.frame.completed < QUICK || summary.frame.stopped { 0 } else { WORLDS };
        match self.worlds.unwrap_or(usual) {
            0 => Ok(None),
            worlds => robust::around(study, &self.experiment, worlds, (reference, runner)),
        }
    }
}

/// The place of the policy that the others are compared with.
fn reference(study: &Study, against: Option<&str>) -> Result<usize, Failure> {
    let Some(name) = against else { return Ok(0) };
    let names = || study.timelines.iter().map(|timeline| timeline.name.as_str());
    names().position(|policy| policy == name).ok_or_else(|| {
        let help = crate::diagnostic::advice(name, names());
        Failure::Usage(format!("there is no policy called `{name}` to compare with: {help}"))
    })
}
