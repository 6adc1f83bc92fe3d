//! Interruptions per hour of work: an M/G/1 of completion times, and schedules worked out by hand.

use super::queues::mg1_wait;
use super::support::{PolicyRuns, live, run_policies, runs_of, written};
use orgsim::scenario::loads;

/// Interruptions in a day of work, and the mean days of one.
const RATE: f64 = 1.0;
const LENGTH: f64 = 0.5;
const DUTY: &str = "team.dev.duty";

/// A service of S is completed after C = S + the interruptions in it, Poisson of mean RATE·S (Gaver 1962, preemptive
/// resume): E[C] = E[S](1 + RATE·D), E[C²] = (1 + RATE·D)²E[S²] + RATE·E[D²]E[S]. Nobody is interrupted while idle, so
/// the queue is an M/G/1 of completion times.
#[test]
fn completion_times_make_an_mg1() {
    for (lasts, second) in [("{ exponential = \"0.5 days\" }", 0.5), ("\"0.5 days\"", 0.25)] {
        for (effort, square) in [("{ exponential = \"1 day\" }", 2.0), ("\"1 day\"", 1.0)] {
            let stretch: f64 = 1.0 + RATE * LENGTH;
            let square = stretch.powi(2) * square + RATE * second;
            let set =
                [format!("team.dev.interruptions.lasts={lasts}"), format!("stage.build.effort={effort}")];
            let runs = live("interrupted", &[&set[0], &set[1]]);
            runs.agree_within(
                "work.item.lead_time_mean_days",
                mg1_wait(0.4, stretch, square) + stretch,
                0.01,
            );
            runs.agree("team.dev.utilisation", 0.4);
            runs.agree(DUTY, 0.4 * RATE * LENGTH);
        }
    }
}

/// Taking work up again costs an hour, in which one may be interrupted again: W = S + c·RATE·W.
#[test]
fn taking_work_up_again_is_work_too() {
    let runs = live("interrupted", &["switching.resumption=\"1 hour\""]);
    let work = 0.4 / (1.0 - 0.125 * RATE);
    runs.agree("team.dev.utilisation", work);
    runs.agree(DUTY, work * RATE * LENGTH);
}

/// It is time at the desk: several items there count once, and part of a week or of attention counts whole.
#[test]
fn the_clock_of_the_desk_counts() {
    for set in ["team.dev.wip.active=\"unlimited\"", "team.dev.engineers=3"] {
        let runs = live("interrupted", &[set]);
        let people = if set.contains("engineers") { 3.0 } else { 1.0 };
        runs.agree("team.dev.utilisation", 0.4 / people);
        runs.agree(DUTY, 0.4 * RATE * LENGTH / people);
    }
    for set in ["team.dev.attention=\"80%\"", "team.dev.part_time=[{ people = 1, share = \"80%\" }]"] {
        let runs = live("interrupted", &[set]);
        runs.agree("team.dev.utilisation", 0.5);
        runs.agree(DUTY, 0.5 * RATE * LENGTH);
    }
}

#[test]
fn whoever_has_nothing_to_do_is_not_interrupted() {
    live("interrupted", &["work.item.arrivals.poisson=\"0.0000001/day\""]).agree_to(DUTY, 0.0, 1e-6);
}

/// Absences and interruptions together: work without end goes on in what both leave. Stretches of work end only by
/// interruptions or absences; by the clock, of the days on which somebody is there (20 of 25) each of work comes
/// with half a day away. An interruption that an absence begins in has its end in it, most of the time: what is
/// left of it is over when the person is back, so that part is checked to within the length of one for each absence.
#[test]
fn absences_go_on_beside_them() {
    let runs = live(
        "interrupted",
        &[
            "work.item={ arrivals = { endless = 2 }, route = [\"build\"] }",
            "team.dev.absence={ between = { exponential = \"20 days\" }, lasts = \"5 days\" }",
            "horizon=\"80000 days\"",
            "replications=20",
        ],
    );
    let there = 20.0 / 25.0 / (1.0 + RATE * LENGTH);
    for work in runs.column("team.dev.utilisation") {
        assert!((work - there).abs() < 0.25 / 25.0 + 0.005, "{work}, about {there}");
    }
}

/// The load that `check` says divides by 1 + rate × length.
#[test]
fn the_load_counts_them() {
    let study = super::support::study("interrupted", &[]);
    let loads = loads(&study.baseline().phases[0].1, &study.window());
    let load = loads.iter().find(|load| load.name == "dev").expect("a load").share();
    assert!((load - 0.4 * (1.0 + RATE * LENGTH)).abs() < 1e-9, "{load}");
}

