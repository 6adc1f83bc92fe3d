//! Comparing: replications become a summary, with every policy judged against the baseline on the same random numbers.

use super::lost::Lost;
use super::metric_rows::seen;
use super::run::ReplicationResults;
use super::summary::unit::{Money, Unit};
use super::summary::{
    Against, ColumnText, Frame, Judged, Lever, MetricText, Policy, Precision, SMOOTH_INCIDENTS, Summary,
};
use super::{assumptions, balance, replicate, waste};
use kernel::units::{DAYS_PER_MONTH, Ticks};
use model::cause::Cause;
use observation::metrics::{self, METRICS};
use observation::outcome::{Column, Outcome, luck_column};
use observation::quantities::{LUCK, Quantity, SERIES};
use rayon::prelude::*;
use scenario::study::{PolicyTimeline, Study};
use scenario::tables::{Past, Scenario};
use statistics::breakeven;
use statistics::fieller;
use statistics::interval::Estimate;
use statistics::moments::present;
use statistics::paired::{Comparison, PairedDifference, compare_with_controls};
use statistics::resample::Resampling;
use statistics::seen::Seen;
use statistics::series::{Outcomes, Week, weekly};
use statistics::studentised;
use statistics::verdict::{Direction, Margin};

/// Ways to count value that are judged beside it.
const READINGS: [&str; 4] =
    ["value_less_debt_months", "value_equal_months", "value_effort_months", "value_heavy_months"];

/// How many replications were asked for, and whether the run was stopped before they were run.
#[derive(Clone, Debug)]
pub struct RunInfo {
    pub asked: usize,
    pub stopped: bool,
    /// Where replications were added until intervals were narrow enough.
    pub precision: Option<Precision>,
}

impl RunInfo {
    /// A number of replications that was fixed before any was run.
    pub fn fixed(asked: usize, stopped: bool) -> RunInfo {
        RunInfo { asked, stopped, precision: None }
    }
}

/// Summarises the replications of a study.
pub fn summarise(study: &Study, completed: &[ReplicationResults], run_info: RunInfo) -> Summary {
    let runs: Vec<PolicyRuns<'_>> =
        (0..study.timelines.len()).map(|at| PolicyRuns::of(completed, at)).collect();
    let family = Family::of(study);
    // Threads change nothing but how long it takes: each policy is summarised for itself.
    let mut policies: Vec<Policy> =
        study.timelines.par_iter().zip(&runs).map(|(timeline, runs)| policy(study, timeline, runs)).collect();
    let judged = family.judge(&family.declared, study, &runs);
    let readings = family.judge(&family.readings, study, &runs);
    let with_run_off = with_run_off(study, &runs);
    let others = policies.par_iter_mut().zip(&runs).skip(1);
    let timelines = &study.timelines[1..];
    // What the past was and what hours there are to save are the baseline's; against another policy nothing is said of them.
    let is_baseline = study.timelines[0].baseline;
    let addressed = waste::addressed(study, |at| mean_of(study, &runs[0].seen(at)));
    let addressed = |timeline: &_| is_baseline.then(|| addressed(timeline)).flatten();
    let smallest = study.scenario.judge.smallest_difference.fraction();
    let found = judged.into_par_iter().zip(readings).zip(with_run_off).zip(timelines);
    others.zip(found).for_each(|((policy, runs_of), (((mut judged, readings), with_run_off), timeline))| {
        let addressed = addressed(timeline);
        waste::settle(&mut judged[0], addressed.as_ref(), smallest);
        policy.against = Some(Against {
            judged,
            readings,
            explored: explore(study, runs_of, &runs[0]),
            per_added_cost: per_added_cost(study, runs_of, &runs[0]),
            addressed,
            trajectory: trajectory(study, runs_of, &runs[0]),
            with_run_off,
        });
    });
    let completed = completed.len();
    Summary {
        frame: frame(study, completed, run_info),
        metrics: (0..METRICS.len()).map(|at| metric_text(study, at)).collect(),
        columns: columns(study),
        objective: family.declared[0],
        guardrails: family.declared[1..].to_vec(),
        readings: family.readings,
        causes: causes(study),
        lever: lever(study),
        trends: if is_baseline { balance::trends(study, &runs[0].outcomes) } else { Vec::new() },
        assumptions: assumptions::in_play(&study.document),
        policies,
    }
}

