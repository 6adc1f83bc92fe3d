//! Rhythms: whether something happens on one day of the week, every so many weeks.
//!
//! A rhythm is said only where the days show one clearly. Its *dates* are every n-th week on one day, from the first that was
//! kept to the last. What happened on a date, or on the day before or after it, is on time: releases slip, and meetings are
//! moved. There is a rhythm where
//!
//! * at least [`MOST`] of the days on which it happened are on time, and as large a share of the dates was kept,
//! * there are no more such days than 1.25 a date: what happens on three days of each week has no weekly rhythm, and
//! * days that fall anywhere in the week would be on time so often less than once in a hundred cases: the binomial
//!   chance, with three of the 5 n working days on time, times the 5 n ways to lay the dates.

use super::LEVEL;
use super::rework::ways;
use crate::history::History;
use crate::when::{When, number_of};
use crate::words::Check;
use statistics::beta::binomial_cdf;
use statistics::interval::Share;
use std::collections::BTreeSet;

/// Weeks of the longest rhythm that is looked for.
const LONGEST: i64 = 6;
/// The share that is most.
pub const MOST: f64 = 0.85;
/// Days that it happened for each date, at the most.
const CROWDED: f64 = 1.25;
/// How rarely days without a rhythm look like one.
const BY_CHANCE: f64 = 0.01;
/// Days of a week, and those of them that are worked.
const WEEK: i64 = 7;
const WORKED: f64 = 5.0;

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A Monday, in days since 1970.
const MONDAY: f64 = 4.0;

/// The rhythms of a history; None where there is none to be seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rhythms {
    /// Of the days on which something went live.
    pub releases: Option<Rhythm>,
    /// Of the days on which items left a status in which they wait to be approved.
    pub approvals: Option<Rhythm>,
    /// Whether most items end on a day on which something went live, or the day after: then what is done is live, and has
    /// waited for it.
    pub ends_live: bool,
}

impl Rhythms {
    /// Of what happened since a day.
    pub fn of(history: &History, from: f64) -> Rhythms {
        let day = |when: When| (number_of(when.day(&history.zone)) - MONDAY) as i64;
        let is_recent = |when: &When| when.days(&history.zone) >= from;
        let live = history.deployments.iter().filter(|one| one.succeeded != Some(false)).map(|one| one.at);
        let live: BTreeSet<i64> = live.filter(is_recent).map(day).collect();
        let waits = |status: &str| {
            Check::of(status) == Some(Check::Approval) && history.meaning(status).is_in_progress()
        };
        let left = |way: Vec<(&str, When)>| -> Vec<When> {
            way.windows(2).filter(|two| waits(two[0].0) && !waits(two[1].0)).map(|two| two[1].1).collect()
        };
        let heard = ways(history).into_iter().flat_map(|(_, way)| left(way)).filter(is_recent).map(day);
        let ends: Vec<i64> =
            history.items.iter().filter_map(|item| item.delivered()).filter(is_recent).map(day).collect();
        let with = ends.iter().filter(|end| live.contains(end) || live.contains(&(*end - 1))).count();
        Rhythms {
            releases: Rhythm::of(&live),
            approvals: Rhythm::of(&heard.collect()),
            ends_live: !ends.is_empty() && with as f64 >= MOST * ends.len() as f64,
        }
    }
}

/// Something that happens every so many weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rhythm {
    pub weeks: i64,
    /// The day of the week, from 0 for Monday.
    pub weekday: i64,
    /// The share of the days on which it happened that are on time.
    pub on_time: Share,
    /// How many of the dates were kept, of how many.
    pub kept: usize,
    pub dates: usize,
}

impl Rhythm {
    /// The rhythm of days, numbered from any Monday; None where they show none clearly.
    pub fn of(days: &BTreeSet<i64>) -> Option<Rhythm> {
        let all = (1..=LONGEST).flat_map(|weeks| (0..WEEK * weeks).map(move |phase| (weeks, phase)));
        let clear = all.filter_map(|(weeks, phase)| Rhythm::at(days, weeks, phase));
        // Of two days beside each other, the one on which more of it happened.
        clear.max_by_key(|(exactly, rhythm)| (*exactly, -rhythm.weeks)).map(|(_, rhythm)| rhythm)
    }

