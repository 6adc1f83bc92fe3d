//! The audit at the end of `orgsim run`: a third of the lives, once more for each small change.

use super::{Experiment, Failure, lives, screen};
use crate::experiment::audit::{candidates, ledgers, study, summarise};
use crate::experiment::kept::keep;
use crate::experiment::summary::audit::Audit;
use crate::scenario::study::Study;
use std::path::Path;

/// Audits the baseline of a study; nothing where there is nothing to try or the run was stopped.
pub fn audit(of: &Study, options: &Experiment, asked: usize) -> Result<Option<Audit>, Failure> {
    let folder = options.scenario.parent().unwrap_or(Path::new(".")).to_owned();
    let Some((study, candidates)) = study(of, &folder, candidates(of)) else { return Ok(None) };
    let count = asked.div_ceil(3).max(2).min(asked);
    let numbers: Vec<u64> = (0..count as u64).collect();
    if !options.common.quiet {
        screen::say("audit: what one more or less of something would gain (--no-audit leaves it out)");
    }
    let (kept, complete) = lives::live(&study, &numbers, &options.common, keep)?;
    if !complete {
        screen::say("the audit was stopped and is left out");
        return Ok(None);
    }
    let ledger = lives::conduct(&options.common, |conduct| ledgers(&study, &numbers, conduct))?;
    Ok(Some(summarise(&study, &candidates, &kept, &ledger)))
}
