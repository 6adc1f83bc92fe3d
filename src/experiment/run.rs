//! Replications over threads: each is placed by its number, never by when it was done.

use super::recorded::{Recordable, Recorded};
use super::replicate::{RunResult, replicate_timelines};
use rayon::prelude::*;
use scenario::study::Study;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};

/// How a run is carried out; none of it changes a result.
pub struct RunOptions<'a> {
    /// Threads; `None` for as many as there are cores.
    pub threads: Option<usize>,
    /// Called after each replication.
    pub done: &'a (dyn Fn() + Sync),
    /// Once it is set, no further replication is begun.
    pub stop: &'a AtomicBool,
    /// What was finished before, and where what is finished now is kept.
    pub recorded: Option<&'a Recorded>,
}

impl<'a> RunOptions<'a> {
    /// On so many threads (`None` for as many as there are cores), until all is done.
    pub fn to_the_end(threads: Option<usize>) -> RunOptions<'a> {
        static NEVER: AtomicBool = AtomicBool::new(false);
        RunOptions { threads, done: &|| {}, stop: &NEVER, recorded: None }
    }
}

/// The replications of one replication, one for each policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReplicationResults {
    pub number: u64,
    pub runs: Vec<RunResult>,
}

/// Runs the replications with these numbers; those not begun before a stop are missing.
///
/// # Errors
/// When no threads can be had.
pub fn run(
    study: &Study,
    numbers: &[u64],
    run_options: &RunOptions<'_>,
) -> Result<Vec<ReplicationResults>, rayon::ThreadPoolBuildError> {
    run_keeping(study, numbers, run_options, |replication| replication)
}

/// The same, keeping of each replication only what `keep` makes of it.
///
/// # Errors
/// When no threads can be had.
pub fn run_keeping<T: Send + Recordable>(
    study: &Study,
    numbers: &[u64],
    run_options: &RunOptions<'_>,
    keep: impl Fn(ReplicationResults) -> T + Sync,
) -> Result<Vec<T>, rayon::ThreadPoolBuildError> {
    let all: Vec<usize> = (0..study.timelines.len()).collect();
    run_some(study, numbers, &all, run_options, keep)
}

/// The same for some of a study's timelines: each replication is the one it is in the whole.
///
/// # Errors
/// When no threads can be had.
pub fn run_some<T: Send + Recordable>(
    study: &Study,
    numbers: &[u64],
    timelines: &[usize],
    run_options: &RunOptions<'_>,
    keep: impl Fn(ReplicationResults) -> T + Sync,
) -> Result<Vec<T>, rayon::ThreadPoolBuildError> {
    each_recorded(numbers.to_vec(), run_options, |number| {
        let runs = replicate_timelines(study, number, timelines.iter().copied());
        keep(ReplicationResults { number, runs })
    })
}

/// What `make` makes of each of these, as [`each`] does; or what it made when the same command was stopped.
///
/// # Errors
/// When no threads can be had.
pub(super) fn each_recorded<I: Send, T: Send + Recordable>(
    items: Vec<I>,
    run_options: &RunOptions<'_>,
    make: impl Fn(I) -> T + Sync,
) -> Result<Vec<T>, rayon::ThreadPoolBuildError> {
    each_recorded_of(items, run_options, |_, _| true, make)
}

/// The same, if what was made then `is_of` what is asked for now.
///
/// # Errors
/// When no threads can be had.
pub(super) fn each_recorded_of<I: Send, T: Send + Recordable>(
    items: Vec<I>,
    run_options: &RunOptions<'_>,
    is_of: impl Fn(&I, &T) -> bool + Sync,
    make: impl Fn(I) -> T + Sync,
) -> Result<Vec<T>, rayon::ThreadPoolBuildError> {
    let Some(recorded) = run_options.recorded else { return each(items, run_options, make) };
    let stage = recorded.stage();
    each(items.into_iter().enumerate().collect(), run_options, |(place, item)| {
        stage.find(place).filter(|found| is_of(&item, found)).unwrap_or_else(|| {
            let made = make(item);
            stage.keep(place, &made);
            made
        })
    })
}

/// What `make` makes of each of these, in their order; those not begun before a stop are missing.
///
/// # Errors
/// When no threads can be had.
pub(super) fn each<I: Send, T: Send>(
    items: Vec<I>,
    run_options: &RunOptions<'_>,
    make: impl Fn(I) -> T + Sync,
) -> Result<Vec<T>, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(run_options.threads.unwrap_or(0)).build()?;
    let completed: Vec<Option<T>> = pool.install(|| {
        let made = items.into_par_iter().with_max_len(1).map(|item| {
            if run_options.stop.load(Ordering::Relaxed) {
                return None;
            }
            let made = make(item);
            (run_options.done)();
            Some(made)
        });
        made.collect()
    });
    Ok(completed.into_iter().flatten().collect())
}
