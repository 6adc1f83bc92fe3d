//! The answer: a fit from its facts to its summary.

use super::base::Beat;
use super::open::open;
use super::summary::{AssumedNumber, ComparedFigure, Curve, FitSummary, FittedNumber, Status};
use super::{Facts, Setup, asked, simulate};
use crate::design::{Kind, Parameter, ParameterValue};
use crate::run::RunOptions;
use fit::LEVEL;
use fit::figures::{Figure, figures, throughput, times};
use fit::posterior::{Draws, NARROWER, Posterior, fit};
use fit::records::Records;
use serde::{Deserialize, Serialize};
use statistics::interval::quantile;

/// Joint draws that are written.
pub const ROWS: usize = 500;
/// Simulated windows beside which the history is set, one for a row each.
pub const WINDOWS: usize = 200;
/// The most days of a curve of times.
const MOST_DAYS: f64 = 250.0;
/// Whether the organisations of the posterior are drawn anew: other points than those that were fitted.
const AGAIN: u64 = 1;

/// Replications of organisations of the posterior are numbered from here: far from those of the ranges.
pub const LATER: u64 = 1 << 32;

/// Figures in which organisations have to be like the one that was seen.
const KEYS: [&str; 5] = [
    "planned created a week",
    "planned done a week",
    "planned cycle p50",
    "planned cycle p85",
    "in progress",
];

/// What one simulated window is kept for.
#[derive(Serialize, Deserialize)]
struct Window {
    /// The values of its figures.
    figures: Vec<f64>,
    weekly: Vec<f64>,
    times: Vec<f64>,
}

/// What was simulated of the ranges.
pub struct Reference {
    pub draws: Draws,
    pub drawn: usize,
}

/// Simulates organisations all over the ranges.
///
/// # Errors
/// When no threads can be had, or there cannot be so many.
pub fn reference(setup: &Setup, count: usize, run_options: &RunOptions<'_>) -> Result<Reference, String> {
    let points = setup.points(count, setup.study.scenario.seed)?;
    let keep = |records: Records| scaled(&figures(&records, setup.weeks, setup.known));
    let completed = simulate(setup, setup.weeks, &points, 0, run_options, keep)
        .map_err(|error| format!("cannot start threads: {error}"))?;
    let mut draws = Draws::default();
    for (point, figures) in points.into_iter().zip(&completed) {
        if let Some(figures) = figures {
            draws.places.push(point);
            draws.figures.push(figures.clone());
        }
    }
    Ok(Reference { draws, drawn: completed.len() })
}

/// Figures as a regression looks at them.
pub fn scaled(figures: &[Figure]) -> Vec<f64> {
    figures.iter().map(|figure| figure.scale.of(figure.value)).collect()
}

/// Figures as numbers.
pub(super) fn values(figures: &[Figure]) -> Vec<f64> {
    figures.iter().map(|figure| figure.value).collect()
}

/// The posterior of the fitted numbers.
pub fn posterior(setup: &Setup, reference: &Reference, seen: &[Figure]) -> Posterior {
    let is_key = |figure: &Figure| KEYS.contains(&figure.name);
    let keys: Vec<usize> = (0..seen.len()).filter(|at| is_key(&seen[*at])).collect();
    fit(&reference.draws, &setup.fitted, &keys, &scaled(seen), ROWS)
}

/// Sets organisations of the posterior beside the history, and writes all of it down.
///
/// # Errors
/// When no threads can be had, or it was stopped before any window was simulated.
pub fn answer(
    setup: &Setup,
    facts: &Facts,
    reference: &Reference,
    run_options: &RunOptions<'_>,
) -> Result<FitSummary, String> {
    let seen = facts.figures();
    let posterior = posterior(setup, reference, &seen);
    let windows = windows(setup, &posterior, WINDOWS, run_options)?;
    if windows.is_empty() {
        return Err("none of the organisations that were fitted could be simulated".to_owned());
    }
    let weekly = throughput(&facts.records, facts.weeks);
    let mut all: Vec<f64> = windows.iter().flat_map(|window| window.weekly.iter().copied()).collect();
    Ok(FitSummary {
        team: facts.team.clone(),
        weeks: facts.weeks,
        delivered: weekly.iter().sum::<f64>() as usize,
        drawn: reference.drawn,
        simulated: reference.draws.places.len(),
        kept: posterior.kept,
        effective: posterior.effective,
        seed: setup.study.scenario.seed,
        numbers: numbers(setup, &posterior),
        assumed: assumed(setup, &posterior),
        figures: compared(&seen, &windows, reference),
        windows: windows.len(),
        columns: columns(setup),
        rows: written(setup, &posterior),
        open: open(&facts.records),
        times: curve(&times(&facts.records, facts.weeks, facts.known), &windows),
        has_starts: facts.known.started,
        weekly,
        weekly_band: band(&mut all),
    })
}

