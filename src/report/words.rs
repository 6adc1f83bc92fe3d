//! Words for numbers: as many digits as they deserve, with units that people say out loud.

use experiment::summary::Frame;
use experiment::summary::unit::Unit;
use statistics::interval::Estimate;
use statistics::paired::PairedDifference;
use statistics::verdict::{Direction, Guardrail, Verdict};

/// Horizons beyond this many weeks are told in months.
const LONGEST_IN_WEEKS: f64 = 60.0;

/// Three significant digits at most: "1,234", "12.3", "0.0123", "–" for what is no number.
pub fn number(value: f64) -> String {
    if value.is_nan() {
        return "–".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    let size = value.abs();
    let decimals = match size {
        size if size >= 100.0 || size == 0.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 0.1 => 2,
        size if size >= 0.01 => 3,
        _ => 4,
    };
    let digits = format!("{size:.decimals$}");
    let is_zero = digits.chars().all(|digit| matches!(digit, '0' | '.'));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    let digits = if is_zero { "0".to_owned() } else { grouped(&digits) };
    format!("{sign}{digits}")
}

/// An amount of money with three digits: "950", "12.3k", "1.20M".
pub fn short(value: f64) -> String {
    let size = value.abs();
    // From what would be rounded to the next thousand.
    let (divisor, suffix) = match size {
        size if size >= 999.5e9 => (1e12, "tn"),
        size if size >= 999.5e6 => (1e9, "bn"),
        size if size >= 999.5e3 => (1e6, "M"),
        size if size >= 999.5 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let suffix = if value.is_finite() { suffix } else { "" };
    format!("{}{suffix}", number(value / divisor))
}

/// A command as a shell takes it: words with blanks, quotes or signs that mean something to a shell are quoted. What could move a
/// terminal's cursor is taken out, whatever that makes of the name.
pub fn command<T: AsRef<str>>(words: &[T]) -> String {
    let quoted = |word: &T| {
        let word = super::table::printable(word.as_ref());
        shlex::try_quote(&word).map_or_else(|_| word.clone(), |quoted| quoted.into_owned())
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// A path as a shell takes it, and as no option.
pub fn path(path: &std::path::Path) -> String {
    let text = path.to_string_lossy();
    command(&[if text.starts_with('-') { format!("./{text}") } else { text.into_owned() }])
}

/// A number of things: "9", "1,234".
pub fn whole(number: usize) -> String {
    grouped(&number.to_string())
}

/// Thousands set apart by commas.
fn grouped(digits: &str) -> String {
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + rest
}

/// A value in a metric's unit, without the unit's name, shares in per cent.
pub fn value(value: f64, unit: &Unit) -> String {
    match () {
        () if unit.is_share() && value.is_finite() => format!("{} %", number(value * 100.0)),
        () if unit.is_money() => short(value * unit.factor()),
        () => number(value * unit.factor()),
    }
}

/// A mean in a metric's unit: "more than 100" where some of what it is of lies beyond the window.
pub fn mean(estimate: &Estimate, unit: &Unit) -> String {
    mean_of(estimate.mean, estimate.beyond, unit)
}

/// The same of a bare mean, some of whose values may lie beyond the window.
pub fn mean_of(mean: f64, beyond: usize, unit: &Unit) -> String {
    let mean = value(mean, unit);
    if beyond > 0 { format!("more than {mean}") } else { mean }
}

/// What became of a single replication, in a metric's unit.
pub fn outcome(outcome: f64, unit: &Unit) -> String {
    if outcome == f64::INFINITY { "beyond the window".to_owned() } else { value(outcome, unit) }
}

/// The mean difference from the baseline with its sign, as far as it is known where a side lies beyond the window:
/// "at least +80", "at most −80", "–".
pub fn difference(difference: &PairedDifference, unit: &Unit) -> String {
    signed_mean(&difference.difference, unit)
}

/// The same of a bare estimate of a difference.
pub fn signed_mean(difference: &Estimate, unit: &Unit) -> String {
    let amount = signed(difference.mean, unit);
    match (difference.beyond, difference.low.is_finite(), difference.high.is_finite()) {
        (0, _, _) => amount,
        (_, true, false) => format!("at least {amount}"),
        (_, false, true) => format!("at most {amount}"),
        _ => "–".to_owned(),
    }
}

/// The same with a sign; a difference of shares is in percentage points.
pub fn signed(value: f64, unit: &Unit) -> String {
    let (value, ending) = if unit.is_share() { (value * 100.0, " pts") } else { (value * unit.factor(), "") };
    let plain = if unit.is_money() { short(value) } else { number(value) };
    let plus = value > 0.0 && plain.contains(|digit| matches!(digit, '1'..='9' | '∞'));
    let ending = if value.is_finite() { ending } else { "" };
    format!("{}{plain}{ending}", if plus { "+" } else { "" })
}

/// How much more or less a policy has, relative to the baseline: "+12 %"; nothing where that is too near zero for it.
pub fn relative(difference: &PairedDifference) -> String {
    if difference.at_least.is_some() {
        return "–".to_owned();
    }
    let relative = percent(difference.relative.mean);
    match (difference.beyond.policy, difference.beyond.baseline) {
        (0, 0) => relative,
        (_, 0) => format!("at least {relative}"),
        (0, _) => format!("at most {relative}"),
        _ => "–".to_owned(),
    }
}

/// The same, and where there is no percentage the difference itself: "+8.56 engineer-months of cost".
pub fn by(difference: &PairedDifference, unit: &Unit) -> String {
    if difference.at_least.is_none() {
        return relative(difference);
    }
    let amount = self::difference(difference, unit);
    with_name(amount, unit)
}

/// A relative difference with its sign: "+12 %".
pub fn percent(fraction: f64) -> String {
    let size = (fraction * 100.0).abs();
    if !size.is_finite() {
        return "–".to_owned();
    }
    let decimals = usize::from(size < 9.95);
    let digits = format!("{size:.decimals$}");
    let sign = match digits.contains(|digit| matches!(digit, '1'..='9')) {
        true if fraction > 0.0 => "+",
        true => "−",
        false => "",
    };
    format!("{sign}{digits} %")
}

/// A share without a sign: "58 %".
pub fn share(fraction: f64) -> String {
    if fraction.is_finite() { format!("{:.0} %", fraction * 100.0) } else { "–".to_owned() }
}

/// A level of confidence or a margin: "95 %", "2.5 %".
pub fn level(fraction: f64) -> String {
    let percent = (fraction * 1000.0).round() / 10.0;
    format!("{percent} %")
}

/// A value with its unit in words: "12.3 working days", "8.1 %".
pub fn with_unit(amount: f64, unit: &Unit) -> String {
    with_name(value(amount, unit), unit)
}

/// A number as it is written, with the name of its unit behind it; shares have theirs already.
pub fn with_name(written: String, unit: &Unit) -> String {
    let name = if unit.is_share() { "" } else { unit.name() };
    if name.is_empty() { written } else { format!("{written} {name}") }
}

/// What a difference of amounts is in: shares differ by percentage points.
pub fn of_differences(unit: &Unit) -> &str {
    if unit.is_share() { "percentage points" } else { unit.name() }
}

/// A metric's title with its unit: "value, engineer-months of cost"; shares need none.
pub fn title_with_unit(title: &str, unit: &Unit) -> String {
    with_label(title, if unit.is_share() { "" } else { unit.name() })
}

/// A title with the unit behind it, if there is one.
pub fn with_label(title: &str, unit: &str) -> String {
    if unit.is_empty() { title.to_owned() } else { format!("{title}, {unit}") }
}

/// An interval: "11.2 to 13.4".
pub fn interval(estimate: &Estimate, unit: &Unit) -> String {
    between(estimate, |end| value(end, unit))
}

/// An interval of a difference: "−1.2 to +3.4".
pub fn signed_interval(estimate: &Estimate, unit: &Unit) -> String {
    between(estimate, |end| signed(end, unit))
}

fn between(estimate: &Estimate, show: impl Fn(f64) -> String) -> String {
    if estimate.low.is_finite() || estimate.high.is_finite() {
        format!("{} to {}", show(estimate.low), show(estimate.high))
    } else {
        "not known".to_owned()
    }
}

/// The word of a verdict.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::PracticallySame => "practically the same",
        Verdict::CannotTell => "can't tell yet",
        Verdict::BeyondWindow => "cannot be known within this horizon",
    }
}

/// The word of a guardrail.
pub fn guardrail(guardrail: Guardrail) -> &'static str {
    match guardrail {
        Guardrail::Unhurt => "not hurt",
        Guardrail::Hurt => "hurt",
        Guardrail::NotShownUnhurt => "harm not ruled out",
        Guardrail::BeyondWindow => "cannot be known within this horizon",
    }
}

/// What happens to a metric that changes by this much: "raises", "lowers".
pub fn verb(difference: f64) -> &'static str {
    if difference >= 0.0 { "raises" } else { "lowers" }
}

