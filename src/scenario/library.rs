//! Where scenarios that others extend, and files they name, come from.

use super::{LARGEST_BYTES, Library};
use crate::reading::{self, inside};
use model::mechanisms;
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// The built-in presets: files of the project, so that anyone can read what they say. Mechanisms bring more, and parts of
/// these ([`model::mechanisms::PRESETS`]).
const PRESETS: &[(&str, &str)] = &[
    ("bare", include_str!("../../scenarios/presets/bare.toml")),
    ("typical", include_str!("../../scenarios/presets/typical.toml")),
    ("typical-medium", include_str!("../../scenarios/presets/typical-medium.toml")),
    ("silos", include_str!("../../scenarios/presets/silos.toml")),
    ("stream-aligned", include_str!("../../scenarios/presets/stream-aligned.toml")),
    ("monolith", include_str!("../../scenarios/presets/monolith.toml")),
    ("modular-monolith", include_str!("../../scenarios/presets/modular-monolith.toml")),
    ("services", include_str!("../../scenarios/presets/services.toml")),
    ("platform-services", include_str!("../../scenarios/presets/platform-services.toml")),
];

/// The head of the table that comes last in every part of a preset.
const EVIDENCE: &str = "\n[evidence]\n";

/// The parts of a preset: the file of its name, and what mechanisms bring to it, in the order of the register.
fn parts(name: &str) -> impl Iterator<Item = &'static str> {
    let brought = mechanisms::PRESETS.iter().flat_map(|(_, presets)| *presets);
    let brought = brought.map(|preset| (preset.name, preset.text));
    PRESETS.iter().copied().chain(brought).filter(move |part| part.0 == name).map(|(_, text)| text)
}

/// A built-in preset as one text: what its parts say, then their evidence. Two that say the same key make no TOML,
/// which a test finds.
pub fn preset(name: &str) -> Option<String> {
    let (mut values, mut evidence) = (Vec::new(), Vec::new());
    for part in parts(name) {
        let (said, why) = part.split_once(EVIDENCE).unwrap_or((part, ""));
        values.push(said.trim_end());
        evidence.extend((!why.is_empty()).then_some(why));
    }
    if values.is_empty() {
        return None;
    }
    let evidence = if evidence.is_empty() { String::new() } else { EVIDENCE.to_owned() + &evidence.concat() };
    Some(values.join("\n\n") + "\n" + &evidence)
}

/// The names of the built-in presets.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = PRESETS.iter().map(|(name, _)| *name).collect();
    for preset in mechanisms::PRESETS.iter().flat_map(|(_, presets)| *presets) {
        if !names.contains(&preset.name) {
            names.push(preset.name);
        }
    }
    names
}

/// The presets of a whole typical organisation. A scenario that extends one of them can be asked of the other.
pub const TYPICAL: [&str; 2] = ["typical", "typical-medium"];

/// The built-in presets, and the files beside a scenario.
pub struct Presets {
    folder: PathBuf,
    /// One of [`TYPICAL`], which is extended wherever a scenario extends any of them.
    on: Option<String>,
    /// The files that were found.
    found: RefCell<Vec<PathBuf>>,
}

impl Presets {
    pub fn beside(folder: &Path) -> Presets {
        Presets { folder: folder.to_owned(), on: None, found: RefCell::default() }
    }

    /// The files that were read, in the order in which they were.
    pub fn found(self) -> Vec<PathBuf> {
        self.found.into_inner()
    }

    /// The same, with this one of [`TYPICAL`] in the place of whichever is extended first.
    pub fn on(self, preset: Option<&str>) -> Presets {
        Presets { on: preset.map(str::to_owned), ..self }
    }
}

impl Library for Presets {
    fn find(&self, name: &str) -> Result<Option<(String, String)>, String> {
        if let Some(text) = preset(name) {
            return Ok(Some((format!("preset {name}"), text)));
        }
        let file = inside(&self.folder, name)?;
        let file = if file.extension().is_some() { file } else { file.with_extension("toml") };
        match reading::text(&file, LARGEST_BYTES as u64) {
            Ok(text) => {
                let shown = file.display().to_string();
                self.found.borrow_mut().push(file);
                Ok(Some((shown, text)))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("cannot read {}: {error}", file.display())),
        }
    }

    fn instead(&self, name: &str, chain: &[String]) -> Option<String> {
        let is_typical = |name: &str| TYPICAL.contains(&name);
        let first = is_typical(name) && !chain.iter().any(|earlier| is_typical(earlier));
        self.on.clone().filter(|_| first)
    }

    fn names(&self) -> Vec<String> {
        names().into_iter().map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with the parts of a preset.
    fn faults(parts: &[&str]) -> Vec<String> {
        let mut faults = Vec::new();
        for (nth, part) in parts.iter().enumerate() {
            let table: toml::Table = part.parse().expect("TOML");
            let first = part.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
            if nth > 0 && !first.is_some_and(|line| line.starts_with('[')) {
                faults.push(format!("part {nth} says keys before its first table: {first:?}"));
            }
            let last = part.lines().rfind(|line| line.starts_with('['));
            if table.contains_key("evidence") && last != Some("[evidence]") {
                faults.push(format!("part {nth} does not end with [evidence]"));
            }
        }
        faults
    }

    #[test]
    fn presets_are_put_together_from_parts_that_do_not_contradict_each_other() {
        let names = names();
        assert!(names.len() > 10 && parts("typical").count() > 10, "the presets and parts were found");
        for name in names {
            let whole = preset(name).expect("it is there");
            if let Err(twice) = whole.parse::<toml::Table>() {
                panic!("two parts of the preset {name} say the same: {twice}");
            }
            let parts: Vec<&str> = parts(name).collect();
            let faults = faults(&parts);
            assert!(faults.is_empty(), "preset {name}: {faults:?}");
            let lines = |text: &str| text.lines().filter(|line| line.contains(" = ")).count();
            let said: usize = parts.iter().map(|part| lines(part)).sum();
            assert_eq!(lines(&whole), said, "preset {name}: nothing is lost");
        }
    }

    /// What a typical organisation has of a mechanism stands in the mechanism's folder, all of it and nothing else.
    #[test]
    fn what_is_typical_of_a_mechanism_stands_with_it() {
        let tables = |text: &str| text.parse::<toml::Table>().expect("TOML").into_iter().map(|(key, _)| key);
        let owned = |key: &String| mechanisms::MOVES_WORK.iter().any(|(own, _)| own == key);
        for wanted in ["typical", "typical-medium"] {
            let (_, typical) = PRESETS.iter().find(|(name, _)| *name == wanted).expect("a preset");
            assert_eq!(
                tables(typical).filter(owned).collect::<Vec<_>>(),
                [""; 0],
                "they belong to mechanisms"
            );
            for (mechanism, presets) in mechanisms::PRESETS {
                let part = presets.iter().find(|preset| preset.name == wanted);
                let others: Vec<String> = part
                    .into_iter()
                    .flat_map(|part| tables(part.text))
                    .filter(|key| key != "evidence" && !owned(key))
                    .collect();
                assert!(others.is_empty(), "{mechanism} says {others:?}, which is not a mechanism's");
            }
        }
    }

    #[test]
    fn the_check_of_parts_can_fail() {
        let good = "[debt]\nfloor = 1\n\n[evidence]\n\"debt.floor\" = 1\n";
        assert!(faults(&["past = 1\n", good]).is_empty());
        assert_eq!(faults(&[good, "# A comment.\npast = 1\n"]).len(), 1);
        assert_eq!(faults(&["[evidence]\na = 1\n[debt]\nfloor = 1\n"]).len(), 1);
    }
}
