//! The spread chart shows one difference per organisation for each policy, as stacked dots about a zero line.

use super::canvas::{Canvas, Rect};
use super::number::Numbers;
use super::plane::uprights;
use super::scale::{Scale, extent, usable};
use super::sheet::{Svg, sheet};
use super::text::{Type, named};
use super::theme::{BASELINE, EMPTY, GRID, INK, verdict_colour};
use super::{ChartError, Heading, Verdict};

/// Policies that are shown; those beyond are counted, not drawn.
const MOST_ROWS: usize = 8;
/// Widest that the column of names may become.
const WIDEST_NAME: f64 = 360.0;
/// Columns of dots across the chart, and where there are few dots.
const COLUMNS: usize = 90;
const FEW_COLUMNS: usize = 48;
const FEW: usize = 100;

/// One policy's differences.
#[derive(Clone, Debug)]
pub struct SpreadRow {
    /// The policy.
    pub name: String,
    /// How many of how many, in a few words, at the right end.
    pub count: String,
    /// One difference per organisation, with its word.
    pub dots: Vec<(f64, Verdict)>,
}

/// Differences over organisations.
#[derive(Clone, Debug)]
pub struct Spread {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// The difference with its unit.
    pub x_label: String,
    /// A short unit written after values, or nothing.
    pub unit: String,
    /// The smallest difference that matters, drawn as a band about zero; NaN or 0 draws none.
    pub smallest: f64,
    /// The policies, in the order in which they are shown.
    pub rows: Vec<SpreadRow>,
}

impl Spread {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| match self.extent() {
            None => canvas.nothing(area, "There is nothing to show: no organisation has a difference."),
            Some(extent) => self.plot(canvas, area, extent),
        })
    }

    /// From a low to a high percentile, zero included: a few far ones would squeeze the rest.
    fn extent(&self) -> Option<(f64, f64)> {
        let mut values: Vec<f64> = self
            .rows
            .iter()
            .flat_map(|row| &row.dots)
            .map(|dot| dot.0)
            .filter(|value| usable(*value))
            .collect();
        values.sort_unstable_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        let at = |share: f64| values[(share * last as f64).round() as usize];
        let ends = [at(0.03), at(0.97), 0.0, self.smallest * 2.0, -self.smallest * 2.0];
        extent(ends)
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, extent: (f64, f64)) {
        let rows = &self.rows[..self.rows.len().min(MOST_ROWS)];
        let style = Type::body();
        let names = rows.iter().map(|row| style.width(&style.fit(named(&row.name), WIDEST_NAME)));
        let left = area.left + names.fold(0.0, f64::max) + 32.0;
        let counts = rows.iter().map(|row| style.width(&style.fit(&row.count, WIDEST_NAME)));
        let right = area.right - counts.fold(0.0, f64::max) - 32.0;
        // Few rows stand a little below the heading rather than right under it.
        let room = area.height() - 112.0;
        let height = (room / rows.len() as f64).min(if rows.len() == 1 { 420.0 } else { 220.0 });
        let top = area.top + 20.0 + (room - height * rows.len() as f64) * 0.3;
        let plot = Rect::new(left, top, right, top + height * rows.len() as f64);
        let scale = Scale::exact(extent, 7, (plot.left + 20.0, plot.right - 20.0));
        self.axis(canvas, area, plot, &scale);
        for (index, row) in rows.iter().enumerate() {
            let bottom = plot.top + height * (index + 1) as f64;
            let middle = bottom - height / 2.0;
            let lines = style.wrap(named(&row.name), WIDEST_NAME, if height > 72.0 { 2 } else { 1 });
            canvas.block((plot.left - 24.0, middle), &lines, style.right());
            canvas.centred((plot.right + 24.0, middle), &style.fit(&row.count, WIDEST_NAME), style);
            stack(canvas, row, &scale, (bottom - 6.0, height - 16.0));
            canvas.line((plot.left, bottom), (plot.right, bottom), GRID, 2.0);
        }
        canvas.line((scale.at(0.0), plot.top - 8.0), (scale.at(0.0), plot.bottom), INK, 3.0);
    }

    fn axis(&self, canvas: &mut Canvas<'_>, area: Rect, plot: Rect, scale: &Scale) {
        if usable(self.smallest) && self.smallest > 0.0 {
            let band = Rect::new(scale.at(-self.smallest), plot.top, scale.at(self.smallest), plot.bottom);
            canvas.fill(band, EMPTY.towards(BASELINE, 0.10));
        }
        let numbers = Numbers::for_ticks(&scale.ticks(), scale.step).with_sign_of(&self.unit);
        uprights(canvas, plot, (area.left, area.right), *scale, |tick| numbers.signed(tick));
        let style = Type::small();
        let label = style.fit(&self.x_label, area.width());
        canvas.text((area.centre().0, plot.bottom + 78.0), &label, style.middle());
    }
}

/// Dots in columns, from the bottom upwards: worse, the same, better where they share a column.
fn stack(canvas: &mut Canvas<'_>, row: &SpreadRow, scale: &Scale, (bottom, height): (f64, f64)) {
    let across = if row.dots.len() < FEW { FEW_COLUMNS } else { COLUMNS };
    let width = (scale.to - scale.from) / across as f64;
    let mut columns: Vec<Vec<Verdict>> = vec![Vec::new(); across + 1];
    for (value, word) in row.dots.iter().filter(|(value, _)| usable(*value)) {
        let share = (scale.at(*value) - scale.from) / (scale.to - scale.from);
        columns[(share * across as f64).round() as usize].push(*word);
    }
    let tallest = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let size = width.min(height / tallest as f64);
    for (at, mut words) in columns.into_iter().enumerate() {
        words.sort_by_key(|word| *word as u8);
        for (nth, word) in words.into_iter().enumerate() {
            let centre = (scale.from + width * at as f64, bottom - size * (nth as f64 + 0.5));
            let half = (size * 0.46).max(0.6);
            let dot =
                Rect::new(centre.0 - width * 0.42, centre.1 - half, centre.0 + width * 0.42, centre.1 + half);
            canvas.fill(dot, verdict_colour(word));
        }
    }
}
