//! The plane is a pair of axes on which lines, bands and points are drawn by their values.

use super::canvas::{Canvas, Point, Rect};
use super::number::Numbers;
use super::scale::{Scale, usable};
use super::text::Type;
use super::theme::{Colour, GRID, INK, QUIET};
use super::{Clock, dates};

/// Height below the axis that ticks and axis label take.
const BELOW: f64 = 92.0;
/// Height above the plot that the label of the vertical axis takes.
const ABOVE: f64 = 56.0;

/// What stands along the horizontal axis.
pub enum Across {
    /// Numbers, with the distance between ticks chosen for them.
    /// Numbers, with ticks only at whole ones where `whole`.
    Numbers { low: f64, high: f64, unit: String, whole: bool },
    /// Weeks since the start.
    Weeks(Clock),
    /// Days since 1970, with ticks at months, quarters or years.
    Dates { first: f64, last: f64 },
    /// Names, evenly spaced at 0, 1, 2, ….
    Names(Vec<String>),
}

/// The axes of a chart.
pub struct Axes {
    pub across: Across,
    pub x_label: String,
    /// Least and greatest value to show.
    pub extent: (f64, f64),
    pub y_label: String,
    pub unit: String,
    /// What else has to be explained, at the right end above the plot; may be empty.
    pub note: String,
    /// Width to keep free on the right, for labels.
    pub right: f64,
}

/// Drawn axes.
pub struct Plane {
    pub area: Rect,
    x: Scale,
    y: Scale,
}

impl Plane {
    /// Draws the axes into the area.
    pub fn new(canvas: &mut Canvas<'_>, area: Rect, axes: &Axes) -> Self {
        let (top, bottom) = (area.top + ABOVE, area.bottom - BELOW);
        let y = Scale::round(axes.extent, 6, (bottom, top));
        let numbers = Numbers::for_ticks(&y.ticks(), y.step).with_sign_of(&axes.unit);
        let names: Vec<String> = y.ticks().iter().map(|tick| numbers.plain(*tick)).collect();
        let widest = names.iter().map(|name| Type::small().width(name)).fold(0.0, f64::max);
        let plot = Rect::new(area.left + widest + 20.0, top, area.right - axes.right, bottom);
        let note = Type::small().fit(&axes.note, area.width() * 0.6);
        canvas.text((area.right, area.top + 16.0), &note, Type::small().right());
        let left = area.width() - Type::small().width(&note) - 40.0;
        let label = Type::small().fit(&axes.y_label, left);
        canvas.text((area.left, area.top + 16.0), &label, Type::small());
        for (tick, name) in y.ticks().iter().zip(&names) {
            let height = y.at(*tick);
            canvas.line((plot.left, height), (plot.right, height), GRID, 2.0);
            canvas.centred((plot.left - 18.0, height), name, Type::small().right());
        }
        let x = across(canvas, plot, &axes.across);
        let label = Type::small().fit(&axes.x_label, plot.width());
        canvas.text((plot.centre().0, area.bottom - 14.0), &label, Type::small().middle());
        Self { area: plot, x, y }
    }

    /// The pixel of a place.
    pub fn at(&self, x: f64, y: f64) -> Point {
        (self.x.at(x), self.y.at(y))
    }

    /// The strong line at zero, where zero is within the chart.
    pub fn zero_line(&self, canvas: &mut Canvas<'_>) {
        if self.y.low <= 0.0 && self.y.high >= 0.0 {
            let height = self.y.at(0.0);
            canvas.line((self.area.left, height), (self.area.right, height), INK, 3.0);
        }
    }

    /// A line through the drawable ones of the points, with gaps where they are not.
    pub fn line(&self, canvas: &mut Canvas<'_>, points: &[(f64, f64)], colour: Colour, width: f64) {
        for run in points.split(|(x, y)| !usable(*x) || !usable(*y)) {
            let pixels: Vec<Point> = run.iter().map(|(x, y)| self.at(*x, *y)).collect();
            canvas.path(&pixels, colour, width);
        }
    }

    /// A band between low and high, with gaps where either cannot be drawn.
    pub fn band(&self, canvas: &mut Canvas<'_>, band: &[(f64, f64, f64)], colour: Colour) {
        for run in band.split(|(x, low, high)| !usable(*x) || !usable(*low) || !usable(*high)) {
            let above = run.iter().map(|(x, _, high)| self.at(*x, *high));
            let below = run.iter().rev().map(|(x, low, _)| self.at(*x, *low));
            let outline: Vec<Point> = above.chain(below).collect();
            canvas.area(&outline, colour);
        }
    }
}

