//! The slide of cumulative flow.

use super::{heading, over_time::clock, runs};
use crate::chart::{Flow, FlowLayer};
use crate::findings::named;
use crate::words;
use experiment::summary::{Policy, Summary};

/// Cumulative flow of changes under one policy, on average over replications.
pub fn chart(summary: &Summary, policy: &Policy) -> Option<Flow> {
    let mean =
        |name: &str| -> Vec<f64> { summary.series(policy, name).iter().map(|week| week.mean.mean).collect() };
    let [arrived, started, built, done] = ["arrived", "started", "built", "done"].map(mean);
    let ended = *done.last()?;
    let came = *arrived.last()?;
    // Work open at the fork is not among these counts, so what leaves may outrun what comes.
    let layer = |name: &str, above: &[f64], below: &[f64]| FlowLayer {
        name: name.to_owned(),
        counts: above.iter().zip(below).map(|(above, below)| (above - below).max(0.0)).collect(),
    };
    let nothing = vec![0.0; done.len()];
    let gap = came - ended;
    let title = if gap > 0.1 * came {
        format!(
            "Under {}, {} of {} changes that were taken on were not yet live at the end",
            named(policy),
            words::number(gap),
            words::number(came)
        )
    } else {
        format!(
            "Under {}, about as many changes went live as were taken on: {} of {}",
            named(policy),
            words::number(ended),
            words::number(came)
        )
    };
    let subtitle = format!(
        "Changes since the fork by how far they had come, mean of {}; what was open at the fork counts as having come, what was refused does not",
        runs(summary)
    );
    let (clock, x_label) = clock(summary);
    Some(Flow {
        heading: heading(summary, title, subtitle),
        y_label: "Changes since the fork".to_owned(),
        x_label: x_label.to_owned(),
        clock,
        layers: vec![
            layer("live", &done, &nothing),
            layer("built, not yet live", &built, &done),
            layer("started, not yet built", &started, &built),
            layer("waiting to be started", &arrived, &started),
        ],
    })
}
