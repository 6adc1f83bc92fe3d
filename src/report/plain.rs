//! Plain names of the levers that charts and headlines speak of; a path is what a file says, not what people say. They
//! stand beside the parameters, in the scenario's schema.

use scenario::study::schema;
use scenario::{Path, SchemaDoc, Segment, meaning};

/// The words for a path, with the name of the one thing that it speaks of, if it speaks of one: "pressure
/// (Checkout)". A path without words is itself.
pub fn name(path: &str) -> String {
    words(path).unwrap_or_else(|| path.to_owned())
}

fn words(path: &str) -> Option<String> {
    let path: Path = path.parse().ok()?;
    let SchemaDoc { path: pattern, plain, .. } = meaning(schema(), &path).ok()?;
    let words = plain?;
    let pattern: Vec<&str> = pattern.trim_end_matches(".*").split('.').collect();
    let thing = pattern.iter().zip(path.segments()).find_map(|(known, step)| match step {
        Segment::Name(thing) if *known == "*" => Some(thing),
        _ => None,
    });
    let is_whole = pattern.len() == path.segments().len();
    is_whole.then(|| thing.map_or_else(|| words.clone(), |thing| format!("{words} ({thing})")))
}

/// The words with the path behind them, for an axis: whoever reads it may want to try another value.
pub fn axis(path: &str) -> String {
    match name(path) {
        words if words == path => words,
        words => format!("{}: {path}", super::words::capital(&words)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_called_what_people_call_them() {
        assert_eq!(name("team.*.share.health"), "share of capacity for system health");
        assert_eq!(name("team.Checkout.pressure"), "pressure (Checkout)");
        assert_eq!(name("team.\"A. B.\".pressure"), "pressure (A. B.)");
        assert_eq!(name("team.*.none.such"), "team.*.none.such");
        assert_eq!(name("team.engineers"), "team.engineers");
        assert_eq!(axis("builds.length"), "Length of a build: builds.length");
        assert_eq!(axis("a.b"), "a.b");
    }
}
