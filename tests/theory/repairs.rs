//! Where debt is repaid: the densest component, or the busiest; and how far pressure tires.

use super::support::{estimate, live, runs_of, study};
use orgsim::kernel::streams::Streams;
use orgsim::model::replication::Replication;
use orgsim::units::{Instant, Ticks};

/// Densities of the components of `hotspots` after some days.
fn densities(rule: &str, days: f64) -> Vec<f64> {
    densities_with(rule, days, &[])
}

fn densities_with(rule: &str, days: f64, set: &[&str]) -> Vec<f64> {
    let study = study("hotspots", &[set, &[&format!("debt.repairs=\"{rule}\"")]].concat());
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

/// Where an hour of repair repays in proportion to the density that is left: a component of S hours that is repaired alone by one
/// person falls as e^(-t/τ), τ = S · typical. Two of the same size, of which one is touched in p = 0.8 of all changes. The densest
/// first: both fall as e^(-t/2τ). The busiest first: that one alone, until p·d = q·d' at τ ln(p/q); then both at half the pace.
fn hotspots_fluid(rule: &str, days: f64) -> [f64; 2] {
    let (p, q, tau) = (0.8_f64, 0.2_f64, 400.0 * 0.2);
    let met = tau * (p / q).ln();
    let after = (-(days - met) / (2.0 * tau)).exp();
    match rule {
        "densest" => [0.2 * (-days / (2.0 * tau)).exp(); 2],
        _ if days < met => [0.2 * (-days / tau).exp(), 0.2],
        _ => [0.2 * q / p * after, 0.2 * after],
    }
}

const HOTSPOT: [&str; 3] =
    ["team.dev.code.size_concentration=0", "debt.repays=\"left\"", "debt.typical=\"20%\""];

#[test]
fn what_is_left_is_repaid_where_the_traffic_is() {
    let pieces = 4.0 * 0.25 / 400.0;
    for days in [60.0, 128.0] {
        for rule in ["densest", "busiest"] {
            let found = densities_with(rule, days, &HOTSPOT);
            let theory = hotspots_fluid(rule, days);
            println!("| {rule} after {days} days | {theory:?} | {found:?} |");
            for (found, theory) in found.iter().zip(theory) {
                assert!(
                    (found - theory).abs() < 2.0 * pieces,
                    "{rule} after {days}: {found}, theory {theory}"
                );
            }
        }
    }
}

/// The gain of it: three people write items of two hours, which debt makes 1 + ι · (0.8 d + 0.2 d') times as long on average.
#[test]
fn repairs_at_a_hotspot_spare_more_interest() {
    let done = |rule: &str| {
        let steps = 2000;
        let rate = |day: f64| {
            let [d, other] = hotspots_fluid(rule, day);
            3.0 * 8.0 / (2.0 * (1.0 + 4.0 * (0.8 * d + 0.2 * other)))
        };
        let width = 128.0 / f64::from(steps);
        (0..steps).map(|step| rate((f64::from(step) + 0.5) * width)).sum::<f64>() / f64::from(steps)
    };
    let mut gains = Vec::new();
    for rule in ["densest", "busiest"] {
        let first = format!("debt.repairs=\"{rule}\"");
        let set = [&HOTSPOT[..], &[&first]].concat();
        let found = estimate(&live("hotspots", &set).column("work.item.throughput_per_day"));
        println!("| {rule} | {} | {found:?} |", done(rule));
        assert!(
            (found.0 - done(rule)).abs() < 4.5 * found.1 + 0.02,
            "{rule}: {found:?}, theory {}",
            done(rule)
        );
        gains.push(done(rule));
    }
    assert!(gains[1] / gains[0] > 1.04, "power: {gains:?}");
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
