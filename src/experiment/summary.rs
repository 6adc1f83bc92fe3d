//! A summary: everything a report says about replications that were run, as plain numbers and words.

pub mod audit;
pub mod best;
pub mod claims;
pub mod overload;
pub mod parameter;
pub mod rank;
pub mod rollout;
pub mod unit;

use overload::Overload;
pub use parameter::{ParameterCell, ParameterColumn, SettingText};
use statistics::breakeven::Trajectory;
use statistics::interval::{Estimate, QuantileInterval};
use statistics::paired::PairedDifference;
use statistics::series::{Outcomes, Week};
use statistics::verdict::{Direction, Guardrail, Verdict};
use unit::Unit;

/// The series of incidents averaged over so many weeks of each replication: single weeks have next to none.
pub const SMOOTH_INCIDENTS: (&str, usize) = ("incidents_12_weeks", 12);

/// What a comparison came to; reports read nothing else.
#[derive(Clone, Debug)]
pub struct Summary {
    pub frame: Frame,
    /// Every metric of the register, in its order: the first columns of a row.
    pub metrics: Vec<MetricText>,
    /// Every column of a row.
    pub columns: Vec<ColumnText>,
    /// The baseline first.
    pub policies: Vec<Policy>,
    /// The metric policies are judged by, as an index of `metrics`.
    pub objective: usize,
    /// Metrics that must not be hurt.
    pub guardrails: Vec<usize>,
    /// Other ways to count value, judged beside the objective where that is value.
    pub readings: Vec<usize>,
    /// The columns that hold lead time by cause, with the words for each cause.
    pub causes: Vec<(usize, String)>,
    /// The one path in which all policies differ, if there is one.
    pub lever: Option<Lever>,
    /// What still moved under the baseline in the first quarter after the fork.
    pub trends: Vec<Trend>,
    pub assumptions: Assumptions,
}

/// What was asked, and of what.
#[derive(Clone, Debug)]
pub struct Frame {
    pub title: String,
    pub description: String,
    /// The scenario's name.
    pub name: String,
    pub hash: String,
    pub seed: u64,
    /// Who is asked for too much, where work comes without end.
    pub overloads: Vec<Overload>,
    /// How many policies that was looked at under.
    pub policies: usize,
    /// The baseline's organisation in words.
    pub organisation: String,
    /// The file of joint draws of organisations that the scenario names; empty where it names none.
    pub posterior: String,
    /// The baseline's name: what the past is lived under, whatever policies are compared with.
    pub baseline: String,
    /// Spans as written.
    pub horizon: String,
    pub past: String,
    /// The unit of amounts of value, cost and harm.
    pub worth: Unit,
    /// Whether work is worth anything here.
    pub has_value: bool,
    /// Weeks that were measured, fractions included.
    pub weeks: f64,
    /// The day on which policies part, in days since 1970, where the scenario names one.
    pub start: Option<f64>,
    /// Weeks in a month: a twelfth of a working year.
    pub month: f64,
    /// How many weeks lie between two points of the weekly series: 1, or more where there would be too many of them.
    pub weeks_apart: usize,
    /// The scenario's own levels of the four DORA metrics, in their units and DORA's order.
    pub dora: [Option<[f64; 3]>; 4],
    /// The level of confidence.
    pub level: f64,
    /// The smallest relative difference that matters.
    pub smallest: f64,
    /// Replications asked for and run, whatever became of them.
    pub asked: usize,
    pub completed: usize,
    /// Whether the run was stopped before all were run.
    pub stopped: bool,
    /// How narrow intervals were to be, where replications were added until they were.
    pub precision: Option<Precision>,
}

/// What was asked of intervals, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// Replications that were never to be exceeded.
    pub limit: usize,
    /// Times that the intervals were looked at.
    pub looks: usize,
    pub widths: Vec<HalfWidth>,
}

/// Half the width of a metric's widest interval.
#[derive(Clone, Debug, PartialEq)]
pub struct HalfWidth {
    pub title: String,
    pub unit: Unit,
    /// Of what it is a share, where it is no amount in the unit.
    pub relative_to: Option<&'static str>,
    pub asked: f64,
    pub reached: f64,
}

/// A metric in words.
#[derive(Clone, Debug)]
pub struct MetricText {
    pub name: &'static str,
    /// What it is called here: the share done within a span by that span.
    pub title: String,
    pub unit: Unit,
    pub better: Option<Direction>,
    pub definition: &'static str,
}

/// What is known of a guardrail under a policy that was selected, against the baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guarded {
    pub title: String,
    pub word: Guardrail,
    /// Replications that both have.
    pub pairs: usize,
}

/// A column in words.
#[derive(Clone, Debug)]
pub struct ColumnText {
    pub name: String,
    /// As rows and files have it.
    pub unit: &'static str,
    pub definition: String,
}

