//! The files of an experiment: tidy data, the page, the charts, and the manifest that lists them.

use super::{Common, Failure, replications, screen};
use crate::experiment::recorded::Recorded;
use crate::report::chart::Svg;
use crate::report::data::{Column, Data, dictionary};
use crate::report::document::Document;
use crate::report::files::{Earlier, Hold, Inputs, MANIFEST, OutputFolder, being_written, slug};
use crate::report::manifest::Written;
use crate::report::slides::Slide;
use crate::report::words::{self, count};
use crate::report::{manifest, table};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What tells a study from any other: its hash and its seed.
pub type StudyIdentity = (String, u64);

/// A folder that only this process writes into, what was in it, and what is by now.
pub struct Files {
    _hold: Hold,
    folder: OutputFolder,
    shown: PathBuf,
    command: Vec<String>,
    /// What the command reads, seen from the folder.
    inputs: Inputs,
    earlier: Earlier,
    /// What the manifest lists while files are being written: those of the earlier study, and those to come.
    listed: BTreeSet<String>,
    names: Vec<String>,
    /// The tables written, and what their columns hold.
    tables: Vec<(String, Vec<Column>)>,
    quiet: bool,
    open: bool,
    force: bool,
    /// What is finished of the command, until all is written.
    recorded: Option<Arc<Recorded>>,
}

/// The page that holds all of an answer.
const PAGE: &str = "report.html";

/// What is finished of a command that is not: it is gone when all files are there.
pub const JOURNAL: &str = "unfinished.journal";

/// The same of a sweep.
pub const SWEEP_JOURNAL: &str = "sweep.journal";

/// Slides of a story; more than these are for whoever asks.
const STORY: usize = 5;

impl Files {
    /// Opens the folder that is asked for, or else one of this name, before anything is simulated: takes it for this process,
    /// tidies up what a kill left there, and makes sure that files of these names can be written. `command` is what the
    /// manifest says, and `inputs` is what that reads.
    pub fn open(
        common: &Common,
        name: &str,
        (command, inputs): (Vec<String>, &Inputs),
        expected: &[&str],
    ) -> Result<Files, Failure> {
        // What comes of another organisation than the scenario's own does not lie where that lies.
        let name = common.on.as_ref().map_or_else(|| name.to_owned(), |on| format!("{name}-{on}"));
        let shown = common.output.out.clone().unwrap_or_else(|| Path::new("output").join(slug(&name)));
        let hold = hold(&shown, &command)?;
        let folder = OutputFolder::create(&shown)?;
        folder.tidy();
        folder.try_first(expected)?;
        let earlier = Earlier::of(folder.path());
        let inputs = inputs.seen_from(folder.path());
        let of_what = match () {
            () if common.output.force => None,
            () if earlier.is_of_another(&command) => Some(String::new()),
            () if earlier.is_of_another_file(&inputs) => {
                earlier.inputs.subject().map(|file| of_another_file(&file))
            }
            () => None,
        };
        if let Some(of_what) = of_what {
            let (shown, wrote) = (shown.display(), words::command(&earlier.command));
            return Err(Failure::Usage(format!(
                "{shown} holds what `{wrote}` wrote{of_what}: choose another --out, or replace it with --force"
            )));
        }
        let (quiet, open, force) = (common.look.quiet, common.look.open, common.output.force);
        Ok(Files {
            _hold: hold,
            folder,
            shown,
            command,
            inputs,
            earlier,
            listed: BTreeSet::new(),
            names: Vec::new(),
            tables: Vec::new(),
            quiet,
            open,
            force,
            recorded: None,
        })
    }

    /// Refuses a folder in which another command has left what it had finished.
    pub fn refuse_unfinished(&self, journal: &str) -> Result<(), Failure> {
        let path = self.folder.path().join(journal);
        if !path.exists() {
            return Ok(());
        }
        if self.force {
            let _ = std::fs::remove_file(&path);
            return Ok(());
        }
        let shown = table::printable(&self.shown.display().to_string());
        Err(Failure::Usage(format!(
            "{shown} holds what another command had finished when it was stopped ({journal}): the same command goes on from there, \
             --force discards it, or choose another --out"
        )))
    }

    /// Has what is finished of the command kept beside its files until they are written, and finds what was when the same
    /// command was stopped or killed. `studies` are those it asks about, and `data` what it reads beside their own files.
    pub fn record(&mut self, studies: &[StudyIdentity], data: &Inputs) -> Result<(), Failure> {
        let identity = serde_json::json!({
            "version": env!("ORGSIM_VERSION"), "command": self.command, "scenarios": studies,
            "about": self.inputs.subject(), "data": data.seen_from(self.folder.path()).json(),
        });
        self.refuse_unfinished(SWEEP_JOURNAL)?;
        let path = self.journal();
        if self.force {
            let _ = std::fs::remove_file(&path);
        }
        let give_up = |theirs: &str, found: usize| self.give_up(theirs, found, &identity);
        let recorded = Recorded::open(&path, &identity.to_string(), give_up)?;
        if recorded.found() > 0 && !self.quiet {
            let results = count(recorded.found(), "result", "results");
            let shown = path.display();
            screen::say(&format!("going on where this command was stopped: {results} of it are in {shown}"));
        }
        self.recorded = Some(Arc::new(recorded));
        Ok(())
    }

