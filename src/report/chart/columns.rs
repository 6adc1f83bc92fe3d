//! Dots in columns that have names, with horizontal lines to read them by: work in progress by its status and age.

use super::canvas::{Canvas, Rect};
use super::labels::{self, EndLabel};
use super::plane::{Across, Axes, Plane};
use super::scale::{extent, usable};
use super::sheet::{Svg, sheet};
use super::text::Type;
use super::theme::{BLUE, INK, QUIET, VERMILION};
use super::timeline::Guide;
use super::{ChartError, Heading};

/// A column and what stands in it.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    /// Values with a short name, which is written beside those of which `is_named` says so.
    pub dots: Vec<Dot>,
    /// A level of its own, or NaN.
    pub level: f64,
}

/// A dot.
#[derive(Clone, Debug)]
pub struct Dot {
    pub value: f64,
    pub name: String,
    /// Whether it lies beyond what is usual.
    pub is_late: bool,
}

/// Dots in columns.
#[derive(Clone, Debug)]
pub struct Columns {
    /// Title, subtitle and source.
    pub heading: Heading,
    pub y_label: String,
    pub note: String,
    pub columns: Vec<Column>,
    pub guides: Vec<Guide>,
}

/// At most so many dots stand beside one another.
const WIDE: usize = 9;

impl Columns {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| {
            let dots = self.columns.iter().flat_map(|column| &column.dots).map(|dot| dot.value);
            let levels = self.columns.iter().map(|column| column.level);
            match extent(dots.clone().chain(levels).chain(self.guides.iter().map(|guide| guide.value))) {
                Some((_, high)) if dots.clone().any(usable) => self.plot(canvas, area, high),
                _ => canvas.nothing(
                    area,
                    "There is nothing to show: no work is in progress, or nobody says since when.",
                ),
            }
        })
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, high: f64) {
        let names = self.guides.iter().map(|guide| (guide.name.as_str(), guide.detail.as_str()));
        let axes = Axes {
            across: Across::Names(
                self.columns
                    .iter()
                    .map(|column| format!("{} ({})", column.name, column.dots.len()))
                    .collect(),
            ),
            x_label: String::new(),
            extent: (0.0, high.max(1.0)),
            y_label: self.y_label.clone(),
            unit: String::new(),
            note: self.note.clone(),
            right: labels::column_width(names),
        };
        let plane = Plane::new(canvas, area, &axes);
        plane.zero_line(canvas);
        let mut ends = Vec::new();
        for guide in self.guides.iter().filter(|guide| usable(guide.value)) {
            let colour = if guide.is_strong { INK } else { QUIET };
            let height = plane.at(0.0, guide.value).1;
            canvas.dashes((plane.area.left, height), (plane.area.right, height), colour, 3.0);
            let (name, detail) = (guide.name.clone(), guide.detail.clone());
            ends.push(EndLabel { at: height, name, detail, colour, important: guide.is_strong });
        }
        let width = plane.area.width() / self.columns.len().max(1) as f64;
        let mut taken: Vec<Rect> = Vec::new();
        for (at, column) in (0..).map(f64::from).zip(&self.columns) {
            self.column(canvas, &plane, (at, width), column, &mut taken);
        }
        labels::draw(canvas, plane.area, ends);
    }

    fn column(
        &self,
        canvas: &mut Canvas<'_>,
        plane: &Plane,
        (at, width): (f64, f64),
        column: &Column,
        taken: &mut Vec<Rect>,
    ) {
        if usable(column.level) {
            let (x, y) = plane.at(at, column.level);
            canvas.line((x - width * 0.38, y), (x + width * 0.38, y), QUIET, 5.0);
        }
        let step = (width * 0.7 / WIDE as f64).min(24.0);
        let mut lately: Vec<(f64, usize)> = Vec::new();
        let mut named = Vec::new();
        for dot in column.dots.iter().filter(|dot| usable(dot.value)) {
            let (x, y) = plane.at(at, dot.value);
            // Dots of about one age stand beside one another, from the middle outwards.
            lately.retain(|(height, _)| (height - y).abs() < 18.0);
            let place =
                (0..WIDE).find(|place| !lately.iter().any(|(_, other)| other == place)).unwrap_or(WIDE - 1);
            lately.push((y, place));
            let side = if place % 2 == 0 { 1.0 } else { -1.0 };
            let x = x + side * place.div_ceil(2) as f64 * step;
            canvas.dot((x, y), 9.0, if dot.is_late { VERMILION } else { BLUE });
            if dot.is_late && !dot.name.is_empty() {
                named.push((x, y, dot.name.clone()));
            }
        }
        for (x, y, name) in named {
            let style = Type::small();
            let wide = style.width(&name);
            let ground = Rect::new(x + 16.0, y - 15.0, x + 16.0 + wide, y + 15.0);
            if ground.right < plane.area.right && !taken.iter().any(|other| other.meets(&ground)) {
                canvas.centred((x + 16.0, y), &name, style);
                taken.push(ground);
            }
        }
    }
}
