//! The journal: finished blocks on the disk, so that a kill at any instant loses only what was not finished.
//!
//! **Format.** A line that names it, then the identity of the sweep (length, CRC-32, JSON text), then records:
//! length and CRC-32 (4 bytes each, little end first), the number of the block (8 bytes), and its rows. The CRC
//! covers number and rows. A record that is cut short or does not match its CRC ends the journal: it and what
//! follows is what a kill tore, and is dropped and run again. Number and CRC are checked whenever rows are read, not
//! only when the journal is opened.
//!
//! **Who writes.** One process: whoever adds to a journal holds a lock on it, which the system lets go when the
//! process ends, however it ends. Where the file system has no locks, the checks are what is left: rows of another
//! block are refused and never taken for what was asked for.
//!
//! **When it is on the disk.** A record is handed to the operating system as soon as its block is finished: no
//! kill of the program loses it. It is forced to the disk (`fsync`) once a second and at the end: a loss of
//! power loses at most that.

use scenario::reading;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const MAGIC: &[u8] = b"orgsim journal 2\n";

/// Bytes of a record before its rows.
const HEAD: usize = 16;

/// No record is longer; a length beyond it is a torn one.
const LONGEST: u32 = 1 << 28;

/// How often a journal is forced to the disk.
const FORCED: Duration = Duration::from_secs(1);

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("cannot write {}: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("{} is no journal of a sweep that this version can read", path.display())]
    Foreign { path: PathBuf },
    #[error("another orgsim is writing {}: wait until it has ended, or write elsewhere", path.display())]
    Held { path: PathBuf },
    #[error("{} no longer holds block {work_unit} where it was: something else wrote into it", path.display())]
    Mixed { path: PathBuf, work_unit: u64 },
}

/// A journal, open for reading and at its end for writing.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// What was written about the sweep it belongs to.
    pub identity: String,
    /// The blocks that are in it whole, each with the place of its rows; in the order they were finished.
    pub found: Vec<(u64, u64)>,
    /// Bytes at the end that were torn.
    pub torn: u64,
    end: u64,
    forced: Instant,
}