/// One policy's runs by replication; `None` where one came to nothing.
struct PolicyRuns<'a> {
    outcomes: Vec<Option<&'a Outcome>>,
    /// How many of those drowned in work; in the others the program failed.
    overran: usize,
}

impl<'a> PolicyRuns<'a> {
    fn of(completed: &'a [ReplicationResults], at: usize) -> PolicyRuns<'a> {
        let overran = completed.iter().filter(|one| matches!(one.runs[at], Err(Lost::Overrun(_)))).count();
        PolicyRuns { outcomes: completed.iter().map(|one| one.runs[at].as_ref().ok()).collect(), overran }
    }

    /// A metric or another column by replication, with what lies beyond the window as the least it can be.
    fn seen(&self, at: usize) -> Seen {
        seen(at, self.outcomes.iter().map(|outcome| outcome.map(|outcome| outcome.values.as_slice())))
    }

    /// A column by replication, not a number where there was nothing to measure and ∞ beyond the window.
    fn column(&self, at: usize) -> Vec<f64> {
        self.outcomes.iter().map(|outcome| outcome.map_or(f64::NAN, |outcome| outcome.values[at])).collect()
    }

    /// A weekly series, one row per replication that reached the horizon.
    fn series(&self, at: usize) -> Vec<Vec<f64>> {
        let rows = self.outcomes.iter().flatten();
        rows.map(|outcome| outcome.weeks.iter().map(|week| f64::from(week[at])).collect()).collect()
    }
}

/// What is judged: the declared family, and the other readings of value.
struct Family {
    declared: Vec<usize>,
    readings: Vec<usize>,
}

impl Family {
    fn of(study: &Study) -> Family {
        let mut declared = vec![objective(study)];
        for metric in study.scenario.guardrails.iter().map(|words| found(words)) {
            if !declared.contains(&metric) {
                declared.push(metric);
            }
        }
        let of_value = METRICS[declared[0]].name.starts_with("value") && study.scenario.value.is_some();
        let others = READINGS.iter().filter_map(|name| metrics::find(name)).filter(|at| *at != declared[0]);
        Family { readings: if of_value { others.collect() } else { Vec::new() }, declared }
    }

