//! The theme holds colours and type sizes, so that all slides look like one deck.
//!
//! Colours are Okabe and Ito's, made for colour-blind readers, without their yellow (invisible on white) and
//! with two darker ones added; meaning never rests on colour alone.

use super::{Role, Verdict};

/// Smallest distance of anything from the edge of the slide.
pub const MARGIN: f64 = 80.0;
/// Type size of the finding.
pub const TITLE: f64 = 46.0;
/// Type size of the line that says what is shown.
pub const SUBTITLE: f64 = 28.0;
/// Type size of names and values.
pub const BODY: f64 = 26.0;
/// Smallest type size on a slide: ticks, footer.
pub const SMALL: f64 = 24.0;

/// A colour with opacity from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colour {
    /// Red, green, blue.
    pub rgb: (u8, u8, u8),
    /// 1 covers all, 0 nothing.
    pub alpha: f64,
}

const fn rgb(red: u8, green: u8, blue: u8) -> Colour {
    Colour { rgb: (red, green, blue), alpha: 1.0 }
}

pub const WHITE: Colour = rgb(0xFF, 0xFF, 0xFF);
pub const INK: Colour = rgb(0x1F, 0x29, 0x33);
pub const QUIET: Colour = rgb(0x56, 0x62, 0x6F);
pub const GRID: Colour = rgb(0xE3, 0xE7, 0xEC);
pub const EMPTY: Colour = rgb(0xF1, 0xF3, 0xF5);
pub const BASELINE: Colour = rgb(0x7C, 0x87, 0x94);
/// For series beyond those that colours can tell apart.
pub const PALE: Colour = rgb(0xC4, 0xCB, 0xD3);
pub const BLUE: Colour = rgb(0x00, 0x72, 0xB2);
pub const VERMILION: Colour = rgb(0xD5, 0x5E, 0x00);

const PALETTE: [Colour; 8] = [
    BLUE,
    VERMILION,
    rgb(0x00, 0x9E, 0x73),
    rgb(0xCC, 0x79, 0xA7),
    rgb(0xE6, 0x9F, 0x00),
    rgb(0x56, 0xB4, 0xE9),
    rgb(0x6A, 0x3D, 0x9A),
    rgb(0x8C, 0x51, 0x0A),
];

impl Colour {
    /// The same colour, covering less.
    pub fn faint(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// This colour moved towards another by a share from 0 to 1.
    pub fn towards(self, other: Self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        let ((r, g, b), (r2, g2, b2)) = (self.rgb, other.rgb);
        rgb(mix(r, r2), mix(g, g2), mix(b, b2))
    }

    /// Dark enough for words: light line colours are hard to read as text.
    pub fn for_text(self) -> Self {
        let surplus = (self.brightness() - 0.42).max(0.0);
        self.towards(INK, surplus * 1.4)
    }

    /// The text colour, dark or white, that stands out more on top of this one.
    pub fn text_on_top(self) -> Self {
        let contrast = |other: Self| {
            let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
            a.max(b) / a.min(b)
        };
        if contrast(INK) > contrast(WHITE) { INK } else { WHITE }
    }

    /// Relative luminance as the web's accessibility guidelines define it.
    fn luminance(self) -> f64 {
        let linear = |part: u8| libm::pow(f64::from(part) / 255.0, 2.2);
        let (r, g, b) = self.rgb;
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    fn brightness(self) -> f64 {
        let (r, g, b) = self.rgb;
        (0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b)) / 255.0
    }
}

/// The colour at a place in the palette; repeats after eight.
pub fn palette(index: usize) -> Colour {
    PALETTE[index % PALETTE.len()]
}

/// One colour per series: grey for baselines, the palette in order for all others, so that policies keep
/// their colours from slide to slide as long as they are listed in the same order.
///
/// More than eight cannot be told apart by colour, so those beyond are pale, unless they are emphasised.
pub fn series_colours(roles: impl IntoIterator<Item = Role>) -> Vec<Colour> {
    let mut next = 0;
    let pick = |role| {
        match role {
            Role::Baseline => return BASELINE,
            Role::Background => return PALE,
            Role::Emphasised | Role::Other => {}
        }
        next += 1;
        let is_told_apart = next <= PALETTE.len() || role == Role::Emphasised;
        if is_told_apart { palette(next - 1) } else { PALE }
    };
    roles.into_iter().map(pick).collect()
}

/// The colour of a verdict.
pub fn verdict_colour(verdict: Verdict) -> Colour {
    match verdict {
        Verdict::Better => BLUE,
        Verdict::Worse => VERMILION,
        Verdict::Same | Verdict::CannotMatter => INK,
        Verdict::Unclear => BASELINE,
    }
}

/// The colour of a change for the better or for the worse.
pub fn change_colour(good: bool) -> Colour {
    if good { BLUE } else { VERMILION }
}
