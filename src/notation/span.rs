//! A span is a length of working time, kept as it was written until a calendar says how long a day is.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::quantity::{Misread, Notation, amount_and_word, notation_in_documents, plain};
use crate::diagnostic::{nearest, quoted};

/// The longest span, in hours of the usual calendar: about fifty thousand years of work, which long runs of
/// textbook queues stay far below, and which integer clocks can still count in microseconds.
const LONGEST_HOURS: f64 = 1e8;

/// A unit of working time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A sixtieth of a minute.
    Second,
    /// A sixtieth of an hour.
    Minute,
    /// The unit everything is converted to.
    Hour,
    /// A working day, not twenty-four hours.
    Day,
    /// A working week.
    Week,
    /// A working month.
    Month,
    /// A working quarter.
    Quarter,
    /// A working year.
    Year,
}

/// Each unit, its name, and the other words accepted for it.
const UNITS: [(Unit, &str, &[&str]); 8] = [
    (Unit::Second, "second", &["seconds", "sec", "secs", "s"]),
    (Unit::Minute, "minute", &["minutes", "min", "mins", "m"]),
    (Unit::Hour, "hour", &["hours", "hr", "hrs", "h"]),
    (Unit::Day, "day", &["days", "d"]),
    (Unit::Week, "week", &["weeks", "wk", "wks", "w"]),
    (Unit::Month, "month", &["months", "mo"]),
    (Unit::Quarter, "quarter", &["quarters", "q"]),
    (Unit::Year, "year", &["years", "yr", "yrs", "y"]),
];

impl Unit {
    /// The unit's name in the singular.
    pub fn name(self) -> &'static str {
        UNITS[self as usize].1
    }

    /// Its length in working hours.
    pub fn hours(self, calendar: &WorkCalendar) -> f64 {
        match self {
            Unit::Second => 1.0 / 3600.0,
            Unit::Minute => 1.0 / 60.0,
            Unit::Hour => 1.0,
            Unit::Day => calendar.hours_per_day,
            Unit::Week => calendar.hours_per_day * calendar.days_per_week,
            Unit::Month => calendar.hours_per_day * calendar.days_per_month,
            Unit::Quarter => calendar.hours_per_day * calendar.days_per_quarter,
            Unit::Year => calendar.hours_per_day * calendar.days_per_year,
        }
    }
}

impl FromStr for Unit {
    type Err = Misread;

    fn from_str(word: &str) -> Result<Self, Misread> {
        let word = word.trim();
        let found = UNITS.iter().find(|(_, name, others)| *name == word || others.contains(&word));
        found.map(|(unit, ..)| *unit).ok_or_else(|| {
            let names = UNITS.iter().flat_map(|(_, name, others)| others.first().into_iter().chain([name]));
            let help = match nearest(word, names.copied()) {
                Some(best) => format!("did you mean `{best}`?"),
                None => "known are: seconds, minutes, hours, days, weeks, months, quarters, years".to_owned(),
            };
            Misread::new(format!("unknown unit of time {}", quoted(word)), help)
        })
    }
}

/// A length of working time, as written: "90 min", "4h", "1.5 days", "2 weeks", "1 quarter".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    amount: f64,
    unit: Unit,
}

impl Span {
    /// A span of `amount` units.
    ///
    /// # Errors
    /// When the amount is negative, not a number, or beyond about fifty thousand years of work.
    pub fn new(amount: f64, unit: Unit) -> Result<Self, Misread> {
        let text = format!("{} {}", plain(amount), unit.name());
        let amount = super::quantity::within(amount, &text)?;
        if amount * unit.hours(&WorkCalendar::default()) > LONGEST_HOURS {
            return Err(Misread::new(format!("{} is too long", quoted(&text)), "write at most 40000 years"));
        }
        Ok(Self { amount, unit })
    }

    /// How many units, finite and not negative.
    pub fn amount(&self) -> f64 {
        self.amount
    }

    /// Its length in working hours, finite and not negative.
    pub fn hours(&self, calendar: &WorkCalendar) -> f64 {
        self.amount * self.unit.hours(calendar)
    }
}

