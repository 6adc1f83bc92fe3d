//! `orgsim explain`: what a parameter means, and where its value comes from.

mod evidence;
mod source;
mod words;

use super::{Explain, Failure, schema::whole, screen};
use crate::diagnostic::{Diagnostics, Sources, advice};
use crate::report::manifest::pretty;
use crate::report::table::{WIDTH, printable, wrapped};
use crate::scenario::{Document, Library, Node, Path, SchemaDoc, Segment, library, load, meaning};
use clap::ValueEnum;
use serde_json::{Map, Value as Json, json};
use source::{Source, thing};

/// The preset whose values are shown as defaults.
const TYPICAL: &str = "typical";

/// How an explanation is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    Text,
    Json,
}

/// Explains a path, a table, or lists all tables.
pub fn explain(options: &Explain) -> Result<(), Failure> {
    let (text, schema) = (options.path.as_deref().unwrap_or_default(), whole());
    let found = found(options, &schema);
    let said = said(text)?.or_else(|| if found.is_err() { words::term(text) } else { None });
    if let Some(said) = said {
        return match options.format {
            Form::Text => screen::print(&said),
            Form::Json => print_json(&json!({ "path": options.path, "text": said })),
        };
    }
    let (found, path) = found?;
    let preset = ExplainedPreset::saying(&path, &schema);
    match options.format {
        Form::Text => screen::print(&page(&found, &path, &preset)),
        Form::Json => {
            let sources = source::of(&path, preset.document.as_ref());
            print_json(&json!({
                "path": found.path,
                "means": found.text,
                "written_as": found.notation,
                "limits": found.limits,
                "default": found.default,
                "preset": preset.value.as_ref().map(|value| json!({ "name": preset.name, "value": value })),
                "evidence": sources.iter().map(Source::json).collect::<Vec<_>>(),
                "keys": pairs(&found.keys),
                "words": pairs(&found.words),
            }))
        }
    }
}

fn print_json(known: &Json) -> Result<(), Failure> {
    screen::print(&String::from_utf8_lossy(&pretty(known)))
}

/// Words with what is written about them.
fn pairs(known: &[(String, String)]) -> Json {
    known.iter().map(|(name, means)| (name.clone(), Json::from(means.as_str()))).collect::<Map<_, _>>().into()
}

/// What is said of what is no path: a distribution, a policy, a preset, a piece of evidence.
fn said(text: &str) -> Result<Option<String>, Failure> {
    if let Some(said) = words::law(text).or_else(|| of_policy(text)).or_else(|| of_preset(text)) {
        return Ok(Some(said));
    }
    evidence::told(text).transpose().map_err(Failure::Usage)
}

/// What the schema says of the path, and the path in full: `team.share.health` is every team's.
fn found(options: &Explain, schema: &Json) -> Result<(SchemaDoc, Path), Failure> {
    let path = match options.path.as_deref().map(changed) {
        Some(text) => text.parse::<Path>().map_err(|problem| Failure::Usage(problem.message))?,
        None => Path::default(),
    };
    let found = meaning(schema, &path).map_err(|lost| {
        let within =
            if lost.within.is_empty() { "a scenario".to_owned() } else { format!("`{}`", lost.within) };
        let places = words::places(schema, options.path.as_deref().unwrap_or_default());
        let help = match places.is_empty() {
            true => advice(&lost.step, lost.known.iter().map(String::as_str)),
            false => format!("try `orgsim explain {}`", places.join("`, `orgsim explain ")),
        };
        Failure::Usage(format!("there is no `{}` in {within}; {help}", lost.step))
    })?;
    let path = found.path.parse::<Path>().unwrap_or(path);
    Ok((found, path))
}

/// A preset that has something to say at a path.
struct ExplainedPreset {
    name: &'static str,
    document: Option<Document>,
    /// Its value at the path, and of what: "5% for `work.feature`".
    value: Option<String>,
    /// Whether that holds for some of the things that the path speaks of, and not for all.
    partly: bool,
}

/// Values that are told where the things that a path speaks of have several.
const VALUES: usize = 3;

