//! How work begins, whatever serves it first: patience and limits before machines, boards, trains and parts; columns
//! that count what waits; and what is owed, or meets, at one instant.

use super::queues::{birth_death, mean_state};
use super::support::{agree, live, run_policies};

/// The share of items that were dropped.
fn dropped(set: &[&str]) -> Vec<f64> {
    let runs = live("served", set);
    let (dropped, arrived) = (runs.column("work.item.dropped"), runs.column("work.item.arrived"));
    dropped.iter().zip(arrived).map(|(dropped, arrived)| dropped / arrived).collect()
}

/// M/M/1+M (Palm 1957): in state n the chain dies at rate 1 + (n−1)θ; of λ an hour, θ·(those who wait) give up.
fn impatient() -> (f64, f64, f64) {
    let (lambda, theta) = (0.9, 1.0 / 3.0);
    let chances = birth_death(|_| lambda, |n| 1.0 + (n as f64 - 1.0) * theta);
    let waiting: f64 = (2..chances.len()).map(|n| (n - 1) as f64 * chances[n]).sum();
    (mean_state(&chances), theta * waiting / lambda, 1.0 - chances[0])
}

#[test]
fn what_a_machine_runs_on_has_not_to_wait_and_gives_up_no_more() {
    let set = ["work.item.patience={ exponential = \"3 days\" }"];
    let (number, gave_up, busy) = impatient();
    let runs = live("served", &set);
    runs.agree_within("in_system", number, 0.01);
    runs.agree("wip", busy);
    agree("machine first, share that gave up", &dropped(&set), gave_up, 0.02);
}

/// A part that is begun begins its whole: the same chain, with a person as the server.
#[test]
fn whose_part_is_made_gives_up_no_more() {
    let set = ["work.item.patience={ exponential = \"3 days\" }", "work.item.route=[\"need\"]"];
    let (number, gave_up, busy) = impatient();
    let runs = live("served", &set);
    runs.agree_within("in_system", number, 0.01);
    runs.agree("wip", busy);
    agree("parts first, share that gave up", &dropped(&set), gave_up, 0.02);
}

/// Who comes at random in the five days between two meetings waits for the next, u of them with density 1/5, and is
/// still there with chance e^(−u/3): (1 − e^(−5/3)) · 3/5 are heard. So it is with trains.
#[test]
fn what_a_board_or_a_train_comes_too_late_for_has_given_up() {
    let gave_up = 1.0 - (1.0 - (-5.0_f64 / 3.0).exp()) * 3.0 / 5.0;
    for stage in ["sign", "ship"] {
        let route = format!("work.item.route=[\"{stage}\"]");
        let set = ["work.item.patience={ exponential = \"3 days\" }", &route];
        agree(&format!("{stage} first, share that gave up"), &dropped(&set), gave_up, 0.01);
    }
}

/// M/M/1/4: three may wait, and the one in service waits no more.
#[test]
fn a_backlog_before_a_machine_counts_what_waits() {
    let chances = birth_death(|n| if n < 4 { 0.9 } else { 0.0 }, |_| 1.0);
    let set = ["work.item.backlog_limit=3", "horizon=\"8000 days\""];
    live("served", &set).agree("in_system", mean_state(&chances));
    agree("machine first, share refused", &dropped(&set), chances[4], 0.01);
}

/// Erlang's loss system, whose servers are three runners and not the one engineer.
#[test]
fn what_may_not_wait_is_refused_when_no_runner_is_free() {
    let chances = birth_death(|n| if n < 3 { 2.0 } else { 0.0 }, |n| n as f64);
    let set =
        ["work.item.waits=false", "stage.test.machine.runners=3", "work.item.arrivals.poisson=\"2/day\""];
    agree("machine first, share lost", &dropped(&set), chances[3], 0.01);
    live("served", &set).agree("wip", mean_state(&chances));
}

/// Let m be what the first station has finished and the second has not: min(m, c₂) of it stand in the second column and
/// the rest, finished and blocked, in the first. The first column is full all the time, since work waits before it
/// without end; somebody works there while not all of it is blocked, m < c₁ + c₂, and in the second while m > 0. So m is
/// a birth-death chain on 0 … c₁ + c₂. Equal rates and two columns of 2: five states, throughput 4/5.
#[test]
fn columns_count_what_waits_in_them() {
    for (first, second, service) in [(2, 2, 1.0), (1, 2, 1.0), (3, 1, 0.8), (1, 1, 0.8)] {
        let states = birth_death(|m| if m < first + second { 1.0 } else { 0.0 }, |_| 1.0 / service);
        let throughput = (1.0 - states[0]) / service;
        let set = [
            &format!("stage.build.column={first}"),
            &format!("stage.test.column={second}"),
            &format!("stage.test.effort.exponential=\"{service} days\""),
        ];
        let runs = live("columns", &set.map(String::as_str));
        runs.agree("work.item.throughput_per_day", throughput);
        let in_second: f64 = states.iter().enumerate().map(|(m, chance)| m.min(second) as f64 * chance).sum();
        runs.agree("wip_committed", first as f64 + in_second);
        // Between the first column's work and its end: what is begun there and what is blocked there.
        let blocked = mean_state(&states) - in_second;
        let busy = 1.0 - states[first + second];
        runs.agree("wip", in_second + blocked + busy);
    }
    assert!((1.0 - birth_death(|m| if m < 4 { 1.0 } else { 0.0 }, |_| 1.0)[0] - 0.8).abs() < 1e-12);
}

