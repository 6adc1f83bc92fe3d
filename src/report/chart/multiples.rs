//! Small multiples: many levers on one sheet, each a panel in which an outcome moves as its lever is turned.
//!
//! All panels share one scale, so that what matters can be seen from far away: a flat line is a lever that does nothing.

use super::canvas::{Canvas, Rect};
use super::scale::usable;
use super::sheet::{Svg, sheet};
use super::text::Type;
use super::theme::{BASELINE, BLUE, Colour, EMPTY, GRID, INK, QUIET, VERMILION, palette};
use super::{ChartError, Estimate, Heading};

/// One lever over its range.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The lever's name; what does not fit is cut.
    pub name: String,
    /// What is said of it, in a word or two.
    pub word: String,
    /// Whether the word is one that the eye should find.
    pub stands_out: bool,
    /// Whether positions have an order, so that a line may join them.
    pub is_ordered: bool,
    /// The first and the last position.
    pub ends: (String, String),
    /// For each series the positions from left to right, with the relative difference there: 0.05 is 5 % more. A series
    /// without any has no such lever.
    pub series: Vec<Vec<PanelPoint>>,
}

/// One position of a lever.
#[derive(Clone, Copy, Debug)]
pub struct PanelPoint {
    /// Where it stands, from 0 to 1.
    pub place: f64,
    pub change: Estimate,
    /// It is where the lever stands today.
    pub is_today: bool,
}

/// All levers of some organisations.
#[derive(Clone, Debug)]
pub struct Multiples {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// The organisations.
    pub series: Vec<String>,
    pub panels: Vec<Panel>,
    /// Half the height of each panel, as a relative difference; what goes beyond is drawn at the edge.
    pub reach: f64,
}

const COLUMNS: usize = 10;
const NAME: f64 = 16.0;
const TINY: f64 = 14.0;

impl Multiples {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| {
            if self.panels.is_empty() {
                return canvas.nothing(area, "There is nothing to show: no lever was turned.");
            }
            self.legend(canvas, area);
            let top = area.top + 30.0;
            let columns = COLUMNS.max(self.panels.len().div_ceil(9));
            let rows = self.panels.len().div_ceil(columns);
            let width = area.width() / columns as f64;
            let height = ((area.bottom - top) / rows as f64).min(180.0);
            for (at, panel) in self.panels.iter().enumerate() {
                let (row, column) = ((at / columns) as f64, (at % columns) as f64);
                let (left, top) = (area.left + width * column, top + height * row);
                self.panel(canvas, Rect::new(left + 5.0, top, left + width - 5.0, top + height - 6.0), panel);
            }
        })
    }

    fn legend(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let style = Type::of(20.0);
        let mut left = area.left;
        for (at, name) in self.series.iter().enumerate() {
            canvas.line((left, area.top + 8.0), (left + 34.0, area.top + 8.0), colour(at), 4.0);
            canvas.text((left + 44.0, area.top + 15.0), name, style.colour(colour(at).for_text()));
            left += 44.0 + style.width(name) + 40.0;
        }
        let scale = format!("each panel: −{0:.0} % to +{0:.0} %; ring: today", 100.0 * self.reach);
        canvas.text((area.right, area.top + 15.0), &scale, style.right().colour(QUIET));
    }

    fn panel(&self, canvas: &mut Canvas<'_>, area: Rect, panel: &Panel) {
        let name = Type::of(NAME);
        canvas.text((area.left, area.top + 15.0), &name.fit(&panel.name, area.width()), name.colour(INK));
        let plot = Rect::new(area.left, area.top + 21.0, area.right, area.bottom - 17.0);
        canvas.fill(plot, EMPTY.faint(0.6));
        let at = &|place: f64, change: f64| {
            let share = (change / self.reach).clamp(-1.0, 1.0);
            (plot.left + 8.0 + (plot.width() - 16.0) * place, plot.centre().1 - share * plot.height() / 2.0)
        };
        for share in [-0.5, 0.5] {
            let height = at(0.0, share * self.reach).1;
            canvas.line((plot.left, height), (plot.right, height), GRID, 1.0);
        }
        let zero = plot.centre().1;
        canvas.line((plot.left, zero), (plot.right, zero), BASELINE, 1.5);
        for (nth, points) in panel.series.iter().enumerate() {
            match panel.is_ordered {
                true => draw_line(canvas, points, colour(nth), at),
                false => draw_whiskers(canvas, points, colour(nth), at),
            }
            draw_points(canvas, points, colour(nth), at);
        }
        let tiny = Type::of(TINY);
        let shade = if panel.stands_out { VERMILION } else { INK };
        let (bottom, middle) = (area.bottom - 2.0, area.centre().0);
        let word = tiny.fit(&panel.word, area.width() * 0.5);
        let half = (area.width() - tiny.width(&word)) / 2.0 - 5.0;
        let (low, high) = (tiny.fit(&panel.ends.0, half), tiny.fit(&panel.ends.1, half));
        canvas.text((area.left, bottom), &low, tiny.colour(QUIET));
        canvas.text((area.right, bottom), &high, tiny.right().colour(QUIET));
        canvas.text((middle, bottom), &word, tiny.middle().colour(shade.for_text()));
    }
}

