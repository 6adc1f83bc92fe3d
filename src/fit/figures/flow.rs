//! Figures of single items: how many come and go, how long they take, how many lie around, and how unevenly.

use super::{A_WEEK, Sheet, View, dispersion, lag_one, mean, percentile};
use crate::records::{Class, Item};

/// Half a day: dates have no hours.
const DAY: f64 = 0.5;
/// Half an item.
const ITEM: f64 = 0.5;

/// What the figures of a class are called: created, done, cycle p50 and p85, lead p50 and p85.
struct Names {
    class: Class,
    created: [&'static str; 2],
    done: [&'static str; 2],
    cycle: [[&'static str; 2]; 2],
    lead: [[&'static str; 2]; 2],
}

const CLASSES: [Names; 3] = [
    Names {
        class: Class::Planned,
        created: ["planned created a week", "planned items created, a week"],
        done: ["planned done a week", "planned items delivered, a week"],
        cycle: [
            ["planned cycle p50", "cycle time of planned items p50, working days"],
            ["planned cycle p85", "cycle time of planned items p85, working days"],
        ],
        lead: [
            ["planned lead p50", "lead time of planned items p50, working days"],
            ["planned lead p85", "lead time of planned items p85, working days"],
        ],
    },
    Names {
        class: Class::Unplanned,
        created: ["unplanned created a week", "bugs and the like created, a week"],
        done: ["unplanned done a week", "bugs and the like delivered, a week"],
        cycle: [
            ["unplanned cycle p50", "cycle time of bugs p50, working days"],
            ["unplanned cycle p85", "cycle time of bugs p85, working days"],
        ],
        lead: [
            ["unplanned lead p50", "lead time of bugs p50, working days"],
            ["unplanned lead p85", "lead time of bugs p85, working days"],
        ],
    },
    Names {
        class: Class::Upkeep,
        created: ["upkeep created a week", "upkeep created, a week"],
        done: ["upkeep done a week", "upkeep delivered, a week"],
        cycle: [
            ["upkeep cycle p50", "cycle time of upkeep p50, working days"],
            ["upkeep cycle p85", "cycle time of upkeep p85, working days"],
        ],
        lead: [
            ["upkeep lead p50", "lead time of upkeep p50, working days"],
            ["upkeep lead p85", "lead time of upkeep p85, working days"],
        ],
    },
];

impl View<'_> {
    fn of(&self, class: Class) -> impl Iterator<Item = &Item> + Clone {
        self.records.items.iter().filter(move |item| self.known.class(item.class) == class)
    }

    /// Working days between two dates of items delivered in the window.
    fn days(&self, class: Class, begun: impl Fn(&Item) -> Option<i64>) -> Vec<f64> {
        let time = |item: &Item| {
            let ended = item.ended.filter(|day| item.delivered && self.is_in(*day))?;
            Some((ended - begun(item)?).max(0) as f64)
        };
        self.of(class).filter_map(time).collect()
    }
}

pub fn add(view: &View<'_>, sheet: &mut Sheet) {
    let known = view.known;
    let told = |class: Class| match class {
        Class::Planned => true,
        Class::Unplanned => known.unplanned,
        Class::Upkeep => known.upkeep,
    };
    for names in CLASSES.iter().filter(|names| told(names.class)) {
        class(view, names, sheet);
    }
    unevenness(view, sheet);
    if known.created {
        stocks(view, sheet);
    }
    if known.dropped {
        dropped(view, sheet);
    }
    if known.people {
        let seen = if known.moves { &view.records.moving } else { &view.records.people };
        let people = seen.iter().filter(|(day, _)| view.is_in(*day));
        let mut counts: Vec<f64> = people.map(|(_, count)| *count as f64).collect();
        let title = match known.moves {
            true => "people with an item that began, moved or ended, a week",
            false => "people with an item that began or ended, a week",
        };
        sheet.log("people a week", title, 0.0, mean(&counts));
        sheet.log(
            "people p90",
            "the same in the week that 90 % do not exceed",
            0.0,
            percentile(&mut counts, 0.9),
        );
    }
}

fn class(view: &View<'_>, names: &Names, sheet: &mut Sheet) {
    let a_week =
        |days: Vec<i64>| days.into_iter().filter(|day| view.is_in(*day)).count() as f64 / view.weeks as f64;
    let items = || view.of(names.class);
    if view.known.created {
        let created = a_week(items().filter_map(|item| item.created).collect());
        sheet.log(names.created[0], names.created[1], A_WEEK, created);
    }
    let done = items().filter(|item| item.delivered).filter_map(|item| item.ended).collect();
    sheet.log(names.done[0], names.done[1], A_WEEK, a_week(done));
    let is_planned = names.class == Class::Planned;
    if view.known.started {
        let mut cycle = view.days(names.class, |item| item.started);
        for (name, p) in names.cycle.iter().zip([0.5, 0.85]) {
            sheet.log(name[0], name[1], DAY, percentile(&mut cycle, p));
        }
        if is_planned {
            sheet.log(
                "planned cycle p95",
                "cycle time of planned items p95, working days",
                DAY,
                percentile(&mut cycle, 0.95),
            );
            let short = cycle.iter().filter(|days| **days < 1.0).count() as f64 / cycle.len() as f64;
            sheet.plain("same day", "share of items begun and delivered on one day", short);
        }
    }
    if view.known.created {
        let mut lead = view.days(names.class, |item| item.created);
        for (name, p) in names.lead.iter().zip([0.5, 0.85]) {
            sheet.log(name[0], name[1], DAY, percentile(&mut lead, p));
        }
    }
}

/// How unevenly work comes and goes.
fn unevenness(view: &View<'_>, sheet: &mut Sheet) {
    let done = view.of(Class::Planned).filter(|item| item.delivered).filter_map(|item| item.ended);
    let done = view.weekly(done);
    sheet.log(
        "variance of done",
        "variance of items delivered in a week, over their mean",
        0.1,
        dispersion(&done),
    );
    sheet.plain(
        "done and the next",
        "correlation of items delivered with those of the next week",
        lag_one(&done),
    );
    if view.known.created {
        let created = view.weekly(view.of(Class::Planned).filter_map(|item| item.created));
        sheet.log(
            "variance of created",
            "variance of items created in a week, over their mean",
            0.1,
            dispersion(&created),
        );
        let mut days: Vec<i64> =
            view.of(Class::Planned).filter_map(|item| item.created).filter(|day| view.is_in(*day)).collect();
        let all = days.len() as f64;
        days.sort_unstable();
        days.dedup();
        sheet.log("created a day", "items created on a day on which any was", 0.0, all / days.len() as f64);
    }
}

/// What lies around, at the ends of weeks.
fn stocks(view: &View<'_>, sheet: &mut Sheet) {
    if !view.known.open {
        return;
    }
    let planned: Vec<&Item> = view.of(Class::Planned).filter(|item| item.created.is_some()).collect();
    let is_before = |day: Option<i64>, end: i64| day.is_some_and(|day| day < end);
    let open = |end: i64| {
        planned.iter().filter(move |item| is_before(item.created, end) && !is_before(item.ended, end))
    };
    let ends: Vec<i64> = view.ends().collect();
    let over_weeks =
        |count: &dyn Fn(i64) -> usize| -> Vec<f64> { ends.iter().map(|end| count(*end) as f64).collect() };
    let all = over_weeks(&|end| open(end).count());
    let last = |weeks: &[f64]| weeks.last().copied().unwrap_or(f64::NAN);
    let first = all.first().copied().unwrap_or(f64::NAN);
    sheet.plain(
        "growth of open",
        "how much more is open at the end than at the beginning (logarithm)",
        libm::log((last(&all) + ITEM) / (first + ITEM)),
    );
    if !view.known.started {
        sheet.log("open", "open items", ITEM, mean(&all));
        return;
    }
    let begun = over_weeks(&|end| open(end).filter(|item| is_before(item.started, end)).count());
    let not: Vec<f64> = all.iter().zip(&begun).map(|(all, begun)| all - begun).collect();
    sheet.log("in progress", "items in progress", ITEM, mean(&begun));
    sheet.log("not begun", "items created and not begun", ITEM, mean(&not));
    let most = not.iter().copied().fold(f64::NAN, f64::max);
    sheet.log("most not begun", "most items created and not begun at the end of a week", ITEM, most);
    let today = view.records.today;
    let mut ages: Vec<f64> = open(today).filter_map(|item| Some((today - item.started?) as f64)).collect();
    sheet.log("age p50", "age of items in progress p50, working days", DAY, percentile(&mut ages, 0.5));
    sheet.log("age p85", "age of items in progress p85, working days", DAY, percentile(&mut ages, 0.85));
    let mut waits: Vec<f64> = open(today)
        .filter(|item| item.started.is_none())
        .filter_map(|item| Some((today - item.created?) as f64))
        .collect();
    sheet.log("wait p85", "age of items not begun p85, working days", DAY, percentile(&mut waits, 0.85));
}

fn dropped(view: &View<'_>, sheet: &mut Sheet) {
    let dropped = view.of(Class::Planned).filter(|item| !item.delivered);
    let dropped: Vec<&Item> = dropped.filter(|item| item.ended.is_some_and(|day| view.is_in(day))).collect();
    sheet.log(
        "planned dropped a week",
        "items dropped, a week",
        A_WEEK,
        dropped.len() as f64 / view.weeks as f64,
    );
    if view.known.created {
        let mut ages: Vec<f64> =
            dropped.iter().filter_map(|item| Some((item.ended? - item.created?) as f64)).collect();
        sheet.log("dropped p50", "age of items dropped p50, working days", DAY, percentile(&mut ages, 0.5));
        sheet.log("dropped p90", "age of items dropped p90, working days", DAY, percentile(&mut ages, 0.9));
    }
}
