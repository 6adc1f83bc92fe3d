//! `orgsim trace --as tracker`: one replication as a team's tool would export it.

use super::files;
use super::losses::{self, Run};
use super::{Failure, Trace, replications, screen};
use crate::experiment::replicate::{Watched, follow};
use crate::history::workdays::{Layout, WorkDays, written};
use crate::observation::tracker::{End, Tracked, TrackedItem, Tracker};
use crate::report::csv::Sheet;
use crate::report::files::{OutputFolder, slug};
use crate::report::table::printable;
use crate::report::words::{self, count};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Writes what a tracker would hold of a replication at its end.
pub fn tracker(options: &Trace) -> Result<(), Failure> {
    let common = &options.common;
    let study = replications::study(&options.scenario, common)?;
    let clock = study.scenario.clock;
    let days = WorkDays::of(clock.days_per_week, &[]).ok_or_else(|| {
        Failure::Usage(format!(
            "[clock] days_per_week is {}: a tracker's dates need a whole number of days from 1 to 7",
            clock.days_per_week
        ))
    })?;
    let from: Date = options.from.parse().map_err(|_| {
        Failure::Usage(format!("--from {}: write a date such as 2023-01-02", printable(&options.from)))
    })?;
    let place = Place::of(common.output.out.as_deref(), &study.name)?;
    let (at, timeline) = super::trace::followed(&study, common);
    let mut log = Tracker::default();
    let completed = follow(Watched::All, &study, timeline, options.replication, &mut log);
    losses::note_alone(&Run { study: &study, common, number: options.replication, timeline: at }, &completed);
    if let Err(lost) = &completed {
        return Err(Failure::Failed(format!(
            "the replication ended early, and no tracker’s file was written: {}",
            lost.reason()
        )));
    }
    let first = days.before(from);
    let whole = (study.fork() + study.horizon_of(timeline)).hours() / clock.hours_per_day;
    let as_of = days.date(first + (whole.ceil() as i64 - 1).max(0));
    let layout = Layout { days, hours_per_day: clock.hours_per_day, first };
    let tracked = log.tracked();
    let files = save(&place, &layout, &tracked)?;
    if common.look.quiet {
        return Ok(());
    }
    let folder = words::command(&[files[0].trim_end_matches(".csv")]);
    screen::print(&format!(
        "{} holds {} of replication {}, as a tracker would on {as_of}. Next:\n  orgsim import {} --as-of {as_of} \
         --out {folder}\n",
        printable(&files[0]),
        count(tracked.items.len(), "item", "items"),
        options.replication,
        words::command(&files),
    ))
}

/// Writes items, and deployments and incidents where there are any; what the files are called.
fn save(place: &Place, layout: &Layout, tracked: &Tracked) -> Result<Vec<String>, Failure> {
    let hold = ["orgsim".to_owned(), "trace".to_owned()];
    let _hold = files::hold(&place.folder, &hold)?;
    let out = OutputFolder::create(&place.folder)?;
    let mut written = Vec::new();
    let sheets = [
        (place.name.clone(), Some(items(layout, &tracked.items))),
        (format!("{}-deployments", place.name), deployments(layout, tracked)),
        (format!("{}-incidents", place.name), incidents(layout, tracked)),
    ];
    for (name, bytes) in sheets {
        let Some(bytes) = bytes else { continue };
        out.write(&name, "csv", &bytes)?;
        written.push(printable(&place.folder.join(format!("{name}.csv")).display().to_string()));
    }
    Ok(written)
}

/// The folder and the name without its ending.
struct Place {
    folder: PathBuf,
    name: String,
}

impl Place {
    /// A file that ends in `.csv`, or a folder for it.
    fn of(out: Option<&Path>, study: &str) -> Result<Place, Failure> {
        let usual = Path::new("output").join(format!("{}.csv", slug(&format!("{study}-tracker"))));
        let out = out.unwrap_or(&usual);
        let folder =
            || out.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")).to_owned();
        if out.extension().is_none_or(|ending| ending != "csv") {
            return Ok(Place { folder: out.to_owned(), name: "tracker".to_owned() });
        }
        let name = out.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if slug(&name) != name {
            return Err(Failure::Usage(format!(
                "--out: name the file {}.csv, with small letters, digits and dashes only",
                slug(&name)
            )));
        }
        Ok(Place { folder: folder(), name })
    }
}

