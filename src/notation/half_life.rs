//! A half-life is the time in which half of something is left, or the word "never".

use std::fmt;
use std::str::FromStr;

use super::quantity::{Misread, Notation, notation_in_documents};
use super::span::{Span, WorkCalendar};

/// The working time in which half is left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HalfLife {
    After(Span),
    /// All of it stays.
    Never,
}

impl HalfLife {
    /// The part that is lost an hour, evenly: ln 2 over the half-life, and 0 where nothing is.
    pub fn fade(self, calendar: &WorkCalendar) -> f64 {
        match self {
            HalfLife::After(span) => std::f64::consts::LN_2 / span.hours(calendar),
            HalfLife::Never => 0.0,
        }
    }
}

impl FromStr for HalfLife {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        if text.trim() == "never" {
            return Ok(HalfLife::Never);
        }
        let span: Span = text.parse()?;
        if span.amount() > 0.0 {
            return Ok(HalfLife::After(span));
        }
        Err(Misread::new("a half-life must be positive", format!("write {}", Self::MEANING)))
    }
}

impl fmt::Display for HalfLife {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HalfLife::After(span) => span.fmt(f),
            HalfLife::Never => f.write_str("never"),
        }
    }
}

impl Notation for HalfLife {
    const MARK: &'static str = "half-life";
    const PATTERN: &'static str = r"^\s*(never|[0-9_]*\.?[0-9_]+\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?|months?|q|quarters?|y|years?))\s*$";
    const MEANING: &'static str = "a half-life in working time such as \"3 years\", or \"never\"";

    fn bare(number: f64) -> Result<Self, Misread> {
        Span::bare(number).map(HalfLife::After)
    }
}

notation_in_documents!(HalfLife);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_lives_are_spans_or_a_word() {
        let calendar = WorkCalendar::default();
        let fade = |text: &str| text.parse::<HalfLife>().map(|it| it.fade(&calendar));
        assert_eq!(fade("never"), Ok(0.0));
        let hours = calendar.hours_per_day * calendar.days_per_year;
        assert!((fade("1 year").expect("a half-life") * hours - std::f64::consts::LN_2).abs() < 1e-15);
        for text in ["0 days", "3", "none", "-1 year", ""] {
            assert!(text.parse::<HalfLife>().is_err(), "{text}");
        }
        for text in ["never", "3 years", "1 quarter"] {
            assert_eq!(text.parse::<HalfLife>().expect("a half-life").to_string(), text);
        }
    }
}
