//! Fits made-up organisations of which everything is known, and counts how often the fits found it.
//!
//! ```console
//! $ cargo run --release --example calibrate_fit -- ORGANISATIONS DRAWS WEEKS HELD_OUT WINDOWS OWN OPERATED
//! ```
//!
//! OWN is 1 where each fit simulates organisations of its own, as `orgsim fit` does; else all look at the same. OPERATED is 0 where
//! deployments and incidents are not known.

use orgsim::experiment::fitting::calibration::{Calibration, Trials, calibrate};
use orgsim::experiment::run::RunOptions;

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let number = |at: usize, usual: usize| numbers.get(at).copied().unwrap_or(usual);
    let trials = Trials {
        organisations: number(0, 100),
        draws: number(1, 4_000),
        shared: number(5, 0) == 0,
        weeks: number(2, 52),
        held_out: number(3, 26),
        windows: number(4, 100),
        operated: number(6, 1) == 1,
        seed: 20_261,
    };
    let run_options = RunOptions::to_the_end(None);
    let report = |found: &Calibration| {
        if (found.trials + found.refused).is_multiple_of(10) {
            print(found);
        }
    };
    match calibrate(&trials, &run_options, report) {
        Ok(found) => print(&found),
        Err(why) => eprintln!("{why}"),
    }
}

/// Tables as they stand in docs/own-data.md.
fn print(found: &Calibration) {
    println!("\n{} organisations fitted, {} refused\n", found.trials, found.refused);
    println!("| number | held by 90 % | ranks uniform, p | median width | counted as fitted |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for one in &found.fitted {
        let mut widths = one.widths.clone();
        widths.sort_by(f64::total_cmp);
        println!(
            "| `{}` | {} of {} | {:.2} | {:.2} | {} |",
            one.path,
            one.held,
            one.of,
            one.evenness(),
            widths[widths.len() / 2],
            one.fitted
        );
    }
    println!("\n| held out | inside the 90 % band |\n| --- | ---: |");
    for one in &found.predicted {
        println!(
            "| {} | {} of {} ({:.0} %) |",
            one.name,
            one.inside,
            one.of,
            100.0 * one.inside as f64 / one.of as f64
        );
    }
    let mut told: Vec<&(String, usize)> =
        found.silent.iter().filter(|(_, count)| count * 10 < found.trials * 9).collect();
    told.sort_by_key(|(_, count)| *count);
    println!(
        "\nsaid nothing of {} of {} others in nine of ten trials; not of",
        found.silent.len() - told.len(),
        found.silent.len()
    );
    for (path, count) in told {
        println!("  {path}: said nothing in {count}");
    }
}
