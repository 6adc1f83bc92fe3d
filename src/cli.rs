//! The command line: reads arguments, runs experiments, and hands the results to reports.

mod answer;
mod check;
mod claims;
mod compared;
mod completions;
mod explain;
mod failure;
mod files;
mod grid;
mod import;
mod list;
mod losses;
mod man;
mod new;
mod points;
mod precise;
mod question;
mod questions;
mod repeated;
mod replications;
mod row;
mod runner;
mod schema;
mod screen;
mod shard;
mod shipped;
mod trace;
mod tracker;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use failure::Failure;
use repeated::RUNNING;
use std::path::PathBuf;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  orgsim new my-teams                        write a commented scenario to start from
  orgsim check my-teams.toml                 is it right, and what does it imply?
  orgsim run my-teams.toml                   where does work get stuck?
  orgsim compare my-teams.toml               which policy is better, and how sure is that?
  orgsim compare my-teams.toml --set horizon=\"2 years\" --policy quarter
  orgsim sweep my-teams.toml --vary \"team.*.share.health=0%..50%:5%\"
  orgsim rank my-teams.toml                  which of many policies is best, with what probability?
  orgsim compare my-teams.toml --on typical-medium    the same in another typical organisation
  orgsim robust my-teams.toml --worlds 200   in how many plausible organisations is it better?
  orgsim sensitivity my-teams.toml           which parameters does the result depend on?
  orgsim forecast checkout --items 40        when are 40 more items done, from what was finished when?
  orgsim explain debt.interest               what a parameter means and where its value comes from
  orgsim explain TD-5                        a piece of evidence: what was found, and where
  orgsim list metrics                        what objective and guardrails may name
  orgsim import jira.csv --out checkout      read your own tracker's export; then: orgsim measure checkout

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 wrong scenario, 4 results are missing, 130 stopped by Ctrl-C (what was finished is kept, and
the same command goes on from there).";

/// The last number that a replication may have: what every reader of JSON can hold, far from where counting ends.
const LAST_REPLICATION: u64 = (1 << 53) - 1;

/// The last number that a seed may have: what a scenario can write, and every reader of tables can hold.
const LAST_SEED: u64 = i64::MAX as u64;

/// A what-if laboratory for engineering organisations: simulates an organisation many times under
/// each of several policies, with the same random numbers, and says which policy is better, by how
/// much, and how sure that is.
#[derive(Parser)]
#[command(version = env!("ORGSIM_VERSION"), after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(flatten)]
    Question(questions::Questions),
    /// Cut a sweep into shards that machines of a cluster can run on their own
    Plan(shard::Plan),
    /// Run one shard of a plan, or say which are missing
    #[command(subcommand)]
    Shard(shard::Shard),
    /// Put the claims in scenarios/claims to the test
    Claims(Claims),
    /// Validate a scenario and print what it implies: load, bottleneck, assumptions
    Check(Check),
    /// Read exports of a tracker: Jira, GitHub, GitLab, Linear, Azure DevOps, Trello, CSV
    Import(import::Import),
    /// Explain a parameter, a table, or list all tables
    Explain(Explain),
    /// List scenarios, presets, metrics, levers or claims
    List(list::List),
    /// Write a commented starter scenario
    New(new::New),
    /// Print the JSON Schema of scenarios, or of what --format json prints
    Schema(schema::Options),
    /// Write the item log and the event log of one replication
    Trace(Trace),
    /// Print what a shell needs to complete these words
    Completions(completions::Completions),
    /// Print the manual page, or write one for each command
    Man(man::Pages),
}

/// What every experiment takes.
#[derive(Args, Clone)]
#[command(after_help = "\
Examples:
  orgsim compare s.toml --replications 1000 --threads 2
  orgsim compare s.toml --precision 2% --precision \"lead time p85=4 hours\"
  orgsim compare s.toml --only-replication 17    exactly the row 17 of a whole run
  orgsim run s.toml --set \"team.*.engineers=7\" --set horizon=\"2 years\"

