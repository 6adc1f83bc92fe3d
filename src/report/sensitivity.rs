//! Words, tables and files on sensitivity.

use super::csv::{Sheet, plain, safe};
use super::document::{self, Document};
use super::manifest::VERSION;
use super::table::TextTable;
use super::{numbers, words};
use experiment::sensitivity::{Method, Reading, Row, SensitivitySummary};
use experiment::summary::unit::Unit;
use serde_json::{Value as Json, json};
use statistics::interval::Estimate;

/// Parameters that tables show; all are in the file.
const SHOWN: usize = 20;

/// The finding.
pub fn headline(summary: &SensitivitySummary) -> String {
    let known = || summary.rows.iter().filter(|row| row.kind.strength().is_finite());
    if known().next().is_none() {
        return "No parameter could be judged".to_owned();
    }
    let beyond = known().filter(|row| row.kind.strength() > summary.by_noise);
    let names: Vec<String> = beyond.take(3).map(|row| row.path.clone()).collect();
    if names.is_empty() {
        return format!(
            "No parameter moves {} of {} by more than chance may: take more replications",
            summary.metric.title, summary.of
        );
    }
    format!(
        "{} of {} depends most on {}",
        words::capital(&summary.metric.title),
        summary.of,
        words::list(&names)
    )
}

/// What else must be said.
pub fn sentences(summary: &SensitivitySummary) -> Vec<String> {
    let what = if summary.is_difference { "the difference in" } else { "" };
    let method = match summary.method {
        Method::Morris => format!("{} trajectories of Morris", summary.size),
        Method::Sobol => format!("{} rows of Saltelli’s matrices", summary.size),
    };
    let mut said = vec![format!(
        "{method}: {} points, {} each, all on the same random numbers; over the points {what} {} has mean {} and deviation \
         {}.",
        summary.points,
        words::count(summary.runs as usize, "replication", "replications"),
        summary.metric.title,
        words::with_unit(summary.mean, &summary.metric.unit),
        words::with_unit(summary.deviation, &summary.metric.unit)
    )
    .replace("  ", " ")];
    if summary.luck.is_finite() {
        let size = words::with_unit(summary.luck, &summary.metric.unit);
        said.push(match summary.method {
            Method::Morris => format!(
                "Chance moves the result of a point by about {size}; where it acts independently at neighbouring points, that \
                 alone gives a μ* of {}.",
                words::signed(summary.by_noise, &summary.metric.unit).trim_start_matches('+')
            ),
            Method::Sobol => format!(
                "Chance moves the result of a point by about {size}; where it acts independently at different points, that \
                 counts as interaction, up to {} of the variance.",
                words::share((summary.luck / summary.deviation).powi(2).min(1.0))
            ),
        });
    }
    for (reason, count) in &summary.missing {
        said.push(format!("{} without a result: {reason}.", words::count(*count, "point", "points")));
    }
    said.push(
        "Parameters move independently of one another over the stated ranges, which decide the answer as much as the \
         model does. Simulation, not forecast."
            .to_owned(),
    );
    said
}

/// The strongest parameters.
pub fn grid(summary: &SensitivitySummary) -> TextTable {
    let title =
        format!("{} of {}", words::title_with_unit(&summary.metric.title, &summary.metric.unit), summary.of);
    let head: &[&str] = match summary.method {
        Method::Morris => &["parameter", "range", "μ*", "interval", "μ", "σ"],
        Method::Sobol => &["parameter", "range", "first", "interval", "total", "interval"],
    };
    let mut grid = TextTable::new(title, 2, head);
    let unit = &summary.metric.unit;
    let amount = |amount: f64| words::signed(amount, unit).trim_start_matches('+').to_owned();
    for row in summary.rows.iter().take(SHOWN) {
        let mut cells = vec![row.path.clone(), row.range.clone()];
        cells.extend(match &row.kind {
            Reading::Morris { mean, size, deviation } => [
                amount(size.mean),
                words::interval(size, unit),
                words::signed(*mean, unit),
                amount(*deviation),
            ],
            Reading::Sobol { first, total } => {
                [words::number(first.mean), interval(first), words::number(total.mean), interval(total)]
            }
        });
        grid.row(cells);
    }
    grid.note(match summary.method {
        Method::Morris => {
            "μ*: mean size of the effect of the whole range; μ: the same with its sign; σ: how much the effect changes \
             with the other parameters."
        }
        Method::Sobol => {
            "First: share of variance that goes when the parameter is known; total: share that is left when all others \
             are. Small indices may come out below zero."
        }
    });
    if summary.rows.len() > SHOWN {
        grid.note(format!("{} weaker ones are in sensitivity.csv.", summary.rows.len() - SHOWN));
    }
    grid
}

