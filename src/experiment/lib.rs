//! Experiments: many lives under many policies on the same luck, and what they say together.

#[cfg(test)]
mod addresses_tests;
pub mod assumptions;
pub mod audit;
pub mod balance;
pub mod best;
pub mod blocks;
pub mod claims;
pub mod compare;
pub mod cuts;
pub mod design;
pub mod ends;
pub mod identity;
pub mod journal;
pub mod kept;
pub mod lost;
pub mod path;
pub mod plan;
pub mod plausible;
pub mod precision;
pub mod rank;
pub mod replicate;
pub mod robust;
pub mod rows;
pub mod run;
pub mod sensitivity;
pub mod shards;
pub mod summary;
pub mod sweep;
pub mod worlds;
