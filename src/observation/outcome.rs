//! One replication's row: every metric, the causes of lead time, the details by kind, stage and
//! team, and the weekly series.

use super::metrics::{METRICS, Window};
use super::quantities::{KINDS, Kind, LUCK, Quantity, STAGES, Stage, TEAMS};
use super::recorder::{Recorder, Week};
use kernel::units::Ticks;
use model::cause::Cause;
use model::compiled_plan::CompiledPlan;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A column of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub unit: &'static str,
    pub definition: String,
}

/// What one replication came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// One value for each of [`columns`]; not a number where there was nothing to measure.
    pub values: Vec<f64>,
    /// The weekly series, in the order of their register.
    pub weeks: Vec<Week>,
    /// Live events in the window.
    pub events: u64,
}

/// The columns of every row run by plans of this shape.
pub fn columns(plan: &CompiledPlan) -> Vec<Column> {
    let metrics = METRICS.iter().map(|metric| Column::of(metric.name, metric.unit, metric.definition));
    let causes = Cause::ALL.iter().map(|cause| Column {
        name: format!("lead_time_{}_days", cause.label()),
        unit: "working days",
        definition: format!("part of the mean lead time: {}", cause.text()),
    });
    let kinds = plan.kinds.iter().flat_map(|kind| scoped("work", &kind.name, KINDS));
    let stages = plan.stages.iter().flat_map(|stage| scoped("stage", &stage.name, STAGES));
    let teams = plan.teams.iter().flat_map(|team| scoped("team", &team.name, TEAMS));
    let luck = LUCK.iter().map(|it| Column::of(&luck_column(it.name), it.unit, it.definition));
    metrics.chain(causes).chain(kinds).chain(stages).chain(teams).chain(luck).collect()
}

/// The name of a column of what draws came to.
pub fn luck_column(name: &str) -> String {
    format!("luck.{name}")
}

impl Column {
    fn of(name: &str, unit: &'static str, definition: &str) -> Column {
        Column { name: name.to_owned(), unit, definition: definition.to_owned() }
    }
}

fn scoped<'n, R>(
    scope: &'static str,
    name: &'n str,
    register: &'static [Quantity<R>],
) -> impl Iterator<Item = Column> + use<'n, R> {
    register.iter().map(move |it| Column::of(&format!("{scope}.{name}.{}", it.name), it.unit, it.definition))
}

/// Whether a column of some row may have this name: a detail of a kind of work, a stage or a team.
pub fn is_detail(name: &str) -> bool {
    fn known<R>(name: &str, scope: &str, register: &[Quantity<R>]) -> bool {
        let rest = name.strip_prefix(scope).and_then(|rest| rest.strip_prefix('.'));
        rest.and_then(|rest| rest.rsplit_once('.'))
            .is_some_and(|(_, detail)| register.iter().any(|known| known.name == detail))
    }
    let is_cause = || Cause::ALL.iter().any(|cause| name == format!("lead_time_{}_days", cause.label()));
    is_cause() || known(name, "work", KINDS) || known(name, "stage", STAGES) || known(name, "team", TEAMS)
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
    pub fn measure(recorder: &Recorder, plan: &CompiledPlan, events: u64) -> Outcome {
        let accounts = &recorder.accounts;
        let day = plan.day.hours();
        let window = Window::new(recorder, plan);
        let mut values: Vec<f64> = METRICS.iter().map(|metric| metric.read(&window)).collect();
        let headlines = accounts.headlines as f64;
        values.extend(accounts.causes.iter().map(|ticks| Ticks(*ticks).hours() / headlines / day));
        for counts in &accounts.kinds {
            let kind = Kind::new(counts, recorder, day);
            values.extend(KINDS.iter().map(|it| (it.read)(&kind)));
        }
        for (times, waits) in accounts.stages.iter().zip(&recorder.waits) {
            let stage = Stage { times, waits, day };
            values.extend(STAGES.iter().map(|it| (it.read)(&stage)));
        }
        for spent in &accounts.spent {
            values.extend(TEAMS.iter().map(|it| (it.read)(spent)));
        }
        values.extend(LUCK.iter().map(|it| (it.read)(recorder)));
        Outcome { values, weeks: recorder.weeks.clone(), events }
    }
}
