//! The scenario language end to end, with a toy configuration: what is written right is read, and everything
//! written wrong is said at once, where it is.

mod toy;

use orgsim::diagnostic::{Diagnostics, Sources};
use orgsim::notation::{DurationDistribution, WorkCalendar};
use orgsim::scenario::{self, Path, PolicyText, assignment, check, policies, render};
use toy::{PRESET, Toy, library, schema};

const GOOD: &str = r#"
title = "Checkout"
extends = "typical"
horizon = "2 years"

[[team]]
name = "Checkout"
engineers = 7

[[team]]
name = "Site Reliability"
engineers = 3
share.health = "20%"

[work.feature]
arrivals = { poisson = "0.7/day" }
effort = { exponential = "4 hours" }

[policy.status-quo]
baseline = true

[policy.quarter]
"team.*.share.health" = "25%"

[policy.dotted]
description = "The same, otherwise written"
team."*".share.health = "25%"
work.feature.effort = { lognormal = { median = "1 day", sigma = 1.42 } }

[policy.both]
includes = ["quarter"]
"board.architecture.meets.every" = "2 weeks"
after."2 quarters"."team.*.share.health" = "15%"
after."1 week"."team.Checkout.engineers" = 9
"#;

struct Loaded {
    sources: Sources,
    document: Option<scenario::Document>,
    problems: Diagnostics,
}

fn load(text: &str) -> Loaded {
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::new());
    let document =
        scenario::load(&mut sources, "test.toml", text.as_bytes(), &library, schema(), &mut problems);
    if let Some(document) = &document {
        check(document, schema(), &mut problems);
    }
    Loaded { sources, document, problems }
}

fn good() -> Loaded {
    let loaded = load(GOOD);
    assert!(loaded.problems.is_empty(), "{}", render(&loaded.problems, &loaded.sources, false));
    loaded
}

fn drawn(text: &str) -> String {
    let loaded = load(text);
    render(&loaded.problems, &loaded.sources, false)
}

fn policies_of(loaded: &mut Loaded) -> Vec<PolicyText> {
    let document = loaded.document.as_ref().expect("a document");
    let found = policies(document, schema(), &WorkCalendar::default(), &mut loaded.problems);
    assert!(loaded.problems.is_empty(), "{}", render(&loaded.problems, &loaded.sources, false));
    found
}

#[test]
fn a_good_scenario_is_read() {
    let loaded = good();
    let document = loaded.document.expect("a document");
    let toy: Toy = document.deserialize().expect("a toy");
    assert_eq!(toy.team.len(), 2);
    assert_eq!(toy.team[0].share.health.fraction(), 0.1, "from the preset's defaults");
    assert_eq!(toy.team[1].share.health.fraction(), 0.2, "its own");
    assert!(
        matches!(toy.work["feature"].effort, DurationDistribution::Exponential(_)),
        "a law replaces a law"
    );
    assert_eq!(toy.board["architecture"].slots.number(), Some(8), "from the preset");
    assert_eq!(document.extends, ["typical"]);
    assert_eq!(document.canonical(), load(GOOD).document.expect("a document").canonical());
}

#[test]
fn values_remember_the_file_they_came_from() {
    let loaded = good();
    let document = loaded.document.expect("a document");
    let place = document.locate("board.architecture.slots").expect("a place");
    let source = loaded.sources.get(place.source).expect("a source");
    assert_eq!(source.name, "typical.toml");
    assert_eq!(&source.text[place.span], "8");
    let ancestor = document.locate("team.Checkout.nothing.here").expect("the nearest ancestor");
    assert_eq!(loaded.sources.get(ancestor.source).expect("a source").name, "test.toml");
}

#[test]
fn policies_are_changes_by_path() {
    let mut loaded = good();
    let found = policies_of(&mut loaded);
    let names: Vec<&str> = found.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["status-quo", "quarter", "dotted", "both"], "as written");
    assert!(found[0].baseline && found[0].phases.is_empty());
    let paths = |policy: usize, phase: usize| -> Vec<String> {
        found[policy].phases[phase].changes.iter().map(|c| c.path.to_string()).collect()
    };
    assert_eq!(paths(2, 0), ["team.*.share.health", "work.feature.effort"]);
    assert_eq!(paths(3, 0), ["team.*.share.health", "board.architecture.meets.every"]);
    assert_eq!(paths(3, 1), ["team.Checkout.engineers"], "a week comes before two quarters");
    assert_eq!(found[3].phases[2].after.map(|s| s.to_string()).as_deref(), Some("2 quarters"));

    let mut document = loaded.document.expect("a document");
    for change in found[2].phases.iter().flat_map(|phase| &phase.changes) {
        assert!(document.apply(change, schema()).expect("it exists") > 0);
    }
    let mut problems = Diagnostics::new();
    check(&document, schema(), &mut problems);
    assert!(problems.is_empty());
    let toy: Toy = document.deserialize().expect("a toy");
    assert_eq!(toy.team[1].share.health.fraction(), 0.25);
    assert!(matches!(toy.work["feature"].effort, DurationDistribution::Lognormal(_)));
}

