//! The audit at the end of `orgsim run`: a third of the replications, once more for each small change.

use crate::cli::runner::Runner;
use crate::cli::{Experiment, Failure, replications, screen};
use crate::experiment::audit::{candidates, ledgers, study, summarise};
use crate::experiment::metric_rows::keep;
use crate::experiment::summary::audit::Audit;
use crate::scenario::study::Study;
use std::path::Path;
use std::sync::atomic::Ordering;

/// What came of an audit.
pub enum Audited {
    Done(Box<Audit>),
    /// There was nothing to try, or it was left out.
    Nothing,
    /// Ctrl-C came before it was finished.
    Stopped,
}

impl Audited {
    pub fn done(&self) -> Option<&Audit> {
        if let Audited::Done(audit) = self { Some(audit) } else { None }
    }
}

/// Audits the baseline of a study.
pub fn audit(of: &Study, options: &Experiment, asked: usize, runner: &Runner) -> Result<Audited, Failure> {
    let folder = options.scenario.parent().unwrap_or(Path::new(".")).to_owned();
    let Some((study, candidates)) = study(of, &folder, candidates(of)) else { return Ok(Audited::Nothing) };
    let count = asked.div_ceil(3).max(2).min(asked);
    let numbers: Vec<u64> = (0..count as u64).collect();
    if !options.common.look.quiet {
        screen::say("audit: what one more or less of something would gain (--no-audit leaves it out)");
    }
    let (kept, complete) = runner.simulate_some(&study, &numbers, keep)?;
    let ledger = runner.run_quietly(|run_options| ledgers(&study, &numbers, run_options))?;
    // A stop is found wherever it came; an audit of some of the replications would be another than was asked for.
    if !complete || replications::stop()?.load(Ordering::Relaxed) {
        return Ok(Audited::Stopped);
    }
    Ok(Audited::Done(Box::new(summarise(&study, &candidates, &kept, &ledger))))
}