    /// Judges these metrics under every policy but the baseline, as one family.
    fn judge(&self, metrics: &[usize], study: &Study, runs: &[PolicyRuns<'_>]) -> Vec<Vec<Judged>> {
        let columns: Vec<Vec<Seen>> =
            runs.iter().map(|runs| metrics.iter().map(|at| runs.seen(*at)).collect()).collect();
        let Some((baseline, others)) = columns.split_first() else { return Vec::new() };
        let mut family = Vec::new();
        for policy in others {
            for ((policy, baseline), metric) in policy.iter().zip(baseline).zip(metrics) {
                family.push(Comparison { policy, baseline, direction: direction(*metric) });
            }
        }
        let margin = Margin::Relative(study.scenario.judge.smallest_difference.fraction());
        let mut differences = differences(study, &family, &controls(study, &runs[0])).into_iter();
        let judge = |(metric, difference): (&usize, PairedDifference)| Judged {
            metric: *metric,
            verdict: difference.verdict(margin),
            guardrail: difference.guardrail(margin),
            difference,
        };
        let one = |_: &Vec<Seen>| metrics.iter().zip(differences.by_ref()).map(judge).collect();
        others.iter().map(one).collect()
    }
}

/// The metric that policies are judged by, as an index of the register.
pub fn objective(study: &Study) -> usize {
    found(&study.scenario.objective)
}

/// The metrics that must not get worse.
pub(super) fn guardrails(study: &Study) -> Vec<usize> {
    Family::of(study).declared.split_off(1)
}

/// What it is called.
pub fn title(study: &Study) -> String {
    study.scenario.measure.title(objective(study))
}

fn found(words: &str) -> usize {
    metrics::find(words).expect("the scenario's metrics were checked")
}

/// The mean of a metric under one timeline.
pub(super) fn alone(
    study: &Study,
    completed: &[ReplicationResults],
    timeline: usize,
    metric: usize,
) -> Estimate {
    mean_of(study, &PolicyRuns::of(completed, timeline).seen(metric))
}

/// The mean of finite values with its interval.
pub(super) fn mean(study: &Study, values: &[f64]) -> Estimate {
    studentised::of_mean(values, level(study), Resampling::seeded(study.scenario.seed))
}

/// How many weeks lie between two points of the weekly series.
pub(super) fn weeks_apart(study: &Study) -> usize {
    let window = Ticks(study.horizon.0.saturating_sub(study.warmup.0));
    usize::try_from(replicate::weeks_apart(window, study.baseline().phases[0].1.week)).unwrap_or(usize::MAX)
}

/// The mean of what was seen with its interval: without an upper end where some lie beyond the window.
pub(super) fn mean_of(study: &Study, seen: &Seen) -> Estimate {
    mean(study, &present(&seen.values)).at_least(seen.count_beyond())
}

/// Every policy's difference from the baseline in a metric, absolute and relative: with the declared family's
/// intervals where the metric belongs to it, else with those of the metric alone under all policies.
pub(super) fn differences_of(
    study: &Study,
    completed: &[ReplicationResults],
    metric: usize,
) -> Vec<(Estimate, Estimate)> {
    let runs: Vec<PolicyRuns<'_>> =
        (0..study.timelines.len()).map(|at| PolicyRuns::of(completed, at)).collect();
    let family = Family::of(study);
    let (metrics, at) = match family.declared.iter().position(|declared| *declared == metric) {
        Some(at) => (family.declared.clone(), at),
        None => (vec![metric], 0),
    };
    let judged = family.judge(&metrics, study, &runs);
    let intervals = |judged: Vec<Judged>| {
        let difference = &judged[at].difference;
        (difference.simultaneous, difference.simultaneous_relative)
    };
    judged.into_iter().map(intervals).collect()
}

fn differences(study: &Study, family: &[Comparison<'_>], controls: &[Vec<f64>]) -> Vec<PairedDifference> {
    if family.is_empty() {
        return Vec::new();
    }
    compare_with_controls(family, controls, level(study), Resampling::seeded(study.scenario.seed))
}

/// The noise of each replication under the baseline, where differences are to be rid of it.
fn controls(study: &Study, baseline: &PolicyRuns<'_>) -> Vec<Vec<f64>> {
    if !study.scenario.judge.control_variates {
        return Vec::new();
    }
    let is_luck = |name: &str| LUCK.iter().any(|streams| luck_column(streams.name) == name);
    let columns = (0..study.columns.len()).filter(|at| is_luck(&study.columns[*at].name));
    columns.map(|at| baseline.column(at)).collect()
}

/// The level of intervals, in (0, 1).
pub fn level(study: &Study) -> f64 {
    study.scenario.judge.level.fraction()
}

/// Metrics that are neither better high nor better low are shown as if more were good; nobody judges by them.
pub(super) fn direction(metric: usize) -> Direction {
    METRICS[metric].better.unwrap_or(Direction::HigherIsBetter)
}

fn policy(study: &Study, timeline: &PolicyTimeline, runs: &PolicyRuns<'_>) -> Policy {
    let present: Vec<Vec<f64>> = (0..study.columns.len()).map(|at| present(&runs.column(at))).collect();
    let completed = runs.outcomes.iter().flatten().count();
    let overran = runs.overran;
    Policy {
        name: timeline.name.clone(),
        description: timeline.description.clone(),
        own_past: timeline.own_past,
        changes: timeline.changes.clone(),
        completed,
        overran,
        failed: runs.outcomes.len() - completed - overran,
        estimates: (0..study.columns.len()).map(|at| mean_of(study, &runs.seen(at))).collect(),
        outcomes: present.iter().map(|values| Outcomes::of(values)).collect(),
        percentiles: present.iter().map(|values| Outcomes::intervals(values, level(study))).collect(),
        weekly: bands(study, runs),
        against: None,
    }
}

/// Every weekly series over replications, and incidents averaged over twelve weeks of each replication.
fn bands(study: &Study, runs: &PolicyRuns<'_>) -> Vec<(&'static str, Vec<Week>)> {
    let mut bands = Vec::new();
    for (at, Quantity { name, .. }) in SERIES.iter().enumerate() {
        let rows = in_unit(study, name, runs.series(at));
        if *name == "incidents" && weeks_apart(study) == 1 {
            let smooth: Vec<Vec<f64>> = rows.iter().map(|row| averaged(row)).collect();
            bands.push((SMOOTH_INCIDENTS.0, weekly(&smooth, level(study))));
        }
        bands.push((name, weekly(&rows, level(study))));
    }
    bands
}

/// The mean of each week and up to eleven before it.
fn averaged(row: &[f64]) -> Vec<f64> {
    let mean = |at: usize| {
        let window = &row[(at + 1).saturating_sub(SMOOTH_INCIDENTS.1)..=at];
        window.iter().sum::<f64>() / window.len() as f64
    };
    (0..row.len()).map(mean).collect()
}

/// Weekly value is recorded in engineer-hours and kept in engineer-months.
fn in_unit(study: &Study, series: &str, mut rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    if series == "value" {
        let month = DAYS_PER_MONTH * study.scenario.clock.hours_per_day;
        rows.iter_mut().flatten().for_each(|value| *value /= month);
    }
    rows
}

/// Every metric for itself, with Student's interval; nothing is concluded from these.
fn explore(study: &Study, policy: &PolicyRuns<'_>, baseline: &PolicyRuns<'_>) -> Vec<PairedDifference> {
    let sides: Vec<(Seen, Seen)> =
        (0..METRICS.len()).map(|at| (policy.seen(at), baseline.seen(at))).collect();
    let family: Vec<Comparison<'_>> = sides
        .iter()
        .enumerate()
        .map(|(at, (policy, baseline))| Comparison { policy, baseline, direction: direction(at) })
        .collect();
    differences(study, &family, &controls(study, baseline))
}

/// Value added over cost added, where cost is shown to be added.
fn per_added_cost(study: &Study, policy: &PolicyRuns<'_>, baseline: &PolicyRuns<'_>) -> Option<Estimate> {
    study.scenario.value.as_ref()?;
    let added = |name: &str| -> Vec<f64> {
        let at = found(name);
        policy
            .column(at)
            .iter()
            .zip(baseline.column(at))
            .map(|(policy, baseline)| policy - baseline)
            .collect()
    };
    let (value, cost) = (added("value_months"), added("cost_months"));
    fieller::ratio(&value, &cost, level(study)).filter(|_| mean(study, &present(&cost)).mean > 0.0)
}

/// Every policy's difference in value with that of the run-off, where one was lived.
fn with_run_off(study: &Study, runs: &[PolicyRuns<'_>]) -> Vec<Option<PairedDifference>> {
    if study.run_off == Ticks::ZERO || study.scenario.value.is_none() {
        return runs.iter().skip(1).map(|_| None).collect();
    }
    let (value, after) = (found("value_months"), found("run_off_value_months"));
    let sum = |runs: &PolicyRuns<'_>| {
        let (value, after) = (runs.column(value), runs.column(after));
        Seen::known(value.iter().zip(after).map(|(value, after)| value + after).collect())
    };
    let sides: Vec<Seen> = runs.iter().map(sum).collect();
    let (baseline, direction) = (&sides[0], Direction::HigherIsBetter);
    let family: Vec<_> = sides[1..].iter().map(|policy| Comparison { policy, baseline, direction }).collect();
    differences(study, &family, &[]).into_iter().map(Some).collect()
}

/// The course of cumulative value against the baseline's, replication by replication.
fn trajectory(
    study: &Study,
    policy: &PolicyRuns<'_>,
    baseline: &PolicyRuns<'_>,
) -> Option<breakeven::Trajectory> {
    study.scenario.value.as_ref()?;
    // Every few weeks is too seldom to say in which week something happens.
    if weeks_apart(study) > 1 {
        return None;
    }
    let value = SERIES.iter().position(|series| series.name == "value")?;
    let month = DAYS_PER_MONTH * study.scenario.clock.hours_per_day;
    let pairs = policy.outcomes.iter().zip(&baseline.outcomes);
    let rows: Vec<Vec<f64>> = pairs
        .filter_map(|(policy, baseline)| Some(((*policy)?, (*baseline)?)))
        .map(|(policy, baseline)| {
            let weeks = policy.weeks.iter().zip(&baseline.weeks);
            weeks.map(|(p, b)| (f64::from(p[value]) - f64::from(b[value])) / month).collect()
        })
        .collect();
    let has_weeks = rows.first().is_some_and(|row| !row.is_empty());
    has_weeks.then(|| breakeven::trajectory(&rows, level(study), Resampling::seeded(study.scenario.seed)))
}

/// What was run: the study, how many of the replications asked for, and how it is judged.
pub fn frame(study: &Study, completed: usize, run_info: RunInfo) -> Frame {
    let scenario = &study.scenario;
    let week = scenario.clock.hours_per_day * scenario.clock.days_per_week;
    let baseline = study.timelines.iter().find(|timeline| timeline.baseline);
    Frame {
        title: scenario.title.clone(),
        description: scenario.description.clone(),
        name: study.name.clone(),
        hash: study.hash.clone(),
        seed: scenario.seed,
        overloads: if scenario.stop.is_some() { Vec::new() } else { super::overload::of(study) },
        policies: study.timelines.len(),
        organisation: super::described::described(scenario),
        posterior: scenario.posterior.as_ref().map_or_else(String::new, |posterior| posterior.file.clone()),
        baseline: baseline.map_or_else(String::new, |timeline| timeline.name.clone()),
        horizon: scenario.horizon.to_string(),
        past: match &scenario.past {
            Past::None => "none: it starts empty".to_owned(),
            Past::Common(span) => format!("{span} under the baseline"),
            Past::Own => "a year of its own for each policy".to_owned(),
        },
        worth: Unit::of_value(money(scenario).as_ref()),
        has_value: scenario.value.is_some(),
        weeks: (study.horizon.hours() - study.warmup.hours()) / week,
        start: scenario.start.map(notation::CalendarDay::number),
        month: scenario.clock.days_per_year / scenario.clock.days_per_week / 12.0,
        weeks_apart: weeks_apart(study),
        dora: scenario.measure.dora.levels(&scenario.clock),
        level: level(study),
        smallest: scenario.judge.smallest_difference.fraction(),
        asked: run_info.asked,
        completed,
        stopped: run_info.stopped,
        precision: run_info.precision,
    }
}

/// What an engineer-month costs, where the scenario says it.
fn money(scenario: &Scenario) -> Option<Money> {
    let value = scenario.value.as_ref()?;
    let currency = value.currency.as_deref().map_or("currency units", str::trim).to_owned();
    Some(Money { engineer_month: value.engineer_month?, currency })
}

/// A unit of rows as people read it.
pub(super) fn unit(scenario: &Scenario, written: &'static str) -> Unit {
    Unit::of(written, money(scenario).as_ref())
}

/// A metric of the register in words.
pub fn metric_text(study: &Study, at: usize) -> MetricText {
    let metric = &METRICS[at];
    MetricText {
        name: metric.name,
        title: study.scenario.measure.title(at),
        unit: unit(&study.scenario, metric.unit),
        better: metric.better,
        definition: metric.definition,
    }
}

/// The columns of a row, with what each means.
pub fn columns(study: &Study) -> Vec<ColumnText> {
    let column = |column: &Column| ColumnText {
        name: column.name.clone(),
        unit: column.unit,
        definition: column.definition.clone(),
    };
    study.columns.iter().map(column).collect()
}

fn causes(study: &Study) -> Vec<(usize, String)> {
    let column = |cause: &Cause| {
        let name = format!("lead_time_{}_days", cause.label());
        let at = study.columns.iter().position(|column| column.name == name)?;
        Some((at, cause.text().to_owned()))
    };
    Cause::ALL.iter().filter_map(column).collect()
}

/// The path in which all policies differ, when each makes exactly one change, from the fork on, to that path.
fn lever(study: &Study) -> Option<Lever> {
    let path =
        study.timelines.iter().find_map(|timeline| timeline.changes.first()).map(|change| &change.1)?;
    let only = |timeline: &PolicyTimeline| match timeline.changes.as_slice() {
        [(None, changed, value)] if changed == path => Some(value.trim_matches('"').to_owned()),
        [] if timeline.baseline => written(study, path),
        _ => None,
    };
    let values: Vec<String> = study.timelines.iter().map(only).collect::<Option<_>>()?;
    let distinct = values.iter().collect::<std::collections::BTreeSet<_>>().len() == values.len();
    (distinct && values.len() > 1).then(|| Lever { path: path.clone(), values })
}

/// What the scenario itself says at a path, if it says the same wherever the path leads.
fn written(study: &Study, path: &str) -> Option<String> {
    let path = path.parse().ok()?;
    let mut values = study.document.get(&path).into_iter().map(|(_, node)| node.canonical());
    let first = values.next()?;
    values.all(|value| value == first).then(|| first.trim_matches('"').to_owned())
}
