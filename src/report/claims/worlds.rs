//! Claims over plausible organisations: words, tables, and the record beside the one of their files' own.

use super::{effect, inputs, word};
use crate::csv::{Sheet, back, plain, safe};
use crate::robust::counted;
use crate::table::TextTable;
use crate::words;
use experiment::summary::claims::{ClaimResult, OverDraws, REFUTED, SUPPORTED, Standing};
use statistics::ignorance::Count;
use statistics::interval::quantile;

/// What the page of findings says before its numbers.
pub const INTRODUCTION: &str = "Then each claim is asked again in organisations drawn from the ranges that evidence, or where there is none a guess, \
     leaves open ([claims/worlds.csv](claims/worlds.csv)). The final verdict is over those: supported where the claim \
     holds in at least 90 % of them, refuted where in at most 10 %, else it depends. They are organisations that the \
     model can describe, all parameters drawn independently; in how many of them a claim holds is no probability that \
     it holds in one that exists. How they are drawn and counted: [statistics.md](statistics.md#claims-over-plausible-organisations).";

/// The word of a verdict.
fn said(standing: Standing) -> &'static str {
    match standing {
        Standing::Supported => "supported",
        Standing::Refuted => "refuted",
        Standing::Depends => "depends",
    }
}

/// "supported", "supported (or depends)": the verdict, and what its interval leaves open.
pub fn verdict(over: &OverDraws) -> String {
    let Some(standing) = over.standing() else { return "–".to_owned() };
    let open: Vec<&str> = over.open().into_iter().map(said).collect();
    let open = if open.is_empty() { String::new() } else { format!(" (or {})", open.join(" or ")) };
    format!("{}{open}", said(standing))
}

/// "58 (52 to 61) of 63".
pub fn holds(count: &Count) -> String {
    format!("{} of {}", counted(count), count.organisations)
}

/// Whether plausible organisations were asked of any claim.
pub fn asked(claims: &[ClaimResult]) -> bool {
    claims.iter().any(|claim| claim.worlds.is_some())
}

/// A cell of the verdict and one of the count.
fn cells(claim: &ClaimResult) -> [String; 2] {
    match &claim.worlds {
        None => ["not asked".to_owned(), "–".to_owned()],
        Some(over) if over.varied == 0 => ["nothing to draw".to_owned(), "–".to_owned()],
        Some(over) => [verdict(over), holds(&over.holds)],
    }
}

/// One line per claim, with both verdicts.
pub fn table(claims: &[ClaimResult]) -> TextTable {
    let head = ["tag", "claim", "in", "finding", "verdict", "turns", "input", "holds in", "effect"];
    let mut grid = TextTable::new("Claims", 7, &head);
    for claim in claims {
        let [verdict, holds] = cells(claim);
        grid.row(vec![
            claim.tags.clone(),
            claim.statement.clone(),
            super::place(claim),
            word(claim.finding).to_owned(),
            verdict,
            turns(claim),
            inputs(claim),
            holds,
            effect(claim),
        ]);
    }
    super::notes(claims).into_iter().for_each(|note| grid.note(note));
    grid
}

/// The same with fewer columns, all of which wrap.
pub fn compact(claims: &[ClaimResult]) -> TextTable {
    let head = ["tag", "claim", "in", "finding and effect", "verdict, holds in", "turns"];
    let mut grid = TextTable::new("Claims", head.len(), &head);
    for claim in claims {
        let [verdict, holds] = cells(claim);
        let verdict = if holds == "–" { verdict } else { format!("{verdict}, {holds}") };
        grid.row(vec![
            claim.tags.clone(),
            claim.statement.clone(),
            super::place(claim),
            format!("{}, {}", word(claim.finding), effect(claim)),
            verdict,
            turns(claim),
        ]);
    }
    super::notes(claims).into_iter().for_each(|note| grid.note(note));
    grid
}

/// Where a claim turns: over plausible organisations, and at which ends of ranges the finding does.
fn turns(claim: &ClaimResult) -> String {
    let over = claim.worlds.as_ref().map(|over| over.turns.clone());
    let ends = (!claim.turns.is_empty()).then(|| format!("the finding at {}", claim.turns));
    let all: Vec<String> = over.into_iter().chain(ends).filter(|text| !text.is_empty()).collect();
    if all.is_empty() { "–".to_owned() } else { all.join("; ") }
}

/// The table of the page of findings.
pub fn summary(claims: &[ClaimResult]) -> TextTable {
    let head = ["tag", "claim", "in", "finding", "verdict", "holds in", "effect"];
    let mut grid = TextTable::new("", 5, &head);
    for claim in claims {
        let [verdict, holds] = cells(claim);
        let finding = word(claim.finding).to_owned();
        let place = super::place(claim);
        grid.row(vec![
            claim.tags.clone(),
            claim.statement.clone(),
            place,
            finding,
            verdict,
            holds,
            effect(claim),
        ]);
    }
    grid
}

