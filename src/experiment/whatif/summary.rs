//! What a what-if came to, in plain numbers and names.

/// The probabilities with which something is promised, as in a forecast.
pub const PROMISES: [f64; 4] = [0.5, 0.7, 0.85, 0.95];
/// Of intervals.
pub const LEVEL: f64 = 0.9;

/// What somebody wants to know.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// When are so many more items finished?
    pub items: Option<u32>,
    /// How many are finished in so many working hours?
    pub by: Option<f64>,
}

/// A number with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// How a policy's outcomes differ from the baseline's, organisation by organisation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// The median of the differences, policy less baseline.
    pub median: Told,
    /// The share of organisations in which the policy's number is smaller, and in which it is larger.
    pub smaller: Told,
    pub larger: Told,
    /// Organisations of which it is not known, since both lie beyond three years.
    pub unknown: usize,
}

/// Outcomes by probability, under the baseline and under the policy, and what is between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    pub promised: [[Told; 4]; 2],
    pub paired: Paired,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct WhatIfSummary {
    pub policies: [String; 2],
    pub question: Question,
    /// Organisations drawn, and those that could be simulated.
    pub drawn: usize,
    pub simulated: usize,
    /// Items open today, and of these begun.
    pub open: [usize; 2],
    /// In working hours.
    pub when: Option<Side>,
    /// Items.
    pub many: Option<Side>,
    /// Where both are asked: the probability that the items are finished by the time, under each.
    pub chances: Option<[f64; 2]>,
    pub seed: u64,
}
