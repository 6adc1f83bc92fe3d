//! Makes a history of what files said, and counts on the way what is odd about them.

use crate::dates::{Order, Written};
use crate::history::{Deployment, History, Incident, Item, Move, Outcome};
use crate::meaning::{self, Names};
use crate::order;
use crate::raw::{Batch, ImportError, RawItem};
use crate::settings::{DEFAULT_ZONE, MeaningLine, Page, Settings};
pub use crate::tally::Tally;
use crate::when::{When, day_of, number_of};
use crate::words::Meaning;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// What an import comes to.
pub struct Imported {
    pub history: History,
    pub tally: Tally,
    pub batches: Vec<Batch>,
    pub statuses: Names,
    pub resolutions: Names,
    /// What `import.toml` says.
    pub page: Page,
}

/// Makes a history of what files said.
///
/// # Errors
/// When dates cannot be decided, the zone is none, or nothing is left.
pub fn interpret(batches: Vec<Batch>, settings: &Settings, today: Date) -> Result<Imported, ImportError> {
    let zone = settings.time_zone()?;
    let mut tally = Tally::default();
    let batches = without_copies(batches, &mut tally);
    let mut orders = Vec::new();
    for batch in &batches {
        orders.push(order::decide(batch, settings.order)?);
    }
    let statuses = meaning::statuses(&batches, settings);
    let resolutions = meaning::resolutions(&batches, settings);
    let guessed_as_of = latest(&batches, &orders, &zone, today, &mut tally)?;
    let as_of = settings.as_of.unwrap_or(guessed_as_of);
    let reader = Reader { zone: &zone, statuses: &statuses, resolutions: &resolutions, as_of };
    let (items, moves, people) = reader.items(&batches, &orders, settings, &mut tally);
    let (deployments, incidents) = reader.events(&batches, &orders, &mut tally);
    if items.is_empty() && deployments.is_empty() && incidents.is_empty() {
        return Err(ImportError::new(
            "no item, deployment or incident with a date is left: nothing to import",
        ));
    }
    let meanings = statuses.known.iter().map(|(name, known)| (name.clone(), known.meaning)).collect();
    let page = page(&batches, settings, (as_of, guessed_as_of), &statuses, &resolutions);
    let holidays = settings.holidays.clone();
    let history = History {
        items,
        moves,
        deployments,
        incidents,
        people,
        as_of,
        zone: zone.clone(),
        holidays,
        statuses: meanings,
    };
    Ok(Imported { history, tally, batches, statuses, resolutions, page })
}

fn without_copies(batches: Vec<Batch>, tally: &mut Tally) -> Vec<Batch> {
    let mut seen = BTreeSet::new();
    let (kept, copies): (Vec<Batch>, Vec<Batch>) =
        batches.into_iter().partition(|batch| seen.insert(batch.print));
    tally.copies = copies.into_iter().map(|batch| batch.file).collect();
    kept
}

/// The latest day that any date names; what lies after tomorrow is a mistake.
fn latest(
    batches: &[Batch],
    orders: &[Order],
    zone: &TimeZone,
    today: Date,
    tally: &mut Tally,
) -> Result<Date, ImportError> {
    let last = day_of(number_of(today) + 1.0);
    let mut latest = None;
    for (batch, order) in batches.iter().zip(orders) {
        for day in
            batch.latest.iter().filter_map(|written| written.when(*order, zone)).map(|when| when.day(zone))
        {
            if day > last {
                tally.in_the_future += 1;
            } else {
                latest = latest.max(Some(day));
            }
        }
    }
    latest.ok_or_else(|| ImportError::new("no cell holds a date that lies in the past: nothing to import"))
}

