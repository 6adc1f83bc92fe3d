//! The sweep chart follows a measure over one parameter and shows where it is as good as at its best.

use super::canvas::{Canvas, Rect};
use super::number::Numbers;
use super::plane::{Across, Axes, Plane};
use super::scale::{extent, usable};
use super::sheet::{Svg, sheet};
use super::text::Type;
use super::theme::{BASELINE, BLUE, EMPTY, QUIET};
use super::{ChartError, Estimate, Heading};

/// The measure at one value of the parameter.
#[derive(Clone, Copy, Debug)]
pub struct SweepPoint {
    /// The parameter.
    pub x: f64,
    /// The measure there.
    pub estimate: Estimate,
    /// Whether it cannot be told from the best.
    pub like_best: bool,
}

/// A measure over one parameter.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// The parameter.
    pub x_label: String,
    /// Its unit, such as "%".
    pub x_unit: String,
    /// The measure with its unit.
    pub y_label: String,
    /// A short unit written after values, or nothing.
    pub y_unit: String,
    /// The smallest difference that matters, drawn as a band around the best mean; NaN or 0 draws none.
    pub smallest: f64,
    /// The points, ordered by the parameter.
    pub points: Vec<SweepPoint>,
    /// Which point is best.
    pub best: Option<usize>,
}

impl Sweep {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        let points: Vec<SweepPoint> = self.points.iter().copied().filter(|point| usable(point.x)).collect();
        sheet(&self.heading, |canvas, area| {
            let values = points.iter().flat_map(|point| point.estimate.values());
            match extent(values) {
                None => canvas.nothing(area, "There is nothing to show: the sweep holds no numbers."),
                Some(extent) => self.plot(canvas, area, &points, extent),
            }
        })
    }

    fn best(&self) -> Option<SweepPoint> {
        let point = self.best.and_then(|index| self.points.get(index)).copied();
        point.filter(|point| usable(point.x) && point.estimate.has_mean())
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, points: &[SweepPoint], values: (f64, f64)) {
        let (low, high) = extent(points.iter().map(|point| point.x)).unwrap_or((0.0, 1.0));
        let pad = (values.1 - values.0) * 0.1;
        let axes = Axes {
            across: Across::Numbers {
                low,
                high,
                unit: self.x_unit.clone(),
                whole: points.iter().all(|point| point.x.fract() == 0.0),
            },
            x_label: self.x_label.clone(),
            extent: (values.0 - pad, values.1 + 2.0 * pad),
            y_label: self.y_label.clone(),
            unit: self.y_unit.clone(),
            note: self.explanation(points),
            right: 20.0,
        };
        let plane = Plane::new(canvas, area, &axes);
        self.regions(canvas, &plane, points);
        plane.zero_line(canvas);
        let band: Vec<_> =
            points.iter().map(|point| (point.x, point.estimate.low, point.estimate.high)).collect();
        plane.band(canvas, &band, BLUE.faint(0.2));
        let line: Vec<_> = points.iter().map(|point| (point.x, point.estimate.mean)).collect();
        plane.line(canvas, &line, BLUE, 5.0);
        for point in points.iter().filter(|point| point.estimate.has_mean()) {
            canvas.dot(plane.at(point.x, point.estimate.mean), 7.0, BLUE);
        }
        self.name_best(canvas, &plane);
    }

    /// The stretch that is as good as the best, and the band of differences too small to matter.
    fn regions(&self, canvas: &mut Canvas<'_>, plane: &Plane, points: &[SweepPoint]) {
        for run in points.chunk_by(|a, b| a.like_best == b.like_best).filter(|run| run[0].like_best) {
            let (from, to) = (plane.at(run[0].x, 0.0).0, plane.at(run[run.len() - 1].x, 0.0).0);
            let area = Rect::new(from - 12.0, plane.area.top, to + 12.0, plane.area.bottom);
            canvas.fill(area, EMPTY.towards(BASELINE, 0.14));
        }
        if let Some(best) = self.best().filter(|_| usable(self.smallest) && self.smallest > 0.0) {
            let mean = best.estimate.mean;
            for edge in [mean - self.smallest, mean + self.smallest] {
                let height = plane.at(best.x, edge).1;
                if (plane.area.top + 1.0..plane.area.bottom).contains(&height) {
                    canvas.dashes((plane.area.left, height), (plane.area.right, height), QUIET, 2.0);
                }
            }
        }
    }

    /// Says what grey and dashes mean.
    fn explanation(&self, points: &[SweepPoint]) -> String {
        let grey = points.iter().any(|point| point.like_best).then_some("grey: cannot be told from the best");
        let matters = usable(self.smallest) && self.smallest > 0.0 && self.best().is_some();
        let dashes = matters.then_some("dashes: smallest difference that matters");
        let words: Vec<&str> = [grey, dashes].into_iter().flatten().collect();
        words.join(" · ")
    }

    fn name_best(&self, canvas: &mut Canvas<'_>, plane: &Plane) {
        let Some(best) = self.best() else {
            return;
        };
        let at = plane.at(best.x, best.estimate.mean);
        canvas.dot(at, 15.0, BLUE);
        let numbers = Numbers::for_values([best.estimate.mean]).with_unit(&self.y_unit);
        let where_ = Numbers::for_values([best.x]).with_unit(&self.x_unit);
        let text =
            format!("best: {} at {}", numbers.plain(best.estimate.mean), trimmed(&where_.plain(best.x)));
        let style = Type::body().bold().middle().colour(BLUE.for_text());
        let half = style.width(&text) / 2.0 + 8.0;
        let x = at.0.clamp(plane.area.left + half, (plane.area.right - half).max(plane.area.left + half));
        let top = best.estimate.values().map(|value| plane.at(best.x, value).1).fold(at.1, f64::min);
        canvas.tag((x, (top - 38.0).max(plane.area.top - 4.0)), &text, style);
    }
}

/// "25.0%" reads better as "25%".
fn trimmed(number: &str) -> String {
    let digits = number.find(|letter: char| !matches!(letter, '0'..='9' | '.' | ',' | '−'));
    let (digits, unit) = number.split_at(digits.unwrap_or(number.len()));
    if digits.contains('.') {
        return format!("{}{unit}", digits.trim_end_matches('0').trim_end_matches('.'));
    }
    number.to_string()
}
