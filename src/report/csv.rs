//! Tidy CSV files: one row per thing, plain numbers, nothing where there is no number.

use super::table::printable;
use std::io::Write;

/// A cell that no spreadsheet takes for a formula, and that moves no terminal's cursor.
pub fn safe(text: &str) -> String {
    // A negative or signed number is no formula, and neither is a row of them (a dot is one that is missing).
    if text.split(' ').all(|word| word == "." || word.parse::<f64>().is_ok()) {
        return text.to_owned();
    }
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    // Lines are kept: quotes hold them together.
    let lines: Vec<String> =
        text.split('\n').map(|line| printable(&line.replace(['\t', '\r'], " "))).collect();
    let text = lines.join("\n");
    if risky { format!("'{text}") } else { text }
}

/// The text of a cell that was made [`safe`], for files that this program reads again.
pub fn back(cell: &str) -> &str {
    let bare = cell.strip_prefix('\'').filter(|bare| safe(bare) == cell);
    bare.unwrap_or(cell)
}

/// A number as a computer reads it back bit for bit; nothing for what is none.
pub fn plain(value: f64) -> String {
    if value.is_nan() { String::new() } else { value.to_string() }
}

/// A CSV file that is being written. Every table of this program is: so no cell is unsafe, whoever wrote it.
pub struct Csv<W: Write>(csv::Writer<W>);

impl<W: Write> Csv<W> {
    /// Begins a file with its head.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin<S: AsRef<str>>(to: W, head: impl IntoIterator<Item = S>) -> Result<Csv<W>, csv::Error> {
        let mut file = Csv(csv::Writer::from_writer(to));
        file.add(head)?;
        Ok(file)
    }

    /// Adds a row as long as the head.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) -> Result<(), csv::Error> {
        for cell in cells {
            self.0.write_field(safe(cell.as_ref()))?;
        }
        self.0.write_record(None::<&[u8]>)
    }

    /// Where it is written to.
    pub fn target(&self) -> &W {
        self.0.get_ref()
    }

    /// Ends the file, and gives what it was written to.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn end(self) -> std::io::Result<W> {
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

/// A CSV file in memory.
pub struct Sheet(Csv<Vec<u8>>);

impl Sheet {
    /// Begins a file with its head.
    pub fn new<S: AsRef<str>>(head: impl IntoIterator<Item = S>) -> Sheet {
        Sheet(Csv::begin(Vec::new(), head).expect("writing to memory cannot fail"))
    }

    /// Adds a row as long as the head.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.0.add(cells).expect("rows in memory are as long as their head");
    }

    /// The finished file.
    pub fn bytes(self) -> Vec<u8> {
        self.0.end().expect("writing to memory cannot fail")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_kept() {
        assert_eq!(safe("=cmd()"), "'=cmd()");
        assert_eq!(safe("@x"), "'@x");
        assert_eq!((safe("-1.5"), safe("-1.5 . 2")), ("-1.5".to_owned(), "-1.5 . 2".to_owned()));
        assert_eq!(safe("=\u{1b}[2J\0x\ny"), "'=\u{fffd}[2J\u{fffd}x\ny");
        assert_eq!(safe(&safe("=a\tb")), "'=a b", "made safe twice is made safe once");
        assert_eq!((back("'=a"), back("'tis"), back("-1.5")), ("=a", "'tis", "-1.5"));
        let mut sheet = Sheet::new(["=head"]);
        sheet.row(["@cell".to_owned()]);
        assert_eq!(sheet.bytes(), b"'=head\n'@cell\n", "every cell is, whoever wrote it");
        assert_eq!(plain(f64::NAN), "");
    }
}
