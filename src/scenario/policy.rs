//! Policies: named changes to a scenario, read from the document tree by path.
//!
//! Under `[policy.NAME]`, `baseline`, `description`, `includes`, `after`, `organisation` and `past` have a meaning;
//! every other key is a path. `"team.*.share.health" = "25%"` and `team."*".share.health = "25%"` say the same: a key directly in the
//! policy is a whole path, keys nested below it are single names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::change::Change;
use super::document::{Document, Entry, Node, Table, Value, as_written};
use super::path::{Path, Segment};
use super::schema::View;
use notation::diagnostic::{Diagnostic, Diagnostics, Place, advice, quoted};
use notation::{Span, WorkCalendar};

/// More policies than this are refused; nobody compares them by hand.
const MOST_POLICIES: usize = 1_000;

/// Longer chains of `includes` are surely a mistake.
const DEEPEST_INCLUDES: usize = 16;

/// The keys of a policy that are not paths.
const RESERVED: [&str; 6] = ["baseline", "description", "includes", "after", "organisation", "past"];

/// A policy as written, with what it includes.
#[derive(Clone, Debug)]
pub struct PolicyText {
    /// Its name.
    pub name: String,
    /// Where its table begins.
    pub place: Place,
    /// Whether others are compared with it.
    pub baseline: bool,
    /// What it means, in its author's words.
    pub description: Option<String>,
    /// Whether it is to run a past of its own, instead of changing the organisation at the fork.
    pub own_past: bool,
    /// Its changes, earliest first; within one phase later changes overrule earlier ones, so that a policy's own
    /// stand after those it includes.
    pub phases: Vec<Phase>,
}

/// The changes that come at one date.
#[derive(Clone, Debug)]
pub struct Phase {
    /// How long after the fork; nothing means at the fork.
    pub after: Option<Span>,
    /// The scenario whose organisation takes the place of what there is, before anything else changes, and where
    /// it was named.
    pub organisation: Option<(String, Place)>,
    /// What changes.
    pub changes: Vec<Change>,
}

/// Reads every policy of a document in the order they were written; what is wrong goes to `problems`. Whether
/// paths lead anywhere is found out by [`Document::set`]. The calendar only orders the phases.
pub fn policies(
    document: &Document,
    schema: &Json,
    calendar: &WorkCalendar,
    problems: &mut Diagnostics,
) -> Vec<PolicyText> {
    let Some(node) = document.root.get("policy") else {
        return Vec::new();
    };
    let Some(table) = node.table() else {
        let message = format!("`policy` is {}", node.kind());
        problems.push(Diagnostic::error(message).at(&node.place).with_help("write [policy.NAME]"));
        return Vec::new();
    };
    if table.len() > MOST_POLICIES {
        problems.push(Diagnostic::error(format!("more than {MOST_POLICIES} policies")).at(&node.place));
        return Vec::new();
    }
    let mut reader = PolicyReader { view: View::new(schema), problems };
    let written: BTreeMap<&str, Own> =
        table.iter().map(|(name, entry)| (name.as_str(), reader.own(name, entry))).collect();
    reader.one_baseline(table, &written);
    let names = as_written(table).into_iter().map(|(name, _)| name.as_str());
    names.filter_map(|name| reader.expand(name, &written, calendar)).collect()
}

/// What one policy says itself.
struct Own {
    place: Place,
    baseline: bool,
    description: Option<String>,
    own_past: bool,
    includes: Vec<(String, Place)>,
    phases: Vec<Phase>,
}

struct PolicyReader<'a> {
    view: View<'a>,
    problems: &'a mut Diagnostics,
}

