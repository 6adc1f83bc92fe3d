//! `orgsim man`: the manual pages.

use super::{Cli, Failure, screen};
use crate::report::files::OutputFolder;
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim man | man -l -                             the page of the program
  orgsim man --out ~/.local/share/man/man1          a page for each command, too; then `man orgsim-compare`")]
pub struct Pages {
    /// Write the page of the program and one for each command into this folder, in place of printing the first
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints the page of the program, or writes all pages.
pub fn man(options: &Pages) -> Result<(), Failure> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let Some(out) = &options.out else {
        return screen::print(&String::from_utf8_lossy(&page(&program)?.1));
    };
    let folder = OutputFolder::create(out)?;
    let mut commands = vec![&program];
    let mut count = 0;
    while let Some(command) = commands.pop() {
        let (name, page) = page(command)?;
        folder.write_as(&name, &page)?;
        count += 1;
        commands.extend(command.get_subcommands().filter(|inner| !inner.is_hide_set()));
    }
    screen::say(&format!(
        "{count} pages are in {}",
        crate::report::table::printable(&out.display().to_string())
    ));
    Ok(())
}

/// The file's name and the page.
fn page(command: &Command) -> Result<(String, Vec<u8>), Failure> {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render(&mut page)
        .map_err(|error| Failure::Failed(format!("cannot make the manual page: {error}")))?;
    Ok((man.get_filename(), page))
}
