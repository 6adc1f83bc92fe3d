//! What questions about the replications of a study's policies have alike: its files, and what to say of those that ended early.

use super::answer::Answer;
use super::question::Desk;
use super::{Failure, losses, screen};
use crate::experiment::lost::Lost;
use crate::experiment::rows::Status;
use crate::experiment::run::ReplicationResults;
use crate::experiment::summary::Summary;
use crate::report::findings;
use crate::report::replications::{ReplicationRow, columns, write};
use crate::report::{summaries, words};
use crate::scenario::study::Study;

/// The tables of such an answer.
pub const TABLES: [&str; 3] = ["replications.csv", "summary.csv", "weekly.csv"];

/// The answer with its tables: the rows, the summary and the weekly series. The second is false where every replication
/// was stopped with too much open work, so that nothing is left to say.
pub fn compared(
    desk: &mut Desk,
    study: &Study,
    summary: &Summary,
    completed: &[ReplicationResults],
) -> Result<(Answer, bool), Failure> {
    desk.rows("replications", |file| {
        write(file, &summary.columns, rows(study, completed)).map(|()| columns(&summary.columns))
    })?;
    let answer = Answer::of(&summary.frame, &summary.columns)
        .table("summary", summaries::summary(summary))
        .table("weekly", summaries::weekly(summary));
    Ok((answer, warn_of_overruns(summary)))
}

/// One row per policy and replication.
fn rows<'a>(
    study: &'a Study,
    completed: &'a [ReplicationResults],
) -> impl Iterator<Item = ReplicationRow<'a>> {
    let row = move |at: usize, name: &'a str| {
        completed.iter().map(move |one| ReplicationRow {
            policy: name,
            replication: one.number,
            seed: study.scenario.seed,
            status: one.runs[at].as_ref().map_or_else(|lost| lost.status().word(), |_| Status::Ok.word()),
            reason: one.runs[at].as_ref().err().map(Lost::reason).unwrap_or_default(),
            values: one.runs[at].as_ref().ok().map(|outcome| outcome.values.as_slice()),
        })
    };
    study.timelines.iter().enumerate().flat_map(move |(at, timeline)| row(at, &timeline.name))
}

/// Says what was stopped, if it was.
pub fn end(summary: &Summary) -> Result<(), Failure> {
    let (completed, asked) = (summary.frame.completed, summary.frame.asked);
    match summary.frame.stopped {
        false => Ok(()),
        true => screen::stopped(&format!("{} finished, and written", words::were(completed, asked))),
    }
}

/// Warns of replications that were stopped with too much open work; false when nothing at all is left to report on.
fn warn_of_overruns(summary: &Summary) -> bool {
    let overran = summary.policies.iter().filter(|policy| policy.overran > 0);
    let warnings: Vec<String> = overran
        .map(|policy| {
            let all = policy.overran + policy.completed + policy.failed;
            format!(
                "under {}, {} stopped: more work than the simulator holds (status “overrun” \
                 in replications.csv)",
                findings::named(policy),
                words::were(policy.overran, all)
            )
        })
        .collect();
    screen::warn_of_few(&warnings, "the column `status` of replications.csv has them all");
    losses::told();
    summary.policies.iter().any(|policy| policy.completed > 0)
}
