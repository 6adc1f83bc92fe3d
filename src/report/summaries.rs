//! Tables of what replications came to together: by policy, by week, and by point of a sweep.

use super::data::{Cell, Column, Data, Kind, Written, columns, floats, parameters};
use super::words;
use experiment::summary::{ParameterCell, Policy, SettingText, Summary};
use experiment::sweep::{Point, SweepSummary};
use statistics::interval::Estimate;
use statistics::paired::PairedDifference;
use statistics::seen::Beyond;

const POLICY: Written = ("policy", Kind::Text, "", "The policy's name; the baseline is one of them.");
const COUNT: Written = (
    "replications",
    Kind::Integer,
    "",
    "Replications that have a number here, those beyond the window included.",
);
const LEVEL: Written = ("level", Kind::Float, "share", "The level of the interval of the mean.");
const BEYOND: Written = (
    "beyond",
    Kind::Integer,
    "",
    "Replications in which it lies beyond the window, so that it is only known to be greater.",
);

/// The unit of numbers whose row says it.
const AS_ROW: &str = "the row's unit";

/// A mean and its interval.
const MEAN: [Written; 3] = [
    (
        "mean",
        Kind::Float,
        AS_ROW,
        "Mean over replications; infinite where it is only known to be greater than mean_low.",
    ),
    ("mean_low", Kind::Float, AS_ROW, "Lower end of the interval of the mean."),
    (
        "mean_high",
        Kind::Float,
        AS_ROW,
        "Upper end of the interval of the mean; none where the mean has no upper end.",
    ),
];

/// Percentiles of single replications, in per cent.
const PERCENTILES: [u8; 8] = [5, 15, 25, 50, 70, 75, 85, 95];

/// A difference from the baseline and its interval.
const DIFFERENCE: [Written; 3] = [
    (
        "difference",
        Kind::Float,
        AS_ROW,
        "Mean of the policy less that of the baseline, over pairs; infinite where only one end is known.",
    ),
    (
        "difference_low",
        Kind::Float,
        AS_ROW,
        "Lower end of its interval, which holds together with those that are judged with it.",
    ),
    ("difference_high", Kind::Float, AS_ROW, "Upper end of that interval."),
];

const WINS: Written =
    ("wins_share", Kind::Float, "share", "Share of pairs in which the policy does better than the baseline.");

fn percentiles(unit: &'static str) -> impl Iterator<Item = Column> {
    PERCENTILES.into_iter().map(move |percent| Column {
        name: format!("p{percent}").into(),
        kind: Kind::Float,
        unit: unit.into(),
        definition: format!("{percent} % of replications lie below.").into(),
    })
}

fn of_summary() -> Vec<Column> {
    let column = ("column", Kind::Text, "", "The metric or detail, by its column in replications.csv.");
    let unit = ("unit", Kind::Text, "", "The unit of the numbers of this row.");
    let mut all = columns(&[POLICY, column, unit, COUNT]);
    all.extend(columns(&MEAN));
    all.extend(columns(&[LEVEL]));
    all.extend(percentiles(AS_ROW));
    all.extend(PERCENTILES.iter().flat_map(|percent| {
        [("low", "Lower"), ("high", "Upper")].map(|(end, word)| Column {
            name: format!("p{percent}_{end}").into(),
            kind: Kind::Float,
            unit: AS_ROW.into(),
            definition: format!("{word} end of the interval of p{percent}, where it is known.").into(),
        })
    }));
    let status = "Whether it is judged: objective, guardrail, reading of value, or exploratory.";
    let pairs = "Replications in which both the policy and the baseline have a number; 0 for the baseline.";
    all.extend(columns(&[("status", Kind::Text, "", status), ("pairs", Kind::Integer, "", pairs)]));
    all.extend(columns(&DIFFERENCE));
    all.extend(columns(&[
        ("relative", Kind::Float, "share", "The difference over the baseline's mean."),
        ("relative_low", Kind::Float, "share", "Lower end of its interval."),
        ("relative_high", Kind::Float, "share", "Upper end of its interval."),
        (
            "verdict",
            Kind::Text,
            "",
            "Of what is judged: better, worse, practically the same, or why it cannot be told.",
        ),
        ("guardrail", Kind::Text, "", "Of a guardrail: whether it is hurt."),
        WINS,
        ("variance_ratio", Kind::Float, "", "Variance of the difference without pairing, over that with it."),
        ("control_gain", Kind::Float, "", "What control variates add to that."),
        BEYOND,
    ]));
    all
}

