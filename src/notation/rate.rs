//! A rate says how often something happens: "0.7/day", "3 per week", "120/year".

use std::fmt;
use std::str::FromStr;

use super::quantity::{Misread, Notation, amount_and_word, notation_in_documents, plain, within};
use super::span::{Unit, WorkCalendar};
use crate::diagnostic::quoted;

/// How many times per unit of working time, finite and not negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    amount: f64,
    unit: Unit,
}

impl Rate {
    /// `amount` times per `unit`.
    ///
    /// # Errors
    /// When the amount is negative, not a number, or above a thousand million.
    pub fn new(amount: f64, unit: Unit) -> Result<Self, Misread> {
        let text = format!("{}/{}", plain(amount), unit.name());
        Ok(Self { amount: within(amount, &text)?, unit })
    }

    /// How many times per working hour.
    pub fn per_hour(&self, calendar: &WorkCalendar) -> f64 {
        self.amount / self.unit.hours(calendar)
    }
}

impl FromStr for Rate {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        let (amount, rest) = amount_and_word(text, Self::MEANING)?;
        if rest.is_empty() {
            return Self::bare(amount);
        }
        let unit =
            rest.strip_prefix('/').or_else(|| rest.strip_prefix("per ")).or_else(|| rest.strip_prefix("a "));
        match unit {
            Some(word) => Self::new(amount, word.parse()?),
            None => Err(Misread::new(
                format!("{} is not a rate", quoted(text)),
                format!("write \"{n}/day\" or \"{n} per week\"", n = plain(amount)),
            )),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.amount, self.unit.name())
    }
}

impl Notation for Rate {
    const MARK: &'static str = "rate";
    const PATTERN: &'static str = r"^\s*[0-9_]*\.?[0-9_]+\s*(/|per )\s*[a-z]+\s*$";
    const MEANING: &'static str = "a rate such as \"0.7/day\" or \"3 per week\"";

    fn bare(number: f64) -> Result<Self, Misread> {
        let n = plain(number);
        let help = format!("write \"{n}/day\" or \"{n} per week\"");
        Err(Misread::new(format!("`{n}` does not say per what time"), help))
    }
}

notation_in_documents!(Rate);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_in_both_spellings() {
        let calendar = WorkCalendar::default();
        for (text, per_hour) in [("0.8/day", 0.1), ("4 per week", 0.1), ("2016 / year", 1.0), ("0/day", 0.0)]
        {
            assert_eq!(text.parse::<Rate>().expect(text).per_hour(&calendar), per_hour, "{text}");
        }
        assert_eq!("3 per week".parse::<Rate>().expect("a rate").to_string(), "3/week");
    }

    #[test]
    fn what_is_not_a_rate_gets_advice() {
        assert!("3".parse::<Rate>().expect_err("bare").help.contains("\"3/day\""));
        assert!("3 days".parse::<Rate>().expect_err("a span").help.contains("\"3/day\""));
        assert_eq!("3/dya".parse::<Rate>().expect_err("typo").help, "did you mean `day`?");
    }
}
