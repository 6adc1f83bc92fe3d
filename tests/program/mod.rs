//! The program, called in a folder as a user calls it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Calls the program with words parted by spaces.
pub fn orgsim(folder: &Path, words: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
    command.args(words.split(' ')).current_dir(folder).stdin(Stdio::null());
    command.output().expect("the program starts")
}

/// Calls it, checks how it ends, and gives what it said, on one line.
#[track_caller]
pub fn ends(folder: &Path, words: &str, code: i32) -> String {
    let output = orgsim(folder, words);
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{words}: {said}");
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is in a file.
pub fn text(path: PathBuf) -> String {
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
