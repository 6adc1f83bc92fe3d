//! The lives of an organisation in which two sides can be compared, and what they say of it.

use super::summary::{Gain, Word};
use crate::experiment::worlds::World;
use crate::statistics::moments::{mean, present};

/// The lives of one world in which a metric can be compared.
pub struct Pairs {
    /// Its place among the organisations judged.
    pub world: usize,
    /// Policy and baseline, life by life.
    pub lives: Vec<(f64, f64)>,
}

impl Pairs {
    /// By how much the policy is better, life by life, less the share of the baseline's size that matters.
    pub fn beyond(&self, sign: f64, margin: f64) -> Vec<f64> {
        let baseline = self.baseline();
        let towards = if baseline < 0.0 { -margin } else { margin };
        self.lives.iter().map(|(policy, baseline)| sign * (policy - baseline) - towards * baseline).collect()
    }

    /// By how much it is better, life by life.
    pub fn differences(&self, sign: f64) -> Vec<f64> {
        self.beyond(sign, 0.0)
    }

    /// The baseline's mean.
    pub fn baseline(&self) -> f64 {
        mean(&self.lives.iter().map(|(_, baseline)| *baseline).collect::<Vec<_>>())
    }
}

/// What one organisation says by the mean of its lives; `sign` is +1 where more is better.
pub fn gain(worlds: &[&World], pairs: &Pairs, sign: f64, margin: f64) -> Gain {
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
