//! The scenario that a fit ends in: what was measured and fitted, with where each number comes from.

use super::base::quoted;
use super::summary::{FitSummary, FittedNumber, Status};

/// What of a fit only the command knows.
pub struct Origin<'a> {
    /// The folder and the last day that is known of.
    pub data: &'a str,
    pub as_of: &'a str,
    /// The file of the joint draws, beside the scenario.
    pub posterior: &'a str,
    /// The file of what is open today, beside it too.
    pub open: &'a str,
    pub version: &'a str,
}

/// The scenario's file.
pub fn scenario(summary: &FitSummary, origin: &Origin<'_>) -> String {
    let mut text = head(summary, origin);
    text.push_str(&tables(summary));
    text.push_str(&format!("{POLICIES}{}\n", fewer_initiatives(summary)));
    text.push_str("\n[evidence]\n");
    for number in summary.numbers.iter().filter(|number| number.status != Status::Assumed) {
        text.push_str(&evidence(number, summary));
    }
    text
}

const POLICIES: &str = "
# What you are thinking of: change these, and add your own. `orgsim list levers` names what can be changed.
[policy.as-it-is]
baseline = true

[policy.quarter-for-health]
\"team.*.share.health\" = \"25%\"

[policy.fewer-initiatives]
\"team.*.wip.initiatives\" = ";

/// Half of the initiatives that the team has now, and at least one: as many as now would be no policy.
fn fewer_initiatives(summary: &FitSummary) -> u64 {
    let median = |path: &str| -> Option<f64> {
        summary.numbers.iter().find(|number| number.path == path)?.median.parse().ok()
    };
    let now = median("team.*.engineers").zip(median("team.*.wip.initiatives.per_head"));
    now.map_or(1, |(engineers, per_head)| (engineers * per_head / 2.0).floor().max(1.0) as u64)
}

fn head(summary: &FitSummary, origin: &Origin<'_>) -> String {
    let comment = |text: &str| text.replace(|letter: char| letter.is_control(), " ");
    format!(
        "# Fitted to {data}: {delivered} items delivered in the {weeks} weeks to {as_of}, by orgsim {version} with seed {seed}.\n\
         # {simulated} organisations were simulated, of which the {kept} that show most nearly the same were kept.\n\
         #\n\
         # measured: somebody said it, or it was counted. fitted: its 90 % interval is clearly narrower than its range.\n\
         # Everything else is assumed and stands in the preset, with its range: the history says too little of it. {posterior}\n\
         # has joint draws: what was fitted, with what of the rest goes with it. `compare` and `robust` draw its rows.\n\
         # {open} has the {items} that are open on {as_of}: policies part from there. Take [open] away to ask of the long run.\n\n\
         title = {title}\n\
         extends = \"typical\"\n\
         horizon = \"2 years\"\n\
         past = \"1 year\"\n\
         replications = 200\n\
         objective = \"value\"\n\
         guardrails = [\"lead time from commitment p85\", \"change failure rate\"]\n\n\
         [posterior]\n\
         file = {file}\n\n\
         [open]\n\
         file = {open_file}\n\n",
        data = comment(origin.data),
        delivered = summary.delivered,
        weeks = summary.weeks,
        as_of = origin.as_of,
        version = origin.version,
        seed = summary.seed,
        simulated = summary.simulated,
        kept = summary.kept,
        posterior = comment(origin.posterior),
        open = comment(origin.open),
        items = items(summary.open.len()),
        open_file = quoted(origin.open),
        title = quoted(&format!("What would help {}?", summary.team)),
        file = quoted(origin.posterior),
    )
}

fn items(count: usize) -> String {
    if count == 1 { "item".to_owned() } else { format!("{count} items") }
}

/// The values, each in its table. What was not fitted stays as the preset has it.
fn tables(summary: &FitSummary) -> String {
    let known = || summary.numbers.iter().filter(|number| number.status != Status::Assumed);
    let engineers = summary.numbers.iter().find(|number| number.path == ENGINEERS);
    let mut text = format!("[[team]]\nname = {}\n", quoted(&summary.team));
    if let Some(number) = engineers {
        text.push_str(&line("engineers", number));
    }
    for (table, prefix) in TABLES {
        let here = known().filter(|number| number.path != ENGINEERS);
        let lines: String =
            here.filter_map(|number| Some(line(number.path.strip_prefix(prefix)?, number))).collect();
        if !lines.is_empty() {
            text.push_str(&format!("\n[{table}]\n{lines}"));
        }
    }
    text
}

/// Tables, and with what the paths begin that lead into them.
const TABLES: [(&str, &str); 9] = [
    ("defaults.team", "team.*."),
    ("work.feature", "work.feature."),
    ("work.health", "work.health."),
    ("work.bug", "work.bug."),
    ("stage.review", "stage.review."),
    ("stage.release", "stage.release."),
    ("board.architecture", "board.*."),
    ("failure", "failure."),
    ("incidents", "incidents."),
];

const ENGINEERS: &str = "team.*.engineers";

fn line(key: &str, number: &FittedNumber) -> String {
    let between = if number.low == number.high {
        String::new()
    } else {
        format!(": {} to {}", number.low, number.high)
    };
    let median = value(&number.median, number.whole);
    let mut parts = key.rsplitn(3, '.');
    let said = match (number.beside.as_ref(), parts.next(), parts.next(), parts.next()) {
        (Some((name, beside)), Some(fitted), Some(distribution), Some(key)) => {
            format!("{key} = {{ {distribution} = {{ {fitted} = {median}, {name} = {beside} }} }}")
        }
        _ => format!("{key} = {median}"),
    };
    format!("{said}    # {}{between}\n", number.status.word())
}

/// A value as TOML: a number as such, else text. What may have any value never looks whole.
fn value(text: &str, whole: bool) -> String {
    match (text.parse::<f64>(), text.parse::<i64>()) {
        (Ok(_), Ok(_)) if !whole => format!("{text}.0"),
        (Ok(_), _) => text.to_owned(),
        _ => quoted(text),
    }
}

fn evidence(number: &FittedNumber, summary: &FitSummary) -> String {
    let (tier, from) = match number.status {
        Status::Measured => ("measured", "counted"),
        _ => ("fitted", "fitted"),
    };
    let span = format!("{} items in {} weeks", summary.delivered, summary.weeks);
    let source = match number.r_squared.is_nan() {
        true => number.why.clone(),
        false => format!(
            "{from}: {}; {span}; 90 % interval within {} to {}",
            number.why, number.range[0], number.range[1]
        ),
    };
    let range = match number.low == number.high {
        true => String::new(),
        false => format!(
            "range = [{}, {}], draw = \"{}\", ",
            value(&number.low, number.whole),
            value(&number.high, number.whole),
            if number.log { "log-uniform" } else { "uniform" }
        ),
    };
    format!("{} = {{ {range}source = {}, tier = \"{tier}\" }}\n", quoted(&number.path), quoted(&source))
}