impl ExplainedPreset {
    /// The preset `typical`, or if it says nothing there the first that does.
    fn saying(path: &Path, schema: &Json) -> ExplainedPreset {
        let typical = ExplainedPreset::read(TYPICAL, path, schema);
        if typical.value.is_some() {
            return typical;
        }
        let others = library::names().into_iter().filter(|name| *name != TYPICAL);
        let mut others = others.map(|name| ExplainedPreset::read(name, path, schema));
        others.find(|preset| preset.value.is_some()).unwrap_or(typical)
    }

    fn read(name: &'static str, path: &Path, schema: &Json) -> ExplainedPreset {
        let library = library::Presets::beside(std::path::Path::new("."));
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::new());
        let text = format!("extends = \"{name}\"");
        let document =
            load(&mut sources, name, text.as_bytes(), &library as &dyn Library, schema, &mut problems);
        let (value, partly) = document.as_ref().map_or((None, false), |document| values(document, path));
        ExplainedPreset { name, document, value, partly }
    }
}

/// What a document says at a path, and whether some of the things that the path speaks of have no value there.
fn values(document: &Document, path: &Path) -> (Option<String>, bool) {
    let found = document.get(path);
    let things = match path.segments().iter().position(|step| *step == Segment::Every) {
        Some(at) => document.get(&source::part(path, at + 1)).len(),
        None => 1,
    };
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for (at, node) in &found {
        let (value, of) = (written(node), thing(path, at));
        match told.iter_mut().find(|(known, _)| *known == value) {
            Some((_, all)) => all.push(of),
            None => told.push((value, vec![of])),
        }
    }
    let partly = found.len() < things;
    match told.as_slice() {
        [] => (None, false),
        [(value, _)] if !partly => (Some(value.clone()), false),
        all => {
            let one = |(value, of): &(String, Vec<String>)| format!("{value} for {}", of.join(", "));
            let mut text = all.iter().take(VALUES).map(one).collect::<Vec<_>>().join("; ");
            if all.len() > VALUES {
                text.push_str(&format!("; and {} more", all.len() - VALUES));
            }
            (Some(text), partly)
        }
    }
}

/// A value as a scenario writes it, text without its quotes where it stands alone.
fn written(node: &Node) -> String {
    node.string().map_or_else(|| inline(&node.to_toml()), str::to_owned)
}

