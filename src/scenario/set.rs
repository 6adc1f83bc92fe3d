//! Setting values by path: the same for policies, sweeps and the command line.
//!
//! Parts of a known shape may be created on the way, because a file need not spell out what has a default. A named
//! thing may not: a misspelt team would otherwise come into being without people.

use serde_json::Value as Json;

use super::change::Change;
use super::document::{Document, Entry, Node, Table, Value};
use super::load::fill;
use super::merge::merge;
use super::path::{Path, Segment, element_name, position};
use super::schema::View;
use notation::diagnostic::{Diagnostic, Place, advice, quoted};

/// How many values one change may write.
const MOST_WRITTEN: usize = 1_000_000;

impl Document {
    /// Puts a value at every place `path` names, and returns at how many, which is none where `*` finds nothing. A table is merged into a table that is
    /// there, by the rules of [`merge`].
    ///
    /// # Errors
    /// When the path leads to something that neither exists nor is known to `schema`, at the place of `origin`;
    /// the document may then have been changed in part.
    pub fn set(
        &mut self,
        path: &Path,
        value: &Node,
        origin: &Place,
        schema: &Json,
    ) -> Result<usize, Diagnostic> {
        let mut setter = Setter { value, origin, left: MOST_WRITTEN, size: value.size() };
        let view = View::new(schema);
        setter.assign(&mut self.root, Some(&view), path.segments(), &Path::default())
    }

    /// Applies one change; see [`Document::set`]. Where a whole list or table of named things is replaced, its
    /// elements are filled from their defaults as those of a file are.
    ///
    /// # Errors
    /// As for [`Document::set`].
    pub fn apply(&mut self, change: &Change, schema: &Json) -> Result<usize, Diagnostic> {
        if change.takes_away {
            return Ok(take_away(&mut self.root, change.path.segments()));
        }
        let places = self.set(&change.path, &change.value, &change.at, schema)?;
        if let [Segment::Name(_)] = change.path.segments() {
            fill(self, &View::new(schema))?;
        }
        Ok(places)
    }
}

/// Takes away every value that a path names, and returns how many there were.
fn take_away(node: &mut Node, path: &[Segment]) -> usize {
    let Some((segment, rest)) = path.split_first() else { return 0 };
    match (&mut node.value, segment) {
        (Value::Table(table), Segment::Every) if rest.is_empty() => std::mem::take(table).len(),
        (Value::Table(table), Segment::Every) => {
            table.values_mut().map(|entry| take_away(&mut entry.node, rest)).sum()
        }
        (Value::Table(table), Segment::Name(name)) if rest.is_empty() => {
            usize::from(table.remove(name).is_some())
        }
        (Value::Table(table), Segment::Name(name)) => {
            table.get_mut(name).map_or(0, |entry| take_away(&mut entry.node, rest))
        }
        (Value::Array(elements), Segment::Every) if rest.is_empty() => std::mem::take(elements).len(),
        (Value::Array(elements), Segment::Every) => {
            elements.iter_mut().map(|element| take_away(element, rest)).sum()
        }
        (Value::Array(elements), Segment::Name(name)) => match position(elements, name) {
            Some(at) if rest.is_empty() => {
                elements.remove(at);
                1
            }
            Some(at) => take_away(&mut elements[at], rest),
            None => 0,
        },
        _ => 0,
    }
}

struct Setter<'a> {
    value: &'a Node,
    origin: &'a Place,
    left: usize,
    size: usize,
}

type Count = Result<usize, Diagnostic>;

