//! Whatever bytes a scenario consists of, reading it ends soon, with a document or with diagnostics.

mod toy;

use std::time::{Duration, Instant};

use orgsim::diagnostic::{Diagnostics, Sources};
use orgsim::notation::WorkCalendar;
use orgsim::scenario::{self, assignment, check, policies, render};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use toy::{Toy, library, schema};

/// Every part of the language at least once.
const SEED: &str = r#"
title = "Fuzz"
extends = "typical"
horizon = "2 years"
seed = 7
[calendar]
hours_per_day = 7.5
[defaults.team]
share.health = "10%"
[[team]]
name = "Checkout"
engineers = 7
[[team]]
name = "Süd"
engineers = 0x3
share.health = "20%"
[board.architecture]
meets = { every = "1 week" }
slots = "unlimited"
style = "formal"
[work.feature]
arrivals = { poisson = "0.7/day" }
effort = { mixture = [{ weight = 0.3, law = { exponential = "4 hours" } }, { weight = 1, law = "1 day" }] }
[work.bug]
arrivals.every = "1 day"
effort.triangular = { min = "1 hour", mode = "2 hours", max = "2 days" }
[policy.status-quo]
baseline = true
[policy.quarter]
"team.*.share.health" = "25%"
[policy.both]
includes = ["quarter"]
team."*".engineers = 9
work.feature.effort = { gamma = { mean = "1 day", shape = 2 } }
after."2 quarters"."board.architecture.slots" = 3
"#;

/// Text that has broken parsers before, or that this language gives a meaning to.
const PIECES: [&str; 46] = [
    "\"5%\"",
    "\"3 days\"",
    "{ exponential = \"1 day\" }",
    "{ empirical = [1, \"1 day\"] }",
    "{ every = \"1 day\" }",
    "\"2/week\"",
    "nan",
    "inf",
    "-inf",
    "1e300",
    "1e-300",
    "-0.0",
    "99999999999999999999",
    "-1",
    "0",
    "0.25",
    "true",
    "[]",
    "{}",
    "\"\"",
    "''",
    "\"nan%\"",
    "\"-5 days\"",
    "\"1e300 days\"",
    "\"9999999999 years\"",
    "\"/\"",
    "\"%\"",
    "\"*\"",
    "\u{0}",
    "\u{202e}",
    "\u{feff}",
    "\r",
    "\r\n",
    "\"\"\"",
    "'''",
    "1979-05-27",
    "extends = \"loop\"\n",
    "[policy.x]\nincludes = [\"x\"]\n",
    "[defaults]\nteam = 3\n",
    "[[policy]]\n",
    "[[team]]\n",
    "a.b.c.d = 1\n",
    "\"*.*.*\" = 1\n",
    "\"team.0.name\" = \"\"\n",
    "effort = { effort = { effort = 1 } }\n",
    "policy = 1\n",
];

