//! What the pages promise is true: scenarios in them load, commands run, and every metric is described.

use orgsim::observation::metrics::{METRICS, Metric};
use orgsim::scenario::study::{Amendments, Study};
use orgsim::statistics::verdict::Direction;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: impl AsRef<Path>) -> String {
    let path = root().join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// The README and every page below `docs`.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![PathBuf::from("README.md")];
    for entry in std::fs::read_dir(root().join("docs")).expect("there is a folder docs") {
        let path = entry.expect("a readable folder").path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages
}

/// The fenced blocks of a page whose fence carries exactly this mark.
fn blocks(page: &str, mark: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(said)) => open = Some((said.trim() == mark, String::new())),
            (Some((wanted, text)), Some(_)) => {
                if *wanted {
                    blocks.push(std::mem::take(text));
                }
                open = None;
            }
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is never closed");
    blocks
}

/// What is wrong with a scenario, or nothing.
fn problems(text: &str) -> Vec<String> {
    match Study::from_text("page.toml", text.as_bytes(), root().join("scenarios"), &Amendments::default()) {
        Ok((study, _)) => study.warnings.iter().map(|problem| problem.message.clone()).collect(),
        Err(refusal) => refusal.problems.iter().map(|problem| problem.message.clone()).collect(),
    }
}

#[test]
fn scenarios_in_the_pages_load_without_a_problem() {
    let mut seen = 0;
    for page in pages() {
        for block in blocks(&read(&page), "toml") {
            seen += 1;
            let problems = problems(&block);
            assert!(problems.is_empty(), "{}: {problems:?}\n{block}", page.display());
        }
    }
    assert!(seen >= 2, "the README shows at least two scenarios");
    assert!(!problems("extends = \"bare\"\nhorizont = \"1 year\"\n").is_empty(), "the check can fail");
}

