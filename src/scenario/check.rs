//! The check of a document against a JSON schema: every unknown key, missing key, wrong type and unreadable
//! quantity at once, each at its own place.

use serde_json::Value as Json;

use super::check_table::{check_defaults, check_table};
use super::document::{Document, Node, Value};
use super::path::{Path, element_name};
use super::schema::View;
use notation::diagnostic::{Diagnostic, Diagnostics, advice, quoted};
use notation::{MARK, Misread, meaning, verify};

/// Says everything about a document that its schema does not allow, and about its defaults, used or not.
pub fn check(document: &Document, schema: &Json, problems: &mut Diagnostics) {
    let view = View::new(schema);
    let mut walk = Walk { problems, partial: false };
    walk.node(&view, &document.root, &Path::default());
    if let Some(defaults) = &document.defaults {
        walk.partial = true;
        check_defaults(&mut walk, &view, defaults);
    }
}

/// The most letters of a name.
const MOST_LETTERS: usize = 200;

/// Says what is wrong with a value that stands elsewhere, as if it stood at a place that takes what `view` shows.
pub(super) fn check_value(view: &View<'_>, node: &Node, path: &Path, problems: &mut Diagnostics) {
    Walk { problems, partial: false }.node(view, node, path);
}

/// One walk over a tree.
pub(super) struct Walk<'a> {
    pub(super) problems: &'a mut Diagnostics,
    /// Whether keys may be missing, as in a table of defaults.
    pub(super) partial: bool,
}

impl Walk<'_> {
    pub(super) fn node(&mut self, view: &View<'_>, node: &Node, path: &Path) {
        if view.is_opaque() || self.problems.is_full() {
            return;
        }
        if matches!(node.value, Value::Float(number) if !number.is_finite()) {
            self.error(node, path, "this is not a finite number", "write a number such as 0.5");
            return;
        }
        let before = self.problems.error_count();
        let fitting: Vec<&Json> = view.alternatives.iter().copied().filter(|a| fits(a, node)).collect();
        if fitting.is_empty() {
            self.misfit(view, node, path);
            return;
        }
        match &node.value {
            Value::Table(table) => check_table(self, view, &fitting, node, table, path),
            Value::Array(elements) => self.array(view, &fitting, node, elements, path),
            _ => self.plain(&fitting, node, path),
        }
        // What ties several keys together is only worth a remark once each key is right by itself.
        if self.problems.error_count() == before && !self.partial {
            let misread = view.mark.and_then(|mark| verify(mark, &node.to_toml()).err());
            self.misread(node, path, misread);
        }
    }

    fn array(&mut self, view: &View<'_>, fitting: &[&Json], node: &Node, elements: &[Node], path: &Path) {
        self.length(fitting, node, elements.len() as u64, path);
        if let Some(view) = view.element() {
            for (i, element) in elements.iter().enumerate() {
                self.node(&view, element, &path.join(element_name(i, element)));
            }
        }
        self.distinct_names(elements, path);
    }

    fn length(&mut self, fitting: &[&Json], node: &Node, count: u64, path: &Path) {
        let least = fitting.iter().filter_map(|a| a.get("minItems")?.as_u64()).min();
        let most = fitting.iter().filter_map(|a| a.get("maxItems")?.as_u64()).max();
        if least.is_some_and(|least| count < least) {
            let message = format!("the list has {count} elements");
            self.error(node, path, message, &format!("list at least {}", least.unwrap_or(0)));
        }
        if most.is_some_and(|most| count > most) {
            let message = format!("the list has {count} elements");
            self.error(node, path, message, &format!("list at most {}", most.unwrap_or(0)));
        }
    }

    /// Elements are addressed by name, so two of the same name would be one too many.
    fn distinct_names(&mut self, elements: &[Node], path: &Path) {
        let mut seen = std::collections::HashSet::new();
        for element in elements {
            let Some(name) = element.get("name") else {
                continue;
            };
            let Some(text) = name.string() else { continue };
            self.name_fits(text, name, path);
            if !seen.insert(text) {
                let message = format!("there are two called {}", quoted(text));
                self.error(name, &path.join(text), message, "give each a name of its own");
            }
        }
    }

    /// Names stand in tables and charts, which have only so much room.
    pub(super) fn name_fits(&mut self, name: &str, node: &Node, path: &Path) {
        let letters = name.chars().count();
        if letters > MOST_LETTERS {
            let message = format!("a name of {letters} letters");
            self.error(node, path, message, &format!("give it one of at most {MOST_LETTERS}"));
        }
    }

    /// A string, number or truth value is right if any alternative takes it; otherwise the first says why not.
    fn plain(&mut self, fitting: &[&Json], node: &Node, path: &Path) {
        let refusals: Vec<Misread> = fitting.iter().filter_map(|a| accepts(a, node).err()).collect();
        if refusals.len() == fitting.len() {
            let words = words(fitting);
            let advised =
                node.string().filter(|_| !words.is_empty() && fitting.iter().all(|a| a.get(MARK).is_none()));
            match advised {
                Some(word) => {
                    let help = advice(word, words);
                    self.error(
                        node,
                        path,
                        format!("{} is not one of the words known here", quoted(word)),
                        &help,
                    );
                }
                None => self.misread(node, path, refusals.into_iter().next()),
            }
        }
    }

    /// The value is of a kind that no alternative takes.
    fn misfit(&mut self, view: &View<'_>, node: &Node, path: &Path) {
        let mark = view.mark.or_else(|| view.alternatives.iter().find_map(|a| a.get(MARK)?.as_str()));
        let number = matches!(node.value, Value::Integer(_) | Value::Float(_));
        let refusal = mark.filter(|_| number).and_then(|mark| verify(mark, &node.to_toml()).err());
        if refusal.is_some() {
            return self.misread(node, path, refusal);
        }
        let expected = mark.and_then(meaning).map_or_else(|| kinds(view), str::to_owned);
        let found = match &node.value {
            Value::String(text) => format!("the string {}", quoted(text)),
            Value::Float(number) => format!("`{number}`"),
            _ => node.kind().to_owned(),
        };
        let found = found.as_str();
        let help = match node.string() {
            Some(text) if expected.contains("number") && text.parse::<f64>().is_ok() => {
                "write it without quotes"
            }
            _ => "",
        };
        let help = if help.is_empty() { format!("write {expected}") } else { help.to_owned() };
        self.error(node, path, format!("{found} cannot stand here"), &help);
    }

    fn misread(&mut self, node: &Node, path: &Path, misread: Option<Misread>) {
        if let Some(Misread { message, help }) = misread {
            self.error(node, path, message, &help);
        }
    }

    pub(super) fn error(&mut self, node: &Node, path: &Path, message: impl Into<String>, help: &str) {
        let mut diagnostic = Diagnostic::error(message).at(&node.place);
        diagnostic.path = Some(path.to_string());
        diagnostic.help = Some(help.to_owned()).filter(|help| !help.is_empty());
        self.problems.push(diagnostic);
    }
}

