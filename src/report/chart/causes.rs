//! The causes chart splits each policy's lead time by what the time was spent on.

use super::canvas::{Canvas, Rect};
use super::number::Numbers;
use super::scale::usable;
use super::sheet::{Svg, sheet};
use super::text::{Type, named};
use super::theme::{BASELINE, Colour, INK, palette};
use super::{ChartError, Heading};

/// Bars that are shown; more are counted, not drawn.
const MOST_BARS: usize = 12;
/// Causes that keep a colour of their own; the smallest beyond are drawn as "other".
const MOST_CAUSES: usize = 8;
/// Widest that the column of names may become.
const WIDEST_NAME: f64 = 460.0;

/// One policy's lead time.
#[derive(Clone, Debug)]
pub struct CauseBar {
    /// The policy.
    pub name: String,
    /// Mean time per cause, in the order of the chart's causes; missing, negative or NaN parts count as 0.
    pub parts: Vec<f64>,
}

/// Lead time by cause, one stacked bar per policy.
#[derive(Clone, Debug)]
pub struct Causes {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// What the bars measure, with its unit: "Mean lead time, working days".
    pub x_label: String,
    /// A short unit written after totals, such as "days".
    pub unit: String,
    /// The causes, in the order in which they are stacked.
    pub causes: Vec<String>,
    /// The policies.
    pub bars: Vec<CauseBar>,
}

impl Causes {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        let stacks = self.stacks();
        sheet(&self.heading, |canvas, area| {
            let longest = stacks.bars.iter().map(|bar| bar.iter().sum::<f64>()).fold(0.0, f64::max);
            if longest > 0.0 {
                self.plot(canvas, area, &stacks, longest);
            } else {
                canvas.nothing(area, "There is nothing to show: no time was recorded for any cause.");
            }
        })
    }

    /// The bars to draw, with the smallest of too many causes folded into one.
    fn stacks(&self) -> Stacks {
        let shown = &self.bars[..self.bars.len().min(MOST_BARS)];
        let total = |cause: &usize| shown.iter().map(|bar| bar.part(*cause)).sum::<f64>();
        let mut order: Vec<usize> = (0..self.causes.len()).filter(|cause| total(cause) > 0.0).collect();
        order.sort_by(|a, b| total(b).total_cmp(&total(a)));
        let small = order.split_off(order.len().min(MOST_CAUSES));
        order.sort_unstable();
        let fold = |bar: &CauseBar| {
            let other = small.iter().map(|cause| bar.part(*cause)).sum();
            let rest = (!small.is_empty()).then_some(other);
            order.iter().map(|cause| bar.part(*cause)).chain(rest).collect()
        };
        let bars = shown.iter().map(fold).collect();
        let mut names: Vec<String> = order.iter().map(|cause| self.causes[*cause].clone()).collect();
        let mut colours = cause_colours(&order);
        if !small.is_empty() {
            names.push("other".to_string());
            colours.push(BASELINE);
        }
        Stacks { names, colours, bars }
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, stacks: &Stacks, longest: f64) {
        let top = key(canvas, area, stacks) + 24.0;
        let style = Type::body();
        let names = self.bars.iter().take(MOST_BARS).map(|bar| style.fit(named(&bar.name), WIDEST_NAME));
        let widest = names.map(|name| style.width(&name)).fold(0.0, f64::max);
        let numbers = Numbers::for_values([longest]);
        let totals = numbers.clone().with_unit(&self.unit);
        let end = style.bold().width(&totals.plain(longest)) + 24.0;
        let plot = Rect::new(area.left + widest + 28.0, top, area.right - end, area.bottom - 64.0);
        let height = (plot.height() / stacks.bars.len() as f64).min(130.0);
        let scale = plot.width() / longest;
        for (index, parts) in stacks.bars.iter().enumerate() {
            let centre = plot.top + height * (index as f64 + 0.5);
            let lines = if height > 76.0 { 2 } else { 1 };
            let name = style.wrap(named(&self.bars[index].name), widest + 4.0, lines);
            canvas.block((plot.left - 24.0, centre), &name, style.right());
            let half = (height * 0.36).min(44.0);
            let row = Rect::new(plot.left, centre - half, plot.right, centre + half);
            let reach = bar(canvas, row, parts, stacks, scale, &numbers);
            canvas.centred((reach + 16.0, centre), &totals.plain(parts.iter().sum()), style.bold());
        }
        let base = plot.top + height * stacks.bars.len() as f64;
        canvas.line((plot.left, plot.top), (plot.left, base), INK, 3.0);
        self.foot(canvas, area, plot);
    }

    fn foot(&self, canvas: &mut Canvas<'_>, area: Rect, plot: Rect) {
        let more = self.bars.len().saturating_sub(MOST_BARS);
        let more = if more > 0 { format!("{more} more in the tables") } else { String::new() };
        let style = Type::small();
        canvas.text((area.left, area.bottom - 14.0), &more, style);
        let label = style.fit(&self.x_label, plot.width());
        canvas.text((plot.left, area.bottom - 14.0), &label, style);
    }
}