fn page(
    batches: &[Batch],
    settings: &Settings,
    (as_of, guessed_as_of): (Date, Date),
    statuses: &Names,
    resolutions: &Names,
) -> Page {
    let lines = |names: &Names| {
        let line = |(name, known): (&String, &meaning::Known)| {
            let said = match known.by {
                meaning::By::Person => "as you said",
                meaning::By::Words => "by its words",
                meaning::By::Category => "by the tracker's category",
                meaning::By::Place => "by its place",
                meaning::By::Nobody => "PLEASE SAY",
            };
            MeaningLine {
                name: name.clone(),
                meaning: known.meaning,
                remark: format!("{} items; {said}", known.items),
            }
        };
        names.known.iter().map(line).collect()
    };
    let mut columns: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for batch in batches.iter().filter(|batch| !batch.columns.is_empty()) {
        columns.insert(batch.source.word().to_owned(), batch.columns.clone());
    }
    let mut guessed_columns = columns.clone();
    for (source, chosen) in &settings.columns {
        let entry = columns.entry(source.clone()).or_default();
        for (role, head) in chosen {
            entry.insert(role.clone(), head.clone());
            // A correction differs from the guess, so that the next import knows it for one.
            guessed_columns.entry(source.clone()).or_default().remove(role);
        }
    }
    let sources = batches.iter().map(|batch| batch.source.name().to_owned()).collect::<BTreeSet<_>>();
    let mut statuses = lines(statuses);
    known_before(&mut statuses, &settings.statuses);
    let mut resolutions = lines(resolutions);
    known_before(&mut resolutions, &settings.resolutions);
    let zone = settings.zone.clone().or_else(|| Some(DEFAULT_ZONE.to_owned()));
    let settings = Settings { zone, ..settings.clone() };
    let sources = sources.into_iter().collect();
    Page { as_of, guessed_as_of, settings, columns, guessed_columns, statuses, resolutions, sources }
}

/// What a person said of names that this export does not have is kept for the next one.
fn known_before(lines: &mut Vec<MeaningLine>, said: &BTreeMap<String, Meaning>) {
    for (name, meaning) in said.iter().filter(|(name, _)| !name.is_empty()) {
        if !lines.iter().any(|line| line.name == *name) {
            let remark = "not in this export".to_owned();
            lines.push(MeaningLine { name: name.clone(), meaning: *meaning, remark });
        }
    }
}

struct Reader<'a> {
    zone: &'a TimeZone,
    statuses: &'a Names,
    resolutions: &'a Names,
    as_of: Date,
}

/// An item with what is needed to number it and to find its parent.
struct Read {
    item: Item,
    key: String,
    parent: String,
    moves: Vec<Move>,
    person: Option<u64>,
}

