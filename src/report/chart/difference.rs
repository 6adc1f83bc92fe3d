//! The difference chart shows by how much each policy differs from the baseline, and the verdict on it.

use super::canvas::{Canvas, Rect};
use super::number::Numbers;
use super::plane::uprights;
use super::scale::{Scale, extent, usable};
use super::sheet::{Svg, sheet};
use super::text::{Type, named};
use super::theme::{BASELINE, EMPTY, INK, QUIET, verdict_colour};
use super::{ChartError, Direction, Estimate, Heading, Verdict};

/// Rows that are shown; more are counted, not drawn.
const MOST_ROWS: usize = 14;
/// Narrowest that the plot may become; names give way.
const NARROWEST_PLOT: f64 = 520.0;
/// Widest that the column of names may become.
const WIDEST_NAME: f64 = 460.0;

/// One policy compared with the baseline.
#[derive(Clone, Debug)]
pub struct DifferenceRow {
    /// The policy.
    pub name: String,
    /// Its difference from the baseline, with the simultaneous interval from which the verdict was read.
    pub difference: Estimate,
    /// The verdict.
    pub verdict: Verdict,
}

/// Differences from the baseline, one row per policy, in the given order.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// What is compared, with its unit: "Difference in value from status quo, engineer-months of cost".
    pub x_label: String,
    /// A short unit written after each value, such as "%", or nothing.
    pub unit: String,
    /// Which way is good.
    pub direction: Direction,
    /// Differences smaller than this do not matter; NaN or 0 draws no band.
    pub smallest: f64,
    /// The policies.
    pub rows: Vec<DifferenceRow>,
}

impl Difference {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| {
            if self.rows.is_empty() {
                canvas.nothing(area, "There is no policy to compare with the baseline.");
            } else {
                self.plot(canvas, area);
            }
        })
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let shown = &self.rows[..self.rows.len().min(MOST_ROWS)];
        let columns = Columns::of(self, shown, area);
        let (top, room) = (area.top + 44.0, area.height() - 44.0 - 132.0);
        let height = (room / shown.len() as f64).min(150.0);
        // Few rows stand a little below the heading rather than right under it.
        let top = top + (room - height * shown.len() as f64) * 0.3;
        let bottom = top + height * shown.len() as f64;
        let plot = Rect::new(columns.plot.0, top, columns.plot.1, bottom);
        let scale = self.scale(shown, plot);
        self.ground(canvas, area, plot, &scale);
        for (index, row) in shown.iter().enumerate() {
            let centre = plot.top + height * (index as f64 + 0.5);
            columns.write(canvas, centre, row, height);
            interval(canvas, centre, row, &scale);
        }
        if self.rows.len() > shown.len() {
            let rest = format!("{} more in the tables", self.rows.len() - shown.len());
            canvas.text((area.left, plot.bottom + 36.0), &rest, Type::small());
        }
    }

    /// Always with zero inside, and with a little room at both ends.
    fn scale(&self, rows: &[DifferenceRow], plot: Rect) -> Scale {
        let values = rows.iter().flat_map(|row| row.difference.values());
        let smallest = self.band().unwrap_or(0.0);
        let (low, high) = extent(values.chain([0.0, smallest * 1.3, -smallest * 1.3])).unwrap_or((-1.0, 1.0));
        let pad = (high - low) * 0.04;
        Scale::exact((low - pad, high + pad), 6, (plot.left, plot.right))
    }

    fn band(&self) -> Option<f64> {
        Some(self.smallest).filter(|size| usable(*size) && *size > 0.0)
    }

    fn ground(&self, canvas: &mut Canvas<'_>, area: Rect, plot: Rect, scale: &Scale) {
        if let Some(size) = self.band() {
            let band = Rect::new(scale.at(-size), plot.top, scale.at(size), plot.bottom);
            canvas.fill(band, EMPTY.towards(BASELINE, 0.12));
            let style = Type::small().middle();
            let words = "too small to matter";
            let half = style.width(words) / 2.0;
            let x = band.centre().0.clamp(plot.left + half, (plot.right - half).max(plot.left + half));
            canvas.text((x, plot.top - 14.0), words, style);
        }
        let numbers = Numbers::for_ticks(&scale.ticks(), scale.step).with_sign_of(&self.unit);
        uprights(canvas, plot, (area.left, area.right), *scale, |tick| numbers.signed(tick));
        let zero = scale.at(0.0);
        canvas.line((zero, plot.top - 4.0), (zero, plot.bottom + 8.0), INK, 3.5);
        self.directions(canvas, area, plot);
    }

    /// Says under the axis which way is which.
    fn directions(&self, canvas: &mut Canvas<'_>, area: Rect, plot: Rect) {
        let (left, right) = match self.direction {
            Direction::HigherIsBetter => ("← worse", "better →"),
            Direction::LowerIsBetter => ("← better", "worse →"),
        };
        let style = Type::small();
        let label = style.fit(&self.x_label, area.width());
        canvas.text((plot.left, plot.bottom + 76.0), left, style.bold());
        canvas.text((plot.right, plot.bottom + 76.0), right, style.bold().right());
        let half = style.width(&label) / 2.0;
        let x = plot.centre().0.clamp(area.left + half, area.right - half);
        canvas.text((x, plot.bottom + 118.0), &label, style.middle());
    }
}

