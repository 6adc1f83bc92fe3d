//! Tests of the journal: whatever is torn off or damaged, what was whole before it is found.

use super::*;

fn written(folder: &Path) -> (PathBuf, Vec<u8>) {
    let path = folder.join("a.journal");
    let mut journal = Journal::create(&path, "{\"it\":1}").unwrap();
    for work_unit in [3, 0, 7] {
        journal.append(work_unit, &vec![work_unit as u8; 100 + work_unit as usize]).unwrap();
    }
    journal.force().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    (path, bytes)
}

fn work_units(journal: &Journal) -> Vec<u64> {
    journal.found.iter().map(|(work_unit, _)| *work_unit).collect()
}

#[test]
fn what_was_appended_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = written(folder.path());
    let journal = Journal::open(&path).unwrap();
    assert_eq!((work_units(&journal), journal.torn), (vec![3, 0, 7], 0));
    assert_eq!(journal.identity, "{\"it\":1}");
    assert_eq!(journal.rows(7, journal.found[2].1).unwrap(), vec![7; 107]);
    assert_eq!(journal.end, bytes.len() as u64);
}

#[test]
fn a_journal_cut_anywhere_keeps_the_records_before_the_cut() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = written(folder.path());
    let ends: Vec<u64> = {
        let journal = Journal::open(&path).unwrap();
        journal.found.iter().map(|(work_unit, place)| place + 100 + work_unit).collect()
    };
    let head = MAGIC.len() + 8 + "{\"it\":1}".len();
    for cut in 0..bytes.len() {
        std::fs::write(&path, &bytes[..cut]).unwrap();
        if cut < head {
            assert!(matches!(Journal::open(&path), Err(JournalError::Foreign { .. })), "{cut}");
            continue;
        }
        let mut journal = Journal::carry_on(&path).unwrap();
        let whole = ends.iter().filter(|end| **end <= cut as u64).count();
        assert_eq!(work_units(&journal), [3, 0, 7][..whole], "{cut}");
        journal.append(9, b"more").unwrap();
        let again = Journal::open(&path).unwrap();
        assert_eq!((work_units(&again).last(), again.torn), (Some(&9), 0), "{cut}");
    }
}

#[test]
fn a_flipped_bit_ends_the_journal_before_its_record() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = written(folder.path());
    let head = MAGIC.len() + 8 + "{\"it\":1}".len();
    for at in head..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        std::fs::write(&path, &damaged).unwrap();
        let journal = Journal::open(&path).unwrap();
        let found = work_units(&journal);
        assert!(found.len() < 3 && [3, 0, 7].starts_with(&found) && journal.torn > 0, "{at}");
    }
}

#[test]
fn rows_of_another_block_are_refused_even_when_they_were_written_after_the_journal_was_opened() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = written(folder.path());
    let journal = Journal::open(&path).unwrap();
    let place = |nth: usize| journal.found[nth].1;
    assert!(matches!(journal.rows(3, place(1)), Err(JournalError::Mixed { work_unit: 3, .. })));
    // A second writer puts the record of block 7 where block 3 was.
    let mut other = bytes.clone();
    let (from, to) = (place(2) as usize - HEAD, place(0) as usize - HEAD);
    other.copy_within(from..from + HEAD + 107, to);
    std::fs::write(&path, &other).unwrap();
    assert!(matches!(journal.rows(3, place(0)), Err(JournalError::Mixed { work_unit: 3, .. })));
    assert_eq!(journal.rows(7, place(2)).unwrap(), vec![7; 107]);
}

#[test]
fn a_journal_has_one_writer_and_is_free_when_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.journal");
    let first = Journal::create(&path, "{}").unwrap();
    assert!(matches!(Journal::carry_on(&path), Err(JournalError::Held { .. })));
    assert!(!Journal::open_left(&path).unwrap().1, "it is being written");
    assert!(Journal::open(&path).is_ok(), "reading is free");
    drop(first);
    let (left, is_left) = Journal::open_left(&path).unwrap();
    assert!(is_left);
    assert!(matches!(Journal::carry_on(&path), Err(JournalError::Held { .. })));
    drop(left);
    assert!(Journal::carry_on(&path).is_ok());
}
