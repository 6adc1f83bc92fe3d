//! What a search for the best mix of levers came to: plain numbers and words.

use super::Summary;
use statistics::interval::Estimate;
use statistics::paired::PairedDifference;

/// The mixes that were tried, and the last of them, judged by replications that the search has not seen.
#[derive(Clone, Debug)]
pub struct BestSummary {
    /// What a mix may cost beyond doing nothing, in engineer-months over the horizon.
    pub budget: f64,
    pub levers: usize,
    /// How many mixes there are, and whether all were tried.
    pub mixes: f64,
    pub all: bool,
    /// Every mix that was tried, doing nothing first, by the replications of the search.
    pub tried: Vec<TriedMix>,
    /// Doing nothing, and the mixes that were judged, each as a policy; by other replications.
    pub summary: Summary,
    /// What each of these costs beyond doing nothing, in engineer-months over the horizon.
    pub costs: Vec<Estimate>,
    /// The best affordable mix of the search and the next one, as indices of the summary's policies; 0 is doing
    /// nothing.
    pub best: usize,
    pub runner_up: Option<usize>,
    /// The best against doing nothing and against the runner-up: a family of two.
    pub gain: Option<PairedDifference>,
    pub ahead: Option<PairedDifference>,
}

/// A mix, by the replications of the search.
#[derive(Clone, Debug)]
pub struct TriedMix {
    pub name: String,
    /// How much better the objective is than with nothing moved.
    pub gain: f64,
    pub cost: f64,
    pub affordable: bool,
}

impl BestSummary {
    /// Whether the best affordable mix is shown to be another than the runner-up.
    pub fn told_apart(&self) -> bool {
        self.ahead.as_ref().is_some_and(|ahead| !ahead.simultaneous.contains(0.0))
    }
}
