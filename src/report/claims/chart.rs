//! The charts of a claim: in its file's own organisation, and over plausible ones where they were asked.

use super::{expected, word, worlds};
use crate::chart::{
    ChartError, Difference, DifferenceRow, Direction, Estimate, Heading, Spread, SpreadRow, Svg, Verdict,
};
use crate::{manifest, words};
use experiment::summary::claims::{ClaimResult, Expected, Finding, OverDraws};

/// A claim's charts with their names: the difference with its interval and a line at zero, and where plausible
/// organisations were asked one with a mark for each of them.
///
/// # Errors
/// When one cannot be drawn.
pub fn charts(claim: &ClaimResult) -> Result<Vec<(String, Svg)>, ChartError> {
    let mut svgs = vec![own(claim).draw()?];
    if let Some(over) = counted(claim) {
        svgs.push(organisations(claim, over).draw()?);
    }
    Ok(names(claim).into_iter().zip(svgs).collect())
}

/// The names of a claim's charts, in the same order.
pub fn names(claim: &ClaimResult) -> Vec<String> {
    let on = if claim.on == "typical-medium" { " medium" } else { "" };
    let own = format!("{} {}{on}", claim.file, claim.number);
    let over = counted(claim).map(|_| format!("{own} organisations"));
    std::iter::once(own).chain(over).collect()
}

/// What plausible organisations said, where any of them counts.
fn counted(claim: &ClaimResult) -> Option<&OverDraws> {
    claim.worlds.as_ref().filter(|over| over.holds.organisations > 0)
}

fn source(claim: &ClaimResult) -> String {
    format!(
        "orgsim {} · {} · scenario {} · seed {} · simulation, not forecast",
        manifest::VERSION,
        claim.file,
        &claim.hash[..claim.hash.len().min(8)],
        claim.seed
    )
}

fn own(claim: &ClaimResult) -> Difference {
    let estimate = |of: &statistics::interval::Estimate, scale: f64| {
        Estimate::new(of.mean * scale, of.low * scale, of.high * scale)
    };
    let relative = claim.relative.low.is_finite() && claim.relative.high.is_finite();
    let (difference, unit, smallest) = match relative {
        true => (estimate(&claim.relative, 100.0), "%", claim.smallest * 100.0),
        false => {
            let (scale, sign) = crate::slides::scale(&claim.unit);
            (estimate(&claim.difference, scale), sign, f64::NAN)
        }
    };
    let up = claim.difference.mean * if claim.more_is_better { 1.0 } else { -1.0 } >= 0.0;
    let verdict = match claim.finding {
        Finding::PracticallySame => Verdict::Same,
        Finding::CannotTell => Verdict::Unclear,
        Finding::Supported if claim.expected == Expected::None => Verdict::Same,
        _ if up => Verdict::Better,
        _ => Verdict::Worse,
    };
    Difference {
        heading: Heading {
            title: format!("{}: {} {}", claim.tags, claim.statement, words::capital(word(claim.finding))),
            subtitle: format!(
                "Difference in paired replications with its interval; {} replications over {}; the claim expects {}",
                claim.difference.n,
                claim.horizon,
                expected(claim.expected),
            ),
            source: source(claim),
        },
        x_label: match relative {
            true => relative_label(claim),
            false => {
                let label = format!("{}, difference from {}", words::capital(&claim.measure), claim.than);
                words::with_label(&label, words::of_differences(&claim.unit))
            }
        },
        unit: unit.to_owned(),
        direction: if claim.more_is_better { Direction::HigherIsBetter } else { Direction::LowerIsBetter },
        smallest,
        rows: vec![DifferenceRow { name: claim.better.clone(), difference, verdict }],
    }
}

fn relative_label(claim: &ClaimResult) -> String {
    format!("{}, relative to {}, %", words::capital(&claim.measure), claim.than)
}

fn organisations(claim: &ClaimResult, over: &OverDraws) -> Spread {
    let good = if claim.more_is_better { 1.0 } else { -1.0 };
    let told = |effect: f64| match effect * good {
        gain if gain > claim.smallest => Verdict::Better,
        gain if gain < -claim.smallest => Verdict::Worse,
        _ => Verdict::Same,
    };
    let effects = over.effects.iter().filter(|effect| effect.is_finite());
    let runs = words::count(over.runs as usize, "replication", "replications");
    Spread {
        heading: Heading {
            title: format!(
                "{}: {} Over plausible organisations: {}",
                claim.tags,
                claim.statement,
                worlds::verdict(over)
            ),
            subtitle: format!(
                "One mark per organisation, the mean of few replications ({runs} a policy): blue better, orange worse, dark no \
                 difference that matters; the claim expects {}. The count is corrected for chance",
                expected(claim.expected),
            ),
            source: source(claim),
        },
        x_label: format!("{}; the outermost are drawn at the rim", relative_label(claim)),
        unit: "%".to_owned(),
        smallest: claim.smallest * 100.0,
        rows: vec![SpreadRow {
            name: claim.better.clone(),
            count: format!("holds in {}", worlds::holds(&over.holds)),
            dots: effects.map(|effect| (effect * 100.0, told(*effect))).collect(),
        }],
    }
}
