//! What is odd about an export: each check with its count, and what was done about it.

use crate::history::{Item, Outcome};
use crate::interpret::Imported;
use crate::settings::DEFAULT_ZONE;
use crate::when::number_of;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fmt::Write;

/// One check.
#[derive(Clone, Debug)]
pub struct Check {
    pub what: String,
    pub count: usize,
    /// Of how many; 0 where that is no question.
    pub of: usize,
    /// What it means and what was done.
    pub done: String,
    /// Whether a person should look at it.
    pub is_grave: bool,
}

/// More closings than this in one minute are no work of people.
const BULK_MINUTE: usize = 10;

/// The least share of what ended on one day, and the least number, that look like a clean-up.
const BULK_DAY: (f64, usize) = (0.1, 20);

/// What a simulated fit or a forecast needs at least.
pub const LEAST_ITEMS: usize = 60;
pub const LEAST_WEEKS: usize = 26;

/// All checks that found something, the gravest first.
pub fn checks(imported: &Imported) -> Vec<Check> {
    let mut found = Vec::new();
    of_files(imported, &mut found);
    of_names(imported, &mut found);
    of_dates(imported, &mut found);
    of_content(imported, &mut found);
    of_sample(imported, &mut found);
    found.retain(|check| check.count > 0);
    found.sort_by_key(|check| !check.is_grave);
    found
}

fn add(found: &mut Vec<Check>, is_grave: bool, what: &str, count: usize, of: usize, done: &str) {
    found.push(Check { what: what.to_owned(), count, of, done: done.to_owned(), is_grave });
}

fn of_files(imported: &Imported, found: &mut Vec<Check>) {
    let tally = &imported.tally;
    add(found, false, "files that are copies of another", tally.copies.len(), 0, "read once");
    for batch in &imported.batches {
        let (counts, file) = (&batch.counts, &batch.file);
        let rows = counts.rows;
        let mut of_file = |is_grave, what: &str, count, done: &str| {
            add(found, is_grave, &format!("{file}: {what}"), count, rows, done);
        };
        of_file(false, "rows longer than the head", counts.long_rows, "what goes beyond was not read");
        of_file(false, "rows shorter than the head", counts.short_rows, "what is missing counts as empty");
        of_file(false, "rows without any date", counts.empty_rows, "left out");
        of_file(
            false,
            "names that stand above several columns",
            counts.repeated_columns,
            "the first of each was read",
        );
        of_file(true, "dates that cannot be read", counts.unreadable, &counts.unreadable_first.join("; "));
        of_file(
            true,
            "items whose history is cut off",
            counts.cut_histories,
            "the export has only their newest changes: their start may lie earlier than it seems. Export the whole changelog",
        );
        for (why, count) in &counts.left_out {
            of_file(false, why, *count, "left out");
        }
        of_file(false, "not UTF-8", usize::from(counts.is_recoded), "read as what it seems to be");
        if let Some(cut) = &counts.cut_list {
            of_file(true, "the list may be cut off", 1, cut);
        }
    }
    add(found, false, "items that occur more than once", tally.repeated_keys, 0, "the first was read");
    add(
        found,
        false,
        "items of kinds that you leave out",
        tally.left_out_kinds,
        0,
        "left out, as import.toml says",
    );
}

fn of_names(imported: &Imported, found: &mut Vec<Check>) {
    let items = imported.history.items.len();
    let listed = |names: &crate::meaning::Names| {
        let named: Vec<String> = names
            .unknown()
            .take(12)
            .map(|(name, known)| format!("“{name}” ({} items)", known.items))
            .collect();
        (
            names.unknown().map(|(_, known)| known.items).sum::<usize>(),
            names.unknown().count(),
            named.join(", "),
        )
    };
    let (count, kinds, named) = listed(&imported.statuses);
    let said = format!("say what they mean below [statuses] in import.toml: {named}");
    add(found, true, "items in a status whose meaning is unknown", count.max(kinds), items, &said);
    let (count, _, named) = listed(&imported.resolutions);
    let said =
        format!("their status decided; say what they mean below [resolutions] in import.toml: {named}");
    add(found, true, "items with a resolution whose meaning is unknown", count, items, &said);
}

fn of_dates(imported: &Imported, found: &mut Vec<Check>) {
    let sum = |of: fn(&crate::raw::OrderEvidence) -> usize| {
        imported.batches.iter().map(|batch| of(&batch.order)).sum()
    };
    let (dates, open): (usize, usize) = (sum(|order| order.dates), sum(|order| order.open));
    let (without_offset, with_hour): (usize, usize) =
        (sum(|order| order.without_offset), sum(|order| order.with_hour));
    add(
        found,
        false,
        "dates in which either number could be the day",
        open,
        dates,
        "read in the order that the file's other dates prove, or that you said",
    );
    add(found, false, "dates without an hour", dates - with_hour, dates, "such times are right to the day");
    let is_said = imported.page.settings.zone.as_deref().is_some_and(|zone| zone != DEFAULT_ZONE);
    add(
        found,
        false,
        "times without a zone",
        if is_said { 0 } else { without_offset },
        dates,
        "read as UTC: days may be off by one. Say --zone Europe/Berlin, or whichever clock the export shows",
    );
    of_ends(imported, dates, found);
}