impl Journal {
    /// Begins a journal; it gets its name when its identity is on the disk.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create(path: &Path, identity: &str) -> Result<Journal, JournalError> {
        let failed = |source| JournalError::Unwritable { path: path.to_owned(), source };
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut temporary = temporary().tempfile_in(folder).map_err(failed)?;
        is_free(temporary.as_file());
        let end = begun(temporary.as_file_mut(), identity).map_err(failed)?;
        let file = temporary.persist(path).map_err(|error| failed(error.error))?;
        force_folder(folder);
        Ok(Journal::empty(path, file, identity, end))
    }

    /// Begins a journal under a name of its own: `begins`, a key, `ends`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create_among(
        folder: &Path,
        (begins, ends): (&str, &str),
        identity: &str,
    ) -> Result<Journal, JournalError> {
        let failed = |source| JournalError::Unwritable { path: folder.to_owned(), source };
        loop {
            let mut named = temporary();
            let named = named.prefix(begins).suffix(ends).tempfile_in(folder).map_err(failed)?;
            let (mut file, path) = named.keep().map_err(|error| failed(error.error))?;
            // Somebody who tidies up may take what is not locked yet for left over; then another key serves.
            let is_taken = !is_free(&file);
            if is_taken || !path.exists() {
                continue;
            }
            let end = begun(&mut file, identity).map_err(failed)?;
            return Ok(Journal::empty(&path, file, identity, end));
        }
    }

    fn empty(path: &Path, file: File, identity: &str, end: u64) -> Journal {
        let (path, identity) = (path.to_owned(), identity.to_owned());
        Journal { path, file, identity, found: Vec::new(), torn: 0, end, forced: Instant::now() }
    }

    /// Opens a journal and finds what is whole in it; nothing is changed.
    ///
    /// # Errors
    /// When it cannot be read, or is none.
    pub fn open(path: &Path) -> Result<Journal, JournalError> {
        let file = reading::file(path, u64::MAX);
        Journal::of(path, file.map_err(|source| JournalError::Unreadable { path: path.to_owned(), source })?)
    }

    /// Opens a journal that somebody may still be writing, and says whether it is known that nobody is: then it is
    /// ours for as long as it is open.
    ///
    /// # Errors
    /// As [`Journal::open`]; with whether nobody is writing it.
    pub fn open_left(path: &Path) -> Result<(Journal, bool), (JournalError, bool)> {
        // A pipe would be waited for, and a device never ends: only a regular file is opened for writing.
        let regular = reading::file(path, u64::MAX);
        let file = regular.and_then(|file| OpenOptions::new().read(true).write(true).open(path).or(Ok(file)));
        let file =
            file.map_err(|source| (JournalError::Unreadable { path: path.to_owned(), source }, false))?;
        let is_left = file.try_lock().is_ok();
        // The lock belongs to the open file, which a second handle shares.
        let handle = file.try_clone();
        let handle =
            handle.map_err(|source| (JournalError::Unreadable { path: path.to_owned(), source }, false))?;
        let journal = Journal::of(path, handle).map_err(|error| (error, is_left))?;
        Ok((journal, is_left))
    }

    fn of(path: &Path, file: File) -> Result<Journal, JournalError> {
        let failed = |source| JournalError::Unreadable { path: path.to_owned(), source };
        let length = file.metadata().map_err(failed)?.len();
        let mut reader = BufReader::with_capacity(1 << 16, &file);
        let Some(identity) = head(&mut reader).map_err(failed)? else {
            return Err(JournalError::Foreign { path: path.to_owned() });
        };
        let mut end = (MAGIC.len() + 8 + identity.len()) as u64;
        let mut found = Vec::new();
        let mut rows = Vec::new();
        while let Some(work_unit) = record(&mut reader, &mut rows).map_err(failed)? {
            found.push((work_unit, end + HEAD as u64));
            end += (HEAD + rows.len()) as u64;
        }
        let torn = length.saturating_sub(end);
        drop(reader);
        Ok(Journal { path: path.to_owned(), file, identity, found, torn, end, forced: Instant::now() })
    }

    /// Opens a journal to carry it on; nothing is changed before the first block is added.
    ///
    /// # Errors
    /// When it cannot be written or is none, or somebody else is writing it.
    pub fn carry_on(path: &Path) -> Result<Journal, JournalError> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.map_err(|source| JournalError::Unwritable { path: path.to_owned(), source })?;
        if !is_free(&file) {
            return Err(JournalError::Held { path: path.to_owned() });
        }
        Journal::of(path, file)
    }

    /// Adds a finished block. When that fails, as on a full disk, what was there before stays whole.
    pub fn append(&mut self, work_unit: u64, rows: &[u8]) -> Result<(), JournalError> {
        let mut text = Vec::with_capacity(HEAD + rows.len());
        text.extend((rows.len() as u32).to_le_bytes());
        text.extend(checksum(work_unit, rows).to_le_bytes());
        text.extend(work_unit.to_le_bytes());
        text.extend(rows);
        let written = self.cut().and_then(|()| self.file.write_all(&text));
        if let Err(source) = written {
            // If cutting fails too, the torn record is found when the journal is opened.
            let _ = self.file.set_len(self.end);
            return Err(self.unwritable(source));
        }
        self.found.push((work_unit, self.end + HEAD as u64));
        self.end += text.len() as u64;
        if self.forced.elapsed() >= FORCED { self.force() } else { Ok(()) }
    }

    /// Goes to the end, and cuts off what was torn there.
    fn cut(&mut self) -> io::Result<()> {
        if self.torn > 0 {
            self.file.set_len(self.end)?;
            self.torn = 0;
        }
        self.file.seek(SeekFrom::Start(self.end)).map(drop)
    }

    /// Waits until all that was added is on the disk.
    pub fn force(&mut self) -> Result<(), JournalError> {
        self.forced = Instant::now();
        self.file.sync_data().map_err(|source| self.unwritable(source))
    }

    /// Reads bytes of rows at a place that `found` names, or after it.
    pub fn read(&self, place: u64, bytes: &mut [u8]) -> Result<(), JournalError> {
        let mut file = &self.file;
        let read = file.seek(SeekFrom::Start(place)).and_then(|_| file.read_exact(bytes));
        read.map_err(|source| JournalError::Unreadable { path: self.path.clone(), source })
    }

    /// The rows of a block, which begin at a place.
    ///
    /// # Errors
    /// When they cannot be read, or other rows are there.
    pub fn rows(&self, work_unit: u64, place: u64) -> Result<Vec<u8>, JournalError> {
        let mut head = [0; HEAD];
        self.read(place - HEAD as u64, &mut head)?;
        let (length, crc) = numbers(&head);
        if length > LONGEST || number(&head) != work_unit {
            return Err(self.mixed(work_unit));
        }
        let mut rows = vec![0; length as usize];
        self.read(place, &mut rows)?;
        if checksum(work_unit, &rows) == crc { Ok(rows) } else { Err(self.mixed(work_unit)) }
    }

    /// What is said where a block is no longer what it was.
    pub fn mixed(&self, work_unit: u64) -> JournalError {
        JournalError::Mixed { path: self.path.clone(), work_unit }
    }

    /// The blocks among some that are not in it.
    pub fn lacks(&self, among: Range<u64>) -> Vec<u64> {
        let found: BTreeSet<u64> = self.found.iter().map(|(work_unit, _)| *work_unit).collect();
        among.filter(|work_unit| !found.contains(work_unit)).collect()
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    fn unwritable(&self, source: io::Error) -> JournalError {
        JournalError::Unwritable { path: self.path.clone(), source }
    }
}

