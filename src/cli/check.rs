//! `orgsim check`: whether a scenario is right, and what it implies.

use super::{Check, Failure, points, screen};
use crate::experiment::assumptions::in_play;
use crate::experiment::run::{RunOptions, run_some};
use crate::experiment::summary::Assumptions;
use crate::experiment::{compare, overload, waste};
use crate::notation::diagnostic::{Diagnostics, Sources};
use crate::report::document::{Document, WHICH_IS_BETTER};
use crate::report::table::TextTable;
use crate::report::{overloaded, words};
use crate::scenario::study::{Amendments, Refusal, Study};
use crate::scenario::{Load, LoadSort, loads};
use serde_json::json;

/// Validates a scenario and says what it implies.
pub fn check(options: &Check) -> Result<(), Failure> {
    let amendments = Amendments { set: options.set.clone(), policies: Vec::new() };
    let (study, sources) = Study::read_on(&options.scenario, options.on.as_deref(), &amendments)?;
    screen::draw(&study.warnings, &sources);
    draws(&study, sources, options)?;
    let policies = study.timelines.len();
    let overloads = overload::of(&study);
    let overloads: Vec<String> = overloads.iter().map(|one| overloaded::sentence(one, policies)).collect();
    overloads.iter().for_each(|said| screen::warn(said));
    if options.quiet {
        return Ok(());
    }
    let loads = loads(&study.baseline().phases[0].1, &study.window());
    let grid = table(&loads);
    let csv = grid.csv();
    let (what_for, command) = match policies {
        1 => ("Where does work get stuck?", "run"),
        _ => (WHICH_IS_BETTER, "compare"),
    };
    let mut document = document(&study, &loads, grid).then(what_for, command, &options.scenario);
    let warnings = study.warnings.iter().map(|warning| warning.message.clone()).chain(overloads);
    document.data["warnings"] = warnings.collect::<Vec<_>>().into();
    screen::document(&document, options.format, || csv.into_bytes())
}

/// Whether the joint draws that the scenario names can be drawn.
fn draws(study: &Study, sources: Sources, options: &Check) -> Result<(), Failure> {
    let Err((what, help)) = points::fitted_together(study, &options.scenario) else { return Ok(()) };
    let mut problems = Diagnostics::new();
    problems.error("posterior.file", what).help(help);
    problems.locate(|path| study.document.locate(path));
    Err(Refusal::new(problems, sources).into())
}

/// What the scenario is and implies.
fn document(study: &Study, loads: &[Load], grid: TextTable) -> Document {
    let finding = format!("{} is a scenario: {}", study.name, contents(study));
    let mut document = Document::new(study.scenario.title.clone(), finding);
    let assumptions = in_play(&study.document);
    document.data = json!({
        "teams": study.scenario.team.len(),
        "people": study.scenario.team.iter().map(|team| team.engineers).sum::<u32>(),
        "policies": study.timelines.iter().map(|timeline| timeline.name.as_str()).collect::<Vec<_>>(),
        "replications": study.scenario.replications,
        "loads": loads.iter().map(of_load).collect::<Vec<_>>(),
        "parameters_in_play": assumptions.in_play,
        "parameters_assumed": assumptions.assumed,
    });
    document.answer("Load").list(note(study)).tables([grid]).list(bottleneck(loads));
    document.answer("Assumptions").text(assumed(&assumptions)).tables([widest(&assumptions)]);
    document.answer("What policies can address").list(addressed(study));
    document
}

/// What is asked of somebody in a week, as data; nothing where there is no limit.
fn of_load(load: &Load) -> serde_json::Value {
    let known = |number: f64| number.is_finite().then_some(number);
    json!({
        "name": overload::named(load),
        "unit": unit(load),
        "asked_a_week": load.asked,
        "there_a_week": known(load.there),
        "load": known(load.share()),
        "endless": load.endless,
    })
}

fn unit(load: &Load) -> &'static str {
    if load.sort == LoadSort::Board { "items" } else { "hours" }
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
        words::count(scenario.replications as usize, "replication", "replications"),
        scenario.horizon
    )
}

fn table(loads: &[Load]) -> TextTable {
    let mut grid = TextTable::new(
        "What is asked for a week, under the baseline",
        1,
        &["of", "asked for", "there is", "load"],
    );
    for load in loads {
        let unit = unit(load);
        let more = if load.endless { " and more without end" } else { "" };
        grid.row(vec![
            overload::named(load),
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

/// Who will be busiest.
fn bottleneck(loads: &[Load]) -> Option<String> {
    let busy = loads.iter().filter(|load| load.share() > 0.0);
    let busiest = busy.max_by(|a, b| a.share().total_cmp(&b.share()))?;
    let (name, share) = (overload::named(busiest), words::share(busiest.share()));
    Some(format!("Expected bottleneck: {name}, at {share} of what it has before anything goes wrong."))
}

/// How many of the parameters in play are assumed.
fn assumed(assumptions: &Assumptions) -> String {
    match assumptions.in_play {
        0 => "The scenario states no evidence: every number in it is an assumption.".to_owned(),
        all => format!(
            "{} of the {all} parameters in play that state their origin are assumptions.",
            assumptions.assumed
        ),
    }
}

/// The assumptions that leave most open.
fn widest(assumptions: &Assumptions) -> TextTable {
    let head = ["assumption", "here", "plausibly"];
    let mut grid = TextTable::new("Those with the widest plausible ranges", 3, &head);
    for one in &assumptions.widest {
        grid.row(vec![one.path.clone(), one.value.clone(), one.range.clone()]);
    }
    grid
}

/// Replications of the baseline in which waste is measured, and the most people of whom that is done: it is to be quick.
const WATCHED: u64 = 8;
const MOST_WATCHED: u32 = 200;

/// What the levers of policies can address, where something is measured of it.
fn addressed(study: &Study) -> Vec<String> {
    let people: u32 = study.scenario.team.iter().map(|team| team.engineers).sum();
    if people > MOST_WATCHED || !study.timelines.iter().any(waste::is_measured) {
        return Vec::new();
    }
    let options = RunOptions::to_the_end(None);
    let numbers: Vec<u64> = (0..WATCHED).collect();
    let Ok(completed) = run_some(study, &numbers, &[0], &options, |replication| replication) else {
        return Vec::new();
    };
    let objective = compare::title(study);
    let smallest = study.scenario.judge.smallest_difference.fraction();
    let said = waste::measured(study, &completed).into_iter().map(|(name, addressed)| {
        crate::report::waste::sentence(&format!("“{}”", name.trim()), &addressed, &objective, smallest)
    });
    let mut said: Vec<String> = said.collect();
    if !said.is_empty() {
        said.insert(0, rough(study));
    }
    said
}

/// On how little these numbers rest.
fn rough(study: &Study) -> String {
    let all = words::count(study.scenario.replications as usize, "replication", "replications");
    format!(
        "What follows rests on {WATCHED} replications of the baseline, so it is rough: `orgsim compare` measures the same in \
         all {all}."
    )
}

/// What one may not expect of how the scenario is put together.
fn note(study: &Study) -> Option<String> {
    let (preset, teams) = study.replaced_teams()?;
    let named: Vec<String> = teams.iter().map(|team| format!("“{team}”")).collect();
    Some(format!(
        "Note: the [[team]] tables here replace all teams of the preset {preset} ({}); teams are not merged.",
        words::list(&named)
    ))
}
