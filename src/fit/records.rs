//! Records: the items of a history in working days, whoever wrote it down.

use history::history::{History, Outcome};
use history::when::When;
use history::workdays::WorkDays;
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
}

/// All that is known of an organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Records {
    pub items: Vec<Item>,
    /// How many different people had an item that began or ended in the week from this working day.
    pub people: Vec<(i64, usize)>,
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

    /// What a tracker recorded of all teams, or of one. What has parts is left out: its parts are the work.
    pub fn of(history: &History, team: Option<&str>) -> Records {
        let days = WorkDays::usual(&history.holidays);
        let number = |when: Option<When>| when.map(|when| days.before(when.day(&history.zone)));
        let whole: BTreeSet<u32> = history.items.iter().filter_map(|item| item.parent).collect();
        let is_ours = |name: &str| team.is_none_or(|team| team == name);
        let items = history.items.iter().filter(|item| is_ours(&item.team) && !whole.contains(&item.id));
        let item = |item: &history::history::Item| Item {
            class: Class::of_kind(&item.kind),
            created: number(item.created),
            started: number(item.started),
            ended: number(item.finished).filter(|_| item.outcome != Outcome::Open),
            delivered: item.outcome == Outcome::Done,
            parent: item.parent,
        };
        // Whoever worked for which team is not kept.
        let people = history.people.iter().filter(|_| team.is_none());
        Records {
            // What is over, and nobody knows when, says nothing of any week.
            items: items
                .filter(|item| item.outcome == Outcome::Open || item.finished.is_some())
                .map(item)
                .collect(),
            people: people.map(|(monday, count)| (days.before(*monday), *count)).collect(),
            today: days.before(history.as_of) + 1,
            a_week: days.a_week(),
        }
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
