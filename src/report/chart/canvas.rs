//! The canvas is a sheet of 1920 × 1080 pixels to draw on, and the only place that draws through plotters.

use super::text::{Anchor, PLOTTERS_SIZE, Type, font};
use super::theme::{Colour, INK, WHITE};
use plotters::backend::SVGBackend;
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{RGBColor, ShapeStyle, TextStyle};

/// plotters draws on whole units; a quarter of a pixel each keeps slow curves smooth.
pub const FINE: f64 = 4.0;

/// Distance from the top of a line of text to its baseline, in type sizes, as plotters' SVG has it.
const TOP_TO_BASELINE: f64 = 0.76;

/// Height of a capital letter, in type sizes.
const CAPITAL: f64 = 0.727;

/// A point in pixels from the top left corner.
pub type Point = (f64, f64);

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    /// A rectangle from its four sides, in any order of low and high.
    pub fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self { left: left.min(right), top: top.min(bottom), right: left.max(right), bottom: top.max(bottom) }
    }

    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Whether two rectangles share any place.
    pub fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    pub fn centre(&self) -> Point {
        (self.left.midpoint(self.right), self.top.midpoint(self.bottom))
    }
}

/// The sheet. The first failure sticks and is told at the end, so that drawing code stays readable.
pub struct Canvas<'a> {
    backend: SVGBackend<'a>,
    failure: Option<String>,
}

impl<'a> Canvas<'a> {
    /// A white sheet that writes its SVG into `target`.
    pub fn new(target: &'a mut String) -> Self {
        let size = (f64::from(super::WIDTH) * FINE, f64::from(super::HEIGHT) * FINE);
        let backend = SVGBackend::with_string(target, (size.0 as u32, size.1 as u32));
        let mut canvas = Self { backend, failure: None };
        canvas.fill(Rect::new(0.0, 0.0, size.0 / FINE, size.1 / FINE), WHITE);
        canvas
    }

    /// Ends the drawing and tells the first failure, if there was one.
    pub fn finish(mut self) -> Result<(), String> {
        let ended = self.backend.present();
        self.note(ended);
        self.failure.take().map_or(Ok(()), Err)
    }

    /// A filled rectangle.
    pub fn fill(&mut self, area: Rect, colour: Colour) {
        let (from, to) = (unit((area.left, area.top)), unit((area.right, area.bottom)));
        let drawn = self.backend.draw_rect(from, to, &shape(colour, 0.0), true);
        self.note(drawn);
    }

    /// The border of a rectangle.
    pub fn outline(&mut self, area: Rect, colour: Colour, width: f64) {
        let Rect { left, top, right, bottom } = area;
        // A closed path with a repeated first side, so that the last corner is joined too.
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        let closed: Vec<Point> = corners.iter().chain(&corners[..2]).copied().collect();
        self.path(&closed, colour, width);
    }

    /// A line through points.
    pub fn path(&mut self, points: &[Point], colour: Colour, width: f64) {
        if points.len() < 2 {
            return;
        }
        let drawn = self.backend.draw_path(points.iter().map(|point| unit(*point)), &shape(colour, width));
        self.note(drawn);
    }

    /// A straight line.
    pub fn line(&mut self, from: Point, to: Point, colour: Colour, width: f64) {
        self.path(&[from, to], colour, width);
    }

