//! The slides of time: weekly series as fans, and cumulative value with its break-even.

use super::{estimate, heading, is_best, runs};
use crate::chart::{BreakEven, Clock, Estimate, Fan, FanSeries, Role};
use crate::findings::{is_ahead_throughout, named, never_differs};
use crate::words;
use experiment::summary::{Against, Frame, Policy, SMOOTH_INCIDENTS, Summary};
use statistics::breakeven::Trajectory;
use statistics::series::Week;

/// A weekly series on a slide.
pub struct Series {
    /// The series' name.
    name: &'static str,
    /// The metric it ends in, in words.
    title: &'static str,
    unit: &'static str,
    /// The factor by which it is drawn, and the sign of its unit.
    scale: (f64, &'static str),
    /// Weeks over which each replication's value is averaged; averaged series are drawn by their mean.
    average: usize,
}

/// The series that make system health visible.
pub const SERIES: [(&str, Series); 3] = [
    (
        "debt density",
        Series {
            name: "debt_density",
            title: "debt density",
            unit: "effort to repair it over effort in the code",
            scale: (100.0, "%"),
            average: 1,
        },
    ),
    (
        "incident frequency",
        Series {
            name: SMOOTH_INCIDENTS.0,
            title: "incident frequency",
            unit: "incidents a week, mean of twelve weeks",
            scale: (1.0, ""),
            average: SMOOTH_INCIDENTS.1,
        },
    ),
    (
        "build time",
        Series { name: "build_minutes", title: "build time", unit: "minutes", scale: (1.0, ""), average: 1 },
    ),
];

pub fn clock(summary: &Summary) -> (Clock, &'static str) {
    let frame = &summary.frame;
    if let Some(first) = frame.start {
        // A working year has fewer weeks than the calendar's: what is left of it lies between them.
        let days = 365.25 / (12.0 * frame.month);
        return (Clock::Dates { last: frame.weeks, first, days }, "");
    }
    match words::in_months(frame.weeks) {
        true => (Clock::Months { last: frame.weeks, month: frame.month }, "Months measured"),
        false => (Clock::Weeks { last: frame.weeks }, "Weeks measured"),
    }
}

/// A weekly series under every policy; nothing when no replication has it.
pub fn fan(summary: &Summary, series: Series) -> Option<Fan> {
    // The axis counts points as weeks.
    if summary.frame.weeks_apart > 1 {
        return None;
    }
    let drawn: Vec<FanSeries> = summary
        .policies
        .iter()
        .map(|policy| FanSeries {
            name: policy.name.clone(),
            role: role(summary, policy),
            today: None,
            bands: bands(summary.series(policy, series.name), &series),
        })
        .collect();
    let any = |value: f64| value.is_finite() && value > 0.0;
    if !drawn.iter().any(|one| one.bands.iter().any(|band| any(band[4]))) {
        return None;
    }
    let (clock, x_label) = clock(summary);
    let line = if series.average > 1 { "mean" } else { "median replication" };
    let subtitle = format!(
        "Lines: the {line} of each policy; bands: the middle 50 % and 90 % of {} (spread of single replications, \
         not uncertainty of a mean){}",
        runs(summary),
        pale(summary)
    );
    Some(Fan {
        mark: None,
        signed: false,
        break_even: None,
        heading: heading(summary, fan_title(summary, &series), subtitle),
        y_label: words::capital(&format!("{}, {}", series.title, series.unit)),
        unit: series.scale.1.to_owned(),
        x_label: x_label.to_owned(),
        clock,
        from_zero: true,
        series: drawn,
    })
}

/// Policies that can be told apart on a slide; of more, only the best have a name.
const TOLD_APART: usize = 8;

/// Policies that have a name where there are too many.
const NAMED: usize = 4;

fn role(summary: &Summary, policy: &Policy) -> Role {
    let Some(against) = &policy.against else { return Role::Baseline };
    if is_best(summary, policy) {
        return Role::Emphasised;
    }
    let gain = |against: &Against| against.judged[0].difference.gain();
    let ahead = summary.compared().filter(|(_, other)| gain(other) > gain(against)).count();
    let is_named = summary.compared().count() <= TOLD_APART || ahead < NAMED;
    if is_named { Role::Other } else { Role::Background }
}

/// "; pale: the 20 others".
fn pale(summary: &Summary) -> String {
    let roles = summary.policies.iter().map(|policy| role(summary, policy));
    match roles.filter(|role| *role == Role::Background).count() {
        0 => String::new(),
        pale => format!("; pale: the {}", words::count(pale, "other", "others")),
    }
}

/// The quantiles by week. Rare counts have the mean in the middle: the median of rare things is none.
fn bands(weeks: &[Week], series: &Series) -> Vec<[f64; 5]> {
    let quantiles = |week: &Week| {
        let o = &week.outcomes;
        let middle = if series.average > 1 { week.mean.mean } else { o.p50 };
        [o.p5, o.p25, middle, o.p75, o.p95].map(|value| value * series.scale.0)
    };
    // A mean of several weeks is one only when so many are over; before, it would be of fewer and spread more.
    let unknown = weeks.iter().take(series.average - 1).map(|_| [f64::NAN; 5]);
    unknown.chain(weeks.iter().skip(series.average - 1).map(quantiles)).collect()
}

/// Where the series ends under the baseline and under the best policy, on average.
fn fan_title(summary: &Summary, series: &Series) -> String {
    // What is told is what is drawn: a line's ends.
    let line = |policy: &Policy| -> Vec<f64> {
        let bands = bands(summary.series(policy, series.name), series);
        bands.into_iter().map(|band| band[2]).collect()
    };
    let end = |policy: &Policy| line(policy).last().copied().unwrap_or(f64::NAN);
    let start = line(summary.baseline()).first().copied().unwrap_or(f64::NAN);
    let show =
        |value: f64| format!("{}{}", words::number(value), if series.scale.1 == "%" { " %" } else { "" });
    let (title, which) = (series.title, if series.average > 1 { "Mean" } else { "Median" });
    let baseline = end(summary.baseline());
    let differs = |against: &Against| {
        let at = summary.metrics.iter().position(|metric| metric.title == title);
        at.is_none_or(|at| !against.explored[at].difference.contains(0.0))
    };
    match summary.best() {
        Some((best, against)) if !differs(against) => format!(
            "{which} {title} under {} cannot be distinguished from that under {}: it ends at {} and {}",
            named(best),
            named(summary.baseline()),
            show(end(best)),
            show(baseline),
        ),
        Some((best, _)) => format!(
            "{which} {title} ends at {} under {}, against {} under {}",
            show(end(best)),
            named(best),
            show(baseline),
            named(summary.baseline())
        ),
        None if series.average == 1 => {
            format!("{which} {title} goes from {} to {}", show(start), show(baseline))
        }
        None => format!("{which} {title} ends at {}", show(baseline)),
    }
}

/// Cumulative value less the baseline's, and the break-even of the best policy.
pub fn payback(summary: &Summary) -> Option<Fan> {
    let (best, against) = summary.best()?;
    let trajectory = against.trajectory.as_ref()?;
    let worth = &summary.frame.worth;
    let series = summary.compared().filter_map(|(policy, against)| {
        let weeks = against.trajectory.as_ref()?.mean.iter();
        let points: Vec<Estimate> = weeks.map(|week| estimate(week, worth.factor())).collect();
        Some(FanSeries::of_differences(policy.name.clone(), role(summary, policy), &points))
    });
    let (clock, x_label) = clock(summary);
    let title = match trajectory.week.value {
        _ if never_differs(trajectory) => {
            format!("{} never differs from {} in value", named(best), named(summary.baseline()))
        }
        _ if is_ahead_throughout(trajectory) => {
            format!("{} is ahead of {} in value from the start", named(best), named(summary.baseline()))
        }
        week if week.is_finite() => {
            let after = words::time(week, &summary.frame);
            format!("{} catches up in value after {after}", named(best))
        }
        _ => format!("{} has not caught up in value within {}", named(best), summary.frame.horizon),
    };
    let subtitle = format!(
        "Value so far less that under {} in the same replications: mean, and pointwise {} interval of {}; {}{}",
        named(summary.baseline()),
        words::level(summary.frame.level),
        named(best),
        runs(summary),
        pale(summary)
    );
    Some(Fan {
        mark: None,
        signed: true,
        from_zero: true,
        heading: heading(summary, title, subtitle),
        y_label: words::title_with_unit("Cumulative difference in value", worth),
        unit: String::new(),
        x_label: x_label.to_owned(),
        clock,
        series: series.collect(),
        break_even: break_even(trajectory, &summary.frame),
    })
}

/// Where the mean course stays above zero for good, with its interval.
fn break_even(trajectory: &Trajectory, frame: &Frame) -> Option<BreakEven> {
    let week = trajectory.week.value;
    let high = match trajectory.week.high {
        high if high.is_finite() => words::time(high, frame),
        _ => "beyond the horizon".to_owned(),
    };
    let (at, low) = (words::time(week, frame), words::time(trajectory.week.low, frame));
    let label = format!("breaks even after {at} ({low} to {high})");
    let is_behind = week.is_finite() && !is_ahead_throughout(trajectory) && !never_differs(trajectory);
    is_behind.then_some(BreakEven { week, label })
}
