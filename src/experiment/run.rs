//! Replications over threads: each is placed by its number, never by when it was done.

use super::replicate::{Lived, replicate_courses};
use rayon::prelude::*;
use scenario::study::Study;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a run is carried out; none of it changes a result.
pub struct Conduct<'a> {
    /// Threads; `None` for as many as there are cores.
    pub threads: Option<usize>,
    /// Called after each replication.
    pub done: &'a (dyn Fn() + Sync),
    /// Once it is set, no further replication is begun.
    pub stop: &'a AtomicBool,
}

/// The lives of one replication, one for each policy.
#[derive(Clone, Debug)]
pub struct Replication {
    pub number: u64,
    pub lives: Vec<Lived>,
}

/// Lives the replications with these numbers; those not begun before a stop are missing.
///
/// # Errors
/// When no threads can be had.
pub fn run(
    study: &Study,
    numbers: &[u64],
    conduct: &Conduct<'_>,
) -> Result<Vec<Replication>, rayon::ThreadPoolBuildError> {
    run_keeping(study, numbers, conduct, |replication| replication)
}

/// The same, keeping of each replication only what `keep` makes of it.
///
/// # Errors
/// When no threads can be had.
pub fn run_keeping<T: Send>(
    study: &Study,
    numbers: &[u64],
    conduct: &Conduct<'_>,
    keep: impl Fn(Replication) -> T + Sync,
) -> Result<Vec<T>, rayon::ThreadPoolBuildError> {
    let all: Vec<usize> = (0..study.courses.len()).collect();
    run_some(study, numbers, &all, conduct, keep)
}

/// The same for some of a study's courses: each life is the one it is in the whole.
///
/// # Errors
/// When no threads can be had.
pub fn run_some<T: Send>(
    study: &Study,
    numbers: &[u64],
    courses: &[usize],
    conduct: &Conduct<'_>,
    keep: impl Fn(Replication) -> T + Sync,
) -> Result<Vec<T>, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(conduct.threads.unwrap_or(0)).build()?;
    let lived: Vec<Option<T>> = pool.install(|| {
        let lives = numbers.par_iter().with_max_len(1).map(|number| {
            if conduct.stop.load(Ordering::Relaxed) {
                return None;
            }
            let lives = replicate_courses(study, *number, courses.iter().copied());
            let kept = keep(Replication { number: *number, lives });
            (conduct.done)();
            Some(kept)
        });
        lives.collect()
    });
    Ok(lived.into_iter().flatten().collect())
}
