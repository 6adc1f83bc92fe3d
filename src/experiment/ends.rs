//! The ends of plausible ranges, one parameter at a time, to see where a finding turns.

use super::assumptions::plain;
use notation::{Rate, Ratio, Span, WorkCalendar};
use scenario::{Document, Node, Value};

/// One parameter at one end of its range: `--set` takes it as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// The path as the evidence names it.
    pub path: String,
    pub value: String,
    /// `path=value`, with the path of the very number.
    pub set: String,
}

/// Every end of every range in `[evidence]` that the scenario uses and does not already stand at.
///
/// A range may speak of a distribution or a table; then it means the one number in there of its own kind that
/// lies inside the range. Where none or several do, the parameter is left out.
pub fn ends(document: &Document) -> Vec<End> {
    let entries = document.root.get("evidence").and_then(Node::table);
    let mut found = Vec::new();
    for (path, entry) in entries.into_iter().flatten() {
        let Some(range) = entry.node.get("range").and_then(Node::array) else { continue };
        let range: Vec<String> = range.iter().map(plain).collect();
        let Some((place, present)) = meant(document, path, &range) else { continue };
        for value in range.iter().filter(|value| **value != present) {
            let quoted = if quantity(value).is_none() { format!("\"{value}\"") } else { value.clone() };
            found.push(End { path: path.clone(), value: value.clone(), set: format!("{place}={quoted}") });
        }
    }
    found
}

/// The path of the number that a range speaks of, and its present value.
fn meant(document: &Document, path: &str, range: &[String]) -> Option<(String, String)> {
    let places = document.get(&path.parse().ok()?);
    let (_, node) = places.first()?;
    if !matches!(node.value, Value::Table(_) | Value::Array(_)) {
        let present = plain(node);
        let same = range.iter().all(|end| kind(end) == kind(&present));
        return same.then(|| (path.to_owned(), present));
    }
    let mut leaves = Vec::new();
    gather(node, path, &mut leaves);
    leaves.retain(|(_, value)| inside(value, range));
    match leaves.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

fn gather(node: &Node, path: &str, leaves: &mut Vec<(String, String)>) {
    match &node.value {
        Value::Table(table) => {
            table.iter().for_each(|(name, entry)| gather(&entry.node, &format!("{path}.{name}"), leaves));
        }
        Value::Array(_) => {}
        _ => leaves.push((path.to_owned(), plain(node))),
    }
}

fn inside(value: &str, range: &[String]) -> bool {
    let Some((sort, size)) = quantity(value) else { return false };
    let ends: Option<Vec<(u8, f64)>> = range.iter().map(|end| quantity(end)).collect();
    let Some(ends) = ends else { return false };
    let least = ends.iter().map(|end| end.1).fold(f64::INFINITY, f64::min);
    let most = ends.iter().map(|end| end.1).fold(f64::NEG_INFINITY, f64::max);
    ends.iter().all(|end| end.0 == sort) && (least..=most).contains(&size)
}

/// Which kind of quantity it is; words are of a kind of their own.
fn kind(text: &str) -> Option<u8> {
    quantity(text).map(|(kind, _)| kind)
}

/// The kind of a quantity (number, share, span, rate) and its size.
fn quantity(text: &str) -> Option<(u8, f64)> {
    let calendar = WorkCalendar::default();
    let number = text.parse::<f64>().ok().map(|number| (0, number));
    number
        .or_else(|| text.parse::<Ratio>().ok().map(|ratio| (1, ratio.fraction())))
        .or_else(|| text.parse::<Span>().ok().map(|span| (2, span.hours(&calendar))))
        .or_else(|| text.parse::<Rate>().ok().map(|rate| (3, rate.per_hour(&calendar))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notation::diagnostic::{Diagnostics, Sources};
    use scenario::{library, load, study};

    /// The ends that a scenario's evidence has, as `--set` would take them.
    fn sets(text: &str) -> Vec<String> {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::new());
        let presets = library::Presets::beside(std::path::Path::new("."));
        let document =
            load(&mut sources, "t.toml", text.as_bytes(), &presets, study::schema(), &mut problems);
        ends(&document.expect("a document")).into_iter().map(|end| end.set).collect()
    }

    #[test]
    fn a_range_means_the_one_number_of_its_kind_inside_it() {
        let range = |path: &str, range: &str| {
            format!(
                "[evidence]\n\"{path}\" = {{ range = {range}, draw = \"uniform\", source = \"assumed\", tier = \"assumed\" }}\n"
            )
        };
        let law = "[a]\nlaw = { lognormal = { mean = \"2 days\", cv = 0.3 } }\nword = \"none\"\n";
        let found = |path: &str, ends: &str| sets(&format!("{law}{}", range(path, ends)));
        assert_eq!(found("a.law", "[0.1, 0.5]"), ["a.law.lognormal.cv=0.1", "a.law.lognormal.cv=0.5"]);
        assert_eq!(found("a.law", "[\"2 days\", \"1 week\"]"), ["a.law.lognormal.mean=1 week"]);
        assert!(found("a.law", "[1, 2]").is_empty(), "no number in there lies inside");
        assert_eq!(found("a.word", "[\"none\", \"some\"]"), ["a.word=\"some\""]);
        assert!(found("a.gone", "[1, 2]").is_empty());
    }
}
