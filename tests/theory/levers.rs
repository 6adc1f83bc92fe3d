//! Levers that lead to more than their own number: searching, the first change, and making clear what nobody has begun.

use super::support::{live, runs_of, written};

/// Half an item a day, half a day of writing each, of which 20 % come back for half: odds of 1/4. Searching takes a tenth of
/// the writing on top; a document takes a fifth of a day, 1 off the log-odds, and leaves half of the searching.
#[test]
fn searching_takes_its_share_of_the_writing() {
    let set = ["communication.searching=0.1", "team.dev.engineers=20"];
    live("communication", &set).agree("team.dev.utilisation", 0.5 * 0.5 * (1.0 + 0.5 * 0.25) * 1.1 / 20.0);
    let odds = 0.25 * (-1.0_f64).exp();
    let on = [&set[..], &["communication.documents=\"100%\""]].concat();
    live("communication", &on)
        .agree("team.dev.utilisation", 0.5 * (0.2 + 0.5 * (1.0 + 0.5 * odds)) * 1.05 / 20.0);
}

/// Where the first change takes two weeks, the ramp and the mentor's share are as if they were twice what they are after
/// one, at a power of 1; at a power of 0 they are what they are.
#[test]
fn what_makes_the_first_change_quick_eases_what_follows() {
    let bits = |set: &[&str]| -> Vec<u64> {
        let slow = ["people.first_change=\"10 days\"", "people.untended=\"10 days\""];
        let runs = live("ramp", &[&slow[..], set].concat());
        runs.outcomes.iter().flat_map(|outcome| &outcome.values).map(|value| value.to_bits()).collect()
    };
    let eased = bits(&["people.eases=1", "people.ramp=\"30 days\"", "people.mentor=\"10%\""]);
    let doubled = bits(&["people.ramp=\"60 days\"", "people.mentor=\"20%\""]);
    let as_it_is = bits(&["people.ramp=\"30 days\"", "people.mentor=\"10%\""]);
    assert!(eased == doubled && eased != as_it_is);
}

/// One person, and always five items of a day, each as unclear as half of what can be. At the fork the first is in hand; from
/// then on all others are made clear before they are built, in half of half a day: those that waited, too. Just short of day 6
/// the one in hand and three more are done, and four are clear; if those that waited were built as they are, five would be done.
#[test]
fn what_nobody_has_begun_is_made_clear_too() {
    let runs = runs_of(
        "clear",
        &written(
            r#"
extends = "bare"
past = "10 days"
horizon = "5.9 days"
replications = 1
[[team]]
name = "dev"
engineers = 1
[work.item]
arrivals = { endless = 5 }
size = "1 day"
fuzziness = 0.5
route = ["clarify", "build"]
[work.again]
class = "unplanned"
route = ["build"]
size = "1 day"
[stage.clarify]
team = "dev"
effort_share = "50%"
clarifies = "100%"
applies_to = { work = ["again"] }
[stage.build]
team = "dev"
effort_share = "100%"
code = true
[clarity]
usual = "30%"
doubt = 0
rework = 0
found = "0%"
misses = "0%"
discovery = "10 days"
again = "0%"
repair = "again"
[policy.base]
baseline = true
[policy.clear]
"stage.clarify.applies_to.work" = ["item"]
"#,
        ),
    );
    assert_eq!(runs[0].column("work.item.done"), [5.0]);
    assert_eq!(runs[1].column("work.item.done"), [4.0]);
    let hours = runs[1].column("clarifying_hours_per_year")[0] * 5.9 / 252.0;
    assert!((hours - 8.0).abs() < 1e-9, "{hours}");
}
