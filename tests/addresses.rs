//! Any two draws of one replication have different addresses: over all shipped scenarios under all their policies, and
//! over random ones that are reorganised there and back. What is asked twice on purpose is named here, with the reason.

use orgsim::experiment::replicate::{Watched, follow};
use orgsim::kernel::streams::asked::{self, DrawnAddress};
use orgsim::kernel::streams::{Key, StreamId, Streams};
use orgsim::model::replication::Replication;
use orgsim::scenario::study::{Amendments, Study};
use orgsim::units::{Instant, Ticks};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

mod mix;

/// What is asked again on purpose, and why that is one decision and not two.
const ON_PURPOSE: &[(&str, &str)] = &[
    ("flow/effort", "work sent back for the same effort, or a share of it, takes that of the first visit"),
    (
        "flow/production",
        "whoever looks at a change before it is deployed asks whether that deployment would fail",
    ),
    ("flow/catch", "whoever has missed a fault of a change misses it again when the change comes back"),
    ("approval/catch", "the same, of a gate"),
    ("release/test", "the same, of the test of a train"),
    (
        "workforce/lottery",
        "an item draws one lot, and keeps it in whatever line it stands before it is begun",
    ),
    ("approval/automatic", "an item is of a sort approved in advance, or it is not, however often it comes"),
    ("clarity/misses", "the fuzzier an item is when it is written, the sooner it misses the point: one draw"),
    (
        "demand/level",
        "whoever has looked into the weeks up to an arrival that a reorganisation calls off looks again from where it is",
    ),
    ("assistance/uses", "who writes with an assistant at a small share does so at a larger one"),
];

/// The stream ids asked twice at one address, and how often, but for those that do so on purpose.
fn twice(all: &[DrawnAddress]) -> BTreeMap<&'static str, usize> {
    let mut seen = BTreeSet::new();
    let mut found = BTreeMap::new();
    for (stream_id, key, _) in all.iter().filter(|(.., once_more)| !once_more) {
        if !seen.insert((stream_id.tag(), key.0)) {
            *found.entry(stream_id.name()).or_insert(0) += 1;
        }
    }
    found
}

fn on_purpose(all: &[DrawnAddress]) -> BTreeSet<&'static str> {
    all.iter().filter(|(.., once_more)| *once_more).map(|(stream_id, ..)| stream_id.name()).collect()
}

fn known() -> BTreeSet<&'static str> {
    ON_PURPOSE.iter().map(|(name, _)| *name).collect()
}

fn read(text: &str) -> Study {
    let read = Study::from_text("mix.toml", text.as_bytes(), PathBuf::from("."), &Amendments::default());
    read.map_or_else(
        |refusal| panic!("{}\n{text}", orgsim::scenario::render(&refusal.problems, &refusal.sources, false)),
        |(study, _)| study,
    )
}

fn days(days: f64) -> Ticks {
    Ticks::from_hours(8.0 * days)
}

#[test]
fn no_address_is_asked_twice_in_any_shipped_scenario() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut completed = 0;
    let mut stream_ids = BTreeSet::new();
    for folder in [root.clone(), root.join("claims")] {
        for entry in std::fs::read_dir(folder).expect("scenarios").flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let Ok((mut study, _)) = Study::read(&path, &Amendments::default()) else {
                panic!("{} is refused", path.display())
            };
            study.past = study.past.min(days(90.0));
            study.horizon = study.horizon.min(days(60.0));
            for timeline in &study.timelines {
                let drawn = asked::during(|| {
                    follow(Watched::FromFork, &study, timeline, 1, &mut ()).expect("no overrun");
                });
                assert!(drawn.len() > 100, "{}: {} draws", path.display(), drawn.len());
                assert_eq!(twice(&drawn), BTreeMap::new(), "{}: {}", path.display(), timeline.name);
                stream_ids.extend(on_purpose(&drawn));
                completed += 1;
            }
        }
    }
    assert!(completed > 100, "{completed} lives");
    assert!(stream_ids.is_subset(&known()), "asked twice without a reason: {stream_ids:?}");
}

