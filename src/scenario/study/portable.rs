//! A study as files that can be taken elsewhere: the merged scenario, and the data that it names.

use super::super::library::inside;
use super::{Amendments, Study};
use crate::scenario::{Node, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path as FilePath, PathBuf};

/// A file of data that a scenario names.
#[derive(Clone, Debug)]
pub struct Data {
    /// The name, from the scenario's folder.
    pub name: String,
    pub bytes: Vec<u8>,
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

    /// The files that the scenario, its policies or these further values name, as far as they are there.
    pub fn data(&self, folder: &FilePath, further: &[String]) -> Vec<Data> {
        let mut names: BTreeSet<String> = further.iter().cloned().collect();
        named(&self.document.root, &mut names);
        let read = |name: String| {
            let bytes = std::fs::read(inside(folder, &name)?).ok()?;
            let digest = Sha256::digest(&bytes);
            let hash = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            Some(Data { name, bytes, hash })
        };
        names.into_iter().filter_map(read).collect()
    }
}

/// Texts under a key `file`, or under a path that ends in it.
fn named(node: &Node, names: &mut BTreeSet<String>) {
    match &node.value {
        Value::Table(table) => {
            for (key, entry) in table {
                if key == "file" || key.ends_with(".file") {
                    names.extend(entry.node.string().map(str::to_owned));
                }
                named(&entry.node, names);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| named(element, names)),
        _ => {}
    }
}
