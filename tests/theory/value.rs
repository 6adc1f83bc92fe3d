//! What returns value, what harms, and what reviews and builds find before it does.

use super::support::{PolicyRuns, estimate, live, runs_of, written};

/// Days of a month of work and of a year.
const MONTH: f64 = 21.0;
const YEAR: f64 = 252.0;

/// How fast what is live in the ledger fades, and what its year is discounted by, a day.
const FADE: f64 = std::f64::consts::LN_2 / (3.0 * YEAR);
/// An item of two days returns them in 64: so many days a day.
const RATE: f64 = 2.0 / 64.0;

/// Days that a rate of one a day comes to over a life.
fn annuity() -> f64 {
    1.0 / (FADE + 1.1_f64.ln() / YEAR)
}

fn exact(runs: &PolicyRuns, column: &str, theory: f64) {
    let values = runs.column(column);
    let most = 1e-9 * theory.abs().max(1.0);
    assert!(
        values.iter().all(|value| (value - theory).abs() < most),
        "{column}: {values:?}, theory {theory}"
    );
}

/// The ledger: two items of two days every ten, live two and four days after they came, in 29 initiatives.
fn all_right() -> f64 {
    58.0 * RATE * annuity() / MONTH
}

#[test]
fn what_is_right_is_worth_its_whole_life_and_a_part_when_the_whole_is_live() {
    // What does work again, for which a day is written, is no part of the mean size.
    exact(&live("ledger", &["work.redo.valued=true"]), "value_months", all_right());
    for share in [0.0, 0.3, 1.0] {
        let runs = live("ledger", &[&format!("value.at_completion=\"{}%\"", share * 100.0)]);
        exact(&runs, "value_months", all_right());
        exact(&runs, "gross_value_months", all_right());
        exact(&runs, "harm_months", 0.0);
        // What each of them earns at the end, by its age: the part on completion comes with the second item.
        let left = |age: f64| (-FADE * age).exp();
        let earns = |came: f64| {
            (1.0 - share) * (left(298.0 - came) + left(296.0 - came)) + share * 2.0 * left(296.0 - came)
        };
        let earns: f64 = (1..=29).map(|nth| earns(10.0 * f64::from(nth))).sum();
        exact(&runs, "run_rate_months_per_year", RATE * earns * YEAR / MONTH);
    }
}

#[test]
fn what_is_wrong_or_misses_the_point_returns_nothing_not_even_on_completion() {
    for share in ["0%", "30%", "100%"] {
        let share = format!("value.at_completion=\"{share}\"");
        exact(&live("ledger", &[&share, "decisions.wrong=\"100%\""]), "value_months", 0.0);
        exact(&live("ledger", &[&share, "clarity.misses=\"100%\""]), "value_months", 0.0);
    }
}

/// Every idea is measured five days after an item is live, and killed on the next day that twenty divide: of what came
/// on an odd tenth day after 8 and 6 days of life, else after 18 and 16. It has earned r·(1 − e^(−λ·age))·A, and keeps
/// no more; what never earned anything has nothing taken back.
#[test]
fn a_kill_takes_back_what_was_not_earned_and_no_more() {
    let kill = ["learning.kill_below=2.0", "learning.noise=0.0"];
    exact(&live("ledger", &[kill[0], kill[1], "clarity.misses=\"100%\""]), "value_months", 0.0);
    let earned = |age: f64| 1.0 - (-FADE * age).exp();
    for share in [0.0, 0.3, 1.0] {
        let idea =
            |age: f64| (1.0 - share) * (earned(age) + earned(age - 2.0)) + share * 2.0 * earned(age - 2.0);
        let all = RATE * annuity() * (15.0 * idea(8.0) + 14.0 * idea(18.0)) / MONTH;
        let completion = format!("value.at_completion=\"{}%\"", share * 100.0);
        let runs = live("ledger", &[kill[0], kill[1], &completion]);
        exact(&runs, "value_months", all);
        exact(&runs, "run_rate_months_per_year", 0.0);
    }
}

