//! What is said of each lever, by rule; the page, the table of all positions, and the charts.

use super::sweep::{MEASURES, Position, Sweep, Swept};
use orgsim::report::chart::{self, Heading, Multiples, Panel, PanelPoint};
use orgsim::report::table::wrapped;
use orgsim::report::words::{capital, percent};
use orgsim::statistics::interval::Estimate;

/// Below this a difference is as good as none, where its interval holds 0.
const NOTHING: f64 = 0.01;

/// In which words a lever ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Nothing measured moves at all: a defect.
    Dead,
    /// All intervals hold 0, and no mean is beyond 1 %.
    NoEffect,
    /// No interval leaves 0, though some mean is beyond 1 %: too few replications.
    TooSmall,
    /// An inner position beats both ends in value, beyond its intervals.
    Interior,
    /// In value all that is shown goes one way.
    OneSigned,
    /// Lead time or failures move, and value is not told from today's.
    NotInValue,
    Mixed,
}

impl Word {
    pub fn text(self) -> &'static str {
        match self {
            Word::Dead => "no effect on anything",
            Word::NoEffect => "no effect",
            Word::TooSmall => "too small to tell",
            Word::Interior => "interior optimum",
            Word::OneSigned => "one-signed by construction",
            Word::NotInValue => "not shown in value",
            Word::Mixed => "mixed",
        }
    }

    fn short(self) -> &'static str {
        match self {
            Word::Dead => "dead",
            Word::TooSmall => "too small",
            Word::Interior => "optimum",
            Word::OneSigned => "one-signed",
            Word::NotInValue => "not value",
            word => word.text(),
        }
    }
}

fn is_shown(estimate: &Estimate) -> bool {
    !estimate.contains(0.0) && estimate.mean.is_finite()
}

/// The word for a lever.
pub fn word(swept: &Swept) -> Word {
    let all = || swept.positions.iter().flat_map(|position| &position.changes);
    if swept.moved.is_empty() {
        return Word::Dead;
    }
    if !all().any(is_shown) {
        let small = all().all(|change| change.mean.is_nan() || change.mean.abs() < NOTHING);
        return if small { Word::NoEffect } else { Word::TooSmall };
    }
    if !swept.positions.iter().any(|position| is_shown(&position.changes[0])) {
        return Word::NotInValue;
    }
    if !swept.ordered {
        return Word::Mixed;
    }
    let last = swept.positions.len().saturating_sub(1);
    let inner = swept.positions.iter().enumerate().filter(|(at, _)| *at > 0 && *at < last);
    if inner.clone().any(|(_, position)| position.from_ends.iter().all(|end| end.low > 0.0)) {
        return Word::Interior;
    }
    let today = swept.positions.iter().position(|position| position.is_today).unwrap_or(0);
    // Left of today a fall is a rise to the right.
    let slopes: Vec<f64> = swept
        .positions
        .iter()
        .enumerate()
        .filter(|(_, position)| is_shown(&position.changes[0]))
        .map(|(at, position)| position.changes[0].mean.signum() * if at < today { -1.0 } else { 1.0 })
        .collect();
    match slopes.split_first() {
        Some((first, rest)) if rest.iter().all(|slope| slope == first) => Word::OneSigned,
        _ => Word::Mixed,
    }
}

/// "−12 % (−15 to −8 %)".
fn change(estimate: &Estimate) -> String {
    if estimate.mean.is_nan() {
        return "–".to_owned();
    }
    let mark = if is_shown(estimate) { "**" } else { "" };
    format!(
        "{mark}{}{mark} ({} to {})",
        percent(estimate.mean),
        percent(estimate.low),
        percent(estimate.high)
    )
}

/// The first, the best inner and the last position that is not today's, where there are such.
fn told(swept: &Swept) -> Vec<&Position> {
    let moved: Vec<&Position> = swept.positions.iter().filter(|position| !position.is_today).collect();
    let (Some(first), Some(last)) = (moved.first(), moved.last()) else { return Vec::new() };
    let inner = moved.iter().skip(1).rev().skip(1);
    let best = inner.max_by(|a, b| a.changes[0].mean.total_cmp(&b.changes[0].mean));
    let mut told = vec![*first];
    told.extend(best.filter(|best| best.changes[0].mean > first.changes[0].mean.max(last.changes[0].mean)));
    if moved.len() > 1 {
        told.push(last);
    }
    told
}

