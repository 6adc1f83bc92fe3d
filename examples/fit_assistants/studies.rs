//! What each study of assistants measured, and the same measured in an organisation like the one it looked at.
//!
//! A study's number is an outcome: a quarter more tasks done, half the time. What a preset says is an input: how fast code is
//! written, how long it takes to read, how often it fails. `main` finds the inputs that bring the outcome about; the tests run
//! the presets as they are and look whether the outcome lies in the study's interval.

use orgsim::experiment::run::{RunOptions, run};
use orgsim::scenario::library;
use orgsim::scenario::study::{Amendments, Study};

/// A study, and the organisation in which its outcome is looked for.
pub struct Trial {
    pub preset: &'static str,
    /// Where everybody has an assistant against where nobody has.
    pub organisation: &'static str,
    pub outcomes: &'static [Effect],
}

/// One number that a study gives, all as a relative change: 0.26 is 26 % more.
pub struct Effect {
    pub what: &'static str,
    /// The key of `[assistance]` that is fitted to it.
    pub input: &'static str,
    pub study: f64,
    /// What the study does not rule out; where it gives no interval, both ends are its number.
    pub interval: (f64, f64),
    /// Between which inputs the fit looks.
    pub between: (f64, f64),
    /// The share of people that the number speaks of.
    pub share: f64,
    measured: fn(&Row<'_>) -> f64,
}

/// The columns of one replication.
pub struct Row<'a> {
    names: &'a [String],
    values: &'a [f64],
}

impl Row<'_> {
    fn get(&self, name: &str) -> f64 {
        let at = self.names.iter().position(|column| column == name);
        at.map_or(0.0, |at| self.values[at])
    }

    /// Everything that went live, by whoever was there: features, repairs and all else that is a change of code.
    fn tasks(&self) -> f64 {
        let done = ["feature", "bug", "health", "correction", "redo", "task"];
        done.map(|kind| self.get(&format!("work.{kind}.done"))).iter().sum()
    }
}

/// A change and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub change: f64,
    pub error: f64,
}

/// A product team as it is, for a year: what the field trials, the telemetry and the surveys saw.
const PRODUCT: &str = "horizon = \"1 year\"\n";

/// Tasks as they come, each done by somebody alone, on new code: nobody reads it, nothing is in the way, nobody waits.
const ALONE: &str = r#"
horizon = "1 month"
[[team]]
name = "freelancers"
engineers = 96
skill = { lognormal = { mean = 1, cv = 0.3 } }
wip.items = 1
[work.task]
arrivals = { poisson = "150/day" }
route = ["build"]
[stage.build]
team = "freelancers"
code = true
effort = { lognormal = { median = "2.5 hours", sigma = 0.4 } }
"#;

/// Experts at issues of code they know, one after another (TS-13): of their time, and nobody else's.
const EXPERTS: &str = r#"
horizon = "1 month"
[[team]]
name = "maintainers"
engineers = 16
skill = { lognormal = { mean = 1, cv = 0.1 } }
wip.items = 1
[work.task]
arrivals = { endless = 32 }
route = ["build"]
[stage.build]
team = "maintainers"
code = true
effort = { lognormal = { median = "75 minutes", sigma = 0.8 } }
"#;

fn tasks_each(row: &Row<'_>) -> f64 {
    row.tasks() / row.get("headcount")
}

fn time_for_one(row: &Row<'_>) -> f64 {
    row.get("work.task.cycle_time_mean_days")
}

fn time_each(row: &Row<'_>) -> f64 {
    row.get("headcount") / row.tasks()
}

/// Hours that readers spend on changes, all together.
fn reading(row: &Row<'_>) -> f64 {
    row.get("stage.review.visits")
        * (row.get("stage.review.stay_mean_days") - row.get("stage.review.wait_mean_days"))
}

/// Changes that failed, of all that went live.
fn failed(row: &Row<'_>) -> f64 {
    row.get("change_failure_rate")
}

/// The same, for each of the people.
fn failures_each(row: &Row<'_>) -> f64 {
    row.get("change_failure_rate") * row.get("deployments_per_week") / row.get("headcount")
}

const fn exactly(study: f64) -> (f64, f64) {
    (study, study)
}

