//! Experiments: many lives under many policies on the same luck, and what they say together.

pub mod assumptions;
pub mod audit;
pub mod balance;
pub mod claims;
pub mod compare;
pub mod ends;
pub mod path;
pub mod plan;
pub mod replicate;
pub mod run;
pub mod summary;
pub mod sweep;