/// "more is better", for axis labels.
pub fn direction(direction: Option<Direction>) -> &'static str {
    match direction {
        Some(Direction::HigherIsBetter) => "more is better",
        Some(Direction::LowerIsBetter) => "less is better",
        None => "neither is better",
    }
}

/// Whether a horizon of this many weeks is told in months.
pub fn in_months(horizon_weeks: f64) -> bool {
    horizon_weeks > LONGEST_IN_WEEKS
}

/// A number of weeks after the fork, in the unit of the horizon: "30 weeks", "17 months".
pub fn time(weeks: f64, frame: &Frame) -> String {
    let (amount, unit) =
        if in_months(frame.weeks) { (weeks / frame.month, "month") } else { (weeks, "week") };
    let amount = amount.round();
    format!("{amount:.0} {unit}{}", if amount == 1.0 { "" } else { "s" })
}

/// "1 policy", "2 policies".
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// "1 of 40 replications was", "2 of 40 replications were".
pub fn were(some: usize, all: usize) -> String {
    let verb = if some == 1 { "was" } else { "were" };
    format!("{some} of {} {verb}", count(all, "replication", "replications"))
}

/// Whether something is the best of those that are listed, or cannot be distinguished from it.
pub fn best(is_best: bool, like_best: bool) -> String {
    match (is_best, like_best) {
        (true, _) => "yes",
        (_, true) => "perhaps",
        _ => "no",
    }
    .to_owned()
}

