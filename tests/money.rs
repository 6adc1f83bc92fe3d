//! Money: what people read of value, cost and harm is in the scenario's currency, or in "engineer-months of cost"; never in
//! both, and never in bare engineer-months. Files of data keep engineer-months, whatever people are told.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const HEALTH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/health.toml");

/// A claim by the objective, and one of what a policy costs.
const CLAIMS: &str = r#"
[[claim]]
tags = ["D2"]
source = "none"
statement = "Two fifths of capacity for health lower value."
better = "most"
than = "nothing"
measure = "value"
direction = "lower"

[[claim]]
tags = ["D2"]
source = "none"
statement = "Two fifths of capacity for health cost no more."
better = "most"
than = "nothing"
measure = "cost"
direction = "none"
"#;

/// Every command that tells amounts, small.
const COMMANDS: [&[&str]; 9] = [
    &["run", "s.toml", "-n", "8"],
    &["compare", "s.toml", "-n", "12"],
    &["rank", "s.toml", "--first-stage", "8", "--limit", "12", "--indifference", "1"],
    &["robust", "s.toml", "--worlds", "6"],
    &["sweep", "s.toml", "--vary", "team.*.share.health=0%..20%:10%", "-n", "4"],
    &["best", "s.toml", "--budget", "5", "--vary", "team.*.engineers=6", "-n", "8"],
    &["path", "s.toml", "--to", "most", "-n", "4"],
    &["sensitivity", "s.toml", "--points", "2"],
    &["claims", "s.toml", "-n", "8", "--docs", "docs", "--folder", "."],
];

/// What every command says and writes, of the fixture with this in its `[value]`.
struct Reports {
    folder: tempfile::TempDir,
    /// What was printed, by the command's name.
    printed: Vec<(String, String)>,
}

impl Reports {
    fn of(money: &str) -> Reports {
        let folder = tempfile::tempdir().expect("a folder");
        let health = std::fs::read_to_string(HEALTH).expect("the fixture");
        assert!(health.contains("[value]\n"));
        let scenario = health.replace("[value]\n", &format!("[value]\n{money}\n")) + CLAIMS;
        std::fs::write(folder.path().join("s.toml"), scenario).expect("a scenario");
        let print = |words: &&[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
            command.args(*words).args(["--out", words[0]]).current_dir(folder.path()).stdin(Stdio::null());
            let output = command.output().expect("the program starts");
            let out = String::from_utf8(output.stdout).expect("text");
            assert!(output.status.success(), "{words:?}: {out}{}", String::from_utf8_lossy(&output.stderr));
            (words[0].to_owned(), spaced(&out))
        };
        let printed = COMMANDS.iter().map(print).collect();
        Reports { folder, printed }
    }

    fn files(&self, ending: &str) -> Vec<PathBuf> {
        let mut files = Vec::new();
        collect(self.folder.path(), ending, &mut files);
        files.sort();
        files
    }

    /// All that people read, with where it stands.
    fn read(&self) -> Vec<(String, String)> {
        let mut texts = self.printed.clone();
        for path in self.files("md").into_iter().chain(self.files("svg")).chain(self.files("html")) {
            let text = std::fs::read_to_string(&path).expect("text");
            let text = if path.extension().is_some_and(|it| it == "md") { text } else { untagged(&text) };
            texts.push((path.display().to_string(), spaced(&text)));
        }
        texts
    }
}

fn collect(folder: &Path, ending: &str, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => collect(&path, ending, files),
            path if path.extension().is_some_and(|it| it == ending) => files.push(path),
            _ => {}
        }
    }
}

/// Words with one space between them: lines may end anywhere.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands outside of tags.
fn untagged(text: &str) -> String {
    let parts = text.split('<').map(|part| part.split_once('>').map_or(part, |(_, rest)| rest));
    parts.collect::<Vec<_>>().join(" ")
}

/// Says where amounts are in bare engineer-months, or where they are in a unit that is not meant.
fn wrong(reports: &Reports, currency: Option<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (place, text) in reports.read() {
        for (at, _) in text.match_indices("ngineer-month") {
            let rest = &text[at + "ngineer-month".len()..];
            let fits = match currency {
                None => of_cost(rest),
                Some(_) => rest.starts_with(" costs "),
            };
            if !fits {
                wrong.push(format!("{place}: engineer-month{}", rest.chars().take(40).collect::<String>()));
            }
        }
        if currency.is_none() && (text.contains('€') || text.contains("currency")) {
            wrong.push(format!("{place}: money, which nobody gave"));
        }
    }
    wrong
}