    /// Refuses to give up what another command has finished, and says where what this one had is of no use any more.
    fn give_up(&self, theirs: &str, found: usize, identity: &serde_json::Value) -> Result<(), Failure> {
        let theirs: serde_json::Value = serde_json::from_str(theirs).unwrap_or_default();
        let results = count(found, "result", "results");
        let differs = |key: &str| theirs[key] != identity[key];
        if differs("command") || differs("about") {
            let words = theirs["command"].as_array().map(Vec::as_slice).unwrap_or_default();
            let words: Vec<&str> = words.iter().filter_map(serde_json::Value::as_str).collect();
            let about = theirs["about"].as_str().filter(|_| !differs("command")).map(of_another_file);
            return Err(Failure::Usage(format!(
                "{} holds {results} of `{}`{}, which was stopped: the same command goes on from there, --force discards them, or \
                 choose another --out",
                table::printable(&self.shown.display().to_string()),
                words::command(&words),
                about.unwrap_or_default()
            )));
        }
        screen::say(&format!(
            "beginning anew: the scenario, its data or orgsim has changed since this command was stopped with {results}"
        ));
        Ok(())
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join(JOURNAL)
    }

    /// Where what is finished of the command is kept, if it is.
    pub fn recorded(&self) -> Option<Arc<Recorded>> {
        self.recorded.clone()
    }

    /// Says in the manifest, before the first of these is written, that the folder is being filled.
    fn announce(&mut self, names: impl IntoIterator<Item = String>) -> Result<(), Failure> {
        let before = self.listed.len();
        self.listed.extend(names);
        if self.listed.len() > before {
            let listed = self.listed.union(&self.earlier.files).cloned().collect();
            let document = being_written(&self.command, &listed, &self.inputs);
            self.folder.write("manifest", "json", &manifest::pretty(&document))?;
        }
        Ok(())
    }

    /// Writes one file, whole or not at all.
    pub fn write(&mut self, name: &str, extension: &str, content: &[u8]) -> Result<(), Failure> {
        let file = format!("{}.{extension}", slug(name));
        self.announce([file.clone()])?;
        self.folder.write(name, extension, content)?;
        self.names.push(file);
        Ok(())
    }

    /// Writes a table as CSV.
    pub fn table(&mut self, name: &str, data: Data) -> Result<(), Failure> {
        self.write(name, "csv", &data.bytes)?;
        self.describe(name, data.columns);
        Ok(())
    }

    /// Says what the columns of a CSV file hold.
    pub fn describe(&mut self, name: &str, columns: Vec<Column>) {
        self.describe_file(&format!("{}.csv", slug(name)), columns);
    }

    /// The same of a file of any layout.
    pub fn describe_file(&mut self, file: &str, columns: Vec<Column>) {
        if !columns.is_empty() {
            self.tables.push((file.to_owned(), columns));
        }
    }

    /// Writes what the columns of all tables hold; the manifest is named last.
    fn dictionary(&mut self) -> Result<(), Failure> {
        if !self.tables.is_empty() {
            let tables = self.tables.iter().map(|(file, columns)| (file.as_str(), columns.as_slice()));
            let dictionary = dictionary(tables);
            self.write("columns", "csv", &dictionary)?;
        }
        self.names.push(MANIFEST.to_owned());
        Ok(())
    }

    /// Begins to write files in a way of its own, and gives the folder they go into.
    pub fn begin(&mut self, names: Vec<String>) -> Result<&OutputFolder, Failure> {
        self.announce(names.iter().cloned())?;
        self.names.extend(names);
        Ok(&self.folder)
    }

    /// Writes a document as `summary.md`, which fits a screen, and as `report.html`, which holds all with the charts.
    pub fn document(&mut self, document: &Document, slides: &[Slide]) -> Result<(), Failure> {
        self.write("summary", "md", document.summary().as_bytes())?;
        self.write(PAGE.trim_end_matches(".html"), "html", document.html(slides).as_bytes())
    }

