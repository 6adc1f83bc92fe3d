//! Shards: a sweep cut into parts that know nothing of one another, and are judged by the files they leave.
//!
//! A folder holds the plan, the scenario and its data, and `results`. A shard keeps what it has finished in a
//! journal of its own, `shard-NNNNN.KEY.part`; whoever runs the shard again takes over what is whole in the
//! journals that it finds. When all its work units are there, they are written in order under a temporary name,
//! forced to the disk, and renamed to `shard-NNNNN.rows`. So a result is there whole or not at all, two that
//! run the same shard at once do not hurt each other (each holds a lock on its own journal, and none is taken away
//! from under its writer), and the same shard is the same bytes whoever ran it.

use super::identity::Identity;
use super::journal::{Journal, JournalError, force_folder};
use super::partition::Partition;
use super::rows::SweepRows;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The most shards of a plan.
pub const MOST_SHARDS: usize = 100_000;

/// A sweep on paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShardPlan {
    /// The scenario's name, as the output folder is called after it.
    pub name: String,
    /// The command that would do all of it on one machine.
    pub command: Vec<String>,
    pub identity: Identity,
    /// What the sweep was read from, as a manifest in the plan's folder would list it.
    #[serde(default)]
    pub inputs: serde_json::Value,
    pub shards: Vec<Shard>,
}

/// One part of a plan: blocks from, and up to but not with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    pub index: usize,
    pub blocks: (u64, u64),
    pub lives: u64,
}

impl ShardPlan {
    /// Cuts a sweep into so many shards of nearly equal size.
    ///
    /// # Errors
    /// When there are fewer work units than shards, as a sentence.
    pub fn new(
        name: String,
        command: Vec<String>,
        identity: Identity,
        shards: usize,
    ) -> Result<ShardPlan, String> {
        let partition = identity.partition();
        let (blocks, count) = (partition.work_units(), shards as u64);
        if count > blocks {
            return Err(format!(
                "{shards} shards are too many: the {} replications of this sweep are cut into {blocks} blocks",
                partition.runs()
            ));
        }
        let bound = |at: u64| (u128::from(at) * u128::from(blocks) / u128::from(count)) as u64;
        let shard = |at: u64| {
            let blocks = (bound(at), bound(at + 1));
            let lives = (blocks.0..blocks.1).map(|work_unit| partition.work_unit(work_unit).runs()).sum();
            Shard { index: at as usize, blocks, lives }
        };
        let shards = (0..count).map(shard).collect();
        Ok(ShardPlan { name, command, identity, inputs: serde_json::Value::Null, shards })
    }

    /// Whether it is what this program would have planned: a file may have been edited.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn check(&self) -> Result<(), String> {
        self.identity.check()?;
        if self.shards.is_empty() || self.shards.len() > MOST_SHARDS {
            return Err(format!("{} shards cannot be run", self.shards.len()));
        }
        let (name, command, identity) = (self.name.clone(), self.command.clone(), self.identity.clone());
        match ShardPlan::new(name, command, identity, self.shards.len())?.shards == self.shards {
            true => Ok(()),
            false => Err("its shards are not the parts of its sweep".to_owned()),
        }
    }

    pub fn partition(&self) -> Partition {
        self.identity.partition()
    }

    /// The work units of a shard.
    pub fn blocks(&self, index: usize) -> Option<Range<u64>> {
        self.shards.get(index).map(|shard| shard.blocks.0..shard.blocks.1)
    }
}

/// The folder that a plan's results are in.
pub fn results(folder: &Path) -> PathBuf {
    folder.join("results")
}

/// The name of a shard's result.
pub fn result(folder: &Path, index: usize) -> PathBuf {
    results(folder).join(format!("{}.rows", stem(index)))
}

fn stem(index: usize) -> String {
    format!("shard-{index:05}")
}

/// What there is of a shard.
pub enum State {
    /// All of it.
    Done(Journal),
    Missing,
    /// Not whole, or not readable; in words.
    Damaged(String),
    /// The result of another sweep or version; in words.
    Foreign(String),
}

