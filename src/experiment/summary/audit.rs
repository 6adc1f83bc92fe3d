//! What an audit found: plain numbers and words.

use super::{Frame, MetricText};
use statistics::paired::PairedDifference;

/// Where lead time goes, who approves, and what a little more or less of something would gain.
#[derive(Clone, Debug)]
pub struct Audit {
    pub frame: Frame,
    pub objective: MetricText,
    /// Lead time as a second opinion.
    pub lead: MetricText,
    /// Simulated replications that stand behind it.
    pub runs: usize,
    pub teams: Vec<TeamTime>,
    /// Those who decided on anything, the one that kept work longest in all first.
    pub gates: Vec<GateTime>,
    /// The largest gain first.
    pub gains: Vec<Gain>,
}

/// A team's lead time by cause.
#[derive(Clone, Debug)]
pub struct TeamTime {
    pub name: String,
    /// Changes that went live in a replication, mean.
    pub changes: f64,
    /// Working days of the mean lead time, longest first, with the words for the cause.
    pub causes: Vec<(String, f64)>,
}

/// An approver, a board or a chain.
#[derive(Clone, Debug)]
pub struct GateTime {
    pub name: String,
    /// Verdicts a week, mean over replications.
    pub verdicts_per_week: f64,
    /// Working days from petition to verdict, mean over verdicts.
    pub days: f64,
    /// Nominal work or petitions over what there is room for; nothing where the plan doesn't say.
    pub load: Option<f64>,
}

/// A small change and what it would gain.
#[derive(Clone, Debug)]
pub struct Gain {
    pub what: String,
    /// What it costs over the horizon, in engineer-months; nothing where it costs no more people.
    pub cost_months: Option<f64>,
    /// Against the organisation as it is, in the objective; intervals hold together.
    pub difference: PairedDifference,
    /// The same in lead time, a family of its own.
    pub lead: PairedDifference,
    /// Whether it runs a past of its own: as if it had always been so.
    pub own_past: bool,
}
