//! Reports carry results to people: tables, files, pages and charts for the planning deck.
//!
//! Nothing in here knows the simulation: reports read summaries of plain numbers and names.

pub mod audit;
pub mod best;
pub mod chart;
pub mod claims;
pub mod comparison;
pub mod csv;
pub mod data;
pub mod document;
pub mod dora;
pub mod files;
pub mod findings;
pub mod fitted;
pub mod guarded;
pub mod headline;
pub mod horizon;
pub mod imported;
pub mod long;
pub mod manifest;
pub mod measured;
pub mod numbers;
pub mod overloaded;
pub mod parquet;
pub mod plain;
pub mod rank;
pub mod replications;
pub mod robust;
pub mod rollout;
pub mod sensitivity;
pub mod single;
pub mod slides;
pub mod summaries;
pub mod sweep;
pub mod table;
pub mod tables;
pub mod waste;
pub mod whatif;
pub mod words;
