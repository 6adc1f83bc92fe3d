//! A change: one path and the value to put there, from a policy, a sweep or the command line.

use super::document::Node;
use super::parse::parse_value;
use super::path::Path;
use notation::diagnostic::{Diagnostic, Place, Sources, quoted};

/// One path and the value to put there.
#[derive(Clone, Debug)]
pub struct Change {
    /// What to set; may name many values through `*`.
    pub path: Path,
    /// Where the path was written.
    pub at: Place,
    /// The value, with the place it was written at.
    pub value: Node,
    /// Whether what is there is taken away instead, so that what holds is what holds when it is left out.
    pub takes_away: bool,
}

/// Reads an argument such as `team.*.engineers=7`; `option` is what to call it, such as `--set`.
///
/// With nothing after the equals sign, what is there is taken away. The value is read as TOML, or taken as plain text if it is not TOML: `horizon=2 years` needs no quotes.
///
/// # Errors
/// When there is no equals sign or the path is broken.
pub fn assignment(sources: &mut Sources, option: &str, argument: &str) -> Result<Change, Diagnostic> {
    let source = sources.add(option, argument);
    let Some(split) = equals_sign(argument) else {
        let message = format!("{} does not say what to set to what", quoted(argument));
        return Err(Diagnostic::error(message).with_help(format!("write {option} path=value")));
    };
    let (path, text) = (&argument[..split], &argument[split + 1..]);
    let at = Place { source, span: 0..split };
    let path = path.parse::<Path>().map_err(|diagnostic| diagnostic.at(&at))?;
    let value = parse_value(source, text, split + 1)?;
    Ok(Change { path, at, value, takes_away: text.trim().is_empty() })
}

/// The first equals sign outside quotes.
fn equals_sign(text: &str) -> Option<usize> {
    let mut open = None;
    for (i, c) in text.char_indices() {
        match (open, c) {
            (None, '=') => return Some(i),
            (None, '"' | '\'') => open = Some(c),
            (Some(quote), c) if quote == c => open = None,
            _ => {}
        }
    }
    None
}
