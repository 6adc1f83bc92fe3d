//! The cumulative flow diagram stacks items by state over time: its layers' thickness is work in that state.

use super::canvas::{Canvas, Rect};
use super::labels::{self, EndLabel};
use super::number::Numbers;
use super::plane::{Across, Axes, Plane};
use super::scale::usable;
use super::sheet::{Svg, sheet};
use super::theme::{BASELINE, Colour, palette};
use super::{ChartError, Clock, Heading};

/// Items in one state.
#[derive(Clone, Debug)]
pub struct FlowLayer {
    /// The state: "done", "waiting for approval", ….
    pub name: String,
    /// Number of items in it, per week from the start.
    pub counts: Vec<f64>,
}

/// Items by state, stacked from the first layer (done) upwards to the last (waiting to start).
#[derive(Clone, Debug)]
pub struct Flow {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// What is counted: "Items".
    pub y_label: String,
    /// What the horizontal axis counts.
    pub x_label: String,
    /// Weeks or months.
    pub clock: Clock,
    /// The states from the bottom, finished work first.
    pub layers: Vec<FlowLayer>,
}

impl Flow {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| {
            let edges = self.edges();
            let has_numbers = self.layers.iter().flat_map(|layer| &layer.counts).any(|count| usable(*count));
            if has_numbers {
                self.plot(canvas, area, &edges);
            } else {
                canvas.nothing(area, "There is nothing to show: no items were counted.");
            }
        })
    }

    /// The lower edge of each layer and, last, the top of all.
    fn edges(&self) -> Vec<Vec<f64>> {
        let weeks = self.layers.iter().map(|layer| layer.counts.len()).max().unwrap_or(0);
        let mut edges = vec![vec![0.0; weeks]];
        for layer in &self.layers {
            let below = &edges[edges.len() - 1];
            let count = |week: usize| layer.counts.get(week).copied().filter(|count| usable(*count));
            let above =
                below.iter().enumerate().map(|(week, edge)| edge + count(week).unwrap_or(0.0).max(0.0));
            edges.push(above.collect());
        }
        edges
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, edges: &[Vec<f64>]) {
        let top = &edges[edges.len() - 1];
        let greatest = top.iter().copied().fold(0.0, f64::max);
        let numbers = Numbers::for_ticks(&[greatest], 1.0);
        let details: Vec<String> = self.layers.iter().map(|layer| detail(layer, &numbers)).collect();
        let names = self.layers.iter().zip(&details);
        let axes = Axes {
            across: Across::Weeks(self.clock),
            x_label: self.x_label.clone(),
            extent: (0.0, greatest),
            y_label: self.y_label.clone(),
            unit: String::new(),
            note: String::new(),
            right: labels::column_width(names.map(|(layer, detail)| (layer.name.as_str(), detail.as_str()))),
        };
        let plane = Plane::new(canvas, area, &axes);
        for (index, layer) in edges.windows(2).enumerate() {
            paint(canvas, &plane, self.clock, [&layer[0], &layer[1]], colour(index));
        }
        plane.zero_line(canvas);
        labels::draw(canvas, plane.area, self.labels(&plane, edges, &details));
    }

    /// One label per layer, at the middle of its thickness in the last week.
    fn labels(&self, plane: &Plane, edges: &[Vec<f64>], details: &[String]) -> Vec<EndLabel> {
        let last = |edge: &Vec<f64>| edge.last().copied().unwrap_or(0.0);
        let middles = edges.windows(2).map(|layer| last(&layer[0]).midpoint(last(&layer[1])));
        let layers = self.layers.iter().zip(middles).zip(details).enumerate();
        let label = |(index, ((layer, middle), detail)): (usize, ((&FlowLayer, f64), &String))| EndLabel {
            at: plane.at(0.0, middle).1,
            name: layer.name.clone(),
            detail: detail.clone(),
            colour: colour(index),
            important: true,
        };
        layers.map(label).collect()
    }
}

/// Finished work is grey: the eye should go to what is not finished.
fn colour(index: usize) -> Colour {
    match index {
        0 => BASELINE.towards(super::theme::WHITE, 0.45),
        index => palette(index - 1),
    }
}

fn paint(canvas: &mut Canvas<'_>, plane: &Plane, clock: Clock, [below, above]: [&[f64]; 2], colour: Colour) {
    let weeks = || (0..above.len()).map(|nth| clock.end_of(nth, above.len()));
    let band: Vec<_> =
        weeks().zip(below.iter().zip(above)).map(|(week, (low, high))| (week, *low, *high)).collect();
    plane.band(canvas, &band, colour.faint(0.85));
    let edge: Vec<_> = weeks().zip(above.iter().copied()).collect();
    plane.line(canvas, &edge, colour, 2.5);
}

fn detail(layer: &FlowLayer, numbers: &Numbers) -> String {
    layer.counts.last().map_or(String::new(), |count| numbers.plain(*count))
}