/// One row per policy and column: its mean, its spread over replications, and its difference from the baseline.
pub fn summary(summary: &Summary) -> Data {
    let rows = summary.policies.iter().flat_map(|policy| {
        summary.columns.iter().enumerate().map(move |(at, column)| {
            let estimate = &policy.estimates[at];
            let mut cells: Vec<Cell> = vec![policy.name.as_str().into(), column.name.as_str().into()];
            cells.extend([Cell::from(column.unit), estimate.n.into()]);
            cells.extend(floats(ends(estimate)));
            cells.push(estimate.level.into());
            cells.extend(floats(policy.outcomes[at].all()));
            let known = policy.percentiles[at].iter().flat_map(|interval| known(interval.low, interval.high));
            cells.extend(floats(known));
            cells.extend(compared(policy, at));
            cells.push(estimate.beyond.into());
            cells
        })
    });
    Data::of(of_summary(), rows)
}

/// The ends of an interval as far as they are known: one without an end has none to write.
fn known(low: f64, high: f64) -> [f64; 2] {
    let bounded = |end: f64, unbounded: f64| if end == unbounded { f64::NAN } else { end };
    [bounded(low, f64::NEG_INFINITY), bounded(high, f64::INFINITY)]
}

/// A mean and its interval; one without ends has none to write. Of what lies beyond the window in some replications the
/// mean is greater than the least it can be, and that is all: infinite.
fn ends(estimate: &Estimate) -> [f64; 3] {
    let end = |value: f64| if value.is_finite() { value } else { f64::NAN };
    let mean = if estimate.beyond > 0 { f64::INFINITY } else { estimate.mean };
    [mean, end(estimate.low), end(estimate.high)]
}

/// The same of a difference, which is bounded from below where the policy's side lies beyond the window, from above where
/// the baseline's does, and not at all where both do.
fn difference_ends(beyond: Beyond, estimate: &Estimate) -> [f64; 3] {
    let [_, low, high] = ends(estimate);
    let mean = match (beyond.policy, beyond.baseline) {
        (0, 0) => estimate.mean,
        (_, 0) => f64::INFINITY,
        (0, _) => f64::NEG_INFINITY,
        _ => f64::NAN,
    };
    [mean, low, high]
}

/// The cells of a difference: declared metrics with the family's interval, others alone.
fn compared(policy: &Policy, column: usize) -> Vec<Cell> {
    let cells = |status: &str, pair: &PairedDifference, both: [&Estimate; 2], words: [&str; 2]| {
        let mut cells: Vec<Cell> = vec![status.into(), pair.n.into()];
        cells.extend(floats(both.into_iter().flat_map(|estimate| difference_ends(pair.beyond, estimate))));
        cells.extend(words.map(Cell::from));
        cells.extend(floats([pair.wins.share, pair.variance_ratio, pair.control_gain]));
        cells
    };
    let blank = || {
        let mut cells: Vec<Cell> = vec!["".into(), 0_usize.into()];
        cells.extend(floats([f64::NAN; 6]));
        cells.extend([Cell::from(""), "".into()]);
        cells.extend(floats([f64::NAN; 3]));
        cells
    };
    let Some(against) = &policy.against else { return blank() };
    let judged = against.judged.iter().position(|judged| judged.metric == column);
    let reading = against.readings.iter().find(|judged| judged.metric == column);
    let family = match judged {
        Some(0) => Some(("objective", &against.judged[0])),
        Some(at) => Some(("guardrail", &against.judged[at])),
        None => reading.map(|judged| ("reading of value", judged)),
    };
    if let Some((status, judged)) = family {
        let pair = &judged.difference;
        let guards = if status == "guardrail" { words::guardrail(judged.guardrail) } else { "" };
        let both = [&pair.simultaneous, &pair.simultaneous_relative];
        return cells(status, pair, both, [words::verdict(judged.verdict), guards]);
    }
    let Some(pair) = against.explored.get(column) else { return blank() };
    cells("exploratory", pair, [&pair.difference, &pair.relative], ["", ""])
}

