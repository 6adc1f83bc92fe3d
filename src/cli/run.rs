//! `orgsim run`: one scenario, and where its work gets stuck.

use super::audit::{self, Audited};
use super::compare::{end, warn_of_overruns};
use super::files::{self, Files, Target, USUAL};
use super::{Failure, Run, precise, replications, row, screen};
use crate::experiment::compare::summarise;
use crate::experiment::precision::Question;
use crate::report::{self, slides};

/// Simulates a scenario, or one row of a sweep again.
pub fn run(options: &Run) -> Result<(), Failure> {
    match &options.row {
        Some(place) => row::again(place, &options.experiment.common),
        None => scenario(options),
    }
}

/// Simulates a scenario under its baseline, or under the one policy asked for.
fn scenario(options: &Run) -> Result<(), Failure> {
    let (options, precise, no_audit) = (&options.experiment, &options.precise, options.no_audit);
    let wanted = match options.common.policy.as_slice() {
        [] => None,
        [one] => Some(one),
        _ => return Err(Failure::Usage("run shows one policy; use compare for several".to_owned())),
    };
    let mut study = replications::study(&options.scenario, &options.common)?;
    if wanted.is_none() {
        study.timelines.truncate(1);
    }
    let timeline = study.timelines.iter().position(|timeline| Some(&timeline.name) == wanted).unwrap_or(0);
    let command = files::precise("run", options, precise);
    let name = format!("{}-run", study.name);
    let mut files = Files::open(Target::of(&options.common, &name, command), &USUAL)?;
    files.record(&study, &options.scenario)?;
    let (completed, run_info) = precise::simulate(
        &study,
        options,
        precise,
        (Question::Mean(timeline), &files.runner(&options.common)),
    )?;
    let summary = summarise(&study, &completed, run_info);
    files::data(&mut files, &study, &summary, &completed)?;
    if !warn_of_overruns(&summary) {
        return files.finish(&summary.frame, &summary.columns);
    }
    let shown = &summary.policies[timeline];
    let audited =
        match no_audit || wanted.is_some() || options.only_replication.is_some() || summary.frame.stopped {
            true => Audited::Nothing,
            false => audit::audit(&study, options, completed.len(), &files.runner(&options.common))?,
        };
    let mut charts = Vec::new();
    if !options.no_charts {
        charts = slides::single(&summary, shown)?;
        if let Some(audited) = audited.done() {
            let after_the_first = charts.len().min(1);
            charts.splice(after_the_first..after_the_first, report::audit::slide(audited)?);
        }
    }
    files.slides(&charts)?;
    let document = report::single::document(&summary, shown, audited.done());
    files.document(&document, &charts)?;
    files.finish(&summary.frame, &summary.columns)?;
    screen::document(&document, options.common.format, || report::summaries::summary(&summary).bytes)?;
    if matches!(audited, Audited::Stopped) {
        screen::say("stopped: the audit was not finished and is left out; everything else is written");
        return Err(Failure::Stopped);
    }
    end(&summary)
}
