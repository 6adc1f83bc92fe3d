//! Items finished a day, and which days are worked.

use crate::level::Week;
use jiff::Span;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Items finished on each day, without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    first: Date,
    days: Vec<u32>,
}

impl History {
    /// From days in any order and how many items were finished on each, up to and including `last`; none where nothing
    /// was finished by then.
    pub fn of(counts: impl Iterator<Item = (Date, u32)>, last: Date) -> Option<Self> {
        let counts: Vec<(Date, u32)> = counts.filter(|(day, count)| *day <= last && *count > 0).collect();
        let first = counts.iter().map(|(day, _)| *day).min()?;
        let mut days = vec![0_u32; between(first, last) + 1];
        for (day, count) in counts {
            let total = &mut days[between(first, day)];
            *total = total.saturating_add(count);
        }
        Some(Self { first, days })
    }

    /// The day on which the first item was finished.
    pub fn first(&self) -> Date {
        self.first
    }

    /// The last day of the data.
    pub fn last(&self) -> Date {
        later(self.first, self.days.len() as i64 - 1)
    }

    /// Items finished on each day from the first.
    pub fn days(&self) -> &[u32] {
        &self.days
    }

    /// All items finished.
    pub fn items(&self) -> u32 {
        self.days.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The same up to `days` days, as somebody knew it then.
    pub fn until(&self, days: usize) -> History {
        History { first: self.first, days: self.days[..days].to_vec() }
    }
}

/// The day `days` after `from`, at most the last that a calendar has.
pub fn later(from: Date, days: i64) -> Date {
    from.saturating_add(Span::new().days(days.clamp(-1_000_000, 1_000_000)))
}

/// Days from `from` to `to`; 0 where `to` is earlier.
pub fn between(from: Date, to: Date) -> usize {
    // Two dates are always a number of days apart.
    from.until(to).map_or(0, |span| usize::try_from(span.get_days()).unwrap_or(0))
}

/// Days on which less is finished than on others of their weekday.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// Public holidays: how much is finished on them is measured, as on weekdays.
    pub holidays: BTreeSet<Date>,
    /// Days on which nothing will be finished, from and to, both included.
    pub blackouts: Vec<(Date, Date)>,
}

impl Calendar {
    fn is_blackout(&self, day: Date) -> bool {
        self.blackouts.iter().any(|(from, to)| *from <= day && day <= *to)
    }
}

/// How a usual week is spread over its days, as the newest year shows it.
#[derive(Clone, Debug)]
pub struct Rhythm {
    /// From Monday; the seven add to 1.
    weekday: [f64; 7],
    /// How much of a usual day of its weekday a holiday is worth, from 0 to 1.
    holiday: f64,
}

/// Days from which a rhythm is read: a year of whole weeks.
const YEAR: usize = 364;
/// Every weekday starts with as many items, so that a weekday on which nothing was finished yet is not impossible.
const BEFORE: f64 = 0.5;
/// Before anything is seen a holiday counts a fifth, and that is worth five expected items.
const HOLIDAY: (f64, f64) = (0.2, 5.0);

impl Rhythm {
    /// What the last year of `history` shows.
    pub fn of(history: &History, calendar: &Calendar) -> Self {
        let days = history.days();
        let from = days.len().saturating_sub(YEAR);
        let newest = || (from..days.len()).map(|at| (later(history.first(), at as i64), days[at]));
        let mut weekday = [BEFORE; 7];
        let mut seen = [0.0; 7];
        for (date, count) in
            newest().filter(|(date, _)| !calendar.holidays.contains(date) && !calendar.is_blackout(*date))
        {
            weekday[place(date)] += f64::from(count);
            seen[place(date)] += 1.0;
        }
        // Of days that were worked: a weekday with many holidays is no worse a day.
        let mut daily = [0.0; 7];
        (0..7).for_each(|at| daily[at] = weekday[at] / f64::max(seen[at], 1.0));
        let total: f64 = daily.iter().sum();
        let holidays =
            newest().filter(|(date, _)| calendar.holidays.contains(date) && !calendar.is_blackout(*date));
        let (found, expected) = holidays.fold((0.0, 0.0), |(found, expected), (date, count)| {
            (found + f64::from(count), expected + daily[place(date)])
        });
        let holiday = (found + HOLIDAY.0 * HOLIDAY.1) / (expected + HOLIDAY.1);
        Self { weekday: daily.map(|daily| daily / total), holiday: holiday.min(1.0) }
    }

    /// What share of a usual week is finished on this day.
    pub fn share(&self, day: Date, calendar: &Calendar) -> f64 {
        if calendar.is_blackout(day) {
            return 0.0;
        }
        let usual = self.weekday[place(day)];
        if calendar.holidays.contains(&day) { usual * self.holiday } else { usual }
    }

    /// The shares of the `days` days after `last`.
    pub fn coming(&self, last: Date, days: usize, calendar: &Calendar) -> Vec<f64> {
        (1..=days as i64).map(|ahead| self.share(later(last, ahead), calendar)).collect()
    }

    /// Whole weeks that end with the last day of `history`, the oldest first; an incomplete oldest week is left out.
    pub fn weeks(&self, history: &History, calendar: &Calendar) -> Vec<Week> {
        let odd = history.days().len() % 7;
        let weeks = history.days()[odd..].chunks_exact(7).enumerate();
        weeks
            .map(|(nth, days)| {
                let monday = odd + 7 * nth;
                let dates = (0..7).map(|at| later(history.first(), (monday + at) as i64));
                let (mut count, mut worked) = (0_u32, 0.0);
                for (date, items) in dates.zip(days) {
                    let share = self.share(date, calendar);
                    worked += share;
                    // What was finished while all were away says nothing of a usual week.
                    count = count.saturating_add(if share > 0.0 { *items } else { 0 });
                }
                Week { count, worked }
            })
            .collect()
    }
}

/// From Monday, 0.
fn place(day: Date) -> usize {
    usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0)
}