impl PolicyReader<'_> {
    fn own(&mut self, name: &str, entry: &Entry) -> Own {
        let mut own = Own {
            place: entry.key.clone(),
            baseline: false,
            description: None,
            own_past: false,
            includes: Vec::new(),
            phases: Vec::new(),
        };
        let Some(table) = entry.node.table() else {
            let help = format!("write [policy.{name}] and its changes below");
            self.expected("a table of changes", &entry.node, &help);
            return own;
        };
        self.reserved(table, &mut own);
        let paths = as_written(table).into_iter().filter(|(key, _)| !RESERVED.contains(&key.as_str()));
        let changes = self.changes(paths);
        let organisation = self.organisation(table);
        if !changes.is_empty() || organisation.is_some() {
            own.phases.push(Phase { after: None, organisation, changes });
        }
        if let Some(entry) = table.get("after") {
            self.later(&entry.node, &mut own.phases);
        }
        own
    }

    /// Reads the keys that are not paths, but for the dates.
    fn reserved(&mut self, table: &Table, own: &mut Own) {
        for key in RESERVED {
            let Some(entry) = table.get(key) else {
                continue;
            };
            match (key, &entry.node.value) {
                ("baseline", Value::Bool(truth)) => own.baseline = *truth,
                ("baseline", _) => self.expected("true or false", &entry.node, "write baseline = true"),
                ("description", Value::String(text)) => own.description = Some(text.clone()),
                ("description", _) => self.expected("a string", &entry.node, "put it in quotes"),
                ("includes", _) => own.includes = self.includes(&entry.node),
                ("past", Value::String(text)) if text == "own" => own.own_past = true,
                ("past", _) => {
                    let help =
                        "write past = \"own\", or leave it out: then it changes what there is at the fork";
                    self.expected("\"own\"", &entry.node, help);
                }
                _ => {}
            }
        }
    }

    /// The scenario whose organisation it takes over, if it names one.
    fn organisation(&mut self, table: &Table) -> Option<(String, Place)> {
        let entry = table.get("organisation")?;
        match &entry.node.value {
            Value::String(name) => Some((name.clone(), entry.node.place.clone())),
            _ => {
                self.expected("the name of a scenario", &entry.node, "write organisation = \"typical\"");
                None
            }
        }
    }

    fn includes(&mut self, node: &Node) -> Vec<(String, Place)> {
        const HELP: &str = "write includes = [\"one policy\", \"another\"]";
        let Some(elements) = node.array() else {
            self.expected("a list of policies", node, HELP);
            return Vec::new();
        };
        let mut names = Vec::new();
        for element in elements {
            match element.string() {
                Some(name) => names.push((name.to_owned(), element.place.clone())),
                None => self.expected("the name of a policy", element, HELP),
            }
        }
        names
    }

    /// Reads `after."2 quarters"` and its like.
    fn later(&mut self, node: &Node, phases: &mut Vec<Phase>) {
        const HELP: &str = "write after.\"2 quarters\".\"team.*.share.health\" = \"15%\"";
        let Some(dates) = node.table() else {
            return self.expected("a table of dates", node, HELP);
        };
        for (date, entry) in as_written(dates) {
            let after = match date.parse::<Span>() {
                Ok(span) => Some(span),
                Err(misread) => {
                    let diagnostic = Diagnostic::error(misread.message).at(&entry.key);
                    self.problems.push(diagnostic.with_help(misread.help));
                    continue;
                }
            };
            match entry.node.table() {
                Some(table) => {
                    let paths = as_written(table).into_iter().filter(|(key, _)| *key != "organisation");
                    let changes = self.changes(paths);
                    phases.push(Phase { after, organisation: self.organisation(table), changes });
                }
                None => self.expected("a table of changes", &entry.node, HELP),
            }
        }
    }

    fn changes<'n>(&mut self, entries: impl IntoIterator<Item = (&'n String, &'n Entry)>) -> Vec<Change> {
        let mut changes = Vec::new();
        for (key, entry) in entries {
            match key.parse::<Path>() {
                Ok(path) => {
                    let view = path.segments().iter().try_fold(self.view.clone(), |view, s| view.step(s));
                    flatten(path, entry, view, &mut changes);
                }
                Err(diagnostic) => drop(self.problems.push(diagnostic.at(&entry.key))),
            }
        }
        changes
    }

    fn one_baseline(&mut self, table: &Table, written: &BTreeMap<&str, Own>) {
        let mut baselines = as_written(table).into_iter().filter(|(name, _)| written[name.as_str()].baseline);
        let first = baselines.next();
        for (name, entry) in baselines {
            let first = first.map_or("", |(name, _)| name.as_str());
            let message = format!("{} and {} are both the baseline", quoted(first), quoted(name));
            let diagnostic = Diagnostic::error(message).at(&entry.key);
            self.problems
                .push(diagnostic.with_help("compare with one; take `baseline = true` from the other"));
        }
    }

    /// Puts together what a policy includes and what it says itself; nothing if an inclusion is broken.
    fn expand(
        &mut self,
        name: &str,
        written: &BTreeMap<&str, Own>,
        calendar: &WorkCalendar,
    ) -> Option<PolicyText> {
        let own = written.get(name)?;
        let mut order = Vec::new();
        self.gather(name, written, &mut Vec::new(), &mut BTreeSet::new(), &mut order)?;
        let parts = order.iter().filter_map(|name| written.get(name.as_str()));
        let phases = in_order(parts.flat_map(|own| &own.phases), calendar);
        Some(PolicyText {
            name: name.to_owned(),
            place: own.place.clone(),
            baseline: own.baseline,
            description: own.description.clone(),
            own_past: order.iter().any(|name| written[name.as_str()].own_past),
            phases,
        })
    }

    /// Lists what `name` includes, innermost first and each once, then `name` itself.
    fn gather(
        &mut self,
        name: &str,
        written: &BTreeMap<&str, Own>,
        trail: &mut Vec<String>,
        seen: &mut BTreeSet<String>,
        order: &mut Vec<String>,
    ) -> Option<()> {
        trail.push(name.to_owned());
        for (included, place) in &written.get(name)?.includes {
            if let Some(message) = refusal(included, written, trail) {
                let help = advice(included, written.keys().copied());
                let diagnostic = Diagnostic::error(message).at(place);
                let unknown = !written.contains_key(included.as_str());
                self.problems.push(if unknown { diagnostic.with_help(help) } else { diagnostic });
                return None;
            }
            if !seen.contains(included) {
                self.gather(included, written, trail, seen, order)?;
            }
        }
        trail.pop();
        seen.insert(name.to_owned());
        order.push(name.to_owned());
        Some(())
    }

    fn expected(&mut self, what: &str, node: &Node, help: &str) {
        let message = format!("{} cannot stand where {what} is required", node.kind());
        self.problems.push(Diagnostic::error(message).at(&node.place).with_help(help));
    }
}

