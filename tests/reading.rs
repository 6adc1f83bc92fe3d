//! Files that a person or a scenario names: regular ones only, of a bounded size, inside the scenario's folder; and only
//! data that a scenario simulates with is copied beside a plan.

#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const SCENARIO: &str = "extends = \"bare\"\nhorizon = \"20 days\"\nreplications = 1\n[[team]]\nname = \"dev\"\nengineers = 1\n\
                        [work.item]\narrivals = { trace = { file = \"days.csv\", column = \"day\", unit = \"days\" } }\n\
                        route = [\"build\"]\n[stage.build]\nteam = \"dev\"\neffort = \"1 hour\"\n";

/// Runs the program; a minute without an end is one too long.
fn orgsim(folder: &Path, words: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_orgsim"))
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let begun = Instant::now();
    while child.try_wait().expect("waited").is_none() {
        if begun.elapsed() > Duration::from_secs(60) {
            child.kill().expect("killed");
            panic!("{words:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().expect("output")
}

/// Plans a small sweep of the scenario in a folder, into `plan` beside it.
fn plan(folder: &Path) -> Output {
    let vary = ["--vary", "stage.build.effort=1 hour,2 hours", "-n", "1"];
    orgsim(folder, &[&["plan", "s.toml"][..], &vary, &["--shards", "1", "--out", "plan"]].concat())
}

fn refused(folder: &Path, words: &[&str], said: &str) {
    let output = orgsim(folder, words);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{words:?} went through");
    assert!(text.contains(said), "{words:?}: {text}");
    assert!(text.len() < 3_000, "{words:?}: {} bytes", text.len());
}

fn folder_with(scenario: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("s.toml"), scenario).expect("written");
    std::fs::write(folder.path().join("days.csv"), "day\n1\n2\n").expect("written");
    folder
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

#[test]
fn devices_pipes_and_folders_are_no_files() {
    let folder = folder_with(SCENARIO);
    let at = folder.path();
    pipe(&at.join("pipe.toml"));
    refused(at, &["check", "/dev/zero"], "a device or a pipe");
    refused(at, &["check", "pipe.toml"], "a device or a pipe");
    refused(at, &["check", "."], "a folder");
    pipe(&at.join("base.toml"));
    std::fs::write(at.join("t.toml"), "extends = \"base\"\n").expect("written");
    refused(at, &["check", "t.toml"], "a device or a pipe");
    std::fs::remove_file(at.join("days.csv")).expect("removed");
    pipe(&at.join("days.csv"));
    refused(at, &["check", "s.toml"], "a device or a pipe");
    std::fs::create_dir(at.join("plan")).expect("made");
    pipe(&at.join("plan/plan.json"));
    refused(at, &["shard", "run", "plan", "--index", "0"], "a device or a pipe");
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let folder = folder_with(SCENARIO);
    let file = std::fs::File::create(folder.path().join("large.toml")).expect("made");
    file.set_len(1 << 40).expect("a file with a hole");
    refused(folder.path(), &["check", "large.toml"], "more than the 4 MiB");
    let file = std::fs::File::create(folder.path().join("days.csv")).expect("made");
    file.set_len(1 << 40).expect("a file with a hole");
    refused(folder.path(), &["check", "s.toml"], "more than the 1024 MiB");
}

#[test]
fn links_that_leave_the_folder_are_refused() {
    let outside = tempfile::tempdir().expect("a folder");
    std::fs::write(outside.path().join("days.csv"), "day\n1\n").expect("written");
    std::fs::write(outside.path().join("base.toml"), SCENARIO).expect("written");
    let folder = folder_with(SCENARIO);
    let at = folder.path();
    std::fs::remove_file(at.join("days.csv")).expect("removed");
    std::os::unix::fs::symlink(outside.path().join("days.csv"), at.join("days.csv")).expect("linked");
    refused(at, &["check", "s.toml"], "leaves the scenario's folder");
    std::os::unix::fs::symlink(outside.path().join("base.toml"), at.join("base.toml")).expect("linked");
    std::fs::write(at.join("t.toml"), "extends = \"base\"\n").expect("written");
    refused(at, &["check", "t.toml"], "leaves the scenario's folder");
}

#[test]
fn only_data_is_copied_and_no_more_public_than_it_was() {
    use std::os::unix::fs::PermissionsExt;
    let more = "title = \"a\"\n";
    let speaks = "[evidence]\n\"stage.build.effort\" = { source = \"assumed\", tier = \"assumed\", note = \"n\", when = { } }\n\
                  [policy.file]\nbaseline = true\n[policy.b]\n\"stage.build.effort\" = \"2 hours\"\ndescription = \"x\"\n\
                  [best.lever.a]\nset = { \"work.item.arrivals.trace.file\" = [\"secret.csv\"] }\n";
    let folder = folder_with(&format!("{more}{SCENARIO}{speaks}"));
    let at = folder.path();
    std::fs::write(at.join("secret.csv"), "day\n1\n").expect("written");
    std::fs::set_permissions(at.join("days.csv"), std::fs::Permissions::from_mode(0o600)).expect("kept");
    let output = plan(at);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let copy = at.join("plan/scenario/days.csv");
    assert_eq!(std::fs::metadata(&copy).expect("copied").permissions().mode() & 0o777, 0o600);
    assert!(
        !at.join("plan/scenario/secret.csv").exists(),
        "what only a table about the scenario names is no data"
    );
}

#[test]
fn nothing_is_made_through_a_link_that_leads_out() {
    let outside = tempfile::tempdir().expect("a folder");
    let folder = folder_with(&SCENARIO.replace("days.csv", "deep/er/days.csv"));
    let at = folder.path();
    std::fs::create_dir_all(at.join("deep/er")).expect("made");
    std::fs::write(at.join("deep/er/days.csv"), "day\n1\n").expect("written");
    std::fs::create_dir_all(at.join("plan/scenario")).expect("made");
    std::os::unix::fs::symlink(outside.path(), at.join("plan/scenario/deep")).expect("linked");
    let output = plan(at);
    assert!(!output.status.success());
    assert_eq!(std::fs::read_dir(outside.path()).expect("read").count(), 0, "a folder was made outside");
}