impl FromStr for Span {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        let (amount, word) = amount_and_word(text, Self::MEANING)?;
        match word.is_empty() {
            true => Self::bare(amount),
            false => Self::new(amount, word.parse()?),
        }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.amount == 1.0 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.amount, self.unit.name())
    }
}

impl Notation for Span {
    const MARK: &'static str = "span";
    const PATTERN: &'static str = r"^\s*[0-9_]*\.?[0-9_]+\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?|months?|q|quarters?|y|years?)\s*$";
    const MEANING: &'static str =
        "a length of working time such as \"90 min\", \"4 hours\", \"1.5 days\" or \"2 weeks\"";

    fn bare(number: f64) -> Result<Self, Misread> {
        let n = plain(number);
        let help = format!("write a unit, such as \"{n} hours\" or \"{n} days\"");
        Err(Misread::new(format!("`{n}` has no unit of time"), help))
    }
}

notation_in_documents!(Span);

/// How long a working day, week, month, quarter and year are. Calendar holidays are the caller's affair: a
/// quarter of 63 days already leaves a few out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WorkCalendar {
    /// Working hours in a day, above 0 and at most 24.
    #[serde(deserialize_with = "at_most::<24, _>")]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 24))]
    pub hours_per_day: f64,
    /// Working days in a week, above 0 and at most 7.
    #[serde(deserialize_with = "at_most::<7, _>")]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 7))]
    pub days_per_week: f64,
    /// Working days in a month, above 0 and at most 31.
    #[serde(deserialize_with = "at_most::<31, _>")]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 31))]
    pub days_per_month: f64,
    /// Working days in a quarter, above 0 and at most 92.
    #[serde(deserialize_with = "at_most::<92, _>")]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 92))]
    pub days_per_quarter: f64,
    /// Working days in a year, above 0 and at most 366.
    #[serde(deserialize_with = "at_most::<366, _>")]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 366))]
    pub days_per_year: f64,
}

impl WorkCalendar {
    /// The hour of the clock at which a working day begins, where something says a time of day.
    pub const OPENS: f64 = 9.0;
}

/// Reads a number above 0 and at most `MOST`.
fn at_most<'de, const MOST: u16, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let number = f64::deserialize(from)?;
    if number > 0.0 && number <= f64::from(MOST) {
        return Ok(number);
    }
    let help = format!("write a number above 0 and at most {MOST}");
    Err(serde::de::Error::custom(Misread::new(format!("`{}` is out of range", plain(number)), help)))
}

impl Default for WorkCalendar {
    fn default() -> Self {
        Self {
            hours_per_day: 8.0,
            days_per_week: 5.0,
            days_per_month: 21.0,
            days_per_quarter: 63.0,
            days_per_year: 252.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_spans_in_many_ways() {
        let calendar = WorkCalendar::default();
        let hours = |text: &str| text.parse::<Span>().map(|s| s.hours(&calendar));
        for (text, expected) in [
            ("90 min", 1.5),
            ("4h", 4.0),
            ("1.5 days", 12.0),
            ("2 weeks", 80.0),
            ("1 quarter", 504.0),
            ("0 days", 0.0),
            ("36 s", 0.01),
            ("200_000 days", 1.6e6),
        ] {
            assert_eq!(hours(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn display_reads_back_equal() {
        for text in ["1 day", "1.5 days", "0.1 hours", "90 minutes", "3 quarters"] {
            let span: Span = text.parse().expect("a span");
            assert_eq!(span.to_string(), text);
        }
    }

    #[test]
    fn nonsense_is_refused_with_advice() {
        for text in
            ["", "days", "NaN days", "1e300 days", "-2 days", "2 fortnights", "9999999999 years", "1.2.3 h"]
        {
            let refused = text.parse::<Span>().expect_err(text);
            assert!(!refused.help.is_empty(), "{text}");
        }
        assert_eq!("2 dyas".parse::<Span>().expect_err("typo").help, "did you mean `days`?");
        assert!("13".parse::<Span>().expect_err("no unit").help.contains("\"13 hours\""));
    }

    #[test]
    fn a_calendar_is_checked() {
        assert!(toml::from_str::<WorkCalendar>("hours_per_day = 0").is_err());
        assert_eq!(toml::from_str::<WorkCalendar>("").ok(), Some(WorkCalendar::default()));
    }
}
