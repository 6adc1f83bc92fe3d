//! Slack: what people do of whom nothing planned may be started, and what that is not charged to.

use super::support::{PolicyRuns, live, refused, study};
use orgsim::kernel::streams::Streams;
use orgsim::model::instrument::Gauge;
use orgsim::model::replication::Replication;
use orgsim::model::work::CLASSES;
use orgsim::units::{Instant, Ticks};

/// Hours of a day.
const DAY: f64 = 8.0;

/// One item after another is wanted, one at a time, by one person at a time.
const ONE_AT_A_TIME: [&str; 3] = [
    "work.item.arrivals={ endless = 2 }",
    "work.item.initiative={ size = \"8 hours\", seats = 1 }",
    "team.dev.wip.initiatives=1",
];

fn with(more: &[&str]) -> PolicyRuns {
    live("slack", more)
}

/// An item of a day is written, and read for a day by a colleague who turns to it when idle: one is done every second day,
/// although health waits, which hardly any hour is held for. What may not be started keeps nobody from what may be.
#[test]
fn a_review_for_when_idle_does_not_wait_for_what_shares_hold_back() {
    let read = ["work.item.route=[\"build\", \"read\"]", "stage.read.review.pick_up=\"when-idle\""];
    for held in [None, Some("team.dev.when_held=[\"review\"]")] {
        let share = ["team.dev.share.health=\"0.001%\""];
        let set: Vec<&str> = ONE_AT_A_TIME.iter().chain(&read).chain(&share).copied().chain(held).collect();
        for rate in with(&set).column("throughput_per_week") {
            assert!((rate - 2.5).abs() < 0.01, "{held:?}: {rate} a week");
        }
    }
}

/// Two people, one line. Alone with an item, one of them has help: a birth–death chain with deaths at (1 + h)μ, 2μ, 2μ …
/// With a = λ / ((1 + h)μ) and r = λ / 2μ, p₀ = 1 / (1 + a / (1 - r)) and L = p₀ a / (1 - r)².
#[test]
fn a_colleague_helps_whoever_is_alone_at_work() {
    let mu: f64 = 1.0;
    let year = study("slack", &[]).timelines[0].phases[0].1.year.hours();
    for (lambda, speed, days) in [(1.0, 0.5, 4_000), (1.0, 0.0, 3_000), (0.4, 1.0, 9_500), (1.6, 0.5, 18_000)]
    {
        let held = "team.dev.when_held=[\"help\", \"idle\"]";
        let help = format!("team.dev.help={{ speed = {speed:?}, from = \"0 hours\" }}");
        let arrivals = format!("work.item.arrivals={{ poisson = \"{lambda}/day\" }}");
        let horizon = format!("horizon=\"{days} days\"");
        let set = [
            held,
            &help,
            &arrivals,
            "work.item.size={ exponential = \"8 hours\" }",
            "work.health.arrivals=",
            &horizon,
            "replications=40",
        ];
        let runs = with(&set);
        let (a, r) = (lambda / ((1.0 + speed) * mu), lambda / (2.0 * mu));
        let none = 1.0 / (1.0 + a / (1.0 - r));
        runs.agree_within("lead_time_mean_days", none * a / (1.0 - r).powi(2) / lambda, 0.01);
        // Both are at work, or neither.
        runs.agree("utilisation", 1.0 - none);
        runs.agree_within("slack_share", none + none * a / 2.0, 0.01);
        runs.agree_within("helping_hours_per_year", none * a * year, 0.01);
    }
}

/// Alone, with health for all hours that features leave: 1 - ρ of the hours go there. Features wait as in M/G/1 whose server
/// takes vacations of V whenever nobody waits: λE[S²] / 2(1 - ρ) + E[V²] / 2E[V] (Fuhrmann and Cooper 1985).
#[test]
fn health_in_slack_takes_the_idle_hours_of_the_same_queue() {
    for (lambda, vacation, days) in [(0.5, 4.0, 5_500), (0.8, 16.0, 44_000)] {
        let arrivals = format!("work.item.arrivals={{ poisson = \"{lambda}/day\" }}");
        let size = format!("work.health.size=\"{vacation} hours\"");
        let horizon = format!("horizon=\"{days} days\"");
        let set = [
            "team.dev.engineers=1",
            "team.dev.share.health=\"0%\"",
            "team.dev.when_held=[\"health\"]",
            &arrivals,
            &size,
            "work.item.size={ exponential = \"8 hours\" }",
            &horizon,
        ];
        let runs = with(&set);
        runs.agree_within("health_share", 1.0 - lambda, 0.01);
        runs.agree_within("slack_share", 1.0 - lambda, 0.01);
        runs.agree_to("utilisation", 1.0, 1e-9);
        let waits = lambda * 2.0 / (2.0 * (1.0 - lambda)) + vacation / DAY / 2.0;
        runs.agree_within("work.item.lead_time_mean_days", waits + 1.0, 0.02);
    }
}

