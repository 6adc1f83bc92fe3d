//! Machines, and incidents that interrupt people.

use super::queues::mmc_wait;
use super::support::live;

#[test]
fn machines_with_runners_are_an_mmc() {
    let runs = live("machine", &[]);
    runs.agree("stage.test.stay_mean_days", 1.0 + mmc_wait(3, 2.1, 1.0));
    // 30 % of runs repeat: the run of an item is exponential with mean 1/0.7 of a run's.
    let set = ["stage.test.machine.flaky=\"30%\"", "stage.test.machine.run.exponential=\"0.7 days\""];
    live("machine", &set).agree("stage.test.stay_mean_days", 1.0 + mmc_wait(3, 2.1, 1.0));
    let unlimited = live("machine", &["stage.test.machine.runners=\"unlimited\"", "horizon=\"2500 days\""]);
    unlimited.agree("stage.test.stay_mean_days", 1.0);
    unlimited.agree("in_system", 2.1);
}

/// Preemptive resume with incidents as the first class (White & Christie 1958): service of the first class is
/// Exp(0.4) + 0.3 + Exp(0.3), T = (S(1 − ρ) + R) / ((1 − ρ₁)(1 − ρ)).
#[test]
fn incidents_interrupt_and_work_goes_on() {
    let (rate, mean): (f64, f64) = (0.2, 1.0);
    let second = 0.4 * 0.4 + 0.3 * 0.3 + mean * mean;
    let (first, all) = (rate * mean, rate * mean + 0.5);
    let residual = rate * second / 2.0 + 0.5 * 2.0 / 2.0;
    let time = ((1.0 - all) + residual) / ((1.0 - first) * (1.0 - all));
    let runs = live("incidents", &[]);
    runs.agree_within("work.item.lead_time_mean_days", time, 0.01);
    runs.agree("team.dev.duty", first);
    runs.agree("team.dev.utilisation", 0.5);
    runs.agree("incidents_per_week", 5.0 * rate);
    // A candidate is one with a chance: half as many, at half the gaps.
    let thinned =
        live("incidents", &["incidents.ambient={ gaps = { exponential = \"2.5 days\" }, chance = \"50%\" }"]);
    thinned.agree_within("work.item.lead_time_mean_days", time, 0.01);
}

/// Detection keeps nobody: the same interruptions, later.
#[test]
fn detection_keeps_nobody() {
    let runs = live("incidents", &["incidents.detection=\"3 days\"", "horizon=\"13000 days\""]);
    runs.agree("team.dev.duty", 0.2);
}

/// Each incident costs a fixed resumption, also one that follows another without a break. An item that takes W
/// of work is on the desk for W / (1 − ρ₁), so W = S + c·λ₁·W / (1 − ρ₁).
#[test]
fn taking_work_up_again_costs_what_is_said() {
    let runs = live("incidents", &["switching.resumption=\"2 hours\"", "horizon=\"9000 days\""]);
    runs.agree("team.dev.utilisation", 0.5 / (1.0 - 0.25 * 0.2 / 0.8));
}
