//! The orders of a way from one policy to another, as a table, sentences and a page.

use super::document::Document;
use super::table::TextTable;
use super::{findings, numbers, words};
use experiment::summary::rollout::RolloutSummary;

/// Orders shown on a terminal; the rest are in the files.
const SHOWN: usize = 24;

/// The orders, the best first.
pub fn table(found: &RolloutSummary) -> TextTable {
    let summary = &found.summary;
    let metric = summary.objective();
    let title = words::capital(&words::title_with_unit(&metric.title, &metric.unit));
    let mut grid = TextTable::new(title, 1, &["changes", "gain", "its interval", "wins", "best?"]);
    let mut orders: Vec<usize> = (1..summary.policies.len()).collect();
    let gain = |at: &usize| {
        let against = summary.policies[*at].against.as_ref();
        against.map_or(f64::NAN, |against| -against.judged[0].difference.gain())
    };
    orders.sort_by(|a, b| gain(a).total_cmp(&gain(b)));
    for at in orders.iter().take(SHOWN) {
        let policy = &summary.policies[*at];
        let Some(against) = &policy.against else { continue };
        let difference = &against.judged[0].difference;
        grid.row(vec![
            policy.name.clone(),
            words::difference(difference, &metric.unit),
            words::signed_interval(&difference.simultaneous, &metric.unit),
            words::share(difference.wins.share),
            words::best(*at == found.best, found.like_best.contains(at)),
        ]);
    }
    grid.note(words::PERHAPS);
    grid.note(format!(
        "Gain over {} in paired replications; intervals hold together at {}. The best of several orders looks better \
         than it is.",
        findings::named(summary.baseline()),
        words::level(summary.frame.level)
    ));
    grid
}

/// The changes in the order found, each with the number by which orders name it.
fn in_order(found: &RolloutSummary) -> Vec<String> {
    // An order is named by the numbers of its changes.
    let named = &found.summary.policies[found.best].name;
    let numbers =
        named.split(|letter: char| !letter.is_ascii_digit()).filter_map(|word| word.parse::<usize>().ok());
    let changes = numbers.filter_map(|number| Some((number, found.steps.get(number.checked_sub(1)?)?)));
    let first = |at: usize| if at == 0 { "First" } else { "Then" };
    changes
        .enumerate()
        .map(|(at, (number, change))| format!("{} change {number}: {change}", first(at)))
        .collect()
}

/// What was tried, and what came out.
pub fn sentences(found: &RolloutSummary) -> Vec<String> {
    let summary = &found.summary;
    let mut said = Vec::new();
    let tried = match found.all {
        true if found.tried == 1 => "There is one order".to_owned(),
        true => format!("All {} orders were tried", found.tried),
        false => format!(
            "{} beginnings were tried, each continued from the best so far; other orders may be better",
            found.tried
        ),
    };
    let every = found.every.strip_prefix("1 ").unwrap_or(&found.every);
    said.push(format!("{tried}; a change every {every}, the first at once."));
    let policy = &summary.policies[found.best];
    said.extend(policy.against.as_ref().and_then(|against| findings::payback(summary, policy, against)));
    said.push(findings::frame(summary));
    said
}

/// Which order gains most, as far as that can be told.
fn verdict(found: &RolloutSummary) -> String {
    let summary = &found.summary;
    let best = &summary.policies[found.best].name;
    let others = summary.policies.len() - 2;
    match found.like_best.len() {
        0 if others == 0 => format!("The order found is {best}"),
        0 => format!("{} gains most by {}", words::capital(best), summary.objective().title),
        alike if alike == others && others > 0 => format!(
            "No order can be distinguished from the best ({best}) yet: the order hardly matters here, or more replications are needed"
        ),
        alike => {
            format!(
                "{} gains most, and {alike} of the other {others} cannot be distinguished from it",
                words::capital(best)
            )
        }
    }
}

/// The answer as a document.
pub fn document(found: &RolloutSummary) -> Document {
    let summary = &found.summary;
    let mut document = Document::of(&summary.frame, verdict(found));
    document.data = numbers::of(summary);
    document.data["steps"] = found.steps.clone().into();
    document.data["best"] = summary.policies[found.best].name.as_str().into();
    document.answer("In which order").list(in_order(found));
    document.answer("How sure that is").list(sentences(found)).tables([table(found)]);
    document
}
