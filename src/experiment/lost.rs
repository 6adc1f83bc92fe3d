//! Replications that came to nothing under a policy: overloaded, or lost to a fault of the program; each with its reason.
//!
//! A replication owns all that it changes, and only reads the study. So when the program fails in one, nothing outside
//! it can be half changed: what is left of it is dropped, and the others go on.

use super::rows::Status;
use model::replication::Overrun;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::OnceLock;

/// Why a replication has no outcome under a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lost {
    /// More work was open than it can hold.
    Overrun(Overrun),
    /// The program failed; a fault in orgsim.
    Failed(String),
}

impl Lost {
    pub fn status(&self) -> Status {
        match self {
            Lost::Overrun(_) => Status::Overrun,
            Lost::Failed(_) => Status::Failed,
        }
    }

    pub fn reason(&self) -> String {
        match self {
            Lost::Overrun(overrun) => overrun.to_string(),
            Lost::Failed(reason) => reason.clone(),
        }
    }
}

impl From<Overrun> for Lost {
    fn from(overrun: Overrun) -> Lost {
        Lost::Overrun(overrun)
    }
}

/// Runs a replication up to this boundary, at which a failure of the program becomes a reason.
///
/// # Errors
/// Why it came to nothing.
pub fn guarded<T>(number: u64, run: impl FnOnce() -> Result<T, Lost>) -> Result<T, Lost> {
    let within = GUARDED.replace(true);
    let ended = panic::catch_unwind(AssertUnwindSafe(|| {
        assert!(!is_to_fail(number), "made to fail, by {FAIL}");
        run()
    }));
    GUARDED.set(within);
    ended.unwrap_or_else(|fault| {
        let text = fault.downcast_ref::<String>().map(String::as_str);
        let text = text.or(fault.downcast_ref::<&str>().copied()).unwrap_or("no reason was given");
        let place = PLACE.take().map(|place| format!(" ({place})")).unwrap_or_default();
        Err(Lost::Failed(format!("{text}{place}")))
    })
}

thread_local! {
    /// Whether this thread is in a replication, whose failure is told as a row.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    /// Where in the program the last failure of this thread was.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps failures in replications off the screen, where each would be told in the words of the runtime: they are rows,
/// with the place in the program beside the reason. Any other failure is told as ever.
pub fn listen() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |fault| {
        if !GUARDED.get() {
            return usual(fault);
        }
        PLACE.set(fault.location().map(|at| format!("{}:{}", at.file(), at.line())));
    }));
}

/// A number in this variable of the environment is that of a replication which is made to fail: no scenario is known
/// that fails, and what happens then must be tested all the same.
const FAIL: &str = "ORGSIM_FAIL_REPLICATION";

fn is_to_fail(number: u64) -> bool {
    static WHICH: OnceLock<Option<String>> = OnceLock::new();
    let which = WHICH.get_or_init(|| std::env::var(FAIL).ok());
    which.as_ref().is_some_and(|which| which == "all" || which.parse() == Ok(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_a_reason_and_the_next_replication_goes_on() {
        let fails = guarded(7, || -> Result<u8, Lost> { panic!("replication {} broke", 7) });
        assert!(fails.is_err_and(|lost| lost.reason().starts_with("replication 7 broke")));
        assert_eq!(guarded(8, || Ok(1)), Ok(1));
        let drowned: Result<u8, Lost> = guarded(9, || Err(Overrun::Population { limit: 3 }.into()));
        assert_eq!(drowned.unwrap_err().status(), Status::Overrun);
    }
}
