//! The audit as tables, sentences and a chart.

use super::chart::{ChartError, Difference, DifferenceRow, Direction, Estimate, Heading, Verdict};
use super::slides;
use super::slides::Slide;
use super::table::TextTable;
use super::{manifest, words};
use experiment::summary::audit::Audit;
use statistics::verdict::{self, Lean};

/// Causes shown for a team; the rest are summed.
const CAUSES: usize = 4;

/// The tables, those that have something to show.
pub fn tables(audit: &Audit) -> Vec<TextTable> {
    let all = [teams(audit), gates(audit), gains(audit)];
    all.into_iter().filter(|grid| !grid.rows.is_empty()).collect()
}

fn teams(audit: &Audit) -> TextTable {
    let head = ["team", "most of its lead time", "days", "share", "lead time, days"];
    let mut grid = TextTable::new("Audit: where each team's lead time goes", 2, &head);
    for team in &audit.teams {
        let all: f64 = team.causes.iter().map(|(_, days)| days).sum();
        for (at, (cause, days)) in team.causes.iter().take(CAUSES).enumerate() {
            let (name, total) = match at {
                0 => (team.name.clone(), words::number(all)),
                _ => (String::new(), String::new()),
            };
            grid.row(vec![name, cause.clone(), words::number(*days), words::share(days / all), total]);
        }
    }
    grid.note("Mean over changes that went live. Accounting, not causation.");
    grid
}

fn gates(audit: &Audit) -> TextTable {
    let head = ["board, approver or chain", "decisions a week", "request to decision, days", "load"];
    let mut grid = TextTable::new("Audit: who approves, and how long work waits for them", 1, &head);
    for gate in &audit.gates {
        grid.row(vec![
            gate.name.clone(),
            words::number(gate.verdicts_per_week),
            words::number(gate.days),
            gate.load.map_or_else(|| "–".to_owned(), words::share),
        ]);
    }
    grid.note("Load: asked for over what there is room for, nominally. The members of a chain close no request by themselves.");
    grid
}

fn gains(audit: &Audit) -> TextTable {
    let metric = &audit.objective;
    let title = format!("Audit: what a little more or less would gain in {}", metric.title);
    let head = ["change", "gain", "its interval", "lead time p85", "its interval", "costs"];
    let mut grid = TextTable::new(title, 1, &head);
    let worth = &audit.frame.worth;
    for gain in &audit.gains {
        let star = if gain.own_past { " *" } else { "" };
        grid.row(vec![
            format!("{}{star}", gain.what),
            words::difference(&gain.difference, &metric.unit),
            words::signed_interval(&gain.difference.simultaneous, &metric.unit),
            words::signed(gain.lead.difference.mean, &audit.lead.unit),
            words::signed_interval(&gain.lead.simultaneous, &audit.lead.unit),
            gain.cost_months.map_or_else(|| "–".to_owned(), |cost| words::value(cost, worth)),
        ]);
    }
    grid.note(format!(
        "Means of {} paired replications over {}, in {} and {}; each column of intervals holds together at {}. Costs: {} \
         over the horizon.",
        audit.runs,
        audit.frame.horizon,
        words::of_differences(&metric.unit),
        audit.lead.unit.name(),
        words::level(audit.frame.level),
        worth.name(),
    ));
    if audit.gains.iter().any(|gain| gain.own_past) {
        grid.note(
            "* As if it had always been so: it has a past of its own, with nobody to be hired and taught.",
        );
    }
    grid
}

/// What the audit comes to.
pub fn sentences(audit: &Audit) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(gate) = audit.gates.first().filter(|gate| gate.days.is_finite()) {
        said.push(format!(
            "Of all that approves, “{}” keeps work waiting longest: {} working days for each request, {} decisions a week.",
            gate.name,
            words::number(gate.days),
            words::number(gate.verdicts_per_week)
        ));
    }
    let shown: Vec<&_> = audit.gains.iter().filter(|gain| gain.difference.lean() == Lean::Good).collect();
    said.push(match shown.first() {
        Some(first) => format!(
            "Of the {} that were tried, “{}” gains most ({}).",
            words::count(audit.gains.len(), "small change", "small changes"),
            first.what,
            words::with_name(
                words::difference(&first.difference, &audit.objective.unit),
                &audit.objective.unit
            )
        ),
        None => format!(
            "None of the {} that were tried is shown to gain; more replications may tell.",
            words::count(audit.gains.len(), "small change", "small changes")
        ),
    });
    said
}

/// The gains, the largest effect on top.
///
/// # Errors
/// When the chart cannot be drawn.
pub fn slide(audit: &Audit) -> Result<Option<Slide>, ChartError> {
    let metric = &audit.objective;
    let mut gains: Vec<&_> = audit.gains.iter().collect();
    gains.sort_by(|a, b| {
        let reach = |gain: &&experiment::summary::audit::Gain| gain.difference.difference.mean.abs();
        reach(b).total_cmp(&reach(a))
    });
    let (scale, sign) = slides::scale(&metric.unit);
    let row = |gain: &&experiment::summary::audit::Gain| {
        let of = &gain.difference.simultaneous;
        DifferenceRow {
            name: gain.what.clone(),
            difference: Estimate::new(of.mean * scale, of.low * scale, of.high * scale),
            verdict: match gain.difference.lean() {
                Lean::Good => Verdict::Better,
                Lean::Bad => Verdict::Worse,
                Lean::Neither => Verdict::Unclear,
            },
        }
    };
    let chart = Difference {
        heading: Heading {
            title: format!("What a little more or less would change in {}", metric.title),
            subtitle: format!(
                "One change at a time in {} paired replications; intervals hold together at {}; better or worse at all",
                audit.runs,
                words::level(audit.frame.level)
            ),
            source: manifest::source(&audit.frame),
        },
        x_label: words::with_label(
            &format!("Difference in {} over {}", metric.title, audit.frame.horizon),
            words::of_differences(&metric.unit),
        ),
        unit: sign.to_owned(),
        direction: match metric.better {
            Some(verdict::Direction::LowerIsBetter) => Direction::LowerIsBetter,
            _ => Direction::HigherIsBetter,
        },
        smallest: f64::NAN,
        rows: gains.iter().map(row).collect(),
    };
    if chart.rows.is_empty() { Ok(None) } else { Ok(Some(Slide { name: "audit", svg: chart.draw()? })) }
}
