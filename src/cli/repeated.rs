//! A command as it would be repeated: what was said on the command line, without what changes no result.

use clap::{Arg, ArgMatches, Command, parser::ValueSource};
use std::path::Path;

/// The heading in the help under which stands what changes no result: how fast it is run, where it goes, how it looks.
/// What stands there is no part of a command as it would be repeated.
pub const RUNNING: &str = "Running and output";

/// The words of a command, without the folder of what it names: it may be repeated elsewhere. What it is about comes first.
pub fn words(program: &Command, matches: &ArgMatches) -> Vec<String> {
    let mut words = vec![program.get_name().to_owned()];
    let (mut command, mut said) = (program, matches);
    while let Some((name, inner)) = said.subcommand() {
        words.push(name.to_owned());
        let Some(inside) = command.find_subcommand(name) else { break };
        (command, said) = (inside, inner);
    }
    let is_said = |arg: &&Arg| {
        let id = arg.get_id().as_str();
        let source = said.try_contains_id(id).ok().and_then(|_| said.value_source(id));
        source == Some(ValueSource::CommandLine) && arg.get_help_heading() != Some(RUNNING)
    };
    let (subjects, options): (Vec<&Arg>, Vec<&Arg>) =
        command.get_arguments().filter(is_said).partition(|arg| arg.is_positional());
    let subjects: Vec<String> = subjects.into_iter().flat_map(|arg| of_one(arg, said)).collect();
    let options = options.into_iter().flat_map(|arg| of_one(arg, said));
    match subjects.iter().any(|word| word.starts_with('-')) {
        false => words.extend(subjects.into_iter().chain(options)),
        // What looks like an option is none after this.
        true => words.extend(options.chain(std::iter::once("--".to_owned())).chain(subjects)),
    }
    words
}

/// What was said of one argument, as often as it was.
fn of_one(arg: &Arg, said: &ArgMatches) -> Vec<String> {
    let option = arg.get_long().map(|long| format!("--{long}"));
    if !arg.get_action().takes_values() {
        return option.into_iter().collect();
    }
    let is_file =
        option.is_none() || arg.get_value_names().into_iter().flatten().any(|name| name.contains("FILE"));
    let value = |value: &std::ffi::OsStr| {
        let file = Path::new(value).file_name().filter(|_| is_file);
        file.unwrap_or(value).to_string_lossy().into_owned()
    };
    let occurrences = said.get_raw_occurrences(arg.get_id().as_str()).into_iter().flatten();
    let one = |values: Vec<String>| -> Vec<String> {
        // What was parted at a sign is put together again.
        let values: Vec<String> = match arg.get_value_delimiter() {
            Some(sign) => vec![values.join(&sign.to_string())],
            None => values,
        };
        match (&option, values.as_slice()) {
            (Some(option), [value]) if value.starts_with('-') => vec![format!("{option}={value}")],
            (Some(option), _) => std::iter::once(option.clone()).chain(values).collect(),
            (None, _) => values,
        }
    };
    occurrences.flat_map(|values| one(values.map(value).collect())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;

    fn repeated(line: &str) -> String {
        let mut program = Cli::command();
        let matches =
            program.try_get_matches_from_mut(line.split(' ')).unwrap_or_else(|error| panic!("{error}"));
        words(&program, &matches).join(" ")
    }

    #[test]
    fn a_command_is_repeated_without_what_changes_no_result() {
        let line = "orgsim compare a/b/s.toml --quiet --threads 2 --out x -n 40 --set horizon=1 --set a.b=c/d.toml --worlds 0";
        assert_eq!(
            repeated(line),
            "orgsim compare s.toml --replications 40 --set horizon=1 --set a.b=c/d.toml --worlds 0"
        );
    }

    #[test]
    fn what_it_is_about_comes_first_and_an_alias_is_its_command() {
        assert_eq!(
            repeated("orgsim simulate --design a/points.csv s.toml"),
            "orgsim sweep s.toml --design points.csv"
        );
        assert_eq!(repeated("orgsim run --row out/sweep.csv:12"), "orgsim run --row sweep.csv:12");
        assert_eq!(repeated("orgsim robust s.toml --keep-written"), "orgsim robust s.toml --keep-written");
        assert_eq!(repeated("orgsim claims D2 --check e1"), "orgsim claims D2 e1");
    }

    #[test]
    fn what_is_repeated_is_read_as_it_was() {
        for line in [
            "orgsim sweep s.toml --metrics value,cost",
            "orgsim compare s.toml --policy=--quiet --policy b",
            "orgsim compare -n 3 -- -s.toml",
        ] {
            let once = repeated(line);
            assert_eq!(repeated(&once), once, "{line}");
        }
        assert_eq!(repeated("orgsim sweep s.toml --metrics a,b"), "orgsim sweep s.toml --metrics a,b");
    }
}
