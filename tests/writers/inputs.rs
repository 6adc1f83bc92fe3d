//! What a command reads: every file stands in its manifest with what is in it, what is about another file is not replaced,
//! and commands to be typed are read by a shell as they are meant.

use super::{Bench, QUEUE};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Bench {
    /// What a manifest says was read: by its file, and whether what is in it is what the folder of all this has there now.
    fn inputs(&self, folder: &str) -> Vec<(String, bool)> {
        let manifest: Json =
            serde_json::from_str(&self.text(&format!("{folder}/manifest.json"))).expect("JSON");
        let inputs = manifest["inputs"].as_array().expect("a list");
        let input = |one: &Json| {
            let file = one["file"].as_str().expect("a file").to_owned();
            let there = std::fs::read(self.at(folder).join(&file)).expect("it is where the manifest says");
            (file, one["sha256"] == sha256(&there))
        };
        inputs.iter().map(input).collect()
    }
}

fn all_as_read(files: &[&str]) -> Vec<(String, bool)> {
    files.iter().map(|file| ((*file).to_owned(), true)).collect()
}

#[test]
fn a_manifest_says_what_was_in_every_file_that_was_read() {
    let bench = Bench::new();
    bench.put("sizes.csv", "hours\n4\n8\n12\n");
    bench.put("points.csv", "team.*.engineers\n1\n2\n");
    bench.put(
        "s.toml",
        "extends = \"q\"\n[stage.build]\neffort = { csv = { file = \"sizes.csv\", column = \"hours\", unit = \"hour\" } }\n",
    );
    bench.call(&["compare", "s.toml", "-n", "4", "--no-charts"], 0);
    let read = ["../../s.toml", "../../q.toml", "../../sizes.csv"];
    assert_eq!(bench.inputs("output/s"), all_as_read(&read));
    bench.call(&["sweep", "s.toml", "--design", "points.csv", "-n", "4", "--no-charts"], 0);
    assert_eq!(bench.inputs("output/s-sweep"), all_as_read(&[&read[..], &["../../points.csv"]].concat()));
    bench.call(&["trace", "s.toml"], 0);
    assert_eq!(bench.inputs("output/s-trace"), all_as_read(&read));
    let organisations = ["robust", "q.toml", "--design", "points.csv", "-n", "2", "--no-charts"];
    bench.call(&organisations, 0);
    assert_eq!(bench.inputs("output/q-robust"), all_as_read(&["../../q.toml", "../../points.csv"]));
    // Shards know what their plan was made of.
    let plan = ["plan", "s.toml", "--design", "points.csv", "-n", "4", "--shards", "1", "--out", "p"];
    bench.call(&plan, 0);
    bench.call(&["shard", "run", "p", "--index", "0"], 0);
    bench.call(&["merge", "p", "--no-charts", "--out", "merged"], 0);
    assert_eq!(
        bench.inputs("merged"),
        all_as_read(&["../s.toml", "../q.toml", "../sizes.csv", "../points.csv"])
    );
}

#[test]
fn what_was_imported_is_named_file_by_file() {
    let bench = Bench::new();
    bench.call(&["import", "--demo", "--out", "demo"], 0);
    bench.call(&["forecast", "demo", "--items", "10", "--no-charts"], 0);
    let read = ["../../demo/items.csv", "../../demo/import.toml"];
    assert_eq!(bench.inputs("output/demo-forecast"), all_as_read(&read));
    bench.call(&["measure", "demo", "--no-charts"], 0);
    let read = bench.inputs("demo");
    assert!(
        read.contains(&("items.csv".to_owned(), true)) && read.contains(&("import.toml".to_owned(), true)),
        "{read:?}"
    );
}

#[test]
fn a_result_about_another_file_of_the_same_name_is_not_replaced() {
    let bench = Bench::new();
    let compare = |file: &'static str| ["compare", file, "-n", "4", "--no-charts"];
    bench.put("a/s.toml", QUEUE);
    bench.put("b/s.toml", QUEUE);
    bench.call(&compare("a/s.toml"), 0);
    // The same file, moved: nothing is lost.
    bench.call(&compare("b/s.toml"), 0);
    bench.put("a/s.toml", &QUEUE.replace("0.5/day", "0.4/day"));
    let before = bench.files("output/s");
    let refused = bench.call(&compare("a/s.toml"), 2);
    let words = "output/s holds what `orgsim compare s.toml --replications 4` wrote about another file of that name, ../../b/s.toml \
                 seen from there: choose another --out, or replace it with --force";
    assert!(refused.contains(words), "{refused}");
    assert!(bench.files("output/s") == before, "nothing was touched");
    bench.call(&[&compare("a/s.toml")[..], &["--force"]].concat(), 0);
    // The same file, edited, replaces what it said before.
    bench.put("a/s.toml", &QUEUE.replace("0.5/day", "0.3/day"));
    let told = bench.call(&compare("./b/../a/s.toml"), 0);
    assert!(
        !told.contains("another file") && bench.inputs("output/s") == all_as_read(&["../../a/s.toml"]),
        "{told}"
    );
}

/// The commands that stand on lines of their own, each as the words that a shell makes of it.
fn typed(said: &str) -> Vec<Vec<String>> {
    let commands = said.lines().filter_map(|line| line.strip_prefix("    orgsim "));
    let read = |command: &str| {
        let script = format!("for word in {command}; do printf '%s\\n' \"$word\"; done");
        let output = std::process::Command::new("sh").args(["-c", &script]).output().expect("a shell");
        let words = String::from_utf8(output.stdout).expect("text");
        words.lines().map(str::to_owned).collect()
    };
    commands.map(read).collect()
}

#[cfg(unix)]
#[test]
fn commands_to_be_typed_survive_hostile_names() {
    let bench = Bench::new();
    let hostile = "it's $(touch x) `id` \"a\"  &b; *.toml";
    bench.put(hostile, QUEUE);
    let said = bench.call(&["compare", hostile, "-n", "4", "--no-charts", "--worlds", "0"], 0);
    let found = typed(&said);
    assert!(
        !found.is_empty() && found.iter().all(|words| words.iter().any(|word| word == hostile)),
        "{found:?}\n{said}"
    );
    let page = std::fs::read_dir(bench.at("output")).expect("there").flatten().next().expect("one").path();
    let summary = std::fs::read_to_string(page.join("summary.md")).expect("written");
    assert_eq!(typed(&summary), found, "{summary}");
    assert!(!bench.at("x").exists());
    // What a message repeats can be typed, too.
    let refused = bench.call(&["rank", hostile, "--out", page.to_str().expect("text")], 2);
    let repeated = refused.split('`').nth(1).map(|_| refused.contains("orgsim compare 'it'"));
    assert!(repeated.is_some() && !refused.contains("orgsim compare it's"), "{refused}");
}
