//! What a command has finished of its runs, kept on the disk: the same command, given again, reads it and runs the rest.
//!
//! A command runs stage after stage: replications, more of them where intervals are wide, organisations, an audit. Which
//! stages there are, and of what, follows from the command and from what the stages before came to, and all of that is the
//! same each time. So a result is found again by its stage and its place therein, whoever asks the question.

use super::journal::{Journal, JournalError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// What can be written down and read again, to the bit.
pub trait Recordable: Serialize + DeserializeOwned {}

impl<T: Serialize + DeserializeOwned> Recordable for T {}

/// Results by stage and place.
#[derive(Debug)]
pub struct Recorded {
    journal: Mutex<Writer>,
    /// Where the journal has what was found in it, by key.
    found: BTreeMap<u64, u64>,
    stages: AtomicU32,
}

/// The journal, and why it is not written any more.
#[derive(Debug)]
struct Writer {
    journal: Journal,
    broken: Option<JournalError>,
}

/// One stage of a command.
pub(super) struct Stage<'a> {
    recorded: &'a Recorded,
    number: u64,
}

impl Recorded {
    /// Opens the journal at a path: carries it on where it is of the same command (`identity`), and begins it anew where it
    /// is of another, is damaged, or is not there. Before results of another are given up, `give_up` is told whose they are
    /// and how many, and may refuse.
    ///
    /// # Errors
    /// When it cannot be written, somebody else is writing it, or `give_up` refuses.
    pub fn open<E: From<JournalError>>(
        path: &Path,
        identity: &str,
        give_up: impl FnOnce(&str, usize) -> Result<(), E>,
    ) -> Result<Recorded, E> {
        let there = if path.exists() { Journal::carry_on(path) } else { Journal::create(path, identity) };
        let journal = match there {
            Ok(journal) if journal.identity == identity => journal,
            Ok(other) => {
                if !other.found.is_empty() {
                    give_up(&other.identity, other.found.len())?;
                }
                Journal::create(path, identity)?
            }
            Err(JournalError::Foreign { .. }) => Journal::create(path, identity)?,
            Err(error) => return Err(error.into()),
        };
        let found = journal.found.iter().copied().collect();
        let journal = Mutex::new(Writer { journal, broken: None });
        Ok(Recorded { journal, found, stages: AtomicU32::new(0) })
    }

    /// How many results were there when it was opened.
    pub fn found(&self) -> usize {
        self.found.len()
    }

    /// Whether there is nothing in it, from before or by now.
    pub fn is_empty(&self) -> bool {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner).journal.found.is_empty()
    }

    /// The next stage.
    pub(super) fn stage(&self) -> Stage<'_> {
        Stage { recorded: self, number: u64::from(self.stages.fetch_add(1, Ordering::Relaxed)) }
    }

    /// Waits until all is on the disk; or says why not all of it will be there.
    ///
    /// # Errors
    /// Why the journal could not be written, now or before.
    pub fn force(&self) -> Result<(), JournalError> {
        let mut writer = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        writer.broken.take().map_or_else(|| writer.journal.force(), Err)
    }
}

impl Stage<'_> {
    fn key(&self, place: usize) -> u64 {
        self.number << 32 | place as u64
    }

    /// What was finished at a place before, if it was.
    pub(super) fn find<T: Recordable>(&self, place: usize) -> Option<T> {
        let lies = *self.recorded.found.get(&self.key(place))?;
        let writer = self.recorded.journal.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = writer.journal.rows(self.key(place), lies).ok()?;
        drop(writer);
        postcard::from_bytes(&bytes).ok()
    }

    /// Keeps what is finished at a place. Where the disk is full the command goes on without: it holds all in memory, too.
    pub(super) fn keep<T: Recordable>(&self, place: usize, result: &T) {
        let Ok(bytes) = postcard::to_stdvec(result) else { return };
        let mut writer = self.recorded.journal.lock().unwrap_or_else(PoisonError::into_inner);
        if writer.broken.is_none() {
            writer.broken = writer.journal.append(self.key(place), &bytes).err();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that no text would give back: the sign of nothing, and what is not a number.
    const ODD: [f64; 4] = [-0.0, f64::INFINITY, f64::NAN, 0.1];

    fn open(path: &Path, identity: &str) -> Result<Recorded, JournalError> {
        Recorded::open(path, identity, |_, _| Ok(()))
    }

    #[test]
    fn what_was_kept_is_found_to_the_bit_by_stage_and_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("unfinished.journal");
        let first = open(&path, "one").unwrap();
        let (a, b) = (first.stage(), first.stage());
        a.keep(7, &ODD);
        b.keep(7, &vec!["b".to_owned()]);
        assert_eq!(a.find::<[f64; 4]>(7), None, "what this run keeps it does not read");
        drop(first);
        let again = open(&path, "one").unwrap();
        let (a, b) = (again.stage(), again.stage());
        let found = a.find::<[f64; 4]>(7).unwrap();
        assert_eq!(found.map(f64::to_bits), ODD.map(f64::to_bits));
        assert_eq!((b.find::<Vec<String>>(7), b.find::<u8>(8)), (Some(vec!["b".to_owned()]), None));
        assert_eq!(again.found(), 2);
    }

    #[test]
    fn another_command_begins_anew_and_a_second_writer_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("unfinished.journal");
        let one = open(&path, "one").unwrap();
        one.stage().keep(0, &1);
        assert!(matches!(open(&path, "one"), Err(JournalError::Held { .. })));
        drop(one);
        assert_eq!(open(&path, "other").unwrap().found(), 0);
        assert_eq!(open(&path, "one").unwrap().found(), 0);
        std::fs::write(&path, "no journal").unwrap();
        assert_eq!(open(&path, "one").unwrap().found(), 0);
    }
}
