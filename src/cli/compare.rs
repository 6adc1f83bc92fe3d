//! `orgsim compare`: which policy is better, by how much, how sure.

use super::files::{self, Files, Target, USUAL};
use super::runner::Runner;
use super::{Compare, Failure, losses, precise, replications, robust, screen};
use crate::experiment::compare::summarise;
use crate::experiment::precision::Question;
use crate::experiment::robust::summary::RobustSummary;
use crate::experiment::summary::Summary;
use crate::report::{comparison, findings, slides, summaries};
use crate::scenario::study::Study;

/// Plausible organisations that are drawn around a scenario's own, where nothing is said of how many.
const WORLDS: u32 = 60;

/// Fewer replications than this are a quick look, which ends with the scenario's own organisation.
const QUICK: usize = 60;

/// Compares the policies of a scenario, and says in how many plausible organisations that holds.
pub fn compare(asked: &Compare) -> Result<(), Failure> {
    let Compare { experiment: options, precise, worlds, against } = asked;
    // What others are compared with is run, whether or not it is named among those wanted.
    let mut common = options.common.clone();
    if !common.policy.is_empty() {
        common.policy.extend(against.iter().filter(|name| !options.common.policy.contains(name)).cloned());
    }
    let study = replications::study(&options.scenario, &common)?;
    if study.timelines.len() < 2 {
        let help = "write [policy.NAME] and its changes, or try `orgsim run`";
        return Err(Failure::Usage(format!("there is no policy to compare with the baseline: {help}")));
    }
    let reference = reference(&study, against.as_deref())?;
    let mut own = study.clone();
    own.live_run_off();
    let mut command = files::precise("compare", options, precise);
    command.extend(worlds.iter().flat_map(|worlds| ["--worlds".to_owned(), worlds.to_string()]));
    command.extend(against.iter().flat_map(|name| ["--against".to_owned(), name.clone()]));
    let mut files = Files::open(Target::of(&options.common, &study.name, command), &USUAL)?;
    files.record(&own, &options.scenario)?;
    let (mut completed, run_info) =
        precise::simulate(&own, options, precise, (Question::Differences, &files.runner(&options.common)))?;
    // What policies are compared with stands first.
    own.timelines.swap(0, reference);
    completed.iter_mut().for_each(|one| one.runs.swap(0, reference));
    let summary = summarise(&own, &completed, run_info);
    files::data(&mut files, &own, &summary, &completed)?;
    if !warn_of_overruns(&summary) {
        return files.finish(&summary.frame, &summary.columns);
    }
    let over = around(&study, &summary, asked, (reference, &files.runner(&options.common)))?;
    let mut slides = Vec::new();
    if !options.no_charts {
        slides = slides::comparison(&summary, over.as_ref())?;
        files.slides(&slides)?;
    }
    let document = comparison::document(&summary, over.as_ref());
    files.document(&document, &slides)?;
    files.finish(&summary.frame, &summary.columns)?;
    screen::document(&document, options.common.format, || summaries::summary(&summary).bytes)?;
    end(&summary)
}

/// How the policies do in plausible organisations, unless this is a quick look or nobody wants it.
fn around(
    study: &Study,
    summary: &Summary,
    asked: &Compare,
    (reference, runner): (usize, &Runner<'_>),
) -> Result<Option<RobustSummary>, Failure> {
    let usual = if summary.frame.completed < QUICK || summary.frame.stopped { 0 } else { WORLDS };
    match asked.worlds.unwrap_or(usual) {
        0 => Ok(None),
        worlds => robust::around(study, &asked.experiment, worlds, (reference, runner)),
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

/// Says what was stopped, if it was.
pub fn end(summary: &Summary) -> Result<(), Failure> {
    if !summary.frame.stopped {
        return Ok(());
    }
    let (completed, asked) = (summary.frame.completed, summary.frame.asked);
    screen::say(&format!("stopped: {completed} of {asked} replications were finished, and are written"));
    Err(Failure::Stopped)
}

/// Warns of replications that were stopped with too much open work; false when nothing at all is left to report on.
pub fn warn_of_overruns(summary: &Summary) -> bool {
    let overran = summary.policies.iter().filter(|policy| policy.overran > 0);
    let warnings: Vec<String> = overran
        .map(|policy| {
            let all = policy.overran + policy.completed + policy.failed;
            format!(
                "under {}, {} of {all} replications were stopped: more work than the simulator holds (status “overrun” \
                 in replications.csv)",
                findings::named(policy),
                policy.overran
            )
        })
        .collect();
    screen::warn_of_few(&warnings, "the column `status` of replications.csv has them all");
    losses::told();
    summary.policies.iter().any(|policy| policy.completed > 0)
}
