//! A grid of words and numbers, drawn for a terminal, as Markdown, CSV or JSON.

use super::csv::Sheet;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, presets};
use serde_json::{Map, Value as Json};

/// Columns of a terminal that tables and text fit into, printed or piped.
pub const WIDTH: usize = 80;

/// Letters of a word that are kept together.
const LONGEST_WORD: usize = 40;

/// A table with a title above and notes below.
#[derive(Clone, Debug, Default)]
pub struct TextTable {
    pub title: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub notes: Vec<String>,
    /// How many columns from the left hold words; those to the right hold numbers and never wrap.
    pub words: usize,
}

impl TextTable {
    /// An empty table; the first `words` columns hold words.
    pub fn new(title: impl Into<String>, words: usize, head: &[&str]) -> TextTable {
        let head = head.iter().map(|&cell| cell.to_owned()).collect();
        TextTable { title: title.into(), head, rows: Vec::new(), notes: Vec::new(), words }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// For a terminal of `WIDTH` columns: numbers are never broken and words never cut. A table that does not fit is told row by
    /// row instead.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if !self.title.is_empty() {
            text.push_str(&wrapped(&printable(&self.title), WIDTH, "  "));
        }
        let needed: usize = (0..self.head.len()).map(|at| self.least(at)).sum();
        match needed <= WIDTH {
            true => text.push_str(&format!("{}\n", self.beside())),
            false => self.rows.iter().for_each(|row| text.push_str(&self.record(row))),
        }
        for note in &self.notes {
            text.push_str(&wrapped(&printable(note), WIDTH, "  "));
        }
        text
    }

    /// A row of a table that is too wide: its words on a line, and a line for each of its numbers.
    fn record(&self, row: &[String]) -> String {
        let (words, numbers) = row.split_at(self.words.min(row.len()));
        let mut text = wrapped(&printable(&words.join(", ")), WIDTH, "  ");
        for (head, cell) in self.head[words.len()..].iter().zip(numbers) {
            let line = wrapped(&format!("{}: {}", printable(head), printable(cell)), WIDTH - 4, "  ");
            line.lines().for_each(|line| text.push_str(&format!("    {line}\n")));
        }
        text
    }

    /// The least width of a column, its padding and border included.
    fn least(&self, at: usize) -> usize {
        let letters = |text: &str| text.chars().count();
        let word = |text: &str| kept(text).split(' ').map(letters).max().unwrap_or(0).min(LONGEST_WORD);
        let cells = self.rows.iter().filter_map(|row| row.get(at));
        let widest = match at < self.words {
            true => cells.map(|cell| word(cell)).max(),
            false => cells.map(|cell| letters(cell)).max(),
        };
        widest.unwrap_or(0).max(self.head.get(at).map_or(0, |head| word(head))) + 3
    }

    /// The table with its columns beside one another.
    fn beside(&self) -> String {
        let shown =
            |cells: &[String]| -> Vec<String> { cells.iter().map(|cell| kept(&printable(cell))).collect() };
        let mut table = Table::new();
        table
            .load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()))
            .set_width(u16::try_from(WIDTH).unwrap_or(u16::MAX));
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(shown(&self.head));
        self.rows.iter().for_each(|row| {
            table.add_row(shown(row));
        });
        for at in 0..self.head.len() {
            let Some(column) = table.column_mut(at) else { continue };
            if at >= self.words {
                column.set_cell_alignment(CellAlignment::Right);
            }
            let least = u16::try_from(self.least(at) - 1).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::LowerBoundary(comfy_table::Width::Fixed(least)));
        }
        table.trim_fmt()
    }

    /// As a Markdown table; what people wrote is escaped.
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| {
            format!("| {} |\n", cells.iter().map(|cell| escaped(cell)).collect::<Vec<_>>().join(" | "))
        };
        let rule = |at: usize| if at < self.words { "---" } else { "---:" };
        let rules: Vec<&str> = (0..self.head.len()).map(rule).collect();
        let mut text = String::new();
        if !self.title.is_empty() {
            text.push_str(&format!("**{}**\n\n", escaped(&self.title)));
        }
        text.push_str(&line(&self.head));
        text.push_str(&format!("| {} |\n", rules.join(" | ")));
        self.rows.iter().for_each(|row| text.push_str(&line(row)));
        for note in &self.notes {
            text.push_str(&format!("\n{}\n", escaped(note)));
        }
        text
    }

    /// As CSV, the head first.
    pub fn csv(&self) -> String {
        let mut sheet = Sheet::new(&self.head);
        self.rows.iter().for_each(|row| sheet.row(row.iter().cloned()));
        String::from_utf8_lossy(&sheet.bytes()).into_owned()
    }

    /// As JSON: a list of objects with the head's words as keys.
    pub fn json(&self) -> Json {
        let object = |row: &Vec<String>| {
            let pairs = self.head.iter().cloned().zip(row.iter().cloned().map(Json::String));
            Json::Object(pairs.collect::<Map<_, _>>())
        };
        serde_json::json!({
            "title": self.title,
            "rows": self.rows.iter().map(object).collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }
}

/// Text whose numbers keep their signs of per cent beside them.
fn kept(text: &str) -> String {
    text.replace(" %", "\u{a0}%")
}

/// Text with whatever could move a terminal's cursor or reorder letters taken out.
pub fn printable(text: &str) -> String {
    let hostile = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}')
    };
    text.chars().map(|letter| if hostile(letter) { '\u{fffd}' } else { letter }).collect()
}

