//! The rows of a sweep on the disk: one for each life, read back point by point without holding them all.

use super::cuts::{Block, Cuts};
use super::journal::{Journal, JournalError};
use super::kept::of_row;
use observation::metrics::least;
use statistics::seen::Seen;

/// What became of a life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Ok,
    /// More work was open than the population limit.
    Overrun,
    /// The program failed while it lived; a fault in orgsim.
    Failed,
}

impl Status {
    /// The word in files.
    pub fn word(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Overrun => "overrun",
            Status::Failed => "failed",
        }
    }

    fn of(byte: u8) -> Status {
        match byte {
            0 => Status::Ok,
            1 => Status::Overrun,
            _ => Status::Failed,
        }
    }
}

/// One life: its metrics, or why it has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub status: Status,
    /// Empty where the life is ok.
    pub reason: String,
    /// The columns that the sweep keeps, every metric of the register first; not a number where there was nothing to
    /// measure.
    pub values: Vec<f64>,
}

impl Row {
    /// The first so many columns of a life.
    pub fn lived(values: &[f64], columns: usize) -> Row {
        Row { status: Status::Ok, reason: String::new(), values: values[..columns].to_vec() }
    }

    pub fn without(status: Status, reason: String, columns: usize) -> Row {
        Row { status, reason, values: vec![f64::NAN; columns] }
    }
}

/// Bytes of a row of so many columns but for its reason: the status, the columns, and a seal.
fn width(columns: usize) -> usize {
    1 + 8 * columns + 4
}

/// What a row must bear to be read as the nth of a block: a CRC over the block's number, its place, and the row.
fn seal(block: u64, nth: usize, row: &[u8]) -> [u8; 4] {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&block.to_le_bytes());
    crc.update(&(nth as u64).to_le_bytes());
    crc.update(row);
    crc.finalize().to_le_bytes()
}

/// The rows of a block as bytes: by course and then replication, all of one width, the reasons after them.
pub fn encoded(block: u64, rows: &[Row]) -> Vec<u8> {
    let columns = rows.first().map_or(0, |row| row.values.len());
    let mut bytes = Vec::with_capacity(rows.len() * width(columns));
    for (nth, row) in rows.iter().enumerate() {
        let begins = bytes.len();
        bytes.push(row.status as u8);
        row.values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
        let seal = seal(block, nth, &bytes[begins..]);
        bytes.extend(seal);
    }
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.reason.is_empty()) {
        bytes.extend((at as u32).to_le_bytes());
        bytes.extend((row.reason.len() as u32).to_le_bytes());
        bytes.extend(row.reason.as_bytes());
    }
    bytes
}

/// The reason of the row at a place in its block, from the bytes behind the rows.
fn reason(mut bytes: &[u8], wanted: usize) -> String {
    let number = |bytes: &[u8]| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
    while bytes.len() >= 8 {
        let (at, length) = (number(bytes), number(&bytes[4..]));
        let text = bytes.get(8..8 + length).unwrap_or_default();
        if at == wanted {
            return String::from_utf8_lossy(text).into_owned();
        }
        bytes = bytes.get(8 + length..).unwrap_or_default();
    }
    String::new()
}

/// All rows of a sweep that are finished, in one journal or several.
#[derive(Debug)]
pub struct Rows {
    pub cuts: Cuts,
    /// How many columns each row has.
    columns: usize,
    journals: Vec<Journal>,
    /// For each block, the journal it is in and its place there.
    places: Vec<Option<(u32, u64)>>,
}

impl Rows {
    /// Puts journals of one sweep together; a block that is there twice is the same twice.
    pub fn new(cuts: Cuts, columns: usize, journals: Vec<Journal>) -> Rows {
        let mut places = vec![None; cuts.blocks() as usize];
        for (number, journal) in journals.iter().enumerate() {
            for (block, place) in &journal.found {
                if let Some(free @ None) = places.get_mut(*block as usize) {
                    *free = Some((number as u32, *place));
                }
            }
        }
        Rows { cuts, columns, journals, places }
    }

    /// Lives that are finished.
    pub fn finished(&self) -> u64 {
        let found = self.places.iter().enumerate().filter(|(_, place)| place.is_some());
        found.map(|(at, _)| self.cuts.block(at as u64).lives()).sum()
    }

