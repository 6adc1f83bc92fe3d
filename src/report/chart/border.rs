//! The border chart is a map of organisations over two parameters, with the line where the verdict turns.

use super::canvas::{Canvas, Point, Rect};
use super::scale::usable;
use super::sheet::{Svg, sheet};
use super::text::Type;
use super::theme::{EMPTY, INK, QUIET, WHITE, verdict_colour};
use super::{ChartError, Heading, Verdict};

/// Cells along each side in which the neighbourhood is looked at.
const CELLS: usize = 40;
/// How far neighbours count: the deviation of their weight, as a share of the side.
const REACH: f64 = 0.13;

/// One axis, from 0 to 1.
#[derive(Clone, Debug)]
pub struct BorderAxis {
    pub label: String,
    /// Written values at their places.
    pub ticks: Vec<(f64, String)>,
}

/// Organisations over two parameters.
#[derive(Clone, Debug)]
pub struct Border {
    /// Title, subtitle and source.
    pub heading: Heading,
    pub x: BorderAxis,
    pub y: BorderAxis,
    /// Places between 0 and 1, each with its word.
    pub points: Vec<(f64, f64, Verdict)>,
}

impl Border {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        let inside = |point: &&(f64, f64, Verdict)| usable(point.0) && usable(point.1);
        let points: Vec<(f64, f64, Verdict)> = self
            .points
            .iter()
            .filter(inside)
            .map(|(x, y, word)| (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0), *word))
            .collect();
        sheet(&self.heading, |canvas, area| {
            if points.is_empty() {
                canvas.nothing(area, "There is nothing to show: no organisation has both parameters.");
            } else {
                self.plot(canvas, area, &points);
            }
        })
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, points: &[(f64, f64, Verdict)]) {
        let style = Type::small();
        let names = self.y.ticks.iter().map(|(_, name)| style.width(&style.fit(name, 260.0)));
        let left = area.left + names.fold(0.0, f64::max) + 24.0;
        let plot = Rect::new(left, area.top + 60.0, area.right - 20.0, area.bottom - 92.0);
        let pixel = |x: f64, y: f64| (plot.left + x * plot.width(), plot.bottom - y * plot.height());
        let shares = shares(points);
        shade(canvas, plot, &shares);
        self.axes(canvas, area, plot);
        line(canvas, &shares, pixel);
        for (x, y, word) in points {
            // Dots on the rim would be cut off.
            let at = pixel(0.005 + 0.99 * x, 0.01 + 0.98 * y);
            canvas.dot(at, 8.0, verdict_colour(*word));
        }
        canvas.outline(plot, QUIET, 2.0);
        key(canvas, area);
    }

    fn axes(&self, canvas: &mut Canvas<'_>, area: Rect, plot: Rect) {
        let style = Type::small();
        let mut last = f64::NEG_INFINITY;
        for (at, name) in self.x.ticks.iter().filter(|(at, _)| usable(*at)) {
            let x = plot.left + at.clamp(0.0, 1.0) * plot.width();
            let name = style.fit(name, plot.width() / 4.0);
            let half = style.width(&name) / 2.0;
            let middle = x.clamp(plot.left + half - 20.0, area.right - half);
            // A name that would touch the one before is left out.
            if middle - half > last + 16.0 {
                canvas.text((middle, plot.bottom + 38.0), &name, style.middle());
                last = middle + half;
            }
        }
        let mut above = f64::INFINITY;
        for (at, name) in self.y.ticks.iter().filter(|(at, _)| usable(*at)) {
            let y = plot.bottom - at.clamp(0.0, 1.0) * plot.height();
            if y < above - 34.0 {
                canvas.centred((plot.left - 16.0, y), &style.fit(name, 260.0), style.right());
                above = y;
            }
        }
        let label = style.fit(&self.x.label, plot.width());
        canvas.text((plot.centre().0, area.bottom - 14.0), &label, style.middle());
        let room = area.width() - KEY;
        canvas.text((area.left, area.top + 16.0), &style.fit(&format!("↑ {}", self.y.label), room), style);
    }
}

