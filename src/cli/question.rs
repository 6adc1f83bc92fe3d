//! A question, from what is asked to where its answer lies: the same way for all.
//!
//! A question reads what it is about, runs what that takes, and gives an answer. Whose folder it is, what is kept while it runs
//! so that a kill loses nothing, which files there are, what is printed and how it ends stand here and in [`Answer`].

use super::answer::Answer;
use super::files::{Files, JOURNAL, StudyIdentity};
use super::runner::Runner;
use super::{Common, Failure, replications};
use crate::report::chart::ChartError;
use crate::report::data::Column;
use crate::report::files::{FileError, Growing, Inputs};
use crate::report::slides::Slide;
use crate::scenario::study::Study;
use std::path::Path;

/// What is asked on the command line. Its fields are its options.
pub trait Question {
    /// What it has of the options that all questions have.
    fn asked(&self) -> Common;

    /// Asks it. Whatever is to be refused is refused before the desk's folder is opened.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure>;
}

/// Asks a question, writes its answer and prints it. `command` is the question as it would be repeated.
pub fn put(question: &dyn Question, command: Vec<String>) -> Result<(), Failure> {
    let common = question.asked();
    let format = common.look.format;
    let mut desk = Desk { common, command, inputs: Inputs::default(), files: None };
    let answer = question.answer(&mut desk)?;
    let files = match desk.files.take() {
        Some(files) => files,
        // There is nothing to write: it has no folder, or the answer is there already.
        None => return answer.ended(),
    };
    answer.publish(files, format)
}

/// Where a question is worked on.
pub struct Desk {
    pub common: Common,
    command: Vec<String>,
    /// What the question reads.
    inputs: Inputs,
    files: Option<Files>,
}

impl Desk {
    /// The scenario that the question is about, after its warnings are said.
    pub fn study(&self, scenario: &Path) -> Result<Study, Failure> {
        replications::study(scenario, &self.common)
    }

    /// Has the manifest name a file as it is now. What is said before the folder is opened counts.
    pub fn reads(&mut self, file: &Path) {
        self.inputs.add(file);
    }

    /// The same of all that another command read, in the place of what this one did.
    pub fn reads_what(&mut self, inputs: Inputs) {
        self.inputs = inputs;
    }

    /// Opens the folder of a study's answer for these tables, and runs what is asked. What an earlier attempt at the same
    /// question had finished is not run again.
    pub fn runner(&mut self, study: &Study, scenario: &Path, tables: &[&str]) -> Result<Runner, Failure> {
        let verb = self.command.get(1).map_or("", String::as_str);
        let name = if verb == "compare" { study.name.clone() } else { format!("{}-{verb}", study.name) };
        // Of a scenario's own files it is known what they mean; of all others what is in them decides.
        let folder = scenario.parent().unwrap_or(Path::new("."));
        study.named_files(folder, &[]).iter().for_each(|file| self.reads(file));
        let data = self.inputs.clone();
        self.inputs = Inputs::of(&study.files).and(&data);
        self.hold(&name, tables)?;
        self.recording(&[(study.hash.clone(), study.scenario.seed)], &data)
    }

    /// The same of an answer that lies in a folder of this name, and that follows from what the question reads alone.
    pub fn runner_named(&mut self, name: &str, tables: &[&str]) -> Result<Runner, Failure> {
        self.hold(name, tables)?;
        let data = self.inputs.clone();
        self.recording(&[], &data)
    }

    fn recording(&mut self, studies: &[StudyIdentity], data: &Inputs) -> Result<Runner, Failure> {
        let common = self.common.clone();
        let files = self.files()?;
        files.record(studies, data)?;
        Ok(Runner { common, recorded: files.recorded() })
    }

    /// The question as it would be repeated.
    pub fn command(&self) -> &[String] {
        &self.command
    }

    /// Has the answer be that of another command.
    pub fn stand_for(&mut self, command: Vec<String>) {
        self.command = command;
    }

    /// Opens a folder of this name, unless another is asked for, in which these tables will be.
    pub fn open(&mut self, name: &str, tables: &[&str]) -> Result<(), Failure> {
        self.hold(name, tables)?;
        self.files()?.refuse_unfinished(JOURNAL)
    }

    fn hold(&mut self, name: &str, tables: &[&str]) -> Result<(), Failure> {
        let tried =
            [tables, &["summary.md", "report.html", "charts/.orgsim-tried", "manifest.json"]].concat();
        self.files = Some(Files::open(&self.common, name, (self.command.clone(), &self.inputs), &tried)?);
        Ok(())
    }

    /// Leaves the open folder as it is: what was asked is answered there already.
    pub fn leave(&mut self) {
        self.files = None;
    }

    /// The open folder.
    pub fn files(&mut self) -> Result<&mut Files, Failure> {
        self.files
            .as_mut()
            .ok_or_else(|| Failure::Failed("no folder is open for what is to be written".to_owned()))
    }

    /// Writes a table that may be long, row by row; `rows` says what its columns are.
    pub fn rows(
        &mut self,
        name: &str,
        rows: impl FnOnce(Growing) -> Result<Vec<Column>, FileError>,
    ) -> Result<(), Failure> {
        let files = self.files()?;
        let columns = rows(files.begin(vec![format!("{name}.csv")])?.growing(name, "csv")?)?;
        files.describe(name, columns);
        Ok(())
    }

    /// The slides, if any are wanted.
    pub fn slides(
        &self,
        draw: impl FnOnce() -> Result<Vec<Slide>, ChartError>,
    ) -> Result<Vec<Slide>, Failure> {
        if self.common.look.no_charts { Ok(Vec::new()) } else { Ok(draw()?) }
    }
}
