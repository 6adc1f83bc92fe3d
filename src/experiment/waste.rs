//! Waste: what the levers of a policy can address, measured under the baseline; and where they act by hours alone, what giving
//! all of these back would bring at most.
//!
//! Levers that act by more than hours (by what fails, by what is done again, by what waits) have no bound that could not be
//! wrong: a board that meets more often saves worth that fades, and lets people begin other work besides. How much there is of
//! what they address is told as a size, and decides no word.
//!
//! # Why the bound holds
//!
//! A mechanism names a lever only if it acts by hours of people alone (`model::waste`). Let H be those hours, and V the
//! hours that planned work has; ε = H/V. Then no policy on the lever does better than planned work done 1 + ε times as
//! fast: that is all of H given to it, wasted nowhere. In a time that runs 1 + ε times as fast nothing new has
//! come, so whatever is live a time t after the fork is so at t/(1 + ε) at the earliest, at most ε·t ≤ ε·T earlier
//! within the horizon T. Hence
//!
//! * throughput rises by ε at most;
//! * a time from request (or commitment) to live falls by ε·T at most;
//! * value rises by ε for work that would not have been done, and by what work keeps of its worth that is done earlier:
//!   ε·T times the rate at which worth fades, and for what is wanted by a date that part of the chance of being late which
//!   ε·T is of the mean time to a date (all of it where dates are the same for all). Should the hours go to what is
//!   unplanned instead, harm falls by H over the hours of unplanned work and duties at most, and by no more than there is.
//!
//! The word of a comparison is then read from both: see [`settle`].
//!
//! What work is worth by the hour is taken to be the same for what is done more. That is generous: people take up
//! what they believe to be worth most. All is read at the unfavourable ends of intervals. Nothing is said of other objectives, of
//! policies with a past of their own, or where the baseline is not clear of zero. Nor where an hour that is given back may be
//! worth more than the mean of V: with more than one team (it may go to the bottleneck), and where part of the planned work is
//! not what the objective counts (all of it may go to what does, if that comes last).

use super::compare::{alone, objective};
use super::run::ReplicationResults;
use super::summary::{Addressed, Judged, LostShare};
use kernel::distribution::Distribution;
use model::mechanisms::{LOSSES, WASTES};
use model::plan::KindPlan;
use model::waste::{Loss, OF_THE_CORE, Waste};
use model::work::Class;
use observation::metrics::{self, METRICS};
use scenario::study::{PolicyTimeline, Study};
use statistics::interval::Estimate;
use statistics::verdict::{Direction, Verdict};

/// Times from request or commitment to live, by the beginnings of their names.
const TIMES: [&str; 4] = ["lead_time_", "committed_time_", "cycle_time_", "wait_"];

/// Values of what goes live in the window.
const VALUES: [&str; 5] =
    ["value_months", "value_equal_months", "value_effort_months", "value_heavy_months", "gross_value_months"];

/// What moves each of a policy's levers; nothing where some change moves more than hours.
pub fn wastes_of(timeline: &PolicyTimeline) -> Option<Vec<&'static Waste>> {
    let all = || WASTES.iter().flat_map(|wastes| wastes.iter());
    let mut found: Vec<&Waste> = Vec::new();
    for (_, path, _) in &timeline.changes {
        let waste = all().find(|waste| waste.is_of(path))?;
        if !found.iter().any(|known| known.hours == waste.hours) {
            found.push(waste);
        }
    }
    (!found.is_empty() && !timeline.own_past).then_some(found)
}

/// What the levers of a policy address by more than hours, if each of them addresses something that is measured.
pub fn losses_of(timeline: &PolicyTimeline) -> Option<Vec<&'static Loss>> {
    let all = || OF_THE_CORE.iter().chain(LOSSES.iter().flat_map(|losses| losses.iter()));
    let mut found: Vec<&Loss> = Vec::new();
    for (_, path, _) in &timeline.changes {
        let here: Vec<&Loss> = all().filter(|loss| loss.is_of(path)).collect();
        if here.is_empty() {
            return None;
        }
        for loss in here {
            if !found.iter().any(|known| known.share == loss.share) {
                found.push(loss);
            }
        }
    }
    (!found.is_empty() && !timeline.own_past).then_some(found)
}

/// Whether anything is measured of what a policy's levers address.
pub fn is_measured(timeline: &PolicyTimeline) -> bool {
    wastes_of(timeline).is_some() || losses_of(timeline).is_some()
}

/// What the levers of policies can address, where the mean of each metric under the baseline is this.
pub fn addressed<'a>(
    study: &'a Study,
    mean: impl Fn(usize) -> Estimate + Sync + 'a,
) -> impl Fn(&PolicyTimeline) -> Option<Addressed> + Sync + 'a {
    move |timeline| {
        let metric = |name: &str| mean(metrics::find(name).expect("a metric of the register"));
        let Some(wastes) = wastes_of(timeline) else {
            let size =
                |loss: &&Loss| LostShare { what: loss.text, share: metric(loss.share).mean, of: loss.of };
            let losses: Vec<LostShare> = losses_of(timeline)?.iter().map(size).collect();
            let known: Vec<LostShare> = losses.into_iter().filter(|lost| lost.share.is_finite()).collect();
            return (!known.is_empty()).then_some(Addressed { wastes: known, bound: None });
        };
        let plan = &study.baseline().phases[0].1;
        let paid = metric("headcount").mean * plan.year.hours();
        let hours: Vec<Estimate> = wastes.iter().map(|waste| metric(waste.hours)).collect();
        let shares = wastes.iter().zip(&hours).map(|(waste, hours)| LostShare {
            what: waste.text,
            share: hours.mean / paid,
            of: "of all hours",
        });
        let most: f64 = hours.iter().map(upper).sum();
        let bound = bound(study, most, &metric).filter(|bound| bound.is_finite());
        Some(Addressed { wastes: shares.collect(), bound })
    }
}

