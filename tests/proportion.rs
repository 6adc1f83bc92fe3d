//! What a scenario says costs in proportion to how much it says: ten times the policies, dates or points take about ten
//! times as long to read, and not a hundred times.
//!
//! Times are of one process on one machine, the best of three; eight times as much may take twenty times as long before it
//! fails, where work that grows with the square would take sixty-four.

use orgsim::scenario::study::{Amendments, Study};
use std::time::{Duration, Instant};

const MOST: f64 = 20.0;

const HEAD: &str = "extends = \"typical\"\nhorizon = \"20 years\"\n[[team]]\nname = \"dev\"\nengineers = 5\n";

fn read(text: &str) -> Study {
    match Study::from_text("s.toml", text.as_bytes(), ".".into(), &Amendments::default()) {
        Ok((study, _)) => study,
        Err(refusal) => panic!("{}", orgsim::scenario::render(&refusal.problems, &refusal.sources, false)),
    }
}

fn best(work: impl Fn()) -> Duration {
    let time = || {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    (0..3).map(|_| time()).min().expect("three times")
}

#[track_caller]
fn in_proportion(what: &str, work: impl Fn(usize)) {
    let (few, many) = (best(|| work(40)), best(|| work(320)));
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    println!("{what}: {few:?} for 40, {many:?} for 320");
    assert!(ratio < MOST, "{what}: {ratio:.1} times as long for 8 times as much");
}

#[test]
fn policies_cost_in_proportion() {
    in_proportion("policies", |count| {
        let policy = |at: usize| format!("[policy.p{at}]\n\"team.*.share.health\" = \"{}%\"\n", at % 50);
        read(&format!("{HEAD}{}", (0..count).map(policy).collect::<String>()));
    });
}

#[test]
fn dates_cost_in_proportion() {
    in_proportion("dates", |count| {
        let date = |at: usize| {
            format!("[policy.p.after.\"{} days\"]\n\"team.*.share.health\" = \"{}%\"\n", at + 1, at % 50)
        };
        read(&format!("{HEAD}[policy.p]\n{}", (0..count).map(date).collect::<String>()));
    });
}

#[test]
fn points_cost_in_proportion() {
    let study = read(HEAD);
    in_proportion("points", |count| {
        let point =
            |at: usize| vec![("team.*.attention".to_owned(), format!("{}%", 10.0 + at as f64 / 10.0))];
        let points: Vec<_> = (0..count).map(point).collect();
        assert!(study.clone().with_points(".".into(), &points, false).is_ok());
    });
}