    /// Writes slides as SVG and PNG: those of the story numbered in its order, the others into a folder below.
    pub fn slides(&mut self, slides: &[Slide]) -> Result<(), Failure> {
        let (story, more) = slides.split_at(slides.len().min(STORY));
        let numbered = |(at, slide): (usize, &Slide)| match slides.len() {
            1 => slide.name.to_owned(),
            _ => format!("{} {}", at + 1, slide.name),
        };
        let names: Vec<String> = story.iter().enumerate().map(numbered).collect();
        let charts: Vec<(&str, &Svg)> =
            names.iter().map(String::as_str).zip(story.iter().map(|slide| &slide.svg)).collect();
        self.charts(&charts)?;
        let more: Vec<(&str, &Svg)> = more.iter().map(|slide| (slide.name, &slide.svg)).collect();
        self.pictures("charts/more", &more)
    }

    /// Writes charts, each as SVG and PNG.
    pub fn charts(&mut self, drawn: &[(&str, &Svg)]) -> Result<(), Failure> {
        self.pictures("charts", drawn)
    }

    fn pictures(&mut self, place: &str, drawn: &[(&str, &Svg)]) -> Result<(), Failure> {
        if drawn.is_empty() {
            return Ok(());
        }
        let both = |name: &str| ["svg", "png"].map(|extension| format!("{place}/{}.{extension}", slug(name)));
        let names: Vec<String> = drawn.iter().flat_map(|(name, _)| both(name)).collect();
        self.announce(names.iter().cloned())?;
        let mut folder = self.folder.clone();
        for part in place.split('/') {
            folder = folder.folder(part)?;
        }
        // Side by side: pictures take longer to paint than all else of a report together.
        let saved: Vec<_> = drawn.par_iter().map(|(name, svg)| svg.save(&folder, name)).collect();
        for saved in saved {
            saved?;
        }
        self.names.extend(names);
        Ok(())
    }

    /// Writes the manifest that this makes of the command and the files, and says where everything is. What the earlier study
    /// left and this one does not write goes.
    pub fn close(mut self, manifest: impl FnOnce(&Written<'_>) -> Vec<u8>) -> Result<(), Failure> {
        self.dictionary()?;
        let written = Written { command: &self.command, files: &self.names, inputs: &self.inputs };
        let manifest = manifest(&written);
        self.settle(&manifest)
    }

    /// The same for a command that is of more than one scenario, or of a single replication.
    pub fn close_plain(self) -> Result<(), Failure> {
        self.close(|written| manifest::plain(written, "simulation, not forecast"))
    }

    fn settle(self, manifest: &[u8]) -> Result<(), Failure> {
        let of_ours = Earlier { files: self.listed.clone(), ..Earlier::default() };
        of_ours.remove_but(&self.folder, &self.names);
        let gone = self.earlier.remove_but(&self.folder, &self.names);
        self.folder.write("manifest", "json", manifest)?;
        // All that was finished is in the files now. What a stop left undone can still be done.
        if self.recorded.is_some() && !replications::stop()?.load(Ordering::Relaxed) {
            let _ = std::fs::remove_file(self.journal());
        }
        let page = self.names.iter().find(|name| *name == PAGE);
        if self.open && page.is_some() {
            screen::open(&self.folder.path().join(PAGE));
        }
        if self.quiet {
            return Ok(());
        }
        let folder = table::printable(&self.shown.display().to_string());
        if !self.earlier.command.is_empty() && self.earlier.command != self.command {
            let theirs = words::command(&self.earlier.command);
            match gone {
                0 => screen::say(&format!("the files in {folder} are in place of what `{theirs}` wrote")),
                _ => screen::say(&format!(
                    "{gone} files of an earlier study in {folder} ({theirs}) were removed"
                )),
            }
        }
        let read = page.map_or_else(String::new, |page| format!("; the page to read is {folder}/{page}"));
        screen::say(&format!("{} files in {folder}{read}", self.names.len()));
        Ok(())
    }

    /// The folder.
    pub fn folder(&self) -> &OutputFolder {
        &self.folder
    }

    /// The folder as it was asked for.
    pub fn shown(&self) -> &Path {
        &self.shown
    }
}

/// A command that is refused before anything is finished leaves nothing behind.
impl Drop for Files {
    fn drop(&mut self) {
        if self.recorded.as_ref().is_some_and(|recorded| recorded.is_empty()) {
            let _ = std::fs::remove_file(self.journal());
        }
    }
}

/// Which file a result is about that has the name of another, seen from the folder of the result.
fn of_another_file(file: &str) -> String {
    format!(" about another file of that name, {} seen from there", table::printable(file))
}

/// Takes a folder for this process until the hold is dropped.
pub fn hold(folder: &Path, command: &[String]) -> Result<Hold, Failure> {
    let who = command.iter().take(2).cloned().collect::<Vec<_>>().join(" ");
    let hold = Hold::take(folder, &who)?;
    if !hold.is_sure {
        screen::warn(&format!(
            "{} lies on a file system without locks: no other orgsim may write into it meanwhile, and nothing keeps it out",
            folder.display()
        ));
    }
    Ok(hold)
}
