//! Claims and what they came to: a table, a page, a record that is kept, and charts.

mod chart;
mod leader;
mod page;
mod record;
mod worlds;

pub use chart::charts;
pub use page::{findings, html, index};
pub use record::{read, same, write};
pub use worlds::{read_worlds, same_worlds, write_worlds};

use super::table::TextTable;
use super::words;
use experiment::summary::claims::{ClaimResult, Expected, Finding};

/// The word of a finding.
pub fn word(finding: Finding) -> &'static str {
    match finding {
        Finding::Supported => "supported",
        Finding::Refuted => "refuted",
        Finding::PracticallySame => "practically the same",
        Finding::CannotTell => "can't tell yet",
    }
}

/// What a claim expects, in words.
fn expected(expected: Expected) -> &'static str {
    match expected {
        Expected::Lower => "lower",
        Expected::Higher => "higher",
        Expected::None => "no different",
    }
}

/// What is not said in a column of its own of where a claim was judged: "in typical-medium".
fn place(claim: &ClaimResult) -> String {
    if claim.on.is_empty() { "its own organisation".to_owned() } else { claim.on.clone() }
}

/// "+12 % (+9.1 % to +14 %)", or the same in the metric's unit where a relative difference has no bounds.
fn effect(claim: &ClaimResult) -> String {
    let relative = &claim.relative;
    if relative.low.is_finite() && relative.high.is_finite() && relative.mean.abs() <= 5.0 {
        let (low, high) = (words::percent(relative.low), words::percent(relative.high));
        return format!("{} ({low} to {high})", words::percent(relative.mean));
    }
    let interval = words::signed_interval(&claim.difference, &claim.unit);
    words::with_name(
        format!("{} ({interval})", words::signed_mean(&claim.difference, &claim.unit)),
        &claim.unit,
    )
}

/// What every table of claims says below it.
fn notes(claims: &[ClaimResult]) -> Vec<String> {
    let level = claims.first().map_or(0.95, |claim| claim.difference.level);
    vec![
        format!(
            "Effect: how the measure differs from what the policy is compared with, relative, with intervals that hold together at {} \
             over the claims of one file. Over all files they do not; “over all” reads each claim again with intervals wide \
             enough for that.",
            words::level(level)
        ),
        "Each finding is about the organisation that its file assumes, not about yours. An input is evidence that set a \
         default the claim leans on: the simulation can't confirm it."
            .to_owned(),
    ]
    .into_iter()
    .chain(worlds::notes(claims))
    .chain(leader::difference(claims))
    .collect()
}

fn inputs(claim: &ClaimResult) -> String {
    if claim.inputs.is_empty() { "–".to_owned() } else { claim.inputs.clone() }
}

/// The same for a terminal: with two verdicts there are more columns than it has room for.
pub fn compact(claims: &[ClaimResult]) -> TextTable {
    if worlds::asked(claims) { worlds::compact(claims) } else { table(claims) }
}

/// One line per claim.
pub fn table(claims: &[ClaimResult]) -> TextTable {
    if worlds::asked(claims) {
        return worlds::table(claims);
    }
    let mut grid = TextTable::new(
        "Claims",
        7,
        &["tag", "claim", "in", "measure", "finding", "over all", "input", "effect"],
    );
    for claim in claims {
        let mut statement = claim.statement.clone();
        if !claim.turns.is_empty() {
            statement.push_str(&format!(" Turns at: {}.", claim.turns));
        }
        grid.row(vec![
            claim.tags.clone(),
            statement,
            place(claim),
            format!("{} {}", claim.measure, expected(claim.expected)),
            word(claim.finding).to_owned(),
            word(claim.over_all).to_owned(),
            inputs(claim),
            effect(claim),
        ]);
    }
    notes(claims).into_iter().for_each(|note| grid.note(note));
    grid
}
