//! The page of evidence is its file, every id that is cited is there, and none is there that nobody cites.

mod files;

use files::below;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use toml::{Table, Value};

const PAGE: &str = "docs/evidence.md";

const HEAD: &str = "\
# Evidence

What presets and scenarios cite by an id, such as `source = \"TD-5\"`: what was found, where, and how it came here.
`orgsim explain TD-5` says one of them, and for which numbers it is cited. The page is made from
[evidence.toml](../assets/evidence.toml) by `ORGSIM_PAGES=write cargo test --release --test evidence_page`.

*How it is known*, in the last column: **read** in the source itself; of the **abstract** alone; **computed** for orgsim from
the data that the authors published; **second hand**, where others quote or summarise it; from **memory**, which has not been
looked up; a **practice** that people follow, which nobody measured; **nothing**, where it was looked for and not found. A survey's
correlation is no cause, and what a vendor tells of its customers is not of everybody's teams.
";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn evidence() -> Table {
    include_str!("../assets/evidence.toml").parse().expect("TOML")
}

fn text<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The number of an id.
fn number(id: &str) -> u32 {
    id.rsplit_once('-').and_then(|(_, number)| number.parse().ok()).unwrap_or(0)
}

fn page(file: &Table) -> String {
    let mut page = HEAD.to_owned();
    // In the order of the file, which a table does not keep.
    let written = include_str!("../assets/evidence.toml");
    let subjects = file["subjects"].as_table().expect("subjects");
    let mut order: Vec<&String> = subjects.keys().collect();
    order.sort_by_key(|subject| written.find(&format!("\n{subject} = ")));
    for subject in order {
        let name = subjects[subject].as_str().expect("a name");
        page += &format!("\n## {name}\n\n| id | of what | found | source | known |\n|---|---|---|---|---|\n");
        let mut ids: Vec<&String> = file.keys().filter(|id| id.starts_with(&format!("{subject}-"))).collect();
        ids.sort_by_key(|id| number(id));
        for id in ids {
            let entry = &file[id];
            let note = text(entry, "note");
            let about = [text(entry, "about"), note].join(if note.is_empty() { "" } else { ". " });
            let cells = [&about, text(entry, "number"), text(entry, "source"), text(entry, "known")];
            page += &format!("| {id} | {} |\n", cells.join(" | "));
        }
    }
    page
}

/// Every id in a text, with a prefix that is a subject's.
fn named(text: &str, subjects: &Table) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    let is_id = |word: &&str| {
        word.split_once('-').is_some_and(|(subject, number)| {
            subjects.contains_key(subject)
                && !number.is_empty()
                && number.bytes().all(|digit| digit.is_ascii_digit())
        })
    };
    words.filter(is_id).map(str::to_owned).collect()
}

#[test]
fn the_page_is_what_the_file_says() {
    let page = page(&evidence());
    let path = root().join(PAGE);
    if std::env::var("ORGSIM_PAGES").is_ok_and(|value| value == "write") {
        std::fs::write(&path, &page).expect("written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "{PAGE} is not what assets/evidence.toml says: run with ORGSIM_PAGES=write");
}

#[test]
fn every_id_that_is_cited_is_there_and_every_one_there_is_cited() {
    let file = evidence();
    let subjects = file["subjects"].as_table().expect("subjects");
    let known: BTreeSet<String> = file.keys().filter(|key| *key != "subjects").cloned().collect();
    let mut cited: BTreeMap<String, String> = BTreeMap::new();
    for folder in ["scenarios", "src", "docs", "examples"] {
        for path in below(&root().join(folder)) {
            let is_page = ["assets/evidence.toml", PAGE].iter().any(|own| path.ends_with(own));
            let is_own = path.ends_with("src/cli/explain/evidence.rs");
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            if !is_page && !is_own {
                let ids = named(&text, subjects).into_iter();
                cited.extend(ids.map(|id| (id, path.display().to_string())));
            }
        }
    }
    let missing: Vec<_> = cited.iter().filter(|(id, _)| !known.contains(*id)).collect();
    assert!(missing.is_empty(), "assets/evidence.toml lacks what these cite: {missing:?}");
    let idle: Vec<_> = known.iter().filter(|id| !cited.contains_key(*id)).collect();
    assert!(idle.is_empty(), "nobody cites these any more: {idle:?}");
    assert!(known.len() > 100 && named("TD-5, TD-x and UTF-8", subjects).len() == 1);
}

#[test]
fn explain_tells_every_id() {
    let explain = |id: &str| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_orgsim")).args(["explain", id]).output().expect("starts");
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    for id in ["TD-5", "td-5", "DO-24", "OR-14"] {
        let (code, said) = explain(id);
        assert!(
            code == Some(0) && said.contains("Source: ") && said.contains("How it is known: "),
            "{id}: {said}"
        );
    }
    let (code, said) = explain("TD-99");
    assert!(code == Some(2) && said.contains("there is no evidence TD-99"), "{said}");
}
