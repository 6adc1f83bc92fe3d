//! `orgsim merge`: shards that were run anywhere, put together; the files are those of the sweep on one machine.

use crate::cli::answer::Answer;
use crate::cli::grid::{How, SweepGrid};
use crate::cli::question::{Desk, Question};
use crate::cli::repeated::RUNNING;
use crate::cli::shard::{lacking, list, read};
use crate::cli::{Common, Failure, FileFormat, Look, Output};
use crate::experiment::journal::Journal;
use crate::experiment::rows::SweepRows;
use crate::experiment::shards;
use clap::Args;
use std::path::PathBuf;

/// Where all shards are copied to before the files are written.
const COPY: &str = ".orgsim-merged.part";

#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 results of another plan, scenario or version, 4 results are missing."
)]
pub struct Merge {
    /// The folder of the plan
    plan: PathBuf,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    look: Look,
    /// How the long table is written
    #[arg(long, value_enum, default_value = "csv", help_heading = RUNNING)]
    file_format: FileFormat,
    /// Metrics that the long table has, by name or column, parted by commas [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    metrics: Vec<String>,
}

impl Question for Merge {
    fn asked(&self) -> Common {
        Common { output: self.output.clone(), look: self.look.clone(), ..Common::default() }
    }

    /// Puts the shards together.
    fn answer(&self, desk: &mut Desk) -> Result<Answer, Failure> {
        let how = How::read(self.file_format, &self.metrics)?;
        let folder = &self.plan;
        let plan = read(folder)?;
        let grid = SweepGrid::again(folder, &plan)?;
        // The answer is the sweep's, whoever ran it. What must be said to run a part of it alone is its seed.
        let mut command = plan.command.clone();
        if !self.metrics.is_empty() {
            command.extend(["--metrics".to_owned(), self.metrics.join(",")]);
        }
        desk.stand_for(command);
        desk.common.seed = Some(grid.identity.seed);
        grid.open(desk, how.layout())?;
        // Under a name that the next command in this folder tidies up, should this one be killed.
        let copy = desk.files()?.folder().path().join(COPY);
        let mut all = Journal::create(&copy, &plan.identity.text())?;
        let copied = lacking(folder, &plan, |index, shard| {
            shards::tidy(folder, index);
            for (work_unit, at) in &shard.found {
                all.append(*work_unit, &shard.rows(*work_unit, *at)?)?;
            }
            Ok(())
        });
        // The journal is open and can be read for as long as it is; nothing of it is left behind, however this ends.
        let _ = std::fs::remove_file(&copy);
        let missing = copied?;
        if !missing.is_empty() {
            let list = list(&missing);
            let (shown, count) = (folder.display(), plan.shards.len());
            return Err(Failure::Incomplete(format!(
                "nothing is merged: of the {count} shards of {shown}, these have no result: {list}"
            )));
        }
        let rows = SweepRows::new(grid.partition.clone(), grid.identity.metrics, vec![all]);
        grid.answer(&rows, false, desk, &how)
    }
}
