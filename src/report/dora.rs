//! The four DORA metrics and the tiers of the published clusters (2019: DO-19; 2024: DO-24).

use super::table::TextTable;
use super::words;
use experiment::summary::{Policy, Summary};
use statistics::interval::Estimate;

/// Calendar days for each working day.
const CALENDAR: f64 = 7.0 / 5.0;

/// The four metrics, in DORA's order.
pub const FOUR: [&str; 4] =
    ["deployments_per_week", "change_lead_time_p50_days", "change_failure_rate", "recovery_time_p50_hours"];

/// The four metrics of one policy, each with its tier.
pub fn four(summary: &Summary, policy: &Policy) -> TextTable {
    let head = ["", "mean", "interval of the mean", "middle 90 %", "tier 2019", "tier 2024"];
    let mut grid = TextTable::new("The four DORA metrics", 1, &head);
    let (mut none, mut unseen) = (false, false);
    let own = summary.frame.dora.iter().any(Option::is_some);
    if own {
        grid.head.push("own level".to_owned());
    }
    for (name, levels) in FOUR.into_iter().zip(summary.frame.dora) {
        let Some(at) = summary.metric(name) else { continue };
        let metric = &summary.metrics[at];
        let (estimate, spread) = (&policy.estimates[at], &policy.outcomes[at]);
        let nothing = estimate.mean == 0.0 && spread.p95 == 0.0;
        none |= nothing && name == "deployments_per_week";
        unseen |= nothing && name == "change_failure_rate";
        let [then, now] =
            if nothing || estimate.beyond > 0 { ["–", "–"] } else { tiers(name, estimate.mean) };
        let runs = format!(
            "{} to {}",
            words::outcome(spread.p5, &metric.unit),
            words::outcome(spread.p95, &metric.unit)
        );
        let mut cells = vec![
            words::title_with_unit(&metric.title, &metric.unit),
            words::mean(estimate, &metric.unit),
            words::interval(estimate, &metric.unit),
            if estimate.n == 0 { "–".to_owned() } else { runs },
            then.to_owned(),
            now.to_owned(),
        ];
        if own {
            let level = levels.filter(|_| !nothing).map_or("–", |levels| of_own(name, levels, estimate));
            cells.push(level.to_owned());
        }
        grid.row(cells);
    }
    if none {
        grid.note("Nothing was deployed in any replication, so there are no tiers: no stage of this scenario has a `release`.");
    }
    if unseen {
        grid.note(
            "No deployment failed in any replication, so its rate has no tier: this scenario has no failures in production \
             ([incidents] and [failure]), or too few to be seen.",
        );
    }
    grid.note(
        "Tiers by the published clusters of 2019 (DO-19) and 2024 (DO-24); lead time is converted to calendar \
         time (a working day is 7/5 days), deployments are those of all teams together. In 2024 the failure rate \
         of the high cluster (20 %) was worse than that of the medium one (10 %).",
    );
    grid
}

/// The level of a mean by levels of the scenario's own: the last value that is elite, high and medium.
fn of_own(metric: &str, levels: [f64; 3], estimate: &Estimate) -> &'static str {
    // Of what lies beyond the window a level is known only where it is the last.
    let last = estimate.mean > levels[2];
    if estimate.mean.is_nan() || (estimate.beyond > 0 && !last) {
        return "–";
    }
    let more_is_better = metric == FOUR[0];
    let reached = |level: f64| if more_is_better { estimate.mean >= level } else { estimate.mean <= level };
    let at = levels.into_iter().position(reached);
    at.map_or("low", |at| ["elite", "high", "medium"][at])
}

/// The tiers of 2019 and 2024 for a mean.
fn tiers(metric: &str, mean: f64) -> [&'static str; 2] {
    if mean.is_nan() {
        return ["–", "–"];
    }
    let words = |found: &str| match found {
        "elite" => "elite",
        "high" => "high",
        "medium" => "medium",
        _ => "low",
    };
    match metric {
        "deployments_per_week" => [frequency(mean); 2],
        "change_lead_time_p50_days" => [lead(mean * CALENDAR); 2],
        "change_failure_rate" => [
            if mean <= 0.15 { "elite to medium" } else { "low" },
            words(match mean {
                rate if rate <= 0.05 => "elite",
                rate if rate <= 0.10 => "medium",
                rate if rate <= 0.20 => "high",
                _ => "low",
            }),
        ],
        _ => [recovery(mean); 2],
    }
}

/// On demand means more than once a working day.
fn frequency(per_week: f64) -> &'static str {
    match per_week {
        rate if rate > 5.0 => "elite",
        rate if rate >= 1.0 => "high",
        rate if rate >= 12.0 / 52.0 => "medium",
        _ => "low",
    }
}

fn lead(calendar_days: f64) -> &'static str {
    match calendar_days {
        days if days < 1.0 => "elite",
        days if days < 7.0 => "high",
        days if days < 365.0 / 12.0 => "medium",
        _ => "low",
    }
}

fn recovery(hours: f64) -> &'static str {
    match hours {
        hours if hours < 1.0 => "elite",
        hours if hours < 24.0 => "high or medium",
        _ => "low",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_levels_begin_where_they_are_said_to() {
        let known = |mean: f64| Estimate::of_mean(&[mean, mean], 0.95);
        let often = |mean: f64| of_own(FOUR[0], [5.0, 1.0, 0.25], &known(mean));
        assert_eq!([5.0, 4.9, 0.3, 0.2].map(often), ["elite", "high", "medium", "low"]);
        let long = |mean: f64| of_own(FOUR[1], [1.0, 5.0, 20.0], &known(mean));
        assert_eq!([1.0, 1.1, 20.0, 21.0, f64::NAN].map(long), ["elite", "high", "medium", "low", "–"]);
        let beyond = |mean: f64| of_own(FOUR[3], [1.0, 5.0, 20.0], &known(mean).at_least(1));
        assert_eq!([3.0, 30.0].map(beyond), ["–", "low"]);
    }

    #[test]
    fn tiers_follow_the_published_clusters() {
        assert_eq!(tiers("deployments_per_week", 7.0), ["elite", "elite"]);
        assert_eq!(tiers("change_lead_time_p50_days", 4.9), ["high", "high"]);
        assert_eq!(tiers("change_lead_time_p50_days", 5.1), ["medium", "medium"]);
        assert_eq!(tiers("change_failure_rate", 0.18), ["low", "high"]);
        assert_eq!(tiers("recovery_time_p50_hours", f64::NAN), ["–", "–"]);
    }
}
