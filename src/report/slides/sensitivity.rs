//! The slide of a sensitivity analysis: parameters by what the result hangs on them.

use super::{Slide, estimate, scale};
use crate::chart::{ChartError, Estimate, Heading, Ranking, RankingBar};
use crate::{sensitivity, words};
use experiment::sensitivity::{Reading, SensitivitySummary};

/// The slides that a result can fill.
///
/// # Errors
/// When a chart cannot be drawn.
pub fn slides(summary: &SensitivitySummary) -> Result<Vec<Slide>, ChartError> {
    Ok(vec![Slide { name: "sensitivity", svg: ranking(summary).draw()? }])
}

fn ranking(summary: &SensitivitySummary) -> Ranking {
    let is_morris = matches!(summary.rows.first().map(|row| row.kind), Some(Reading::Morris { .. }));
    // Shares of the variance have no unit.
    let (scale, _) = if is_morris { scale(&summary.metric.unit) } else { (1.0, "") };
    let bars = summary.rows.iter().map(|row| {
        let (strength, second) = match &row.kind {
            Reading::Morris { size, deviation, .. } => {
                (estimate(size, scale), Estimate::new(deviation * scale, f64::NAN, f64::NAN))
            }
            Reading::Sobol { first, total } => (estimate(first, 1.0), estimate(total, 1.0)),
        };
        RankingBar { name: row.path.clone(), strength, second }
    });
    let (label, note) = match is_morris {
        true => (
            words::with_label(
                &format!("Effect of the whole range on {}", summary.metric.title),
                words::of_differences(&summary.metric.unit),
            ),
            "bar: mean size of effects μ*, with interval · ring: their deviation σ · grey: what chance alone may reach",
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
                "{} points over the stated ranges, {} replications each, on the same random numbers; intervals at {}",
                summary.points,
                summary.runs,
                words::level(summary.frame.level)
            ),
            source: sensitivity::source(summary),
        },
        x_label: label,
        note: note.to_owned(),
        chance: summary.by_noise * scale,
        bars: bars.collect(),
    }
}
