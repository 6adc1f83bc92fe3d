//! The rules of the code's build, checked by reading `src`: who may use whom where the compiler does not keep it, and how
//! large things may grow.
//!
//! Present offenders stand in lists that may only shrink: an entry that is no longer needed is an error too.
//! Every rule is shown able to fail at the end of this file.

use std::collections::BTreeMap;
use std::path::Path;

/// A source file: its path below `src`, its text, and the text without tests, comments and contents of strings.
struct File {
    path: String,
    text: String,
    code: String,
}

impl File {
    fn new(path: &str, text: &str) -> File {
        let path = path.to_owned();
        let is_test = path.ends_with("tests.rs") || path.contains("/tests/");
        let code = if is_test { String::new() } else { bare(&without_tests(text)) };
        File { path, text: text.to_owned(), code }
    }

    /// The layer or part that the file belongs to, such as `model` or `observation::metrics`.
    fn module(&self) -> String {
        let path = self.path.trim_end_matches(".rs");
        let path = path.trim_end_matches("/mod").trim_end_matches("/lib");
        path.replace('/', "::")
    }

    fn layer(&self) -> String {
        self.module().split("::").next().unwrap_or_default().to_owned()
    }
}

fn sources() -> Vec<File> {
    fn walk(folder: &Path, below: &Path, files: &mut Vec<File>) {
        let mut entries: Vec<_> = std::fs::read_dir(folder).expect("src is there").flatten().collect();
        entries.sort_by_key(std::fs::DirEntry::path);
        for entry in entries {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, below, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(below).expect("below src").to_string_lossy().replace('\\', "/");
                let text = std::fs::read_to_string(&path).expect("a source file is text");
                files.push(File::new(&name, &text));
            }
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&src, &src, &mut files);
    assert!(files.len() > 50, "the sources were found");
    files
}

/// The text up to its test module, which by custom comes last.
fn without_tests(text: &str) -> String {
    text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned()
}

/// Code without comments, and with strings and characters emptied.
fn bare(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::new();
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        match rest {
            ['/', '/', ..] => at += rest.iter().position(|letter| *letter == '\n').unwrap_or(rest.len()),
            ['"', ..] => {
                code.push_str("\"\"");
                at += 1;
                while at < letters.len() && letters[at] != '"' {
                    at += if letters[at] == '\\' { 2 } else { 1 };
                }
                at += 1;
            }
            ['\'', '\\', ..] => {
                code.push_str("''");
                at += 3 + rest[3..].iter().position(|letter| *letter == '\'').unwrap_or(0) + 1;
            }
            ['\'', _, '\'', ..] => {
                code.push_str("''");
                at += 3;
            }
            [letter, ..] => {
                code.push(*letter);
                at += 1;
            }
            [] => break,
        }
    }
    code
}

/// The layers that are crates of their own, from the bottom up, and which others each may use: its Cargo.toml names these
/// and no others, and the compiler keeps it.
const CRATES: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("notation", &[]),
    // The inverse normal is shared, so that it is right in one place.
    ("statistics", &["kernel"]),
    ("model", &["kernel", "notation"]),
    ("observation", &["kernel", "statistics", "model"]),
    ("scenario", &["kernel", "notation", "model", "observation"]),
    ("experiment", &["kernel", "notation", "statistics", "model", "observation", "scenario"]),
    ("report", &["statistics", "scenario", "experiment"]),
];

/// What a layer's manifest names that it may not, and may name that it does not.
fn misnamed(layer: &str, allowed: &[&str], manifest: &str) -> Vec<String> {
    let manifest: toml::Table = manifest.parse().expect("a manifest is TOML");
    let named = |name: &str| {
        let lists = ["dependencies", "dev-dependencies", "build-dependencies"];
        lists.iter().any(|list| manifest.get(*list).is_some_and(|list| list.get(name).is_some()))
    };
    let wrong = CRATES.iter().filter(|(name, _)| named(name) != allowed.contains(name));
    wrong.map(|(name, _)| format!("src/{layer}/Cargo.toml and the list here disagree on {name}")).collect()
}

#[test]
fn layers_name_only_what_lies_below() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    none(CRATES.iter().flat_map(|(layer, allowed)| {
        let manifest = std::fs::read_to_string(src.join(layer).join("Cargo.toml")).expect("a manifest");
        misnamed(layer, allowed, &manifest)
    }));
}

