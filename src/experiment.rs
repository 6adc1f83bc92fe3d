//! Experiments: many lives under many policies on the same luck, and what they say together.

pub mod assumptions;
pub mod balance;
pub mod blocks;
pub mod compare;
pub mod cuts;
pub mod identity;
pub mod journal;
pub mod plan;
pub mod replicate;
pub mod rows;
pub mod run;
pub mod shards;
pub mod summary;
pub mod sweep;