/// What tables say below them of plausible organisations.
pub fn notes(claims: &[ClaimResult]) -> Option<String> {
    let over = claims.iter().filter_map(|claim| claim.worlds.as_ref());
    let over = over.filter(|over| over.varied > 0).min_by_key(|over| over.runs)?;
    Some(format!(
        "Finding: in the file’s own organisation. Verdict: over plausible organisations, supported where the claim holds (by more \
         than the smallest difference that matters) in at least {} of them, refuted where in at most {}, else it \
         depends; a refuted claim may be one whose difference is too small to matter. Holds in: corrected for the chance variation of \
         few replications an organisation ({}, and four times as many where a claim picks its policies), with an interval at {} for \
         other draws of organisations; “or” names the verdicts that it leaves open. Counts are of organisations drawn, no \
         probability.",
        words::level(SUPPORTED),
        words::level(REFUTED),
        over.runs,
        words::level(over.holds.level),
    ))
}

/// "Over plausible organisations, of 104 claims: 40 supported, ...".
pub fn tally(claims: &[ClaimResult]) -> Option<String> {
    let over: Vec<&OverDraws> = claims.iter().filter_map(|claim| claim.worlds.as_ref()).collect();
    if over.is_empty() {
        return None;
    }
    let judged: Vec<&&OverDraws> = over.iter().filter(|over| over.standing().is_some()).collect();
    let count = |word: Standing| judged.iter().filter(|over| over.standing() == Some(word)).count();
    let sure = judged.iter().filter(|over| over.open().is_empty()).count();
    let mut text = format!(
        "Over plausible organisations, of {}: {} supported, {} refuted, and for {} it depends. In {sure} the interval \
         leaves no other verdict open.",
        words::count(judged.len(), "claim", "claims"),
        count(Standing::Supported),
        count(Standing::Refuted),
        count(Standing::Depends),
    );
    let unasked = claims.len() - judged.len();
    if unasked > 0 {
        let rest = words::count(unasked, "claim", "claims");
        text.push_str(&format!(" Of {rest} they say nothing, for the reason given there."));
    }
    Some(text)
}

/// Everything about one claim over plausible organisations; nothing where they were not asked.
pub fn sentences(claim: &ClaimResult) -> String {
    let Some(over) = &claim.worlds else { return String::new() };
    if over.varied == 0 {
        return "Over plausible organisations it cannot be asked: its scenario states no range to draw from. "
            .to_owned();
    }
    let mut text = String::from("Over plausible organisations: ");
    if over.holds.organisations == 0 {
        return format!("{text}none of those drawn counts ({}). ", drawn(over));
    }
    text.push_str(&format!(
        "{}; it holds in {}, the opposite in {:.0}",
        verdict(over),
        holds(&over.holds),
        over.opposite
    ));
    let mut effects: Vec<f64> = over.effects.iter().copied().filter(|effect| effect.is_finite()).collect();
    effects.sort_unstable_by(f64::total_cmp);
    if !effects.is_empty() {
        let at = |p: f64| words::percent(quantile(&effects, p));
        text.push_str(&format!("; half of the differences lie between {} and {}", at(0.25), at(0.75)));
    }
    if let Some(narrow) = over.narrow.filter(|narrow| narrow.organisations > 0) {
        text.push_str(&format!("; with the middle half of every range it holds in {}", holds(&narrow)));
    }
    if !over.turns.is_empty() {
        text.push_str(&format!("; {}", over.turns));
    }
    format!("{text} ({}). ", drawn(over))
}

/// "64 drawn over 227 parameters, 1 set aside as implausible".
fn drawn(over: &OverDraws) -> String {
    let parameters = words::count(over.varied, "parameter", "parameters");
    let mut text = format!("{} drawn over {parameters}", over.drawn);
    let aside = [
        (over.implausible, "set aside as implausible"),
        (over.drowned, "stopped with more work than the simulator holds"),
        (over.refused, "that could not be simulated"),
        (over.missing, "with nothing to compare"),
    ];
    for (count, why) in aside.into_iter().filter(|(count, _)| *count > 0) {
        text.push_str(&format!(", {count} {why}"));
    }
    text
}

const HEAD: [&str; 26] = [
    "file",
    "number",
    "on",
    "hash",
    "seed",
    "lives",
    "varied",
    "drawn",
    "implausible",
    "drowned",
    "refused",
    "missing",
    "organisations",
    "level",
    "seen",
    "holds",
    "low",
    "high",
    "opposite",
    "narrow_organisations",
    "narrow_seen",
    "narrow",
    "narrow_low",
    "narrow_high",
    "turns",
    "effects",
];

