//! `orgsim trace --as tracker`: one replication as a team's tool would export it.

use super::files;
use super::losses::{self, Run};
use super::{Failure, Trace, replications, screen};
use crate::experiment::replicate::{Watched, follow};
use crate::history::workdays::{Layout, WorkDays, written};
use crate::observation::tracker::{End, TO_DO, Tracked, TrackedItem, Tracker, columns};
use crate::report::csv::Sheet;
use crate::report::files::{OutputFolder, slug};
use crate::report::table::printable;
use crate::report::words::{self, count};
use jiff::civil::Date;
use serde_json::{Value as Json, json};
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
    let folder = words::command(&[files[0].trim_end_matches(".csv").trim_end_matches(".json")]);
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
    let cards = cards(layout, tracked);
    let (items, ending) = match place.has_moves {
        true => (issues(&cards), "json"),
        false => (items(&cards), "csv"),
    };
    let sheets = [
        (place.name.clone(), Some(items), ending),
        (format!("{}-deployments", place.name), deployments(layout, tracked), "csv"),
        (format!("{}-incidents", place.name), incidents(layout, tracked), "csv"),
    ];
    for (name, bytes, ending) in sheets {
        let Some(bytes) = bytes else { continue };
        out.write(&name, ending, &bytes)?;
        written.push(printable(&place.folder.join(format!("{name}.{ending}")).display().to_string()));
    }
    Ok(written)
}

/// The folder and the name without its ending.
struct Place {
    folder: PathBuf,
    name: String,
    /// Whether items are written with how they moved from column to column, as JSON.
    has_moves: bool,
}

impl Place {
    /// A file that ends in `.csv` or `.json`, or a folder for it.
    fn of(out: Option<&Path>, study: &str) -> Result<Place, Failure> {
        let usual = Path::new("output").join(format!("{}.csv", slug(&format!("{study}-tracker"))));
        let out = out.unwrap_or(&usual);
        let folder =
            || out.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")).to_owned();
        let has_moves = out.extension().is_some_and(|ending| ending == "json");
        if !has_moves && out.extension().is_none_or(|ending| ending != "csv") {
            return Ok(Place { folder: out.to_owned(), name: "tracker".to_owned(), has_moves });
        }
        let name = out.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if slug(&name) != name {
            return Err(Failure::Usage(format!(
                "--out: name the file {}.{}, with small letters, digits and dashes only",
                slug(&name),
                if has_moves { "json" } else { "csv" }
            )));
        }
        Ok(Place { folder: folder(), name, has_moves })
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

/// A row of a tracker's file, with dates as it writes them; empty where there is none.
#[derive(Clone, Debug, Default)]
struct Card {
    key: String,
    kind: String,
    team: String,
    status: String,
    created: String,
    started: String,
    finished: String,
    resolution: &'static str,
    parent: String,
    assignee: String,
    /// When it came from which column into which; nothing of initiatives.
    moves: Vec<(String, String, String)>,
}

/// What is known of initiatives and items, which are all alike in a tracker.
fn cards(layout: &Layout, tracked: &Tracked) -> Vec<Card> {
    let state = |is_done: bool, is_dropped: bool, is_started: bool| match (is_done, is_dropped, is_started) {
        (true, ..) => [End::Done.column(), "Done"],
        (_, true, _) => [End::Dropped.column(), "Won't Do"],
        (.., true) => ["In Progress", ""],
        _ => [TO_DO, ""],
    };
    let when = |hours: Option<f64>| hours.map_or_else(String::new, |hours| layout.written(hours));
    let epic = |(number, epic): (u32, Epic)| {
        let over = epic.ended.filter(|_| !epic.is_open);
        let is_done = over.is_some() && epic.is_delivered;
        let [status, resolution] = state(is_done, over.is_some(), epic.started.is_some());
        Card {
            key: format!("EPIC-{}", number + 1),
            kind: "Epic".to_owned(),
            team: epic.team,
            status: status.to_owned(),
            created: layout.written(epic.created),
            started: when(epic.started),
            finished: when(over),
            resolution,
            ..Card::default()
        }
    };
    let item = |(number, item): (usize, &TrackedItem)| {
        let end = item.ended.map(|(_, end)| end);
        let [status, resolution] =
            state(end == Some(End::Done), end == Some(End::Dropped), item.started.is_some());
        Card {
            key: format!("ITEM-{number}"),
            kind: item.kind.clone(),
            team: item.team.clone(),
            status: status.to_owned(),
            created: layout.written(item.created),
            started: when(item.started),
            finished: when(item.ended.map(|(at, _)| at)),
            resolution,
            parent: item.parent.map_or_else(String::new, |parent| format!("EPIC-{}", parent + 1)),
            assignee: item.person.map_or_else(String::new, |person| format!("engineer {}", person + 1)),
            moves: moves(layout, tracked, item),
        }
    };
    epics(&tracked.items).into_iter().map(epic).chain((1..).zip(&tracked.items).map(item)).collect()
}

/// How an item moved from column to column, to the last one if it is over.
fn moves(layout: &Layout, tracked: &Tracked, item: &TrackedItem) -> Vec<(String, String, String)> {
    let column = |stage: usize, is_waiting: bool| {
        let [waiting, working] = columns(&tracked.stages[stage]);
        if is_waiting { waiting } else { working }
    };
    let stood = item.moves.iter().map(|one| (one.at, column(one.stage, one.is_waiting)));
    let end = item.ended.map(|(at, end)| (at, end.column().to_owned()));
    let mut from = TO_DO.to_owned();
    let each = stood.chain(end).map(|(at, to)| {
        let before = std::mem::replace(&mut from, to.clone());
        (layout.written(at), before, to)
    });
    each.collect()
}

/// A row for each item, with its dates.
fn items(cards: &[Card]) -> Vec<u8> {
    let heads = [
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
    ];
    let mut sheet = Sheet::new(heads);
    for card in cards.iter().cloned() {
        sheet.row([
            card.key,
            card.kind,
            card.team,
            card.status,
            card.created,
            card.started,
            card.finished,
            card.resolution.to_owned(),
            card.parent,
            card.assignee,
        ]);
    }
    sheet.bytes()
}

/// Issues with their changelog, as Jira exports them.
fn issues(cards: &[Card]) -> Vec<u8> {
    let named = |name: &str| if name.is_empty() { Json::Null } else { json!({ "name": name }) };
    let date = |date: &str| if date.is_empty() { Json::Null } else { json!(date) };
    let issue = |card: &Card| {
        let history = |(at, from, to): &(String, String, String)| json!({ "created": at, "items": [{ "field": "status", "fromString": from, "toString": to }] });
        let histories: Vec<Json> = card.moves.iter().map(history).collect();
        let status = card.moves.last().map_or(&card.status, |(_, _, to)| to);
        json!({
            "key": card.key,
            "fields": {
                "issuetype": named(&card.kind),
                "project": { "key": card.team },
                "status": named(status),
                "created": card.created,
                "resolution": named(card.resolution),
                "resolutiondate": date(&card.finished),
                "parent": if card.parent.is_empty() { Json::Null } else { json!({ "key": card.parent }) },
                "assignee": named(&card.assignee),
            },
            "changelog": { "total": histories.len(), "histories": histories },
        })
    };
    let issues: Vec<Json> = cards.iter().map(issue).collect();
    let mut bytes =
        serde_json::to_vec_pretty(&json!({ "issues": issues })).expect("JSON of texts and numbers");
    bytes.push(b'\n');
    bytes
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
