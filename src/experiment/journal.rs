//! The journal: finished blocks on the disk, so that a kill at any instant loses only what was not finished.
//!
//! **Format.** A line that names it, then the identity of the sweep (length, CRC-32, JSON text), then records:
//! length and CRC-32 (4 bytes each, little end first), the number of the block (8 bytes), and its rows. The CRC
//! covers number and rows. A record that is cut short or does not match its CRC ends the journal: it and what
//! follows is what a kill tore, and is dropped and lived again.
//!
//! **When it is on the disk.** A record is handed to the operating system as soon as its block is finished: no
//! kill of the program loses it. It is forced to the disk (`fsync`) once a second and at the end: a loss of
//! power loses at most that.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const MAGIC: &[u8] = b"orgsim journal 1\n";

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
    pub fn create(path: &Path, identity: &str) -> Result<Journal, JournalError> {
        let failed = |source| JournalError::Unwritable { path: path.to_owned(), source };
        let mut text = MAGIC.to_vec();
        text.extend((identity.len() as u32).to_le_bytes());
        text.extend(crc32fast::hash(identity.as_bytes()).to_le_bytes());
        text.extend(identity.as_bytes());
        let begin = || -> io::Result<File> {
            let folder = path.parent().unwrap_or(Path::new("."));
            let mut file = temporary().tempfile_in(folder)?;
            file.write_all(&text)?;
            file.as_file().sync_all()?;
            let file = file.persist(path).map_err(|error| error.error)?;
            force_folder(folder);
            Ok(file)
        };
        let file = begin().map_err(failed)?;
        let end = text.len() as u64;
        let (path, identity) = (path.to_owned(), identity.to_owned());
        Ok(Journal { path, file, identity, found: Vec::new(), torn: 0, end, forced: Instant::now() })
    }

    /// Opens a journal and finds what is whole in it; nothing is changed.
    pub fn open(path: &Path) -> Result<Journal, JournalError> {
        let failed = |source| JournalError::Unreadable { path: path.to_owned(), source };
        let file = crate::reading::file(path, u64::MAX).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut reader = BufReader::with_capacity(1 << 16, &file);
        let Some(identity) = head(&mut reader).map_err(failed)? else {
            return Err(JournalError::Foreign { path: path.to_owned() });
        };
        let mut end = (MAGIC.len() + 8 + identity.len()) as u64;
        let mut found = Vec::new();
        let mut rows = Vec::new();
        while let Some(block) = record(&mut reader, &mut rows).map_err(failed)? {
            found.push((block, end + HEAD as u64));
            end += (HEAD + rows.len()) as u64;
        }
        let torn = length.saturating_sub(end);
        drop(reader);
        Ok(Journal { path: path.to_owned(), file, identity, found, torn, end, forced: Instant::now() })
    }

    /// Opens a journal to carry it on: what was torn is cut off.
    pub fn carry_on(path: &Path) -> Result<Journal, JournalError> {
        let mut journal = Journal::open(path)?;
        let reopen = || -> io::Result<File> {
            let file = OpenOptions::new().read(true).write(true).open(path)?;
            file.set_len(journal.end)?;
            Ok(file)
        };
        let file = reopen().map_err(|source| journal.unwritable(source))?;
        journal.file = file;
        Ok(journal)
    }

    /// Adds a finished block. When that fails, as on a full disk, what was there before stays whole.
    pub fn append(&mut self, block: u64, rows: &[u8]) -> Result<(), JournalError> {
        let mut text = Vec::with_capacity(HEAD + rows.len());
        text.extend((rows.len() as u32).to_le_bytes());
        text.extend(checksum(block, rows).to_le_bytes());
        text.extend(block.to_le_bytes());
        text.extend(rows);
        let written = self.file.seek(SeekFrom::Start(self.end)).and_then(|_| self.file.write_all(&text));
        if let Err(source) = written {
            // If cutting fails too, the torn record is found when the journal is opened.
            let _ = self.file.set_len(self.end);
            return Err(self.unwritable(source));
        }
        self.found.push((block, self.end + HEAD as u64));
        self.end += text.len() as u64;
        if self.forced.elapsed() >= FORCED { self.force() } else { Ok(()) }
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

    /// The rows of the block that begins at a place.
    pub fn rows(&self, place: u64) -> Result<Vec<u8>, JournalError> {
        let mut length = [0; 4];
        self.read(place - HEAD as u64, &mut length)?;
        let mut rows = vec![0; u32::from_le_bytes(length) as usize];
        self.read(place, &mut rows)?;
        Ok(rows)
    }

    /// The blocks among some that are not in it.
    pub fn lacks(&self, among: Range<u64>) -> Vec<u64> {
        let found: BTreeSet<u64> = self.found.iter().map(|(block, _)| *block).collect();
        among.filter(|block| !found.contains(block)).collect()
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    fn unwritable(&self, source: io::Error) -> JournalError {
        JournalError::Unwritable { path: self.path.clone(), source }
    }
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

fn checksum(block: u64, rows: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&block.to_le_bytes());
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
    let block =
        u64::from_le_bytes([head[8], head[9], head[10], head[11], head[12], head[13], head[14], head[15]]);
    if length > LONGEST || !take(reader, length, rows)? || checksum(block, rows) != crc {
        return Ok(None);
    }
    Ok(Some(block))
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
