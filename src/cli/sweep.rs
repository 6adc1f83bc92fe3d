//! `orgsim sweep`: a grid of points, each lived on the same luck.

use super::files::{self, Files};
use super::{Axis as AxisName, Failure, Format, Sweep, lives, screen};
use crate::experiment::compare::{Extent, columns};
use crate::experiment::plan::{self, Axis};
use crate::experiment::sweep::{SweepSummary, keep, summarise};
use crate::report::slides::sweep as slides;
use crate::report::table::{Grid, printable, wrapped};
use crate::report::{csv, manifest, tables};
use crate::scenario::study::Study;
use crate::scenario::tables::SweepAxis;
use std::path::Path;

/// Lives every point of a grid.
pub fn sweep(options: &Sweep) -> Result<(), Failure> {
    let experiment = &options.experiment;
    let study = lives::study(&experiment.scenario, &experiment.common)?;
    let axes = axes(&study, &options.vary)?;
    let points = plan::cross(&axes).map_err(Failure::Usage)?;
    let worlds = worlds(&study, options);
    let folder = experiment.scenario.parent().unwrap_or(Path::new(".")).to_owned();
    let study = study.with_points(folder, &points, worlds)?;
    let numbers = lives::numbers(&study, experiment);
    let (kept, complete) = lives::live(&study, &numbers, &experiment.common, keep)?;
    let extent = Extent { asked: numbers.len(), stopped: !complete };
    let summary = summarise(&study, &axes, &kept, extent, worlds);
    let mut files = Files::open(experiment.common.out.as_deref(), &study.name, experiment.common.quiet)?;
    files.write("sweep", "csv", &csv::sweep(&summary))?;
    files.write("sweep-replications", "csv", &csv::sweep_lives(&summary, &kept))?;
    if !experiment.no_charts {
        files.slides(&slides::slides(&summary)?)?;
    }
    files.finish(&summary.frame, &columns(&study)[..summary.metrics.len()], &command(options))?;
    show(&summary, experiment.common.format)?;
    if complete {
        return Ok(());
    }
    screen::say(&format!(
        "stopped: {} of {} replications were finished, and are written",
        kept.len(),
        numbers.len()
    ));
    Err(Failure::Stopped)
}

/// The axes of the command line, or else of the scenario.
fn axes(study: &Study, vary: &[String]) -> Result<Vec<Axis>, Failure> {
    if !vary.is_empty() {
        return vary
            .iter()
            .map(|argument| Axis::read(argument))
            .collect::<Result<_, _>>()
            .map_err(Failure::Usage);
    }
    let table = study.scenario.sweep.as_ref().map(|sweep| &sweep.vary);
    let axis = |(path, values): (&String, &crate::scenario::Free)| match &values.0 {
        toml::Value::String(text) => Axis::of(path, text),
        toml::Value::Array(values) => Axis::listed(path, values.iter().map(written).collect()),
        other => Axis::of(path, &written(other)),
    };
    table.into_iter().flatten().map(axis).collect::<Result<_, _>>().map_err(Failure::Usage)
}

fn written(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn worlds(study: &Study, options: &Sweep) -> bool {
    let written = study.scenario.sweep.as_ref().is_some_and(|sweep| sweep.axis == SweepAxis::World);
    options.axis.map_or(written, |axis| axis == AxisName::World)
}

fn command(options: &Sweep) -> Vec<String> {
    let mut words = files::command("sweep", &options.experiment);
    for axis in &options.vary {
        words.extend(["--vary".to_owned(), axis.clone()]);
    }
    if let Some(axis) = options.axis {
        let name = if axis == AxisName::World { "world" } else { "policy" };
        words.extend(["--axis".to_owned(), name.to_owned()]);
    }
    words
}

fn show(summary: &SweepSummary, format: Format) -> Result<(), Failure> {
    let grid: Grid = tables::points(summary);
    let headline = slides::headline(summary);
    match format {
        Format::Table => {
            let drowned: usize = summary.points.iter().map(|point| point.overran).sum();
            if drowned > 0 {
                screen::warn(&format!("{drowned} simulated lives drowned in work; they are left out"));
            }
            let finding = wrapped(&printable(&format!("→ {headline}.")), 100, "  ");
            screen::print(&format!("{finding}\n{}\nSimulation, not forecast.\n", grid.text()))
        }
        Format::Markdown => screen::print(&grid.markdown()),
        Format::Csv => screen::print(&String::from_utf8_lossy(&csv::sweep(summary))),
        Format::Json => {
            let document =
                serde_json::json!({ "finding": headline, "seed": summary.frame.seed, "table": grid.json() });
            screen::print(&String::from_utf8_lossy(&manifest::pretty(&document)))
        }
    }
}
