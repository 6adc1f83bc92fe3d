//! Output files are written inside one folder only, and whole or not at all.

mod earlier;
mod hold;
mod inputs;

pub use earlier::{Earlier, MANIFEST, being_written};
pub use hold::Hold;
pub use inputs::Inputs;

use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Longest file name made from a title, before its extension.
const LONGEST: usize = 80;

/// Why a file or folder could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is a file where a folder is needed.
    #[error("cannot write into {}: it is not a folder", path.display())]
    NotAFolder { path: PathBuf },
    /// There is a folder where a file is to be written.
    #[error("cannot write {}: a folder of that name is in the way", path.display())]
    FolderInTheWay { path: PathBuf },
    /// The system does not allow it.
    #[error("cannot write {}: permission denied", path.display())]
    Denied { path: PathBuf },
    /// There is no room left.
    #[error("cannot write {}: the disk or quota is full", path.display())]
    Full { path: PathBuf },
    /// The folder leads, by a symbolic link, out of the output folder.
    #[error("refusing to write {}: it leads outside the output folder", path.display())]
    Outside { path: PathBuf },
    /// Another process writes into the folder.
    #[error("{} is in use by {by}: wait until it has ended, or write elsewhere with --out", path.display())]
    Held { path: PathBuf, by: String },
    /// Anything else.
    #[error("cannot write {}: {source}", path.display())]
    Other { path: PathBuf, source: io::Error },
}

impl FileError {
    fn new(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Self::NotAFolder { path },
            ErrorKind::IsADirectory => Self::FolderInTheWay { path },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::Denied { path },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Other { path, source },
        }
    }
}

impl FileError {
    /// What went wrong while writing a file, in words.
    pub fn of_io(path: &Path, source: io::Error) -> Self {
        Self::new(path, source)
    }

    /// The same for an error of the CSV writer.
    pub fn of_csv(path: &Path, error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(source) => Self::new(path, source),
            other => Self::new(path, io::Error::other(format!("{other:?}"))),
        }
    }
}

/// A folder that can be written into, and never outside of.
///
/// Names may come from people: they are turned into plain file names by [`slug`], so "../../etc/x" is just an
/// odd title.
#[derive(Clone, Debug)]
pub struct OutputFolder {
    root: PathBuf,
}

