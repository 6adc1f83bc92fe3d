//! PNG pictures are rendered from the SVG with the embedded font alone, so they look the same everywhere.

use super::ChartError;
use super::text::{REGULAR, SEMIBOLD};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::{Arc, OnceLock};

/// Renders an SVG in its own size.
pub fn render(svg: &str) -> Result<Vec<u8>, ChartError> {
    let tree =
        Tree::from_str(svg, &options()).map_err(|error| ChartError::Pixels(error.to_string()))?;
    let size = tree.size().to_int_size();
    let mut pixels = Pixmap::new(size.width(), size.height())
        .ok_or_else(|| ChartError::Pixels("the picture has no size".to_string()))?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels
        .encode_png()
        .map_err(|error| ChartError::Pixels(error.to_string()))
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
    Options {
        font_family: "Inter".to_string(),
        fontdb: Arc::clone(fonts),
        ..Options::default()
    }
}
