//! Juggling: what it costs to take up another initiative, and what becomes of code whose initiative was begun long ago.

use super::support::live;

/// Of initiatives of N items, one after the other, every N-th item on average is of another than the last: P = 1 / E[N]. Each of
/// those takes a draw of work more.
#[test]
fn another_initiative_than_the_last_takes_some_work_more() {
    let (p, mean) = (1.0 / 4.0, 2.0);
    let runs = live("juggling", &[]);
    runs.agree_within("lead_time_resuming_days", p * mean / 8.0, 0.01);
    runs.agree("work.item.throughput_per_day", 8.0 / (8.0 + p * mean));
    // With a median of nothing nothing is drawn: not even the last bit moves.
    let small = ["horizon=\"400 days\"", "replications=2"];
    let none = live("juggling", &[&small[..], &["switching.initiative="]].concat());
    let nought = "switching.initiative={ lognormal = { median = \"0 hours\", sigma = 1 } }";
    let nought = live("juggling", &[&small[..], &[nought]].concat());
    for (none, nought) in none.outcomes.iter().zip(&nought.outcomes) {
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&none.values), bits(&nought.values));
    }
}

/// What counts is what the same person took up last: of two people who share initiatives of two items each, both take up another
/// one each time. Skill makes them get into it as much faster as it makes them work.
#[test]
fn whoever_takes_it_up_is_who_must_get_into_it() {
    for skill in [1.0, 2.0] {
        let law = format!("team.dev.skill={skill:?}");
        let set = ["team.dev.engineers=2", "work.item.items=2", "switching.initiative=\"2 hours\"", &law];
        let short = ["horizon=\"1000 days\"", "replications=1"];
        let runs = live("juggling", &[&set[..], &short].concat());
        runs.agree_to("lead_time_resuming_days", 2.0 / 8.0 / skill, 1e-6);
    }
}

/// Getting into it goes on after an interruption where it stopped, and is not begun again by work outside initiatives. The
/// second of two initiatives takes 8 + 2 hours from the ninth on, with an hour of urgent work in between.
#[test]
fn an_interruption_neither_spares_nor_doubles_it() {
    for at in ["10 hours", "14 hours", "18 hours"] {
        let urgent = format!("work.urgent.arrivals={{ trace = {{ times = [\"{at}\"] }} }}");
        let set = [
            "work.item.arrivals={ trace = { times = [\"1 hour\", \"1 hour\"] } }",
            "work.item.items=1",
            "switching.initiative=\"2 hours\"",
            &urgent,
            "horizon=\"100 days\"",
            "warmup=\"0 days\"",
            "replications=1",
        ];
        let runs = live("juggling", &set);
        runs.agree_to("work.item.lead_time_greatest_days", (8.0 + 10.0 + 1.0) / 8.0, 1e-6);
        runs.agree_to("work.urgent.lead_time_greatest_days", 1.0 / 8.0, 1e-6);
    }
}

/// Five items of half a quarter, one after the other: an item that is begun t quarters after the first takes 1 + drift · t times
/// as long, at most twice; an hour of something else in the middle of one changes nothing about that.
#[test]
fn what_is_unfinished_for_long_takes_longer_to_fit() {
    let quarter = 63.0 * 8.0;
    for drift in [0.0, 0.05, 0.5] {
        let mut at: f64 = 0.0;
        for nth in 0..5 {
            at += quarter / 2.0 * (1.0 + drift * at / quarter).min(2.0);
            // The hour of something else falls into the fourth, and makes the last an hour later.
            at += f64::from(u8::from(nth == 3));
        }
        let whole = format!(
            "work.item.initiative={{ size = \"{} hours\", seats = 1, drift = \"{}%\" }}",
            2.5 * quarter,
            100.0 * drift
        );
        let set = [
            "work.item.arrivals={ trace = { times = [\"1 hour\"] } }",
            "work.item.items=",
            &whole,
            "work.item.size=\"252 hours\"",
            "work.urgent.arrivals={ trace = { times = [\"1000 hours\"] } }",
            "horizon=\"1000 days\"",
            "warmup=\"0 days\"",
            "replications=1",
        ];
        let runs = live("juggling", &set);
        runs.agree_to("work.item.lead_time_greatest_days", at / 8.0, 1e-4);
        assert!(drift == 0.0 || runs.column("lead_time_integration_days")[0] > 0.0, "it has its own cause");
    }
}
