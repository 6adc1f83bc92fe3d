//! Records: the items of a history in working days, whoever wrote it down.

use history::history::{History, Outcome};
pub use history::measure::delivery::Stated;
pub use history::measure::rework::Way;
use history::measure::rework::{self, verdicts};
pub use history::measure::rhythm::{Rhythm, Rhythms};
use history::when::When;
pub use history::words::meaning_of;
use history::words::{Check, Meaning};
use history::workdays::{Layout, WorkDays};
use std::collections::{BTreeMap, BTreeSet};

/// What sort of work an item is, as far as the name of its kind says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// What was asked for: features, stories, tasks, and what has any other name.
    Planned,
    /// What came unasked: bugs, incidents, corrections.
    Unplanned,
    /// What keeps the code in order: chores, debt, maintenance.
    Upkeep,
}

/// Parts of the names of kinds, in small letters.
const UNPLANNED: [&str; 12] = [
    "bug",
    "defect",
    "incident",
    "hotfix",
    "correction",
    "redo",
    "problem",
    "fehler",
    "storung",
    "störung",
    "anomal",
    "error",
];
const UPKEEP: [&str; 7] = ["chore", "debt", "maintenance", "health", "refactor", "wartung", "mantenimiento"];

impl Class {
    /// The class of a kind, by its name.
    pub fn of_kind(kind: &str) -> Class {
        let kind = kind.to_lowercase();
        let any = |words: &[&str]| words.iter().any(|word| kind.contains(word));
        match (any(&UNPLANNED), any(&UPKEEP)) {
            (true, _) => Class::Unplanned,
            (_, true) => Class::Upkeep,
            _ => Class::Planned,
        }
    }
}

/// An item. Days are numbers of working days; an hour of the day says nothing, since many trackers know none.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub class: Class,
    pub created: Option<i64>,
    pub started: Option<i64>,
    /// Nothing where it is open.
    pub ended: Option<i64>,
    pub delivered: bool,
    /// What it is a part of.
    pub parent: Option<u32>,
    /// How its first visit to a review ended; nothing where it had none, or nobody says.
    pub reviewed: Option<Reviewed>,
}

/// The end of an item's first visit to a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reviewed {
    pub day: i64,
    /// Whether it was sent back, rather than on.
    pub is_back: bool,
}

/// How the first visits to a review ended, by item, where these are the ways of items through statuses by working days.
pub fn reviewed(ways: &[Way<'_, i64>], meaning: impl Fn(&str) -> Meaning) -> Vec<Option<Reviewed>> {
    let review = |verdicts: Vec<rework::Verdict<i64>>| {
        let found = verdicts.into_iter().find(|one| one.check == Check::Review)?;
        Some(Reviewed { day: found.at, is_back: found.is_back })
    };
    verdicts(ways, meaning).into_iter().map(review).collect()
}

/// An instant: the working day that it lies in, and its second since 1970 by the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub day: i64,
    pub second: i64,
}

/// Something was broken for those who use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incident {
    pub started: Moment,
    /// Nothing where it lasts, or nobody says.
    pub ended: Option<Moment>,
    /// The deployment that brought it about, where somebody says.
    pub deployment: Option<Stated>,
}

/// All that is known of an organisation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    pub items: Vec<Item>,
    /// What went live, in order.
    pub deployments: Vec<Moment>,
    /// In the order of their starts.
    pub incidents: Vec<Incident>,
    /// Whether deployments and incidents have an hour, or a day only.
    pub has_hours: bool,
    /// How many different people had an item that began or ended in the week from this working day.
    pub people: Vec<(i64, usize)>,
    /// The same of items that began, ended or moved: who tells moves tells people by these too, and by nothing else.
    pub moving: Vec<(i64, usize)>,
    /// Whether moves between statuses are told.
    pub has_moves: bool,
    /// The first working day that nothing is known of.
    pub today: i64,
    /// Working days of a week.
    pub a_week: i64,
}

impl Records {
    /// The first working day of the last weeks.
    pub fn since(&self, weeks: usize) -> i64 {
        self.today - weeks as i64 * self.a_week
    }