/// Blocking after service before a machine with one place: m ≤ 2 at the machine or finished before it, whose time there
/// follows from their number (Little).
#[test]
fn a_stay_begins_at_the_door() {
    let states = birth_death(|m| if m < 2 { 1.0 } else { 0.0 }, |_| 1.25);
    let throughput = (1.0 - states[0]) * 1.25;
    let runs = live("door", &[]);
    runs.agree("stage.test.stay_mean_days", mean_state(&states) / throughput);
}

/// A hundred people before one runner: what they finish comes at random (M/M/∞), and the runner is an M/M/1+M of its
/// own, though every item has been begun before.
#[test]
fn patience_at_a_later_stage_is_that_stages_own() {
    let (number, gave_up, _) = impatient();
    let set = [
        "work.item.route=[\"build\", \"test\"]",
        "team.dev.engineers=100",
        "stage.test.patience={ exponential = \"3 days\" }",
    ];
    live("served", &set).agree_within("in_system", 0.9 + number, 0.01);
    agree("second stage, share that gave up", &dropped(&set), gave_up, 0.02);
}

/// Eight hours of features leave ten shortcuts of half an hour, which five hours of repair clear, and so on: 5/13 of
/// all hours are repair. Nothing of it waits for the week to end.
#[test]
fn debt_is_repaired_as_soon_as_there_is_any() {
    live("owed", &[]).agree_to("health_share", 5.0 / 13.0, 2e-3);
}

/// Two hundred hours of debt, nothing added, and ten people who are all free at once, of whose time nine tenths are kept
/// for it: the first takes a feature (eight hours; then 0.9 · (8 + 5n) > 5n hours are owed while n < 14 repair), and the
/// nine others repair, for five hours each.
#[test]
fn everybody_who_has_the_share_repairs_at_one_instant() {
    let set = [
        "team.dev.engineers=10",
        "team.dev.share.health=\"90%\"",
        "team.dev.code={ components = 1, size_per_engineer = \"50 days\", density = \"5%\", concentration = 1.0 }",
        "debt.decisions_per_day=0",
        "horizon=\"5 hours\"",
    ];
    let runs = live("owed", &set);
    runs.agree_to("health_share", 0.9, 1e-9);
    runs.agree_to("utilisation", 1.0, 1e-9);
}

/// Builds lengthen against the code as it was, and not against the size that a plan of more people would begin with.
#[test]
fn hiring_shortens_no_build() {
    let policies = run_policies("hired", &[]);
    let minutes: Vec<Vec<f64>> = policies.iter().map(|runs| runs.column("build_minutes")).collect();
    for policy in &minutes[1..] {
        for (one, other) in policy.iter().zip(&minutes[0]) {
            assert!((one - other).abs() < 1e-9 * other, "{one} minutes, and {other} as it was");
        }
    }
    assert!(minutes[0].iter().all(|minutes| *minutes > 1.0), "power: builds take some time");
}

/// Ready at 12 and 52 hours, with everything at the hours 16, 32, 48, 64: whatever else is before the second board, and
/// whatever was called first, an item passes both boards and makes the train at the same instant.
#[test]
fn what_meets_at_one_instant_meets_in_the_order_of_the_route() {
    for set in [&[][..], &["work.other.arrivals.trace.times=[\"30 days\"]"]] {
        let runs = live("instant", set);
        runs.agree_to("work.item.lead_time_mean_days", (4.0 + 12.0) / 2.0 / 8.0, 1e-9);
    }
    // Names of boards decide nothing.
    let swapped = ["stage.first.board=\"alpha\"", "stage.second.board=\"zeta\""];
    live("instant", &swapped).agree_to("work.item.lead_time_mean_days", 1.0, 1e-9);
}

/// By hand: two items alone at a release on demand, of 2 and 3 hours by their rows; 5 of the 40 hours there are.
#[test]
fn a_script_says_how_long_people_ship() {
    let runs = live("shipped", &[]);
    runs.agree_to("work.item.lead_time_least_days", 0.25, 1e-9);
    runs.agree_to("work.item.lead_time_greatest_days", 0.375, 1e-9);
    runs.agree_to("utilisation", 0.125, 1e-9);
}
