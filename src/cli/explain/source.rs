//! Where the number of a parameter comes from, as the evidence of a preset says.

use crate::experiment::assumptions::plain;
use crate::scenario::{Document, Node, Path, Segment};
use serde_json::{Value as Json, json};

/// What a preset says of where a number comes from.
pub struct Source {
    /// What it is of, where the path speaks of all and this of one.
    of: Option<String>,
    /// The ends of the plausible range, or the words it may be.
    plausible: Vec<String>,
    source: Option<String>,
    tier: String,
    note: Option<String>,
}

impl Source {
    pub fn json(&self) -> Json {
        json!({ "of": self.of, "plausible": self.plausible, "source": self.source, "tier": self.tier, "note": self.note })
    }

    fn lines(&self) -> impl Iterator<Item = String> {
        let of = self.of.as_ref().map_or_else(String::new, |of| format!(" for {of}"));
        let range =
            (!self.plausible.is_empty()).then(|| format!("Plausible{of}: {}", self.plausible.join(" to ")));
        let source = self.source.as_ref().map(|source| format!("Source: {source} ({})", self.tier));
        let note = self.note.as_ref().map(|note| format!("Note: {note}"));
        range.into_iter().chain(source).chain(note)
    }
}

/// The same in words.
pub fn lines(path: &Path, preset: Option<&Document>) -> Vec<String> {
    let lines: Vec<String> = of(path, preset).iter().flat_map(Source::lines).collect();
    if lines.is_empty() { vec!["Source: the presets state none".to_owned()] } else { lines }
}

/// All that a preset's evidence says of a path.
pub fn of(path: &Path, preset: Option<&Document>) -> Vec<Source> {
    let entries = preset.and_then(|document| document.root.get("evidence")?.table());
    let named = entries.into_iter().flatten().filter_map(|(name, entry)| Some((name.parse().ok()?, entry)));
    let matching = named.filter(|(named, _): &(Path, _)| alike(named.segments(), path.segments()));
    matching.map(|(named, entry)| source(path, &named, &entry.node)).collect()
}

fn source(path: &Path, named: &Path, entry: &Node) -> Source {
    // A range is of what it names: of one kind of work, say, where the path speaks of all.
    let is_one = |path: &Path| !path.segments().contains(&Segment::Every);
    let text = |key: &str| entry.get(key).map(plain);
    let range =
        entry.get("range").and_then(Node::array).map(|ends| ends.iter().map(plain).collect::<Vec<_>>());
    Source {
        of: (!is_one(path) && is_one(named)).then(|| thing(path, named)),
        plausible: range.unwrap_or_default(),
        source: text("source"),
        tier: text("tier").unwrap_or_default(),
        note: text("note"),
    }
}

fn alike(a: &[Segment], b: &[Segment]) -> bool {
    let same = |(a, b): (&Segment, &Segment)| a == b || *a == Segment::Every || *b == Segment::Every;
    a.len() == b.len() && a.iter().zip(b).all(same)
}

/// The thing that a path speaks of at one place: "`work.feature`" of `work.*.size`.
pub fn thing(asked: &Path, at: &Path) -> String {
    let last = asked.segments().iter().rposition(|step| *step == Segment::Every);
    format!("`{}`", part(at, last.map_or(at.segments().len(), |last| last + 1)))
}

/// The first steps of a path.
pub fn part(path: &Path, steps: usize) -> Path {
    let name = |step: &Segment| match step {
        Segment::Every => "*".to_owned(),
        Segment::Name(name) => name.clone(),
    };
    path.segments().iter().take(steps).fold(Path::default(), |path, step| path.join(name(step)))
}
