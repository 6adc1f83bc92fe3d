//! Said: tables that speak about a scenario, and of which nothing is simulated, are checked as strictly as the rest.
//!
//! What `[evidence]`, `[plausible]`, `[sweep]` and `[best]` say is used by commands of their own. Whoever checks a
//! scenario wants to know of everything that is wrong in it, and not on the day that such a command is run.

use super::organisations::is_asked;
use crate::check::check_value;
use crate::document::{Document, Node, Value};
use crate::parse::parse_value;
use crate::path::Path;
use crate::schema::View;
use crate::tables::Scenario;
use notation::diagnostic::{Diagnostic, Diagnostics, advice, quoted};
use notation::{Rate, Ratio, Span, WorkCalendar};
use observation::metrics;
use observation::outcome::is_detail;
use serde_json::Value as Json;

/// How sure a number is, from data to none.
const TIERS: [&str; 6] = ["measured", "fitted", "study", "survey", "practice", "assumed"];

/// How a plausible organisation's number is drawn.
const DRAWS: [&str; 3] = ["uniform", "log-uniform", "choice"];

/// Says what is wrong in the tables that speak about the scenario.
pub(super) fn check(scenario: &Scenario, document: &Document, schema: &Json, problems: &mut Diagnostics) {
    let mut reader = SaidReader { view: View::new(schema), clock: scenario.clock, problems };
    for (path, entry) in entries(&document.root, "evidence") {
        reader.evidence(path, entry);
    }
    for (words, entry) in entries(&document.root, "plausible") {
        reader.plausible(words, entry);
    }
    if let Some(vary) = document.root.get("sweep").and_then(|sweep| sweep.get("vary")) {
        for (path, entry) in vary.table().into_iter().flatten() {
            reader.values(path, &entry.node);
        }
    }
    let Some(best) = document.root.get("best") else { return };
    if scenario.best.as_ref().and_then(|best| best.budget).is_some_and(|budget| budget < 0.0) {
        let place = best.get("budget").unwrap_or(best);
        reader.wrong(place, "a budget cannot be negative", "write budget = 12, in engineer-months of cost");
    }
    for (_, lever) in entries(best, "lever") {
        reader.lever(lever);
    }
}

fn entries<'a>(node: &'a Node, key: &str) -> Vec<(&'a str, &'a Node)> {
    let table = node.get(key).and_then(Node::table);
    table.into_iter().flatten().map(|(name, entry)| (name.as_str(), &entry.node)).collect()
}

struct SaidReader<'a> {
    view: View<'a>,
    clock: WorkCalendar,
    problems: &'a mut Diagnostics,
}

