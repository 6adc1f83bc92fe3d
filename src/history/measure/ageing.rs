//! Work in progress today: how old it is, against how long work took before.

use super::times::Times;
use super::{LEVEL, PERCENTILES};
use crate::history::{History, Outcome};
use crate::when::number_of;
use crate::words::Meaning;
use statistics::interval::{QuantileInterval, percentile};
use std::collections::BTreeMap;

/// An open item.
#[derive(Clone, Debug)]
pub struct Aged {
    pub id: u32,
    pub key: String,
    pub status: String,
    pub kind: String,
    pub team: String,
    /// Days since work on it began, or since its creation.
    pub days: f64,
    /// The share of items like it that had ended by that age.
    pub past: f64,
}

/// How old items were when they left a status, of those that were delivered.
#[derive(Clone, Debug)]
pub struct Pace {
    pub status: String,
    /// Ages at [`PERCENTILES`].
    pub days: [f64; 3],
    /// Between which ages the second of them lies.
    pub low: f64,
    pub high: f64,
    pub n: usize,
}

/// All that is in progress.
#[derive(Clone, Debug, Default)]
pub struct Ageing {
    /// The oldest first.
    pub items: Vec<Aged>,
    /// Statuses in the order in which work passes through them.
    pub statuses: Vec<String>,
    pub paces: Vec<Pace>,
}

/// Fewer items than these say nothing of a status.
const LEAST: usize = 10;

impl Ageing {
    /// Ages since the start and against cycle times, or, where nobody says when anything began, since creation and against
    /// lead times.
    pub fn of(history: &History, past: &Times, by_start: bool) -> Ageing {
        let end = number_of(history.as_of) + 1.0;
        let mut items: Vec<Aged> = Vec::new();
        for item in history.items.iter().filter(|item| item.is_open()) {
            let Some(begin) = (if by_start { item.started } else { item.created }) else { continue };
            // What went back to the backlog is not in progress, though it was once begun.
            if by_start && history.meaning(&item.status) == Meaning::NotStarted {
                continue;
            }
            let days = (end - begin.days(&history.zone)).max(0.0);
            let past = 1.0 - past.survival.open_after(days);
            let text = |text: &String| text.clone();
            let (key, status) = (text(&item.key), text(&item.status));
            items.push(Aged {
                id: item.id,
                key,
                status,
                kind: text(&item.kind),
                team: text(&item.team),
                days,
                past,
            });
        }
        items.sort_by(|a, b| b.days.total_cmp(&a.days));
        let paces = paces(history);
        let statuses = in_order(history, &items);
        Ageing { items, statuses, paces }
    }

    /// How many are older than the age at which a share of the past had ended.
    pub fn older_than(&self, share: f64) -> usize {
        self.items.iter().filter(|item| item.past >= share).count()
    }
}

/// The statuses of open work, by how early work passes through them on average; unknown to moves last, by name.
fn in_order(history: &History, items: &[Aged]) -> Vec<String> {
    let mut places: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for moves in history.moves.chunk_by(|a, b| a.item == b.item) {
        for (at, one) in moves.iter().enumerate() {
            let place = places.entry(&one.to).or_default();
            *place = (place.0 + (at + 1) as f64, place.1 + 1.0);
        }
    }
    let mut found: Vec<&str> = items.iter().map(|item| item.status.as_str()).collect();
    found.sort_unstable();
    found.dedup();
    let mean = |status: &str| places.get(status).map_or(f64::INFINITY, |(sum, count)| sum / count);
    found.sort_by(|a, b| mean(a).total_cmp(&mean(b)));
    found.into_iter().map(str::to_owned).collect()
}

fn paces(history: &History) -> Vec<Pace> {
    let mut ages: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let place: BTreeMap<u32, usize> =
        history.items.iter().enumerate().map(|(at, item)| (item.id, at)).collect();
    for moves in history.moves.chunk_by(|a, b| a.item == b.item) {
        let Some(item) = place.get(&moves[0].item).map(|at| &history.items[*at]) else { continue };
        let (Some(started), Outcome::Done) = (item.started, item.outcome) else { continue };
        let start = started.days(&history.zone);
        for one in moves.iter().filter(|one| history.meaning(&one.from).is_in_progress()) {
            ages.entry(&one.from).or_default().push((one.at.days(&history.zone) - start).max(0.0));
        }
    }
    let pace = |(status, mut ages): (&str, Vec<f64>)| {
        ages.sort_by(f64::total_cmp);
        let interval = QuantileInterval::of(&ages, PERCENTILES[1], LEVEL);
        Pace {
            status: status.to_owned(),
            days: PERCENTILES.map(|share| percentile(&ages, share)),
            low: interval.low.max(0.0),
            high: interval.high,
            n: ages.len(),
        }
    };
    ages.into_iter().filter(|(_, ages)| ages.len() >= LEAST).map(pace).collect()
}
