//! The files of an experiment: tidy data, the page, the charts, and the manifest that lists them.

use super::precise::Precise;
use super::{Experiment, Failure, screen};
use crate::experiment::run::Replication;
use crate::experiment::summary::{ColumnText, Frame, Summary};
use crate::report::chart::Svg;
use crate::report::csv::{self, LifeRow};
use crate::report::files::{OutputFolder, slug};
use crate::report::slides::Slide;
use crate::report::{manifest, table};
use crate::scenario::study::Study;
use std::path::{Path, PathBuf};

/// A folder being filled, and what is in it so far.
pub struct Files {
    folder: OutputFolder,
    shown: PathBuf,
    names: Vec<String>,
    quiet: bool,
}

impl Files {
    /// Opens the folder that the options ask for.
    pub fn open(out: Option<&Path>, name: &str, quiet: bool) -> Result<Files, Failure> {
        let shown = out.map_or_else(|| Path::new("output").join(slug(name)), Path::to_owned);
        Ok(Files { folder: OutputFolder::create(&shown)?, shown, names: Vec::new(), quiet })
    }

    /// Writes one file, whole or not at all.
    pub fn write(&mut self, name: &str, extension: &str, content: &[u8]) -> Result<(), Failure> {
        self.folder.write(name, extension, content)?;
        self.names.push(format!("{}.{extension}", slug(name)));
        Ok(())
    }

    /// Writes slides as SVG and PNG into a folder of their own.
    pub fn slides(&mut self, slides: &[Slide]) -> Result<(), Failure> {
        if slides.is_empty() {
            return Ok(());
        }
        let charts = self.folder.folder("charts")?;
        for slide in slides {
            slide.svg.save(&charts, slide.name)?;
            let name = slug(slide.name);
            self.names.extend(["svg", "png"].map(|extension| format!("charts/{name}.{extension}")));
        }
        Ok(())
    }

    /// Writes one chart, as SVG and PNG.
    pub fn chart(&mut self, name: &str, svg: &Svg) -> Result<(), Failure> {
        svg.save(&self.folder.folder("charts")?, name)?;
        let name = slug(name);
        self.names.extend(["svg", "png"].map(|extension| format!("charts/{name}.{extension}")));
        Ok(())
    }

    /// Writes the manifest and says where everything is.
    pub fn finish(
        mut self,
        frame: &Frame,
        columns: &[ColumnText],
        command: &[String],
    ) -> Result<(), Failure> {
        self.names.push("manifest.json".to_owned());
        let manifest = manifest::manifest(frame, command, &self.names, columns);
        self.close(&manifest)
    }

    /// The same, with a part of the manifest that only this command has.
    pub fn finish_with(
        mut self,
        frame: &Frame,
        columns: &[ColumnText],
        command: &[String],
        part: (&str, serde_json::Value),
    ) -> Result<(), Failure> {
        self.names.push("manifest.json".to_owned());
        let manifest = manifest::with(frame, command, &self.names, columns, part);
        self.close(&manifest)
    }

    fn close(self, manifest: &[u8]) -> Result<(), Failure> {
        self.folder.write("manifest", "json", manifest)?;
        self.tell();
        Ok(())
    }

    /// The folder, and the list to which a file written into it is added.
    pub fn parts(&mut self) -> (&OutputFolder, &mut Vec<String>) {
        (&self.folder, &mut self.names)
    }

    /// Says where everything is.
    pub fn tell(&self) {
        if !self.quiet {
            let folder = table::printable(&self.shown.display().to_string());
            screen::say(&format!("{} files in {folder}", self.names.len()));
        }
    }
}

/// Writes the rows, the summary and the weekly series.
pub fn data(
    files: &mut Files,
    study: &Study,
    summary: &Summary,
    lived: &[Replication],
) -> Result<(), Failure> {
    files.write("replications", "csv", &csv::replications(&summary.columns, &rows(study, lived)))?;
    files.write("summary", "csv", &csv::summary(summary))?;
    files.write("weekly", "csv", &csv::weekly(summary))
}

/// One row per policy and replication.
fn rows<'a>(study: &'a Study, lived: &'a [Replication]) -> Vec<LifeRow<'a>> {
    let row = |at: usize, name: &'a str| {
        lived.iter().map(move |one| LifeRow {
            policy: name,
            replication: one.number,
            seed: study.scenario.seed,
            values: one.lives[at].as_ref().ok().map(|outcome| outcome.values.as_slice()),
        })
    };
    study.courses.iter().enumerate().flat_map(|(at, course)| row(at, &course.name)).collect()
}

/// The command as it would be repeated, without what does not change results.
pub fn command(verb: &str, options: &Experiment) -> Vec<String> {
    let mut words = begun(verb, &options.scenario);
    let mut option = |name: &str, value: Option<String>| {
        words.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
    };
    option("--replications", options.replications.map(|number| number.to_string()));
    option("--only-replication", options.only_replication.map(|number| number.to_string()));
    option("--seed", options.common.seed.map(|number| number.to_string()));
    options.common.set.iter().for_each(|change| option("--set", Some(change.clone())));
    options.common.policy.iter().for_each(|name| option("--policy", Some(name.clone())));
    words
}

/// The same for a command that may add replications.
pub fn precise(verb: &str, options: &Experiment, precise: &Precise) -> Vec<String> {
    command(verb, options).into_iter().chain(precise.words()).collect()
}

/// A command's first words: the program, the verb and the scenario's file without its folder.
pub fn begun(verb: &str, scenario: &Path) -> Vec<String> {
    let file = scenario.file_name().map(|name| name.to_string_lossy().into_owned());
    ["orgsim".to_owned(), verb.to_owned()].into_iter().chain(file).collect()
}
