//! A limit is how many are allowed at once: a positive whole number, or the word "unlimited".

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::quantity::{Misread, Notation, notation_schema, plain};
use crate::diagnostic::quoted;

const MOST: f64 = 1e9;

/// How many are allowed at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Limit {
    /// At most this many, from one to a thousand million.
    AtMost(NonZeroU32),
    /// Any number.
    #[default]
    Unlimited,
}

impl Limit {
    /// The number, if there is a limit at all.
    pub fn number(self) -> Option<u32> {
        match self {
            Limit::AtMost(number) => Some(number.get()),
            Limit::Unlimited => None,
        }
    }
}

impl FromStr for Limit {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        let word = text.trim();
        if word == "unlimited" {
            return Ok(Limit::Unlimited);
        }
        let number = word.parse::<f64>().map_err(|_| {
            Misread::new(format!("{} is not a limit", quoted(word)), "write a whole number, or \"unlimited\"")
        })?;
        Self::bare(number)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::AtMost(number) => number.fmt(f),
            Limit::Unlimited => f.write_str("unlimited"),
        }
    }
}

impl Notation for Limit {
    const MARK: &'static str = "limit";
    const PATTERN: &'static str = r"^(unlimited|[0-9]+)$";
    const MEANING: &'static str = "a limit: a positive whole number, or \"unlimited\"";

    fn bare(number: f64) -> Result<Self, Misread> {
        let whole = number.fract() == 0.0 && (1.0..=MOST).contains(&number);
        match NonZeroU32::new(if whole { number as u32 } else { 0 }) {
            Some(number) => Ok(Limit::AtMost(number)),
            None => Err(Misread::new(
                format!("`{}` is not a limit", plain(number)),
                "write a whole number from 1 to 1000000000, or \"unlimited\"",
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        super::quantity::deserialize(from)
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Limit::AtMost(number) => to.serialize_u32(number.get()),
            Limit::Unlimited => to.serialize_str("unlimited"),
        }
    }
}

notation_schema!(Limit, { "type": ["integer", "string"] });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_numbers_or_a_word() {
        assert_eq!("6".parse::<Limit>().map(Limit::number), Ok(Some(6)));
        assert_eq!("unlimited".parse::<Limit>(), Ok(Limit::Unlimited));
        for text in ["0", "-1", "1.5", "NaN", "inf", "1e300", "none"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }
}