/// The words of a command, quotes resolved.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quoted, mut begun) = (String::new(), false, false);
    for letter in line.chars() {
        match letter {
            '"' => (quoted, begun) = (!quoted, true),
            ' ' if !quoted => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            letter => {
                word.push(letter);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

/// The arguments that the README gives the program.
fn commands() -> Vec<Vec<String>> {
    let page = read("README.md");
    let lines = blocks(&page, "console");
    let lines = lines.iter().flat_map(|block| block.lines());
    lines.filter_map(|line| line.strip_prefix("$ cargo run --release -- ")).map(words).collect()
}

fn orgsim(arguments: &[String]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgsim"));
    command.current_dir(root()).stdin(Stdio::null()).args(arguments);
    command.output().expect("the program starts")
}

#[test]
fn commands_in_the_readme_run() {
    let commands = commands();
    assert!(commands.iter().any(|words| words[0] == "compare"), "the main job is there");
    let place = tempfile::tempdir().expect("a temporary folder");
    for mut arguments in commands {
        for file in arguments.iter().filter(|word| word.ends_with(".toml") || word.ends_with(".csv")) {
            assert!(root().join(file).is_file(), "{file} does not exist");
        }
        for word in arguments.iter_mut().filter(|word| *word == "output/demo") {
            *word = place.path().join("demo").display().to_string();
        }
        if ["run", "compare", "sweep", "simulate", "claims", "path", "best"].contains(&arguments[0].as_str())
        {
            if let Some(at) = arguments.iter().position(|word| word == "--replications") {
                arguments.drain(at..at + 2);
            }
            let out = place.path().join("out").display().to_string();
            let fewer = ["--replications", "2", "--no-charts", "--quiet", "--force", "--out", &out];
            arguments.extend(fewer.map(str::to_owned));
        }
        if ["forecast", "backtest"].contains(&arguments[0].as_str()) {
            let out = place.path().join(&arguments[0]).display().to_string();
            arguments.extend(["--out".to_owned(), out]);
        }
        let output = orgsim(&arguments);
        assert!(
            output.status.success(),
            "orgsim {}: {}\n{}",
            arguments.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let wrong = orgsim(&["compare".to_owned(), "--repetitions".to_owned()]);
    assert_eq!(wrong.status.code(), Some(2), "wrong usage is found");
}

#[test]
fn what_the_readme_shows_of_the_made_up_export_is_what_is_printed() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let demo = place.path().join("demo").display().to_string();
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    assert!(orgsim(&words(&["import", "--demo", "--out", &demo])).status.success());
    let output = orgsim(&words(&["measure", &demo, "--no-charts"]));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let page = read("README.md");
    let shown: Vec<String> =
        blocks(&page, "text").into_iter().filter(|block| block.contains("throughput")).collect();
    assert_eq!(shown.len(), 1);
    for line in shown[0].lines() {
        assert!(printed.contains(line), "the README shows “{line}”, which is not printed:\n{printed}");
    }
}

#[test]
fn every_command_and_flag_of_the_program_is_in_the_readme() {
    let page = read("README.md");
    let help = orgsim(&["--help".to_owned()]);
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let listed = help.split("Commands:").nth(1).expect("the help lists commands");
    let listed = listed.split("\n\n").next().unwrap_or_default();
    // What is indented further goes on about the command above.
    let named = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = named.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    let mut seen = 0;
    for name in names {
        seen += 1;
        assert!(page.contains(&format!("orgsim {name}")), "the README does not name the command {name}");
    }
    assert_eq!(seen, 25, "all commands were seen");
    let help = orgsim(&["compare".to_owned(), "--help".to_owned()]);
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let flags = help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2);
    for flag in flags.map(|flag| flag.trim_matches(|letter: char| !letter.is_alphabetic() && letter != '-')) {
        let known = page.contains(flag) || ["--help", "--version", "--vary", "--axis"].contains(&flag);
        assert!(known, "the README does not name the flag {flag}");
    }
}

/// How a metric's row begins where the files are described; more may be said about it.
fn row(metric: &Metric) -> String {
    let better = match metric.better {
        Some(Direction::HigherIsBetter) => "more",
        Some(Direction::LowerIsBetter) => "less",
        None => "–",
    };
    format!("| `{}` | {} | {} | {better} | {}", metric.name, metric.title, metric.unit, metric.definition)
}

/// The table of metrics is what the register says. Rows keep their order, and new ones come last; with
/// ORGSIM_PAGES=write the page is written so.
#[test]
fn every_metric_is_described_where_the_files_are() {
    const PAGE: &str = "output/README.md";
    const HEAD: &str = "| column | title | unit | better | definition |\n| --- | --- | --- | --- | --- |\n";
    let page = read(PAGE);
    let begin = page.find(HEAD).expect("the head of the table") + HEAD.len();
    let table = page[begin..].split("\n\n").next().unwrap_or_default();
    let is_of = |line: &str, metric: &Metric| line.starts_with(&format!("| `{}` |", metric.name));
    let told = |line: &str| {
        let row = row(METRICS.iter().find(|metric| is_of(line, metric))?);
        Some(if line.starts_with(&row) { line.to_owned() } else { row + " |" })
    };
    let new = METRICS.iter().filter(|metric| !table.lines().any(|line| is_of(line, metric)));
    let rows: Vec<String> =
        table.lines().filter_map(told).chain(new.map(|metric| row(metric) + " |")).collect();
    let due = rows.join("\n");
    if std::env::var_os("ORGSIM_PAGES").is_some_and(|word| word == "write") {
        let page = format!("{}{due}{}", &page[..begin], &page[begin + table.len()..]);
        std::fs::write(root().join(PAGE), page).expect("the page is written");
        return;
    }
    let wrong: Vec<&str> = due.lines().filter(|row| !table.lines().any(|line| line == *row)).collect();
    assert!(
        wrong.is_empty(),
        "{PAGE} lacks these rows; ORGSIM_PAGES=write writes them:\n{}",
        wrong.join("\n")
    );
    assert_eq!(table.lines().count(), rows.len(), "{PAGE} has rows of what is not measured");
}

/// A page's section from its heading to the next, and where it stands.
fn section(page: &str, heading: &str) -> Option<std::ops::Range<usize>> {
    let begin = page.find(&format!("\n{heading}\n"))? + 1;
    let rest = &page[begin + heading.len()..];
    let end = ["\n## ", "\n### "].iter().filter_map(|next| rest.find(next)).min().unwrap_or(rest.len());
    Some(begin..begin + heading.len() + end)
}

/// What docs/model.md says with a mechanism's page in its place; new ones come last.
fn with_page(model: &str, page: &str) -> String {
    const AFTER: &str = "### What is not in it\n";
    let heading = page.lines().next().unwrap_or_default();
    match section(model, heading) {
        Some(place) => format!("{}{}\n{}", &model[..place.start], page.trim_end(), &model[place.end..]),
        None => {
            let at = model.find(AFTER).expect("the section after the mechanisms");
            format!("{}{}\n\n{}", &model[..at], page.trim_end(), &model[at..])
        }
    }
}

/// A mechanism's section in docs/model.md is the page in its folder; with ORGSIM_PAGES=write it is written so.
#[test]
fn every_mechanism_has_a_page_which_is_its_section_of_the_model() {
    const MODEL: &str = "docs/model.md";
    let model = read(MODEL);
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root().join("src/model/mechanisms"))
        .expect("the mechanisms")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    folders.sort();
    assert!(folders.len() > 20, "the mechanisms were found");
    let (mut due, mut wrong) = (model.clone(), Vec::new());
    for folder in folders {
        let page = read(folder.join("page.md"));
        assert!(page.starts_with("### "), "{}: its page begins with a heading", folder.display());
        let with = with_page(&due, &page);
        if with != due {
            wrong.push(folder.display().to_string());
        }
        due = with;
    }
    if std::env::var_os("ORGSIM_PAGES").is_some_and(|word| word == "write") {
        std::fs::write(root().join(MODEL), due).expect("the page is written");
        return;
    }
    assert!(
        wrong.is_empty(),
        "{MODEL} does not say what these pages say; ORGSIM_PAGES=write writes them: {wrong:?}"
    );
}

#[test]
fn a_page_takes_the_place_of_its_section_or_comes_last() {
    let model = "# M\n\n### a\n\nOld.\n\n### What is not in it\n\nB.\n";
    assert_eq!(with_page(model, "### a\n\nOld.\n"), model, "a page that is there already");
    assert_eq!(with_page(model, "### a\n\nNew.\n"), model.replace("Old", "New"));
    let last = with_page(model, "### c\n\nNew.\n");
    assert_eq!(last, model.replace("### What", "### c\n\nNew.\n\n### What"));
}

/// Files that a page points to, within the project.
fn links(page: &str) -> Vec<String> {
    let rest = page.split("](").skip(1).filter_map(|text| text.split(')').next());
    rest.filter(|link| !link.contains("://") && !link.starts_with('#'))
        .map(|link| link.split('#').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn pages_point_to_files_that_exist() {
    let pages = [
        "README.md",
        "ARCHITECTURE.md",
        "DESIGN.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/model.md",
        "docs/coverage.md",
        "docs/evidence.md",
        "output/README.md",
    ];
    for page in pages {
        let folder = root().join(page).parent().expect("a file has a folder").to_owned();
        for link in links(&read(page)) {
            assert!(folder.join(&link).exists(), "{page} points to {link}, which does not exist");
        }
    }
    assert_eq!(links("[a](b.md#c) [d](https://example.org)"), ["b.md"]);
}