/// One row per policy, week and series; every few weeks where there would be too many.
pub fn weekly(summary: &Summary) -> Data {
    const UNIT: &str = "the series' unit";
    let week = ("week", Kind::Integer, "weeks", "The week that ends then, counted from the fork.");
    let series = ("series", Kind::Text, "", "What is followed.");
    let mut all = columns(&[POLICY, week, series, COUNT]);
    all.extend(columns(&MEAN.map(|(name, kind, _, definition)| (name, kind, UNIT, definition))));
    all.extend(percentiles(UNIT));
    let mut rows = Vec::new();
    for policy in &summary.policies {
        for (name, weeks) in &policy.weekly {
            for (at, week) in weeks.iter().enumerate() {
                let number = (at + 1) * summary.frame.weeks_apart;
                let mut cells: Vec<Cell> = vec![policy.name.as_str().into(), number.into()];
                cells.extend([Cell::from(*name), week.mean.n.into()]);
                cells.extend(floats(ends(&week.mean).into_iter().chain(week.outcomes.all())));
                rows.push(cells);
            }
        }
    }
    Data::of(all, rows)
}

/// What parameters are at a point, and how that is written.
pub fn setting(setting: &SettingText) -> impl Iterator<Item = Cell> {
    let cells = setting.cells.iter().map(|cell| match cell {
        ParameterCell::Number(number) => Cell::Float(*number),
        ParameterCell::Word(word) => Cell::Text(word.clone()),
    });
    cells.chain(std::iter::once(Cell::Text(setting.written.clone())))
}

/// One row per point of a sweep and metric; differences for the objective alone.
pub fn sweep(sweep: &SweepSummary) -> Data {
    let mut all = columns(&[("point", Kind::Integer, "", "The number of the point, from 0.")]);
    all.extend(parameters(&sweep.parameters));
    all.extend(columns(&[
        ("metric", Kind::Text, "", "The metric, by its column in sweep.csv."),
        ("unit", Kind::Text, "", "The unit of the numbers of this row."),
        COUNT,
        (
            "overruns",
            Kind::Integer,
            "",
            "Replications in which more work was open than the population limit.",
        ),
    ]));
    all.extend(columns(&MEAN));
    let pairs = "Replications in which both the point and the baseline have a number; 0 where no difference is taken.";
    all.extend(columns(&[LEVEL, ("pairs", Kind::Integer, "", pairs)]));
    all.extend(columns(&DIFFERENCE));
    let like_best = "Whether the point cannot be told from the best one, by the objective.";
    all.extend(columns(&[WINS, ("like_best", Kind::Boolean, "", like_best), BEYOND]));
    let rows = sweep.points.iter().enumerate().flat_map(|(at, point)| {
        (0..sweep.metrics.len()).map(move |metric| point_row(sweep, (at, point), metric))
    });
    Data::of(all, rows)
}

fn point_row(sweep: &SweepSummary, (at, point): (usize, &Point), metric: usize) -> Vec<Cell> {
    let (text, estimate) = (&sweep.metrics[metric], &point.estimates[metric]);
    let mut cells: Vec<Cell> = vec![at.into()];
    cells.extend(setting(&point.setting));
    cells.extend([
        Cell::from(text.name),
        text.unit.written().into(),
        estimate.n.into(),
        point.overran.into(),
    ]);
    cells.extend(floats(ends(estimate).into_iter().chain([estimate.level])));
    let pair = &point.difference;
    if metric == sweep.objective {
        cells.push(pair.n.into());
        cells.extend(floats(difference_ends(pair.beyond, &pair.simultaneous)));
        cells.push(pair.wins.share.into());
    } else {
        cells.push(0_usize.into());
        cells.extend(floats([f64::NAN; 4]));
    }
    cells.extend([Cell::from(point.like_best), estimate.beyond.into()]);
    cells
}
