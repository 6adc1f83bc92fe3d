//! Faults in changes: who finds them, how they grow with size, what a train and its test let through, and what comes again.

use super::support::{agree, live};

/// Faults of a change of one day, of which 30 % have at least one.
fn hazard() -> f64 {
    -(0.7_f64).ln()
}

/// Items a week: half a one each day.
const A_WEEK: f64 = 2.5;

fn failed(set: &[&str], theory: f64) {
    live("risk", set).agree_within("change_failure_rate", theory, 0.01);
}

fn incidents(set: &[&str], theory: f64) {
    live("risk", set).agree_within("incidents_per_week", theory, 0.01);
}

const BY_SIZE: [&str; 2] = ["failure.size=0.9", "failure.at=\"1 day\""];

fn by_size<'a>(set: &[&'a str]) -> Vec<&'a str> {
    BY_SIZE.iter().chain(set).copied().collect()
}

/// One fault at most: it is in production unless somebody found it, at whichever visit.
#[test]
fn what_reviews_and_builds_find_does_not_fail() {
    live("catches", &[]).agree_within("change_failure_rate", 0.3 * (1.0 - 0.4), 0.01);
    live("catches", &["stage.look.failure.catches=\"0%\""]).agree_within("change_failure_rate", 0.3, 0.01);
    // A reader finds the more the longer the reading: e / (e + h) of the most.
    for (effort, half) in [(12.0, 6.0), (3.0, 9.0)] {
        let effort_share = format!("stage.look.effort_share=\"{effort}%\"");
        let half_effort = format!("stage.look.failure.half_effort=\"{half}%\"");
        let found = 0.6 * effort / (effort + half);
        let runs = live("reading", &[&effort_share, &half_effort]);
        runs.agree_within("change_failure_rate", 0.3 * (1.0 - found), 0.01);
    }
}

/// A change of 1 day has at least one fault in 30 %; faults grow with size^0.9, and each is an incident of its own.
#[test]
fn faults_grow_with_the_effort_in_a_change() {
    let faults = hazard() * 2.0_f64.powf(0.9);
    failed(&by_size(&[]), 1.0 - (-faults).exp());
    incidents(&by_size(&[]), A_WEEK * faults);
    // Of a lognormal size with mean m and coefficient of variation v: E[X^p] = m^p (1 + v²)^(p(p − 1)/2).
    let drawn = "work.item.size={ lognormal = { mean = \"2 days\", cv = 1.0 } }";
    incidents(&by_size(&[drawn]), A_WEEK * faults * 2.0_f64.powf(0.9 * -0.1 / 2.0));
}

/// A stage finds each fault with chance c e / (e + h s x^r), x = s / at: what is left is thinned by it.
#[test]
fn readers_find_faults_each_for_itself_and_less_of_a_large_change() {
    let set = ["failure.size=1.0", "failure.at=\"4 hours\"", "failure.reading=0.5"];
    let faults = hazard() * 2.0;
    let left = faults * (1.0 - 0.6 * 12.0 / (12.0 + 6.0 * 2.0_f64.sqrt()));
    let runs = live("reading", &set);
    runs.agree_within("change_failure_rate", 1.0 - (-left).exp(), 0.01);
    runs.agree_within("incidents_per_week", A_WEEK * left, 0.01);
    // By a machine, whatever the effort.
    let runs = live("catches", &["failure.size=1.0", "failure.at=\"4 hours\""]);
    runs.agree_within("incidents_per_week", A_WEEK * faults * 0.6, 0.01);
}

/// The same work in k pieces: as many faults in proportion to effort, k^(1 − p) times as many at another power.
#[test]
fn work_that_is_cut_into_pieces_has_no_more_faults_where_they_grow_with_effort() {
    for power in [1.0, 1.2, 0.5] {
        for pieces in [1.0, 4.0] {
            let size = format!("work.item.size=\"{} days\"", 4.0 / pieces);
            let arrivals = format!("work.item.arrivals={{ poisson = \"{}/day\" }}", 0.2 * pieces);
            let power_set = format!("failure.size={power}");
            let set = [power_set.as_str(), "failure.at=\"1 day\"", &size, &arrivals];
            let theory = 1.0 * hazard() * 4.0_f64.powf(power) * f64::powf(pieces, 1.0 - power);
            incidents(&set, theory);
        }
    }
}

