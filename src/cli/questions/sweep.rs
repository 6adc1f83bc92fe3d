//! `orgsim sweep`: a grid of points, each run on the same random numbers; killed, it carries on.

use crate::cli::answer::{Answer, still_kept};
use crate::cli::files::SWEEP_JOURNAL;
use crate::cli::grid::{How, SweepGrid};
use crate::cli::points::Points;
use crate::cli::question::{Desk, Question};
use crate::cli::repeated::RUNNING;
use crate::cli::{Common, Experiment, Failure, FileFormat, screen};
use crate::experiment::identity::Identity;
use crate::experiment::journal::{Journal, JournalError};
use crate::experiment::rows::SweepRows;
use crate::reading::{self, MOST_TEXT};
use crate::report::files::MANIFEST;
use crate::report::long::{Layout, NAME};
use crate::report::words;
use clap::Args;
use std::path::Path;

const RESUME: &str = "the same command with --resume carries on";

const SWEEPS: &str = "\
Examples:
  orgsim sweep s.toml                                        the [sweep] table of the scenario
  orgsim sweep s.toml --vary \"team.*.share.health=0%..50%:5%\"
  orgsim sweep s.toml --vary \"team.*.wip.items=1,2,3,unlimited\" --vary \"team.*.share.health=0%,25%\"
  orgsim sweep s.toml --vary \"team.*.engineers=4..8:1\" --axis world

Files: sweep.csv has a row for each point and replication, with its parameters, status and metrics;
sweep-summary.csv a row for each point and metric. Rows are in the order of points, whatever the
threads.

Long sweeps: finished replications go into sweep.journal at once, so a kill, a full disk or Ctrl-C
loses nothing that was finished; the same command with --resume carries on, and ends with the same
bytes. The points share the replications evenly, so a sweep that is stopped is a smaller sweep.
Memory does not grow with it.

One row again:    orgsim run --row output/s-sweep/sweep.csv:1234
On a cluster:     orgsim plan s.toml --vary ... --shards 64 --out p
                  orgsim shard run p --index 0    (1, 2, ... 63; on any machine, in any order)
                  orgsim merge p";

#[derive(Args)]
#[command(after_help = SWEEPS)]
pub struct Sweep {
    #[command(flatten)]
    experiment: Experiment,
    #[command(flatten)]
    points: Points,
    /// Carry on a sweep that was killed or stopped; begin it where there is none
    #[arg(long, help_heading = RUNNING)]
    resume: bool,
    /// Start over where another sweep or an unfinished one lies, discarding what it holds
    #[arg(long, conflicts_with = "resume", help_heading = RUNNING)]
    restart: bool,
    /// How the long table is written: a row for each point and replication
    #[arg(long, value_enum, default_value = "csv", help_heading = RUNNING)]
    file_format: FileFormat,
    /// Metrics that the long table has, by name or column, parted by commas [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    metrics: Vec<String>,
}

impl Question for Sweep {
    fn asked(&self) -> Common {
        let mut common = self.experiment.common.clone();
        common.output.force |= self.restart;
        common
    }

    /// Runs every point of a grid.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        let how = How::read(self.file_format, &self.metrics)?;
        let grid = SweepGrid::read(&self.experiment, &self.points, desk.command().to_vec())?;
        grid.open(desk, how.layout())?;
        let path = desk.files()?.folder().path().join(SWEEP_JOURNAL);
        if self.resume && !path.exists() && is_finished(&grid, desk, how.layout())? {
            screen::say("the sweep is finished: nothing is left to carry on");
            if !self.metrics.is_empty() {
                screen::say("its table keeps its columns; run it again without --resume for others");
            }
            desk.leave();
            return Ok(Answer::plain());
        }
        let mut journal = journal(&grid, &path, self)?;
        let missing = journal.lacks(0..grid.partition.work_units());
        let (threads, quiet) = (desk.common.threads, desk.common.look.quiet);
        let complete = grid
            .simulate(&missing, &mut journal, threads, quiet)
            .map_err(|failure| still_kept(failure, RESUME))?;
        let rows = SweepRows::new(grid.partition.clone(), grid.identity.metrics, vec![journal]);
        let finished = rows.finished();
        if finished == 0 {
            let _ = std::fs::remove_file(&path);
            return screen::stopped_before("any block of replications was finished");
        }
        let answer =
            grid.answer(&rows, !complete, desk, &how).map_err(|failure| still_kept(failure, RESUME))?;
        let answer = answer.kept_in(path, RESUME);
        let runs = grid.partition.runs();
        Ok(match complete {
            true => answer,
            false => answer.ending(screen::stopped(&format!(
                "{} finished, and written; {RESUME}",
                words::were(finished as usize, runs as usize)
            ))),
        })
    }
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
        screen::say(&format!(
            "the last {} torn, and run again",
            words::count(journal.torn as usize, "byte of the journal was", "bytes of the journal were")
        ));
    }
    Ok(journal)
}

/// Whether the files of exactly this sweep are there, all of it run. Those of another are not ours to replace: who says
/// --resume expects to lose nothing.
fn is_finished(grid: &SweepGrid, desk: &mut Desk, layout: Layout) -> Result<bool, Failure> {
    let files = desk.files()?;
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
