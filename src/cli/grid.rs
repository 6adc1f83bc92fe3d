//! A sweep ready to be run: the study with its points, what it is, and the files it can be read from again.

use super::answer::Answer;
use super::points::Points;
use super::question::Desk;
use super::{Common, Experiment, Failure, FileFormat, losses, replications, screen};
use crate::experiment::compare::columns;
use crate::experiment::identity::Identity;
use crate::experiment::journal::Journal;
use crate::experiment::listed;
use crate::experiment::partition::Partition;
use crate::experiment::plan;
use crate::experiment::rows::SweepRows;
use crate::experiment::run::RunOptions;
use crate::experiment::shards::ShardPlan;
use crate::experiment::summary::ColumnText;
use crate::experiment::sweep::{SweepSummary, summarise};
use crate::experiment::work_units;
use crate::report::files::{FileError, Inputs, OutputFolder};
use crate::report::long::{Layout, LongRow, LongTable, NAME, head};
use crate::report::slides::sweep as slides;
use crate::report::{parquet, summaries};
use crate::scenario::study::{Data, Study};
use std::path::{Path, PathBuf};

/// The folder of the merged scenario and its data, and the scenario's file in it.
pub const SCENARIO: (&str, &str) = ("scenario", "scenario.toml");

/// A sweep ready to be run.
pub struct SweepGrid {
    pub study: Study,
    pub identity: Identity,
    pub partition: Partition,
    /// The merged scenario, and the data it names.
    pub text: String,
    pub data: Vec<Data>,
    /// All that it was read from.
    pub inputs: Inputs,
    /// The command that would do all of it on one machine.
    pub command: Vec<String>,
}

impl SweepGrid {
    /// What the command line asks for; `command` is that as it would be repeated.
    pub fn read(
        experiment: &Experiment,
        points: &Points,
        command: Vec<String>,
    ) -> Result<SweepGrid, Failure> {
        if !experiment.common.policy.is_empty() {
            return Err(Failure::Usage(
                "a sweep runs points in place of policies: leave out --policy, or put what the policy changes into --set"
                    .to_owned(),
            ));
        }
        let study = replications::study(&experiment.scenario, &experiment.common)?;
        let (plan, worlds) = (points.plan(&study)?, points.are_worlds(&study));
        let numbers = match experiment.only_replication {
            Some(number) => number..number + 1,
            None => 0..u64::from(replications::number(experiment)?.unwrap_or(study.scenario.replications)),
        };
        let folder = experiment.scenario.parent().unwrap_or(Path::new(".")).to_owned();
        let design = points.file().map(Path::to_owned);
        let points = (plan, worlds, points.details);
        let mut grid = SweepGrid::of(study, folder, points, (numbers.start, numbers.end), command)?;
        design.iter().for_each(|file| grid.inputs.add(file));
        Ok(grid)
    }

    /// A sweep that was written down, from the folder that its scenario lies in.
    pub fn again(folder: &Path, plan: &ShardPlan) -> Result<SweepGrid, Failure> {
        let identity = &plan.identity;
        let mut study = written_down(folder, identity)?;
        study.name.clone_from(&plan.name);
        let points = (identity.points.clone(), identity.worlds, identity.details());
        let (inside, command) = (folder.join(SCENARIO.0), plan.command.clone());
        let mut grid = SweepGrid::of(study, inside, points, identity.replications, command)?;
        let here = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        grid.inputs = Inputs::read(&plan.inputs).lying_from(&here);
        match grid.identity.differs_from(&identity.text()) {
            None => Ok(grid),
            Some(words) => {
                let folder = folder.display();
                Err(Failure::Usage(format!("{folder} was written for another sweep than it is now: {words}")))
            }
        }
    }

    fn of(
        study: Study,
        folder: PathBuf,
        (plan, worlds, details): (plan::Points, bool, bool),
        replications: (u64, u64),
        command: Vec<String>,
    ) -> Result<SweepGrid, Failure> {
        let points = plan.settings().map_err(Failure::Usage)?;
        let mut settings = points.concat();
        settings.sort();
        settings.dedup();
        let data = study.data(&folder, &settings);
        let inputs = Inputs::of(&[study.files.clone(), study.named_files(&folder, &settings)].concat());
        let text = study.merged(folder.clone()).map_err(Failure::Failed)?;
        let study = study.with_points(folder, &points, worlds)?;
        let partition =
            Partition { timelines: study.timelines.len(), replications: replications.0..replications.1 };
        let hashes = data.iter().map(|data| (data.name.clone(), data.hash.clone())).collect();
        let identity = Identity::of(&study, hashes, &plan, worlds, &partition, details);
        Ok(SweepGrid { study, identity, partition, text, data, inputs, command })
    }

    /// The files of the merged scenario and its data.
    fn scenario_files(&self) -> Vec<String> {
        let data = self.data.iter().map(|data| data.name.as_str());
        std::iter::once(SCENARIO.1).chain(data).map(|name| format!("{}/{name}", SCENARIO.0)).collect()
    }

    /// Writes the merged scenario and its data into a folder of their own.
    pub fn write_scenario(&self, folder: &OutputFolder) -> Result<(), FileError> {
        let inside = folder.folder(SCENARIO.0)?;
        inside.write_as(SCENARIO.1, self.text.as_bytes())?;
        self.data.iter().try_for_each(|data| inside.write_copy(&data.name, &data.bytes, &data.permissions))
    }