/// Draws point and interval; what cannot be told is drawn hollow.
fn interval(canvas: &mut Canvas<'_>, height: f64, row: &DifferenceRow, scale: &Scale) {
    let Estimate { mean, low, high } = row.difference;
    let colour = verdict_colour(row.told());
    if row.difference.has_interval() {
        let (from, to) = (scale.at(low), scale.at(high));
        canvas.line((from, height), (to, height), colour, 6.0);
        for end in [from, to] {
            canvas.line((end, height - 12.0), (end, height + 12.0), colour, 4.0);
        }
    }
    if !row.difference.has_mean() {
        return;
    }
    match row.told() {
        Verdict::Unclear => canvas.ring((scale.at(mean), height), 13.0, colour),
        _ => canvas.dot((scale.at(mean), height), 13.0, colour),
    }
}

impl DifferenceRow {
    /// Without data nothing can be told, whatever the verdict says.
    fn told(&self) -> Verdict {
        if self.difference.has_mean() { self.verdict } else { Verdict::Unclear }
    }
}

/// Where names, plot, values and verdicts stand.
struct Columns {
    /// Without unit, for the first of two numbers.
    bare: Numbers,
    numbers: Numbers,
    name: (f64, f64),
    plot: (f64, f64),
    value: f64,
    verdict: f64,
}

impl Columns {
    fn of(chart: &Difference, rows: &[DifferenceRow], area: Rect) -> Self {
        let values = rows.iter().flat_map(|row| row.difference.values());
        let numbers = Numbers::for_values(values);
        let (bare, numbers) = (numbers.clone(), numbers.with_unit(&chart.unit));
        let style = Type::body();
        let widest = |texts: &mut dyn Iterator<Item = String>| {
            texts.map(|text| style.bold().width(&text)).fold(0.0, f64::max)
        };
        let names = widest(&mut rows.iter().map(|row| style.bold().fit(named(&row.name), WIDEST_NAME)));
        let values = widest(&mut rows.iter().flat_map(|row| written(&bare, &numbers, row)));
        let verdicts = widest(&mut rows.iter().map(|row| row.told().word().to_string()));
        let verdict = area.right - verdicts;
        let value = verdict - 40.0 - values;
        let names = names.min(value - area.left - 96.0 - NARROWEST_PLOT).max(160.0);
        Self {
            bare,
            numbers,
            name: (area.left, names + 4.0),
            plot: (area.left + names + 48.0, value - 48.0),
            value,
            verdict,
        }
    }

    fn write(&self, canvas: &mut Canvas<'_>, centre: f64, row: &DifferenceRow, height: f64) {
        let style = Type::body();
        let colour = verdict_colour(row.told()).for_text();
        let lines = if height > 76.0 { 2 } else { 1 };
        canvas.block((self.name.0, centre), &style.wrap(named(&row.name), self.name.1, lines), style);
        let [value, range] = written(&self.bare, &self.numbers, row);
        let verdict = style.bold().colour(colour);
        canvas.centred((self.verdict, centre), row.told().word(), verdict);
        if lines == 1 || range.is_empty() {
            canvas.centred((self.value, centre), &value, style.bold());
            return;
        }
        canvas.centred((self.value, centre - 16.0), &value, style.bold());
        canvas.centred((self.value, centre + 18.0), &range, Type::small().colour(QUIET));
    }
}

/// The value and its interval in figures.
fn written(bare: &Numbers, numbers: &Numbers, row: &DifferenceRow) -> [String; 2] {
    let Estimate { mean, low, high } = row.difference;
    let range = format!("{} to {}", bare.signed(low), numbers.signed(high));
    let range = if row.difference.has_interval() { range } else { String::new() };
    let value = if row.difference.has_mean() { numbers.signed(mean) } else { "no data".to_string() };
    [value, range]
}
