//! Uncertain parameters: what `[evidence]` says is plausible, and what the command line asks to vary.

use super::space::{Companion, Condition, Form, Kind, Parameter, read};
use crate::assumptions::{plain, value_at};
use notation::WorkCalendar;
use scenario::{Document, Node, Path, Segment};

/// An entry of `[evidence]` that is not drawn, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    pub path: String,
    pub reason: &'static str,
}

impl LeftOut {
    /// Whether `--hold` of this path is why.
    pub fn is_held_by(&self, held: &str) -> bool {
        overlap(held, &self.path)
    }
}

/// What is asked for beside the evidence.
#[derive(Clone, Debug, Default)]
pub struct Plea {
    /// Paths that policies change: levers are not drawn.
    pub levers: Vec<String>,
    /// Paths that keep their values.
    pub hold: Vec<String>,
    /// Whether everything keeps its value that the scenario's own file says.
    pub keep_written: bool,
    /// Whether everything keeps its value that another file says than the one that states its range: a study's
    /// numbers, put in the place of a default, are what such a file is about.
    pub keep_replaced: bool,
}

/// The parameters that the evidence of a document allows to draw, and those it names that are not drawn.
///
/// Entries whose path the scenario does not use are in neither list.
pub fn found(document: &Document, plea: &Plea, calendar: &WorkCalendar) -> (Vec<Parameter>, Vec<LeftOut>) {
    let (mut parameters, mut left_out) = (Vec::new(), Vec::new());
    let entries = document.root.get("evidence").and_then(Node::table);
    for (path, entry) in entries.into_iter().flatten() {
        if value_at(document, path).is_none() {
            continue;
        }
        match one(document, path, &entry.node, plea, calendar) {
            Ok(parameter) => parameters.push(parameter),
            Err(reason) => left_out.push(LeftOut { path: path.clone(), reason }),
        }
    }
    (parameters, left_out)
}

fn one(
    document: &Document,
    path: &str,
    entry: &Node,
    plea: &Plea,
    calendar: &WorkCalendar,
) -> Result<Parameter, &'static str> {
    if plea.levers.iter().any(|lever| overlap(lever, path)) {
        return Err("a policy changes it");
    }
    if plea.hold.iter().any(|held| overlap(held, path)) {
        return Err("--hold keeps its value");
    }
    let parsed: Path = path.parse().map_err(|_| "its path cannot be read")?;
    let values = document.get(&parsed);
    if plea.keep_written && values.iter().any(|(_, node)| node.place.source == document.root.place.source) {
        return Err("the scenario’s own file says it");
    }
    if plea.keep_replaced && values.iter().any(|(_, node)| node.place.source != entry.place.source) {
        return Err("another file says it than the one with its range");
    }
    if values.iter().any(|(_, node)| node.table().is_some() || node.array().is_some()) {
        return Err("its path leads to a table, not to one value");
    }
    let range = entry.get("range").and_then(Node::array).ok_or("no range is stated")?;
    let draw = entry.get("draw").and_then(Node::string).unwrap_or("uniform");
    let kind = kind(range, draw, calendar).ok_or("its range cannot be drawn from")?;
    let conditions = entry.get("when").and_then(Node::table).into_iter().flatten();
    let when =
        conditions.map(|(path, entry)| Condition { path: path.clone(), value: plain(&entry.node) }).collect();
    let ratios = entry.get("ratio_to").and_then(Node::table).into_iter().flatten();
    let companions = ratios.filter_map(|(path, entry)| companion(path, &entry.node)).collect();
    let keeps = entry.get("keeps").and_then(Node::string).map(str::to_owned);
    Ok(Parameter { path: path.to_owned(), kind, when, companions, keeps })
}

/// `"value.half_life" = [0.04, 0.2]`.
fn companion(path: &str, ratios: &Node) -> Option<Companion> {
    let end = |at: usize| plain(ratios.array()?.get(at)?).parse::<f64>().ok();
    Some(Companion { path: path.to_owned(), low: end(0)?, high: end(1)? })
}

/// A range as written in `[evidence]`. Two whole numbers stand for all whole numbers from one to the other.
fn kind(range: &[Node], draw: &str, calendar: &WorkCalendar) -> Option<Kind> {
    let texts: Vec<String> = range.iter().map(plain).collect();
    if draw == "choice" {
        return (texts.len() > 1).then_some(Kind::Choice(texts));
    }
    let [low, high] = texts.as_slice() else { return None };
    let is_whole = |text: &String| text.parse::<i64>().is_ok();
    number((low, high), draw == "log-uniform", is_whole(low) && is_whole(high), calendar)
}

fn number(ends: (&str, &str), log: bool, whole: bool, calendar: &WorkCalendar) -> Option<Kind> {
    let ((low, form), (high, other)) = (read(ends.0, calendar)?, read(ends.1, calendar)?);
    let in_order = form == other && low < high && !(log && low <= 0.0);
    in_order.then_some(Kind::Number { low, high, log, whole: whole && form == Form::Plain, form })
}

/// What `--vary` asks for: `PATH` alone for its evidence, `PATH=LOW..HIGH`, `PATH=LOW..HIGH log`, `PATH=A,B,C`.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn pleaded(document: &Document, argument: &str, calendar: &WorkCalendar) -> Result<Parameter, String> {
    let (path, range) =
        argument.split_once('=').map_or((argument, None), |(path, range)| (path, Some(range)));
    let path = path.trim();
    if value_at(document, path).is_none() {
        return Err(format!("the scenario has no value at {path}: --vary moves a value that is there"));
    }
    let Some(range) = range else {
        let entry = document.root.get("evidence").and_then(|evidence| evidence.get(path));
        let entry = entry.ok_or_else(|| {
            format!("no evidence says how far {path} may go: write --vary \"{path}=LOW..HIGH\"")
        })?;
        let free = Plea::default();
        return one(document, path, entry, &free, calendar)
            .map_err(|reason| format!("{path} cannot be varied: {reason}"));
    };
    let range = range.trim();
    let (ends, log) = range.strip_suffix(" log").map_or((range, false), |ends| (ends, true));
    let kind = match ends.split_once("..") {
        Some((low, high)) => {
            let (low, high) = (low.trim(), high.trim());
            let whole = low.parse::<i64>().is_ok() && high.parse::<i64>().is_ok();
            number((low, high), log, whole, calendar)
        }
        None => {
            let values: Vec<String> = ends.split(',').map(|value| value.trim().to_owned()).collect();
            (values.len() > 1 && values.iter().all(|value| !value.is_empty())).then_some(Kind::Choice(values))
        }
    };
    let kind = kind.ok_or_else(|| {
        format!(
            "`{range}` is no range of {path}: write LOW..HIGH in one unit, LOW..HIGH log with both ends above \
             nothing, or A,B,C"
        )
    })?;
    Ok(Parameter::alone(path, kind))
}

/// Whether two paths can name the same value, or one a part of the other.
pub fn overlap(a: &str, b: &str) -> bool {
    let (Ok(a), Ok(b)) = (a.parse::<Path>(), b.parse::<Path>()) else { return a == b };
    let meets = |(a, b): (&Segment, &Segment)| a == b || *a == Segment::Every || *b == Segment::Every;
    a.segments().iter().zip(b.segments()).all(meets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levers_meet_what_they_change() {
        assert!(overlap("team.*.share.health", "team.Checkout.share.health"));
        assert!(overlap("team.*.share", "team.*.share.health"));
        assert!(!overlap("team.*.wip.items", "team.*.share.health"));
    }
}