/// Bugs left behind grow with the effort, too.
#[test]
fn bugs_grow_with_the_effort_in_a_change() {
    let each = 0.25 * 2.0_f64.powf(0.9);
    let set = by_size(&["failure.base=\"0%\""]);
    live("recurring", &set).agree_within("throughput_per_week", A_WEEK * (1.0 + each), 0.01);
}

#[test]
fn a_deployment_may_fail_by_itself() {
    // Few fail, so that it takes longer to see how many.
    failed(&["failure.base=\"0%\"", "failure.deployment=\"5%\"", "horizon=\"15000 days\""], 0.05);
    let faults = hazard() * 2.0_f64.powf(0.9);
    let both = by_size(&["failure.deployment=\"5%\""]);
    failed(&both, 1.0 - 0.95 * (-faults).exp());
    incidents(&both, A_WEEK * (faults + 0.05));
}

/// A weekly train of a Poisson number of changes, mean m, each failing with chance p: of the trains that leave,
/// (1 − exp(−mp)) / (1 − exp(−m)) fail.
#[test]
fn a_train_fails_where_one_of_its_changes_does() {
    let train = "stage.ship.release.train={ every = \"1 week\" }";
    let m = A_WEEK;
    let of_trains = |p: f64| (1.0 - (-m * p).exp()) / (1.0 - (-m).exp());
    failed(&[train], of_trains(0.3));
    let faults = hazard() * 2.0_f64.powf(0.9);
    failed(&by_size(&[train]), of_trains(1.0 - (-faults).exp()));
    incidents(&by_size(&[train]), m * faults);
}

/// A train is tested as a whole: what is found goes back, what is not goes live, and somebody spends the hours.
#[test]
fn a_train_is_tested_before_it_leaves() {
    let faults = hazard() * 2.0_f64.powf(0.9);
    for (finds, share) in [("0%", 0.0), ("60%", 0.6), ("100%", 1.0)] {
        let test = format!(
            "stage.ship.release.train={{ every = \"1 week\", test = {{ takes = \"0 hours\", each = \"2 hours\", finds = \"{finds}\", back_to = \"build\", effort = \"50%\" }} }}"
        );
        let runs = live("risk", &by_size(&[&test]));
        // A change in which something is found is tested a second time, and then goes.
        let tests = 2.0 - (-faults * share).exp();
        if share < 1.0 {
            runs.agree_within("incidents_per_week", A_WEEK * faults * (1.0 - share), 0.01);
        } else {
            assert!(runs.column("incidents_per_week").iter().all(|incidents| *incidents == 0.0));
        }
        let hours = A_WEEK * (1.0 + 2.0 * tests + 0.5 * (tests - 1.0));
        agree("utilisation", &runs.column("utilisation"), hours / (4.0 * 40.0), 0.01);
    }
    // However many changes there are: once for each train that leaves.
    let test = "stage.ship.release.train={ every = \"1 week\", test = { takes = \"4 hours\", each = \"0 hours\", finds = \"0%\", back_to = \"build\", effort = \"50%\" } }";
    let hours = A_WEEK + 4.0 * (1.0 - (-A_WEEK).exp());
    live("risk", &[test]).agree_within("utilisation", hours / (4.0 * 40.0), 0.01);
}

/// The cause of an incident brings about another with chance r until it is put right: 1 / (1 − r) for each cause; with a
/// share c of them put right at once, 1 / (1 − r (1 − c)).
#[test]
fn what_nobody_puts_right_fails_again() {
    let causes = A_WEEK * 0.3;
    let unlearnt = live("recurring", &["incidents.postmortem=\"0%\""]);
    unlearnt.agree_within("incidents_per_week", causes / (1.0 - 0.4), 0.01);
    let runs = live("recurring", &[]);
    let all = causes / (1.0 - 0.4 * 0.25);
    // One minute is too short for more than a few: 1.3e-5 of those that come after ten days on average.
    runs.agree_within("incidents_per_week", all, 0.01);
    runs.agree_within("recurred_incidents_per_year", (all - causes) * 50.4, 0.02);
}
