//! Running: reads the study an experiment asks for and runs its replications, until done or stopped.

use super::losses::Run;
use super::{Common, Experiment, Failure, Replications, losses, screen};
use crate::experiment::metric_rows;
use crate::experiment::rows::Status;
use crate::experiment::run::{ReplicationResults, RunOptions, run_keeping};
use crate::experiment::worlds::ParameterDraw;
use crate::scenario::study::{Amendments, Study};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set by the first Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);

/// Why a replication in an organisation that was drawn has no metrics.
const OVERLOADED: &str = "more work than the simulator holds";

static LISTENING: AtomicBool = AtomicBool::new(false);

/// The exit code of a second Ctrl-C, and of a run that was stopped.
const STOPPED: i32 = 130;

/// Reads a scenario and says its warnings.
pub fn study(scenario: &Path, common: &Common) -> Result<Study, Failure> {
    let amendments = Amendments { set: common.set.clone(), policies: common.policy.clone() };
    let (mut study, sources) = Study::read_on(scenario, common.on.as_deref(), &amendments)?;
    if let Some(on) = &common.on {
        // What comes of it is told apart from the scenario as it is written.
        study.scenario.title = format!("{} (in the organisation {on})", study.scenario.title);
    }
    losses::of_scenario(scenario);
    screen::draw_few(&study.warnings, &sources, scenario);
    Ok(reseeded(study, common))
}

/// The study with the seed the command line asks for.
pub fn reseeded(mut study: Study, common: &Common) -> Study {
    study.scenario.seed = common.seed.unwrap_or(study.scenario.seed);
    study
}

/// The replications an experiment asks for.
pub fn numbers(study: &Study, options: &Experiment) -> Result<Vec<u64>, Failure> {
    let count = number(options)?.unwrap_or(study.scenario.replications);
    Ok(match options.only_replication {
        Some(number) => vec![number],
        None => (0..u64::from(count)).collect(),
    })
}

/// How many replications are asked for, where that must be a number.
pub fn number(options: &Experiment) -> Result<Option<u32>, Failure> {
    match options.replications {
        None => Ok(None),
        Some(Replications::Number(number)) => Ok(Some(number)),
        Some(Replications::Auto) => {
            Err(Failure::Usage("--replications auto is for run and compare; write a number here".to_owned()))
        }
    }
}

/// The most bytes that a command may hold of what it has run, so that no machine is brought down by a large number.
const MOST_HELD: f64 = 2e9;

/// Refuses so many replications as would not fit, before any is run: each is held until all are summed up.
pub fn room(study: &Study, count: usize) -> Result<(), Failure> {
    let many = format!("{count} replications under {} policies", study.timelines.len());
    fits(
        count,
        metric_rows::bytes(study),
        &many,
        "`orgsim sweep` keeps them on the disk, whatever their number",
    )
}

/// The most replications of a study that fit.
pub fn most(study: &Study) -> usize {
    ((MOST_HELD / metric_rows::bytes(study)) as usize).max(2)
}

/// The same for things of a size in bytes each.
pub fn fits(count: usize, each: f64, many: &str, instead: &str) -> Result<(), Failure> {
    let all = count as f64 * each;
    if all <= MOST_HELD {
        return Ok(());
    }
    let most = (MOST_HELD / each).floor();
    Err(Failure::Usage(format!(
        "{many} would hold about {:.1} GB in memory, more than the {:.0} GB that a command may: at most {most} fit; {instead}",
        all / 1e9,
        MOST_HELD / 1e9
    )))
}

/// Runs replications, keeping of each what `keep` makes of it, and whether all were run.
pub fn simulate<T: Send>(
    study: &Study,
    numbers: &[u64],
    common: &Common,
    keep: impl Fn(ReplicationResults) -> T + Sync,
) -> Result<(Vec<T>, bool), Failure> {
    let (completed, complete) = simulate_some(study, numbers, common, keep)?;
    some_completed(&completed)?;
    Ok((completed, complete))
}

