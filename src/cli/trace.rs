//! `orgsim trace`: every item and every event of one simulated replication.

use super::files::Files;
use super::losses::{self, Run};
use super::{Common, Failure, Trace, replications, screen};
use crate::experiment::replicate::{Watched, follow};
use crate::model::cause::Cause;
use crate::observation::trace::{EventRow, ItemRow, Trace as Log};
use crate::report::csv::plain;
use crate::report::data::{Cell, Column, Data, Kind, NO_NUMBER, columns, floats};
use crate::report::files::Inputs;
use crate::report::words::count;
use crate::scenario::study::{PolicyTimeline, Study};
use clap::ValueEnum;
use std::collections::HashMap;
use std::path::Path;

pub(super) const TRACES: &str = "\
Examples:
  orgsim trace s.toml                                        items.csv and events.csv
  orgsim trace s.toml --as tracker --out s-tracker.csv       what a tracker would hold of it
  orgsim trace s.toml --as tracker --out s-tracker.json      the same, with every move between columns

A tracker's file has for each item id, kind, team, status, created, started, finished, resolution,
parent and assignee; initiatives are items of the kind Epic. A name that ends in .json has them as
Jira exports issues, with a changelog: each stage is two columns, waiting and in progress. Beside it stand NAME-deployments.csv and
NAME-incidents.csv, where there are any. `orgsim import` reads all three without a question. The
common past is in it: what is open when it ends is what was open then. Working time is laid on
working days of the calendar from 9 o'clock, beginning with --from.";

/// What of a replication is written down.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TraceForm {
    /// Every item and every event, with working hours
    Steps,
    /// Items as a tracker exports them, with dates
    Tracker,
}

/// Writes the logs of one replication.
pub fn trace(options: &Trace, command: Vec<String>) -> Result<(), Failure> {
    let common = &options.common;
    if common.policy.len() > 1 {
        return Err(Failure::Usage("trace follows one policy".to_owned()));
    }
    if options.form == TraceForm::Tracker {
        return super::tracker::tracker(options);
    }
    let study = replications::study(&options.scenario, common)?;
    let (at, timeline) = followed(&study, common);
    let name = format!("{}-trace", study.name);
    let folder = options.scenario.parent().unwrap_or(Path::new("."));
    let inputs = Inputs::of(&[study.files.clone(), study.named_files(folder, &[])].concat());
    let expected = ["items.csv", "events.csv", "manifest.json"];
    let mut files = Files::open(common, &name, (command, &inputs), &expected)?;
    let mut log = Log::default();
    let completed = follow(Watched::FromFork, &study, timeline, options.replication, &mut log);
    if let Err(lost) = &completed {
        screen::warn(&format!("the replication ended early: {}", lost.reason()));
    }
    losses::note_alone(&Run { study: &study, common, number: options.replication, timeline: at }, &completed);
    let measured = (study.fork() + study.warmup).hours();
    let numbers = ItemNumbers::of(&log);
    files.table("items", items(&log.items, measured, &numbers))?;
    files.table("events", events(&log.events, measured, &numbers))?;
    if !common.look.quiet {
        let name = crate::report::table::printable(&timeline.name);
        screen::print(&format!(
            "replication {} under “{name}”: {} ended and {} from the fork to the horizon; times are \
             working hours since the replication began. What happens from {} hours on is measured; rows of the warm-up before it \
             say `false`\n",
            options.replication,
            count(log.items.len(), "item", "items"),
            count(log.events.len(), "event", "events"),
            plain(measured)
        ))?;
    }
    files.close_plain()
}

/// The items of a log, numbered from 0 as they first appear in it: their keys are too large for readers of tables.
struct ItemNumbers(HashMap<u64, usize>);

impl ItemNumbers {
    fn of(log: &Log) -> ItemNumbers {
        let mut numbers = HashMap::new();
        let keys =
            log.events.iter().filter_map(|event| event.item).chain(log.items.iter().map(|item| item.item));
        for key in keys {
            let next = numbers.len();
            numbers.entry(key).or_insert(next);
        }
        ItemNumbers(numbers)
    }

