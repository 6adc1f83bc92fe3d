//! The timeline: points, bars, lines and stacked layers over the dates of a calendar, with horizontal lines to read them by.

use super::canvas::{Canvas, Rect};
use super::labels::{self, EndLabel};
use super::number::Numbers;
use super::plane::{Across, Axes, Plane};
use super::scale::{extent, usable};
use super::sheet::{Svg, sheet};
use super::theme::{BASELINE, BLUE, Colour, INK, QUIET, VERMILION, WHITE, palette};
use super::{ChartError, Heading};

/// What is drawn over dates, which are days since 1970.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A dot for each pair of a day and a value; hollow where it stands for more than the chart is high.
    Dots(Vec<(f64, f64)>),
    /// A bar from one day to another, and its height.
    Bars(Vec<(f64, f64, f64)>),
    /// A line.
    Line { name: String, points: Vec<(f64, f64)> },
    /// A layer on top of those before it.
    Layer { name: String, points: Vec<(f64, f64)> },
}

/// A horizontal line with its name at the right, where it has one.
#[derive(Clone, Debug)]
pub struct Guide {
    pub name: String,
    pub detail: String,
    pub value: f64,
    /// From which day to which; the whole width where it is None.
    pub days: Option<(f64, f64)>,
    /// Whether it is one of the lines that the chart is about.
    pub is_strong: bool,
}

/// Marks over dates.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Title, subtitle and source.
    pub heading: Heading,
    pub y_label: String,
    /// What else has to be explained, at the right end above the plot.
    pub note: String,
    /// The first day and the last, in days since 1970.
    pub days: (f64, f64),
    /// Values above it are drawn at the upper edge; NaN where all are shown.
    pub most: f64,
    pub marks: Vec<Mark>,
    pub guides: Vec<Guide>,
}

