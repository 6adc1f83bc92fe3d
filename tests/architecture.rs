//! The rules of the code's build, checked by reading `src`: who may use whom where the compiler does not keep it, and how
//! large things may grow.
//!
//! Present offenders stand in lists that may only shrink: an entry that is no longer needed is an error too.
//! Every rule is shown able to fail in `architecture/sabotage.rs`.

use sources::{File, functions, sources, used, without_tests};
use std::collections::BTreeMap;
use std::path::Path;

#[path = "architecture/sources.rs"]
mod sources;

/// The layers that are crates of their own, from the bottom up, and which others each may use: its Cargo.toml names these
/// and no others, and the compiler keeps it.
const CRATES: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("notation", &[]),
    // The inverse normal is shared, so that it is right in one place.
    ("statistics", &["kernel"]),
    // What trackers recorded has nothing to do with what is simulated.
    ("history", &["statistics"]),
    // What was finished when, and what follows from it alone: it knows no model.
    ("forecast", &["kernel", "statistics"]),
    // Numbers of a history and statistics of many: it simulates nothing.
    ("fit", &["statistics", "history"]),
    ("model", &["kernel", "notation"]),
    ("observation", &["kernel", "statistics", "model"]),
    ("scenario", &["kernel", "notation", "model", "observation"]),
    ("experiment", &["kernel", "notation", "statistics", "fit", "model", "observation", "scenario"]),
    ("report", &["statistics", "history", "fit", "scenario", "experiment"]),
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
            "experiment::fitting::summary",
            "experiment::whatif::summary",
        ],
    ),
    // Commands read scenarios, run experiments and hand over to reports; only `trace` looks at a replication.
    ("cli", "observation", &["observation::trace", "observation::tracker"]),
    ("cli", "model", &["model::cause"]),
    ("cli", "kernel", &[]),
    ("cli", "units", &[]),
    // A question may count; all that compares is below it.
    ("cli", "statistics", &["statistics::interval"]),
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
    let pure = ["kernel", "statistics", "history", "fit", "model", "observation", "notation"];
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

/// The types of columns in what there is; those of plans are for whoever compiles them.
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

/// What a mechanism does only where it says that it has something to do, and by what it says so: alone, the first silently
/// does nothing.
const ASKED_FIRST: [(&str, &str); 3] =
    [("fn pace(", "fn paces("), ("fn each_week(", "fn has_weeks("), ("fn handle(", "fn subscribes_to(")];

fn unasked(file: &File) -> Vec<String> {
    let implements = file.code.contains("impl Mechanism for");
    let alone = |(does, says): &&(&str, &str)| file.code.contains(*does) != file.code.contains(*says);
    let wrong = ASKED_FIRST.iter().filter(|_| implements).filter(alone);
    wrong.map(|(does, says)| format!("{}: `{does}` and `{says}` go together", file.path)).collect()
}

#[test]
fn a_mechanism_says_when_it_has_something_to_do() {
    none(sources().iter().flat_map(unasked));
}

const LINES_OF_A_FILE: usize = 500;
const LINES_OF_A_FUNCTION: usize = 70;

/// Files that are too long, and how long they may be. May only shrink.
const LONG_FILES: &[(&str, usize)] = &[];

/// Functions that are too long, `file: name`, and how long they may be. May only shrink.
const LONG_FUNCTIONS: &[(&str, usize)] = &[];

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

#[path = "architecture/sabotage.rs"]
mod sabotage;