    /// Opens the folder of a sweep's files, before anything is simulated.
    pub fn open(&self, desk: &mut Desk, layout: Layout) -> Result<(), Failure> {
        let table = format!("{NAME}.{}", layout.extension());
        let scenario = format!("{}/{}", SCENARIO.0, SCENARIO.1);
        desk.reads_what(self.inputs.clone());
        desk.open(&format!("{}-sweep", self.study.name), &[&table, &scenario, "sweep-summary.csv"])
    }

    /// Runs these blocks into a journal; true when all were run, false after Ctrl-C.
    pub fn simulate(
        &self,
        missing: &[u64],
        journal: &mut Journal,
        threads: Option<u16>,
        quiet: bool,
    ) -> Result<bool, Failure> {
        let stop = replications::stop()?;
        let runs = missing.iter().map(|work_unit| self.partition.work_unit(*work_unit).runs()).sum();
        let bar = screen::progress(runs, "replications", quiet);
        let done = || bar.step();
        let run_options = RunOptions { threads: threads.map(usize::from), done: &done, stop, recorded: None };
        let before = journal.found.len();
        let completed = work_units::simulate(
            &self.study,
            &self.partition,
            (missing, self.identity.metrics),
            &run_options,
            journal,
        );
        bar.end();
        completed?;
        Ok(journal.found.len() - before == missing.len())
    }

    /// What a sweep came to. Its long table and its scenario are written on the way.
    pub fn answer(
        &self,
        rows: &SweepRows,
        stopped: bool,
        desk: &mut Desk,
        how: &How,
    ) -> Result<Answer, Failure> {
        let summary = summarise(&self.study, &self.identity.points, rows, stopped, self.identity.worlds)?;
        let table = format!("{NAME}.{}", how.layout.extension());
        let columns = &columns(&self.study)[..self.identity.metrics];
        let kept = listed::with_details(&how.metrics, columns.len());
        let picked: Vec<ColumnText> = kept.iter().map(|at| columns[*at].clone()).collect();
        let head = head(&summary.parameters, &picked);
        let common = desk.common.clone();
        let files = desk.files()?;
        files.describe_file(&table, head.clone());
        let folder = files.begin(vec![table])?;
        self.long(&summary, rows, LongTable::begin(folder, how.layout, head)?, (&common, &kept))?;
        let other = if how.layout == Layout::Csv { Layout::Parquet } else { Layout::Csv };
        folder.remove(NAME, other.extension());
        self.write_scenario(files.begin(self.scenario_files())?)?;
        let slides = desk.slides(|| slides::slides(&summary))?;
        Ok(Answer::of(&summary.frame, columns)
            .table("sweep-summary", summaries::sweep(&summary))
            .with("sweep", serde_json::to_value(&self.identity).unwrap_or_default())
            .page(crate::report::sweep::document(&summary), slides))
    }

    /// The long table, timeline by timeline.
    fn long(
        &self,
        summary: &SweepSummary,
        rows: &SweepRows,
        mut table: LongTable,
        (common, kept): (&Common, &[usize]),
    ) -> Result<(), Failure> {
        for timeline in 0..self.partition.timelines {
            let point = timeline.checked_sub(1);
            let setting = point.map_or(&summary.unset, |point| &summary.points[point].setting);
            rows.timeline(timeline, |replication, row| {
                let values: Vec<f64> = match row.values.is_empty() {
                    true => Vec::new(),
                    false => kept.iter().map(|at| row.values[*at]).collect(),
                };
                let long = LongRow {
                    point,
                    setting,
                    replication,
                    seed: self.identity.seed,
                    status: row.status.word(),
                    reason: &row.reason,
                    values: &values,
                };
                let run = losses::Run { study: &self.study, common, number: replication, timeline };
                run.came_to(row.status, &row.reason, "");
                table.row(&long).map_err(Failure::from)
            })?;
        }
        Ok(table.finish()?)
    }
}

/// How the long table of a sweep is written.
pub struct How {
    layout: Layout,
    /// The metrics that have a column.
    metrics: Vec<usize>,
}

impl How {
    /// Refuses a layout that this program cannot write, and metrics that there are not.
    pub fn read(format: FileFormat, metrics: &[String]) -> Result<How, Failure> {
        Ok(How { layout: layout(format)?, metrics: listed::places(metrics).map_err(Failure::Usage)? })
    }

    pub fn layout(&self) -> Layout {
        self.layout
    }
}

/// The layout that is asked for, if this program can write it.
fn layout(format: FileFormat) -> Result<Layout, Failure> {
    match format {
        FileFormat::Csv => Ok(Layout::Csv),
        FileFormat::Parquet if parquet::AVAILABLE => Ok(Layout::Parquet),
        FileFormat::Parquet => Err(Failure::Usage(
            "this orgsim was built without Parquet; build it with `cargo build --release --features parquet`"
                .to_owned(),
        )),
    }
}

/// The scenario that was written down in a folder, if it is still the one that was.
pub fn written_down(folder: &Path, identity: &Identity) -> Result<Study, Failure> {
    let path = folder.join(SCENARIO.0).join(SCENARIO.1);
    losses::of_scenario(&path);
    let (mut study, _) = Study::read(&path, &crate::scenario::study::Amendments::default())?;
    study.scenario.seed = identity.seed;
    Ok(study)
}