/// Draws the horizontal axis and returns its scale.
fn across(canvas: &mut Canvas<'_>, plot: Rect, across: &Across) -> Scale {
    let pixels = (plot.left, plot.right);
    let (scale, ticks) = match across {
        Across::Numbers { low, high, unit, whole } => {
            let inset = (plot.left + 30.0, plot.right - 30.0);
            let scale = Scale::exact((*low, *high), 8, inset);
            let scale = if *whole { scale.at_whole_numbers() } else { scale };
            let numbers = Numbers::for_ticks(&scale.ticks(), scale.step).with_sign_of(unit);
            (scale, named_ticks(&scale, |tick| numbers.plain(tick)))
        }
        Across::Weeks(Clock::Dates { last, first, days }) => {
            let scale = Scale::with_step((0.0, last.max(1.0)), last.max(1.0), pixels);
            let beginning = (*first, *first + scale.high * days);
            dates::below(canvas, plot, &Scale::with_step(beginning, beginning.1 - beginning.0, pixels));
            return scale;
        }
        Across::Weeks(clock) => {
            let last = clock.last();
            let unit = if let Clock::Months { month, .. } = clock { *month } else { 1.0 };
            let step = time_step(last / unit, *clock) * unit;
            let scale = Scale::with_step((0.0, last), step, pixels);
            let numbers = Numbers::for_ticks(&[last], 1.0);
            (scale, named_ticks(&scale, |week| numbers.plain((week / unit).round())))
        }
        Across::Dates { first, last } => {
            let scale = Scale::with_step((*first, *last), *last - *first, pixels);
            dates::below(canvas, plot, &scale);
            return scale;
        }
        Across::Names(names) => {
            let slots = names.len().max(1) as f64;
            let scale = Scale::with_step((-0.5, slots - 0.5), 1.0, pixels);
            (scale, (0..).map(f64::from).zip(names.iter().cloned()).collect())
        }
    };
    ticks_below(canvas, plot, &scale, &ticks);
    scale
}

/// Draws upright lines at the ticks of a scale, as many as have room for their names, which stand below and between two ends.
pub fn uprights(
    canvas: &mut Canvas<'_>,
    plot: Rect,
    ends: (f64, f64),
    scale: Scale,
    name: impl Fn(f64) -> String,
) {
    let style = Type::small();
    let widest = scale.ticks().iter().map(|tick| style.width(&name(*tick))).fold(0.0, f64::max);
    for tick in scale.spaced_for(widest + 20.0).ticks() {
        let x = scale.at(tick);
        canvas.line((x, plot.top), (x, plot.bottom), GRID, 2.0);
        let half = style.width(&name(tick)) / 2.0;
        canvas.text((x.clamp(ends.0 + half, ends.1 - half), plot.bottom + 36.0), &name(tick), style.middle());
    }
}

fn named_ticks(scale: &Scale, name: impl Fn(f64) -> String) -> Vec<(f64, String)> {
    scale.ticks().into_iter().map(|tick| (tick, name(tick))).collect()
}

/// Quarters and years where the series is long enough for them, so that ticks fall on planning dates.
fn time_step(length: f64, clock: Clock) -> f64 {
    let steps: &[f64] = match clock {
        Clock::Weeks { .. } => &[1.0, 2.0, 4.0, 13.0, 26.0, 52.0, 104.0, 260.0, 520.0],
        Clock::Months { .. } | Clock::Dates { .. } => &[1.0, 3.0, 6.0, 12.0, 24.0, 60.0, 120.0],
    };
    let fits = |step: &&f64| length / **step <= 9.0;
    steps.iter().find(fits).copied().unwrap_or((length / 9.0).ceil())
}

/// Writes tick labels under the plot; where names would touch, every second, third … is left out.
fn ticks_below(canvas: &mut Canvas<'_>, plot: Rect, scale: &Scale, ticks: &[(f64, String)]) {
    let style = Type::small().middle();
    let slot = (scale.to - scale.from) * scale.step / (scale.high - scale.low);
    let widest = ticks.iter().map(|(_, name)| style.width(name)).fold(0.0, f64::max).min(220.0);
    let every = ((widest + 16.0) / slot).ceil().max(1.0) as usize;
    for (value, name) in ticks.iter().step_by(every) {
        let x = scale.at(*value);
        let room = (slot * every as f64 - 12.0).max(60.0);
        canvas.line((x, plot.bottom), (x, plot.bottom + 8.0), QUIET, 2.0);
        canvas.text((x, plot.bottom + 38.0), &style.fit(name, room), style);
    }
}
