//! Which points a sweep has: a grid of axes, or the rows of a design of experiments.

use super::Failure;
use crate::experiment::design;
use crate::experiment::plan::{self, Axis};
use crate::notation::WorkCalendar;
use crate::reading::{self, MOST_TEXT};
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

    /// Whether points are organisations rather than policies.
    pub fn are_worlds(&self, study: &Study) -> bool {
        let written = study.scenario.sweep.as_ref().is_some_and(|sweep| sweep.axis == SweepAxis::World);
        self.axis.map_or(written, |axis| axis == Difference::World)
    }

    /// The words of the command line that ask for them.
    pub fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        for axis in &self.vary {
            words.extend(["--vary".to_owned(), axis.clone()]);
        }
        if let Some(file) = &self.design {
            words.extend(["--design".to_owned(), file.display().to_string()]);
        }
        if let Some(axis) = self.axis {
            let name = if axis == Difference::World { "world" } else { "policy" };
            words.extend(["--axis".to_owned(), name.to_owned()]);
        }
        if self.details {
            words.push("--details".to_owned());
        }
        words
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
