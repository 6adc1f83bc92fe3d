//! Cuts: the lives of a sweep in blocks, in an order in which a sweep that is stopped is a balanced smaller one.
//!
//! Blocks go by replication first: every point has lived replication 7 before any lives replication 100. How
//! they are cut depends on the sweep alone, never on threads or shards, so that a block means the same wherever
//! it is lived.

use std::ops::Range;

/// Courses that one block holds at most: the past they share is lived once for each block.
const MOST_COURSES: usize = 32;

/// Lives that a block holds where a course has enough replications: what a kill can lose on each thread.
const LIVES: u64 = 32;

/// How the lives of a sweep are cut into blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cuts {
    /// The baseline and every point.
    pub courses: usize,
    pub replications: Range<u64>,
}

/// Some courses lived over some replications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub courses: Range<usize>,
    pub replications: Range<u64>,
}

impl Block {
    pub fn lives(&self) -> u64 {
        self.courses.len() as u64 * (self.replications.end - self.replications.start)
    }
}

impl Cuts {
    /// How many blocks there are.
    pub fn blocks(&self) -> u64 {
        self.rounds() * self.parts() as u64
    }

    pub fn lives(&self) -> u64 {
        self.courses as u64 * self.count()
    }

    /// The block at a place in the order in which they are lived.
    pub fn block(&self, at: u64) -> Block {
        let parts = self.parts() as u64;
        self.at(at / parts, (at % parts) as usize)
    }

    /// The blocks that hold a course, by replication, with their places.
    pub fn of_course(&self, course: usize) -> impl Iterator<Item = (u64, Block)> + '_ {
        let part = (0..self.parts()).find(|part| self.part(*part).contains(&course)).unwrap_or(0);
        let parts = self.parts() as u64;
        (0..self.rounds()).map(move |round| (round * parts + part as u64, self.at(round, part)))
    }

    fn at(&self, round: u64, part: usize) -> Block {
        let begin = self.replications.start + round * self.length();
        let end = (begin + self.length()).min(self.replications.end);
        Block { courses: self.part(part), replications: begin..end }
    }

    fn part(&self, part: usize) -> Range<usize> {
        let bound = |at: usize| at * self.courses / self.parts();
        bound(part)..bound(part + 1)
    }

    fn parts(&self) -> usize {
        self.courses.div_ceil(MOST_COURSES).max(1)
    }

    /// Replications of a block.
    fn length(&self) -> u64 {
        let widest = self.courses.div_ceil(self.parts()).max(1) as u64;
        (LIVES / widest).max(1)
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
    fn every_life_is_in_one_block_and_a_stopped_sweep_is_balanced() {
        for (courses, replications) in
            [(1, 0..1), (2, 0..1000), (33, 0..7), (65, 5..6), (4, 0..33), (200, 0..3)]
        {
            let cuts = Cuts { courses, replications: replications.clone() };
            let mut seen = std::collections::BTreeSet::new();
            let mut most = vec![0; courses];
            for at in 0..cuts.blocks() {
                let block = cuts.block(at);
                for course in block.courses.clone() {
                    assert!(block.replications.clone().all(|number| seen.insert((course, number))));
                    most[course] += block.replications.end - block.replications.start;
                }
                let (least, most) = (most.iter().min().copied(), most.iter().max().copied());
                assert!(most.unwrap_or(0) - least.unwrap_or(0) <= LIVES, "{courses} {at}");
            }
            assert_eq!(seen.len() as u64, cuts.lives());
            let numbers: Vec<u64> = cuts
                .of_course(courses - 1)
                .flat_map(|(at, block)| {
                    assert_eq!(cuts.block(at), block);
                    assert!(block.courses.contains(&(courses - 1)));
                    block.replications
                })
                .collect();
            assert_eq!(numbers, replications.collect::<Vec<_>>());
        }
    }
}
