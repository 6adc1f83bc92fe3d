//! Reads files that a person names: regular ones only, and no more of them than could be meant.
//!
//! A device never ends, a pipe may never begin, and a folder is no text: each is refused before it is opened, so that
//! no name in a scenario can hang the program or fill the memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The most bytes of a text that a person or orgsim itself wrote: a scenario, a plan, a manifest, a record.
pub const MOST_TEXT: u64 = 64 << 20;

/// The most bytes of a table of data, such as a trace of arrivals.
pub const MOST_DATA: u64 = 1 << 30;

/// Opens a regular file of at most `most` bytes, to be read from its beginning.
///
/// # Errors
/// When it is not there, cannot be opened, is no regular file, or is larger.
pub fn open(path: &Path, most: u64) -> io::Result<io::Take<File>> {
    Ok(file(path, most)?.take(most))
}

/// The same, to be read from anywhere.
///
/// # Errors
/// As [`open`].
pub fn file(path: &Path, most: u64) -> io::Result<File> {
    // Asked before it is opened, because opening a pipe waits for its other end; and after, in case it was changed.
    regular(&std::fs::metadata(path)?, most)?;
    let file = File::open(path)?;
    regular(&file.metadata()?, most)?;
    Ok(file)
}

/// All bytes of a regular file of at most `most` bytes.
///
/// # Errors
/// When it is not there, cannot be read, is no regular file, or is larger.
pub fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path, most)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of a regular file of at most `most` bytes.
///
/// # Errors
/// As [`bytes`], and when it is not UTF-8.
pub fn text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(bytes(path, most)?)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not text in the encoding UTF-8"))
}

fn regular(found: &std::fs::Metadata, most: u64) -> io::Result<()> {
    if found.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
    }
    if !found.is_file() {
        let message = "it is a device or a pipe, not a regular file";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    if found.len() > most {
        let (mib, most) = (found.len() >> 20, most >> 20);
        let message = format!("it has {mib} MiB, more than the {most} MiB that are read");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(())
}

/// A file named by a scenario: in its folder or below it, after links are followed too.
///
/// # Errors
/// A sentence that says why the name is refused.
pub fn inside(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let path = Path::new(name);
    if !path.components().all(|part| matches!(part, std::path::Component::Normal(_))) {
        return Err("a file must lie beside the scenario or below it".to_owned());
    }
    let file = folder.join(path);
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    // What is not there leads nowhere; whoever opens it says so.
    if let (Ok(root), Ok(real)) = (folder.canonicalize(), file.canonicalize())
        && !real.starts_with(root)
    {
        return Err("it is a link that leaves the scenario's folder".to_owned());
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_of_a_bounded_size_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a");
        std::fs::write(&file, "12345").expect("written");
        assert_eq!(text(&file, 5).expect("read"), "12345");
        assert_eq!(bytes(&file, 4).expect_err("too large").kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(bytes(folder.path(), 5).expect_err("a folder").kind(), io::ErrorKind::IsADirectory);
        #[cfg(unix)]
        assert_eq!(
            bytes(Path::new("/dev/zero"), 5).expect_err("a device").kind(),
            io::ErrorKind::InvalidInput
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_may_not_leave_the_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let (inner, outer) = (folder.path().join("inner"), folder.path().join("secret"));
        std::fs::create_dir(&inner).expect("made");
        std::fs::write(&outer, "x").expect("written");
        std::fs::write(inner.join("own"), "x").expect("written");
        std::os::unix::fs::symlink(&outer, inner.join("link")).expect("linked");
        std::os::unix::fs::symlink(inner.join("own"), inner.join("near")).expect("linked");
        assert!(inside(&inner, "link").is_err() && inside(&inner, "../secret").is_err());
        assert!(inside(&inner, "near").is_ok() && inside(&inner, "absent").is_ok());
    }
}
