//! The tables of plausible organisations: every replication of each, and what decides.

use crate::data::{Cell, Column, Data, DataTable, Kind, NO_NUMBER, columns, floats, measured, parameters};
use crate::files::{FileError, Growing};
use crate::summaries;
use experiment::robust::summary::RobustSummary;
use experiment::summary::{ColumnText, ParameterColumn, SettingText};

/// `drivers.csv`: every parameter's rank correlation with every policy's gain, under each prior.
pub fn drivers(summary: &RobustSummary) -> Data {
    let head = columns(&[
        PRIOR,
        ("policy", Kind::Text, "", "The policy's name."),
        ("parameter", Kind::Text, "", "The parameter, by its path."),
        (
            "rank_correlation",
            Kind::Float,
            "",
            "Spearman's correlation of the parameter with the policy's gain.",
        ),
        ("chance", Kind::Float, "", "What the strongest of all stays below where none has an effect."),
        ("organisations", Kind::Integer, "", "Organisations in which the gain is known."),
    ]);
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for opinion in &summary.opinions {
        for policy in &opinion.policies {
            rows.extend(policy.drivers.iter().map(|driver| {
                vec![
                    opinion.prior.into(),
                    policy.name.as_str().into(),
                    driver.name.as_str().into(),
                    driver.correlation.into(),
                    policy.chance.into(),
                    policy.gains.len().into(),
                ]
            }));
        }
    }
    Data::of(head, rows)
}

const PRIOR: crate::data::Written = (
    "prior",
    Kind::Text,
    "",
    "How parameters were drawn: from the whole of every range, or its middle half.",
);

/// The columns of `worlds.csv`: parameters, pasts by criterion with "past " before and with their units, metrics.
pub fn head(axes: &[ParameterColumn], pasts: &[(&str, &str)], metrics: &[ColumnText]) -> Vec<Column> {
    let mut all = columns(&[
        PRIOR,
        ("organisation", Kind::Integer, "", "The number of the organisation, from 0."),
        ("status", Kind::Text, "", "Of the organisation: judged, set aside, drowned, refused or failed."),
        ("reason", Kind::Text, "", "Why it is not judged, or why the replication failed."),
        ("policy", Kind::Text, "", "The policy's name; the baseline is one of them."),
        ("replication", Kind::Integer, "", "The number of the replication, from 0; -1 where none was run."),
        ("replication_status", Kind::Text, "", "Of the replication: ok, overrun or failed."),
    ]);
    all.extend(parameters(axes));
    all.extend(pasts.iter().map(|(name, unit)| Column {
        name: format!("past {name}").into(),
        kind: Kind::Float,
        unit: (*unit).to_owned().into(),
        definition:
            format!("What {name} came to in a year of its past, by which it is plausible or not.").into(),
    }));
    all.extend(measured(metrics));
    all
}

/// One row of `worlds.csv` up to its policy.
pub struct Key<'a> {
    pub prior: &'a str,
    pub world: usize,
    pub status: &'a str,
    pub reason: &'a str,
}

/// The rows of `worlds.csv`: one for each organisation, policy and replication.
pub struct DrawRows {
    file: DataTable<Growing>,
    pasts: usize,
    metrics: usize,
}

impl DrawRows {
    /// Begins the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(
        file: Growing,
        axes: &[ParameterColumn],
        pasts: &[(&str, &str)],
        metrics: &[ColumnText],
    ) -> Result<DrawRows, FileError> {
        let path = file.path().to_owned();
        let file = DataTable::begin(file, head(axes, pasts, metrics));
        let file = file.map_err(|error| FileError::of_csv(&path, error))?;
        Ok(DrawRows { file, pasts: pasts.len(), metrics: metrics.len() })
    }

    /// Adds an organisation; one that was not run has a single row without policy.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn world<'a>(
        &mut self,
        key: &Key<'_>,
        policies: &[&str],
        setting: &SettingText,
        past: &[f64],
        runs: &[(u64, Vec<Option<Vec<f64>>>)],
        failure: impl Fn(u64, usize) -> Option<&'a str>,
    ) -> Result<(), FileError> {
        let path = self.file.target().path().to_owned();
        let (pasts, metrics) = (self.pasts, self.metrics);
        let mut row = |reason: &str, policy: &str, replication: Cell, run: &str, values: Option<&[f64]>| {
            let mut cells: Vec<Cell> = vec![key.prior.into(), key.world.into()];
            cells.extend([key.status, reason, policy].map(Cell::from));
            cells.extend([replication, run.into()]);
            cells.extend(summaries::setting(setting));
            cells.extend(floats((0..pasts).map(|at| past.get(at).copied().unwrap_or(f64::NAN))));
            cells.extend(floats((0..metrics).map(|at| values.map_or(f64::NAN, |values| values[at]))));
            self.file.add(cells).map_err(|error| FileError::of_csv(&path, error))
        };
        if runs.is_empty() {
            row(key.reason, "", Cell::Integer(NO_NUMBER), "", None)?;
        }
        for (replication, timelines) in runs {
            for (course, (policy, metrics)) in policies.iter().zip(timelines).enumerate() {
                let (run, reason) = match (metrics, failure(*replication, course)) {
                    (Some(_), _) => ("ok", key.reason),
                    (None, Some(reason)) => ("failed", reason),
                    (None, None) => ("overrun", key.reason),
                };
                row(reason, policy, (*replication).into(), run, metrics.as_deref())?;
            }
        }
        Ok(())
    }

    /// What its columns are.
    pub fn columns(&self) -> &[Column] {
        self.file.columns()
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn finish(self) -> Result<(), FileError> {
        let path = self.file.target().path().to_owned();
        self.file.end().map_err(|error| FileError::of_csv(&path, error))?.finish()
    }
}
