//! Tests of the output folder: hostile names, half-written files, and errors that say what is wrong.

use super::*;

fn listing(folder: &OutputFolder) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn titles_become_plain_names() {
    let cases = [
        ("Lead time, p85 (days)", "lead-time-p85-days"),
        ("../../etc/x", "etc-x"),
        ("/etc/passwd", "etc-passwd"),
        ("C:\\Windows\\x", "c-windows-x"),
        ("con", "con-file"),
        ("LPT1", "lpt1-file"),
        ("console", "console"),
        ("com12", "com12"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("a\0b\nc", "a-b-c"),
        (".hidden", "hidden"),
    ];
    for (title, expected) in cases {
        assert_eq!(slug(title), expected, "{title:?}");
    }
}

#[test]
fn what_a_name_loses_is_kept_in_a_fingerprint() {
    assert_ne!(slug("健康"), slug("速度"));
    assert_ne!(slug("Größe"), slug("Grüße"));
    let (long, longer) = ("a".repeat(500), "a".repeat(501));
    assert_ne!(slug(&long), slug(&longer));
    assert!(slug(&longer).len() <= LONGEST);
    let odd = slug("ü".repeat(400).as_str());
    assert!(odd.len() <= LONGEST && odd.starts_with("unnamed-"), "{odd}");
}

#[test]
fn nothing_is_written_outside_the_folder() {
    let place = tempfile::tempdir().unwrap();
    let folder = OutputFolder::create(place.path().join("out")).unwrap();
    for name in ["../../escape", "/tmp/escape", "..", "a/b/c", "nul"] {
        let path = folder.write(name, "../txt", b"x").unwrap();
        assert_eq!(path.parent().unwrap(), folder.path(), "{name}");
    }
    let outside: Vec<_> = fs::read_dir(place.path()).unwrap().collect();
    assert_eq!(outside.len(), 1, "only the output folder itself");
    assert!(folder.folder("../x").unwrap().path().starts_with(folder.path()));
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_refused_and_a_linked_file_replaced() {
    let place = tempfile::tempdir().unwrap();
    let folder = OutputFolder::create(place.path().join("out")).unwrap();
    std::os::unix::fs::symlink(place.path(), folder.path().join("door")).unwrap();
    assert!(matches!(folder.folder("door"), Err(FileError::Outside { .. })));
    let precious = place.path().join("precious.txt");
    fs::write(&precious, "kept").unwrap();
    std::os::unix::fs::symlink(&precious, folder.path().join("note.txt")).unwrap();
    folder.write("note", "txt", b"new").unwrap();
    assert_eq!(fs::read_to_string(&precious).unwrap(), "kept");
}

#[cfg(unix)]
#[test]
fn files_are_readable_by_others_and_no_temporary_stays() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().unwrap();
    let folder = OutputFolder::create(place.path()).unwrap();
    folder.write_together("pair", &[("svg", b"<svg/>"), ("png", b"png")]).unwrap();
    folder.write("pair", "svg", b"second").unwrap();
    assert_eq!(listing(&folder), ["pair.png", "pair.svg"]);
    assert_eq!(fs::read(folder.path_of("pair", "svg")).unwrap(), b"second");
    let usual = place.path().join("usual");
    fs::write(&usual, "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&folder.path_of("pair", "png")), mode(&usual));
}

#[test]
fn a_pair_is_written_together_or_not_at_all() {
    let place = tempfile::tempdir().unwrap();
    let folder = OutputFolder::create(place.path()).unwrap();
    fs::create_dir(folder.path().join("chart.png")).unwrap();
    let refused = folder.write_together("chart", &[("svg", b"<svg/>"), ("png", b"png")]);
    assert!(matches!(refused, Err(FileError::FolderInTheWay { .. })));
    assert_eq!(listing(&folder), ["chart.png"]);
}

#[test]
fn errors_name_the_path_and_the_trouble() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "").unwrap();
    let below = OutputFolder::create(file.join("below")).unwrap_err().to_string();
    assert!(below.contains("below") && below.contains("not a folder"), "{below}");
    let itself = OutputFolder::create(&file).unwrap_err().to_string();
    assert!(itself.contains("not a folder"), "{itself}");
    let cases = [
        (ErrorKind::StorageFull, "full"),
        (ErrorKind::PermissionDenied, "permission denied"),
        (ErrorKind::Interrupted, "cannot write"),
    ];
    for (kind, expected) in cases {
        let said = FileError::new(&file, kind.into()).to_string();
        assert!(said.contains(expected) && said.contains("file"), "{said}");
    }
}
