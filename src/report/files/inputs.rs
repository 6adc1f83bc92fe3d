//! What a command read: each file by where it lies and by what is in it, so that a result can be told from another's.

use scenario::reading;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::path::{Component, Path, PathBuf};

/// The files that a command read, first the one that it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs(Vec<Input>);

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Input {
    /// Where it lies: seen from the folder of the results once they have one, and until then from the root.
    path: PathBuf,
    /// The SHA-256 of what is in it, in hexadecimal digits.
    sha256: String,
}

impl Inputs {
    /// These files as they are now.
    pub fn of(paths: &[PathBuf]) -> Inputs {
        let mut inputs = Inputs::default();
        paths.iter().for_each(|path| inputs.add(path));
        inputs
    }

    /// These files and more.
    pub fn and(mut self, more: &Inputs) -> Inputs {
        let known = |input: &&Input| !self.0.iter().any(|known| known.path == input.path);
        let more: Vec<Input> = more.0.iter().filter(known).cloned().collect();
        self.0.extend(more);
        self
    }

    /// Adds a file as it is now. What cannot be read was not read: whoever needs it says so.
    pub fn add(&mut self, path: &Path) {
        let Ok(path) = path.canonicalize() else { return };
        if self.0.iter().any(|known| known.path == path) {
            return;
        }
        if let Ok(sha256) = digest(&path) {
            self.0.push(Input { path, sha256 });
        }
    }

    /// The same files as they are seen from a folder, so that a manifest says the same wherever both lie.
    pub fn seen_from(&self, folder: &Path) -> Inputs {
        let seen = |input: &Input| Input { path: relative(folder, &input.path), ..input.clone() };
        Inputs(self.0.iter().map(seen).collect())
    }

    /// The same files as they lie, where they are seen from a folder.
    pub fn lying_from(&self, folder: &Path) -> Inputs {
        let lie = |input: &Input| Input { path: plain(&folder.join(&input.path)), ..input.clone() };
        Inputs(self.0.iter().map(lie).collect())
    }

    /// What it is about, by where that lies.
    pub fn subject(&self) -> Option<String> {
        self.0.first().map(|input| written(&input.path))
    }

    /// Whether another file than this one's first is at the head of these, by where it lies and by what is in it.
    pub fn are_of_another(&self, other: &Inputs) -> bool {
        let (ours, theirs) = (self.0.first(), other.0.first());
        ours.zip(theirs)
            .is_some_and(|(ours, theirs)| ours.path != theirs.path && ours.sha256 != theirs.sha256)
    }

    /// As a manifest lists them.
    pub fn json(&self) -> Json {
        self.0.iter().map(|input| json!({ "file": written(&input.path), "sha256": input.sha256 })).collect()
    }

    /// What a manifest lists; nothing where it does not say.
    pub fn read(list: &Json) -> Inputs {
        let text = |one: &Json, key: &str| one[key].as_str().map(str::to_owned);
        let one = |one: &Json| Some(Input { path: text(one, "file")?.into(), sha256: text(one, "sha256")? });
        Inputs(list.as_array().into_iter().flatten().filter_map(one).collect())
    }
}

fn digest(path: &Path) -> std::io::Result<String> {
    let mut sum = Sha256::new();
    std::io::copy(&mut reading::open(path, u64::MAX)?, &mut sum)?;
    Ok(sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A path with the same signs between its parts everywhere.
fn written(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The way from a folder to a file; both are whole.
fn relative(folder: &Path, file: &Path) -> PathBuf {
    let shared = folder.components().zip(file.components()).take_while(|(one, other)| one == other).count();
    if shared == 0 {
        return file.to_owned();
    }
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(file.components().skip(shared)).collect()
}

/// A path without the steps up that it says.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_seen_from_a_folder_and_found_from_it_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("there");
        std::fs::create_dir_all(root.join("out/s")).expect("made");
        std::fs::write(root.join("s.toml"), "abc").expect("written");
        let mut inputs = Inputs::default();
        inputs.add(&root.join("out/../s.toml"));
        inputs.add(&root.join("s.toml"));
        inputs.add(&root.join("absent"));
        let seen = inputs.seen_from(&root.join("out/s"));
        // The first example of FIPS 180-4.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(seen.json(), json!([{ "file": "../../s.toml", "sha256": abc }]));
        assert_eq!(Inputs::read(&seen.json()), seen);
        assert_eq!(seen.lying_from(&root.join("out/s")), inputs);
        assert_eq!(Inputs::read(&Json::Null).subject(), None);
    }

    #[test]
    fn another_file_lies_elsewhere_and_holds_something_else() {
        let of = |file: &str, sha256: &str| Inputs::read(&json!([{ "file": file, "sha256": sha256 }]));
        let ours = of("../a/s.toml", "1");
        assert!(ours.are_of_another(&of("../b/s.toml", "2")));
        assert!(!ours.are_of_another(&of("../a/s.toml", "2")), "edited");
        assert!(!ours.are_of_another(&of("../b/s.toml", "1")), "moved");
        assert!(!ours.are_of_another(&Inputs::default()), "written before manifests said so");
    }
}
