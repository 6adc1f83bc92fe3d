//! Every lever over its range in one organisation, on the same random numbers, and what moves.

use orgsim::experiment::assumptions::value_at;
use orgsim::experiment::design::{Plea, found};
use orgsim::experiment::levers::{LEVERS, Lever};
use orgsim::experiment::run::{ReplicationResults, RunOptions, run_keeping};
use orgsim::notation::{Ratio, Span, WorkCalendar};
use orgsim::scenario::study::{Amendments, Study};
use orgsim::statistics::interval::Estimate;
use orgsim::statistics::resample::Resampling;
use orgsim::statistics::simultaneous;
use std::collections::BTreeSet;

/// What is looked at: a title, and the first of these columns that there is.
pub const MEASURES: [(&str, &[&str]); 3] = [
    ("value", &["value_months"]),
    ("lead time from commitment", &["committed_time_p85_days", "committed_time_p50_days"]),
    ("change failure rate", &["change_failure_rate"]),
];

/// A lever at one of its positions.
#[derive(Clone, Debug)]
pub struct Position {
    pub text: String,
    pub is_today: bool,
    /// For each measure the difference from today over today's mean, with an interval that holds with all others.
    pub changes: [Estimate; 3],
    /// The same from the first and from the last position, for value alone.
    pub from_ends: [Estimate; 2],
}

/// A lever in an organisation.
#[derive(Clone, Debug)]
pub struct Swept {
    pub path: &'static str,
    pub ordered: bool,
    pub positions: Vec<Position>,
    /// Columns that differ in any replication at any position.
    pub moved: BTreeSet<usize>,
}

