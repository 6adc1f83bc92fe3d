//! A probability distribution, as written: "2 days" for certain, or `{ lognormal = { mean = "1 day", cv = 1.5 } }`.
//!
//! The same shapes serve durations ([`DurationDistribution`]) and plain numbers ([`NumberDistribution`]); they differ
//! only in how a parameter is written. A distribution is checked when it is read, so that whoever compiles it into a
//! sampler meets only possible parameters. Nothing is sampled here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

use super::quantity::{Misread, Notation, amount_and_word, plain, within};
use super::span::{Span, Unit, WorkCalendar};

/// The schema mark of a distribution of durations.
pub(super) const DURATION_DISTRIBUTION: &str = "law";
/// The schema mark of a distribution of plain numbers.
pub(super) const NUMBER_DISTRIBUTION: &str = "number-law";

/// A distribution of durations.
pub type DurationDistribution = DistributionOf<Span>;
/// A distribution of plain numbers, such as how many items an initiative has.
pub type NumberDistribution = DistributionOf<Number>;

/// A plain number, finite and not negative, as a distribution's parameter.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Number(f64);

impl Number {
    /// The number itself, finite and not negative.
    pub fn value(self) -> f64 {
        self.0
    }
}

/// What a distribution's parameters are measured in.
pub trait DistributionParameter:
    Notation + Copy + serde::de::DeserializeOwned + Serialize + schemars::JsonSchema
{
    /// The schema mark and the name of the whole distribution's schema.
    const LAW: (&'static str, &'static str);
    /// What the distribution is, to follow the word "write".
    const LAW_MEANING: &'static str;
    /// Whether the parameter counts things, so that distributions of whole numbers make sense.
    const COUNTS: bool;

    /// A size by which two parameters can be ordered; in hours of the usual calendar for durations.
    fn size(&self) -> f64;
}

impl DistributionParameter for Span {
    const LAW: (&'static str, &'static str) = (DURATION_DISTRIBUTION, "Law");
    const LAW_MEANING: &'static str =
        "a duration such as \"2 days\", or a distribution such as { exponential = \"4 hours\" }";
    const COUNTS: bool = false;

    fn size(&self) -> f64 {
        self.hours(&WorkCalendar::default())
    }
}

impl DistributionParameter for Number {
    const LAW: (&'static str, &'static str) = (NUMBER_DISTRIBUTION, "NumberLaw");
    const LAW_MEANING: &'static str =
        "a number such as 6, or a distribution such as { geometric = { mean = 6 } }";
    const COUNTS: bool = true;

    fn size(&self) -> f64 {
        self.0
    }
}

/// A distribution whose parameters are of type `P`.
#[derive(Clone, Debug, PartialEq)]
pub enum DistributionOf<P> {
    /// Always the same.
    Fixed(P),
    /// Memoryless, with this mean.
    Exponential(P),
    /// The exponential of a normal variable.
    Lognormal(Lognormal<P>),
    /// Weibull with a positive shape.
    Weibull { scale: ScaleOf<P>, shape: f64 },
    /// Gamma, by its mean and its spread.
    Gamma { mean: P, spread: Spread },
    /// Anything between the two, equally likely.
    Uniform { min: P, max: P },
    /// `min <= mode <= max`, and `min < max`.
    Triangular { min: P, mode: P, max: P },
    /// The number of trials up to the first success, at least 1, with this mean; counts only.
    Geometric { mean: P },
    /// The number of rare events, with this mean; counts only.
    Poisson { mean: P },
    /// One of several distributions, chosen by weight.
    Mixture(Vec<Part<P>>),
    /// One of these values, each equally likely; at least one.
    Empirical(Vec<P>),
    /// The values of a column, read by whoever compiles the scenario; the unit is absent for plain numbers.
    Csv { file: String, column: String, unit: Option<Unit> },
}

/// The two ways to write a lognormal distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lognormal<P> {
    /// By its mean and its coefficient of variation, which is positive.
    Mean { mean: P, cv: f64 },
    /// By its median and the standard deviation of its logarithm, which is positive.
    Median { median: P, sigma: f64 },
}

/// The two ways to write how large a Weibull variable is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScaleOf<P> {
    /// Its mean.
    Mean(P),
    /// Its scale parameter, which 63 % of draws stay below.
    Scale(P),
}

/// The two ways to write how much a gamma variable varies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spread {
    /// Coefficient of variation, positive.
    Cv(f64),
    /// Shape parameter, positive; the square of one over the coefficient of variation.
    Shape(f64),
}

/// One part of a mixture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    deny_unknown_fields,
    bound(deserialize = "P: DistributionParameter", serialize = "P: DistributionParameter")
)]
pub struct Part<P> {
    /// How often this part is chosen, relative to the others; positive and finite.
    pub weight: f64,
    /// The law it follows.
    pub law: DistributionOf<P>,
}

impl FromStr for Number {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        match amount_and_word(text, Self::MEANING)? {
            (number, "") => Ok(Self(number)),
            (number, _) => {
                let help = format!("write {} without quotes or unit", plain(number));
                Err(Misread::new(format!("{} is not a plain number", crate::diagnostic::quoted(text)), help))
            }
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Notation for Number {
    const MARK: &'static str = "number";
    const PATTERN: &'static str = r"^[0-9_]*\.?[0-9_]+$";
    const MEANING: &'static str = "a number, zero or more";

    fn bare(number: f64) -> Result<Self, Misread> {
        within(number, &plain(number)).map(Self)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        super::quantity::deserialize(from)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(self.0)
    }
}

super::quantity::notation_schema!(Number, { "type": "number", "minimum": 0 });
