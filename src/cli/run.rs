//! `orgsim run`: one scenario, and where its work gets stuck.

use super::compare::{end, warn_of_overruns};
use super::files::{self, Files};
use super::{Experiment, Failure, Format, Run, lives, row, screen};
use crate::experiment::compare::{Extent, summarise};
use crate::experiment::summary::{Policy, Summary};
use crate::report::table::{Grid, printable, wrapped};
use crate::report::{dora, findings, manifest, slides, tables};

/// Simulates a scenario, or one row of a sweep again.
pub fn run(options: &Run) -> Result<(), Failure> {
    match &options.row {
        Some(place) => row::again(place, &options.experiment.common),
        None => scenario(&options.experiment),
    }
}

/// Simulates a scenario under its baseline, or under the one policy asked for.
fn scenario(options: &Experiment) -> Result<(), Failure> {
    let wanted = match options.common.policy.as_slice() {
        [] => None,
        [one] => Some(one),
        _ => return Err(Failure::Usage("run shows one policy; use compare for several".to_owned())),
    };
    let mut study = lives::study(&options.scenario, &options.common)?;
    if wanted.is_none() {
        study.courses.truncate(1);
    }
    let numbers = lives::numbers(&study, options);
    let (lived, complete) = lives::live(&study, &numbers, &options.common, |lived| lived)?;
    let summary = summarise(&study, &lived, Extent { asked: numbers.len(), stopped: !complete });
    let mut files = Files::open(options.common.out.as_deref(), &study.name, options.common.quiet)?;
    files::data(&mut files, &study, &summary, &lived)?;
    warn_of_overruns(&study, &summary)?;
    let shown = summary.policies.iter().find(|policy| Some(&policy.name) == wanted);
    let shown = shown.unwrap_or(summary.baseline());
    files.write("summary", "md", page(&summary, shown).as_bytes())?;
    if !options.no_charts {
        files.slides(&slides::single(&summary, shown)?)?;
    }
    files.finish(&summary.frame, &summary.columns, &files::command("run", options))?;
    show(&summary, shown, options.common.format)?;
    end(complete, &summary)
}

fn grids(summary: &Summary, policy: &Policy) -> Vec<Grid> {
    vec![
        dora::four(summary, policy),
        tables::flow(summary, policy),
        tables::causes(summary, policy),
        tables::stages(summary, policy),
        tables::teams(summary, policy),
    ]
}

/// What is said beside the tables.
fn sentences(summary: &Summary, policy: &Policy) -> Vec<String> {
    let mut said = vec![tables::bottleneck(summary, policy)];
    said.extend(findings::trends(summary));
    said.extend(findings::lives(summary));
    said.extend(findings::widest(summary));
    said.push(findings::frame(summary));
    said
}

fn show(summary: &Summary, policy: &Policy, format: Format) -> Result<(), Failure> {
    let grids = grids(summary, policy);
    match format {
        Format::Table => {
            let tables = grids.iter().map(|grid| grid.text() + "\n");
            let said = sentences(summary, policy);
            let said = said.iter().map(|sentence| wrapped(&printable(sentence), 100, "  "));
            screen::print(&tables.chain(said).collect::<String>())
        }
        Format::Markdown => screen::print(&page(summary, policy)),
        Format::Csv => screen::print(&String::from_utf8_lossy(&crate::report::csv::summary(summary))),
        Format::Json => {
            let document = serde_json::json!({
                "policy": policy.name,
                "bottleneck": tables::bottleneck(summary, policy),
                "frame": findings::frame(summary),
                "seed": summary.frame.seed,
                "lived": summary.frame.lived,
                "stopped": summary.frame.stopped,
                "tables": grids.iter().map(Grid::json).collect::<Vec<_>>(),
            });
            screen::print(&String::from_utf8_lossy(&manifest::pretty(&document)))
        }
    }
}

/// The tables and sentences as a page.
fn page(summary: &Summary, policy: &Policy) -> String {
    crate::report::markdown::single(summary, &grids(summary, policy), &sentences(summary, policy))
}
