//! Who writes where: two processes at once, what an earlier study left, folders that cannot be written, replications that
//! fail, and, in a file of their own, arguments that nobody would write.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A queue with two policies and two claims; a replication takes next to nothing.
const QUEUE: &str = r#"
extends = "bare"
horizon = "300 days"
replications = 20
objective = "lead time mean"

[[team]]
name = "dev"
engineers = 1

[work.item]
arrivals = { poisson = "0.5/day" }
route = ["build"]

[stage.build]
team = "dev"
effort = { exponential = "1 day" }

[policy.two]
"team.*.engineers" = 2

[policy."=cmd"]
"team.*.engineers" = 3
"#;

const CLAIM: &str = r#"
[[claim]]
tags = ["D2"]
source = "advice"
statement = "NAME"
better = "=cmd"
than = "two"
measure = "lead time mean"
direction = "lower"
"#;

/// A folder in which the program is called.
struct Bench(tempfile::TempDir);

impl Bench {
    fn new() -> Bench {
        let bench = Bench(tempfile::tempdir().expect("a folder"));
        bench.put("q.toml", QUEUE);
        bench
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.at(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("room");
        std::fs::write(path, text).expect("room");
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.at(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
        command.args(words).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    fn spawn(&self, words: &[&str]) -> Child {
        let mut command = self.command(words);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("starts")
    }

    /// Calls the program, checks how it ends, and gives what it said on standard error and standard output.
    #[track_caller]
    fn call(&self, words: &[&str], code: i32) -> String {
        said(self.command(words).output().expect("starts"), code, words)
    }

    /// The same with a replication that is made to fail.
    #[track_caller]
    fn failing(&self, which: &str, words: &[&str], code: i32) -> String {
        let mut command = self.command(words);
        said(command.env("ORGSIM_FAIL_REPLICATION", which).output().expect("starts"), code, words)
    }

    /// Every file below a folder, with what is in it.
    fn files(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        fn walk(folder: &Path, below: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.path() {
                    path if path.is_dir() => walk(&path, below, files),
                    path => {
                        let name = path.strip_prefix(below).expect("below").to_owned();
                        files.insert(name, std::fs::read(&path).expect("readable"));
                    }
                }
            }
        }
        let mut files = BTreeMap::new();
        walk(&self.at(folder), &self.at(folder), &mut files);
        files
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.files(folder).keys().map(|name| name.display().to_string()).collect()
    }

    fn rows(&self, file: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.at(file)).expect("a table");
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }
}

#[track_caller]
fn said(output: Output, code: i32, words: &[&str]) -> String {
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(code), "{words:?}\n{err}\n{out}");
    format!("{err}\n{out}")
}

/// Ends with a result, or is refused in words: true for a result.
#[track_caller]
fn result_or_refusal(child: Child) -> bool {
    let output = child.wait_with_output().expect("ends");
    let err = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => true,
        Some(2) if err.contains("is in use by ") && err.contains("wait until it has ended") => false,
        code => panic!("{code:?} {err}"),
    }
}

