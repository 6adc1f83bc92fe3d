//! Words, tables and files on sensitivity.

use super::data::{self, Cell, Data, Kind, Written, columns, floats};
use super::document::Document;
use super::manifest::VERSION;
use super::table::TextTable;
use super::{numbers, summaries, words};
use experiment::sensitivity::{Method, Reading, Row, SensitivitySummary};
use experiment::summary::unit::Unit;
use experiment::summary::{ParameterColumn, SettingText};
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
    let (judged, all) = (known().count(), summary.rows.len());
    if summary.frame.stopped && 2 * judged < all {
        return format!(
            "{judged} of {all} parameters could be judged so far, too few to say which matter most"
        );
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
    if !summary.frame.posterior.is_empty() {
        said.push(format!(
            "Each number moves by itself here, so the joint draws of {} are not drawn: their rows are whole organisations, in which \
             numbers go together. `robust` draws these, and says which numbers decide over them.",
            summary.frame.posterior
        ));
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
    let title = words::title_with_unit(&summary.metric.title, &summary.metric.unit);
    let title = format!("{} of {}", words::capital(&title), summary.of);
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
    let mut document = Document::of(&summary.frame, headline(summary));
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

const PARAMETER: [Written; 2] = [
    ("parameter", Kind::Text, "", "The parameter, by its path."),
    ("range", Kind::Text, "", "Over what it was varied, as written."),
];

/// Of Morris's screening.
const MORRIS: [Written; 6] = [
    ("mu_star", Kind::Float, UNIT, "Mean size of its elementary effects, each over the whole of its range."),
    ("mu_star_low", Kind::Float, UNIT, "Lower end of the interval of mu_star."),
    ("mu_star_high", Kind::Float, UNIT, "Upper end of the interval of mu_star."),
    ("mu", Kind::Float, UNIT, "Mean of its elementary effects, signs kept."),
    ("sigma", Kind::Float, UNIT, "Their standard deviation."),
    ("effects", Kind::Integer, "", "How many effects there are."),
];

/// Of Sobol's indices.
const SOBOL: [Written; 7] = [
    ("first", Kind::Float, "share", "Share of the variance that it decides alone."),
    ("first_low", Kind::Float, "share", "Lower end of its interval."),
    ("first_high", Kind::Float, "share", "Upper end of its interval."),
    ("total", Kind::Float, "share", "Share of the variance that it has a part in."),
    ("total_low", Kind::Float, "share", "Lower end of its interval."),
    ("total_high", Kind::Float, "share", "Upper end of its interval."),
    ("rows", Kind::Integer, "", "Rows of the sample."),
];

/// The unit of effects and results.
const UNIT: &str = "the metric's unit";

/// `sensitivity.csv`: one row per parameter.
pub fn data(summary: &SensitivitySummary) -> Data {
    let mut head = columns(&PARAMETER);
    head.extend(match summary.method {
        Method::Morris => columns(&MORRIS),
        Method::Sobol => columns(&SOBOL),
    });
    let row = |Row { path, range, kind }: &Row| {
        let mut cells: Vec<Cell> = vec![path.as_str().into(), range.as_str().into()];
        match kind {
            Reading::Morris { mean, size, deviation } => {
                cells.extend(floats([size.mean, size.low, size.high, *mean, *deviation]));
                cells.push(size.n.into());
            }
            Reading::Sobol { first, total } => {
                cells.extend(floats([first.mean, first.low, first.high, total.mean, total.low, total.high]));
                cells.push(first.n.into());
            }
        }
        cells
    };
    Data::of(head, summary.rows.iter().map(row))
}

/// `points.csv`: one row per point, its values, its status and result.
pub fn points(
    parameters: &[ParameterColumn],
    rows: impl Iterator<Item = (SettingText, String, f64)>,
) -> Data {
    let mut head = columns(&[
        ("point", Kind::Integer, "", "The number of the point, from 0."),
        ("status", Kind::Text, "", "ok, or why there is no result."),
        (
            "result",
            Kind::Float,
            UNIT,
            "The mean of the metric; with --policy, of its difference from the baseline.",
        ),
    ]);
    head.extend(data::parameters(parameters));
    let row = |(nth, (setting, status, result)): (usize, (SettingText, String, f64))| {
        let mut cells: Vec<Cell> = vec![nth.into(), status.into(), result.into()];
        cells.extend(summaries::setting(&setting));
        cells
    };
    Data::of(head, rows.enumerate().map(row))
}

/// The source line of charts and pages.
pub fn source(summary: &SensitivitySummary) -> String {
    let frame = &summary.frame;
    format!(
        "orgsim {VERSION} · scenario {} · seed {} · {} points × {} · simulation, not forecast",
        &frame.hash[..frame.hash.len().min(8)],
        frame.seed,
        summary.points,
        words::count(summary.runs as usize, "replication", "replications")
    )
}
