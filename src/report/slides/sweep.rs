//! The slide of a sweep: a line over one numeric parameter, a map over two.

use super::verdicts::{Places, rank};
use super::{Slide, direction, estimate, scale};
use crate::chart::{ChartError, Heading, Heat, LeverChart, LeverPoint, Shading};
use crate::{guarded, manifest, plain, words};
use experiment::sweep::{Axis, Point, SweepSummary};
use statistics::verdict::Direction;

/// The slides a sweep can fill: none for more than two parameters, or the rows of a design.
///
/// # Errors
/// When a chart cannot be drawn.
pub fn slides(sweep: &SweepSummary) -> Result<Vec<Slide>, ChartError> {
    let drawn = match sweep.plan.axes() {
        Some([axis]) => Some(line(sweep, axis).draw()),
        Some([rows, columns]) => Some(map(sweep, (rows, columns)).draw()),
        _ => None,
    };
    drawn.into_iter().map(|svg| Ok(Slide { name: "sweep", svg: svg? })).collect()
}

/// The finding of a sweep.
pub fn headline(sweep: &SweepSummary) -> String {
    let metric = &sweep.metrics[sweep.objective];
    let Some(best) = sweep.best.map(|at| &sweep.points[at]) else {
        return match sweep.points.iter().any(|point| point.estimates[sweep.objective].beyond > 0) {
            true => format!(
                "{} cannot be known within this horizon at any point: it lies beyond the window; watch longer",
                words::capital(&metric.title)
            ),
            false => format!("No point has a {} to show", metric.title),
        };
    };
    let alike = sweep.points.iter().filter(|point| point.like_best).count();
    let at = setting(sweep, best);
    let mean = words::with_unit(best.estimates[sweep.objective].mean, &metric.unit);
    match alike {
        0 | 1 => format!(
            "{} is best at {at} ({mean}){}",
            words::capital(&metric.title),
            guarded::but_hurts(&sweep.guarded)
        ),
        alike if alike == sweep.points.len() => {
            format!("No point can be distinguished from the best by {} yet", metric.title)
        }
        alike => format!(
            "{} has its best mean at {at} ({mean}){}; {} of the other {} points cannot be distinguished from it",
            words::capital(&metric.title),
            guarded::but_hurts(&sweep.guarded),
            alike - 1,
            sweep.points.len() - 1
        ),
    }
}

/// "share of capacity for system health = 25%".
fn setting(sweep: &SweepSummary, point: &Point) -> String {
    let pairs: Vec<String> = sweep
        .plan
        .paths()
        .into_iter()
        .zip(&point.values)
        .filter_map(|(path, value)| Some(format!("{} = {}", plain::name(path), value.as_ref()?)))
        .collect();
    if pairs.is_empty() { "what the scenario says".to_owned() } else { pairs.join(", ") }
}

fn heading(sweep: &SweepSummary, subtitle: String) -> Heading {
    Heading { title: headline(sweep), subtitle, source: manifest::source(&sweep.frame) }
}

fn line(sweep: &SweepSummary, axis: &Axis) -> LeverChart {
    let places = Places::of(&axis.values);
    let metric = &sweep.metrics[sweep.objective];
    let (factor, sign) = scale(&metric.unit);
    let mut order: Vec<usize> = (0..places.at.len()).collect();
    order.sort_by(|a, b| rank(&places.at[*a]).total_cmp(&rank(&places.at[*b])));
    let point = |at: &usize| LeverPoint {
        at: places.at[*at].clone(),
        estimate: estimate(&sweep.points[*at].estimates[sweep.objective], factor),
        like_best: sweep.points[*at].like_best,
    };
    let size = sweep.best.map_or(0.0, |at| sweep.points[at].estimates[sweep.objective].mean.abs());
    let runs = words::count(sweep.frame.completed, "replication", "replications");
    LeverChart {
        heading: heading(
            sweep,
            format!(
                "Mean {} over {} with pointwise {} intervals; {runs} per point, on the same random numbers",
                metric.title,
                sweep.frame.horizon,
                words::level(sweep.frame.level)
            ),
        ),
        x_label: plain::axis(&axis.path),
        x_unit: places.unit,
        y_label: words::capital(&words::title_with_unit(&metric.title, &metric.unit)),
        y_unit: sign.to_owned(),
        ordered: places.ordered,
        smallest: sweep.frame.smallest * size * factor,
        baseline: None,
        best: sweep.best.and_then(|best| order.iter().position(|at| *at == best)),
        points: order.iter().map(point).collect(),
    }
}

fn map(sweep: &SweepSummary, (rows, columns): (&Axis, &Axis)) -> Heat {
    let metric = &sweep.metrics[sweep.objective];
    let (factor, sign) = scale(&metric.unit);
    let better = direction(metric.better.unwrap_or(Direction::HigherIsBetter));
    let cell = |row: usize, column: usize| {
        let difference = &sweep.points[row * columns.values.len() + column].difference;
        if difference.beyond.any() { f64::NAN } else { difference.difference.mean * factor }
    };
    let cells =
        (0..rows.values.len()).map(|row| (0..columns.values.len()).map(|column| cell(row, column)).collect());
    let runs = words::count(sweep.frame.completed, "replication", "replications");
    let unit = words::of_differences(&metric.unit);
    Heat {
        heading: heading(
            sweep,
            format!(
                "Mean difference from the baseline over {}, {runs} per cell; outlined: best cell",
                sweep.frame.horizon
            ),
        ),
        x_label: plain::axis(&columns.path),
        columns: columns.values.clone(),
        y_label: plain::axis(&rows.path),
        rows: rows.values.clone(),
        z_label: words::with_label(&format!("Difference in {}", metric.title), unit),
        unit: sign.to_owned(),
        cells: cells.collect(),
        shading: Shading::Diverging(better),
        best: sweep.best.map(|at| (at / columns.values.len(), at % columns.values.len())),
    }
}
