//! Every number of a preset that states evidence has its source, or the word "assumed", and a plausible range around it.
//!
//! An entry of `[evidence]` speaks of the one value at its path, `*` standing for any name, and of the other numbers
//! of the same distribution: `work.bug.size.lognormal.median` speaks of `sigma` too.

use orgsim::scenario::library;
use std::collections::BTreeSet;
use toml::{Table, Value};

/// Presets whose evidence speaks of what another one says.
const OF_OTHERS: [&str; 1] = ["learning"];

/// Keys that say how the organisation is put together, what things are called, or how to run the experiment;
/// no evidence could fix them. A trailing `.` covers everything below.
const STRUCTURE: &[&str] = &[
    "title",
    "description",
    "horizon",
    "past",
    "warmup",
    "run_off",
    "stage.*.parts.need.*.team",
    "stage.*.parts.need.*.work",
    "replications",
    "seed",
    "objective",
    "guardrails",
    "extends",
    "judge.",
    "clock.",
    // A definition: the size of change to which `failure.base` belongs.
    "failure.at",
    "policy.",
    "evidence.",
    "plausible.",
    "sweep.",
    "team.*.name",
    "team.*.order",
    // An order of what is done, of which no number is drawn.
    "team.*.when_held",
    // How a replication begins.
    "work.*.initiative.under_way",
    "work.*.class",
    "work.*.priority",
    "work.*.route",
    "work.*.team",
    "work.*.valued",
    "work.*.change",
    "work.*.decides",
    "work.*.preempts",
    "work.*.arrivals.after.work",
    "stage.*.team",
    "stage.*.gate",
    "stage.*.board",
    "stage.*.approver",
    "stage.*.chain",
    "stage.*.code",
    "stage.*.sticky",
    "stage.*.applies_to.",
    "stage.*.review.pick_up",
    "stage.*.machine.grows",
    "stage.*.release",
    "stage.*.failure.back_to",
    "stage.*.failure.first",
    "board.*.order",
    "board.*.inclusive",
    // How often a gate sends back is said by its board.
    "stage.approve.failure.probability",
    "debt.repair",
    "decisions.repair",
    "clarity.repair",
    "incidents.corrective",
    // Writing takes the whole size by definition; the other stages come on top.
    "stage.build.effort_share",
    // What redoing takes is set by `decisions.undo` and `decisions.dear`.
    "work.redo.size",
    // A part is a share of its whole.
    "work.part.size",
    // How often a leader sends back is said by the leader.
    "stage.agree.failure.probability",
];

const TIERS: [&str; 5] = ["measured", "study", "survey", "practice", "assumed"];
const DRAWS: [&str; 3] = ["uniform", "log-uniform", "choice"];

/// Whether `pattern` covers `path`: the same names, `*` for any, and whatever lies below.
fn covers(pattern: &str, path: &str) -> bool {
    let below = pattern.strip_suffix('.').unwrap_or(pattern);
    let (wanted, given) = (names(below), names(path));
    wanted.len() <= given.len() && wanted.iter().zip(&given).all(|(a, b)| a == "*" || b == "*" || a == b)
}

/// Probability distributions, whose numbers belong together.
const LAWS: [&str; 7] = ["lognormal", "exponential", "weibull", "gamma", "geometric", "poisson", "uniform"];

/// Whether an entry speaks of a value: its own, or another number of the same distribution.
fn speaks_of(pattern: &str, path: &str) -> bool {
    let law = LAWS.iter().find_map(|law| {
        let (before, _) = pattern.split_once(&format!(".{law}."))?;
        Some(format!("{before}.{law}"))
    });
    law.map_or_else(|| points_at(pattern, path), |law| covers(&law, path))
}

/// Whether an entry's path leads to this very value.
fn points_at(pattern: &str, path: &str) -> bool {
    covers(pattern, path) && names(pattern).len() == names(path).len()
}

