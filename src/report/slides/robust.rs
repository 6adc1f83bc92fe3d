//! The slides of plausible organisations: the spread of differences, what decides, and where the verdict turns.

use super::Slide;
use crate::chart::{
    Border, BorderAxis, ChartError, Estimate, Heading, Ranking, RankingBar, Spread, SpreadRow, Verdict,
};
use crate::{robust, words};
use experiment::robust::summary::{Opinion, PolicyOver, RangeAxis, RobustSummary, Word};

/// The slides that a result can fill.
///
/// # Errors
/// When a chart cannot be drawn.
pub fn slides(summary: &RobustSummary) -> Result<Vec<Slide>, ChartError> {
    let Some(opinion) = summary.opinions.first() else { return Ok(Vec::new()) };
    let mut slides = vec![Slide { name: "organisations", svg: spread(summary, opinion).draw()? }];
    if let Some(best) = opinion.best().filter(|best| !best.gains.is_empty()) {
        slides.push(Slide { name: "what decides", svg: decides(summary, best).draw()? });
        // A border in two parameters that are not shown to decide would be drawn through chance.
        let decided = best.drivers.iter().any(|driver| driver.correlation.abs() > best.chance);
        if let Some(border) = border(summary, best).filter(|_| decided) {
            slides.push(Slide { name: "border", svg: border.draw()? });
        }
    }
    Ok(slides)
}

fn heading(summary: &RobustSummary, title: String, subtitle: String) -> Heading {
    Heading { title, subtitle, source: robust::source(summary) }
}

fn word(word: Word) -> Verdict {
    match word {
        Word::Better => Verdict::Better,
        Word::Worse => Verdict::Worse,
        Word::Same => Verdict::Same,
    }
}

fn spread(summary: &RobustSummary, opinion: &Opinion) -> Spread {
    let row = |policy: &PolicyOver| SpreadRow {
        name: policy.name.clone(),
        count: format!("better in {} of {}", robust::counted(&policy.better), policy.better.organisations),
        dots: policy.gains.iter().map(|gain| (gain.relative * 100.0, word(gain.word))).collect(),
    };
    Spread {
        heading: heading(
            summary,
            robust::headline(summary),
            format!(
                "One mark per organisation: mean difference over {} replications on the same random numbers; blue better, orange worse, \
                 dark no difference that matters. Counts are corrected for chance",
                summary.runs
            ),
        ),
        x_label: format!(
            "Gain in {} against “{}”, % of each organisation’s own; the outermost are drawn at the rim",
            summary.objective.title,
            summary.baseline.trim()
        ),
        unit: "%".to_owned(),
        smallest: summary.frame.smallest * 100.0,
        rows: opinion.policies.iter().map(row).collect(),
    }
}

fn decides(summary: &RobustSummary, policy: &PolicyOver) -> Ranking {
    let name = policy.name.trim();
    let strongest = policy.drivers.first().filter(|driver| driver.correlation.abs() > policy.chance);
    let title = match strongest {
        Some(driver) => {
            let way = if driver.correlation > 0.0 { "grows" } else { "shrinks" };
            match driver.name.split_once(" = ") {
                Some(_) => format!("The gain of “{name}” {way} where {}", driver.name),
                None => format!("The gain of “{name}” {way} with {}", driver.name),
            }
        }
        None => format!("No single parameter is shown to decide the gain of “{name}”"),
    };
    let bar = |driver: &experiment::robust::summary::Driver| RankingBar {
        name: driver.name.clone(),
        strength: Estimate::new(driver.correlation, f64::NAN, f64::NAN),
        second: Estimate::new(f64::NAN, f64::NAN, f64::NAN),
    };
    Ranking {
        heading: heading(
            summary,
            title,
            format!(
                "Rank correlation of each parameter with the gain in {} over {}",
                summary.objective.title,
                words::count(policy.gains.len(), "organisation", "organisations")
            ),
        ),
        x_label: "Rank correlation: right, more of it is better for the policy".to_owned(),
        note: format!(
            "grey band: what the strongest may reach by chance, {}",
            words::level(summary.frame.level)
        ),
        chance: policy.chance,
        bars: policy.drivers.iter().map(bar).collect(),
    }
}

fn border(summary: &RobustSummary, policy: &PolicyOver) -> Option<Border> {
    let map = policy.map.as_ref()?;
    let axis = |axis: &RangeAxis| BorderAxis { label: axis.name.clone(), ticks: axis.ticks.clone() };
    let title = match &policy.loses_where {
        Some(rule) => format!("“{}” loses where {}", policy.name.trim(), rule.conditions),
        None => format!("Where “{}” beats the baseline depends most on {}", policy.name.trim(), map.x.name),
    };
    Some(Border {
        heading: heading(
            summary,
            title,
            "One dot per organisation; line: half of the organisations around are better. All other parameters differ \
             as well, so colours mix"
                .to_owned(),
        ),
        x: axis(&map.x),
        y: axis(&map.y),
        points: map.points.iter().map(|(x, y, at)| (*x, *y, word(*at))).collect(),
    })
}