/// Takes a journal that is being written for this process. False where another has it; a file system without locks
/// cannot tell, and then the checks of what is read must do.
fn is_free(file: &File) -> bool {
    !matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Writes the head of a journal, and says where its records begin.
fn begun(file: &mut File, identity: &str) -> io::Result<u64> {
    let mut text = MAGIC.to_vec();
    text.extend((identity.len() as u32).to_le_bytes());
    text.extend(crc32fast::hash(identity.as_bytes()).to_le_bytes());
    text.extend(identity.as_bytes());
    file.write_all(&text)?;
    file.sync_all()?;
    Ok(text.len() as u64)
}

/// Makes a new name in a folder survive a loss of power, where the system can.
pub fn force_folder(folder: &Path) {
    if let Ok(folder) = File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }) {
        let _ = folder.sync_all();
    }
}

/// A temporary file that others may read as any other file: on a cluster, somebody else may merge.
fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".orgsim-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder
}

fn checksum(work_unit: u64, rows: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&work_unit.to_le_bytes());
    crc.update(rows);
    crc.finalize()
}

/// The identity of a journal; nothing where it is none.
fn head(reader: &mut impl Read) -> io::Result<Option<String>> {
    let mut magic = [0; MAGIC.len() + 8];
    if !fill(reader, &mut magic)? || &magic[..MAGIC.len()] != MAGIC {
        return Ok(None);
    }
    let (length, crc) = numbers(&magic[MAGIC.len()..]);
    let mut text = Vec::new();
    if length > LONGEST || !take(reader, length, &mut text)? || crc32fast::hash(&text) != crc {
        return Ok(None);
    }
    Ok(String::from_utf8(text).ok())
}

/// Reads the next record's rows and gives its block; nothing where it is torn, or none is left.
fn record(reader: &mut impl Read, rows: &mut Vec<u8>) -> io::Result<Option<u64>> {
    let mut head = [0; HEAD];
    if !fill(reader, &mut head)? {
        return Ok(None);
    }
    let (length, crc) = numbers(&head);
    let work_unit = number(&head);
    if length > LONGEST || !take(reader, length, rows)? || checksum(work_unit, rows) != crc {
        return Ok(None);
    }
    Ok(Some(work_unit))
}

/// The number of the block in the head of a record.
fn number(head: &[u8; HEAD]) -> u64 {
    u64::from_le_bytes([head[8], head[9], head[10], head[11], head[12], head[13], head[14], head[15]])
}

fn numbers(bytes: &[u8]) -> (u32, u32) {
    let number = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    (number(0), number(4))
}

/// Reads a buffer full; false where less is left.
fn fill(reader: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Reads so many bytes, which may be fewer than are promised by a torn length.
fn take(reader: &mut impl Read, length: u32, into: &mut Vec<u8>) -> io::Result<bool> {
    into.clear();
    reader.take(u64::from(length)).read_to_end(into)?;
    Ok(into.len() == length as usize)
}

#[cfg(test)]
mod tests;