impl SaidReader<'_> {
    fn wrong(&mut self, node: &Node, message: impl Into<String>, help: &str) {
        self.problems.push(Diagnostic::error(message).at(&node.place).with_help(help));
    }

    /// What may stand at a path, if a scenario has such a place.
    fn place(&mut self, path: &str, node: &Node) -> Option<Path> {
        let parsed = match path.parse::<Path>() {
            Ok(parsed) => parsed,
            Err(problem) => {
                self.problems.push(problem.at(&node.place));
                return None;
            }
        };
        let mut view = self.view.clone();
        for segment in parsed.segments() {
            if view.is_opaque() {
                break;
            }
            let Some(next) = view.step(segment) else {
                let message = format!("{} is not a parameter of a scenario", quoted(path));
                let help = advice(&segment.to_string(), view.keys());
                self.wrong(node, message, &help);
                return None;
            };
            view = next;
        }
        Some(parsed)
    }

    /// Whether a value could stand at a path; if not, it is said why.
    fn fits(&mut self, path: &Path, node: &Node) -> bool {
        let mut view = self.view.clone();
        for segment in path.segments() {
            match view.step(segment) {
                Some(next) if !view.is_opaque() => view = next,
                _ => return true,
            }
        }
        let before = self.problems.error_count();
        check_value(&view, node, path, self.problems);
        self.problems.error_count() == before
    }

    fn evidence(&mut self, path: &str, entry: &Node) {
        let Some(parsed) = self.place(path, entry) else { return };
        let words = [("tier", &TIERS[..]), ("draw", &DRAWS[..])];
        for (key, known) in words {
            if let Some(node) = entry.get(key)
                && let Some(word) = node.string()
                && !known.contains(&word)
            {
                let message = format!("{} is not one of the words known here", quoted(word));
                self.wrong(node, message, &advice(word, known.iter().copied()));
            }
        }
        for (path, condition) in entries(entry, "when") {
            if let Some(path) = self.place(path, condition) {
                self.fits(&path, condition);
            }
        }
        for (path, ratios) in entries(entry, "ratio_to") {
            self.place(path, ratios);
            let ends =
                ratios.array().map(|ends| ends.iter().filter_map(|end| self.amount(end)).collect::<Vec<_>>());
            if let Some([(low, _), (high, _)]) = ends.as_deref()
                && (*low <= 0.0 || low >= high)
            {
                self.wrong(ratios, "these ratios are not above nothing and in order", "write [LOW, HIGH]");
            }
        }
        if let Some(node) = entry.get("keeps")
            && let Some(words) = node.string()
            && metrics::find(words).is_none()
        {
            let titles: Vec<&str> = metrics::METRICS.iter().map(|metric| metric.title).collect();
            self.wrong(node, format!("there is no metric called {}", quoted(words)), &advice(words, titles));
        }
        let draw = entry.get("draw").and_then(Node::string).unwrap_or("uniform");
        if let Some(range) = entry.get("range") {
            self.range(&parsed, range, draw);
        } else if let Some(draw) = entry.get("draw") {
            self.wrong(draw, "there is no range that could be drawn from", "write range = [LOW, HIGH]");
        }
    }

    /// A range: values that could stand at the path; two ends in order, or choices.
    fn range(&mut self, path: &Path, range: &Node, draw: &str) {
        let help = "write range = [LOW, HIGH], the lower end first, or choices with draw = \"choice\"";
        let Some(ends) = range.array() else {
            return self.wrong(range, format!("a range is a list, and this is {}", range.kind()), help);
        };
        if !ends.iter().all(|end| self.fits(path, end)) {
            return;
        }
        if draw == "choice" {
            if ends.is_empty() {
                self.wrong(range, "there is nothing to choose from", "list the choices: range = [A, B]");
            }
            return;
        }
        let [low, high] = ends else {
            return self.wrong(range, format!("a range has two ends, and this has {}", ends.len()), help);
        };
        match (self.amount(low), self.amount(high)) {
            (Some((low, sort)), Some((high, other))) if sort == other && low < high => {
                if draw == "log-uniform" && low <= 0.0 {
                    let help = "write a lower end above nothing, or draw = \"uniform\"";
                    self.wrong(range, "on a logarithmic scale there is no 0", help);
                }
            }
            (Some((_, sort)), Some((_, other))) if sort != other => {
                self.wrong(range, "the two ends are not written in one kind of unit", help);
            }
            (Some(_), Some(_)) => self.wrong(range, "the ends of the range are not in order", help),
            _ => self.wrong(range, "these ends are no amounts that could be drawn between", help),
        }
    }

    /// An amount in its base unit, and which sort of amount it is.
    fn amount(&self, node: &Node) -> Option<(f64, u8)> {
        match &node.value {
            Value::Integer(number) => Some((*number as f64, 0)),
            Value::Float(number) => Some((*number, 0)),
            Value::String(text) => {
                let ratio = || Some((text.parse::<Ratio>().ok()?.fraction(), 1));
                let span = || Some((text.parse::<Span>().ok()?.hours(&self.clock), 2));
                let rate = || Some((text.parse::<Rate>().ok()?.per_hour(&self.clock), 3));
                let plain = || Some((text.parse::<f64>().ok()?, 0));
                ratio().or_else(span).or_else(rate).or_else(plain)
            }
            _ => None,
        }
    }

    fn plausible(&mut self, words: &str, entry: &Node) {
        if metrics::find(words).is_none() && !is_detail(words) {
            let titles: Vec<&str> = metrics::METRICS.iter().map(|metric| metric.title).collect();
            let message = format!("there is no metric or column called {}", quoted(words));
            self.wrong(entry, message, &advice(words, titles));
        }
        let Some(range) = entry.get("range") else { return };
        if let Some([low, high]) = range.array()
            && let (Some((low, _)), Some((high, _))) = (self.amount(low), self.amount(high))
            && low > high
        {
            let message = "the ends of the range are not in order: no organisation would be plausible";
            self.wrong(range, message, "write range = [LOW, HIGH], the lower end first");
        }
    }

    /// Values that a path is to have: a list, or a text whose parts are read by whoever varies them.
    fn values(&mut self, path: &str, values: &Node) -> Option<usize> {
        if is_asked(path) && path != "horizon" {
            let message = format!("{} is the same at every point", quoted(path));
            let help = "of what a study asks only `horizon` may vary; write the rest above the policies";
            self.wrong(values, message, help);
            return None;
        }
        let parsed = self.place(path, values)?;
        match &values.value {
            Value::Array(list) if list.is_empty() => {
                self.wrong(
                    values,
                    "there is no value in this list",
                    "list the values, or write \"A..B:STEP\"",
                );
                None
            }
            Value::Array(list) => {
                for value in list {
                    self.fits(&parsed, &as_read(value));
                }
                Some(list.len())
            }
            Value::String(text) if text.contains("..") => None,
            Value::String(text) => {
                let parts: Vec<&str> = text.split(',').map(str::trim).collect();
                for part in &parts {
                    self.fits(
                        &parsed,
                        &as_read(&Node::new(&values.place, Value::String((*part).to_owned()))),
                    );
                }
                Some(parts.len())
            }
            _ => {
                self.fits(&parsed, values);
                Some(1)
            }
        }
    }

    fn lever(&mut self, lever: &Node) {
        let mut counts = Vec::new();
        for (path, values) in entries(lever, "set") {
            counts.extend(self.values(path, values).map(|count| (count, values)));
        }
        let first = counts.first().map_or(0, |(count, _)| *count);
        for (count, values) in &counts {
            if *count != first {
                let message = format!("{count} values here, and {first} for another path of this lever");
                self.wrong(values, message, "write as many values for each path: one for each position");
            }
        }
        let Some(costs) = lever.get("costs") else { return };
        let stated = costs.array().map_or(0, <[Node]>::len);
        if stated > 0 && first > 0 && stated != first {
            let message = format!("{stated} costs for {first} positions");
            self.wrong(costs, message, "write one cost for each position, in engineer-months of cost a year");
        }
    }
}

/// A value as a point of a sweep reads it: texts are read as on the command line, where nobody quotes twice.
fn as_read(value: &Node) -> Node {
    match &value.value {
        Value::String(text) => match parse_value(value.place.source, text, 0) {
            Ok(read) => Node::new(&value.place, read.value),
            Err(_) => value.clone(),
        },
        _ => value.clone(),
    }
}