    /// What trackers recorded of all teams, or of one. What has parts is left out: its parts are the work. Of one team nobody
    /// knows the people, deployments and incidents: these are not told by team.
    pub fn of(history: &History, team: Option<&str>) -> Records {
        let days = WorkDays::usual(&history.holidays);
        let number = |when: Option<When>| when.map(|when| days.before(when.day(&history.zone)));
        let whole = history.wholes();
        let is_ours = |name: &str| team.is_none_or(|team| team == name);
        let reviewed = reviews(history, &days);
        let items = history.items.iter().filter(|item| is_ours(&item.team) && !whole.contains(&item.id));
        let item = |item: &history::history::Item| Item {
            class: Class::of_kind(&item.kind),
            created: number(item.created),
            started: number(item.started),
            ended: number(item.finished).filter(|_| item.outcome != Outcome::Open),
            delivered: item.outcome == Outcome::Done,
            parent: item.parent,
            reviewed: reviewed.get(&item.id).copied(),
        };
        let people = history.people.iter().filter(|_| team.is_none());
        let people: Vec<(i64, usize)> =
            people.map(|(monday, count)| (days.before(*monday), *count)).collect();
        let (deployments, incidents, has_hours) = match team {
            None => operated(history, &days),
            Some(_) => Default::default(),
        };
        Records {
            deployments,
            incidents,
            has_hours,
            // What is over, and nobody knows when, says nothing of any week.
            items: items
                .filter(|item| item.outcome == Outcome::Open || item.finished.is_some())
                .map(item)
                .collect(),
            moving: people.clone(),
            people,
            has_moves: !history.moves.is_empty(),
            today: days.before(history.as_of) + 1,
            a_week: days.a_week(),
        }
    }
}

/// How first visits to a review ended, by the number of the item.
fn reviews(history: &History, days: &WorkDays) -> BTreeMap<u32, Reviewed> {
    let number = |when: When| days.before(when.day(&history.zone));
    let (items, ways): (Vec<_>, Vec<Way<'_, i64>>) = rework::ways(history)
        .into_iter()
        .map(|(item, way)| (item.id, way.into_iter().map(|(status, at)| (status, number(at))).collect()))
        .unzip();
    let all = reviewed(&ways, |status| history.meaning(status));
    items.into_iter().zip(all).filter_map(|(item, found)| Some((item, found?))).collect()
}

/// Deployments that did not fail themselves, incidents, and whether most of both have an hour.
fn operated(history: &History, days: &WorkDays) -> (Vec<Moment>, Vec<Incident>, bool) {
    let zone = &history.zone;
    let moment = |when: When| Moment { day: days.before(when.day(zone)), second: when.second(zone) };
    let live = history.deployments.iter().filter(|one| one.succeeded != Some(false));
    let mut deployments: Vec<Moment> = live.map(|one| moment(one.at)).collect();
    deployments.sort_unstable();
    let incident = |one: &history::history::Incident| Incident {
        started: moment(one.started),
        ended: one.ended.map(moment),
        deployment: one.stated(zone),
    };
    let mut incidents: Vec<Incident> = history.incidents.iter().map(incident).collect();
    incidents.sort_by_key(|one| one.started);
    let starts = history.incidents.iter().map(|one| one.started);
    let hours: Vec<bool> =
        history.deployments.iter().map(|one| one.at).chain(starts).map(When::has_hour).collect();
    let with = hours.iter().filter(|has| **has).count();
    (deployments, incidents, 2 * with > hours.len())
}

/// The calendar on which a replication is laid: it begins on a Monday.
pub struct Calendar(Layout);

impl Calendar {
    /// Nothing where weeks have no whole number of days.
    pub fn of(days_per_week: f64, hours_per_day: f64) -> Option<Calendar> {
        WorkDays::of(days_per_week, &[]).map(|days| Calendar(Layout { days, hours_per_day, first: 0 }))
    }

    /// An instant, in working hours since the replication began.
    pub fn moment(&self, hours: f64) -> Moment {
        Moment { day: self.0.day(hours), second: self.0.second(hours) }
    }

    /// When something ended that went on day and night: incidents do, for as many hours as they take.
    pub fn end(&self, begun: f64, ended: f64) -> Moment {
        let second = self.0.second_after(begun, ended - begun);
        Moment { day: self.0.days.of_second(second), second }
    }
}

/// How many different people each week had to do with something, from who had on which day.
pub fn people(seen: impl Iterator<Item = (i64, u32)>, a_week: i64) -> Vec<(i64, usize)> {
    let mut weeks: BTreeMap<i64, BTreeSet<u32>> = BTreeMap::new();
    for (day, person) in seen {
        weeks.entry(day.div_euclid(a_week) * a_week).or_default().insert(person);
    }
    weeks.into_iter().map(|(week, people)| (week, people.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_kinds_say_what_sort_of_work_it_is() {
        let class = |kinds: &[&str]| kinds.iter().map(|kind| Class::of_kind(kind)).collect::<Vec<_>>();
        assert_eq!(class(&["Bug", "Production Incident", "correction"]), [Class::Unplanned; 3]);
        assert_eq!(class(&["Story", "feature", "", "Task"]), [Class::Planned; 4]);
        assert_eq!(class(&["Chore", "Tech Debt"]), [Class::Upkeep; 2]);
    }

    #[test]
    fn people_are_counted_once_a_week() {
        let seen = [(0, 1), (4, 1), (4, 2), (5, 1), (-1, 7)];
        assert_eq!(people(seen.into_iter(), 5), [(-5, 1), (0, 2), (5, 1)]);
    }
}
