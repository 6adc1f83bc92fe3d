//! The record of claims: a CSV file with numbers to the bit, from which the page of findings is made.

use crate::csv::{Sheet, back, plain, safe};
use experiment::summary::claims::{ClaimResult, Expected, Finding, measure};
use experiment::summary::unit::Unit;
use statistics::interval::Estimate;

const HEAD: [&str; 36] = [
    "file",
    "number",
    "on",
    "hash",
    "seed",
    "horizon",
    "tags",
    "source",
    "statement",
    "better",
    "than",
    "measure",
    "unit",
    "more_is_better",
    "expected",
    "smallest",
    "level",
    "pairs",
    "better_mean",
    "than_mean",
    "difference",
    "difference_low",
    "difference_high",
    "relative",
    "relative_low",
    "relative_high",
    "relative_pairs",
    "wins",
    "finding",
    "over_all",
    "inputs",
    "follows_from",
    "note",
    "tried",
    "turns",
    "end",
];

const FINDINGS: [Finding; 4] =
    [Finding::Supported, Finding::Refuted, Finding::PracticallySame, Finding::CannotTell];
const EXPECTED: [Expected; 3] = [Expected::Lower, Expected::Higher, Expected::None];

/// The record of these claims.
pub fn write(claims: &[ClaimResult]) -> Vec<u8> {
    let mut sheet = Sheet::new(HEAD);
    claims.iter().for_each(|claim| sheet.row(cells(claim)));
    sheet.bytes()
}

fn cells(claim: &ClaimResult) -> Vec<String> {
    let text = |text: &String| text.clone();
    let mut cells = vec![
        text(&claim.file),
        claim.number.to_string(),
        text(&claim.on),
        text(&claim.hash),
        claim.seed.to_string(),
    ];
    cells.extend([&claim.horizon, &claim.tags, &claim.source, &claim.statement, &claim.better].map(text));
    cells.extend([&claim.than, &claim.measure].map(text));
    cells.push(claim.unit.written().to_owned());
    cells.push(claim.more_is_better.to_string());
    cells.push(super::expected(claim.expected).to_owned());
    cells.extend([claim.smallest, claim.difference.level].map(plain));
    cells.push(claim.difference.n.to_string());
    cells.extend([claim.better_mean, claim.than_mean].map(plain));
    for estimate in [&claim.difference, &claim.relative] {
        cells.extend([estimate.mean, estimate.low, estimate.high].map(plain));
    }
    cells.push(claim.relative.n.to_string());
    cells.push(plain(claim.wins));
    cells.extend([claim.finding, claim.over_all].map(|finding| super::word(finding).to_owned()));
    cells.extend([&claim.inputs, &claim.follows_from, &claim.note].map(text));
    cells.push(claim.tried.to_string());
    cells.extend([text(&claim.turns), String::new()]);
    cells
}

/// Whether two results of a claim are the same to the bit; where it turns is another question.
pub fn same(a: &ClaimResult, b: &ClaimResult) -> bool {
    let bare = |claim: &ClaimResult| {
        // One of them may have been read from a file, where every cell is made safe.
        let cells = cells(claim).into_iter().map(|cell| safe(&cell));
        cells.take(HEAD.len() - 3).collect::<Vec<_>>()
    };
    bare(a) == bare(b)
}

/// Reads a record.
///
/// # Errors
/// A sentence that says which line is wrong.
pub fn read(bytes: &[u8]) -> Result<Vec<ClaimResult>, String> {
    let mut reader = csv::Reader::from_reader(bytes);
    let mut claims = Vec::new();
    for (at, row) in reader.records().enumerate() {
        let line = at + 2;
        let row = row.map_err(|error| format!("line {line}: {error}"))?;
        claims.push(claim(&row).ok_or_else(|| format!("line {line} is no claim that this version wrote"))?);
    }
    Ok(claims)
}

fn claim(row: &csv::StringRecord) -> Option<ClaimResult> {
    let cell = |name: &str| row.get(HEAD.iter().position(|column| *column == name)?).map(back);
    let text = |name: &str| cell(name).map(str::to_owned);
    let number = |name: &str| match cell(name)? {
        "" => Some(f64::NAN),
        digits => digits.parse::<f64>().ok(),
    };
    let finding = |name: &str| {
        let said = cell(name)?;
        FINDINGS.into_iter().find(|finding| super::word(*finding) == said)
    };
    let estimate = |name: &str, pairs: &str| {
        Some(Estimate {
            mean: number(name)?,
            low: number(&format!("{name}_low"))?,
            high: number(&format!("{name}_high"))?,
            level: number("level")?,
            n: cell(pairs)?.parse().ok()?,
            beyond: 0,
        })
    };
    Some(ClaimResult {
        file: text("file")?,
        number: cell("number")?.parse().ok()?,
        on: text("on")?,
        hash: text("hash")?,
        seed: cell("seed")?.parse().ok()?,
        horizon: text("horizon")?,
        tags: text("tags")?,
        source: text("source")?,
        statement: text("statement")?,
        better: text("better")?,
        than: text("than")?,
        measure: measure(&text("measure")?),
        unit: Unit::of(text("unit")?, None),
        more_is_better: cell("more_is_better")?.parse().ok()?,
        expected: EXPECTED.into_iter().find(|one| cell("expected") == Some(super::expected(*one)))?,
        smallest: number("smallest")?,
        better_mean: number("better_mean")?,
        than_mean: number("than_mean")?,
        difference: estimate("difference", "pairs")?,
        relative: estimate("relative", "relative_pairs")?,
        wins: number("wins")?,
        finding: finding("finding")?,
        over_all: finding("over_all")?,
        inputs: text("inputs")?,
        follows_from: text("follows_from")?,
        note: text("note")?,
        tried: cell("tried")?.parse().ok()?,
        turns: text("turns")?,
        worlds: None,
    })
}
