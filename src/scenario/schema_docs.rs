//! Meaning: what the schema says of a place in a scenario, for whoever asks.

use super::path::{Path, Segment};
use super::schema::tag;
use notation::{self, MARK};
use serde_json::Value as Json;

/// The extension that holds a plain name.
const PLAIN: &str = "x-plain";

/// The extension that holds what people say every day and mean this.
const SAID: &str = "x-said";

/// References followed at most: a schema is ours and finite, but a cycle would not be.
const MOST_REFERENCES: usize = 32;

/// What a place in a scenario means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SchemaDoc {
    /// The place, with `*` for named things.
    pub path: String,
    /// What its author wrote about it.
    pub text: String,
    /// What people call it, where its author says so (`x-plain`).
    pub plain: Option<String>,
    /// What people say and mean this (`x-said`).
    pub said: Vec<String>,
    /// How its value is written.
    pub notation: String,
    /// The least and the greatest value, where the schema limits it.
    pub limits: Option<String>,
    /// What it is when left out, where the schema knows.
    pub default: Option<String>,
    /// The keys of a table, each with what is written about it.
    pub keys: Vec<(String, String)>,
    /// The words that it may be, each with what is written about it; none where its author wrote nothing.
    pub words: Vec<(String, String)>,
}

/// A path that leads nowhere: the step that is unknown, what it was looked for in, and what is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Nowhere {
    pub step: String,
    pub within: String,
    pub known: Vec<String>,
}

/// What a path means; the empty path is the whole scenario.
///
/// # Errors
/// When a step is unknown.
pub fn meaning(schema: &Json, path: &Path) -> Result<SchemaDoc, Nowhere> {
    let reader = SchemaReader { root: schema };
    let shapes = reader.shapes(schema);
    let mut place = SchemaPlace { path: Vec::new(), written: schema, said: schema, is_due: true, shapes };
    for segment in path.segments() {
        place = reader.step(place, segment)?;
    }
    Ok(reader.meaning(&place))
}

struct SchemaReader<'a> {
    root: &'a Json,
}

/// Where a path has come to.
struct SchemaPlace<'a> {
    path: Vec<String>,
    /// The schema where it was written, with its author's words.
    written: &'a Json,
    /// The schema with its author's words, where they stand elsewhere.
    said: &'a Json,
    /// Whether it must be written.
    is_due: bool,
    /// What it may be.
    shapes: Vec<&'a Json>,
}

