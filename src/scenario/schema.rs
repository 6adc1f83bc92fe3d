//! A view of a JSON schema that follows references and gathers alternatives, as reading a document needs it.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::path::Segment;
use notation::MARK;

/// The extension that says a part of the document is checked elsewhere.
const OPAQUE: &str = "x-opaque";

/// A schema is ours and finite, but a cycle of bare references would not be.
const MOST_REFERENCES: usize = 32;

/// Any value at all: a field whose keys are free and checked elsewhere, such as a policy's paths.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Free(pub toml::Value);

impl JsonSchema for Free {
    fn schema_name() -> Cow<'static, str> {
        "Free".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "x-opaque": true })
    }
}

/// What a schema allows at one place of a document.
#[derive(Clone, Debug)]
pub struct View<'a> {
    root: &'a Json,
    /// The shapes a value may take, without `null`, which TOML does not have.
    pub(super) alternatives: Vec<&'a Json>,
    /// The notation of a value that takes several shapes, such as a distribution.
    pub(super) mark: Option<&'a str>,
    opaque: bool,
}

impl<'a> View<'a> {
    /// What a whole document may contain.
    pub fn new(root: &'a Json) -> Self {
        Self::of(root, root)
    }

    fn of(root: &'a Json, schema: &'a Json) -> Self {
        let mut view = View { root, alternatives: Vec::new(), mark: None, opaque: false };
        view.gather(schema, 0);
        view
    }

    fn gather(&mut self, schema: &'a Json, depth: usize) {
        if depth > MOST_REFERENCES {
            return;
        }
        if schema.get(OPAQUE).and_then(Json::as_bool) == Some(true) {
            self.opaque = true;
        } else if let Some(target) = schema.get("$ref").and_then(Json::as_str) {
            // Looked up by its name: a general pointer is taken apart and put together anew, at every key of a document.
            let target = target.strip_prefix("#/$defs/").and_then(|name| self.root.get("$defs")?.get(name));
            target.into_iter().for_each(|schema| self.gather(schema, depth + 1));
        } else if let Some(choices) = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.as_array()) {
            self.mark = self.mark.or_else(|| schema.get(MARK).and_then(Json::as_str));
            choices.iter().for_each(|choice| self.gather(choice, depth + 1));
        } else if schema.get("type").and_then(Json::as_str) != Some("null") {
            self.alternatives.push(schema);
        }
    }

    /// Whether this part of the document is checked elsewhere.
    pub fn is_opaque(&self) -> bool {
        self.opaque
    }

    /// Whether a later value takes the place of an earlier one as a whole, instead of being merged into it.
    ///
    /// So it is where one key names which of several things is meant: `{ exponential = … }` over
    /// `{ lognormal = … }` is a change of mind, not a distribution of both kinds. Opaque parts replace as well.
    pub fn replaces(&self) -> bool {
        self.opaque || (self.alternatives.len() > 1 && self.alternatives.iter().any(|a| tag(a).is_some()))
    }

    /// What the value under `key` of a table may be.
    pub fn child(&self, key: &str) -> Option<View<'a>> {
        let known = self.alternatives.iter().find_map(|a| a.get("properties")?.get(key));
        known.map(|schema| Self::of(self.root, schema)).or_else(|| self.entry())
    }

    /// What the entries of a table of named things may be.
    pub fn entry(&self) -> Option<View<'a>> {
        let entry =
            self.alternatives.iter().find_map(|a| a.get("additionalProperties").filter(|e| e.is_object()));
        entry.map(|schema| Self::of(self.root, schema))
    }

    /// What the elements of a list may be.
    pub fn element(&self) -> Option<View<'a>> {
        let items = self.alternatives.iter().find_map(|a| a.get("items"));
        items.map(|schema| Self::of(self.root, schema))
    }

    /// What lies one step of a path further.
    pub fn step(&self, segment: &Segment) -> Option<View<'a>> {
        match segment {
            Segment::Name(name) => self.child(name).or_else(|| self.element()),
            Segment::Every => self.entry().or_else(|| self.element()),
        }
    }

    /// Where what a key of an older scenario said is said now.
    pub fn gone(&self, key: &str) -> Option<&'a str> {
        self.alternatives.iter().find_map(|a| a.get("x-gone")?.get(key)?.as_str())
    }

    /// The keys a table here may have, as far as they are fixed.
    pub fn keys(&self) -> Vec<&'a str> {
        let tables = self.alternatives.iter().filter_map(|a| a.get("properties")?.as_object());
        let mut keys: Vec<&str> = tables.flat_map(|t| t.keys().map(String::as_str)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// A view of a schema found inside this one.
    pub(super) fn inside(&self, schema: &'a Json) -> View<'a> {
        Self::of(self.root, schema)
    }
}

/// The one key that names an alternative, if that is how the alternative is told from others.
pub(super) fn tag(alternative: &Json) -> Option<&str> {
    let properties = alternative.get("properties")?.as_object()?;
    let required = alternative.get("required")?.as_array()?;
    let only = properties.keys().next().filter(|_| properties.len() == 1 && required.len() == 1)?;
    Some(only.as_str())
}
