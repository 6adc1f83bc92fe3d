//! Passes: whatever is decided about an item at a stage is decided anew at every pass of it, whether the stage stands on
//! the route twice, is returned to a thousand times, or is left to chance.

use super::support::{runs_of, written};

/// Enough people that nobody waits: the lead time is the work.
fn no_queue(stages: &str, arrivals: &str, horizon: &str) -> String {
    format!(
        "extends = \"bare\"\nhorizon = \"{horizon}\"\nwarmup = \"20 days\"\nreplications = 40\n\
         [[team]]\nname = \"dev\"\nengineers = 100\n[work.item]\narrivals = {{ poisson = \"{arrivals}\" }}\n{stages}"
    )
}

/// The sum of two independent exponential times of mean 1 has mean 2 and variance 2; of one of them twice, 4.
#[test]
fn a_stage_that_is_passed_twice_takes_two_efforts() {
    let stages = "route = [\"build\", \"build\"]\n[stage.build]\nteam = \"dev\"\neffort = { exponential = \"1 day\" }\n";
    let runs = runs_of("build twice", &written(&no_queue(stages, "10/day", "1100 days"))).swap_remove(0);
    runs.agree("work.item.lead_time_mean_days", 2.0);
    runs.agree("work.item.lead_time_variance_days2", 2.0);
}

/// A look of a day sends half of what it looks at back to itself, and stands on the route twice. Looks are the sum of
/// two independent geometric numbers: mean 4, variance 2 (1 − p)/p² = 4. If both made the same finds it would be 8.
#[test]
fn a_check_that_is_passed_twice_finds_anew() {
    let stages = "route = [\"look\", \"look\"]\n[stage.look]\nteam = \"dev\"\neffort = \"1 day\"\nfailure = { probability = \"50%\" }\n";
    let runs = runs_of("look twice", &written(&no_queue(stages, "8/day", "250 days"))).swap_remove(0);
    runs.agree("work.item.lead_time_mean_days", 4.0);
    runs.agree_within("work.item.lead_time_variance_days2", 4.0, 0.01);
}

/// Of 100 looks one lets pass: a geometric number of minutes, mean 100 and variance 9900, of which one in thirteen is
/// beyond the 255th.
#[test]
fn rework_is_geometric_to_the_end() {
    let stages = "route = [\"look\"]\n[stage.look]\nteam = \"dev\"\neffort = \"1 minute\"\nfailure = { probability = \"99%\" }\n";
    let runs = runs_of("99 %", &written(&no_queue(stages, "10/day", "180 days"))).swap_remove(0);
    let day = 480.0;
    runs.agree("work.item.lead_time_mean_days", 100.0 / day);
    runs.agree_within("work.item.lead_time_variance_days2", 9_900.0 / (day * day), 0.03);
    let open = runs.column("in_system");
    assert!(open.iter().all(|items| *items < 10.0), "items are stuck: {open:?}");
}

/// A run that is repeated a thousand times on average, which is as flaky as a scenario may say, is repeated more than 2⁸
/// times by three items in four.
#[test]
fn flaky_runs_end_however_many_they_are() {
    let text = "extends = \"bare\"\nhorizon = \"600 days\"\nreplications = 1\n[[team]]\nname = \"dev\"\nengineers = 1\n\
        [work.item]\nbacklog = 400\nroute = [\"run\"]\n\
        [stage.run]\nmachine = { run = \"1 second\", flaky = \"99.9%\" }\n";
    let runs = runs_of("flaky", &written(text)).swap_remove(0);
    assert_eq!(runs.column("work.item.done"), [400.0]);
}

/// A branch is decided at each pass: of G rounds (geometric, mean 2, variance 2) half take a day. Days have mean 1 and
/// variance 2 · ¼ + ¼ · 2 = 1; if an item always took the same branch it would be 2.
#[test]
fn a_branch_is_decided_at_every_pass() {
    let stages = "route = [\"start\", { maybe = \"extra\", probability = \"50%\" }, \"check\"]\n\
        [stage.start]\nteam = \"dev\"\neffort = \"0 hours\"\n[stage.extra]\nteam = \"dev\"\neffort = \"1 day\"\n\
        [stage.check]\nteam = \"dev\"\neffort = \"0 hours\"\nfailure = { probability = \"50%\", back_to = \"start\" }\n";
    let runs = runs_of("branch", &written(&no_queue(stages, "10/day", "350 days"))).swap_remove(0);
    runs.agree("work.item.lead_time_mean_days", 1.0);
    runs.agree_within("work.item.lead_time_variance_days2", 1.0, 0.01);
}

/// A board that rejects half is asked at two stages: two geometric numbers of meetings, a day apart. The first wait is
/// uniform on a day, every other one a whole day: the variance is 1/12 + 2 · 2.
#[test]
fn a_gate_that_two_stages_share_decides_twice() {
    let stages = "route = [\"sign\", \"countersign\"]\n[stage.sign]\ngate = \"board\"\n[stage.countersign]\ngate = \"board\"\n\
        [board.board]\nmeets = { every = \"1 day\" }\nrejects = \"50%\"\n";
    let runs = runs_of("two gates", &written(&no_queue(stages, "10/day", "300 days"))).swap_remove(0);
    runs.agree_within("work.item.lead_time_variance_days2", 1.0 / 12.0 + 4.0, 0.01);
}