fn pairs(sweeps: &[Sweep]) -> Vec<(&'static str, Vec<Option<&Swept>>)> {
    let count = sweeps.first().map_or(0, |sweep| sweep.levers.len());
    let all = (0..count).filter_map(|at| {
        let of: Vec<Option<&Swept>> = sweeps.iter().map(|sweep| sweep.levers[at].as_ref()).collect();
        let path = of.iter().flatten().next()?.path;
        Some((path, of))
    });
    all.collect()
}

/// The page.
pub fn page(sweeps: &[Sweep], command: &str) -> String {
    let mut page = String::from("# Levers: dose and response\n\n");
    let mut say = |text: &str| page.push_str(&format!("{}\n", wrapped(text, 110, "")));
    let (replications, horizon) = (sweeps[0].replications, &sweeps[0].horizon);
    say(&format!(
        "Every lever over its range, one at a time from the fork on, against the organisation as it is: {replications} \
         replications of {horizon} on the same random numbers. Differences are in per cent of the mean of today. All intervals \
         of a column hold together, and with those of the other columns and organisations, with 95 % (the greatest of all, by \
         simulation); those that leave out 0 are **bold**. Simulation, not forecast."
    ));
    say(&format!("This page is made by `{command}`; all positions stand in [levers.csv](levers.csv)."));
    for sweep in sweeps {
        let parts = sweep.today.iter().zip(MEASURES);
        let parts: Vec<String> = parts
            .map(|((column, unit, mean), (title, _))| format!("{title} {mean:.3} {unit} (`{column}`)"))
            .collect();
        say(&format!("Today in `{}`: {}.", sweep.preset, parts.join(", ")));
    }
    say(
        "Words follow from the numbers. *No effect:* all intervals hold 0, and no mean is beyond 1 %. *Too small to tell:* the \
         same, with a mean beyond. *Interior optimum:* an inner position brings more value than both ends, beyond the intervals \
         of these differences. *One-signed by construction:* of the value, all that is shown goes one way from end to end, so \
         that a claim on its sign follows from an assumption. *Not shown in value:* lead time or failures move alone. *Mixed:* \
         anything else; choices without an order are that where value is shown to move. A lever that moves nothing at all is a defect.",
    );
    tally(sweeps).iter().for_each(|text| say(text));
    for (at, (title, _)) in MEASURES.iter().enumerate() {
        page.push_str(&format!("![{}]({})\n\n", capital(title), picture(at)));
    }
    page.push_str("| lever | organisation | position | value | lead time | failures | in a word |\n|---|---|---|---|---|---|---|\n");
    for (path, of) in pairs(sweeps) {
        for (sweep, swept) in sweeps.iter().zip(of) {
            let Some(swept) = swept else { continue };
            let word = word(swept).text();
            for (nth, position) in told(swept).into_iter().enumerate() {
                let [value, lead, failures] = &position.changes;
                let (name, preset, word) = if nth == 0 {
                    (format!("`{path}`"), sweep.preset.as_str(), word)
                } else {
                    (String::new(), "", "")
                };
                page.push_str(&format!(
                    "| {name} | {preset} | {} | {} | {} | {} | {word} |\n",
                    position.text.replace('|', "/"),
                    change(value),
                    change(lead),
                    change(failures)
                ));
            }
        }
    }
    page
}

fn picture(measure: usize) -> &'static str {
    ["images/levers-value.png", "images/levers-lead-time.png", "images/levers-failures.png"][measure]
}

/// How many levers end in which word, and which move nothing.
fn tally(sweeps: &[Sweep]) -> Vec<String> {
    let all = [
        Word::Interior,
        Word::OneSigned,
        Word::Mixed,
        Word::NotInValue,
        Word::TooSmall,
        Word::NoEffect,
        Word::Dead,
    ];
    let of = |sweep: &Sweep| {
        let words: Vec<(&str, Word)> =
            sweep.levers.iter().flatten().map(|swept| (swept.path, word(swept))).collect();
        let count = |one: Word| words.iter().filter(|(_, word)| *word == one).count();
        let parts: Vec<String> = all.iter().map(|one| format!("{} {}", one.text(), count(*one))).collect();
        format!("Of {} levers in `{}`: {}.", words.len(), sweep.preset, parts.join(", "))
    };
    sweeps.iter().map(of).collect()
}

