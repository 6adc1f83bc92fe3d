//! A grid of words and numbers, drawn for a terminal, as Markdown, CSV or JSON.

use super::csv::Sheet;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, presets};
use serde_json::{Map, Value as Json};

/// Letters of a line that text fits into, and tables too where no terminal says how wide it is.
pub const WIDTH: usize = 80;

/// What a column takes beside its letters; the last takes one less.
const PADDING: usize = 3;

/// The most lines of a cell with words, of one with numbers, and of a head.
const MOST_LINES: usize = 12;
const MOST_OF_NUMBERS: usize = 3;
const MOST_OF_HEADS: usize = 6;

/// Words are not broken into columns narrower than this, if they are longer.
const LEAST_OF_WORDS: usize = 10;

/// A table with a title above and notes below.
#[derive(Clone, Debug, Default)]
pub struct TextTable {
    pub title: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub notes: Vec<String>,
    /// Rows that carry the answer, the weightiest first; as they stand where none is named.
    pub foremost: Vec<usize>,
    /// How many columns from the left hold words; those to the right hold numbers, which wrap only where nothing else helps.
    pub words: usize,
}

impl TextTable {
    /// An empty table; the first `words` columns hold words.
    pub fn new(title: impl Into<String>, words: usize, head: &[&str]) -> TextTable {
        let head = head.iter().map(|&cell| cell.to_owned()).collect();
        TextTable { title: title.into(), head, words, ..TextTable::default() }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// For a terminal of so many columns. Cells wrap between words, which are never cut; a table that is not readable so either
    /// is told row by row instead.
    pub fn text(&self, width: usize) -> String {
        let mut text = String::new();
        let narrow = width.min(WIDTH);
        if !self.title.is_empty() {
            text.push_str(&wrapped(&printable(&self.title), narrow, "  "));
        }
        match self.broken(width) {
            Some(rows) => text.push_str(&format!("{}\n", self.beside(&rows))),
            None => self.rows.iter().for_each(|row| text.push_str(&self.record(row, narrow))),
        }
        for note in &self.notes {
            text.push_str(&wrapped(&printable(note), narrow, "  "));
        }
        text
    }

    /// Its cells with the lines that they are broken into: as few as fit, and of numbers as few as can be. Nothing where no
    /// lines make a table that is read as one.
    fn broken(&self, width: usize) -> Option<Vec<Vec<String>>> {
        let columns: Vec<GridColumn> = (0..self.head.len()).map(|at| self.column(at)).collect();
        let room = (width + 1).checked_sub(PADDING * columns.len())?;
        let (most, mut widths) = tries().into_iter().find_map(|most| {
            let widths =
                columns.iter().map(|column| column.narrowest(most)).collect::<Option<Vec<usize>>>()?;
            (widths.iter().sum::<usize>() <= room).then_some((most, widths))
        })?;
        // What room is left makes some columns lower still.
        let mut left = room - widths.iter().sum::<usize>();
        for (column, width) in columns.iter().zip(&mut widths) {
            let lower =
                tries().into_iter().filter(|lower| lower.cells <= most.cells && lower.heads <= most.heads);
            let wider =
                lower.filter_map(|lower| column.narrowest(lower)).find(|wider| *wider <= *width + left);
            let wider = wider.map_or(0, |wider| wider.saturating_sub(*width));
            (left, *width) = (left - wider, *width + wider);
        }
        let fit =
            |row: &Vec<String>| row.iter().zip(&widths).map(|(cell, width)| fitted(cell, *width)).collect();
        Some(std::iter::once(&self.head).chain(&self.rows).map(fit).collect())
    }

    fn column(&self, at: usize) -> GridColumn<'_> {
        let cells = self.rows.iter().filter_map(|row| row.get(at)).map(String::as_str).collect();
        GridColumn { head: &self.head[at], cells, is_words: at < self.words }
    }

    /// A row of a table that is too wide: its words on a line, and a line for each of its numbers.
    fn record(&self, row: &[String], width: usize) -> String {
        let (words, numbers) = row.split_at(self.words.min(row.len()));
        let mut text = wrapped(&printable(&self.label(words)), width, "  ");
        for (head, cell) in self.head[words.len()..].iter().zip(numbers) {
            let line = wrapped(&format!("{}: {}", printable(head), printable(cell)), width - 4, "  ");
            line.lines().for_each(|line| text.push_str(&format!("    {line}\n")));
        }
        text
    }

    /// What a row is of: its words, and with its head what is a number among them.
    fn label(&self, words: &[String]) -> String {
        let is_number = |cell: &str| cell.starts_with(|letter: char| letter.is_ascii_digit());
        let said = |(head, cell): (&String, &String)| match is_number(cell) {
            true => format!("{head} {cell}").trim().to_owned(),
            false => cell.clone(),
        };
        self.head.iter().zip(words).map(said).collect::<Vec<_>>().join(", ")
    }