/// Text in which nothing is Markdown or HTML, on one line.
pub fn escaped(text: &str) -> String {
    let mut safe = String::new();
    let text = printable(&text.replace(['\n', '\r', '\t'], " "));
    let mut rest = text.as_str();
    while let Some(letter) = rest.chars().next() {
        if let Some(code) = code(rest) {
            safe.push_str(code);
            rest = &rest[code.len()..];
            continue;
        }
        rest = &rest[letter.len_utf8()..];
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' | '!' | '~' => safe.extend(['\\', letter]),
            letter => safe.push(letter),
        }
    }
    safe
}

/// The name in backticks that a text begins with, such as a path; nothing where what stands in them could be more.
fn code(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('`')?.split_once('`')?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_.*-".contains(letter);
    (!name.is_empty() && name.chars().all(plain)).then(|| &text[..name.len() + 2])
}

/// Text broken into lines of at most `width` letters; lines after the first are indented.
pub fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let (mut lines, mut line) = (String::new(), String::new());
    for word in unbroken(text) {
        if !line.trim().is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push_str(line.trim_end());
            lines.push('\n');
            line = indent.to_owned();
        }
        if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines + line.trim_end() + "\n"
}

/// What no end of a line parts: words, and a number with its sign of per cent.
fn unbroken(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match parts.last_mut() {
            Some(number) if word.starts_with('%') => *number += &format!(" {word}"),
            _ => parts.push(word.to_owned()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_with_its_sign_of_per_cent() {
        assert_eq!(wrapped("by at most 5 %; it", 13, ""), "by at most\n5 %; it\n");
        assert_eq!(wrapped("% 5 %", 3, ""), "%\n5 %\n");
    }

    #[test]
    fn words_are_never_cut_and_a_table_that_is_too_wide_is_told_row_by_row() {
        let heads = ["metric", "cost of delay, and kill below half", "business-aligned", "loudest voice"];
        let heads: Vec<&str> = heads.iter().chain(&heads[1..]).chain(&heads[1..]).copied().collect();
        let mut grid = TextTable::new("T", 1, &heads);
        grid.row(std::iter::once("lead time p85").chain([" 12,345,678.9"; 9]).map(str::to_owned).collect());
        let text = grid.text();
        assert!(
            text.matches("business-aligned").count() == 3 && text.matches("12,345,678.9").count() == 9,
            "{text}"
        );
        assert_eq!(text.matches("lead").count(), 1, "in one piece:\n{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    }

    #[test]
    fn what_people_wrote_stays_text() {
        let mut grid = TextTable::new("T", 1, &["name", "n"]);
        grid.row(vec!["=1+1|<b>*x*\u{1b}[2J".into(), "12,345.67".into()]);
        let page = grid.markdown();
        assert!(page.contains("=1+1\\|&lt;b&gt;\\*x\\*\u{fffd}\\[2J"), "{page}");
        assert!(grid.csv().contains("'=1+1"));
        assert!(grid.text().contains("12,345.67"));
        assert_eq!(wrapped("aa bb cc", 5, " "), "aa bb\n cc\n");
    }
}
