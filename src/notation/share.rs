//! A share is a part of a whole, a ratio compares with a whole; both are written as percentages.

use std::fmt;
use std::str::FromStr;

use super::quantity::{Misread, Notation, amount_and_word, notation_in_documents, plain};
use crate::diagnostic::quoted;

/// A part of a whole, "0%" to "100%".
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Share {
    /// Kept as written: 7 % is 0.07, but 0.07 × 100 is not 7.
    percent: f64,
}

/// A comparison with a whole that may exceed it, "0%" to "1000%".
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Ratio {
    percent: f64,
}

/// Defines what the two percentages have in common.
macro_rules! percentage {
    ($type:ident, $most:literal, $mark:literal, $meaning:literal) => {
        impl $type {
            /// From a fraction, where 1 is the whole.
            ///
            /// # Errors
            /// When it is negative, not a number, or above the largest percentage.
            pub fn of(fraction: f64) -> Result<Self, Misread> {
                Self::percent(fraction * 100.0)
            }

            /// As a fraction, where 1 is the whole.
            pub fn fraction(&self) -> f64 {
                self.percent / 100.0
            }

            fn percent(percent: f64) -> Result<Self, Misread> {
                match (0.0..=$most).contains(&percent) && !percent.is_sign_negative() {
                    true => Ok(Self { percent }),
                    false => Err(Misread::new(
                        format!("`{}%` is out of range", plain(percent)),
                        concat!("write a percentage from 0% to ", $most, "%"),
                    )),
                }
            }
        }

        impl FromStr for $type {
            type Err = Misread;

            fn from_str(text: &str) -> Result<Self, Misread> {
                match amount_and_word(text, Self::MEANING)? {
                    (amount, "%" | "percent") => Self::percent(amount),
                    (amount, "") => Self::bare(amount),
                    (_, word) => Err(Misread::new(
                        format!("{} is not a percentage", quoted(text)),
                        format!("write \"%\" in place of {}", quoted(word)),
                    )),
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}%", self.percent)
            }
        }

        impl Notation for $type {
            const MARK: &'static str = $mark;
            const PATTERN: &'static str = r"^\s*[0-9_]*\.?[0-9_]+\s*%\s*$";
            const MEANING: &'static str = $meaning;

            fn bare(number: f64) -> Result<Self, Misread> {
                // A number up to one was surely meant as a fraction, a larger one as a percentage.
                let percent = if number <= 1.0 { (number * 1e8).round() / 1e6 } else { number };
                let help = match Self::percent(percent) {
                    Ok(meant) => format!("write \"{meant}\""),
                    Err(_) => format!("write {}", Self::MEANING),
                };
                Err(Misread::new(format!("`{}` is not a percentage", plain(number)), help))
            }
        }

        notation_in_documents!($type);
    };
}

percentage!(Share, 100.0, "share", "a share such as \"25%\", at most 100%");
percentage!(Ratio, 1000.0, "ratio", "a ratio such as \"80%\" or \"110%\", at most 1000%");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_read_back_equal() {
        for text in ["0%", "7%", "12.5%", "100%"] {
            assert_eq!(text.parse::<Share>().expect(text).to_string(), text);
        }
        assert_eq!("25 %".parse::<Share>().expect("a share").fraction(), 0.25);
        assert_eq!("110%".parse::<Ratio>().expect("a ratio").fraction(), 1.1);
    }

    #[test]
    fn a_fraction_is_refused_with_the_percentage_it_means() {
        assert_eq!("0.25".parse::<Share>().expect_err("bare").help, "write \"25%\"");
        assert_eq!(Share::bare(0.07).expect_err("bare").help, "write \"7%\"");
        assert_eq!(Share::bare(30.0).expect_err("bare").help, "write \"30%\"");
    }

    #[test]
    fn out_of_range_is_refused() {
        for text in ["101%", "-1%", "NaN%", "inf%", "%", "5 days"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
        assert!("1001%".parse::<Ratio>().is_err());
        assert!(Share::of(f64::NAN).is_err());
    }
}