/// What is known of an initiative, which a tracker has as an item beside its own.
#[derive(Clone, Debug)]
struct Epic {
    team: String,
    created: f64,
    started: Option<f64>,
    /// When the last of its items ended; nothing while one is open.
    ended: Option<f64>,
    is_open: bool,
    is_delivered: bool,
}

fn deployments(layout: &Layout, tracked: &Tracked) -> Option<Vec<u8>> {
    let mut sheet = Sheet::new(["deployed_at", "succeeded"]);
    tracked.deployments.iter().for_each(|at| sheet.row([layout.written(*at), "true".to_owned()]));
    (!tracked.deployments.is_empty()).then(|| sheet.bytes())
}

/// Incidents go on day and night, for as many hours as they take.
fn incidents(layout: &Layout, tracked: &Tracked) -> Option<Vec<u8>> {
    let mut sheet = Sheet::new(["started", "ended", "deployment_at"]);
    let said = |text: Option<String>| text.unwrap_or_default();
    for one in &tracked.incidents {
        let ended = one.recovered.map(|end| written(layout.second_after(one.opened, end - one.opened)));
        let deployed = one.deployed.map(|at| layout.written(at));
        sheet.row([layout.written(one.opened), said(ended), said(deployed)]);
    }
    (!tracked.incidents.is_empty()).then(|| sheet.bytes())
}

fn items(layout: &Layout, items: &[TrackedItem]) -> Vec<u8> {
    let mut sheet = Sheet::new([
        "id",
        "kind",
        "team",
        "status",
        "created",
        "started",
        "finished",
        "resolution",
        "parent",
        "assignee",
    ]);
    let status = |is_done: bool, is_dropped: bool, is_started: bool| match (is_done, is_dropped, is_started) {
        (true, ..) => ["Done", "Done"],
        (_, true, _) => ["Cancelled", "Won't Do"],
        (.., true) => ["In Progress", ""],
        _ => ["To Do", ""],
    };
    let when = |hours: Option<f64>| hours.map_or_else(String::new, |hours| layout.written(hours));
    for (number, epic) in epics(items) {
        let over = epic.ended.filter(|_| !epic.is_open);
        let [status, resolution] =
            status(over.is_some() && epic.is_delivered, over.is_some(), epic.started.is_some());
        sheet.row([
            format!("EPIC-{}", number + 1),
            "Epic".to_owned(),
            epic.team,
            status.to_owned(),
            layout.written(epic.created),
            when(epic.started),
            when(over),
            resolution.to_owned(),
            String::new(),
            String::new(),
        ]);
    }
    for (number, item) in (1..).zip(items) {
        let end = item.ended.map(|(_, end)| end);
        let [status, resolution] =
            status(end == Some(End::Done), end == Some(End::Dropped), item.started.is_some());
        sheet.row([
            format!("ITEM-{number}"),
            item.kind.clone(),
            item.team.clone(),
            status.to_owned(),
            layout.written(item.created),
            when(item.started),
            when(item.ended.map(|(at, _)| at)),
            resolution.to_owned(),
            item.parent.map_or_else(String::new, |parent| format!("EPIC-{}", parent + 1)),
            item.person.map_or_else(String::new, |person| format!("engineer {}", person + 1)),
        ]);
    }
    sheet.bytes()
}

/// Initiatives, made up from their items.
fn epics(items: &[TrackedItem]) -> BTreeMap<u32, Epic> {
    let mut epics: BTreeMap<u32, Epic> = BTreeMap::new();
    for item in items {
        let Some(parent) = item.parent else { continue };
        let epic = epics.entry(parent).or_insert_with(|| Epic {
            team: item.team.clone(),
            created: item.created,
            started: None,
            ended: None,
            is_open: false,
            is_delivered: false,
        });
        epic.started = [epic.started, item.started].into_iter().flatten().reduce(f64::min);
        epic.ended = [epic.ended, item.ended.map(|(at, _)| at)].into_iter().flatten().reduce(f64::max);
        epic.is_open |= item.ended.is_none();
        epic.is_delivered |= matches!(item.ended, Some((_, End::Done)));
    }
    epics
}