/// A requeued job beside its living twin, and other studies that ask for the same folder: the result of one, or a refusal;
/// never a mixture. The pairs begin at moments spread over the time that one takes.
#[test]
fn two_processes_at_once_leave_the_result_of_one() {
    let bench = Bench::new();
    let sweep: Vec<&str> =
        ["sweep", "q.toml", "-n", "120", "--vary", "team.*.engineers=1..4:1", "--no-charts", "--quiet"]
            .to_vec();
    let compare = ["compare", "q.toml", "-n", "120", "--no-charts", "--quiet"].to_vec();
    let with = |words: &[&'static str], more: &[&'static str]| [words, more].concat();
    let ours = with(&sweep, &["--seed", "1", "--force"]);
    let kinds = [
        with(&sweep, &["--seed", "1", "--resume", "--force"]),
        with(&sweep, &["--seed", "2", "--restart"]),
        with(&compare, &["--seed", "3", "--force"]),
    ];
    let call = |words: &[&str], out: &str| bench.call(&[words, &["--out", out]].concat(), 0);
    let began = Instant::now();
    call(&ours, "ours");
    let takes = began.elapsed();
    kinds.iter().enumerate().for_each(|(at, words)| drop(call(words, &format!("theirs{at}"))));
    let (mut refused, mut both) = (0, 0);
    for round in 0..50_u32 {
        let (kind, out) = (round as usize % kinds.len(), format!("r{round}"));
        let first = bench.spawn(&[&ours[..], &["--out", &out]].concat());
        std::thread::sleep(takes * (round * 37 % 100) / 80);
        let second = bench.spawn(&[&kinds[kind][..], &["--out", &out]].concat());
        let (first, second) = (result_or_refusal(first), result_or_refusal(second));
        assert!(first || second, "{round}: one of them has the folder");
        refused += u32::from(!first) + u32::from(!second);
        both += u32::from(first && second);
        let theirs = format!("theirs{kind}");
        let wanted = if second { &theirs } else { "ours" };
        assert!(bench.files(&out) == bench.files(wanted), "{round}: {:?}", bench.names(&out));
    }
    assert!(refused > 5 && both > 0, "{refused} of 50 were refused, {both} came after one another");
}

#[test]
fn two_records_of_claims_at_once_lose_none() {
    let bench = Bench::new();
    for name in ["one", "two"] {
        bench.put(&format!("claims/{name}.toml"), &format!("{QUEUE}{}", CLAIM.replace("NAME", name)));
    }
    let record = |name: &'static str| {
        [
            "claims",
            name,
            "--folder",
            "claims",
            "--record",
            "-n",
            "20",
            "--quiet",
            "--no-charts",
            "--out",
            name,
        ]
    };
    for round in 0..6 {
        let (first, second) = (bench.spawn(&record("one")), bench.spawn(&record("two")));
        let ended = [("one", result_or_refusal(first)), ("two", result_or_refusal(second))];
        let rows = bench.rows("docs/claims/results.csv");
        for (name, _) in ended.iter().filter(|(_, result)| *result) {
            assert!(rows.iter().any(|row| row["file"] == *name), "{round}: {name} is lost");
        }
        std::fs::remove_dir_all(bench.at("docs")).expect("there");
    }
    bench.call(&record("one"), 0);
    bench.call(&record("two"), 0);
    let rows = bench.rows("docs/claims/results.csv");
    assert_eq!(rows.len(), 2);
    // A policy's name is no formula, and the record is still what comes out.
    assert_eq!((rows[0]["better"].as_str(), rows[0]["than"].as_str()), ("'=cmd", "two"));
    bench.call(&["claims", "--folder", "claims", "--check", "-n", "20"], 0);
    assert!(!bench.at("docs/.orgsim.lock").exists(), "nothing is left");
}

#[test]
fn a_folder_is_one_studys_and_what_is_not_ours_stays() {
    let bench = Bench::new();
    bench.call(&["compare", "q.toml", "-n", "4", "--out", "o"], 0);
    assert!(bench.names("o").iter().any(|name| name.starts_with("charts/")));
    bench.put("o/notes.txt", "mine");
    bench.put("o/charts/mine.svg", "mine");
    bench.put("precious", "outside");
    // A list that reaches outside removes nothing there.
    let edited = bench.text("o/manifest.json").replacen(
        "\"replications.csv\"",
        "\"replications.csv\", \"../precious\", \"charts\"",
        1,
    );
    bench.put("o/manifest.json", &edited);
    let vary = ["--vary", "team.*.engineers=1,2", "--no-charts", "-n", "4", "--out"];
    let before = bench.files("o");
    let refused = bench.call(&[&["sweep", "q.toml"], &vary[..], &["o"]].concat(), 2);
    assert!(refused.contains("o holds what `orgsim compare q.toml --replications 4` wrote"), "{refused}");
    assert!(bench.files("o") == before, "nothing was touched");
    let told = bench.call(&[&["sweep", "q.toml", "--force"], &vary[..], &["o"]].concat(), 0);
    assert!(
        told.contains("files of an earlier study in o (orgsim compare q.toml --replications 4) were removed"),
        "{told}"
    );
    bench.call(&[&["sweep", "q.toml"], &vary[..], &["fresh"]].concat(), 0);
    let mut expected = bench.files("fresh");
    expected.insert("notes.txt".into(), b"mine".to_vec());
    expected.insert("charts/mine.svg".into(), b"mine".to_vec());
    assert!(bench.files("o") == expected, "{:?}", bench.names("o"));
    assert_eq!(bench.text("precious"), "outside");
}