    /// These rows, the head first, with their columns beside one another.
    fn beside(&self, rows: &[Vec<String>]) -> String {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(&rows[0]);
        table.add_rows(&rows[1..]);
        for at in self.words..self.head.len() {
            table
                .column_mut(at)
                .into_iter()
                .for_each(|column| column.set_cell_alignment(CellAlignment::Right));
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

    /// The rows that carry the answer and then the others, so many at most, each as a line that can be read aloud; and how
    /// many are left out.
    pub fn aloud(&self, most: usize) -> Vec<String> {
        let others = (0..self.rows.len()).filter(|at| !self.foremost.contains(at));
        let rows: Vec<usize> = self.foremost.iter().copied().chain(others).collect();
        let left_out = rows.len().saturating_sub(most);
        let line = |at: &usize| {
            let (words, numbers) = self.rows[*at].split_at(self.words.min(self.rows[*at].len()));
            let said = self.head[words.len()..].iter().zip(numbers);
            let said = said.filter(|(_, cell)| !["", "–"].contains(&cell.as_str()));
            let said: Vec<String> =
                said.map(|(head, cell)| format!("{head} {cell}").trim().to_owned()).collect();
            format!("{}: {}", self.label(words), said.join("; "))
        };
        let mut lines: Vec<String> = rows.iter().take(most).map(line).collect();
        lines.extend((left_out > 0).then(|| format!("{left_out} more in `report.html`")));
        lines
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

/// How many lines cells with words, cells with numbers and heads may have.
#[derive(Clone, Copy, Debug)]
struct MostLines {
    cells: usize,
    numbers: usize,
    heads: usize,
}

/// What is tried one after the other, from what is read best: heads are broken first, and numbers last.
fn tries() -> Vec<MostLines> {
    let mut tries: Vec<MostLines> = Vec::new();
    for cells in 1..=MOST_LINES {
        for numbers in 1..=MOST_OF_NUMBERS.min(cells) {
            tries.extend((1..=MOST_OF_HEADS).map(|heads| MostLines { cells, numbers, heads }));
        }
    }
    tries.sort_by_key(|most| (most.cells + 2 * most.numbers, most.heads));
    tries
}

/// A column of a table.
struct GridColumn<'a> {
    head: &'a str,
    cells: Vec<&'a str>,
    is_words: bool,
}

impl GridColumn<'_> {
    /// The least width in letters at which nothing has more lines than it may; nothing where a word is in the way.
    fn narrowest(&self, most: MostLines) -> Option<usize> {
        let (lines, least) = if self.is_words { (most.cells, LEAST_OF_WORDS) } else { (most.numbers, 0) };
        let cells = self.cells.iter().map(|cell| narrowest(cell, lines, least));
        cells.chain([narrowest(self.head, most.heads, 0)]).collect::<Option<Vec<usize>>>()?.into_iter().max()
    }
}

/// The least width at which a text has at most so many lines: no less than its longest word, and no less than `least` if it is
/// that long.
fn narrowest(text: &str, lines: usize, least: usize) -> Option<usize> {
    let longest = unbroken(text).iter().map(|word| word.chars().count()).max().unwrap_or(0);
    let all = text.chars().count();
    let least = longest.max(all.min(least));
    // Lines grow fewer with width.
    let widths: Vec<usize> = (least..=all.max(least)).collect();
    let at = widths.partition_point(|width| fitted(text, *width).lines().count() > lines);
    widths.get(at).copied()
}

/// A cell broken into lines of at most `width` letters.
fn fitted(cell: &str, width: usize) -> String {
    wrapped(&printable(cell), width, "").trim_end().to_owned()
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
        let text = grid.text(WIDTH);
        assert!(
            text.matches("business-aligned").count() == 3 && text.matches("12,345,678.9").count() == 9,
            "{text}"
        );
        assert_eq!(text.matches("lead").count(), 1, "in one piece:\n{text}");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
    }

    #[test]
    fn cells_wrap_between_words_before_a_table_becomes_a_list() {
        let heads = ["policy", "mean", "difference", "its interval", "verdict"];
        let mut grid = TextTable::new("T", 1, &heads);
        let long = "a policy with a long name that says all it does";
        let row =
            [long, "12.3 engineer-months", "more than +4.5", "+1.2 to +7.8 or more", "cannot be told yet"];
        grid.row(row.map(str::to_owned).to_vec());
        for width in [80, 66] {
            let text = grid.text(width);
            assert!(text.contains("policy") && !text.contains("mean:"), "a table:\n{text}");
            assert!(text.lines().all(|line| line.chars().count() <= width), "{width}:\n{text}");
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let said = words(&text);
            assert!(
                row.iter().flat_map(|cell| words(cell)).all(|word| said.contains(&word)),
                "whole words:\n{text}"
            );
        }
        let wide = grid.text(200);
        assert!(
            wide.contains(long) && wide.contains("+1.2 to +7.8 or more"),
            "as wide as there is room:\n{wide}"
        );
        assert!(grid.text(40).contains("mean: 12.3 engineer-months"), "{}", grid.text(40));
    }

    #[test]
    fn what_people_wrote_stays_text() {
        let mut grid = TextTable::new("T", 1, &["name", "n"]);
        grid.row(vec!["=1+1|<b>*x*\u{1b}[2J".into(), "12,345.67".into()]);
        let page = grid.markdown();
        assert!(page.contains("=1+1\\|&lt;b&gt;\\*x\\*\u{fffd}\\[2J"), "{page}");
        assert!(grid.csv().contains("'=1+1"));
        assert!(grid.text(WIDTH).contains("12,345.67"));
        assert_eq!(wrapped("aa bb cc", 5, " "), "aa bb\n cc\n");
    }
}
