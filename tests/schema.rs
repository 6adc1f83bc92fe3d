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
