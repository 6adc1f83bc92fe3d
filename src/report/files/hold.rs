//! A hold on a folder: one process at a time writes into it, and a hold dies with its process, however that ends.
//!
//! The lock is the system's, on a file in the folder that says who holds it. A killed process leaves the file, which
//! then is just a file: the next takes the lock and removes it at its end. A file system without locks cannot tell who
//! else is there, which the caller has to say.

use super::FileError;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The file that is locked.
const NAME: &str = ".orgsim.lock";

/// Bytes that are read of what a holder says of itself.
const LONGEST: u64 = 300;

/// Bytes that must fit on the disk before anything is begun.
const ROOM: usize = 1 << 16;

/// How often a lock is tried whose file its last holder is just removing.
const ATTEMPTS: usize = 1_000;

/// A folder that no other process writes into until this is dropped.
#[derive(Debug)]
pub struct Hold {
    // Dropped, and with it the lock let go, after the file is removed.
    file: File,
    folder: PathBuf,
    /// Folders that were made for this, the innermost first.
    made: Vec<PathBuf>,
    /// False where the file system has no locks, so that others cannot be kept out.
    pub is_sure: bool,
}

impl Hold {
    /// Makes the folder where needed, takes it for this process, and makes sure that it can be written into.
    ///
    /// # Errors
    /// When another process has it, or it cannot be written into.
    pub fn take(folder: &Path, who: &str) -> Result<Hold, FileError> {
        let made = missing(folder);
        let path = folder.join(NAME);
        let wrong = |error: io::Error| FileError::of_io(&path, error);
        if path.is_symlink() {
            return Err(FileError::Outside { path });
        }
        for _ in 0..ATTEMPTS {
            fs::create_dir_all(folder).map_err(|error| FileError::of_io(folder, error))?;
            let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
            let mut file = match open {
                // Whoever made the folder found it empty and has just removed it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other.map_err(wrong)?,
            };
            let is_sure = match file.try_lock() {
                Ok(()) if is_at(&file, &path) => true,
                // Its last holder has removed it since: another may hold the file that is there now.
                Ok(()) => continue,
                Err(TryLockError::WouldBlock) => {
                    let path = folder.to_owned();
                    return Err(FileError::Held { path, by: holder(&mut file) });
                }
                Err(TryLockError::Error(_)) if is_at(&file, &path) => false,
                Err(TryLockError::Error(_)) => continue,
            };
            let mut hold = Hold { file, folder: folder.to_owned(), made, is_sure };
            hold.say(who).map_err(wrong)?;
            hold.room().map_err(|error| FileError::of_io(folder, error))?;
            return Ok(hold);
        }
        Err(wrong(io::Error::other("its file comes and goes")))
    }

    /// Says who holds the folder, for those that find it held.
    fn say(&mut self, who: &str) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(format!("process {}{}: {who}", std::process::id(), host()).as_bytes())
    }

    /// A full disk is found out before anything is begun.
    fn room(&self) -> io::Result<()> {
        let mut probe = super::builder().tempfile_in(&self.folder)?;
        probe.write_all(&vec![0x6f; ROOM])?;
        probe.as_file().sync_all()
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        // Where the identity of a file cannot be told, its name stays, so that no two hold files of one name.
        if cfg!(unix) {
            let _ = fs::remove_file(self.folder.join(NAME));
        }
        // What was made for files that were never written, and is empty, goes again.
        for folder in &self.made {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

/// The folders of a path that are not there yet, the innermost first.
fn missing(folder: &Path) -> Vec<PathBuf> {
    let each = folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists());
    each.map(Path::to_owned).collect()
}

/// Whether an open file is the one that its name leads to.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(open), Ok(named)) = (file.metadata(), path.symlink_metadata()) else { return false };
    (open.dev(), open.ino()) == (named.dev(), named.ino())
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// What the holder of a folder says of itself.
fn holder(file: &mut File) -> String {
    let mut said = Vec::new();
    // Some systems lock what is in the file as well: then it stays unknown who it is.
    let _ = file.take(LONGEST).read_to_end(&mut said);
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    if said.is_empty() { "another orgsim".to_owned() } else { said }
}

/// " on NAME", where the machine's name can be found out.
fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| std::env::var("HOSTNAME"));
    name.map_or_else(|_| String::new(), |name| format!(" on {}", name.trim()))
}
