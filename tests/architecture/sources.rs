//! Reading the code: its files, what they name, and how long their functions are.

use super::CRATES;
use std::collections::BTreeMap;
use std::path::Path;

/// A source file: its path below `src`, its text, and the text without tests, comments and contents of strings.
pub struct File {
    pub path: String,
    pub text: String,
    pub code: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> File {
        let path = path.to_owned();
        let is_test = path.ends_with("tests.rs") || path.contains("/tests/");
        let code = if is_test { String::new() } else { bare(&without_tests(text)) };
        File { path, text: text.to_owned(), code }
    }

    /// The layer or part that the file belongs to, such as `model` or `observation::metrics`.
    pub fn module(&self) -> String {
        let path = self.path.trim_end_matches(".rs");
        let path = path.trim_end_matches("/mod").trim_end_matches("/lib");
        path.replace('/', "::")
    }

    pub fn layer(&self) -> String {
        self.module().split("::").next().unwrap_or_default().to_owned()
    }
}

pub fn sources() -> Vec<File> {
    fn walk(folder: &Path, below: &Path, files: &mut Vec<File>) {
        let mut entries: Vec<_> = std::fs::read_dir(folder).expect("src is there").flatten().collect();
        entries.sort_by_key(std::fs::DirEntry::path);
        for entry in entries {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, below, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(below).expect("below src").to_string_lossy().replace('\\', "/");
                let text = std::fs::read_to_string(&path).expect("a source file is text");
                files.push(File::new(&name, &text));
            }
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&src, &src, &mut files);
    assert!(files.len() > 50, "the sources were found");
    files
}

/// The text up to its test module, which by custom comes last.
pub fn without_tests(text: &str) -> String {
    text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default().to_owned()
}

/// Code without comments, and with strings and characters emptied.
fn bare(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::new();
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        match rest {
            ['/', '/', ..] => at += rest.iter().position(|letter| *letter == '\n').unwrap_or(rest.len()),
            ['"', ..] => {
                code.push_str("\"\"");
                at += 1;
                while at < letters.len() && letters[at] != '"' {
                    at += if letters[at] == '\\' { 2 } else { 1 };
                }
                at += 1;
            }
            ['\'', '\\', ..] => {
                code.push_str("''");
                at += 3 + rest[3..].iter().position(|letter| *letter == '\'').unwrap_or(0) + 1;
            }
            ['\'', _, '\'', ..] => {
                code.push_str("''");
                at += 3;
            }
            [letter, ..] => {
                code.push(*letter);
                at += 1;
            }
            [] => break,
        }
    }
    code
}

/// Every path that code names, from the layer down: braces of imports opened, `crate` and `super` resolved.
pub fn used(file: &File) -> Vec<String> {
    let mut found = Vec::new();
    let layer = file.layer();
    let is_crate = CRATES.iter().any(|(name, _)| *name == layer);
    let roots = CRATES.iter().map(|(name, _)| (*name, *name));
    for (word, base) in roots.chain([("crate", if is_crate { layer.as_str() } else { "" })]) {
        let start = format!("{word}::");
        for (at, _) in file.code.match_indices(&start) {
            let before = file.code[..at].chars().next_back();
            if before.is_some_and(|letter| letter.is_alphanumeric() || "_$:".contains(letter)) {
                continue;
            }
            open_braces(base, &file.code[at + start.len()..], &mut found);
        }
    }
    let module = file.module();
    let own: Vec<&str> = module.split("::").collect();
    for (at, _) in file.code.match_indices("super::") {
        if file.code[..at].ends_with("super::") {
            continue;
        }
        let rest = &file.code[at..];
        let ups = rest.split("::").take_while(|part| *part == "super").count();
        if ups <= own.len() {
            let base = own[..own.len() - ups].join("::");
            open_braces(&base, &rest["super::".len() * ups..], &mut found);
        }
    }
    found
}

/// `a::{b, c::{d}}` as `a::b` and `a::c::d`.
fn open_braces(base: &str, rest: &str, found: &mut Vec<String>) {
    let join = |name: &str| if base.is_empty() { name.to_owned() } else { format!("{base}::{name}") };
    if let Some(inner) = rest.strip_prefix('{') {
        let (mut depth, mut begun) = (0, 0);
        for (at, letter) in inner.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    let part = inner[begun..at].trim();
                    if !part.is_empty() {
                        open_braces(base, part, found);
                    }
                    begun = at + 1;
                    if letter == '}' {
                        return;
                    }
                }
                _ => {}
            }
        }
        return;
    }
    let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len());
    let name = join(&rest[..end]);
    match rest[end..].strip_prefix("::") {
        Some(rest) => open_braces(&name, rest, found),
        None => found.push(name),
    }
}

/// The length of each function, found by its indentation.
pub fn functions(file: &File) -> BTreeMap<String, usize> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut lengths = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let words: Vec<&str> = code.split_whitespace().take_while(|word| !word.contains('(')).collect();
        let before = code.split('(').next().unwrap_or_default();
        let qualifiers = ["pub", "const", "unsafe", "async", "extern"];
        let is_function = code.starts_with("fn ")
            || words.first().is_some_and(|word| qualifiers.contains(word)) && before.contains(" fn ")
            || code.starts_with("pub(") && code.contains(") fn ");
        if !is_function {
            continue;
        }
        let Some(name) = code.split("fn ").nth(1).map(|rest| {
            rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>()
        }) else {
            continue;
        };
        let closing = format!("{}}}", " ".repeat(indent));
        let end = lines[at..].iter().position(|line| *line == closing || line.trim_end().ends_with("; }"));
        let one_line = line.trim_end().ends_with('}') || line.trim_end().ends_with(';');
        let length = if one_line { 1 } else { end.map_or(1, |end| end + 1) };
        let key = format!("{}: {name}", file.path);
        let longest = lengths.entry(key).or_insert(0);
        *longest = length.max(*longest);
    }
    lengths
}
