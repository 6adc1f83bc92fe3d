//! `orgsim trace`: every item and every event of one simulated replication.

use super::files::{self, Files, Target};
use super::losses::{self, Run};
use super::{Failure, Trace, replications, screen};
use crate::experiment::replicate::follow;
use crate::model::cause::Cause;
use crate::observation::trace::{EventRow, ItemRow, Trace as Log};
use crate::report::csv::{Sheet, plain, safe};

/// Writes the logs of one replication.
pub fn trace(options: &Trace) -> Result<(), Failure> {
    let common = &options.common;
    if common.policy.len() > 1 {
        return Err(Failure::Usage("trace follows one policy".to_owned()));
    }
    let study = replications::study(&options.scenario, common)?;
    let timeline = match common.policy.first() {
        Some(name) => study.timelines.iter().find(|timeline| timeline.name == *name),
        None => None,
    };
    let timeline = timeline.unwrap_or(study.baseline());
    let name = format!("{}-trace", study.name);
    let place = Target::of(common, &name, command(options));
    let mut files = Files::open(place, &["items.csv", "events.csv", "manifest.json"])?;
    let mut log = Log::default();
    let at = study.timelines.iter().position(|one| one.name == timeline.name).unwrap_or(0);
    let completed = follow(&study, timeline, options.replication, &mut log);
    if let Err(lost) = &completed {
        screen::warn(&format!("the replication ended early: {}", lost.reason()));
    }
    losses::note_alone(&Run { study: &study, common, number: options.replication, timeline: at }, &completed);
    let measured = (study.past + study.warmup).hours();
    files.write("items", "csv", &items(&log.items, measured))?;
    files.write("events", "csv", &events(&log.events, measured))?;
    if !common.quiet {
        let (items, events) = (log.items.len(), log.events.len());
        let name = crate::report::table::printable(&timeline.name);
        screen::print(&format!(
            "replication {} under “{name}”: {items} items ended and {events} events from the fork to the horizon; times are \
             working hours since the replication began. What happens from {} hours on is measured; rows of the warm-up before it \
             say `no`\n",
            options.replication,
            plain(measured)
        ))?;
    }
    files.finish_plain()
}

fn command(options: &Trace) -> Vec<String> {
    let mut words = files::begun("trace", &options.scenario);
    words.extend(["--replication".to_owned(), options.replication.to_string()]);
    words.extend(super::robust::common(&options.common));
    words
}

/// Whether what happens then is measured, as a cell: a window does not hold the instant at which its warm-up ends, but
/// the first instant of all.
fn is_measured(hours: f64, from: f64) -> String {
    if hours > from || from == 0.0 { "yes" } else { "no" }.to_owned()
}

fn items(rows: &[ItemRow], measured: f64) -> Vec<u8> {
    let fixed = ["item", "kind", "team", "born_hours", "pulled_hours", "ended_hours", "end", "size_hours"];
    let causes = Cause::ALL.iter().map(|cause| format!("{}_hours", cause.label()));
    let head = fixed.map(str::to_owned).into_iter().chain(causes).chain(["measured".to_owned()]);
    let mut sheet = Sheet::new(head);
    for row in rows {
        let mut cells = vec![row.item.to_string(), safe(&row.kind), safe(&row.team), plain(row.born)];
        cells.push(row.pulled.map_or_else(String::new, plain));
        cells.extend([plain(row.ended), row.end.clone(), plain(row.size_hours)]);
        cells.extend(row.causes.iter().copied().map(plain));
        cells.push(is_measured(row.ended, measured));
        sheet.row(cells);
    }
    sheet.bytes()
}

fn events(rows: &[EventRow], measured: f64) -> Vec<u8> {
    let mut sheet = Sheet::new(["hours", "moment", "item", "kind", "stage", "person", "measured"]);
    for row in rows {
        let text = |text: &Option<String>| text.as_deref().map_or_else(String::new, safe);
        sheet.row([
            plain(row.hours),
            row.event.to_owned(),
            row.item.map_or_else(String::new, |item| item.to_string()),
            text(&row.kind),
            text(&row.stage),
            row.person.map_or_else(String::new, |person| person.to_string()),
            is_measured(row.hours, measured),
        ]);
    }
    sheet.bytes()
}
