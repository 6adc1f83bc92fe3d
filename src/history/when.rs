//! When something happened: an instant, or a day where the source says no more.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Seconds of a day.
pub const DAY: f64 = 86_400.0;

/// The last year that a date may lie in; what lies beyond is a mistake of typing.
pub const LAST_YEAR: i16 = 2199;

/// When something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On this day, at an hour that nobody wrote down.
    Day(Date),
    /// At this instant.
    At(Timestamp),
}

impl When {
    /// The day in the zone.
    pub fn day(self, zone: &TimeZone) -> Date {
        match self {
            Self::Day(day) => day,
            Self::At(at) => zone.to_datetime(at).date(),
        }
    }

    /// Days since 1970 in the zone's wall clock, with fractions. A day without an hour counts from noon, so that it lies
    /// neither before nor after what happened on it.
    pub fn days(self, zone: &TimeZone) -> f64 {
        match self {
            Self::Day(day) => number_of(day) + 0.5,
            Self::At(at) => {
                let local = zone.to_datetime(at);
                let seconds = local.time().duration_since(Time::midnight()).as_secs_f64();
                number_of(local.date()) + seconds / DAY
            }
        }
    }

    /// The whole second since 1970 in the zone's wall clock; that of noon where no hour is known.
    pub fn second(self, zone: &TimeZone) -> i64 {
        (self.days(zone) * DAY).round() as i64
    }

    /// Whether the hour is known.
    pub fn has_hour(self) -> bool {
        matches!(self, Self::At(_))
    }

    /// ISO 8601: with the zone's offset, or a plain date.
    pub fn written(self, zone: &TimeZone) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::At(at) => {
                let local = zone.to_datetime(at);
                let offset = zone.to_offset(at).seconds();
                let (sign, size) = (if offset < 0 { '-' } else { '+' }, offset.abs());
                let (date, time) = (local.date(), local.time());
                format!(
                    "{date}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
                    time.hour(),
                    time.minute(),
                    time.second(),
                    size / 3600,
                    size % 3600 / 60
                )
            }
        }
    }

    /// Reads what [`When::written`] wrote; None of anything else.
    pub fn read(text: &str) -> Option<Self> {
        let found = match text.len() {
            10 => Self::Day(text.parse().ok()?),
            _ => Self::At(text.parse().ok()?),
        };
        let year = found.day(&TimeZone::UTC).year();
        (1900..=LAST_YEAR).contains(&year).then_some(found)
    }

    /// So many days later; None where that leaves the centuries that dates may lie in.
    pub fn plus_days(self, days: f64) -> Option<Self> {
        if !days.is_finite() || days.abs() > 100_000.0 {
            return None;
        }
        let moved = match self {
            Self::Day(day) => {
                Self::Day(day.checked_add(Span::new().try_days(days.round() as i64).ok()?).ok()?)
            }
            Self::At(at) => {
                Self::At(at.checked_add(Span::new().try_seconds((days * DAY).round() as i64).ok()?).ok()?)
            }
        };
        (1900..=LAST_YEAR).contains(&moved.day(&TimeZone::UTC).year()).then_some(moved)
    }
}

/// The number of a day, counted from 1970-01-01.
pub fn number_of(day: Date) -> f64 {
    f64::from(day.duration_since(Date::constant(1970, 1, 1)).as_hours() as i32 / 24)
}

/// The day with a number.
///
/// # Panics
/// When the number lies outside the years that a calendar has.
pub fn day_of(number: f64) -> Date {
    let span = Span::new().days(number.floor() as i64);
    Date::constant(1970, 1, 1).checked_add(span).expect("a day of the calendar")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        for text in ["2024-03-31T03:30:00+02:00", "2024-01-15", "2024-01-15T00:00:00+01:00"] {
            let when = When::read(text).expect("a date");
            assert_eq!(when.written(&zone), text);
        }
        assert!(
            When::read("2024-13-01").is_none()
                && When::read("").is_none()
                && When::read("0001-01-01").is_none()
        );
        let noon = When::read("2024-01-15").expect("a day");
        assert_eq!(noon.days(&zone).fract(), 0.5);
        assert_eq!(day_of(number_of(Date::constant(2024, 2, 29))), Date::constant(2024, 2, 29));
    }
}
