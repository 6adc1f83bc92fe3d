//! Figures of what items are parts of: initiatives, epics.

use super::{Sheet, View, mean, percentile};
use crate::records::Item;
use std::collections::BTreeMap;

/// A whole with its parts.
#[derive(Clone, Copy, Debug, Default)]
struct Whole {
    parts: usize,
    dropped: usize,
    created: Option<i64>,
    started: Option<i64>,
    /// When the last part ended; nothing while one is open.
    ended: Option<i64>,
    open: usize,
}

pub fn add(view: &View<'_>, sheet: &mut Sheet) {
    if !view.known.parents {
        return;
    }
    let mut wholes: BTreeMap<u32, Whole> = BTreeMap::new();
    for item in &view.records.items {
        if let Some(parent) = item.parent {
            wholes.entry(parent).or_default().add(item);
        }
    }
    let came: Vec<&Whole> =
        wholes.values().filter(|whole| whole.created.is_some_and(|day| view.is_in(day))).collect();
    if view.known.created {
        sheet.log(
            "wholes a week",
            "initiatives created, a week",
            0.02,
            came.len() as f64 / view.weeks as f64,
        );
        let mut parts: Vec<f64> = came.iter().map(|whole| whole.parts as f64).collect();
        sheet.log("items of a whole", "items of an initiative, mean", 0.0, mean(&parts));
        sheet.log("items of a whole p85", "items of an initiative p85", 0.0, percentile(&mut parts, 0.85));
    }
    if view.known.started {
        let in_hand = |end: i64| {
            let begun = |whole: &&Whole| whole.started.is_some_and(|day| day < end);
            let over = |whole: &&Whole| whole.open == 0 && whole.ended.is_some_and(|day| day < end);
            wholes.values().filter(|whole| begun(whole) && !over(whole)).count() as f64
        };
        let in_hand: Vec<f64> = view.ends().map(in_hand).collect();
        sheet.log("wholes in hand", "initiatives in progress", 0.5, mean(&in_hand));
        let delivered = wholes.values().filter(|whole| whole.open == 0 && whole.dropped < whole.parts);
        let delivered = delivered.filter(|whole| whole.ended.is_some_and(|day| view.is_in(day)));
        let mut spans: Vec<f64> =
            delivered.filter_map(|whole| Some((whole.ended? - whole.started?) as f64)).collect();
        sheet.log(
            "span of a whole",
            "from start to end of an initiative p50, working days",
            0.5,
            percentile(&mut spans, 0.5),
        );
    }
}

impl Whole {
    fn add(&mut self, item: &Item) {
        let first = |a: Option<i64>, b: Option<i64>| [a, b].into_iter().flatten().min();
        self.parts += 1;
        self.dropped += usize::from(item.ended.is_some() && !item.delivered);
        self.open += usize::from(item.ended.is_none());
        self.created = first(self.created, item.created);
        self.started = first(self.started, item.started);
        self.ended = [self.ended, item.ended].into_iter().flatten().max();
    }
}