/// One window for each of some rows of the posterior.
fn windows(
    setup: &Setup,
    posterior: &Posterior,
    count: usize,
    run_options: &RunOptions<'_>,
) -> Result<Vec<Window>, String> {
    let points = posterior_points(setup, posterior, count)?;
    let keep = |records: Records| Window {
        figures: values(&figures(&records, setup.weeks, setup.known)),
        weekly: throughput(&records, setup.weeks),
        times: times(&records, setup.weeks, setup.known),
    };
    let completed = simulate(setup, setup.weeks, &points, LATER, run_options, keep)
        .map_err(|error| format!("cannot start threads: {error}"))?;
    Ok(completed.into_iter().flatten().collect())
}

/// Points of some rows of the posterior, evenly; what is in no row is drawn from its ranges.
///
/// # Errors
/// When there cannot be so many, as a sentence.
pub fn posterior_points(setup: &Setup, posterior: &Posterior, count: usize) -> Result<Vec<Vec<f64>>, String> {
    let mut points = setup.points(count, setup.study.scenario.seed.wrapping_add(AGAIN))?;
    let every = posterior.rows.len().max(1) as f64 / count as f64;
    for (at, point) in points.iter_mut().enumerate() {
        let Some(row) = posterior.whole.get((at as f64 * every) as usize) else { continue };
        for of in setup.joint() {
            point[of] = row[of];
        }
    }
    Ok(points)
}

