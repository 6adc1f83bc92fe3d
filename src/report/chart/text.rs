//! Text is measured with the embedded font, wrapped and shortened before it is drawn, so that it always fits.

use super::theme::{BODY, Colour, INK, QUIET, SMALL};
use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};
use std::sync::Once;

/// The regular weight of the embedded font.
pub const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/Inter-Regular-latin.ttf");
/// The semi-bold weight of the embedded font.
pub const SEMIBOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold-latin.ttf");

/// Longest text that is looked at; no slide has room for more, and wrapping stays quick.
const LONGEST: usize = 600;

/// plotters divides sizes by this before writing them.
pub const PLOTTERS_SIZE: f64 = 1.24;

/// Where text lies relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Left,
    Middle,
    Right,
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    pub size: f64,
    pub bold: bool,
    pub colour: Colour,
    pub anchor: Anchor,
}

impl Type {
    /// Dark text of a given size.
    pub fn of(size: f64) -> Self {
        Self { size, bold: false, colour: INK, anchor: Anchor::Left }
    }

    /// Names and values.
    pub fn body() -> Self {
        Self::of(BODY)
    }

    /// Ticks and remarks.
    pub fn small() -> Self {
        Self::of(SMALL).colour(QUIET)
    }

    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub fn colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    pub fn middle(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }

    pub fn right(self) -> Self {
        Self { anchor: Anchor::Right, ..self }
    }

    /// Distance between the baselines of two lines.
    pub fn leading(&self) -> f64 {
        self.size * 1.25
    }

    /// Width of a text in pixels, some 2 % too wide rather than too narrow.
    pub fn width(&self, text: &str) -> f64 {
        const FINE: f64 = 4.0;
        let size = self.size * PLOTTERS_SIZE * FINE;
        let (known, unknown): (String, String) = text.chars().partition(|letter| is_in_font(*letter));
        let measured =
            font(size, self.bold).box_size(&known).map_or(0.0, |(width, _)| f64::from(width) / FINE);
        // Letters of other scripts come from the viewer's fonts, where hardly any is wider than it is high.
        measured + unknown.chars().count() as f64 * self.size
    }

    /// The text, shortened with … where it is wider than allowed.
    pub fn fit(&self, text: &str, width: f64) -> String {
        let text = clean(text);
        if self.width(&text) <= width {
            return text;
        }
        let letters: Vec<char> = text.chars().collect();
        let fits = |count: usize| self.width(&shortened(&letters, count)) <= width;
        let (mut fitting, mut too_long) = (0, letters.len());
        while too_long - fitting > 1 {
            let half = fitting.midpoint(too_long);
            if fits(half) { fitting = half } else { too_long = half }
        }
        shortened(&letters, fitting)
    }

    /// The text on at most `lines` lines of about equal length; what does not fit ends in ….
    pub fn wrap(&self, text: &str, width: f64, lines: usize) -> Vec<String> {
        let greedy = self.fill(text, width, lines);
        let whole = clean(text);
        // Neither a cut text nor one with a word broken in two is worth balancing.
        let is_whole = |lines: &[String]| lines.join(" ") == whole;
        if greedy.len() < 2 || !is_whole(&greedy) {
            return greedy;
        }
        let shares = [0.55, 0.65, 0.75, 0.85, 0.95];
        let narrower = shares.iter().map(|share| self.fill(text, width * share, greedy.len()));
        narrower.into_iter().find(|lines| is_whole(lines)).unwrap_or(greedy)
    }

    /// The text on at most `lines` lines, each as full as it gets.
    fn fill(&self, text: &str, width: f64, lines: usize) -> Vec<String> {
        let text = clean(text);
        let mut done: Vec<String> = Vec::new();
        let mut rest = text.as_str();
        while !rest.is_empty() && done.len() + 1 < lines {
            let cut = self.break_at(rest, width);
            done.push(rest[..cut].trim_end().to_string());
            rest = rest[cut..].trim_start();
        }
        if !rest.is_empty() && lines > 0 {
            done.push(self.fit(rest, width));
        }
        done
    }

