//! `orgsim new`: a commented scenario to start from, with what somebody says of their organisation.

use super::{Failure, screen, shipped};
use crate::diagnostic::advice;
use crate::notation::{Phase, Share, WorkCalendar};
use crate::report::files::slug;
use clap::{Args, ValueEnum};
use std::io::{BufRead, IsTerminal, Write};
use std::str::FromStr;

/// What the starters are called among the scenarios that come along.
const STARTER: &str = "starter";
const BARE: &str = "starter-bare";

#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim new checkout                asks a few questions where somebody is there to answer
  orgsim new checkout --team Checkout=5 --team Search=8 --approvals all --board \"Tuesday 10:00\" \\
      --unplanned 20%
  orgsim new mine --from wip-limits  a question that comes along (orgsim list scenarios), to be changed
  orgsim new checkout --bare         every number written out, nothing from a preset")]
pub struct New {
    /// The scenario's name; the file is NAME.toml
    #[arg(default_value = "scenario")]
    name: String,
    /// Write every number out, instead of what differs from the preset `typical`
    #[arg(long, conflicts_with = "Answers")]
    bare: bool,
    /// Begin with this scenario of those that come along
    #[arg(long, value_name = "SCENARIO", conflicts_with_all = ["Answers", "bare"])]
    from: Option<String>,
    #[command(flatten)]
    answers: Answers,
}

/// What differs from the typical organisation; what is left out stays as there.
#[derive(Args, Default, Debug, PartialEq)]
struct Answers {
    /// A team and its engineers; once for each team
    #[arg(long = "team", value_name = "NAME=ENGINEERS")]
    teams: Vec<Team>,
    /// What has to be approved before it goes live
    #[arg(long, value_enum)]
    approvals: Option<Approvals>,
    /// When in the week the board that approves meets
    #[arg(long, value_name = "DAY [TIME]")]
    board: Option<String>,
    /// Work that nobody plans, such as support and requests from the side, as a share of what people can do
    #[arg(long, value_name = "SHARE")]
    unplanned: Option<String>,
}

/// A team by name.
#[derive(Clone, Debug, PartialEq)]
struct Team {
    name: String,
    engineers: u16,
}

impl FromStr for Team {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no team: write NAME=ENGINEERS, such as Checkout=5");
        let (name, engineers) = text.rsplit_once('=').ok_or_else(wrong)?;
        let (name, engineers) = (name.trim().to_owned(), engineers.trim().parse().map_err(|_| wrong())?);
        if name.is_empty() || engineers == 0 { Err(wrong()) } else { Ok(Team { name, engineers }) }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Approvals {
    /// Every change
    All,
    /// What cannot be undone
    Irreversible,
    /// Nothing
    None,
}

/// Writes the starter into the present folder; never over anything.
pub fn new(options: &New) -> Result<(), Failure> {
    let name = options.name.strip_suffix(".toml").unwrap_or(&options.name);
    let file = format!("{}.toml", slug(name));
    if std::path::Path::new(&file).exists() {
        return Err(already_there(&file));
    }
    let text = match &options.from {
        Some(known) => from(known)?,
        None if options.bare => from(BARE)?,
        None => starter(options)?,
    };
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).open(&file);
    let mut opened = match opened {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(already_there(&file)),
        Err(error) => return Err(Failure::Failed(format!("cannot write {file}: {error}"))),
    };
    opened
        .write_all(text.as_bytes())
        .map_err(|error| Failure::Failed(format!("cannot write {file}: {error}")))?;
    let next = if text.contains("\n[best]") { "best" } else { "compare" };
    screen::print(&format!("{file} is written. Next:\n  orgsim check {file}\n  orgsim {next} {file}\n"))
}

/// A scenario that comes along.
fn from(name: &str) -> Result<String, Failure> {
    let unknown = || {
        let known: Vec<&str> = shipped::names().collect();
        Failure::Usage(format!("no scenario `{name}` comes along; {}", advice(name, known)))
    };
    shipped::text(name).map(str::to_owned).ok_or_else(unknown)
}

fn already_there(file: &str) -> Failure {
    Failure::Failed(format!("{file} is already there; it was not touched"))
}

