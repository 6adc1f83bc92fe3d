//! What returns value, what harms, and what reviews and builds find before it does.

use super::support::{PolicyRuns, estimate, live};

fn exact(runs: &PolicyRuns, months: f64) {
    let values = runs.column("value_months");
    assert!(values.iter().all(|value| (value - months).abs() < 1e-6), "{values:?}, theory {months}");
}

/// Two items of two days every ten: the first is live two days after it came, the second after four. Either returns
/// its 16 hours in 50 days, a part of it once both are live.
fn all_right(at_completion: f64) -> f64 {
    let rate = 2.0 / 50.0;
    let days: f64 = (1..=29)
        .map(|nth| 300.0 - 10.0 * f64::from(nth))
        .map(|left| {
            (1.0 - at_completion) * ((left - 2.0) + (left - 4.0)) + at_completion * 2.0 * (left - 4.0)
        })
        .sum();
    rate * days / 21.0
}

#[test]
fn what_is_right_returns_its_value_and_a_part_when_the_whole_is_live() {
    for share in [0.0, 0.3, 1.0] {
        let set = format!("value.at_completion=\"{}%\"", share * 100.0);
        exact(&live("ledger", &[&set]), all_right(share));
    }
}

#[test]
fn what_is_wrong_or_misses_the_point_returns_nothing_not_even_on_completion() {
    for share in ["0%", "30%", "100%"] {
        let share = format!("value.at_completion=\"{share}\"");
        exact(&live("ledger", &[&share, "decisions.wrong=\"100%\""]), 0.0);
        exact(&live("ledger", &[&share, "clarity.misses=\"100%\""]), 0.0);
    }
}

/// A killed idea gives back what it returned, and no more: of what never returned anything nothing is taken back.
#[test]
fn a_kill_takes_back_what_was_live_and_no_more() {
    let kill = "learning.kill_below=0.95";
    exact(&live("ledger", &[kill, "clarity.misses=\"100%\""]), 0.0);
    let value = live("ledger", &[kill]).column("value_months");
    assert!(value.iter().all(|value| (0.0..all_right(0.3)).contains(value)), "{value:?}");
    // Live before the fork, and killed after it: neither counts.
    let past =
        ["past=\"300 days\"", "work.item.arrivals={ every = \"299 days\" }", "learning.delay=\"30 days\""];
    let after = live("ledger", &[past[0], past[1], past[2], "horizon=\"200 days\"", kill]);
    assert!(
        after.column("value_months").iter().all(|value| *value >= 0.0),
        "{:?}",
        after.column("value_months")
    );
}

/// The second item of each initiative gives up: the first pays what it pays alone, and nothing on completion.
#[test]
fn an_initiative_that_loses_an_item_never_completes() {
    let impatient = "work.item.patience=\"1 day\"";
    exact(&live("ledger", &[impatient, "value.at_completion=\"100%\""]), 0.0);
    let alone: f64 = (1..=29).map(|nth| 300.0 - 10.0 * f64::from(nth) - 2.0).sum();
    exact(&live("ledger", &[impatient, "value.at_completion=\"0%\""]), 2.0 / 50.0 * alone / 21.0);
    exact(&live("ledger", &[impatient]), 0.7 * 2.0 / 50.0 * alone / 21.0);
}

/// Failures come at rate λp; one that is never over harms until the horizon, (T − t) hours of it; one of four hours
/// harms four. Nobody is needed, so nobody is waited for.
#[test]
fn an_incident_harms_as_long_as_it_lasts_over_or_not() {
    let (rate, horizon) = (0.5 * 0.2, 2_000.0_f64);
    let endless = -40.0 * rate * horizon * horizon / 2.0 / 21.0;
    live("outages", &[]).agree_within("value_months", endless, 0.01);
    let short = -40.0 * rate * horizon * (4.0 / 8.0) / 21.0;
    live("outages", &["incidents.detection=\"1 hour\""]).agree_within("value_months", short, 0.01);
}

/// What draws come to above their means is nought on average, by the time any window ends (Wald): that makes them
/// controls. Within 4.5 standard errors, and the errors must not be nought.
#[test]
fn noise_is_nought_on_average() {
    let random = [
        "value.model=\"heavy\"",
        "value.tail_sigma=0.8",
        "work.item.arrivals={ poisson = \"0.2/day\" }",
        "work.item.size={ exponential = \"1 day\" }",
        "replications=400",
    ];
    let runs = live("ledger", &random);
    for column in ["luck.gaps", "luck.sizes", "luck.value"] {
        let (mean, error) = estimate(&runs.column(column));
        assert!(error > 0.0 && mean.abs() < 4.5 * error, "{column}: {mean} with an error of {error}");
    }
}
