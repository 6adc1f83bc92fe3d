//! Initiatives that are wanted as a whole: seats, limits, what a full backlog does, and limits that never bind.

use super::support::{agree, live, study};
use orgsim::experiment::run::{RunOptions, run};
use orgsim::kernel::streams::Streams;
use orgsim::model::replication::Replication;

const NO_LIMIT: &str = "team.dev.wip.initiatives=\"unlimited\"";
const ONCE: [&str; 3] =
    ["work.item.arrivals={ trace = { times = [\"1 hour\"] } }", "horizon=\"200 days\"", "warmup=\"0 days\""];

/// Ten items of eight hours with room for s at once take ⌈10 / s⌉ rounds, however many people there are; in order, ten.
#[test]
fn as_many_people_work_on_an_initiative_as_it_has_seats() {
    for (seats, in_order, rounds) in
        [("1", "0%", 10), ("3", "0%", 4), ("\"unlimited\"", "0%", 2), ("3", "100%", 10)]
    {
        let whole = format!(
            "work.item.initiative={{ size = \"80 hours\", seats = {seats}, in_order = \"{in_order}\" }}"
        );
        let set: Vec<&str> = ONCE.iter().copied().chain([whole.as_str(), "replications=1"]).collect();
        let greatest = live("initiatives", &set).column("work.item.lead_time_greatest_days")[0];
        assert!(
            (greatest - f64::from(rounds)).abs() < 1e-9,
            "{seats} seats: {greatest} days, {rounds} rounds"
        );
    }
}

/// One at a time, by one person at a time: M/D/1 of whole initiatives. The jth of its five items is live after the wait
/// and j of eight hours.
#[test]
fn a_limit_of_one_is_a_queue_of_whole_initiatives() {
    let (service, rho) = (5.0, 0.1 * 5.0);
    let wait = rho * service / (2.0 * (1.0 - rho));
    live("initiatives", &[]).agree_within("lead_time_mean_days", wait + 3.0, 0.01);
    // Of a drawn size the items are cut in proportion to draws of their own, and add up to it.
    let drawn = [
        "work.item.initiative={ size = { exponential = \"40 hours\" }, seats = 1 }",
        "work.item.size={ exponential = \"8 hours\" }",
    ];
    agree("utilisation", &live("initiatives", &drawn).column("utilisation"), rho / 6.0, 0.01);
}

/// One in hand and one that waits: of Poisson arrivals with exponential service ρ² / (1 + ρ + ρ²) are lost, whoever leaves.
#[test]
fn a_full_backlog_refuses_or_displaces_whole_initiatives() {
    let base = [
        "work.item.initiative={ size = { exponential = \"40 hours\" }, seats = 1 }",
        "work.item.backlog_limit=1",
        "work.item.arrivals={ poisson = \"0.2/day\" }",
        "horizon=\"6500 days\"",
    ];
    for when_full in ["refuse", "displace"] {
        let full = format!("work.item.when_full={when_full}");
        let set: Vec<&str> = base.iter().copied().chain([full.as_str()]).collect();
        let runs = live("initiatives", &set);
        let lost: Vec<f64> = runs
            .column("work.item.dropped")
            .iter()
            .zip(runs.column("work.item.arrived"))
            .map(|(dropped, arrived)| dropped / arrived)
            .collect();
        agree(when_full, &lost, 1.0 / 3.0, 0.01);
    }
}

/// An initiative that is built, but not live, is no longer in the way of the next where the scenario says so.
#[test]
fn an_initiative_counts_until_it_is_built_or_live() {
    for (frees, days) in [("live", 1.0 + 10.0), ("built", 1.0)] {
        let whole = format!("work.item.initiative={{ size = \"8 hours\", seats = 1, frees = \"{frees}\" }}");
        let set = [
            whole.as_str(),
            "work.item.arrivals={ endless = 2 }",
            "stage.run.machine={ run = \"80 hours\" }",
            "horizon=\"2200 days\"",
            "replications=2",
        ];
        let found = live("initiatives", &set).column("throughput_per_week")[0];
        assert!((found - 5.0 / days).abs() < 0.01, "{frees}: {found} a week");
    }
}

/// Whoever waits for an initiative gives it up as a whole, and once it is begun not at all.
#[test]
fn an_initiative_is_given_up_as_a_whole() {
    let set = [
        "work.item.arrivals={ trace = { times = [\"1 hour\", \"2 hours\"] } }",
        "work.item.patience=\"3 days\"",
        "horizon=\"200 days\"",
        "warmup=\"0 days\"",
        "replications=1",
    ];
    let runs = live("initiatives", &set);
    assert_eq!(runs.column("work.item.dropped")[0], 5.0);
    assert_eq!(runs.column("work.item.done")[0], 5.0);
}

