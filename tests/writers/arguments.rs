//! Arguments that nobody would write, and more of something than fits: refused in words, never a failure of the program.

use super::Bench;
use std::process::Child;
use std::time::{Duration, Instant};

/// What nobody would write, for every option that takes a value: a refusal or a result, never a failure of the program.
#[test]
fn no_value_of_an_option_breaks_the_program() {
    let bench = Bench::new();
    let values = [
        "0",
        "-1",
        "1e999",
        "inf",
        "nan",
        "-inf",
        "18446744073709551615",
        "18446744073709551616",
        "1e-320",
        "",
        "=",
        "%",
    ];
    let usual =
        ["--only-replication", "--seed", "--threads", "--set", "--policy", "--format", "--replications"];
    let precise = ["--precision", "--limit"];
    let commands: Vec<(Vec<&str>, Vec<&str>)> = vec![
        (vec!["compare"], [&usual[..], &precise[..], &["--worlds"]].concat()),
        (vec!["run"], [&usual[..], &precise[..], &["--row"]].concat()),
        (vec!["rank"], vec!["--confidence", "--indifference", "--first-stage", "--limit", "--seed"]),
        (vec!["robust", "--worlds", "2"], vec!["--worlds", "--replications", "--design", "--hold", "--vary"]),
        (
            vec!["sensitivity", "--points", "2"],
            vec!["--points", "--replications", "--vary", "--metric", "--method"],
        ),
        (
            vec!["sweep", "--vary", "team.*.engineers=1,2"],
            [&usual[..], &["--axis", "--file-format", "--vary"]].concat(),
        ),
        (
            vec!["plan", "--vary", "team.*.engineers=1,2"],
            vec!["--shards", "--only-replication", "--replications"],
        ),
        (vec!["path", "--to", "two"], vec!["--from", "--to", "--every", "--only-replication"]),
        (vec!["best", "--vary", "team.*.engineers=2"], vec!["--budget", "--vary", "--replications"]),
        (vec!["trace"], vec!["--replication", "--seed"]),
    ];
    let ranges = [
        "1..inf:1",
        "nan..2:1",
        "1..2:nan",
        "0..1:1e-320",
        "1..1e308:1",
        "-inf..inf",
        "1..1e400 log",
        "0..1 log",
    ];
    let (mut children, mut wrong) = (Vec::new(), Vec::new());
    for (words, options) in &commands {
        for option in options {
            let plain = values.iter().map(|value| (*value).to_owned());
            let of_path = values.iter().chain(&ranges).map(|value| format!("team.*.engineers={value}"));
            let all: Vec<String> = if ["--vary", "--set"].contains(option) {
                plain.chain(of_path).collect()
            } else {
                plain.collect()
            };
            for value in &all {
                let out = format!("o{}", children.len());
                let argument = format!("{option}={value}");
                let small = if words[0] == "rank" { vec!["--first-stage=5", "--limit=9"] } else { vec![] };
                let small = small.into_iter().filter(|word| !word.starts_with(option));
                let file = if argument.starts_with("--row") { None } else { Some("q.toml") };
                let all: Vec<&str> =
                    words.iter().copied().filter(|word| *word != *option).chain(file).collect();
                // An option that stands there twice would be refused for that.
                let all = without(all, words, option);
                let all: Vec<&str> = all
                    .into_iter()
                    .chain(small)
                    .chain([argument.as_str(), "--quiet", "--out", &out])
                    .collect();
                children.push((format!("{all:?}"), bench.spawn(&all)));
                if children.len() % 8 == 0 {
                    wrong.extend(children.drain(..).filter_map(|(words, child)| broken(&words, child)));
                }
            }
        }
    }
    wrong.extend(children.drain(..).filter_map(|(words, child)| broken(&words, child)));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The words without an option that is to be given another value.
fn without<'a>(all: Vec<&'a str>, words: &[&'a str], option: &str) -> Vec<&'a str> {
    let Some(at) = words.iter().position(|word| *word == option) else { return all };
    let value = words[at + 1];
    all.into_iter().filter(|word| *word != value).collect()
}

/// What is wrong with how a call ended.
fn broken(words: &str, mut child: Child) -> Option<String> {
    let began = Instant::now();
    while child.try_wait().expect("known").is_none() {
        if began.elapsed() > Duration::from_secs(5) {
            // What is large and can be done may take its time.
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().expect("ends");
    let err = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code();
    let is_known = matches!(code, Some(0..=4)) && !err.contains("panicked");
    let is_told = code == Some(0) || !err.trim().is_empty();
    (!is_known || !is_told).then(|| format!("{words}: {code:?} {err}"))
}

#[test]
fn more_than_fits_is_refused_with_the_number() {
    let bench = Bench::new();
    let told = bench.call(&["compare", "q.toml", "-n", "10000000"], 2);
    assert!(
        told.contains("10000000 replications under 3 policies would hold about")
            && told.contains("orgsim sweep"),
        "{told}"
    );
    assert!(!bench.at("output").exists(), "nothing was begun");
    let told = bench.call(
        &["robust", "q.toml", "--worlds", "100000", "--lives", "10000", "--vary", "team.*.engineers=1..9"],
        2,
    );
    assert!(told.contains("organisations of 10000 replications each would hold"), "{told}");
}
