//! People who come and go, learn and talk: seats that empty and are filled, what a ramp costs, what talking leaves.

use super::support::{live, run_policies};

/// Days in a year, and the distribution of leaving: with a chance of 90 % within a year, a stay is exponential with
/// this mean.
const YEAR: f64 = 252.0;

/// Days from the end of the warm-up to the horizon.
const MEASURED: f64 = 19_000.0;

fn mean_stay() -> f64 {
    YEAR / -(0.1_f64).ln()
}

/// Each of N seats is taken for a stay of mean T and empty for a delay of mean D, independently of the others (as
/// many repairers as machines): the time-average number taken is N·T/(T + D) whatever the distributions (renewal–reward
/// theorem; Cox, *Renewal Theory*, 1962, 7.1), departures come at N/(T + D), and each hire costs two months.
#[test]
fn seats_that_empty_are_filled_as_machines_are_repaired() {
    for (delay, mean) in
        [("{ gamma = { mean = \"60 days\", cv = 0.5 } }", 60.0), ("{ exponential = \"30 days\" }", 30.0)]
    {
        let runs = live("people", &[&format!("people.delay={delay}")]);
        let cycle = mean_stay() + mean;
        runs.agree("headcount", 6.0 * mean_stay() / cycle);
        let per_year = 6.0 / cycle * YEAR;
        runs.agree_within("departures_per_year", per_year, 0.006);
        runs.agree_within("hires_per_year", per_year, 0.006);
        // People, and two months of 21 days for each hire.
        let people = 6.0 * mean_stay() / cycle * MEASURED / 21.0;
        runs.agree("cost_months", people + 2.0 * 6.0 / cycle * MEASURED);
    }
}

/// Somebody comes after 10 days, is set up for 5, and then works at 1 − (1 − s)·exp(−t/τ): until the end, the work
/// lost is (1 − s)·τ·(1 − exp(−t/τ)). In pieces of a quarter of an hour whose pace is set when they begin, it is seen
/// to within a piece for each of the three people and the change of pace over one: less than 6 pieces in all.
#[test]
fn a_ramp_costs_what_its_integral_says() {
    let pieces = |days: f64| days * 8.0 * 4.0;
    let theory = |days: f64, start: f64| {
        let there = days - 15.0;
        let lost = (1.0 - start) * 30.0 * (1.0 - (-there / 30.0).exp());
        2.0 * days + there - lost
    };
    for (start, days) in [(0.4, 200.0), (0.4, 40.0), (0.8, 200.0), (1.0, 100.0)] {
        let set = [format!("people.start=\"{}%\"", start * 100.0), format!("horizon=\"{days} days\"")];
        let runs = live("ramp", &set.each_ref().map(String::as_str));
        for done in runs.column("work.item.done") {
            println!("| ramp from {start}, {days} days | {:.1} | {done:.1} |", pieces(theory(days, start)));
            assert!(
                (done - pieces(theory(days, start))).abs() < 6.0,
                "{done} {}",
                pieces(theory(days, start))
            );
        }
    }
    // Power: the ramp is worth hundreds of pieces.
    assert!(pieces(theory(200.0, 1.0) - theory(200.0, 0.4)) > 500.0);
}

/// Talking leaves 1 − one·n^x of people's time, against a team of the typical size: with work without end the team
/// does n times that share. One piece of each person may be under way.
#[test]
fn talking_leaves_what_its_distribution_says() {
    let left = |n: f64, (one, exponent): (f64, f64)| 1.0 - one * n.powf(exponent);
    let distributions = [
        ("\"power\"", ((1.35_f64).exp() / 100.0, 0.61)),
        ("\"square\"", (0.0006, 2.0)),
        ("{ law = { one = \"2%\", exponent = 1.0 } }", (0.02, 1.0)),
    ];
    for (name, distribution) in distributions {
        for size in [2_u32, 7, 20] {
            let set = [
                format!("people.communication={name}"),
                format!("team.dev.engineers={size}"),
                format!("team.dev.target={size}"),
                "work.item.arrivals={ endless = 40 }".to_owned(),
            ];
            let runs = live("ramp", &set.each_ref().map(String::as_str));
            let n = f64::from(size);
            let theory = n * left(n, distribution) / left(7.0, distribution) * 200.0 * 8.0 * 4.0;
            for done in runs.column("work.item.done") {
                println!("| talk {name} of {size} | {theory:.1} | {done:.1} |");
                // Each piece is rounded to a whole tick: a part in a million.
                assert!((done - theory).abs() <= n + 1e-6 * theory, "{name} {size}: {done}, theory {theory}");
            }
        }
    }
}

