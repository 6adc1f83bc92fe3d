//! What `orgsim explain` can say of every key: a text, how it is written, its choices with their meanings, and a default.

use orgsim::scenario::study::schema;
use orgsim::scenario::{Path, meaning};
use std::collections::BTreeSet;
use std::process::Command;

/// Every path that `explain` leads to, from the whole scenario down.
fn paths() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut next = vec![Path::default()];
    while let Some(path) = next.pop() {
        let here = meaning(schema(), &path).unwrap_or_else(|lost| panic!("{path}: {lost:?}"));
        let within: Path =
            if here.path.is_empty() { Path::default() } else { here.path.parse().expect("a path") };
        for (key, _) in here.keys {
            let inner = within.join(key);
            // Distributions hold distributions: two levels of a mixture say all.
            if inner.segments().len() < 9 && found.insert(inner.to_string()) {
                next.push(inner);
            }
        }
    }
    found
}

#[test]
fn every_key_has_a_text_a_notation_its_choices_and_a_default() {
    let all = paths();
    assert!(all.len() > 400, "the schema was walked: {} keys", all.len());
    let mut wrong = Vec::new();
    for path in &all {
        let found = meaning(schema(), &path.parse().expect("a path")).expect("a meaning");
        if found.text.len() < 8 {
            wrong.push(format!("{path} has no text"));
        }
        if found.notation.is_empty() {
            wrong.push(format!("{path}: it is not said how it is written"));
        }
        if let Some(choices) = found.notation.strip_prefix("one of ") {
            let (named, told) = (choices.split(", ").count(), found.words.len());
            if named != told {
                wrong.push(format!("{path}: {told} of {named} choices have a text"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} lacks:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_may_be_left_out_has_a_default() {
    for (path, default) in [
        ("debt.surplus", "wasted"),
        ("debt.repays", "left"),
        ("board.*.order", "oldest"),
        ("work.*.class", "feature"),
        ("work.*.arrivals", "none"),
        ("team.*.order", "first-come"),
        ("stage.*.failure.effort", "fresh"),
        ("past", "none"),
        ("work.*.preempts", "nothing"),
    ] {
        let found = meaning(schema(), &path.parse().expect("a path")).expect("a meaning");
        assert_eq!(found.default.as_deref(), Some(default), "{path}");
    }
    assert_eq!(meaning(schema(), &"work.*.route".parse().expect("a path")).expect("a meaning").default, None);
}

fn explain(word: &str) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_orgsim")).args(["explain", word]).output().expect("started");
    assert!(output.status.success(), "{word}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_page_names_choices_keys_and_distributions_as_they_are_written() {
    let preempts = explain("work.*.preempts");
    assert!(["resume", "restart", "penalty"].iter().all(|word| preempts.contains(word)), "{preempts}");
    let effort = explain("stage.*.failure.effort");
    assert!(
        ["fresh", "same", "{ share = ... }", "A share of the same effort"]
            .iter()
            .all(|word| effort.contains(word)),
        "{effort}"
    );
    let route = explain("work.*.route");
    assert!(["maybe", "probability", "one_of"].iter().all(|word| route.contains(word)), "{route}");
    assert!(!route.contains("OneOf"), "{route}");
    for path in ["stop.items", "work.*.arrivals.endless", "debt.surplus", "debt.repays"] {
        assert!(explain(path).lines().count() >= 4, "{path}: {}", explain(path));
    }
    assert!(explain("roadmap.fill").contains("110% when left out"), "{}", explain("roadmap.fill"));
    let drift = explain("work.*.initiative.drift");
    assert!(
        ["5% for `work.feature`", "elsewhere 0%", "Plausible for `work.feature`: 0% to 25%"]
            .iter()
            .all(|said| drift.contains(said)),
        "{drift}"
    );
    let part_time = explain("team.*.part_time");
    assert!(
        ["a part of the week", "part_time = [{ people = …, share = … }, …]", "Default: none"]
            .iter()
            .all(|said| part_time.contains(said)),
        "{part_time}"
    );
    let laws = explain("laws");
    assert!(["exponential", "lognormal", "empirical", "csv"].iter().all(|law| laws.contains(law)), "{laws}");
}
