//! Assumptions: which of the numbers in play are assumed, and which of those have the widest ranges.

use super::summary::{Assumption, Assumptions};
use notation::{Rate, Ratio, Span, WorkCalendar};
use scenario::{Document, Node, Path};

/// How many are named.
const NAMED: usize = 5;

/// Counts the `[evidence]` entries whose path the scenario uses, and names the widest assumed ones.
///
/// "Widest" means the greatest value of the stated range over the least; a range that begins at 0 counts from a
/// hundredth of its greatest value. What is switched off here is not named: nothing hangs on how wide its range is.
/// Width says how little is known, not how much it matters to the result: that takes varying each of them.
pub fn in_play(document: &Document) -> Assumptions {
    let entries = document.root.get("evidence").and_then(Node::table);
    let mut found = Assumptions::default();
    for (name, entry) in entries.into_iter().flatten() {
        let Some(value) = value_at(document, name) else { continue };
        found.in_play += 1;
        if entry.node.get("tier").and_then(Node::string) != Some("assumed") {
            continue;
        }
        found.assumed += 1;
        let off = size(&value) == Some(0.0);
        if let (false, Some((range, ratio))) = (off, entry.node.get("range").and_then(width)) {
            found.widest.push(Assumption { path: name.clone(), value, range, ratio });
        }
    }
    found.widest.sort_by(|a, b| b.ratio.total_cmp(&a.ratio).then_with(|| a.path.cmp(&b.path)));
    found.widest.truncate(NAMED);
    found
}

/// The value at a path, as written; nothing when the scenario does not use the path.
pub fn value_at(document: &Document, path: &str) -> Option<String> {
    let path: Path = path.parse().ok()?;
    document.get(&path).first().map(|(_, node)| plain(node))
}

/// A value without the quotes of text.
pub fn plain(node: &Node) -> String {
    node.string().map_or_else(|| node.canonical(), str::to_owned)
}

/// A range in words, and its greatest value over its least.
fn width(range: &Node) -> Option<(String, f64)> {
    let ends = range.array()?;
    let sizes: Vec<f64> = ends.iter().filter_map(|end| size(&plain(end))).collect();
    let least = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = sizes.iter().copied().fold(0.0, f64::max);
    let words = ends.iter().map(plain).collect::<Vec<_>>().join(" to ");
    (sizes.len() == ends.len() && greatest > 0.0).then_some((words, greatest / least.max(greatest / 100.0)))
}

/// A quantity as a number that can be compared with others of its kind.
pub fn size(text: &str) -> Option<f64> {
    let calendar = WorkCalendar::default();
    let number = text.parse::<f64>().ok();
    number
        .or_else(|| text.parse::<Ratio>().ok().map(|ratio| ratio.fraction()))
        .or_else(|| text.parse::<Span>().ok().map(|span| span.hours(&calendar)))
        .or_else(|| text.parse::<Rate>().ok().map(|rate| rate.per_hour(&calendar)))
        .filter(|size| size.is_finite() && *size >= 0.0)
}
