//! A history week by week.

use crate::history::{History, Outcome};
use crate::when::{When, day_of, number_of};
use jiff::civil::Date;

/// Whole weeks from Monday to Sunday, the first with an item's date in it, the last before the history ends.
#[derive(Clone, Debug, Default)]
pub struct Weeks {
    /// The Monday of the first week, in days since 1970.
    pub first: f64,
    /// Items created in each week.
    pub arrived: Vec<f64>,
    /// Items delivered in each.
    pub finished: Vec<f64>,
    /// Items that ended undelivered in each.
    pub dropped: Vec<f64>,
    /// Items begun and not ended, at the end of each.
    pub in_progress: Vec<f64>,
    /// Items created and not ended, at the end of each.
    pub open: Vec<f64>,
    /// Items delivered until the end of each.
    pub delivered: Vec<f64>,
}

/// More weeks than any history has: a mistyped date must not fill the memory.
const MOST_WEEKS: f64 = 15_700.0;

/// The Monday on or before a day; 1970-01-01 was a Thursday.
pub fn monday(day: f64) -> f64 {
    let day = day.floor();
    day - (day + 3.0).rem_euclid(7.0)
}

impl Weeks {
    pub fn of(history: &History) -> Weeks {
        let zone = &history.zone;
        let days = |when: Option<When>| when.map(|when| when.days(zone));
        let end = monday(number_of(history.as_of) + 1.0);
        // Rates begin with the first week at whose beginning something had been delivered already: an export that holds no
        // earlier ends says nothing of the weeks before.
        let ends = history.items.iter().filter_map(|item| days(item.delivered()));
        let first_end = ends.fold(f64::INFINITY, f64::min);
        if !first_end.is_finite() || end - first_end > MOST_WEEKS * 7.0 {
            return Weeks::default();
        }
        let first = monday(first_end) + 7.0;
        let count = ((end - first) / 7.0).max(0.0) as usize;
        if count == 0 {
            return Weeks::default();
        }
        let empty = vec![0.0; count];
        let mut weeks = Weeks {
            first,
            arrived: empty.clone(),
            finished: empty.clone(),
            dropped: empty.clone(),
            in_progress: empty.clone(),
            open: empty.clone(),
            delivered: empty,
        };
        let place = |day: f64| ((day - first) / 7.0).floor();
        let bump = |counts: &mut Vec<f64>, day: Option<f64>| {
            if let Some(at) = day.map(place).filter(|at| (0.0..count as f64).contains(at)) {
                counts[at as usize] += 1.0;
            }
        };
        // Levels are sums of steps, so that a long history of many items stays quick.
        let step = |steps: &mut Vec<f64>, day: Option<f64>, by: f64| {
            if let Some(at) = day.map(place).filter(|at| *at < count as f64) {
                steps[at.max(0.0) as usize] += by;
            }
        };
        for item in &history.items {
            let (created, started, finished) = (days(item.created), days(item.started), days(item.finished));
            bump(&mut weeks.arrived, created);
            match item.outcome {
                Outcome::Done => bump(&mut weeks.finished, finished),
                Outcome::Dropped => bump(&mut weeks.dropped, finished),
                Outcome::Open => {}
            }
            // What ended at an unknown time cannot be counted as open at any.
            if item.outcome != Outcome::Open && finished.is_none() {
                continue;
            }
            step(&mut weeks.open, created.or(started), 1.0);
            step(&mut weeks.open, finished.filter(|_| created.or(started).is_some()), -1.0);
            step(&mut weeks.in_progress, started, 1.0);
            step(&mut weeks.in_progress, finished.filter(|_| started.is_some()), -1.0);
            if item.outcome == Outcome::Done {
                step(&mut weeks.delivered, finished, 1.0);
            }
        }
        for level in [&mut weeks.open, &mut weeks.in_progress, &mut weeks.delivered] {
            let mut sum = 0.0;
            for step in level.iter_mut() {
                sum += *step;
                *step = sum;
            }
        }
        weeks
    }

    pub fn len(&self) -> usize {
        self.finished.len()
    }

    pub fn is_empty(&self) -> bool {
        self.finished.is_empty()
    }

    /// The Monday of a week, in days since 1970.
    pub fn begin_of(&self, week: usize) -> f64 {
        self.first + 7.0 * week as f64
    }

    /// The Monday of a week.
    pub fn monday(&self, week: usize) -> Date {
        day_of(self.begin_of(week))
    }
}
