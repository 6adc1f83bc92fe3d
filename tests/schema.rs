//! The schema that editors read: an independent validator accepts with it every scenario and preset that comes with
//! the program and what `orgsim new` writes, and refuses what the program refuses.

mod files;

use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use std::process::Command;

fn orgsim(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
    let output = command.args(words).current_dir(folder).output().expect("the program starts");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn validator() -> jsonschema::Validator {
    let schema: Json = serde_json::from_str(&orgsim(Path::new("."), &["schema"])).expect("JSON");
    assert!(jsonschema::meta::is_valid(&schema), "a schema of JSON Schema 2020-12");
    jsonschema::validator_for(&schema).expect("a schema that can be used")
}

/// What is wrong with a scenario by the schema, each with its place.
fn faults(validator: &jsonschema::Validator, text: &str) -> Vec<String> {
    let table: toml::Table = text.parse().expect("TOML");
    let json = serde_json::to_value(table).expect("JSON");
    validator.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn scenarios_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = files::below(folder);
    files.retain(|file| file.extension().is_some_and(|end| end == "toml"));
    files.sort();
    files
}

#[test]
fn every_scenario_that_comes_with_the_program_is_accepted() {
    let validator = validator();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read =
        |file: &PathBuf| (file.display().to_string(), std::fs::read_to_string(file).expect("readable"));
    let mut all: Vec<(String, String)> = scenarios_below(&root.join("scenarios")).iter().map(read).collect();
    assert!(all.len() > 60, "{}", all.len());
    for name in orgsim::scenario::library::names() {
        all.push((format!("the preset {name}"), orgsim::scenario::library::preset(name).expect("a preset")));
    }
    let folder = tempfile::tempdir().expect("a folder");
    orgsim(folder.path(), &["new", "plain"]);
    orgsim(folder.path(), &["new", "bare", "--bare"]);
    all.extend(scenarios_below(folder.path()).iter().map(read));
    let refused: Vec<String> = all
        .iter()
        .filter_map(|(name, text)| {
            let faults = faults(&validator, text);
            (!faults.is_empty()).then(|| format!("{name}:\n  {}", faults.join("\n  ")))
        })
        .collect();
    assert!(refused.is_empty(), "{} of {} are refused:\n{}", refused.len(), all.len(), refused.join("\n"));
}

#[test]
fn what_is_wrong_is_refused_and_names_are_known() {
    let validator = validator();
    let right = "extends = \"typical\"\nobjective = \"lead time p85\"\nguardrails = [\"change_failure_rate\", \"share done within 5 days\"]\n\
                 [plausible]\n\"deployment frequency\" = { range = [0.1, 9], source = \"own\" }\n\
                 [[team]]\nname = \"A\"\nengineers = 5\n[defaults.team]\nattention = \"60%\"\n";
    assert_eq!(faults(&validator, right), Vec::<String>::new());
    for (good, bad) in [
        ("objective = \"lead time p85\"", "objective = \"lead tme p85\""),
        ("change_failure_rate", "change_failure_rates"),
        ("deployment frequency", "deployment freqency"),
        ("engineers = 5", "enginers = 5"),
        ("engineers = 5", "engineers = \"five\""),
        ("attention = \"60%\"", "attention = \"60 days\""),
        ("extends", "extend"),
    ] {
        assert!(right.contains(good), "{good}");
        let wrong = right.replacen(good, bad, 1);
        assert!(!faults(&validator, &wrong).is_empty(), "{bad} is accepted");
    }
}

/// What a command prints as JSON, and by which part of the schema its numbers are.
const ANSWERS: [(&str, &[&str]); 10] = [
    ("comparison", &["run", "s.toml", "-n", "2"]),
    ("comparison", &["compare", "s.toml", "-n", "3"]),
    ("comparison", &["best", "s.toml", "--vary", "team.*.share.health=0%,20%", "--budget", "100", "-n", "4"]),
    ("comparison", &["path", "s.toml", "--to", "quarter", "-n", "3"]),
    ("sweep", &["sweep", "s.toml", "--vary", "team.*.wip.items=1,2", "-n", "3"]),
    ("rank", &["rank", "s.toml", "--limit", "60"]),
    ("robust", &["robust", "s.toml", "--worlds", "4", "--vary", "team.*.engineers=3..8"]),
    (
        "sensitivity",
        &["sensitivity", "s.toml", "--vary", "team.*.engineers=3..8", "--vary", "debt.interest=1..3"],
    ),
    ("check", &["check", "s.toml"]),
    (
        "robust",
        &["robust", "s.toml", "--worlds", "4", "--vary", "debt.interest=1..3", "--no-narrower-ranges"],
    ),
];

#[test]
fn what_is_printed_as_json_is_what_its_schema_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let health = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/health.toml");
    std::fs::copy(health, folder.path().join("s.toml")).expect("copied");
    let schema: Json =
        serde_json::from_str(&orgsim(Path::new("."), &["schema", "--of", "results"])).expect("JSON");
    assert!(jsonschema::meta::is_valid(&schema), "a schema of JSON Schema 2020-12");
    let whole = jsonschema::validator_for(&schema).expect("a schema that can be used");
    for (part, words) in ANSWERS {
        let words = [words, &["--format", "json"][..]].concat();
        let answer: Json = serde_json::from_str(&orgsim(folder.path(), &words)).expect("JSON");
        let faults: Vec<String> = whole.iter_errors(&answer).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{words:?}: {faults:?}");
        let of = serde_json::json!({ "$ref": format!("#/$defs/{part}"), "$defs": schema["$defs"] });
        let of = jsonschema::validator_for(&of).expect("a schema that can be used");
        let faults: Vec<String> = of
            .iter_errors(&answer["data"])
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{words:?}: {faults:?}");
        // Without one of its numbers it is refused.
        let mut data = answer["data"].clone();
        let lost = schema["$defs"][part]["required"][0].as_str().expect("a name").to_owned();
        data.as_object_mut().expect("an object").remove(&lost);
        assert!(!of.is_valid(&data), "{words:?} without {lost}");
    }
}
