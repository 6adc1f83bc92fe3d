//! Value per added cost: what a policy adds to value over what it adds to cost, beside a number that a claim names.
//!
//! The interval is Fieller's ([`statistics::fieller`]). Where the policy is not shown to add cost there is no such ratio:
//! nothing is known then, whatever it adds to value.

use super::{MetricRow, column, metric};
use scenario::study::Study;
use scenario::tables::ClaimTable;
use statistics::fieller;
use statistics::interval::Estimate;
use statistics::moments::{Moments, present};
use statistics::paired::PairedDifference;
use statistics::seen::Seen;

/// Nearer to zero than this many standard errors no cost is shown to be added, as in Fieller's ratio.
const CLEAR: f64 = 3.0;

/// What a policy adds over the baseline, by replication.
pub struct Added {
    value: Vec<f64>,
    cost: Vec<f64>,
    than: f64,
}

impl Added {
    /// What the policy of a claim adds; nothing where the claim is about another measure.
    pub fn of(study: &Study, kept: &[MetricRow], claim: &ClaimTable) -> Option<Added> {
        let (true, Some(name), Some(than)) = (claim.is_per_added_cost(), &claim.better, claim.than_value)
        else {
            return None;
        };
        let at = study.timelines.iter().position(|timeline| timeline.name == *name)?;
        let added = |words: &str| -> Vec<f64> {
            let [policy, baseline] = [at, 0].map(|timeline| column(kept, timeline, metric(words)).values);
            policy.iter().zip(&baseline).map(|(policy, baseline)| policy - baseline).collect()
        };
        Some(Added { value: added("value"), cost: added("cost"), than })
    }

    /// Whether cost is shown to be added.
    fn is_added(&self) -> bool {
        let cost = Moments::of(&present(&self.cost));
        cost.mean > 0.0 && cost.mean >= CLEAR * cost.standard_error()
    }

    /// What is added to value, and what would have to be if the ratio were the number of the claim: the ratio lies above the
    /// number by a share just where the one lies above the other by that share. Not a number where no cost is added.
    pub fn sides(&self) -> [Seen; 2] {
        let known = |value: f64| if self.is_added() { value } else { f64::NAN };
        let value = self.value.iter().map(|value| known(*value)).collect();
        let due = self.cost.iter().map(|cost| known(self.than * cost)).collect();
        [Seen::known(value), Seen::known(due)]
    }

    /// A comparison of these two sides as one of the ratio with the number.
    pub fn told(&self, of: PairedDifference, level: f64) -> PairedDifference {
        let ratio = fieller::ratio(&self.value, &self.cost, level).filter(|_| self.is_added());
        let unknown = Estimate { mean: f64::NAN, low: f64::NAN, high: f64::NAN, level, n: 0, beyond: 0 };
        let ratio = ratio.unwrap_or(unknown);
        let scaled = |by: f64| {
            let [mean, low, high] = [ratio.mean, ratio.low, ratio.high].map(|value| (value - self.than) / by);
            Estimate { mean, low, high, ..ratio }
        };
        PairedDifference {
            policy_mean: ratio.mean,
            baseline_mean: self.than,
            simultaneous: scaled(1.0),
            simultaneous_relative: scaled(self.than),
            at_least: None,
            ..of
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::results;
    use super::*;
    use crate::summary::claims::Finding;
    use observation::metrics::METRICS;
    use scenario::study::Amendments;

    const HEALTH: &str = include_str!("../../../tests/fixtures/health.toml");

    fn study(than: f64) -> Study {
        let claim = format!(
            "[claim]\ntags = [\"D2\"]\nsource = \"none\"\nstatement = \"It is made up.\"\nbetter = \"quarter\"\nthan_value = {than:?}\n\
             measure = \"value per added cost\"\ndirection = \"higher\"\n"
        );
        let text = format!("{HEALTH}\n{claim}");
        let read = Study::from_text("made-up.toml", text.as_bytes(), ".".into(), &Amendments::default());
        read.unwrap_or_else(|refusal| panic!("{:?}", refusal.problems.iter().next())).0
    }

    /// Forty replications in which `quarter` adds this much cost, and three times that much value, both within a tenth.
    fn made(study: &Study, cost: impl Fn(f64) -> f64) -> Vec<MetricRow> {
        let row = |number: u64| {
            let wave = libm::sin(number as f64 * 0.7) * 0.1;
            let timeline = |adds: f64| {
                let mut values = vec![f64::NAN; METRICS.len()];
                values[metric("value")] = 50.0 + adds * 3.0 * (1.0 + wave);
                values[metric("cost")] = 20.0 + adds;
                Some(values)
            };
            let of = |name: &str| if name == "quarter" { cost(wave) } else { 0.0 };
            (number, study.timelines.iter().map(|policy| timeline(of(&policy.name))).collect())
        };
        (0..40).map(row).collect()
    }

    fn found(than: f64, cost: impl Fn(f64) -> f64) -> crate::summary::claims::ClaimResult {
        let study = study(than);
        results(&study, &made(&study, cost), 1).remove(0)
    }

    #[test]
    fn a_ratio_is_judged_by_fiellers_interval() {
        let study = study(2.0);
        let kept = made(&study, |wave| 4.0 + wave);
        let added = Added::of(&study, &kept, &study.scenario.claim.0[0]).expect("a claim of that measure");
        let ratio = fieller::ratio(&added.value, &added.cost, 0.95).expect("cost is added");
        let claim = results(&study, &kept, 1).remove(0);
        assert_eq!((claim.better_mean, claim.than_mean), (ratio.mean, 2.0));
        assert_eq!((claim.difference.low, claim.difference.high), (ratio.low - 2.0, ratio.high - 2.0));
        assert_eq!(claim.finding, Finding::Supported);
        // About three units of value for one of cost: more than two, less than four, and not clearly more than 2.95.
        assert_eq!(found(4.0, |_| 4.0).finding, Finding::Refuted);
        assert_eq!(found(2.95, |_| 4.0).finding, Finding::PracticallySame);
    }

    #[test]
    fn without_an_added_cost_nothing_is_known() {
        for cost in [0.0, -4.0] {
            let claim = found(2.0, |_| cost);
            assert!(claim.better_mean.is_nan() && claim.difference.low.is_nan(), "{cost}");
            assert_eq!(claim.finding, Finding::CannotTell, "{cost}");
        }
        // A cost that is now more, now less.
        assert_eq!(found(2.0, |wave| 40.0 * wave).finding, Finding::CannotTell);
    }
}
