//! What a ranking came to: plain numbers and words.

use super::{Frame, Guarded, MetricText};
use statistics::interval::Estimate;
pub use statistics::selection::PolicyFate;

/// Which policy is best, and what it took to find out.
#[derive(Clone, Debug)]
pub struct RankSummary {
    pub frame: Frame,
    pub objective: MetricText,
    /// The best first, then those in play, then those that were out, the last of them first.
    pub policies: Vec<Ranked>,
    pub outcome: Ending,
    /// The probability with which the best is selected.
    pub confidence: f64,
    /// The indifference zone in the objective's unit, and as a share of the baseline's mean where it was given so.
    pub indifference: f64,
    pub share: Option<f64>,
    /// Replications of every policy before any was out, and rounds after them.
    pub first: usize,
    pub rounds: usize,
    /// Simulated replications that every policy would have had by Nelson & Matejcik's procedure of two stages.
    pub two_stages: usize,
    /// Replications in which a policy in play had nothing to measure.
    pub unmeasured: usize,
    /// The guardrails of the selected policy, in the replications that it and the baseline both run.
    pub guarded: Vec<Guarded>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The first of the policies is selected, and what is promised holds.
    Selected,
    /// Several were left when replications ran out.
    Limit(usize),
    /// Ctrl-C.
    Stopped,
    /// All drowned in work, or lie beyond the window.
    NoMean,
}

/// A policy and what became of it.
#[derive(Clone, Debug)]
pub struct Ranked {
    pub name: String,
    /// Its mean objective, with its own interval.
    pub mean: Estimate,
    /// Its difference from the first of the policies in the replications that both run; `None` for that one.
    pub difference: Option<Estimate>,
    pub runs: usize,
    /// Whether the objective lies beyond the window in one of its replications, so that its mean is not known.
    pub beyond: bool,
    pub fate: PolicyFate,
}

impl RankSummary {
    /// Simulated replications of all policies together.
    pub fn spent(&self) -> usize {
        self.policies.iter().map(|policy| policy.runs).sum()
    }

    /// What it would have taken to give every policy as many as the one that had most.
    pub fn evenly(&self) -> usize {
        self.policies.len() * self.policies.iter().map(|policy| policy.runs).max().unwrap_or(0)
    }
}
