//! What headlines count: work that was asked for, from commitment on, and what comes after the window.

use super::support::{PolicyRuns, live, runs_of, study, written};
use orgsim::experiment::replicate::{RUN_OFFS, replicate};
use orgsim::units::Ticks;

fn exact(runs: &PolicyRuns, column: &str, theory: f64) {
    runs.agree_to(column, theory, 1e-9 * theory.abs().max(1.0));
}

/// Nobody promises anything before there is somebody to do it: in an M/M/1 commitment is the start of service, and what
/// is committed to and not live is what is served.
#[test]
fn in_an_mm1_commitment_is_the_start_of_service() {
    let (lambda, mu) = (0.7, 1.0);
    let runs = live("mm1", &["horizon=\"48000 days\""]);
    runs.agree("committed_time_mean_days", 1.0 / mu);
    runs.agree("committed_time_p50_days", 2f64.ln() / mu);
    runs.agree("committed_time_p85_days", -(0.15_f64.ln()) / mu);
    runs.agree_within("committed_time_p95_days", 20f64.ln() / mu, 0.01);
    runs.agree("wip_committed", lambda / mu);
    runs.agree_within("lead_time_backlog_days", lambda / (mu * (mu - lambda)), 0.01);
    exact(&runs, "lead_time_turn_days", 0.0);
}

/// One initiative at a time, by one person at a time (M/D/1 of wholes): all five of its items are committed to when the
/// first is taken up, and the jth is live after j of one day. By Little's law as many are committed to as come a day times
/// three days.
#[test]
fn an_initiative_is_committed_to_as_a_whole_when_it_is_begun() {
    let (service, rate) = (5.0, 0.1);
    let wait = rate * service * service / (2.0 * (1.0 - rate * service));
    let runs = live("initiatives", &[]);
    runs.agree_within("committed_time_mean_days", 3.0, 0.01);
    runs.agree_within("lead_time_turn_days", 2.0, 0.01);
    runs.agree_within("lead_time_backlog_days", wait, 0.02);
    runs.agree_within("wip_committed", 5.0 * rate * 3.0, 0.01);
}

/// The time from request to live is split between causes to the last tick, and what is not the backlog's is the time from
/// commitment, whether that comes with an initiative, with a column or with the work itself.
#[test]
fn what_is_not_the_backlogs_is_the_time_from_commitment() {
    for (file, set) in [("initiatives", &[][..]), ("columns", &[][..]), ("mm1", &["replications=3"][..])] {
        let runs = live(file, set);
        let sum = |but: &str| -> Vec<f64> {
            let is_cause = |name: &&String| {
                let cause = name.strip_prefix("lead_time_").and_then(|it| it.strip_suffix("_days"));
                cause.is_some_and(|it| !["mean", "p50", "p85", "p95", "least", "greatest", but].contains(&it))
            };
            let names: Vec<&String> = runs.columns.iter().filter(is_cause).collect();
            let columns: Vec<Vec<f64>> = names.iter().map(|name| runs.column(name)).collect();
            (0..columns[0].len()).map(|at| columns.iter().map(|column| column[at]).sum()).collect()
        };
        for (split, whole) in [("", "lead_time_mean_days"), ("backlog", "committed_time_mean_days")] {
            for (sum, whole) in sum(split).iter().zip(runs.column(whole)) {
                assert!((sum - whole).abs() < 1e-9 * whole, "{file}: {sum} and {whole}");
            }
        }
    }
}

/// One in hand and one that waits: of Poisson arrivals of wholes with exponential service ρ² / (1 + ρ + ρ²) are turned
/// away, and each counts once, whatever number of items it has.
#[test]
fn initiatives_that_are_turned_away_count_once() {
    for when_full in ["refuse", "displace"] {
        let full = format!("work.item.when_full={when_full}");
        let runs = live(
            "initiatives",
            &[
                "work.item.initiative={ size = { exponential = \"40 hours\" }, seats = 1 }",
                "work.item.backlog_limit=1",
                "work.item.arrivals={ poisson = \"0.2/day\" }",
                "horizon=\"6500 days\"",
                &full,
            ],
        );
        runs.agree_within("refused_share", 1.0 / 3.0, 0.01);
    }
}

