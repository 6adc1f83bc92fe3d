//! The rows of a sweep on the disk: one for each replication, read back point by point without holding them all.

use super::journal::{Journal, JournalError};
use super::metric_rows::of_row;
use super::partition::{Partition, WorkUnit};
use observation::metrics::least;
use statistics::seen::Seen;

/// What became of a replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Ok,
    /// More work was open than the population limit.
    Overrun,
    /// The program failed while it ran; a fault in orgsim.
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

/// One replication: its metrics, or why it has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub status: Status,
    /// Empty where the replication is ok.
    pub reason: String,
    /// The columns that the sweep keeps, every metric of the register first; not a number where there was nothing to
    /// measure.
    pub values: Vec<f64>,
}

impl Row {
    /// The first so many columns of a replication.
    pub fn completed(values: &[f64], columns: usize) -> Row {
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

/// What a row must bear to be read as the nth of a work unit: a CRC over the work unit's number, its place, and the
/// row.
fn seal(work_unit: u64, nth: usize, row: &[u8]) -> [u8; 4] {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&work_unit.to_le_bytes());
    crc.update(&(nth as u64).to_le_bytes());
    crc.update(row);
    crc.finalize().to_le_bytes()
}

/// The rows of a work unit as bytes: by timeline and then replication, all of one width, the reasons after them.
pub fn encoded(work_unit: u64, rows: &[Row]) -> Vec<u8> {
    let columns = rows.first().map_or(0, |row| row.values.len());
    let mut bytes = Vec::with_capacity(rows.len() * width(columns));
    for (nth, row) in rows.iter().enumerate() {
        let begins = bytes.len();
        bytes.push(row.status as u8);
        row.values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
        let seal = seal(work_unit, nth, &bytes[begins..]);
        bytes.extend(seal);
    }
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.reason.is_empty()) {
        bytes.extend((at as u32).to_le_bytes());
        bytes.extend((row.reason.len() as u32).to_le_bytes());
        bytes.extend(row.reason.as_bytes());
    }
    bytes
}

/// The reason of the row at a place in its work unit, from the bytes behind the rows.
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
pub struct SweepRows {
    pub partition: Partition,
    /// How many columns each row has.
    columns: usize,
    journals: Vec<Journal>,
    /// For each work unit, the journal it is in and its place there.
    places: Vec<Option<(u32, u64)>>,
}

impl SweepRows {
    /// Puts journals of one sweep together; a work unit that is there twice is the same twice.
    pub fn new(partition: Partition, columns: usize, journals: Vec<Journal>) -> SweepRows {
        let mut places = vec![None; partition.work_units() as usize];
        for (number, journal) in journals.iter().enumerate() {
            for (work_unit, place) in &journal.found {
                if let Some(free @ None) = places.get_mut(*work_unit as usize) {
                    *free = Some((number as u32, *place));
                }
            }
        }
        SweepRows { partition, columns, journals, places }
    }

    /// Runs that are finished.
    pub fn finished(&self) -> u64 {
        let found = self.places.iter().enumerate().filter(|(_, place)| place.is_some());
        found.map(|(at, _)| self.partition.work_unit(at as u64).runs()).sum()
    }

    /// The bytes of a work unit's rows, if it is finished.
    pub fn work_unit(&self, work_unit: u64) -> Result<Option<Vec<u8>>, JournalError> {
        let Some((journal, place)) = self.places[work_unit as usize] else { return Ok(None) };
        self.journals[journal as usize].rows(work_unit, place).map(Some)
    }

