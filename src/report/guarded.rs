//! What is known of the guardrails of a selection, in words: in the same breath, and one by one.

use super::words;
use experiment::summary::Guarded;
use serde_json::{Value as Json, json};
use statistics::verdict::Guardrail;

/// ", but it hurts debt density": nothing where no guardrail is shown to be hurt.
pub fn but_hurts(guarded: &[Guarded]) -> String {
    let hurt = named(guarded, Guardrail::Hurt);
    if hurt.is_empty() { String::new() } else { format!(", but it hurts {}", words::list(&hurt)) }
}

/// What is known of each, in a sentence; nothing where there is no guardrail.
pub fn sentence(guarded: &[Guarded]) -> Option<String> {
    let pairs = guarded.iter().map(|one| one.pairs).min()?;
    let groups = [Guardrail::Hurt, Guardrail::NotShownUnhurt, Guardrail::BeyondWindow, Guardrail::Unhurt];
    let told = |word: Guardrail| {
        let titles = named(guarded, word);
        (!titles.is_empty()).then(|| format!("{} ({})", words::list(&titles), words::guardrail(word)))
    };
    let said: Vec<String> = groups.into_iter().filter_map(told).collect();
    Some(format!(
        "Its guardrails against the baseline, in {} that both have and at a level that knows how many there were to select \
         from: {}.",
        words::count(pairs, "replication", "replications"),
        said.join("; ")
    ))
}

/// The same for programs.
pub fn numbers(guarded: &[Guarded]) -> Json {
    let one = |one: &Guarded| json!({ "metric": one.title, "guardrail": words::guardrail(one.word), "replications": one.pairs });
    guarded.iter().map(one).collect()
}

fn named(guarded: &[Guarded], word: Guardrail) -> Vec<String> {
    guarded.iter().filter(|one| one.word == word).map(|one| one.title.clone()).collect()
}
