//! Living: reads the study an experiment asks for and lives its replications, until done or stopped.

use super::losses::Run;
use super::{Common, Experiment, Failure, Replications, losses, screen};
use crate::experiment::kept;
use crate::experiment::rows::Status;
use crate::experiment::run::{Conduct, Replication, run_keeping};
use crate::experiment::worlds::World;
use crate::scenario::study::{Amendments, Study};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set by the first Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);

/// Why a replication in an organisation that was drawn has no metrics.
const OVERLOADED: &str = "more work came than it can hold";

static LISTENING: AtomicBool = AtomicBool::new(false);

/// The exit code of a second Ctrl-C, and of a run that was stopped.
const STOPPED: i32 = 130;

/// Reads a scenario and says its warnings.
pub fn study(scenario: &Path, common: &Common) -> Result<Study, Failure> {
    let amendments = Amendments { set: common.set.clone(), policies: common.policy.clone() };
    let (study, sources) = Study::read(scenario, &amendments)?;
    losses::of_scenario(scenario);
    screen::draw(&study.warnings, &sources);
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
    let many = format!("{count} replications under {} policies", study.courses.len());
    fits(count, kept::bytes(study), &many, "`orgsim sweep` keeps them on the disk, whatever their number")
}

/// The most replications of a study that fit.
pub fn most(study: &Study) -> usize {
    ((MOST_HELD / kept::bytes(study)) as usize).max(2)
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

/// Lives replications, keeping of each what `keep` makes of it, and whether all were lived.
pub fn live<T: Send>(
    study: &Study,
    numbers: &[u64],
    common: &Common,
    keep: impl Fn(Replication) -> T + Sync,
) -> Result<(Vec<T>, bool), Failure> {
    let (lived, complete) = live_some(study, numbers, common, keep)?;
    some_lived(&lived)?;
    Ok((lived, complete))
}

/// The same, and none is a result as well.
pub fn live_some<T: Send>(
    study: &Study,
    numbers: &[u64],
    common: &Common,
    keep: impl Fn(Replication) -> T + Sync,
) -> Result<(Vec<T>, bool), Failure> {
    let keep = |replication: Replication| {
        losses::note(study, common, 0..study.courses.len(), &replication);
        keep(replication)
    };
    let lived = conducted(numbers.len() as u64, "replications", common, |conduct| {
        run_keeping(study, numbers, conduct, keep)
    })?;
    let complete = lived.len() == numbers.len();
    Ok((lived, complete))
}

/// Refuses to go on with nothing.
pub fn some_lived<T>(lived: &[T]) -> Result<(), Failure> {
    if lived.is_empty() {
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
    live: impl FnOnce(&Conduct<'_>) -> Result<Vec<Vec<World>>, rayon::ThreadPoolBuildError>,
) -> Result<Vec<Vec<World>>, Failure> {
    let lived = conducted(asked, what, common, live)?;
    for world in lived.iter().flatten() {
        let also = format!(" in organisation {}", world.number);
        let run = |number: u64, course: usize| Run { study, common, number, course };
        for (number, courses) in &world.lives {
            for (course, metrics) in courses.iter().enumerate() {
                match (metrics, world.failure(*number, course)) {
                    (Some(_), _) => run(*number, course).came_to(Status::Ok, "", ""),
                    (None, None) => run(*number, course).came_to(Status::Overrun, OVERLOADED, &also),
                    (None, Some(_)) => {}
                }
            }
        }
        for (number, course, reason) in &world.failed {
            run(*number, *course).came_to(Status::Failed, reason, &also);
        }
    }
    Ok(lived)
}

/// Lives with a progress bar, on as many threads as asked for, until done or stopped.
pub fn conducted<T>(
    steps: u64,
    what: &'static str,
    common: &Common,
    live: impl FnOnce(&Conduct<'_>) -> Result<T, rayon::ThreadPoolBuildError>,
) -> Result<T, Failure> {
    listen()?;
    if let Some(threads) = common.threads {
        // Statistics and pictures keep to it as well. A second call in one command asks for what is there already.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    let bar = screen::progress(steps, what, common.quiet);
    let done = || bar.inc(1);
    let conduct = Conduct { threads: common.threads.map(usize::from), done: &done, stop: &STOP };
    let lived = live(&conduct);
    bar.finish_and_clear();
    lived.map_err(|error| Failure::Failed(format!("cannot start threads: {error}")))
}

/// What the first Ctrl-C sets, from now on.
pub fn stop() -> Result<&'static AtomicBool, Failure> {
    listen()?;
    Ok(&STOP)
}

/// Lives without a bar: for what is quickly done.
pub fn conduct<T>(
    common: &Common,
    live: impl FnOnce(&Conduct<'_>) -> Result<T, rayon::ThreadPoolBuildError>,
) -> Result<T, Failure> {
    let conduct = Conduct { threads: common.threads.map(usize::from), done: &|| {}, stop: &STOP };
    live(&conduct).map_err(|error| Failure::Failed(format!("cannot start threads: {error}")))
}

/// The first Ctrl-C ends the run after the lives under way; the second ends the program.
fn listen() -> Result<(), Failure> {
    // A command may live several studies; one listener serves all.
    if LISTENING.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let heard = || {
        if STOP.swap(true, Ordering::SeqCst) {
            std::process::exit(STOPPED);
        }
        screen::say("stopping: finishing the lives under way (Ctrl-C again to leave at once)");
    };
    ctrlc::set_handler(heard).map_err(|error| Failure::Failed(format!("cannot listen for Ctrl-C: {error}")))
}
