//! A day of the calendar, "2027-01-04".

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::quantity::{Misread, Notation, notation_in_documents};
use crate::diagnostic::quoted;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarDay(Date);

impl CalendarDay {
    /// Days from 1 January 1970 to it.
    pub fn number(self) -> f64 {
        f64::from(self.0.duration_since(Date::constant(1970, 1, 1)).as_hours() as i32) / 24.0
    }
}

impl FromStr for CalendarDay {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        let date = text.trim().parse::<Date>().ok();
        date.filter(|date| (1970..2200).contains(&date.year()) && text.trim().len() == 10)
            .map(CalendarDay)
            .ok_or_else(|| {
                let help = format!("write {}, from 1970 to 2199", Self::MEANING);
                Misread::new(format!("{} is no day of the calendar", quoted(text)), help)
            })
    }
}

impl fmt::Display for CalendarDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Notation for CalendarDay {
    const MARK: &'static str = "day";
    const PATTERN: &'static str = r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$";
    const MEANING: &'static str = "a day such as \"2027-01-04\"";

    fn bare(_: f64) -> Result<Self, Misread> {
        Err(Misread::new("a number is no day of the calendar", format!("write {}", Self::MEANING)))
    }
}

notation_in_documents!(CalendarDay);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        let number = |text: &str| text.parse::<CalendarDay>().map(CalendarDay::number);
        assert_eq!(
            (number("1970-01-01"), number("1970-03-01"), number("2027-01-04")),
            (Ok(0.0), Ok(59.0), Ok(20822.0))
        );
        for text in ["2027-02-30", "2027-1-4", "04.01.2027", "1969-12-31", "2027-01-04T10:00", "", "3"] {
            assert!(number(text).is_err(), "{text}");
        }
        assert_eq!("2027-01-04".parse::<CalendarDay>().expect("a day").to_string(), "2027-01-04");
    }
}
