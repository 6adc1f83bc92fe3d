//! `orgsim run`: one scenario, and where its work gets stuck.

use super::audit::{self, Audited};
use super::compare::{end, warn_of_overruns};
use super::files::{self, Files, Target, USUAL};
use super::{Failure, Format, Run, precise, replications, row, screen};
use crate::experiment::compare::summarise;
use crate::experiment::precision::Question;
use crate::experiment::summary::audit::Audit;
use crate::experiment::summary::{Policy, Summary};
use crate::report::table::{TextTable, printable, wrapped};
use crate::report::{self, dora, findings, manifest, slides, tables};

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
    let (completed, run_info) = precise::simulate(&study, options, precise, Question::Mean(timeline))?;
    let summary = summarise(&study, &completed, run_info);
    files::data(&mut files, &study, &summary, &completed)?;
    if !warn_of_overruns(&summary) {
        return files.finish(&summary.frame, &summary.columns);
    }
    let shown = &summary.policies[timeline];
    let audited =
        match no_audit || wanted.is_some() || options.only_replication.is_some() || summary.frame.stopped {
            true => Audited::Nothing,
            false => audit::audit(&study, options, completed.len())?,
        };
    files.write("summary", "md", page(&summary, shown, audited.done()).as_bytes())?;
    if !options.no_charts {
        let mut slides = slides::single(&summary, shown)?;
        if let Some(audited) = audited.done() {
            slides.extend(report::audit::slide(audited)?);
        }
        files.slides(&slides)?;
    }
    files.finish(&summary.frame, &summary.columns)?;
    show(&summary, shown, audited.done(), options.common.format)?;
    if matches!(audited, Audited::Stopped) {
        screen::say("stopped: the audit was not finished and is left out; everything else is written");
        return Err(Failure::Stopped);
    }
    end(&summary)
}

fn grids(summary: &Summary, policy: &Policy, audit: Option<&Audit>) -> Vec<TextTable> {
    let mut four = dora::four(summary, policy);
    // A scenario without policies has nothing to tell apart.
    if policy.name != "scenario" {
        four.title = format!("{}, under {}", four.title, findings::named(policy));
    }
    let mut grids = vec![
        four,
        tables::flow(summary, policy),
        tables::causes(summary, policy),
        tables::stages(summary, policy),
        tables::teams(summary, policy),
    ];
    grids.extend(audit.into_iter().flat_map(report::audit::tables));
    grids
}

/// What is said beside the tables.
fn sentences(summary: &Summary, policy: &Policy, audit: Option<&Audit>) -> Vec<String> {
    let mut said = vec![tables::bottleneck(summary, policy)];
    said.extend(audit.into_iter().flat_map(report::audit::sentences));
    said.extend(findings::trends(summary));
    said.extend(findings::runs(summary));
    said.extend(findings::widest(summary));
    said.push(findings::frame(summary));
    said
}

fn show(summary: &Summary, policy: &Policy, audit: Option<&Audit>, format: Format) -> Result<(), Failure> {
    let grids = grids(summary, policy, audit);
    match format {
        Format::Table => {
            let tables = grids.iter().map(|grid| grid.text() + "\n");
            let said = sentences(summary, policy, audit);
            let said = said.iter().map(|sentence| wrapped(&printable(sentence), 100, "  "));
            screen::print(&tables.chain(said).collect::<String>())
        }
        Format::Markdown => screen::print(&page(summary, policy, audit)),
        Format::Csv => {
            screen::print(&String::from_utf8_lossy(&crate::report::summaries::summary(summary).bytes))
        }
        Format::Json => {
            let document = serde_json::json!({
                "policy": policy.name,
                "bottleneck": tables::bottleneck(summary, policy),
                "frame": findings::frame(summary),
                "seed": summary.frame.seed,
                "lived": summary.frame.completed,
                "stopped": summary.frame.stopped,
                "tables": grids.iter().map(TextTable::json).collect::<Vec<_>>(),
            });
            screen::print(&String::from_utf8_lossy(&manifest::pretty(&document)))
        }
    }
}

/// The tables and sentences as a page.
fn page(summary: &Summary, policy: &Policy, audit: Option<&Audit>) -> String {
    let (grids, said) = (grids(summary, policy, audit), sentences(summary, policy, audit));
    report::markdown::single(summary, &grids, &said)
}
