//! A document: what a question's answer says, once, for the terminal, `summary.md`, `report.html` and JSON.
//!
//! Sections of the *answer* are what a leader reads first and what a terminal shows; *details* are for whoever asks how it
//! was found. No format adds a finding of its own, so that none can say another thing than the rest.

mod html;
pub mod terms;

use super::table::{TextTable, WIDTH, escaped, printable, wrapped};
use super::{overloaded, words};
use experiment::summary::Frame;
use serde_json::{Value as Json, json};
use std::path::Path;

/// What `compare` is for, and what `check` is, where they come next.
pub const WHICH_IS_BETTER: &str = "Which policy is better, and how sure is that?";
pub const WHAT_IS_ASSUMED: &str = "Which numbers are assumed, and might be replaced by your own?";

/// The version of what `--format json` prints. What is added to it does not raise it; what goes or changes its meaning does.
const SCHEMA: u32 = 1;

/// Rows of a table that a summary tells.
const FIGURES: usize = 8;

/// What a question came to.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The scenario's question, or the command's.
    pub title: String,
    /// The answer in one sentence, without its full stop.
    pub finding: String,
    /// What it is found of, in a sentence: the organisation as it is described. Empty where it is of none.
    pub about: String,
    pub sections: Vec<Section>,
    /// The same as numbers, for programs.
    pub data: Json,
    /// What was run, by which version and seed, on one line.
    pub source: String,
}

/// The question of a scenario, or its name where it asks none.
fn title(frame: &Frame) -> &str {
    if frame.title.is_empty() { &frame.name } else { &frame.title }
}

/// Some paragraphs, lists and tables under a title.
#[derive(Clone, Debug)]
pub struct Section {
    pub title: String,
    pub depth: Depth,
    pub blocks: Vec<Block>,
}

/// Who reads a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Everybody: it stands on the terminal and on the first page.
    Answer,
    /// Whoever wants to know more: folded on the page, at the end of `--format markdown`.
    Detail,
}

#[derive(Clone, Debug)]
pub enum Block {
    Text(String),
    List(Vec<String>),
    Table(TextTable),
    /// A command to be typed, in one piece and as a shell takes it.
    Command(String),
}

impl Document {
    pub fn new(title: impl Into<String>, finding: impl Into<String>) -> Document {
        Document { title: title.into(), finding: finding.into(), ..Document::default() }
    }

    /// What a question about a scenario came to.
    pub fn of(frame: &Frame, finding: impl Into<String>) -> Document {
        let stopped =
            if frame.stopped { "Stopped early: this is of what was finished, and of no more. " } else { "" };
        let overloaded = overloaded::warning(frame).map_or_else(String::new, |warning| format!("{warning} "));
        Document {
            about: format!("{stopped}{overloaded}The organisation: {}.", frame.organisation),
            source: super::manifest::source(frame),
            ..Document::new(title(frame), finding)
        }
    }

    /// Ends with what to ask next of a file: a command, with what it is for before it.
    pub fn then(mut self, what_for: &str, command: &str, file: &Path) -> Document {
        self.answer("Next").command(what_for, format!("orgsim {command} {}", words::path(file)));
        self
    }

    /// Adds a section that everybody reads.
    pub fn answer(&mut self, title: &str) -> &mut Section {
        self.section(title, Depth::Answer)
    }

    /// Adds a section for whoever wants to know more.
    pub fn detail(&mut self, title: &str) -> &mut Section {
        self.section(title, Depth::Detail)
    }

    fn section(&mut self, title: &str, depth: Depth) -> &mut Section {
        let at = self.sections.len();
        self.sections.push(Section { title: title.to_owned(), depth, blocks: Vec::new() });
        &mut self.sections[at]
    }