/// The starter with the answers of the command line, or of whoever is there to be asked.
fn starter(options: &New) -> Result<String, Failure> {
    let is_asked = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if options.answers != Answers::default() || !is_asked {
        return options.answers.write().map_err(Failure::Usage);
    }
    let asked = Answers::ask(&mut std::io::stdin().lock(), &mut std::io::stderr());
    asked.map_err(|error| Failure::Failed(format!("cannot ask: {error}")))?.write().map_err(Failure::Usage)
}

impl Answers {
    /// Asks for them one after the other; an empty line leaves a thing as it is in the typical organisation.
    fn ask(from: &mut impl BufRead, to: &mut impl Write) -> std::io::Result<Answers> {
        writeln!(to, "Four questions; Enter leaves a thing as in the typical organisation.")?;
        let teams = "Teams and their engineers, such as Checkout=5, Search=8 [Checkout=5]";
        let teams = question(from, to, teams, |text| text.split(',').map(str::parse).collect())?;
        let which =
            "What has to be approved: all, irreversible or none [irreversible: what cannot be undone]";
        let approvals = question(from, to, which, self::approvals)?;
        let board = match approvals {
            Some(Approvals::None) => None,
            _ => question(from, to, "When the board meets, such as Tuesday 10:00 [once a week]", phase)?,
        };
        let unplanned = "Work that nobody plans, such as support, as a share of what people can do [0%]";
        let unplanned = question(from, to, unplanned, share)?;
        Ok(Answers { teams: teams.unwrap_or_default(), approvals, board, unplanned })
    }

    /// The starter with these answers in the places of its own.
    fn write(&self) -> Result<String, String> {
        self.check()?;
        let mut text = shipped::text(STARTER).ok_or("the starter is lost")?.to_owned();
        if !self.teams.is_empty() {
            let (begins, ends) = (text.find(TEAMS.0), text.find(TEAMS.1));
            let (begins, ends) = begins.zip(ends).ok_or("the starter has lost its teams")?;
            text.replace_range(begins..ends, &self.written_teams());
        }
        let place = text.find(POLICIES).ok_or("the starter has lost its policies")?;
        let facts = self.facts()?;
        text.insert_str(place, &facts);
        for table in facts.lines().filter(|line| line.starts_with('[')) {
            text = without_example(&text, table);
        }
        if self.approvals == Some(Approvals::All) {
            text += NO_APPROVAL;
            text = text.replacen(QUESTION, "title = \"What would help us most?\"", 1);
        }
        Ok(text)
    }

