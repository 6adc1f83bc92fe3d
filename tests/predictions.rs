//! Facts that set no default, predicted by the preset `typical` and compared in `docs/model.md`, misses included.
//!
//! The page's numbers are those that come out here. Nothing asserts that a prediction is good.

use orgsim::experiment::run::{RunOptions, run};
use orgsim::kernel::streams::Streams;
use orgsim::model::replication::Replication;
use orgsim::observation::trace::{ItemRow, Trace};
use orgsim::scenario::study::{Amendments, Study};
use orgsim::statistics::interval::quantile;
use orgsim::statistics::moments::{mean, variance};
use orgsim::statistics::rank::spearman;
use orgsim::units::{Instant, Ticks};
use std::path::PathBuf;

const PAGE: &str = include_str!("../docs/model.md");
const RUNS: u64 = 40;
const HOURS_PER_DAY: f64 = 8.0;
const MONTH_HOURS: f64 = 21.0 * HOURS_PER_DAY;
/// Months before anything is looked at, looked at, and after that (so that what was begun has ended).
const MONTHS: [u32; 3] = [12, 37, 2];

fn study(set: &[&str]) -> Study {
    let text =
        "extends = \"typical\"\nhorizon = \"777 days\"\n[[team]]\nname = \"Checkout\"\nengineers = 7\n";
    let set = set.iter().map(|change| (*change).to_owned()).collect();
    let amendments = Amendments { set, policies: Vec::new() };
    match Study::from_text("predicted.toml", text.as_bytes(), PathBuf::from("."), &amendments) {
        Ok((study, _)) => study,
        Err(refusal) => panic!("{}", orgsim::scenario::render(&refusal.problems, &refusal.sources, false)),
    }
}

/// What went live in each replication of what was begun before the last months.
fn logs(set: &[&str]) -> Vec<Vec<ItemRow>> {
    let study = study(set);
    let plan = &study.timelines[0].phases[0].1;
    let log = |number| {
        let mut replication = Replication::begin(plan, Streams::new(study.scenario.seed, number));
        let mut trace = Trace::default();
        let end = f64::from(MONTHS.iter().sum::<u32>()) * MONTH_HOURS;
        replication.run_until(Instant::START + Ticks::from_hours(end), &mut trace).expect("no overrun");
        let begun = |row: &ItemRow| row.pulled.is_some_and(|pulled| pulled < end - 2.0 * MONTH_HOURS);
        trace.items.into_iter().filter(|row| row.end == "live" && begun(row)).collect()
    };
    (0..RUNS).map(log).collect()
}

fn cycle(row: &ItemRow) -> f64 {
    row.ended - row.pulled.unwrap_or(row.ended)
}

/// The mean over replications.
fn over_runs(logs: &[Vec<ItemRow>], read: impl Fn(&[ItemRow]) -> f64) -> f64 {
    mean(&logs.iter().map(|rows| read(rows)).collect::<Vec<_>>())
}

/// The months looked at, of a replication: mean WIP, items done, mean cycle time.
fn months(rows: &[ItemRow]) -> [Vec<f64>; 3] {
    let month = |at: u32| {
        let (from, to) = (f64::from(at) * MONTH_HOURS, f64::from(at + 1) * MONTH_HOURS);
        let within = |row: &ItemRow| (row.ended.min(to) - row.pulled.unwrap_or(to).max(from)).max(0.0);
        let done: Vec<f64> =
            rows.iter().filter(|row| row.ended >= from && row.ended < to).map(cycle).collect();
        (rows.iter().map(within).sum::<f64>() / MONTH_HOURS, done.len() as f64, mean(&done))
    };
    let all: Vec<_> = (MONTHS[0]..MONTHS[0] + MONTHS[1]).map(month).collect();
    [
        all.iter().map(|it| it.0).collect(),
        all.iter().map(|it| it.1).collect(),
        all.iter().map(|it| it.2).collect(),
    ]
}

