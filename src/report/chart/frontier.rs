//! The frontier chart shows what mixes of levers gain for what they cost, and which of them a budget allows.

use super::canvas::{Canvas, Rect};
use super::labels::{self, EndLabel};
use super::lever::whisker;
use super::plane::{Across, Axes, Plane};
use super::scale::{extent, usable};
use super::sheet::{Svg, sheet};
use super::theme::{BLUE, Colour, INK, PALE, QUIET, VERMILION};
use super::{ChartError, Estimate, Heading, Role};

/// A mix with its cost and gain.
#[derive(Clone, Debug)]
pub struct FrontierPoint {
    pub name: String,
    pub cost: f64,
    pub gain: Estimate,
    /// Emphasised is the best that the budget allows, other the runner-up, baseline anything else.
    pub role: Role,
}

/// Gains against costs.
#[derive(Clone, Debug)]
pub struct Frontier {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// The cost with its unit.
    pub x_label: String,
    /// The gain with its unit.
    pub y_label: String,
    /// A short unit written after gains, or nothing.
    pub unit: String,
    /// What may be spent.
    pub budget: f64,
    /// Costs and gains of whatever else was tried.
    pub tried: Vec<(f64, f64)>,
    pub points: Vec<FrontierPoint>,
}

impl Frontier {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| {
            let points = || self.points.iter().filter(|point| is_drawn(point));
            let costs = points().map(|point| point.cost).chain(self.tried.iter().map(|tried| tried.0));
            let ends = points().flat_map(|point| point.gain.values());
            let gains = ends.chain(self.tried.iter().map(|tried| tried.1)).chain([0.0]);
            match (extent(costs.chain([0.0, self.budget])), extent(gains)) {
                (Some(costs), Some(gains)) if points().next().is_some() => {
                    self.plot(canvas, area, costs, gains)
                }
                _ => canvas.nothing(area, "There is nothing to show: no mix has a cost and a gain."),
            }
        })
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, costs: (f64, f64), gains: (f64, f64)) {
        let drawn: Vec<&FrontierPoint> = self.points.iter().filter(|point| is_drawn(point)).collect();
        let pad = (gains.1 - gains.0) * 0.06;
        let axes = Axes {
            across: Across::Numbers { low: costs.0, high: costs.1, unit: String::new(), whole: false },
            x_label: self.x_label.clone(),
            extent: (gains.0 - pad, gains.1 + pad),
            y_label: self.y_label.clone(),
            unit: self.unit.clone(),
            note: if usable(self.budget) { "dashed: the budget".to_owned() } else { String::new() },
            right: labels::column_width(drawn.iter().map(|point| (point.name.as_str(), ""))),
        };
        let plane = Plane::new(canvas, area, &axes);
        plane.zero_line(canvas);
        if usable(self.budget) {
            let x = plane.at(self.budget, 0.0).0;
            canvas.dashes((x, plane.area.top), (x, plane.area.bottom), INK, 2.5);
        }
        for (cost, gain) in self.tried.iter().filter(|(cost, gain)| usable(*cost) && usable(*gain)) {
            canvas.dot(plane.at(*cost, *gain), 6.0, PALE);
        }
        plane.line(canvas, &stairs(&drawn, costs.1), BLUE.faint(0.55), 4.0);
        for point in &drawn {
            if point.gain.has_interval() {
                whisker(canvas, &plane, point.cost, point.gain, colour(point.role));
            }
            let radius = if point.role == Role::Emphasised { 17.0 } else { 10.0 };
            canvas.dot(plane.at(point.cost, point.gain.mean), radius, colour(point.role));
        }
        let label = |point: &&FrontierPoint| EndLabel {
            at: plane.at(point.cost, point.gain.mean).1,
            name: point.name.clone(),
            detail: String::new(),
            colour: colour(point.role),
            important: point.role != Role::Baseline,
        };
        labels::draw(canvas, plane.area, drawn.iter().map(label).collect());
    }
}

fn is_drawn(point: &FrontierPoint) -> bool {
    usable(point.cost) && point.gain.has_mean()
}

fn colour(role: Role) -> Colour {
    match role {
        Role::Emphasised => BLUE,
        Role::Other => VERMILION,
        Role::Baseline | Role::Background => QUIET,
    }
}

/// The most that is gained for each cost or less, doing nothing included.
fn stairs(points: &[&FrontierPoint], last: f64) -> Vec<(f64, f64)> {
    let mut sorted: Vec<(f64, f64)> = points.iter().map(|point| (point.cost, point.gain.mean)).collect();
    sorted.push((0.0, 0.0));
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
    let mut line: Vec<(f64, f64)> = Vec::new();
    for (cost, gain) in sorted {
        let Some((_, before)) = line.last().copied() else {
            line.push((cost, gain));
            continue;
        };
        if gain > before {
            line.extend([(cost, before), (cost, gain)]);
        }
    }
    let end = line.last().map(|(_, gain)| (last, *gain));
    line.extend(end);
    line
}
