//! The waterfall chart walks from the baseline's lead time to a policy's, one cause at a time.

use super::canvas::{Canvas, Rect};
use super::number::Numbers;
use super::plane::{Across, Axes, Plane};
use super::scale::{extent, usable};
use super::sheet::{Svg, sheet};
use super::text::{Type, named};
use super::theme::{BASELINE, Colour, INK, QUIET, WHITE, change_colour};
use super::{ChartError, Direction, Heading};

/// Steps that are drawn; the smallest beyond become "other".
const MOST_STEPS: usize = 9;

/// What one cause adds or takes away.
#[derive(Clone, Debug)]
pub struct WaterfallStep {
    /// The cause.
    pub name: String,
    /// Policy less baseline; NaN counts as nothing.
    pub change: f64,
}

/// From the baseline to a policy.
#[derive(Clone, Debug)]
pub struct Waterfall {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// The measure with its unit.
    pub y_label: String,
    /// A short unit written after the two totals, such as "days".
    pub unit: String,
    /// Which way is good.
    pub direction: Direction,
    /// The baseline: its name and value.
    pub from: (String, f64),
    /// The causes, in the order in which they are walked.
    pub steps: Vec<WaterfallStep>,
    /// The policy: its name and value. What the steps leave unexplained becomes a step of its own.
    pub to: (String, f64),
}

impl Waterfall {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| {
            if usable(self.from.1) && usable(self.to.1) {
                self.plot(canvas, area);
            } else {
                canvas.nothing(area, "There is nothing to show: one of the two has no value.");
            }
        })
    }

    /// The steps to draw: the largest by size, the rest as one, and what they leave unexplained.
    fn walked(&self) -> Vec<(String, f64)> {
        let mut order: Vec<&WaterfallStep> = self.steps.iter().filter(|step| usable(step.change)).collect();
        let all: f64 = order.iter().map(|step| step.change).sum();
        let mut sizes: Vec<f64> = order.iter().map(|step| step.change.abs()).collect();
        sizes.sort_by(|a, b| b.total_cmp(a));
        let least = sizes.get(MOST_STEPS - 1).copied().unwrap_or(0.0);
        let largest = sizes.first().copied().unwrap_or(0.0).max(self.from.1.abs() * 1e-3);
        order.retain(|step| step.change.abs() >= least && step.change != 0.0);
        order.truncate(MOST_STEPS);
        let mut steps: Vec<(String, f64)> =
            order.iter().map(|step| (step.name.clone(), step.change)).collect();
        let drawn: f64 = steps.iter().map(|step| step.1).sum();
        let rests = [("other", all - drawn), ("unexplained", self.to.1 - self.from.1 - all)];
        let visible = rests.into_iter().filter(|(_, size)| size.abs() > largest * 1e-3);
        steps.extend(visible.map(|(name, size)| (name.to_string(), size)));
        steps
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let steps = self.walked();
        let mut levels = vec![self.from.1];
        for (_, change) in &steps {
            levels.push(levels[levels.len() - 1] + change);
        }
        let (low, high) = extent(levels.iter().copied().chain([self.to.1])).unwrap_or((0.0, 1.0));
        let base = base(low, high);
        let axes = Axes {
            across: Across::Names(vec![String::new(); steps.len() + 2]),
            x_label: String::new(),
            extent: (base.min(low), high.max(base) + (high.max(base) - base.min(low)) * 0.06),
            y_label: self.y_label.clone(),
            unit: String::new(),
            note: String::new(),
            right: 0.0,
        };
        let plane = Plane::new(canvas, area, &axes);
        let bars = Bars {
            plane: &plane,
            numbers: Numbers::for_values([low, high]),
            width: plane.area.width() / (steps.len() + 2) as f64,
            base,
        };
        self.ends(canvas, &bars, steps.len());
        for (index, (name, change)) in steps.iter().enumerate() {
            let is_good = (*change < 0.0) == (self.direction == Direction::LowerIsBetter);
            bars.step(canvas, index, (levels[index], levels[index + 1]), is_good);
            bars.name(canvas, index + 1, name, false);
        }
        plane.zero_line(canvas);
    }

    fn ends(&self, canvas: &mut Canvas<'_>, bars: &Bars<'_>, steps: usize) {
        let numbers = bars.numbers.clone().with_unit(&self.unit);
        let ends = [(0, &self.from, BASELINE), (steps + 1, &self.to, INK)];
        for (slot, (name, value), colour) in ends {
            bars.total(canvas, slot, *value, colour);
            bars.value(canvas, slot, value.max(bars.base), &numbers.plain(*value), INK);
            bars.name(canvas, slot, name, true);
        }
    }
}