    /// Gives every finished replication of a timeline, by replication.
    ///
    /// # Errors
    /// When a journal cannot be read, or what is done with a row fails.
    pub fn timeline<E: From<JournalError>>(
        &self,
        timeline: usize,
        mut each: impl FnMut(u64, &Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut row = Row::without(Status::Ok, String::new(), self.columns);
        let mut bytes = Vec::new();
        for (at, work_unit) in self.partition.of_timeline(timeline) {
            let Some((journal, place)) = self.places[at as usize] else { continue };
            let journal = &self.journals[journal as usize];
            let long = (work_unit.replications.end - work_unit.replications.start) as usize;
            let first = (timeline - work_unit.timelines.start) * long;
            bytes.resize(long * width(self.columns), 0);
            journal.read(place + (first * width(self.columns)) as u64, &mut bytes)?;
            for (nth, number) in work_unit.replications.clone().enumerate() {
                let bytes = &bytes[nth * width(self.columns)..];
                read(at, first + nth, bytes, &mut row).ok_or_else(|| journal.mixed(at))?;
                if row.status != Status::Ok {
                    row.reason = self.reason(journal, (at, place), &work_unit, first + nth)?;
                }
                each(number, &row)?;
            }
        }
        Ok(())
    }

    /// One metric of a timeline by replication, not a number where there is none.
    pub fn seen(&self, timeline: usize, metric: usize) -> Result<Seen, JournalError> {
        let first = self.partition.replications.start;
        let least = least(metric);
        let mut seen = Seen::known(vec![f64::NAN; (self.partition.replications.end - first) as usize]);
        self.timeline(timeline, |number, row| {
            let at = (number - first) as usize;
            (seen.values[at], seen.beyond[at]) = of_row(&row.values, metric, least);
            Ok::<(), JournalError>(())
        })?;
        Ok(seen)
    }

    /// One metric of two timelines, replication by replication, each with whether it lies beyond the window; not a
    /// number where there is none.
    pub fn pairs(
        &self,
        one: usize,
        other: usize,
        metric: usize,
        mut each: impl FnMut((f64, bool), (f64, bool)),
    ) -> Result<(), JournalError> {
        let work_units = self.partition.of_timeline(one).zip(self.partition.of_timeline(other));
        for ((at, work_unit), (other_at, other_block)) in work_units {
            let one = self.stretch(at, &work_unit, one, metric)?;
            let other = self.stretch(other_at, &other_block, other, metric)?;
            one.into_iter().zip(other).for_each(|(one, other)| each(one, other));
        }
        Ok(())
    }

    /// One metric of a timeline over the replications of a work unit.
    fn stretch(
        &self,
        at: u64,
        work_unit: &WorkUnit,
        timeline: usize,
        metric: usize,
    ) -> Result<Vec<(f64, bool)>, JournalError> {
        let long = (work_unit.replications.end - work_unit.replications.start) as usize;
        let missing = || vec![(f64::NAN, false); long];
        let Some((journal, place)) = self.places[at as usize] else { return Ok(missing()) };
        let mut bytes = vec![0; long * width(self.columns)];
        let first = (timeline - work_unit.timelines.start) * long;
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
        work_unit: &WorkUnit,
        nth: usize,
    ) -> Result<String, JournalError> {
        let rows = journal.rows(at, place)?;
        let behind = work_unit.runs() as usize * width(self.columns);
        Ok(reason(rows.get(behind..).unwrap_or_default(), nth))
    }
}

/// Reads the nth row of a work unit; nothing where it is another.
fn read(work_unit: u64, nth: usize, bytes: &[u8], row: &mut Row) -> Option<()> {
    let (bare, rest) = bytes.split_at_checked(width(row.values.len()) - 4)?;
    if rest.get(..4)? != seal(work_unit, nth, bare) {
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
    fn rows_come_back_by_timeline_whatever_the_order_of_work_units() {
        let folder = tempfile::tempdir().expect("a folder");
        let partition = Partition { timelines: 40, replications: 0..5 };
        let row = |timeline: usize, number: u64| match (timeline, number) {
            (3, 2) => Row::without(Status::Overrun, "too much".to_owned(), METRICS.len()),
            (3, 4) => Row::without(Status::Failed, "broken".to_owned(), METRICS.len()),
            _ => Row::completed(&vec![timeline as f64 + number as f64 / 8.0; METRICS.len()], METRICS.len()),
        };
        let mut journal = Journal::create(&folder.path().join("j"), "{}").expect("a journal");
        for at in (0..partition.work_units()).rev().filter(|at| *at != 4) {
            let work_unit = partition.work_unit(at);
            let rows: Vec<Row> = work_unit
                .timelines
                .flat_map(|timeline| work_unit.replications.clone().map(move |number| row(timeline, number)))
                .collect();
            journal.append(at, &encoded(at, &rows)).expect("room");
        }
        let rows = SweepRows::new(partition.clone(), METRICS.len(), vec![journal]);
        assert_eq!(rows.finished(), partition.runs() - partition.work_unit(4).runs());
        for timeline in 0..40 {
            let mut seen = Vec::new();
            rows.timeline(timeline, |number, found| {
                assert_eq!(
                    (found.status, &found.reason),
                    (row(timeline, number).status, &row(timeline, number).reason)
                );
                assert_eq!(found.values[0].to_bits(), row(timeline, number).values[0].to_bits());
                seen.push(number);
                Ok::<(), JournalError>(())
            })
            .expect("readable");
            let expected: Vec<u64> = (0..5)
                .filter(|at| *at != 2 || !partition.work_unit(4).timelines.contains(&timeline))
                .collect();
            assert_eq!(seen, expected, "{timeline}");
        }
    }

    #[test]
    fn rows_of_another_work_unit_are_an_error_and_never_a_result() {
        let folder = tempfile::tempdir().expect("a folder");
        let partition = Partition { timelines: 2, replications: 0..64 };
        let rows = |value: f64| vec![Row::completed(&vec![value; METRICS.len()], METRICS.len()); 32];
        let path = folder.path().join("j");
        let mut journal = Journal::create(&path, "{}").expect("a journal");
        for at in 0..partition.work_units() {
            journal.append(at, &encoded(at, &rows(at as f64))).expect("room");
        }
        let places: Vec<usize> = journal.found.iter().map(|(_, place)| *place as usize).collect();
        let rows = SweepRows::new(partition, METRICS.len(), vec![journal]);
        assert!(rows.seen(0, 0).is_ok() && rows.pairs(0, 1, 0, |_, _| {}).is_ok());
        // What a second writer leaves: the rows of work unit 2 where those of work unit 1 were.
        let mut bytes = std::fs::read(&path).expect("readable");
        bytes.copy_within(places[2]..places[2] + 32 * width(METRICS.len()), places[1]);
        std::fs::write(&path, &bytes).expect("writable");
        let mixed = |error: JournalError| matches!(error, JournalError::Mixed { work_unit: 1, .. });
        assert!(rows.seen(0, 0).is_err_and(mixed));
        assert!(rows.pairs(0, 1, 0, |_, _| {}).is_err_and(mixed));
        assert!(rows.work_unit(1).is_err_and(mixed));
        assert!(rows.work_unit(2).is_ok());
    }
}
