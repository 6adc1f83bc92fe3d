//! The document tree: tables, arrays and plain values, each with the place it was written at.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::de::DeserializeOwned;

use super::path::{Path, Segment};
use super::typed::{Misfit, typed};
use notation::Misread;
use notation::diagnostic::{Diagnostic, Diagnostics, Place};

/// Deeper nesting than this is refused everywhere, so that walking a tree cannot exhaust the stack.
pub(super) const DEEPEST: usize = 64;

/// One value and where it was written.
#[derive(Clone, Debug)]
pub struct Node {
    /// The file and bytes it came from.
    pub place: Place,
    /// What was written there.
    pub value: Value,
}

/// What can stand in a document.
#[derive(Clone, Debug)]
pub enum Value {
    /// Named entries.
    Table(Table),
    /// A list.
    Array(Vec<Node>),
    /// Text, quantities with units included.
    String(String),
    /// A whole number.
    Integer(i64),
    /// Any other number; may be NaN or infinite until checked.
    Float(f64),
    /// True or false.
    Bool(bool),
}

/// Named entries, sorted by name.
pub type Table = BTreeMap<String, Entry>;

/// One entry of a table.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where its key was written.
    pub key: Place,
    /// Its value.
    pub node: Node,
}

/// A whole scenario as a tree; after loading, with everything it extends and its defaults filled in.
#[derive(Clone, Debug)]
pub struct Document {
    /// The tree; its root is a table.
    pub root: Node,
    /// What `[defaults]` said, kept apart for the checker because unused defaults may be wrong too.
    pub defaults: Option<Node>,
    /// The names it extends, nearest first.
    pub extends: Vec<String>,
}

impl Node {
    /// A node of the given value, written at `place`.
    pub fn new(place: &Place, value: Value) -> Self {
        Self { place: place.clone(), value }
    }

    /// Its entries, if it is a table.
    pub fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Its elements, if it is an array.
    pub fn array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// Its text, if it is a string.
    pub fn string(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value under `key`, if it is a table that has one.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.table()?.get(key).map(|entry| &entry.node)
    }

    /// What an element of an array is addressed by: its `name`.
    pub fn name(&self) -> Option<&str> {
        self.get("name")?.string()
    }

    /// What kind of value this is, with its article.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Table(_) => "a table",
            Value::Array(_) => "a list",
            Value::String(_) => "a string",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Bool(_) => "true or false",
        }
    }

    /// The same value without places, for serde.
    pub fn to_toml(&self) -> toml::Value {
        match &self.value {
            Value::Table(table) => {
                let entries = table.iter().map(|(key, entry)| (key.clone(), entry.node.to_toml()));
                toml::Value::Table(entries.collect())
            }
            Value::Array(elements) => toml::Value::Array(elements.iter().map(Node::to_toml).collect()),
            Value::String(text) => toml::Value::String(text.clone()),
            Value::Integer(number) => toml::Value::Integer(*number),
            Value::Float(number) => toml::Value::Float(*number),
            Value::Bool(truth) => toml::Value::Boolean(*truth),
        }
    }

    /// A text that is equal exactly if the values are: keys sorted, no places, no freedom of spelling.
    pub fn canonical(&self) -> String {
        let mut text = String::new();
        self.write_canonical(&mut text);
        text
    }

    fn write_canonical(&self, to: &mut String) {
        // Writing to a string cannot fail, so the results are dropped.
        match &self.value {
            Value::Table(table) => {
                to.push('{');
                for (key, entry) in table {
                    let _ = write!(to, "{key:?}:");
                    entry.node.write_canonical(to);
                    to.push(',');
                }
                to.push('}');
            }
            Value::Array(elements) => {
                to.push('[');
                for element in elements {
                    element.write_canonical(to);
                    to.push(',');
                }
                to.push(']');
            }
            Value::String(text) => drop(write!(to, "{text:?}")),
            Value::Integer(number) => drop(write!(to, "{number}")),
            Value::Float(number) => drop(write!(to, "{number:?}")),
            Value::Bool(truth) => drop(write!(to, "{truth}")),
        }
    }
}

/// The entries of a table in the order a person wrote them.
pub(super) fn as_written(table: &Table) -> Vec<(&String, &Entry)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(_, entry)| (entry.key.source, entry.key.span.start));
    entries
}

impl Document {
    /// A text of the whole merged tree for hashing: equal exactly if the scenarios say the same.
    pub fn canonical(&self) -> String {
        self.root.canonical()
    }

    /// The place of the value at `path`, or of its nearest ancestor that exists.
    pub fn locate(&self, path: &str) -> Option<Place> {
        let path = path.parse::<Path>().ok()?;
        let mut node = &self.root;
        for segment in path.segments() {
            match node.child(segment) {
                Some(child) => node = child,
                None => break,
            }
        }
        Some(node.place.clone())
    }

    /// Gives every diagnostic that only knows its path a place in this document.
    pub fn locate_all(&self, problems: &mut Diagnostics) {
        problems.locate(|path| self.locate(path));
    }

    /// Builds Rust types from the tree; call it after [`super::check`] found no error.
    ///
    /// # Errors
    /// When the type refuses a value the schema allows; one diagnostic, at the value's place.
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T, Diagnostics> {
        typed(&self.root).map_err(|Misfit { message, way }| {
            let misread = Misread::from_serde(&message);
            let mut diagnostic = Diagnostic::error(misread.message);
            diagnostic.help = Some(misread.help).filter(|help| !help.is_empty());
            let mut path = Path::default();
            way.into_iter().rev().for_each(|step| path.push(Segment::Name(step)));
            diagnostic.path = Some(path.to_string());
            let mut problems = Diagnostics::new();
            problems.push(diagnostic);
            self.locate_all(&mut problems);
            problems
        })
    }
}
