//! Where debt is repaid: the densest component, or the busiest; and how far pressure tires.

use super::support::{live, runs_of, study};
use orgsim::kernel::streams::Streams;
use orgsim::model::replication::Replication;
use orgsim::units::{Instant, Ticks};

/// Densities of the components of `hotspots` after some days.
fn densities(rule: &str, days: f64) -> Vec<f64> {
    let study = study("hotspots", &[&format!("debt.repairs=\"{rule}\"")]);
    let mut replication =
        Replication::begin(&study.timelines[0].phases[0].1, Streams::new(study.scenario.seed, 0));
    let end = Instant::START + Ticks::from_hours(8.0 * days);
    replication.run_until(end, &mut ()).expect("no overrun");
    let components = &replication.ctx.org.components;
    components.iter().map(|it| it.principal_hours / it.size_hours).collect()
}

/// A day of repair is repaid each day of the 160 that there are; one component has p = 0.8 of the code and of the traffic,
/// the other q. The densest first: both are at (160 − t)/800. The busiest first: the large one alone, until p·d = q·d' at
/// t = 96; then both are kept so, at d = w/p and d' = w/q with (160 − t)/800 = 2w. In pieces of two hours by
/// four people: each component may be some such pieces off.
#[test]
fn repairs_go_where_the_rule_says() {
    let (p, q) = (0.8, 0.2);
    let pieces = 4.0 * 0.25 / (800.0 * q);
    for days in [60.0, 128.0] {
        let left = 160.0 - days;
        let even = [left / 800.0; 2];
        let busiest = if days < 96.0 {
            [0.2 - days / (800.0 * p), 0.2]
        } else {
            [left / 1600.0 / p, left / 1600.0 / q]
        };
        for (rule, theory) in [("densest", even), ("busiest", busiest)] {
            let found = densities(rule, days);
            println!("| {rule} after {days} days | {theory:?} | {found:?} |");
            for (found, theory) in found.iter().zip(theory) {
                assert!((found - theory).abs() < pieces, "{rule} after {days}: {found}, theory {theory}");
            }
        }
        assert!((busiest[1] - even[1]).abs() > 5.0 * pieces, "power");
    }
}

/// Where all components are touched as often, the two rules are one, to the bit.
#[test]
fn where_traffic_is_even_the_busiest_is_the_densest() {
    let set = ["team.dev.code.components=3", "team.dev.code.concentration=0", "debt.decisions_per_day=16"];
    let [densest, busiest] = ["densest", "busiest"].map(|rule| {
        let rule = format!("debt.repairs=\"{rule}\"");
        let study = study("hotspots", &[&set[..], &[&rule]].concat());
        runs_of(&rule, &study).swap_remove(0)
    });
    for (one, other) in densest.outcomes.iter().zip(&busiest.outcomes) {
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&one.values), bits(&other.values));
        assert_eq!(one.events, other.events);
    }
}

/// Tiredness follows what of the push cannot be sustained: T(k) = max(0, push − s)·(1 − (1 − 1/w)^k) after k weeks, and
/// the speed of work is 1 + gain·push − tiring·T.
#[test]
fn only_what_cannot_be_sustained_tires() {
    for (sustainable, beyond) in [(0.0, 0.6), (0.25, 0.35), (0.6, 0.0), (1.0, 0.0)] {
        let sustained = format!("pressure.sustainable={sustainable}");
        let set = ["team.dev.pressure=\"60%\"", "replications=1", &sustained];
        let weeks = 6;
        let sum: f64 = (1..=weeks).map(|week| beyond * (1.0 - 0.75_f64.powi(week))).sum();
        let horizon = format!("horizon=\"{weeks} weeks\"");
        live("round", &[&set[..], &[&horizon]].concat()).agree_to("tiredness", sum / f64::from(weeks), 1e-12);
        // Nobody reads, and there is always work: the weeks in which all are tired go on for ever.
        let endless = [
            "work.item.arrivals={ endless = 5 }",
            "work.item.route=[\"build\"]",
            "pressure.gain=0.2",
            "pressure.tiring=0.3",
            "warmup=\"1000 days\"",
            "horizon=\"2000 days\"",
        ];
        let speed = 1.0 + 0.2 * 0.6 - 0.3 * beyond;
        let done = live("round", &[&set[..], &endless].concat()).column("work.item.throughput_per_day")[0];
        // Of an item that is begun before the window and done in it, as much counts as its whole.
        assert!((done - 2.0 * 8.0 * speed).abs() < 2.0 / 1000.0 + 1e-9, "{done}, theory {}", 16.0 * speed);
    }
}
