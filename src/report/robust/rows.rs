//! The files of plausible organisations: every replication, and what decides.

use crate::csv::{Csv, Sheet, plain};
use crate::files::{FileError, Growing};
use experiment::robust::summary::RobustSummary;

/// `drivers.csv`: every parameter's rank correlation with every policy's gain, under each prior.
pub fn drivers_csv(summary: &RobustSummary) -> Vec<u8> {
    let mut sheet =
        Sheet::new(["ranges", "policy", "parameter", "rank_correlation", "chance", "organisations"]);
    for opinion in &summary.opinions {
        for policy in &opinion.policies {
            for driver in &policy.drivers {
                sheet.row([
                    opinion.prior.to_owned(),
                    policy.name.clone(),
                    driver.name.clone(),
                    plain(driver.correlation),
                    plain(policy.chance),
                    policy.gains.len().to_string(),
                ]);
            }
        }
    }
    sheet.bytes()
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
    file: Csv<Growing>,
    pasts: usize,
    metrics: usize,
}

impl DrawRows {
    /// Begins the file: parameters by path, pasts by criterion with "past " before, metrics by name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin<'a>(
        file: Growing,
        parameters: impl Iterator<Item = &'a str>,
        pasts: impl Iterator<Item = &'a str>,
        metrics: impl Iterator<Item = &'a str>,
    ) -> Result<DrawRows, FileError> {
        let path = file.path().to_owned();
        let fixed =
            ["ranges", "organisation", "status", "reason", "policy", "replication", "replication_status"];
        let pasts: Vec<String> = pasts.map(|name| format!("past {name}")).collect();
        let metrics: Vec<String> = metrics.map(str::to_owned).collect();
        let head = fixed.into_iter().map(str::to_owned).chain(parameters.map(str::to_owned));
        let counts = (pasts.len(), metrics.len());
        let file = Csv::begin(file, head.chain(pasts).chain(metrics));
        let file = file.map_err(|error| FileError::of_csv(&path, error))?;
        Ok(DrawRows { file, pasts: counts.0, metrics: counts.1 })
    }

    /// Adds an organisation; one that was not run has a single row without policy.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn world<'a>(
        &mut self,
        key: &Key<'_>,
        policies: &[&str],
        values: &[&str],
        past: &[f64],
        runs: &[(u64, Vec<Option<Vec<f64>>>)],
        failure: impl Fn(u64, usize) -> Option<&'a str>,
    ) -> Result<(), FileError> {
        let path = self.file.target().path().to_owned();
        let mut pasts: Vec<String> = past.iter().copied().map(plain).collect();
        pasts.resize(self.pasts, String::new());
        let mut row = |reason: &str, policy: &str, replication: String, run: &str, metrics: Vec<String>| {
            let fixed = [key.prior, &key.world.to_string(), key.status, reason, policy, &replication, run];
            let cells = fixed.into_iter().chain(values.iter().copied()).map(str::to_owned);
            let written = self.file.add(cells.chain(pasts.iter().cloned()).chain(metrics));
            written.map_err(|error| FileError::of_csv(&path, error))
        };
        let blank = vec![String::new(); self.metrics];
        if runs.is_empty() {
            row(key.reason, "", String::new(), "", blank.clone())?;
        }
        for (replication, timelines) in runs {
            for (course, (policy, metrics)) in policies.iter().zip(timelines).enumerate() {
                let cells = metrics.as_ref().map(|values| values.iter().copied().map(plain).collect());
                let (run, reason) = match (metrics, failure(*replication, course)) {
                    (Some(_), _) => ("ok", key.reason),
                    (None, Some(reason)) => ("failed", reason),
                    (None, None) => ("overrun", key.reason),
                };
                row(reason, policy, replication.to_string(), run, cells.unwrap_or_else(|| blank.clone()))?;
            }
        }
        Ok(())
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn finish(self) -> Result<(), FileError> {
        let path = self.file.target().path().to_owned();
        self.file.end().map_err(|error| FileError::of_io(&path, error))?.finish()
    }
}
