//! Working days: days of the calendar counted without weekends and holidays, and back.
//!
//! A simulation's clock knows working time only. This is where the two meet: in which way a replication's hours are laid on
//! dates, and dates are counted again.

use crate::when::{DAY, day_of, number_of};
use jiff::civil::Date;

/// The first Monday after 1970 began, from which working days are counted.
const MONDAY: f64 = 4.0;
/// Days of a week of the calendar.
const WEEK: i64 = 7;
/// The hour at which a working day begins that ends before midnight.
const MORNING: f64 = 9.0;
/// Seconds of an hour.
const HOUR: f64 = 3_600.0;

/// Which days are worked: the first of each week, Monday on, but for holidays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkDays {
    a_week: i64,
    /// In order, each once, and none that is no working day anyway.
    holidays: Vec<i64>,
}

impl WorkDays {
    /// Weeks of this many days; nothing where a week has no such number.
    pub fn of(days_per_week: f64, holidays: &[Date]) -> Option<WorkDays> {
        let a_week = days_per_week as i64;
        if a_week as f64 != days_per_week || !(1..=WEEK).contains(&a_week) {
            return None;
        }
        let mut holidays: Vec<i64> = holidays
            .iter()
            .map(|day| (number_of(*day) - MONDAY) as i64)
            .filter(|day| day.rem_euclid(WEEK) < a_week)
            .collect();
        holidays.sort_unstable();
        holidays.dedup();
        Some(WorkDays { a_week, holidays })
    }

    /// Monday to Friday.
    pub fn usual(holidays: &[Date]) -> WorkDays {
        WorkDays::of(5.0, holidays).expect("five days are a number of days")
    }

    /// How many of a week.
    pub fn a_week(&self) -> i64 {
        self.a_week
    }

    /// How many working days lie before a date, counted from 1970; what is not worked has the number of the next that is.
    pub fn before(&self, date: Date) -> i64 {
        let day = (number_of(date) - MONDAY) as i64;
        let usual = day.div_euclid(WEEK) * self.a_week + day.rem_euclid(WEEK).min(self.a_week);
        usual - self.holidays.partition_point(|holiday| *holiday < day) as i64
    }

    /// The date of the working day with this number; holidays are not left out.
    pub fn date(&self, number: i64) -> Date {
        let day = number.div_euclid(self.a_week) * WEEK + number.rem_euclid(self.a_week);
        day_of(day as f64 + MONDAY)
    }

    /// The working day of a second since 1970.
    pub fn of_second(&self, second: i64) -> i64 {
        self.before(day_of(second.div_euclid(DAY as i64) as f64))
    }
}

/// How a replication's working hours lie on the calendar.
#[derive(Clone, Debug)]
pub struct Layout {
    pub days: WorkDays,
    pub hours_per_day: f64,
    /// The number of the working day on which the replication began.
    pub first: i64,
}

impl Layout {
    /// Which working day an instant lies in, which is told in working hours since the replication began.
    pub fn day(&self, hours: f64) -> i64 {
        self.first + (hours / self.hours_per_day).floor() as i64
    }

    /// The second since 1970 of an instant. What is less than a second is cut off, so that nothing moves into the next day.
    pub fn second(&self, hours: f64) -> i64 {
        let days = (hours / self.hours_per_day).floor();
        let begin = if self.hours_per_day <= 24.0 - MORNING { MORNING } else { 0.0 };
        let into = (hours - days * self.hours_per_day).clamp(0.0, self.hours_per_day);
        let second = ((begin + into) * HOUR).floor().min(DAY - 1.0) as i64;
        number_of(self.days.date(self.day(hours))) as i64 * DAY as i64 + second
    }

    /// The second at which something ends that goes on day and night, so many hours after it began at an instant.
    pub fn second_after(&self, begun: f64, hours: f64) -> i64 {
        self.second(begun) + (hours * HOUR).floor() as i64
    }

    /// An instant as a date and an hour of the day.
    pub fn written(&self, hours: f64) -> String {
        written(self.second(hours))
    }
}

/// A second since 1970 as a date and an hour of the day, ISO 8601 in UTC.
pub fn written(second: i64) -> String {
    let (day, second) = (second.div_euclid(DAY as i64), second.rem_euclid(DAY as i64));
    let (hour, minute, second) = (second / 3_600, second % 3_600 / 60, second % 60);
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", day_of(day as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn weekends_and_holidays_are_not_counted() {
        let days = WorkDays::usual(&[date(2024, 5, 1), date(2024, 5, 4), date(2024, 5, 1)]);
        let tuesday = days.before(date(2024, 4, 30));
        // Wednesday the first is a holiday; Saturday the fourth is none.
        let rest = [1, 2, 3, 4, 5, 6, 7].map(|day| days.before(date(2024, 5, day)) - tuesday);
        assert_eq!(rest, [1, 1, 2, 3, 3, 3, 4]);
        assert_eq!(days.before(date(1970, 1, 5)), 0);
        assert_eq!(days.before(date(1970, 1, 2)), -1);
    }

    #[test]
    fn a_number_leads_to_its_date_and_back() {
        for a_week in [1.0, 4.0, 5.0, 7.0] {
            let days = WorkDays::of(a_week, &[]).expect("a week");
            assert!((-500..500).all(|number| days.before(days.date(number)) == number), "{a_week}");
        }
        assert!(WorkDays::of(5.5, &[]).is_none() && WorkDays::of(0.0, &[]).is_none());
    }

    #[test]
    fn working_hours_are_laid_on_days_from_nine() {
        let days = WorkDays::usual(&[]);
        let first = days.before(date(2024, 1, 5));
        let layout = Layout { days, hours_per_day: 8.0, first };
        let written_at = [0.0, 7.9999, 8.0, -1.0].map(|hours| layout.written(hours));
        let due =
            ["2024-01-05T09:00:00Z", "2024-01-05T16:59:59Z", "2024-01-08T09:00:00Z", "2024-01-04T16:00:00Z"];
        assert_eq!(written_at, due);
        // What goes on day and night ends on Saturday, which has the number of the next Monday.
        let over = layout.second_after(7.0, 10.5);
        assert_eq!(written(over), "2024-01-06T02:30:00Z");
        assert_eq!([layout.days.of_second(over), layout.day(8.0)], [first + 1; 2]);
    }
}
