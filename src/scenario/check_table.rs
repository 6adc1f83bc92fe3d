//! The check of tables: which alternative is meant, which keys are unknown, which are missing.

use serde_json::{Map, Value as Json};

use super::check::Walk;
use super::document::{Entry, Node, Table};
use super::load::named_thing;
use super::path::Path;
use super::schema::{View, tag};
use notation::diagnostic::{Diagnostic, advice, quoted};

/// Checks a table against the alternatives that take tables.
pub(super) fn check_table(
    walk: &mut Walk<'_>,
    view: &View<'_>,
    fitting: &[&Json],
    node: &Node,
    table: &Table,
    path: &Path,
) {
    let Some(meant) = choose(walk, view, fitting, node, table, path) else {
        return;
    };
    let none = Map::new();
    let properties = meant.get("properties").and_then(Json::as_object).unwrap_or(&none);
    let further = meant.get("additionalProperties");
    let open = further.map_or(properties.is_empty(), |f| f.as_bool() == Some(true));
    for (name, entry) in table {
        let schema = properties.get(name).or(further.filter(|f| f.is_object()));
        walk.name_fits(name, &entry.node, path);
        match schema {
            Some(schema) => walk.node(&view.inside(schema), &entry.node, &path.join(name.as_str())),
            None if open => {}
            None => unknown_key(walk, view, properties, name, entry, path),
        }
        if walk.problems.is_full() {
            return;
        }
    }
    if !walk.partial {
        missing_keys(walk, view, meant, node, table, path);
    }
}

/// The defaults are checked as elements of which every key may be missing.
pub(super) fn check_defaults(walk: &mut Walk<'_>, view: &View<'_>, defaults: &Node) {
    let path = Path::default().join("defaults");
    let Some(table) = defaults.table() else {
        let help = "write [defaults.NAME], where NAME is a list or table of named things";
        walk.error(defaults, &path, format!("`defaults` is {}", defaults.kind()), help);
        return;
    };
    let kinds: Vec<&str> = view.keys().into_iter().filter(|key| named_thing(view, key).is_some()).collect();
    for (name, entry) in table {
        let path = path.join(name.as_str());
        match named_thing(view, name) {
            Some(thing) if entry.node.table().is_some() => walk.node(&thing, &entry.node, &path),
            Some(_) => {
                let message = format!("{} cannot stand where defaults do", entry.node.kind());
                let help = format!("write [defaults.{name}] and its keys below");
                walk.error(&entry.node, &path, message, &help);
            }
            None => {
                let message = format!("there are no named things called {}", quoted(name));
                let help = advice(name, kinds.iter().copied());
                walk.problems.push(Diagnostic::error(message).at(&entry.key).with_help(help));
            }
        }
    }
}

/// Which of several kinds of table is meant: by the key that names it, by the word that names it, or else the one
/// with most keys in common.
fn choose<'a>(
    walk: &mut Walk<'_>,
    view: &View<'_>,
    fitting: &[&'a Json],
    node: &Node,
    table: &Table,
    path: &Path,
) -> Option<&'a Json> {
    if let [only] = fitting {
        return Some(only);
    }
    if let Some(key) = shared_word_key(fitting) {
        return choose_by_word(walk, key, fitting, node, table, path);
    }
    let common = |a: &Json| {
        let properties = a.get("properties").and_then(Json::as_object);
        properties.map_or(0, |p| p.keys().filter(|key| table.contains_key(*key)).count())
    };
    let best = fitting.iter().copied().rev().max_by_key(|a| common(a))?;
    if common(best) > 0 {
        return Some(best);
    }
    let help = advice(table.keys().next().map_or("", String::as_str), view.keys());
    match table.iter().next() {
        Some((name, entry)) => {
            let message = format!("unknown key {}", quoted(name));
            walk.problems.push(Diagnostic::error(message).at(&entry.key).with_help(help));
        }
        None => walk.error(node, path, "this table is empty", &help),
    }
    None
}

/// The key under which every alternative has a fixed word, such as `kind`.
fn shared_word_key<'a>(fitting: &[&'a Json]) -> Option<&'a str> {
    let fixed = |a: &Json, key: &str| a.get("properties").and_then(|p| p.get(key)?.get("const")).is_some();
    let keys = fitting.first()?.get("properties")?.as_object()?.keys();
    keys.map(String::as_str).find(|key| fitting.iter().all(|a| fixed(a, key)))
}

fn choose_by_word<'a>(
    walk: &mut Walk<'_>,
    key: &str,
    fitting: &[&'a Json],
    node: &Node,
    table: &Table,
    path: &Path,
) -> Option<&'a Json> {
    let word = |a: &'a Json| a.get("properties")?.get(key)?.get("const")?.as_str();
    let known: Vec<&str> = fitting.iter().filter_map(|a| word(a)).collect();
    let Some(entry) = table.get(key) else {
        walk.error(
            node,
            path,
            format!("the key `{key}` is missing"),
            &format!("it is one of: {}", known.join(", ")),
        );
        return None;
    };
    let said = entry.node.string().unwrap_or_default();
    let found = fitting.iter().copied().find(|a| word(a) == Some(said));
    if found.is_none() {
        let message = format!("unknown `{key}` {}", quoted(said));
        walk.error(&entry.node, &path.join(key), message, &advice(said, known.iter().copied()));
    }
    found
}

fn unknown_key(
    walk: &mut Walk<'_>,
    view: &View<'_>,
    properties: &Map<String, Json>,
    name: &str,
    entry: &Entry,
    path: &Path,
) {
    let named = properties
        .keys()
        .next()
        .filter(|_| view.alternatives.iter().filter_map(|a| tag(a)).any(|t| t == name));
    let (message, help) = match named {
        _ if let Some(gone) = view.gone(name) => (format!("{} is gone", quoted(name)), gone.to_owned()),
        Some(other) => {
            (format!("{} cannot stand beside `{other}`", quoted(name)), "keep one of the two".to_owned())
        }
        None => {
            (format!("unknown key {}", quoted(name)), advice(name, properties.keys().map(String::as_str)))
        }
    };
    let mut diagnostic = Diagnostic::error(message).at(&entry.key).with_help(help);
    diagnostic.path = Some(path.join(name).to_string());
    walk.problems.push(diagnostic);
}

fn missing_keys(walk: &mut Walk<'_>, view: &View<'_>, meant: &Json, node: &Node, table: &Table, path: &Path) {
    let required = meant.get("required").and_then(Json::as_array).into_iter().flatten();
    for key in required.filter_map(Json::as_str).filter(|key| !table.contains_key(*key)) {
        let message = match path.segments().is_empty() {
            true => format!("the scenario needs the key `{key}`"),
            false => format!("{} needs the key `{key}`", quoted(&path.to_string())),
        };
        let view = meant.get("properties").and_then(|it| it.get(key)).map(|schema| view.inside(schema));
        let help =
            view.map_or_else(String::new, |view| format!("write {key} = …: {}", super::check::kinds(&view)));
        walk.error(node, path, message, &help);
    }
}