fn differences(series: &[f64]) -> Vec<f64> {
    series.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// Standard deviation of the logarithm of cycle times.
fn log_spread(rows: &[ItemRow]) -> f64 {
    variance(&rows.iter().map(|row| libm::log(cycle(row).max(1e-3))).collect::<Vec<_>>()).sqrt()
}

fn wip_and_flow() -> String {
    let logs = logs(&[]);
    let of = |read: &dyn Fn(&[Vec<f64>; 3]) -> f64| over_runs(&logs, |rows| read(&months(rows)));
    let level = |other: usize| of(&|it| spearman(&it[0], &it[other]));
    let change = |other: usize| of(&|it| spearman(&differences(&it[0]), &differences(&it[other])));
    format!(
        "level: WIP–throughput {:+.2}, WIP–cycle time {:+.2}; differences: WIP–cycle time {:+.2}, WIP–throughput {:+.2}",
        level(1),
        level(2),
        change(2),
        change(1)
    )
}

fn lean() -> String {
    let (before, after) = (logs(&[]), logs(&["team.*.wip={ items = 1, initiatives = 2 }"]));
    let mean_of =
        |logs: &[Vec<ItemRow>]| over_runs(logs, |rows| mean(&rows.iter().map(cycle).collect::<Vec<_>>()));
    format!(
        "mean {:.1} → {:.1} days; σ of the logarithm {:.2} → {:.2}",
        mean_of(&before) / HOURS_PER_DAY,
        mean_of(&after) / HOURS_PER_DAY,
        over_runs(&before, log_spread),
        over_runs(&after, log_spread)
    )
}

/// Cycle time of the slowest tenth, which waits for review as well as for much else.
fn nudging() -> String {
    let slowest = |rows: &[ItemRow]| {
        let mut times: Vec<f64> = rows.iter().map(cycle).collect();
        times.sort_by(f64::total_cmp);
        quantile(&times, 0.9)
    };
    let before = over_runs(&logs(&[]), slowest);
    let after = over_runs(&logs(&["stage.review.review.pick_up=\"at-once\""]), slowest);
    let percent = (after / before - 1.0) * 100.0;
    format!("{percent:+.0} % of the 90th percentile of cycle time, where colleagues turn to reviews at once")
}

fn faster_builds() -> String {
    let small = |rows: &[ItemRow]| {
        let small: Vec<f64> = rows.iter().filter(|row| row.size_hours < 16.0).map(cycle).collect();
        mean(&small)
    };
    let before = over_runs(&logs(&[]), small);
    let after = over_runs(&logs(&["builds.length=\"11 minutes\""]), small);
    format!(
        "{:+.1} % of the cycle time of small changes for builds a minute shorter, at once",
        (after / before - 1.0) * 100.0
    )
}

fn away_from_delivery() -> String {
    let rate = |set: &[&str]| {
        let study = study(set);
        let numbers: Vec<u64> = (0..RUNS).collect();
        let completed = run(&study, &numbers, &RunOptions::to_the_end(Some(2))).expect("threads");
        let at =
            study.columns.iter().position(|column| column.name == "deployments_per_week").expect("a metric");
        mean(
            &completed
                .iter()
                .map(|replication| replication.runs[0].as_ref().expect("a life").values[at])
                .collect::<Vec<_>>(),
        )
    };
    let (before, after) = (rate(&[]), rate(&["stage.release.release.train={ every = \"1 week\" }"]));
    format!("{:+.0} % of deployments, where releases wait for a weekly train", (after / before - 1.0) * 100.0)
}

#[test]
fn the_page_says_what_is_predicted() {
    let predicted = [wip_and_flow(), lean(), nudging(), faster_builds(), away_from_delivery()];
    let missing: Vec<&String> = predicted.iter().filter(|said| !PAGE.contains(said.as_str())).collect();
    assert!(missing.is_empty(), "docs/model.md should say: {missing:#?}");
}