impl Reader<'_> {
    fn items(
        &self,
        batches: &[Batch],
        orders: &[Order],
        settings: &Settings,
        tally: &mut Tally,
    ) -> (Vec<Item>, Vec<Move>, Vec<(Date, usize)>) {
        let mut read: Vec<Read> = Vec::new();
        let mut seen = BTreeSet::new();
        for (batch, order) in batches.iter().zip(orders) {
            for raw in &batch.items {
                if settings.leave_out_kinds.contains(&raw.kind) {
                    tally.left_out_kinds += 1;
                } else if !raw.key.is_empty()
                    && !seen.insert((batch.source, raw.team.clone(), raw.key.clone()))
                {
                    tally.repeated_keys += 1;
                } else if self.is_to_come(raw, *order) {
                    tally.created_later += 1;
                } else {
                    read.push(self.item(raw, *order, tally));
                }
            }
        }
        let days = |when: Option<When>| when.map_or(f64::INFINITY, |when| when.days(self.zone));
        // Minutes, so that the order is one of whole numbers; what has no date comes last.
        let minute = |read: &Read| {
            (days(read.item.created.or(read.item.started).or(read.item.finished)) * 1440.0) as i64
        };
        read.sort_by_cached_key(|read| (minute(read), key_order(&read.key), read.key.clone()));
        let people = self.people(&read);
        let numbers: BTreeMap<String, u32> = read
            .iter()
            .zip(1..)
            .filter(|(read, _)| !read.key.is_empty())
            .map(|(read, id)| (read.key.clone(), id))
            .collect();
        let (mut items, mut moves) = (Vec::with_capacity(read.len()), Vec::new());
        for (mut one, id) in read.into_iter().zip(1..) {
            one.item.id = id;
            one.item.parent = numbers.get(&one.parent).copied().filter(|parent| *parent != id);
            one.item.key = if is_plain_key(&one.key) { one.key } else { String::new() };
            moves.extend(one.moves.into_iter().map(|each| Move { item: id, ..each }));
            items.push(one.item);
        }
        (items, moves, people)
    }

    fn when(&self, written: Option<Written>, order: Order) -> Option<When> {
        written
            .and_then(|written| written.when(order, self.zone))
            .filter(|when| when.day(self.zone) <= self.as_of)
    }

    fn item(&self, raw: &RawItem, order: Order, tally: &mut Tally) -> Read {
        let moves = self.moves(raw, order, tally);
        let outcome = self.outcome(raw);
        let created = self.when(raw.created, order);
        let mut item = Item {
            id: 0,
            kind: raw.kind.clone(),
            team: raw.team.clone(),
            created,
            started: self.started(raw, order, &moves),
            finished: None,
            outcome,
            status: raw.status.clone(),
            parent: None,
            key: String::new(),
        };
        let has_been_done = moves.iter().any(|one| self.is_done(&one.to)) || raw.finished.is_some();
        tally.reopened += usize::from(match outcome {
            Outcome::Open => has_been_done,
            _ => moves.windows(2).any(|two| self.is_done(&two[0].to) && !self.is_over(&two[1].to)),
        });
        match outcome {
            Outcome::Open => {}
            Outcome::Done => item.finished = self.done_at(raw, order, &moves),
            Outcome::Dropped => item.finished = self.dropped_at(raw, order, &moves),
        }
        from_days(raw, &mut item, tally);
        // What ended after the last day that is known of was open on it; an end may be reckoned from a number of days.
        let is_later = item.finished.is_some_and(|end| end.day(self.zone) > self.as_of);
        if item.outcome != Outcome::Open
            && (is_later || (item.finished.is_none() && self.is_after(raw, order)))
        {
            (item.outcome, item.finished) = (Outcome::Open, None);
            tally.ended_later += 1;
        }
        self.check(&mut item, tally);
        Read { item, key: raw.key.clone(), parent: raw.parent.clone(), moves, person: raw.person }
    }

    /// Whether it was created after the last day. One that did anything before is there, whatever its creation says.
    fn is_to_come(&self, raw: &RawItem, order: Order) -> bool {
        let day = |written: Written| written.when(order, self.zone).map(|when| when.day(self.zone));
        let ends = [raw.started, raw.finished, raw.dropped, raw.category_changed];
        let others = ends.into_iter().flatten().chain(raw.moves.iter().map(|one| one.at));
        raw.created.and_then(day).is_some_and(|created| created > self.as_of)
            && others.filter_map(day).all(|other| other > self.as_of)
    }

    /// Whether all dates that could be its end lie after the last day.
    fn is_after(&self, raw: &RawItem, order: Order) -> bool {
        let ends = [raw.finished, raw.dropped].into_iter().flatten();
        let mut days =
            ends.filter_map(|written| written.when(order, self.zone)).map(|when| when.day(self.zone));
        let first = days.next();
        first.is_some_and(|day| day > self.as_of) && days.all(|day| day > self.as_of)
    }

    fn is_done(&self, status: &str) -> bool {
        self.statuses.meaning(status) == Meaning::Done
    }

    fn is_over(&self, status: &str) -> bool {
        self.statuses.meaning(status).is_over()
    }

    fn moves(&self, raw: &RawItem, order: Order, tally: &mut Tally) -> Vec<Move> {
        let read = raw.moves.iter().filter_map(|one| {
            let at = self.when(Some(one.at), order)?;
            Some(Move { item: 0, at, from: one.from.clone(), to: one.to.clone() })
        });
        let mut moves: Vec<Move> = read.collect();
        // Trackers list changes from the first or from the last; a stable sort keeps those of one instant in order.
        let is_reversed =
            moves.len() > 1 && moves[0].at.days(self.zone) > moves[moves.len() - 1].at.days(self.zone);
        if is_reversed {
            moves.reverse();
        }
        moves.sort_by(|a, b| a.at.days(self.zone).total_cmp(&b.at.days(self.zone)));
        let rank = |status: &str| match self.statuses.meaning(status) {
            Meaning::NotStarted => Some(0),
            Meaning::Waiting | Meaning::Active => Some(1),
            Meaning::Done => Some(2),
            Meaning::Dropped | Meaning::Unknown => None,
        };
        let is_back =
            |one: &Move| matches!((rank(&one.from), rank(&one.to)), (Some(from), Some(to)) if to < from);
        tally.backwards += usize::from(moves.iter().any(is_back));
        moves
    }

    /// The name of the status goes first, then the resolution, then the tracker's category, then the dates.
    fn outcome(&self, raw: &RawItem) -> Outcome {
        let status = self.statuses.meaning(&raw.status);
        let resolution = self.resolutions.meaning(&raw.resolution);
        match (status, resolution) {
            (Meaning::Dropped, _) => Outcome::Dropped,
            (Meaning::Done | Meaning::Unknown, Meaning::Dropped) => Outcome::Dropped,
            (Meaning::Done, _) | (Meaning::Unknown, Meaning::Done) => Outcome::Done,
            (Meaning::NotStarted | Meaning::Waiting | Meaning::Active, _) => Outcome::Open,
            (Meaning::Unknown, _) if raw.dropped.is_some() => Outcome::Dropped,
            (Meaning::Unknown, _)
                if raw.finished.is_some() || raw.lead_days.is_some() || raw.cycle_days.is_some() =>
            {
                Outcome::Done
            }
            (Meaning::Unknown, _) => Outcome::Open,
        }
    }

    /// The stated start, else the first move into work. An item that was in work when it was made began then.
    fn started(&self, raw: &RawItem, order: Order, moves: &[Move]) -> Option<When> {
        let stated = self.when(raw.started, order);
        let is_work = |status: &str| self.statuses.meaning(status).is_in_progress();
        let at_birth = moves
            .first()
            .filter(|one| raw.has_all_moves && is_work(&one.from))
            .and_then(|_| self.when(raw.created, order));
        let moved = moves.iter().find(|one| is_work(&one.to)).map(|one| one.at);
        let never_moved = raw.has_all_moves && moves.is_empty() && is_work(&raw.status);
        let born_in_work = self.when(raw.created, order).filter(|_| never_moved);
        stated.or(at_birth).or(moved).or(born_in_work)
    }

    /// The first time that it was done; whatever came after is rework.
    fn done_at(&self, raw: &RawItem, order: Order, moves: &[Move]) -> Option<When> {
        let first = moves.iter().find(|one| self.is_done(&one.to)).map(|one| one.at);
        let changed = self.when(raw.category_changed, order);
        first.or_else(|| self.when(raw.finished, order)).or(changed)
    }

    fn dropped_at(&self, raw: &RawItem, order: Order, moves: &[Move]) -> Option<When> {
        let last = moves.iter().rev().find(|one| self.is_over(&one.to)).map(|one| one.at);
        let stated = self.when(raw.dropped, order).or_else(|| self.when(raw.finished, order));
        stated.or(last).or_else(|| self.when(raw.category_changed, order))
    }

    fn check(&self, item: &mut Item, tally: &mut Tally) {
        let days = |when: When| when.days(self.zone);
        tally.without_created += usize::from(item.created.is_none());
        tally.dropped += usize::from(item.outcome == Outcome::Dropped);
        tally.done_without_date += usize::from(item.outcome == Outcome::Done && item.finished.is_none());
        tally.never_started += usize::from(item.outcome == Outcome::Done && item.started.is_none());
        if let (Some(created), Some(finished)) = (item.created, item.finished) {
            // A day without an hour and an instant of the same day are no contradiction.
            if days(finished) < days(created) && finished.day(self.zone) < created.day(self.zone) {
                tally.finished_before_created += 1;
                item.created = None;
            }
            tally.instant +=
                usize::from(days(finished) - days(created) < 1.0 / 1440.0 && finished.has_hour());
        }
        if let (Some(started), Some(finished)) = (item.started, item.finished)
            && started.day(self.zone) > finished.day(self.zone)
        {
            tally.started_after_finished += 1;
            item.started = None;
        }
        if let (Some(created), Some(started)) = (item.created, item.started)
            && started.day(self.zone) < created.day(self.zone)
        {
            tally.started_before_created += 1;
        }
    }

    /// Different people each week, among those whose items began, moved or ended in it.
    fn people(&self, read: &[Read]) -> Vec<(Date, usize)> {
        let monday = |when: When| {
            let day = number_of(when.day(self.zone));
            // 1970-01-01 was a Thursday.
            day - (day + 3.0).rem_euclid(7.0)
        };
        let mut weeks: BTreeMap<i64, BTreeSet<u64>> = BTreeMap::new();
        for one in read {
            let Some(person) = one.person else { continue };
            let moved = one.moves.iter().map(|one| one.at);
            for when in [one.item.started, one.item.finished].into_iter().flatten().chain(moved) {
                weeks.entry(monday(when) as i64).or_default().insert(person);
            }
        }
        weeks.into_iter().map(|(week, people)| (day_of(week as f64), people.len())).collect()
    }

    fn events(
        &self,
        batches: &[Batch],
        orders: &[Order],
        tally: &mut Tally,
    ) -> (Vec<Deployment>, Vec<Incident>) {
        let (mut deployments, mut incidents) = (Vec::new(), Vec::new());
        for (batch, order) in batches.iter().zip(orders) {
            let dated = batch.deployments.iter().filter_map(|one| {
                Some(Deployment { at: self.when(Some(one.at), *order)?, succeeded: one.succeeded })
            });
            deployments.extend(dated);
            for one in &batch.incidents {
                let Some(started) = self.when(Some(one.started), *order) else { continue };
                let ended = self.when(one.ended, *order);
                if ended
                    .is_some_and(|ended| ended.has_hour() && ended.days(self.zone) <= started.days(self.zone))
                {
                    tally.zero_incidents += 1;
                    continue;
                }
                incidents.push(Incident {
                    started,
                    ended,
                    deployment_at: self.when(one.deployment_at, *order),
                });
            }
        }
        deployments.sort_by(|a, b| a.at.days(self.zone).total_cmp(&b.at.days(self.zone)));
        incidents.sort_by(|a, b| a.started.days(self.zone).total_cmp(&b.started.days(self.zone)));
        incidents.dedup();
        (deployments, incidents)
    }
}