/// The same, and none is a result as well.
pub fn simulate_some<T: Send>(
    study: &Study,
    numbers: &[u64],
    common: &Common,
    keep: impl Fn(ReplicationResults) -> T + Sync,
) -> Result<(Vec<T>, bool), Failure> {
    let keep = |replication: ReplicationResults| {
        losses::note(study, common, 0..study.timelines.len(), &replication);
        keep(replication)
    };
    let completed = run_with_options(numbers.len() as u64, "replications", common, |run_options| {
        run_keeping(study, numbers, run_options, keep)
    })?;
    let complete = completed.len() == numbers.len();
    Ok((completed, complete))
}

/// Refuses to go on with nothing.
pub fn some_completed<T>(completed: &[T]) -> Result<(), Failure> {
    if completed.is_empty() {
        screen::say("stopped before any replication was finished; nothing was written");
        return Err(Failure::Stopped);
    }
    Ok(())
}

/// Runs organisations with a progress bar, and counts what came to nothing in them.
pub fn organisations(
    study: &Study,
    asked: u64,
    what: &'static str,
    common: &Common,
    simulate: impl FnOnce(&RunOptions<'_>) -> Result<Vec<Vec<ParameterDraw>>, rayon::ThreadPoolBuildError>,
) -> Result<Vec<Vec<ParameterDraw>>, Failure> {
    let completed = run_with_options(asked, what, common, simulate)?;
    for world in completed.iter().flatten() {
        let also = format!(" in organisation {}", world.number);
        let run = |number: u64, timeline: usize| Run { study, common, number, timeline };
        for (number, timelines) in &world.runs {
            for (timeline, metrics) in timelines.iter().enumerate() {
                match (metrics, world.failure(*number, timeline)) {
                    (Some(_), _) => run(*number, timeline).came_to(Status::Ok, "", ""),
                    (None, None) => run(*number, timeline).came_to(Status::Overrun, OVERLOADED, &also),
                    (None, Some(_)) => {}
                }
            }
        }
        for (number, timeline, reason) in &world.failed {
            run(*number, *timeline).came_to(Status::Failed, reason, &also);
        }
    }
    Ok(completed)
}

/// Runs with a progress bar, on as many threads as asked for, until done or stopped.
pub fn run_with_options<T>(
    steps: u64,
    what: &'static str,
    common: &Common,
    simulate: impl FnOnce(&RunOptions<'_>) -> Result<T, rayon::ThreadPoolBuildError>,
) -> Result<T, Failure> {
    listen()?;
    if let Some(threads) = common.threads {
        // Statistics and pictures keep to it as well. A second call in one command asks for what is there already.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    let bar = screen::progress(steps, what, common.quiet);
    let done = || bar.step();
    let run_options = RunOptions { threads: common.threads.map(usize::from), done: &done, stop: &STOP };
    let completed = simulate(&run_options);
    bar.end();
    completed.map_err(|error| Failure::Failed(format!("cannot start threads: {error}")))
}

/// What the first Ctrl-C sets, from now on.
pub fn stop() -> Result<&'static AtomicBool, Failure> {
    listen()?;
    Ok(&STOP)
}

/// Runs without a bar: for what is quickly done.
pub fn with_run_options<T>(
    common: &Common,
    simulate: impl FnOnce(&RunOptions<'_>) -> Result<T, rayon::ThreadPoolBuildError>,
) -> Result<T, Failure> {
    let run_options = RunOptions { threads: common.threads.map(usize::from), done: &|| {}, stop: &STOP };
    simulate(&run_options).map_err(|error| Failure::Failed(format!("cannot start threads: {error}")))
}

/// The first Ctrl-C ends the run after the replications under way; the second ends the program.
fn listen() -> Result<(), Failure> {
    // A command may run several studies; one listener serves all.
    if LISTENING.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let heard = || {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::exit(STOPPED);
        }
        screen::say("stopping: finishing the replications under way (Ctrl-C again to leave at once)");
    };
    ctrlc::set_handler(heard).map_err(|error| Failure::Failed(format!("cannot listen for Ctrl-C: {error}")))
}