/// One way to spoil a document.
#[derive(Clone, Debug)]
enum Spoil {
    Flip(Index, u8),
    Truncate(Index),
    DuplicateLine(Index, Index),
    DropLine(Index),
    Insert(Index, &'static str),
    ReplaceValue(Index, &'static str),
    Nest(Index, &'static str, usize),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let at = any::<Index>;
    prop_oneof![
        1 => (at(), any::<u8>()).prop_map(|(i, byte)| Spoil::Flip(i, byte)),
        1 => at().prop_map(Spoil::Truncate),
        2 => (at(), at()).prop_map(|(from, to)| Spoil::DuplicateLine(from, to)),
        6 => at().prop_map(Spoil::DropLine),
        1 => (at(), select(&PIECES[..])).prop_map(|(i, piece)| Spoil::Insert(i, piece)),
        12 => (at(), select(&PIECES[..])).prop_map(|(i, piece)| Spoil::ReplaceValue(i, piece)),
        1 => (
            at(),
            select(&["[", "{a=", "a.", "[[", "]", "}", "'"][..]),
            1usize..3_000
        )
            .prop_map(|(i, piece, times)| Spoil::Nest(i, piece, times)),
    ]
}

fn spoiled(mut bytes: Vec<u8>, spoil: &Spoil) -> Vec<u8> {
    if bytes.is_empty() {
        return bytes;
    }
    let lines: Vec<Vec<u8>> = bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    match spoil {
        Spoil::Flip(i, byte) => {
            let i = i.index(bytes.len());
            bytes[i] ^= byte;
        }
        Spoil::Truncate(i) => bytes.truncate(i.index(bytes.len())),
        Spoil::DuplicateLine(from, to) => {
            let mut lines = lines;
            let line = lines[from.index(lines.len())].clone();
            lines.insert(to.index(lines.len()), line);
            return lines.concat();
        }
        Spoil::DropLine(i) => {
            let mut lines = lines;
            lines.remove(i.index(lines.len()));
            return lines.concat();
        }
        Spoil::Insert(i, piece) => insert(&mut bytes, i, piece.as_bytes()),
        Spoil::ReplaceValue(i, piece) => {
            let mut lines = lines;
            let line = &mut lines[i.index(bytes.len()) % bytes.split_inclusive(|b| *b == b'\n').count()];
            if let Some(equals) = line.iter().position(|b| *b == b'=') {
                line.truncate(equals + 1);
                line.extend_from_slice(piece.as_bytes());
                line.push(b'\n');
            }
            return lines.concat();
        }
        Spoil::Nest(i, piece, times) => insert(&mut bytes, i, piece.repeat(*times).as_bytes()),
    }
    bytes
}

fn insert(bytes: &mut Vec<u8>, at: &Index, piece: &[u8]) {
    let at = at.index(bytes.len());
    bytes.splice(at..at, piece.iter().copied());
}

/// How far a document came.
#[derive(Debug, PartialEq)]
enum Fate {
    Refused,
    Found,
    Clean,
}

/// Everything a command does with a file before it runs anything.
fn read(bytes: &[u8]) -> Fate {
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::new());
    let document = scenario::load(&mut sources, "fuzz.toml", bytes, &library, schema(), &mut problems);
    let mut fate = Fate::Refused;
    if let Some(document) = document {
        check(&document, schema(), &mut problems);
        if !problems.has_errors() {
            let built = document.deserialize::<Toy>();
            assert!(built.is_ok(), "the check let pass what serde refuses: {:?}", built.err());
        }
        for policy in policies(&document, schema(), &WorkCalendar::default(), &mut problems) {
            let mut changed = document.clone();
            for change in policy.phases.iter().flat_map(|phase| &phase.changes) {
                if let Err(diagnostic) = changed.apply(change, schema()) {
                    problems.push(diagnostic);
                }
            }
            check(&changed, schema(), &mut problems);
            assert!(!changed.canonical().is_empty());
        }
        fate = if problems.is_empty() { Fate::Clean } else { Fate::Found };
    }
    let drawing = render(&problems, &sources, false);
    assert_eq!(drawing.is_empty(), problems.is_empty(), "whoever is refused is told why");
    assert!(!drawing.contains(['\u{1b}', '\u{0}', '\u{202e}']));
    fate
}

fn within_a_second(bytes: &[u8]) -> Fate {
    let start = Instant::now();
    let fate = read(bytes);
    assert!(start.elapsed() < Duration::from_secs(1), "took {:?}", start.elapsed());
    fate
}

#[test]
fn the_seed_itself_is_clean() {
    assert_eq!(within_a_second(SEED.as_bytes()), Fate::Clean);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12_000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(20_260_101), ..ProptestConfig::default() })]

    #[test]
    fn no_spoiled_document_panics_or_lasts(spoils in prop::collection::vec(spoil(), 1..5)) {
        let bytes = spoils.iter().fold(SEED.as_bytes().to_vec(), spoiled);
        within_a_second(&bytes);
    }

    #[test]
    fn no_argument_panics(argument in "(team|board|work|[*.\"'= ]){0,6}=?[ -~]{0,12}") {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::new());
        let document = scenario::load(&mut sources, "fuzz.toml", SEED.as_bytes(), &library, schema(), &mut problems);
        let mut document = document.expect("the seed is a document");
        match assignment(&mut sources, "--set", &argument).and_then(|change| document.apply(&change, schema())) {
            Ok(_) => check(&document, schema(), &mut problems),
            Err(diagnostic) => drop(problems.push(diagnostic)),
        }
        render(&problems, &sources, false);
    }
}

#[test]
fn large_documents_do_not_last() {
    let many = |line: &str, times: usize| format!("{SEED}\n{}", line.repeat(times));
    let keys: String = (0..20_000).map(|i| format!("k{i} = {i}\n")).collect();
    let defaults: String = (0..50_000).map(|i| format!("k{i} = {i}\n")).collect();
    let policies: String =
        (1..900).map(|i| format!("[policy.p{i}]\nincludes = [\"p{}\"]\n", i - 1)).collect();
    for text in [
        keys.clone(),
        format!("[defaults.team]\n{defaults}\n{}", "[[team]]\n".repeat(50_000)),
        many("[[team]]\nname = \"x\"\n", 10_000),
        format!("{SEED}[policy.p0]\n{policies}"),
        format!("{SEED}[policy.p0]\n{keys}"),
        format!("title = \"{}\"", "x".repeat(4_000_000)),
        format!("title = {}", "[1,".repeat(60) + &"]".repeat(60)),
        format!("{} = 1", "x".repeat(4_000_000)),
    ] {
        let start = Instant::now();
        read(text.as_bytes());
        let limit = Duration::from_secs(4);
        assert!(start.elapsed() < limit, "{:?} for {}", start.elapsed(), &text[..60]);
    }
}