fn interval(estimate: &Estimate) -> String {
    words::interval(estimate, &Unit::NONE)
}

/// The answer as a document.
pub fn document(summary: &SensitivitySummary) -> Document {
    let mut document = Document::new(document::title(&summary.frame), headline(summary));
    document.source = source(summary);
    document.data = json!({
        "metric": summary.metric.name,
        "unit": summary.metric.unit.written(),
        "of": summary.of,
        "points": summary.points,
        "replications": summary.runs,
        "seed": summary.frame.seed,
        "parameters": summary.rows.iter().map(numbers_of).collect::<Vec<_>>(),
    });
    document.answer("What it depends on").tables([grid(summary)]).list(sentences(summary));
    document
}

fn numbers_of(row: &Row) -> Json {
    let mut told = json!({ "parameter": row.path, "range": row.range });
    match &row.kind {
        Reading::Morris { mean, size, deviation } => {
            told["mu"] = json!(mean);
            told["mu_star"] = numbers::estimate(size);
            told["sigma"] = json!(deviation);
        }
        Reading::Sobol { first, total } => {
            told["first"] = numbers::estimate(first);
            told["total"] = numbers::estimate(total);
        }
    }
    told
}

/// `sensitivity.csv`: one row per parameter.
pub fn csv(summary: &SensitivitySummary) -> Vec<u8> {
    let head: &[&str] = match summary.method {
        Method::Morris => {
            &["parameter", "range", "mu_star", "mu_star_low", "mu_star_high", "mu", "sigma", "effects"]
        }
        Method::Sobol => &[
            "parameter",
            "range",
            "first",
            "first_low",
            "first_high",
            "total",
            "total_low",
            "total_high",
            "rows",
        ],
    };
    let mut sheet = Sheet::new(head);
    for Row { path, range, kind } in &summary.rows {
        let mut cells = vec![safe(path), safe(range)];
        match kind {
            Reading::Morris { mean, size, deviation } => {
                cells.extend([size.mean, size.low, size.high, *mean, *deviation].map(plain));
                cells.push(size.n.to_string());
            }
            Reading::Sobol { first, total } => {
                cells.extend(
                    [first.mean, first.low, first.high, total.mean, total.low, total.high].map(plain),
                );
                cells.push(first.n.to_string());
            }
        }
        sheet.row(cells);
    }
    sheet.bytes()
}

/// `points.csv`: one row per point, its values as written, its status and result.
pub fn points<'a>(
    parameters: impl Iterator<Item = &'a str>,
    rows: impl Iterator<Item = (Vec<String>, String, f64)>,
) -> Vec<u8> {
    let fixed = ["point", "status", "result"];
    let mut sheet = Sheet::new(fixed.into_iter().chain(parameters));
    for (nth, (values, status, result)) in rows.enumerate() {
        let fixed = [nth.to_string(), safe(&status), plain(result)];
        sheet.row(fixed.into_iter().chain(values.iter().map(|value| safe(value))));
    }
    sheet.bytes()
}

/// The source line of charts and pages.
pub fn source(summary: &SensitivitySummary) -> String {
    let frame = &summary.frame;
    format!(
        "orgsim {VERSION} · scenario {} · seed {} · {} points × {} replications · simulation, not forecast",
        &frame.hash[..frame.hash.len().min(8)],
        frame.seed,
        summary.points,
        summary.runs
    )
}
