//! What orders of changes came to: plain numbers and words.

use super::Summary;

/// The orders that were tried, and what each came to.
#[derive(Clone, Debug)]
pub struct RolloutSummary {
    /// The changes, in the order in which the policy names them: steps 1, 2, …
    pub steps: Vec<String>,
    pub every: String,
    /// Whether every order was tried, or steps were chosen one after another.
    pub all: bool,
    /// Orders that were run, greedy trials included.
    pub tried: usize,
    /// Where the way begins, and the orders, each as a policy named by its steps.
    pub summary: Summary,
    /// The order with the best mean of the objective, as an index of the summary's policies, and those
    /// that these replications do not tell from it.
    pub best: usize,
    pub like_best: Vec<usize>,
}