/// An organisation under all its levers.
pub struct Sweep {
    pub preset: String,
    pub replications: u32,
    pub horizon: String,
    /// Today's means, with the name and the unit of each measure's column.
    pub today: [(String, &'static str, f64); 3],
    /// In the order of the list; nothing where the organisation has no such lever.
    pub levers: Vec<Option<Swept>>,
}

/// A policy: what it sets, and how that is written in the file.
struct Policy {
    settings: Vec<(String, String)>,
}

/// Where a lever's positions and what they are compared with stand among policies; nothing is today's own place.
struct Places {
    reference: usize,
    at: Vec<(String, Option<usize>)>,
}

/// Sweeps the levers of a preset whose paths hold `only`; at most so many positions each.
pub fn sweep(preset: &str, replications: u32, horizon: &str, only: &str, organisations: usize) -> Sweep {
    let plain = study(preset, replications, horizon, &[]);
    let mut policies: Vec<Policy> = Vec::new();
    let wanted = |lever: &&Lever| lever.path.contains(only);
    let places: Vec<Option<Places>> = LEVERS
        .iter()
        .map(|lever| Some(lever).filter(wanted).and_then(|it| lay(it, &plain, &mut policies)))
        .collect();
    let study = study(preset, replications, horizon, &policies);
    let columns: Vec<String> = study.columns.iter().map(|column| column.name.clone()).collect();
    let chosen = MEASURES.map(|(_, names)| {
        let at = |name: &&str| columns.iter().position(|column| column == name);
        names.iter().find_map(at).expect("a column")
    });
    let numbers: Vec<u64> = (0..u64::from(replications)).collect();
    let options = RunOptions::to_the_end(None);
    let keep = |replication: ReplicationResults| -> Vec<Option<Vec<f64>>> {
        replication.runs.into_iter().map(|run| Some(run.ok()?.values)).collect()
    };
    let rows = run_keeping(&study, &numbers, &options, keep).expect("threads");
    let column = |policy: usize, measure: usize| -> Vec<f64> {
        let value = |values: &Vec<f64>| values[chosen[measure]];
        rows.iter().map(|row| row[policy].as_ref().map_or(f64::NAN, value)).collect()
    };
    let level = 1.0 - 0.05 / (3 * organisations) as f64;
    let mut levers: Vec<Option<Swept>> = LEVERS
        .iter()
        .zip(&places)
        .map(|(lever, places)| places.as_ref().map(|it| blank(lever, it)))
        .collect();
    let today = [0, 1, 2].map(|measure| {
        let unit = study.columns[chosen[measure]].unit;
        (columns[chosen[measure]].clone(), unit, mean(&column(0, measure)))
    });
    for measure in 0..3 {
        judge(&mut levers, &places, |policy| column(policy, measure), measure, level);
    }
    for (swept, places) in levers.iter_mut().zip(&places) {
        let (Some(swept), Some(places)) = (swept, places) else { continue };
        let policies = places.at.iter().filter_map(|(_, policy)| *policy);
        for (row, policy) in policies.flat_map(|policy| rows.iter().map(move |row| (row, policy))) {
            swept.moved.extend(differing(row[places.reference].as_ref(), row[policy].as_ref()));
        }
    }
    Sweep { preset: preset.to_owned(), replications, horizon: horizon.to_owned(), today, levers }
}

/// The columns in which two replications differ in any bit; one that is overloaded differs in the first.
fn differing(one: Option<&Vec<f64>>, other: Option<&Vec<f64>>) -> Vec<usize> {
    let (Some(one), Some(other)) = (one, other) else {
        return if one.is_some() == other.is_some() { Vec::new() } else { vec![0] };
    };
    let same =
        |at: &usize| one[*at].to_bits() == other[*at].to_bits() || one[*at].is_nan() && other[*at].is_nan();
    (0..one.len().min(other.len())).filter(|at| !same(at)).collect()
}

fn mean(values: &[f64]) -> f64 {
    let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    known.iter().sum::<f64>() / known.len() as f64
}

fn blank(lever: &Lever, places: &Places) -> Swept {
    let nothing = Estimate { mean: 0.0, low: 0.0, high: 0.0, level: 0.95, n: 0, beyond: 0 };
    let position = |(text, policy): &(String, Option<usize>)| Position {
        text: text.clone(),
        is_today: policy.is_none(),
        changes: [nothing; 3],
        from_ends: [nothing; 2],
    };
    let positions = places.at.iter().map(position).collect();
    Swept { path: lever.path, ordered: lever.ordered, positions, moved: BTreeSet::new() }
}

/// Fills in what one measure does at all positions of all levers: one family of intervals that hold together.
fn judge(
    levers: &mut [Option<Swept>],
    places: &[Option<Places>],
    column: impl Fn(usize) -> Vec<f64>,
    measure: usize,
    level: f64,
) {
    let mut family: Vec<Vec<f64>> = Vec::new();
    let mut meant: Vec<(usize, usize, usize)> = Vec::new();
    for (nth, places) in places.iter().enumerate().filter_map(|(nth, it)| Some((nth, it.as_ref()?))) {
        let of = |place: usize| column(places.at[place].1.unwrap_or(places.reference));
        let base = column(places.reference);
        let scale = mean(&base).abs();
        let last = places.at.len() - 1;
        let over = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(a, b)| (a - b) / scale).collect();
        for (place, (_, policy)) in places.at.iter().enumerate() {
            let own = of(place);
            if policy.is_some() {
                family.push(over(&own, &base));
                meant.push((nth, place, 0));
            }
            if measure == 0 && place > 0 && place < last {
                for (which, end) in [(1, 0), (2, last)] {
                    family.push(over(&own, &of(end)));
                    meant.push((nth, place, which));
                }
            }
        }
    }
    let views: Vec<&[f64]> = family.iter().map(Vec::as_slice).collect();
    let found = simultaneous::intervals(&views, level, Resampling::seeded(1)).estimates;
    for ((nth, place, which), estimate) in meant.into_iter().zip(found) {
        let Some(swept) = levers[nth].as_mut() else { continue };
        let position = &mut swept.positions[place];
        match which {
            0 => position.changes[measure] = estimate,
            _ => position.from_ends[which - 1] = estimate,
        }
    }
}

/// Where a lever stands, today's position among them, with a policy for each other; nothing where there is no such lever.
fn lay(lever: &Lever, plain: &Study, policies: &mut Vec<Policy>) -> Option<Places> {
    let calendar = &plain.scenario.clock;
    let written = |path: &str| value_at(&plain.document, path);
    if !lever.needs.is_empty() && written(lever.needs).is_none() {
        return None;
    }
    let mut values: Vec<String> = lever.values.iter().map(|value| (*value).to_owned()).collect();
    if values.is_empty() {
        let parameters = found(&plain.document, &Plea::default(), calendar).0;
        let parameter = parameters.iter().find(|parameter| parameter.path == lever.path)?;
        let at = |nth: u32| parameter.short(parameter.at(f64::from(nth) / 5.0, calendar).number, calendar);
        values = (0..6).map(at).collect();
        values.dedup();
    }
    let unset = || match lever.unset.strip_prefix('=') {
        Some(path) => written(path),
        None => Some(lever.unset.to_owned()).filter(|text| !text.is_empty()),
    };
    let today = written(lever.path).or_else(unset);
    let known = today.as_deref().and_then(|text| number(text, calendar));
    let with: Vec<(String, String)> =
        lever.with.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    let mut add = |settings: Vec<(String, String)>| {
        policies.push(Policy { settings });
        policies.len()
    };
    let reference = if with.is_empty() { 0 } else { add(with.clone()) };
    let mut at: Vec<(String, Option<usize>)> = Vec::new();
    let mut is_placed = false;
    for value in values {
        let here = number(&value, calendar);
        let same = today.as_deref() == Some(value.as_str())
            || matches!((here, known), (Some(here), Some(known)) if (here - known).abs() < 1e-3 * known.abs().max(1e-9));
        let passed = lever.ordered && here.is_none_or(|here| known.is_some_and(|known| here > known));
        if !is_placed && (same || passed && known.is_some()) {
            at.push((today.clone().unwrap_or_default(), None));
            is_placed = true;
        }
        if !same {
            let settings = with.iter().cloned().chain([(lever.path.to_owned(), value.clone())]).collect();
            at.push((value, Some(add(settings))));
        }
    }
    if !is_placed {
        // A choice that is not written, or beyond the last: it stands where it belongs by its words alone.
        let text = today.unwrap_or_else(|| "as it is".to_owned());
        at.insert(if known.is_none() { 0 } else { at.len() }, (text, None));
    }
    Some(Places { reference, at })
}

/// A written quantity in its base unit.
fn number(text: &str, calendar: &WorkCalendar) -> Option<f64> {
    let text = text.trim();
    if text == "unlimited" {
        return Some(1e9);
    }
    let percent = || Some(text.parse::<Ratio>().ok()?.fraction());
    let span = || Some(text.parse::<Span>().ok()?.hours(calendar));
    text.parse().ok().or_else(percent).or_else(span)
}

fn study(preset: &str, replications: u32, horizon: &str, policies: &[Policy]) -> Study {
    let mut text = format!(
        "extends = \"{preset}\"\nreplications = {replications}\nhorizon = \"{horizon}\"\n[policy.\"0\"]\nbaseline = true\n"
    );
    for (nth, policy) in policies.iter().enumerate() {
        text += &format!("[policy.\"{}\"]\n", nth + 1);
        for (path, value) in &policy.settings {
            let is_plain = value.parse::<f64>().is_ok()
                || ["true", "false"].contains(&value.as_str())
                || value.starts_with(['{', '[']);
            text += &if is_plain {
                format!("\"{path}\" = {value}\n")
            } else {
                format!("\"{path}\" = \"{value}\"\n")
            };
        }
    }
    match Study::from_text(preset, text.as_bytes(), ".".into(), &Amendments::default()) {
        Ok((study, _)) => study,
        Err(refusal) => panic!("{}", orgsim::scenario::render(&refusal.problems, &refusal.sources, false)),
    }
}
