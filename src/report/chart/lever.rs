//! The lever chart shows what an objective does as one lever is turned, and where it is as good as at its best.

use super::canvas::{Canvas, Rect};
use super::number::Numbers;
use super::plane::{Across, Axes, Plane};
use super::scale::{extent, usable};
use super::sheet::{Svg, sheet};
use super::text::Type;
use super::theme::{BASELINE, BLUE, EMPTY, INK, QUIET};
use super::{ChartError, Estimate, Heading};

/// Where a lever stands.
#[derive(Clone, Debug)]
pub enum Position {
    /// A quantity, such as a share of 25 (%).
    Number(f64),
    /// A name, such as "unlimited"; one named position makes all positions evenly spaced.
    Name(String),
}

/// The objective at one position of the lever.
#[derive(Clone, Debug)]
pub struct LeverPoint {
    /// The position.
    pub at: Position,
    /// The objective there.
    pub estimate: Estimate,
    /// Whether it cannot be told from the best.
    pub like_best: bool,
}

/// An objective against a lever.
#[derive(Clone, Debug)]
pub struct LeverChart {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// The lever: "Share of capacity for system health".
    pub x_label: String,
    /// Unit of numeric positions, such as "%".
    pub x_unit: String,
    /// The objective with its unit.
    pub y_label: String,
    /// A short unit written after values, or nothing.
    pub y_unit: String,
    /// Whether positions have an order, so that a line may join them.
    pub ordered: bool,
    /// The smallest difference that matters, drawn as dashes on both sides of the best mean; NaN or 0 draws none.
    pub smallest: f64,
    /// The positions, in order.
    pub points: Vec<LeverPoint>,
    /// Which point is the baseline.
    pub baseline: Option<usize>,
    /// Which point is best.
    pub best: Option<usize>,
}