impl Timeline {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| match extent(self.values()) {
            Some((_, high)) if self.days.1 > self.days.0 => self.plot(canvas, area, high),
            _ => canvas.nothing(area, "There is nothing to show: no dates are known."),
        })
    }

    fn values(&self) -> Vec<f64> {
        let mut values = vec![];
        let mut stacked: Vec<f64> = Vec::new();
        for mark in &self.marks {
            match mark {
                Mark::Dots(points) | Mark::Line { points, .. } => {
                    values.extend(points.iter().map(|point| point.1))
                }
                Mark::Bars(bars) => values.extend(bars.iter().map(|bar| bar.2)),
                Mark::Layer { points, .. } => {
                    stacked = added(&stacked, points);
                    values.extend(stacked.iter().copied());
                }
            }
        }
        values.extend(self.guides.iter().map(|guide| guide.value));
        if usable(self.most) {
            values.iter_mut().for_each(|value| *value = value.min(self.most));
        }
        values
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, high: f64) {
        let numbers = Numbers::for_ticks(&[high], 1.0);
        let layers = self.layers(&numbers);
        let named = self.guides.iter().filter(|guide| !guide.name.is_empty());
        let names = named.map(|guide| (guide.name.as_str(), guide.detail.as_str()));
        let lasts = layers.iter().map(|(name, detail, ..)| (name.as_str(), detail.as_str()));
        let axes = Axes {
            across: Across::Dates { first: self.days.0, last: self.days.1 },
            x_label: String::new(),
            extent: (0.0, high.max(1.0)),
            y_label: self.y_label.clone(),
            unit: String::new(),
            note: self.note.clone(),
            right: labels::column_width(names.chain(lasts)),
        };
        let plane = Plane::new(canvas, area, &axes);
        let mut stacked = Vec::new();
        let mut place = 0;
        for mark in &self.marks {
            self.mark(canvas, &plane, mark, &mut stacked, &mut place);
        }
        plane.zero_line(canvas);
        let guides = self.guides.iter().filter(|guide| usable(guide.value));
        let mut ends: Vec<EndLabel> = guides.map(|guide| self.guide(canvas, &plane, guide)).collect();
        ends.retain(|end| !end.name.is_empty());
        ends.extend(layers.into_iter().map(|(name, detail, value, colour)| {
            let at = plane.at(self.days.1, value).1;
            EndLabel { at, name, detail, colour, important: true }
        }));
        labels::draw(canvas, plane.area, ends);
    }

    /// Lines and layers by name, what they end with, and at which height their names stand.
    fn layers(&self, numbers: &Numbers) -> Vec<(String, String, f64, Colour)> {
        let mut found = Vec::new();
        let (mut below, mut place) = (0.0, 0);
        for mark in &self.marks {
            match mark {
                Mark::Line { name, points } => {
                    let last = points.last().map_or(f64::NAN, |point| point.1);
                    let height = if usable(last) { last } else { 0.0 };
                    found.push((name.clone(), numbers.plain(last), height, palette(place)));
                    place += 1;
                }
                Mark::Layer { name, points } => {
                    let last = points.last().map_or(0.0, |point| point.1);
                    let last = if usable(last) { last.max(0.0) } else { 0.0 };
                    found.push((name.clone(), numbers.plain(last), below + last / 2.0, layer_colour(place)));
                    (below, place) = (below + last, place + 1);
                }
                Mark::Dots(_) | Mark::Bars(_) => {}
            }
        }
        found
    }

    fn mark(
        &self,
        canvas: &mut Canvas<'_>,
        plane: &Plane,
        mark: &Mark,
        stacked: &mut Vec<f64>,
        place: &mut usize,
    ) {
        match mark {
            Mark::Dots(points) => {
                // Many dots are smaller and let one another through.
                let (radius, alpha) = if points.len() > 400 { (5.0, 0.35) } else { (8.0, 0.6) };
                for (day, value) in points.iter().filter(|(day, value)| usable(*day) && usable(*value)) {
                    let at = plane.at(*day, *value);
                    // What lies beyond the axis stands at its upper end.
                    if usable(self.most) && *value > self.most && at.1 <= plane.area.top {
                        canvas.ring(at, 8.0, VERMILION);
                    } else {
                        canvas.speck(at, radius, BLUE.faint(alpha));
                    }
                }
            }
            Mark::Bars(bars) => {
                for (from, until, height) in bars.iter().filter(|bar| usable(bar.2)) {
                    let (low, high) = (plane.at(*from, 0.0), plane.at(*until, *height));
                    let gap = ((high.0 - low.0) * 0.12).min(4.0);
                    canvas
                        .fill(Rect::new(low.0 + gap, high.1, high.0 - gap, low.1), BLUE.towards(WHITE, 0.35));
                }
            }
            Mark::Line { points, .. } => {
                plane.line(canvas, points, palette(*place), 4.0);
                *place += 1;
            }
            Mark::Layer { points, .. } => {
                let above = added(stacked, points);
                let base = |at: usize| stacked.get(at).copied().unwrap_or(0.0);
                let band: Vec<_> = points
                    .iter()
                    .zip(&above)
                    .enumerate()
                    .map(|(at, (point, top))| (point.0, base(at), *top))
                    .collect();
                let edge: Vec<_> = points.iter().zip(&above).map(|(point, top)| (point.0, *top)).collect();
                plane.band(canvas, &band, layer_colour(*place).faint(0.85));
                plane.line(canvas, &edge, layer_colour(*place), 2.5);
                *stacked = above;
                *place += 1;
            }
        }
    }

    fn guide(&self, canvas: &mut Canvas<'_>, plane: &Plane, guide: &Guide) -> EndLabel {
        let colour = if guide.is_strong { INK } else { QUIET };
        let (from, until) = guide.days.unwrap_or(self.days);
        let (left, right) = (plane.at(from, guide.value), plane.at(until, guide.value));
        match guide.days {
            Some(_) => canvas.line(left, right, colour, 4.0),
            None => canvas.dashes(left, right, colour, 3.0),
        }
        let (name, detail) = (guide.name.clone(), guide.detail.clone());
        EndLabel { at: right.1, name, detail, colour, important: guide.is_strong }
    }
}

/// Finished work is grey: the eye should go to what is not finished.
fn layer_colour(place: usize) -> Colour {
    if place == 0 { BASELINE.towards(WHITE, 0.45) } else { palette(place - 1) }
}

/// The upper edge of a layer on top of others.
fn added(stacked: &[f64], points: &[(f64, f64)]) -> Vec<f64> {
    let below = stacked.iter().copied().chain(std::iter::repeat(0.0));
    points
        .iter()
        .zip(below)
        .map(|(point, below)| below + if usable(point.1) { point.1.max(0.0) } else { 0.0 })
        .collect()
}