impl OutputFolder {
    /// Opens the folder, making it and its parents where needed.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        fs::create_dir_all(path).map_err(|error| FileError::new(path, error))?;
        let root = path.canonicalize().map_err(|error| FileError::new(path, error))?;
        Ok(Self { root })
    }

    /// Makes sure that these files can be written: that no folder has the name of one, and that what is to be a folder
    /// is one that can be written into. Names may lead into folders below this one.
    ///
    /// # Errors
    /// What is in the way.
    pub fn try_first(&self, names: &[&str]) -> Result<(), FileError> {
        for name in names {
            let path = self.root.join(name);
            if path.is_dir() {
                return Err(FileError::FolderInTheWay { path });
            }
            let Some(parent) = path.parent().filter(|parent| *parent != self.root && parent.exists()) else {
                continue;
            };
            if !parent.is_dir() {
                let path = parent.to_owned();
                return Err(FileError::NotAFolder { path });
            }
            builder().tempfile_in(parent).map_err(|error| FileError::new(parent, error))?;
        }
        Ok(())
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Opens a folder inside this one.
    pub fn folder(&self, name: &str) -> Result<Self, FileError> {
        self.below(Path::new(&slug(name)))
    }

    /// Opens the folder at a path below this one, making what is missing step by step: nothing is made through a link
    /// that leads out.
    fn below(&self, path: &Path) -> Result<Self, FileError> {
        let mut root = self.root.clone();
        for part in path.components() {
            let next = root.join(part);
            root = match next.canonicalize() {
                Ok(real) => real,
                Err(_) => Self::create(&next)?.root,
            };
            if !root.starts_with(&self.root) {
                return Err(FileError::Outside { path: next });
            }
        }
        // What stands in a folder's place is told as such.
        Self::create(root)
    }

    /// The path that a name and an extension lead to; always directly inside this folder.
    pub fn path_of(&self, name: &str, extension: &str) -> PathBuf {
        self.root.join(format!("{}.{}", slug(name), slug(extension)))
    }

    /// Writes one file, whole or not at all, and returns its path.
    pub fn write(&self, name: &str, extension: &str, content: &[u8]) -> Result<PathBuf, FileError> {
        let mut paths = self.write_together(name, &[(extension, content)])?;
        Ok(paths.remove(0))
    }

    /// Writes several files of one name: everything is on the disk under temporary names before the first
    /// gets its own, so a full disk leaves none of them behind.
    pub fn write_together(&self, name: &str, files: &[(&str, &[u8])]) -> Result<Vec<PathBuf>, FileError> {
        let mut waiting = Vec::new();
        for (extension, content) in files {
            let path = self.path_of(name, extension);
            waiting.push((self.temporary(&path, content, None)?, path));
        }
        let mut done = Vec::new();
        for (temporary, path) in waiting {
            if let Err(error) = temporary.persist(&path) {
                remove_all(&done);
                return Err(FileError::new(&path, error.error));
            }
            done.push(path);
        }
        Ok(done)
    }

    /// Writes one file under exactly this name, which may lead into folders below this one.
    pub fn write_as(&self, name: &str, content: &[u8]) -> Result<(), FileError> {
        self.write_whole(name, content, None)
    }

    /// The same for a copy, which only those may read who may read what it is of.
    pub fn write_copy(
        &self,
        name: &str,
        content: &[u8],
        permissions: &fs::Permissions,
    ) -> Result<(), FileError> {
        self.write_whole(name, content, Some(permissions))
    }

    fn write_whole(
        &self,
        name: &str,
        content: &[u8],
        permissions: Option<&fs::Permissions>,
    ) -> Result<(), FileError> {
        let below = Path::new(name);
        let path = self.root.join(below);
        let plain = below.components().all(|part| matches!(part, std::path::Component::Normal(_)));
        let inside = match below.parent() {
            Some(parent) if plain => self.below(parent)?,
            _ => return Err(FileError::Outside { path }),
        };
        let temporary = inside.temporary(&path, content, permissions)?;
        temporary.persist(&path).map_err(|error| FileError::new(&path, error.error))?;
        Ok(())
    }

    /// Begins a file that grows under a temporary name, and gets its own when it is whole.
    pub fn growing(&self, name: &str, extension: &str) -> Result<Growing, FileError> {
        let path = self.path_of(name, extension);
        if path.is_dir() {
            return Err(FileError::FolderInTheWay { path });
        }
        let file = builder().tempfile_in(&self.root).map_err(|error| FileError::new(&path, error))?;
        Ok(Growing { file: BufWriter::with_capacity(1 << 16, file), path })
    }

    /// Takes away one file, if it is there.
    pub fn remove(&self, name: &str, extension: &str) {
        let _ = fs::remove_file(self.path_of(name, extension));
    }

    /// Takes away what a killed program left under temporary names.
    pub fn tidy(&self) {
        let folders = ["", "charts", "scenario"].map(|name| self.root.join(name));
        let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
        let left = entries.filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with(".orgsim-") && name.ends_with(".part")
        });
        remove_all(&left.map(|entry| entry.path()).collect::<Vec<_>>());
    }

    fn temporary(
        &self,
        path: &Path,
        content: &[u8],
        permissions: Option<&fs::Permissions>,
    ) -> Result<NamedTempFile, FileError> {
        if path.is_dir() {
            let path = path.to_path_buf();
            return Err(FileError::FolderInTheWay { path });
        }
        let write = || {
            let mut file = builder().tempfile_in(&self.root)?;
            if let Some(permissions) = permissions {
                file.as_file().set_permissions(permissions.clone())?;
            }
            file.write_all(content)?;
            file.as_file().sync_all()?;
            Ok(file)
        };
        write().map_err(|error| FileError::new(path, error))
    }
}

/// A file that is being written piece by piece.
pub struct Growing {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl Growing {
    /// The path it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Forces it to the disk and gives it its name.
    pub fn finish(self) -> Result<(), FileError> {
        let path = self.path;
        let file = self.file.into_inner().map_err(|error| FileError::new(&path, error.into_error()))?;
        file.as_file().sync_all().map_err(|error| FileError::new(&path, error))?;
        file.persist(&path).map_err(|error| FileError::new(&path, error.error))?;
        Ok(())
    }
}

impl Write for Growing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Files as readable as any other file of the user: temporary files are private by default.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".orgsim-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

fn remove_all(paths: &[PathBuf]) {
    for path in paths {
        // The first failure is the one worth telling; this is only tidying up.
        let _ = fs::remove_file(path);
    }
}

/// A plain file name for any title: lower-case ASCII letters, digits and single hyphens.
///
/// Titles that differ only in what is lost (letters of other scripts, the end of a very long one) keep apart by
/// a short fingerprint; names that Windows reserves get a harmless ending.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for letter in title.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let is_lossy =
        slug.len() > LONGEST || title.chars().any(|letter| letter.is_alphanumeric() && !letter.is_ascii());
    slug.truncate(if is_lossy { LONGEST - 9 } else { LONGEST });
    let plain = slug.trim_end_matches('-');
    match (is_lossy, plain) {
        (true, "") => format!("unnamed-{}", fingerprint(title)),
        (true, plain) => format!("{plain}-{}", fingerprint(title)),
        (false, "") => "unnamed".to_string(),
        (false, plain) if is_reserved(plain) => format!("{plain}-file"),
        (false, plain) => plain.to_string(),
    }
}

fn is_reserved(name: &str) -> bool {
    let device = name.trim_end_matches(|letter: char| matches!(letter, '1'..='9'));
    match device {
        "con" | "prn" | "aux" | "nul" => device == name,
        "com" | "lpt" => name.len() == 4,
        _ => false,
    }
}

fn fingerprint(title: &str) -> String {
    let digest = Sha256::digest(title.as_bytes());
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
