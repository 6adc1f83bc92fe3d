//! What a sweep is: all that decides its numbers, so that results of different sweeps are never put together.

use super::partition::Partition;
use super::plan::Points;
use observation::metrics::METRICS;
use scenario::study::Study;
use serde::{Deserialize, Serialize};

/// The version of the program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The most replications of a sweep.
const MOST_REPLICATIONS: u64 = 10_000_000;

/// More columns than any scenario has details.
const MOST_COLUMNS: usize = 2_000_000;

/// No replication has this number or a greater one.
const LAST: u64 = 1 << 53;

/// All that decides the numbers of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    pub version: String,
    /// The hash of the scenario with all it extends and `--set`.
    pub scenario: String,
    /// The files of data that it names, each with the hash of what is in it.
    pub data: Vec<(String, String)>,
    pub seed: u64,
    /// From, and up to but not with.
    pub replications: (u64, u64),
    pub points: Points,
    /// Whether points are worlds rather than policies.
    pub worlds: bool,
    /// How many columns of numbers a row has: the metrics, or the details too.
    pub metrics: usize,
}

impl Identity {
    /// The identity of a sweep of a study; `data` are the files it names with their hashes.
    pub fn of(
        study: &Study,
        data: Vec<(String, String)>,
        points: &Points,
        worlds: bool,
        partition: &Partition,
        details: bool,
    ) -> Identity {
        Identity {
            version: VERSION.to_owned(),
            scenario: study.hash.clone(),
            data,
            seed: study.scenario.seed,
            replications: (partition.replications.start, partition.replications.end),
            points: points.clone(),
            worlds,
            metrics: if details { study.columns.len() } else { METRICS.len() },
        }
    }

    /// Whether rows have the details by cause, kind, stage and team.
    pub fn details(&self) -> bool {
        self.metrics > METRICS.len()
    }

    /// Whether this is a sweep that this program could have planned. A file may say anything.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn check(&self) -> Result<(), String> {
        let (from, to) = self.replications;
        if from >= to || to - from > MOST_REPLICATIONS || to > LAST {
            return Err(format!("replications {from} to {to} cannot be run"));
        }
        if self.metrics < METRICS.len() || self.metrics > MOST_COLUMNS {
            return Err("it was made with another list of metrics".to_owned());
        }
        self.points.check()
    }

    /// How its points and replications are parted into work units.
    pub fn partition(&self) -> Partition {
        Partition {
            timelines: self.points.count() + 1,
            replications: self.replications.0..self.replications.1,
        }
    }

    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How the sweep that `other` is the text of differs from this one, in words; nothing where it does not.
    pub fn differs_from(&self, other: &str) -> Option<String> {
        if other == self.text() {
            return None;
        }
        let Ok(other) = serde_json::from_str::<Identity>(other) else {
            return Some("another version of orgsim wrote it".to_owned());
        };
        let sides = |what: &str, theirs: &str, ours: &str| format!("{what} {theirs}, here {ours}");
        let mut said = Vec::new();
        if other.version != self.version {
            said.push(sides("version", &other.version, &self.version));
        }
        if other.scenario != self.scenario {
            said.push(sides("scenario", &other.scenario, &self.scenario));
        }
        if other.data != self.data {
            said.push("other data in the files that the scenario names".to_owned());
        }
        if other.seed != self.seed {
            said.push(sides("seed", &other.seed.to_string(), &self.seed.to_string()));
        }
        if other.replications != self.replications {
            let count = |(from, to): (u64, u64)| match to.saturating_sub(from) {
                1 => format!("replication {from} alone"),
                count => format!("{count} replications"),
            };
            said.push(sides("for", &count(other.replications), &count(self.replications)));
        }
        if other.points != self.points || other.worlds != self.worlds {
            said.push("other points".to_owned());
        }
        if said.is_empty() {
            said.push("another list of metrics".to_owned());
        }
        Some(said.join("; "))
    }
}
