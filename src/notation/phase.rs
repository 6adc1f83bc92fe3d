//! A phase says when a rhythm begins: so long after the beginning, or on a day of the week.

use std::fmt;
use std::str::FromStr;

use super::quantity::{Misread, Notation, notation_in_documents};
use super::span::{Span, WorkCalendar};
use crate::diagnostic::{nearest, quoted};

/// The days of a week, which begins on the first.
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// When something happens for the first time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// So long after the beginning.
    After(Span),
    /// In the first week, on its nth day from 0, at a minute of the day.
    Weekday { day: u8, minute: u16 },
}

impl Phase {
    /// Working hours from the beginning, a Monday morning, to it.
    ///
    /// # Errors
    /// When nobody works on that day of the week, or at that time.
    pub fn hours(&self, calendar: &WorkCalendar) -> Result<f64, Misread> {
        match *self {
            Phase::After(span) => Ok(span.hours(calendar)),
            Phase::Weekday { day, .. } if f64::from(day) + 1.0 > calendar.days_per_week => {
                let message = format!("{} is no working day", DAYS[usize::from(day)]);
                Err(Misread::new(message, "choose an earlier day, or change days_per_week in [clock]"))
            }
            Phase::Weekday { day, minute } => {
                let (hours, last) = (f64::from(minute) / 60.0 - WorkCalendar::OPENS, calendar.hours_per_day);
                if (0.0..last).contains(&hours) {
                    return Ok(f64::from(day) * last + hours);
                }
                let message = format!("{self} is outside the working day");
                Err(Misread::new(message, format!("a day begins at 9:00 and has {last} working hours")))
            }
        }
    }
}

impl FromStr for Phase {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        let (word, time) =
            text.trim().split_once(' ').map_or((text.trim(), None), |(word, time)| (word, Some(time)));
        if word.starts_with(|letter: char| !letter.is_ascii_alphabetic()) {
            return text.parse().map(Phase::After);
        }
        let day = DAYS.iter().position(|day| day.eq_ignore_ascii_case(word)).ok_or_else(|| {
            let help = match nearest(word, DAYS) {
                Some(day) => format!("did you mean `{day}`?"),
                None => format!("write {}", Self::MEANING),
            };
            Misread::new(format!("{} is no day of the week", quoted(word)), help)
        })?;
        let minute = match time.map(str::trim) {
            None => (WorkCalendar::OPENS * 60.0) as u16,
            Some(time) => minute(time).ok_or_else(|| {
                Misread::new(format!("{} is no time of day", quoted(time)), "write it such as 10:00 or 14:30")
            })?,
        };
        Ok(Phase::Weekday { day: day as u8, minute })
    }
}

/// The minute of the day of a time such as "14:30".
fn minute(time: &str) -> Option<u16> {
    let (hour, minute) = time.split_once(':')?;
    let number = |digits: &str, most: u16| {
        let are_digits =
            (1..=2).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<u16>().ok().filter(|number| are_digits && *number <= most)
    };
    (minute.len() == 2).then_some(number(hour, 23)? * 60 + number(minute, 59)?)
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Phase::After(span) => span.fmt(f),
            Phase::Weekday { day, minute } => {
                write!(f, "{} {:02}:{:02}", DAYS[usize::from(*day)], minute / 60, minute % 60)
            }
        }
    }
}

impl Notation for Phase {
    const MARK: &'static str = "phase";
    const PATTERN: &'static str = r"^\s*([0-9_]*\.?[0-9_]+\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?|months?|q|quarters?|y|years?)|([Mm]on|[Tt]ues|[Ww]ednes|[Tt]hurs|[Ff]ri|[Ss]atur|[Ss]un)day(\s+[0-9]{1,2}:[0-9]{2})?)\s*$";
    const MEANING: &'static str = "working time from the beginning such as \"2 days\", or a day of the week such as \"Tuesday\" or \"Tuesday 10:00\"";

    fn bare(number: f64) -> Result<Self, Misread> {
        Span::bare(number).map(Phase::After)
    }
}

notation_in_documents!(Phase);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday_morning() {
        let calendar = WorkCalendar::default();
        let hours = |text: &str| text.parse::<Phase>().and_then(|phase| phase.hours(&calendar));
        for (text, due) in [
            ("Monday", 0.0),
            ("Tuesday 10:00", 9.0),
            ("friday 14:30", 37.5),
            ("Monday 16:30", 7.5),
            ("2 days", 16.0),
        ] {
            assert_eq!(hours(text), Ok(due), "{text}");
        }
        for text in [
            "Tuesay",
            "Tuesday 25:00",
            "Tuesday 10",
            "Tuesday 1:5",
            "Saturday",
            "Monday 7:00",
            "Monday 17:00",
            "",
            "3",
            "Tuesday ten",
        ] {
            assert!(hours(text).is_err(), "{text}");
        }
        assert!("Tuesay".parse::<Phase>().is_err_and(|error| error.help.contains("`Tuesday`")));
        assert_eq!("tuesday 9:05".parse::<Phase>().expect("a phase").to_string(), "Tuesday 09:05");
    }
}