impl<'a> SchemaReader<'a> {
    /// The shapes a schema allows, references followed, without `null`.
    fn shapes(&self, schema: &'a Json) -> Vec<&'a Json> {
        let mut shapes = Vec::new();
        self.gather(schema, &mut shapes, 0);
        shapes
    }

    fn gather(&self, schema: &'a Json, shapes: &mut Vec<&'a Json>, depth: usize) {
        if depth > MOST_REFERENCES || schema.get("type").and_then(Json::as_str) == Some("null") {
            return;
        }
        shapes.push(schema);
        let target = schema.get("$ref").and_then(Json::as_str);
        let target = target.and_then(|target| self.root.pointer(target.strip_prefix('#')?));
        target.into_iter().for_each(|schema| self.gather(schema, shapes, depth + 1));
        for key in ["oneOf", "anyOf", "allOf"] {
            let choices = schema.get(key).and_then(Json::as_array).into_iter().flatten();
            choices.for_each(|choice| self.gather(choice, shapes, depth + 1));
        }
    }

    fn step(&self, place: SchemaPlace<'a>, segment: &Segment) -> Result<SchemaPlace<'a>, Nowhere> {
        // Where one key names a choice, what is written of the choice is what is written of the key.
        let property = |shapes: &[&'a Json], name: &str| {
            let of = |shape: &&'a Json| {
                let found = shape.get("properties")?.get(name)?;
                let bare = found.get("description").is_none() && tag(shape).is_some();
                Some((found, if bare { *shape } else { found }))
            };
            shapes.iter().find_map(of)
        };
        let thing = self.thing(&place.shapes);
        match (segment, thing) {
            (Segment::Name(name), _) if property(&place.shapes, name).is_some() => {
                let (found, said) = property(&place.shapes, name).unwrap_or((place.written, place.written));
                let mut inner = self.place(place.path, name, found);
                inner.said = said;
                inner.is_due = requires(&place.shapes, name);
                Ok(inner)
            }
            // "team.engineers" is understood as "team.*.engineers".
            (Segment::Name(name), Some(thing)) if property(&self.shapes(thing), name).is_some() => {
                let inner = self.place(place.path, "*", thing);
                self.step(inner, segment)
            }
            (_, Some(thing)) => Ok(self.place(place.path, "*", thing)),
            (segment, None) => Err(Nowhere {
                step: segment.to_string(),
                within: place.path.join("."),
                known: self.keys(&place.shapes).into_iter().map(|(key, _)| key).collect(),
            }),
        }
    }

    fn place(&self, mut path: Vec<String>, step: &str, written: &'a Json) -> SchemaPlace<'a> {
        path.push(step.to_owned());
        SchemaPlace { path, written, said: written, is_due: false, shapes: self.shapes(written) }
    }

    /// What the elements of a list or the entries of a table of named things are.
    fn thing(&self, shapes: &[&'a Json]) -> Option<&'a Json> {
        let open =
            |key: &str| shapes.iter().find_map(|shape| shape.get(key).filter(|thing| thing.is_object()));
        open("items").or_else(|| open("additionalProperties"))
    }

    fn keys(&self, shapes: &[&'a Json]) -> Vec<(String, String)> {
        let tables = shapes.iter().filter_map(|shape| Some((shape, shape.get("properties")?.as_object()?)));
        let said = |shape: &&'a Json, key: &String, schema: &'a Json| {
            let bare = schema.get("description").is_none() && tag(shape).is_some();
            (key.clone(), self.text(if bare { shape } else { schema }, &self.shapes(schema)))
        };
        let mut keys: Vec<(String, String)> = tables
            .flat_map(|(shape, table)| table.iter().map(move |(key, schema)| said(shape, key, schema)))
            .collect();
        keys.sort();
        keys.dedup();
        keys
    }

    /// The words where it is written, or else those of what it refers to.
    fn text(&self, written: &'a Json, shapes: &[&'a Json]) -> String {
        let words = |schema: &Json| schema.get("description").and_then(Json::as_str).map(str::to_owned);
        words(written)
            .or_else(|| shapes.iter().find_map(|shape| words(shape)))
            .unwrap_or_default()
            .replace('\n', " ")
    }

    fn meaning(&self, place: &SchemaPlace<'a>) -> SchemaDoc {
        let mut path = place.path.clone();
        let mut shapes = place.shapes.clone();
        if let Some(thing) = self.thing(&place.shapes) {
            let inner = self.shapes(thing);
            if inner.iter().any(|shape| shape.get("properties").is_some()) {
                path.push("*".to_owned());
                shapes = inner;
            }
        }
        let number = |key: &str| place.shapes.iter().find_map(|shape| shape.get(key)?.as_f64());
        let limits = match (number("minimum"), number("maximum")) {
            (Some(least), Some(most)) => Some(format!("{least} to {most}")),
            (Some(least), None) => Some(format!("{least} or more")),
            (None, Some(most)) => Some(format!("{most} or less")),
            _ => None,
        };
        SchemaDoc {
            path: path.join("."),
            text: self.text(place.said, &place.shapes),
            plain: [place.said, place.written]
                .iter()
                .find_map(|schema| Some(schema.get(PLAIN)?.as_str()?.to_owned())),
            said: self.said(place),
            notation: self.notation(&place.shapes),
            limits,
            default: default(place),
            keys: self.keys(&shapes),
            words: choices(&place.shapes),
        }
    }

    /// What people say of it: at the key, or at the type of its table.
    fn said(&self, place: &SchemaPlace<'a>) -> Vec<String> {
        let words = |schema: &&'a Json| schema.get(SAID)?.as_array();
        let found = [place.said, place.written].iter().chain(&place.shapes).find_map(words);
        found.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
    }

    /// How a value is written: a notation, one of some words, or a plain sort of value.
    fn notation(&self, shapes: &[&'a Json]) -> String {
        let mark = shapes.iter().find_map(|shape| shape.get(MARK)?.as_str());
        if let Some(meaning) = mark.and_then(notation::meaning) {
            return meaning.to_owned();
        }
        let mut words: Vec<String> = Vec::new();
        for shape in shapes {
            words.extend(shape.get("const").and_then(Json::as_str).map(|word| format!("\"{word}\"")));
            let several = shape.get("enum").and_then(Json::as_array).into_iter().flatten();
            words.extend(several.filter_map(Json::as_str).map(|word| format!("\"{word}\"")));
        }
        if !words.is_empty() {
            words.extend(shapes.iter().filter_map(|shape| Some(format!("{{ {} = ... }}", tag(shape)?))));
            return format!("one of {}", words.join(", "));
        }
        let sort = shapes.iter().find_map(|shape| match shape.get("type")? {
            Json::String(sort) => Some(sort.as_str()),
            Json::Array(sorts) => sorts.iter().filter_map(Json::as_str).find(|sort| *sort != "null"),
            _ => None,
        });
        match sort {
            Some("integer") => "a whole number",
            Some("number") => "a number",
            Some("string") => "a string",
            Some("boolean") => "true or false",
            Some("array") => "a list",
            Some("object") => "a table",
            _ => "any value",
        }
        .to_owned()
    }
}

/// What it is when left out: nothing where it must be written.
fn default(place: &SchemaPlace<'_>) -> Option<String> {
    if place.is_due {
        return None;
    }
    let written = place.written.get("default").filter(|value| !value.is_null());
    if let Some(value) = written {
        return Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    if allows_null(place.written) {
        return Some("nothing".to_owned());
    }
    let is_list = place.shapes.iter().any(|shape| shape.get("items").is_some());
    let has_keys = place.shapes.iter().any(|shape| shape.get("properties").is_some());
    Some(
        if is_list {
            "none"
        } else if has_keys {
            "what its keys say of themselves"
        } else {
            "nothing"
        }
        .to_owned(),
    )
}

/// Whether it may be left out and is then not there at all.
fn allows_null(schema: &Json) -> bool {
    let is_null = |schema: &Json| match schema.get("type") {
        Some(Json::String(sort)) => sort == "null",
        Some(Json::Array(sorts)) => sorts.iter().any(|sort| sort == "null"),
        _ => false,
    };
    let choices = ["anyOf", "oneOf"].iter().filter_map(|key| schema.get(key)?.as_array()).flatten();
    is_null(schema) || choices.into_iter().any(is_null)
}

/// Whether a key must be written wherever a table is.
fn requires(shapes: &[&Json], name: &str) -> bool {
    let tables: Vec<&&Json> = shapes
        .iter()
        .filter(|shape| shape.get("properties").is_some_and(|it| it.get(name).is_some()))
        .collect();
    let due = |shape: &&&Json| {
        let list = shape.get("required").and_then(Json::as_array);
        list.is_some_and(|list| list.iter().any(|due| due.as_str() == Some(name)))
    };
    !tables.is_empty() && tables.iter().all(due)
}

/// Fixed words, and keys that name a choice, each with what its author wrote about it.
fn choices(shapes: &[&Json]) -> Vec<(String, String)> {
    let choice = |shape: &&Json| {
        let said = shape.get("description")?.as_str()?.replace('\n', " ");
        let word = shape.get("const").and_then(Json::as_str).map(str::to_owned);
        Some((word.or_else(|| Some(format!("{{ {} = ... }}", tag(shape)?)))?, said))
    };
    shapes.iter().filter_map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::schema;

    fn at(path: &str) -> Result<SchemaDoc, Nowhere> {
        meaning(schema(), &path.parse().expect(path))
    }

    /// Plain numbers without two ends of their own: what the clock limits or is, what is in the unit of a metric, money
    /// that may be lost or gained, and levels of belief, which have none.
    const WITHOUT_RANGE: &[&str] = &[
        "approver.*.hours_per_week",
        "best.budget",
        "claim.*.than_value",
        "clock.days_per_month",
        "clock.days_per_quarter",
        "clock.days_per_week",
        "clock.days_per_year",
        "clock.hours_per_day",
        "leader.*.clarity",
        "leader.*.code",
        "leader.*.decisions",
        "leader.*.people",
        "leader.*.systems",
        "learning.double_above",
        "learning.kill_below",
    ];

    /// Whoever adds a number says its range where it is declared, by `#[schemars(range(…))]`.
    #[test]
    fn every_plain_number_says_its_range() {
        let mut bare = Vec::new();
        let mut next = vec![Path::default()];
        while let Some(path) = next.pop() {
            let here = meaning(schema(), &path).expect("a meaning");
            if here.notation == "a number" && here.limits.is_none_or(|limits| !limits.contains(" to ")) {
                bare.push(here.path.clone());
            }
            // What a distribution's numbers may be is the distribution's to say.
            let is_table =
                ["a table", "a list"].contains(&&*here.notation) || here.notation.starts_with("one of ");
            if is_table && !here.path.starts_with("work.*.effort") {
                let within: Path = here.path.parse().unwrap_or_default();
                next.extend(here.keys.iter().map(|(key, _)| within.join(key.as_str())));
            }
        }
        bare.sort();
        bare.dedup();
        assert_eq!(bare, WITHOUT_RANGE);
    }

    #[test]
    fn paths_mean_what_their_authors_wrote() {
        let share = at("team.Checkout.share.health").expect("a parameter");
        assert!(share.text.contains("paying back debt"), "{share:?}");
        assert!(share.notation.contains("25%"), "{share:?}");
        assert_eq!(at("team.engineers").expect("a parameter").path, "team.*.engineers");
        assert!(at("debt").expect("a table").keys.iter().any(|(key, _)| key == "interest"));
        let order = at("team.order").expect("a parameter");
        assert!(
            order.words.iter().any(|(word, said)| word == "random" && said.contains("at each pull")),
            "{order:?}"
        );
        let lost = at("debt.intrest").expect_err("no such key");
        assert_eq!((lost.step.as_str(), lost.within.as_str()), ("intrest", "debt"));
        assert!(lost.known.contains(&"interest".to_owned()));
    }
}
