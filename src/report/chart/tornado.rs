//! The tornado chart shows which assumptions move a result most, the strongest on top.

use super::canvas::{Canvas, Rect};
use super::number::Numbers;
use super::scale::{Scale, extent, usable};
use super::sheet::{Svg, sheet};
use super::text::{Type, named};
use super::theme::{BLUE, Colour, GRID, INK, VERMILION};
use super::{ChartError, Heading};

/// Bars that are shown; the weaker ones beyond are counted, not drawn.
const MOST_BARS: usize = 14;
/// Widest that the column of names may become.
const WIDEST_NAME: f64 = 440.0;

/// The result when an assumption stands at one end of its range.
#[derive(Clone, Debug)]
pub struct TornadoEnd {
    /// The assumption's value there, as written: "5%".
    pub setting: String,
    /// The result.
    pub value: f64,
}

/// One assumption.
#[derive(Clone, Debug)]
pub struct TornadoBar {
    /// The assumption.
    pub name: String,
    /// At the low end of its range.
    pub low: TornadoEnd,
    /// At the high end of its range.
    pub high: TornadoEnd,
}

/// A result's reaction to assumptions, one at a time.
#[derive(Clone, Debug)]
pub struct Tornado {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// The result with its unit.
    pub x_label: String,
    /// A short unit written after values, or nothing.
    pub unit: String,
    /// The result with all assumptions at their defaults.
    pub centre: f64,
    /// The assumptions, in any order.
    pub bars: Vec<TornadoBar>,
}

impl Tornado {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        let bars = self.sorted();
        sheet(&self.heading, |canvas, area| {
            if bars.is_empty() || !usable(self.centre) {
                canvas.nothing(area, "There is nothing to show: no assumption was varied.");
            } else {
                self.plot(canvas, area, &bars);
            }
        })
    }

    /// Bars with numbers, the widest first; equals keep their order.
    fn sorted(&self) -> Vec<&TornadoBar> {
        let drawable = |bar: &&TornadoBar| usable(bar.low.value) && usable(bar.high.value);
        let mut bars: Vec<&TornadoBar> = self.bars.iter().filter(drawable).collect();
        let reach = |bar: &TornadoBar| {
            let values = [bar.low.value, bar.high.value, self.centre];
            extent(values).map_or(0.0, |(low, high)| high - low)
        };
        bars.sort_by(|a, b| reach(b).total_cmp(&reach(a)));
        bars
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, bars: &[&TornadoBar]) {
        let shown = &bars[..bars.len().min(MOST_BARS)];
        let style = Type::body();
        let names = shown.iter().map(|bar| style.width(&style.fit(named(&bar.name), WIDEST_NAME)));
        let left = area.left + names.fold(0.0, f64::max) + 32.0;
        let plot = Rect::new(left, area.top + 64.0, area.right, area.bottom - 92.0);
        let rows = Rows {
            numbers: Numbers::for_values(shown.iter().flat_map(|bar| [bar.low.value, bar.high.value]))
                .with_unit(&self.unit),
            scale: self.scale(shown, plot),
            centre: self.centre,
            height: (plot.height() / shown.len() as f64).min(96.0),
            plot,
        };
        self.axis(canvas, area, &rows, bars.len() - shown.len());
        for (index, bar) in shown.iter().enumerate() {
            rows.draw(canvas, index, bar);
        }
        let middle = rows.scale.at(self.centre);
        canvas.line((middle, plot.top - 8.0), (middle, plot.bottom), INK, 3.0);
        key(canvas, area);
    }

    /// Room on both sides for the values at the ends of the bars.
    fn scale(&self, bars: &[&TornadoBar], plot: Rect) -> Scale {
        let values = bars.iter().flat_map(|bar| [bar.low.value, bar.high.value]);
        let extent = extent(values.chain([self.centre])).unwrap_or((0.0, 1.0));
        let side = 230.0_f64.min(plot.width() * 0.25);
        let inner = Scale::exact(extent, 5, (plot.left + side, plot.right - side));
        let per_pixel = (inner.high - inner.low) / (inner.to - inner.from);
        let wide = (inner.low - side * per_pixel, inner.high + side * per_pixel);
        Scale::with_step(wide, inner.step, (plot.left, plot.right))
    }

    fn axis(&self, canvas: &mut Canvas<'_>, area: Rect, rows: &Rows, hidden: usize) {
        let scale = &rows.scale;
        let numbers = Numbers::for_ticks(&scale.ticks(), scale.step).with_sign_of(&self.unit);
        let style = Type::small();
        let widest = scale.ticks().iter().map(|tick| style.width(&numbers.plain(*tick))).fold(0.0, f64::max);
        for tick in scale.spaced_for(widest + 20.0).ticks() {
            let x = rows.scale.at(tick);
            canvas.line((x, rows.plot.top), (x, rows.plot.bottom), GRID, 2.0);
            let half = style.width(&numbers.plain(tick)) / 2.0;
            let at = x.clamp(area.left + half, area.right - half);
            canvas.text((at, rows.plot.bottom + 36.0), &numbers.plain(tick), style.middle());
        }
        let label = style.fit(&self.x_label, rows.plot.width());
        canvas.text((rows.plot.centre().0, area.bottom - 14.0), &label, style.middle());
        if hidden > 0 {
            let more = format!("{hidden} weaker ones in the tables");
            canvas.text((area.left, area.bottom - 14.0), &style.fit(&more, WIDEST_NAME), style);
        }
    }
}