impl LeverChart {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| {
            let places = self.places();
            let drawn = self.points.iter().zip(&places).filter(|(_, x)| usable(**x));
            let values = drawn.flat_map(|(point, _)| point.estimate.values());
            match extent(values) {
                None => {
                    canvas.nothing(area, "There is nothing to show: no position of the lever has a value.")
                }
                Some(extent) => self.plot(canvas, area, &places, extent),
            }
        })
    }

    fn numeric(&self) -> Option<Vec<f64>> {
        let number = |point: &LeverPoint| match point.at {
            Position::Number(number) => Some(number),
            Position::Name(_) => None,
        };
        self.points.iter().map(number).collect()
    }

    /// Where each point stands on the horizontal axis.
    fn places(&self) -> Vec<f64> {
        let slots = || (0..).map(f64::from).take(self.points.len()).collect();
        self.numeric().unwrap_or_else(slots)
    }

    fn across(&self, places: &[f64]) -> Across {
        if self.numeric().is_some() {
            let (low, high) = extent(places.iter().copied()).unwrap_or((0.0, 1.0));
            let unit = self.x_unit.clone();
            let whole = places.iter().all(|place| place.fract() == 0.0);
            return Across::Numbers { low, high, unit, whole };
        }
        let numbers = self.points.iter().filter_map(|point| match point.at {
            Position::Number(number) => Some(number),
            Position::Name(_) => None,
        });
        let whole = numbers.clone().all(|number| number.fract() == 0.0);
        let written = if whole { Numbers::for_ticks(&[1.0], 1.0) } else { Numbers::for_values(numbers) };
        let written = written.with_unit(&self.x_unit);
        let name = |point: &LeverPoint| match &point.at {
            Position::Number(number) => written.plain(*number),
            Position::Name(name) => name.clone(),
        };
        Across::Names(self.points.iter().map(name).collect())
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, places: &[f64], extent: (f64, f64)) {
        let pad = (extent.1 - extent.0) * 0.12;
        let axes = Axes {
            across: self.across(places),
            x_label: self.x_label.clone(),
            extent: (extent.0 - pad, extent.1 + pad),
            y_label: self.y_label.clone(),
            unit: self.y_unit.clone(),
            note: self.explanation(),
            right: 20.0,
        };
        let plane = Plane::new(canvas, area, &axes);
        self.regions(canvas, &plane, places);
        plane.zero_line(canvas);
        let numbers =
            Numbers::for_values(self.points.iter().map(|point| point.estimate.mean)).with_unit(&self.y_unit);
        self.baseline_level(canvas, &plane);
        if self.ordered {
            let line: Vec<_> =
                places.iter().zip(&self.points).map(|(x, point)| (*x, point.estimate.mean)).collect();
            plane.line(canvas, &line, BLUE.faint(0.55), 4.0);
        }
        for (index, x) in places.iter().enumerate() {
            self.point(canvas, &plane, index, *x);
        }
        self.words(canvas, &plane, places, &numbers);
    }

    /// The best mean, where a band of differences too small to matter is drawn around it.
    fn banded(&self) -> Option<f64> {
        let best = self.points.get(self.best?)?.estimate;
        (best.has_mean() && usable(self.smallest) && self.smallest > 0.0).then_some(best.mean)
    }

    /// The stretches that are as good as the best, and the band of differences too small to matter.
    fn regions(&self, canvas: &mut Canvas<'_>, plane: &Plane, places: &[f64]) {
        let shown: Vec<(f64, bool)> = places
            .iter()
            .zip(&self.points)
            .map(|(x, point)| (*x, point.like_best))
            .filter(|(x, _)| usable(*x))
            .collect();
        for run in shown.chunk_by(|a, b| a.1 == b.1).filter(|run| self.ordered && run[0].1) {
            let (from, to) = (plane.at(run[0].0, 0.0).0, plane.at(run[run.len() - 1].0, 0.0).0);
            let area = Rect::new(from - 12.0, plane.area.top, to + 12.0, plane.area.bottom);
            canvas.fill(area, EMPTY.towards(BASELINE, 0.14));
        }
        let edges = self.banded().map(|mean| [mean - self.smallest, mean + self.smallest]);
        for height in edges.into_iter().flatten().map(|edge| plane.at(0.0, edge).1) {
            if (plane.area.top + 1.0..plane.area.bottom).contains(&height) {
                canvas.dashes((plane.area.left, height), (plane.area.right, height), QUIET, 2.0);
            }
        }
    }

    /// Says what grey and dashes mean.
    fn explanation(&self) -> String {
        let is_grey = self.ordered && self.points.iter().any(|point| point.like_best);
        let grey = is_grey.then_some("grey: cannot be distinguished from the best");
        let dashes = self.banded().map(|_| "dashes: smallest difference that matters");
        [grey, dashes].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn baseline_level(&self, canvas: &mut Canvas<'_>, plane: &Plane) {
        if let Some(point) =
            self.baseline.and_then(|index| self.points.get(index)).filter(|p| p.estimate.has_mean())
        {
            let height = plane.at(0.0, point.estimate.mean).1;
            canvas.dashes((plane.area.left, height), (plane.area.right, height), BASELINE, 2.5);
        }
    }

    fn point(&self, canvas: &mut Canvas<'_>, plane: &Plane, index: usize, x: f64) {
        let estimate = self.points[index].estimate;
        if !estimate.has_mean() || !usable(x) {
            return;
        }
        let is_baseline = self.baseline == Some(index);
        let colour = if is_baseline { QUIET } else { BLUE };
        if estimate.has_interval() {
            whisker(canvas, plane, x, estimate, colour);
        }
        let at = plane.at(x, estimate.mean);
        match (is_baseline, self.best == Some(index)) {
            (true, false) => canvas.ring(at, 13.0, colour),
            (_, true) => canvas.dot(at, 17.0, colour),
            _ => canvas.dot(at, 10.0, colour),
        }
    }

    /// Writes what is best and what is the baseline, each on the side that its neighbours leave free.
    fn words(&self, canvas: &mut Canvas<'_>, plane: &Plane, places: &[f64], numbers: &Numbers) {
        let both = self.best.is_some() && self.best == self.baseline;
        let best = if both { "best, and the baseline: " } else { "best: " };
        let baseline = self.baseline.filter(|_| !both);
        let mut taken: Option<Rect> = None;
        for (index, words, colour) in [(self.best, best, BLUE), (baseline, "baseline: ", QUIET)] {
            let Some(index) = index.filter(|index| self.is_drawn(*index, places)) else {
                continue;
            };
            let point = &self.points[index];
            let text = format!("{words}{}", numbers.plain(point.estimate.mean));
            let style = Type::body().bold().middle().colour(colour.towards(INK, 0.2));
            let width = style.width(&text);
            let above = self.is_free_above(index);
            let mut ground = beside(plane, places[index], point.estimate, above, width);
            if taken.is_some_and(|taken| taken.meets(&ground)) {
                ground = beside(plane, places[index], point.estimate, !above, width);
            }
            canvas.tag(ground.centre(), &text, style);
            taken = Some(ground);
        }
    }

    fn is_drawn(&self, index: usize, places: &[f64]) -> bool {
        let point = self.points.get(index);
        point.is_some_and(|point| point.estimate.has_mean()) && usable(places[index])
    }

    /// Whether the line to the neighbours runs below the point rather than above it.
    fn is_free_above(&self, index: usize) -> bool {
        let mean = |index: usize| {
            self.points.get(index).map(|point| point.estimate.mean).filter(|mean| usable(*mean))
        };
        let own = self.points[index].estimate.mean;
        let beside = [index.checked_sub(1).and_then(mean), mean(index + 1)];
        beside.into_iter().flatten().map(|mean| mean - own).sum::<f64>() <= 0.0
    }
}

/// Where words stand: clear of the interval, and inside the plot.
fn beside(plane: &Plane, x: f64, estimate: Estimate, above: bool, width: f64) -> Rect {
    let ends = estimate.values().map(|value| plane.at(x, value).1);
    let (top, bottom) = ends.fold((f64::MAX, f64::MIN), |(top, bottom), end| (top.min(end), bottom.max(end)));
    let y = if above { top - 38.0 } else { bottom + 40.0 };
    let y = y.clamp(plane.area.top - 4.0, plane.area.bottom - 20.0);
    let (left, right) = (plane.area.left + width / 2.0 + 8.0, plane.area.right - width / 2.0);
    let x = plane.at(x, estimate.mean).0.clamp(left, right.max(left));
    Rect::new(x - width / 2.0, y - 18.0, x + width / 2.0, y + 18.0)
}

/// An upright interval with caps.
pub fn whisker(
    canvas: &mut Canvas<'_>,
    plane: &Plane,
    x: f64,
    estimate: Estimate,
    colour: super::theme::Colour,
) {
    let (low, high) = (plane.at(x, estimate.low), plane.at(x, estimate.high));
    canvas.line(low, high, colour, 4.0);
    for end in [low, high] {
        canvas.line((end.0 - 10.0, end.1), (end.0 + 10.0, end.1), colour, 4.0);
    }
}
