//! What is known of the guardrails of a selection, in words: in the same breath, and one by one.

use super::words;
use experiment::summary::Guarded;
use serde_json::{Value as Json, json};
use statistics::verdict::Guardrail;

/// ", but it hurts debt density": nothing where no guardrail is shown to be hurt.
pub fn but_hurts(guarded: &[Guarded]) -> String {
    let hurt = named(guarded, |word| word == Guardrail::Hurt);
    if hurt.is_empty() { String::new() } else { format!(", but it hurts {}", words::list(&hurt)) }
}

/// What is known of each, in a sentence; nothing where there is no guardrail.
pub fn sentence(guarded: &[Guarded]) -> Option<String> {
    let pairs = guarded.iter().map(|one| one.pairs).min()?;
    let groups = [
        ("hurt", named(guarded, |word| word == Guardrail::Hurt)),
        ("not ruled out to be hurt, which is not “safe”", named(guarded, is_open)),
        ("not hurt", named(guarded, |word| word == Guardrail::Unhurt)),
    ];
    let said: Vec<String> = groups
        .into_iter()
        .filter(|(_, titles)| !titles.is_empty())
        .map(|(word, titles)| format!("{} ({word})", words::list(&titles)))
        .collect();
    Some(format!(
        "Its guardrails against the baseline, in {} that both have and at a level that knows how many there were to select \
         from: {}.",
        words::count(pairs, "replication", "replications"),
        said.join("; ")
    ))
}

/// The same for programs.
pub fn numbers(guarded: &[Guarded]) -> Json {
    let word = |word: Guardrail| match word {
        Guardrail::Hurt => "hurt",
        Guardrail::Unhurt => "not hurt",
        Guardrail::NotShownUnhurt => "not ruled out",
        Guardrail::BeyondWindow => "beyond the window",
    };
    let one = |one: &Guarded| json!({ "metric": one.title, "guardrail": word(one.word), "replications": one.pairs });
    guarded.iter().map(one).collect()
}

fn is_open(word: Guardrail) -> bool {
    matches!(word, Guardrail::NotShownUnhurt | Guardrail::BeyondWindow)
}

fn named(guarded: &[Guarded], is_meant: impl Fn(Guardrail) -> bool) -> Vec<String> {
    guarded.iter().filter(|one| is_meant(one.word)).map(|one| one.title.clone()).collect()
}