struct Rows {
    plot: Rect,
    scale: Scale,
    numbers: Numbers,
    centre: f64,
    height: f64,
}

impl Rows {
    fn draw(&self, canvas: &mut Canvas<'_>, index: usize, bar: &TornadoBar) {
        let middle = self.plot.top + self.height * (index as f64 + 0.5);
        let style = Type::body();
        let lines = style.wrap(&bar.name, WIDEST_NAME, if self.height > 72.0 { 2 } else { 1 });
        canvas.block((self.plot.left - 24.0, middle), &lines, style.right());
        let half = (self.height * 0.34).min(26.0);
        // The longer one first: where both ends lie on one side, the shorter stays visible.
        let mut ends = [(&bar.low, low()), (&bar.high, high())];
        ends.sort_by(|(a, _), (b, _)| {
            let reach = |end: &TornadoEnd| (end.value - self.centre).abs();
            reach(b).total_cmp(&reach(a))
        });
        for (end, colour) in ends {
            let (from, to) = (self.scale.at(self.centre), self.scale.at(end.value));
            canvas.fill(Rect::new(from, middle - half, to, middle + half), colour);
        }
        self.ends(canvas, middle, bar);
    }

    /// Values outside the bar's ends; where both ends lie on one side, the nearer one is left out.
    fn ends(&self, canvas: &mut Canvas<'_>, middle: f64, bar: &TornadoBar) {
        let is_low_left = bar.low.value <= bar.high.value;
        let (left, right) = if is_low_left { (&bar.low, &bar.high) } else { (&bar.high, &bar.low) };
        let room = self.scale.from.max(self.plot.left);
        let style = Type::small();
        if left.value <= self.centre {
            let x = self.scale.at(left.value) - 14.0;
            let text = style.fit(&self.words(left), (x - room).max(60.0));
            canvas.tag((x, middle), &text, style.right());
        }
        if right.value >= self.centre {
            let x = self.scale.at(right.value) + 14.0;
            let text = style.fit(&self.words(right), (self.plot.right - x).max(60.0));
            canvas.tag((x, middle), &text, style);
        }
    }

    fn words(&self, end: &TornadoEnd) -> String {
        let value = self.numbers.plain(end.value);
        if end.setting.trim().is_empty() { value } else { format!("{value} ({})", end.setting) }
    }
}

fn low() -> Colour {
    BLUE
}

fn high() -> Colour {
    VERMILION
}

/// Says which colour is which end of an assumption's range.
fn key(canvas: &mut Canvas<'_>, area: Rect) {
    let style = Type::small();
    let mut x = area.left;
    for (name, colour) in [("assumption at its low end", low()), ("at its high end", high())] {
        canvas.fill(Rect::new(x, area.top, x + 24.0, area.top + 24.0), colour);
        canvas.centred((x + 34.0, area.top + 12.0), name, style);
        x += 34.0 + style.width(name) + 40.0;
    }
}
