//! The command line of orgsim.

use std::process::ExitCode;

fn main() -> ExitCode {
    orgsim::cli::main()
}
