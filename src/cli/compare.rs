//! `orgsim compare`: which policy is better, by how much, how sure.

use super::files::{self, Files, Target, USUAL};
use super::precise::{self, Precise};
use super::{Experiment, Failure, Format, lives, losses, screen};
use crate::experiment::compare::summarise;
use crate::experiment::precision::Question;
use crate::experiment::summary::Summary;
use crate::report::table::{Grid, printable, wrapped};
use crate::report::{findings, markdown, slides, tables};

/// Columns of the terminal that text is wrapped into.
const WIDTH: usize = 100;

/// Compares the policies of a scenario.
pub fn compare(options: &Experiment, precise: &Precise) -> Result<(), Failure> {
    let study = lives::study(&options.scenario, &options.common)?;
    if study.courses.len() < 2 {
        let help = "write [policy.NAME] and its changes, or try `orgsim run`";
        return Err(Failure::Usage(format!("there is no policy to compare with the baseline: {help}")));
    }
    let place = Target::of(&options.common, &study.name, files::precise("compare", options, precise));
    let mut files = Files::open(place, &USUAL)?;
    let (lived, extent) = precise::live(&study, options, precise, Question::Differences)?;
    let summary = summarise(&study, &lived, extent);
    files::data(&mut files, &study, &summary, &lived)?;
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
    let (lived, asked) = (summary.frame.lived, summary.frame.asked);
    screen::say(&format!("stopped: {lived} of {asked} replications were finished, and are written"));
    Err(Failure::Stopped)
}

/// Warns of lives that drowned in work; false when nothing at all is left to report on.
pub fn warn_of_overruns(summary: &Summary) -> bool {
    for policy in summary.policies.iter().filter(|policy| policy.overran > 0) {
        let all = policy.overran + policy.lived + policy.failed;
        screen::warn(&format!(
            "under {}, {} of {all} simulated lives drowned in work (status “overrun” in replications.csv)",
            findings::named(policy),
            policy.overran
        ));
    }
    losses::told();
    summary.policies.iter().any(|policy| policy.lived > 0)
}

fn show(summary: &Summary, format: Format) -> Result<(), Failure> {
    match format {
        Format::Markdown => screen::print(&markdown::page(summary)),
        Format::Csv => screen::print(&String::from_utf8_lossy(&crate::report::csv::summary(summary))),
        Format::Json => {
            let grids: Vec<_> = grids(summary).iter().map(Grid::json).collect();
            let document = serde_json::json!({
                "finding": findings::headline(summary),
                "frame": findings::frame(summary),
                "seed": summary.frame.seed,
                "lived": summary.frame.lived,
                "stopped": summary.frame.stopped,
                "tables": grids,
            });
            screen::print(&String::from_utf8_lossy(&crate::report::manifest::pretty(&document)))
        }
        Format::Table => screen::print(&text(summary)),
    }
}

fn grids(summary: &Summary) -> Vec<Grid> {
    let mut grids = vec![tables::verdicts(summary)];
    grids.extend(tables::guardrails(summary));
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
    text.push('\n');
    for grid in grids(summary) {
        text.push_str(&grid.text());
        text.push('\n');
    }
    let compared = || summary.compared();
    let flips = compared().filter_map(|(policy, against)| findings::flips(summary, policy, against));
    let mut said: Vec<String> = tables::paybacks(summary);
    said.extend(flips);
    said.extend(findings::near_zero(summary));
    said.extend(findings::trends(summary));
    said.extend(findings::lives(summary));
    said.push(findings::frame(summary));
    said.iter().for_each(|sentence| text.push_str(&wrapped(&printable(sentence), WIDTH, "  ")));
    text
}
