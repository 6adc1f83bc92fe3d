//! The slides of the time ledger: lead time by cause, and how it changes from the baseline to the best.

use super::{heading, runs};
use crate::chart::{CauseBar, Causes, Direction, Waterfall, WaterfallStep};
use crate::findings::named;
use crate::words;
use experiment::summary::{Policy, Summary};

/// Causes below this many working days everywhere are put together.
const SMALL: f64 = 0.05;

/// The waits before anybody began the work: they are longer than all else, and nothing else could be read beside them.
const BEFORE: [&str; 2] = ["lead_time_backlog_days", "lead_time_turn_days"];

/// Mean lead time by cause since work was begun, one bar per policy; the waits before that are said beside it.
pub fn causes(summary: &Summary) -> Option<Causes> {
    let days = |policy: &Policy, at: usize| policy.estimates[at].mean;
    let counts = |at: usize| summary.policies.iter().any(|policy| days(policy, at) >= SMALL);
    let is_before = |at: usize| BEFORE.iter().any(|name| summary.column(name) == Some(at));
    let shown: Vec<&(usize, String)> =
        summary.causes.iter().filter(|(at, _)| counts(*at) && !is_before(*at)).collect();
    if shown.is_empty() {
        return None;
    }
    let bar = |policy: &Policy| CauseBar {
        name: policy.name.clone(),
        parts: shown.iter().map(|(at, _)| days(policy, *at)).collect(),
    };
    let baseline = summary.baseline();
    let all: f64 = shown.iter().map(|(at, _)| days(baseline, *at)).filter(|days| days.is_finite()).sum();
    let largest = shown.iter().max_by(|a, b| days(baseline, a.0).total_cmp(&days(baseline, b.0)));
    let title = largest.map_or(String::new(), |(at, cause)| {
        format!(
            "Under {}, {} of the lead time since work was begun is {cause}",
            named(baseline),
            words::share(days(baseline, *at) / all)
        )
    });
    let [before, turn] =
        BEFORE.map(|name| summary.column(name).map_or(0.0, |at| days(baseline, at))).map(words::number);
    let subtitle = format!(
        "Mean lead time of what was asked for and went live, from when it was begun: accounting, not causation. Before that, under {}, it \
         waits {before} working days until it is committed to, and then {turn} for its turn; {}",
        named(baseline),
        runs(summary)
    );
    Some(Causes {
        heading: heading(summary, title, subtitle),
        x_label: "Mean lead time since work was begun, working days".to_owned(),
        unit: "days".to_owned(),
        causes: shown.iter().map(|(_, cause)| short(cause).to_owned()).collect(),
        bars: summary.policies.iter().map(bar).collect(),
    })
}

/// Words that fit a legend.
fn short(cause: &str) -> &str {
    match cause {
        "waiting for someone to continue" => "waiting to continue",
        "slowed by builds, tests and environments" => "slowed by builds",
        "interrupted by incidents and meetings" => "interrupted",
        "slowed by other items on the desk" => "slowed by switching",
        "finished, but the next stage is full" => "next stage full",
        cause => cause,
    }
}

/// The mean lead time from the baseline to the best policy, by cause; nothing where no part of it changes by as much as
/// matters, since the chart would make much of it.
pub fn waterfall(summary: &Summary) -> Option<Waterfall> {
    let (best, _) = summary.best()?;
    let baseline = summary.baseline();
    let change = |at: usize| best.estimates[at].mean - baseline.estimates[at].mean;
    let mut steps: Vec<(f64, &str)> = summary
        .causes
        .iter()
        .map(|(at, cause)| (change(*at), cause.as_str()))
        .filter(|(change, _)| change.abs() >= SMALL)
        .collect();
    steps.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let lead =
        |policy: &Policy| -> f64 { summary.causes.iter().map(|(at, _)| policy.estimates[*at].mean).sum() };
    if !lead(baseline).is_finite() || !lead(best).is_finite() {
        return None;
    }
    let (change, cause) = *steps.first()?;
    if change.abs() < summary.frame.smallest * lead(baseline) {
        return None;
    }
    let (word, by) = (if change < 0.0 { "falls" } else { "rises" }, words::number(change.abs()));
    let title = format!("Under {}, “{cause}” {word} by {by} working days", named(best));
    let subtitle =
        format!("Mean lead time split by where it passed: accounting, not causation; {}", runs(summary));
    let shown: f64 = steps.iter().map(|(change, _)| change).sum();
    let step = |name: &str, change| WaterfallStep { name: name.to_owned(), change };
    let left = lead(best) - lead(baseline) - shown;
    let rest = (left != 0.0).then(|| step("everything else", left));
    Some(Waterfall {
        heading: heading(summary, title, subtitle),
        y_label: "Mean lead time, working days".to_owned(),
        unit: "days".to_owned(),
        direction: Direction::LowerIsBetter,
        from: (baseline.name.clone(), lead(baseline)),
        steps: steps.into_iter().map(|(change, cause)| step(short(cause), change)).chain(rest).collect(),
        to: (best.name.clone(), lead(best)),
    })
}
