//! Every key that is accepted acts: each leaf of the schema is changed, and some column of a row must move.
//!
//! The leaves are walked from the schema itself, so a new key is asked for here on the day it is written. Each is set
//! to several values in several organisations, in which every mechanism is present and at work, on the same random
//! numbers; nothing is compared but whether any number of any replication differs. What moves no number stands in a list
//! with the reason, and the list may not hold what does.

#[path = "acts/leaves.rs"]
mod leaves;
#[path = "acts/worlds.rs"]
mod worlds;

use leaves::{Leaf, leaves};
use orgsim::experiment::run::{RunOptions, run_some};
use orgsim::scenario::Document;
use orgsim::scenario::study::{Amendments, Study, schema};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use worlds::{HINTS, SILENT, WORLDS};

/// A study of one of the organisations with one thing changed; nothing where that is refused.
fn read(world: &str, set: &[String]) -> Result<Study, String> {
    let amendments = Amendments { set: set.to_vec(), policies: Vec::new() };
    let folder = format!("{}/tests/acts", env!("CARGO_MANIFEST_DIR"));
    let file = std::path::Path::new(&folder).join(world).with_extension("toml");
    match Study::read(&file, &amendments) {
        Ok((mut study, _)) => {
            study.live_run_off();
            Ok(study)
        }
        Err(refusal) => {
            let mut why = orgsim::scenario::render(&refusal.problems, &refusal.sources, false);
            orgsim::diagnostic::shorten(&mut why, 300);
            Err(why)
        }
    }
}

/// All numbers of one of its replications under one policy, bit by bit, by column; and how it ended.
type Rows = BTreeMap<String, u64>;

fn rows(study: &Study, (number, policy): (u64, usize)) -> Rows {
    let run_options = RunOptions::to_the_end(Some(1));
    let mut completed =
        run_some(study, &[number], &[policy], &run_options, |replication| replication).expect("threads");
    match completed.swap_remove(0).runs.swap_remove(0) {
        Ok(outcome) => {
            let values = study.columns.iter().zip(&outcome.values);
            let mut rows: Rows =
                values.map(|(column, value)| (column.name.clone(), value.to_bits())).collect();
            rows.insert("events".to_owned(), outcome.events);
            rows
        }
        Err(_) => Rows::from([("overrun".to_owned(), 1)]),
    }
}

/// Its replications and policies. Most keys move the first, so all others are run for few.
fn runs(study: &Study) -> impl Iterator<Item = (u64, usize)> {
    let policies = study.timelines.len();
    (0..u64::from(study.scenario.replications))
        .flat_map(move |number| (0..policies).map(move |policy| (number, policy)))
}

/// Whether any number of any replication differs between two studies; the first that does is enough.
fn differ(one: &Study, other: &Study) -> bool {
    !runs(one).eq(runs(other)) || runs(one).any(|run| rows(one, run) != rows(other, run))
}

/// What came of trying to move something by a key.
enum Found {
    Moves,
    /// It was accepted, in this organisation and with this value, and nothing moved.
    Silent(String),
    /// No value was accepted anywhere; the last refusal.
    Refused(String),
}

/// One of the organisations as it is written.
struct Base {
    document: Document,
    runs: Vec<((u64, usize), Rows)>,
}

impl Base {
    /// Whether a study differs from it in any number of any replication.
    fn moves(&self, study: &Study) -> bool {
        !runs(study).eq(self.runs.iter().map(|(run, _)| *run))
            || self.runs.iter().any(|(run, base)| rows(study, *run) != *base)
    }
}

fn found(leaf: &Leaf, bases: &[Base]) -> Found {
    let mut silent: Option<String> = None;
    let mut refused = "nothing was tried".to_owned();
    let owned = |set: &[&str]| set.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    let stands = |path: &str| leaf.path == path || leaf.path.starts_with(&format!("{path}."));
    for (_, at, without, with) in HINTS.iter().filter(|(path, ..)| stands(path)) {
        match (read(WORLDS[*at], &owned(without)), read(WORLDS[*at], &owned(with))) {
            (Ok(without), Ok(with)) if differ(&without, &with) => return Found::Moves,
            (Ok(_), Ok(_)) => silent = Some(format!("organisation {at}: {}", with.join(" and "))),
            (Err(why), _) | (_, Err(why)) => {
                refused = format!("organisation {at}, {}: {why}", with.join(" and "))
            }
        }
    }
    for (at, base) in bases.iter().enumerate() {
        for set in leaf.settings(&base.document) {
            match read(WORLDS[at], std::slice::from_ref(&set)) {
                Ok(study) if base.moves(&study) => return Found::Moves,
                Ok(_) => silent = Some(format!("organisation {at}: {set}")),
                Err(why) => refused = format!("organisation {at}, {set}: {why}"),
            }
        }
    }
    silent.map_or(Found::Refused(refused), Found::Silent)
}

#[test]
fn every_key_that_is_accepted_acts() {
    let all = leaves(schema());
    assert!(all.len() > 250, "the schema was walked: {} leaves", all.len());
    let bases: Vec<_> = WORLDS
        .iter()
        .map(|world| {
            let study = read(world, &[]).unwrap_or_else(|why| panic!("{why}"));
            Base {
                runs: runs(&study).map(|run| (run, rows(&study, run))).collect(),
                document: study.document,
            }
        })
        .collect();
    let excused = |path: &str| {
        SILENT.iter().find(|(silent, _)| path == *silent || path.starts_with(&format!("{silent}.")))
    };
    let (next, wrong, needless) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(leaf) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let excuse = excused(&leaf.path);
                    // What speaks of the scenario as a whole is not tried: nothing of it is simulated.
                    if excuse.is_some_and(|(_, why)| why.starts_with("not simulated")) {
                        continue;
                    }
                    match (found(leaf, &bases), excuse) {
                        (Found::Moves, Some((path, _))) => {
                            needless.lock().expect("a list").push((*path).to_owned())
                        }
                        (Found::Moves, None) | (_, Some(_)) => {}
                        (Found::Silent(how), None) => {
                            wrong.lock().expect("a list").push(format!("{} is silent: {how}", leaf.path))
                        }
                        (Found::Refused(why), None) => {
                            wrong
                                .lock()
                                .expect("a list")
                                .push(format!("{} was never accepted: {why}", leaf.path));
                        }
                    }
                }
            });
        }
    });
    let (mut wrong, needless) = (wrong.into_inner().expect("a list"), needless.into_inner().expect("a list"));
    wrong.sort();
    assert!(wrong.is_empty(), "{} keys:\n{}", wrong.len(), wrong.join("\n"));
    assert!(needless.is_empty(), "these act, and stand in the list of those that do not: {needless:?}");
}
