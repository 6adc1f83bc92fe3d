//! Waste: a policy whose levers can give back next to nothing is told that it cannot matter here, what the bound rests on
//! holds, and nothing is said of levers that act by more than hours.

use orgsim::experiment::compare::{RunInfo, summarise};
use orgsim::experiment::run::{RunOptions, run};
use orgsim::experiment::summary::Summary;
use orgsim::report::waste;
use orgsim::scenario::study::{Amendments, Study};
use std::path::PathBuf;

const RUNS: u32 = 24;

const SCENARIO: &str = r#"
extends = "typical"
horizon = "1 year"
past = "6 months"
objective = "value"

[[team]]
name = "dev"
engineers = 6
interruptions = { between = { exponential = "8 hours" }, lasts = { exponential = "30 minutes" } }

[policy.today]
baseline = true

[policy."quicker answers"]
"communication.answer_takes" = "9 minutes"

[policy."no questions"]
"communication.asks" = "0%"

[policy."no meetings"]
"meetings.base" = "0 hours"
"meetings.each_person" = "0 hours"

[policy."no interruptions"]
"team.dev.interruptions.lasts" = "1 minute"

[policy."a little more attention"]
"team.*.attention" = "82.1%"

[policy."answers and attention"]
"communication.answer_takes" = "9 minutes"
"team.*.attention" = "82.1%"
"#;

/// Levers that act by what fails, by what is done again, and by what waits.
const OTHERS: &str = r#"
extends = "typical"
horizon = "1 year"
past = "6 months"
objective = "value"

[policy.today]
baseline = true

[policy."a board each day"]
"board.architecture.meets.every" = "1 day"

[policy."found sooner"]
"incidents.detection" = "1 minute"

[policy."reviews that find more"]
"stage.review.failure.catches" = "61%"

[policy."found sooner, with more attention"]
"incidents.detection" = "1 minute"
"team.*.attention" = "82.1%"
"#;

fn summary(set: &[&str]) -> Summary {
    summary_of(SCENARIO, set)
}

fn summary_of(scenario: &str, set: &[&str]) -> Summary {
    let set = set.iter().map(|change| (*change).to_owned()).collect();
    let amendments = Amendments { set, policies: Vec::new() };
    let (study, _) = Study::from_text("waste.toml", scenario.as_bytes(), PathBuf::from("."), &amendments)
        .unwrap_or_else(|refusal| {
            panic!("{}", orgsim::scenario::render(&refusal.problems, &refusal.sources, false))
        });
    let options = RunOptions::to_the_end(None);
    let numbers: Vec<u64> = (0..u64::from(RUNS)).collect();
    let completed = run(&study, &numbers, &options).expect("threads");
    summarise(&study, &completed, RunInfo::fixed(RUNS as usize, false))
}

fn word(summary: &Summary, policy: &str) -> &'static str {
    let (_, against) = summary.compared().find(|(it, _)| it.name == policy).expect("a policy");
    waste::word(summary, against)
}

#[test]
fn what_can_give_back_next_to_nothing_cannot_matter() {
    // Of throughput few replications tell.
    let summary = summary(&["objective=throughput"]);
    for policy in ["quicker answers", "no questions"] {
        assert_eq!(word(&summary, policy), "cannot matter here", "{policy}");
    }
    for policy in ["a little more attention", "answers and attention", "no meetings"] {
        assert_ne!(word(&summary, policy), "cannot matter here", "{policy}");
    }
    let said = waste::sentences(&summary).join("\n");
    assert!(said.contains("“quicker answers” can address questions ("), "{said}");
    assert!(!said.contains("attention”"), "nothing is said of a lever that acts by more than hours: {said}");
}

/// No policy that gives all of a waste back, free of charge, gains more than the bound (where it is told from it at all).
#[test]
fn giving_all_back_gains_no_more_than_the_bound() {
    for objective in ["value", "throughput", "lead time p85"] {
        let summary = summary(&[&format!("objective={objective}")]);
        for policy in ["no questions", "no meetings", "no interruptions"] {
            let (_, against) = summary.compared().find(|(it, _)| it.name == policy).expect("a policy");
            let addressed = against.addressed.as_ref().expect("hours alone");
            let bound = addressed.bound.expect("a bound");
            let difference = &against.judged[0].difference;
            let least = match objective {
                "lead time p85" => -difference.relative.high,
                _ => difference.relative.low,
            };
            println!("{objective}, {policy}: bound {bound:.4}, gained at least {least:.4}");
            assert!(least <= bound, "{objective}, {policy}: {least} > {bound}");
            assert!(
                addressed.wastes.iter().all(|lost| lost.share > 0.0 && lost.share < 0.3),
                "{addressed:?}"
            );
        }
    }
}

/// Of incidents, of what is done again and of what waits there is a size, as large as what was measured says, and no bound: it decides no
/// word.
#[test]
fn what_is_lost_otherwise_has_a_size_and_decides_nothing() {
    // A smallest difference beyond anything: whoever read a size as a bound would say that nothing here can matter.
    let summary = summary_of(OTHERS, &["judge.smallest_difference=90%"]);
    let addressed = |policy: &str| {
        let (_, against) = summary.compared().find(|(it, _)| it.name == policy).expect("a policy");
        assert_ne!(waste::word(&summary, against), "cannot matter here", "{policy}");
        against.addressed.clone()
    };
    let lost = |policy: &str| {
        let addressed = addressed(policy).unwrap_or_else(|| panic!("nothing is said of {policy}"));
        assert_eq!(addressed.bound, None, "{policy}");
        let shares = addressed.wastes.iter().map(|lost| (lost.what, lost.share));
        shares.collect::<Vec<_>>()
    };
    let under_the_baseline = |name: &str| {
        let at = orgsim::observation::metrics::find(name).expect("a metric");
        summary.policies[0].estimates[at].mean
    };
    let [harm, redone] = ["harm_share", "redone_share"].map(under_the_baseline);
    let [unplanned, faded] = ["unplanned_share", "faded_share"].map(under_the_baseline);
    let [harm, redone] = [("harm of incidents", harm), ("work done again", redone)];
    let [unplanned, faded] = [("unplanned work", unplanned), ("worth that faded while work waited", faded)];
    assert_eq!(lost("a board each day"), [faded]);
    assert_eq!(lost("found sooner"), [harm, unplanned]);
    assert_eq!(lost("reviews that find more"), [redone, harm, unplanned]);
    assert_eq!(addressed("found sooner, with more attention"), None, "attention does more than that");
    // All of it is there in a typical organisation, and none of it is most.
    for (what, share) in [harm, redone, unplanned, faded] {
        assert!(share > 0.002 && share < 0.5, "{what}: {share}");
    }
    let said = waste::sentences(&summary).join("\n");
    assert!(said.contains("“a board each day” can address worth that faded while work waited ("), "{said}");
    assert!(said.contains("is not bounded by this."), "{said}");
}