/// Pieces of a quarter of an hour that two people and a third do by day `end`, where the third begins on day `begins`
/// at 40 %, and what is missing falls to 1/e in 30 days.
fn with_a_third(begins: f64, end: f64) -> f64 {
    let there = end - begins;
    let lost = 0.6 * 30.0 * (1.0 - (-there / 30.0).exp());
    (2.0 * end + there - lost) * 8.0 * 4.0
}

/// Whom a dated size or a reorganisation brings comes at once, is set up for 5 days, and ramps up as any newcomer: the
/// integral of the ramp. Each costs two months of 21 days, also at the fork itself.
#[test]
fn whoever_is_brought_is_as_new_and_as_dear_as_a_hire() {
    let runs = run_policies("grown", &[]);
    for (policy, at) in runs[1..].iter().zip([20.0, 20.0, 0.0]) {
        let done = with_a_third(at + 5.0, 200.0);
        policy.agree_to("work.item.done", done, 12.0);
        policy.agree_to("hires_per_year", YEAR / 200.0, 1e-6);
        policy.agree_to("cost_months", (2.0 * 200.0 + 200.0 - at) / 21.0 + 2.0, 1e-6);
    }
    // Power: at full speed from the first day they would do hundreds of pieces more.
    assert!(3.0 * 180.0 * 32.0 + 2.0 * 20.0 * 32.0 - with_a_third(25.0, 200.0) > 500.0);
}

/// Ten people from the start and ten from day 20, whom nobody follows: each stays exponentially, so by day H the time
/// that n of them from day d were there is n·(1 − exp(−h(H − d)))/h, and n·(1 − exp(−h(H − d))) have left.
#[test]
fn whoever_is_brought_leaves_like_everybody() {
    let left = |from: f64| 10.0 * (1.0 - (-(YEAR - from) / mean_stay()).exp());
    let runs = run_policies("leavers", &[]);
    // Twenty from the start: nobody is hired for it.
    runs[1].agree_within("headcount", 2.0 * left(0.0) * mean_stay() / YEAR, 0.01);
    runs[1].agree_to("hires_per_year", 0.0, 0.0);
    let late = &runs[2];
    late.agree_to("hires_per_year", 10.0, 1e-9);
    late.agree_within("headcount", (left(0.0) + left(20.0)) * mean_stay() / YEAR, 0.01);
    late.agree_within("departures_per_year", left(0.0) + left(20.0), 0.01);
}

/// A reorganisation neither finishes what newcomers have before them nor calls them sooner: who came on day 10 begins
/// on day 15, whether all is reorganised on day 5, 12 or 40.
#[test]
fn newcomers_go_on_through_a_reorganisation() {
    for policy in &run_policies("regrown", &[])[1..] {
        policy.agree_to("work.item.done", with_a_third(15.0, 200.0), 12.0);
        policy.agree_to("hires_per_year", YEAR / 200.0, 1e-6);
    }
}

/// Seats in equilibrium stay in it: a reorganisation fills no vacancy and empties none. The mean number taken is
/// N·T/(T + D) at any time, departures and hires come at N/(T + D) (renewal theory, as above).
#[test]
fn a_reorganisation_fills_no_vacancy() {
    let cycle = mean_stay() + 60.0;
    let shuffle = &run_policies("reseated", &[])[1];
    shuffle.agree_within("headcount", 6.0 * mean_stay() / cycle, 0.01);
    shuffle.agree_within("departures_per_year", 6.0 / cycle * YEAR, 0.02);
    shuffle.agree_within("hires_per_year", 6.0 / cycle * YEAR, 0.02);
}

/// What is known of code goes with it and with the people: two who know all of it work at full speed, though a
/// reorganisation has renamed their team and its components. Knowing nothing, they would be half as fast at first.
#[test]
fn what_people_know_goes_through_a_reorganisation() {
    let runs = run_policies("knowing", &[]);
    for policy in &runs {
        policy.agree_to("work.item.done", 2.0 * 100.0 * 32.0, 10.0);
    }
}

/// Whoever joins is there and away for exponential times of the same mean 1/r, beginning there: t after it the chance
/// of being there is (1 + exp(−2rt))/2, and over a stay of hazard h the mean is (1 + h/(h + 2r))/2 (a two-state Markov
/// chain, discounted at h). Without absences of those who come it would be nearly 1.
#[test]
fn whoever_joins_takes_absences_too() {
    let (rate, hazard) = (1.0 / 20.0, -(1.0_f64 - 0.632).ln() / YEAR);
    let there = 0.5 * (1.0 + hazard / (hazard + 2.0 * rate));
    live("absent", &[]).agree("utilisation", there);
}

/// An incident every 100 days that lasts 200 and keeps one person: two of twenty are on a duty, whoever leaves
/// meanwhile, since a colleague takes the leaver's place.
#[test]
fn whoever_leaves_an_incident_is_replaced() {
    live("paged", &[]).agree("team.dev.duty", 2.0 / 20.0);
}
