//! Demand: rates that change, backlogs, and a trace worked out by hand.

use super::support::{agree, live, study};
use orgsim::kernel::streams::Streams;
use orgsim::model::replication::Replication;
use orgsim::observation::trace::Trace;
use orgsim::units::Instant;

/// Counts are Poisson with the integral of the rate as their mean; time runs from the beginning of the past.
#[test]
fn growth_and_seasons_bring_the_integral_of_the_rate() {
    let growth = 1.4f64.ln() / 252.0;
    let rate = |day: f64| (if day % 60.0 < 20.0 { 0.5 } else { 1.5 }) * (growth * day).exp();
    let steps = 1_000_000;
    let expected: f64 =
        (0..steps).map(|n| rate(100.0 + 630.0 * (f64::from(n) + 0.5) / f64::from(steps))).sum::<f64>()
            * 630.0
            / f64::from(steps);
    let runs = live("seasons", &[]);
    runs.agree("work.item.arrived", expected);
    let counts = runs.column("work.item.arrived");
    let squares: Vec<f64> = counts.iter().map(|count| (count - expected).powi(2)).collect();
    agree("variance of the count", &squares, expected, 0.05);
}

#[test]
fn endless_work_keeps_a_person_busy() {
    let runs = live("mm1", &["work.item.arrivals={ endless = 3 }", "horizon=\"10000 days\""]);
    runs.agree("work.item.throughput_per_day", 1.0);
    let in_system = runs.column("in_system");
    assert!(in_system.iter().all(|number| (number - 4.0).abs() < 1e-9), "three wait, one is on the desk");
}

/// The last of 60 exponential services ends after their sum.
#[test]
fn a_finite_backlog_is_worked_off() {
    live("makespan", &[]).agree("work.item.lead_time_mean_days", 61.0 / 2.0);
    let study = study("makespan", &[]);
    let spans: Vec<f64> = (0..1_000)
        .map(|number| {
            let rows = trace(&study, number).items;
            assert_eq!(rows.len(), 60);
            rows.iter().map(|row| row.ended / 8.0).fold(0.0, f64::max)
        })
        .collect();
    agree("makespan", &spans, 60.0, 0.005);
}

fn trace(study: &orgsim::scenario::study::Study, number: u64) -> Trace {
    let mut replication =
        Replication::begin(&study.timelines[0].phases[0].1, Streams::new(study.scenario.seed, number));
    let mut trace = Trace::default();
    replication.run_until(Instant::START + study.horizon, &mut trace).expect("no overrun");
    trace
}

/// Two developers take A and B on day 1, C on day 3, D on day 4, E and F on day 9; the tester takes what is
/// built, first come first served, for half as long.
#[test]
fn a_script_is_followed_to_the_tick() {
    let study = study("trace", &[]);
    let rows = trace(&study, 0).items;
    // B, C, A, D, F, E: days of arrival and of the end.
    let ends = [(1.0, 4.0), (2.0, 4.5), (1.0, 7.0), (2.5, 8.5), (9.0, 9.375), (9.0, 9.75)];
    assert_eq!(rows.len(), ends.len());
    for (row, (born, ended)) in rows.iter().zip(ends) {
        assert_eq!((row.born, row.ended), (born * 8.0, ended * 8.0));
        let ticks: u64 = row.causes.iter().map(|hours| (hours * 3_600_000.0).round() as u64).sum();
        assert_eq!(ticks, ((ended - born) * 8.0 * 3_600_000.0) as u64);
    }
}