/// The names of a path; quoted ones may hold dots.
fn names(path: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut quoted = false;
    for letter in path.chars() {
        match letter {
            '"' => quoted = !quoted,
            '.' if !quoted => names.push(String::new()),
            letter => names.last_mut().expect("never empty").push(letter),
        }
    }
    names
}

/// Every value at the end of a path.
fn leaves(path: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Table(table) if !table.is_empty() => {
            table.iter().for_each(|(key, value)| leaves(&join(key), value, found));
        }
        Value::Array(values) if values.iter().all(Value::is_table) && !values.is_empty() => {
            values.iter().for_each(|value| leaves(&join("*"), value, found));
        }
        _ => found.push((path.to_owned(), value.clone())),
    }
}

/// The preset's values, the elements filled from `[defaults]` as if each table said them itself.
fn settings(preset: &Table) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (key, value) in preset {
        match (key.as_str(), value) {
            ("evidence", _) => {}
            ("defaults", Value::Table(elements)) => {
                elements.iter().for_each(|(name, value)| leaves(&format!("{name}.*"), value, &mut found));
            }
            _ => leaves(key, value, &mut found),
        }
    }
    found
}

/// A written quantity in its base unit (hours, fractions), with a word for the sort of unit.
fn quantity(value: &Value) -> Option<(f64, &'static str)> {
    match value {
        Value::Integer(number) => Some((*number as f64, "number")),
        Value::Float(number) => Some((*number, "number")),
        Value::String(text) => match text.strip_suffix('%') {
            Some(share) => Some((share.trim().parse::<f64>().ok()? / 100.0, "share")),
            None => {
                let (number, unit) = text.trim().split_once(' ')?;
                let hours = match unit.strip_suffix('s').unwrap_or(unit) {
                    "minute" => 1.0 / 60.0,
                    "hour" => 1.0,
                    "day" => 8.0,
                    "week" => 40.0,
                    "month" => 168.0,
                    "quarter" => 504.0,
                    "year" => 2016.0,
                    _ => return None,
                };
                Some((number.parse::<f64>().ok()? * hours, "span"))
            }
        },
        _ => None,
    }
}

/// Everything that is wrong with the evidence of a preset.
fn faults(text: &str) -> Vec<String> {
    let preset: Table = text.parse().expect("a TOML file");
    let settings = settings(&preset);
    let empty = Table::new();
    let evidence = preset.get("evidence").and_then(Value::as_table).unwrap_or(&empty);
    let mut faults = BTreeSet::new();
    for (path, _) in &settings {
        let structural = STRUCTURE.iter().any(|pattern| covers(pattern, path));
        if !structural && !evidence.keys().any(|pattern| speaks_of(pattern, path)) {
            faults.insert(format!("{path}: neither a source nor \"assumed\""));
        }
    }
    for (pattern, entry) in evidence {
        let below: Vec<&Value> =
            settings.iter().filter(|(path, _)| points_at(pattern, path)).map(|(_, value)| value).collect();
        let mut fault = |what: &str| faults.insert(format!("evidence of {pattern}: {what}"));
        if below.is_empty() {
            fault("the preset sets no such single value");
            continue;
        }
        let said = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or("");
        if said("source").trim().is_empty() {
            fault("no source");
        }
        if !TIERS.contains(&said("tier")) {
            fault("no tier that we know");
        }
        if said("tier") == "assumed" && !said("source").contains("assumed") && !said("source").contains('-') {
            fault("tier assumed, and the source says neither \"assumed\" nor an id");
        }
        match entry.get("range").and_then(Value::as_array) {
            None => drop(fault("no range")),
            Some(range) => {
                if !DRAWS.contains(&said("draw")) {
                    fault("no way to draw that we know");
                }
                if let Some(what) = outside(range, said("draw"), &below) {
                    fault(&what);
                }
            }
        }
    }
    faults.into_iter().collect()
}