/// TOML in one line.
fn inline(value: &toml::Value) -> String {
    match value {
        toml::Value::Table(table) => {
            let pair = |(key, value): (&String, &toml::Value)| format!("{key} = {}", inline(value));
            format!("{{ {} }}", table.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        toml::Value::Array(all) => format!("[{}]", all.iter().map(inline).collect::<Vec<_>>().join(", ")),
        one => one.to_string(),
    }
}

/// The presets there are, each with what its head says.
pub fn presets() -> Vec<(String, String)> {
    let head = |name: &str| {
        let text = library::preset(name).unwrap_or_default();
        let lines = text.lines().map_while(|line| line.strip_prefix("# "));
        lines.collect::<Vec<_>>().join(" ")
    };
    library::names().into_iter().map(|name| (name.to_owned(), head(name))).collect()
}

/// The presets there are, or all that one says, as a scenario would write it.
fn of_preset(text: &str) -> Option<String> {
    if ["preset", "presets"].contains(&text) {
        let head =
            "Presets, to be named in `extends`; `orgsim explain preset.NAME` prints all that one says.\n\n";
        return Some(head.to_owned() + &columns(&presets()));
    }
    let name = text.strip_prefix("preset.").or_else(|| text.strip_prefix("presets."))?;
    library::preset(name)
}

/// What may stand in a policy: all of it, one key, or the path that it changes.
fn of_policy(text: &str) -> Option<String> {
    let rest = match text.strip_prefix("policy")? {
        "" => None,
        rest => Some(rest.strip_prefix('.')?),
    };
    let key = rest.and_then(|rest| rest.split_once('.')).map(|(_, key)| key);
    let said = words::policy(key)?;
    let name = rest.map_or("NAME", |rest| rest.split_once('.').map_or(rest, |(name, _)| name));
    let head =
        format!("[policy.{name}]: named changes to the scenario, compared with those of the baseline.\n\n");
    Some(if key.is_some() { said } else { head + &said })
}

/// The path that a policy changes, `policy.NAME."PATH"`; anything else is left as it is.
fn changed(text: &str) -> &str {
    let inside = text.strip_prefix("policy.").and_then(|rest| rest.split_once(".\"")?.1.strip_suffix('"'));
    inside.unwrap_or(text)
}

fn page(found: &SchemaDoc, path: &Path, preset: &ExplainedPreset) -> String {
    let mut text = String::new();
    let mut line = |sentence: String| text.push_str(&wrapped(&printable(&sentence), WIDTH, "    "));
    if found.path.is_empty() {
        line(
            "The keys and tables of a scenario; `orgsim explain NAME` says more of each, `orgsim explain distributions` lists \
             the distributions."
                .to_owned(),
        );
    } else {
        let shown = if is_list(found) { found.path.trim_end_matches(".*") } else { &found.path };
        line(shown.to_owned());
        if !found.text.is_empty() {
            line(found.text.clone());
        }
    }
    if found.keys.is_empty() || !found.words.is_empty() {
        if !found.notation.is_empty() {
            line(format!("Written as: {}", found.notation));
        }
        if let Some(limits) = &found.limits {
            line(format!("Limits: {limits}"));
        }
        line(format!("Default: {}", default(found, preset)));
        source::lines(path, preset.document.as_ref()).into_iter().for_each(line);
        return text + &columns(&found.words);
    }
    if is_list(found) {
        let key = path.segments().iter().rev().find(|step| **step != Segment::Every);
        let key = key.map_or_else(String::new, ToString::to_string);
        let keys: Vec<String> = found.keys.iter().map(|(key, _)| format!("{key} = …")).collect();
        line(format!("Written as: a list of tables, {key} = [{{ {} }}, …]", keys.join(", ")));
        line(format!("Default: {}", default(found, preset)));
    }
    text + "\n" + &columns(&found.keys)
}

/// Whether what is explained is a list of tables without names.
fn is_list(found: &SchemaDoc) -> bool {
    found.notation == "a list" && !found.keys.is_empty() && found.words.is_empty() && found.path.contains('.')
}

/// Words on the left, and what is written about them on the right.
fn columns(keys: &[(String, String)]) -> String {
    let widest = keys.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
    let indent = " ".repeat(widest + 4);
    let line = |(key, words): &(String, String)| {
        hanging(&format!("  {key:widest$}  {}", first_sentence(words)), WIDTH, &indent)
    };
    keys.iter().map(line).collect()
}

/// Wraps without losing the spaces of the first column.
fn hanging(line: &str, width: usize, indent: &str) -> String {
    let (head, words) = line.split_at(indent.len().min(line.len()));
    let body = wrapped(words, width - indent.len(), "");
    let mut lines = body.lines();
    let mut text = format!("{head}{}\n", lines.next().unwrap_or_default());
    lines.for_each(|line| text.push_str(&format!("{indent}{line}\n")));
    text
}

fn first_sentence(words: &str) -> &str {
    words.split_once(". ").map_or(words, |(first, _)| first).trim_end_matches('.')
}

/// The preset's value, or what the schema says, or nothing.
fn default(found: &SchemaDoc, preset: &ExplainedPreset) -> String {
    let others = match &preset.value {
        Some(value) if preset.name == TYPICAL && preset.partly => {
            let other = found.default.as_deref().map_or_else(
                || "it must be written wherever else its table is".to_owned(),
                |value| format!("elsewhere {value} when left out"),
            );
            return format!("{value} (preset typical); {other}");
        }
        Some(value) if preset.name == TYPICAL => return format!("{value} (preset typical)"),
        Some(value) => format!("the preset typical does not set it, the preset {} says {value}", preset.name),
        None => "the preset typical does not set it".to_owned(),
    };
    match &found.default {
        Some(value) if value == "nothing" => format!("nothing when left out ({others})"),
        Some(value) if preset.value.is_some() => format!("{value} when left out ({others})"),
        Some(value) => format!("{value} when left out"),
        None => format!("none; it must be written where its table is ({others})"),
    }
}
