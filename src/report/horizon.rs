//! What a comparison says beyond its window: run-rate and run-off beside value, and whose effect changes its sign with the
//! date at which it is counted.

use super::findings::named;
use super::table::TextTable;
use super::words;
use experiment::summary::{Against, Summary};
use statistics::interval::Estimate;

/// Value at the horizon, what is live earns then, and the difference with the run-off; nothing where no value is counted.
pub fn table(summary: &Summary) -> Option<TextTable> {
    let at = |name: &str| summary.metrics.iter().position(|metric| metric.name == name);
    let (value, rate) = (at("value_months")?, at("run_rate_months_per_year")?);
    let (after, cost) = (at("run_off_value_months")?, at("run_off_cost_months")?);
    let baseline = summary.baseline();
    if baseline.estimates.get(value)?.n == 0 {
        return None;
    }
    let has_run_off = baseline.estimates[after].n > 0;
    let mut head = vec!["policy", "value", "run-rate a year, at the end"];
    if has_run_off {
        head.extend(["value after", "cost after", "difference, both", "its interval"]);
    }
    let unit = &summary.metrics[value].unit;
    let title = if has_run_off { "Value at the horizon and after it" } else { "Value at the horizon" };
    let title = words::title_with_unit(title, unit);
    let mut grid = TextTable::new(title, 1, &head);
    for policy in &summary.policies {
        let mean = |at: usize| words::mean(&policy.estimates[at], &summary.metrics[at].unit);
        let mut cells = vec![policy.name.clone(), mean(value), mean(rate)];
        if has_run_off {
            cells.extend([mean(after), mean(cost)]);
            let both = policy.against.as_ref().and_then(|against| against.with_run_off.as_ref());
            cells.extend(both.map_or(["–".to_owned(), "–".to_owned()], |both| {
                [words::difference(both, unit), words::signed_interval(&both.simultaneous, unit)]
            }));
        }
        grid.row(cells);
    }
    if has_run_off {
        let runs = words::count(baseline.estimates[after].n, "replication", "replications");
        grid.note(format!(
            "After the horizon every policy is back at the settings of {}: what it left behind shows. “Both” is the window \
             and the run-off together, in the first {runs}.",
            format_args!("“{}”", summary.frame.baseline.trim())
        ));
    }
    Some(grid)
}

/// Where the sign of what policies do to value depends on when it is counted; those of one course share a sentence.
pub fn turns(summary: &Summary) -> Vec<String> {
    let mut courses: Vec<(String, Vec<String>)> = Vec::new();
    for (policy, against) in summary.compared() {
        let seen = signs(summary, against);
        if seen.len() < 2 {
            continue;
        }
        let said: Vec<String> = seen.iter().map(|(sign, when)| format!("{} {when}", ahead(*sign))).collect();
        let course = words::list(&said);
        match courses.iter_mut().find(|(other, _)| *other == course) {
            Some((_, policies)) => policies.push(named(policy)),
            None => courses.push((course, vec![named(policy)])),
        }
    }
    let sentence = |(course, policies): (String, Vec<String>)| {
        let verb = if policies.len() == 1 { "is" } else { "are" };
        format!("When value is counted matters: {} {verb} {course}.", words::list(&policies))
    };
    courses.into_iter().map(sentence).collect()
}

/// "is ahead with what comes after the horizon counted": where what is counted later has another sign than at the horizon.
pub fn later(summary: &Summary, against: &Against) -> Option<String> {
    let end = sign(against.trajectory.as_ref()?.mean.last()?);
    let seen = signs(summary, against);
    let (last, when) = seen.last()?;
    (end != 0 && *last != end).then(|| format!("is {} {when}", ahead(*last)))
}

/// The shown signs of a policy's difference in value: after parts of the window, at its end and with what comes after it.
fn signs(summary: &Summary, against: &Against) -> Vec<(i8, String)> {
    let Some(trajectory) = &against.trajectory else { return Vec::new() };
    let weeks = &trajectory.mean;
    let horizon = weeks.len() as f64;
    let early = [0.25, 0.5].into_iter().filter_map(|part| {
        let at = (horizon * part).round() as usize;
        let week = at.checked_sub(1).and_then(|at| weeks.get(at))?;
        Some((sign(week), format!("after {}", words::time(at as f64, &summary.frame))))
    });
    let end = weeks.last().map(|week| (sign(week), "at the horizon".to_owned()));
    let both = against.with_run_off.as_ref();
    let both =
        both.map(|both| (sign(&both.simultaneous), "with what comes after the horizon counted".to_owned()));
    let mut seen: Vec<(i8, String)> = early.chain(end).chain(both).filter(|(sign, _)| *sign != 0).collect();
    // Of several in a row that say the same, the last says it for all.
    let mut next = seen.iter().skip(1).map(|(sign, _)| *sign).collect::<Vec<_>>().into_iter();
    seen.retain(|(sign, _)| next.next() != Some(*sign));
    seen
}

/// Of a difference shown to be none of them 0.
fn sign(difference: &Estimate) -> i8 {
    i8::from(difference.low > 0.0) - i8::from(difference.high < 0.0)
}

fn ahead(sign: i8) -> &'static str {
    if sign > 0 { "ahead" } else { "behind" }
}