/// Every path that code names, from the layer down: braces of imports opened, `crate` and `super` resolved.
fn used(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    let layer = file.layer();
    let is_crate = CRATES.iter().any(|(name, _)| *name == layer);
    let roots = CRATES.iter().map(|(name, _)| (*name, *name));
    for (word, base) in roots.chain([("crate", if is_crate { layer.as_str() } else { "" })]) {
        let start = format!("{word}::");
        for (at, _) in file.code.match_indices(&start) {
            let before = file.code[..at].chars().next_back();
            if before.is_some_and(|letter| letter.is_alphanumeric() || "_$:".contains(letter)) {
                continue;
            }
            open_braces(base, &file.code[at + start.len()..], &mut found);
        }
    }
    let module = file.module();
    let own: Vec<&str> = module.split("::").collect();
    for (at, _) in file.code.match_indices("super::") {
        if file.code[..at].ends_with("super::") {
            continue;
        }
        let rest = &file.code[at..];
        let ups = rest.split("::").take_while(|part| *part == "super").count();
        if ups <= own.len() {
            let base = own[..own.len() - ups].join("::");
            open_braces(&base, &rest["super::".len() * ups..], &mut found);
        }
    }
    found
}

/// `a::{b, c::{d}}` as `a::b` and `a::c::d`.
fn open_braces(base: &str, rest: &str, found: &mut Vec<String>) {
    let join = |name: &str| if base.is_empty() { name.to_owned() } else { format!("{base}::{name}") };
    if let Some(inner) = rest.strip_prefix('{') {
        let (mut depth, mut begun) = (0, 0);
        for (at, letter) in inner.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    let part = inner[begun..at].trim();
                    if !part.is_empty() {
                        open_braces(base, part, found);
                    }
                    begun = at + 1;
                    if letter == '}' {
                        return;
                    }
                }
                _ => {}
            }
        }
        return;
    }
    let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len());
    let name = join(&rest[..end]);
    match rest[end..].strip_prefix("::") {
        Some(rest) => open_braces(&name, rest, found),
        None => found.push(name),
    }
}

/// Where a layer may use a part of another only; a module stands for all that is in it.
const PARTS: &[(&str, &str, &[&str])] = &[
    // Reports read plain summaries and cannot reach the simulation.
    (
        "report",
        "experiment",
        &[
            "experiment::summary",
            "experiment::sweep",
            "experiment::robust::summary",
            "experiment::sensitivity",
        ],
    ),
    // Commands read scenarios, run experiments and hand over to reports; only `trace` looks at a replication.
    ("cli", "observation", &["observation::trace"]),
    ("cli", "model", &["model::cause"]),
    ("cli", "kernel", &[]),
    ("cli", "units", &[]),
    ("cli", "statistics", &[]),
];

fn too_deep(file: &File) -> Vec<String> {
    let layer = file.layer();
    let within = |path: &str, module: &str| path == module || path.starts_with(&format!("{module}::"));
    let mut wrong: Vec<String> = used(file)
        .into_iter()
        .filter(|path| {
            PARTS.iter().any(|(user, other, parts)| {
                *user == layer && within(path, other) && !parts.iter().any(|part| within(path, part))
            })
        })
        .map(|path| format!("{} uses {path}", file.path))
        .collect();
    wrong.sort();
    wrong.dedup();
    wrong
}

#[test]
fn reports_and_commands_keep_out_of_the_simulation() {
    none(sources().iter().flat_map(too_deep));
}

/// What the model, and everything below it, must not touch.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
    "std::env",
    "rayon",
    "println!",
];

fn reaches_outside(file: &File) -> Vec<String> {
    let pure = ["kernel", "statistics", "model", "observation", "notation"];
    if !pure.contains(&file.layer().as_str()) {
        return Vec::new();
    }
    let found = OUTSIDE.iter().filter(|name| file.code.contains(**name));
    found.map(|name| format!("{} reaches for {name}", file.path)).collect()
}

#[test]
fn the_model_does_no_input_or_output_and_knows_no_clock_but_the_event_list() {
    none(sources().iter().flat_map(reaches_outside));
}

const MECHANISMS: &str = "model::mechanisms::";

