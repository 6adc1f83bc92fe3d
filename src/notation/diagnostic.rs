//! Diagnostics say everything that is wrong with what a person wrote, where it is, and what to do about it.
//!
//! Plain data only: who finds a problem records it here, `scenario::render` draws it. A check never
//! stops at its first finding, because a person would rather correct a file once than ten times.

use std::collections::HashSet;
use std::ops::Range;

/// How many diagnostics are shown; the rest are counted. More than a screenful helps nobody.
pub const SHOWN: usize = 50;

/// How many are remembered before further findings are merely counted, which bounds memory on hostile input.
const REMEMBERED: usize = 1_000;

/// Identifies one text in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// One text a scenario was read from: a file, a built-in preset, or an argument.
#[derive(Clone, Debug)]
pub struct Source {
    /// What a person calls it: a file name, or `--set`.
    pub name: String,
    /// The whole text, as UTF-8.
    pub text: String,
}

/// Every text read so far, so that a value can say where it was written.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Registers a text under the name a person would know it by.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        self.0.push(Source { name: name.into(), text: text.into() });
        SourceId(self.0.len() as u32 - 1)
    }

    /// The text registered under `id`, or nothing if `id` came from another registry.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.0.get(id.0 as usize)
    }
}

impl SourceId {
    /// The how many-th text was registered: later ones have greater numbers.
    pub fn number(self) -> usize {
        self.0 as usize
    }
}

/// A stretch of bytes in one source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The text it lies in.
    pub source: SourceId,
    /// Byte offsets into that text; may be empty, and the reader must tolerate any value.
    pub span: Range<usize>,
}

/// Whether the scenario can still be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, but probably does not mean what its author thinks.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Where it was written, once known.
    pub place: Option<Place>,
    /// The document path it is about, such as `team.Checkout.engineers`; turned into a place by
    /// [`Diagnostics::locate`].
    pub path: Option<String>,
    /// What is wrong, as a sentence without a final stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error about no place in particular.
    pub fn error(message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, place: None, path: None, message: message.into(), help: None }
    }

    /// A warning about no place in particular.
    pub fn warning(message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(message) }
    }

    /// Says where it was written.
    pub fn at(mut self, place: &Place) -> Self {
        self.place = Some(place.clone());
        self
    }

    /// Says what to do about it.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to do about it, on a diagnostic that is already recorded.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        let mut help = help.into();
        shorten(&mut help, LONGEST_SENTENCE);
        self.help = Some(help);
        self
    }
}

/// All that was found, in the order of finding.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
    /// All findings by severity, those no longer remembered included.
    errors: usize,
    warnings: usize,
}

impl Diagnostics {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records an error about a document path, such as `team.Checkout.engineers`.
    pub fn error(&mut self, path: impl Into<String>, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Diagnostic { path: Some(path.into()), ..Diagnostic::error(message) })
    }

    /// Records a warning about a document path.
    pub fn warning(&mut self, path: impl Into<String>, message: impl Into<String>) -> &mut Diagnostic {
        self.push(Diagnostic { path: Some(path.into()), ..Diagnostic::warning(message) })
    }

    /// Records a diagnostic and returns it, so that help can be added. Past the limit of what is remembered
    /// the last slot is reused, so the caller may still write to what it gets.
    pub fn push(&mut self, mut diagnostic: Diagnostic) -> &mut Diagnostic {
        shorten(&mut diagnostic.message, LONGEST_SENTENCE);
        diagnostic.help.iter_mut().for_each(|help| shorten(help, LONGEST_SENTENCE));
        diagnostic.path.iter_mut().for_each(|path| shorten(path, LONGEST_SENTENCE));
        match diagnostic.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
        }
        self.found.truncate(REMEMBERED);
        let last = self.found.len();
        self.found.push(diagnostic);
        &mut self.found[last]
    }

    /// Takes over everything another collection found.
    pub fn append(&mut self, other: Diagnostics) {
        let (errors, warnings) = (self.errors + other.errors, self.warnings + other.warnings);
        for diagnostic in other.found {
            self.push(diagnostic);
        }
        (self.errors, self.warnings) = (errors, warnings);
    }

    /// Gives every diagnostic that only knows its path the place `find` knows for it.
    pub fn locate(&mut self, find: impl Fn(&str) -> Option<Place>) {
        for diagnostic in &mut self.found {
            if diagnostic.place.is_none() {
                diagnostic.place = diagnostic.path.as_deref().and_then(&find);
            }
        }
    }

    /// Says of every error that came without help where it is written what may stand there.
    pub fn advise(&mut self) {
        for diagnostic in
            self.found.iter_mut().filter(|it| it.severity == Severity::Error && it.help.is_none())
        {
            if let Some(path) = diagnostic.path.as_deref().filter(|path| !path.is_empty()) {
                diagnostic.help(format!("`orgsim explain {path}` says what may be written there"));
            }
        }
    }

    /// Whether any finding prevents a run.
    pub fn has_errors(&self) -> bool {
        self.error_count() > 0
    }

    /// How many findings prevent a run, repetitions included.
    pub fn error_count(&self) -> usize {
        self.errors
    }

    /// How many findings are warnings, repetitions included.
    pub fn warning_count(&self) -> usize {
        self.warnings
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether so much was found that a check may as well stop looking.
    pub fn is_full(&self) -> bool {
        self.found.len() > REMEMBERED
    }

    /// Everything remembered, in the order of finding.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }

    /// The most important of what is shown, at most so many, and how many more there are: errors first, then what is said of
    /// policies, since a question is about them.
    pub fn foremost(&self, most: usize) -> (Diagnostics, usize) {
        let mut shown = self.shown();
        let of_policy = |it: &Diagnostic| it.path.as_ref().is_some_and(|path| path.starts_with("policy."));
        shown.sort_by_key(|it| (it.severity, !of_policy(it)));
        let mut few = Diagnostics::new();
        shown.iter().take(most).for_each(|it| {
            few.push((*it).clone());
        });
        (few, shown.len().saturating_sub(most))
    }

    /// Errors first, then in the order a person reads the sources, each once, at most [`SHOWN`].
    ///
    /// A mistake in a table of defaults turns up in every element it fills; one drawing of it is enough.
    pub fn shown(&self) -> Vec<&Diagnostic> {
        let mut seen = HashSet::new();
        let mut list: Vec<&Diagnostic> =
            self.found.iter().filter(|d| seen.insert((&d.place, &d.message, d.severity))).collect();
        let order = |d: &Diagnostic| d.place.as_ref().map(|p| (p.source, p.span.start));
        list.sort_by_key(|d| (d.severity, order(d)));
        list.truncate(SHOWN);
        list
    }
}