Killed or stopped by Ctrl-C, the same command goes on where it was, and ends with the same bytes.")]
struct Experiment {
    /// The scenario's file
    scenario: PathBuf,
    /// Replications (simulated courses of events) per policy, in place of what the scenario says; `auto` (run,
    /// compare) is as many as it takes
    #[arg(long, short = 'n', value_name = "N|auto", allow_negative_numbers = true)]
    replications: Option<Replications>,
    /// Simulate only this replication, as it is in a whole run; numbers begin at 0
    #[arg(long, value_name = "NUMBER", conflicts_with = "replications", value_parser = clap::value_parser!(u64).range(..=LAST_REPLICATION))]
    only_replication: Option<u64>,
    #[command(flatten)]
    common: Common,
}

/// How many replications: a number, or as many as it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Replications {
    Number(u32),
    Auto,
}

impl std::str::FromStr for Replications {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.parse().ok().filter(|number| (1..=10_000_000).contains(number));
        match text {
            "auto" => Ok(Self::Auto),
            _ => number
                .map(Self::Number)
                .ok_or_else(|| "write a whole number from 1 to 10000000, or auto".to_owned()),
        }
    }
}

impl std::fmt::Display for Replications {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Auto => f.write_str("auto"),
        }
    }
}

/// What nearly every command takes.
#[derive(Args, Clone, Default)]
struct Common {
    /// The seed of all random numbers, in place of what the scenario says
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(..=LAST_SEED))]
    seed: Option<u64>,
    /// Threads; results do not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096), help_heading = RUNNING)]
    threads: Option<u16>,
    #[command(flatten)]
    output: Output,
    /// Change the described organisation, such as --set "team.*.engineers=7"; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Put this preset in the place of the typical organisation that the scenario extends: typical or typical-medium
    #[arg(long, value_name = "PRESET")]
    on: Option<String>,
    /// Only this policy beside the baseline; may be repeated
    #[arg(long, value_name = "NAME")]
    policy: Vec<String>,
    #[command(flatten)]
    look: Look,
}

impl Common {
    /// The same, saying nothing but results and problems.
    fn quietly(&self) -> Common {
        Common { look: Look { quiet: true, ..self.look.clone() }, ..self.clone() }
    }
}

/// Where files go.
#[derive(Args, Clone, Default)]
struct Output {
    /// Where files go [default: output/<name>, or output/<name>-<command> where it is not compare]
    #[arg(long, value_name = "DIR", help_heading = RUNNING)]
    out: Option<PathBuf>,
    /// Replace files of another command, scenario or data that lie there; where the same command was stopped, begin anew
    #[arg(long, help_heading = RUNNING)]
    force: bool,
}

/// How results are shown.
#[derive(Args, Clone, Default)]
struct Look {
    /// How to print results
    #[arg(long, value_enum, default_value = "table", help_heading = RUNNING)]
    format: Format,
    /// Print results and problems, nothing else
    #[arg(long, short, help_heading = RUNNING)]
    quiet: bool,
    /// Show the page of the results in a browser
    #[arg(long, help_heading = RUNNING)]
    open: bool,
    /// Write no charts
    #[arg(long, help_heading = RUNNING)]
    no_charts: bool,
}

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Table,
    Json,
    Csv,
    Markdown,
}

/// How the long table of a sweep is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FileFormat {
    Csv,
    /// Needs an orgsim built with --features parquet
    Parquet,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim claims                      every claim; files in output/claims
  orgsim claims D2 w1-small-team     the claims with a tag, of a file
  orgsim claims A1 --turns 20        and at which ends of plausible ranges the finding turns
  orgsim claims D2 --worlds 64       and in how many plausible organisations it holds
  orgsim claims D2 --on typical      in one of the two typical organisations alone
  orgsim claims --check              run everything again and compare it with the record
  orgsim claims --record             write the record and the page of findings

