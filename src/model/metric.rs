//! Metrics that a mechanism declares of what it keeps: data, which observation reads from a closed window.

use super::instrument::{Counter, Gauge};

/// What is told of an instrument.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// The column's name: lower case, the unit last.
    pub name: &'static str,
    /// The words used in tables, charts, objectives and guardrails.
    pub title: &'static str,
    pub unit: &'static str,
    /// Which way is good; `None` where neither is.
    pub better: Option<Better>,
    pub definition: &'static str,
    pub reads: Reads,
}

#[derive(Clone, Copy, Debug)]
pub enum Better {
    Higher,
    Lower,
}

/// How a metric is read from a window.
#[derive(Clone, Copy, Debug)]
pub enum Reads {
    /// A level, weekly average over people.
    Level(Gauge),
    /// A sum, a year.
    Yearly(Counter),
    /// A sum, a quarter of a year.
    Quarterly(Counter),
    /// A sum, over the changes that went live.
    EachChange(Counter),
}