/// Whether a schema takes values of this kind at all.
fn fits(alternative: &Json, node: &Node) -> bool {
    let takes = |kind: &str| match &node.value {
        Value::Table(_) => kind == "object",
        Value::Array(_) => kind == "array",
        Value::String(_) => kind == "string",
        Value::Integer(_) => kind == "integer" || kind == "number",
        Value::Float(_) => kind == "number",
        Value::Bool(_) => kind == "boolean",
    };
    match alternative.get("type") {
        Some(Json::String(kind)) => takes(kind),
        Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).any(takes),
        _ => match alternative.get("const").or_else(|| alternative.get("enum")?.get(0)) {
            Some(word) => word.is_string() == node.string().is_some(),
            None => true,
        },
    }
}

/// Whether a schema that takes this kind of plain value takes this very one.
fn accepts(alternative: &Json, node: &Node) -> Result<(), Misread> {
    let value = node.to_toml();
    if let Some(mark) = alternative.get(MARK).and_then(Json::as_str) {
        return verify(mark, &value);
    }
    if let Some(word) = node.string() {
        let words = words(&[alternative]);
        return match words.is_empty() || words.contains(&word) {
            true => Ok(()),
            false => {
                Err(refusal(format!("{} is not the word expected here", quoted(word)), words.join(", ")))
            }
        };
    }
    let number = match node.value {
        Value::Integer(number) => number as f64,
        Value::Float(number) => number,
        _ => return Ok(()),
    };
    let bound = |key: &str| alternative.get(key).and_then(Json::as_f64);
    let said = format!("`{number}` is out of range");
    if let (Some(least), Some(most)) = (bound("minimum"), bound("maximum"))
        && !(least..=most).contains(&number)
    {
        let whole = if is_whole(alternative) { "whole " } else { "" };
        let shown = if number.abs() < 1e9 { number.to_string() } else { format!("{number:e}") };
        return Err(refusal(
            format!("must lie between {least} and {most}, not {shown}"),
            format!("write a {whole}number from {least} to {most}"),
        ));
    }
    match (bound("minimum"), bound("maximum"), bound("exclusiveMinimum"), bound("exclusiveMaximum")) {
        (Some(least), ..) if number < least => Err(refusal(said, format!("write {least} or more"))),
        (_, Some(most), ..) if number > most => Err(refusal(said, format!("write {most} or less"))),
        (_, _, Some(least), _) if number <= least => Err(refusal(said, format!("write more than {least}"))),
        (.., Some(most)) if number >= most => Err(refusal(said, format!("write less than {most}"))),
        _ => Ok(()),
    }
}

/// Whether a schema takes whole numbers only.
fn is_whole(alternative: &Json) -> bool {
    let is = |kind: &Json| kind.as_str() == Some("integer");
    alternative
        .get("type")
        .is_some_and(|kinds| is(kinds) || kinds.as_array().is_some_and(|it| it.iter().any(is)))
}

fn refusal(message: String, help: String) -> Misread {
    Misread { message, help }
}

