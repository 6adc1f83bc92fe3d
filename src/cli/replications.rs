//! What an experiment asks for: its study, which replications, and whether they fit; and what stops it.

use super::{Common, Experiment, Failure, Replications, losses, screen};
use crate::diagnostic::Sources;
use crate::experiment::metric_rows;
use crate::report::words;
use crate::scenario::study::{Amendments, Study};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set by the first Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);

static LISTENING: AtomicBool = AtomicBool::new(false);

/// The exit code of a second Ctrl-C, and of a run that was stopped.
const STOPPED: i32 = 130;

/// Reads a scenario and says its warnings.
pub fn study(scenario: &Path, common: &Common) -> Result<Study, Failure> {
    let (study, sources) = read(scenario, common)?;
    screen::draw_few(&study.warnings, &sources, scenario);
    Ok(study)
}

/// The same, and its warnings are not said.
pub fn study_quietly(scenario: &Path, common: &Common) -> Result<Study, Failure> {
    Ok(read(scenario, common)?.0)
}

fn read(scenario: &Path, common: &Common) -> Result<(Study, Sources), Failure> {
    let amendments = Amendments { set: common.set.clone(), policies: common.policy.clone() };
    let (mut study, sources) = Study::read_on(scenario, common.on.as_deref(), &amendments)?;
    if let Some(on) = &common.on {
        // What comes of it is told apart from the scenario as it is written.
        study.scenario.title = format!("{} (in the organisation {on})", study.scenario.title);
    }
    losses::of_scenario(scenario);
    Ok((reseeded(study, common), sources))
}

/// The study with the seed the command line asks for.
pub fn reseeded(mut study: Study, common: &Common) -> Study {
    study.scenario.seed = common.seed.unwrap_or(study.scenario.seed);
    study
}

/// What of the common options changes results, as it is typed.
pub fn common(common: &Common) -> Vec<String> {
    let mut words = Vec::new();
    let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
    common.seed.iter().for_each(|seed| option("--seed", seed.to_string()));
    common.set.iter().for_each(|change| option("--set", change.clone()));
    common.on.iter().for_each(|preset| option("--on", preset.clone()));
    common.policy.iter().for_each(|name| option("--policy", name.clone()));
    words
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
    let many =
        format!("{count} replications under {}", words::count(study.timelines.len(), "policy", "policies"));
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

/// Refuses to go on with nothing.
pub fn some_completed<T>(completed: &[T]) -> Result<(), Failure> {
    if completed.is_empty() {
        return screen::stopped_before("any replication was finished");
    }
    Ok(())
}

/// What the first Ctrl-C sets, from now on.
pub fn stop() -> Result<&'static AtomicBool, Failure> {
    listen()?;
    Ok(&STOP)
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
