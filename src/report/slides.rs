//! Slides: the charts of a comparison, each titled with what it shows.

pub mod best;
mod flow;
mod over_time;
pub mod robust;
pub mod sensitivity;
pub mod sweep;
mod time_spent;
mod verdicts;

use super::chart::{ChartError, Direction, Estimate, Heading, Svg, Verdict};
use super::{findings, manifest, words};
use experiment::robust::summary::RobustSummary;
use experiment::summary::unit::Unit;
use experiment::summary::{Policy, Summary};
use statistics::{interval, verdict};

/// A slide with the name of its file.
pub struct Slide {
    pub name: &'static str,
    pub svg: Svg,
}

/// The slides that a comparison can fill, in the order of its story: what differs, how much of the lever, where it holds,
/// when it pays back, where time went; then the rest.
///
/// # Errors
/// When a chart cannot be drawn.
pub fn comparison(summary: &Summary, over: Option<&RobustSummary>) -> Result<Vec<Slide>, ChartError> {
    let mut slides = Vec::new();
    let mut add = |name: &'static str, drawn: Option<Result<Svg, ChartError>>| -> Result<(), ChartError> {
        if let Some(svg) = drawn {
            slides.push(Slide { name, svg: svg? });
        }
        Ok(())
    };
    let better = summary.compared().any(|(_, against)| against.judged[0].verdict == verdict::Verdict::Better);
    let mut around = match over {
        Some(over) => robust::slides(over)?,
        None => Vec::new(),
    }
    .into_iter();
    add("difference", verdicts::difference(summary).map(|chart| chart.draw()))?;
    add("lever", verdicts::lever(summary).map(|chart| chart.draw()))?;
    for slide in around.by_ref().take(1) {
        add(slide.name, Some(Ok(slide.svg)))?;
    }
    add("payback", over_time::payback(summary).filter(|_| better).map(|chart| chart.draw()))?;
    add("lead time change", time_spent::waterfall(summary).map(|chart| chart.draw()))?;
    add("lead time by cause", time_spent::causes(summary).map(|chart| chart.draw()))?;
    for (name, series) in over_time::SERIES {
        add(name, over_time::fan(summary, series).map(|chart| chart.draw()))?;
    }
    add("flow baseline", flow::chart(summary, summary.baseline()).map(|chart| chart.draw()))?;
    if let Some((best, _)) = summary.best().filter(|_| better) {
        add("flow best", flow::chart(summary, best).map(|chart| chart.draw()))?;
    }
    slides.extend(around);
    Ok(slides)
}

/// The slides of a single scenario under one policy.
///
/// # Errors
/// When a chart cannot be drawn.
pub fn single(summary: &Summary, policy: &Policy) -> Result<Vec<Slide>, ChartError> {
    let mut slides = Vec::new();
    if let Some(chart) = time_spent::causes(summary) {
        slides.push(Slide { name: "lead time by cause", svg: chart.draw()? });
    }
    if let Some(chart) = flow::chart(summary, policy) {
        slides.push(Slide { name: "flow", svg: chart.draw()? });
    }
    for (name, series) in over_time::SERIES {
        if let Some(chart) = over_time::fan(summary, series) {
            slides.push(Slide { name, svg: chart.draw()? });
        }
    }
    Ok(slides)
}

fn heading(summary: &Summary, title: String, subtitle: String) -> Heading {
    Heading { title: words::capital(&title), subtitle, source: manifest::source(&summary.frame) }
}

/// "400 simulated replications".
fn runs(summary: &Summary) -> String {
    words::count(summary.frame.completed, "replication", "replications")
}

fn direction(direction: verdict::Direction) -> Direction {
    match direction {
        verdict::Direction::HigherIsBetter => Direction::HigherIsBetter,
        verdict::Direction::LowerIsBetter => Direction::LowerIsBetter,
    }
}

fn word(word: verdict::Verdict) -> Verdict {
    match word {
        verdict::Verdict::Better => Verdict::Better,
        verdict::Verdict::Worse => Verdict::Worse,
        verdict::Verdict::PracticallySame => Verdict::Same,
        verdict::Verdict::CannotTell | verdict::Verdict::BeyondWindow => Verdict::Unclear,
    }
}

/// An estimate in the unit of an axis.
fn estimate(estimate: &interval::Estimate, scale: f64) -> Estimate {
    // Of what lies beyond the window there is no point to draw.
    let mean = if estimate.beyond > 0 { f64::NAN } else { estimate.mean };
    Estimate::new(mean * scale, estimate.low * scale, estimate.high * scale)
}

/// The factor by which a metric is drawn and its sign: shares in per cent, value and cost in money where it has a price.
pub fn scale(unit: &Unit) -> (f64, &'static str) {
    if unit.is_share() { (100.0, "%") } else { (unit.factor(), "") }
}

/// Whether this policy is the one a slide is about.
fn is_best(summary: &Summary, policy: &Policy) -> bool {
    summary.best().is_some_and(|(best, _)| best.name == policy.name)
}

/// The headline as a slide's title.
fn headline(summary: &Summary) -> String {
    findings::headline(summary)
}
