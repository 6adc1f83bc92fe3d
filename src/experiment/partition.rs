//! The partition of a sweep: its replications in work units, in an order in which a sweep that is stopped is a balanced
//! smaller one.
//!
//! Work units go by replication first: every point has run replication 7 before any runs replication 100. How they are
//! parted depends on the sweep alone, never on threads or shards, so that a work unit means the same wherever it is
//! run.

use std::ops::Range;

/// Timelines that one work unit holds at most: the past they share is run once for each work unit.
const MOST_TIMELINES: usize = 32;

/// Runs that a work unit holds where a timeline has enough replications: what a kill can lose on each thread.
const RUNS: u64 = 32;

/// How the replications of a sweep are parted into work units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The baseline and every point.
    pub timelines: usize,
    pub replications: Range<u64>,
}

/// Some timelines run over some replications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkUnit {
    pub timelines: Range<usize>,
    pub replications: Range<u64>,
}

impl WorkUnit {
    pub fn runs(&self) -> u64 {
        self.timelines.len() as u64 * (self.replications.end - self.replications.start)
    }
}

impl Partition {
    /// How many work units there are.
    pub fn work_units(&self) -> u64 {
        self.rounds() * self.parts() as u64
    }

    pub fn runs(&self) -> u64 {
        self.timelines as u64 * self.count()
    }

    /// The work unit at a place in the order in which they are run.
    pub fn work_unit(&self, at: u64) -> WorkUnit {
        let parts = self.parts() as u64;
        self.at(at / parts, (at % parts) as usize)
    }

    /// The work units that hold a timeline, by replication, with their places.
    pub fn of_timeline(&self, timeline: usize) -> impl Iterator<Item = (u64, WorkUnit)> + '_ {
        let part = (0..self.parts()).find(|part| self.part(*part).contains(&timeline)).unwrap_or(0);
        let parts = self.parts() as u64;
        (0..self.rounds()).map(move |round| (round * parts + part as u64, self.at(round, part)))
    }

    fn at(&self, round: u64, part: usize) -> WorkUnit {
        let begin = self.replications.start + round * self.length();
        let end = (begin + self.length()).min(self.replications.end);
        WorkUnit { timelines: self.part(part), replications: begin..end }
    }

    fn part(&self, part: usize) -> Range<usize> {
        let bound = |at: usize| at * self.timelines / self.parts();
        bound(part)..bound(part + 1)
    }

    fn parts(&self) -> usize {
        self.timelines.div_ceil(MOST_TIMELINES).max(1)
    }

    /// Replications of a work unit.
    fn length(&self) -> u64 {
        let widest = self.timelines.div_ceil(self.parts()).max(1) as u64;
        (RUNS / widest).max(1)
    }

    fn rounds(&self) -> u64 {
        self.count().div_ceil(self.length())
    }

    fn count(&self) -> u64 {
        self.replications.end.saturating_sub(self.replications.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_replication_is_in_one_work_unit_and_a_stopped_sweep_is_balanced() {
        for (timelines, replications) in
            [(1, 0..1), (2, 0..1000), (33, 0..7), (65, 5..6), (4, 0..33), (200, 0..3)]
        {
            let partition = Partition { timelines, replications: replications.clone() };
            let mut seen = std::collections::BTreeSet::new();
            let mut most = vec![0; timelines];
            for at in 0..partition.work_units() {
                let work_unit = partition.work_unit(at);
                for timeline in work_unit.timelines.clone() {
                    assert!(work_unit.replications.clone().all(|number| seen.insert((timeline, number))));
                    most[timeline] += work_unit.replications.end - work_unit.replications.start;
                }
                let (least, most) = (most.iter().min().copied(), most.iter().max().copied());
                assert!(most.unwrap_or(0) - least.unwrap_or(0) <= RUNS, "{timelines} {at}");
            }
            assert_eq!(seen.len() as u64, partition.runs());
            let numbers: Vec<u64> = partition
                .of_timeline(timelines - 1)
                .flat_map(|(at, work_unit)| {
                    assert_eq!(partition.work_unit(at), work_unit);
                    assert!(work_unit.timelines.contains(&(timelines - 1)));
                    work_unit.replications
                })
                .collect();
            assert_eq!(numbers, replications.collect::<Vec<_>>());
        }
    }
}
