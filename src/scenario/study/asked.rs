//! What a study asks: its objective, its guardrails and what is measured beside them, by name.

use crate::tables::{Scenario, StopTable};
use notation::diagnostic::{Diagnostics, advice};
use observation::metrics;

/// The scenario with every metric that is called by words of its own called by its name in the register.
pub(super) fn called_by_name(mut scenario: Scenario) -> Scenario {
    let (measure, clock) = (scenario.measure.clone(), scenario.clock);
    let name = |words: &mut String| {
        if let (None, Some(at)) = (metrics::find(words), measure.metric(words, &clock)) {
            metrics::METRICS[at].name.clone_into(words);
        }
    };
    name(&mut scenario.objective);
    scenario.guardrails.iter_mut().for_each(name);
    for claim in &mut scenario.claim.0 {
        name(&mut claim.measure);
        claim.picked_by.iter_mut().chain(&mut claim.than_picked_by).for_each(name);
    }
    scenario
}

/// Objective and guardrails must be metrics.
pub(super) fn check(scenario: &Scenario, problems: &mut Diagnostics) {
    let titles = || metrics::METRICS.iter().flat_map(|metric| [metric.title, metric.name]);
    let mut known = |path: &str, words: &str| match metrics::find(words).map(|at| &metrics::METRICS[at]) {
        None if words.to_lowercase().starts_with("share done within") => {
            problems
                .error(path, format!("`{words}` is not measured here"))
                .help("ask for it: `[measure]` with `within = \"5 days\"`, or up to four spans in a list");
        }
        None => {
            let help = advice(words, titles().collect::<Vec<_>>());
            problems.error(path, format!("there is no metric called `{words}`")).help(help);
        }
        Some(metric) if metric.better.is_none() => {
            problems.error(
                path,
                format!("`{words}` is neither better high nor better low: judge by another metric"),
            );
        }
        Some(metric) if metric.name.starts_with("completion") && scenario.stop.is_none() => {
            problems
                .error(
                    path,
                    format!("`{words}` tells when replications end, and here none ends before the horizon"),
                )
                .help("say what is to be reached: `stop = { items = 100 }`, or `stop = \"empty\"`");
        }
        Some(_) => {}
    };
    known("objective", &scenario.objective);
    for (at, guardrail) in scenario.guardrails.iter().enumerate() {
        known(&format!("guardrails.{at}"), guardrail);
    }
    measured(scenario, problems);
    let clock = &scenario.clock;
    if scenario.horizon.hours(clock) <= 0.0 {
        problems.error("horizon", "must be positive");
    }
    if scenario.warmup.hours(clock) >= scenario.horizon.hours(clock) {
        problems.error("warmup", "nothing would be measured: it must be shorter than the horizon");
    }
    if scenario.run_off.is_some_and(|span| span.hours(clock) <= 0.0) {
        problems.error("run_off", "must be positive");
    }
    if scenario.run_off.is_some() && scenario.stop.is_some() {
        problems
            .error("run_off", "a replication that is stopped before its horizon does not go on after it")
            .help("leave out `stop` or `run_off`");
    }
    if matches!(scenario.stop, Some(StopTable::Items(0))) {
        problems
            .error("stop.items", "a replication that ends when nothing is done has nothing to measure")
            .help("write stop = { items = 1 } or more, or \"empty\" for when no work is left");
    }
    if scenario.replications == 0 {
        problems.error("replications", "at least one replication is required");
    }
    let level = scenario.judge.level.fraction();
    if !(0.5..1.0).contains(&level) {
        problems.error("judge.level", "must be at least 50 % and below 100 %");
    }
}

/// The spans within which it is asked what is done.
fn measured(scenario: &Scenario, problems: &mut Diagnostics) {
    let clock = &scenario.clock;
    let window = scenario.horizon.hours(clock) - scenario.warmup.hours(clock);
    let names = ["deployments_per_week", "lead_time", "failure_rate", "recovery_time"];
    for (name, levels) in names.into_iter().zip(scenario.measure.dora.levels(clock)) {
        let Some(levels) = levels else { continue };
        // More deployments are better, less of the others.
        let turned = if name == "deployments_per_week" { levels.map(|level| -level) } else { levels };
        if !turned.is_sorted() || levels.iter().any(|level| !level.is_finite()) {
            problems
                .error(format!("measure.dora.{name}"), "levels come in their order, the best first")
                .help("the last value that is elite, that is high and that is medium; what is beyond is low");
        }
    }
    let spans: Vec<_> = scenario.measure.within.spans().collect();
    if spans.len() > metrics::MOST_SPANS {
        let most = metrics::MOST_SPANS;
        problems.error(
            "measure.within",
            format!("{} spans are more than the {most} that can be asked about", spans.len()),
        );
    }
    for (at, span) in spans.iter().enumerate() {
        if spans[..at].iter().any(|before| before.hours(clock) == span.hours(clock)) {
            problems.error("measure.within", format!("{span} is asked about twice"));
        }
        if window > 0.0 && span.hours(clock) > window {
            problems
                .error(
                    "measure.within",
                    format!("{span} is longer than what is watched: the share could never be known"),
                )
                .help("lengthen the horizon, or ask about a shorter span");
        }
    }
}