#[test]
fn resuming_a_finished_sweep_with_other_arguments_replaces_nothing() {
    let bench = Bench::new();
    let sweep = |n: &'static str, how: &'static [&'static str]| {
        [&["sweep", "q.toml", "--vary", "team.*.engineers=1,2", "--no-charts", "--out", "o", "-n", n], how]
            .concat()
    };
    bench.call(&sweep("4", &["--resume"]), 0);
    let before = bench.files("o");
    let told = bench.call(&sweep("5", &["--resume"]), 2);
    assert!(
        told.contains("another sweep: for 4 replications, here 5 replications") && told.contains("--restart"),
        "{told}"
    );
    assert!(bench.files("o") == before);
    assert!(bench.call(&sweep("4", &["--resume"]), 0).contains("the sweep is finished"));
    bench.call(&sweep("5", &["--restart"]), 0);
    assert!(bench.files("o") != before);
}

/// So many replications that a command which simulates first would not be back for minutes.
const LONG: &[&[&str]] = &[
    &["compare", "q.toml", "-n", "20000"],
    &["run", "q.toml", "-n", "20000"],
    &["rank", "q.toml", "--first-stage", "20000", "--limit", "20000"],
    &["robust", "q.toml", "--worlds", "2000", "--vary", "team.*.engineers=1..9"],
    &["sensitivity", "q.toml", "--points", "5000", "--vary", "team.*.engineers=1..9"],
    &["sweep", "q.toml", "-n", "20000", "--vary", "team.*.engineers=1..9:1"],
    &["path", "q.toml", "--to", "two", "-n", "20000"],
    &["best", "q.toml", "-n", "20000", "--budget", "12", "--vary", "team.*.engineers=2,3,4"],
    &["claims", "--folder", "claims", "-n", "20000"],
    &["trace", "q.toml", "--set", "horizon=100000 days"],
];

#[test]
fn a_folder_that_cannot_be_written_is_found_out_before_anything_is_simulated() {
    let bench = Bench::new();
    bench.put("claims/one.toml", &format!("{QUEUE}{CLAIM}"));
    bench.put("file", "in the place");
    std::fs::create_dir_all(bench.at("taken/manifest.json")).expect("room");
    for words in LONG {
        for (out, why) in [("file", "not a folder"), ("file/below", "not a folder"), ("taken", "in the way")]
        {
            let began = Instant::now();
            let told = bench.call(&[words, &["--quiet", "--out", out][..]].concat(), 1);
            assert!(told.contains(why), "{words:?} {told}");
            assert!(began.elapsed() < Duration::from_secs(5), "{words:?} simulated first");
        }
    }
    // And what is to hold the charts.
    bench.put("charted/charts", "no folder");
    assert!(
        bench.call(&["compare", "q.toml", "-n", "20000", "--out", "charted"], 1).contains("not a folder")
    );
    // A plan, a shard and a merge.
    let plan = ["plan", "q.toml", "-n", "40", "--vary", "team.*.engineers=1,2", "--shards", "2", "--out"];
    assert!(bench.call(&[&plan[..], &["file"]].concat(), 1).contains("not a folder"));
    bench.call(&[&plan[..], &["p"]].concat(), 0);
    bench.call(&["shard", "run", "p", "--index", "0", "--quiet"], 0);
    bench.call(&["shard", "run", "p", "--index", "1", "--quiet"], 0);
    assert!(bench.call(&["merge", "p", "--out", "file"], 1).contains("not a folder"));
}

