//! Lists the tests against exact theory, so that a new file in `tests/theory` is taken up by itself; lists the scenarios that
//! come with the program; and says from which commit the program is built, where that can be known.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the program is made of: where one of these differs from the commit, the program is said to be modified.
const SOURCES: [&str; 6] = ["src", "scenarios", "assets", "Cargo.toml", "Cargo.lock", "build.rs"];

fn main() {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo says it"));
    theory(&root);
    shipped(&root);
    let version = std::env::var("CARGO_PKG_VERSION").expect("cargo says it");
    let commit = commit(&root);
    let said = commit.as_ref().map_or(version.clone(), |commit| format!("{version} (commit {commit})"));
    println!("cargo::rustc-env=ORGSIM_COMMIT={}", commit.unwrap_or_default());
    println!("cargo::rustc-env=ORGSIM_VERSION={said}");
}

/// The files right in a folder that end so, by name.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|it| it == end)).collect();
    files.sort();
    files
}

/// Writes a list that the program or a test includes.
fn write(name: &str, list: &str) {
    let to = Path::new(&std::env::var("OUT_DIR").expect("cargo says it")).join(name);
    std::fs::write(to, list).expect("the list is written");
}

/// Each scenario in `scenarios` and `scenarios/claims`, by its name there, with its text.
fn shipped(root: &Path) {
    let folder = root.join("scenarios");
    let mut list = "&[\n".to_owned();
    for file in files(&folder, "toml").into_iter().chain(files(&folder.join("claims"), "toml")) {
        let name = file.strip_prefix(&folder).expect("below").to_string_lossy().replace('\\', "/");
        let path = file.display().to_string();
        writeln!(list, "({name:?}, include_str!({path:?})),").expect("a text");
    }
    list.push(']');
    write("shipped.rs", &list);
}

fn theory(root: &Path) {
    let mut list = String::new();
    for file in files(&root.join("tests/theory"), "rs") {
        let name = file.file_stem().expect("a name").to_string_lossy();
        writeln!(list, "#[path = {:?}]\nmod {name};", file.display().to_string()).expect("a text");
    }
    write("theory.rs", &list);
}

/// The commit of this source, and whether it is modified; nothing without git, or where the source only lies inside
/// another repository.
fn commit(root: &Path) -> Option<String> {
    let git = |words: &[&str]| {
        let output = Command::new("git").arg("-C").arg(root).args(words).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let top = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?);
    if top.canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    // Asked again after the next commit, and when a source that it would be modified by has changed.
    let head = git(&["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "packed-refs"].into_iter().chain(head.as_deref()) {
        let file = git(&["rev-parse", "--git-path", name])?;
        let file = root.join(file);
        if file.exists() {
            println!("cargo::rerun-if-changed={}", file.display());
        }
    }
    for source in SOURCES.iter().map(|source| root.join(source)).filter(|source| source.exists()) {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    let hash = git(&["rev-parse", "--short=12", "HEAD"])?;
    let is_modified =
        git(&[&["status", "--porcelain", "--untracked-files=no", "--"], &SOURCES[..]].concat())?
            .lines()
            .next()
            .is_some();
    Some(if is_modified { hash + ", modified" } else { hash })
}
