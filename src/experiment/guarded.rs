//! Guardrails beside a selection: whoever names the best of many by one metric says in the same breath what it hurts.

use super::compare::{direction, level, metric_text};
use super::summary::Guarded;
use scenario::study::Study;
use statistics::paired::{Comparison, PairedDifference, compare};
use statistics::resample::Resampling;
use statistics::seen::Seen;
use statistics::verdict::Margin;

/// The level at which guardrails of one selected from `among` hold: selected after the fact, any of them might have been.
pub fn level_among(study: &Study, among: usize) -> f64 {
    1.0 - (1.0 - level(study)) / among.max(1) as f64
}

/// What is known of each guardrail of the selected one (the first of each pair) against the baseline. They are one family,
/// at a level that knows how many there were to select from.
pub fn judged(study: &Study, metrics: &[usize], pairs: &[(Seen, Seen)], among: usize) -> Vec<Guarded> {
    let family: Vec<Comparison<'_>> = metrics
        .iter()
        .zip(pairs)
        .map(|(metric, (policy, baseline))| Comparison { policy, baseline, direction: direction(*metric) })
        .collect();
    if family.is_empty() {
        return Vec::new();
    }
    let margin = Margin::Relative(study.scenario.judge.smallest_difference.fraction());
    let resampling = Resampling::seeded(study.scenario.seed);
    let differences = compare(&family, level_among(study, among), resampling);
    let one = |(metric, difference): (&usize, PairedDifference)| Guarded {
        title: metric_text(study, *metric).title,
        word: difference.guardrail(margin),
        pairs: difference.n,
    };
    metrics.iter().zip(differences).map(one).collect()
}
