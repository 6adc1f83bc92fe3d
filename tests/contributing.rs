//! The worked examples of CONTRIBUTING.md, a mechanism and a question, are true: done to a copy of the sources they build, and
//! give what they say.

use std::path::Path;
use std::process::Command;

const PAGE: &str = include_str!("../CONTRIBUTING.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The fenced blocks whose fences carry this mark.
fn blocks(mark: &str) -> Vec<&'static str> {
    let fence = format!("\n```{mark}\n");
    let after = PAGE.match_indices(&fence).map(|(at, _)| &PAGE[at + fence.len()..]);
    after.map(|block| &block[..=block.find("\n```").expect("the block is closed")]).collect()
}

/// The files that the examples add: those of its blocks that name one.
fn added() -> Vec<(&'static str, &'static str)> {
    let marks = PAGE.lines().filter_map(|line| line.strip_prefix("```"));
    marks.filter_map(|mark| Some((mark.split_once(' ')?.1, blocks(mark)[0]))).collect()
}

/// What an example does to a file: the line after which lines are added, and these.
type Addition = (String, Vec<String>);

/// The additions, by file.
fn additions() -> Vec<(String, Vec<Addition>)> {
    let mut files: Vec<(String, Vec<Addition>)> = Vec::new();
    for line in blocks("diff").into_iter().flat_map(str::lines) {
        if let Some(file) = line.strip_prefix("+++ ") {
            files.push((file.to_owned(), Vec::new()));
            continue;
        }
        let (_, places) = files.last_mut().expect("a file comes first");
        match line.split_at(1) {
            (" ", place) => places.push((place.to_owned(), Vec::new())),
            ("+", added) => places.last_mut().expect("a place comes first").1.push(added.to_owned()),
            _ => panic!("neither a place nor an addition: {line}"),
        }
    }
    files
}

/// The text with the additions made; each place is one line, there exactly once.
fn changed(file: &str, text: &str, places: &[Addition]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for (place, added) in places {
        let found: Vec<usize> = (0..lines.len()).filter(|at| lines[*at] == place).collect();
        let [at] = found[..] else { panic!("{file} has the line `{place}` {} times", found.len()) };
        lines.splice(at + 1..at + 1, added.iter().map(String::as_str));
    }
    lines.join("\n") + "\n"
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(from).expect("a readable folder").flatten() {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).expect("a copy");
    }
}

