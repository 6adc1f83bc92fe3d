//! What the names in an export mean: said by a person, by the words in them, or by the tracker's own category.

use crate::raw::{Batch, RawItem, Source};
use crate::settings::Settings;
use crate::words::{Meaning, meaning_of, meaning_of_category, meaning_of_resolution};
use std::collections::BTreeMap;

/// What each name means, how often it occurs, and who says so.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub known: BTreeMap<String, Known>,
}

#[derive(Clone, Debug)]
pub struct Known {
    pub meaning: Meaning,
    /// How many items are in it, or have it.
    pub items: usize,
    pub by: By,
}

/// Who says what a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Person,
    Words,
    /// The tracker's own category of the status.
    Category,
    /// The place among the stages.
    Place,
    Nobody,
}

impl Names {
    pub fn meaning(&self, name: &str) -> Meaning {
        self.known.get(name).map_or(Meaning::Unknown, |known| known.meaning)
    }

    pub fn unknown(&self) -> impl Iterator<Item = (&String, &Known)> {
        self.known.iter().filter(|(_, known)| known.meaning == Meaning::Unknown)
    }
}

/// All statuses of the files.
pub fn statuses(batches: &[Batch], settings: &Settings) -> Names {
    let mut names = Names::default();
    let mut votes: BTreeMap<String, BTreeMap<Meaning, usize>> = BTreeMap::new();
    for batch in batches {
        for (place, stage) in batch.stages.iter().enumerate() {
            let (meaning, by) = of_stage(stage, place, batch.stages.len());
            names.known.insert(stage.clone(), Known { meaning, items: 0, by });
        }
        for item in &batch.items {
            vote(&mut votes, item);
            for name in names_of(item) {
                names.known.entry(name.clone()).or_insert_with(|| guessed(name, batch.source));
            }
            if let Some(known) = names.known.get_mut(&item.status) {
                known.items += 1;
            }
        }
    }
    for (name, known) in &mut names.known {
        if known.meaning == Meaning::Unknown
            && let Some((meaning, _)) =
                votes.get(name).and_then(|votes| votes.iter().max_by_key(|(_, count)| **count))
        {
            (known.meaning, known.by) = (*meaning, By::Category);
        }
        if let Some(said) = settings.statuses.get(name) {
            (known.meaning, known.by) = (*said, By::Person);
        }
    }
    names
}

fn names_of(item: &RawItem) -> impl Iterator<Item = &String> {
    let moved = item.moves.iter().flat_map(|one| [&one.from, &one.to]);
    std::iter::once(&item.status).chain(moved).filter(|name| !name.is_empty())
}

fn vote(votes: &mut BTreeMap<String, BTreeMap<Meaning, usize>>, item: &RawItem) {
    let meaning = meaning_of_category(&item.category);
    if meaning != Meaning::Unknown && !item.status.is_empty() {
        *votes.entry(item.status.clone()).or_default().entry(meaning).or_default() += 1;
    }
}

fn guessed(name: &str, source: Source) -> Known {
    let meaning = match (source, name) {
        // In Azure DevOps what is resolved waits to be verified, and what is done is closed.
        (Source::AzureDevOps, "Resolved") => Meaning::Waiting,
        _ => meaning_of(name),
    };
    let by = if meaning == Meaning::Unknown { By::Nobody } else { By::Words };
    Known { meaning, items: 0, by }
}

/// Stages stand in their order: the first is a backlog unless its name says otherwise, the last is done, and what lies
/// between is work or waiting.
fn of_stage(name: &str, place: usize, count: usize) -> (Meaning, By) {
    let word = meaning_of(name);
    let is_last = place + 1 == count;
    match (place, word) {
        (_, Meaning::Dropped) => (word, By::Words),
        _ if is_last => (Meaning::Done, if word == Meaning::Done { By::Words } else { By::Place }),
        (0, Meaning::Unknown) => (Meaning::NotStarted, By::Place),
        (0, word) => (word, By::Words),
        (_, Meaning::Waiting | Meaning::Active | Meaning::NotStarted) => (word, By::Words),
        (_, Meaning::Unknown | Meaning::Done) => (Meaning::Active, By::Place),
    }
}

/// All resolutions of the files.
pub fn resolutions(batches: &[Batch], settings: &Settings) -> Names {
    let mut names = Names::default();
    for item in batches.iter().flat_map(|batch| &batch.items) {
        let meaning = meaning_of_resolution(&item.resolution);
        if meaning == Meaning::NotStarted {
            continue;
        }
        let said = settings.resolutions.get(&item.resolution);
        let by = match (said, meaning) {
            (Some(_), _) => By::Person,
            (None, Meaning::Unknown) => By::Nobody,
            _ => By::Words,
        };
        let known = Known { meaning: said.copied().unwrap_or(meaning), items: 0, by };
        names.known.entry(item.resolution.clone()).or_insert(known).items += 1;
    }
    names
}
