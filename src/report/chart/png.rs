//! PNG pictures are rendered from the SVG with the embedded font alone, so they look the same everywhere.

use super::ChartError;
use super::text::{REGULAR, SEMIBOLD, is_in_font};
use png::{ColorType, Compression, Encoder, EncodingError, Filter};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::{Arc, OnceLock};

/// Renders an SVG in its own size.
pub fn render(svg: &str) -> Result<Vec<u8>, ChartError> {
    let tree = Tree::from_str(&with_known_letters(svg), &options())
        .map_err(|error| ChartError::Pixels(error.to_string()))?;
    let size = tree.size().to_int_size();
    let mut pixels = Pixmap::new(size.width(), size.height())
        .ok_or_else(|| ChartError::Pixels("the picture has no size".to_string()))?;
    pixels.fill(Color::WHITE);
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    encoded(&pixels).map_err(|error| ChartError::Pixels(error.to_string()))
}

/// An opaque picture as a file. Charts are flat, and are smaller without the filters that photographs need, and sooner done:
/// to try all of those took longer than to paint.
fn encoded(pixels: &Pixmap) -> Result<Vec<u8>, EncodingError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, pixels.width(), pixels.height());
    encoder.set_color(ColorType::Rgb);
    encoder.set_compression(Compression::Balanced);
    encoder.set_filter(Filter::NoFilter);
    let colours: Vec<u8> = pixels.data().chunks_exact(4).flat_map(|pixel| &pixel[..3]).copied().collect();
    encoder.write_header()?.write_image_data(&colours)?;
    Ok(file)
}

/// Letters that the embedded font lacks become question marks: silently missing ones would be worse. The SVG
/// keeps them, and whoever views it shows them in a font of their own.
fn with_known_letters(svg: &str) -> String {
    let is_mark = |letter: char| matches!(letter, '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}');
    let known = |letter: char| {
        if letter == '\n' || is_in_font(letter) { letter } else { '?' }
    };
    svg.chars().filter(|letter| !is_mark(*letter)).map(known).collect()
}

fn options() -> Options<'static> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(SEMIBOLD.to_vec());
        fonts.set_sans_serif_family("Inter");
        Arc::new(fonts)
    });
    Options { font_family: "Inter".to_string(), fontdb: Arc::clone(fonts), ..Options::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_without_a_picture_are_shown_as_missing() {
        assert_eq!(with_known_letters("Größe → 健康\n−1 “e\u{301}”"), "Größe → ??\n−1 “e”");
    }
}