/// What was stated or counted of numbers that have a range, with their values.
fn held(setup: &Setup) -> impl Iterator<Item = (&'static str, String)> + '_ {
    // Nobody draws whether there is a train.
    setup.base.held().filter(|(path, _)| *path != Beat::Train.path())
}

/// The paths of the rows. What was stated or counted is in each of them, so that nobody draws it.
fn columns(setup: &Setup) -> Vec<String> {
    let drawn = setup.joint().map(|of| setup.space.parameters[of].path.clone());
    held(setup).map(|(path, _)| path.to_owned()).chain(drawn).collect()
}

/// The rows of the posterior, as a scenario writes them.
fn written(setup: &Setup, posterior: &Posterior) -> Vec<Vec<String>> {
    let text =
        |value: &Option<ParameterValue>| value.as_ref().map_or_else(String::new, |value| value.text.clone());
    let row = |places: Vec<Option<ParameterValue>>| {
        held(setup).map(|(_, value)| value).chain(setup.joint().map(|of| text(&places[of]))).collect()
    };
    setup.drawn(&posterior.whole).into_iter().map(row).collect()
}

fn numbers(setup: &Setup, posterior: &Posterior) -> Vec<FittedNumber> {
    let calendar = &setup.space.calendar;
    let mut numbers = Vec::new();
    for (at, of) in setup.fitted.iter().enumerate() {
        let parameter = &setup.space.parameters[*of];
        let [low, median, high] = posterior.interval(at).map(|place| parameter.at(place, calendar).text);
        let width = posterior.width(at);
        let is_counted = parameter.path == "team.*.engineers" && setup.base.people.is_some();
        numbers.push(FittedNumber {
            path: parameter.path.clone(),
            why: asked(&setup.known)
                .find(|(path, _)| *path == parameter.path)
                .map_or_else(String::new, |(_, why)| (*why).to_owned()),
            status: match (width <= NARROWER, is_counted) {
                (_, true) => Status::Measured,
                (true, _) => Status::Fitted,
                _ => Status::Assumed,
            },
            low,
            median,
            high,
            range: ends(parameter, setup),
            log: matches!(parameter.kind, Kind::Number { log: true, .. }),
            whole: matches!(parameter.kind, Kind::Number { whole: true, .. }),
            beside: beside(setup, &parameter.path),
            width,
            r_squared: posterior.told[*of].r_squared,
        });
    }
    let known = setup.base.held().map(|(path, value)| FittedNumber {
        path: path.to_owned(),
        why: source(setup, path),
        status: Status::Measured,
        low: value.clone(),
        median: value.clone(),
        high: value.clone(),
        range: [value.clone(), value],
        log: false,
        whole: true,
        beside: None,
        width: 0.0,
        r_squared: f64::NAN,
    });
    known.chain(numbers).collect()
}

/// Where what is known without a fit comes from.
fn source(setup: &Setup, path: &str) -> String {
    let seen = setup.base.rhythms.iter().find(|(beat, _)| beat.path() == path);
    let Some((beat, rhythm)) = seen else { return "stated with --engineers".to_owned() };
    let what = match beat {
        Beat::Train => "releases",
        Beat::Board => "approvals",
    };
    format!(
        "counted: {} of {} days with {what} lie on {} or the day beside it, {:.0} % (90 % interval {:.0} to {:.0} %)",
        (rhythm.on_time.share * rhythm.on_time.n as f64).round(),
        rhythm.on_time.n,
        rhythm.words(),
        100.0 * rhythm.on_time.share,
        100.0 * rhythm.on_time.low,
        100.0 * rhythm.on_time.high,
    )
}

/// What a distribution needs beside the number that is fitted.
fn beside(setup: &Setup, path: &str) -> Option<(String, String)> {
    let (distribution, fitted) = path.rsplit_once('.')?;
    let (_, name) = distribution.rsplit_once('.')?;
    let beside = match (name, fitted) {
        ("lognormal", "mean") => "cv",
        ("lognormal", "median") => "sigma",
        ("weibull", "mean") => "shape",
        _ => return None,
    };
    let value = crate::assumptions::value_at(&setup.study.document, &format!("{distribution}.{beside}"))?;
    Some((beside.to_owned(), value))
}

fn ends(parameter: &Parameter, setup: &Setup) -> [String; 2] {
    match parameter.kind {
        Kind::Number { low, high, .. } => [low, high].map(|end| parameter.write(end, &setup.space.calendar)),
        _ => [String::new(), String::new()],
    }
}

fn assumed(setup: &Setup, posterior: &Posterior) -> Vec<AssumedNumber> {
    let others = setup.space.parameters.iter().enumerate().filter(|(at, _)| !setup.fitted.contains(at));
    others
        .map(|(at, parameter)| AssumedNumber {
            path: parameter.path.clone(),
            range: parameter.range(&setup.space.calendar),
            r_squared: posterior.told[at].r_squared,
        })
        .collect()
}

/// The 5th, 50th and 95th percentile.
fn band(values: &mut Vec<f64>) -> [f64; 3] {
    values.retain(|value| value.is_finite());
    values.sort_by(f64::total_cmp);
    [(1.0 - LEVEL) / 2.0, 0.5, (1.0 + LEVEL) / 2.0].map(|p| quantile(values, p))
}

fn compared(seen: &[Figure], windows: &[Window], reference: &Reference) -> Vec<ComparedFigure> {
    let one = |(at, figure): (usize, &Figure)| {
        let band = band(&mut windows.iter().map(|window| window.figures[at]).collect());
        let shown = figure.scale.of(figure.value);
        let all = || reference.draws.figures.iter().map(|row| row[at]).filter(|value| value.is_finite());
        let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
        ComparedFigure {
            title: figure.title,
            real: figure.value,
            is_inside: (band[0]..=band[2]).contains(&figure.value),
            band,
            is_reached: (low..=high).contains(&shown),
        }
    };
    let measured = seen.iter().enumerate().filter(|(_, figure)| figure.value.is_finite());
    measured.map(one).filter(|figure| figure.band[1].is_finite()).collect()
}

/// The shares of items that took at most so many days, in the history and in windows, in per cent.
fn curve(real: &[f64], windows: &[Window]) -> Curve {
    let Some(last) = real.len().checked_sub(1) else { return Curve::default() };
    // To where nearly all of it is: a few that took for ever would press the rest to the edge.
    let most = (1.3 * real[(last as f64 * 0.95) as usize]).clamp(5.0, MOST_DAYS) as usize;
    let share = |times: &[f64], days: usize| match times.len() {
        0 => f64::NAN,
        n => 100.0 * times.partition_point(|time| *time <= days as f64) as f64 / n as f64,
    };
    let band = |days: usize| {
        let mut shares: Vec<f64> = windows.iter().map(|window| share(&window.times, days)).collect();
        shares.retain(|share| share.is_finite());
        shares.sort_by(f64::total_cmp);
        [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| quantile(&shares, p))
    };
    Curve { real: (0..=most).map(|days| share(real, days)).collect(), bands: (0..=most).map(band).collect() }
}