impl CauseBar {
    fn part(&self, cause: usize) -> f64 {
        let part = self.parts.get(cause).copied().filter(|part| usable(*part));
        part.unwrap_or(0.0).max(0.0)
    }
}

/// A cause keeps its place's colour from slide to slide, unless there are more causes than colours.
fn cause_colours(order: &[usize]) -> Vec<Colour> {
    if order.iter().any(|cause| *cause >= MOST_CAUSES) {
        return (0..order.len()).map(palette).collect();
    }
    order.iter().map(|cause| palette(*cause)).collect()
}

struct Stacks {
    names: Vec<String>,
    colours: Vec<Colour>,
    bars: Vec<Vec<f64>>,
}

/// Draws one bar with values inside its wide parts; returns where it ends.
fn bar(
    canvas: &mut Canvas<'_>,
    row: Rect,
    parts: &[f64],
    stacks: &Stacks,
    scale: f64,
    numbers: &Numbers,
) -> f64 {
    let mut left = row.left;
    for (part, colour) in parts.iter().zip(&stacks.colours) {
        let right = left + part * scale;
        canvas.fill(Rect::new(left, row.top, (right - 2.0).max(left), row.bottom), *colour);
        let style = Type::small().middle().colour(colour.text_on_top());
        let text = numbers.plain(*part);
        if style.width(&text) + 16.0 < right - left && row.height() > 30.0 {
            canvas.centred((left.midpoint(right), row.centre().1), &text, style);
        }
        left = right;
    }
    left
}

/// Names the causes in rows of colours above the bars, about equally many in each; returns where they end.
fn key(canvas: &mut Canvas<'_>, area: Rect, stacks: &Stacks) -> f64 {
    let style = Type::small().colour(INK);
    let names: Vec<String> = stacks.names.iter().map(|name| style.fit(named(name), 340.0)).collect();
    let widths: Vec<f64> = names.iter().map(|name| style.width(name) + 34.0 + 28.0).collect();
    let rows = (widths.iter().sum::<f64>() / area.width()).ceil().max(1.0) as usize;
    let each = names.len().div_ceil(rows);
    let (mut x, mut y) = (area.left, area.top + 14.0);
    for (index, (name, colour)) in names.iter().zip(&stacks.colours).enumerate() {
        let is_full = x + widths[index] > area.right + 28.0;
        if index > 0 && (index % each == 0 || is_full) {
            (x, y) = (area.left, y + 40.0);
        }
        canvas.fill(Rect::new(x, y - 12.0, x + 24.0, y + 12.0), *colour);
        canvas.centred((x + 34.0, y), name, style);
        x += widths[index];
    }
    y + 20.0
}