/// Why the policy at the end of `trail` may not include `included`.
fn refusal(included: &str, written: &BTreeMap<&str, Own>, trail: &[String]) -> Option<String> {
    if !written.contains_key(included) {
        return Some(format!("there is no policy {} to include", quoted(included)));
    }
    if trail.iter().any(|name| name == included) {
        return Some(format!("policy {} includes itself", quoted(included)));
    }
    (trail.len() > DEEPEST_INCLUDES)
        .then(|| format!("policies include one another more than {DEEPEST_INCLUDES} deep"))
}

/// Turns nested tables into one change per value, but leaves whole what replaces as a whole, such as a distribution.
fn flatten(path: Path, entry: &Entry, view: Option<View<'_>>, changes: &mut Vec<Change>) {
    let descend = view.as_ref().is_some_and(|view| !view.replaces());
    match &entry.node.value {
        Value::Table(table) if descend && !table.is_empty() => {
            for (name, inner) in as_written(table) {
                let segment = Segment::named(name.as_str());
                let below = view.as_ref().and_then(|view| view.step(&segment));
                let mut longer = path.clone();
                longer.push(segment);
                flatten(longer, inner, below, changes);
            }
        }
        _ => {
            changes.push(Change { path, at: entry.key.clone(), value: entry.node.clone(), takes_away: false })
        }
    }
}

/// Joins the phases that come at the same date, later ones overruling earlier, and sorts them by date.
fn in_order<'a>(written: impl Iterator<Item = &'a Phase>, calendar: &WorkCalendar) -> Vec<Phase> {
    // At the fork comes before anything after it, even "0 days" after.
    let hours = |phase: &Phase| phase.after.map_or(-1.0, |span| span.hours(calendar));
    let mut phases: Vec<Phase> = Vec::new();
    for phase in written {
        match phases.iter_mut().find(|p| hours(p) == hours(phase)) {
            Some(same) => {
                same.changes.extend(phase.changes.iter().cloned());
                same.organisation = phase.organisation.clone().or(same.organisation.take());
            }
            None => phases.push(phase.clone()),
        }
    }
    for phase in &mut phases {
        keep_last(&mut phase.changes);
    }
    phases.sort_by(|a, b| hours(a).total_cmp(&hours(b)));
    phases
}

/// Of several changes to the same path, keeps the last.
fn keep_last(changes: &mut Vec<Change>) {
    let mut seen = BTreeSet::new();
    let mut kept: Vec<Change> = changes.drain(..).rev().filter(|c| seen.insert(c.path.clone())).collect();
    kept.reverse();
    *changes = kept;
}