impl Setter<'_> {
    /// Sets `rest` below `node`, which stands at `at`.
    fn assign(&mut self, node: &mut Node, view: Option<&View<'_>>, rest: &[Segment], at: &Path) -> Count {
        let Some((segment, rest)) = rest.split_first() else {
            return self.write(node, view);
        };
        match segment {
            Segment::Every => self.assign_every(node, view, rest, at),
            Segment::Name(name) => self.assign_named(node, view, name, rest, at),
        }
    }

    fn write(&mut self, node: &mut Node, view: Option<&View<'_>>) -> Count {
        let Some(left) = self.left.checked_sub(self.size) else {
            return Err(self.refuse(format!("this would write more than {MOST_WRITTEN} values"), ""));
        };
        self.left = left;
        let below = std::mem::replace(node, Node::new(self.origin, Value::Bool(false)));
        *node = merge(below, self.value.clone(), view);
        Ok(1)
    }

    fn assign_every(
        &mut self,
        node: &mut Node,
        view: Option<&View<'_>>,
        rest: &[Segment],
        at: &Path,
    ) -> Count {
        let mut count = 0;
        match &mut node.value {
            Value::Table(table) => {
                for (name, entry) in table.iter_mut() {
                    let child = view.and_then(|v| v.child(name));
                    count += self.assign(&mut entry.node, child.as_ref(), rest, &at.join(name.as_str()))?;
                }
            }
            Value::Array(elements) => {
                let child = view.and_then(View::element);
                for (i, element) in elements.iter_mut().enumerate() {
                    let name = element_name(i, element);
                    count += self.assign(element, child.as_ref(), rest, &at.join(name))?;
                }
            }
            _ => return Err(self.refuse(format!("`{at}` has no parts that `*` could name"), "")),
        }
        Ok(count)
    }

    fn assign_named(
        &mut self,
        node: &mut Node,
        view: Option<&View<'_>>,
        name: &str,
        rest: &[Segment],
        at: &Path,
    ) -> Count {
        let further = at.join(name);
        if let Value::Array(elements) = &mut node.value {
            let child = view.and_then(View::element);
            return match position(elements, name) {
                Some(i) => self.assign(&mut elements[i], child.as_ref(), rest, &further),
                None => Err(self.unknown(name, at, elements.iter().filter_map(Node::name).collect())),
            };
        }
        let chooses = view.is_some_and(|v| v.replaces() && !v.is_opaque());
        let exists = node.get(name).is_some();
        if !exists {
            self.may_create(node, view, name, at)?;
            if rest.contains(&Segment::Every) {
                return Ok(0);
            }
        }
        if node.table().is_none() || (chooses && !exists) {
            *node = Node::new(&self.value.place, Value::Table(Table::new()));
        }
        let Value::Table(table) = &mut node.value else {
            return Err(self.refuse(format!("`{at}` has no parts"), ""));
        };
        let child = view.and_then(|v| v.child(name));
        let fresh = || Entry { key: self.origin.clone(), node: Node::new(&self.value.place, blank()) };
        let entry = table.entry(name.to_owned()).or_insert_with(fresh);
        self.assign(&mut entry.node, child.as_ref(), rest, &further)
    }

    /// Says whether a part called `name` may come into being in `node`.
    fn may_create(
        &self,
        node: &Node,
        view: Option<&View<'_>>,
        name: &str,
        at: &Path,
    ) -> Result<(), Diagnostic> {
        let Some(view) = view else {
            return Err(self.unknown(name, at, Vec::new()));
        };
        let known = view.keys();
        if view.is_opaque() || known.contains(&name) {
            return Ok(());
        }
        if let Some(gone) = view.gone(name) {
            return Err(self.refuse(format!("{} is gone", quoted(&format!("{at}.{name}"))), gone));
        }
        let existing = node.table().into_iter().flat_map(Table::keys).map(String::as_str);
        let candidates: Vec<&str> = match known.is_empty() {
            true => existing.collect(),
            false => known,
        };
        if candidates.is_empty() && node.table().is_none() && view.entry().is_none() {
            return Err(self.refuse(format!("`{at}` has no parts, so `{at}.{name}` cannot be set"), ""));
        }
        Err(self.unknown(name, at, candidates))
    }

    fn unknown(&self, name: &str, at: &Path, candidates: Vec<&str>) -> Diagnostic {
        let wherein = match at.segments().is_empty() {
            true => "the scenario".to_owned(),
            false => quoted(&at.to_string()),
        };
        self.refuse(format!("there is no {} in {wherein}", quoted(name)), &advice(name, candidates))
    }

    fn refuse(&self, message: String, help: &str) -> Diagnostic {
        let diagnostic = Diagnostic::error(message).at(self.origin);
        match help.is_empty() {
            true => diagnostic,
            false => diagnostic.with_help(help),
        }
    }
}

/// What stands at a new place until it is written: an empty table, so that parts can be set in it.
fn blank() -> Value {
    Value::Table(Table::new())
}
