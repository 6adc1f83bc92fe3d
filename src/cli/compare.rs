//! `orgsim compare`: which policy is better, by how much, how sure.

use super::files::{self, Files, Target, USUAL};
use super::precise::{self, Precise};
use super::{Experiment, Failure, Format, losses, replications, screen};
use crate::experiment::compare::summarise;
use crate::experiment::precision::Question;
use crate::experiment::summary::Summary;
use crate::report::table::{TextTable, printable, wrapped};
use crate::report::{findings, horizon, markdown, slides, tables, waste};

/// Columns of the terminal that text is wrapped into.
const WIDTH: usize = 100;

/// Compares the policies of a scenario.
pub fn compare(options: &Experiment, precise: &Precise) -> Result<(), Failure> {
    let mut study = replications::study(&options.scenario, &options.common)?;
    study.live_run_off();
    if study.timelines.len() < 2 {
        let help = "write [policy.NAME] and its changes, or try `orgsim run`";
        return Err(Failure::Usage(format!("there is no policy to compare with the baseline: {help}")));
    }
    let place = Target::of(&options.common, &study.name, files::precise("compare", options, precise));
    let mut files = Files::open(place, &USUAL)?;
    let (completed, run_info) = precise::simulate(&study, options, precise, Question::Differences)?;
    let summary = summarise(&study, &completed, run_info);
    files::data(&mut files, &study, &summary, &completed)?;
    if !warn_of_overruns(&summary) {
        return files.finish(&summary.frame, &summary.columns);
    }
    files.write("summary", "md", markdown::page(&summary).as_bytes())?;
    if !options.no_charts {
        files.slides(&slides::comparison(&summary)?)?;
    }
    files.finish(&summary.frame, &summary.columns)?;
    show(&summary, options.common.format)?;
    end(&summary)
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

/// Warns of replications that drowned in work; false when nothing at all is left to report on.
pub fn warn_of_overruns(summary: &Summary) -> bool {
    for policy in summary.policies.iter().filter(|policy| policy.overran > 0) {
        let all = policy.overran + policy.completed + policy.failed;
        screen::warn(&format!(
            "under {}, {} of {all} simulated lives drowned in work (status “overrun” in replications.csv)",
            findings::named(policy),
            policy.overran
        ));
    }
    losses::told();
    summary.policies.iter().any(|policy| policy.completed > 0)
}

fn show(summary: &Summary, format: Format) -> Result<(), Failure> {
    match format {
        Format::Markdown => screen::print(&markdown::page(summary)),
        Format::Csv => {
            screen::print(&String::from_utf8_lossy(&crate::report::summaries::summary(summary).bytes))
        }
        Format::Json => {
            let grids: Vec<_> = grids(summary).iter().map(TextTable::json).collect();
            let document = serde_json::json!({
                "finding": findings::headline(summary),
                "frame": findings::frame(summary),
                "seed": summary.frame.seed,
                "lived": summary.frame.completed,
                "stopped": summary.frame.stopped,
                "tables": grids,
            });
            screen::print(&String::from_utf8_lossy(&crate::report::manifest::pretty(&document)))
        }
        Format::Table => screen::print(&text(summary)),
    }
}

fn grids(summary: &Summary) -> Vec<TextTable> {
    let mut grids = vec![tables::verdicts(summary)];
    grids.extend(tables::guardrails(summary));
    grids.extend(horizon::table(summary));
    grids.extend(tables::readings(summary));
    grids.push(tables::explored(summary));
    grids
}

/// The finding, the tables, and what else must be said.
fn text(summary: &Summary) -> String {
    let mut text = String::new();
    let mut line = |sentence: &str| text.push_str(&wrapped(&printable(sentence), WIDTH, "  "));
    if !summary.frame.title.is_empty() {
        line(&summary.frame.title);
    }
    line(&format!("→ {}.", findings::headline(summary)));
    let turns = summary.compared().filter_map(|(policy, against)| horizon::flips(summary, policy, against));
    turns.for_each(|sentence| line(&sentence));
    text.push('\n');
    for grid in grids(summary) {
        text.push_str(&grid.text());
        text.push('\n');
    }
    let compared = || summary.compared();
    let flips = compared().filter_map(|(policy, against)| findings::flips(summary, policy, against));
    let mut said: Vec<String> = tables::paybacks(summary);
    said.extend(flips);
    said.extend(waste::sentences(summary));
    said.extend(findings::near_zero(summary));
    said.extend(findings::trends(summary));
    said.extend(findings::runs(summary));
    said.push(findings::frame(summary));
    said.iter().for_each(|sentence| text.push_str(&wrapped(&printable(sentence), WIDTH, "  ")));
    text
}