/// Live on days 292 and 294 of a past of 300, and killed on day 340: the past counted a whole life, and what is left
/// of it on that day is lost in the window.
#[test]
fn what_the_past_brought_and_a_policy_kills_is_lost() {
    let runs = live(
        "ledger",
        &[
            "past=\"300 days\"",
            "horizon=\"50 days\"",
            "work.item.arrivals={ every = \"290 days\" }",
            "learning.delay=\"30 days\"",
            "learning.kill_below=2.0",
            "learning.noise=0.0",
        ],
    );
    let left = |age: f64| (-FADE * age).exp();
    let lost = 0.7 * (left(48.0) + left(46.0)) + 0.3 * 2.0 * left(46.0);
    exact(&runs, "value_months", -RATE * annuity() * lost / MONTH);
}

/// The second item of each initiative gives up: the first pays what it pays alone, and nothing on completion.
#[test]
fn an_initiative_that_loses_an_item_never_completes() {
    let impatient = "work.item.patience=\"1 day\"";
    exact(&live("ledger", &[impatient, "value.at_completion=\"100%\""]), "value_months", 0.0);
    let alone = all_right() / 2.0;
    exact(&live("ledger", &[impatient, "value.at_completion=\"0%\""]), "value_months", alone);
    exact(&live("ledger", &[impatient]), "value_months", 0.7 * alone);
}

/// Live after two and after four days of waiting, the part on completion after four: 2^(−t/h) of each is left. By a date
/// on the third day the first is in time, and of the second a quarter is left.
#[test]
fn worth_fades_while_work_waits() {
    let left = |days: f64| (-days / 100.0).exp2();
    for share in [0.0, 0.3, 1.0] {
        let completion = format!("value.at_completion=\"{}%\"", share * 100.0);
        let faded = ((1.0 - share) * (left(2.0) + left(4.0)) + share * 2.0 * left(4.0)) / 2.0;
        let runs = live("ledger", &[&completion, "value.wait_half_life=\"100 days\""]);
        exact(&runs, "value_months", all_right() * faded);
        // What each had lost until it was live itself, whatever part of it waits for the other.
        exact(&runs, "faded_share", 1.0 - (left(2.0) + left(4.0)) / 2.0);
        let dated = ["value.dated=\"100%\"", "value.date=\"3 days\"", "value.late=\"25%\""];
        let runs = live("ledger", &[&completion, dated[0], dated[1], dated[2]]);
        exact(&runs, "value_months", all_right() * (1.0 + 0.25) / 2.0);
        exact(&runs, "faded_share", 1.0 - (1.0 + 0.25) / 2.0);
    }
    // A half of them has a date that nothing keeps, after which nothing is left.
    let half = ["value.dated=\"50%\"", "value.date=\"1 day\"", "replications=400"];
    live("ledger", &half).agree_within("value_months", all_right() / 2.0, 0.01);
}

/// Asked for on day 200, live and wrong on days 202 and 204, found out 30 days later, and done again in three fifths of
/// a day: who asked has waited all the time.
#[test]
fn what_is_done_again_has_been_asked_for_before() {
    let runs = live(
        "ledger",
        &[
            "work.item.arrivals={ every = \"200 days\" }",
            "decisions.wrong=\"100%\"",
            "decisions.discovery=\"30 days\"",
            "value.wait_half_life=\"100 days\"",
        ],
    );
    let left = |days: f64| (-days / 100.0).exp2();
    exact(&runs, "value_months", RATE * annuity() * (left(32.6) + left(34.6)) / MONTH);
}

/// A past that releases r every 5 days on average, fading at rate λ, is in balance at r/(5λ).
#[test]
fn the_live_product_is_in_balance_with_the_past() {
    for (set, share) in [("value.product=\"100%\"", 1.0), ("value.product=\"30%\"", 0.3), ("seed=7", 0.0)] {
        let runs = live("ledger", &[set, "past=\"300 days\"", "horizon=\"1 day\""]);
        let level = share * RATE / (5.0 * FADE) * (-FADE).exp();
        exact(&runs, "run_rate_months_per_year", level * YEAR / MONTH);
        exact(&runs, "gross_value_months", 0.0);
    }
}

/// An item of `outages`, worth what returns a day in 64, and how it fades in a year, a day.
const ONE: f64 = 1.0 / 64.0;
const HALVED: f64 = std::f64::consts::LN_2 / YEAR;

/// What one unit of rate earns within so many days.
fn within(days: f64) -> f64 {
    (1.0 - (-HALVED * days).exp()) / HALVED
}

const FAILS: [&str; 2] = ["failure.base=\"100%\"", "replications=2"];