/// The candidate a person most likely meant by `word`, if any is near enough to be worth suggesting.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // The distance costs the product of the lengths, so words nobody could have mistyped are left alone.
    const LONGEST: usize = 64;
    const MOST: usize = 1_000;
    if word.len() > LONGEST {
        return None;
    }
    let lower = word.to_lowercase();
    let near = candidates.into_iter().take(MOST).filter(|c| c.len() <= LONGEST);
    near.map(|c| (strsim::damerau_levenshtein(&c.to_lowercase(), &lower), c))
        .filter(|(distance, c)| *distance <= (1 + c.chars().count().min(word.chars().count()) / 4))
        .min()
        .map(|(_, c)| c)
}

/// Advice about a word that is not among the known ones: the nearest, or else a list of them.
pub fn advice<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    const LISTED: usize = 24;
    if let Some(best) = nearest(word, candidates.clone()) {
        return format!("did you mean `{best}`?");
    }
    let mut known: Vec<&str> = candidates.into_iter().take(LISTED + 1).collect();
    let more = known.len() > LISTED;
    known.truncate(LISTED);
    match known.is_empty() {
        true => "there is none to choose from".to_owned(),
        false => format!("known are: {}{}", known.join(", "), if more { ", …" } else { "" }),
    }
}

/// The longest sentence of a diagnostic, in bytes: longer ones echo what nobody wants to read again.
const LONGEST_SENTENCE: usize = 600;

/// Cuts a text to this many bytes, and shows that it was cut.
pub fn shorten(text: &mut String, most: usize) {
    if text.len() > most {
        let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
}

/// A person's own words in backquotes, cut to a length that fits a sentence.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_foremost_are_those_of_policies_and_the_rest_are_counted() {
        let mut problems = Diagnostics::new();
        for path in ["a", "b", "policy.x", "a"] {
            problems.warning(path, format!("of {path}"));
        }
        let (few, more) = problems.foremost(2);
        let told: Vec<&str> = few.iter().map(|it| it.message.as_str()).collect();
        assert_eq!((told, more), (vec!["of policy.x", "of a"], 1), "what is said twice counts once");
        assert_eq!(problems.foremost(9).1, 0);
    }

    #[test]
    fn beyond_the_limit_findings_are_counted_and_still_writable() {
        let mut problems = Diagnostics::new();
        for i in 0..3 * REMEMBERED {
            problems.error("a", format!("problem {i}")).help("mend it");
        }
        problems.warning("b", "one warning");
        assert_eq!((problems.error_count(), problems.warning_count()), (3 * REMEMBERED, 1));
        assert_eq!(problems.shown().len(), SHOWN);
    }

    #[test]
    fn the_same_finding_is_shown_once() {
        let mut problems = Diagnostics::new();
        problems.error("a", "twice");
        problems.error("a", "twice");
        assert_eq!(problems.shown().len(), 1);
    }

    #[test]
    fn suggestions_are_near_or_absent() {
        assert_eq!(nearest("enginers", ["engineers", "name"]), Some("engineers"));
        assert_eq!(nearest("zebra", ["engineers", "name"]), None);
        assert_eq!(advice("zebra", ["engineers", "name"]), "known are: engineers, name");
        assert_eq!(nearest(&"x".repeat(1 << 20), ["engineers"]), None);
    }
}
