//! Files of finished items, right and wrong.

use forecast::read::{ReadError, day, read};
use std::path::PathBuf;

fn folder(items: &str, settings: Option<&str>) -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(place.path().join("items.csv"), items).expect("written");
    if let Some(settings) = settings {
        std::fs::write(place.path().join("import.toml"), settings).expect("written");
    }
    let path = place.path().to_owned();
    (place, path)
}

#[test]
fn a_folder_of_an_import_is_read() {
    let items = "\u{feff}id,kind,team,created,started,finished,resolution\n\
                 1,bug,a,2026-01-01,,2026-01-03T23:59:00+01:00,done\n\
                 2,bug,a,2026-01-01,,2026-01-03,Dropped\n\
                 3,bug,a,2026-01-01,,,\n\
                 4,bug,a,2026-01-01,,2026-01-05,\n";
    let (_place, path) = folder(items, Some("as_of = \"2026-01-10\"\nholidays = [\"2026-01-06\"]\n"));
    let data = read(&path, None).expect("a folder");
    assert_eq!(data.history.days(), [1, 0, 1, 0, 0, 0, 0, 0]);
    assert_eq!((data.open, data.dropped, data.calendar.holidays.len()), (1, 1, 1));
    assert_eq!(data.history.last().to_string(), "2026-01-10");
    let earlier = read(&path, day("2026-01-04")).expect("as it was then");
    assert_eq!(earlier.history.days(), [1, 0]);
}

#[test]
fn plain_files_are_read() {
    let (_place, path) = folder("done;id\n2026-01-03;1\n2026-01-04;2\n", None);
    assert_eq!(read(&path.join("items.csv"), None).expect("a file").history.items(), 2);
    let (_place, path) = folder("date,count\n2026-01-03,4\n2026-01-04,0\n2026-01-05,2\n", None);
    assert_eq!(read(&path, None).expect("a series").history.days(), [4, 0, 2]);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let says = |items: &str, settings: Option<&str>| {
        let (_place, path) = folder(items, settings);
        read(&path, None).expect_err("wrong").to_string()
    };
    assert!(says("finished\n2026-01-03\n03/04/2026\n", None).contains("line 3: `03/04/2026` is not a date"));
    assert!(says("id,closed\n1,2026-01-03\n", None).contains("no column is called"));
    assert!(says("date,count\n2026-01-03,many\n", None).contains("line 2: `many` is not a whole number"));
    assert!(says("finished\n\n", None).contains("no finished item"));
    assert!(
        says("finished\n2026-01-03\n", Some("as_of = \"2025-12-31\"")).contains("finished after 2025-12-31")
    );
    assert!(says("finished\n2026-01-03\n", Some("as_of = \"soon\"")).contains("`soon` is not a date"));
    assert!(says("finished\n2026-01-03\n", Some("holidays = 3")).contains("list of dates"));
    assert!(says("finished\n1926-01-03\n2026-01-03\n", None).contains("more than 60 years"));
    let nothing = tempfile::tempdir().expect("a temporary folder");
    assert!(matches!(read(nothing.path(), None), Err(ReadError::NoItems(_))));
}
