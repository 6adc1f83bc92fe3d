//! A sweep as a document.

use super::document::Document;
use super::slides::sweep::headline;
use super::{guarded, numbers, tables};
use experiment::sweep::{Point, SweepSummary};
use serde_json::{Map, Value as Json, json};

/// The answer as a document.
pub fn document(sweep: &SweepSummary) -> Document {
    let mut document = Document::of(&sweep.frame, headline(sweep));
    document.data = json!({
        "objective": sweep.metrics[sweep.objective].name,
        "unit": sweep.metrics[sweep.objective].unit.written(),
        "seed": sweep.frame.seed,
        "baseline": numbers::estimate(&sweep.baseline[sweep.objective]),
        "guardrails_of_the_best": guarded::numbers(&sweep.guarded),
        "points": sweep.points.iter().enumerate().map(|(at, point)| of_point(sweep, at, point)).collect::<Vec<_>>(),
    });
    document.answer("The points").text(asked(sweep)).tables([tables::points(sweep)]);
    document.answer("What the best costs elsewhere").list(guarded::sentence(&sweep.guarded));
    document.answer("What this cannot tell").list(["Simulation, not forecast.".to_owned()]);
    document
}

/// What a point is: without it nobody can tell what a difference is of.
fn asked(sweep: &SweepSummary) -> String {
    match sweep.worlds {
        true => "Each point is an organisation of its own, with a past of its own: which would one rather have been?".to_owned(),
        false => "Each point is a policy from the fork on: all share the baseline’s past.".to_owned(),
    }
}

fn of_point(sweep: &SweepSummary, at: usize, point: &Point) -> Json {
    let places = sweep.plan.paths().into_iter().zip(&point.values);
    let set = |(path, value): (&str, &Option<String>)| Some((path.to_owned(), Json::from(value.as_deref()?)));
    json!({
        "point": at,
        "parameters": places.filter_map(set).collect::<Map<_, _>>(),
        "completed": point.completed,
        "overran": point.overran,
        "failed": point.failed,
        "mean": numbers::estimate(&point.estimates[sweep.objective]),
        "against_baseline": numbers::difference(&point.difference),
        "like_the_best": point.like_best,
    })
}
