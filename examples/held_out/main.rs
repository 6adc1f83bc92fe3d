//! Fits real teams to a year of what they recorded, and counts how often the weeks after it, which the fit has not seen, lie
//! inside the 90 % bands of organisations that were fitted.
//!
//! ```console
//! $ cargo run --release --example held_out -- FOLDER ORIGINS DRAWS WEEKS HELD_OUT WINDOWS
//! ```
//!
//! FOLDER has the three public data sets that docs/own-data.md names ("Seen on real exports"), as CSV. At each of ORIGINS days,
//! evenly over a series, WEEKS are fitted by DRAWS organisations, and HELD_OUT weeks predicted by WINDOWS of the posterior.

mod series;

use orgsim::experiment::fitting::calibration::{Band, HELD_OUT, LEAST_ITEMS, WEEKLY, held_out, until};
use orgsim::experiment::fitting::{Facts, Setup, answer};
use orgsim::experiment::run::RunOptions;
use orgsim::fit::figures::throughput;
use orgsim::fit::records::Records;
use orgsim::history::workdays::WorkDays;
use series::{Series, all};
use std::path::Path;

/// Weeks from 2015 to the last release with a shortened freeze.
const AFTER_FREEZE: usize = 75;
const DONE: &str = "planned done a week";

/// How a series is tested.
struct Plan {
    origins: usize,
    draws: usize,
    weeks: usize,
    held_out: usize,
    windows: usize,
}

/// The fits of one series.
#[derive(Default)]
struct Found {
    /// By origin: the bands of what was held out.
    bands: Vec<Vec<Band>>,
    /// Origins with too few items.
    few: usize,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: usize| words.get(at).and_then(|word| word.parse().ok()).unwrap_or(usual);
    let plan = Plan {
        origins: number(1, 4),
        draws: number(2, 1_000),
        weeks: number(3, 52),
        held_out: number(4, 13),
        windows: number(5, 100),
    };
    let Some(folder) = words.first() else { return eprintln!("name the folder of the data sets") };
    let done = all(Path::new(folder)).and_then(|series| {
        print(&series, &plan);
        freeze(&series, &plan)
    });
    if let Err(why) = done {
        eprintln!("{why}");
    }
}

/// A company whose feature freeze was 28 to 70 days up to 2014, and 17 to 32 from 2015 on (laukkanen2017): what was finished in the
/// weeks after, beside organisations that were fitted to the year before and go on as they were.
fn freeze(series: &[Series], plan: &Plan) -> Result<(), String> {
    let day = WorkDays::usual(&[]).before(jiff::civil::date(2015, 1, 1));
    let plan = Plan { held_out: AFTER_FREEZE, ..*plan };
    println!(
        "\n| issues | a week in 2014 | in the {AFTER_FREEZE} weeks after | 90 % band |\n| --- | ---: | ---: | --- |"
    );
    for one in series.iter().filter(|one| one.name.starts_with("laukkanen")) {
        let before =
            throughput(&until(&one.records, day), plan.weeks).iter().sum::<f64>() / plan.weeks as f64;
        let Some(bands) = of_origin(&one.records, day, &plan)? else { continue };
        for Band { real, low, high, .. } in bands.iter().filter(|band| band.name == DONE) {
            println!("| {} | {before:.1} | {real:.1} | {low:.1} to {high:.1} |", one.name);
        }
    }
    Ok(())
}

fn print(series: &[Series], plan: &Plan) {
    let mut found: Vec<(&str, Found)> = Vec::new();
    for one in series {
        eprintln!("{}", one.name);
        match of_series(&one.records, plan) {
            Ok(of_it) => found.push((&one.name, of_it)),
            Err(why) => eprintln!("{}: {why}", one.name),
        }
    }
    println!("| series | fits | {} | {WEEKLY} |", HELD_OUT.join(" | "));
    println!("| --- | ---: | {}", "---: | ".repeat(HELD_OUT.len() + 1).trim_end());
    for (name, one) in &found {
        println!("| {name} | {} | {} |", one.bands.len(), cells(&one.bands));
    }
    let every: Vec<Vec<Band>> = found.iter().flat_map(|(_, one)| one.bands.clone()).collect();
    println!("| **all** | {} | {} |\n", every.len(), cells(&every));
    println!("| series | fit | what | was | 90 % band |\n| --- | ---: | --- | ---: | --- |");
    for (name, one) in &found {
        let outside = one.bands.iter().enumerate().flat_map(|(at, bands)| {
            bands.iter().filter(|band| band.name != WEEKLY && !band.is_inside()).map(move |band| (at, band))
        });
        for (at, band) in outside {
            let Band { name: what, real, low, high } = band;
            println!("| {name} | {} | {what} | {real:.1} | {low:.1} to {high:.1} |", at + 1);
        }
    }
    let few: usize = found.iter().map(|(_, one)| one.few).sum();
    println!("\n{few} windows had fewer than {LEAST_ITEMS} items");
}

/// How many of each sort of band held, of how many.
fn cells(bands: &[Vec<Band>]) -> String {
    let cell = |name: &&str| {
        let of: Vec<&Band> = bands.iter().flatten().filter(|band| band.name == *name).collect();
        match of.len() {
            0 => "–".to_owned(),
            all => format!("{} of {all}", of.iter().filter(|band| band.is_inside()).count()),
        }
    };
    HELD_OUT.iter().chain([&WEEKLY]).map(cell).collect::<Vec<_>>().join(" | ")
}

/// Fits at days that lie evenly, with a whole window before each and whole weeks after it.
fn of_series(records: &Records, plan: &Plan) -> Result<Found, String> {
    let days = |weeks: usize| weeks as i64 * records.a_week;
    let begun = records.items.iter().filter_map(|item| item.started.or(item.created).or(item.ended));
    let ended = records.items.iter().filter_map(|item| item.ended).max();
    let first = begun.min().unwrap_or(0) + days(plan.weeks);
    let last = ended.unwrap_or(0) - days(plan.held_out);
    let mut found = Found::default();
    for at in 0..plan.origins {
        let span = (last - first).max(0) as f64;
        let day = first + (span * at as f64 / (plan.origins - 1).max(1) as f64) as i64;
        match of_origin(records, day, plan)? {
            Some(bands) => found.bands.push(bands),
            None => found.few += 1,
        }
    }
    Ok(found)
}

/// What came after a day beside what a fit to what was known on it says.
fn of_origin(records: &Records, day: i64, plan: &Plan) -> Result<Option<Vec<Band>>, String> {
    let known = until(records, day);
    if throughput(&known, plan.weeks).iter().sum::<f64>() < LEAST_ITEMS as f64 {
        return Ok(None);
    }
    let run_options = RunOptions::to_the_end(None);
    let facts = Facts::of(known, plan.weeks, "Product", None);
    let setup = Setup::of(&facts, 42)?;
    let reference = answer::reference(&setup, plan.draws, &run_options)?;
    let posterior = answer::posterior(&setup, &reference, &facts.figures());
    let whole = until(records, day + plan.held_out as i64 * records.a_week);
    held_out(&setup, &posterior, &whole, plan.held_out, plan.windows, &run_options).map(Some)
}
