//! The leaves of the schema of scenarios, and values that each may be tried with.

use orgsim::scenario::{Document, Path};
use serde_json::Value as Json;

/// Places of one key that are tried one by one.
const MOST: usize = 6;

/// A key with a plain value, by its path with `*` for named things.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub path: String,
    /// Values to try, as the command line takes them.
    values: Vec<String>,
}

impl Leaf {
    /// What to set: where a document has such values, each of the first few of them, and else all there could be.
    pub fn settings(&self, document: &Document) -> Vec<String> {
        let path: Path = self.path.parse().expect("a path of the schema");
        let there = document.get(&path).into_iter().map(|(path, _)| path.to_string()).take(MOST);
        let places: Vec<String> = there.chain([self.path.clone()]).collect();
        let set =
            |place: &String| self.values.iter().map(|value| format!("{place}={value}")).collect::<Vec<_>>();
        places.iter().flat_map(set).collect()
    }
}

/// Every leaf of a schema.
pub fn leaves(schema: &Json) -> Vec<Leaf> {
    let mut walk = Walk { root: schema, found: Vec::new() };
    walk.at(schema, "", 0);
    walk.found.sort_by(|a, b| a.path.cmp(&b.path));
    walk.found.dedup_by(|a, b| {
        let same = a.path == b.path;
        if same {
            b.values.append(&mut a.values);
        }
        same
    });
    walk.found
}

struct Walk<'a> {
    root: &'a Json,
    found: Vec<Leaf>,
}

impl<'a> Walk<'a> {
    /// The shapes that a schema allows, references followed.
    fn shapes(&self, schema: &'a Json, depth: u8, to: &mut Vec<&'a Json>) {
        if depth > 32 || schema["type"] == "null" {
            return;
        }
        to.push(schema);
        if let Some(target) = schema["$ref"].as_str().and_then(|it| self.root.pointer(it.strip_prefix('#')?))
        {
            self.shapes(target, depth + 1, to);
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            for choice in schema[key].as_array().into_iter().flatten() {
                self.shapes(choice, depth + 1, to);
            }
        }
    }

    fn at(&mut self, schema: &'a Json, path: &str, depth: u8) {
        let mut shapes = Vec::new();
        self.shapes(schema, 0, &mut shapes);
        if depth > 12 {
            return;
        }
        // A quantity or a distribution is one leaf, however it may be written.
        if let Some(mark) = shapes.iter().find_map(|shape| shape["x-notation"].as_str()) {
            return self.leaf(path, of_notation(mark));
        }
        let mut values: Vec<String> = Vec::new();
        for shape in &shapes {
            values.extend(shape["const"].as_str().map(str::to_owned));
            values.extend(
                shape["enum"].as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned),
            );
            values.extend(of_sort(shape));
        }
        if !values.is_empty() {
            self.leaf(path, values);
        }
        for shape in shapes {
            for (key, inner) in shape["properties"].as_object().into_iter().flatten() {
                self.at(inner, &join(path, key), depth + 1);
            }
            for key in ["items", "additionalProperties"] {
                if shape[key].is_object() {
                    self.at(&shape[key], &join(path, "*"), depth + 1);
                }
            }
        }
    }

    fn leaf(&mut self, path: &str, values: Vec<String>) {
        self.found.push(Leaf { path: path.to_owned(), values });
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn of_notation(mark: &str) -> Vec<String> {
    let values: &[&str] = match mark {
        "span" => &["3 days", "1 hour", "5 weeks", "1 year"],
        "share" => &["37%", "0%", "90%"],
        "ratio" => &["150%", "40%"],
        "rate" => &["2/week", "1/day"],
        "half-life" => &["2 years", "1 quarter", "never"],
        "day" => &["2027-01-04"],
        "phase" => &["3 days", "1 hour", "Thursday 11:00", "5 weeks"],
        "limit" => &["1", "2", "4"],
        "number" => &["3", "0.5"],
        "law" => &["{ exponential = \"2 days\" }", "1 hour", "1 week"],
        "number-law" => &["{ uniform = { min = 0.1, max = 0.9 } }", "2", "{ poisson = { mean = 2 } }"],
        other => panic!("the notation {other} has no values to try"),
    };
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn of_sort(shape: &Json) -> Vec<String> {
    let sorts: Vec<&str> = match &shape["type"] {
        Json::String(sort) => vec![sort.as_str()],
        Json::Array(sorts) => sorts.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let fixed = shape["const"].is_string() || shape["enum"].is_array();
    let mut values: Vec<&str> = Vec::new();
    for sort in sorts {
        match sort {
            "integer" => values.extend(["2", "7", "1", "0"]),
            "number" => values.extend(["0.3", "2.5", "0.02", "12", "40"]),
            "boolean" => values.extend(["true", "false"]),
            "string" if !fixed => values.extend([
                "other",
                "urgent",
                "build",
                "extra",
                "dev",
                "redo",
                "chief",
                "architecture",
                "none",
            ]),
            _ => {}
        }
    }
    values.into_iter().map(str::to_owned).collect()
}