/// At each corner of the cells, the share of better ones in the neighbourhood, near ones counting more; NaN where
/// hardly anybody replications.
fn shares(points: &[(f64, f64, Verdict)]) -> Vec<Vec<f64>> {
    let at = |cell: usize| cell as f64 / CELLS as f64;
    let share = |x: f64, y: f64| {
        let (mut all, mut better) = (0.0, 0.0);
        for (px, py, word) in points {
            let distance = ((px - x) * (px - x) + (py - y) * (py - y)) / (REACH * REACH);
            let weight = libm::exp(-0.5 * distance);
            all += weight;
            better += if *word == Verdict::Better { weight } else { 0.0 };
        }
        if all > 0.5 { better / all } else { f64::NAN }
    };
    (0..=CELLS).map(|row| (0..=CELLS).map(|column| share(at(column), at(row))).collect()).collect()
}

/// Cells in the colour of what is more frequent around them.
fn shade(canvas: &mut Canvas<'_>, plot: Rect, shares: &[Vec<f64>]) {
    let (wide, high) = (plot.width() / CELLS as f64, plot.height() / CELLS as f64);
    for row in 0..CELLS {
        for column in 0..CELLS {
            let corners = [
                shares[row][column],
                shares[row][column + 1],
                shares[row + 1][column],
                shares[row + 1][column + 1],
            ];
            let share = corners.iter().sum::<f64>() / 4.0;
            let colour = match share {
                share if share.is_nan() => EMPTY,
                share if share >= 0.5 => WHITE.towards(verdict_colour(Verdict::Better), (share - 0.5) * 0.6),
                share => WHITE.towards(verdict_colour(Verdict::Worse), (0.5 - share) * 0.6),
            };
            let (left, bottom) = (plot.left + wide * column as f64, plot.bottom - high * row as f64);
            canvas.fill(Rect::new(left, bottom - high, left + wide + 0.5, bottom + 0.5), colour);
        }
    }
}

/// The line at one half, cell by cell: where it crosses two sides, they are joined.
fn line(canvas: &mut Canvas<'_>, shares: &[Vec<f64>], pixel: impl Fn(f64, f64) -> Point) {
    let crossing = |(x0, y0, a): (usize, usize, f64), (x1, y1, b): (usize, usize, f64)| {
        let crosses = (a < 0.5) != (b < 0.5) && !a.is_nan() && !b.is_nan();
        let share = (0.5 - a) / (b - a);
        let at = |from: usize, to: usize| (from as f64 + (to as f64 - from as f64) * share) / CELLS as f64;
        crosses.then(|| pixel(at(x0, x1), at(y0, y1)))
    };
    for row in 0..CELLS {
        for column in 0..CELLS {
            let corner = |x: usize, y: usize| (x, y, shares[y][x]);
            let (a, b) = (corner(column, row), corner(column + 1, row));
            let (c, d) = (corner(column + 1, row + 1), corner(column, row + 1));
            let ends: Vec<Point> = [(a, b), (b, c), (c, d), (d, a)]
                .into_iter()
                .filter_map(|(from, to)| crossing(from, to))
                .collect();
            for pair in ends.chunks_exact(2) {
                canvas.line(pair[0], pair[1], INK, 5.0);
            }
        }
    }
}

/// Width of the key.
const KEY: f64 = 760.0;

/// Says what the colours are.
fn key(canvas: &mut Canvas<'_>, area: Rect) {
    let style = Type::small();
    let mut x = area.right - KEY + 40.0;
    for (name, word) in [
        ("better", Verdict::Better),
        ("no difference that matters", Verdict::Same),
        ("worse", Verdict::Worse),
    ] {
        canvas.dot((x + 10.0, area.top + 8.0), 9.0, verdict_colour(word));
        canvas.centred((x + 30.0, area.top + 8.0), name, style);
        x += 30.0 + style.width(name) + 44.0;
    }
}