/// What “perhaps” says there.
pub const PERHAPS: &str = "“Perhaps”: cannot be distinguished from the best.";

/// "a, b and c".
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The sentence with a capital letter at its beginning.
pub fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use experiment::summary::unit::Money;

    #[test]
    fn money_is_told_in_thousands_and_millions() {
        let money = Money { engineer_month: 12_000.0, currency: "€".to_owned() };
        let unit = Unit::of_value(Some(&money));
        let told: Vec<String> = [0.01, 0.0833, 1.0, 83.32, -83.33, 1e5, 1e9]
            .into_iter()
            .map(|months| signed(months, &unit))
            .collect();
        assert_eq!(told, ["+120", "+1.00k", "+12.0k", "+1.00M", "−1.00M", "+1.20bn", "+12.0tn"]);
        assert_eq!(with_unit(2.5, &unit), "30.0k €");
        assert_eq!(with_unit(2.5, &Unit::of_value(None)), "2.50 engineer-months of cost");
    }

    #[test]
    fn numbers_have_the_digits_they_deserve() {
        let written: Vec<String> =
            [1234.5, 12.34, 1.234, 0.05, -0.00001, f64::NAN].into_iter().map(number).collect();
        assert_eq!(written, ["1,234", "12.3", "1.23", "0.050", "0", "–"]);
        let share = Unit::SHARE;
        assert_eq!(value(0.123, &share), "12.3 %");
        assert_eq!(signed(-0.021, &share), "−2.10 pts");
        assert_eq!((percent(0.123).as_str(), percent(-0.04).as_str()), ("+12 %", "−4.0 %"));
    }
}
