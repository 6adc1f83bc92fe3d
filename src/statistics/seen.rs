//! Numbers by replication, of which some lie beyond the window they were seen in: of those all that is known is that
//! they are at least so much.
//!
//! A percentile of which too much is still open at the horizon, a completion that was not reached: such a number is
//! *censored*. It is written as +∞ where one number is all there is room for, so that whoever does not ask is never
//! told that it is known; here it is kept as the least it can be, with a mark. Sums of the least are then the least of
//! sums, so that a policy's mean, and a difference in which only one side is censored, are bounded on one side.

/// A number by replication; entry i is replication i.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Not a number where missing; the least it can be where beyond the window.
    pub values: Vec<f64>,
    /// Whether the number lies beyond the window.
    pub beyond: Vec<bool>,
}

impl Seen {
    /// Numbers that are known, or missing (not a number).
    pub fn known(values: Vec<f64>) -> Seen {
        Seen { beyond: vec![false; values.len()], values }
    }

    pub fn push(&mut self, value: f64, beyond: bool) {
        self.values.push(value);
        self.beyond.push(beyond);
    }

    /// How many lie beyond the window.
    pub fn count_beyond(&self) -> usize {
        self.beyond.iter().filter(|beyond| **beyond).count()
    }

    /// Leaves out a replication.
    pub fn forget(&mut self, at: usize) {
        (self.values[at], self.beyond[at]) = (f64::NAN, false);
    }
}

impl FromIterator<(f64, bool)> for Seen {
    fn from_iter<I: IntoIterator<Item = (f64, bool)>>(numbers: I) -> Seen {
        let mut seen = Seen::default();
        numbers.into_iter().for_each(|(value, beyond)| seen.push(value, beyond));
        seen
    }
}

/// How many pairs have a side beyond the window: then only a bound of the difference is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beyond {
    pub policy: usize,
    pub baseline: usize,
}

impl Beyond {
    /// Whether any difference is not wholly known.
    pub fn any(self) -> bool {
        self.policy + self.baseline > 0
    }

    /// Adds a pair.
    pub fn see(&mut self, policy: bool, baseline: bool) {
        self.policy += usize::from(policy);
        self.baseline += usize::from(baseline);
    }

    /// The sign of policy − baseline in one pair, where the sides are the least they can be if they lie beyond the
    /// window; nothing where the sign is not known.
    pub fn sign(difference: f64, policy: bool, baseline: bool) -> Option<f64> {
        match (policy, baseline) {
            (false, false) => Some(if difference == 0.0 { 0.0 } else { difference.signum() }),
            // More than the least it can be, so that as much as the other is more than it.
            (true, false) if difference >= 0.0 => Some(1.0),
            (false, true) if difference <= 0.0 => Some(-1.0),
            _ => None,
        }
    }

    /// What an interval of a mean difference, taken from the least that each side can be, says of the true one.
    #[must_use]
    pub fn bound(self, estimate: super::interval::Estimate) -> super::interval::Estimate {
        let (low, high) = (estimate.low, estimate.high);
        super::interval::Estimate {
            mean: if self.policy > 0 && self.baseline > 0 { f64::NAN } else { estimate.mean },
            low: if self.baseline > 0 { f64::NEG_INFINITY } else { low },
            high: if self.policy > 0 { f64::INFINITY } else { high },
            beyond: self.policy + self.baseline,
            ..estimate
        }
    }
}
