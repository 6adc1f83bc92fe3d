//! Experiments: many lives under many policies on the same luck, and what they say together.

pub mod replicate;
pub mod run;
