//! Every lever moves something, every lever that a page names is turned, and words follow from numbers by their rule.

#[path = "../examples/levers/page.rs"]
#[allow(dead_code, reason = "the page itself is made by the example")]
mod page;
#[path = "../examples/levers/sweep.rs"]
#[allow(dead_code, reason = "as above")]
mod sweep;

use orgsim::experiment::levers::{LEFT_OUT, LEVERS};
use orgsim::statistics::interval::Estimate;
use page::{Word, word};
use std::collections::BTreeSet;
use sweep::{Position, Swept, sweep as turn};

/// Two replications of a year are enough to see that a lever is connected to anything: on the same random numbers not a bit
/// differs where it is not.
#[test]
fn every_lever_moves_some_column() {
    let sweep = turn("typical", 2, "1 year", "", 1);
    let turned = sweep.levers.iter().flatten();
    let dead: Vec<&str> =
        turned.clone().filter(|swept| swept.moved.is_empty()).map(|swept| swept.path).collect();
    assert!(turned.count() > 60, "the levers were turned");
    assert!(dead.is_empty(), "these do nothing: {dead:?}");
}

/// The names in the line *Levers:* of each mechanism's page are turned, or left out with a reason.
#[test]
fn every_lever_that_a_page_names_is_turned() {
    let page = include_str!("../docs/model.md");
    let mut missing = BTreeSet::new();
    for part in page.split("*Levers:*").skip(1) {
        let line = ["*Cost", "*Fact", "*Evidence", "\n\n"]
            .iter()
            .fold(part, |line, end| line.split(end).next().unwrap_or_default());
        for name in line.split('`').skip(1).step_by(2) {
            let names = LEVERS.iter().map(|lever| lever.path).chain(LEFT_OUT.iter().map(|(path, _)| *path));
            if !names.clone().any(|path| is_named(path, name)) {
                missing.insert(name.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "pages call these levers, and nobody turns them: {missing:?}");
}

/// Whether a page may mean a path by a name: any stretch of it, `*` standing for any step, `{a, b}` for either.
fn is_named(path: &str, name: &str) -> bool {
    if let Some((before, rest)) = name.split_once('{') {
        let (inside, after) = rest.split_once('}').unwrap_or((rest, ""));
        return inside.split(',').any(|one| is_named(path, &format!("{before}{}{after}", one.trim())));
    }
    let steps = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (path, name) = (steps(path), steps(name.trim_end_matches(".*")));
    let is = |(one, other): (&String, &String)| one == other || one == "*" || other == "*";
    path.windows(name.len().min(path.len())).any(|part| part.iter().zip(&name).all(is))
}

fn estimate(mean: f64, half: f64) -> Estimate {
    Estimate { mean, low: mean - half, high: mean + half, level: 0.95, n: 9, beyond: 0 }
}

/// A lever whose value goes through these numbers, today's 0 among them, each known to within 2 %.
fn lever(values: &[f64]) -> Swept {
    let position = |value: &f64| Position {
        text: String::new(),
        is_today: *value == 0.0,
        changes: [estimate(*value, 0.02), estimate(0.0, 0.02), estimate(0.0, 0.02)],
        from_ends: [0, values.len() - 1].map(|end| estimate(value - values[end], 0.02)),
    };
    Swept {
        path: "a",
        ordered: true,
        positions: values.iter().map(position).collect(),
        moved: BTreeSet::from([1]),
    }
}

#[test]
fn words_follow_from_numbers() {
    let cases = [
        (vec![-0.3, -0.1, 0.0, 0.1], Word::OneSigned),
        (vec![0.0, -0.01, -0.05, -0.2], Word::OneSigned),
        (vec![-0.2, 0.0, 0.06, -0.1], Word::Interior),
        (vec![-0.2, -0.1, 0.0, -0.1], Word::Interior),
        (vec![0.1, 0.0, 0.08], Word::Mixed),
        (vec![0.004, 0.0, -0.009], Word::NoEffect),
        (vec![0.015, 0.0, -0.009], Word::TooSmall),
    ];
    for (values, expected) in cases {
        assert_eq!(word(&lever(&values)), expected, "{values:?}");
    }
    let dead = Swept { moved: BTreeSet::new(), ..lever(&[0.0, 0.0]) };
    assert_eq!(word(&dead), Word::Dead);
}
