//! Flow efficiency: the share of the time in progress in which somebody works, as far as statuses tell.

use super::LEVEL;
use crate::history::{History, Outcome};
use crate::words::Meaning;
use statistics::normal;
use std::collections::BTreeMap;

/// Time in statuses of work against time in statuses of waiting.
#[derive(Clone, Debug, PartialEq)]
pub struct Efficiency {
    /// In [0, 1]. At most so much: within a status of work nobody need be working.
    pub share: f64,
    pub low: f64,
    pub high: f64,
    /// How many items.
    pub n: usize,
    /// Mean days that an item spends in each status that is work or waiting, the longest first.
    pub by_status: Vec<(String, Meaning, f64)>,
}

impl Efficiency {
    /// Of items delivered since a day whose moves are known; None where no status is waiting, since 100 % would be no
    /// finding then. The interval is that of a ratio of means (Cochran 1977, *Sampling Techniques*, section 2.11).
    pub fn of(history: &History, from: f64) -> Option<Efficiency> {
        let place: BTreeMap<u32, usize> =
            history.items.iter().enumerate().map(|(at, item)| (item.id, at)).collect();
        let mut pairs: Vec<(f64, f64)> = Vec::new();
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for moves in history.moves.chunk_by(|a, b| a.item == b.item) {
            let Some(item) = place.get(&moves[0].item).map(|at| &history.items[*at]) else { continue };
            let Some(finished) = item.finished.map(|when| when.days(&history.zone)) else { continue };
            if item.outcome != Outcome::Done || finished < from {
                continue;
            }
            let (mut active, mut all) = (0.0, 0.0);
            let ends = moves.iter().skip(1).map(|next| next.at.days(&history.zone)).chain([finished]);
            for (one, end) in moves.iter().zip(ends) {
                // What came after the first end is rework, and no part of the time to it.
                let spent = (end.min(finished) - one.at.days(&history.zone)).max(0.0);
                let meaning = history.meaning(&one.to);
                if meaning.is_in_progress() {
                    all += spent;
                    active += if meaning == Meaning::Active { spent } else { 0.0 };
                    *sums.entry(&one.to).or_default() += spent;
                }
            }
            pairs.push((active, all));
        }
        let n = pairs.len();
        let (active, all) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
        let waits = sums.keys().any(|status| history.meaning(status) == Meaning::Waiting);
        if n < 10 || all <= 0.0 || !waits {
            return None;
        }
        let share = active / all;
        let spread: f64 =
            pairs.iter().map(|(active, all)| (active - share * all) * (active - share * all)).sum();
        let error = (spread * n as f64 / (n - 1) as f64).sqrt() / all;
        let half = -normal::quantile(0.5 * (1.0 - LEVEL)) * error;
        let mut by_status: Vec<(String, Meaning, f64)> = sums
            .into_iter()
            .map(|(status, sum)| (status.to_owned(), history.meaning(status), sum / n as f64))
            .collect();
        by_status.sort_by(|a, b| b.2.total_cmp(&a.2));
        Some(Efficiency { share, low: (share - half).max(0.0), high: (share + half).min(1.0), n, by_status })
    }
}
