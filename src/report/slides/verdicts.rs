//! The slides of the verdict: differences from the baseline, and the objective against the lever.

use super::{direction, estimate, heading, headline, runs, scale, word};
use crate::chart::{self, Difference, DifferenceRow, LeverChart, LeverPoint, Position};
use crate::findings::named;
use crate::{plain, words};
use experiment::summary::Summary;
use experiment::summary::unit::Unit;
use statistics::interval::Estimate;
use statistics::verdict::Verdict;

/// Every policy's difference from the baseline in the objective.
pub fn difference(summary: &Summary) -> Option<Difference> {
    let metric = summary.objective();
    let (factor, sign) = scale(&metric.unit);
    let rows: Vec<DifferenceRow> = summary
        .compared()
        .map(|(policy, against)| DifferenceRow {
            name: bounded(&policy.name, &against.judged[0].difference.simultaneous),
            difference: bound(&against.judged[0].difference.simultaneous, factor),
            verdict: match against.cannot_matter(summary.frame.smallest) {
                true => chart::Verdict::CannotMatter,
                false => word(against.judged[0].verdict),
            },
        })
        .collect();
    let size = summary.baseline().estimates[summary.objective].mean.abs() * factor;
    let unit = words::of_differences(&metric.unit);
    let subtitle = format!(
        "Difference from {} in paired replications: mean and interval, which hold together at {}; {} each",
        named(summary.baseline()),
        words::level(summary.frame.level),
        runs(summary),
    );
    (!rows.is_empty()).then(|| Difference {
        heading: heading(summary, headline(summary), subtitle),
        x_label: words::with_label(
            &format!("Difference in {} over {}", metric.title, summary.frame.horizon),
            unit,
        ),
        unit: sign.to_owned(),
        direction: direction(metric.better.unwrap_or(statistics::verdict::Direction::HigherIsBetter)),
        smallest: summary.frame.smallest * size,
        rows,
    })
}

/// A difference of which only a bound is known is drawn at the bound, without an interval.
fn bound(difference: &Estimate, factor: f64) -> chart::Estimate {
    estimate(&Estimate { beyond: 0, ..*difference }, factor)
}

/// The policy's name, and beside it that only a bound of its difference is known.
fn bounded(name: &str, difference: &Estimate) -> String {
    match words::signed_mean(difference, &Unit::NONE) {
        text if difference.beyond == 0 || !text.starts_with("at ") => name.to_owned(),
        text if text.starts_with("at most") => format!("{name} (at most: beyond the window)"),
        _ => format!("{name} (at least: beyond the window)"),
    }
}

/// The objective against the one path in which policies differ.
pub fn lever(summary: &Summary) -> Option<LeverChart> {
    let lever = summary.lever.as_ref()?;
    let metric = summary.objective();
    let (factor, sign) = scale(&metric.unit);
    let places = Places::of(&lever.values);
    let mut points: Vec<(usize, LeverPoint)> = summary
        .policies
        .iter()
        .enumerate()
        .map(|(at, policy)| {
            let objective = estimate(&policy.estimates[summary.objective], factor);
            (at, LeverPoint { at: places.at[at].clone(), estimate: objective, like_best: false })
        })
        .collect();
    points.sort_by(|(_, a), (_, b)| rank(&a.at).total_cmp(&rank(&b.at)));
    let place = |policy: usize| points.iter().position(|(at, _)| *at == policy);
    let best = summary.best().filter(|(_, against)| against.judged[0].verdict == Verdict::Better);
    let best = best.and_then(|(best, _)| summary.policies.iter().position(|policy| policy.name == best.name));
    Some(LeverChart {
        heading: heading(
            summary,
            title(summary, &plain::name(&lever.path), best.map(|at| lever.values[at].as_str())),
            format!(
                "Mean {} over {} with intervals at {}; {} per value",
                metric.title,
                summary.frame.horizon,
                words::level(summary.frame.level),
                runs(summary)
            ),
        ),
        x_label: plain::axis(&lever.path),
        x_unit: places.unit.clone(),
        y_label: words::capital(&words::title_with_unit(&metric.title, &metric.unit)),
        y_unit: sign.to_owned(),
        ordered: places.ordered,
        smallest: 0.0,
        baseline: place(0),
        best: best.and_then(place),
        points: points.into_iter().map(|(_, point)| point).collect(),
    })
}

fn title(summary: &Summary, path: &str, best: Option<&str>) -> String {
    let metric = &summary.objective().title;
    match best {
        Some(value) => format!("Of the values tried for {path}, {value} does best by {metric}"),
        None => headline(summary),
    }
}

/// Where a position stands in the order of an axis: what is open comes last.
pub fn rank(position: &Position) -> f64 {
    match position {
        Position::Number(number) => *number,
        Position::Name(_) => f64::INFINITY,
    }
}

/// Where values as written stand on an axis: numbers of one unit, "unlimited" last, or just names.
pub struct Places {
    pub at: Vec<Position>,
    pub unit: String,
    pub ordered: bool,
}

impl Places {
    pub fn of(values: &[String]) -> Places {
        let split: Vec<Option<(f64, String)>> = values.iter().map(|value| number_and_unit(value)).collect();
        let units: std::collections::BTreeSet<&str> =
            split.iter().flatten().map(|(_, unit)| unit.as_str()).collect();
        let open = |value: &String| value == "unlimited";
        let all = values.iter().zip(&split).all(|(value, split)| split.is_some() || open(value));
        if !all || units.len() != 1 {
            let at = values.iter().map(|value| Position::Name(value.clone())).collect();
            return Places { at, unit: String::new(), ordered: false };
        }
        let position = |(value, split): (&String, &Option<(f64, String)>)| match split {
            Some((number, _)) => Position::Number(*number),
            None => Position::Name(value.clone()),
        };
        let unit = units.first().map_or(String::new(), |unit| (*unit).to_owned());
        Places { at: values.iter().zip(&split).map(position).collect(), unit, ordered: true }
    }
}

/// "25%" is 25 of "%", "2 weeks" is 2 of "weeks".
fn number_and_unit(text: &str) -> Option<(f64, String)> {
    let end = text
        .find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '.' | '_')))
        .unwrap_or(text.len());
    let number = text[..end].replace('_', "").parse::<f64>().ok()?;
    let unit = text[end..].trim();
    // "1 week" and "2 weeks" are of one unit.
    let unit = if unit.len() > 1 { format!("{}s", unit.trim_end_matches('s')) } else { unit.to_owned() };
    Some((number, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_one_unit_have_an_order() {
        let places = Places::of(&["1 week".into(), "2 weeks".into(), "unlimited".into()]);
        assert!(places.ordered && places.unit == "weeks");
        assert!(!Places::of(&["25%".into(), "2 weeks".into()]).ordered);
        assert!(!Places::of(&["cd3".into(), "value".into()]).ordered);
    }
}