fn sideways(file: &File) -> Vec<String> {
    let module = file.module();
    let Some(own) = module.strip_prefix(MECHANISMS) else { return Vec::new() };
    let own = own.split("::").next().unwrap_or_default();
    let other = |path: &String| {
        let name = path.strip_prefix(MECHANISMS).and_then(|rest| rest.split("::").next()).map(str::to_owned);
        // Types of the register, such as `Event`, have a capital letter.
        name.filter(|name| name != own && name.starts_with(char::is_lowercase))
    };
    used(file)
        .iter()
        .filter_map(other)
        .map(|name| format!("{} imports the mechanism {name}", file.path))
        .collect()
}

#[test]
fn mechanisms_do_not_know_each_other() {
    none(sources().iter().flat_map(sideways));
}

/// Whether a file belongs to the core of the model: all of it but mechanisms and their register.
fn is_core(file: &File) -> bool {
    let module = file.module();
    file.layer() == "model" && module != "model::mechanisms" && !module.starts_with(MECHANISMS)
}

/// Where the core imports a mechanism, or looks into what one keeps or was told: its column of an item, or its parameters. A
/// plan says of a stage what its holder is told, and may name the holder's types for that.
fn particular(file: &File, mechanisms: &[String]) -> Vec<String> {
    if !is_core(file) {
        return Vec::new();
    }
    let is_one = |name: &str| mechanisms.iter().any(|mechanism| mechanism == name);
    let paths = used(file);
    let is_type =
        |path: &&String| path.rsplit("::").next().is_some_and(|name| name.starts_with(char::is_uppercase));
    let imports = paths.iter().filter(|path| !(file.path == "model/plan.rs" && is_type(path)));
    let imports = imports.filter_map(|path| path.strip_prefix(MECHANISMS)?.split("::").next());
    // A chain of fields may stand on several lines.
    let code: String = file.code.chars().filter(|letter| !letter.is_whitespace()).collect();
    let fields = [".own.", ".params."].into_iter().flat_map(|field| {
        code.match_indices(field).map(|(at, _)| {
            let rest = &code[at + field.len()..];
            let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
            &rest[..end.unwrap_or(rest.len())]
        })
    });
    let named: std::collections::BTreeSet<&str> = imports.chain(fields).filter(|name| is_one(name)).collect();
    named.into_iter().map(|name| format!("{} knows the mechanism {name}", file.path)).collect()
}

fn mechanisms(files: &[File]) -> Vec<String> {
    let modules = files.iter().map(File::module);
    let own = modules.filter_map(|module| module.strip_prefix(MECHANISMS).map(str::to_owned));
    own.filter(|name| !name.contains("::")).collect()
}

#[test]
fn the_core_knows_no_mechanism() {
    let files = sources();
    let mechanisms = mechanisms(&files);
    assert!(mechanisms.len() > 20, "the mechanisms were found");
    none(files.iter().flat_map(|file| particular(file, &mechanisms)));
}

/// The types of columns in what replications; those of plans are for whoever compiles them.
const COLUMNS: [&str; 4] = ["OnItem", "OnInitiative", "OnComponent", "OnTeam"];

/// Fields of columns that others than their mechanism could reach.
fn bared(file: &File) -> Vec<String> {
    if !file.module().starts_with(MECHANISMS) {
        return Vec::new();
    }
    let is_open = |column: &&&str| {
        let body = file.code.split(&format!("pub struct {column} {{")).nth(1);
        body.and_then(|body| body.split('}').next()).is_some_and(|body| body.contains("pub"))
    };
    let open = COLUMNS.iter().filter(is_open);
    open.map(|column| format!("{}: a field of {column} is not its own", file.path)).collect()
}

#[test]
fn what_a_mechanism_keeps_is_its_own() {
    let files = sources();
    let columns = files
        .iter()
        .filter(|file| COLUMNS.iter().any(|name| file.code.contains(&format!("struct {name} {{"))));
    assert!(columns.count() > 5, "the columns were found");
    none(files.iter().flat_map(bared));
}

fn unannounced(file: &File) -> Vec<String> {
    let begins = file.text.starts_with("//! ") && file.text.len() > "//! a.".len();
    if begins { Vec::new() } else { vec![format!("{} does not say at its head what it is", file.path)] }
}

#[test]
fn every_file_says_what_it_is() {
    none(sources().iter().flat_map(unannounced));
}

const HEADINGS: [&str; 3] = ["**How it acts.**", "**Parameters.**", "**Sources.**"];

