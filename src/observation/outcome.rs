//! One replication's row: every metric, the causes of lead time, the details by kind, stage and
//! team, and the weekly series.

use super::metrics::{METRICS, Window};
use super::percentile::{mean, share_within};
use super::recorder::{Recorder, Week};
use kernel::units::Ticks;
use model::blueprint::Blueprint;
use model::cause::Cause;
use statistics::interval::percentile;
use std::collections::BTreeMap;

/// A column of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub unit: &'static str,
}

/// What one life came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// One value for each of [`columns`]; not a number where there was nothing to measure.
    pub values: Vec<f64>,
    pub weeks: Vec<[f32; SERIES.len()]>,
    /// Live events in the window.
    pub events: u64,
}

/// The weekly series, by name.
pub const SERIES: [&str; 9] = [
    "debt_density",
    "incidents",
    "build_minutes",
    "value",
    "arrived",
    "started",
    "built",
    "done",
    "optionality",
];

const KIND_COLUMNS: [(&str, &str); 14] = [
    ("arrived", "items"),
    ("done", "items"),
    ("dropped", "items"),
    ("throughput_per_day", "per working day"),
    ("lead_time_mean_days", "working days"),
    ("lead_time_variance_days2", "working days squared"),
    ("lead_time_p50_days", "working days"),
    ("lead_time_p95_days", "working days"),
    ("cycle_time_mean_days", "working days"),
    ("backlog_mean_days", "working days"),
    ("open_mean", "items"),
    ("lead_time_p85_days", "working days"),
    ("lead_time_least_days", "working days"),
    ("lead_time_greatest_days", "working days"),
];

const STAGE_COLUMNS: [(&str, &str); 10] = [
    ("visits", "visits"),
    ("stay_mean_days", "working days"),
    ("stay_variance_days2", "working days squared"),
    ("wait_mean_days", "working days"),
    ("wait_variance_days2", "working days squared"),
    ("returned_share", "share"),
    ("wait_p50_days", "working days"),
    ("wait_p85_days", "working days"),
    ("wait_p95_days", "working days"),
    ("no_wait_share", "share"),
];

/// What the draws of the window came to above their means: known to be 0 on average, whatever a policy does.
pub const LUCK_COLUMNS: [(&str, &str); 3] =
    [("luck.gaps", "hours"), ("luck.sizes", "hours"), ("luck.value", "engineer-hours")];

const TEAM_COLUMNS: [(&str, &str); 3] =
    [("utilisation", "share"), ("duty", "share"), ("health_share", "share")];