/// The record of what plausible organisations said: a row per claim that was asked.
pub fn write_worlds(claims: &[ClaimResult]) -> Vec<u8> {
    let mut sheet = Sheet::new(HEAD);
    claims.iter().filter_map(row).for_each(|cells| sheet.row(cells));
    sheet.bytes()
}

fn row(claim: &ClaimResult) -> Option<Vec<String>> {
    let over = claim.worlds.as_ref()?;
    let mut cells = vec![claim.file.clone(), claim.number.to_string(), claim.on.clone(), claim.hash.clone()];
    cells.push(claim.seed.to_string());
    cells.push(over.runs.to_string());
    let counts = [over.varied, over.drawn, over.implausible, over.drowned, over.refused, over.missing];
    cells.extend(counts.map(|count| count.to_string()));
    let holds = &over.holds;
    cells.extend([holds.organisations.to_string(), plain(holds.level), holds.seen.to_string()]);
    cells.extend([holds.expected, holds.low, holds.high, over.opposite].map(plain));
    match &over.narrow {
        None => cells.extend([const { String::new() }; 5]),
        Some(narrow) => {
            cells.extend([narrow.organisations, narrow.seen].map(|count| count.to_string()));
            cells.extend([narrow.expected, narrow.low, narrow.high].map(plain));
        }
    }
    cells.push(over.turns.clone());
    let effects: Vec<String> = over.effects.iter().map(|effect| brief(*effect)).collect();
    cells.push(effects.join(" "));
    Some(cells)
}

/// Four digits, which a picture needs no more of; a dot for an organisation that does not count.
fn brief(effect: f64) -> String {
    if effect.is_nan() {
        return ".".to_owned();
    }
    format!("{effect:.3e}").parse::<f64>().map_or_else(|_| ".".to_owned(), |rounded| rounded.to_string())
}

/// Whether plausible organisations said the same of a claim, to the bit.
pub fn same_worlds(a: &ClaimResult, b: &ClaimResult) -> bool {
    // One of them may have been read from a file, where every cell is made safe.
    let safely = |claim| row(claim).map(|cells| cells.iter().map(|cell| safe(cell)).collect::<Vec<_>>());
    safely(a) == safely(b)
}

/// Reads the record of plausible organisations into the claims it is of. A row whose claim has another scenario by
/// now is left out.
///
/// # Errors
/// A sentence that says which line is wrong.
pub fn read_worlds(bytes: &[u8], claims: &mut [ClaimResult]) -> Result<(), String> {
    let mut reader = csv::Reader::from_reader(bytes);
    for (at, row) in reader.records().enumerate() {
        let line = at + 2;
        let row = row.map_err(|error| format!("line {line}: {error}"))?;
        let over = over(&row).ok_or_else(|| format!("line {line} is no claim that this version wrote"))?;
        let is_of = |claim: &&mut ClaimResult| {
            let numbers = [claim.number, claim.seed as usize].map(|number| number.to_string());
            let key = [&claim.file, &numbers[0], &claim.on, &claim.hash, &numbers[1]];
            key.iter().zip(row.iter()).all(|(here, there)| here.as_str() == back(there))
        };
        if let Some(claim) = claims.iter_mut().find(is_of) {
            claim.worlds = Some(over);
        }
    }
    Ok(())
}

fn over(row: &csv::StringRecord) -> Option<OverDraws> {
    let cell = |name: &str| row.get(HEAD.iter().position(|column| *column == name)?).map(back);
    let whole = |name: &str| cell(name)?.parse::<usize>().ok();
    let number = |name: &str| cell(name)?.parse::<f64>().ok();
    let count = |names: [&str; 5]| {
        Some(Count {
            organisations: whole(names[0])?,
            seen: whole(names[1])?,
            expected: number(names[2])?,
            low: number(names[3])?,
            high: number(names[4])?,
            level: number("level")?,
        })
    };
    let effect = |text: &str| match text {
        "." => Some(f64::NAN),
        digits => digits.parse::<f64>().ok(),
    };
    Some(OverDraws {
        runs: cell("lives")?.parse().ok()?,
        varied: whole("varied")?,
        drawn: whole("drawn")?,
        implausible: whole("implausible")?,
        drowned: whole("drowned")?,
        refused: whole("refused")?,
        missing: whole("missing")?,
        holds: count(["organisations", "seen", "holds", "low", "high"])?,
        opposite: number("opposite")?,
        narrow: match cell("narrow")? {
            "" => None,
            _ => Some(count(["narrow_organisations", "narrow_seen", "narrow", "narrow_low", "narrow_high"])?),
        },
        effects: cell("effects")?.split_whitespace().map(effect).collect::<Option<_>>()?,
        turns: cell("turns")?.to_owned(),
    })
}