fn of_ends(imported: &Imported, dates: usize, found: &mut Vec<Check>) {
    let (tally, items) = (&imported.tally, imported.history.items.len());
    add(found, true, "dates in the future", tally.in_the_future, dates, "not used");
    let said = "left out: they were not there on that day";
    add(found, false, "items created after the last day of the export", tally.created_later, items, said);
    let said = "open on that day, and counted so";
    add(found, false, "items that ended after the last day of the export", tally.ended_later, items, said);
    let done = imported.history.items.iter().filter(|item| item.outcome == Outcome::Done).count();
    add(
        found,
        true,
        "items that are done, and nobody says when",
        tally.done_without_date,
        done,
        "counted as done, in no rate and no time. Export the column Resolved, or Status Category Changed",
    );
    add(
        found,
        true,
        "items that ended before they were created",
        tally.finished_before_created,
        items,
        "the creation is not used",
    );
    add(
        found,
        false,
        "items that began before they were created",
        tally.started_before_created,
        items,
        "taken as they are",
    );
    add(
        found,
        false,
        "items that ended before they began",
        tally.started_after_finished,
        items,
        "the start is not used",
    );
    add(
        found,
        false,
        "durations below zero",
        tally.negative_days,
        items,
        "read as ended on the day of creation",
    );
    add(
        found,
        false,
        "items without a date of creation",
        tally.without_created,
        items,
        "in no lead time, and in no arrivals",
    );
}

fn of_content(imported: &Imported, found: &mut Vec<Check>) {
    let (tally, history) = (&imported.tally, &imported.history);
    let items = history.items.len();
    let done = history.items.iter().filter(|item| item.outcome == Outcome::Done).count();
    add(
        found,
        false,
        "items that ended without being delivered",
        tally.dropped,
        items,
        "no throughput; they leave the work in progress",
    );
    add(
        found,
        done == tally.never_started && done > 0,
        "items that are done, and nobody says when they began",
        tally.never_started,
        done,
        "they have a lead time and no cycle time",
    );
    add(
        found,
        false,
        "items that were open again after they had been done",
        tally.reopened,
        items,
        "done counts from the first time if they are done now; what is open now is open",
    );
    add(
        found,
        false,
        "items that went back to an earlier status",
        tally.backwards,
        items,
        "kept: begun is begun",
    );
    add(
        found,
        false,
        "items that ended in the minute of their creation",
        tally.instant,
        items,
        "kept; they may be notes, or come from a move between tools",
    );
    add(found, false, "incidents that lasted no time", tally.zero_incidents, 0, "left out");
    add(
        found,
        false,
        "items that have others below them",
        history.wholes().len(),
        items,
        "kept, and no items to measure, forecast and fit: what is below them is the work",
    );
    let bots = history.items.iter().filter(|item| item.kind == "bot").count();
    let said = "counted. If they are no work of people, put \"bot\" into leave_out_kinds in import.toml";
    add(found, false, "items that a program opened", bots, items, said);
    bulk(&history.items, &history.zone, found);
}

/// Many ends in one minute, and on one day; many creations in one minute.
fn bulk(items: &[Item], zone: &TimeZone, found: &mut Vec<Check>) {
    let minutes = |of: &dyn Fn(&Item) -> Option<crate::when::When>| {
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        for when in items.iter().filter_map(of).filter(|when| when.has_hour()) {
            *counts.entry((when.days(zone) * 1440.0).floor() as i64).or_default() += 1;
        }
        counts.values().filter(|count| **count > BULK_MINUTE).sum::<usize>()
    };
    let all = items.len();
    let said = "counted. A clean-up or a move between tools is no delivery: if this was one, leave these items out of the export";
    add(
        found,
        true,
        "items that ended together with more than ten others in one minute",
        minutes(&|item| item.finished),
        all,
        said,
    );
    let said = "counted. They may come from a move between tools, and be older than they seem";
    add(
        found,
        true,
        "items that were created together with more than ten others in one minute",
        minutes(&|item| item.created),
        all,
        said,
    );
    let mut days: BTreeMap<i64, usize> = BTreeMap::new();
    let ends: Vec<_> = items.iter().filter_map(|item| item.finished).collect();
    for when in &ends {
        *days.entry(number_of(when.day(zone)) as i64).or_default() += 1;
    }
    let most = days.iter().max_by_key(|(day, count)| (**count, -**day));
    if let Some((day, count)) = most
        && *count >= BULK_DAY.1
        && *count as f64 > BULK_DAY.0 * ends.len() as f64
    {
        let day = crate::when::day_of(*day as f64);
        add(
            found,
            true,
            &format!("items that ended on one day, {day}"),
            *count,
            ends.len(),
            "counted. It looks like a clean-up",
        );
    }
}