#[test]
fn what_a_kill_left_is_tidied_by_the_next_command() {
    let bench = Bench::new();
    for left in [".orgsim-a1b2.part", ".orgsim-merged.part", "charts/.orgsim-c3.part", ".orgsim.lock"] {
        bench.put(&format!("o/{left}"), "left");
    }
    bench.call(&["compare", "q.toml", "-n", "4", "--no-charts", "--out", "o"], 0);
    assert!(bench.names("o").iter().all(|name| !name.contains("orgsim")), "{:?}", bench.names("o"));
    let plan =
        ["plan", "q.toml", "-n", "40", "--vary", "team.*.engineers=1,2", "--shards", "1", "--out", "p"];
    bench.call(&plan, 0);
    bench.put("p/results/shard-00000.x7.part", "torn");
    bench.call(&["shard", "run", "p", "--index", "0", "--quiet"], 0);
    assert_eq!(bench.names("p/results"), ["shard-00000.rows"]);
    bench.put("p/results/shard-00000.x8.part", "");
    bench.call(&["merge", "p", "--out", "m", "--no-charts", "--quiet"], 0);
    assert_eq!(bench.names("p/results"), ["shard-00000.rows"]);
}

/// Every command: one replication that fails is left out and told, with how to run it alone; all that fail are exit 1.
#[test]
fn a_replication_that_fails_is_a_row_and_the_rest_is_reported_on() {
    let bench = Bench::new();
    bench.put("claims/one.toml", &format!("{QUEUE}{CLAIM}"));
    let vary = ["--vary", "team.*.engineers=1..4"];
    let commands: Vec<(Vec<&str>, &str)> = vec![
        (vec!["compare", "q.toml", "-n", "6"], "replications.csv"),
        (vec!["run", "q.toml", "-n", "6"], "replications.csv"),
        (vec!["rank", "q.toml", "--first-stage", "8", "--limit", "30"], ""),
        ([&["robust", "q.toml", "--worlds", "4"], &vary[..]].concat(), "worlds.csv"),
        ([&["sensitivity", "q.toml", "--points", "3"], &vary[..]].concat(), ""),
        (vec!["sweep", "q.toml", "-n", "6", "--vary", "team.*.engineers=1,2"], "sweep.csv"),
        (vec!["path", "q.toml", "--to", "two", "-n", "6"], "replications.csv"),
        (
            vec!["best", "q.toml", "-n", "4", "--budget", "1000", "--vary", "team.*.engineers=2,3"],
            "replications.csv",
        ),
        (vec!["claims", "--folder", "claims", "-n", "6"], ""),
    ];
    for (words, table) in commands {
        // A ranking draws no charts.
        let charts: &[&str] = if words[0] == "rank" { &[] } else { &["--no-charts"] };
        let words = [&words[..], &["--out", "o"], charts].concat();
        // Best judges by later replications than it searches by.
        let which = if words[0] == "best" { "5" } else { "1" };
        let told = bench.failing(which, &words, 0);
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            told.contains("replications failed, which is a fault in orgsim to report"),
            "{words:?} {told}"
        );
        assert!(told.contains("made to fail") && told.contains("Alone: orgsim "), "{words:?} {told}");
        assert!(!told.contains("panicked"), "{told}");
        if !table.is_empty() {
            let rows = bench.rows(&format!("o/{table}"));
            let key = if table == "worlds.csv" { "replication_status" } else { "status" };
            let failed = rows.iter().filter(|row| row[key] == "failed").count();
            assert!(failed > 0 && failed < rows.len(), "{words:?} {failed} of {}", rows.len());
            let told = rows.iter().filter(|row| row[key] == "failed" && !row["reason"].is_empty()).count();
            assert!(told == failed, "{words:?}: each has its reason");
        }
        bench.failing("all", &words, 1);
        std::fs::remove_dir_all(bench.at("o")).expect("there");
    }
    assert!(bench.failing("3", &["trace", "q.toml", "--replication", "3"], 1).contains("made to fail"));
    bench.call(&["trace", "q.toml", "--replication", "3"], 0);
    let shard =
        ["plan", "q.toml", "-n", "40", "--vary", "team.*.engineers=1,2", "--shards", "1", "--out", "p"];
    bench.call(&shard, 0);
    assert!(
        bench
            .failing("3", &["shard", "run", "p", "--index", "0"], 0)
            .contains("3 of 120 replications failed")
    );
    assert!(bench.call(&["merge", "p", "--no-charts"], 0).contains("3 of 120 replications failed"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_as_the_audit_begins_keeps_the_page_and_says_so() {
    use std::io::{BufRead, BufReader};
    let bench = Bench::new();
    let mut child = bench.spawn(&["run", "q.toml", "-n", "3000", "--out", "o", "--threads", "1"]);
    let mut err = BufReader::new(child.stderr.take().expect("piped"));
    let mut told = String::new();
    while !told.contains("audit: ") && err.read_line(&mut told).expect("text") > 0 {}
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill").success());
    std::io::Read::read_to_string(&mut err, &mut told).expect("text");
    assert_eq!(child.wait().expect("ends").code(), Some(130), "{told}");
    assert!(
        told.contains("the audit was not finished and is left out; everything else is written"),
        "{told}"
    );
    assert!(!told.contains("nothing was written"), "{told}");
    for file in ["summary.md", "summary.csv", "replications.csv", "manifest.json"] {
        assert!(bench.at("o").join(file).exists(), "{file}");
    }
    assert!(bench.text("o/manifest.json").contains("\"stopped\": false"));
}

#[test]
fn a_plan_that_was_edited_is_refused_in_a_sentence() {
    let bench = Bench::new();
    let plan =
        ["plan", "q.toml", "-n", "40", "--vary", "team.*.engineers=1,2", "--shards", "2", "--out", "p"];
    bench.call(&plan, 0);
    let right = bench.text("p/plan.json");
    let replications =
        right.split("\"replications\": ").nth(1).and_then(|rest| rest.split(']').next()).expect("there");
    let edits: Vec<(String, String)> = vec![
        (format!("{replications}]"), "[40, 0]".into()),
        (format!("{replications}]"), "[0, 18446744073709551615]".into()),
        (format!("{replications}]"), "[0, 0]".into()),
        ("\"metrics\": ".into(), "\"metrics\": 99999".into()),
        ("\"index\": 1".into(), "\"index\": 7".into()),
        ("\"lives\": ".into(), "\"lives\": 9".into()),
        ("\"values\": [".into(), "\"values\": [\"\",".into()),
    ];
    let whole = right.split("\"shards\": [").next().expect("there").to_owned() + "\"shards\": []\n}\n";
    let texts = edits.iter().map(|(from, to)| right.replacen(from, to, 1)).chain([whole]);
    for text in texts {
        assert_ne!(text, right, "the edit took");
        bench.put("p/plan.json", &text);
        for words in [&["shard", "run", "p", "--index", "0"][..], &["shard", "missing", "p"], &["merge", "p"]]
        {
            let told = bench.call(words, 2);
            assert!(told.contains("error: ") && !told.contains("panicked"), "{words:?} {told}");
        }
    }
}

#[path = "writers/arguments.rs"]
mod arguments;
#[path = "writers/inputs.rs"]
mod inputs;
