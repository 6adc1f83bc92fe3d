//! Plausible organisations: every range of the preset can be drawn, and replications of a world are replications of its
//! scenario.

use orgsim::experiment::design::{Kind, Method, Plea, Prior, Space, found, points};
use orgsim::experiment::plausible::{criteria, measured};
use orgsim::experiment::replicate::{replicate, watch_past};
use orgsim::experiment::run::RunOptions;
use orgsim::experiment::worlds::{DrawFate, DrawPlan, ParameterDraw, drawn, simulate};
use orgsim::scenario::study::{Amendments, ParameterDraws, Study};
use std::path::PathBuf;

const SMALL: &str = "extends = \"typical\"\nhorizon = \"2 months\"\npast = \"2 months\"\n\
                     [policy.health]\n\"team.*.share.health\" = \"25%\"\n";

fn study(text: &str) -> Study {
    let read = Study::from_text("small.toml", text.as_bytes(), PathBuf::from("."), &Amendments::default());
    read.unwrap_or_else(|refusal| panic!("{:?}", refusal.problems.iter().next())).0
}

fn space(study: &Study, plea: &Plea) -> Space {
    let calendar = study.scenario.clock;
    let (parameters, left_out) = found(&study.document, plea, &calendar);
    assert_eq!(
        left_out.iter().filter(|left| !left.reason.starts_with("a policy")).count(),
        0,
        "{left_out:?}"
    );
    Space { parameters, calendar }
}

#[test]
fn every_range_of_the_presets_can_be_drawn_and_every_world_compiles() {
    for name in orgsim::scenario::library::TYPICAL {
        every_world_compiles(&format!("extends = \"{name}\"\n"));
    }
}

fn every_world_compiles(text: &str) {
    let study = study(text);
    let space = space(&study, &Plea::default());
    let stated = study.scenario.evidence.len();
    assert_eq!(space.parameters.len(), stated, "each entry of [evidence] is a parameter");
    let worlds = ParameterDraws::of(&study, PathBuf::from("."));
    let count = space.parameters.len();
    let mut design = points(Method::LatinHypercube, 200, count, 7).expect("a design");
    // And the corners, where every range ends.
    design.extend([vec![0.0; count], vec![1.0; count]]);
    for (nth, places) in drawn(&study, &space, &design, Prior::Whole).iter().enumerate() {
        if let Err(refusal) = worlds.with(&space.settings(places)) {
            panic!("world {nth}: {:?}", refusal.problems.iter().next());
        }
    }
}

#[test]
fn what_is_drawn_is_what_the_document_then_says() {
    let study = study("extends = \"typical\"\n");
    let space = space(&study, &Plea::default());
    let worlds = ParameterDraws::of(&study, PathBuf::from("."));
    let design = points(Method::Random, 1, space.parameters.len(), 3).expect("a design");
    let places = drawn(&study, &space, &design, Prior::Whole).remove(0);
    let changed = worlds.with(&space.settings(&places)).expect("an organisation");
    for (parameter, place) in space.parameters.iter().zip(&places) {
        let Some(place) = place else { continue };
        let path = parameter.path.parse().expect("a path");
        for (at, node) in changed.document.get(&path) {
            let said = node.string().map_or_else(|| node.canonical(), str::to_owned);
            let same = said == place.text || said.parse::<f64>().ok() == place.text.parse().ok();
            assert!(same, "{at}: {said}, drawn {}", place.text);
            if let Kind::Number { low, high, .. } = parameter.kind {
                assert!(place.number >= low * 0.999 && place.number <= high * 1.001, "{at}: {place:?}");
            }
        }
    }
    assert_ne!(changed.hash, study.hash);
}

#[test]
fn levers_and_what_is_held_are_not_drawn() {
    let study = study(&format!("{SMALL}[[team]]\nname = \"Checkout\"\nengineers = 5\n"));
    let calendar = study.scenario.clock;
    let plea = Plea {
        levers: vec!["team.*.share.health".into()],
        hold: vec!["debt".into()],
        keep_written: true,
        ..Plea::default()
    };
    let (parameters, left_out) = found(&study.document, &plea, &calendar);
    let drawn = |path: &str| parameters.iter().any(|parameter| parameter.path == path);
    assert!(!drawn("team.*.share.health") && !drawn("debt.interest") && !drawn("team.*.engineers"));
    assert!(drawn("team.*.attention") && drawn("builds.length"));
    let told = |path: &str| left_out.iter().find(|left| left.path == path).map(|left| left.reason);
    assert_eq!(told("team.*.engineers"), Some("the scenario’s own file says it"));
}

#[test]
fn what_another_file_puts_in_the_place_of_a_default_can_be_kept() {
    let text = SMALL.replace("extends = \"typical\"", "extends = \"assistance-greenfield\"");
    let study = study(&format!("{text}[debt]\ninterest = 2.0\n"));
    let drawn = |keep_replaced: bool| {
        let plea = Plea { keep_replaced, ..Plea::default() };
        let (parameters, left_out) = found(&study.document, &plea, &study.scenario.clock);
        let is_drawn = |path: &str| parameters.iter().any(|parameter| parameter.path == path);
        let told = left_out.iter().filter(|left| left.reason.starts_with("another file")).count();
        (["assistance.coding", "debt.interest", "builds.length"].map(is_drawn), told > 0)
    };
    assert_eq!(drawn(false), ([true, true, true], false));
    // The preset of assistants brings its own range for what it puts there: that is drawn.
    assert_eq!(drawn(true), ([true, false, true], true));
}

