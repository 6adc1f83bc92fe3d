//! Turns every lever over its range, and writes `docs/levers.md`, its table and its charts.
//!
//! Run with `cargo run --release --example levers [--replications N] [--horizon SPAN] [--only TEXT] [--to FOLDER] [PRESET…]`:
//! 50 replications of two years of `typical` and, where there is such a preset, `typical-medium`, into `docs`, if nothing
//! else is asked for: about a quarter of an hour of one core, most of it the second. `--only` turns those levers alone whose path holds a text.

mod page;
mod sweep;

use orgsim::report::files::OutputFolder;
use orgsim::scenario::library;
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut replications, mut horizon, mut only, mut to) =
        (50, "2 years".to_owned(), String::new(), "docs".to_owned());
    let mut presets = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} has no value"));
        match argument.as_str() {
            "--replications" => replications = value()?.parse()?,
            "--horizon" => horizon = value()?,
            "--only" => only = value()?,
            "--to" => to = value()?,
            _ => presets.push(argument),
        }
    }
    if presets.is_empty() {
        let known = ["typical", "typical-medium"].into_iter().filter(|name| library::preset(name).is_some());
        presets = known.map(str::to_owned).collect();
    }
    let mut sweeps = Vec::new();
    for preset in &presets {
        let begun = Instant::now();
        sweeps.push(sweep::sweep(preset, replications, &horizon, &only, presets.len()));
        eprintln!("{preset}: {:.0} s", begun.elapsed().as_secs_f64());
    }
    for sweep in &sweeps {
        for swept in sweep.levers.iter().flatten() {
            println!(
                "{} {} {} ({} columns)",
                sweep.preset,
                swept.path,
                page::word(swept).text(),
                swept.moved.len()
            );
        }
    }
    let command = format!("cargo run --release --example levers -- {}", presets.join(" "));
    let folder = OutputFolder::create(&to)?;
    folder.write_as("levers.md", page::page(&sweeps, &command).as_bytes())?;
    folder.write_as("levers.csv", page::csv(&sweeps).as_bytes())?;
    let images = folder.folder("images")?;
    for (measure, name) in ["levers-value", "levers-lead-time", "levers-failures"].iter().enumerate() {
        for path in page::sheet(&sweeps, measure, &command).draw()?.save(&images, name)? {
            println!("{}", path.display());
        }
    }
    Ok(())
}