    fn cell(&self, key: u64) -> Cell {
        self.0.get(&key).map_or(Cell::Integer(NO_NUMBER), |number| Cell::from(*number))
    }
}

/// The timeline of the policy that is asked for, or the baseline's, with its place.
pub(super) fn followed<'a>(study: &'a Study, common: &Common) -> (usize, &'a PolicyTimeline) {
    let asked = common.policy.first();
    let mut timelines = study.timelines.iter().enumerate();
    timelines.find(|(_, timeline)| asked == Some(&timeline.name)).unwrap_or((0, study.baseline()))
}

/// Whether what happens then is measured: a window does not hold the instant at which its warm-up ends, but the first
/// instant of all.
fn is_measured(hours: f64, from: f64) -> bool {
    hours > from || from == 0.0
}

fn items(rows: &[ItemRow], measured: f64, numbers: &ItemNumbers) -> Data {
    const HOURS: &str = "working hours";
    let mut head = columns(&[
        ("item", Kind::Integer, "", "The number of the item in this log, from 0, as in events.csv."),
        (
            "key",
            Kind::Text,
            "",
            "What its random numbers are drawn by: the same item has it under every policy.",
        ),
        ("kind", Kind::Text, "", "The kind of work."),
        ("team", Kind::Text, "", "The team that it belongs to."),
        ("born_hours", Kind::Float, HOURS, "When it came, counted from the beginning of the replication."),
        ("pulled_hours", Kind::Float, HOURS, "When it was first begun."),
        ("ended_hours", Kind::Float, HOURS, "When it ended."),
        ("end", Kind::Text, "", "How it ended."),
        ("size_hours", Kind::Float, HOURS, "Its size."),
    ]);
    head.extend(Cause::ALL.iter().map(|cause| Column {
        name: format!("{}_hours", cause.label()).into(),
        kind: Kind::Float,
        unit: HOURS.into(),
        definition: format!("Of the time from its coming to its end: {}.", cause.text()).into(),
    }));
    head.extend(columns(&[("measured", Kind::Boolean, "", "Whether it ended after the warm-up.")]));
    let row = |row: &ItemRow| {
        let mut cells: Vec<Cell> = vec![
            numbers.cell(row.item),
            format!("{:016x}", row.item).as_str().into(),
            row.kind.as_str().into(),
            row.team.as_str().into(),
        ];
        cells.extend(floats([row.born, row.pulled.unwrap_or(f64::NAN), row.ended]));
        cells.extend([Cell::from(row.end.as_str()), row.size_hours.into()]);
        cells.extend(floats(row.causes.iter().copied()));
        cells.push(is_measured(row.ended, measured).into());
        cells
    };
    Data::of(head, rows.iter().map(row))
}

fn events(rows: &[EventRow], measured: f64, numbers: &ItemNumbers) -> Data {
    let head = columns(&[
        (
            "hours",
            Kind::Float,
            "working hours",
            "When it happened, counted from the beginning of the replication.",
        ),
        ("moment", Kind::Text, "", "What happened."),
        (
            "item",
            Kind::Integer,
            "",
            "The number of the item that it happened to, as in items.csv; -1 where it is of none.",
        ),
        ("kind", Kind::Text, "", "The kind of work."),
        ("stage", Kind::Text, "", "The stage."),
        ("person", Kind::Integer, "", "The number of the person; -1 where it is of none."),
        ("measured", Kind::Boolean, "", "Whether it happened after the warm-up."),
    ]);
    let row = |row: &EventRow| {
        let text = |text: &Option<String>| Cell::from(text.as_deref().unwrap_or_default());
        vec![
            row.hours.into(),
            row.event.into(),
            row.item.map_or(Cell::Integer(NO_NUMBER), |key| numbers.cell(key)),
            text(&row.kind),
            text(&row.stage),
            row.person.map_or(Cell::Integer(NO_NUMBER), |person| Cell::from(u64::from(person))),
            is_measured(row.hours, measured).into(),
        ]
    };
    Data::of(head, rows.iter().map(row))
}
