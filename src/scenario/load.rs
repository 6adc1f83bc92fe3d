//! Loading: a file, what it extends, and the defaults that fill its named things.

use serde_json::Value as Json;

use super::document::{Document, Entry, Node, Table, Value};
use super::merge::merge;
use super::parse::parse;
use super::schema::View;
use notation::diagnostic::{Diagnostic, Diagnostics, Sources, advice, quoted};

/// Longer chains of `extends` are surely a mistake.
const LONGEST_CHAIN: usize = 16;

/// How many values defaults may add, so that a small file cannot fill the memory.
const MOST_FILLED: usize = 1_000_000;

/// Where the scenarios that others extend come from: built-in presets, files beside the scenario.
pub trait Library {
    /// The source's name and text, if there is one called `name`.
    ///
    /// # Errors
    /// A sentence that says why what has this name is not read.
    fn find(&self, name: &str) -> Result<Option<(String, String)>, String>;

    /// Another one to extend in the place of `name`, where `chain` is extended already.
    fn instead(&self, _name: &str, _chain: &[String]) -> Option<String> {
        None
    }

    /// The names to suggest when one is unknown.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

impl<F: Fn(&str) -> Option<(String, String)>> Library for F {
    fn find(&self, name: &str) -> Result<Option<(String, String)>, String> {
        Ok(self(name))
    }
}

/// Reads a scenario with everything it extends, merged, and its defaults filled in. The keys `extends` and
/// `defaults` are consumed: they stand in [`Document::extends`] and [`Document::defaults`].
///
/// Returns nothing if a text could not be read; the reasons are in `problems`. A document that is returned has
/// not been checked yet.
pub fn load(
    sources: &mut Sources,
    name: &str,
    bytes: &[u8],
    library: &dyn Library,
    schema: &Json,
    problems: &mut Diagnostics,
) -> Option<Document> {
    let mut layers = vec![parse(sources, name, bytes, problems)?];
    let mut extends: Vec<String> = Vec::new();
    while let Some(entry) = layers.last_mut().and_then(|layer| take(layer, "extends")) {
        let (name, (source, text)) = match ancestor(&entry, &extends, library) {
            Ok(found) => found,
            Err(diagnostic) => {
                problems.push(diagnostic);
                return None;
            }
        };
        extends.push(name);
        layers.push(parse(sources, &source, text.as_bytes(), problems)?);
    }
    let view = View::new(schema);
    let mut document = stack(layers, &view)?;
    document.extends = extends;
    if let Err(problem) = fill(&mut document, &view) {
        problems.push(problem);
    }
    Some(document)
}

/// What an `extends` entry names, and its source and text.
fn ancestor(
    entry: &Entry,
    chain: &[String],
    library: &dyn Library,
) -> Result<(String, (String, String)), Diagnostic> {
    let place = &entry.node.place;
    let Some(name) = entry.node.string() else {
        let message = format!("`extends` is {}", entry.node.kind());
        return Err(Diagnostic::error(message).at(place).with_help("write one name, such as \"typical\""));
    };
    let other = library.instead(name, chain);
    let name = other.as_deref().unwrap_or(name);
    if chain.iter().any(|earlier| earlier == name) {
        let message = format!("{} extends itself, through {}", quoted(name), chain.join(", "));
        return Err(Diagnostic::error(message).at(place));
    }
    if chain.len() == LONGEST_CHAIN {
        let message = format!("more than {LONGEST_CHAIN} scenarios extend one another");
        return Err(Diagnostic::error(message).at(place));
    }
    let found = library.find(name).map_err(|reason| {
        let help = "`extends` names a preset, or a scenario in this file's folder or below it";
        Diagnostic::error(reason).at(place).with_help(help)
    })?;
    found.map(|found| (name.to_owned(), found)).ok_or_else(|| {
        let names = library.names();
        let help = advice(name, names.iter().map(String::as_str));
        Diagnostic::error(format!("there is no scenario {} to extend", quoted(name)))
            .at(place)
            .with_help(help)
    })
}

/// Merges the layers, the last one lowest, tables of defaults apart from the rest.
fn stack(layers: Vec<Node>, view: &View<'_>) -> Option<Document> {
    let mut document: Option<Document> = None;
    for mut root in layers.into_iter().rev() {
        let defaults = take(&mut root, "defaults").map(|entry| entry.node);
        document = Some(match document {
            None => Document { root, defaults, extends: Vec::new() },
            Some(below) => Document {
                root: merge(below.root, root, Some(view)),
                defaults: merge_defaults(below.defaults, defaults, view),
                extends: Vec::new(),
            },
        });
    }
    document
}

fn merge_defaults(base: Option<Node>, over: Option<Node>, view: &View<'_>) -> Option<Node> {
    let (base, over) = match (base, over) {
        (Some(base), Some(over)) => (base, over),
        (base, over) => return over.or(base),
    };
    let Node { place, value } = over;
    let value = match (base.value, value) {
        (Value::Table(mut merged), Value::Table(over)) => {
            for (name, Entry { key, node }) in over {
                let node = match merged.remove(&name) {
                    Some(below) => merge(below.node, node, named_thing(view, &name).as_ref()),
                    None => node,
                };
                merged.insert(name, Entry { key, node });
            }
            Value::Table(merged)
        }
        (_, value) => value,
    };
    Some(Node { place, value })
}

/// What one element of the list or table of named things `name` may be.
pub(super) fn named_thing<'a>(view: &View<'a>, name: &str) -> Option<View<'a>> {
    let whole = view.child(name)?;
    whole.element().or_else(|| whole.entry())
}

/// Lays each element of a list, and each entry of a table of named things, over the defaults for its kind.
///
/// # Errors
/// When defaults add more values than are allowed.
pub(super) fn fill(document: &mut Document, view: &View<'_>) -> Result<(), Diagnostic> {
    let Some(Value::Table(defaults)) = document.defaults.as_ref().map(|node| &node.value) else {
        return Ok(());
    };
    let Value::Table(root) = &mut document.root.value else {
        return Ok(());
    };
    let mut left = MOST_FILLED;
    for (name, entry) in defaults {
        let (Some(thing), Some(filled)) = (named_thing(view, name), root.get_mut(name)) else {
            continue;
        };
        let elements: Vec<&mut Node> = match &mut filled.node.value {
            Value::Array(elements) => elements.iter_mut().collect(),
            Value::Table(entries) => entries.values_mut().map(|entry| &mut entry.node).collect(),
            _ => continue,
        };
        let Some(rest) = left.checked_sub(elements.len().saturating_mul(entry.node.size())) else {
            let message = format!("the defaults for {} add more than {MOST_FILLED} values", quoted(name));
            return Err(Diagnostic::error(message).at(&entry.key));
        };
        left = rest;
        for element in elements.into_iter().filter(|element| element.table().is_some()) {
            let over = std::mem::replace(element, Node::new(&entry.key, Value::Bool(false)));
            *element = merge(entry.node.clone(), over, Some(&thing));
        }
    }
    Ok(())
}

fn take(root: &mut Node, key: &str) -> Option<Entry> {
    match &mut root.value {
        Value::Table(table) => Table::remove(table, key),
        _ => None,
    }
}