    /// What is said twice, or means nothing beside what else is said.
    fn check(&self) -> Result<(), String> {
        let twice = self
            .teams
            .iter()
            .enumerate()
            .find(|(at, team)| self.teams[..*at].iter().any(|it| it.name == team.name));
        if let Some((_, team)) = twice {
            return Err(format!("there are two teams called {}", team.name));
        }
        match (self.approvals, &self.board) {
            (Some(Approvals::None), Some(_)) => {
                Err("where nothing is approved no board meets: leave out --board".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn written_teams(&self) -> String {
        let team = |team: &Team| {
            let name = toml::Value::from(team.name.as_str());
            format!("[[team]]\nname = {name}\nengineers = {}\n\n", team.engineers)
        };
        self.teams.iter().map(team).collect()
    }

    /// The tables of what was said beside teams.
    fn facts(&self) -> Result<String, String> {
        let mut text = String::new();
        if let Some(approvals) = self.approvals {
            let (which, why) = match approvals {
                Approvals::All => ("any", "every change is approved"),
                Approvals::Irreversible => ("type 1", "only what cannot be undone is approved"),
                Approvals::None => ("none", "nothing is approved"),
            };
            text += &format!("[stage.approve]\napplies_to = {{ decision = \"{which}\" }}   # {why}\n\n");
        }
        let board = self.board.as_deref().map(phase).transpose()?;
        let meets = board.map(|at| format!("meets = {{ every = \"1 week\", at = \"{at}\" }}\n"));
        // The board of the preset hears the few changes that cannot be undone; for all of them it would be the bottleneck.
        let slots = (self.approvals == Some(Approvals::All)).then(|| {
            "slots = \"unlimited\"            # it hears all that waits; or so many in a meeting\n".to_owned()
        });
        let board: String = meets.into_iter().chain(slots).collect();
        if !board.is_empty() {
            text += &format!("[board.architecture]\n{board}\n");
        }
        if let Some(unplanned) = &self.unplanned {
            let unplanned = share(unplanned)?;
            text += &format!(
                "[work.support]                # comes in between, and takes this share of what people can do\n\
                 class = \"unplanned\"\npriority = 3\narrivals = {{ load = \"{unplanned}\" }}\n\
                 size = {{ lognormal = {{ median = \"2 hours\", sigma = 1.0 }} }}\nroute = [\"support\"]\n\n\
                 [stage.support]               # answers and looks into things: no change of code, nothing to deploy\n\
                 team = \"own\"\neffort_share = \"100%\"\n\n"
            );
        }
        Ok(text)
    }
}

/// A text without the example of a table, two lines behind a #, which stands there in earnest elsewhere.
fn without_example(text: &str, table: &str) -> String {
    let example = format!("# {table}");
    let mut lines = text.split_inclusive('\n');
    let mut kept = String::new();
    while let Some(line) = lines.next() {
        if line.trim_end() == example {
            lines.next();
        } else {
            kept.push_str(line);
        }
    }
    kept
}

/// What the starter asks.
const QUESTION: &str = "title = \"How much capacity should go to system health?\"";

/// Policies for whoever has everything approved.
const NO_APPROVAL: &str = "
[policy.only-irreversible]   # what can be undone goes live at once
\"stage.approve.applies_to\" = { decision = \"type 1\" }

[policy.no-approval]
\"stage.approve.applies_to\" = { decision = \"none\" }
";

/// Where the teams of the starter stand, and what comes after them.
const TEAMS: (&str, &str) = ("[[team]]", "# Facts about your organisation");

/// What stands above the policies of the starter.
const POLICIES: &str = "# Policies:";

fn phase(text: &str) -> Result<String, String> {
    let phase = text.parse::<Phase>().and_then(|phase| phase.hours(&WorkCalendar::default()).map(|_| phase));
    phase.map(|phase| phase.to_string()).map_err(|wrong| format!("{}: {}", wrong.message, wrong.help))
}

fn approvals(text: &str) -> Result<Approvals, String> {
    Approvals::from_str(text, true)
        .map_err(|_| format!("`{text}` is none of these: write all, irreversible or none"))
}

fn share(text: &str) -> Result<String, String> {
    text.trim()
        .parse::<Share>()
        .map(|share| share.to_string())
        .map_err(|wrong| format!("{}: {}", wrong.message, wrong.help))
}

/// Asks until the answer can be read; nothing where it is empty, or there is none to come.
fn question<T>(
    from: &mut impl BufRead,
    to: &mut impl Write,
    words: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> std::io::Result<Option<T>> {
    loop {
        write!(to, "{words}: ")?;
        to.flush()?;
        let mut line = String::new();
        from.read_line(&mut line)?;
        match line.trim() {
            "" => return Ok(None),
            text => match read(text) {
                Ok(answer) => return Ok(Some(answer)),
                Err(wrong) => writeln!(to, "{wrong}")?,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_answered_is_asked_again_until_it_can_be_read() {
        let mut said = Vec::new();
        let lines = "Checkout=5; Search\nCheckout = 5, Search=8\nall\nTuesay\nTuesday\n20 percent\n20%\n";
        let answers = Answers::ask(&mut lines.as_bytes(), &mut said).expect("asked");
        let team = |name: &str, engineers| Team { name: name.to_owned(), engineers };
        assert_eq!(answers.teams, [team("Checkout", 5), team("Search", 8)]);
        assert_eq!(
            (answers.approvals, answers.board.as_deref()),
            (Some(Approvals::All), Some("Tuesday 09:00"))
        );
        assert_eq!(answers.unplanned.as_deref(), Some("20%"));
        let said = String::from_utf8(said).expect("text");
        assert!(said.contains("is no team") && said.contains("did you mean `Tuesday`?"), "{said}");
    }

    #[test]
    fn whoever_says_nothing_gets_the_starter_as_it_is() {
        let answers = Answers::ask(&mut "".as_bytes(), &mut Vec::new()).expect("asked");
        assert_eq!(answers.write().as_deref().ok(), shipped::text(STARTER));
    }
}