    /// The bytes of a block's rows, if it is finished.
    pub fn block(&self, block: u64) -> Result<Option<Vec<u8>>, JournalError> {
        let Some((journal, place)) = self.places[block as usize] else { return Ok(None) };
        self.journals[journal as usize].rows(block, place).map(Some)
    }

    /// Gives every finished life of a course, by replication.
    ///
    /// # Errors
    /// When a journal cannot be read, or what is done with a row fails.
    pub fn course<E: From<JournalError>>(
        &self,
        course: usize,
        mut each: impl FnMut(u64, &Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut row = Row::without(Status::Ok, String::new(), self.columns);
        let mut bytes = Vec::new();
        for (at, block) in self.cuts.of_course(course) {
            let Some((journal, place)) = self.places[at as usize] else { continue };
            let journal = &self.journals[journal as usize];
            let long = (block.replications.end - block.replications.start) as usize;
            let first = (course - block.courses.start) * long;
            bytes.resize(long * width(self.columns), 0);
            journal.read(place + (first * width(self.columns)) as u64, &mut bytes)?;
            for (nth, number) in block.replications.clone().enumerate() {
                let bytes = &bytes[nth * width(self.columns)..];
                read(at, first + nth, bytes, &mut row).ok_or_else(|| journal.mixed(at))?;
                if row.status != Status::Ok {
                    row.reason = self.reason(journal, (at, place), &block, first + nth)?;
                }
                each(number, &row)?;
            }
        }
        Ok(())
    }

    /// One metric of a course by replication, not a number where there is none.
    pub fn seen(&self, course: usize, metric: usize) -> Result<Seen, JournalError> {
        let first = self.cuts.replications.start;
        let least = least(metric);
        let mut seen = Seen::known(vec![f64::NAN; (self.cuts.replications.end - first) as usize]);
        self.course(course, |number, row| {
            let at = (number - first) as usize;
            (seen.values[at], seen.beyond[at]) = of_row(&row.values, metric, least);
            Ok::<(), JournalError>(())
        })?;
        Ok(seen)
    }

    /// One metric of two courses, life by life, each with whether it lies beyond the window; not a number where there
    /// is none.
    pub fn pairs(
        &self,
        one: usize,
        other: usize,
        metric: usize,
        mut each: impl FnMut((f64, bool), (f64, bool)),
    ) -> Result<(), JournalError> {
        let blocks = self.cuts.of_course(one).zip(self.cuts.of_course(other));
        for ((at, block), (other_at, other_block)) in blocks {
            let one = self.stretch(at, &block, one, metric)?;
            let other = self.stretch(other_at, &other_block, other, metric)?;
            one.into_iter().zip(other).for_each(|(one, other)| each(one, other));
        }
        Ok(())
    }

    /// One metric of a course over the replications of a block.
    fn stretch(
        &self,
        at: u64,
        block: &Block,
        course: usize,
        metric: usize,
    ) -> Result<Vec<(f64, bool)>, JournalError> {
        let long = (block.replications.end - block.replications.start) as usize;
        let missing = || vec![(f64::NAN, false); long];
        let Some((journal, place)) = self.places[at as usize] else { return Ok(missing()) };
        let mut bytes = vec![0; long * width(self.columns)];
        let first = (course - block.courses.start) * long;
        let journal = &self.journals[journal as usize];
        journal.read(place + (first * width(self.columns)) as u64, &mut bytes)?;
        let mut row = Row::without(Status::Ok, String::new(), self.columns);
        let least = least(metric);
        let mut value = |nth: usize| {
            let bytes = &bytes[nth * width(self.columns)..];
            read(at, first + nth, bytes, &mut row).ok_or_else(|| journal.mixed(at))?;
            Ok(of_row(&row.values, metric, least))
        };
        (0..long).map(&mut value).collect()
    }

    fn reason(
        &self,
        journal: &Journal,
        (at, place): (u64, u64),
        block: &Block,
        nth: usize,
    ) -> Result<String, JournalError> {
        let rows = journal.rows(at, place)?;
        let behind = block.lives() as usize * width(self.columns);
        Ok(reason(rows.get(behind..).unwrap_or_default(), nth))
    }
}

/// Reads the nth row of a block; nothing where it is another.
fn read(block: u64, nth: usize, bytes: &[u8], row: &mut Row) -> Option<()> {
    let (bare, rest) = bytes.split_at_checked(width(row.values.len()) - 4)?;
    if rest.get(..4)? != seal(block, nth, bare) {
        return None;
    }
    row.status = Status::of(bare[0]);
    row.reason.clear();
    for (value, bytes) in row.values.iter_mut().zip(bare[1..].chunks_exact(8)) {
        let bits = <[u8; 8]>::try_from(bytes).unwrap_or_default();
        *value = f64::from_le_bytes(bits);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use observation::metrics::METRICS;

    #[test]
    fn rows_come_back_by_course_whatever_the_order_of_blocks() {
        let folder = tempfile::tempdir().expect("a folder");
        let cuts = Cuts { courses: 40, replications: 0..5 };
        let row = |course: usize, number: u64| match (course, number) {
            (3, 2) => Row::without(Status::Overrun, "too much".to_owned(), METRICS.len()),
            (3, 4) => Row::without(Status::Failed, "broken".to_owned(), METRICS.len()),
            _ => Row::lived(&vec![course as f64 + number as f64 / 8.0; METRICS.len()], METRICS.len()),
        };
        let mut journal = Journal::create(&folder.path().join("j"), "{}").expect("a journal");
        for at in (0..cuts.blocks()).rev().filter(|at| *at != 4) {
            let block = cuts.block(at);
            let rows: Vec<Row> = block
                .courses
                .flat_map(|course| block.replications.clone().map(move |number| row(course, number)))
                .collect();
            journal.append(at, &encoded(at, &rows)).expect("room");
        }
        let rows = Rows::new(cuts.clone(), METRICS.len(), vec![journal]);
        assert_eq!(rows.finished(), cuts.lives() - cuts.block(4).lives());
        for course in 0..40 {
            let mut seen = Vec::new();
            rows.course(course, |number, found| {
                assert_eq!(
                    (found.status, &found.reason),
                    (row(course, number).status, &row(course, number).reason)
                );
                assert_eq!(found.values[0].to_bits(), row(course, number).values[0].to_bits());
                seen.push(number);
                Ok::<(), JournalError>(())
            })
            .expect("readable");
            let expected: Vec<u64> =
                (0..5).filter(|at| *at != 2 || !cuts.block(4).courses.contains(&course)).collect();
            assert_eq!(seen, expected, "{course}");
        }
    }

    #[test]
    fn rows_of_another_block_are_an_error_and_never_a_result() {
        let folder = tempfile::tempdir().expect("a folder");
        let cuts = Cuts { courses: 2, replications: 0..64 };
        let rows = |value: f64| vec![Row::lived(&vec![value; METRICS.len()], METRICS.len()); 32];
        let path = folder.path().join("j");
        let mut journal = Journal::create(&path, "{}").expect("a journal");
        for at in 0..cuts.blocks() {
            journal.append(at, &encoded(at, &rows(at as f64))).expect("room");
        }
        let places: Vec<usize> = journal.found.iter().map(|(_, place)| *place as usize).collect();
        let rows = Rows::new(cuts, METRICS.len(), vec![journal]);
        assert!(rows.seen(0, 0).is_ok() && rows.pairs(0, 1, 0, |_, _| {}).is_ok());
        // What a second writer leaves: the rows of block 2 where those of block 1 were.
        let mut bytes = std::fs::read(&path).expect("readable");
        bytes.copy_within(places[2]..places[2] + 32 * width(METRICS.len()), places[1]);
        std::fs::write(&path, &bytes).expect("writable");
        let mixed = |error: JournalError| matches!(error, JournalError::Mixed { block: 1, .. });
        assert!(rows.seen(0, 0).is_err_and(mixed));
        assert!(rows.pairs(0, 1, 0, |_, _| {}).is_err_and(mixed));
        assert!(rows.block(1).is_err_and(mixed));
        assert!(rows.block(2).is_ok());
    }
}
