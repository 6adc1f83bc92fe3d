//! Numbers are written with as many digits as they deserve, the same for all numbers that are read together.

use super::scale::{extent, usable};
use super::text::Type;

/// Units that are wider than this in pixels ("engineer-months of cost" is not) are shortened.
const WIDEST_UNIT: f64 = 210.0;

/// How a family of numbers is written.
#[derive(Clone, Debug)]
pub struct Numbers {
    decimals: usize,
    divisor: f64,
    suffix: &'static str,
    unit: String,
}

impl Numbers {
    /// Two or three significant digits for the largest of the values.
    pub fn for_values(values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = extent(values).unwrap_or((0.0, 1.0));
        let (divisor, suffix) = magnitude(low.abs().max(high.abs()));
        let largest = low.abs().max(high.abs()) / divisor;
        let decimals = match largest {
            size if size >= 100.0 || size == 0.0 => 0,
            size if size >= 10.0 => 1,
            size if size >= 1.0 => 2,
            size => decimals_of(size / 10.0),
        };
        Self::new(decimals, divisor, suffix)
    }

    /// As many decimals as ticks at this distance need.
    pub fn for_ticks(ticks: &[f64], step: f64) -> Self {
        let largest = ticks.iter().fold(0.0_f64, |known, tick| known.max(tick.abs()));
        let (divisor, suffix) = magnitude(largest);
        Self::new(decimals_that_show(step / divisor), divisor, suffix)
    }

    fn new(decimals: usize, divisor: f64, suffix: &'static str) -> Self {
        let unit = String::new();
        Self { decimals, divisor, suffix, unit }
    }

    /// The same numbers followed by a short unit; a percent sign stands close, anything else apart.
    pub fn with_unit(self, unit: &str) -> Self {
        let unit = match unit.trim() {
            "" => String::new(),
            close @ ("%" | "×" | "°") => close.to_string(),
            apart => format!("\u{A0}{}", Type::small().fit(apart, WIDEST_UNIT)),
        };
        Self { unit, ..self }
    }

    /// The same numbers followed by a unit only where it is a single sign, as on an axis whose label has it.
    pub fn with_sign_of(self, unit: &str) -> Self {
        match unit.trim() {
            close @ ("%" | "×" | "°") => self.with_unit(close),
            _ => self,
        }
    }

    /// "1,234.5", "−3.0", "–" for what is no number.
    pub fn plain(&self, value: f64) -> String {
        if !usable(value) {
            return "–".to_string();
        }
        let scaled = value / self.divisor;
        let digits = format!("{:.*}", self.decimals, scaled.abs());
        let is_zero = digits.chars().all(|digit| matches!(digit, '0' | '.'));
        let sign = if scaled < 0.0 && !is_zero { "−" } else { "" };
        let suffix = if is_zero { "" } else { self.suffix };
        format!("{sign}{}{suffix}{}", grouped(&digits), self.unit)
    }

    /// The same with a plus sign before what is above zero.
    pub fn signed(&self, value: f64) -> String {
        let plain = self.plain(value);
        let above = usable(value) && value > 0.0 && plain.contains(|digit| matches!(digit, '1'..='9'));
        if above { format!("+{plain}") } else { plain }
    }
}

fn magnitude(largest: f64) -> (f64, &'static str) {
    match largest {
        size if size >= 1e12 => (1e12, "tn"),
        size if size >= 1e9 => (1e9, "bn"),
        size if size >= 1e6 => (1e6, "M"),
        size if size >= 1e4 => (1e3, "k"),
        _ => (1.0, ""),
    }
}

/// Decimals that show the first digit of a small number; more than six are never useful on a slide.
fn decimals_of(size: f64) -> usize {
    if size >= 1.0 || size <= 0.0 {
        return 0;
    }
    (-libm::log10(size) - 1e-9).ceil().clamp(0.0, 6.0) as usize
}

/// Decimals that show the whole of a round step: one for 2.5, two for 0.25.
fn decimals_that_show(step: f64) -> usize {
    let is_whole = |decimals: &usize| {
        let scaled = step * libm::pow(10.0, *decimals as f64);
        scaled > 0.5 && (scaled - scaled.round()).abs() < 1e-6 * scaled
    };
    (0..=6).find(is_whole).unwrap_or(6)
}

/// Thousands set apart by commas.
fn grouped(digits: &str) -> String {
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_follow_the_largest_number() {
        let small = Numbers::for_values([1.234, -0.5]);
        assert_eq!((small.plain(1.234), small.signed(-0.5)), ("1.23".into(), "−0.50".into()));
        let large = Numbers::for_values([12_345.6]).with_unit("days");
        assert_eq!(large.signed(12_345.6), "+12.3k\u{A0}days");
        assert_eq!(Numbers::for_values([2_500_000.0]).plain(2_500_000.0), "2.50M");
        let ticks = Numbers::for_ticks(&[0.0, 50_000.0], 50_000.0);
        assert_eq!((ticks.plain(50_000.0), ticks.plain(0.0)), ("50k".into(), "0".into()));
        assert_eq!(Numbers::for_values([9_876.0]).plain(9_876.0), "9,876");
        assert_eq!(Numbers::for_values([12.0]).with_unit("%").plain(12.0), "12.0%");
    }

    #[test]
    fn zero_has_no_sign_and_nan_is_a_dash() {
        let numbers = Numbers::for_values([15.0]);
        assert_eq!(numbers.signed(-0.001), "0.0");
        assert_eq!(numbers.signed(0.001), "0.0");
        assert_eq!(numbers.plain(f64::NAN), "–");
    }

    #[test]
    fn ticks_get_the_decimals_of_their_step() {
        assert_eq!(Numbers::for_ticks(&[0.0, 5.0], 5.0).plain(5.0), "5");
        assert_eq!(Numbers::for_ticks(&[0.0, 2.5], 2.5).plain(2.5), "2.5");
        assert_eq!(Numbers::for_ticks(&[0.0, 0.25], 0.25).plain(0.25), "0.25");
        assert_eq!(Numbers::for_ticks(&[0.0, 0.02], 0.02).plain(0.02), "0.02");
    }
}