/// What the team owes, and what its people have worked, in all and in slack, once a day.
fn owed(when_held: &str) -> Vec<([u64; CLASSES], f64, f64)> {
    let held = format!("team.dev.when_held={when_held}");
    let set: Vec<&str> =
        ONE_AT_A_TIME.iter().copied().chain(["team.dev.share.health=\"25%\"", &held]).collect();
    let study = study("slack", &set);
    let mut replication =
        Replication::begin(&study.timelines[0].phases[0].1, Streams::new(study.scenario.seed, 0));
    let mut days = Vec::new();
    for day in 0..400 {
        let now = Instant::START + Ticks::from_hours(DAY * f64::from(day) + 1.0);
        replication.run_until(now, &mut ()).expect("no overrun");
        let (team, org) = (orgsim::units::TeamId::new(0), &replication.ctx.org);
        let slack = org.in_slack(team, now).worked[1];
        days.push((org.teams[0].owed.map(f64::to_bits), org.worked(team, now)[1], slack));
    }
    days
}

/// Health in slack is charged to no share: what is owed is the same to the last bit as where people wait instead.
#[test]
fn slack_is_charged_to_no_share() {
    let (idle, busy) = (owed("[\"idle\"]"), owed("[\"health\", \"idle\"]"));
    for (idle, busy) in idle.iter().zip(&busy) {
        assert_eq!(idle.0, busy.0);
        assert_eq!(idle.2, 0.0);
        assert!((busy.1 - busy.2 - idle.1).abs() < 1e-6, "planned hours: {busy:?} {idle:?}");
    }
    // A quarter of planned hours are for health: of two people one is always on features, the other a third of the time.
    let (planned, extra) = (idle[399].1, busy[399].2);
    assert!((planned / extra - 0.5).abs() < 0.02, "power: {planned} {extra}");
}

/// Whether limits or want of demand leave people without planned work, health gets the hours. Where shares keep them, it is
/// left with its own where a limit holds people.
#[test]
fn equal_slack_gives_equal_health() {
    let shared = ["team.dev.share.health=\"10%\"", "work.health.size=\"1 hour\"", "horizon=\"8000 days\""];
    let mean = |runs: &PolicyRuns, column: &str| super::support::estimate(&runs.column(column)).0;
    let found = |work: &[&str], held: &[&str]| {
        let set: Vec<&str> = shared.iter().chain(work).chain(held).copied().collect();
        let runs = with(&set);
        (mean(&runs, "slack_share"), mean(&runs, "health_share"))
    };
    // One person's features in both, in the second by Poisson demand of one a day.
    let demand = ["work.item.arrivals={ poisson = \"1/day\" }"];
    let held = ["team.dev.when_held=[\"health\"]"];
    let (limited, wanted) = (found(&ONE_AT_A_TIME, &held), found(&demand, &held));
    assert!((limited.0 - wanted.0).abs() < 0.01, "slack {limited:?} {wanted:?}");
    assert!((limited.1 - wanted.1).abs() < 0.01, "health {limited:?} {wanted:?}");
    let (limited, wanted) = (found(&ONE_AT_A_TIME, &[]), found(&demand, &[]));
    assert!(wanted.1 - limited.1 > 0.3, "power: {limited:?} {wanted:?}");
}

/// The first thing of the list that can be done is done.
#[test]
fn the_order_of_the_list_is_kept() {
    let help = "team.dev.help={ speed = 0.5, from = \"0 hours\" }";
    let share = "team.dev.share.health=\"0%\"";
    for (order, rate) in
        [("[\"help\", \"health\"]", 1.5), ("[\"health\", \"help\"]", 1.0), ("[\"idle\", \"help\"]", 1.0)]
    {
        let held = format!("team.dev.when_held={order}");
        let set: Vec<&str> = ONE_AT_A_TIME.iter().copied().chain([help, share, &held]).collect();
        for found in with(&set).column("work.item.throughput_per_day") {
            assert!((found - rate).abs() < 0.001, "{order}: {found} a day");
        }
    }
}