fn headings(file: &File) -> Vec<String> {
    let module = file.module();
    let Some(rest) = module.strip_prefix(MECHANISMS) else { return Vec::new() };
    if rest.contains("::") {
        return Vec::new();
    }
    let head: String = file.text.lines().take_while(|line| line.starts_with("//!")).collect();
    let missing = HEADINGS.iter().filter(|heading| !head.contains(**heading));
    missing.map(|heading| format!("{}: its head lacks {heading}", file.path)).collect()
}

#[test]
fn every_mechanism_says_how_it_acts_its_parameters_and_its_sources() {
    none(sources().iter().flat_map(headings));
}

const LINES_OF_A_FILE: usize = 500;
const LINES_OF_A_FUNCTION: usize = 70;

/// Files that are too long, and how long they may be. May only shrink.
const LONG_FILES: &[(&str, usize)] = &[];

/// Functions that are too long, `file: name`, and how long they may be. May only shrink.
const LONG_FUNCTIONS: &[(&str, usize)] = &[];

/// The length of each function, found by its indentation.
fn functions(file: &File) -> BTreeMap<String, usize> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut lengths = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let words: Vec<&str> = code.split_whitespace().take_while(|word| !word.contains('(')).collect();
        let before = code.split('(').next().unwrap_or_default();
        let qualifiers = ["pub", "const", "unsafe", "async", "extern"];
        let is_function = code.starts_with("fn ")
            || words.first().is_some_and(|word| qualifiers.contains(word)) && before.contains(" fn ")
            || code.starts_with("pub(") && code.contains(") fn ");
        if !is_function {
            continue;
        }
        let Some(name) = code.split("fn ").nth(1).map(|rest| {
            rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>()
        }) else {
            continue;
        };
        let closing = format!("{}}}", " ".repeat(indent));
        let end = lines[at..].iter().position(|line| *line == closing || line.trim_end().ends_with("; }"));
        let one_line = line.trim_end().ends_with('}') || line.trim_end().ends_with(';');
        let length = if one_line { 1 } else { end.map_or(1, |end| end + 1) };
        let key = format!("{}: {name}", file.path);
        let longest = lengths.entry(key).or_insert(0);
        *longest = length.max(*longest);
    }
    lengths
}

/// What is too long and not on the list, longer than the list allows, or on it without need.
fn ratchet(limit: usize, listed: &[(&str, usize)], found: &BTreeMap<String, usize>) -> Vec<String> {
    let allowed: BTreeMap<&str, usize> = listed.iter().copied().collect();
    let mut wrong = Vec::new();
    for (name, length) in found {
        match allowed.get(name.as_str()) {
            None if *length > limit => wrong.push(format!("{name}: {length} lines, more than {limit}")),
            Some(most) if length > most => wrong.push(format!("{name}: grew from {most} to {length} lines")),
            Some(_) if *length <= limit => {
                wrong.push(format!("{name} is short enough: take it off the list"))
            }
            _ => {}
        }
    }
    let gone = listed.iter().filter(|(name, _)| !found.contains_key(*name));
    wrong.extend(gone.map(|(name, _)| format!("{name} is gone: take it off the list")));
    wrong
}

#[test]
fn files_and_functions_stay_small() {
    let files = sources();
    let lengths = files.iter().map(|file| (file.path.clone(), file.text.lines().count())).collect();
    let functions = files.iter().flat_map(functions).collect();
    none(ratchet(LINES_OF_A_FILE, LONG_FILES, &lengths).into_iter().chain(ratchet(
        LINES_OF_A_FUNCTION,
        LONG_FUNCTIONS,
        &functions,
    )));
}

fn banned(file: &File) -> Vec<String> {
    let everywhere = ["todo!", "unimplemented!", "dbg!", ".unwrap()"];
    let hot = ["Rc<", "RefCell<", "Box<dyn"];
    let hot = hot.iter().filter(|_| ["kernel", "model"].contains(&file.layer().as_str()));
    let found = everywhere.iter().chain(hot).filter(|word| {
        // `Arc<` is no `Rc<`.
        file.code.match_indices(**word).any(|(at, _)| {
            let before = file.code[..at].chars().next_back();
            !word.starts_with(char::is_alphabetic)
                || !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
        })
    });
    found.map(|word| format!("{}: {word}", file.path)).collect()
}

