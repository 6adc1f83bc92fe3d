//! DORA's four, where deployments and incidents are known.

use super::LEVEL;
use super::rate::Rate;
use super::times::{Percentile, of_share};
use super::weeks::monday;
use crate::history::{History, Incident};
use crate::when::{DAY, When, number_of};
use jiff::tz::TimeZone;
use statistics::interval::{QuantileInterval, Share, percentile};
use statistics::survival::Survival;

/// Hours after a deployment in which an incident is taken for its failure where nobody says.
pub const WITHIN_HOURS: f64 = 24.0;

/// A percentile of days with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// None where it is only known to be longer than what was seen.
    pub days: Option<f64>,
    pub low: f64,
    pub high: f64,
    pub n: usize,
}

/// The four.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Successful deployments a week; those of which nobody says how they ended count.
    pub frequency: Option<Rate>,
    /// Deployments that failed themselves: nothing went live, so they are no change failures.
    pub failed: usize,
    /// From the start of an item (or its creation, where no start is known) to the first deployment after it was done.
    pub lead: Option<Span>,
    pub lead_is_from_start: bool,
    /// Deployments after which an incident began, over all; each once, however many incidents it had.
    pub change_failure: Option<Share>,
    /// Whether incidents name their deployments; otherwise time decided.
    pub is_stated: bool,
    /// The share of deployments that would have an incident within the hours by chance alone.
    pub by_chance: f64,
    /// From the start of an incident to its end: the median and the 85th percentile.
    pub recovery: Option<[Span; 2]>,
    pub incidents: usize,
}

impl Delivery {
    /// Of what happened since a day, over so many whole weeks; None where there is neither deployment nor incident.
    pub fn of(history: &History, from: f64, weeks: usize) -> Option<Delivery> {
        let days = |when: When| when.days(&history.zone);
        if history.deployments.is_empty() && history.incidents.is_empty() {
            return None;
        }
        let (from, weeks) = if weeks == 0 { own_weeks(history) } else { (from, weeks) };
        let recent: Vec<_> = history.deployments.iter().filter(|one| days(one.at) >= from).collect();
        let live: Vec<f64> =
            recent.iter().filter(|one| one.succeeded != Some(false)).map(|one| days(one.at)).collect();
        let incidents: Vec<_> = history.incidents.iter().filter(|one| days(one.started) >= from).collect();
        let mut counts = vec![0.0; weeks];
        for day in &live {
            if let Some(count) = counts.get_mut(((day - from) / 7.0) as usize) {
                *count += 1.0;
            }
        }
        let is_stated = incidents.iter().any(|one| one.deployment_at.is_some());
        let seconds: Vec<i64> = live.iter().map(|day| (day * DAY).round() as i64).collect();
        let brought =
            incidents.iter().map(|one| (one.started.second(&history.zone), one.stated(&history.zone)));
        let failures = failures(&seconds, brought, is_stated);
        let has_both = !live.is_empty() && !history.incidents.is_empty();
        let (lead, lead_is_from_start) = lead(history, &live, from);
        Some(Delivery {
            frequency: (!recent.is_empty()).then(|| Rate::of(&counts)),
            failed: recent.len() - live.len(),
            lead,
            lead_is_from_start,
            change_failure: has_both.then(|| Share::wilson(failures, live.len(), LEVEL)),
            is_stated,
            by_chance: by_chance(incidents.len(), from, number_of(history.as_of) + 1.0),
            recovery: recovery(history, from),
            incidents: incidents.len(),
        })
    }
}

/// The weeks of deployments and incidents themselves, where there are no items.
fn own_weeks(history: &History) -> (f64, usize) {
    let all =
        history.deployments.iter().map(|one| one.at).chain(history.incidents.iter().map(|one| one.started));
    let first = all.map(|when| when.days(&history.zone)).fold(f64::INFINITY, f64::min);
    let (first, end) = (monday(first) + 7.0, monday(number_of(history.as_of) + 1.0));
    let weeks = ((end - first) / 7.0).max(0.0);
    // No more than the usual window, so that an old stray date does not stretch it.
    let kept = weeks.min(super::USUAL_WEEKS as f64);
    (end - 7.0 * kept, kept as usize)
}