/// One policy's replications.
#[derive(Clone, Debug)]
pub struct Policy {
    pub name: String,
    pub description: Option<String>,
    pub own_past: bool,
    /// (after, path, value), as written.
    pub changes: Vec<(Option<String>, String, String)>,
    /// Runs that reached the horizon, those that drowned in work, and those in which the program failed.
    pub completed: usize,
    pub overran: usize,
    pub failed: usize,
    /// Mean with interval of every column; `n` counts the replications that had something to measure.
    pub estimates: Vec<Estimate>,
    /// The spread of single replications, of every column.
    pub outcomes: Vec<Outcomes>,
    /// How well each of those percentiles is known.
    pub percentiles: Vec<[QuantileInterval; 8]>,
    /// Weekly series by name.
    pub weekly: Vec<(&'static str, Vec<Week>)>,
    /// The policy against the baseline; `None` for the baseline.
    pub against: Option<Against>,
}

/// A policy against the baseline.
#[derive(Clone, Debug)]
pub struct Against {
    /// The declared family: the objective, then the guardrails.
    pub judged: Vec<Judged>,
    /// The other readings of value, a family of their own.
    pub readings: Vec<Judged>,
    /// Every metric, alone and exploratory.
    pub explored: Vec<PairedDifference>,
    /// Value that it adds over the cost that it adds, alone; nothing where it is not clear that it adds any.
    pub per_added_cost: Option<Estimate>,
    /// What its levers can give back at most; nothing where they act by more than hours.
    pub addressed: Option<Addressed>,
    /// Cumulative value less the baseline's, in engineer-months as rows have them.
    pub trajectory: Option<Trajectory>,
    /// Value with that of the run-off, in the lives that had one; a family of its own, one metric of all policies.
    pub with_run_off: Option<PairedDifference>,
}

/// One metric of a declared family.
#[derive(Clone, Debug)]
pub struct Judged {
    pub metric: usize,
    pub difference: PairedDifference,
    pub verdict: Verdict,
    pub guardrail: Guardrail,
}

/// What the levers that a policy moves can address, measured under the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Addressed {
    /// What is lost.
    pub wastes: Vec<LostShare>,
    /// What giving all of it back would bring at most, of the baseline's objective; nothing where no bound is known.
    pub bound: Option<f64>,
}

/// Something that is lost, and how much of what: a size, which bounds nothing by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LostShare {
    /// In words: "questions".
    pub what: &'static str,
    pub share: f64,
    /// "of all hours".
    pub of: &'static str,
}

impl Addressed {
    /// Whether that is less than the smallest difference that matters.
    pub fn is_too_little(&self, smallest: f64) -> bool {
        self.bound.is_some_and(|bound| bound < smallest)
    }
}

/// The one path in which policies differ.
#[derive(Clone, Debug)]
pub struct Lever {
    pub path: String,
    /// For each policy, in their order, the value as written.
    pub values: Vec<String>,
}

/// How far something moved under the baseline between the first week and the end of the first quarter.
#[derive(Clone, Debug)]
pub struct Trend {
    pub what: &'static str,
    /// What the change is measured against, in words.
    pub against: &'static str,
    /// Relative change: 0.1 is 10 % more.
    pub change: Estimate,
    pub weeks: usize,
    /// Whether it moved by more than matters.
    pub moves: bool,
}

/// Where the organisation's numbers come from.
#[derive(Clone, Debug, Default)]
pub struct Assumptions {
    /// Parameters with a stated origin that this scenario uses.
    pub in_play: usize,
    /// Those of them that are assumed.
    pub assumed: usize,
    /// The widest ranges among the assumed ones, widest first, at most five.
    pub widest: Vec<Assumption>,
}

/// An assumed number.
#[derive(Clone, Debug)]
pub struct Assumption {
    pub path: String,
    /// Its value and range as written.
    pub value: String,
    pub range: String,
    /// The greatest value of its range over the least.
    pub ratio: f64,
}

impl Against {
    /// Whether the policy makes no difference that matters, and could not have made one: its levers can give back too
    /// little here.
    pub fn cannot_matter(&self, smallest: f64) -> bool {
        let same = self.judged[0].verdict == Verdict::PracticallySame;
        same && self.addressed.as_ref().is_some_and(|addressed| addressed.is_too_little(smallest))
    }
}

impl Precision {
    /// Whether every interval asked about is as narrow as asked.
    pub fn is_reached(&self) -> bool {
        self.widths.iter().all(|width| width.reached <= width.asked)
    }
}

impl Summary {
    pub fn baseline(&self) -> &Policy {
        &self.policies[0]
    }

    pub fn objective(&self) -> &MetricText {
        &self.metrics[self.objective]
    }

    /// The policies that are compared with the baseline, each with its comparison.
    pub fn compared(&self) -> impl Iterator<Item = (&Policy, &Against)> {
        self.policies.iter().filter_map(|policy| Some((policy, policy.against.as_ref()?)))
    }

    /// The policy whose objective looks best, whatever its verdict, with its comparison.
    pub fn best(&self) -> Option<(&Policy, &Against)> {
        let gain = |against: &Against| against.judged[0].difference.gain();
        self.compared()
            .filter(|(_, against)| gain(against).is_finite())
            .max_by(|(_, a), (_, b)| gain(a).total_cmp(&gain(b)))
    }

    /// Where a column of this name stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Where a metric of this name stands.
    pub fn metric(&self, name: &str) -> Option<usize> {
        self.metrics.iter().position(|metric| metric.name == name)
    }

    /// A policy's weekly series by name.
    pub fn series<'a>(&self, policy: &'a Policy, name: &str) -> &'a [Week] {
        let found = policy.weekly.iter().find(|(series, _)| *series == name);
        found.map_or(&[], |(_, weeks)| weeks)
    }
}
