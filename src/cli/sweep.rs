//! `orgsim sweep`: a grid of points, each run on the same random numbers; killed, it carries on.

use super::files::Files;
use super::grid::{How, SweepGrid, kept, layout};
use super::{Failure, Sweep, screen};
use crate::experiment::identity::Identity;
use crate::experiment::journal::{Journal, JournalError};
use crate::experiment::listed;
use crate::experiment::rows::SweepRows;
use crate::reading::{self, MOST_TEXT};
use crate::report::files::MANIFEST;
use crate::report::long::{Layout, NAME};
use std::path::Path;

/// The name of the journal, in the folder of the files.
const JOURNAL: &str = "sweep.journal";

const RESUME: &str = "the same command with --resume carries on";

/// Runs every point of a grid.
pub fn sweep(options: &Sweep) -> Result<(), Failure> {
    let common = &options.experiment.common;
    let (layout, metrics) =
        (layout(options.file_format)?, listed::places(&options.metrics).map_err(Failure::Usage)?);
    let grid = SweepGrid::read(&options.experiment, &options.points)?;
    let files = grid.files(common.out.as_deref(), layout, (common.quiet, common.force || options.restart))?;
    let path = files.folder().path().join(JOURNAL);
    if options.resume && !path.exists() && is_finished(&grid, &files, layout)? {
        screen::say("the sweep is finished: nothing is left to carry on");
        if !options.metrics.is_empty() {
            screen::say("its table keeps its columns; run it again without --resume for others");
        }
        return Ok(());
    }
    let mut journal = journal(&grid, &path, options)?;
    let missing = journal.lacks(0..grid.partition.work_units());
    let complete = grid
        .simulate(&missing, &mut journal, common.threads, common.quiet)
        .map_err(|failure| kept(failure, RESUME))?;
    let rows = SweepRows::new(grid.partition.clone(), grid.identity.metrics, vec![journal]);
    let finished = rows.finished();
    if finished == 0 {
        screen::say("stopped before any block of replications was finished; nothing was written");
        let _ = std::fs::remove_file(&path);
        return Err(Failure::Stopped);
    }
    let (charts, format) = (!options.experiment.no_charts, common.format);
    let how = How { layout, charts, metrics, format, common: common.clone() };
    let written = grid.finish(&rows, !complete, files, &how);
    written.map_err(|failure| kept(failure, RESUME))?;
    if complete {
        // Everything in it is in the files by now, and they are on the disk.
        let _ = std::fs::remove_file(&path);
        return Ok(());
    }
    let runs = grid.partition.runs();
    screen::say(&format!(
        "stopped: {finished} of {runs} replications were finished, and are written; {RESUME}"
    ));
    Err(Failure::Stopped)
}

/// The journal to add to: a fresh one, or the one that is there and is to be carried on.
fn journal(grid: &SweepGrid, path: &Path, options: &Sweep) -> Result<Journal, Failure> {
    if options.restart || !path.exists() {
        return Ok(Journal::create(path, &grid.identity.text())?);
    }
    let fresh = "--restart starts over, discarding what it holds";
    let shown = path.display();
    let journal = match if options.resume { Journal::carry_on(path) } else { Journal::open(path) } {
        Err(error @ JournalError::Foreign { .. }) => return Err(Failure::Usage(format!("{error}; {fresh}"))),
        other => other?,
    };
    if let Some(words) = grid.identity.differs_from(&journal.identity) {
        return Err(Failure::Usage(format!("{shown} belongs to another sweep: {words}; {fresh}")));
    }
    if !options.resume {
        let finished = journal
            .found
            .iter()
            .map(|(work_unit, _)| grid.partition.work_unit(*work_unit).runs())
            .sum::<u64>();
        let runs = grid.partition.runs();
        return Err(Failure::Usage(format!(
            "an unfinished sweep lies in {shown}, with {finished} of {runs} replications: --resume carries it on, \
             {fresh}"
        )));
    }
    if journal.torn > 0 {
        screen::say(&format!("the last {} bytes of the journal were torn, and are run again", journal.torn));
    }
    Ok(journal)
}

/// Whether the files of exactly this sweep are there, all of it run. Those of another are not ours to replace: who says
/// --resume expects to lose nothing.
fn is_finished(grid: &SweepGrid, files: &Files, layout: Layout) -> Result<bool, Failure> {
    let folder = files.folder().path();
    let Ok(text) = reading::bytes(&folder.join(MANIFEST), MOST_TEXT) else { return Ok(false) };
    let Ok(manifest) = serde_json::from_slice::<serde_json::Value>(&text) else { return Ok(false) };
    if manifest["sweep"].is_null() {
        return Ok(false);
    }
    let theirs = serde_json::from_value::<Identity>(manifest["sweep"].clone());
    let theirs = theirs.map_or_else(|_| String::new(), |identity| identity.text());
    if let Some(words) = grid.identity.differs_from(&theirs) {
        let shown = files.shown().display();
        return Err(Failure::Usage(format!(
            "{shown} holds the files of another sweep: {words}; choose another --out, or start over in their place with \
             --restart"
        )));
    }
    let whole = manifest["replications"]["stopped"] == false;
    Ok(whole && folder.join(format!("{NAME}.{}", layout.extension())).exists())
}
