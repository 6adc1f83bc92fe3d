//! How a command ends: what went wrong, in words and as an exit code.

use super::screen;
use crate::experiment::journal::JournalError;
use crate::report::chart::ChartError;
use crate::report::files::FileError;
use crate::scenario::study::Refusal;
use std::process::ExitCode;

/// Why a command ends without success.
pub(super) enum Failure {
    /// The scenario is wrong; everything that is wrong with it.
    Scenario(Box<Refusal>),
    /// The arguments are wrong.
    Usage(String),
    /// Something failed on the way.
    Failed(String),
    /// Results of shards are missing.
    Incomplete(String),
    /// Ctrl-C; what was finished is written.
    Stopped,
    /// Whoever reads the output went away.
    Unread,
}

impl From<Box<Refusal>> for Failure {
    fn from(refusal: Box<Refusal>) -> Failure {
        Failure::Scenario(refusal)
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Failure {
        Failure::Failed(message)
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Failure {
        match error {
            FileError::Held { .. } => Failure::Usage(error.to_string()),
            _ => Failure::Failed(error.to_string()),
        }
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Failure {
        match error {
            JournalError::Held { .. } => Failure::Usage(error.to_string()),
            _ => Failure::Failed(error.to_string()),
        }
    }
}

impl From<ChartError> for Failure {
    fn from(error: ChartError) -> Failure {
        Failure::Failed(error.to_string())
    }
}

/// Says what went wrong, and gives it its code.
pub(super) fn exit_code(result: Result<(), Failure>) -> ExitCode {
    let code = match result {
        Ok(()) | Err(Failure::Unread) => 0,
        Err(Failure::Failed(message)) => complain(&message, 1),
        Err(Failure::Usage(message)) => complain(&message, 2),
        Err(Failure::Scenario(refusal)) => {
            screen::draw(&refusal.problems, &refusal.sources);
            3
        }
        Err(Failure::Incomplete(message)) => complain(&message, 4),
        Err(Failure::Stopped) => 130,
    };
    ExitCode::from(code)
}

fn complain(message: &str, code: u8) -> u8 {
    screen::complain(message);
    code
}
