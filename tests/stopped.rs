//! Questions that are killed or stopped: the same command goes on where it was, and ends with the files of one undisturbed.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const HEALTH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/health.toml");
const CLAIM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/claims/d3-early-care.toml");
const JOURNAL: &str = "unfinished.journal";

/// A question with so much to do that a journal is there before it ends.
const QUESTIONS: [&[&str]; 9] = [
    &["run", HEALTH, "-n", "400"],
    &["compare", HEALTH, "-n", "300", "--worlds", "20"],
    &["rank", HEALTH, "--first-stage", "200", "--limit", "600"],
    &["robust", HEALTH, "--worlds", "80"],
    &["sensitivity", HEALTH, "--points", "3"],
    &[
        "best",
        HEALTH,
        "-n",
        "60",
        "--budget",
        "50",
        "--vary",
        "team.*.share.health=0%,20%",
        "--vary",
        "team.*.wip.items=1,3",
    ],
    &["path", "two.toml", "-n", "120", "--to", "two"],
    &["claims", CLAIM, "-n", "40", "--worlds", "8", "--no-narrower-ranges"],
    &["fit", "demo", "-n", "300"],
];

/// A policy of two changes, for which there is an order to find.
const TWO: &str = "[policy.two]\n\"team.*.share.health\" = \"25%\"\n\"team.*.wip.items\" = 2\n";

fn command(folder: &Path, words: &[&str], out: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
    let into = if words[0] == "fit" { "--report" } else { "--out" };
    command.args(words).args([into, out, "--threads", "2"]).current_dir(folder).stdin(Stdio::null());
    command.args((words[0] != "rank").then_some("--no-charts"));
    command
}

/// Every file below a folder, with what is in it.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| (PathBuf::from(entry.file_name()), std::fs::read(entry.path()).expect("readable")))
        .collect();
    files.sort();
    files
}

/// Begins a command and waits until its journal holds a whole result: a kill may cut off the one that is being written, so
/// others must have come after the first.
fn begun(folder: &Path, words: &[&str], out: &str) -> Child {
    let child =
        command(folder, words, out).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let begun = Instant::now();
    let length = || std::fs::metadata(folder.join(out).join(JOURNAL)).map_or(0, |file| file.len());
    let (mut last, mut grown) = (0, 0);
    while grown < 3 {
        assert!(begun.elapsed() < Duration::from_secs(60), "{words:?} has no journal");
        std::thread::sleep(Duration::from_millis(2));
        let now = length();
        grown += usize::from(now >= 3_000 && now > last);
        last = now;
    }
    child
}

/// Gives a command to its end, and what it said.
fn ended(folder: &Path, words: &[&str], out: &str) -> (String, String) {
    let output = command(folder, words, out).output().expect("it starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{words:?}: {}", text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn whatever_is_asked_goes_on_after_a_kill_with_the_same_bytes() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path();
    let text = std::fs::read_to_string(HEALTH).expect("the fixture");
    std::fs::write(folder.join("two.toml"), text + TWO).expect("written");
    let import = ["import", "--demo", "--out", "demo", "--quiet"];
    let imported = Command::new(env!("CARGO_BIN_EXE_orgsim")).args(import).current_dir(folder).output();
    assert!(imported.expect("it starts").status.success());
    for words in QUESTIONS {
        let mut child = begun(folder, words, "killed");
        child.kill().expect("killed");
        child.wait().expect("ended");
        let journal = folder.join("killed").join(JOURNAL);
        assert!(journal.exists(), "{words:?}: what was finished is lost");
        let (shown, said) = ended(folder, words, "killed");
        assert!(said.contains("going on where this command was stopped"), "{words:?}: {said}");
        // A fit refuses to write over a scenario.
        let _ = std::fs::rename(folder.join("demo.toml"), folder.join("first.toml"));
        let (undisturbed, _) = ended(folder, words, "whole");
        assert_eq!(shown, undisturbed, "{words:?}");
        assert!(files(&folder.join("killed")) == files(&folder.join("whole")), "{words:?}: other files");
        assert!(!journal.exists(), "{words:?}: all is written");
        for out in ["killed", "whole"] {
            std::fs::remove_dir_all(folder.join(out)).expect("removed");
        }
    }
}

#[test]
fn another_scenario_or_force_begins_anew() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path();
    let text = std::fs::read_to_string(HEALTH).expect("the fixture");
    std::fs::write(folder.join("s.toml"), &text).expect("written");
    let words = ["compare", "s.toml", "-n", "300", "--worlds", "0"];
    let stopped = || {
        let mut child = begun(folder, &words, "out");
        child.kill().expect("killed");
        child.wait().expect("ended");
    };
    stopped();
    std::fs::write(folder.join("s.toml"), text.replace("1 year", "9 months")).expect("written");
    let (_, said) = ended(folder, &words, "out");
    assert!(!said.contains("going on"), "{said}");
    stopped();
    let (_, said) = ended(folder, &[&words[..], &["--force"]].concat(), "out");
    assert!(!said.contains("going on"), "{said}");
}

/// A file of organisations is named by the command and no part of the scenario: what was finished of other values is of no use.
#[test]
fn organisations_of_a_file_that_has_changed_are_simulated_anew() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path();
    let rows = |first: f64| -> String {
        (0..200).map(|nth| format!("{}\n", first + 0.01 * f64::from(nth))).collect::<String>()
    };
    let list = |first| {
        std::fs::write(folder.join("list.csv"), format!("debt.interest\n{}", rows(first))).expect("written")
    };
    list(0.6);
    let words = ["robust", HEALTH, "--design", "list.csv"];
    let mut child = begun(folder, &words, "killed");
    child.kill().expect("killed");
    child.wait().expect("ended");
    list(1.5);
    let (shown, _) = ended(folder, &words, "killed");
    let (undisturbed, _) = ended(folder, &words, "whole");
    assert_eq!(shown, undisturbed);
    assert!(files(&folder.join("killed")) == files(&folder.join("whole")), "organisations of both files");
}

#[test]
fn what_another_command_has_finished_is_not_taken_away() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path();
    let words = ["compare", HEALTH, "-n", "300", "--worlds", "0"];
    let mut child = begun(folder, &words, "out");
    child.kill().expect("killed");
    child.wait().expect("ended");
    let journal = std::fs::read(folder.join("out").join(JOURNAL)).expect("a journal");
    let other = ["compare", HEALTH, "-n", "30", "--worlds", "0"];
    let refused = command(folder, &other, "out").output().expect("it starts");
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && told.contains("--force discards"), "{told}");
    assert_eq!(std::fs::read(folder.join("out").join(JOURNAL)).expect("a journal"), journal);
    ended(folder, &[&other[..], &["--force"]].concat(), "out");
}

#[cfg(unix)]
#[test]
fn what_ctrl_c_left_undone_is_done_by_the_same_command() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path();
    let words = ["compare", HEALTH, "-n", "700", "--worlds", "0"];
    let child = begun(folder, &words, "stopped");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let code = child.wait_with_output().expect("ended").status.code();
    assert_eq!(code, Some(130));
    assert!(folder.join("stopped/replications.csv").exists(), "what was finished is written");
    let (shown, said) = ended(folder, &words, "stopped");
    assert!(said.contains("going on where this command was stopped"), "{said}");
    let (undisturbed, _) = ended(folder, &words, "whole");
    assert_eq!(shown, undisturbed);
    assert!(files(&folder.join("stopped")) == files(&folder.join("whole")), "other files");
}
