//! A scenario with another typical organisation in the place of the one that it extends.

use super::{Amendments, Refusal, Study, StudyReader};
use crate::library::{Presets, TYPICAL, preset};
use crate::{Document, LARGEST_BYTES, reading};
use notation::diagnostic::{Diagnostic, Diagnostics, Sources, advice};
use std::path::Path;

impl Study {
    /// Reads a scenario from a file, with one of the typical organisations ([`TYPICAL`]) in the place of the one that it
    /// extends, where one is given.
    ///
    /// # Errors
    /// Everything that is wrong with it, all at once; and when it extends none of them.
    pub fn read_on(
        path: &Path,
        on: Option<&str>,
        amendments: &Amendments,
    ) -> Result<(Study, Sources), Box<Refusal>> {
        let shown = path.display().to_string();
        match reading::bytes(path, LARGEST_BYTES as u64) {
            Ok(bytes) => {
                let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
                let reader = StudyReader { on: on.map(str::to_owned), ..StudyReader::beside(folder) };
                let (mut study, sources) = reader.read(&shown, &bytes, amendments)?;
                study.files.insert(0, path.to_owned());
                Ok((study, sources))
            }
            Err(error) => {
                let mut problems = Diagnostics::new();
                let mut problem = Diagnostic::error(format!("cannot read {shown}: {error}"))
                    .with_help("name the file of a scenario, such as scenarios/health-budget.toml");
                if path.with_extension("toml").is_file() {
                    let there = path.with_extension("toml");
                    problem = problem.with_help(format!("did you mean {}?", there.display()));
                }
                problems.push(problem);
                Err(Refusal::new(problems, Sources::default()))
            }
        }
    }

    /// Which of the typical organisations it extends, itself or by way of others.
    pub fn typical(&self) -> Option<&str> {
        extended(&self.document)
    }
}

impl Study {
    /// The preset of several teams whose place the scenario's own take, and what those were called: a list is not merged.
    pub fn replaced_teams(&self) -> Option<(&str, Vec<String>)> {
        self.document.extends.iter().find_map(|name| {
            let preset: toml::Table = preset(name)?.parse().ok()?;
            let teams = preset.get("team")?.as_array()?.iter();
            let names = teams.filter_map(|team| Some(team.get("name")?.as_str()?.to_owned()));
            let names: Vec<String> = names.collect();
            let kept = |name: &String| self.scenario.team.iter().any(|team| team.name == *name);
            (names.len() > 1 && !names.iter().all(kept)).then_some((name.as_str(), names))
        })
    }
}

fn extended(document: &Document) -> Option<&str> {
    document.extends.iter().map(String::as_str).find(|name| TYPICAL.contains(name))
}

impl StudyReader {
    /// Where what a scenario extends comes from; nothing where `--on` names no typical organisation.
    pub(super) fn library(&self, problems: &mut Diagnostics) -> Option<Presets> {
        if let Some(on) = self.on.as_deref().filter(|on| !TYPICAL.contains(on)) {
            let message = format!("`--on {on}`: there is no typical organisation of this name");
            problems.push(Diagnostic::error(message).with_help(advice(on, TYPICAL)));
            return None;
        }
        Some(Presets::beside(&self.folder).on(self.on.as_deref()))
    }

    /// Says so where `--on` has nothing to replace.
    pub(super) fn on_is_extended(&self, document: &Document, problems: &mut Diagnostics) {
        let Some(on) = self.on.as_deref().filter(|_| extended(document).is_none()) else { return };
        let message =
            format!("`--on {on}`: the scenario extends no typical organisation, so there is none to replace");
        let help = "write extends = \"typical\", or leave `--on` out";
        problems.push(Diagnostic::error(message).with_help(help));
    }
}
