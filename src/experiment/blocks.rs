//! Living the blocks of a sweep over threads, each into the journal as soon as it is finished.

use super::cuts::{Block, Cuts};
use super::journal::{Journal, JournalError};
use super::replicate::{Lived, replicate_courses};
use super::rows::{Row, encoded};
use super::run::Conduct;
use scenario::study::Study;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Lives these blocks in their order, keeping so many columns of each life, and adds each to the journal; those not begun before a stop are left out.
///
/// Memory holds one block for each thread, however long the sweep.
///
/// # Errors
/// When the journal cannot be written; what was added before is whole.
pub fn live(
    study: &Study,
    cuts: &Cuts,
    (blocks, columns): (&[u64], usize),
    conduct: &Conduct<'_>,
    journal: &mut Journal,
) -> Result<(), JournalError> {
    let next = AtomicUsize::new(0);
    let broken = AtomicBool::new(false);
    let shared = Mutex::new((journal, Ok(())));
    let work = || {
        while !conduct.stop.load(Ordering::Relaxed) && !broken.load(Ordering::Relaxed) {
            let Some(at) = blocks.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let block = cuts.block(*at);
            let live = |number, courses| replicate_courses(study, number, courses);
            let rows = encoded(*at, &rows(&block, columns, live));
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
            (0..block.lives()).for_each(|_| (conduct.done)());
        }
    };
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = conduct.threads.unwrap_or_else(cores).min(blocks.len().max(1));
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        work();
        drop(others);
    });
    let (journal, ended) = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    ended?;
    journal.force()
}

/// The rows of a block by course and then replication, of so many columns; one that came to nothing is a row that says
/// why.
pub fn rows(block: &Block, columns: usize, live: impl Fn(u64, Range<usize>) -> Vec<Lived>) -> Vec<Row> {
    let row = |lived: Lived| match lived {
        Ok(outcome) => Row::lived(&outcome.values, columns),
        Err(lost) => Row::without(lost.status(), lost.reason(), columns),
    };
    let of = |number: u64| live(number, block.courses.clone()).into_iter().map(row).collect();
    let by_replication: Vec<Vec<Row>> = block.replications.clone().map(of).collect();
    let courses = 0..block.courses.len();
    courses.flat_map(|at| by_replication.iter().map(move |rows| rows[at].clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::super::lost::{Lost, guarded};
    use super::*;
    use model::life::Overrun;

    #[test]
    fn a_replication_that_fails_is_a_row_with_its_reason_and_the_others_go_on() {
        let block = Block { courses: 4..7, replications: 2..4 };
        let one = |number: u64, course: usize| {
            guarded(number, || {
                assert!((number, course) != (3, 5), "course 5 breaks in replication {number}");
                Err(Lost::Overrun(Overrun::Population { limit: course as u64 }))
            })
        };
        let found = rows(&block, 3, |number, courses| courses.map(|course| one(number, course)).collect());
        let words: Vec<&str> = found.iter().map(|row| row.status.word()).collect();
        assert_eq!(words, ["overrun", "overrun", "overrun", "failed", "overrun", "overrun"]);
        assert!(found[3].reason.starts_with("course 5 breaks in replication 3"));
        assert!(found[4].reason.contains('6'));
    }
}
