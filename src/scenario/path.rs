//! Paths: one grammar for policies, `--set`, sweeps, evidence and error messages.
//!
//! `team.*.share.health` names a value in every team, `team.Checkout.engineers` in one. Elements of a list are
//! addressed by their `name`, or else by their position from zero. A name that contains a full stop is quoted.

use std::fmt;
use std::str::FromStr;

use super::document::{DEEPEST, Document, Node, Value};
use notation::diagnostic::{Diagnostic, quoted};

/// A path from the root of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Segment>);

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// The entry or element of this name, or the element at this position.
    Name(String),
    /// `*`: every entry of a table, every element of a list.
    Every,
}

impl Path {
    /// Its steps, from the root.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Appends a step.
    pub fn push(&mut self, segment: Segment) {
        self.0.push(segment);
    }

    /// The path one step further.
    pub fn join(&self, name: impl Into<String>) -> Path {
        let mut longer = self.clone();
        longer.push(Segment::named(name));
        longer
    }
}

impl Segment {
    /// A step by name; the name `*` means every.
    pub fn named(name: impl Into<String>) -> Self {
        let name = name.into();
        match name == "*" {
            true => Segment::Every,
            false => Segment::Name(name),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, segment) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            segment.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let needs_quotes =
            |name: &str| name.is_empty() || name.contains(['.', '"', '\'', '*', '=']) || name.trim() != name;
        match self {
            Segment::Every => f.write_str("*"),
            Segment::Name(name) if !needs_quotes(name) => f.write_str(name),
            Segment::Name(name) if name.contains('"') => write!(f, "'{name}'"),
            Segment::Name(name) => write!(f, "\"{name}\""),
        }
    }
}

impl FromStr for Path {
    type Err = Diagnostic;

    fn from_str(text: &str) -> Result<Self, Diagnostic> {
        let mut path = Path::default();
        let mut rest = text.trim();
        loop {
            let (segment, after) = first_segment(rest).ok_or_else(|| {
                let message = format!("{} is not a path", quoted(text));
                Diagnostic::error(message)
                    .with_help("write names with full stops between, such as `team.*.share.health`")
            })?;
            path.push(segment);
            if path.0.len() > DEEPEST {
                let message = format!("the path {} has more than {DEEPEST} steps", quoted(text));
                return Err(Diagnostic::error(message));
            }
            match after.strip_prefix('.') {
                Some(next) => rest = next.trim_start(),
                None => return Ok(path),
            }
        }
    }
}

/// Takes one segment off the front; what remains is empty or begins with a full stop.
fn first_segment(text: &str) -> Option<(Segment, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let (name, after) = match quote {
        Some(quote) => text[1..].split_once(quote).map(|(name, after)| (name, after.trim_start()))?,
        None => text.split_at(text.find('.').unwrap_or(text.len())),
    };
    let plain = quote.is_none();
    let name = if plain { name.trim() } else { name };
    let well_formed = (after.is_empty() || after.starts_with('.')) && !(plain && name.is_empty());
    well_formed.then(|| (Segment::named(name), after))
}

impl Node {
    /// The value one step further; nothing for `*`, which names no single one.
    pub(super) fn child(&self, segment: &Segment) -> Option<&Node> {
        let Segment::Name(name) = segment else {
            return None;
        };
        match &self.value {
            Value::Table(table) => table.get(name).map(|entry| &entry.node),
            Value::Array(elements) => position(elements, name).and_then(|i| elements.get(i)),
            _ => None,
        }
    }
}

/// Where in a list the element called `name` stands.
pub(super) fn position(elements: &[Node], name: &str) -> Option<usize> {
    let named = elements.iter().position(|element| element.name() == Some(name));
    named.or_else(|| name.parse().ok().filter(|i| *i < elements.len()))
}

/// What the element at `index` is called in a path.
pub(super) fn element_name(index: usize, element: &Node) -> String {
    element.name().map_or_else(|| index.to_string(), str::to_owned)
}

impl Document {
    /// Every value `path` names, with the concrete path of each.
    pub fn get(&self, path: &Path) -> Vec<(Path, &Node)> {
        let mut found = vec![(Path::default(), &self.root)];
        for segment in path.segments() {
            found = found.into_iter().flat_map(|(at, node)| step(at, node, segment)).collect();
        }
        found
    }
}

fn step<'a>(at: Path, node: &'a Node, segment: &Segment) -> Vec<(Path, &'a Node)> {
    match (segment, &node.value) {
        (Segment::Every, Value::Table(table)) => {
            table.iter().map(|(key, entry)| (at.join(key.as_str()), &entry.node)).collect()
        }
        (Segment::Every, Value::Array(elements)) => {
            elements.iter().enumerate().map(|(i, e)| (at.join(element_name(i, e)), e)).collect()
        }
        (Segment::Name(name), _) => {
            node.child(segment).map(|n| (at.join(name.as_str()), n)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_back_equal() {
        for text in
            ["team.*.share.health", "team.\"a.b\".engineers", "team.Site Reliability.engineers", "a.'x\"y'"]
        {
            assert_eq!(text.parse::<Path>().expect(text).to_string(), text);
        }
        let quoted: Path = "team.\"*\".share".parse().expect("a path");
        assert_eq!(quoted.segments()[1], Segment::Every);
    }

    #[test]
    fn broken_paths_are_refused() {
        for text in ["", ".", "a.", ".a", "a..b", "\"a", "\"a\"b", &"a.".repeat(1 << 20)] {
            assert!(text.parse::<Path>().is_err());
        }
        assert!(vec!["a"; 65].join(".").parse::<Path>().is_err());
    }
}
