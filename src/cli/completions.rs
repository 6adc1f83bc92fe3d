//! `orgsim completions`: what a shell needs to complete the program's words.

use super::{Cli, Failure, screen};
use clap::{Args, CommandFactory};

#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim completions bash > ~/.local/share/bash-completion/completions/orgsim
  orgsim completions zsh > ~/.zfunc/_orgsim         with ~/.zfunc in fpath, before compinit
  orgsim completions fish > ~/.config/fish/completions/orgsim.fish")]
pub struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

/// Prints the script.
pub fn completions(options: &Completions) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "orgsim", &mut script);
    screen::print(&String::from_utf8_lossy(&script))
}
