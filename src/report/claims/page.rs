//! The pages of claims: findings for the documents, and an index that a browser opens by itself.

use super::chart::names;
use super::{effect, expected, leader, notes, place, table, word, worlds};
use crate::chart::Svg;
use crate::files::slug;
use crate::table::{TextTable, escaped, printable, wrapped};
use crate::words;
use experiment::summary::claims::{ClaimResult, Expected, Finding};

const ALL: [Finding; 4] =
    [Finding::Supported, Finding::Refuted, Finding::PracticallySame, Finding::CannotTell];

/// The page of findings, from the record alone.
pub fn findings(claims: &[ClaimResult]) -> String {
    let mut page = String::from("# Findings\n\n");
    let mut say = |text: &str| page.push_str(&format!("{}\n", wrapped(text, 110, "")));
    say(
        "What the tool says about the claims it was built to test, each in the organisation that its file assumes. Every \
         claim was written and committed before its first run. Nothing was tuned for; a refutation is as welcome as \
         support. Simulation, not forecast.",
    );
    say(
        "This page is made from [claims/results.csv](claims/results.csv) by `orgsim claims --record`; `orgsim claims \
         --check` runs everything again and says what differs.",
    );
    if worlds::asked(claims) {
        say(worlds::INTRODUCTION);
    }
    say(&tally(claims));
    worlds::tally(claims).iter().for_each(|text| say(text));
    leader::difference(claims).iter().for_each(|text| say(text));
    page.push_str(leader::parts(claims).trim_start());
    page.push_str("\n## All claims\n\n");
    let mut say = |text: &str| page.push_str(&format!("{}\n", wrapped(text, 110, "")));
    notes(claims).iter().for_each(|note| say(note));
    page.push_str(&summary(claims).markdown());
    let mut tags = "";
    for claim in claims {
        if claim.tags != tags {
            tags = &claim.tags;
            page.push_str(&format!("\n### {}\n\n", escaped(tags)));
        }
        page.push_str(&format!("* {}", section(claim).trim_start()));
    }
    page
}

/// "Of 30 claims, 12 are supported, ...".
fn tally(claims: &[ClaimResult]) -> String {
    let count = |finding: Finding| claims.iter().filter(|claim| claim.finding == finding).count();
    let parts: Vec<String> = ALL.iter().map(|one| format!("{} {}", count(*one), word(*one))).collect();
    let over_all = claims.iter().filter(|claim| claim.over_all == claim.finding).count();
    format!(
        "Of {}: {}. {over_all} read the same with intervals that hold together over all files.",
        words::count(claims.len(), "claim", "claims"),
        words::list(&parts)
    )
}

fn summary(claims: &[ClaimResult]) -> TextTable {
    if worlds::asked(claims) {
        return worlds::summary(claims);
    }
    let mut grid = TextTable::new("", 4, &["tag", "claim", "in", "finding", "effect"]);
    for claim in claims {
        let (place, finding) = (place(claim), word(claim.finding).to_owned());
        let cells = [claim.tags.clone(), claim.statement.clone(), place, finding, effect(claim)];
        grid.row(cells.to_vec());
    }
    grid
}

/// Everything about one claim.
fn section(claim: &ClaimResult) -> String {
    let unit = &claim.unit;
    // A claim of no difference has no way that runs could go.
    let runs = match claim.expected {
        Expected::None => claim.difference.n.to_string(),
        _ => format!("as expected in {} of {}", words::share(claim.wins), claim.difference.n),
    };
    let mut text = format!(
        "**{}** ({}) In {}: {}: {} of “{}” is {} against {}, expected {}; difference {}; {} paired \
         replications over {}. Over all files: {}. ",
        escaped(&claim.statement),
        escaped(&claim.source),
        place(claim),
        word(claim.finding),
        escaped(&claim.measure),
        escaped(&claim.better),
        escaped(&words::with_unit(claim.better_mean, unit)),
        format_args!("{} of “{}”", escaped(&words::with_unit(claim.than_mean, unit)), escaped(&claim.than)),
        expected(claim.expected),
        escaped(&effect(claim)),
        runs,
        escaped(&claim.horizon),
        word(claim.over_all),
    );
    if claim.tried > 0 {
        let turns = if claim.turns.is_empty() { "no border found".to_owned() } else { escaped(&claim.turns) };
        text.push_str(&format!("One at a time at {} ends of plausible ranges: {turns}. ", claim.tried));
    }
    text.push_str(&escaped(&worlds::sentences(claim)));
    if !claim.inputs.is_empty() {
        text.push_str(&format!("Inputs: {}. ", escaped(&claim.inputs)));
    }
    if !claim.follows_from.is_empty() {
        text.push_str(&format!("Follows from an assumption: {}. ", escaped(&claim.follows_from)));
    }
    if !claim.note.is_empty() {
        text.push_str(&format!("{} ", escaped(&claim.note)));
    }
    text.push_str(&format!(
        "(`scenarios/claims/{}.toml`, claim {})",
        claim.file.replace('`', ""),
        claim.number
    ));
    wrapped(&text, 110, "  ")
}

/// The index beside the charts.
pub fn index(claims: &[ClaimResult]) -> String {
    let mut page = format!("# Claims\n\n{}\n", table(claims).markdown());
    for claim in claims {
        page.push_str(&format!("\n{}\n", section(claim)));
        for name in names(claim) {
            page.push_str(&format!("![{}](charts/{}.svg)\n", escaped(&claim.statement), slug(&name)));
        }
    }
    page.push_str("\nSimulation, not forecast.\n");
    page
}

/// Text in which nothing is HTML.
fn safe(text: &str) -> String {
    let mut safe = String::new();
    for letter in printable(text).chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}

const STYLE: &str = "body{font-family:sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;line-height:1.4}\
table{border-collapse:collapse}td,th{padding:.3rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid #ccc}\
svg{width:100%;height:auto;border:1px solid #ddd}";

/// One page that needs no other file; `charts` are those of each claim in order, or none.
pub fn html(claims: &[ClaimResult], charts: &[Vec<Svg>]) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Claims</title><style>{STYLE}</style></head>\
         <body>\n<h1>Claims</h1>\n"
    );
    let grid = table(claims);
    let row = |cells: &[String], tag: &str| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", safe(cell))).collect();
        format!("<tr>{}</tr>\n", cells.concat())
    };
    page.push_str(&format!("<table>\n{}", row(&grid.head, "th")));
    grid.rows.iter().for_each(|cells| page.push_str(&row(cells, "td")));
    page.push_str("</table>\n");
    grid.notes.iter().for_each(|note| page.push_str(&format!("<p>{}</p>\n", safe(note))));
    for (at, claim) in claims.iter().enumerate() {
        page.push_str(&format!("<h2>{}: {}</h2>\n", safe(&claim.tags), safe(&claim.statement)));
        page.push_str(&format!(
            "<p>{}, {}. {}{}</p>\n",
            safe(word(claim.finding)),
            safe(&effect(claim)),
            safe(&worlds::sentences(claim)),
            safe(&claim.note)
        ));
        for svg in charts.get(at).into_iter().flatten() {
            let text = svg.as_str();
            page.push_str(&text[text.find("<svg").unwrap_or(0)..]);
        }
    }
    page.push_str("\n<p>Simulation, not forecast.</p>\n</body></html>\n");
    page
}