    fn of_depth(&self, depth: Depth) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(move |section| section.depth == depth && !section.blocks.is_empty())
    }

    /// For a terminal of so many columns: the answer with its tables.
    pub fn text(&self, width: usize) -> String {
        let mut text = String::new();
        let narrow = width.min(WIDTH);
        let mut line = |sentence: &str| text.push_str(&wrapped(&printable(sentence), narrow, "  "));
        if !self.title.is_empty() {
            line(&self.title);
        }
        line(&format!("→ {}.", self.finding));
        if !self.about.is_empty() {
            line(&self.about);
        }
        for section in self.of_depth(Depth::Answer) {
            text.push_str(&format!("\n{}\n", section.title));
            for (at, block) in section.blocks.iter().enumerate() {
                if at > 0 && !matches!(block, Block::Command(_)) {
                    text.push('\n');
                }
                match block {
                    Block::Text(said) => text.push_str(&wrapped(&printable(said), narrow, "")),
                    Block::List(lines) => lines.iter().for_each(|said| {
                        text.push_str(&wrapped(&format!("- {}", printable(said)), narrow, "  "));
                    }),
                    Block::Table(grid) => text.push_str(&grid.text(width)),
                    Block::Command(typed) => text.push_str(&format!("    {}\n", printable(typed))),
                }
            }
        }
        text
    }

    /// `summary.md`: the answer in words and with its first numbers, which fits a screen and can be read aloud.
    pub fn summary(&self) -> String {
        let mut page = self.opening();
        page.extend(self.figures());
        for section in self.of_depth(Depth::Answer) {
            let said: String = section.blocks.iter().filter_map(Block::spoken).collect();
            if !said.is_empty() {
                page.push_str(&format!("## {}\n\n{said}", escaped(&section.title)));
            }
        }
        page + &self.closing()
    }

    /// The numbers that carry the answer: the first rows of its first table.
    fn figures(&self) -> Option<String> {
        let mut blocks = self.of_depth(Depth::Answer).flat_map(|section| &section.blocks);
        let grid = blocks.find_map(|block| if let Block::Table(grid) = block { Some(grid) } else { None })?;
        let title = if grid.title.is_empty() { "In numbers" } else { &grid.title };
        let lines = Block::List(grid.aloud(FIGURES)).spoken()?;
        Some(format!("## {}\n\n{lines}", escaped(title)))
    }

    /// All of it as Markdown.
    pub fn markdown(&self) -> String {
        let mut page = self.opening();
        for section in self.of_depth(Depth::Answer).chain(self.of_depth(Depth::Detail)) {
            page.push_str(&format!("## {}\n\n", escaped(&section.title)));
            section.blocks.iter().for_each(|block| page.push_str(&block.markdown()));
        }
        page + &self.closing()
    }

    fn opening(&self) -> String {
        let title = if self.title.is_empty() { "orgsim" } else { &self.title };
        let about =
            if self.about.is_empty() { String::new() } else { format!("{}\n\n", escaped(&self.about)) };
        format!("# {}\n\n**{}.**\n\n{about}", escaped(title), escaped(&self.finding))
    }

    fn closing(&self) -> String {
        if self.source.is_empty() { String::new() } else { format!("---\n\n{}\n", escaped(&self.source)) }
    }

    /// For programs: the finding, what is said, and the numbers.
    pub fn json(&self) -> Vec<u8> {
        let said = |depth: Depth| -> Vec<&str> {
            let blocks = self.of_depth(depth).flat_map(|section| &section.blocks);
            blocks.flat_map(Block::sentences).collect()
        };
        super::manifest::pretty(&json!({
            "schema": SCHEMA,
            "title": self.title,
            "finding": self.finding,
            "sentences": said(Depth::Answer),
            "details": said(Depth::Detail),
            "data": self.data,
            "source": self.source,
        }))
    }
}

impl Section {
    pub fn text(&mut self, said: impl Into<String>) -> &mut Section {
        self.blocks.push(Block::Text(said.into()));
        self
    }

    /// Adds a list, each line with a capital; nothing where there is no line.
    pub fn list(&mut self, lines: impl IntoIterator<Item = String>) -> &mut Section {
        let lines: Vec<String> = lines.into_iter().map(|line| words::capital(&line)).collect();
        if !lines.is_empty() {
            self.blocks.push(Block::List(lines));
        }
        self
    }

    /// Adds a command, with what it is for before it.
    pub fn command(&mut self, what_for: &str, typed: impl Into<String>) -> &mut Section {
        self.text(what_for).blocks.push(Block::Command(typed.into()));
        self
    }

    /// Adds tables; those without a row are left out.
    pub fn tables(&mut self, grids: impl IntoIterator<Item = TextTable>) -> &mut Section {
        let grids = grids.into_iter().filter(|grid| !grid.rows.is_empty());
        self.blocks.extend(grids.map(Block::Table));
        self
    }
}

impl Block {
    fn markdown(&self) -> String {
        match self {
            Block::Table(grid) => grid.markdown() + "\n",
            spoken => spoken.spoken().unwrap_or_default(),
        }
    }

    /// What can be read aloud, as Markdown.
    fn spoken(&self) -> Option<String> {
        match self {
            Block::Text(said) => Some(format!("{}\n\n", escaped(said))),
            Block::List(lines) => {
                let lines = lines.iter().map(|line| format!("- {}\n", escaped(line)));
                Some(lines.collect::<String>() + "\n")
            }
            // Within a block of code nothing is Markdown or HTML.
            Block::Command(typed) => Some(format!("    {}\n\n", printable(typed))),
            Block::Table(_) => None,
        }
    }

    fn sentences(&self) -> Vec<&str> {
        match self {
            Block::Text(said) | Block::Command(said) => vec![said],
            Block::List(lines) => lines.iter().map(String::as_str).collect(),
            Block::Table(grid) => grid.notes.iter().map(String::as_str).collect(),
        }
    }
}