#[test]
fn some_words_are_not_used() {
    none(sources().iter().flat_map(banned));
}

/// FNV-1a, 32 bits: how stream ids become tags.
fn tag(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Stream ids that share a name or a tag.
fn clashes(files: &[File]) -> Vec<String> {
    let mut seen: BTreeMap<u32, String> = BTreeMap::new();
    let mut wrong = Vec::new();
    for file in files {
        let text = without_tests(&file.text);
        for part in text.split("StreamId::named(\"").skip(1) {
            let name = part.split('"').next().unwrap_or_default();
            let place = format!("\"{name}\" in {}", file.path);
            if let Some(other) = seen.insert(tag(name), place.clone()) {
                wrong.push(format!("{place} decides by the same random numbers as {other}"));
            }
        }
    }
    wrong
}

#[test]
fn no_two_stream_ids_coincide() {
    let files = sources();
    let stream_ids: usize = files.iter().map(|file| file.text.matches("StreamId::named(\"").count()).sum();
    assert!(stream_ids > 30, "the stream ids were found");
    none(clashes(&files));
}

#[track_caller]
fn none(wrong: impl IntoIterator<Item = String>) {
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{} faults:\n  {}", wrong.len(), wrong.join("\n  "));
}

/// Each rule finds what it is for.
mod sabotage {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File::new(path, text)
    }

    #[test]
    fn imports_that_reach_too_deep() {
        let good = [
            (
                "report/x.rs",
                "use experiment::summary::Row;\n// experiment::run\nlet s = \"experiment::run\";\n",
            ),
            ("report/x.rs", "use crate::words;\nuse super::chart::text;"),
            ("cli/x.rs", "use crate::observation::trace::Trace;"),
            ("experiment/x.rs", "use observation::recorder::Recorder;"),
            ("report/x.rs", "fn f() {}\n\n#[cfg(test)]\nmod tests {\n    use experiment::run;\n}\n"),
        ];
        for (path, text) in good {
            assert!(too_deep(&file(path, text)).is_empty(), "{path}: {text}");
        }
        let bad = [
            ("report/x.rs", "use experiment::run::run;"),
            ("report/x.rs", "use experiment::{summary::Row, replicate::follow};"),
            ("cli/x.rs", "fn f() -> crate::model::work::Item {}"),
            ("cli/deep/x.rs", "use super::super::super::observation::recorder::Recorder;"),
            ("cli/x.rs", "use crate::units::Ticks;"),
        ];
        for (path, text) in bad {
            assert!(!too_deep(&file(path, text)).is_empty(), "{path}: {text}");
        }
    }

    #[test]
    fn manifests_that_name_too_much_or_too_little() {
        let manifest = |list: &str, names: &str| format!("[package]\nname = \"x\"\n[{list}]\n{names}\n");
        let good = manifest("dependencies", "kernel.workspace = true\nlibm.workspace = true");
        assert!(misnamed("statistics", &["kernel"], &good).is_empty());
        let bad = manifest("dependencies", "kernel.workspace = true\nmodel.workspace = true");
        assert_eq!(misnamed("statistics", &["kernel"], &bad).len(), 1);
        assert_eq!(misnamed("kernel", &[], &manifest("dev-dependencies", "model.workspace = true")).len(), 1);
        assert_eq!(misnamed("statistics", &["kernel"], &manifest("dependencies", "")).len(), 1);
    }

    #[test]
    fn a_model_that_reads_files() {
        assert!(!reaches_outside(&file("model/x.rs", "let text = std::fs::read(path);")).is_empty());
        assert!(!reaches_outside(&file("observation/x.rs", "use std::time::Instant;")).is_empty());
        assert!(reaches_outside(&file("report/x.rs", "use std::fs;")).is_empty());
    }

    #[test]
    fn mechanisms_that_call_each_other() {
        let bad = ["use super::debt::Debt;", "use crate::mechanisms::{Event, debt};"];
        for text in bad {
            assert!(!sideways(&file("model/mechanisms/release.rs", text)).is_empty(), "{text}");
        }
        let good = "use crate::mechanisms::Event;\nuse super::super::work::ItemId;";
        assert!(sideways(&file("model/mechanisms/release.rs", good)).is_empty());
        assert!(
            sideways(&file("model/mechanisms/debt/law.rs", "use super::super::debt::Params;")).is_empty()
        );
    }

    #[test]
    fn a_core_that_knows_mechanisms() {
        let mechanisms = ["debt".to_owned(), "clarity".to_owned()];
        let bad = [
            "use super::mechanisms::debt::Debt;",
            "use crate::mechanisms::{Event, debt};",
            "fn f(item: &Item) -> f64 { item.own.clarity.fuzziness() }",
            "let corner = turn\n    .plan\n    .params\n    .debt\n    .corner;",
        ];
        for text in bad {
            assert_eq!(particular(&file("model/flow.rs", text), &mechanisms).len(), 1, "{text}");
            assert!(particular(&file("model/mechanisms/x.rs", text), &mechanisms).is_empty(), "{text}");
            assert!(particular(&file("model/mechanisms.rs", text), &mechanisms).is_empty(), "{text}");
        }
        let good =
            "use super::mechanisms::{Event, Mechanisms};\nitem.own.follow(migration); // item.own.debt\n";
        assert!(particular(&file("model/flow.rs", good), &mechanisms).is_empty());
        let (told, tells) = ("use super::mechanisms::debt::Params;", "use super::mechanisms::debt::repay;");
        assert!(particular(&file("model/plan.rs", told), &mechanisms).is_empty());
        assert_eq!(particular(&file("model/plan.rs", tells), &mechanisms).len(), 1);
        assert_eq!(particular(&file("model/plan.rs", bad[2]), &mechanisms).len(), 1);
    }

    #[test]
    fn columns_that_others_reach_into() {
        let column = |field: &str| {
            format!("pub struct OnItem {{\n    {field}: f32,\n}}\npub struct OnStage {{ pub a: u8 }}")
        };
        assert!(bared(&file("model/mechanisms/x.rs", &column("doubt"))).is_empty());
        assert_eq!(bared(&file("model/mechanisms/x.rs", &column("pub doubt"))).len(), 1);
    }

    #[test]
    fn heads_that_say_nothing() {
        assert!(!unannounced(&file("x.rs", "use a;\n")).is_empty());
        let head = "//! X.\n//! **How it acts.** Y. **Parameters.** Z.\n";
        assert_eq!(headings(&file("model/mechanisms/x.rs", head)).len(), 1);
        assert!(headings(&file("model/mechanisms/x/part.rs", "//! A part.\n")).is_empty());
    }

    #[test]
    fn things_that_grow() {
        let long = format!(
            "impl X {{\n    pub(super) fn long(a: u8) {{\n{}    }}\n    fn short() {{}}\n}}\n",
            "        a();\n".repeat(80)
        );
        let found = functions(&file("x.rs", &long));
        assert_eq!((found["x.rs: long"], found["x.rs: short"]), (82, 1));
        assert_eq!(ratchet(70, &[], &found).len(), 1);
        assert_eq!(ratchet(70, &[("x.rs: long", 81)], &found).len(), 1);
        assert_eq!(ratchet(70, &[("x.rs: long", 82)], &found).len(), 0);
        assert_eq!(ratchet(90, &[("x.rs: long", 82)], &found).len(), 1);
        assert_eq!(ratchet(90, &[("x.rs: gone", 82)], &found).len(), 1);
    }

    #[test]
    fn words_that_are_banned() {
        for text in ["todo!()", "let a = b.unwrap();", "let a: Box<dyn Fn()> = b;", "let a: Rc<u8> = b;"] {
            assert_eq!(banned(&file("model/x.rs", text)).len(), 1, "{text}");
        }
        assert!(banned(&file("model/x.rs", "let a: Arc<u8> = \"todo!\"; // dbg!")).is_empty());
        assert!(banned(&file("report/x.rs", "type Read = Box<dyn Fn()>;")).is_empty());
    }

    #[test]
    fn stream_ids_that_coincide() {
        let one = || file("a.rs", "const A: StreamId = StreamId::named(\"a/b\");");
        assert_eq!(clashes(&[one(), one()]).len(), 1);
        // Two words whose FNV-1a tags are known to coincide.
        assert_eq!(tag("costarring"), tag("liquid"));
        let other = |name: &str| file("b.rs", &format!("StreamId::named(\"{name}\")"));
        assert_eq!(clashes(&[other("costarring"), other("liquid")]).len(), 1);
    }
}
