//! Replications that came to nothing: counted wherever they are run, and told once, as a command ends.

use super::{Common, Failure, replications, screen};
use crate::experiment::lost::Lost;
use crate::experiment::rows::Status;
use crate::report::table::printable;
use crate::report::words;
use crate::scenario::study::{PolicyTimeline, Study};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What this process has run so far.
static LOSS_COUNT: Mutex<LossCount> =
    Mutex::new(LossCount { finished: 0, overran: 0, failed: 0, first: None, told: false });

/// The scenario that is being run.
static SCENARIO: Mutex<Option<PathBuf>> = Mutex::new(None);

struct LossCount {
    finished: u64,
    overran: u64,
    failed: u64,
    /// The first of those that failed, or else of those that overran, whatever the order they were run in.
    first: Option<First>,
    /// Whether the command has said itself how many overran.
    told: bool,
}

struct First {
    key: (bool, u64, usize),
    what: String,
    reason: String,
    alone: String,
}

/// A replication under a timeline, as it is counted.
pub struct Run<'a> {
    pub study: &'a Study,
    pub common: &'a Common,
    pub number: u64,
    pub timeline: usize,
}

impl Run<'_> {
    /// Counts what became of it. `also` says more of where it was run.
    pub fn came_to(&self, status: Status, reason: &str, also: &str) {
        let mut tally = LOSS_COUNT.lock().unwrap_or_else(PoisonError::into_inner);
        match status {
            Status::Ok => tally.finished += 1,
            Status::Overrun => tally.overran += 1,
            Status::Failed => tally.failed += 1,
        }
        let key = (status != Status::Failed, self.number, self.timeline);
        if status != Status::Ok && tally.first.as_ref().is_none_or(|first| key < first.key) {
            let timeline = &self.study.timelines[self.timeline];
            let what =
                format!("replication {} under “{}”{also}", self.number, printable(timeline.name.trim()));
            let alone = alone(self.study, timeline, self.common, self.number);
            tally.first = Some(First { key, what, reason: printable(reason), alone });
        }
    }
}

/// Counts a replication of a study that was run under some of its timelines.
pub fn note(study: &Study, common: &Common, (number, timelines): (u64, &[usize]), lost: &[(usize, Lost)]) {
    for timeline in timelines.iter().copied() {
        let run = Run { study, common, number, timeline };
        match lost.iter().find(|(at, _)| *at == timeline) {
            None => run.came_to(Status::Ok, "", ""),
            Some((_, lost)) => run.came_to(lost.status(), &lost.reason(), ""),
        }
    }
}

/// The same for one that was followed alone.
pub fn note_alone<T>(run: &Run<'_>, completed: &Result<T, Lost>) {
    match completed {
        Ok(_) => run.came_to(Status::Ok, "", ""),
        Err(lost) => run.came_to(lost.status(), &lost.reason(), ""),
    }
}

/// Remembers which scenario is run, for the words that say how to run a part of it again.
pub fn of_scenario(path: &Path) {
    *SCENARIO.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.to_owned());
}

/// The command has said how many overran.
pub fn told() {
    LOSS_COUNT.lock().unwrap_or_else(PoisonError::into_inner).told = true;
}

/// Says what came to nothing, and lets a command fail of which nothing is left.
pub fn closing(ended: Result<(), Failure>) -> Result<(), Failure> {
    let tally = LOSS_COUNT.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(first) = &tally.first else { return ended };
    let all = tally.finished + tally.overran + tally.failed;
    let First { what, reason, alone, .. } = first;
    if tally.failed > 0 {
        screen::warn(&format!(
            "{} of {all} replications failed, which is a fault in orgsim to report; the rest is reported on. The first is \
             {what}: {reason}. Alone: {alone}",
            tally.failed
        ));
    }
    if tally.overran > 0 && !tally.told && tally.finished > 0 {
        screen::warn(&format!(
            "{} stopped with more work than the simulator holds, and left out: {}",
            words::were(tally.overran as usize, all as usize),
            if tally.failed > 0 {
                "`orgsim check` shows the load of each team".to_owned()
            } else {
                format!("the first is {what}: {reason}. Alone: {alone}")
            }
        ));
    }
    match ended {
        Err(failure) if !matches!(failure, Failure::Unread) => Err(failure),
        other if tally.finished > 0 => other,
        _ if tally.failed > 0 => {
            Err(Failure::Failed("every replication failed: there is no result".to_owned()))
        }
        _ => Err(Failure::Failed(format!(
            "every replication was stopped: {reason}. More work comes than these people can ever do, so waiting grows \
             without end and no mean exists. `orgsim check` shows the load of each team; ask for less work, add people, or \
             limit the backlog"
        ))),
    }
}

/// The command that runs one replication under one timeline alone.
fn alone(study: &Study, timeline: &PolicyTimeline, common: &Common, number: u64) -> String {
    let scenario = SCENARIO.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let scenario = scenario.map_or_else(|| "SCENARIO".to_owned(), |path| path.display().to_string());
    let only = ["--only-replication".to_owned(), number.to_string()];
    let from_now = timeline.changes.iter().all(|(after, ..)| after.is_none());
    let mut words = match () {
        () if timeline.baseline => vec!["run".to_owned(), scenario],
        () if study.scenario.policy.contains_key(&timeline.name) => {
            vec!["run".to_owned(), scenario, "--policy".to_owned(), timeline.name.clone()]
        }
        () if from_now && !timeline.changes.is_empty() => {
            let vary = timeline.changes.iter().flat_map(|(_, path, value)| {
                ["--vary".to_owned(), format!("{path}={}", value.trim_matches('"'))]
            });
            ["sweep".to_owned(), scenario].into_iter().chain(vary).collect()
        }
        () => return format!("the same command with {}", only.join(" ")),
    };
    words.extend(only);
    words.extend(replications::common(&Common { policy: Vec::new(), ..common.clone() }));
    format!("orgsim {}", words::command(&words))
}