/// One incident from the release of the first item on, for two days, or for longer than anybody watches: severity ×
/// what is live × how long it lasts.
#[test]
fn an_incident_takes_a_share_of_what_is_live_as_long_as_it_lasts() {
    let first = "work.item.arrivals={ trace = { times = [\"10 days\"] } }";
    for (lasts, days) in [("2 days", 2.0), ("9000 days", 1990.0)] {
        let detection = format!("incidents.detection=\"{lasts}\"");
        let runs = live("outages", &[FAILS[0], FAILS[1], first, &detection, "incidents.severity=0.625"]);
        let gross = ONE / HALVED;
        let harm = 0.625 * ONE * within(days);
        exact(&runs, "gross_value_months", gross / MONTH);
        exact(&runs, "harm_months", harm / MONTH);
        exact(&runs, "value_months", (gross - harm) / MONTH);
        exact(&runs, "harm_share", harm / gross);
    }
    // Without a severity, or of what nobody wants, there is no harm.
    exact(&live("outages", &[FAILS[0], FAILS[1], first]), "harm_months", 0.0);
    let unvalued = [FAILS[0], FAILS[1], first, "work.item.valued=false", "incidents.severity=1"];
    exact(&live("outages", &unvalued), "harm_months", 0.0);
}

/// The second a day after the first, both for two days and of 5/8: together they take all there is, and no more.
#[test]
fn incidents_at_a_time_take_no_more_than_there_is() {
    let runs = live(
        "outages",
        &[
            FAILS[0],
            FAILS[1],
            "work.item.arrivals={ trace = { times = [\"10 days\", \"11 days\"] } }",
            "incidents.detection=\"2 days\"",
            "incidents.severity=0.625",
        ],
    );
    let day = (-HALVED).exp();
    let both = day + 1.0;
    let harm = ONE * within(1.0) * (0.625 + both + 0.625 * both * day);
    exact(&runs, "harm_months", harm / MONTH);
}

/// A failure on day 10 that reaches the other team takes its share of what that has had live since day 5, too.
#[test]
fn a_failure_that_reaches_another_team_hits_what_that_has_live() {
    let text = |blast: &str| {
        let bare = std::fs::read_to_string("tests/theory/outages.toml").expect("a file");
        let two = bare
            .replace("replications = 400", "replications = 2")
            .replace("base = \"20%\"", "base = \"100%\"")
            .replace(
                "[work.item]\n",
                "[[team]]\nname = \"ops\"\nengineers = 1\n\n[work.item]\nteam = \"dev\"\n",
            )
            .replace(
                "arrivals = { poisson = \"0.5/day\" }",
                "arrivals = { trace = { times = [\"10 days\"] } }",
            )
            .replace("detection = \"4 hours\"", "detection = \"1 day\"\nseverity = 0.5");
        let other = "[work.other]\nteam = \"ops\"\nvalued = true\nsize = \"1 day\"\nroute = [\"ship\"]\n\
                     arrivals = { trace = { times = [\"5 days\"] } }\n";
        format!("{two}\n{other}\n[architecture]\noperating = \"0 hours\"\nblast = \"{blast}\"\n")
    };
    let own = 0.5 * ONE * within(1.0);
    for (blast, reached) in [("0%", 0.0), ("100%", (-5.0 * HALVED).exp())] {
        let runs = runs_of("blast", &written(&text(blast))).swap_remove(0);
        exact(&runs, "harm_months", own * (2.0 + reached) / MONTH);
    }
}

/// Releases at rate λ, of which a part p fails for d days at severity S: nothing fades, so that λ·t items are live at t
/// besides the one that fails, and λ·d/2 more come while it lasts. Of S, uniform on 0 to 0.2, only the mean counts.
#[test]
fn harm_is_severity_times_what_is_live_times_duration() {
    let (rate, fails, lasts, horizon) = (0.5, 0.2, 0.5, 2_000.0_f64);
    let live_for = rate * horizon * horizon / 2.0 + horizon + rate * horizon * lasts / 2.0;
    let harm = rate * fails * lasts * 0.1 * ONE * live_for;
    let set = [
        "value.half_life=\"never\"",
        "value.discount=\"10%\"",
        "incidents.severity={ uniform = { min = 0, max = 0.2 } }",
    ];
    let runs = live("outages", &set);
    runs.agree_within("harm_months", harm / MONTH, 0.01);
    runs.agree_within("gross_value_months", rate * horizon * ONE * YEAR / 1.1_f64.ln() / MONTH, 0.01);
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
