//! Running: replications and organisations over threads, until done or stopped, with what is finished kept on the way.

use super::losses::Run;
use super::{Common, Failure, losses, replications, screen};
use crate::experiment::lost::Lost;
use crate::experiment::recorded::{Recordable, Recorded};
use crate::experiment::rows::Status;
use crate::experiment::run::{ReplicationResults, RunOptions, run_some};
use crate::experiment::worlds::ParameterDraw;
use crate::scenario::study::Study;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Why a replication in an organisation that was drawn has no metrics.
const OVERLOADED: &str = "more work than the simulator holds";

/// How a command runs what it asks for.
#[derive(Clone)]
pub struct Runner {
    pub common: Common,
    /// Where what is finished is kept until all files are written, if there are any to be.
    pub recorded: Option<Arc<Recorded>>,
}

/// A replication's number, what is kept of it, and why it came to nothing under some of its timelines.
type Kept<T> = (u64, T, Vec<(usize, Lost)>);

impl Runner {
    /// Runs replications, keeping of each what `keep` makes of it, and whether all were run.
    pub fn simulate<T: Send + Recordable>(
        &self,
        study: &Study,
        numbers: &[u64],
        keep: impl Fn(ReplicationResults) -> T + Sync,
    ) -> Result<(Vec<T>, bool), Failure> {
        let (completed, complete) = self.simulate_some(study, numbers, keep)?;
        replications::some_completed(&completed)?;
        Ok((completed, complete))
    }

    /// The same, and none is a result as well.
    pub fn simulate_some<T: Send + Recordable>(
        &self,
        study: &Study,
        numbers: &[u64],
        keep: impl Fn(ReplicationResults) -> T + Sync,
    ) -> Result<(Vec<T>, bool), Failure> {
        let all: Vec<usize> = (0..study.timelines.len()).collect();
        self.simulate_under(study, numbers, &all, keep)
    }

    /// The same under some of a study's timelines.
    pub fn simulate_under<T: Send + Recordable>(
        &self,
        study: &Study,
        numbers: &[u64],
        timelines: &[usize],
        keep: impl Fn(ReplicationResults) -> T + Sync,
    ) -> Result<(Vec<T>, bool), Failure> {
        let keep = |replication: ReplicationResults| -> Kept<T> {
            let lost = timelines.iter().zip(&replication.runs);
            let lost = lost.filter_map(|(at, run)| Some((*at, run.as_ref().err()?.clone())));
            let lost = lost.collect();
            (replication.number, keep(replication), lost)
        };
        let completed = self.run(numbers.len() as u64, "replications", |run_options| {
            run_some(study, numbers, timelines, run_options, keep)
        })?;
        let complete = completed.len() == numbers.len();
        for (number, _, lost) in &completed {
            losses::note(study, &self.common, (*number, timelines), lost);
        }
        Ok((completed.into_iter().map(|(_, kept, _)| kept).collect(), complete))
    }

    /// Runs organisations with a progress bar, and counts what came to nothing in them.
    pub fn organisations(
        &self,
        study: &Study,
        asked: u64,
        what: &'static str,
        simulate: impl FnOnce(&RunOptions<'_>) -> Result<Vec<Vec<ParameterDraw>>, rayon::ThreadPoolBuildError>,
    ) -> Result<Vec<Vec<ParameterDraw>>, Failure> {
        let completed = self.run(asked, what, simulate)?;
        for world in completed.iter().flatten() {
            let also = format!(" in organisation {}", world.number);
            let run = |number: u64, timeline: usize| Run { study, common: &self.common, number, timeline };
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
    pub fn run<T>(
        &self,
        steps: u64,
        what: &'static str,
        simulate: impl FnOnce(&RunOptions<'_>) -> Result<T, rayon::ThreadPoolBuildError>,
    ) -> Result<T, Failure> {
        let stop = replications::stop()?;
        if let Some(threads) = self.common.threads {
            // Statistics and pictures keep to it as well. A second call in one command asks for what is there already.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
        }
        let was_stopped = stop.load(Ordering::Relaxed);
        let bar = screen::progress(steps, what, self.common.look.quiet);
        let done = || bar.step();
        let threads = self.common.threads.map(usize::from);
        let recorded = self.recorded.as_deref();
        let completed = simulate(&RunOptions { threads, done: &done, stop, recorded });
        bar.end();
        if let Some(recorded) = recorded {
            if let Err(error) = recorded.force() {
                screen::warn(&format!("{error}; the command goes on, and begins anew if it is stopped"));
            }
            if stop.load(Ordering::Relaxed) && !was_stopped {
                screen::say("what is finished is kept: the same command goes on from there");
            }
        }
        completed.map_err(no_threads)
    }

    /// Runs without a bar: for what is quickly done.
    pub fn run_quietly<T>(
        &self,
        simulate: impl FnOnce(&RunOptions<'_>) -> Result<T, rayon::ThreadPoolBuildError>,
    ) -> Result<T, Failure> {
        let (threads, stop) = (self.common.threads.map(usize::from), replications::stop()?);
        simulate(&RunOptions { threads, done: &|| {}, stop, recorded: None }).map_err(no_threads)
    }
}

fn no_threads(error: rayon::ThreadPoolBuildError) -> Failure {
    Failure::Failed(format!("cannot start threads: {error}"))
}
