//! `orgsim plan` and `shard`: a sweep over machines that share nothing but files; `merge` puts it together.

use super::answer::still_kept;
use super::files;
use super::grid::SweepGrid;
use super::points::Points;
use super::repeated::RUNNING;
use super::{Common, Experiment, Failure, losses, screen};
use crate::experiment::journal::Journal;
use crate::experiment::rows::SweepRows;
use crate::experiment::shards::{self, State};
use crate::reading::{self, MOST_TEXT};
use crate::report::files::{OutputFolder, slug};
use crate::report::{manifest, words};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// The name of a plan in its folder.
const PLAN: &str = "plan.json";

/// Where the engine of a cluster says which task this is: Slurm's job arrays, Kubernetes' Indexed Jobs.
const INDICES: [&str; 2] = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"];

#[derive(Args)]
#[command(
    mut_arg("threads", |threads| threads.hide(true)),
    mut_arg("no_charts", |charts| charts.hide(true)),
    mut_arg("format", |format| format.hide(true)),
    mut_arg("out", |out| out.help("The folder of the plan [default: output/<scenario name>-plan]")),
    after_help = "\
Example:
  orgsim plan s.toml --vary \"team.*.share.health=0%..50%:5%\" -n 1000 --shards 8 --out plan
  for i in 0 1 2 3 4 5 6 7; do orgsim shard run plan --index $i; done
  orgsim merge plan

The folder holds all that a shard needs: the plan, the scenario with all it extends, and its data."
)]
pub struct Plan {
    #[command(flatten)]
    experiment: Experiment,
    #[command(flatten)]
    points: Points,
    /// How many shards; results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000), help_heading = RUNNING)]
    shards: u32,
}

#[derive(Subcommand)]
pub enum Shard {
    /// Run one shard; what an earlier attempt had finished is reused
    Run(ShardRun),
    /// Print the shards that have no result, as a list for `sbatch --array=`; exit code 4 if there are any
    Missing(Missing),
}

#[derive(Args)]
#[command(after_help = "\
Exit codes: 0 the result is there, 1 failed (try again), 2 or 3 wrong plan or scenario (trying again will not help),
130 stopped by Ctrl-C (what was finished is kept).")]
pub struct ShardRun {
    /// The folder of the plan
    plan: PathBuf,
    /// Which shard, from 0 [default: from SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX]
    #[arg(long, value_name = "I")]
    index: Option<usize>,
    /// Threads; results do not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    threads: Option<u16>,
    /// Print problems, nothing else
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Args)]
pub struct Missing {
    /// The folder of the plan
    plan: PathBuf,
}

/// Writes a plan.
pub fn plan(options: &Plan, mut command: Vec<String>) -> Result<(), Failure> {
    let common = &options.experiment.common;
    // What is planned is a sweep.
    "sweep".clone_into(&mut command[1]);
    let grid = SweepGrid::read(&options.experiment, &options.points, command)?;
    let name = grid.study.name.clone();
    let plan =
        shards::ShardPlan::new(name, grid.command.clone(), grid.identity.clone(), options.shards as usize);
    let mut plan = plan.map_err(Failure::Usage)?;
    let shown = common.output.out.clone();
    let shown = shown.unwrap_or_else(|| Path::new("output").join(format!("{}-plan", slug(&plan.name))));
    let _hold = files::hold(&shown, &["orgsim".to_owned(), "plan".to_owned()])?;
    plan.inputs = grid.inputs.seen_from(OutputFolder::create(&shown)?.path()).json();
    if shown.join(PLAN).exists() && read(&shown)? != plan {
        let shown = shown.display();
        return Err(Failure::Usage(format!(
            "{shown} holds another plan: choose another --out, or remove it"
        )));
    }
    let folder = OutputFolder::create(&shown)?;
    folder.tidy();
    grid.write_scenario(&folder)?;
    folder.folder("results")?;
    // The plan comes last: where it is, everything is.
    let text = serde_json::to_value(&plan).unwrap_or_default();
    folder.write_as(PLAN, &manifest::pretty(&text))?;
    if !common.look.quiet {
        let most = plan.shards.iter().map(|shard| shard.lives).max().unwrap_or(0);
        let (runs, count) = (grid.partition.runs(), plan.shards.len());
        let shown = shown.display();
        screen::say(&format!(
            "{count} shards of at most {most} of {runs} replications are planned in {shown}"
        ));
    }
    Ok(())
}

/// Runs a shard, or says which are missing.
pub fn shard(options: &Shard) -> Result<(), Failure> {
    match options {
        Shard::Run(options) => run(options),
        Shard::Missing(options) => missing(&options.plan),
    }
}

