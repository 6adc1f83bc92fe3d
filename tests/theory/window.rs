//! What lies beyond the window is never judged as if it were known.

use super::support::{agree, estimate, live, study};
use orgsim::experiment::compare::{RunInfo, summarise};
use orgsim::experiment::run::{ReplicationResults, RunOptions, run};
use orgsim::experiment::summary::Summary;
use orgsim::observation::metrics::find;
use orgsim::scenario::study::Study;
use orgsim::statistics::verdict::{Guardrail, Verdict};

fn completed(study: &Study) -> Vec<ReplicationResults> {
    let numbers: Vec<u64> = (0..u64::from(study.scenario.replications)).collect();
    run(study, &numbers, &RunOptions::to_the_end(Some(1))).expect("threads")
}

fn summary(file: &str, set: &[&str]) -> Summary {
    let study = study(file, set);
    summarise(&study, &completed(&study), RunInfo::fixed(study.scenario.replications as usize, false))
}

fn verdicts(summary: &Summary) -> Vec<Verdict> {
    summary.compared().map(|(_, against)| against.judged[0].verdict).collect()
}

/// 150 days against 300, watched for the first 99 of them: both take more than that, and that is all. 10 days against
/// more than 99 is at least 89 less.
#[test]
fn two_sides_beyond_the_window_cannot_be_compared_and_one_gives_a_bound() {
    let found = summary("window", &[]);
    assert_eq!(verdicts(&found), [Verdict::BeyondWindow, Verdict::Better]);
    let (slow, quick) = (&found.policies[1].against, &found.policies[2].against);
    let (quick, slow) =
        (&quick.as_ref().expect("a policy").judged[0], &slow.as_ref().expect("a policy").judged[0]);
    assert_eq!(
        (slow.difference.ties, slow.difference.wins.n, slow.guardrail),
        (0, 0, Guardrail::BeyondWindow)
    );
    assert_eq!((quick.difference.simultaneous.high, quick.difference.wins.share), (-89.0, 1.0));
    let at = find("cohort_lead_time_p85_days").expect("a metric");
    let mean = found.policies[1].estimates[at];
    assert_eq!((mean.mean, mean.low, mean.high, mean.beyond), (99.0, 99.0, f64::INFINITY, 20));
    assert_eq!(found.policies[1].outcomes[at].p50, f64::INFINITY);
    // Watched long enough, it is what it is.
    let long = summary("window", &["horizon=\"400 days\""]);
    assert_eq!(verdicts(&long), [Verdict::Worse, Verdict::Better]);
    let slow = long.policies[1].estimates[at];
    assert_eq!((slow.mean, slow.beyond), (300.0, 0));
}

/// The last of n exponential services ends after their sum: an Erlang distribution, of mean n. Watched for a time H it
/// is reached with the distribution's probability, which for one service is 1 − exp(−H).
#[test]
fn a_completion_date_is_what_it_is_or_later_than_the_window() {
    for items in [20, 60] {
        let stop = format!("stop={{ items = {items} }}");
        live("makespan", &["replications=4000", &stop]).agree("completion_days", f64::from(items));
    }
    live("makespan", &["replications=4000", "stop=\"empty\""]).agree("completion_days", 60.0);
    let short = live("makespan", &["replications=4000", "stop={ items = 1 }", "horizon=\"1 day\""]);
    let reached: Vec<f64> =
        short.column("completion_days").iter().map(|days| f64::from(u8::from(days.is_finite()))).collect();
    agree("reached", &reached, 1.0 - (-1.0_f64).exp(), 0.02);
    let least = short.column("completion_at_least_days");
    let bound = short
        .column("completion_days")
        .iter()
        .zip(&least)
        .all(|(date, least)| if date.is_finite() { date == least } else { *least == 1.0 });
    assert!(bound, "what is not reached is later than the window, a day");
    assert!(live("makespan", &["replications=2"]).column("completion_days").iter().all(|date| date.is_nan()));
}

/// As points of a sweep, each number of items has its own Erlang distribution.
#[test]
fn a_number_of_items_is_varied_as_points_are() {
    let study = study("makespan", &["replications=1500", "stop={ items = 10 }"]);
    let points: Vec<_> = ["20", "40"].map(|items| vec![("stop.items".to_owned(), items.to_owned())]).into();
    let study = study.with_points(".".into(), &points, false).expect("points");
    let at = find("completion date").expect("a metric");
    let completed = completed(&study);
    for (timeline, items) in [10.0, 20.0, 40.0].into_iter().enumerate() {
        let dates: Vec<f64> =
            completed.iter().map(|one| one.runs[timeline].as_ref().expect("lived").values[at]).collect();
        agree(&format!("{items} items"), &dates, items, 0.01);
    }
}

/// 3,000 weeks are looked at every second one: 1,500 points, of which the last counts all that came.
#[test]
fn a_series_of_many_weeks_has_a_point_every_few() {
    let runs = live("mm1", &["horizon=\"3000 weeks\"", "warmup=\"0 days\"", "replications=2"]);
    let arrived = runs.column("work.item.arrived");
    for (outcome, arrived) in runs.outcomes.iter().zip(arrived) {
        assert_eq!(outcome.weeks.len(), 1_500);
        assert_eq!(f64::from(outcome.weeks[1_499][4]), arrived);
    }
    let study = study("mm1", &["horizon=\"3000 weeks\"", "warmup=\"0 days\"", "replications=2"]);
    let summary = summarise(&study, &completed(&study), RunInfo::fixed(2, false));
    assert_eq!(summary.frame.weeks_apart, 2);
    let (mean, _) = estimate(&runs.outcomes.iter().map(|one| f64::from(one.weeks[9][4])).collect::<Vec<_>>());
    let weekly = summary.series(summary.baseline(), "arrived");
    assert_eq!((weekly.len(), weekly[9].mean.mean), (1_500, mean));
}
