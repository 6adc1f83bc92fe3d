//! Walking through folders, for tests that read what the project holds.

use std::path::{Path, PathBuf};

/// Every file below a folder.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => files.extend(below(&path)),
            path => files.push(path),
        }
    }
    files
}