    /// A dashed straight line.
    pub fn dashes(&mut self, from: Point, to: Point, colour: Colour, width: f64) {
        let (dash, gap) = (10.0, 8.0);
        let length = libm::hypot(to.0 - from.0, to.1 - from.1);
        let at = |along: f64| {
            let share = (along / length).min(1.0);
            (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
        };
        let mut along = 0.0;
        while along < length {
            self.line(at(along), at(along + dash), colour, width);
            along += dash + gap;
        }
    }

    /// A filled shape.
    pub fn area(&mut self, points: &[Point], colour: Colour) {
        if points.len() < 3 {
            return;
        }
        let drawn = self.backend.fill_polygon(points.iter().map(|point| unit(*point)), &shape(colour, 0.0));
        self.note(drawn);
    }

    /// A filled disc with a thin white rim, which parts it from lines beneath.
    pub fn dot(&mut self, at: Point, radius: f64, colour: Colour) {
        self.disc(at, radius + 2.0, WHITE);
        self.disc(at, radius, colour);
    }

    /// A filled disc without a rim, for many that may cover one another.
    pub fn speck(&mut self, at: Point, radius: f64, colour: Colour) {
        self.disc(at, radius, colour);
    }

    /// A hollow disc.
    pub fn ring(&mut self, at: Point, radius: f64, colour: Colour) {
        self.disc(at, radius + 2.0, WHITE);
        self.disc(at, radius, colour);
        self.disc(at, radius - 4.0, WHITE);
    }

    fn disc(&mut self, at: Point, radius: f64, colour: Colour) {
        let drawn = self.backend.draw_circle(unit(at), (radius * FINE) as u32, &shape(colour, 0.0), true);
        self.note(drawn);
    }

    /// Text with its baseline at the point's height.
    pub fn text(&mut self, at: Point, text: &str, style: Type) {
        if text.is_empty() {
            return;
        }
        let horizontal = match style.anchor {
            Anchor::Left => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        let (red, green, blue) = style.colour.rgb;
        let colour = RGBColor(red, green, blue);
        let look = TextStyle::from(font(style.size * PLOTTERS_SIZE * FINE, style.bold))
            .color(&colour)
            .pos(Pos::new(horizontal, VPos::Top));
        let top = (at.0, at.1 - style.size * TOP_TO_BASELINE);
        let drawn = self.backend.draw_text(text, &look, unit(top));
        self.note(drawn);
    }

    /// Lines of text, centred as a block on the point's height.
    pub fn block(&mut self, at: Point, lines: &[String], style: Type) {
        let extra = lines.len().saturating_sub(1) as f64 * style.leading();
        let first = at.1 - extra / 2.0 + style.size * CAPITAL / 2.0;
        for (index, line) in lines.iter().enumerate() {
            self.text((at.0, first + index as f64 * style.leading()), line, style);
        }
    }

    /// One line of text, centred on the point's height.
    pub fn centred(&mut self, at: Point, text: &str, style: Type) {
        self.text((at.0, at.1 + style.size * CAPITAL / 2.0), text, style);
    }

    /// Text on a white ground, for labels that lie on top of lines.
    pub fn tag(&mut self, at: Point, text: &str, style: Type) {
        let width = style.width(text);
        let left = match style.anchor {
            Anchor::Left => at.0,
            Anchor::Middle => at.0 - width / 2.0,
            Anchor::Right => at.0 - width,
        };
        let half = style.size * 0.62;
        let ground = Rect::new(left - 8.0, at.1 - half, left + width + 8.0, at.1 + half);
        self.fill(ground, WHITE.faint(0.88));
        self.centred(at, text, style);
    }

    /// A small message in the middle of an area that has nothing to show.
    pub fn nothing(&mut self, area: Rect, message: &str) {
        let style = Type::of(super::theme::SUBTITLE).middle().colour(INK.faint(1.0));
        self.block(area.centre(), &style.wrap(message, area.width() * 0.8, 3), style);
    }

    fn note<E: std::fmt::Display>(&mut self, outcome: Result<(), E>) {
        if let Err(error) = outcome {
            self.failure.get_or_insert_with(|| error.to_string());
        }
    }
}

/// Pixels as plotters' whole units, kept where its arithmetic cannot overflow.
fn unit(point: Point) -> (i32, i32) {
    let whole = |pixels: f64| (pixels.clamp(-10_000.0, 10_000.0) * FINE).round() as i32;
    (whole(point.0), whole(point.1))
}

fn shape(colour: Colour, width: f64) -> ShapeStyle {
    let (red, green, blue) = colour.rgb;
    let colour = plotters::style::RGBAColor(red, green, blue, colour.alpha);
    ShapeStyle { color: colour, filled: width == 0.0, stroke_width: (width * FINE).round() as u32 }
}
