//! `orgsim run`: one scenario, and where its work gets stuck.

use super::audit::{self, Audited};
use crate::cli::answer::Answer;
use crate::cli::compared::{self, compared, end};
use crate::cli::precise::{self, Precise};
use crate::cli::question::{Desk, Question};
use crate::cli::{Common, Experiment, Failure, row, screen};
use crate::experiment::compare::summarise;
use crate::experiment::precision;
use crate::report::document::WHICH_IS_BETTER;
use crate::report::{audit as audited_slide, single, slides};
use clap::Args;
use clap::builder::ArgPredicate;

/// What `run` takes.
#[derive(Args)]
#[command(mut_arg("scenario", |scenario| scenario.required(false).default_value_if("row", ArgPredicate::IsPresent, ".").required_unless_present("row")))]
pub struct Run {
    #[command(flatten)]
    experiment: Experiment,
    #[command(flatten)]
    precise: Precise,
    /// Run one row of a sweep again, by the line of its file as editors and `grep -n` count it, and say
    /// whether the numbers agree; such as --row output/s-sweep/sweep.csv:1234
    #[arg(long, value_name = "FILE:LINE", conflicts_with = "scenario")]
    row: Option<String>,
    /// Leave out the audit: what one more engineer, one fewer approval and so on would gain
    #[arg(long)]
    no_audit: bool,
}

impl Question for Run {
    fn asked(&self) -> Common {
        self.experiment.common.clone()
    }

    /// Simulates a scenario under its baseline, or under the one policy asked for; or one row of a sweep again.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        if let Some(place) = &self.row {
            return Ok(Answer::plain().ending(row::again(place, &desk.common)));
        }
        let options = &self.experiment;
        let wanted = match options.common.policy.as_slice() {
            [] => None,
            [one] => Some(one),
            _ => {
                return Err(Failure::Usage("run shows one policy; use compare for several".to_owned()));
            }
        };
        let mut study = desk.study(&options.scenario)?;
        let policies = study.timelines.len();
        if wanted.is_none() {
            study.timelines.truncate(1);
        }
        let timeline = study.timelines.iter().position(|one| Some(&one.name) == wanted).unwrap_or(0);
        let runner = desk.runner(&study, &options.scenario, &compared::TABLES)?;
        let question = precision::Question::Mean(timeline);
        let (completed, run_info) = precise::simulate(&study, options, &self.precise, (question, &runner))?;
        let summary = summarise(&study, &completed, run_info);
        let (answer, is_known) = compared(desk, &study, &summary, &completed)?;
        if !is_known {
            return Ok(answer);
        }
        let is_whole = wanted.is_none() && options.only_replication.is_none() && !summary.frame.stopped;
        let audited = match is_whole && !self.no_audit {
            true => audit::audit(&study, options, completed.len(), &runner)?,
            false => Audited::Nothing,
        };
        let shown = &summary.policies[timeline];
        let slides = desk.slides(|| {
            let mut drawn = slides::single(&summary, shown)?;
            if let Some(audited) = audited.done() {
                let after_the_first = drawn.len().min(1);
                drawn.splice(after_the_first..after_the_first, audited_slide::slide(audited)?);
            }
            Ok(drawn)
        })?;
        let ended = match audited {
            Audited::Stopped => {
                screen::stopped("the audit was not finished and is left out; everything else is written")
            }
            _ => end(&summary),
        };
        let (what_for, command) = match policies {
            1 => ("Which of its numbers matter most?", "sensitivity"),
            _ => (WHICH_IS_BETTER, "compare"),
        };
        let document =
            single::document(&summary, shown, audited.done()).then(what_for, command, &options.scenario);
        Ok(answer.page(document, slides).ending(ended))
    }
}