/// Where a folder's files are not those of another: changed, or only there.
fn differences(of: &Path, from: &Path) -> Vec<String> {
    fn walk(folder: &Path, below: &Path, from: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a readable folder").flatten() {
            let path = entry.path();
            let name = path.strip_prefix(below).expect("below it");
            if path.is_dir() {
                walk(&path, below, from, found);
            } else if std::fs::read(&path).ok() != std::fs::read(from.join(name)).ok() {
                found.push(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    let mut found = Vec::new();
    walk(of, of, from, &mut found);
    found.sort();
    found
}

/// What there is to build the program and its tests.
const PARTS: [&str; 9] =
    ["src", "assets", "benches", "examples", "scenarios", "tests", "build.rs", "Cargo.toml", "Cargo.lock"];

/// The examples, done to a copy of the sources in a folder.
fn do_them(place: &Path) {
    for part in PARTS {
        copy(&root().join(part), &place.join(part));
    }
    for (file, text) in added() {
        let file = place.join(file);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, text).expect("a new file");
    }
    for (file, places) in additions() {
        let text = std::fs::read_to_string(root().join(&file)).expect("a source file");
        std::fs::write(place.join(&file), changed(&file, &text, &places)).expect("a changed file");
    }
}

/// Settings of cargo by which this project's own crates are built in the shortest time: what they compute is little.
fn unoptimised() -> Vec<String> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let own = manifest.lines().filter_map(|line| line.split_once("package = \"")?.1.split('"').next());
    let crates = own.chain(["orgsim"]);
    crates
        .flat_map(|name| {
            ["opt-level=0", "codegen-units=16"].map(|it| format!("profile.release.package.{name}.{it}"))
        })
        .flat_map(|setting| ["--config".to_owned(), setting])
        .collect()
}

/// Of all files there are, only the two registers have changed; the others are new, and their own.
#[test]
fn the_examples_touch_their_registers_alone() {
    let place = tempfile::tempdir().expect("a folder");
    do_them(place.path());
    let (new, touched): (Vec<String>, Vec<String>) =
        differences(place.path(), root()).into_iter().partition(|file| !root().join(file).exists());
    assert_eq!(touched, ["src/cli/questions.rs", "src/model/mechanisms.rs"]);
    let mut due: Vec<&str> = added().into_iter().map(|(file, _)| file).collect();
    due.sort_unstable();
    assert_eq!(new, due);
    let own = |file: &&String| {
        let of_mechanism =
            file.starts_with("src/model/mechanisms/planning/") || file.starts_with("tests/theory/planning.");
        of_mechanism || *file == "src/cli/questions/odds.rs"
    };
    assert!(due.len() == 6 && new.iter().all(|file| own(&file)), "{new:?}");
}

/// The mechanism's theory holds, its page is written, and what its preset says is explained; the question is answered.
#[test]
#[ignore = "builds the program anew, which takes a minute or two: run by .ci/run"]
fn the_worked_examples_build_and_give_what_they_say() {
    // Always the same place, so that each build takes that of the one before.
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("example sources");
    let _ = std::fs::remove_dir_all(&place);
    do_them(&place);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("example");
    // What others wrote is there already, built as this test was.
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the folder of all that is built");
    let run = |command: &mut Command| {
        let command = command.env("CARGO_TARGET_DIR", &target).env("CARGO_BUILD_BUILD_DIR", built);
        let ended = command.current_dir(&place).output().expect("it starts");
        let (said, told) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        assert!(ended.status.success(), "{said}\n{told}");
        said.into_owned()
    };
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    // The program is built with its tests.
    let tested = ["test", "--release", "--quiet", "--locked", "--offline", "--test", "theory", "planning::"];
    let said = run(Command::new(cargo).args(unoptimised()).args(tested));
    assert!(said.contains("2 passed"), "both tests were found: {said}");
    let program = target.join("release").join(format!("orgsim{}", std::env::consts::EXE_SUFFIX));
    let explained = run(Command::new(&program).args(["explain", "planning.unplanned"]));
    // However its lines are broken.
    let explained = explained.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["0 to 10", "the preset planning says 0.1", "Plausible: 0.0 to 0.5", "Source: assumed"] {
        assert!(explained.contains(words), "{words}: {explained}");
    }
    let found = Command::new(&program).args(["explain", "sprint planning"]).output().expect("it starts");
    assert!(String::from_utf8_lossy(&found.stderr).contains("planning"), "by what people say");
    let policies = ["compare", "tests/theory/planning.toml", "--quiet", "--no-charts", "--format", "csv"];
    let compared = run(Command::new(&program).args(policies));
    assert!(compared.contains("planning_hours_per_year"), "its metric is told: {compared}");
    // Whoever meets for longer is never sooner: two replications, and none of them ahead.
    let out = place.join("odds");
    let ask = |form: &str| {
        let asked =
            ["odds", "tests/theory/planning.toml", "--set", "objective=lead time mean", "--format", form];
        run(Command::new(&program).args(asked).arg("--out").arg(&out))
    };
    assert!(ask("table").contains("0 % of 2"), "it is answered");
    assert!(ask("csv").contains("longer,2,0.0,0.0,"), "its table is printed");
    for file in ["odds.csv", "columns.csv", "summary.md", "report.html", "manifest.json"] {
        assert!(out.join(file).exists(), "{file}");
    }
    let manifest = std::fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    assert!(manifest.contains("\"odds\"") && !manifest.contains("--format"), "what is repeated: {manifest}");
}