fn colour(series: usize) -> Colour {
    match series {
        0 => BLUE,
        1 => VERMILION,
        _ => palette(series),
    }
}

fn is_bounded(point: &&PanelPoint) -> bool {
    [point.change.mean, point.change.low, point.change.high].into_iter().all(usable)
}

fn draw_line(
    canvas: &mut Canvas<'_>,
    points: &[PanelPoint],
    colour: Colour,
    at: impl Fn(f64, f64) -> (f64, f64),
) {
    let known = || points.iter().filter(is_bounded);
    let low = known().map(|point| at(point.place, point.change.low));
    let high = known().rev().map(|point| at(point.place, point.change.high));
    let band: Vec<_> = low.chain(high).collect();
    if band.len() > 3 {
        canvas.area(&band, colour.faint(0.18));
    }
    let means = points.iter().filter(|point| usable(point.change.mean));
    let line: Vec<_> = means.map(|point| at(point.place, point.change.mean)).collect();
    canvas.path(&line, colour, 2.5);
}

fn draw_whiskers(
    canvas: &mut Canvas<'_>,
    points: &[PanelPoint],
    colour: Colour,
    at: impl Fn(f64, f64) -> (f64, f64),
) {
    for point in points.iter().filter(is_bounded) {
        let ends = [point.change.low, point.change.high].map(|end| at(point.place, end));
        canvas.line(ends[0], ends[1], colour.faint(0.4), 3.0);
    }
}

fn draw_points(
    canvas: &mut Canvas<'_>,
    points: &[PanelPoint],
    colour: Colour,
    at: impl Fn(f64, f64) -> (f64, f64),
) {
    for point in points.iter().filter(|point| usable(point.change.mean)) {
        let place = at(point.place, point.change.mean);
        match point.is_today {
            true => canvas.ring(place, 5.0, colour),
            false => canvas.dot(place, 3.0, colour),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet_of(panels: usize, numbers: &[f64]) -> String {
        let point = |at: usize| PanelPoint {
            place: at as f64 / numbers.len() as f64,
            change: Estimate { mean: numbers[at], low: numbers[at] - 0.1, high: numbers[at] + 0.1 },
            is_today: at == 0,
        };
        let panel = |at: usize| Panel {
            name: format!("a lever <{at}> with a long name"),
            word: "one-signed / no effect on anything".to_owned(),
            stands_out: at == 0,
            is_ordered: at.is_multiple_of(2),
            ends: ("0%".to_owned(), "{ every = \"4 weeks\" }".to_owned()),
            series: vec![(0..numbers.len()).map(point).collect(), Vec::new()],
        };
        let series = vec!["one".to_owned(), "two & three".to_owned()];
        let panels = (0..panels).map(panel).collect();
        let drawn = Multiples { heading: Heading::default(), series, panels, reach: 0.25 }.draw();
        drawn.expect("a slide").as_str().to_owned()
    }

    /// Whatever the numbers are: nothing odd is written, nothing lies beyond the slide, and it can be read.
    #[test]
    fn odd_numbers_stay_within_the_sheet() {
        let odd = [0.0, f64::NAN, f64::INFINITY, -1e300, 0.1, f64::NEG_INFINITY, 3.0];
        for panels in [0, 1, 7, 75, 140] {
            for numbers in [&odd[..], &odd[..1], &[]] {
                let svg = sheet_of(panels, numbers);
                let parsed = resvg::usvg::roxmltree::Document::parse(&svg).expect("an SVG");
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{panels}");
                let limits = [("x", super::super::WIDTH), ("y", super::super::HEIGHT)];
                for (along, limit) in limits {
                    let limit = f64::from(limit) * super::super::canvas::FINE;
                    let found =
                        parsed.descendants().filter_map(|node| node.attribute(along)?.parse::<f64>().ok());
                    found.for_each(|at| {
                        assert!((0.0..=limit).contains(&at), "{along} {at} of {panels} panels")
                    });
                }
            }
        }
    }
}
