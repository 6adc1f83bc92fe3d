//! `orgsim check`: whether a scenario is right, and what it implies.

use super::{Check, Failure, screen};
use crate::experiment::assumptions::in_play;
use crate::experiment::run::{RunOptions, run_some};
use crate::experiment::{compare, waste};
use crate::report::table::{TextTable, printable, wrapped};
use crate::report::words;
use crate::scenario::study::{Amendments, PolicyTimeline, Study};
use crate::scenario::{Load, LoadSort, loads};
use std::sync::atomic::AtomicBool;

/// From this load on, waiting grows steeply with every little more.
const TIGHT: f64 = 0.9;

/// Validates a scenario and says what it implies.
pub fn check(options: &Check) -> Result<(), Failure> {
    let amendments = Amendments { set: options.set.clone(), policies: Vec::new() };
    let (study, sources) = Study::read(&options.scenario, &amendments)?;
    screen::draw(&study.warnings, &sources);
    warn_of_overload(&study);
    if options.quiet {
        return Ok(());
    }
    let mut text = String::new();
    let mut line = |sentence: &str| text.push_str(&wrapped(&printable(sentence), 100, "  "));
    line(&format!("{} is a scenario: {}.", study.name, contents(&study)));
    let loads = loads(&study.baseline().phases[0].1, &study.window());
    let grid = table(&loads);
    text.push_str(&format!("\n{}\n", grid.text()));
    for sentence in sentences(&study, &loads).into_iter().chain(addressed(&study)) {
        text.push_str(&wrapped(&printable(&sentence), 100, "  "));
    }
    screen::print(&text)
}

fn contents(study: &Study) -> String {
    let scenario = &study.scenario;
    let people: u32 = scenario.team.iter().map(|team| team.engineers).sum();
    let policies = study.timelines.len() - 1;
    format!(
        "{} with {}, {}, {}, {} beside the baseline; {} of {} each",
        words::count(scenario.team.len(), "team", "teams"),
        words::count(people as usize, "person", "people"),
        words::count(scenario.work.len(), "kind of work", "kinds of work"),
        words::count(scenario.stage.len(), "stage", "stages"),
        words::count(policies, "policy", "policies"),
        words::count(scenario.replications as usize, "simulated life", "simulated lives"),
        scenario.horizon
    )
}

fn table(loads: &[Load]) -> TextTable {
    let mut grid = TextTable::new(
        "What is asked for a week, under the baseline",
        1,
        &["", "asked for", "there is", "load"],
    );
    for load in loads {
        let unit = if load.sort == LoadSort::Board { "items" } else { "hours" };
        let more = if load.endless { " and more without end" } else { "" };
        grid.row(vec![
            name(load),
            format!("{} {unit}{more}", words::number(load.asked)),
            if load.there.is_finite() {
                format!("{} {unit}", words::number(load.there))
            } else {
                "no limit".to_owned()
            },
            words::share(load.share()),
        ]);
    }
    grid.note(
        "Means over the time that is measured, what is sent back, absences and interruptions included; incidents, debt, slow builds and \
         switching come on top. Work without end (such as paying back debt) takes what its share or the rest leaves.",
    );
    grid
}

fn name(load: &Load) -> String {
    match load.sort {
        LoadSort::Team => load.name.clone(),
        LoadSort::Approver => format!("approver {}", load.name),
        LoadSort::Board => format!("board {}", load.name),
        LoadSort::Machine => format!("machine {}", load.name),
    }
}

/// The expected bottleneck, and the assumptions in play.
fn sentences(study: &Study, loads: &[Load]) -> Vec<String> {
    let mut said = Vec::new();
    let busiest =
        loads.iter().filter(|load| load.share() > 0.0).max_by(|a, b| a.share().total_cmp(&b.share()));
    if let Some(busiest) = busiest {
        said.push(format!(
            "Expected bottleneck: {}, at {} of what it has before anything goes wrong.",
            name(busiest),
            words::share(busiest.share())
        ));
    }
    let assumptions = in_play(&study.document);
    said.push(match assumptions.in_play {
        0 => "The scenario states no evidence: every number in it is an assumption.".to_owned(),
        all => format!(
            "{} of the {all} parameters in play that state their origin are assumptions.",
            assumptions.assumed
        ),
    });
    if !assumptions.widest.is_empty() {
        said.push("Those with the widest plausible ranges:".to_owned());
    }
    for one in &assumptions.widest {
        said.push(format!("  {} = {} (plausibly {})", one.path, one.value, one.range));
    }
    said
}

/// Replications of the baseline in which waste is measured, and the most people of whom that is done: it is to be quick.
const WATCHED: u64 = 8;
const MOST_WATCHED: u32 = 200;

/// What the levers of policies can address, where some act by hours alone.
fn addressed(study: &Study) -> Vec<String> {
    let people: u32 = study.scenario.team.iter().map(|team| team.engineers).sum();
    if people > MOST_WATCHED || !study.timelines.iter().any(|timeline| waste::wastes_of(timeline).is_some()) {
        return Vec::new();
    }
    let stop = AtomicBool::new(false);
    let options = RunOptions { threads: None, done: &|| {}, stop: &stop };
    let numbers: Vec<u64> = (0..WATCHED).collect();
    let Ok(completed) = run_some(study, &numbers, &[0], &options, |replication| replication) else {
        return Vec::new();
    };
    let objective = compare::title(study);
    let smallest = study.scenario.judge.smallest_difference.fraction();
    let said = waste::measured(study, &completed).into_iter().map(|(name, addressed)| {
        crate::report::waste::sentence(&format!("“{}”", name.trim()), &addressed, &objective, smallest)
    });
    said.collect()
}

/// Warns of whoever is asked for more than there is, or nearly, once for all the policies under which it is so.
fn warn_of_overload(study: &Study) {
    let timelines: &[PolicyTimeline] = &study.timelines;
    let mut found: Vec<(String, Vec<&str>)> = Vec::new();
    for timeline in timelines {
        for warning in timeline.phases.iter().flat_map(|(_, plan)| overloads(loads(plan, &study.window()))) {
            match found.iter_mut().find(|(known, _)| *known == warning) {
                Some((_, under)) if under.last() == Some(&timeline.name.as_str()) => {}
                Some((_, under)) => under.push(&timeline.name),
                None => found.push((warning, vec![&timeline.name])),
            }
        }
    }
    for (warning, under) in found {
        let named: Vec<String> = under.iter().map(|name| format!("“{name}”")).collect();
        let under = if under.len() == timelines.len() {
            String::new()
        } else {
            format!("under {}, ", words::list(&named))
        };
        screen::warn(&format!("{under}{warning}"));
    }
}

fn overloads(loads: Vec<Load>) -> Vec<String> {
    let warning = |load: Load| {
        let (share, name) = (words::share(load.share()), name(&load));
        match load.share() {
            over if over >= 1.0 && load.refused => Some(format!(
                "{name} is asked for {share} of what it has: it is always full, and what does not fit is turned away or given up"
            )),
            over if over >= 1.0 => Some(format!(
                "{name} is asked for {share} of what it has: work piles up for ever, and lives may drown in it"
            )),
            tight if tight >= TIGHT => Some(format!(
                "{name} is asked for {share} of what it has before incidents and debt: it will hardly keep up"
            )),
            _ => None,
        }
    };
    loads.into_iter().filter_map(warning).collect()
}
