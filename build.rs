//! Lists the tests against exact theory, so that a new file in `tests/theory` is taken up by itself.

use std::fmt::Write;
use std::path::Path;

fn main() {
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo says it")).join("tests/theory");
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|end| end == "rs")).collect();
    files.sort();
    let mut list = String::new();
    for file in files {
        let name = file.file_stem().expect("a name").to_string_lossy();
        writeln!(list, "#[path = {:?}]\nmod {name};", file.display().to_string()).expect("a text");
    }
    let to = Path::new(&std::env::var("OUT_DIR").expect("cargo says it")).join("theory.rs");
    std::fs::write(to, list).expect("the list is written");
}
