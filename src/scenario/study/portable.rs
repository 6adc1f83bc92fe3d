//! A study as files that can be taken elsewhere: the merged scenario, and the data that it names.

use super::{Amendments, Setting, Study};
use crate::reading::{self, MOST_DATA, inside};
use crate::{Node, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path as FilePath, PathBuf};

/// A file of data that a scenario names.
#[derive(Clone, Debug)]
pub struct Data {
    /// The name, from the scenario's folder.
    pub name: String,
    pub bytes: Vec<u8>,
    /// Who may read it: a copy is no more public than what it is of.
    pub permissions: std::fs::Permissions,
    /// The first 16 hexadecimal digits of its SHA-256.
    pub hash: String,
}

impl Study {
    /// The scenario with all that it extends and `--set`, as one text that reads back as the same scenario.
    ///
    /// # Errors
    /// When it does not read back as the same, which is a fault in orgsim.
    pub fn merged(&self, folder: PathBuf) -> Result<String, String> {
        let text = toml::to_string(&self.document.root.to_toml()).map_err(|error| error.to_string())?;
        let text = format!("# Written by orgsim: a scenario with all that it extends and --set.\n\n{text}");
        match Study::from_text("scenario.toml", text.as_bytes(), folder, &Amendments::default()) {
            Ok((study, _)) if study.hash == self.hash => Ok(text),
            _ if !self.organisations.is_empty() => {
                Err("a policy takes over another organisation, which cannot be \
                packed with the scenario; leave that policy out"
                    .to_owned())
            }
            _ => Err("the merged scenario does not read back as the same scenario".to_owned()),
        }
    }

    /// The files of data that the scenario, its policies or these further settings name, as far as they are there.
    pub fn data(&self, folder: &FilePath, further: &[Setting]) -> Vec<Data> {
        let read = |name: String| {
            let path = inside(folder, &name).ok()?;
            let permissions = std::fs::metadata(&path).ok()?.permissions();
            let bytes = reading::bytes(&path, MOST_DATA).ok()?;
            let digest = Sha256::digest(&bytes);
            let hash = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            Some(Data { name, bytes, permissions, hash })
        };
        self.data_names(further).into_iter().filter_map(read).collect()
    }

    fn data_names(&self, further: &[Setting]) -> BTreeSet<String> {
        let values = further.iter().filter(|(path, _)| is_data(path)).map(|(_, value)| value.clone());
        let mut names: BTreeSet<String> = values.collect();
        for (key, entry) in self.document.root.table().into_iter().flatten() {
            if !SAID_OF_IT.contains(&key.as_str()) {
                named(key, &entry.node, &mut names);
            }
        }
        names
    }

    /// Where the files are that the scenario, its policies or these further settings name: data, and draws of a posterior.
    pub fn named_files(&self, folder: &FilePath, further: &[Setting]) -> Vec<PathBuf> {
        let posterior = self.scenario.posterior.iter().map(|posterior| posterior.file.clone());
        let names = self.data_names(further).into_iter().chain(posterior);
        names.filter_map(|name| inside(folder, &name).ok()).collect()
    }
}

/// Tables that speak of the scenario, and of which nothing is simulated: a file that only they name is nobody's data.
const SAID_OF_IT: [&str; 7] = ["title", "description", "evidence", "plausible", "posterior", "claim", "best"];

/// Whether a path leads to the file of a trace, of a distribution or of open work, the three that are read.
fn is_data(path: &str) -> bool {
    let steps: Vec<&str> = path.split('.').map(|step| step.trim_matches(['"', '\''])).collect();
    matches!(steps.as_slice(), [.., "trace" | "csv", "file"] | ["open", "file"])
}

/// The files of data that a value at this path names.
fn named(path: &str, node: &Node, names: &mut BTreeSet<String>) {
    match &node.value {
        Value::Table(table) => {
            for (key, entry) in table {
                let path = format!("{path}.{key}");
                if is_data(&path) {
                    names.extend(entry.node.string().map(str::to_owned));
                }
                named(&path, &entry.node, names);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| named(path, element, names)),
        _ => {}
    }
}
