//! Draws diagnostics over the text they are about, the way compilers do.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use notation::diagnostic::{Diagnostic, Diagnostics, Place, SHOWN, Severity, Sources};

/// The longest piece of a line that is drawn, in bytes; generated files have lines of any length.
const LONGEST_LINE: usize = 400;

/// Draws every diagnostic worth showing, errors first, and counts the rest. Colour only if asked. Characters
/// that could move a terminal's cursor or reorder text are drawn as their escapes.
pub fn render(problems: &Diagnostics, sources: &Sources, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let shown = problems.shown();
    let mut text = String::new();
    for diagnostic in &shown {
        text.push_str(&draw(diagnostic, sources, &renderer));
        text.push_str("\n\n");
    }
    let (errors, warnings) = (problems.error_count(), problems.warning_count());
    if shown.len() == SHOWN && errors + warnings > SHOWN {
        text.push_str(&format!("{} problems in all; the first {SHOWN} are shown\n", errors + warnings));
    }
    text
}

fn draw(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = match (&diagnostic.place, &diagnostic.path) {
        (None, Some(path)) if !path.is_empty() => format!("{path}: {}", diagnostic.message),
        _ => diagnostic.message.clone(),
    };
    let message = visible(&message).into_owned();
    let excerpt = diagnostic.place.as_ref().and_then(|place| Excerpt::of(place, sources));
    let mut elements: Vec<Element<'_>> = Vec::new();
    if let Some(excerpt) = &excerpt {
        elements.push(match diagnostic.place.as_ref().is_some_and(whole_document) {
            true => Origin::path(excerpt.name.as_str()).into(),
            false => excerpt.snippet().into(),
        });
    }
    if let Some(help) = &diagnostic.help {
        elements.push(Level::HELP.message(visible(help)).into());
    }
    let title = level.primary_title(message);
    let group = match elements.is_empty() {
        true => Group::with_title(title),
        false => title.elements(elements),
    };
    renderer.render(&[group])
}

/// Whether a place is that of a document's root, which no single line stands for.
fn whole_document(place: &Place) -> bool {
    place.span == (0..0)
}

/// The one line a diagnostic points into.
struct Excerpt {
    name: String,
    line: usize,
    text: String,
    span: Range<usize>,
}

impl Excerpt {
    fn snippet(&self) -> Snippet<'_, Annotation<'_>> {
        let annotation = AnnotationKind::Primary.span(self.span.clone());
        let snippet = Snippet::source(self.text.as_str()).path(self.name.as_str());
        snippet.line_start(self.line).annotation(annotation)
    }

    /// Cuts out the line; drawing over a whole file would cost its length for every diagnostic.
    fn of(place: &Place, sources: &Sources) -> Option<Self> {
        let source = sources.get(place.source)?;
        let text = source.text.as_str();
        let start = boundary(text, place.span.start);
        let end = boundary(text, place.span.end.max(start));
        let mut from = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let mut to = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let line = 1 + text.as_bytes()[..from].iter().filter(|b| **b == b'\n').count();
        if to - from > LONGEST_LINE {
            from = from.max(boundary(text, start.saturating_sub(LONGEST_LINE / 4)));
            to = to.min(boundary(text, start + LONGEST_LINE / 2));
        }
        to = start + text[start..to].trim_end_matches('\r').len();
        let end = end.min(to);
        let before = visible(&text[from..start]);
        let inside = visible(&text[start..end]);
        let span = before.len()..before.len() + inside.len();
        let text = format!("{before}{inside}{}", visible(&text[end..to]));
        Some(Self { name: visible(&source.name).into_owned(), line, text, span })
    }
}

/// The nearest position at or before `index` that does not split a character.
fn boundary(text: &str, index: usize) -> usize {
    let mut index = index.min(text.len());
    while !text.is_char_boundary(index) {
        index -= 1;
    }
    index
}

/// Text in which control characters and marks that reorder text are written as escapes.
fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| {
        (c.is_control() && c != '\t')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match hidden(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    Cow::Owned(shown)
}