/// The words that schemas of fixed words allow.
fn words<'a>(alternatives: &[&'a Json]) -> Vec<&'a str> {
    let mut words = Vec::new();
    for alternative in alternatives {
        let several = alternative.get("enum").and_then(Json::as_array).into_iter().flatten();
        words.extend(several.chain(alternative.get("const")).filter_map(Json::as_str));
    }
    words
}

/// The kinds of value a view takes, in words.
pub(super) fn kinds(view: &View<'_>) -> String {
    let mark = view.mark.or_else(|| view.alternatives.iter().find_map(|a| a.get(MARK)?.as_str()));
    if let Some(written) = mark.and_then(meaning) {
        return written.to_owned();
    }
    let words = words(&view.alternatives);
    if !words.is_empty() {
        return format!("one of {}", words.join(", "));
    }
    let mut kinds: Vec<&str> = Vec::new();
    for alternative in &view.alternatives {
        let listed = match alternative.get("type") {
            Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).collect(),
            Some(Json::String(kind)) => vec![kind.as_str()],
            _ => vec!["string"],
        };
        for kind in listed.into_iter().filter(|kind| *kind != "null") {
            let kind = match kind {
                "object" => "a table",
                "array" => "a list",
                "string" => "a string",
                "integer" => "a whole number",
                "number" => "a number",
                _ => "true or false",
            };
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    kinds.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;
    use notation::diagnostic::Sources;
    use serde_json::json;

    /// What a document says wrong against a schema of one key, `x`.
    fn wrong(x: Json, text: &str) -> Vec<String> {
        let mut problems = Diagnostics::new();
        let root = parse(&mut Sources::default(), "test", text.as_bytes(), &mut problems).expect("TOML");
        let document = Document { root, defaults: None, extends: Vec::new() };
        let schema = json!({ "type": "object", "properties": { "x": x }, "additionalProperties": false });
        check(&document, &schema, &mut problems);
        problems.iter().map(|d| format!("{} -- {}", d.message, d.help.as_deref().unwrap_or(""))).collect()
    }

    #[test]
    fn a_word_in_the_table_may_choose_its_kind() {
        let kind = |word: &str, key: &str| {
            json!({ "type": "object", "required": ["kind", key], "additionalProperties": false,
                    "properties": { "kind": { "const": word }, key: { "type": "integer" } } })
        };
        let schema = json!({ "oneOf": [kind("team", "people"), kind("board", "slots")] });
        assert!(wrong(schema.clone(), "x = { kind = 'board', slots = 1 }").is_empty());
        assert!(wrong(schema.clone(), "x = { kind = 'bord' }")[0].ends_with("did you mean `board`?"));
        assert!(wrong(schema.clone(), "x = { slots = 1 }")[0].contains("`kind` is missing"));
        assert!(wrong(schema, "x = { kind = 'team', slots = 1 }").len() == 2, "one unknown, one missing");
    }

    #[test]
    fn a_word_or_a_table_may_be_allowed() {
        let table = json!({ "type": "object", "required": ["every"], "additionalProperties": false,
                            "properties": { "every": { "type": "integer" } } });
        let schema = json!({ "oneOf": [{ "const": "always" }, { "const": "never" }, table] });
        for text in ["x = 'always'", "x = { every = 3 }"] {
            assert!(wrong(schema.clone(), text).is_empty(), "{text}");
        }
        assert!(wrong(schema.clone(), "x = 'alway'")[0].ends_with("did you mean `always`?"));
        assert!(wrong(schema.clone(), "x = { evry = 3 }")[0].ends_with("did you mean `every`?"));
        assert_eq!(wrong(schema, "x = 3").len(), 1);
    }

    #[test]
    fn opaque_parts_are_left_alone_and_numbers_are_finite() {
        assert!(wrong(json!({ "x-opaque": true }), "x = { any = [1, nan] }").is_empty());
        assert_eq!(wrong(json!({ "type": "number" }), "x = inf").len(), 1);
        assert_eq!(wrong(json!({ "type": "integer" }), "x = 2.5").len(), 1);
    }

    #[test]
    fn a_number_out_of_its_range_is_told_what_the_range_is() {
        let number = json!({ "type": ["number", "null"], "minimum": 0.0, "maximum": 10.0 });
        assert!(wrong(number.clone(), "x = 10").is_empty() && wrong(number.clone(), "x = 0.0").is_empty());
        let far = wrong(number.clone(), "x = -0.5");
        assert_eq!(far, ["must lie between 0 and 10, not -0.5 -- write a number from 0 to 10"]);
        assert!(wrong(number, "x = 1e300")[0].contains("not 1e300"));
        let whole = wrong(json!({ "type": "integer", "minimum": 1, "maximum": 5 }), "x = 6");
        assert!(whole[0].ends_with("write a whole number from 1 to 5"), "{whole:?}");
        assert!(wrong(json!({ "type": "integer", "minimum": 1 }), "x = 0")[0].ends_with("write 1 or more"));
    }
}
