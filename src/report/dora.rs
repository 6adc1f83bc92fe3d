//! The four DORA metrics and the tiers of the published clusters (2019: DO-19; 2024: DO-24).

use super::table::Grid;
use super::words;
use crate::experiment::summary::{Policy, Summary};

/// Calendar days for each working day.
const CALENDAR: f64 = 7.0 / 5.0;

/// The four metrics, in DORA's order.
pub const FOUR: [&str; 4] =
    ["deployments_per_week", "change_lead_time_p50_days", "change_failure_rate", "recovery_time_p50_hours"];

/// The four metrics of one policy, each with its tier.
pub fn four(summary: &Summary, policy: &Policy) -> Grid {
    let head = ["", "mean", "interval of the mean", "middle 90 % of lives", "tier 2019", "tier 2024"];
    let mut grid = Grid::new("The four DORA metrics", 1, &head);
    let (mut none, mut unseen) = (false, false);
    for name in FOUR {
        let Some(at) = summary.metric(name) else { continue };
        let metric = &summary.metrics[at];
        let (estimate, spread) = (&policy.estimates[at], &policy.outcomes[at]);
        let nothing = estimate.mean == 0.0 && spread.p95 == 0.0;
        none |= nothing && name == "deployments_per_week";
        unseen |= nothing && name == "change_failure_rate";
        let [then, now] = if nothing { ["–", "–"] } else { tiers(name, estimate.mean) };
        let lives =
            format!("{} to {}", words::value(spread.p5, metric.unit), words::value(spread.p95, metric.unit));
        grid.row(vec![
            words::title_with_unit(metric.title, metric.unit),
            words::value(estimate.mean, metric.unit),
            words::interval(estimate, metric.unit),
            if estimate.n == 0 { "–".to_owned() } else { lives },
            then.to_owned(),
            now.to_owned(),
        ]);
    }
    if none {
        grid.note("Nothing was deployed in any life, so there are no tiers: no stage of this scenario has a `release`.");
    }
    if unseen {
        grid.note(
            "No deployment failed in any life, so its rate has no tier: this scenario has no failures in production \
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
    fn tiers_follow_the_published_clusters() {
        assert_eq!(tiers("deployments_per_week", 7.0), ["elite", "elite"]);
        assert_eq!(tiers("change_lead_time_p50_days", 4.9), ["high", "high"]);
        assert_eq!(tiers("change_lead_time_p50_days", 5.1), ["medium", "medium"]);
        assert_eq!(tiers("change_failure_rate", 0.18), ["low", "high"]);
        assert_eq!(tiers("recovery_time_p50_hours", f64::NAN), ["–", "–"]);
    }
}
