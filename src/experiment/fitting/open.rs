//! What is open today, as a scenario names it: the items of a history that are not over, with their ages.

use super::summary::OpenToday;
use fit::records::{Class, Records};
use std::collections::BTreeMap;

/// A tracker's day has no hour: what happened on one happened in its middle.
const MIDDLE: f64 = 0.5;

/// The open items of a history, in its order; what nobody knows the age of is left out.
pub fn open(records: &Records) -> Vec<OpenToday> {
    let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
    let ago = |day: i64| (records.today - day) as f64 - MIDDLE;
    let mut items = Vec::new();
    for item in records.items.iter().filter(|item| item.ended.is_none()) {
        // What was begun before it was written down was created when it was begun.
        let created = [item.created, item.started].into_iter().flatten().min();
        let Some(created) = created.filter(|day| *day < records.today) else { continue };
        let next = numbers.len() + 1;
        items.push(OpenToday {
            kind: match item.class {
                Class::Planned => "feature",
                Class::Unplanned => "bug",
                Class::Upkeep => "health",
            },
            created: ago(created),
            started: item.started.filter(|day| *day < records.today).map(ago),
            initiative: item.parent.map(|parent| *numbers.entry(parent).or_insert(next)),
        });
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use fit::records::Item;

    #[test]
    fn what_is_open_has_its_age_and_no_name() {
        let item = |class: Class, days: [Option<i64>; 3], parent: Option<u32>| Item {
            class,
            created: days[0],
            started: days[1],
            ended: days[2],
            delivered: days[2].is_some(),
            parent,
            reviewed: None,
        };
        let records = Records {
            items: vec![
                item(Class::Planned, [Some(90), Some(99), None], Some(7_001)),
                item(Class::Unplanned, [Some(99), None, None], None),
                item(Class::Planned, [None, None, None], None),
                item(Class::Planned, [Some(1), Some(2), Some(3)], Some(5)),
                item(Class::Upkeep, [Some(98), Some(97), None], Some(7_001)),
            ],
            today: 100,
            a_week: 5,
            ..Records::default()
        };
        let row = |kind: &'static str, created: f64, started: Option<f64>, initiative: Option<usize>| {
            OpenToday { kind, created, started, initiative }
        };
        let due = [
            row("feature", 9.5, Some(0.5), Some(1)),
            row("bug", 0.5, None, None),
            row("health", 2.5, Some(2.5), Some(1)),
        ];
        assert_eq!(open(&records), due);
    }
}
