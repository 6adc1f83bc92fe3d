//! A quantity is a number and a word; this file reads the two apart, and teaches serde to do the same.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};

/// The largest amount any quantity may have, whatever its unit.
pub(super) const LARGEST: f64 = 1e9;

/// Why a quantity could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// What is wrong, as a sentence without a final stop.
    pub message: String,
    /// What to write instead; may be empty.
    pub help: String,
}

/// Separates message from help while an error travels through serde, which only carries one text.
const SEAM: &str = " -- ";

impl Misread {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }

    /// Takes message and help apart again after serde has carried them.
    pub fn from_serde(text: &str) -> Self {
        match text.trim_end().split_once(SEAM) {
            Some((message, help)) => Self::new(message, help),
            None => Self::from_library(text.trim_end()),
        }
    }

    /// What a library says of a value that does not fit, in our words.
    fn from_library(text: &str) -> Self {
        let (said, due) = text.split_once(", expected ").unwrap_or((text, ""));
        let quoted = || said.split('`').nth(1).unwrap_or_default();
        let known = due.trim_start_matches("one of ").replace('`', "");
        let write = if due.is_empty() { String::new() } else { format!("write {due}") };
        match () {
            () if said.starts_with("missing field") => {
                let key = quoted();
                Self::new(format!("the key `{key}` is missing"), format!("write {key} = …"))
            }
            () if said.starts_with("unknown field") => {
                Self::new(format!("unknown key `{}`", quoted()), format!("known are: {known}"))
            }
            () if said.starts_with("unknown variant") => {
                let message = format!("`{}` is not one of the words known here", quoted());
                Self::new(message, format!("known are: {known}"))
            }
            () if said.starts_with("invalid ") || said.contains("did not match") => {
                Self::new("this cannot stand here", write)
            }
            () => Self::new(text, ""),
        }
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.help.is_empty() {
            true => Ok(()),
            false => write!(f, "{SEAM}{}", self.help),
        }
    }
}

impl std::error::Error for Misread {}

/// A quantity with a notation of its own: `FromStr` reads it, `Display` writes it so that it reads back equal.
pub trait Notation: FromStr<Err = Misread> + fmt::Display {
    /// The name by which a schema refers to this notation.
    const MARK: &'static str;
    /// A regular expression for editors; the parser is the authority.
    const PATTERN: &'static str;
    /// What it is, with an example, to follow the word "write".
    const MEANING: &'static str;

    /// What a number without any unit means; most notations refuse it and suggest one.
    ///
    /// # Errors
    /// When the number alone does not say enough, or lies outside the notation's range.
    fn bare(number: f64) -> Result<Self, Misread>;
}

/// Reads a quantity from a string, or from a number where the notation allows it.
pub(super) fn deserialize<'de, T: Notation, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    from.deserialize_any(Quantity(PhantomData))
}

struct Quantity<T>(PhantomData<T>);

impl<T: Notation> Visitor<'_> for Quantity<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::MEANING)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        T::bare(number as f64).map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        T::bare(number as f64).map_err(E::custom)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        T::bare(number).map_err(E::custom)
    }
}

/// Gives a notation its serde and schema forms.
macro_rules! notation_in_documents {
    ($type:ident) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::quantity::deserialize(from)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        $crate::quantity::notation_schema!($type, { "type": "string" });
    };
}

/// Gives a notation its schema: the shapes it takes, a mark for the checker, and words for a person.
macro_rules! notation_schema {
    ($type:ident, { $($shape:tt)* }) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!("orgsim::notation::", stringify!($type)).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                use $crate::Notation;
                schemars::json_schema!({
                    $($shape)*,
                    "pattern": $type::PATTERN,
                    "description": $type::MEANING,
                    "x-notation": $type::MARK,
                })
            }
        }
    };
}

pub(super) use {notation_in_documents, notation_schema};

/// Splits "1.5 days" into 1.5 and "days". The word may be empty.
///
/// # Errors
/// When there is no number in front, or it is negative or too large to mean anything.
pub(super) fn amount_and_word<'a>(text: &'a str, expected: &str) -> Result<(f64, &'a str), Misread> {
    let text = text.trim();
    let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '_' | '+' | '-')).unwrap_or(text.len());
    let (digits, word) = text.split_at(end);
    let plain = digits.replace('_', "");
    if word.starts_with(',') && !digits.is_empty() {
        let message = format!("{} has a comma", crate::diagnostic::quoted(text));
        let help = format!("a decimal has a point: `{}`", text.replacen(',', ".", 1));
        return Err(Misread::new(message, help));
    }
    let Ok(amount) = plain.parse::<f64>() else {
        let message = format!("{} does not start with a number", crate::diagnostic::quoted(text));
        return Err(Misread::new(message, format!("write {expected}")));
    };
    Ok((within(amount, text)?, word.trim()))
}

/// Accepts a number that is finite, not negative and not absurdly large.
pub(super) fn within(amount: f64, text: &str) -> Result<f64, Misread> {
    let said = crate::diagnostic::quoted(text);
    if amount.is_nan() {
        return Err(Misread::new("`nan` is not a quantity", "write a number"));
    }
    if amount < 0.0 || (amount == 0.0 && amount.is_sign_negative()) {
        return Err(Misread::new(format!("{said} is negative"), "write zero or more"));
    }
    if amount > LARGEST {
        return Err(Misread::new(format!("{said} is too large"), "the largest amount is 1000000000"));
    }
    Ok(amount)
}

/// A number as it would be typed, cut to what fits a sentence.
pub(super) fn plain(number: f64) -> String {
    match number.abs() < 1e15 && (number == 0.0 || number.abs() > 1e-7) {
        true => format!("{number}"),
        false => format!("{number:e}"),
    }
}
