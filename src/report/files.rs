//! Output files are written inside one folder only, and whole or not at all.

use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, ErrorKind, Write};
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

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Opens a folder inside this one.
    pub fn folder(&self, name: &str) -> Result<Self, FileError> {
        let inner = Self::create(self.root.join(slug(name)))?;
        if inner.root.starts_with(&self.root) {
            Ok(inner)
        } else {
            let path = self.root.join(slug(name));
            Err(FileError::Outside { path })
        }
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
            waiting.push((self.temporary(&path, content)?, path));
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

    fn temporary(&self, path: &Path, content: &[u8]) -> Result<NamedTempFile, FileError> {
        if path.is_dir() {
            let path = path.to_path_buf();
            return Err(FileError::FolderInTheWay { path });
        }
        let write = || {
            let mut file = builder().tempfile_in(&self.root)?;
            file.write_all(content)?;
            file.as_file().sync_all()?;
            Ok(file)
        };
        write().map_err(|error| FileError::new(path, error))
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