/// Every number of every replication, bit by bit.
fn bits(file: &str, set: &[&str]) -> Vec<u64> {
    let study = study(file, set);
    let options = RunOptions::to_the_end(Some(2));
    let rows = run(&study, &[0, 1, 2, 3], &options).expect("threads");
    let outcomes = rows.into_iter().flat_map(|row| row.runs).map(|run| run.expect("a replication"));
    outcomes.flat_map(|outcome| outcome.values).map(f64::to_bits).collect()
}

/// A limit that never binds changes nothing, and neither does the way in which it is said.
#[test]
fn a_limit_that_never_binds_changes_no_bit() {
    let shared = [
        "horizon=\"1000 days\"",
        "work.item.initiative.seats=3",
        "work.item.initiative.under_way=true",
        "work.item.arrivals={ poisson = \"0.5/day\" }",
    ];
    for finish_first in ["team.dev.finish_first=false", "team.dev.finish_first=true"] {
        let with = |limit: &[&str]| {
            let set: Vec<&str> =
                shared.iter().copied().chain([NO_LIMIT, finish_first]).chain(limit.iter().copied()).collect();
            bits("initiatives", &set)
        };
        let without = with(&[]);
        for limit in
            ["team.dev.wip.initiatives=100000", "team.dev.wip.items=100000", "team.dev.wip.team=100000"]
        {
            assert!(with(&[limit]) == without, "{finish_first} {limit}");
        }
        // Six people at a third of a one for each are two.
        let two = with(&["team.dev.wip.initiatives=2"]);
        assert!(with(&["team.dev.wip.initiatives={ per_head = 0.34 }"]) == two);
        assert!(two != without, "a limit of two binds");
    }
}

/// What is left, at the start, of each initiative that is under way, in hours; and how many the team has begun.
fn left_at_start(set: &[&str], replications: u64) -> (Vec<f64>, Vec<u32>) {
    let study = study("initiatives", set);
    let (mut left, mut begun) = (Vec::new(), Vec::new());
    for number in 0..replications {
        let streams = Streams::new(study.scenario.seed, number);
        let org = Replication::begin(&study.timelines[0].phases[0].1, streams).ctx.org;
        begun.push(org.teams[0].active_initiatives);
        for (_, initiative) in org.initiatives.iter().filter(|(_, initiative)| initiative.active) {
            // Nobody errs about it.
            left.push(initiative.whole.expect("a whole").believed_hours);
        }
    }
    (left, begun)
}

/// What is met under way is large in proportion to its size, and a uniform share of it is left: P(left ≤ x) = ∫₀ˣ (1 − F(u)) du / E
/// (Cox 1962). Kolmogorov's distance of n is beyond 1.95 / √n once in a thousand times.
#[test]
fn a_replication_begins_with_what_is_left_of_initiatives_under_way() {
    type Law = fn(f64) -> f64;
    let laws: [(&str, Law); 3] = [
        ("\"400 hours\"", |x| x / 400.0),
        ("{ exponential = \"400 hours\" }", |x| 1.0 - (-x / 400.0).exp()),
        ("{ uniform = { min = \"0 hours\", max = \"400 hours\" } }", |x| (x - x * x / 800.0) / 200.0),
    ];
    for (size, law) in laws {
        let whole = format!("work.item.initiative={{ size = {size}, seats = 1, under_way = true }}");
        let (mut left, begun) = left_at_start(&[&whole, NO_LIMIT], 300);
        assert!(begun.iter().all(|begun| *begun == 6), "one a head: {begun:?}");
        left.sort_by(f64::total_cmp);
        let n = left.len() as f64;
        let distance = left.iter().enumerate().map(|(at, x)| (law(*x) - (at as f64 + 0.5) / n).abs());
        let distance = distance.fold(0.0, f64::max) + 0.5 / n;
        println!("{size}: {} left, distance {distance:.4}", left.len());
        assert!(n == 1800.0 && distance < 1.95 / n.sqrt(), "{size}: {distance}");
    }
    for (limit, begun) in [("2", 2), ("40", 6), ("{ per_head = 0.5 }", 3)] {
        let limit = format!("team.dev.wip.initiatives={limit}");
        let whole = "work.item.initiative.under_way=true";
        assert_eq!(left_at_start(&[whole, &limit], 1).1, [begun], "{limit}");
    }
    assert_eq!(left_at_start(&[], 1).1, [0]);
}

/// One that is under way has no more seats than others, and is done like them: forty hours of one seat's work at the most, of
/// which a uniform share is left.
#[test]
fn what_is_under_way_at_the_start_is_done_like_any_other() {
    let set = [
        "work.item.initiative={ size = \"40 hours\", seats = 1, under_way = true }",
        "work.item.arrivals=none",
        "horizon=\"100 days\"",
        "warmup=\"0 days\"",
        "replications=400",
    ];
    let runs = live("initiatives", &set);
    for greatest in runs.column("work.item.lead_time_greatest_days") {
        assert!((0.0..=5.0).contains(&greatest), "{greatest} days");
    }
    agree("half is left", &runs.column("work.item.lead_time_greatest_days"), 2.5, 0.05);
    assert!(runs.column("work.item.done").iter().all(|done| *done >= 1.0));
}