/// The columns of every row lived by plans of this shape.
pub fn columns(plan: &Blueprint) -> Vec<Column> {
    let column = |name: String, unit| Column { name, unit };
    let mut columns: Vec<Column> =
        METRICS.iter().map(|metric| column(metric.name.to_owned(), metric.unit)).collect();
    columns.extend(
        Cause::ALL.iter().map(|cause| column(format!("lead_time_{}_days", cause.label()), "working days")),
    );
    let mut scope = |sort: &str, names: Vec<&str>, details: &[(&str, &'static str)]| {
        for name in names {
            columns
                .extend(details.iter().map(|(detail, unit)| column(format!("{sort}.{name}.{detail}"), unit)));
        }
    };
    scope("work", plan.kinds.iter().map(|kind| kind.name.as_str()).collect(), &KIND_COLUMNS);
    scope("stage", plan.stages.iter().map(|stage| stage.name.as_str()).collect(), &STAGE_COLUMNS);
    scope("team", plan.teams.iter().map(|team| team.name.as_str()).collect(), &TEAM_COLUMNS);
    columns.extend(LUCK_COLUMNS.map(|(name, unit)| column(name.to_owned(), unit)));
    columns
}

/// Whether a column of some row may have this name: a detail of a kind of work, a stage or a team.
pub fn is_detail(name: &str) -> bool {
    let known = |scope: &str, details: &[(&str, &str)]| {
        let rest = name.strip_prefix(scope).and_then(|rest| rest.strip_prefix('.'));
        rest.and_then(|rest| rest.rsplit_once('.'))
            .is_some_and(|(_, detail)| details.iter().any(|(known, _)| *known == detail))
    };
    let is_cause = || Cause::ALL.iter().any(|cause| name == format!("lead_time_{}_days", cause.label()));
    is_cause()
        || known("work", &KIND_COLUMNS)
        || known("stage", &STAGE_COLUMNS)
        || known("team", &TEAM_COLUMNS)
}

impl Outcome {
    /// Puts the values into the columns of another plan, by name; what it lacks is not a number.
    pub fn align(&mut self, own: &[Column], wanted: &[Column]) {
        let place: BTreeMap<&str, f64> =
            own.iter().map(|column| column.name.as_str()).zip(self.values.iter().copied()).collect();
        let value = |column: &Column| place.get(column.name.as_str()).copied().unwrap_or(f64::NAN);
        self.values = wanted.iter().map(value).collect();
    }

    /// Measures a closed window.
    pub fn measure(recorder: &Recorder, plan: &Blueprint, events: u64) -> Outcome {
        let weeks = recorder.weeks.iter().map(series).collect();
        let mut values = Vec::new();
        let window = Window::new(recorder, plan);
        values.extend(METRICS.iter().map(|metric| metric.read(&window)));
        let day = plan.day.hours();
        let changes = recorder.accounts.changes as f64;
        values.extend(recorder.accounts.causes.iter().map(|ticks| Ticks(*ticks).hours() / changes / day));
        kinds(recorder, day, &mut values);
        stages(recorder, day, &mut values);
        teams(recorder, &mut values);
        values.extend(recorder.luck());
        Outcome { values, weeks, events }
    }
}

fn series(week: &Week) -> [f32; SERIES.len()] {
    [
        week.debt_density,
        week.incidents,
        week.build_minutes,
        week.value,
        week.arrived,
        week.started,
        week.built,
        week.done,
        week.optionality,
    ]
}

fn kinds(recorder: &Recorder, day: f64, values: &mut Vec<f64>) {
    let hours = recorder.hours();
    for kind in &recorder.accounts.kinds {
        let lead: Vec<f64> = kind.leads.iter().map(|lead| lead.hours()).collect();
        let average = mean(&lead);
        let variance =
            lead.iter().map(|lead| (lead - average) * (lead - average)).sum::<f64>() / lead.len() as f64;
        let days = |ticks: u64| Ticks(ticks).hours() / kind.begun as f64 / day;
        let quantile = |p| percentile(&lead, p) / day;
        let end = |end: Option<&f64>| end.map_or(f64::NAN, |hours| hours / day);
        values.extend([
            kind.arrived as f64,
            kind.done as f64,
            kind.dropped.iter().sum::<u64>() as f64,
            kind.done as f64 / (hours / day),
            average / day,
            variance / (day * day),
            quantile(0.5),
            quantile(0.95),
            days(kind.cycle),
            days(kind.backlog),
            recorder.average(kind.open),
            quantile(0.85),
            end(lead.first()),
            end(lead.last()),
        ]);
    }
}

fn stages(recorder: &Recorder, day: f64, values: &mut Vec<f64>) {
    let moments = |count: u64, sum: f64, squared: f64| {
        let mean = sum / count as f64;
        (mean / day, (squared / count as f64 - mean * mean) / (day * day))
    };
    for (stage, waits) in recorder.accounts.stages.iter().zip(&recorder.accounts.waits) {
        let (stay, stay_variance) = moments(stage.visits, stage.stay, stage.stay_squared);
        let (wait, wait_variance) = moments(stage.waits, stage.wait, stage.wait_squared);
        let all = (stage.visits + stage.returned) as f64;
        values.extend([all, stay, stay_variance, wait, wait_variance, stage.returned as f64 / all]);
        values.extend([0.5, 0.85, 0.95].map(|p| percentile(waits, p) / day));
        values.push(share_within(waits, 0.0));
    }
}

fn teams(recorder: &Recorder, values: &mut Vec<f64>) {
    for spent in &recorder.accounts.spent {
        let all = spent.there;
        let [features, health, unplanned] = spent.worked;
        values.extend([
            (features + health + unplanned) / all,
            spent.on_duty / all,
            health / (features + health),
        ]);
    }
}
