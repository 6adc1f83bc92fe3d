//! Any order of stages, any holder of work and any limit is refused when the scenario is read, or run to its end
//! or to a said reason: no variant panics, and none goes on without end.
//!
//! A variant is known by its number. `ORGSIM_VARIANTS=5000 cargo test --release --test structural_fuzz` tries so
//! many of each sort; `ORGSIM_VARIANT=17` (with `ORGSIM_SORT=amended`) tries one and prints it.

mod variants;

use orgsim::experiment::lost::Lost;
use orgsim::experiment::replicate::replicate;
use orgsim::experiment::rows::Status;
use orgsim::scenario::loads;
use orgsim::scenario::study::{Amendments, Study};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::Duration;
use variants::{Variant, amended, invented};

/// What became of a variant.
#[derive(Clone, Debug, PartialEq)]
enum Fate {
    Refused(String),
    RunResult,
    /// Some replication ended with a reason.
    Ended(String),
    Panicked(String),
    /// It was not over after this long.
    Endless,
}

/// How long one variant may take, on a busy machine and without optimisation.
const PATIENCE: Duration = Duration::from_secs(60);

fn try_out(variant: &Variant) -> Fate {
    let amendments = Amendments { set: variant.set.clone(), policies: Vec::new() };
    let read = Study::from_text(&variant.name, variant.text.as_bytes(), PathBuf::from("."), &amendments);
    let study = match read {
        Ok((study, _)) => study,
        Err(refusal) => {
            let mut first = refusal.problems.iter().map(|problem| problem.message.clone());
            return Fate::Refused(first.next().unwrap_or_default());
        }
    };
    let window = 0.0..study.horizon.hours();
    for (_, plan) in study.timelines.iter().flat_map(|timeline| &timeline.phases) {
        loads(plan, &window);
    }
    let lost: Vec<Lost> = replicate(&study, 0).into_iter().filter_map(Result::err).collect();
    // A replication that panics is caught, and is told like any other that is lost.
    let broken = lost.iter().find(|lost| lost.status() == Status::Failed);
    match (broken, lost.first()) {
        (Some(broken), _) => Fate::Panicked(broken.reason().to_string()),
        (None, Some(ended)) => Fate::Ended(ended.reason().to_string()),
        (None, None) => Fate::RunResult,
    }
}

fn fate(variant: Variant) -> Fate {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let fate = catch_unwind(AssertUnwindSafe(|| try_out(&variant))).unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Fate::Panicked(text.unwrap_or_default())
        });
        // Whoever waited too long has stopped listening.
        let _ = sender.send(fate);
    });
    receiver.recv_timeout(PATIENCE).unwrap_or(Fate::Endless)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Tries variants of one sort and says everything that went wrong.
fn try_all(sort: &str, make: fn(u64) -> Variant, count: u64) {
    if let Some(one) = number("ORGSIM_VARIANT") {
        if std::env::var("ORGSIM_SORT").unwrap_or_else(|_| "invented".to_owned()) == sort {
            let variant = make(one);
            println!("{}\n{:#?}", variant.text, variant.set);
            let fate = fate(variant);
            println!("{fate:?}");
            assert!(!matches!(fate, Fate::Panicked(_) | Fate::Endless));
        }
        return;
    }
    let count = number("ORGSIM_VARIANTS").unwrap_or(count);
    let from = number("ORGSIM_FROM").unwrap_or(0);
    let (mut completed, mut ended, mut wrong) = (0, 0, Vec::new());
    let mut refused: std::collections::BTreeMap<String, u64> = Default::default();
    for number in from..from + count {
        if std::env::var_os("ORGSIM_TELL").is_some() {
            eprintln!("{sort} {number}");
        }
        match fate(make(number)) {
            Fate::RunResult => completed += 1,
            Fate::Ended(_) => ended += 1,
            Fate::Refused(why) => *refused.entry(why).or_default() += 1,
            Fate::Endless => {
                // Its thread goes on and may eat up all memory: nothing more is tried beside it.
                wrong.push((number, Fate::Endless));
                break;
            }
            fate => wrong.push((number, fate)),
        }
    }
    println!("{sort}: {completed} lived, {ended} ended early, {} refused", refused.values().sum::<u64>());
    if number("ORGSIM_REFUSALS").is_some() {
        println!("{refused:#?}");
    }
    assert!(wrong.is_empty(), "{} of {count} {sort}: {wrong:#?}", wrong.len());
    // Power: most of what is tried is run.
    assert!((completed + ended) * 5 > count, "only {} of {count} {sort} were lived", completed + ended);
}

#[test]
fn invented_organisations_are_refused_or_run() {
    try_all("invented", invented, 200);
}

#[test]
fn amended_scenarios_are_refused_or_run() {
    try_all("amended", amended, 100);
}

/// A line whose first never leaves and in which void tickets piled up; work that was dropped and went on.
#[test]
fn what_once_went_wrong_does_not() {
    for number in [1905, 2021] {
        let fate = fate(invented(number));
        assert!(!matches!(fate, Fate::Panicked(_) | Fate::Endless), "{number}: {fate:?}");
    }
}
