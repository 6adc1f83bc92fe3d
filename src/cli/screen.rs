//! The screen: results go to standard output, everything else to standard error.

use super::{Failure, Format};
use crate::diagnostic::{Diagnostics, Sources, shorten};
use crate::report::document::Document;
use crate::report::table::{WIDTH, printable};
use crate::report::words;
use crate::scenario::render;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The longest complaint, in bytes.
const LONGEST: usize = 1_500;

/// A terminal is taken to have at least as many columns: some say that they have none.
const NARROWEST: usize = 40;

/// Prints a result. A reader that has gone away ends the program quietly.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::Unread),
        Err(error) => Err(Failure::Failed(format!("cannot print: {error}"))),
    }
}

/// Prints a document in the form asked for; its table is `csv`.
pub fn document(document: &Document, format: Format, csv: impl FnOnce() -> Vec<u8>) -> Result<(), Failure> {
    match format {
        Format::Table => print(&document.text(width())),
        Format::Markdown => print(&document.markdown()),
        Format::Csv => print(&String::from_utf8_lossy(&csv())),
        Format::Json => print(&String::from_utf8_lossy(&document.json())),
    }
}

/// Columns of the terminal that results are printed on; where there is none, as many as fit everywhere.
pub fn width() -> usize {
    let known = terminal_size::terminal_size_of(std::io::stdout());
    known.map_or(WIDTH, |(width, _)| usize::from(width.0).max(NARROWEST))
}

/// Says something beside the result; nobody is hurt when it cannot be said.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Says what Ctrl-C left of a command, which ends with that.
pub fn stopped<T>(what: &str) -> Result<T, Failure> {
    say(&format!("stopped: {what}"));
    Err(Failure::Stopped)
}

/// The same where it left nothing, for it came before something was.
pub fn stopped_before<T>(what: &str) -> Result<T, Failure> {
    say(&format!("stopped before {what}; nothing was written"));
    Err(Failure::Stopped)
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
        warn(&format!("{more} of this scenario: `orgsim check {}` shows all", words::path(scenario)));
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

/// Time between two lines of progress where there is no terminal.
const APART: Duration = Duration::from_secs(30);

/// When the next line is due. A command may work in many short stages: the time is that of all of them.
static DUE: Mutex<Option<Instant>> = Mutex::new(None);

/// How far long work has come: a bar on a terminal's standard error, elsewhere a line now and then.
pub struct Progress {
    bar: ProgressBar,
    what: String,
    /// Whether it is told in lines: not on a terminal, nor where nothing but results is wanted.
    lines: bool,
}

/// Begins to tell the progress of `count` steps.
pub fn progress(count: u64, what: &str, quiet: bool) -> Progress {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(count), target);
    let template = format!("{{bar:40}} {{pos}} of {{len}} {what}, {{eta}} left");
    let style = ProgressStyle::with_template(&template);
    let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let lines = !quiet && !std::io::stderr().is_terminal();
    if let (true, Ok(mut due)) = (lines, DUE.lock()) {
        due.get_or_insert_with(|| Instant::now() + APART);
    }
    Progress { bar, what: what.to_owned(), lines }
}

impl Progress {
    /// One step more is done; may be said from any thread.
    pub fn step(&self) {
        self.bar.inc(1);
        if !self.lines {
            return;
        }
        // Whoever finds it taken leaves the line to the other.
        let Ok(mut due) = DUE.try_lock() else { return };
        if due.is_some_and(|due| Instant::now() >= due) {
            *due = Some(Instant::now() + APART);
            let (done, all) = (self.bar.position(), self.bar.length().unwrap_or(0));
            say(&format!("{done} of {all} {}, about {} left", self.what, HumanDuration(self.bar.eta())));
        }
    }

    /// Nothing more comes.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Shows a page in the reader's browser; whoever has none is told where it lies.
pub fn open(page: &Path) {
    if let Err(error) = open::that_detached(page) {
        warn(&format!("no browser could be opened ({error}); the page is {}", page.display()));
    }
}
