//! TOML text becomes a tree of nodes; hostile or broken text becomes diagnostics, never a panic.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::document::{DEEPEST, Entry, Node, Table, Value};
use notation::diagnostic::{Diagnostic, Diagnostics, Place, SourceId, Sources};

/// Larger files are refused: a scenario is written by a person.
pub const LARGEST_BYTES: usize = 4 << 20;

/// Syntax errors shown at most; one missing quote can break every line after it.
const SYNTAX_ERRORS: usize = 5;

/// Registers a file's bytes as a source and reads them into a table.
///
/// Returns nothing, and says why in `problems`, if the file is too large, is not UTF-8, is not TOML, or nests
/// deeper than 64 levels. The parser itself refuses to recurse further than 80 levels of brackets or 80 parts of
/// a dotted key, so that no text can exhaust the stack before the depth is counted here.
pub fn parse(sources: &mut Sources, name: &str, bytes: &[u8], problems: &mut Diagnostics) -> Option<Node> {
    if bytes.len() > LARGEST_BYTES {
        let message = format!("{name} is larger than {} MiB", LARGEST_BYTES >> 20);
        problems.push(Diagnostic::error(message).with_help("is this really a scenario?"));
        return None;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        problems.push(not_text(sources, name, bytes));
        return None;
    };
    let source = sources.add(name, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        syntax_errors(source, text, &errors, problems);
        return None;
    }
    let reader = TomlReader { source, offset: 0 };
    match reader.table(table.get_ref(), 0) {
        Ok(table) => Some(Node { place: reader.place(0..0), value: Value::Table(table) }),
        Err(diagnostic) => {
            problems.push(*diagnostic);
            None
        }
    }
}

/// Points at the first bytes that are not UTF-8, in the text as far as it can be shown.
fn not_text(sources: &mut Sources, name: &str, bytes: &[u8]) -> Diagnostic {
    let start = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let source = sources.add(name, String::from_utf8_lossy(bytes));
    let place = Place { source, span: start..start + '\u{fffd}'.len_utf8() };
    Diagnostic::error("the file is not text: these bytes are not UTF-8")
        .at(&place)
        .with_help("save it in the encoding UTF-8")
}

/// Reads one value that begins `offset` bytes into a source. Text that is not TOML is taken as a plain string,
/// so that nobody has to quote twice on a command line.
pub(super) fn parse_value(source: SourceId, text: &str, offset: usize) -> Result<Node, Diagnostic> {
    let reader = TomlReader { source, offset };
    match DeValue::parse(text) {
        Ok(value) => reader.node(&value, 0).map_err(|diagnostic| *diagnostic),
        Err(_) => {
            Ok(Node { place: reader.place(0..text.len()), value: Value::String(text.trim().to_owned()) })
        }
    }
}

/// Records the first error of each line; those that follow on a line are usually its echo.
fn syntax_errors(source: SourceId, text: &str, errors: &[toml::de::Error], problems: &mut Diagnostics) {
    let mut counted_to = 0;
    let mut line = 0;
    let mut last_line = None;
    let mut shown = 0;
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let start = span.start.min(text.len());
        if start >= counted_to {
            line += text.as_bytes()[counted_to..start].iter().filter(|b| **b == b'\n').count();
            counted_to = start;
        }
        if last_line == Some(line) {
            continue;
        }
        last_line = Some(line);
        let (message, help) = in_our_words(error.message());
        problems.push(Diagnostic::error(message).at(&Place { source, span }).with_help(help));
        shown += 1;
        if shown == SYNTAX_ERRORS {
            return;
        }
    }
}

/// What is wrong with a text that is not TOML, and what to do, by what the parser's message speaks of.
fn in_our_words(message: &str) -> (&'static str, &'static str) {
    let said = message.to_lowercase();
    let speaks = |words: &[&str]| words.iter().any(|word| said.contains(word));
    match () {
        () if speaks(&["duplicate"]) => {
            ("this key is written twice", "keep one of the two, or put both into one table")
        }
        () if speaks(&["string", "quote", "escape"]) => (
            "this text has no proper end, or holds what it may not",
            "write it in one line, \"in double quotes\"",
        ),
        () if speaks(&["array", "bracket", "`]`"]) => (
            "this list or head of a table is not closed properly",
            "write [name], [[name]], or [\"a\", \"b\"]",
        ),
        () if speaks(&["inline table", "`}`"]) => {
            ("this table is not closed properly", "write { key = value, other = value } in braces")
        }
        () if speaks(&["depth", "recursion", "nest"]) => ("this is nested too deep", "write fewer levels"),
        () if speaks(&["number", "digit", "integer", "float", "date", "time"]) => (
            "this is not a number",
            "write a number such as 3 or 0.5; a quantity with a unit stands in quotes",
        ),
        () if speaks(&["key", "`=`", "equal"]) => {
            ("this line says no value for a key", "write key = value; a text stands in quotes")
        }
        () => ("this cannot be read as TOML", "write key = value, [table], or a comment after #"),
    }
}