/// Every four hours one of three changes: what returns value, a bug and a repair, an hour each. Only the first is a headline;
/// deployments count all.
#[test]
fn fixes_and_repairs_stand_apart() {
    let kind = |name: &str, more: &str| {
        format!(
            "[work.{name}]\narrivals = {{ every = \"4 hours\" }}\nsize = \"1 hour\"\nroute = [\"build\", \"release\"]\n{more}\n"
        )
    };
    let text = format!(
        "extends = \"bare\"\nhorizon = \"400 days\"\nreplications = 2\n[[team]]\nname = \"dev\"\nengineers = 6\n{}{}{}\
         [stage.build]\nteam = \"own\"\neffort_share = \"100%\"\ncode = true\n[stage.release]\nrelease = {{}}\n",
        kind("feature", "valued = true"),
        kind("bug", "class = \"unplanned\""),
        kind("health", "class = \"health\""),
    );
    let value = "[value]\nmodel = \"equal\"\npayback = \"1 month\"\nhalf_life = \"3 years\"\ntail_sigma = 1.0\n\
                 value_error = 0.0\nsize_error = 0.0\nat_completion = \"0%\"\n";
    let valued = &runs_of("valued", &written(&(text.clone() + value)))[0];
    for (column, theory) in [
        ("throughput_per_week", 10.0),
        ("fixes_per_week", 10.0),
        ("repairs_per_week", 10.0),
        ("deployments_per_week", 30.0),
    ] {
        valued.agree_to(column, theory, 0.2);
    }
    // Where nothing returns value, everything was asked for.
    let all = &runs_of("all", &written(&text.replace("valued = true\n", "")))[0];
    all.agree_to("throughput_per_week", 30.0, 0.4);
    exact(all, "fixes_per_week", 0.0);
}

const MONTH: f64 = 21.0;
const YEAR: f64 = 252.0;

/// The ledger of two items every ten days, lived on for a hundred: what comes on days 300 to 390 is live two and four days
/// later, and one person costs a hundred days. Under the policy all is wrong, but only what came up to day 300; the baseline's
/// settings hold from then on.
#[test]
fn a_run_off_goes_on_as_the_baseline_does() {
    let set = ["past=\"1 day\"", "run_off=\"100 days\""];
    let mut study = study("ledger", &set);
    study.live_run_off();
    let fade = std::f64::consts::LN_2 / (3.0 * YEAR) + 1.1_f64.ln() / YEAR;
    let item = 2.0 / 64.0 / fade / MONTH;
    let runs = &runs_of("ledger", &study)[0];
    exact(runs, "run_off_value_months", 20.0 * item);
    exact(runs, "run_off_cost_months", 100.0 / MONTH);
    let last = replicate(&study, RUN_OFFS - 1).remove(0).expect("an outcome");
    let next = replicate(&study, RUN_OFFS).remove(0).expect("an outcome");
    let at = study.columns.iter().position(|column| column.name == "run_off_value_months").expect("a column");
    assert!(last.values[at].is_finite() && next.values[at].is_nan());
    // Nobody asked for it: nothing is lived on, and the window is the same to the bit.
    study.run_off = Ticks::ZERO;
    let without = &runs_of("ledger", &study)[0];
    assert!(without.column("run_off_value_months").iter().all(|value| value.is_nan()));
    for column in ["value_months", "lead_time_mean_days", "run_rate_months_per_year"] {
        assert_eq!(without.column(column), runs.column(column));
    }
}

#[test]
fn a_policy_ends_where_its_run_off_begins() {
    let ledger = include_str!("ledger.toml");
    let text = ledger.replace("horizon =", "run_off = \"100 days\"\npast = \"1 day\"\nhorizon =")
        + "\n[policy.now]\nbaseline = true\n[policy.wrong]\n\"decisions.wrong\" = \"100%\"\n";
    let mut study = written(&text);
    study.live_run_off();
    let runs = runs_of("ledger", &study);
    let value = |at: usize| runs[at].column("run_off_value_months");
    assert!(runs[1].column("value_months").iter().all(|value| *value < 1e-9));
    let few = value(1).iter().zip(value(0)).all(|(wrong, now)| *wrong <= now && *wrong >= 0.85 * now);
    assert!(few, "{:?} and {:?}", value(1), value(0));
}
