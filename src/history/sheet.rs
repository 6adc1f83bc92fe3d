//! A CSV file as it comes: any encoding, any separator, rows of any length.

use crate::raw::{Counts, ImportError};
use std::borrow::Cow;

/// The most rows that are read.
pub const MOST_ROWS: usize = 1_000_000;

/// The most bytes of one cell: where there are more, a quote was opened and never closed.
pub const MOST_CELL: usize = 1 << 20;

/// The most columns that are looked at.
pub const MOST_COLUMNS: usize = 2_000;

/// The bytes of a file as text: UTF-8, UTF-16 where a mark says so, else Windows-1252.
pub fn decoded<'a>(bytes: &'a [u8], counts: &mut Counts) -> Cow<'a, str> {
    if let Some((encoding, length)) = encoding_rs::Encoding::for_bom(bytes) {
        counts.has_byte_order_mark = true;
        counts.is_recoded = encoding != encoding_rs::UTF_8;
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            counts.is_recoded = true;
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0
        }
    }
}

/// A file whose head was read.
pub struct Sheet<'a> {
    pub heads: Vec<String>,
    body: &'a str,
    separator: u8,
    /// The number that an editor gives to the head.
    first_row: usize,
}

impl<'a> Sheet<'a> {
    /// Reads the head.
    ///
    /// # Errors
    /// When there is none.
    pub fn of(text: &'a str) -> Result<Sheet<'a>, ImportError> {
        let mut body = text;
        let mut first_row = 1;
        // Remarks, and the line by which a spreadsheet is told the separator.
        loop {
            let line = body.lines().next().unwrap_or_default();
            let is_head = !line.trim().is_empty() && !line.starts_with('#') && !line.starts_with("sep=");
            if is_head || body.is_empty() {
                break;
            }
            body = body.split_once('\n').map_or("", |(_, rest)| rest);
            first_row += 1;
        }
        let line = body.lines().next().unwrap_or_default();
        let separator = separator_of(line);
        let mut sheet = Sheet { heads: Vec::new(), body, separator, first_row };
        let mut reader = sheet.reader();
        let mut record = csv::ByteRecord::new();
        let is_there = reader.read_byte_record(&mut record).unwrap_or(false);
        if !is_there || record.len() < 2 {
            return Err(ImportError::new(
                "it is neither JSON nor a table: the first line must name at least two columns, separated by commas, \
                 semicolons or tabs",
            ));
        }
        if record.len() > MOST_COLUMNS {
            return Err(ImportError::new(format!(
                "it has {} columns, more than the {MOST_COLUMNS} that are read: export fewer fields",
                record.len()
            )));
        }
        sheet.heads = record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
        Ok(sheet)
    }

    fn reader(&self) -> csv::Reader<&'a [u8]> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .from_reader(self.body.as_bytes())
    }

    /// Every row below the head, with the number that an editor gives to its first line where no cell has lines of its own.
    ///
    /// # Errors
    /// When there are more rows, or larger cells, than are read.
    pub fn each(
        &self,
        counts: &mut Counts,
        mut row: impl FnMut(usize, &csv::StringRecord, &mut Counts),
    ) -> Result<(), ImportError> {
        let mut reader = self.reader();
        let mut record = csv::StringRecord::new();
        let mut number = self.first_row;
        let mut is_head = true;
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => return Err(ImportError::new(format!("row {}: {error}", number + 1))),
            }
            if std::mem::take(&mut is_head) {
                continue;
            }
            number += 1;
            if record.iter().any(|cell| cell.len() > MOST_CELL) {
                return Err(ImportError::new(format!(
                    "row {number} has a cell of more than 1 MiB: a quote seems to be opened there and never closed"
                )));
            }
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            counts.rows += 1;
            if counts.rows > MOST_ROWS {
                return Err(ImportError::new(format!(
                    "it has more than {MOST_ROWS} rows, the most that are read: export a shorter period, or one team"
                )));
            }
            counts.long_rows += usize::from(record.len() > self.heads.len());
            counts.short_rows += usize::from(record.len() < self.heads.len());
            row(number, &record, counts);
        }
    }
}

/// The sign that parts most cells of the head, outside of quotes.
fn separator_of(line: &str) -> u8 {
    let mut is_quoted = false;
    let mut counts = [0_usize; 4];
    let signs = [',', ';', '\t', '|'];
    for letter in line.chars().take(1 << 16) {
        if letter == '"' {
            is_quoted = !is_quoted;
        }
        if let Some(at) = signs.iter().position(|sign| *sign == letter).filter(|_| !is_quoted) {
            counts[at] += 1;
        }
    }
    let most = (0..4).max_by_key(|at| (counts[*at], 3 - at)).unwrap_or(0);
    signs[most] as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>, Counts) {
        let mut counts = Counts::default();
        let text = decoded(bytes, &mut counts);
        let sheet = Sheet::of(&text).expect("a table");
        let mut rows = Vec::new();
        let keep = |_: usize, row: &csv::StringRecord, _: &mut Counts| {
            rows.push(row.iter().map(str::to_owned).collect())
        };
        sheet.each(&mut counts, keep).expect("rows");
        (sheet.heads.clone(), rows, counts)
    }

    #[test]
    fn marks_remarks_separators_and_ragged_rows_are_read() {
        let (heads, all, counts) = rows(b"\xef\xbb\xbf# v1\r\nid;name\r\n1;\"a;b\"\r\n2\r\n3;x;y\r\n\r\n");
        assert_eq!(heads, ["id", "name"]);
        assert_eq!(all, [vec!["1", "a;b"], vec!["2"], vec!["3", "x", "y"]]);
        assert_eq!((counts.rows, counts.short_rows, counts.long_rows), (3, 1, 1));
        assert!(counts.has_byte_order_mark && !counts.is_recoded);
    }

    #[test]
    fn other_encodings_are_read() {
        let (heads, _, counts) = rows(b"Erstellt,L\xf6sung\n1,2\n");
        assert!(counts.is_recoded && heads == ["Erstellt", "Lösung"]);
        let wide: Vec<u8> = "id,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let (heads, _, _) = rows(&[&[0xff, 0xfe][..], &wide].concat());
        assert_eq!(heads, ["id", "b"]);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for text in ["", "hello", "\n\n", "{}"] {
            assert!(Sheet::of(text).is_err(), "{text:?}");
        }
    }
}
