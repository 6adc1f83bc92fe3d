//! What drawing plausible organisations came to, as plain numbers and words; reports read nothing else.

use crate::summary::{Frame, MetricText};
use statistics::ignorance::{Components, Count};

/// The whole result.
#[derive(Clone, Debug)]
pub struct RobustSummary {
    pub frame: Frame,
    pub objective: MetricText,
    /// How points were chosen, in words.
    pub design: String,
    /// Replications per organisation and policy.
    pub runs: u64,
    /// Paths that were drawn, each with its range in words.
    pub drawn: Vec<(String, String)>,
    /// Paths with evidence that were not drawn, each with the reason.
    pub left_out: Vec<(String, String)>,
    /// What plausibility was asked of pasts: name and range in words. Empty where none was.
    pub criteria: Vec<String>,
    /// The same question under each prior, the whole ranges first.
    pub opinions: Vec<Opinion>,
    /// The name of the baseline.
    pub baseline: String,
}

/// The answer under one prior.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// "the whole of every range".
    pub prior: &'static str,
    /// Organisations drawn and run (or found impossible).
    pub drawn: usize,
    /// Organisations whose past is plausible: the ones that count.
    pub judged: usize,
    /// Those that cannot be run, by reason.
    pub refused: Vec<(String, usize)>,
    /// Those that drowned in work under the baseline.
    pub drowned: usize,
    /// Those set aside, and how many of them left each criterion, in words.
    pub implausible: usize,
    pub left: Vec<(String, usize)>,
    pub policies: Vec<PolicyOver>,
}

/// One policy against the baseline, over organisations.
#[derive(Clone, Debug)]
pub struct PolicyOver {
    pub name: String,
    /// In how many it beats the baseline by more than matters, and in how many it loses by as much.
    pub better: Count,
    pub worse: Count,
    /// Organisations in which the policy drowned in work, and those with nothing to compare.
    pub drowned: usize,
    pub missing: usize,
    /// Organisations in which what is compared lies beyond the window, and what is known of it decides nothing.
    pub beyond: usize,
    /// Each organisation's mean difference over the size of its baseline, for better above zero.
    pub gains: Vec<Gain>,
    pub components: Components,
    /// Parameters by the size of their rank correlation with the gain, strongest first.
    pub drivers: Vec<Driver>,
    /// The size that the strongest correlation stays below by chance.
    pub chance: f64,
    /// Where it beats the baseline, and where it loses, if that can be said in two conditions.
    pub beats_where: Option<Sentence>,
    pub loses_where: Option<Sentence>,
    pub map: Option<Map>,
    /// For each guardrail: in how many organisations it is hurt by more than matters.
    pub hurt: Vec<(String, Count)>,
}

/// What a difference is in one organisation, by its mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Better,
    Worse,
    Same,
}

/// One organisation's difference.
#[derive(Clone, Copy, Debug)]
pub struct Gain {
    /// Which organisation.
    pub world: usize,
    /// Relative: 0.1 is a tenth of the baseline's size for the better.
    pub relative: f64,
    pub word: Word,
}

/// A parameter's relation with the gain.
#[derive(Clone, Debug)]
pub struct Driver {
    /// A path, or "path = value" for a choice.
    pub name: String,
    /// Spearman's correlation: positive where more of it is better for the policy.
    pub correlation: f64,
}

/// A rule in words, and how well it does.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// "debt.interest < 1.1 and debt.patience > 6 months".
    pub conditions: String,
    pub inside: usize,
    pub hits: usize,
    pub outside: usize,
    pub misses: usize,
    /// The share of shuffles that gave as sharp a rule.
    pub by_chance: f64,
}

/// Organisations by their two strongest parameters.
#[derive(Clone, Debug)]
pub struct Map {
    pub x: RangeAxis,
    pub y: RangeAxis,
    /// Places between 0 and 1, with the word.
    pub points: Vec<(f64, f64, Word)>,
}

/// An axis from 0 to 1 with written values along it.
#[derive(Clone, Debug)]
pub struct RangeAxis {
    pub name: String,
    pub ticks: Vec<(f64, String)>,
}

impl Opinion {
    /// The policy that beats the baseline in most organisations.
    pub fn best(&self) -> Option<&PolicyOver> {
        self.policies.iter().max_by(|a, b| a.better.expected.total_cmp(&b.better.expected))
    }
}

impl PolicyOver {
    /// Gains in ascending order.
    pub fn sorted(&self) -> Vec<f64> {
        let mut gains: Vec<f64> =
            self.gains.iter().map(|gain| gain.relative).filter(|gain| gain.is_finite()).collect();
        gains.sort_unstable_by(f64::total_cmp);
        gains
    }
}
