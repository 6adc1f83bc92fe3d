//! The replications of an organisation in which two sides can be compared, and what they say of it.

use super::summary::{Gain, Word};
use crate::worlds::ParameterDraw;
use statistics::moments::{mean, present};
use statistics::seen::Beyond;

/// The replications of one world in which a metric can be compared.
pub struct Pairs {
    /// Its place among the organisations judged.
    pub world: usize,
    /// Policy and baseline, replication by replication.
    pub runs: Vec<(f64, f64)>,
}

/// The replications of a world in which two sides can be compared, each with whether it lies beyond the window; nothing
/// where some do and what is known of them does not decide by how much matters: then nothing can be known of this world
/// within the horizon. Where it decides, the replications are the bounds that do.
pub fn known(
    runs: impl IntoIterator<Item = ((f64, bool), (f64, bool))>,
    margin: f64,
) -> Option<Vec<(f64, f64)>> {
    let is_there = |((policy, _), (baseline, _)): &((f64, bool), (f64, bool))| {
        policy.is_finite() && baseline.is_finite()
    };
    let mut beyond = Beyond::default();
    let mut pairs = Vec::new();
    for ((policy, above), (baseline, under)) in runs.into_iter().filter(is_there) {
        beyond.see(above, under);
        pairs.push((policy, baseline));
    }
    let size = margin * mean(&pairs.iter().map(|(_, baseline)| *baseline).collect::<Vec<_>>()).abs();
    let difference = mean(&pairs.iter().map(|(policy, baseline)| policy - baseline).collect::<Vec<_>>());
    let decided = match (beyond.policy > 0, beyond.baseline > 0) {
        (false, false) => true,
        (true, false) => difference > size,
        (false, true) => difference < -size,
        (true, true) => false,
    };
    decided.then_some(pairs)
}

impl Pairs {
    /// By how much the policy is better, replication by replication, less the share of the baseline's size that
    /// matters.
    pub fn beyond(&self, sign: f64, margin: f64) -> Vec<f64> {
        let baseline = self.baseline();
        let towards = if baseline < 0.0 { -margin } else { margin };
        self.runs.iter().map(|(policy, baseline)| sign * (policy - baseline) - towards * baseline).collect()
    }

    /// By how much it is better, replication by replication.
    pub fn differences(&self, sign: f64) -> Vec<f64> {
        self.beyond(sign, 0.0)
    }

    /// The baseline's mean.
    pub fn baseline(&self) -> f64 {
        mean(&self.runs.iter().map(|(_, baseline)| *baseline).collect::<Vec<_>>())
    }
}

/// What one organisation says by the mean of its replications; `sign` is +1 where more is better.
pub fn gain(worlds: &[&ParameterDraw], pairs: &Pairs, sign: f64, margin: f64) -> Gain {
    let difference = mean(&present(&pairs.differences(sign)));
    let size = pairs.baseline().abs();
    let word = match difference {
        gain if gain > margin * size => Word::Better,
        gain if gain < -margin * size => Word::Worse,
        _ => Word::Same,
    };
    let relative = if difference == 0.0 { 0.0 } else { difference / size };
    Gain { world: worlds[pairs.world].number, relative, word }
}

#[cfg(test)]
mod tests {
    use super::known;

    /// A baseline of more than 100: 60 is less by what matters, 97 may be, and more than 100 may be anything.
    #[test]
    fn a_world_beyond_the_window_is_judged_by_its_bounds_or_not_at_all() {
        let runs = |policy: (f64, bool)| [(policy, (100.0, true)), (policy, (90.0, false))];
        assert_eq!(known(runs((60.0, false)), 0.05), Some(vec![(60.0, 100.0), (60.0, 90.0)]));
        assert_eq!(known(runs((93.0, false)), 0.05), None);
        assert_eq!(known(runs((100.0, true)), 0.05), None);
        let turned = runs((60.0, false)).map(|(policy, baseline)| (baseline, policy));
        assert!(known(turned, 0.05).is_some());
        assert_eq!(
            known([((f64::NAN, false), (1.0, false)), ((1.0, false), (1.0, false))], 0.05)
                .map(|known| known.len()),
            Some(1)
        );
    }
}
