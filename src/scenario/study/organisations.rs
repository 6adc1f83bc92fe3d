//! The organisations that policies name: other scenarios, of which everything is taken but what is asked.

use super::StudyReader;
use crate::document::Value;
use crate::{Change, Document, Library, PolicyText, assignment, load};
use notation::diagnostic::{Diagnostic, Diagnostics, Place, Sources, advice, quoted};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What a study asks stays its own, whichever organisation it asks of: what is measured, how long, on which
/// random numbers, what work is worth, and what a reorganisation costs.
const ASKED: [&str; 22] = [
    "title",
    "description",
    "horizon",
    "past",
    "stop",
    "warmup",
    "run_off",
    "replications",
    "seed",
    "objective",
    "guardrails",
    "judge",
    "measure",
    "clock",
    "value",
    "migration",
    "population_limit",
    "open",
    "policy",
    "evidence",
    "sweep",
    "best",
];

/// Whether a path speaks of what the study asks, and not of the organisation that it asks about: such things are the
/// same under every policy. What work is worth and how long a day is may differ between points of a sweep.
pub(super) fn is_asked(path: &str) -> bool {
    let root = path.split(['.', '[']).next().unwrap_or_default().trim();
    ASKED.contains(&root) && !["value", "clock"].contains(&root)
}

/// The documents of organisations that policies name.
#[derive(Clone, Debug, Default)]
pub(super) struct Organisations {
    documents: BTreeMap<String, Document>,
}

impl Organisations {
    /// Reads every organisation that a policy names.
    pub fn read(
        reader: &StudyReader,
        texts: &[PolicyText],
        set: &[String],
        library: &dyn Library,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Organisations {
        let mut all = Organisations::default();
        for text in texts {
            for (name, place) in text.phases.iter().filter_map(|phase| phase.organisation.as_ref()) {
                if text.baseline {
                    let message = "the baseline cannot take over another organisation";
                    let help = "let the scenario extend it instead";
                    problems.push(Diagnostic::error(message).at(place).with_help(help));
                } else if !all.documents.contains_key(name)
                    && let Some(document) = find(name, place, reader, library, sources, problems)
                {
                    all.documents.insert(name.clone(), document);
                }
            }
        }
        // What is wrong with a `--set` has been said where the scenario itself was changed.
        for change in set.iter().filter_map(|argument| assignment(sources, "--set", argument).ok()) {
            all.amend(&change, reader.schema);
        }
        all
    }

    /// A change from the command line holds for every organisation that has such a place.
    pub fn amend(&mut self, change: &Change, schema: &Json) {
        for document in self.documents.values_mut() {
            apply_if_there(document, change, schema);
        }
    }

    /// The organisation called `name`, asked what `asking` asks, with the changes in force made to it as far as
    /// it has such places.
    pub fn take(
        &self,
        name: &str,
        asking: &Document,
        in_force: &[Change],
        reader: &StudyReader,
    ) -> Option<Document> {
        let mut document = self.documents.get(name)?.clone();
        if let (Value::Table(root), Some(asking)) = (&mut document.root.value, asking.root.table()) {
            for key in ASKED {
                match asking.get(key) {
                    Some(entry) => drop(root.insert(key.to_owned(), entry.clone())),
                    None => drop(root.remove(key)),
                }
            }
        }
        for change in in_force {
            apply_if_there(&mut document, change, reader.schema);
        }
        Some(document)
    }

    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// What the organisations say, for the scenario's hash.
    pub fn canonical(&self) -> String {
        self.documents.iter().map(|(name, document)| format!("{name}={};", document.canonical())).collect()
    }
}

fn apply_if_there(document: &mut Document, change: &Change, schema: &Json) {
    let mut changed = document.clone();
    if matches!(changed.apply(change, schema), Ok(1..)) {
        *document = changed;
    }
}

fn find(
    name: &str,
    place: &Place,
    reader: &StudyReader,
    library: &dyn Library,
    sources: &mut Sources,
    problems: &mut Diagnostics,
) -> Option<Document> {
    let found = library.find(name).unwrap_or_else(|reason| {
        let help = "an organisation is a preset, or a scenario in this file's folder or below it";
        problems.push(Diagnostic::error(reason).at(place).with_help(help));
        None
    });
    if problems.has_errors() && found.is_none() {
        return None;
    }
    let Some((source, text)) = found else {
        let names = library.names();
        let help = advice(name, names.iter().map(String::as_str));
        let message = format!("there is no scenario {} whose organisation could be taken over", quoted(name));
        problems.push(Diagnostic::error(message).at(place).with_help(help));
        return None;
    };
    load(sources, &source, text.as_bytes(), library, reader.schema, problems)
}
