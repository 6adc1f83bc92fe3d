//! Experiments: many lives under many policies on the same luck, and what they say together.

pub mod assumptions;
pub mod balance;
pub mod compare;
pub mod design;
pub mod plan;
pub mod plausible;
pub mod replicate;
pub mod robust;
pub mod run;
pub mod sensitivity;
pub mod summary;
pub mod sweep;
pub mod worlds;
