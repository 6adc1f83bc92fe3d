//! The ranking chart shows parameters by how strongly a result depends on them.

use super::canvas::{Canvas, Rect};
use super::number::Numbers;
use super::plane::uprights;
use super::scale::{Scale, extent, usable};
use super::sheet::{Svg, sheet};
use super::text::{Type, named};
use super::theme::{BASELINE, BLUE, Colour, EMPTY, INK, QUIET, VERMILION};
use super::{ChartError, Estimate, Heading};

/// Bars that are shown; the weaker ones beyond are counted, not drawn.
const MOST_BARS: usize = 14;
/// Fewer bars than these are thicker, so that they do not leave half of the slide empty.
const FEW: usize = 5;
/// Widest that the column of names may become.
const WIDEST_NAME: f64 = 620.0;

/// One parameter.
#[derive(Clone, Debug)]
pub struct RankingBar {
    /// Its name.
    pub name: String,
    /// Its strength, with an interval where there is one.
    pub strength: Estimate,
    /// A second measure, drawn as a ring; a NaN mean draws none.
    pub second: Estimate,
}

/// Parameters by their strength.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// What bars measure.
    pub x_label: String,
    /// What bars and rings are, in a few words above the chart.
    pub note: String,
    /// What chance alone may reach on either side of zero, drawn as a band; NaN or 0 draws none. Bars inside are
    /// grey.
    pub chance: f64,
    /// The parameters, the strongest first.
    pub bars: Vec<RankingBar>,
}

impl Ranking {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        let bars: Vec<&RankingBar> = self.bars.iter().filter(|bar| bar.strength.has_mean()).collect();
        sheet(&self.heading, |canvas, area| {
            if bars.is_empty() {
                canvas.nothing(area, "There is nothing to show: no parameter was varied.");
            } else {
                self.plot(canvas, area, &bars);
            }
        })
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, bars: &[&RankingBar]) {
        let shown = &bars[..bars.len().min(MOST_BARS)];
        let style = Type::body();
        let names = shown.iter().map(|bar| style.width(&style.fit(named(&bar.name), WIDEST_NAME)));
        let left = area.left + names.fold(0.0, f64::max) + 32.0;
        let plot = Rect::new(left, area.top + 56.0, area.right - 20.0, area.bottom - 92.0);
        let numbers = Numbers::for_values(shown.iter().map(|bar| bar.strength.mean));
        let scale = self.scale(shown, plot, &numbers);
        self.axis(canvas, area, plot, &scale, bars.len() - shown.len());
        let height = (plot.height() / shown.len() as f64).min(if shown.len() < FEW { 180.0 } else { 96.0 });
        for (index, bar) in shown.iter().enumerate() {
            let middle = plot.top + height * (index as f64 + 0.5);
            let name = style.fit(named(&bar.name), WIDEST_NAME);
            canvas.centred((plot.left - 24.0, middle), &name, style.right());
            self.bar(
                canvas,
                bar,
                &scale,
                (middle, (height * 0.32).min(if shown.len() < FEW { 36.0 } else { 24.0 })),
                &numbers,
            );
        }
        canvas.line((scale.at(0.0), plot.top - 8.0), (scale.at(0.0), plot.bottom), INK, 3.0);
    }

    /// Room beyond the bars for the values written there.
    fn scale(&self, bars: &[&RankingBar], plot: Rect, numbers: &Numbers) -> Scale {
        let values = bars.iter().flat_map(|bar| bar.strength.values().chain(bar.second.values()));
        let is_below = bars.iter().any(|bar| bar.strength.mean < 0.0);
        let chance = if usable(self.chance) { self.chance.max(0.0) } else { 0.0 };
        let ends = [0.0, chance, if is_below { -chance } else { 0.0 }];
        let (low, high) = extent(values.chain(ends)).unwrap_or((0.0, 1.0));
        let widest = bars.iter().map(|bar| Type::small().width(&numbers.signed(bar.strength.mean)));
        let room = (widest.fold(0.0, f64::max) + 24.0).min(plot.width() * 0.25);
        let left = if low < 0.0 { room } else { 0.0 };
        let inner = Scale::exact((low, high), 6, (plot.left + left, plot.right - room));
        let per_pixel = (inner.high - inner.low) / (inner.to - inner.from);
        let wide = (inner.low - left * per_pixel, inner.high + room * per_pixel);
        Scale::with_step(wide, inner.step, (plot.left, plot.right))
    }

    fn bar(
        &self,
        canvas: &mut Canvas<'_>,
        bar: &RankingBar,
        scale: &Scale,
        (middle, half): (f64, f64),
        numbers: &Numbers,
    ) {
        let value = bar.strength.mean;
        let is_chance = self.chance > 0.0 && value.abs() <= self.chance;
        let colour: Colour = match value {
            _ if is_chance => BASELINE,
            value if value < 0.0 => VERMILION,
            _ => BLUE,
        };
        canvas.fill(Rect::new(scale.at(0.0), middle - half, scale.at(value), middle + half), colour);
        let whisker = |canvas: &mut Canvas<'_>, estimate: &Estimate, height: f64| {
            if estimate.has_interval() {
                let (from, to) = (scale.at(estimate.low), scale.at(estimate.high));
                canvas.line((from, height), (to, height), INK, 3.0);
            }
        };
        whisker(canvas, &bar.strength, middle);
        if bar.second.has_mean() {
            whisker(canvas, &bar.second, middle + half * 0.6);
            canvas.ring((scale.at(bar.second.mean), middle + half * 0.6), 8.0, QUIET);
            return;
        }
        if !bar.strength.has_interval() {
            let beyond = if value < 0.0 { -12.0 } else { 12.0 };
            let style = Type::small();
            let style = if value < 0.0 { style.right() } else { style };
            canvas.centred((scale.at(value) + beyond, middle), &numbers.signed(value), style);
        }
    }

    fn axis(&self, canvas: &mut Canvas<'_>, area: Rect, plot: Rect, scale: &Scale, hidden: usize) {
        if usable(self.chance) && self.chance > 0.0 {
            // A scale without anything below zero ends there.
            let band = Rect::new(scale.at(-self.chance), plot.top, scale.at(self.chance), plot.bottom);
            canvas.fill(band, EMPTY);
        }
        let numbers = Numbers::for_ticks(&scale.ticks(), scale.step);
        uprights(canvas, plot, (plot.left, area.right), *scale, |tick| numbers.plain(tick));
        let style = Type::small();
        canvas.text((area.left, area.top + 16.0), &style.fit(&self.note, area.width()), style);
        let label = style.fit(&self.x_label, plot.width());
        canvas.text((plot.centre().0, area.bottom - 14.0), &label, style.middle());
        if hidden > 0 {
            let more = format!("{hidden} weaker ones are not shown");
            canvas.text(
                (area.left, area.bottom - 14.0),
                &style.fit(&more, plot.left - area.left - 20.0),
                style,
            );
        }
    }
}
