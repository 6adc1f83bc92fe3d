//! The screen: results go to standard output, everything else to standard error.

use super::Failure;
use crate::diagnostic::{Diagnostics, Sources, shorten};
use crate::report::table::printable;
use crate::report::words;
use crate::scenario::render;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;

/// The longest complaint, in bytes.
const LONGEST: usize = 1_500;

/// Prints a result. A reader that has gone away ends the program quietly.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::Unread),
        Err(error) => Err(Failure::Failed(format!("cannot print: {error}"))),
    }
}

/// Says something beside the result; nobody is hurt when it cannot be said.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Says what went wrong.
pub fn complain(message: &str) {
    // Whatever it echoes, the end of what a person must read is near.
    let mut message = message.to_owned();
    shorten(&mut message, LONGEST);
    let word = if colour() { "\u{1b}[1;31merror\u{1b}[0m" } else { "error" };
    say(&format!("{word}: {}", printable(&message)));
}

/// Warns of something.
pub fn warn(message: &str) {
    let word = if colour() { "\u{1b}[1;33mwarning\u{1b}[0m" } else { "warning" };
    say(&format!("{word}: {}", printable(message)));
}

/// Draws diagnostics over the text they are about.
pub fn draw(problems: &Diagnostics, sources: &Sources) {
    if !problems.is_empty() {
        let _ = write!(std::io::stderr(), "{}", render(problems, sources, colour()));
    }
}

/// Warnings that are told in full; more are counted, or nobody would read any.
const TOLD: usize = 3;

/// Draws the warnings of a scenario that matter most, and says how to see the others.
pub fn draw_few(problems: &Diagnostics, sources: &Sources, scenario: &Path) {
    let (few, more) = problems.foremost(TOLD);
    draw(&few, sources);
    if more > 0 {
        let more = words::count(more, "more warning", "more warnings");
        warn(&format!("{more} of this scenario: `orgsim check {}` shows all", scenario.display()));
    }
}

/// Warns of the first few of a list, and says where the others are.
pub fn warn_of_few(warnings: &[String], where_others_are: &str) {
    warnings.iter().take(TOLD).for_each(|warning| warn(warning));
    if warnings.len() > TOLD {
        let more = words::count(warnings.len() - TOLD, "more warning", "more warnings");
        warn(&format!("{more} of this kind: {where_others_are}"));
    }
}

/// Colour only on a terminal, and never against the reader's wish.
fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A bar on a terminal's standard error; elsewhere it draws nothing.
pub fn progress(count: u64, what: &str, quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(count), target);
    let template = format!("{{bar:40}} {{pos}} of {{len}} {what}, {{eta}} left");
    let style = ProgressStyle::with_template(&template);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