/// What is wrong with a range, or with where the defaults lie.
fn outside(range: &[Value], draw: &str, defaults: &[&Value]) -> Option<String> {
    let ends: Option<Vec<_>> = range.iter().map(quantity).collect();
    let Some(ends) = ends else {
        let named = defaults.iter().any(|value| range.contains(value));
        return (!named).then(|| "the default is none of the choices".to_owned());
    };
    let [(low, sort), (high, other)] = ends[..] else {
        let named = defaults.iter().any(|value| range.contains(value));
        return (draw != "choice" || !named)
            .then(|| "neither two ends, nor choices with the default".to_owned());
    };
    if sort != other || low >= high {
        return Some("its ends are not in order, or not in one unit".to_owned());
    }
    if draw == "log-uniform" && low <= 0.0 {
        return Some("log-uniform from nothing".to_owned());
    }
    let same = |value: &&Value| quantity(value).filter(|(_, unit)| *unit == sort).map(|(number, _)| number);
    let numbers: Vec<f64> = defaults.iter().filter_map(same).collect();
    if numbers.is_empty() {
        return Some(format!("the range is a {sort}, the default is none"));
    }
    let inside = numbers.iter().all(|number| (low..=high).contains(number));
    (!inside).then(|| format!("the default ({numbers:?} as {sort}) lies outside its range"))
}

#[test]
fn every_default_has_its_evidence_and_lies_within_its_range() {
    let mut seen = 0;
    for name in library::names().into_iter().filter(|name| !OF_OTHERS.contains(name)) {
        let text = library::preset(name).expect("a preset");
        if text.contains("\n[evidence]\n") {
            seen += 1;
            let faults = faults(&text);
            assert!(
                faults.is_empty(),
                "{name}: {} faults in [evidence]:\n  {}",
                faults.len(),
                faults.join("\n  ")
            );
        }
    }
    assert!(seen > 1, "the presets were found");
}

#[test]
fn the_test_can_fail() {
    let evidence = |entry: &str| format!("[debt]\ninterest = 2.0\n[evidence]\n\"debt.interest\" = {entry}\n");
    let good = evidence(r#"{ range = [0.6, 4.0], draw = "log-uniform", source = "TD-1", tier = "study" }"#);
    assert!(faults(&good).is_empty(), "{:?}", faults(&good));
    let bad = [
        "[debt]\ninterest = 2.0\n".to_owned(),
        "[defaults.team]\nattention = \"65%\"\n".to_owned(),
        evidence(r#"{ range = [0.6, 1.0], draw = "uniform", source = "TD-1", tier = "study" }"#),
        evidence(r#"{ range = [4.0, 0.6], draw = "uniform", source = "TD-1", tier = "study" }"#),
        evidence(r#"{ range = ["1 day", "1 week"], draw = "uniform", source = "TD-1", tier = "study" }"#),
        evidence(r#"{ range = [0.0, 4.0], draw = "log-uniform", source = "TD-1", tier = "study" }"#),
        evidence(r#"{ range = [0.6, 4.0], draw = "normal", source = "TD-1", tier = "study" }"#),
        evidence(r#"{ range = [0.6, 4.0], draw = "uniform", source = "", tier = "study" }"#),
        evidence(r#"{ range = [0.6, 4.0], draw = "uniform", source = "TD-1", tier = "hearsay" }"#),
        evidence(r#"{ source = "TD-1", tier = "study" }"#),
        good.replace("[evidence]", "[evidence]\n\"debt.gone\" = { range = [1, 2], draw = \"uniform\", source = \"assumed\", tier = \"assumed\" }"),
    ];
    let table = good.replace("interest = 2.0", "interest.low = 2.0");
    assert!(!faults(&table).is_empty(), "a path must lead to one value: {table}");
    for text in bad {
        assert_eq!(faults(&text).len(), 1, "{text}: {:?}", faults(&text));
    }
}