/// A person, 3 hours between interruptions of an hour each, and items that take so long. Two items of 7 hours at once
/// are 14 hours of work, interrupted after 3, 6, 9 and 12 of them: done at 7 + 2 and 14 + 4.
/// Items of 2 hours at the end of each second day: work is done in hours 0–2, 2–4 … of all work, so the second, third
/// and fifth are interrupted at 3, 6 (which is the end of the third: it is done first, and the fourth begins late) and
/// 9; idle time between does not count.
#[test]
fn a_schedule_by_hand() {
    let days = |arrivals: &str, effort: &str, count: usize| {
        let text = format!(
            "extends = \"bare\"\nhorizon = \"100 days\"\nreplications = 2\nstop = {{ items = {count} }}\n\
             [[team]]\nname = \"dev\"\nengineers = 1\n\
             interruptions = {{ between = \"3 hours\", lasts = \"1 hour\" }}\n\
             [work.item]\n{arrivals}\nroute = [\"build\"]\n[stage.build]\nteam = \"dev\"\neffort = \"{effort}\"\n"
        );
        runs_of(&text, &written(&text)).swap_remove(0)
    };
    let hours = |runs: &PolicyRuns, hours: f64| runs.agree_to("observed_days", hours / 8.0, 1e-6);
    hours(&days("backlog = 2", "7 hours", 1), 9.0);
    hours(&days("backlog = 2", "7 hours", 2), 18.0);
    let spaced =
        "arrivals = { trace = { times = [\"2 days\", \"4 days\", \"6 days\", \"8 days\", \"10 days\"] } }";
    for (count, done) in [(1, 18.0), (2, 35.0), (3, 50.0), (4, 67.0), (5, 83.0)] {
        hours(&days(spaced, "2 hours", count), done);
    }
}

/// A policy brings them in, makes them rarer, or lays out the organisation anew: what follows is as the new plan says,
/// and without any they are as in the baseline to the bit.
#[test]
fn policies_change_them() {
    let text = |own: &str| {
        format!(
            "extends = \"bare\"\npast = \"200 days\"\nhorizon = \"600 days\"\nwarmup = \"50 days\"\nreplications = 40\n\
             [[team]]\nname = \"dev\"\nengineers = 4\n{own}\
             [work.item]\narrivals = {{ poisson = \"1.6/day\" }}\nroute = [\"build\"]\n\
             [stage.build]\nteam = \"dev\"\neffort = {{ exponential = \"1 day\" }}\n\
             [policy.as]\nbaseline = true\n\
             [policy.rare]\n\"team.dev.interruptions\" = {{ between = {{ exponential = \"4 days\" }}, lasts = \"0.5 days\" }}\n\
             [policy.more]\n\"team.dev.engineers\" = 5\n\
             [policy.shaped]\n\"work.item.route\" = [\"build\", \"look\"]\n\
             [stage.look]\nteam = \"dev\"\neffort = \"0 minutes\"\n"
        )
    };
    let own =
        "interruptions = { between = { exponential = \"1 day\" }, lasts = { exponential = \"0.5 days\" } }\n";
    let (with, without) = (text(own), text(""));
    let (with, without) = (runs_of("with", &written(&with)), runs_of("without", &written(&without)));
    for (at, people, duty) in [(0, 4.0, 0.5), (1, 4.0, 0.125), (2, 5.0, 0.5), (3, 4.0, 0.5)] {
        with[at].agree_within(DUTY, 1.6 * duty / people, 0.02);
    }
    without[0].agree_to(DUTY, 0.0, 0.0);
    without[1].agree_within(DUTY, 1.6 * 0.125 / 4.0, 0.02);
    without[3].agree_to(DUTY, 0.0, 0.0);
}

/// Of 252 days with work without end, a team whose absences of 5 days come after 10 works 170: 16 rounds of 10, and 10
/// of the last 12. From day 63 on it works 63 days and then 10 of each 15, 12 rounds of them, and the last 9.
#[test]
fn a_policy_brings_absences_to_a_team_while_another_has_them() {
    let runs = run_policies("brought-absence", &[]);
    let (all, from_the_start, later) = (252.0, 170.0, 63.0 + 12.0 * 10.0 + 9.0);
    for (policy, worked) in runs.iter().zip([all, from_the_start, later]) {
        policy.agree_to("utilisation", (from_the_start + worked) / (2.0 * all), 1e-9);
    }
}

/// An incident opens on day 50 and is known of on day 51, when two of five are called; on day 63 a policy leaves incidents
/// out, and they are free: 12 of 252 days of two of five.
#[test]
fn whoever_is_on_a_duty_of_what_a_policy_leaves_out_is_free() {
    let runs = run_policies("left-out", &[]);
    let [_, without] = &runs[..] else { panic!("two policies") };
    without.agree_to("team.dev.duty", 2.0 * 12.0 / (5.0 * 252.0), 1e-9);
}

/// A policy that brings a mechanism in changes no shape: nothing says what a reorganisation costs, and yet it goes on from
/// the common past.
#[test]
fn what_brings_a_mechanism_in_keeps_the_common_past() {
    let study = written(
        r#"
extends = "bare"
horizon = "20 days"
past = "20 days"
replications = 1
objective = "throughput"

[[team]]
name = "dev"
engineers = 1

[work.item]
arrivals = { endless = 5 }
route = ["build"]

[stage.build]
team = "dev"
effort = "1 day"

[policy.today]
baseline = true

[policy.away]
"team.dev.absence" = { between = "10 days", lasts = "5 days" }
"#,
    );
    assert!(study.timelines.iter().all(|timeline| !timeline.own_past), "a common past");
    // From the fork on: 10 days of work, 5 away, and the last 5 of work.
    runs_of("brought", &study)[1].agree_to("utilisation", 15.0 / 20.0, 1e-9);
}