fn of_sample(imported: &Imported, found: &mut Vec<Check>) {
    let history = &imported.history;
    if history.items.is_empty() {
        return;
    }
    let ends: Vec<f64> =
        history.items.iter().filter_map(Item::delivered).map(|when| when.days(&history.zone)).collect();
    let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    let open = history.items.iter().filter(|item| item.is_open()).count();
    let said = "the export has finished items only: work in progress cannot be seen, and times of what is still open are missing. \
                Export open items too";
    add(found, true, "no item is open", usize::from(open == 0), 0, said);
    let created: Vec<f64> =
        history.items.iter().filter_map(|item| item.created).map(|when| when.days(&history.zone)).collect();
    let first_end = least(&ends);
    let before = created.iter().filter(|day| **day < first_end - 90.0).count();
    let said = "the export seems to leave out what ended before a date (“updated since”): times of the first months are too long, \
                since only what took long is left of then";
    let is_cut = before * 20 > history.items.len() && ends.len() > 20;
    add(
        found,
        true,
        "items created long before the first end",
        if is_cut { before } else { 0 },
        history.items.len(),
        said,
    );
    let weeks = if ends.is_empty() { 0.0 } else { (number_of(history.as_of) + 1.0 - first_end) / 7.0 };
    let said = format!(
        "{} delivered over {weeks:.0} weeks: below {LEAST_ITEMS} items or {LEAST_WEEKS} weeks orgsim measures, and forecasts nothing",
        ends.len()
    );
    let is_short = ends.len() < LEAST_ITEMS || weeks < LEAST_WEEKS as f64;
    add(found, true, "a short history", usize::from(is_short), 0, &said);
}

/// `quality.md`.
pub fn page(imported: &Imported) -> String {
    let history = &imported.history;
    let mut text = String::from("# What was read, and what is odd about it\n\n");
    text.push_str("| file | source | rows | items | deployments | incidents |\n| --- | --- | ---: | ---: | ---: | ---: |\n");
    for batch in &imported.batches {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            escaped(&batch.file),
            batch.source.name(),
            batch.counts.rows,
            batch.items.len(),
            batch.deployments.len(),
            batch.incidents.len()
        );
    }
    let _ = write!(text, "\nState of {}, days of {}.\n", history.as_of, zone_name(imported));
    let columns: Vec<String> = imported
        .batches
        .iter()
        .flat_map(|batch| batch.columns.iter().map(|(role, head)| format!("{role} from “{head}”")))
        .collect();
    if !columns.is_empty() {
        let _ = write!(
            text,
            "\nRead: {}. No other column was read; no title, text, comment, name or address of a person was kept.\n",
            escaped(&columns.join(", "))
        );
    }
    let people = history.people.iter().map(|(_, count)| *count).max().unwrap_or(0);
    if people > 0 {
        let _ = write!(
            text,
            "\nPeople are counted only: at most {people} had an item that began, moved or ended in one week (people.csv).\n"
        );
    }
    text.push_str("\n| check | count | of | what was done |\n| --- | ---: | ---: | --- |\n");
    let all = checks(imported);
    for check in &all {
        let of = if check.of == 0 { String::new() } else { format!("{} ({:.0} %)", check.of, share(check)) };
        let mark = if check.is_grave { "**look at this:** " } else { "" };
        let _ = writeln!(
            text,
            "| {mark}{} | {} | {of} | {} |",
            escaped(&check.what),
            check.count,
            escaped(&check.done)
        );
    }
    if all.is_empty() {
        text.push_str("| nothing odd was found | | | |\n");
    }
    text.push_str("\nWhat orgsim cannot see: statuses that changed their meaning, teams that changed their members, and work that is in no tracker.\n");
    text
}

fn share(check: &Check) -> f64 {
    check.count as f64 / check.of as f64 * 100.0
}

/// The zone by the name that it goes by.
pub fn zone_name(imported: &Imported) -> String {
    imported.page.settings.zone.clone().unwrap_or_else(|| DEFAULT_ZONE.to_owned())
}

/// Text in which nothing is Markdown or HTML.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for letter in text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }) {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '|' | '*' | '`' | '[' | ']' | '\\' => safe.extend(['\\', letter]),
            letter => safe.push(letter),
        }
    }
    safe
}