    /// The byte before which a line has to end: after the last word that fits, or inside a very long word.
    fn break_at(&self, text: &str, width: f64) -> usize {
        if self.width(text) <= width {
            return text.len();
        }
        // A number stays with its per cent.
        let may_end = |at: usize, letter| letter == ' ' && !text[at + 1..].starts_with('%');
        let ends = text.char_indices().filter(|(at, letter)| may_end(*at, *letter)).map(|(at, _)| at);
        let word = ends.take_while(|end| self.width(&text[..*end]) <= width).last();
        word.unwrap_or_else(|| {
            let starts = text.char_indices().map(|(at, _)| at).skip(1);
            starts.take_while(|end| self.width(&text[..*end]) <= width).last().unwrap_or(text.len())
        })
    }
}

fn shortened(letters: &[char], count: usize) -> String {
    let kept: String = letters[..count].iter().collect();
    format!("{}…", kept.trim_end())
}

/// A plotters font of a given size, from the embedded files.
pub fn font(size: f64, bold: bool) -> FontDesc<'static> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        for (style, bytes) in [(FontStyle::Normal, REGULAR), (FontStyle::Bold, SEMIBOLD)] {
            // A failure here shows up as an error of the first drawn text.
            let _ = register_font("sans-serif", style, bytes);
        }
    });
    let style = if bold { FontStyle::Bold } else { FontStyle::Normal };
    FontDesc::new(FontFamily::SansSerif, size, style)
}

/// People's text made fit for a slide: one line, no control characters, none that XML forbids, none that
/// turn the direction of what follows.
pub fn clean(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.join(" ");
    joined.chars().filter(|letter| drawable(*letter)).take(LONGEST).collect()
}

/// A name to show: what people wrote, or that they wrote nothing.
pub fn named(name: &str) -> &str {
    if clean(name).is_empty() { "(no name)" } else { name }
}

/// Whether the embedded font has a letter; these are the ranges it was cut down to.
pub fn is_in_font(letter: char) -> bool {
    matches!(letter,
        '\u{20}'..='\u{7E}' | '\u{A0}'..='\u{17F}' | '\u{394}' | '\u{3B1}'..='\u{3C9}'
        | '\u{2010}'..='\u{2027}' | '\u{20AC}' | '\u{2190}'..='\u{2193}' | '\u{2212}' | '\u{2248}'
        | '\u{2260}' | '\u{2264}' | '\u{2265}')
}

fn drawable(letter: char) -> bool {
    let turns = matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let forbidden = matches!(letter, '\u{FFFE}' | '\u{FFFF}');
    !letter.is_control() && !turns && !forbidden
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shortened_to_the_width_it_has() {
        let style = Type::body();
        let long = "Ein sehr langer Name einer Regel, der nirgends Platz hat";
        let short = style.fit(long, 200.0);
        assert!(short.ends_with('…') && style.width(&short) <= 200.0, "{short}");
        assert_eq!(style.fit("kurz", 200.0), "kurz");
        assert_eq!(style.fit("", 200.0), "");
    }

    #[test]
    fn wrapping_keeps_every_word_or_says_that_it_did_not() {
        let style = Type::body();
        let lines = style.wrap("one two three four five six", 130.0, 9);
        assert_eq!(lines.join(" "), "one two three four five six");
        assert!(lines.iter().all(|line| style.width(line) <= 130.0), "{lines:?}");
        let cut = style.wrap(&"word ".repeat(50), 130.0, 2);
        assert!(cut.len() == 2 && cut[1].ends_with('…'), "{cut:?}");
        let endless = style.wrap(&"x".repeat(300), 130.0, 3);
        assert!(endless.iter().all(|line| style.width(line) <= 130.0), "{endless:?}");
    }

    #[test]
    fn a_number_and_its_per_cent_are_not_parted() {
        let style = Type::body();
        for width in 60..200 {
            let lines = style.wrap("as much as 5 % of it", f64::from(width), 9);
            assert!(!lines.iter().any(|line| line.starts_with('%')), "{width}: {lines:?}");
        }
    }

    #[test]
    fn letters_that_break_xml_or_direction_are_dropped() {
        assert_eq!(clean("a\u{0}b\u{202E}c\u{FFFF}\n d"), "abc d");
    }
}
