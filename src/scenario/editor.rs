//! The schema of a scenario as an editor needs it: of one file, which others may complete.

use super::library;
use notation::MARK;
use observation::metrics::{self, METRICS};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;

/// Columns by cause, kind of work, stage and team, which `[plausible]` may name beside metrics.
const DETAIL: &str = r"^((work|stage|team)\..+\..+|lead_time_.+_days)$";

/// Metrics by which a policy can be judged, all metrics, and what `[plausible]` may name, as parts of the schema.
const JUDGED: &str = "#/$defs/JudgedMetric";
const METRIC: &str = "#/$defs/Metric";
const COLUMN: &str = "#/$defs/MetricOrColumn";

/// Makes of the schema of whole scenarios that of a file as it is written: what it extends may say what a table must have,
/// so that nothing of a table is due here; metrics and presets have their names.
pub fn written(mut schema: Json) -> Json {
    let mut reached = BTreeSet::new();
    gather(&schema, &schema, &mut reached);
    for name in &reached {
        relax(&mut schema["$defs"][name]);
    }
    relax(&mut schema);
    schema["title"] = json!("A scenario of orgsim");
    name_metrics(&mut schema);
    // A file beside the scenario may have any name; naming the presets lets editors offer them.
    schema["properties"]["extends"]["anyOf"] = json!([{ "enum": library::names() }, { "minLength": 1 }]);
    describe_defaults(&mut schema);
    schema
}

/// Whether a value is chosen from several shapes, so that it is written as a whole and never completed by what is
/// extended: a distribution, or alternatives that one key tells apart.
fn is_choice(schema: &Json) -> bool {
    let choices = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(key)?.as_array());
    let shapes = choices.map_or(0, |all| all.iter().filter(|one| one["type"] != "null").count());
    schema.get(MARK).is_some() || shapes > 1
}

/// The parts of the schema that tables lead to, from one place on.
fn gather(root: &Json, schema: &Json, reached: &mut BTreeSet<String>) {
    if is_choice(schema) {
        return;
    }
    if let Some(name) =
        schema.get("$ref").and_then(Json::as_str).and_then(|target| target.strip_prefix("#/$defs/"))
        && reached.insert(name.to_owned())
    {
        gather(root, &root["$defs"][name], reached);
    }
    inner(schema).for_each(|inner| gather(root, inner, reached));
}

/// The schemas right inside one.
fn inner(schema: &Json) -> impl Iterator<Item = &Json> {
    let properties = schema.get("properties").and_then(Json::as_object).into_iter().flat_map(Map::values);
    let choices = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema.get(key)?.as_array()).flatten();
    let open = ["items", "additionalProperties"].into_iter().filter_map(|key| schema.get(key));
    properties.chain(choices).chain(open)
}

/// Takes away what must be written, in a table and the tables inside it.
fn relax(schema: &mut Json) {
    if is_choice(schema) {
        return;
    }
    let Some(table) = schema.as_object_mut() else { return };
    table.remove("required");
    for key in ["properties", "items", "additionalProperties", "oneOf", "anyOf"] {
        match table.get_mut(key) {
            Some(Json::Object(parts)) if key == "properties" => parts.values_mut().for_each(relax),
            Some(Json::Array(choices)) => choices.iter_mut().for_each(relax),
            Some(part) => relax(part),
            None => {}
        }
    }
}

/// Puts the names of metrics where a scenario writes them.
fn name_metrics(schema: &mut Json) {
    let names = |judged: bool| -> Vec<&str> {
        let metrics = METRICS.iter().filter(|metric| !judged || metric.better.is_some());
        metrics.flat_map(|metric| [metric.title, metric.name]).chain(metrics::former_titles()).collect()
    };
    let within = json!({ "pattern": "^[Ss]hare done within .+$" });
    let one_of = |judged: bool| {
        json!({ "type": "string", "anyOf": [{ "enum": names(judged) }, within],
            "description": "A metric, by its title or its column; `orgsim list metrics` says what each is." })
    };
    let parts = [
        ("JudgedMetric", one_of(true)),
        ("Metric", one_of(false)),
        (
            "MetricOrColumn",
            json!({ "type": "string", "anyOf": [{ "enum": names(false) }, within, { "pattern": DETAIL }] }),
        ),
    ];
    for (name, part) in parts {
        schema["$defs"][name] = part;
    }
    let mut metric = |place: &str, part: &str| {
        if let Some(found) = schema.pointer_mut(place).and_then(Json::as_object_mut) {
            let is_free = found.get("type").is_some_and(Json::is_array);
            found.remove("type");
            match is_free {
                true => found.insert("anyOf".to_owned(), json!([{ "$ref": part }, { "type": "null" }])),
                false => found.insert("$ref".to_owned(), json!(part)),
            };
        }
    };
    metric("/properties/objective", JUDGED);
    metric("/properties/guardrails/items", JUDGED);
    metric("/$defs/ClaimTable/properties/measure", METRIC);
    metric("/$defs/ClaimTable/properties/picked_by", METRIC);
    metric("/$defs/ClaimTable/properties/than_picked_by", METRIC);
    metric("/$defs/EvidenceTable/properties/keeps", METRIC);
    schema["properties"]["plausible"]["propertyNames"] = json!({ "$ref": COLUMN });
}

/// Lets `[defaults.team]` be written as a team is.
fn describe_defaults(schema: &mut Json) {
    let mut of: Map<String, Json> = Map::new();
    for (key, part) in schema["properties"].as_object().into_iter().flatten() {
        let entry = ["items", "additionalProperties"].iter().find_map(|open| part.get(open)?.get("$ref"));
        if let Some(entry) = entry {
            of.insert(key.clone(), json!({ "$ref": entry }));
        }
    }
    schema["properties"]["defaults"]["properties"] = Json::Object(of);
}
