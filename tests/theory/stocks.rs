//! Debt in the fluid limit, and the shares of capacity.

use super::support::{agree, estimate, live};

/// People, effort-days in the code, principal added per effort-day of writing: 16 decisions, a quarter of them
/// shortcuts of 45 minutes, in days of 8 hours.
const PEOPLE: f64 = 4.0;
const SIZE: f64 = 800.0;
const ADDED: f64 = 16.0 * 0.25 * 0.75 / 8.0;
const INTEREST: f64 = 4.0;

/// dP/dt = a·r − n·h with r = n(1−h)/(1 + ι·P/S); without debt, repair takes only what is added.
fn flow(principal: f64, share: f64) -> (f64, f64) {
    let gone = ADDED / (1.0 + ADDED);
    let share = if principal <= 0.0 { share.min(gone) } else { share };
    let written = PEOPLE * (1.0 - share) / (1.0 + INTEREST * principal.max(0.0) / SIZE);
    (ADDED * written - PEOPLE * share, written)
}

/// Principal and effort-days written after some days, by Runge and Kutta's fourth-order method.
fn fluid(share: f64, days: f64) -> (f64, f64) {
    let steps = 20_000;
    let step = days / f64::from(steps);
    let (mut principal, mut written) = (0.2 * SIZE, 0.0);
    for _ in 0..steps {
        let a = flow(principal, share);
        let b = flow(principal + 0.5 * step * a.0, share);
        let c = flow(principal + 0.5 * step * b.0, share);
        let d = flow(principal + step * c.0, share);
        principal = (principal + step / 6.0 * (a.0 + 2.0 * b.0 + 2.0 * c.0 + d.0)).max(0.0);
        written += step / 6.0 * (a.1 + 2.0 * b.1 + 2.0 * c.1 + d.1);
    }
    (principal, written)
}

#[test]
fn debt_in_tiny_pieces_is_a_fluid() {
    for share in [0.0, 0.25] {
        let runs = live("debt", &[&format!("team.dev.share.health=\"{}%\"", share * 100.0)]);
        for weeks in [20, 50, 100] {
            let days = 5.0 * weeks as f64;
            let density = fluid(share, days).0 / SIZE;
            let seen: Vec<f64> =
                runs.outcomes.iter().map(|outcome| f64::from(outcome.weeks[weeks - 1][0])).collect();
            // The pieces leave an error of the order of their size: two items of two hours per person.
            let (mean, error) = estimate(&seen);
            println!("| debt at {share} after {days} days | {density:.5} | {mean:.5} | {error:.5} |");
            let pieces = 2.0 * PEOPLE * 0.25 / SIZE;
            assert!((mean - density).abs() < 4.5 * error + pieces, "{share} {days}: {mean} theory {density}");
            assert!(error < 0.01 * density.max(0.1), "no power: {error} at {density}");
        }
    }
}

/// Work written in a year and in two, by share: the best share of a grid is the fluid's best share.
#[test]
fn the_best_share_is_the_fluids() {
    let shares = [0.0, 0.1, 0.2, 0.3, 0.5];
    let theory = shares.map(|share| fluid(share, 1_000.0).1 * 4.0);
    // A repair is begun for whatever little there is, so it must end with it.
    let given_back = "debt.surplus=\"given-back\"".to_owned();
    let completed = shares.map(|share| {
        let set = [
            format!("team.dev.share.health=\"{}%\"", share * 100.0),
            "horizon=\"1000 days\"".to_owned(),
            given_back.clone(),
        ];
        let runs = live("debt", &set.each_ref().map(String::as_str));
        let done = runs.column("work.item.done");
        let fluid = fluid(share, 1_000.0).1 * 4.0;
        if share < 0.25 {
            agree(&format!("items written at {share}"), &done, fluid, 0.005);
        } else {
            // Once the debt is gone, code is written with a little of it: what has come since the last repair.
            assert!((estimate(&done).0 / fluid - 1.0).abs() < 0.015, "{} {fluid}", estimate(&done).0);
        }
        estimate(&done).0
    });
    let best = |values: &[f64]| values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(at, _)| at);
    assert_eq!(best(&completed), best(&theory), "{completed:?} {theory:?}");
    // Paying debt back as fast as possible is best here, since the fluid forfeits what it then no longer needs.
    let most = theory.iter().copied().fold(0.0, f64::max);
    assert!(most > 1.2 * theory[0], "power: the shares must matter: {theory:?}");
}

/// The promise: hours are divided within the larger of 2 points and one largest item over the team's quarter,
/// in every replication, not on average.
#[test]
fn shares_of_capacity_are_kept_within_the_promise() {
    let tolerance = f64::max(0.02, 8.0 / (4.0 * 63.0));
    for share in [0.1, 0.25, 0.5] {
        let set = [
            format!("team.dev.share.health=\"{}%\"", share * 100.0),
            "work.item.size={ uniform = { min = \"0.1 days\", max = \"8 days\" } }".to_owned(),
            "work.repair.size={ uniform = { min = \"0.1 days\", max = \"6 days\" } }".to_owned(),
            "debt.interest=0".to_owned(),
            "debt.adds=\"3 hours\"".to_owned(),
            "horizon=\"1 quarter\"".to_owned(),
            "replications=300".to_owned(),
        ];
        let runs = live("debt", &set.each_ref().map(String::as_str));
        let kept = runs.column("team.dev.health_share");
        let worst = kept.iter().map(|kept| (kept - share).abs()).fold(0.0, f64::max);
        println!("| worst deviation from a share of {share} | {tolerance:.5} | {worst:.5} | |");
        assert!(worst <= tolerance, "{worst} from {share}, promised {tolerance}");
    }
}
