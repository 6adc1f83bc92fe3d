//! Boards, approvers, chains and trains.

use super::queues::mg1_wait;
use super::support::{agree, live};

#[test]
fn the_wait_for_a_board_is_uniform() {
    let runs = live("board", &[]);
    runs.agree("stage.approve.stay_mean_days", 2.5);
    runs.agree("stage.approve.stay_variance_days2", 25.0 / 12.0);
    runs.agree("work.item.lead_time_p95_days", 4.75);
}

/// M/D^[b]/1: the queue before a meeting is N' = max(N − b, 0) + Poisson(λT) (Bailey 1954), solved by iteration;
/// between meetings it grows by λT/2 on average, and Little's law gives the wait.
fn bulk_wait(lambda: f64, period: f64, slots: usize) -> f64 {
    let brought = lambda * period;
    let mut arrivals = vec![(-brought).exp()];
    (1..60).for_each(|n| arrivals.push(arrivals[n - 1] * brought / n as f64));
    let mut before = vec![0.0; 200];
    before[0] = 1.0;
    for _ in 0..3_000 {
        let mut next = vec![0.0; 200];
        for (n, chance) in before.iter().enumerate() {
            for (more, arrived) in arrivals.iter().enumerate() {
                next[(n.saturating_sub(slots) + more).min(199)] += chance * arrived;
            }
        }
        before = next;
    }
    let left: f64 =
        before.iter().enumerate().map(|(n, chance)| n.saturating_sub(slots) as f64 * chance).sum();
    (left + brought / 2.0) / lambda
}

#[test]
fn a_board_with_slots_is_a_bulk_queue() {
    for (slots, lambda) in [(3, 0.45), (8, 1.3)] {
        let set = [
            format!("board.architecture.slots={slots}"),
            format!("work.item.arrivals.poisson=\"{lambda}/day\""),
            "horizon=\"9000 days\"".to_owned(),
        ];
        let runs = live("board", &set.each_ref().map(String::as_str));
        runs.agree_within("stage.approve.stay_mean_days", bulk_wait(lambda, 5.0, slots), 0.01);
    }
}

/// Rejected 30 % of the time and heard again: a geometric number of further meetings.
#[test]
fn what_a_board_rejects_is_heard_again() {
    for inclusive in ["false", "true"] {
        let inclusive = format!("board.architecture.inclusive={inclusive}");
        let runs = live("board", &["board.architecture.rejects=\"30%\"", &inclusive]);
        runs.agree("stage.approve.stay_mean_days", 2.5 + 5.0 * 0.3 / 0.7);
        let variance = 25.0 / 12.0 + 25.0 * 0.3 / (0.7 * 0.7);
        runs.agree_within("stage.approve.stay_variance_days2", variance, 0.012);
    }
}

/// Items come at the very instant of a meeting: they make it only where the board says so.
#[test]
fn ready_at_the_very_instant_of_a_meeting_or_a_train() {
    let every = "work.item.arrivals={ every = \"1 day\" }";
    // Arrivals on days 1, 2, 3, 4 and 5 of a period of 5 wait 4, 3, 2, 1 and 0 or 5 days.
    let exact = |runs: super::support::PolicyRuns, days: f64| {
        let column = runs.column("work.item.lead_time_mean_days");
        assert!(column.iter().all(|mean| (mean - days).abs() < 0.01), "{column:?}, theory {days}");
    };
    exact(live("board", &[every]), 3.0);
    exact(live("board", &[every, "board.architecture.inclusive=true"]), 2.0);
    let weekly = "stage.ship.release.train.every=\"5 days\"";
    exact(live("train", &[every, weekly]), 3.0);
    exact(live("train", &[every, weekly, "stage.ship.release.train.inclusive=true"]), 2.0);
}

