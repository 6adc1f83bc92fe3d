//! What claims came to: plain numbers and words, as a record keeps them and a page shows them.

use crate::statistics::interval::Estimate;

/// What a claim expects of its measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Lower,
    Higher,
    /// No difference that matters.
    None,
}

/// What the lives say of a claim, in this organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The difference is as claimed, by at least what matters.
    Supported,
    /// It is the other way, by at least what matters; or there is one where none was claimed.
    Refuted,
    /// Whatever the difference is, it is too small to matter.
    PracticallySame,
    /// These lives leave more than one of the above open.
    CannotTell,
}

/// One claim and what it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimResult {
    /// The scenario's name, and which of its claims this is, from 1.
    pub file: String,
    pub number: usize,
    pub hash: String,
    pub seed: u64,
    pub horizon: String,
    pub row: String,
    pub essay: String,
    pub statement: String,
    /// The two sides, in words.
    pub better: String,
    pub than: String,
    /// The metric's title and unit, and whether more of it is good.
    pub measure: String,
    pub unit: String,
    pub more_is_better: bool,
    pub expected: Expected,
    /// The smallest relative difference that matters, and the level of the file's intervals together.
    pub smallest: f64,
    pub better_mean: f64,
    pub than_mean: f64,
    /// `better` − `than`, and the same relative to `than`; intervals hold together over the file.
    pub difference: Estimate,
    pub relative: Estimate,
    /// The share of paired lives in which `better` is as expected.
    pub wins: f64,
    pub finding: Finding,
    /// The same with intervals that hold together over all files.
    pub over_all: Finding,
    pub inputs: String,
    pub note: String,
    /// How many ends of plausible ranges were tried, and where the finding turned.
    pub tried: usize,
    pub turns: String,
}