#[test]
fn the_command_line_sets_values() {
    let mut loaded = good();
    let mut document = loaded.document.expect("a document");
    let mut set = |argument: &str| {
        let change = assignment(&mut loaded.sources, "--set", argument)?;
        document.apply(&change, schema())
    };
    assert_eq!(set("team.*.engineers=4"), Ok(2));
    assert_eq!(set("horizon=3 years"), Ok(1));
    assert_eq!(set("team.Site Reliability.share.health = 30%"), Ok(1));
    assert_eq!(set("work.feature.effort.gamma={ mean = \"1 day\", cv = 2 }"), Ok(1), "another law");
    assert_eq!(set("work.feature.effort.gamma.cv=3"), Ok(1), "a part of it");
    assert_eq!(set("calendar.hours_per_day=7"), Ok(1), "created, for the schema knows it");
    let wrong = set("team.Chekcout.engineers=4").expect_err("no such team");
    assert_eq!(wrong.help.as_deref(), Some("did you mean `Checkout`?"));
    let wrong = set("team.Checkout.enginers=4").expect_err("no such key");
    assert_eq!(wrong.help.as_deref(), Some("did you mean `engineers`?"));
    assert!(
        set("horizon.length=4").is_err() && set("board.new.slots=4").is_err() && set("nonsense").is_err()
    );
    let toy: Toy = document.deserialize().expect("a toy");
    assert_eq!((toy.team[0].engineers, toy.calendar.hours_per_day), (4, 7.0));
    assert_eq!(document.get(&"team.*.engineers".parse::<Path>().expect("a path")).len(), 2);
}

#[test]
fn every_mistake_is_said_at_once_and_in_its_place() {
    let text = r#"titel = "x"
horizon = 13
seed = "7"

[[team]]
name = "Checkout"
enginers = 7
share.health = 0.25

[[team]]
name = "Checkout"
engineers = 0

[board.architecture]
meets = { every = "2 fortnights" }
slots = 0
style = "formall"

[work.feature]
arrivals = { poison = "0.7/day" }
effort = { triangular = { min = "2 days", mode = "1 day", max = "3 days" } }
"#;
    let expected = [
        ("test.toml:1:1", "did you mean `title`?"),
        ("test.toml:2:11", "write a unit, such as \"13 hours\""),
        ("test.toml:3:8", "write it without quotes"),
        ("test.toml:7:1", "did you mean `engineers`?"),
        ("test.toml:8:16", "write \"25%\""),
        ("test.toml:11:8", "two called `Checkout`"),
        ("test.toml:12:13", "write 1 or more"),
        ("test.toml:15:19", "unknown unit of time `fortnights`"),
        ("test.toml:16:9", "write a whole number"),
        ("test.toml:17:9", "did you mean `formal`?"),
        ("test.toml:20:14", "did you mean `poisson`?"),
        ("test.toml:21:10", "`min` (2 days) is above `mode` (1 day)"),
    ];
    let drawing = drawn(text);
    for (place, advice) in expected {
        assert!(drawing.contains(place) && drawing.contains(advice), "{place} {advice} in\n{drawing}");
    }
    assert!(drawing.contains("`team.Checkout` needs the key `engineers`"), "{drawing}");
    assert!(drawing.contains("the scenario needs the key `title`"), "{drawing}");
}

#[test]
fn defaults_and_extends_are_checked_too() {
    let drawing = drawn("extends = \"typicl\"\n");
    assert!(drawing.contains("there is no scenario `typicl`"), "{drawing}");
    let drawing = drawn("extends = \"loop\"\n");
    assert!(drawing.contains("extends itself"), "{drawing}");
    let drawing = drawn("title='t'\nhorizon='1 day'\n[defaults.team]\nenginers = 1\n[defaults.teem]\n");
    assert!(drawing.contains("`engineers`") && drawing.contains("did you mean `team`?"), "{drawing}");
    assert!(!PRESET.is_empty());
}

#[test]
fn broken_policies_are_said_at_their_place() {
    let mut loaded = load(
        "title='t'\nhorizon='1 day'\n[policy.a]\nincludes=['b']\nbaseline=true\n[policy.b]\nincludes=['a']\n\
         [policy.c]\nincludes=['d']\nbaseline=1\n[policy.e]\nafter.'2 fortnight'.'horizon'='1 day'\n'..'=1\nbaseline=true\n",
    );
    let document = loaded.document.as_ref().expect("a document");
    let found = policies(document, schema(), &WorkCalendar::default(), &mut loaded.problems);
    assert_eq!(found.len(), 1);
    let drawing = render(&loaded.problems, &loaded.sources, false);
    for words in [
        "policy `a` includes itself",
        "there is no policy `d` to include",
        "where true or false is required",
        "both the baseline",
        "unknown unit of time",
        "is not a path",
    ] {
        assert!(drawing.contains(words), "{words} in\n{drawing}");
    }
}

#[test]
fn reports_by_path_find_their_place_and_nothing_escapes_to_the_terminal() {
    let loaded = good();
    let document = loaded.document.expect("a document");
    let mut problems = Diagnostics::new();
    problems.error("team.Checkout.engineers", "too \u{1b}[31m few").help("hire");
    problems.warning("team.Checkout.nothing", "odd \u{202e} thing");
    document.locate_all(&mut problems);
    let drawing = render(&problems, &loaded.sources, false);
    assert!(drawing.contains("test.toml:8:13") && drawing.contains("hire"), "{drawing}");
    assert!(drawing.contains("\\u{1b}") && !drawing.contains(['\u{1b}', '\u{202e}']), "{drawing}");
    assert!(render(&problems, &loaded.sources, true).contains('\u{1b}'));
}
