//! A scenario is read as a tree in which every value remembers where it was written.
//!
//! The order of work: [`load`] parses a file and everything it extends, merges them and fills elements from
//! `[defaults]`; [`policies`] reads the named changes; [`Document::set`] applies one; [`check`] compares the tree
//! with a JSON schema and says everything that is wrong; only then [`Document::deserialize`] builds Rust types.

mod change;
mod check;
mod check_table;
mod compile;
mod document;
pub mod editor;
mod files;
pub mod library;
mod load;
mod merge;
mod parse;
mod path;
mod policy;
pub mod reading;
mod render;
mod schema;
mod schema_docs;
mod set;
pub mod study;
pub mod tables;
mod typed;

pub use change::{Change, assignment};
pub use check::check;
pub use compile::{Load, LoadSort, Rates, compile, loads};
pub use document::{Document, Entry, Node, Table, Value};
pub use load::{Library, load};
pub use merge::merge;
pub use parse::{LARGEST_BYTES, parse};
pub use path::{Path, Segment};
pub use policy::{Phase, PolicyText, policies};
pub use render::render;
pub use schema::{Free, View};
pub use schema_docs::{Nowhere, SchemaDoc, meaning};
