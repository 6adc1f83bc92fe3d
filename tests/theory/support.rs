//! Replications of a scenario file under some settings, and the comparison of their columns with theory.
//!
//! Every comparison is of a mean over independent replications. It fails when the mean lies further than 4.5 standard
//! errors from the formula's value (Student's t with 39 degrees of freedom: alpha = 6e-5 for each comparison),
//! and also when the standard error is so large that an error of a few per cent might be missed.

use orgsim::experiment::run::{RunOptions, run};
use orgsim::observation::outcome::Outcome;
use orgsim::scenario::study::{Amendments, Study};
use std::path::PathBuf;

/// How many standard errors an estimate may lie from the theory.
const ERRORS: f64 = 4.5;
/// The largest relative standard error: an error of 2.5 % is seen nearly always, one of 1 % lies two standard
/// errors out. Heavy-tailed columns state a larger one where they are compared.
const POWER: f64 = 0.005;

/// The replications of a scenario under one policy.
pub struct PolicyRuns {
    name: String,
    pub columns: Vec<String>,
    pub outcomes: Vec<Outcome>,
}

/// Reads a scenario of this folder.
pub fn study(file: &str, set: &[&str]) -> Study {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/theory").join(format!("{file}.toml"));
    let set = set.iter().map(|change| (*change).to_owned()).collect();
    match Study::read(&path, &Amendments { set, policies: Vec::new() }) {
        Ok((study, _)) => study,
        Err(refusal) => panic!("{}", orgsim::scenario::render(&refusal.problems, &refusal.sources, false)),
    }
}

/// A scenario as written here.
pub fn written(text: &str) -> Study {
    let read = Study::from_text("written.toml", text.as_bytes(), ".".into(), &Amendments::default());
    match read {
        Ok((study, _)) => study,
        Err(refusal) => panic!("{}", orgsim::scenario::render(&refusal.problems, &refusal.sources, false)),
    }
}

/// What is said against a scenario as written here.
pub fn refused(text: &str) -> String {
    let read = Study::from_text("written.toml", text.as_bytes(), ".".into(), &Amendments::default());
    let Err(refusal) = read else { panic!("accepted:\n{text}") };
    orgsim::scenario::render(&refusal.problems, &refusal.sources, false)
}

/// Runs all replications of a scenario's baseline with some of its values set.
pub fn live(file: &str, set: &[&str]) -> PolicyRuns {
    run_policies(file, set).swap_remove(0)
}

/// Runs all replications of a scenario under each policy, the baseline first, with some of its values set.
pub fn run_policies(file: &str, set: &[&str]) -> Vec<PolicyRuns> {
    runs_of(&format!("{file} {}", set.join(" ")), &study(file, set))
}

/// Runs all replications of a study under each policy, the baseline first.
pub fn runs_of(name: &str, study: &Study) -> Vec<PolicyRuns> {
    let numbers: Vec<u64> = (0..u64::from(study.scenario.replications)).collect();
    let run_options = RunOptions::to_the_end(Some(1));
    let completed = run(study, &numbers, &run_options).expect("threads");
    let mut policies: Vec<PolicyRuns> = study
        .timelines
        .iter()
        .map(|timeline| PolicyRuns {
            name: format!("{name} {}", timeline.name),
            columns: study.columns.iter().map(|column| column.name.clone()).collect(),
            outcomes: Vec::new(),
        })
        .collect();
    for runs in completed {
        for (policy, replication) in policies.iter_mut().zip(runs.runs) {
            policy.outcomes.push(replication.expect("no overrun"));
        }
    }
    policies
}

impl PolicyRuns {
    fn place(&self, column: &str) -> usize {
        self.columns.iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"))
    }

    /// A column's value in each replication.
    pub fn column(&self, column: &str) -> Vec<f64> {
        let place = self.place(column);
        self.outcomes.iter().map(|outcome| outcome.values[place]).collect()
    }

    /// The product of two columns in each replication, times a factor.
    pub fn product(&self, one: &str, other: &str, factor: f64) -> Vec<f64> {
        self.column(one).iter().zip(self.column(other)).map(|(a, b)| a * b * factor).collect()
    }

    /// A column must agree with theory to within this much in every replication.
    pub fn agree_to(&self, column: &str, theory: f64, within: f64) {
        for value in self.column(column) {
            println!("| {} {column} | {theory:.5} | {value:.5} |", self.name);
            assert!((value - theory).abs() <= within, "{} {column}: {value}, theory {theory}", self.name);
        }
    }

    /// A column must agree with theory, with a standard error of at most half a per cent of it.
    pub fn agree(&self, column: &str, theory: f64) {
        self.agree_within(column, theory, POWER);
    }

    /// A column must agree with theory, with a standard error of at most this share of it.
    pub fn agree_within(&self, column: &str, theory: f64, power: f64) {
        agree(&format!("{} {column}", self.name), &self.column(column), theory, power);
    }
}

/// Mean and standard error of values of independent replications.
pub fn estimate(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// The mean of values must agree with theory, with a standard error of at most `power` times it.
pub fn agree(what: &str, values: &[f64], theory: f64, power: f64) {
    let (mean, error) = estimate(values);
    println!("| {what} | {theory:.5} | {mean:.5} | {error:.5} |");
    let floor = 1e-6 * theory.abs();
    assert!(
        (mean - theory).abs() < ERRORS * error + floor,
        "{what}: {mean:.5} ± {error:.5}, theory {theory:.5} ({:.1} standard errors)",
        (mean - theory) / error
    );
    assert!(error < power * theory.abs(), "{what}: standard error {error:.5} leaves no power at {theory:.5}");
}

/// The place where an increasing function crosses zero, by bisection.
pub fn root(mut low: f64, mut high: f64, increasing: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if increasing(middle) < 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}