/// Stages that stand on a route twice, branches, gates that several stages share, a chain that escalates to a member,
/// parts at two stages, two releases, and rework all over.
const TWICE: &str = r#"
extends = "typical"
past = "none"
horizon = "150 days"
[stage.sign]
chain = "line"
failure = { probability = "0%", back_to = "build" }
[stage.countersign]
gate = "near"
[stage.need]
parts = { need = [{ work = "part", team = "others", chance = "40%", count = { poisson = { mean = 1.5 } } }] }
[stage.need-more]
parts = { need = [{ work = "part", team = "own", chance = "40%", count = 2 }] }
[stage.run]
machine = { run = { exponential = "1 hour" }, flaky = "30%" }
failure = { probability = "20%", back_to = "build" }
[stage.ring]
release = {}
[work.part]
size = "2 hours"
route = ["build"]
[approver.near]
hours_per_week = 20
hearing = { exponential = "1 hour" }
rejects = "30%"
[approver.far]
hours_per_week = 20
hearing = { exponential = "1 hour" }
rejects = "30%"
[chain.line]
members = ["near", "far"]
mode = "parallel"
quorum = 2
escalation = { after = "1 day", to = "far" }
[work.feature]
route = ["build", "need", { maybe = "build", probability = "50%" }, "run", "sign", { one_of = { run = 1, build = 1 } }, "countersign", "need-more", "review", "ring", "run", "release"]
[[team]]
name = "red"
engineers = 9
[[team]]
name = "blue"
engineers = 7
"#;

#[test]
fn a_stage_that_is_passed_twice_draws_twice() {
    let study = read(TWICE);
    let drawn = asked::during(|| {
        follow(Watched::FromFork, &study, &study.timelines[0], 1, &mut ()).expect("no overrun");
    });
    assert_eq!(twice(&drawn), BTreeMap::new());
    let asked: BTreeSet<&str> = drawn.iter().map(|(stream_id, ..)| stream_id.name()).collect();
    for stream_id in ["flow/branch", "approval/verdict", "dependencies/count", "verification/flake"] {
        assert!(asked.contains(stream_id), "{stream_id} is not asked: the test is without power");
    }
}

/// Power: an address that is asked twice is found.
#[test]
fn an_address_asked_twice_is_found() {
    const ONE: StreamId = StreamId::named("test/asked");
    let drawn = asked::during(|| {
        let streams = Streams::new(1, 1);
        streams.uniform(ONE, Key(1));
        streams.uniform(ONE, Key(2));
        streams.once_more().uniform(ONE, Key(2));
        streams.uniform(ONE, Key(1));
    });
    assert_eq!(twice(&drawn), BTreeMap::from([("test/asked", 1)]));
    assert_eq!(on_purpose(&drawn), BTreeSet::from(["test/asked"]));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 40,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_260_102),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Reorganised into whatever else, back, and there again.
    #[test]
    fn no_address_is_asked_twice_whatever_the_scenario(before in mix::mixes(), after in mix::mixes(), until in 1..60_u32) {
        let cost = "[migration]\ntakes = \"4 weeks\"\nlost = \"20%\"\n";
        let other = after.text(cost).replace("\"blue\"", "\"green\"").replace("polish", "mend");
        let (first, second) = (read(&before.text(cost)), read(&other));
        let (plan, other) = (&first.timelines[0].phases[0].1, &second.timelines[0].phases[0].1);
        let drawn = asked::during(|| {
            let mut replication = Replication::begin(plan, Streams::new(first.scenario.seed, 0));
            for (nth, next) in [(0, other), (1, plan), (2, other), (3, plan)] {
                let end = Instant::START + days(f64::from(until) + 20.0 * f64::from(nth));
                replication.run_until(end, &mut ()).expect("no overrun");
                replication.change_policy(next);
            }
            replication.run_until(Instant::START + days(f64::from(until) + 100.0), &mut ()).expect("no overrun");
        });
        prop_assert_eq!(twice(&drawn), BTreeMap::new());
        prop_assert!(on_purpose(&drawn).is_subset(&known()));
    }
}