/// Reads a comparison again where the policy cannot bring what matters: where no difference is shown and its interval rules out
/// harm that matters, no difference that matters is left, however wide the interval is on the other side.
pub fn settle(judged: &mut Judged, addressed: Option<&Addressed>, smallest: f64) {
    let difference = &judged.difference;
    let relative = &difference.simultaneous_relative;
    let worst = match difference.direction {
        Direction::HigherIsBetter => relative.low,
        Direction::LowerIsBetter => -relative.high,
    };
    let is_too_little = addressed.is_some_and(|addressed| addressed.is_too_little(smallest));
    let is_shown = relative.low > 0.0 || relative.high < 0.0;
    if judged.verdict == Verdict::CannotTell
        && is_too_little
        && !is_shown
        && worst > -smallest
        && difference.at_least.is_none()
    {
        judged.verdict = Verdict::PracticallySame;
    }
}

/// What the levers of each policy can address, by a few replications of the baseline alone.
pub fn measured(study: &Study, completed: &[ReplicationResults]) -> Vec<(String, Addressed)> {
    let addressed = addressed(study, |at| alone(study, completed, 0, at));
    let of = |timeline: &PolicyTimeline| Some((timeline.name.clone(), addressed(timeline)?));
    study.timelines.iter().skip(1).filter_map(of).collect()
}

/// The upper end of an interval; what there is none of has one all the same.
fn upper(estimate: &Estimate) -> f64 {
    if estimate.mean == 0.0 { 0.0 } else { estimate.high.max(estimate.mean) }
}

/// The most that so many hours a year bring, relative to the baseline's objective.
fn bound(study: &Study, hours: f64, metric: &impl Fn(&str) -> Estimate) -> Option<f64> {
    let plan = &study.baseline().phases[0].1;
    let counts = |kind: &KindPlan| kind.class != Class::Feature || kind.is_headline;
    if plan.teams.len() > 1 || !plan.kinds.iter().all(counts) {
        return None;
    }
    let planned = metric("planned_hours_per_year");
    let more = hours / planned.low;
    let name = METRICS[objective(study)].name;
    let base = metric(name);
    if planned.low.is_nan() || planned.low <= 0.0 || base.low.is_nan() || base.low <= 0.0 || base.beyond > 0 {
        return None;
    }
    let horizon = study.horizon.hours();
    if name == "throughput_per_week" {
        return Some(more);
    }
    if TIMES.iter().any(|begins| name.starts_with(begins)) && METRICS[objective(study)].unit == "working days"
    {
        return Some(more * horizon / plan.day.hours() / base.low);
    }
    if !VALUES.contains(&name) {
        return None;
    }
    let waiting = &plan.value.as_ref()?.waiting;
    let late = waiting.dated * (1.0 - waiting.late);
    let by_date = match &waiting.date {
        _ if late == 0.0 => 0.0,
        Distribution::Constant(_) => late * f64::from(u8::from(more > 0.0)),
        date => late * (more * horizon / date.mean()).min(1.0),
    };
    let gross = metric("gross_value_months");
    let unplanned = metric("unplanned_share");
    // Hours of unplanned work and duties: they are this share of all, of which planned work is at most the rest.
    let others = planned.low * unplanned.low / (1.0 - unplanned.low);
    let harm = upper(&metric("harm_months")) * if hours > 0.0 { (hours / others).min(1.0) } else { 0.0 };
    Some(((more * (1.0 + waiting.fade * horizon) + by_date) * gross.high + harm.max(0.0)) / base.low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wastes_name_is_measured() {
        for waste in WASTES.iter().flat_map(|wastes| wastes.iter()) {
            let metric = metrics::find(waste.hours).unwrap_or_else(|| panic!("{} is no metric", waste.hours));
            assert_eq!(METRICS[metric].unit, "hours per year", "{}", waste.hours);
        }
        for loss in OF_THE_CORE.iter().chain(LOSSES.iter().flat_map(|losses| losses.iter())) {
            let metric = metrics::find(loss.share).unwrap_or_else(|| panic!("{} is no metric", loss.share));
            assert_eq!(METRICS[metric].unit, "share", "{}", loss.share);
        }
        for name in
            VALUES.iter().chain(&["headcount", "planned_hours_per_year", "unplanned_share", "harm_months"])
        {
            assert!(metrics::find(name).is_some(), "{name}");
        }
        assert!(TIMES.iter().all(|begins| METRICS.iter().any(|metric| metric.name.starts_with(begins))));
    }
}