fn completed(study: &Study, space: &Space, count: usize, threads: usize) -> Vec<ParameterDraw> {
    let worlds = ParameterDraws::of(study, PathBuf::from("."));
    let criteria = criteria(&study.scenario, &study.columns).expect("criteria");
    assert!(criteria.len() >= 5);
    let plan = DrawPlan {
        worlds: &worlds,
        space,
        runs: 2,
        criteria: &criteria,
        own_streams: true,
        judged_only: false,
    };
    let design = points(Method::LatinHypercube, count, space.parameters.len(), 1).expect("a design");
    let run_options = RunOptions::to_the_end(Some(threads));
    simulate(&plan, drawn(study, space, &design, Prior::Whole), &run_options).expect("threads")
}

#[test]
fn replications_of_a_world_are_those_of_its_scenario_to_the_bit_whatever_the_threads() {
    let study = study(SMALL);
    let space = space(&study, &Plea { levers: vec!["team.*.share.health".into()], ..Plea::default() });
    let (one, two) = (completed(&study, &space, 4, 1), completed(&study, &space, 4, 2));
    let worlds = ParameterDraws::of(&study, PathBuf::from("."));
    for (world, other) in one.iter().zip(&two) {
        let alone = worlds.with(&space.settings(&world.places)).expect("an organisation");
        assert_eq!(world.runs.len(), 2);
        for ((number, timelines), (_, again)) in world.runs.iter().zip(&other.runs) {
            let afresh = replicate(&alone, *number);
            assert_eq!(timelines.len(), 2);
            for ((metrics, again), afresh) in timelines.iter().zip(again).zip(afresh) {
                let afresh = afresh.expect("it does not drown");
                let metrics = metrics.as_ref().expect("it does not drown");
                let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
                assert_eq!(
                    bits(metrics),
                    bits(&afresh.values[..metrics.len()]),
                    "watching the past changed it"
                );
                assert_eq!(bits(metrics), bits(again.as_ref().expect("as above")));
            }
        }
        assert_eq!(world.past.len(), other.past.len());
    }
    // Noise is not shared between worlds.
    assert_ne!(one[0].runs[0].0, one[1].runs[0].0);
}

#[test]
fn a_world_that_cannot_be_run_says_why_and_the_rest_go_on() {
    let study = study(SMALL);
    let calendar = study.scenario.clock;
    let parameter = |argument: &str| {
        orgsim::experiment::design::pleaded(&study.document, argument, &calendar).expect("a parameter")
    };
    let space = Space {
        // Half of these are no probability, and one in four has a backlog that bursts.
        parameters: vec![parameter("debt.floor=0%..200%")],
        calendar,
    };
    let worlds = completed(&study, &space, 8, 2);
    assert_eq!(worlds.len(), 8);
    let refused: Vec<&ParameterDraw> =
        worlds.iter().filter(|world| matches!(world.fate, DrawFate::Refused(_))).collect();
    assert_eq!(refused.len(), 4);
    for world in refused {
        let DrawFate::Refused(reason) = &world.fate else { continue };
        assert!(reason.contains("debt.floor"), "{reason}");
    }
    assert!(worlds.iter().any(|world| !world.runs.is_empty()));
}

#[test]
fn a_past_that_leaves_what_is_seen_is_set_aside() {
    let narrow =
        format!("{SMALL}[plausible]\n\"deployment frequency\" = {{ range = [0.0, 0.1], source = \"x\" }}\n");
    let study = study(&narrow);
    let calendar = study.scenario.clock;
    let asked = orgsim::experiment::design::pleaded(&study.document, "builds.length", &calendar);
    let space = Space { parameters: vec![asked.expect("a parameter")], calendar };
    for world in completed(&study, &space, 2, 2) {
        let DrawFate::Implausible(outside) = &world.fate else { panic!("{:?}", world.fate) };
        assert!(outside.iter().any(|(_, above)| *above));
    }
}

/// What is drawn again to keep a figure changes that figure by the inverse ratio, and no other figure (rates of earning are kept
/// in single precision).
#[test]
fn a_past_is_the_same_whatever_the_payback_but_for_value() {
    let past = |payback: &str| {
        let study = study(&format!("{SMALL}[value]\npayback = \"{payback}\"\n"));
        let criteria = criteria(&study.scenario, &study.columns).expect("criteria");
        let pasts: Vec<_> =
            (0..4).map(|number| watch_past(&study, number, study.past).expect("it does not drown")).collect();
        let names: Vec<String> = criteria.iter().map(|criterion| criterion.name.clone()).collect();
        (names, measured(&criteria, &pasts))
    };
    let ((names, quick), (_, slow)) = (past("2 months"), past("6 months"));
    for ((name, quick), slow) in names.iter().zip(&quick).zip(&slow) {
        let ratio = if name == "value per cost" { 3.0 } else { 1.0 };
        assert!((quick - slow * ratio).abs() < 1e-6 * quick.abs().max(1.0), "{name}: {quick} {slow}");
    }
    assert!(names.iter().any(|name| name == "value per cost"));
}