/// Where the bars stand: at zero, unless both totals are so large that the steps could not be seen.
fn base(low: f64, high: f64) -> f64 {
    if low > 0.0 && high - low < high * 0.25 {
        return low - (high - low).max(high * 0.01) * 0.8;
    }
    0.0
}

struct Bars<'a> {
    plane: &'a Plane,
    numbers: Numbers,
    width: f64,
    base: f64,
}

impl Bars<'_> {
    fn column(&self, slot: usize, from: f64, to: f64) -> Rect {
        let (x, above) = self.plane.at(slot as f64, from.max(to));
        let (_, below) = self.plane.at(slot as f64, from.min(to));
        let half = (self.width * 0.34).min(90.0);
        Rect::new(x - half, above, x + half, below.max(above + 3.0))
    }

    /// A bar from the ground; where the ground is not zero, a gap across it says so.
    fn total(&self, canvas: &mut Canvas<'_>, slot: usize, value: f64, colour: Colour) {
        let bar = self.column(slot, self.base, value);
        if self.base == 0.0 {
            canvas.fill(bar, colour);
            return;
        }
        let bar = Rect::new(bar.left, bar.top, bar.right, self.plane.area.bottom);
        canvas.fill(bar, colour);
        for lift in [30.0, 18.0] {
            let (left, right) =
                ((bar.left - 6.0, bar.bottom - lift), (bar.right + 6.0, bar.bottom - lift - 16.0));
            canvas.line(left, right, WHITE, 6.0);
        }
        if slot == 0 {
            let at = (bar.right + 20.0, bar.bottom - 20.0);
            canvas.tag(at, "the axis does not begin at zero", Type::small());
        }
    }

    fn step(&self, canvas: &mut Canvas<'_>, index: usize, (from, to): (f64, f64), is_good: bool) {
        let colour = change_colour(is_good);
        let bar = self.column(index + 1, from, to);
        canvas.fill(bar, colour);
        let height = self.plane.at(0.0, from).1;
        let before = self.column(index, from, from);
        canvas.line((before.right, height), (bar.left, height), QUIET, 2.0);
        let height = self.plane.at(0.0, to).1;
        let after = self.column(index + 2, to, to);
        canvas.line((bar.right, height), (after.left, height), QUIET, 2.0);
        // As a title would write it, however long the bars beside it are.
        let label = Numbers::for_values([to - from]).signed(to - from);
        self.value(canvas, index + 1, from.max(to), &label, colour.for_text());
    }

    fn value(&self, canvas: &mut Canvas<'_>, slot: usize, top: f64, text: &str, colour: Colour) {
        let (x, y) = self.plane.at(slot as f64, top);
        let style = Type::body().bold().middle().colour(colour);
        canvas.tag((x, y - 23.0), &style.fit(text, self.width), style);
    }

    fn name(&self, canvas: &mut Canvas<'_>, slot: usize, name: &str, is_total: bool) {
        let style = Type::small().middle();
        let style = if is_total { style.bold().colour(INK) } else { style };
        let x = self.plane.at(slot as f64, 0.0).0;
        for (index, line) in style.wrap(named(name), self.width - 12.0, 3).iter().enumerate() {
            let height = self.plane.area.bottom + 36.0 + index as f64 * style.leading();
            canvas.text((x, height), line, style);
        }
    }
}
