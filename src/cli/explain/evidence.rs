//! What is known from studies and data, by the ids that presets and scenarios cite.

use crate::report::table::wrapped;
use crate::scenario::library;
use toml::{Table, Value};

/// The file from which `docs/evidence.md` is made, too.
const EVIDENCE: &str = include_str!("../../../assets/evidence.toml");

/// Width of lines.
const WIDTH: usize = 100;

/// How it is known, as the file has it, and in a sentence.
const KNOWN: [(&str, &str); 7] = [
    ("read", "the source itself was read"),
    ("abstract", "the source's abstract was read, not the whole of it"),
    ("computed", "computed for orgsim from the data that the authors published"),
    ("second hand", "quoted or summarised by others; the source itself was not read"),
    ("memory", "cited from memory; the source was not looked up"),
    ("practice", "a rule that people follow, not a measurement"),
    ("nothing", "it was looked for, and nothing was found"),
];

/// What is known under an id, whatever its letters' case; nothing where the text is no id.
///
/// # Errors
/// A sentence, where the text has the form of an id and there is none such.
pub fn told(text: &str) -> Option<Result<String, String>> {
    let id = text.trim().to_uppercase();
    let subject = id.split_once('-').filter(|(_, number)| number.parse::<u32>().is_ok())?.0.to_owned();
    let file: Table = EVIDENCE.parse().expect("a test reads it");
    let subjects = file.get("subjects").and_then(Value::as_table)?;
    let name = subjects.get(&subject)?.as_str()?;
    let Some(entry) = file.get(&id).and_then(Value::as_table) else {
        let of = format!("{subject}-");
        let mut known: Vec<&str> =
            file.keys().map(String::as_str).filter(|key| key.starts_with(&of)).collect();
        known.sort_by_key(|id| (id.len(), id.to_owned()));
        return Some(Err(format!(
            "there is no evidence {id}; on {} there is {}",
            lower(name),
            known.join(", ")
        )));
    };
    let said = |key: &str| entry.get(key).and_then(Value::as_str);
    let known = said("known").and_then(|word| KNOWN.iter().find(|(known, _)| *known == word));
    let mut lines = vec![format!("{id}: {}", said("about").unwrap_or_default())];
    lines.extend(said("number").map(|number| format!("Found: {number}")));
    lines.extend(said("source").map(|source| format!("Source: {source}")));
    lines.extend(known.map(|(_, sentence)| format!("How it is known: {sentence}")));
    lines.extend(said("note").map(|note| format!("Note: {note}")));
    let used = used(&id);
    if !used.is_empty() {
        lines.push(format!("Cited for: {}", used.join(", ")));
    }
    lines.push(format!("Subject: {name}. All evidence is listed in docs/evidence.md."));
    Some(Ok(lines.iter().map(|line| wrapped(line, WIDTH, "    ")).collect()))
}

/// The parameters of presets whose evidence cites an id, each with the presets.
fn used(id: &str) -> Vec<String> {
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    for name in library::names() {
        let preset = library::preset(name).and_then(|text| text.parse::<Table>().ok()).unwrap_or_default();
        for (path, entry) in preset.get("evidence").and_then(Value::as_table).into_iter().flatten() {
            let cites =
                |key: &str| entry.get(key).and_then(Value::as_str).is_some_and(|text| is_named(text, id));
            if !cites("source") && !cites("note") {
                continue;
            }
            match found.iter_mut().find(|(known, _)| known == path) {
                Some((_, presets)) => presets.push(name),
                None => found.push((path.clone(), vec![name])),
            }
        }
    }
    found.into_iter().map(|(path, presets)| format!("{path} ({})", presets.join(", "))).collect()
}

/// Whether a text names an id, and not merely one that begins like it.
fn is_named(text: &str, id: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').any(|word| word == id)
}

fn lower(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    // A name of its own, such as DORA or AI, stays as it is.
    if letters.as_str().starts_with(|letter: char| letter.is_uppercase()) {
        name.to_owned()
    } else {
        first + letters.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_told_by_its_id() {
        let said = told("td-5").expect("an id").expect("it is there");
        for words in ["TD-5: Time in development", "124 %", "Tornhill", "abstract", "debt.interest (typical"]
        {
            assert!(said.contains(words), "{words}: {said}");
        }
        let none = told("TD-99").expect("it looks like an id").expect_err("it is none");
        assert!(none.contains("technical debt there is TD-1,"), "{none}");
        assert!(
            told("debt.interest").is_none() && told("XX-1").is_none() && told("pair-programming").is_none()
        );
        assert!(is_named("TD-1, TD-5; contradicted", "TD-5") && !is_named("TD-55", "TD-5"));
    }

    #[test]
    fn every_entry_says_how_it_is_known() {
        let file: Table = EVIDENCE.parse().expect("TOML");
        for (id, entry) in file.iter().filter(|(id, _)| *id != "subjects") {
            let said = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default();
            assert!(KNOWN.iter().any(|(known, _)| *known == said("known")), "{id}: {:?}", said("known"));
            assert!(["about", "number", "source"].iter().all(|key| !said(key).is_empty()), "{id}");
        }
    }
}
