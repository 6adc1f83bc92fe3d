//! The slide of a sensitivity analysis: parameters by what the result hangs on them.

use super::Slide;
use crate::chart::{ChartError, Estimate, Heading, Ranking, RankingBar};
use crate::{sensitivity, words};
use experiment::sensitivity::{Reading, SensitivitySummary};
use statistics::interval;

/// The slides that a result can fill.
///
/// # Errors
/// When a chart cannot be drawn.
pub fn slides(summary: &SensitivitySummary) -> Result<Vec<Slide>, ChartError> {
    Ok(vec![Slide { name: "sensitivity", svg: ranking(summary).draw()? }])
}

fn ranking(summary: &SensitivitySummary) -> Ranking {
    let drawn = |estimate: &interval::Estimate| Estimate::new(estimate.mean, estimate.low, estimate.high);
    let bars = summary.rows.iter().map(|row| {
        let (strength, second) = match &row.kind {
            Reading::Morris { size, deviation, .. } => {
                (drawn(size), Estimate::new(*deviation, f64::NAN, f64::NAN))
            }
            Reading::Sobol { first, total } => (drawn(first), drawn(total)),
        };
        RankingBar { name: row.path.clone(), strength, second }
    });
    let is_morris = matches!(summary.rows.first().map(|row| row.kind), Some(Reading::Morris { .. }));
    let (label, note) = match is_morris {
        true => (
            format!("Effect of the whole range on {}, {}", summary.metric.title, summary.metric.unit),
            "bar: mean size of effects μ*, with interval · ring: their deviation σ · grey: what luck alone may reach",
        ),
        false => (
            "Share of the variance".to_owned(),
            "bar: first index, by itself · ring: total index, with interactions; both with intervals",
        ),
    };
    Ranking {
        heading: Heading {
            title: sensitivity::headline(summary),
            subtitle: format!(
                "{} points over the stated ranges, {} simulated lives each, on the same luck; intervals at {}",
                summary.points,
                summary.runs,
                words::level(summary.frame.level)
            ),
            source: sensitivity::source(summary),
        },
        x_label: label,
        note: note.to_owned(),
        chance: summary.by_noise,
        bars: bars.collect(),
    }
}
