//! Waits, as far as statuses tell: how long items stay in each status in which nobody works on them.

use super::rate::Rate;
use super::rework::ways;
use crate::history::History;
use crate::words::Meaning;
use std::collections::BTreeMap;

/// Visits below which a wait is not told: of fewer, the interval of a mean of skewed stays holds it too seldom.
const FEW: usize = 30;

/// Stays in a status of waiting.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    pub status: String,
    /// The mean number of days of a stay, with its interval; how many stays there are stands in the place of weeks.
    pub days: Rate,
}

impl Wait {
    /// Of stays that ended since a day, the longest first; those still going on are not counted. Stays are taken in the order in
    /// which they ended, and the interval knows that those one after another are alike: they share a queue, or a meeting.
    pub fn of(history: &History, from: f64) -> Vec<Wait> {
        let mut stays: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
        for (item, way) in ways(history) {
            let days = |when: crate::when::When| when.days(&history.zone);
            // Whatever came after the first end is rework, and no wait on the way to it.
            let end = item.finished.map_or(f64::INFINITY, days);
            for two in way.windows(2) {
                let ((status, came), left) = (two[0], days(two[1].1));
                if history.meaning(status) == Meaning::Waiting && left >= from && left <= end {
                    stays.entry(status).or_default().push((left, (left - days(came)).max(0.0)));
                }
            }
        }
        let mut waits: Vec<Wait> = stays
            .into_iter()
            .filter(|(_, stays)| stays.len() >= FEW)
            .map(|(status, mut stays)| {
                stays.sort_by(|a, b| a.0.total_cmp(&b.0));
                let days: Vec<f64> = stays.into_iter().map(|(_, days)| days).collect();
                Wait { status: status.to_owned(), days: Rate::of(&days) }
            })
            .collect();
        waits.sort_by(|a, b| b.days.mean.total_cmp(&a.days.mean));
        waits
    }
}
