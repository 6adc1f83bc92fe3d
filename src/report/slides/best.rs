//! The slide of a search for the best mix: what is gained for what it costs.

use super::{Slide, heading};
use crate::best::{gained, headline};
use crate::chart::{ChartError, Frontier, FrontierPoint, Role};
use crate::words;
use experiment::summary::best::BestSummary;

/// The slides that a search can fill.
///
/// # Errors
/// When a chart cannot be drawn.
pub fn slides(found: &BestSummary) -> Result<Vec<Slide>, ChartError> {
    Ok(vec![Slide { name: "frontier", svg: frontier(found).draw()? }])
}

fn frontier(found: &BestSummary) -> Frontier {
    let summary = &found.summary;
    let (metric, worth) = (summary.objective(), &summary.frame.worth);
    let (scale, unit) = super::scale(&metric.unit);
    let policies = summary.policies.iter().enumerate();
    let points = policies.filter_map(|(at, policy)| {
        let gain = gained(&policy.against.as_ref()?.judged[0].difference);
        let role = match at {
            at if at == found.best => Role::Emphasised,
            at if Some(at) == found.runner_up => Role::Other,
            _ => Role::Baseline,
        };
        let cost = found.costs[at].mean * worth.factor();
        Some(FrontierPoint { name: policy.name.clone(), cost, gain: super::estimate(&gain, scale), role })
    });
    let subtitle = format!(
        "Large dots with intervals at {}: the mixes that the search ended with, in {} that it has not seen. Small \
         dots: what else was tried, by the replications of the search. Line: the most that is gained for a cost or less",
        words::level(summary.frame.level),
        words::count(summary.frame.completed, "replication", "replications"),
    );
    Frontier {
        heading: heading(summary, headline(found), subtitle),
        x_label: format!("Cost beyond doing nothing, {} over the horizon", worth.name()),
        y_label: format!("Gain in {}", words::title_with_unit(&metric.title, &metric.unit)),
        unit: unit.to_owned(),
        budget: found.budget * worth.factor(),
        tried: found.tried.iter().map(|tried| (tried.cost * worth.factor(), tried.gain * scale)).collect(),
        points: points.collect(),
    }
}