#[test]
fn an_approver_is_a_slow_server() {
    // Ten of forty hours: an hour of hearing takes half a day.
    let second = 0.25 * (1.0 + 1.2 * 1.2);
    let runs = live("approver", &[]);
    runs.agree_within("stage.approve.stay_mean_days", 0.5 + mg1_wait(1.2, 0.5, second), 0.01);
    let automatic = live("approver", &["approver.head.automatic=\"40%\""]);
    let rate = 1.2 * 0.6;
    automatic.agree_within("work.item.lead_time_mean_days", 0.6 * (0.5 + mg1_wait(rate, 0.5, second)), 0.01);
    automatic.agree_within("decision_days", 0.5 + mg1_wait(rate, 0.5, second), 0.01);
}

/// Order statistics of independent exponentials (Rényi 1953): the k-th of n has mean Σ 1/(n−j), j < k.
#[test]
fn a_chain_waits_for_enough_voices() {
    let cases: [(&[&str], f64); 5] = [
        (&[], 1.0 + 1.0 / 2.0 + 1.0 / 3.0),
        (&["chain.all.quorum=2"], 1.0 / 3.0 + 1.0 / 2.0),
        (&["chain.all.quorum=1"], 1.0 / 3.0),
        (&["chain.all.mode=\"series\""], 3.0),
        (&["chain.all.mode=\"series\"", "chain.all.quorum=2"], 2.0),
    ];
    for (set, theory) in cases {
        live("chain", set).agree("stage.approve.stay_mean_days", theory);
    }
    // Two of three must agree and each says no half the time: rounds are repeated until two have agreed. A round
    // ends at the second equal voice; of its four equally likely first two voices, two agree with each other.
    let set = [
        "chain.all.quorum=2",
        "approver.a.rejects=\"50%\"",
        "approver.b.rejects=\"50%\"",
        "approver.c.rejects=\"50%\"",
    ];
    let round = 0.5 * (1.0 / 3.0 + 1.0 / 2.0) + 0.5 * (11.0 / 6.0);
    live("chain", &set).agree("stage.approve.stay_mean_days", 2.0 * round);
}

/// min(X, 1) has mean 1 − 1/e; then the higher gate alone decides, after 2 days on average.
#[test]
fn what_waits_too_long_escalates() {
    let late = (-1.0f64).exp();
    live("escalation", &[]).agree("stage.approve.stay_mean_days", 1.0 - late);
    let above = live("escalation", &["chain.line.escalation.to=\"above\""]);
    above.agree("stage.approve.stay_mean_days", (1.0 - late) + late * 2.0);
}

/// Flatto & Hahn 1984, Nelson & Tantawi 1988: T = (12 − ρ)/8 · 1/(μ − λ). Where one voice is enough, the other is no
/// longer asked: both approvers always hear the same petition, an M/M/1 of twice the rate.
#[test]
fn two_voices_at_once_are_a_fork_and_join() {
    live("forkjoin", &[]).agree_within("stage.approve.stay_mean_days", (12.0 - 0.6) / 8.0 / 0.4, 0.01);
    let one = live("forkjoin", &["chain.both.quorum=1"]);
    one.agree_within("stage.approve.stay_mean_days", 1.0 / (2.0 - 0.6), 0.01);
}

#[test]
fn a_train_carries_what_has_gathered() {
    let runs = live("train", &[]);
    runs.agree("work.item.lead_time_mean_days", 2.0);
    runs.agree("stage.ship.stay_variance_days2", 16.0 / 12.0);
    // Trains with at least one change, a week; each carries λT / (1 − e^−λT) on average.
    let leaving = 1.0 - (-4.0f64).exp();
    runs.agree("deployments_per_week", 5.0 / 4.0 * leaving);
    let (done, deployments) = (runs.column("throughput_per_week"), runs.column("deployments_per_week"));
    let batches: Vec<f64> = done.iter().zip(deployments).map(|(done, trains)| done / trains).collect();
    agree("train, changes a departure", &batches, 4.0 / leaving, 0.005);
}