/// Dates made of a number of days, where a file has one in place of a date. Less than none is the same day.
fn from_days(raw: &RawItem, item: &mut Item, tally: &mut Tally) {
    tally.negative_days += usize::from(raw.lead_days.or(raw.cycle_days).is_some_and(|days| days < 0.0));
    let (lead, cycle) = (raw.lead_days.map(|days| days.max(0.0)), raw.cycle_days.map(|days| days.max(0.0)));
    if item.finished.is_none() && item.outcome == Outcome::Done {
        let from_start = item.started.zip(cycle).and_then(|(started, days)| started.plus_days(days));
        let from_creation =
            item.created.zip(lead.or(cycle)).and_then(|(created, days)| created.plus_days(days));
        item.finished = from_start.or(from_creation);
    }
    if let Some(finished) = item.finished {
        item.created = item.created.or_else(|| lead.and_then(|days| finished.plus_days(-days)));
        // A cycle time beside nothing else was used for the end above.
        if raw.started.is_none() && raw.finished.is_some() {
            item.started = item.started.or_else(|| cycle.and_then(|days| finished.plus_days(-days)));
        }
    }
}

/// Whether a key is digits, or `LETTERS-123`: neither can hold a name of a person.
pub fn is_plain_key(key: &str) -> bool {
    let is_digits =
        |text: &str| !text.is_empty() && text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_letters = |text: &str| {
        let mut letters = text.bytes();
        text.len() <= 12
            && letters.next().is_some_and(|byte| byte.is_ascii_uppercase())
            && letters.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    };
    is_digits(key)
        || key.rsplit_once('-').is_some_and(|(letters, digits)| is_letters(letters) && is_digits(digits))
}

/// Keys in the order of their numbers.
fn key_order(key: &str) -> u64 {
    key.rsplit('-').next().and_then(|digits| digits.parse().ok()).unwrap_or(u64::MAX)
}
