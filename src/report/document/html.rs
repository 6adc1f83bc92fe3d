//! `report.html`: a document as one self-contained page. It asks nothing of the network, holds no script, prints to A4, and
//! what people wrote stays text: every word goes through the templates' escaping.

use super::terms::used;
use super::{Block, Depth, Document, Section};
use crate::chart::{REGULAR, SEMIBOLD};
use crate::slides::Slide;
use crate::table::{TextTable, printable};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Charts that stand open on the page; the others are folded below.
const OPEN_CHARTS: usize = 3;

const STYLE: &str = include_str!("style.css");

impl Document {
    /// The page with its charts, the most telling first.
    pub fn html(&self, slides: &[Slide]) -> String {
        let title = if self.title.is_empty() { "orgsim" } else { &self.title };
        let (first, others) = slides.split_at(slides.len().min(OPEN_CHARTS));
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (text(title)) }
                    style { (PreEscaped(STYLE)) (PreEscaped(letters(slides))) }
                }
                body {
                    main {
                        h1 { (text(title)) }
                        p.finding { (text(&self.finding)) "." }
                        @if !self.about.is_empty() { p.note { (text(&self.about)) } }
                        @for section in self.of_depth(Depth::Answer) { (open(section)) }
                        @for slide in first { (figure(slide)) }
                        @if !others.is_empty() {
                            details { summary { "More charts" } @for slide in others { (figure(slide)) } }
                        }
                        @for section in self.of_depth(Depth::Detail) { (folded(section)) }
                        // The terms are the simulator's; what was only measured or counted says itself how.
                        @if !self.about.is_empty() { (glossary(self)) }
                    }
                    footer { (text(&self.source)) }
                }
            }
        };
        page.into_string()
    }
}

/// The letters that charts were measured with, within the page: with any others their titles might not fit.
fn letters(slides: &[Slide]) -> String {
    let face = |(weight, font): (u32, &[u8])| {
        let font = BASE64_STANDARD.encode(font);
        format!("@font-face{{font-family:Inter;font-weight:{weight};src:url(data:font/ttf;base64,{font})}}")
    };
    let faces = [(400, REGULAR), (600, SEMIBOLD)];
    if slides.is_empty() { String::new() } else { faces.map(face).concat() }
}

/// Text that cannot move a cursor or reorder letters, and whose numbers stay with their sign of per cent; the template
/// escapes the rest.
fn text(said: &str) -> String {
    printable(said).replace(" %", "\u{a0}%")
}

fn open(section: &Section) -> Markup {
    html! { section { h2 { (text(&section.title)) } (blocks(section)) } }
}

fn folded(section: &Section) -> Markup {
    html! { details { summary { (text(&section.title)) } (blocks(section)) } }
}

fn blocks(section: &Section) -> Markup {
    html! {
        @for block in &section.blocks {
            @match block {
                Block::Text(said) => p { (text(said)) },
                Block::List(lines) => ul { @for line in lines { li { (text(line)) } } },
                Block::Table(grid) => (table(grid)),
                Block::Command(typed) => pre { code { (printable(typed)) } },
            }
        }
    }
}

/// Letters of a cell that may be broken between words: no number alone has as many.
const LONG: usize = 24;

fn table(grid: &TextTable) -> Markup {
    let class = |at: usize, cell: &str| match () {
        () if at < grid.words => "word",
        () if cell.chars().count() > LONG => "number long",
        () => "number",
    };
    html! {
        // A wide table scrolls within itself, so that the page never does.
        div.table tabindex="0" role="region" aria-label=(text(&grid.title)) {
            table {
                @if !grid.title.is_empty() { caption { (text(&grid.title)) } }
                thead { tr { @for (at, head) in grid.head.iter().enumerate() {
                    th scope="col" class=(class(at, head)) { (text(head)) }
                } } }
                tbody { @for row in &grid.rows { tr { @for (at, cell) in row.iter().enumerate() {
                    @if at == 0 { th scope="row" class=(class(at, cell)) { (text(cell)) } }
                    @else { td class=(class(at, cell)) { (text(cell)) } }
                } } } }
            }
        }
        @for note in &grid.notes { p.note { (text(note)) } }
    }
}

/// A chart inline, as wide as the page; it brings its own title and description for screen readers.
fn figure(slide: &Slide) -> Markup {
    let fixed = r#"<svg width="1920" height="1080" "#;
    let svg = slide.svg.as_str();
    let drawn = svg.strip_prefix(fixed).map_or_else(|| svg.to_owned(), |rest| format!("<svg {rest}"));
    html! { figure { (PreEscaped(drawn)) } }
}

/// The terms that the page uses, explained.
fn glossary(document: &Document) -> Markup {
    let terms = used(&document.markdown());
    html! {
        @if !terms.is_empty() {
            details {
                summary { "What the words mean" }
                dl { @for (term, meaning) in terms { dt { (term) } dd { (meaning) } } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays_text_and_nothing_is_fetched() {
        let mut document = Document::new("<script>alert(1)</script>", "\"><img src=x onerror=y>");
        document.answer("A & B").text("1 < 2 \u{202e}evil").list(["<b>bold</b>".to_owned()]);
        let mut grid = TextTable::new("T", 1, &["<i>name</i>", "n"]);
        grid.row(vec!["</table><script>".into(), "1".into()]);
        document.detail("Tables").tables([grid]);
        let page = document.html(&[]);
        for hostile in ["<script", "<img", "<b>", "<i>", "\u{202e}", "</table><script"] {
            assert!(!page.contains(hostile), "{hostile}:\n{page}");
        }
        for outside in ["http:", "https:", "src=", "url(", "@import"] {
            assert!(!page.contains(outside) || page.contains("src=x"), "{outside}:\n{page}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    }
}
