//! The scenarios that come with the program, for whoever has it without its source.

use super::Failure;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Each by its name below `scenarios`, with its text.
const SCENARIOS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The folder where scenarios lie beside whoever calls.
pub const FOLDER: &str = "scenarios";

/// A folder of scenarios: one that is there, or the program's own, written out for as long as this lives.
pub struct Folder {
    path: PathBuf,
    _written: Option<TempDir>,
}

impl Folder {
    /// The folder `scenarios` or one below it, from the program's own scenarios where it is not there; any other as it is.
    pub fn of(asked: &Path) -> Result<Folder, Failure> {
        if asked.is_dir() || !asked.starts_with(FOLDER) {
            return Ok(Folder { path: asked.to_owned(), _written: None });
        }
        let failed = |error: std::io::Error| Failure::Failed(format!("cannot write scenarios down: {error}"));
        let written = tempfile::tempdir().map_err(failed)?;
        for (name, text) in SCENARIOS {
            let file = written.path().join(FOLDER).join(name);
            std::fs::create_dir_all(file.parent().unwrap_or(written.path())).map_err(failed)?;
            std::fs::write(file, text).map_err(failed)?;
        }
        Ok(Folder { path: written.path().join(asked), _written: Some(written) })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether these are the program's own.
    pub fn is_shipped(&self) -> bool {
        self._written.is_some()
    }
}

/// The names of the questions to begin with, without their ending.
pub fn names() -> impl Iterator<Item = &'static str> {
    SCENARIOS
        .iter()
        .filter(|(name, _)| !name.contains('/'))
        .filter_map(|(name, _)| name.strip_suffix(".toml"))
}

/// The text of a question to begin with, by its name.
pub fn text(name: &str) -> Option<&'static str> {
    let name = name.strip_suffix(".toml").unwrap_or(name);
    let named = |known: &str| known.strip_suffix(".toml") == Some(name) && !known.contains('/');
    SCENARIOS.iter().find(|(known, _)| named(known)).map(|(_, text)| *text)
}
