//! Tests of waiting lines.

use super::*;
use kernel::slab::Slab;

#[test]
fn ranked_lines_follow_priority_then_key_then_arrival() {
    let ids = some_items(5);
    let mut line = Line::new(true);
    line.join((ids[0], 0), LineSort::default(), 1, -5.0, false);
    line.join((ids[1], 0), LineSort::default(), 0, 3.0, false);
    line.join((ids[2], 0), LineSort::default(), 0, -3.0, false);
    line.join((ids[3], 0), LineSort::default(), 0, 3.0, false);
    line.join_front((ids[4], 0), LineSort::default(), 0);
    let order: Vec<ItemId> = std::iter::from_fn(|| line.take_first()).map(|ticket| ticket.item).collect();
    assert_eq!(order, [ids[4], ids[2], ids[1], ids[3], ids[0]]);
}

fn some_items(count: u64) -> Vec<ItemId> {
    use crate::work::{Class, Item};
    use kernel::streams::Key;
    use kernel::units::{Instant, KindId, TeamId};
    let mut slab = Slab::default();
    let item = |nth| Item::new(Key(nth), KindId(0), Class::Feature, TeamId(0), Instant(0));
    (0..count).map(|nth| slab.insert(item(nth))).collect()
}

/// Whatever sorts there are, a line keeps one order; and whoever is kept out with all of their sort is not asked
/// for again.
#[test]
fn sorts_stand_apart_in_one_order() {
    let ids = some_items(300);
    for ranked in [false, true] {
        let (mut apart, mut together) = (Line::new(ranked), Line::new(ranked));
        let sort = |nth: usize| LineSort { groups: (nth % 3) as u64, ..LineSort::default() };
        for (nth, id) in ids.iter().enumerate() {
            let key = if ranked { (nth * 7 % 50) as f64 } else { 0.0 };
            for (line, sort) in [(&mut apart, sort(nth)), (&mut together, LineSort::default())] {
                match nth % 11 {
                    0 => line.join_front((*id, 0), sort, 0),
                    _ => line.join((*id, 0), sort, 0, key, false),
                };
            }
        }
        let asked = std::cell::Cell::new(0);
        for wanted in 0..4 {
            let is_wanted = |ticket: &Ticket| ids[wanted..].iter().step_by(3).any(|id| *id == ticket.item);
            let expected = together.find(|ticket, _| if is_wanted(ticket) { Fit::Yes } else { Fit::No });
            let found = apart.find(|_, sort| {
                asked.set(asked.get() + 1);
                if wanted < 3 && sort.groups == wanted as u64 { Fit::Yes } else { Fit::NoneOfItsSort }
            });
            let expected = expected.filter(|_| wanted < 3);
            assert_eq!(found.map(|ticket| ticket.item), expected.map(|ticket| ticket.item), "{wanted}");
        }
        assert_eq!(asked.get(), 12);
        while let Some(first) = together.first() {
            assert_eq!(apart.first().map(|ticket| ticket.item), Some(first.item));
            assert_eq!(apart.take_first().map(|ticket| ticket.item), together.take_first().map(|t| t.item));
        }
        assert!(apart.take_first().is_none());
    }
}

/// Void tickets behind one that never leaves do not pile up.
#[test]
fn void_tickets_are_thrown_away_before_they_are_many() {
    let ids = some_items(1);
    for mut line in [Line::new(false), Line::new(true), Line::by_lot(), Line::new(true).drawn_from(true)] {
        line.join((ids[0], u32::MAX), LineSort::default(), 0, 0.0, false);
        for version in 0..10_000 {
            line.join((ids[0], version), LineSort::default(), 0, 0.0, false);
            line.count_void(|ticket| ticket.version == u32::MAX);
            assert!(line.length() < 600, "{}", line.length());
        }
        assert_eq!(line.first().map(|ticket| ticket.version), Some(u32::MAX));
    }
}