/// All positions, a row each.
pub fn csv(sweeps: &[Sweep]) -> String {
    let mut text =
        String::from("lever,organisation,position,today,measure,change,low,high,replications,word\n");
    for (path, of) in pairs(sweeps) {
        for (sweep, swept) in sweeps.iter().zip(of) {
            let Some(swept) = swept else { continue };
            for position in &swept.positions {
                for (change, (title, _)) in position.changes.iter().zip(MEASURES) {
                    let quoted = position.text.replace('"', "\"\"");
                    text.push_str(&format!(
                        "{path},{},\"{quoted}\",{},{title},{:.5},{:.5},{:.5},{},{}\n",
                        sweep.preset,
                        position.is_today,
                        change.mean,
                        change.low,
                        change.high,
                        sweep.replications,
                        word(swept).text()
                    ));
                }
            }
        }
    }
    text
}

/// One sheet of a measure, all levers on it.
pub fn sheet(sweeps: &[Sweep], measure: usize, command: &str) -> Multiples {
    let (title, _) = MEASURES[measure];
    let panels = pairs(sweeps).into_iter().map(|(path, of)| panel(path, &of, measure)).collect();
    let replications = sweeps[0].replications;
    Multiples {
        heading: Heading {
            title: format!("What each lever does to {title} over its range"),
            subtitle: format!(
                "Difference from today, bands together 95 %; {replications} paired replications of {}; what is beyond lies at the edge",
                sweeps[0].horizon
            ),
            source: format!("orgsim {} · {command} · simulation, not forecast", env!("CARGO_PKG_VERSION")),
        },
        series: sweeps.iter().map(|sweep| sweep.preset.clone()).collect(),
        panels,
        reach: [0.25, 0.5, 0.5][measure],
    }
}

fn panel(path: &str, of: &[Option<&Swept>], measure: usize) -> Panel {
    let words: Vec<Word> = of.iter().flatten().map(|swept| word(swept)).collect();
    let same = words.iter().all(|word| *word == words[0]);
    let text = if same { words[0].short() } else { "differs" };
    let longest = of.iter().flatten().max_by_key(|swept| swept.positions.len()).expect("a lever somewhere");
    let end = |position: Option<&Position>| position.map_or(String::new(), |position| brief(&position.text));
    Panel {
        name: short(path),
        word: text.to_owned(),
        is_ordered: longest.ordered,
        stands_out: words.iter().any(|word| [Word::Interior, Word::Dead].contains(word)),
        ends: (end(longest.positions.first()), end(longest.positions.last())),
        series: of.iter().map(|swept| swept.map_or(Vec::new(), |swept| points(swept, measure))).collect(),
    }
}

/// A position with short units.
fn brief(text: &str) -> String {
    let units =
        [("minute", "min"), ("hour", "h"), ("day", "d"), ("week", "wk"), ("month", "mo"), ("year", "y")];
    let brief = |(unit, short): &(&str, &str)| {
        let number = text.strip_suffix('s').unwrap_or(text).strip_suffix(unit)?;
        number.trim().parse::<f64>().is_ok().then(|| format!("{number}{short}"))
    };
    units.iter().find_map(brief).unwrap_or_else(|| text.to_owned())
}

/// A path without what all of its kind begin with.
fn short(path: &str) -> String {
    let begins = ["team.*.", "work.feature.", "stage.", "incidents.", "communication."];
    let rest = begins.iter().find_map(|begin| path.strip_prefix(begin)).unwrap_or(path);
    rest.replace("release.release.", "release.").replace(".lognormal.", ".").replace("initiative.", "init.")
}

fn points(swept: &Swept, measure: usize) -> Vec<PanelPoint> {
    let last = (swept.positions.len().max(2) - 1) as f64;
    let point = |(at, position): (usize, &Position)| {
        let change = &position.changes[measure];
        PanelPoint {
            place: at as f64 / last,
            change: chart::Estimate { mean: change.mean, low: change.low, high: change.high },
            is_today: position.is_today,
        }
    };
    swept.positions.iter().enumerate().map(point).collect()
}
