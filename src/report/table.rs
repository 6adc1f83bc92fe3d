//! A grid of words and numbers, drawn for a terminal, as Markdown, CSV or JSON.

use super::csv::safe;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, presets};
use serde_json::{Map, Value as Json};

/// Columns of a terminal that tables fit into.
const WIDTH: u16 = 100;

/// A table with a title above and notes below.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    pub title: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub notes: Vec<String>,
    /// How many columns from the left hold words; those to the right hold numbers and never wrap.
    pub words: usize,
}

impl Grid {
    /// An empty table; the first `words` columns hold words.
    pub fn new(title: impl Into<String>, words: usize, head: &[&str]) -> Grid {
        let head = head.iter().map(|&cell| cell.to_owned()).collect();
        Grid { title: title.into(), head, rows: Vec::new(), notes: Vec::new(), words }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// For a terminal of `WIDTH` columns. Numbers are never broken or cut.
    pub fn text(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none())).set_width(WIDTH);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(self.head.iter().map(|cell| printable(cell)));
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| printable(cell)));
        }
        for at in self.words..self.head.len() {
            let widest =
                self.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
            if let Some(column) = table.column_mut(at) {
                column.set_cell_alignment(CellAlignment::Right);
                let widest = u16::try_from(widest.unwrap_or(0) + 2).unwrap_or(WIDTH);
                column.set_constraint(ColumnConstraint::LowerBoundary(comfy_table::Width::Fixed(widest)));
            }
        }
        let mut text = String::new();
        if !self.title.is_empty() {
            text.push_str(&format!("{}\n", printable(&self.title)));
        }
        text.push_str(&format!("{}\n", table.trim_fmt()));
        for note in &self.notes {
            text.push_str(&wrapped(&printable(note), usize::from(WIDTH), "  "));
        }
        text
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
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut write = |cells: &[String]| {
            // Writing to memory cannot fail, and rows are as long as the head.
            let _ = writer.write_record(cells.iter().map(|cell| safe(cell)));
        };
        write(&self.head);
        self.rows.iter().for_each(|row| write(row));
        String::from_utf8_lossy(&writer.into_inner().unwrap_or_default()).into_owned()
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
    for letter in printable(&text.replace(['\n', '\r', '\t'], " ")).chars() {
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

/// Text broken into lines of at most `width` letters; lines after the first are indented.
pub fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let (mut lines, mut line) = (String::new(), String::new());
    for word in text.split_whitespace() {
        if !line.trim().is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push_str(line.trim_end());
            lines.push('\n');
            line = indent.to_owned();
        }
        if !line.trim().is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines + line.trim_end() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays_text() {
        let mut grid = Grid::new("T", 1, &["name", "n"]);
        grid.row(vec!["=1+1|<b>*x*\u{1b}[2J".into(), "12,345.67".into()]);
        let page = grid.markdown();
        assert!(page.contains("=1+1\\|&lt;b&gt;\\*x\\*\u{fffd}\\[2J"), "{page}");
        assert!(grid.csv().contains("'=1+1"));
        assert!(grid.text().contains("12,345.67"));
        assert_eq!(wrapped("aa bb cc", 5, " "), "aa bb\n cc\n");
    }
}
