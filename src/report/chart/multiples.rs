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
        let at = |place: f64, change: f64| {
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
            draw_series(canvas, points, colour(nth), at);
        }
        let tiny = Type::of(TINY);
        let shade = if panel.stands_out { VERMILION } else { QUIET };
        let bottom = area.bottom - 2.0;
        let half = area.width() / 2.0 - 3.0;
        let (low, high) = (tiny.fit(&panel.ends.0, half), tiny.fit(&panel.ends.1, half));
        canvas.text((area.left, bottom), &low, tiny.colour(QUIET));
        canvas.text((area.right, bottom), &high, tiny.right().colour(QUIET));
        let word = tiny.fit(&panel.word, area.width() - 6.0);
        canvas.text((area.right - 3.0, plot.top + 13.0), &word, tiny.right().colour(shade.for_text()));
    }
}

fn colour(series: usize) -> Colour {
    match series {
        0 => BLUE,
        1 => VERMILION,
        _ => palette(series),
    }
}

fn draw_series(
    canvas: &mut Canvas<'_>,
    points: &[PanelPoint],
    colour: Colour,
    at: impl Fn(f64, f64) -> (f64, f64),
) {
    let known: Vec<&PanelPoint> = points.iter().filter(|point| usable(point.change.mean)).collect();
    let bounded = |point: &&&PanelPoint| usable(point.change.low) && usable(point.change.high);
    let low = known.iter().filter(bounded).map(|point| at(point.place, point.change.low));
    let high = known.iter().filter(bounded).rev().map(|point| at(point.place, point.change.high));
    let band: Vec<_> = low.chain(high).collect();
    if band.len() > 3 {
        canvas.area(&band, colour.faint(0.18));
    }
    let line: Vec<_> = known.iter().map(|point| at(point.place, point.change.mean)).collect();
    canvas.path(&line, colour, 2.5);
    for (point, place) in known.iter().zip(&line) {
        match point.is_today {
            true => canvas.ring(*place, 5.0, colour),
            false => canvas.dot(*place, 3.0, colour),
        }
    }
}
