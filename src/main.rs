//! The command line of orgsim.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    orgsim::cli::main()
}