/// Whether "of cost" comes next. On a terminal the cell may be wrapped, and the row's numbers stand between its lines.
fn of_cost(rest: &str) -> bool {
    let is_word = |word: &&str| !word.contains(|it: char| it.is_ascii_digit()) && *word != "–";
    let mut words = rest.strip_prefix('s').unwrap_or(rest).split_whitespace().filter(is_word);
    words.next() == Some("of") && words.next().is_some_and(|word| word.starts_with("cost"))
}

#[test]
fn all_that_is_read_is_in_one_unit_and_data_are_in_engineer_months() {
    let plain = Reports::of("");
    let money = Reports::of("engineer_month = 12_000\ncurrency = \"€\"");
    let found = [wrong(&plain, None), wrong(&money, Some("€"))].concat();
    assert!(found.is_empty(), "{}", found.join("\n"));
    for (reports, unit) in [(&plain, "engineer-months of cost"), (&money, "€")] {
        // Each command's page, and what it prints, tell some amount.
        for (command, text) in reports.printed.iter().filter(|(command, _)| command != "robust") {
            assert!(text.contains(unit) || command == "claims", "{command} tells nothing in {unit}:\n{text}");
        }
        let told = reports
            .files("svg")
            .into_iter()
            .filter(|path| untagged(&std::fs::read_to_string(path).expect("text")).contains(unit));
        assert!(told.count() >= 6, "charts tell {unit}");
    }
    // The same bits in every file of data.
    let (files, others) = (plain.files("csv"), money.files("csv"));
    assert!(files.len() >= 10 && files.len() == others.len());
    for (plain, money) in files.iter().zip(&others) {
        let [plain_bytes, money_bytes] = [plain, money].map(|path| std::fs::read(path).expect("a file"));
        let columns =
            |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(|it: char| it.is_ascii_hexdigit(), "");
        // Of claims the hash of the scenario differs, which has another text.
        let same = plain_bytes == money_bytes || columns(&plain_bytes) == columns(&money_bytes);
        assert!(same, "{} differs", plain.display());
        assert!(!String::from_utf8_lossy(&money_bytes).contains('€'), "{}", money.display());
    }
}

/// A currency is text that somebody wrote: it stays text wherever it is shown.
#[test]
fn a_hostile_currency_stays_text() {
    let reports = Reports::of("engineer_month = 12_000\ncurrency = \"<b>|*$(x)&=1\"");
    for ending in ["md", "svg", "html"] {
        for path in reports.files(ending) {
            let text = std::fs::read_to_string(&path).expect("text");
            assert!(!text.contains("<b>"), "{} has a tag", path.display());
            if ending == "md" {
                let torn = text.lines().filter(|line| line.starts_with('|') && line.contains("b>|"));
                assert_eq!(torn.count(), 0, "{} has a cell too many", path.display());
            } else {
                let unescaped = text.match_indices('&').filter(|(at, _)| {
                    let rest = &text[*at..];
                    !["&lt;", "&gt;", "&amp;", "&quot;", "&#", "&apos;"].iter().any(|it| rest.starts_with(it))
                });
                assert_eq!(unescaped.count(), 0, "{} has a bare &", path.display());
            }
        }
    }
}

#[test]
fn a_currency_that_means_nothing_is_refused() {
    let health = std::fs::read_to_string(HEALTH).expect("the fixture");
    for (money, says) in [
        ("currency = \"€\"", "nothing says what an engineer-month costs"),
        ("engineer_month = 9\ncurrency = \" \"", "a currency is a name"),
        ("engineer_month = 9\ncurrency = \"a\\nb\"", "a currency is a name"),
        ("engineer_month = 9\ncurrency = \"\u{200b}\"", "a currency is a name"),
        ("engineer_month = 9\ncurrency = \"\u{202e}EUR\"", "a currency is a name"),
        ("engineer_month = 9\ncurrency = \"as many letters as no currency has\"", "a currency is a name"),
        ("engineer_month = 0", "engineer_month"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let text = health.replace("[value]\n", &format!("[value]\n{money}\n"));
        std::fs::write(folder.path().join("s.toml"), text).expect("a scenario");
        let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
        let output =
            command.args(["check", "s.toml"]).current_dir(folder.path()).output().expect("it starts");
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && err.contains(says), "{money}: {err}");
    }
}
