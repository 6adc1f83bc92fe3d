//! What a question came to, whatever it was: a page, slides and tables; where they go is the same for all.

use super::files::Files;
use super::{Failure, Format, screen};
use crate::experiment::summary::{ColumnText, Frame};
use crate::report::data::{Column, Data};
use crate::report::document::Document;
use crate::report::manifest;
use crate::report::slides::Slide;
use serde_json::Value as Json;
use std::path::PathBuf;

/// What a question came to.
pub struct Answer {
    /// What is read: printed, and written as a page. None where nothing was left to report on.
    page: Option<(Document, Vec<Slide>)>,
    tables: Vec<Table>,
    /// What `--format csv` prints; the first of the tables where nothing else is said.
    printed: Option<Vec<u8>>,
    about: About,
    /// How the command ends once all is written.
    ended: Result<(), Failure>,
    /// Where the same is kept until it is written, and what to do should that fail.
    kept: Option<(PathBuf, &'static str)>,
}

/// A table; without columns where its file says itself what they hold.
struct Table {
    name: String,
    bytes: Vec<u8>,
    columns: Vec<Column>,
}

/// What the manifest says of it.
enum About {
    /// The simulated study, what the columns of its tables mean, and a part that only this question has.
    Study { frame: Box<Frame>, columns: Vec<ColumnText>, part: Option<(&'static str, Json)> },
    /// The command and its files, of what is no study.
    Files,
}

impl Answer {
    /// An answer about a study; `columns` are those of its tables.
    pub fn of(frame: &Frame, columns: &[ColumnText]) -> Answer {
        Answer::about(About::Study { frame: Box::new(frame.clone()), columns: columns.to_vec(), part: None })
    }

    /// An answer about something else than one study.
    pub fn plain() -> Answer {
        Answer::about(About::Files)
    }

    fn about(about: About) -> Answer {
        Answer { page: None, tables: Vec::new(), printed: None, about, ended: Ok(()), kept: None }
    }

    /// What is read of it.
    pub fn page(mut self, document: Document, slides: Vec<Slide>) -> Answer {
        self.page = Some((document, slides));
        self
    }

    pub fn table(mut self, name: &str, data: Data) -> Answer {
        self.tables.push(Table { name: name.to_owned(), bytes: data.bytes, columns: data.columns });
        self
    }

    /// A table as it is in its file.
    pub fn csv(mut self, name: &str, bytes: Vec<u8>) -> Answer {
        self.tables.push(Table { name: name.to_owned(), bytes, columns: Vec::new() });
        self
    }

    /// Has `--format csv` print this in place of its first table.
    pub fn printing(mut self, bytes: Vec<u8>) -> Answer {
        self.printed = Some(bytes);
        self
    }

    /// Adds what only this question's manifest has.
    pub fn with(mut self, name: &'static str, said: Json) -> Answer {
        if let About::Study { part, .. } = &mut self.about {
            *part = Some((name, said));
        }
        self
    }

    /// Has the command end in this way when all is written.
    pub fn ending(mut self, ended: Result<(), Failure>) -> Answer {
        self.ended = ended;
        self
    }

    /// Says where all of it is kept until it is written: that goes then, unless it is to be carried on. Should writing fail,
    /// `hint` says what to do.
    pub fn kept_in(mut self, path: PathBuf, hint: &'static str) -> Answer {
        self.kept = Some((path, hint));
        self
    }

    /// How it ends, where there is nothing to write.
    pub fn ended(self) -> Result<(), Failure> {
        self.ended
    }

    /// Writes all of it, the manifest last, prints what is read, and ends as it is to end.
    pub fn publish(mut self, files: Files, format: Format) -> Result<(), Failure> {
        let printed = self.printed.take().or_else(|| Some(self.tables.first()?.bytes.clone()));
        let kept = self.kept.take();
        let goes_on = files.recorded().map(|_| "the same command goes on from there");
        let hint = kept.as_ref().map(|(_, hint)| *hint).or(goes_on);
        self.write(files).map_err(|failure| match hint {
            Some(hint) => still_kept(failure, hint),
            None => failure,
        })?;
        if let Some((path, _)) = kept.filter(|_| self.ended.is_ok()) {
            // Everything in it is in the files by now, and they are on the disk.
            let _ = std::fs::remove_file(path);
        }
        if let Some((document, _)) = &self.page {
            screen::document(document, format, || printed.unwrap_or_default())?;
        }
        self.ended
    }

    fn write(&mut self, mut files: Files) -> Result<(), Failure> {
        for table in self.tables.drain(..) {
            files.write(&table.name, "csv", &table.bytes)?;
            files.describe(&table.name, table.columns);
        }
        if let Some((document, slides)) = &self.page {
            files.slides(slides)?;
            files.document(document, slides)?;
        }
        files.close(|written| match &self.about {
            About::Study { frame, columns, part } => manifest::of(frame, written, columns, part.as_ref()),
            About::Files => {
                let source = self.page.as_ref().map_or("", |(document, _)| &document.source);
                manifest::plain(written, source)
            }
        })
    }
}

/// What cannot be written, in words that say what is not lost.
pub fn still_kept(failure: Failure, hint: &str) -> Failure {
    match failure {
        Failure::Failed(message) => Failure::Failed(format!("{message}; what was finished is kept: {hint}")),
        other => other,
    }
}
