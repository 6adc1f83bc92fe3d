//! Which points there are: a grid of axes, the rows of a design of experiments, or draws of a file; and what is no parameter of them.

use super::Failure;
use crate::experiment::assumptions;
use crate::experiment::design::{self, Parameter};
use crate::experiment::plan::{self, Axis};
use crate::notation::WorkCalendar;
use crate::reading::{self, MOST_TEXT};
use crate::report::table::printable;
use crate::scenario::meaning;
use crate::scenario::study::Study;
use crate::scenario::tables::SweepAxis;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct Points {
    /// A parameter and its values, FROM..TO:STEP or A,B,C; several are crossed
    #[arg(long, value_name = "PATH=VALUES")]
    vary: Vec<String>,
    /// A design of experiments instead of a grid, as CSV: a column for each path, a row for each point; an empty
    /// cell leaves the path as it is
    #[arg(long, value_name = "FILE", conflicts_with = "vary")]
    design: Option<PathBuf>,
    /// Points differ as policies after a common past, or as organisations (`world`), each with a past of its own
    /// [default: policy]
    #[arg(long, value_enum)]
    axis: Option<Difference>,
    /// Columns by cause, kind, stage and team in the long table, after the metrics
    #[arg(long)]
    pub details: bool,
}

/// What points differ as.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Difference {
    Policy,
    World,
}

impl Points {
    /// The points that the command line asks for, or else the scenario.
    pub fn plan(&self, study: &Study) -> Result<plan::Points, Failure> {
        if let Some(file) = &self.design {
            let (paths, rows) = rows(file, &study.scenario.clock)?;
            return Ok(plan::Points::Design { paths, rows });
        }
        let axes: Result<Vec<Axis>, String> = match self.vary.is_empty() {
            false => self.vary.iter().map(|argument| Axis::read(argument)).collect(),
            true => {
                let table = study.scenario.sweep.as_ref().map(|sweep| &sweep.vary);
                table.into_iter().flatten().map(|(path, values)| Axis::written(path, values)).collect()
            }
        };
        Ok(plan::Points::Grid(axes.map_err(Failure::Usage)?))
    }

    /// The file of a design, where there is one.
    pub fn file(&self) -> Option<&Path> {
        self.design.as_deref()
    }

    /// Whether points are organisations rather than policies.
    pub fn are_worlds(&self, study: &Study) -> bool {
        let written = study.scenario.sweep.as_ref().is_some_and(|sweep| sweep.axis == SweepAxis::World);
        self.axis.map_or(written, |axis| axis == Difference::World)
    }
}

/// The rows of a design in a file.
fn rows(file: &Path, calendar: &WorkCalendar) -> Result<design::DesignRows, Failure> {
    design::rows(&text(file)?, calendar, is_path()).map_err(|error| of_file(file, &error))
}

/// A design of organisations in a file.
pub fn organisations(file: &Path, calendar: &WorkCalendar) -> Result<design::Listed, Failure> {
    design::listed(&text(file)?, calendar, is_path()).map_err(|error| of_file(file, &error))
}

/// The numbers in the file that `[posterior]` names, where it does; else what is wrong, and what to do.
pub(super) fn fitted_together(
    study: &Study,
    scenario: &Path,
) -> Result<Vec<Parameter>, (String, &'static str)> {
    let Some(posterior) = study.scenario.posterior.as_ref() else { return Ok(Vec::new()) };
    let folder = scenario.parent().unwrap_or(Path::new("."));
    let told = |why: String| {
        let file = printable(&posterior.file);
        (format!("[posterior] file = \"{file}\": {why}"), "fit again, or take the table away")
    };
    let path = reading::inside(folder, &posterior.file).map_err(told)?;
    let text = reading::text(&path, MOST_TEXT).map_err(|error| told(error.to_string()))?;
    let joint = design::joint(&text, &study.scenario.clock).map_err(told)?;
    let has = |path: &str| assumptions::value_at(&study.document, path).is_some();
    match joint.iter().find(|parameter| !has(&parameter.path)) {
        Some(lost) => {
            let path = printable(&lost.path);
            Err(told(format!("it has a column {path}, and the scenario has no such number")))
        }
        None => Ok(joint),
    }
}

/// The numbers that were fitted together, where the scenario names a file of them, but for what is kept as it is written.
pub fn joint(study: &Study, scenario: &Path, kept: &[String]) -> Result<Vec<Parameter>, Failure> {
    let told = |(what, help): (String, &str)| Failure::Failed(format!("{what}; {help}"));
    let mut joint = fitted_together(study, scenario).map_err(told)?;
    joint.retain(|parameter| !kept.iter().any(|path| design::overlap(path, &parameter.path)));
    Ok(joint)
}

/// The paths that policies change.
pub fn levers(study: &Study) -> Vec<String> {
    let changes = study.timelines.iter().flat_map(|timeline| &timeline.changes);
    let mut levers: Vec<String> = changes.map(|(_, path, _)| path.clone()).collect();
    levers.sort();
    levers.dedup();
    levers
}

fn text(file: &Path) -> Result<String, Failure> {
    reading::text(file, MOST_TEXT).map_err(|error| of_file(file, &format!("it cannot be read: {error}")))
}

fn of_file(file: &Path, error: &str) -> Failure {
    Failure::Usage(format!("{}: {error}", file.display()))
}

/// Whether a text is a path of scenarios.
fn is_path() -> impl Fn(&str) -> bool {
    let schema = super::schema::whole();
    move |text| text.parse().is_ok_and(|path| meaning(&schema, &path).is_ok())
}