    /// "every second Wednesday", "each Friday", "every 4th Monday".
    pub fn words(&self) -> String {
        let day = DAYS.get(self.weekday as usize).copied().unwrap_or_default();
        match self.weeks {
            1 => format!("each {day}"),
            2 => format!("every second {day}"),
            3 => format!("every third {day}"),
            weeks => format!("every {weeks}th {day}"),
        }
    }

    fn at(days: &BTreeSet<i64>, weeks: i64, phase: i64) -> Option<(usize, Rhythm)> {
        let period = WEEK * weeks;
        let off = |day: &i64| (day - phase + 1).rem_euclid(period) - 1;
        let on_time: Vec<i64> = days.iter().copied().filter(|day| off(day) <= 1).collect();
        let kept: BTreeSet<i64> = on_time.iter().map(|day| (day - off(day) - phase) / period).collect();
        let dates = usize::try_from(kept.last()? - kept.first()? + 1).ok()?;
        let (n, hits) = (days.len(), on_time.len());
        let ways = WORKED * weeks as f64;
        let by_chance = ways * (1.0 - binomial_cdf(hits.checked_sub(1)?, n, 3.0 / ways));
        let is_clear = hits as f64 >= MOST * n as f64
            && kept.len() as f64 >= MOST * dates as f64
            && n as f64 <= CROWDED * dates as f64
            && by_chance < BY_CHANCE;
        let exactly = on_time.iter().filter(|day| off(day) == 0).count();
        let rhythm = Rhythm {
            weeks,
            weekday: phase.rem_euclid(WEEK),
            on_time: Share::wilson(hits, n, LEVEL),
            kept: kept.len(),
            dates,
        };
        is_clear.then_some((exactly, rhythm))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(days: impl IntoIterator<Item = i64>) -> Option<(i64, i64)> {
        Rhythm::of(&days.into_iter().collect()).map(|rhythm| (rhythm.weeks, rhythm.weekday))
    }

    /// Numbers that look thrown: the fractional parts of multiples of the golden ratio.
    fn thrown(at: i64) -> f64 {
        (at as f64 * 0.618_033_988_75).rem_euclid(1.0)
    }

    #[test]
    fn every_second_wednesday_is_found_though_one_slips_and_one_is_left_out() {
        let usual: Vec<i64> = (0..26).map(|at| 14 * at + 2).collect();
        assert_eq!(of(usual.clone()), Some((2, 2)));
        let moved = usual.iter().enumerate().filter(|(at, _)| *at != 9);
        let moved = moved.map(|(at, day)| day + i64::from(at % 8 == 3)).chain([45]);
        assert_eq!(of(moved), Some((2, 2)));
        assert_eq!(of((0..40).map(|at| 7 * at + 4)), Some((1, 4)));
        assert_eq!(of((0..8).map(|at| 28 * at)), Some((4, 0)));
    }

    #[test]
    fn what_has_no_rhythm_has_none() {
        // Each day, three days a week, one day of each week anywhere, and the first Monday of a month.
        let each = (0..200).filter(|day| day % 7 < 5);
        assert_eq!(of(each), None);
        assert_eq!(of((0..52).flat_map(|week| [1, 2, 3].map(|day| 7 * week + day))), None);
        assert_eq!(of((0..52).map(|week| 7 * week + (5.0 * thrown(week)) as i64)), None);
        assert_eq!(of([0, 28, 63, 91, 119, 154, 182, 217, 245, 273, 308, 336]), None);
        // Few days show nothing.
        assert_eq!(of((0..4).map(|at| 14 * at)), None);
        assert_eq!(of([]), None);
    }

    #[test]
    fn weeks_without_a_rhythm_seldom_look_like_one() {
        // A year with a day a week anywhere, and one with a day in two weeks anywhere, thrown two hundred times each.
        let found = (0..200).flat_map(|trial| {
            let weekly = (0..52).map(move |at| 7 * at + (5.0 * thrown(at * 37 + trial * 1_009)) as i64);
            let other = (0..26).map(move |at| {
                let day = (10.0 * thrown(at * 53 + trial * 2_003)) as i64;
                14 * at + day + 2 * (day / 5)
            });
            [of(weekly), of(other)]
        });
        let false_alarms = found.flatten().count();
        assert!(false_alarms <= 8, "{false_alarms} of 400");
    }
}
