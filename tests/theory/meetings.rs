//! Meetings: what people get done who sit in some, and what share of their hours that takes.

use super::support::{live, run_policies};

/// Hours of a week and of a day.
const WEEK: f64 = 40.0;
const DAY: f64 = 8.0;

const DONE: &str = "work.item.throughput_per_day";

/// n people who always have work of an hour on average (memoryless, so that nothing hangs on when meetings are) get
/// n·(1 − h(n)/week) hours of it done an hour, h(n) = 3 + (n − 1)/2. The least of these shares lies 14 standard errors and
/// more from what they would get done without meetings. Of the time that an item lies on a desk the same share is in
/// meetings.
#[test]
fn meetings_take_their_hours_from_work() {
    for people in [1, 4, 9] {
        let n = f64::from(people);
        let share = (3.0 + (n - 1.0) / 2.0) / WEEK;
        let runs = live("meetings", &[&format!("team.dev.engineers={people}")]);
        runs.agree(DONE, n * (1.0 - share) * DAY);
        runs.agree_to("meeting_share", share, 1e-9);
        assert!(share > 14.0 * 0.005, "power: {share}");
        let (met, worked) = (runs.column("lead_time_meetings_days"), runs.column("lead_time_work_days"));
        for (met, worked) in met.into_iter().zip(worked) {
            assert!((met / (met + worked) - share).abs() < 1e-5, "{met} of {}, theory {share}", met + worked);
        }
    }
}

/// Of the hours that meetings leave, `attention` is for work.
#[test]
fn attention_is_of_what_meetings_leave() {
    let runs = live("meetings", &["team.dev.attention=\"60%\""]);
    runs.agree(DONE, 4.0 * 0.6 * (1.0 - 4.5 / WEEK) * DAY);
    runs.agree_to("meeting_share", 4.5 / WEEK, 1e-9);
}

/// Hours are a person's: who gives half of the week sits in as many. Two people who give 1 and 1/2 get
/// (1 − h/week) + (1/2 − h/week) done.
#[test]
fn who_gives_less_of_the_week_sits_as_long() {
    let half = "team.dev.part_time=[{ people = 1, share = \"50%\" }]";
    let runs = live("meetings", &["team.dev.engineers=2", half]);
    runs.agree(DONE, (1.5 - 2.0 * 3.5 / WEEK) * DAY);
    runs.agree_to("meeting_share", 2.0 * 3.5 / (1.5 * WEEK), 1e-9);
}

/// More hours than there are: a tenth of each week is left for work, of a part-timer's too.
#[test]
fn a_tenth_of_the_week_is_left() {
    let half = "team.dev.part_time=[{ people = 1, share = \"50%\" }]";
    let runs = live("meetings", &["meetings.base=\"100 hours\"", "horizon=\"750 days\"", half]);
    runs.agree(DONE, 3.5 * 0.1 * DAY);
    runs.agree_to("meeting_share", 0.9, 1e-9);
}

/// Whoever is absent, half of the time, sits in no meeting.
#[test]
fn the_absent_do_not_meet() {
    let absence =
        "team.dev.absence={ between = { exponential = \"5 days\" }, lasts = { exponential = \"5 days\" } }";
    let runs = live("meetings", &[absence, "horizon=\"850 days\"", "warmup=\"50 days\""]);
    runs.agree_within("meeting_share", 0.5 * 4.5 / WEEK, 0.01);
    runs.agree_within(DONE, 0.5 * 4.0 * (1.0 - 4.5 / WEEK) * DAY, 0.01);
}

/// Hours follow dates, people who come and reorganisations at the instant: each policy changes them at half time, and
/// its share of paid hours is the two halves'.
#[test]
fn meetings_follow_what_happens() {
    let runs = run_policies("meetings-dates", &[]);
    let hours = |people: f64| 3.0 + (people - 1.0) / 2.0;
    let grown = (4.0 * hours(4.0) + 8.0 * hours(8.0)) / 12.0;
    let theory = [hours(4.0), hours(4.0) + 3.0, grown, (hours(4.0) + hours(2.0)) / 2.0, hours(4.0) / 2.0];
    assert_eq!(runs.len(), theory.len());
    for (policy, hours) in runs.iter().zip(theory) {
        policy.agree_to("meeting_share", hours / WEEK, 1e-9);
    }
}

/// Each item is an initiative: with k of them begun, min(k, c) people work, each at 1 − e·min(k, c)/week of the pace. That
/// is a birth–death chain, since work has no memory; it holds only if what lies on all desks is timed anew as soon as an
/// initiative is begun or over.
#[test]
fn each_initiative_slows_all_at_once() {
    let (people, arrivals, each) = (3_i32, 1.4, 4.0);
    let (mut weight, mut weights, mut open, mut met) = (1.0, 1.0, 0.0, 0.0);
    for items in 1..2_000_i32 {
        let active = f64::from(items.min(people));
        weight *= arrivals / (active * (1.0 - each * active / WEEK));
        weights += weight;
        open += f64::from(items) * weight;
        met += each * active / WEEK * weight;
    }
    let set = [
        "team.dev.engineers=3",
        "work.item.arrivals={ poisson = \"1.4/day\" }",
        "work.item.items=1",
        "stage.build.effort={ exponential = \"1 day\" }",
        "meetings={ base = \"0 hours\", each_person = \"0 hours\", each_initiative = \"4 hours\" }",
        "horizon=\"3000 days\"",
        "warmup=\"500 days\"",
    ];
    let runs = live("meetings", &set);
    runs.agree_within("work.item.lead_time_mean_days", open / weights / arrivals, 0.01);
    runs.agree_within("meeting_share", met / weights, 0.005);
}

/// One team sends for parts at random, another makes them: with k open, both sit in the meetings of k, min(k, 2) people work,
/// and a tenth of their hours is left at least. That is a birth–death chain again. Where a team makes its parts itself,
/// nobody meets about them.
#[test]
fn each_part_between_teams_is_met_about() {
    let (arrivals, each) = (1.2, 6.0);
    let (mut weight, mut weights, mut open, mut met) = (1.0, 1.0, 0.0, 0.0);
    for parts in 1..1_000_i32 {
        let share = f64::min(each * f64::from(parts) / WEEK, 0.9);
        weight *= arrivals / (f64::from(parts.min(2)) * DAY * (1.0 - share));
        weights += weight;
        open += f64::from(parts) * weight;
        met += share * weight;
    }
    assert!(weight < 1e-9, "the chain settles: {weight}");
    let runs = live("meetings-parts", &[]);
    runs.agree_within("work.item.lead_time_mean_days", open / weights / arrivals, 0.01);
    runs.agree_within("meeting_share", met / weights, 0.01);
    let own = "stage.ask.parts.need=[{ work = \"part\", team = \"own\" }]";
    live("meetings-parts", &[own, "horizon=\"1000 days\""]).agree_to("meeting_share", 0.0, 0.0);
}