/// Converts parsed TOML, counting depth and shifting spans.
struct TomlReader {
    source: SourceId,
    offset: usize,
}

/// Boxed because the recursive functions below return it on every level.
type Refused = Box<Diagnostic>;

impl TomlReader {
    fn place(&self, span: Range<usize>) -> Place {
        Place { source: self.source, span: span.start + self.offset..span.end + self.offset }
    }

    fn table(&self, table: &DeTable<'_>, depth: usize) -> Result<Table, Refused> {
        let entries = table.iter().map(|(key, value)| {
            let entry = Entry { key: self.place(key.span()), node: self.node(value, depth + 1)? };
            Ok((key.get_ref().to_string(), entry))
        });
        entries.collect()
    }

    fn node(&self, value: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node, Refused> {
        let place = self.place(value.span());
        if depth > DEEPEST {
            let message = format!("nested more than {DEEPEST} levels deep");
            return Err(Box::new(Diagnostic::error(message).at(&place)));
        }
        let value = match value.get_ref() {
            DeValue::Table(table) => Value::Table(self.table(table, depth)?),
            DeValue::Array(elements) => {
                let nodes = elements.iter().map(|element| self.node(element, depth + 1));
                Value::Array(nodes.collect::<Result<_, _>>()?)
            }
            plain => plain_value(plain, &place)?,
        };
        Ok(Node { place, value })
    }
}

/// Reads a value that has no parts.
fn plain_value(value: &DeValue<'_>, place: &Place) -> Result<Value, Refused> {
    match value {
        DeValue::String(text) => Ok(Value::String(text.to_string())),
        DeValue::Boolean(truth) => Ok(Value::Bool(*truth)),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map(Value::Integer)
            .map_err(|_| refused(place, "this whole number is too large", "write a smaller one")),
        DeValue::Float(number) => {
            let number = number.as_str().parse().map(Value::Float);
            number.map_err(|_| refused(place, "this is not a number", "write one such as 0.5"))
        }
        _ => Err(refused(place, "a date without quotes has no meaning here", "put it in quotes")),
    }
}

fn refused(place: &Place, message: &str, help: &str) -> Refused {
    Box::new(Diagnostic::error(message).at(place).with_help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> String {
        let mut problems = Diagnostics::new();
        let node = parse(&mut Sources::default(), "test.toml", bytes, &mut problems);
        assert!(node.is_none());
        problems.iter().next().expect("a reason").message.clone()
    }

    #[test]
    fn hostile_texts_are_refused_without_exhausting_the_stack() {
        let million = 1 << 20;
        for text in [
            "[".repeat(million),
            format!("a={}", "[".repeat(million)),
            "a={".repeat(million),
            format!("{}a=1", "a.".repeat(million)),
            format!("[{}a]", "a.".repeat(million)),
            format!("a={}{}", "[".repeat(70), "]".repeat(70)),
            format!("{}{}", format!("{}a={{", "a.".repeat(70)).repeat(70), "}".repeat(70)),
        ] {
            refusal(text.as_bytes());
        }
        assert!(refusal(&vec![b'#'; LARGEST_BYTES + 1]).contains("4 MiB"));
        assert!(refusal(b"a = \"\xff\xfe\"").contains("UTF-8"));
        assert!(refusal(b"a = 99999999999999999999").contains("too large"));
        assert!(refusal(b"a = 2020-01-01").contains("without quotes"));
    }

    #[test]
    fn several_syntax_errors_are_shown_once_per_line() {
        let mut problems = Diagnostics::new();
        parse(&mut Sources::default(), "test.toml", b"a = = 1\nb = 2\nc = = 3\n", &mut problems);
        assert_eq!(problems.error_count(), 2);
    }
}
