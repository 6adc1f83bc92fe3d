//! The check of claims: policies and metrics that they name are there.

use crate::library::TYPICAL;
use crate::tables::{ClaimTable, Scenario};
use notation::diagnostic::{Diagnostics, advice};
use observation::metrics;

/// What the baseline is called where no policy is one.
const BASELINE: &str = "as it is";

/// Says what is wrong with the claims of a scenario.
pub fn check(scenario: &Scenario, problems: &mut Diagnostics) {
    for (at, claim) in scenario.claim.0.iter().enumerate() {
        // One claim stands in a table of its own, several in a list.
        let list = scenario.claim.0.len() > 1;
        let place = |key: &str| if list { format!("claim.{at}.{key}") } else { format!("claim.{key}") };
        let names = || scenario.policy.keys().map(String::as_str).chain([BASELINE]);
        let policies = [("better", &claim.better), ("than", &claim.than)];
        let policies = policies.into_iter().filter_map(|(key, name)| Some((key, name.as_ref()?)));
        for (key, name) in policies.chain(claim.than_sum_of.iter().map(|name| ("than_sum_of", name))) {
            if !names().any(|known| known == name) {
                let help = advice(name, names());
                problems.error(place(key), format!("there is no policy called `{name}`")).help(help);
            }
        }
        let measures = [
            ("measure", Some(&claim.measure)),
            ("picked_by", claim.picked_by.as_ref()),
            ("than_picked_by", claim.than_picked_by.as_ref()),
        ];
        for (key, words) in measures {
            let Some(words) = words else { continue };
            if key == "measure" && claim.is_per_added_cost() {
                per_added_cost(scenario, claim, &place(key), problems);
                continue;
            }
            let found = metrics::find(words);
            if found.and_then(metrics::least).is_some() && !claim.than_sum_of.is_empty() {
                problems.error(
                    place(key),
                    format!("`{words}` may lie beyond the window: a sum of gains in it would be no bound of anything"),
                );
            }
            if found.is_none() {
                let titles: Vec<&str> = metrics::METRICS.iter().map(|metric| metric.title).collect();
                let help = advice(words, titles);
                problems.error(place(key), format!("there is no metric called `{words}`")).help(help);
            }
        }
        for name in claim.on.iter().filter(|name| !TYPICAL.contains(&name.as_str())) {
            let help = advice(name, TYPICAL);
            problems.error(place("on"), format!("there is no typical organisation `{name}`")).help(help);
        }
        sides(claim, &place("better"), problems);
    }
}

/// What is added is added to the baseline, and its ratio has no other policy beside it.
fn per_added_cost(scenario: &Scenario, claim: &ClaimTable, place: &str, problems: &mut Diagnostics) {
    if claim.better.is_none() || claim.than_value.is_none_or(|value| value <= 0.0) {
        problems
            .error(place, format!("`{}` is of one policy over the baseline, beside a number", claim.measure))
            .help("write `better` and `than_value`: 1 is what the addition costs");
    } else if scenario.value.is_none() {
        problems.error(place, "nothing is worth anything here: write [value]");
    }
}

/// Each side of the comparison is said in exactly one way.
fn sides(claim: &ClaimTable, place: &str, problems: &mut Diagnostics) {
    let count = |given: &[bool]| given.iter().filter(|is| **is).count();
    if count(&[claim.better.is_some(), claim.picked_by.is_some()]) != 1 {
        problems.error(place, "say of which policy it is claimed: write `better`, or `picked_by`");
    }
    let others = [
        claim.than.is_some(),
        claim.than_value.is_some(),
        claim.than_picked_by.is_some(),
        !claim.than_sum_of.is_empty(),
    ];
    if count(&others) != 1 {
        let help = "write one of `than`, `than_value`, `than_picked_by` and `than_sum_of`";
        problems.error(place, "say what it is compared with, once").help(help);
    }
    if claim.better.is_some() && claim.better == claim.than {
        problems.error(place, "a policy is compared with itself");
    }
    if claim.than_sum_of.len() == 1 {
        problems.error(place, "a sum has several parts: write `than` for one policy");
    }
    if !claim.than_value.unwrap_or(1.0).is_finite() || claim.than_value == Some(0.0) {
        problems.error(place, "`than_value` must be a number other than 0: differences are relative to it");
    }
}
