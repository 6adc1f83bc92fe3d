//! People who come and go, learn and talk: seats that empty and are filled, what a ramp costs, what talking leaves.

use super::support::live;

/// Days in a year, and the law of leaving: with a chance of 90 % within a year, a stay is exponential with this mean.
const YEAR: f64 = 252.0;

/// Days from the end of the warm-up to the horizon.
const MEASURED: f64 = 19_000.0;

fn mean_stay() -> f64 {
    YEAR / -(0.1_f64).ln()
}

/// Each of N seats is taken for a stay of mean T and empty for a delay of mean D, independently of the others (as
/// many repairers as machines): the time-average number taken is N·T/(T + D) whatever the laws (renewal–reward
/// theorem; Cox, *Renewal Theory*, 1962, 7.1), departures come at N/(T + D), and each hire costs two months.
#[test]
fn seats_that_empty_are_filled_as_machines_are_repaired() {
    for (delay, mean) in
        [("{ gamma = { mean = \"60 days\", cv = 0.5 } }", 60.0), ("{ exponential = \"30 days\" }", 30.0)]
    {
        let lives = live("people", &[&format!("people.delay={delay}")]);
        let cycle = mean_stay() + mean;
        lives.agree("headcount", 6.0 * mean_stay() / cycle);
        let per_year = 6.0 / cycle * YEAR;
        lives.agree_within("departures_per_year", per_year, 0.006);
        lives.agree_within("hires_per_year", per_year, 0.006);
        // People, and two months of 21 days for each hire.
        let people = 6.0 * mean_stay() / cycle * MEASURED / 21.0;
        lives.agree("cost_months", people + 2.0 * 6.0 / cycle * MEASURED);
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
        let lives = live("ramp", &set.each_ref().map(String::as_str));
        for done in lives.column("work.item.done") {
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
fn talking_leaves_what_its_law_says() {
    let left = |n: f64, (one, exponent): (f64, f64)| 1.0 - one * n.powf(exponent);
    let laws = [
        ("\"power\"", ((1.35_f64).exp() / 100.0, 0.61)),
        ("\"square\"", (0.0006, 2.0)),
        ("{ law = { one = \"2%\", exponent = 1.0 } }", (0.02, 1.0)),
    ];
    for (name, law) in laws {
        for size in [2_u32, 7, 20] {
            let set = [
                format!("people.communication={name}"),
                format!("team.dev.engineers={size}"),
                format!("team.dev.target={size}"),
                "work.item.arrivals={ endless = 40 }".to_owned(),
            ];
            let lives = live("ramp", &set.each_ref().map(String::as_str));
            let n = f64::from(size);
            let theory = n * left(n, law) / left(7.0, law) * 200.0 * 8.0 * 4.0;
            for done in lives.column("work.item.done") {
                println!("| talk {name} of {size} | {theory:.1} | {done:.1} |");
                // Each piece is rounded to a whole tick: a part in a million.
                assert!((done - theory).abs() <= n + 1e-6 * theory, "{name} {size}: {done}, theory {theory}");
            }
        }
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
