//! What an earlier study left in a folder, as its manifest lists it: a study's folder is one study's.

use super::{Inputs, OutputFolder};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::path::{Component, Path};

/// The file that lists the others.
pub const MANIFEST: &str = "manifest.json";

/// The files of this program that a folder held, and the command that wrote them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    pub files: BTreeSet<String>,
    /// Empty where the manifest does not say, or there is none.
    pub command: Vec<String>,
    /// What that read, seen from the folder; empty where the manifest does not say.
    pub inputs: Inputs,
}

impl Earlier {
    /// Reads the manifest of a folder; nothing where there is none of this program.
    pub fn of(folder: &Path) -> Earlier {
        let text = scenario::reading::bytes(&folder.join(MANIFEST), scenario::reading::MOST_TEXT)
            .unwrap_or_default();
        let manifest: Json = serde_json::from_slice(&text).unwrap_or_default();
        if manifest["program"] != "orgsim" {
            return Earlier::default();
        }
        let words = |list: &Json| -> Vec<String> {
            let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
            list.iter().filter_map(Json::as_str).map(str::to_owned).collect()
        };
        let mut files: BTreeSet<String> = words(&manifest["files"]).into_iter().collect();
        files.remove(MANIFEST);
        Earlier { files, command: words(&manifest["command"]), inputs: Inputs::read(&manifest["inputs"]) }
    }

    /// Whether these files are of another command, or of another scenario or data, than this one.
    pub fn is_of_another(&self, command: &[String]) -> bool {
        let (theirs, ours) = (self.command.get(1), command.get(1));
        // What comes third is what it is about, unless it is an option; claims are about all, however many are named, and what is
        // measured lies in the folder itself, whatever that is called by now.
        let subject = |command: &[String]| command.get(2).filter(|word| !word.starts_with('-')).cloned();
        let subjects = subject(&self.command).zip(subject(command));
        let is_of_other = subjects.is_some_and(|(theirs, ours)| theirs != ours);
        !self.files.is_empty()
            && theirs.is_some()
            && (theirs != ours
                || is_of_other && ours.is_none_or(|verb| verb != "claims" && verb != "measure"))
    }

    /// Whether these files are of another file than the first of `inputs`, which are seen from the folder; what is edited is
    /// the same file still.
    pub fn is_of_another_file(&self, inputs: &Inputs) -> bool {
        !self.files.is_empty() && self.inputs.are_of_another(inputs)
    }

    /// Removes those of its files that are not among some, and says how many were there. Only plain files below the
    /// folder are ours to remove; a list may have been written by anybody.
    pub fn remove_but(&self, folder: &OutputFolder, kept: &[String]) -> usize {
        let gone = self.files.iter().filter(|name| !kept.contains(name));
        gone.filter(|name| remove(folder.path(), name)).count()
    }
}

fn remove(root: &Path, name: &str) -> bool {
    let below = Path::new(name);
    let is_plain = below.components().all(|part| matches!(part, Component::Normal(_)));
    let path = root.join(below);
    let Some(parent) = path.parent().filter(|_| is_plain) else { return false };
    let is_inside = parent.canonicalize().is_ok_and(|parent| parent.starts_with(root));
    let is_file = path.symlink_metadata().is_ok_and(|what| !what.is_dir());
    if !is_inside || !is_file || std::fs::remove_file(&path).is_err() {
        return false;
    }
    if parent != root {
        // A folder of charts without a chart goes too; one that holds anything else stays.
        let _ = std::fs::remove_dir(parent);
    }
    true
}

/// The manifest of a folder that is being filled: whoever finds it knows that its files may be of two studies.
pub fn being_written(command: &[String], files: &BTreeSet<String>, inputs: &Inputs) -> Json {
    json!({
        "program": "orgsim",
        "version": crate::manifest::VERSION,
        "unfinished": true,
        "command": command,
        "files": files,
        "inputs": inputs.json(),
        "note": "orgsim is writing these files, or was ended while it did: they may be of two studies; run it again",
    })
}
