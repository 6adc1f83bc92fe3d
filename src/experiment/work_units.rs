//! Living the work units of a sweep over threads, each into the journal as soon as it is finished.

use super::journal::{Journal, JournalError};
use super::partition::{Partition, WorkUnit};
use super::replicate::{RunResult, replicate_timelines};
use super::rows::{Row, encoded};
use super::run::RunOptions;
use scenario::study::Study;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Runs these work units in their order, keeping so many columns of each replication, and adds each to the journal;
/// those not begun before a stop are left out.
///
/// Memory holds one work unit for each thread, however long the sweep.
///
/// # Errors
/// When the journal cannot be written; what was added before is whole.
pub fn simulate(
    study: &Study,
    partition: &Partition,
    (work_units, columns): (&[u64], usize),
    run_options: &RunOptions<'_>,
    journal: &mut Journal,
) -> Result<(), JournalError> {
    let next = AtomicUsize::new(0);
    let broken = AtomicBool::new(false);
    let shared = Mutex::new((journal, Ok(())));
    let work = || {
        while !run_options.stop.load(Ordering::Relaxed) && !broken.load(Ordering::Relaxed) {
            let Some(at) = work_units.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let work_unit = partition.work_unit(*at);
            let simulate = |number, timelines| replicate_timelines(study, number, timelines);
            let rows = encoded(*at, &rows(&work_unit, columns, simulate));
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            if broken.load(Ordering::Relaxed) {
                return;
            }
            if let Err(error) = shared.0.append(*at, &rows) {
                broken.store(true, Ordering::Relaxed);
                shared.1 = Err(error);
                return;
            }
            drop(shared);
            (0..work_unit.runs()).for_each(|_| (run_options.done)());
        }
    };
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = run_options.threads.unwrap_or_else(cores).min(work_units.len().max(1));
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        work();
        drop(others);
    });
    let (journal, ended) = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    ended?;
    journal.force()
}

/// The rows of a work unit by timeline and then replication, of so many columns; one that came to nothing is a row that
/// says why.
pub fn rows(
    work_unit: &WorkUnit,
    columns: usize,
    simulate: impl Fn(u64, Range<usize>) -> Vec<RunResult>,
) -> Vec<Row> {
    let row = |completed: RunResult| match completed {
        Ok(outcome) => Row::completed(&outcome.values, columns),
        Err(lost) => Row::without(lost.status(), lost.reason(), columns),
    };
    let of = |number: u64| simulate(number, work_unit.timelines.clone()).into_iter().map(row).collect();
    let by_replication: Vec<Vec<Row>> = work_unit.replications.clone().map(of).collect();
    let timelines = 0..work_unit.timelines.len();
    timelines.flat_map(|at| by_replication.iter().map(move |rows| rows[at].clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::lost::{Lost, guarded};
    use super::*;
    use model::replication::Overrun;

    #[test]
    fn a_replication_that_fails_is_a_row_with_its_reason_and_the_others_go_on() {
        let work_unit = WorkUnit { timelines: 4..7, replications: 2..4 };
        let one = |number: u64, timeline: usize| {
            guarded(number, || {
                assert!((number, timeline) != (3, 5), "course 5 breaks in replication {number}");
                Err(Lost::Overrun(Overrun::Population { limit: timeline as u64 }))
            })
        };
        let found = rows(&work_unit, 3, |number, timelines| {
            timelines.map(|timeline| one(number, timeline)).collect()
        });
        let words: Vec<&str> = found.iter().map(|row| row.status.word()).collect();
        assert_eq!(words, ["overrun", "overrun", "overrun", "failed", "overrun", "overrun"]);
        assert!(found[3].reason.starts_with("course 5 breaks in replication 3"));
        assert!(found[4].reason.contains('6'));
    }
}