/// What an incident says of the deployment that brought it about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Seconds since 1970.
    pub second: i64,
    /// Whether an hour is written, or a day only.
    pub has_hour: bool,
}

impl Incident {
    /// The deployment that brought it about, where somebody says.
    pub fn stated(&self, zone: &TimeZone) -> Option<Stated> {
        let when = self.deployment_at?;
        Some(Stated { second: when.second(zone), has_hour: when.has_hour() })
    }
}

/// How many deployments have an incident after them: by what is stated where anything is, else the last deployment at most
/// [`WITHIN_HOURS`] before it. Each counts once. Deployments are in order; of an incident its start is told, and what it says.
pub fn failures(
    live: &[i64],
    incidents: impl Iterator<Item = (i64, Option<Stated>)>,
    is_stated: bool,
) -> usize {
    let mut failed = vec![false; live.len()];
    for (started, stated) in incidents {
        let at = if is_stated {
            // To the minute, or to the day where no hour is written.
            stated.and_then(|stated| {
                let near = if stated.has_hour { 60 } else { DAY as i64 / 2 };
                live.iter().position(|second| (second - stated.second).abs() <= near)
            })
        } else {
            let before = live.partition_point(|second| *second <= started);
            before.checked_sub(1).filter(|at| (started - live[*at]) as f64 <= WITHIN_HOURS * 3_600.0)
        };
        if let Some(at) = at {
            failed[at] = true;
        }
    }
    failed.iter().filter(|failed| **failed).count()
}

/// The chance that an incident begins in the hours after a deployment that has nothing to do with it: 1 − e^(−rate × time).
fn by_chance(incidents: usize, from: f64, end: f64) -> f64 {
    let rate = incidents as f64 / (end - from).max(1.0);
    1.0 - libm::exp(-rate * WITHIN_HOURS / 24.0)
}

fn lead(history: &History, live: &[f64], from: f64) -> (Option<Span>, bool) {
    let days = |when: When| when.days(&history.zone);
    let is_from_start =
        history.items.iter().filter(|item| item.delivered().is_some()).any(|item| item.started.is_some());
    let mut spans: Vec<f64> = history
        .items
        .iter()
        .filter_map(|item| {
            let done = days(item.delivered()?);
            let begin = days(if is_from_start { item.started? } else { item.created? });
            let deployed = live.get(live.partition_point(|day| *day < done)).filter(|_| done >= from)?;
            Some((deployed - begin).max(0.0))
        })
        .collect();
    spans.sort_by(f64::total_cmp);
    if spans.len() < 5 {
        return (None, is_from_start);
    }
    let interval = QuantileInterval::of(&spans, 0.5, LEVEL);
    let span = Span {
        days: Some(percentile(&spans, 0.5)),
        low: interval.low.max(0.0),
        high: interval.high,
        n: spans.len(),
    };
    (Some(span), is_from_start)
}

fn recovery(history: &History, from: f64) -> Option<[Span; 2]> {
    let days = |when: When| when.days(&history.zone);
    let end = number_of(history.as_of) + 1.0;
    let recent = history.incidents.iter().filter(|one| days(one.started) >= from);
    let seen: Vec<(f64, bool)> = recent
        .map(|one| match one.ended {
            Some(ended) => ((days(ended) - days(one.started)).max(0.0), false),
            None => ((end - days(one.started)).max(0.0), true),
        })
        .collect();
    if seen.is_empty() {
        return None;
    }
    let n = seen.len();
    let mut over: Vec<f64> = seen.iter().filter(|(_, lasts)| !lasts).map(|(days, _)| *days).collect();
    over.sort_by(f64::total_cmp);
    let survival = Survival::of(seen);
    Some([0.5, 0.85].map(|share| {
        let Percentile { days, low, high, .. } = of_share(&survival, &over, share, n - over.len());
        Span { days, low, high, n }
    }))
}