/// An item with less left than is worth helping with is left to whoever has it.
#[test]
fn help_is_given_from_some_size_on() {
    for (from, rate) in [("8 hours", 1.5), ("8.1 hours", 1.0)] {
        let help = format!("team.dev.help={{ speed = 0.5, from = \"{from}\" }}");
        let held = "team.dev.when_held=[\"help\"]";
        let set: Vec<&str> = ONE_AT_A_TIME
            .iter()
            .copied()
            .chain([help.as_str(), held, "team.dev.share.health=\"0%\"", "work.health.arrivals="])
            .collect();
        for found in with(&set).column("work.item.throughput_per_day") {
            assert!((found - rate).abs() < 0.001, "{from}: {found} a day");
        }
    }
}

/// What a list needs is said where it is missing.
#[test]
fn a_list_without_what_it_needs_is_refused() {
    let text = |held: &str| {
        format!(
            "extends = \"bare\"\nhorizon = \"10 days\"\n[[team]]\nname = \"dev\"\nengineers = 2\nwhen_held = {held}\n\
             [work.item]\narrivals = {{ poisson = \"1/day\" }}\nsize = \"1 day\"\nroute = [\"build\", \"read\"]\n\
             [stage.build]\nteam = \"dev\"\neffort_share = \"100%\"\ncode = true\n\
             [stage.read]\nreview.pick_up = \"when-idle\"\neffort = \"1 hour\"\n"
        )
    };
    for (held, said) in [
        ("[\"idle\"]", "nobody would ever read"),
        ("[\"review\", \"help\"]", "how fast is it with help"),
        ("[\"review\", \"idle\", \"review\"]", "stands in the list already"),
        ("[\"review\", \"tools\"]", "there are no tools to tend to"),
    ] {
        let why = refused(&text(held));
        assert!(why.contains(said), "{why}");
    }
}

/// What is called for one idle person, alone with tools that do not decay: an hour a time on the worst of four areas, so that after
/// 4n hours each has had n. What is missing to the best falls as e^(-n/raise).
#[test]
fn tools_are_tended_to_by_the_hour_where_they_are_worst() {
    let tools = "tooling={ start = \"50%\", raise = \"100 hours\", decay = \"1000 years\", deployment = 0, environments = 0, \
                 needed = \"0%\", wait = \"0 hours\", errors = 0, reinvest = \"0%\" }";
    let idle = ["team.dev.engineers=1", "work.item.arrivals=none", "work.health.arrivals=", tools];
    let set = [&idle[..], &["team.dev.when_held=[\"tools\"]"]].concat();
    let study = study("slack", &set);
    let year = study.timelines[0].phases[0].1.year.hours();
    let mut replication =
        Replication::begin(&study.timelines[0].phases[0].1, Streams::new(study.scenario.seed, 0));
    for hours in [40.0, 160.0, 400.0] {
        replication.run_until(Instant::START + Ticks::from_hours(hours), &mut ()).expect("no overrun");
        let found = replication.ctx.org.teams[0].gauge(Gauge::BUILDS, 0.0);
        let theory = 1.0 - 0.5 * (-hours / 4.0 / 100.0_f64).exp();
        assert!((found - theory).abs() < 5e-4, "after {hours}: {found}, theory {theory}");
    }
    let short = ["horizon=\"252 days\"", "warmup=\"0 days\"", "replications=1"];
    let runs = with(&[&set[..], &short].concat());
    runs.agree_to("tooling_per_year", year, 1e-6);
    runs.agree_to("slack_share", 1.0, 1e-9);
    // Work of one's own waits for the end of the hour, as behind a server's vacation (Fuhrmann and Cooper 1985).
    let work =
        ["work.item.arrivals={ poisson = \"0.5/day\" }", "work.item.size={ exponential = \"8 hours\" }"];
    let rest = ["team.dev.engineers=1", "work.health.arrivals=", tools, "team.dev.when_held=[\"tools\"]"];
    let runs = with(&[&rest[..], &work, &["horizon=\"6500 days\""]].concat());
    runs.agree_within("work.item.lead_time_mean_days", 1.0 + 1.0 + 0.5 / DAY, 0.02);
    runs.agree_within("slack_share", 0.5, 0.01);
}
