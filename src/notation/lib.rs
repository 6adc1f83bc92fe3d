//! Notation reads quantities the way people write them: "2 days", "25%", "0.7/day", or a probability distribution.
//!
//! Every quantity carries its unit in its value. A bare number where a unit is due is refused with a
//! suggestion, because "13" has meant hours to one reader and days to the next often enough. Everything read
//! here is finite and within sane bounds, so that later layers need not check again.

mod day;
pub mod diagnostic;
mod distribution;
mod distribution_serde;
mod distribution_written;
mod half_life;
mod limit;
mod phase;
mod quantity;
mod rate;
mod share;
mod span;

pub use day::CalendarDay;
pub use distribution::{
    DistributionOf, DistributionParameter, DurationDistribution, Lognormal, Number, NumberDistribution, Part,
    ScaleOf, Spread,
};
pub use half_life::HalfLife;
pub use limit::Limit;
pub use phase::Phase;
pub use quantity::{Misread, Notation};
pub use rate::Rate;
pub use share::{Ratio, Share};
pub use span::{Span, Unit, WorkCalendar};

use serde::Deserialize;

/// The extension of a JSON schema that names the notation a value is written in.
pub const MARK: &str = "x-notation";

/// Reads `value` in the notation named by a schema's [`MARK`] and says what is wrong with it; nothing where
/// the mark is unknown. This is how a document is checked without knowing its Rust types.
pub fn verify(mark: &str, value: &toml::Value) -> Result<(), Misread> {
    match mark {
        Span::MARK => read::<Span>(value),
        Share::MARK => read::<Share>(value),
        Ratio::MARK => read::<Ratio>(value),
        Rate::MARK => read::<Rate>(value),
        HalfLife::MARK => read::<HalfLife>(value),
        Phase::MARK => read::<Phase>(value),
        CalendarDay::MARK => read::<CalendarDay>(value),
        Limit::MARK => read::<Limit>(value),
        Number::MARK => read::<Number>(value),
        distribution::DURATION_DISTRIBUTION => read_distribution::<DurationDistribution>(value),
        distribution::NUMBER_DISTRIBUTION => read_distribution::<NumberDistribution>(value),
        _ => Ok(()),
    }
}

/// What a notation expects, for a message about a value of quite another kind.
pub fn meaning(mark: &str) -> Option<&'static str> {
    Some(match mark {
        Span::MARK => Span::MEANING,
        Share::MARK => Share::MEANING,
        Ratio::MARK => Ratio::MEANING,
        Rate::MARK => Rate::MEANING,
        HalfLife::MARK => HalfLife::MEANING,
        Phase::MARK => Phase::MEANING,
        CalendarDay::MARK => CalendarDay::MEANING,
        Limit::MARK => Limit::MEANING,
        Number::MARK => Number::MEANING,
        distribution::DURATION_DISTRIBUTION => Span::LAW_MEANING,
        distribution::NUMBER_DISTRIBUTION => Number::LAW_MEANING,
        _ => return None,
    })
}

fn read<T: Notation>(value: &toml::Value) -> Result<(), Misread> {
    let read = match value {
        toml::Value::String(text) => text.parse::<T>(),
        toml::Value::Integer(number) => T::bare(*number as f64),
        toml::Value::Float(number) => T::bare(*number),
        _ => Err(Misread::new("this cannot stand here", format!("write {}", T::MEANING))),
    };
    read.map(|_| ())
}

fn read_distribution<T: for<'de> Deserialize<'de>>(value: &toml::Value) -> Result<(), Misread> {
    match T::deserialize(value.clone()) {
        Ok(_) => Ok(()),
        Err(error) => Err(Misread::from_serde(error.message())),
    }
}