fn run(options: &ShardRun) -> Result<(), Failure> {
    let folder = &options.plan;
    let plan = read(folder)?;
    let index = index(options)?;
    let work_units = plan.blocks(index).ok_or_else(|| {
        let last = plan.shards.len() - 1;
        Failure::Usage(format!("there is no shard {index}: the plan has shards 0 to {last}"))
    })?;
    let say = |text: &str| {
        if options.quiet {
        } else {
            screen::say(text)
        }
    };
    match shards::state(folder, &plan, index) {
        State::Done(_) => {
            shards::tidy(folder, index);
            say(&format!("the result of shard {index} is there already"));
            return Ok(());
        }
        State::Foreign(words) => return Err(Failure::Usage(words)),
        State::Damaged(words) => screen::warn(&format!("{words}; it is run again")),
        State::Missing => {}
    }
    let grid = SweepGrid::again(folder, &plan)?;
    let mut journal = shards::begin(folder, &plan, index)?;
    if !journal.found.is_empty() {
        let (found, all) = (journal.found.len(), work_units.end - work_units.start);
        say(&format!(
            "shard {index}: an earlier attempt had finished {found} of {}",
            words::count(all as usize, "block", "blocks")
        ));
    }
    let left = journal.lacks(work_units);
    let hint = "the next attempt reuses it";
    if !grid
        .simulate(&left, &mut journal, options.threads, options.quiet)
        .map_err(|failure| still_kept(failure, hint))?
    {
        screen::say(&format!("stopped; what was finished is kept: {hint}"));
        return Err(Failure::Stopped);
    }
    shards::end(folder, &plan, index, journal).map_err(|error| still_kept(error.into(), hint))?;
    count(folder, &plan, index, &grid)?;
    say(&format!("shard {index} is done"));
    Ok(())
}

/// Counts what came to nothing in a shard that is there.
fn count(folder: &Path, plan: &shards::ShardPlan, index: usize, grid: &SweepGrid) -> Result<(), Failure> {
    let State::Done(journal) = shards::state(folder, plan, index) else { return Ok(()) };
    let rows = SweepRows::new(plan.partition(), plan.identity.metrics, vec![journal]);
    let common = seeded(plan.identity.seed);
    for timeline in 0..grid.partition.timelines {
        rows.timeline(timeline, |number, row| {
            let run = losses::Run { study: &grid.study, common: &common, number, timeline };
            run.came_to(row.status, &row.reason, "");
            Ok::<(), Failure>(())
        })?;
    }
    Ok(())
}

/// What of a plan must be said to run a part of it alone: everything else is in its scenario.
fn seeded(seed: u64) -> Common {
    Common { seed: Some(seed), ..Common::default() }
}

/// The shard that the command line, or else the cluster's engine, names.
fn index(options: &ShardRun) -> Result<usize, Failure> {
    if let Some(index) = options.index {
        return Ok(index);
    }
    let set = INDICES.iter().find_map(|name| Some((name, std::env::var(name).ok()?)));
    let Some((name, text)) = set else {
        let names = INDICES.join(" or ");
        return Err(Failure::Usage(format!("which shard? Write --index I, or set {names}")));
    };
    text.trim()
        .parse()
        .map_err(|_| Failure::Usage(format!("{name} is `{text}`, which is no number of a shard")))
}

fn missing(folder: &Path) -> Result<(), Failure> {
    let plan = read(folder)?;
    let missing = lacking(folder, &plan, |_, _| Ok(()))?;
    if missing.is_empty() {
        return Ok(());
    }
    let (count, all) = (missing.len(), plan.shards.len());
    screen::print(&format!("{}\n", list(&missing)))?;
    Err(Failure::Incomplete(format!("{count} of {} without a result", words::count(all, "shard", "shards"))))
}

/// The shards without a whole result; `each` gets the others, one after the other.
pub fn lacking(
    folder: &Path,
    plan: &shards::ShardPlan,
    mut each: impl FnMut(usize, Journal) -> Result<(), Failure>,
) -> Result<Vec<usize>, Failure> {
    let (mut missing, mut damaged) = (Vec::new(), Vec::new());
    for index in 0..plan.shards.len() {
        match shards::state(folder, plan, index) {
            State::Done(journal) => each(index, journal)?,
            State::Missing => missing.push(index),
            State::Damaged(words) => {
                damaged.push(words);
                missing.push(index);
            }
            State::Foreign(words) => return Err(Failure::Usage(words)),
        }
    }
    screen::warn_of_few(&damaged, "these shards are listed among the missing ones");
    Ok(missing)
}

/// Numbers as `--array=` takes them: "1,5-7".
pub fn list(numbers: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let run = |(first, last): &(usize, usize)| {
        if first == last { format!("{first}") } else { format!("{first}-{last}") }
    };
    runs.iter().map(run).collect::<Vec<_>>().join(",")
}

/// Reads the plan of a folder.
pub fn read(folder: &Path) -> Result<shards::ShardPlan, Failure> {
    let path = folder.join(PLAN);
    let shown = path.display();
    let text = reading::bytes(&path, MOST_TEXT)
        .map_err(|error| Failure::Usage(format!("there is no plan: cannot read {shown}: {error}")))?;
    let wrong = |why: String| Failure::Usage(format!("{shown} is no plan that this version can read: {why}"));
    let plan: shards::ShardPlan = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
    plan.check().map_err(wrong)?;
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn missing_shards_are_written_as_slurm_takes_them() {
        assert_eq!(list(&[1, 5, 6, 7, 9]), "1,5-7,9");
        assert_eq!(list(&[0]), "0");
        assert_eq!(list(&[]), "");
    }
}