/// Judges a shard by its file.
pub fn state(folder: &Path, plan: &ShardPlan, index: usize) -> State {
    let path = result(folder, index);
    if !path.exists() {
        return State::Missing;
    }
    let journal = match Journal::open(&path) {
        Ok(journal) => journal,
        Err(error) => return State::Damaged(error.to_string()),
    };
    if let Some(words) = plan.identity.differs_from(&journal.identity) {
        return State::Foreign(format!("{} belongs to another sweep: {words}", path.display()));
    }
    let blocks = plan.blocks(index).unwrap_or(0..0);
    let whole = journal.torn == 0 && journal.found.iter().map(|(work_unit, _)| *work_unit).eq(blocks);
    if whole { State::Done(journal) } else { State::Damaged(format!("{} is damaged", path.display())) }
}

/// Begins to run a shard: a fresh journal with all that earlier attempts left whole.
///
/// What an attempt wrote that is still at work is read and left alone; what is left of one that is gone, is taken
/// over and tidied up.
///
/// # Errors
/// When a journal cannot be read or written.
pub fn begin(folder: &Path, plan: &ShardPlan, index: usize) -> Result<Journal, JournalError> {
    let folder = results(folder);
    let unwritable = |source| JournalError::Unwritable { path: folder.clone(), source };
    std::fs::create_dir_all(&folder).map_err(unwritable)?;
    let earlier = parts(&folder, index).map_err(unwritable)?;
    let mut own = fresh(&folder, plan, index)?;
    let wanted = plan.blocks(index).unwrap_or(0..0);
    for part in earlier {
        let (journal, is_left) = match Journal::open_left(&part) {
            Ok(found) => found,
            // A kill before its first record was whole: nothing is in it.
            Err((JournalError::Foreign { .. }, true)) => {
                let _ = std::fs::remove_file(part);
                continue;
            }
            Err(_) => continue,
        };
        // One of another plan is left alone: it holds nothing for us.
        if plan.identity.differs_from(&journal.identity).is_some() {
            continue;
        }
        for (work_unit, place) in &journal.found {
            let known = own.found.iter().any(|(known, _)| known == work_unit);
            if !known && wanted.contains(work_unit) {
                own.append(*work_unit, &journal.rows(*work_unit, *place)?)?;
            }
        }
        own.force()?;
        if is_left {
            let _ = std::fs::remove_file(part);
        }
    }
    Ok(own)
}

/// An empty journal of a shard under a name of its own.
fn fresh(folder: &Path, plan: &ShardPlan, index: usize) -> Result<Journal, JournalError> {
    let begins = format!("{}.", stem(index));
    Journal::create_among(folder, (&begins, ".part"), &plan.identity.text())
}

/// Takes away what attempts at a shard left that has its result, but for those still at work.
pub fn tidy(folder: &Path, index: usize) {
    for part in parts(&results(folder), index).unwrap_or_default() {
        let is_left = match Journal::open_left(&part) {
            Ok((_, is_left)) | Err((_, is_left)) => is_left,
        };
        if is_left {
            let _ = std::fs::remove_file(part);
        }
    }
}

/// Ends a shard of which all work units are there: its result gets its name, and its journal goes.
///
/// # Errors
/// When the result cannot be written.
pub fn end(folder: &Path, plan: &ShardPlan, index: usize, journal: Journal) -> Result<(), JournalError> {
    let path = result(folder, index);
    let wanted = plan.blocks(index).unwrap_or(0..0);
    let results = results(folder);
    let unwritable = |source| JournalError::Unwritable { path: path.clone(), source };
    let part = journal.path().to_owned();
    let rows = SweepRows::new(plan.partition(), plan.identity.metrics, vec![journal]);
    let mut sorted = fresh(&results, plan, index)?;
    for work_unit in wanted {
        if let Some(bytes) = rows.work_unit(work_unit)? {
            sorted.append(work_unit, &bytes)?;
        }
    }
    sorted.force()?;
    std::fs::rename(sorted.path(), &path).map_err(unwritable)?;
    force_folder(&results);
    let _ = std::fs::remove_file(part);
    tidy(folder, index);
    Ok(())
}

/// The journals that attempts at a shard left, by name.
fn parts(folder: &Path, index: usize) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let begins = format!("{}.", stem(index));
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        let text = name.to_string_lossy();
        if text.starts_with(&begins) && text.ends_with(".part") {
            found.push(folder.join(&name));
        }
    }
    found.sort();
    Ok(found)
}
