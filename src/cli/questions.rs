//! The questions that can be put, each a file: what it takes from the command line, and how it is answered.
//!
//! A line here makes it a command. All else is the same for all: see [`Question`].

use super::question::Question;
use clap::Subcommand;

mod audit;
mod whatif;

/// Makes a module, a command and a question of each line: the command's name, and the type that holds its options.
macro_rules! questions {
    ($($(#[$said:meta])* $name:ident => $module:ident :: $Options:ident,)*) => {
        $(pub mod $module;)*

        #[derive(Subcommand)]
        pub enum Questions {
            $($(#[$said])* $name($module::$Options),)*
        }

        impl Questions {
            /// The question that was put.
            pub fn question(&self) -> &dyn Question {
                match self {
                    $(Questions::$name(question) => question,)*
                }
            }
        }
    };
}

questions! {
    /// Simulate one scenario: the DORA four, flow, and where work gets stuck
    Run => run::Run,
    /// Compare the policies of a scenario with its baseline, on the same random numbers
    Compare => compare::Compare,
    /// Select the best of many policies, with a stated probability
    Rank => rank::Rank,
    /// Draw plausible organisations from the evidence, and count where a policy is better
    Robust => robust::Robust,
    /// Find the parameters that a result depends on: Morris screening or Sobol indices
    Sensitivity => sensitivity::Sensitivity,
    /// Vary parameters over a grid, or run the rows of a design of experiments
    #[command(visible_alias = "simulate")]
    Sweep => sweep::Sweep,
    /// Put the shards of a plan together: the files are those of the sweep on one machine
    Merge => merge::Merge,
    /// Find the order in which to make a policy's changes
    Path => path::PathOptions,
    /// Find the best mix of levers for a given cost
    Best => best::Best,
    /// Forecast from what was finished when: the date of N items, or how many by a date
    Forecast => forecast::Forecast,
    /// Count how often such forecasts of the past kept what they promised
    Backtest => backtest::Backtest,
    /// Measure what was imported: throughput, work in progress, times, ages, DORA's four
    Measure => measure::Measure,
    /// Fit organisations to what was imported: a scenario whose numbers are measured, fitted or assumed
    Fit => fit::Fit,
}
