//! A summary as numbers for programs: estimates with their interval, its level and n, and the unit of each metric.

use experiment::summary::{Against, Judged, MetricText, Policy, Summary};
use serde_json::{Map, Value as Json, json};
use statistics::interval::Estimate;
use statistics::paired::PairedDifference;

use super::words;

/// Every policy's metrics, and its differences from the first, which the others are compared with. What is not known is null.
pub fn of(summary: &Summary) -> Json {
    let frame = &summary.frame;
    json!({
        "scenario": { "name": frame.name, "hash": frame.hash, "organisation": frame.organisation },
        "seed": frame.seed,
        "replications": frame.completed,
        "stopped": frame.stopped,
        "horizon": frame.horizon,
        "reference": summary.baseline().name,
        "objective": summary.objective().name,
        "guardrails": summary.guardrails.iter().map(|at| summary.metrics[*at].name).collect::<Vec<_>>(),
        "smallest_difference": frame.smallest,
        "metrics": summary.metrics.iter().map(|metric| (metric.name.to_owned(), described(metric))).collect::<Map<_, _>>(),
        "policies": summary.policies.iter().map(|policy| of_policy(summary, policy)).collect::<Vec<_>>(),
    })
}

fn described(metric: &MetricText) -> Json {
    json!({ "title": metric.title, "unit": metric.unit.written(), "definition": metric.definition })
}

fn of_policy(summary: &Summary, policy: &Policy) -> Json {
    let metrics = summary.metrics.iter().zip(&policy.estimates);
    let metrics = metrics.map(|(metric, mean)| (metric.name.to_owned(), estimate(mean)));
    json!({
        "name": policy.name,
        "completed": policy.completed,
        "overran": policy.overran,
        "failed": policy.failed,
        "means": metrics.collect::<Map<_, _>>(),
        "against_reference": policy.against.as_ref().map(|against| of_against(summary, against)),
    })
}

fn of_against(summary: &Summary, against: &Against) -> Json {
    let judged = |judged: &Judged| {
        let mut told = difference(&judged.difference);
        told["metric"] = json!(summary.metrics[judged.metric].name);
        told["verdict"] = json!(words::verdict(judged.verdict));
        told
    };
    let guardrail = |of: &Judged| {
        let mut told = judged(of);
        told["verdict"] = json!(words::guardrail(of.guardrail));
        told
    };
    json!({
        "objective": judged(&against.judged[0]),
        "guardrails": against.judged[1..].iter().map(guardrail).collect::<Vec<_>>(),
        "readings": against.readings.iter().map(judged).collect::<Vec<_>>(),
        "with_run_off": against.with_run_off.as_ref().map(difference),
        "break_even_weeks": against.trajectory.as_ref().map(|trajectory| trajectory.week.value),
    })
}

/// A mean with its interval.
pub fn estimate(of: &Estimate) -> Json {
    json!({ "mean": of.mean, "low": of.low, "high": of.high, "level": of.level, "n": of.n })
}

/// A paired difference: its own interval, the one that holds together with its family's, and relative to the baseline.
pub fn difference(of: &PairedDifference) -> Json {
    json!({
        "difference": estimate(&of.difference),
        "simultaneous": estimate(&of.simultaneous),
        "relative": estimate(&of.relative),
        "wins": of.wins.share,
        "n": of.n,
    })
}