With --worlds, every parameter with a range in [evidence] is drawn as by `orgsim robust`, but for
those that a policy changes and those that the claim's file, or a preset of a study that it extends,
replaces.")]
struct Claims {
    /// Tags of claims (such as D2), names of files, or files [default: all]
    names: Vec<String>,
    /// Where the files with claims are
    #[arg(long, value_name = "DIR", default_value = "scenarios/claims", help_heading = RUNNING)]
    folder: PathBuf,
    /// Replications per policy, in place of what each scenario says
    #[arg(long, short = 'n', value_name = "N", value_parser = clap::value_parser!(u32).range(2..=10_000_000))]
    replications: Option<u32>,
    /// Try every end of every plausible range, one at a time, with this many replications
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "20", value_parser = clap::value_parser!(u32).range(5..=100_000))]
    turns: Option<u32>,
    /// Judge each claim over this many plausible organisations as well
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "64", value_parser = clap::value_parser!(u32).range(2..=100_000))]
    worlds: Option<u32>,
    /// With --worlds: replications per organisation and policy; four times as many where a claim picks its policies
    #[arg(long, alias = "lives", value_name = "N", default_value_t = 2, requires = "worlds", value_parser = clap::value_parser!(u32).range(2..=10_000))]
    replications_per_organisation: u32,
    /// With --worlds: leave out the check with narrower ranges, the middle half of each
    #[arg(long, alias = "one-prior", requires = "worlds")]
    no_narrower_ranges: bool,
    /// Compare with the record in place of writing files
    #[arg(long, conflicts_with_all = ["record", "turns"], help_heading = RUNNING)]
    check: bool,
    /// Put the results into the record, and write the page of findings
    #[arg(long, help_heading = RUNNING)]
    record: bool,
    /// Where the record and the page of findings are
    #[arg(long, value_name = "DIR", default_value = "docs", help_heading = RUNNING)]
    docs: PathBuf,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct Check {
    /// The scenario's file
    scenario: PathBuf,
    /// Change the described organisation; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Put this preset in the place of the typical organisation that the scenario extends: typical or typical-medium
    #[arg(long, value_name = "PRESET")]
    on: Option<String>,
    /// How to print what it implies
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Print only problems
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  orgsim explain                     all tables
  orgsim explain debt                a table and its keys
  orgsim explain \"team.*.share.health\"
  orgsim explain presets             all presets
  orgsim explain TD-5                a piece of evidence that a preset cites
  orgsim explain preset.typical      all that a preset says, with its evidence")]
struct Explain {
    /// A parameter's path, a table, a preset, or the id of evidence
    path: Option<String>,
    /// How to print it: as text, or as JSON what is known of a parameter or table
    #[arg(long, value_enum, default_value = "text")]
    format: explain::Form,
}

#[derive(Args)]
#[command(mut_arg("no_charts", |charts| charts.hide(true)), after_help = trace::TRACES)]
struct Trace {
    /// The scenario's file
    scenario: PathBuf,
    /// Write every step, or only what a tracker would hold
    #[arg(long = "as", value_enum, value_name = "FORM", default_value = "steps")]
    form: trace::TraceForm,
    /// With --as tracker: the working day on which the replication begins
    #[arg(long, value_name = "DATE", default_value = "2023-01-02")]
    from: String,
    /// Which replication to write down; numbers begin at 0
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=LAST_REPLICATION))]
    replication: u64,
    #[command(flatten)]
    common: Common,
}

/// Runs the program.
pub fn main() -> ExitCode {
    experiment::lost::listen();
    report::manifest::built_from(env!("ORGSIM_COMMIT"));
    // Clap prints help and mistakes itself, and exits with 0 or 2.
    let mut program = Cli::command();
    let matches = program.get_matches_mut();
    let command = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.format(&mut program).exit());
    let said = repeated::words(&program, &matches);
    let result = match command.command {
        Command::Question(asked) => question::put(asked.question(), said),
        Command::Plan(options) => shard::plan(&options, said),
        Command::Shard(options) => shard::shard(&options),
        Command::Claims(options) => claims::claims(&options, &said),
        Command::Check(options) => check::check(&options),
        Command::Import(options) => import::import(&options),
        Command::Explain(options) => explain::explain(&options),
        Command::List(options) => list::list(&options),
        Command::New(options) => new::new(&options),
        Command::Schema(options) => schema::schema(&options),
        Command::Trace(options) => trace::trace(&options, said),
        Command::Completions(options) => completions::completions(&options),
        Command::Man(options) => man::man(&options),
    };
    failure::exit_code(losses::closing(result))
}