const fn effect(
    what: &'static str,
    input: &'static str,
    study: f64,
    interval: (f64, f64),
    measured: fn(&Row<'_>) -> f64,
) -> Effect {
    Effect { what, input, study, interval, between: (0.4, 4.0), share: 1.0, measured }
}

const fn risk(what: &'static str, study: f64, share: f64, measured: fn(&Row<'_>) -> f64) -> Effect {
    let interval = exactly(study);
    Effect { what, input: "risk", study, interval, between: (-1.0, 1.5), share, measured }
}

/// All that have a preset of their own. Of the survey of 2025 only signs are known: nothing is fitted to it.
pub const TRIALS: &[Trial] = &[
    Trial {
        preset: "assistance-field-rct",
        organisation: PRODUCT,
        outcomes: &[effect("tasks done by each", "coding", 0.2608, (0.0589, 0.4627), tasks_each)],
    },
    Trial {
        preset: "assistance-greenfield",
        organisation: ALONE,
        outcomes: &[Effect {
            between: (0.4, 20.0),
            ..effect("time for the task", "coding", -0.558, (-0.89, -0.21), time_for_one)
        }],
    },
    Trial {
        preset: "assistance-expert-brownfield",
        organisation: EXPERTS,
        outcomes: &[effect("time for a task", "coding", 0.188, (0.013, 0.395), time_each)],
    },
    Trial {
        preset: "assistance-review-bottleneck",
        organisation: PRODUCT,
        outcomes: &[
            effect("tasks done by each", "coding", 0.21, exactly(0.21), tasks_each),
            effect("hours of reading", "review", 0.91, exactly(0.91), reading),
            risk("failed changes of each", 0.09, 1.0, failures_each),
        ],
    },
    Trial {
        preset: "assistance-dora-2024",
        organisation: PRODUCT,
        outcomes: &[
            Effect {
                share: 0.25,
                ..effect("tasks done by each", "coding", -0.015, exactly(-0.015), tasks_each)
            },
            risk("share of changes that fail", 0.072, 0.25, failed),
        ],
    },
];

impl Trial {
    /// The preset's own inputs.
    pub fn inputs(&self) -> toml::Table {
        let text = library::preset(self.preset).expect("a preset");
        let preset: toml::Table = text.parse().expect("a table");
        preset["assistance"].as_table().expect("its inputs").clone()
    }

    /// Replications with everybody's assistant and with nobody's, on the same random numbers.
    fn study(&self, inputs: &toml::Table, replications: u32) -> Study {
        let extends = if self.organisation == PRODUCT { "typical" } else { "bare" };
        let head = format!("extends = \"{extends}\"\nreplications = {replications}\n{}", self.organisation);
        let policies = "[policy.without]\nbaseline = true\n[policy.with]\n\"team.*.assisted\" = \"100%\"\n";
        let text = format!("{head}\n{policies}\n[assistance]\n{inputs}");
        match Study::from_text(self.preset, text.as_bytes(), ".".into(), &Amendments::default()) {
            Ok((study, _)) => study,
            Err(refusal) => {
                panic!("{}", orgsim::scenario::render(&refusal.problems, &refusal.sources, false))
            }
        }
    }

    /// What these inputs bring about: a ratio of means over paired replications, with its standard error by the delta method.
    /// Where the study speaks of a share of people, the change of all is taken in proportion.
    pub fn found(&self, inputs: &toml::Table, replications: u32) -> Vec<Found> {
        let study = self.study(inputs, replications);
        let names: Vec<String> = study.columns.iter().map(|column| column.name.clone()).collect();
        let numbers: Vec<u64> = (0..u64::from(replications)).collect();
        let options = RunOptions::to_the_end(None);
        let runs = run(&study, &numbers, &options).expect("threads");
        let one = |effect: &Effect| {
            let of = |at: usize| -> Vec<f64> {
                let outcome = |run: &orgsim::experiment::run::ReplicationResults| {
                    let outcome = run.runs[at].as_ref().expect("no replication is overloaded");
                    (effect.measured)(&Row { names: &names, values: &outcome.values })
                };
                runs.iter().map(outcome).collect()
            };
            let (without, with) = (of(0), of(1));
            let n = without.len() as f64;
            let (base, level) = (without.iter().sum::<f64>() / n, with.iter().sum::<f64>() / n);
            let ratio = level / base;
            let rest = with.iter().zip(&without).map(|(with, without)| (with - ratio * without) / base);
            let variance = rest.map(|rest| rest * rest).sum::<f64>() / (n - 1.0);
            Found { change: (ratio - 1.0) * effect.share, error: (variance / n).sqrt() * effect.share }
        };
        self.outcomes.iter().map(one).collect()
    }
}
