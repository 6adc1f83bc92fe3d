//! A sheet is one finished slide: heading above, source below, the chart between, as an SVG that can be saved.

use super::canvas::{Canvas, FINE, Rect};
use super::text::{Type, clean};
use super::theme::{MARGIN, QUIET, SMALL, SUBTITLE, TITLE};
use super::{ChartError, HEIGHT, Heading, WIDTH, png};
use crate::files::OutputFolder;
use std::path::PathBuf;

/// A finished slide.
#[derive(Clone, Debug)]
pub struct Svg(String);

impl Svg {
    /// The SVG text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same slide as a PNG of 1920 × 1080 pixels.
    pub fn to_png(&self) -> Result<Vec<u8>, ChartError> {
        png::render(&self.0)
    }

    /// Writes `NAME.svg` and `NAME.png` into the folder: both whole, or neither. Returns their paths.
    pub fn save(&self, folder: &OutputFolder, name: &str) -> Result<Vec<PathBuf>, ChartError> {
        let pixels = self.to_png()?;
        let files = [("svg", self.0.as_bytes()), ("png", pixels.as_slice())];
        Ok(folder.write_together(name, &files)?)
    }
}

/// Draws a slide: the heading and footer, and whatever `draw` puts in the area between them.
pub fn sheet(heading: &Heading, draw: impl FnOnce(&mut Canvas<'_>, Rect)) -> Result<Svg, ChartError> {
    let mut text = String::new();
    let mut canvas = Canvas::new(&mut text);
    let top = head(&mut canvas, heading);
    let bottom = foot(&mut canvas, heading);
    let area = Rect::new(MARGIN, top, f64::from(WIDTH) - MARGIN, bottom);
    draw(&mut canvas, area);
    canvas.finish().map_err(ChartError::Drawing)?;
    Ok(Svg(finished(&text, heading)))
}

/// Draws title and subtitle; returns where the chart may begin.
fn head(canvas: &mut Canvas<'_>, heading: &Heading) -> f64 {
    let width = f64::from(WIDTH) - 2.0 * MARGIN;
    let mut bottom = 56.0;
    // A title says how far its finding holds: one that is too long for two lines is set smaller rather than cut.
    let is_long = Type::of(TITLE).bold().wrap(&heading.title, width, 3).len() > 2;
    let (size, most) = if is_long { (TITLE * 0.8, 3) } else { (TITLE, 2) };
    let parts = [
        (&heading.title, Type::of(size).bold(), 0.0, most),
        (&heading.subtitle, Type::of(SUBTITLE).colour(QUIET), 12.0, 2),
    ];
    for (text, style, space, most) in parts {
        let lines = style.wrap(text, width, most);
        bottom += if lines.is_empty() { 0.0 } else { space };
        for line in lines {
            bottom += style.leading();
            canvas.text((MARGIN, bottom - style.size * 0.3), &line, style);
        }
    }
    bottom + 32.0
}

/// Draws the source line; returns where the chart has to end.
fn foot(canvas: &mut Canvas<'_>, heading: &Heading) -> f64 {
    let style = Type::of(SMALL).colour(QUIET);
    let bottom = f64::from(HEIGHT) - 36.0;
    let source = style.fit(&heading.source, f64::from(WIDTH) - 2.0 * MARGIN);
    canvas.text((MARGIN, bottom), &source, style);
    bottom - 56.0
}

/// Gives plotters' SVG its size in pixels, its font, round joins and, for screen readers, a title.
fn finished(drawn: &str, heading: &Heading) -> String {
    let body = drawn.find('>').map_or("", |end| &drawn[end + 1..]);
    // Text is escaped, so neither of these can occur in people's words.
    let body = body
        .replace("font-family=\"sans-serif\"", "font-family=\"Inter, 'Helvetica Neue', Arial, sans-serif\"")
        .replace("font-weight=\"bold\"", "font-weight=\"600\"");
    let (wide, high) = (f64::from(WIDTH) * FINE, f64::from(HEIGHT) * FINE);
    let title = escape(&clean(&heading.title));
    let about = escape(&clean(&heading.subtitle));
    format!(
        "<svg width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {wide} {high}\" role=\"img\" \
         stroke-linejoin=\"round\" xmlns=\"http://www.w3.org/2000/svg\">\n\
         <title>{title}</title>\n<desc>{about}</desc>{body}"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
