//! What comes again or at once: rounds of rework, redone decisions, killed ideas, dropped repairs, calls on people who
//! are all called already. Each is easily counted twice or not at all.

use super::support::{agree, estimate, live};

fn odds(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

/// Log-odds of 1 on a chance of 10 %, however often work is sent back and whether one stage writes code or two.
#[test]
fn what_moves_the_risk_of_an_item_moves_it_once() {
    let base = (0.1_f64 / 0.9).ln();
    let horizon = "horizon=\"20000 days\"";
    live("round", &[horizon]).agree("change_failure_rate", odds(base + 1.0));
    let twice = "work.item.route=[\"design\", \"build\", \"look\", \"ship\"]";
    live("round", &[horizon, twice]).agree("change_failure_rate", odds(base + 1.0));
    let assisted = "team.dev.assisted=\"100%\"";
    live("round", &[horizon, twice, assisted]).agree("change_failure_rate", odds(base + 1.5));
}

/// A killed idea returns value only until somebody looks, an hour later at most; what is half done when it is killed
/// goes live for nothing, and so does a decision that is done again.
#[test]
fn a_killed_idea_returns_nothing_more() {
    for file in ["killed", "redone"] {
        let value = |bar: &str| estimate(&live(file, &[bar]).column("value_months")).0;
        let (killed, kept) = (value("learning.kill_below=1e6"), value("learning.kill_below=-1e6"));
        assert!(kept > 100.0, "{file}: {kept} engineer-months without killing leave nothing to see");
        assert!(killed < 0.002 * kept, "{file}: {killed} engineer-months of {kept} are left");
    }
}

/// Blame at rate λ sets scare to 1, which fades at rate f: where work begins it is λ/(λ + f) on average, and makes
/// work that many times longer, once more. A week is five days, and nothing of this hangs on weeks.
#[test]
fn scare_fades_between_weeks() {
    for (half_life, days) in [("20 days", 20.0), ("4 hours", 0.5)] {
        let fades = std::f64::consts::LN_2 / days;
        let scared = 0.1 / (0.1 + fades);
        let runs = live("scare", &[&format!("trust.scare_fades={half_life:?}")]);
        runs.agree("team.dev.utilisation", 0.5 * 0.5 * (1.0 + scared) / 20.0);
    }
}

/// Nine hours a piece of work whoever interrupts it, and ten where an hour is built ahead of need.
#[test]
fn an_environment_takes_its_hours_once() {
    let pings = 4.0 / 28_800.0;
    live("environment", &[]).agree("team.dev.utilisation", 0.2 * 9.0 / 8.0 + pings);
    let ahead = [
        "team.dev.code={ components = 1, size_per_engineer = \"1000000 days\", concentration = 0, density = \"0%\" }",
        "complexity={ ahead = 1, starts = 0, weight = 0, needs = \"0%\", refactor = 0, foresight = \"0%\", \
         covers = 1, settles = \"0%\" }",
    ];
    live("environment", &ahead).agree("team.dev.utilisation", 0.2 * 10.0 / 8.0 + pings);
}

/// Each practice rings at its own pace, and a year is the clock's.
#[test]
fn every_practice_has_its_own_false_alarms() {
    let runs = live("alarms", &[]);
    let each = runs.column("false_alarms_per_year");
    let theory = 252.0 / 100.0 + 252.0;
    assert!(each.iter().all(|alarms| (alarms - theory).abs() < 0.2), "{each:?}, theory {theory}");
    let clock =
        "clock={ days_per_week = 4, days_per_month = 17, days_per_quarter = 52, days_per_year = 208 }";
    let each = live("alarms", &[clock]).column("false_alarms_per_year");
    let theory = 208.0 / 100.0 + 208.0;
    assert!(each.iter().all(|alarms| (alarms - theory).abs() < 0.2), "{each:?}, theory {theory}");
}

/// A repair that gives up is offered anew, once a week: as many come as there are weeks, and for each that is done one
/// more when it is taken up and one more when it is done; what two people have in hand at the end was taken up as well.
#[test]
fn a_repair_that_gives_up_is_offered_again() {
    let runs = live("impatient-repair", &["work.repair.patience=\"1 second\""]);
    let (came, done) = (runs.column("work.repair.arrived"), runs.column("work.repair.done"));
    for (came, done) in came.iter().zip(done) {
        assert!(
            (199.0..=201.0 + 2.0 * done + 2.0).contains(came),
            "{came} repairs in 200 weeks, {done} done"
        );
    }
}

/// Five measurements of ten days each take fifty days, though all come at once and there is one person.
#[test]
fn a_measurement_waits_for_somebody_to_look() {
    let duty = live("measured", &[]).column("team.dev.duty");
    assert!(duty.iter().all(|share| (share - 0.25).abs() < 1e-9), "{duty:?}");
}

/// A hazard h of leaving is at most h·e where everyone is always called, however long a call is.
#[test]
fn a_long_duty_counts_as_no_more_than_all_of_the_time() {
    let departures = live("called", &[]).column("departures_per_year");
    let (mean, error) = estimate(&departures);
    let hazard = -(0.95_f64.ln());
    let bounds = hazard - 4.5 * error..hazard * 1.0_f64.exp() + 4.5 * error;
    assert!(bounds.contains(&mean), "{mean} ± {error} departures a year, theory {bounds:?}");
    assert!(error < 0.2 * hazard * 1.0_f64.exp(), "{error} leaves no power");
}

/// A leader's desk has no people whose levels count, and horizons beyond fifty years have levels as well.
#[test]
fn levels_are_of_engineers_however_long_they_are_watched() {
    let set = ["pressure.weeks_to_tire=1", "warmup=\"100 days\""];
    agree("tiredness", &live("round", &set).column("tiredness"), 1.0, 0.01);
}
