//! Pre-emption as a rule of the settled instant, by schedules worked out by hand and by formulas.

use super::queues::{birth_death, mean_state, mmc_wait};
use super::support::{agree, estimate, live};
use orgsim::kernel::streams::Streams;
use orgsim::model::replication::Replication;
use orgsim::observation::trace::Trace;
use orgsim::scenario::study::{Amendments, Study};
use orgsim::units::{Instant, Ticks};
use std::path::PathBuf;

#[path = "../../benches/peers/twin.rs"]
mod twin;

/// Runs one replication of a scenario given by its text, on top of `bare` with one stage `build` of a team `dev`.
fn trace(people: u32, text: &str) -> Trace {
    let text = format!(
        "extends = \"bare\"\nhorizon = \"100 days\"\nreplications = 2\n[[team]]\nname = \"dev\"\n\
         engineers = {people}\n[stage.build]\nteam = \"dev\"\neffort = \"1 hour\"\n{text}"
    );
    let read = Study::from_text("x.toml", text.as_bytes(), PathBuf::from("."), &Amendments::default());
    let study = read.map_or_else(
        |refusal| panic!("{}\n{text}", orgsim::scenario::render(&refusal.problems, &refusal.sources, false)),
        |(study, _)| study,
    );
    let mut replication =
        Replication::begin(&study.timelines[0].phases[0].1, Streams::new(study.scenario.seed, 0));
    let mut trace = Trace::default();
    replication.run_until(Instant::START + Ticks::from_hours(800.0), &mut trace).expect("no overrun");
    trace
}

/// Hours at which items of a kind went live, in order.
fn done(trace: &Trace, kind: &str) -> Vec<f64> {
    let live = trace.items.iter().filter(|row| row.kind == kind && row.end == "live");
    live.map(|row| row.ended).collect()
}

/// How often work was set aside for more urgent work.
fn set_aside(trace: &Trace) -> usize {
    trace.events.iter().filter(|row| row.event == "set aside").count()
}

/// Work of one kind at given times: with this priority, effort and further keys.
fn kind(name: &str, priority: u8, times: &str, effort: &str, more: &str) -> String {
    format!(
        "[work.{name}]\npriority = {priority}\narrivals = {{ trace = {{ times = [{times}] }} }}\n\
         effort = {{ build = \"{effort}\" }}\nroute = [\"build\"]\n{more}\n"
    )
}

fn usual(times: &str) -> String {
    kind("usual", 5, times, "10 days", "")
}

fn urgent(times: &str, effort: &str) -> String {
    kind("urgent", 1, times, effort, "preempts = \"resume\"")
}

/// Two people work on two usual things; two urgent ones come at once at 8 h and take 16 h. Both are done at 24 h,
/// and the usual ones 16 h late.
#[test]
fn several_at_one_instant_each_take_a_desk() {
    let text = usual("\"0 days\", \"0 days\"") + &urgent("\"1 day\", \"1 day\"", "2 days");
    let trace = trace(2, &text);
    assert_eq!(done(&trace, "urgent"), [24.0, 24.0]);
    assert_eq!(done(&trace, "usual"), [96.0, 96.0]);
    assert_eq!(set_aside(&trace), 2);
    // One of two is free: it is the desk of the other that is taken.
    let text = usual("\"0 days\"") + &urgent("\"1 day\", \"1 day\"", "2 days");
    let trace = self::trace(2, &text);
    assert_eq!(done(&trace, "urgent"), [24.0, 24.0]);
    assert_eq!(done(&trace, "usual"), [96.0]);
}

/// Three grades: what is set aside for more urgent work takes the desk of what is less urgent still.
#[test]
fn what_is_set_aside_sets_aside_in_turn() {
    let text = usual("\"0 days\"")
        + &kind("middling", 3, "\"0 days\"", "10 days", "preempts = \"resume\"")
        + &urgent("\"1 day\", \"1 day\"", "2 days");
    let trace = trace(2, &text);
    assert_eq!(done(&trace, "urgent"), [24.0, 24.0]);
    assert_eq!(done(&trace, "middling"), [96.0]);
    assert_eq!(done(&trace, "usual"), [96.0]);
    let text = usual("\"0 days\"")
        + &kind("middling", 3, "\"0 days\"", "10 days", "preempts = \"resume\"")
        + &urgent("\"1 day\"", "2 days");
    let trace = self::trace(2, &text);
    assert_eq!((done(&trace, "middling"), done(&trace, "usual")), (vec![80.0], vec![96.0]));
}

/// One person, away from 24 h to 32 h. The urgent work of 28 h begins at 32 h.
#[test]
fn whoever_comes_back_takes_up_the_urgent_work() {
    let away = "[defaults.team]\nabsence = { between = \"3 days\", lasts = \"1 day\" }\n";
    let text = kind("usual", 5, "\"0 days\"", "10 days", "") + &urgent("\"3.5 days\"", "1 day") + away;
    assert_eq!(done(&trace(1, &text), "urgent"), [40.0]);
}

/// A board at 40 h lets two through; each takes one of the two desks.
#[test]
fn what_a_board_releases_takes_desks() {
    let board = "[stage.approve]\nboard = \"council\"\n[board.council]\nmeets = { every = \"5 days\" }\nattends = 0\ntakes = \"0 hours\"\n";
    let text = usual("\"0 days\", \"0 days\"")
        + &urgent("\"1 day\", \"2 days\"", "2 days")
            .replace("route = [\"build\"]", "route = [\"approve\", \"build\"]")
        + board;
    let trace = trace(2, &text);
    assert_eq!(done(&trace, "urgent"), [56.0, 56.0]);
    assert_eq!(done(&trace, "usual"), [96.0, 96.0]);
}

/// Ann writes the urgent change (2 h), Bob is on usual work. Ann may not read her own, so Bob reads it at once (1 h).
/// Ann takes up nothing: what Bob put aside is hers to go on with, if she is free.
#[test]
fn a_colleague_reads_where_the_author_is_idle() {
    for pick_up in ["at-breaks", "when-idle"] {
        let text = "code = true\n".to_owned()
            + &usual("\"0 days\"")
            + "[work.urgent]\npriority = 1\npreempts = \"resume\"\nroute = [\"build\", \"read\"]\n\
               arrivals = { trace = { times = [\"1 day\"] } }\neffort = { build = \"2 hours\" }\n"
            + &format!("[stage.read]\nreview = {{ pick_up = \"{pick_up}\" }}\neffort = \"1 hour\"\n");
        let trace = trace(2, &text);
        assert_eq!(done(&trace, "urgent"), [11.0], "{pick_up}");
        assert_eq!(done(&trace, "usual"), [80.0], "{pick_up}");
    }
}

/// A free person may have no more than one thing in mind and has one already, with a machine. The urgent work goes
/// to the other, whose own thing makes room for it; that was begun, so the first may go on with it.
#[test]
fn a_free_person_who_may_not_start_it_is_no_reason_to_wait() {
    let text = "[work.first]\npriority = 5\narrivals = { trace = { times = [\"0 days\"] } }\nroute = [\"build\", \"test\"]\neffort = { build = \"1 day\" }\n\
                [stage.test]\nmachine = { run = \"20 days\" }\n[defaults.team]\nwip.items = 1\n".to_owned()
        + &usual("\"0 days\"")
        + &urgent("\"2 days\"", "2 days");
    let trace = trace(2, &text);
    assert_eq!(done(&trace, "urgent"), [32.0]);
    assert_eq!(done(&trace, "usual"), [80.0]);
}

/// One person and one place: the urgent work takes the place of what it sets aside, be it a slot, a place between
/// stages, or one of the person's or the team's. 32 h of the usual work are lost: 32 + 16 + 80.
#[test]
fn urgent_work_takes_the_place_of_what_it_sets_aside() {
    let limits = [
        "[defaults.team]\nwip.items = 1\n",
        "[defaults.team]\nwip.team = 1\n",
        "[limit.line]\nstages = [\"build\"]\nitems = 1\n",
        "",
    ];
    for limit in limits {
        let slots = if limit.is_empty() { "slots = 1\n" } else { "" };
        let text = slots.to_owned()
            + &usual("\"0 days\"")
            + &kind("urgent", 1, "\"4 days\"", "2 days", "preempts = \"restart\"")
            + limit;
        let trace = trace(1, &text);
        assert_eq!(done(&trace, "urgent"), [48.0], "{limit}");
        assert_eq!(done(&trace, "usual"), [128.0], "{limit}");
        assert_eq!(set_aside(&trace), 1, "{limit}");
    }
}

/// A place that what is set aside does not hold is no place to take: the usual work at another stage is left alone.
#[test]
fn nothing_is_set_aside_for_what_cannot_start() {
    let text = "slots = 1\n[stage.wait]\nmachine = { run = \"30 days\" }\nslots = 1\n[stage.other]\nteam = \"dev\"\neffort = \"10 days\"\n".to_owned()
        + "[work.holds]\npriority = 5\narrivals = { trace = { times = [\"0 days\", \"0 days\"] } }\nroute = [\"build\", \"wait\"]\neffort = { build = \"1 day\" }\n"
        + "[work.usual]\npriority = 5\narrivals = { trace = { times = [\"2 days\"] } }\nroute = [\"other\"]\n"
        + &kind("urgent", 1, "\"4 days\"", "2 days", "preempts = \"restart\"");
    let trace = trace(1, &text);
    // The second that holds has finished building at 16 h and keeps the slot until the machine is free at 248 h.
    assert_eq!(done(&trace, "usual"), [96.0]);
    assert_eq!(done(&trace, "urgent"), [264.0]);
    assert_eq!(set_aside(&trace), 0);
}

/// What pre-empts is taken up before anything less urgent, of whatever class, so that nothing is begun only to be
/// set aside at once.
#[test]
fn nothing_is_begun_to_be_set_aside_at_once() {
    let text = kind("usual", 5, "\"0 days\"", "1 day", "")
        + &kind("bug", 9, "\"4 hours\"", "1 day", "class = \"unplanned\"")
        + &urgent("\"4 hours\"", "1 day").replace("preempts", "class = \"health\"\npreempts");
    let text = text.replace("\"4 hours\"", "\"1 day\"");
    let trace = trace(1, &text);
    assert_eq!((done(&trace, "urgent"), done(&trace, "bug")), (vec![16.0], vec![24.0]));
    assert_eq!(set_aside(&trace), 0);
}

/// Batches of two at 0.2 a day, two people, work of one day: the urgent class by itself is an M[2]/M/2, a chain that
/// goes up by two with rate 0.2 and down by one with rate min(n, 2). Its mean number over 0.4 a day is 1.1648 days.
#[test]
fn batches_of_urgent_work_are_a_bulk_queue_of_their_own() {
    let rate = 0.2;
    let mut weights = vec![1.0, 0.0];
    // Balance of what crosses between n and n + 1: rate (p[n] + p[n - 1]) = min(n + 1, 2) p[n + 1].
    weights[1] = rate;
    for n in 1..400 {
        weights.push(rate * (weights[n] + weights[n - 1]) / 2.0);
    }
    let sum: f64 = weights.iter().sum();
    let chances: Vec<f64> = weights.iter().map(|weight| weight / sum).collect();
    let time = mean_state(&chances) / 0.4;
    assert!((time - 1.1648).abs() < 1e-4, "{time}");
    let set = [
        "team.dev.engineers=2",
        "work.urgent.preempts=\"resume\"",
        "work.urgent.items=2",
        "work.urgent.arrivals.poisson=\"0.2/day\"",
        "work.urgent.effort.build.exponential=\"1 day\"",
        "stage.build.effort.exponential=\"1 day\"",
        "work.usual.arrivals.poisson=\"1.2/day\"",
        "horizon=\"8500 days\"",
    ];
    live("priorities", &set).agree("work.urgent.lead_time_mean_days", time);
}

/// Erlang's loss formula with two people: whoever may take a desk is refused only where both are on urgent work.
#[test]
fn urgent_work_that_may_not_wait_is_lost_as_erlang_says() {
    let set = [
        "team.dev.engineers=2",
        "work.urgent.preempts=\"resume\"",
        "work.urgent.waits=false",
        "work.urgent.arrivals.poisson=\"0.4/day\"",
        "work.urgent.effort.build.exponential=\"1 day\"",
        "stage.build.effort.exponential=\"1 day\"",
        "work.usual.arrivals.poisson=\"1.2/day\"",
        "horizon=\"24000 days\"",
    ];
    let runs = live("priorities", &set);
    let a: f64 = 0.4;
    let lost = a * a / 2.0 / (1.0 + a + a * a / 2.0);
    let (dropped, arrived) = (runs.column("work.urgent.dropped"), runs.column("work.urgent.arrived"));
    let shares: Vec<f64> = dropped.iter().zip(arrived).map(|(dropped, arrived)| dropped / arrived).collect();
    agree("urgent work refused", &shares, lost, 0.01);
}

/// Where one may wait, three people are an M/M/3/4 of urgent work, whatever else they do.
#[test]
fn a_backlog_of_urgent_work_counts_only_what_waits() {
    let set = [
        "team.dev.engineers=3",
        "work.urgent.preempts=\"resume\"",
        "work.urgent.backlog_limit=1",
        "work.urgent.arrivals.poisson=\"1.5/day\"",
        "work.urgent.effort.build.exponential=\"1 day\"",
        "stage.build.effort.exponential=\"1 day\"",
        "work.usual.arrivals.poisson=\"0.7/day\"",
        "horizon=\"8500 days\"",
    ];
    let runs = live("priorities", &set);
    let chances = birth_death(|n| if n < 4 { 1.5 } else { 0.0 }, |n| n.min(3) as f64);
    let (dropped, arrived) = (runs.column("work.urgent.dropped"), runs.column("work.urgent.arrived"));
    let shares: Vec<f64> = dropped.iter().zip(arrived).map(|(dropped, arrived)| dropped / arrived).collect();
    agree("urgent work refused at a backlog of one", &shares, chances[4], 0.01);
}

/// Mean time in the system of three people who share their time evenly among at most `limit` things each, work being
/// exponential with mean 1: a chain over what lies on each desk, sorted, and how many wait. Whoever has the least
/// pulls first; nothing begun changes hands. Solved by iteration.
fn shortest_desk(rate: f64, limit: usize) -> f64 {
    const MOST: usize = 30;
    let mut states: Vec<[usize; 4]> = Vec::new();
    for least in 0..=limit {
        for middle in least..=limit {
            for most in middle..=limit {
                let longest = if least == limit { MOST } else { 0 };
                states.extend((0..=longest).map(|waiting| [least, middle, most, waiting]));
            }
        }
    }
    let place: std::collections::HashMap<[usize; 4], usize> =
        states.iter().enumerate().map(|(at, state)| (*state, at)).collect();
    let mut chances = vec![1.0 / states.len() as f64; states.len()];
    let step = 1.0 / (rate + 3.0);
    for _ in 0..4_000 {
        let mut next = chances.clone();
        for (at, state) in states.iter().enumerate() {
            let mut go = |mut to: [usize; 4], rate: f64| {
                to[..3].sort_unstable();
                if let Some(to) = place.get(&to) {
                    next[*to] += chances[at] * rate * step;
                    next[at] -= chances[at] * rate * step;
                }
            };
            let [least, middle, most, waiting] = *state;
            if least < limit {
                go([least + 1, middle, most, waiting], rate);
            } else {
                go([least, middle, most, waiting + 1], rate);
            }
            for desk in (0..3).filter(|desk| state[*desk] > 0) {
                let mut to = *state;
                if waiting > 0 {
                    to[3] -= 1
                } else {
                    to[desk] -= 1
                }
                go(to, 1.0);
            }
        }
        chances = next;
    }
    let number = |(chance, state): (&f64, &[usize; 4])| chance * state.iter().sum::<usize>() as f64;
    chances.iter().zip(&states).map(number).sum::<f64>() / rate
}

/// Whoever is idle pulls before anybody adds a second thing. With a limit of one this is an M/M/3.
#[test]
fn an_idle_person_pulls_before_a_busy_one() {
    assert!((shortest_desk(0.6, 1) - 1.0 - mmc_wait(3, 0.6, 1.0)).abs() < 1e-9);
    for (limit, written) in [(1, "1"), (2, "2"), (3, "3"), (12, "\"unlimited\"")] {
        let set = [
            "team.dev.engineers=3",
            "work.item.arrivals.poisson=\"0.6/day\"",
            &format!("team.dev.wip.active={written}"),
            "horizon=\"4500 days\"",
        ];
        live("mmc", &set).agree("work.item.lead_time_mean_days", shortest_desk(0.6, limit));
    }
}

/// A reference and its own standard error: the mean of our replications must lie within 4.5 standard errors of both
/// together (alpha = 7e-6), and they must be small enough to see `power` of it.
fn agree_with_reference(what: &str, values: &[f64], (reference, its_error): (f64, f64), power: f64) {
    let (mean, error) = estimate(values);
    let both = error.hypot(its_error);
    println!("| {what} | {reference} ± {its_error} | {mean:.4} ± {error:.4} |");
    assert!((mean - reference).abs() < 4.5 * both, "{what}: {mean:.4} ± {error:.4}, reference {reference}");
    assert!(both < power * reference, "{what}: no power");
}

/// Against independent programs of the same organisation (`benches/peers`): a loop by hand, run here, and some 60 lines
/// of SimPy with a `PreemptiveResource` of five: Poisson arrivals at 0.25 an hour; lognormal work of mean 12 h and
/// sigma 1 of the logarithm; 20 % go back to the end of the line for fresh work; 30 % wait for a board every 40 h; 20 %
/// of deployments cause an incident of mean 6 h at once, which takes a desk where none is free; what it interrupts goes
/// on where it stopped. 4,160 h from empty (its end excluded: a board meets there), 9,000 replications: lead 31.51 h
/// with a standard error of 0.065 h, 1030.1 deployed, 206 incidents, 36.5 pre-emptions; the errors of the last three
/// are those of our own replications over the root of six, and of rounding.
#[test]
fn a_small_organisation_is_that_of_simpy() {
    let runs = live("../../benches/peers/organisation", &["replications=1500"]);
    let hours: Vec<f64> =
        runs.column("work.item.lead_time_mean_days").iter().map(|days| days * 8.0).collect();
    let aside: Vec<f64> = runs.column("preemptions_per_week").iter().map(|count| count * 104.0).collect();
    let twins: Vec<twin::Summary> = (0..1_500).map(|seed| twin::replicate(seed, 4_160)).collect();
    println!("{} events in the first by hand", twins[0].events);
    let by_hand = |read: fn(&twin::Summary) -> f64| estimate(&twins.iter().map(read).collect::<Vec<f64>>());
    let leads = by_hand(|twin| twin.lead_hours);
    agree_with_reference("lead time, by hand", &hours, leads, 0.01);
    let deployed = by_hand(|twin| twin.deployed as f64);
    agree_with_reference("deployed, by hand", &runs.column("work.item.done"), deployed, 0.01);
    let incidents = by_hand(|twin| twin.incidents as f64);
    agree_with_reference("incidents, by hand", &runs.column("work.incident.arrived"), incidents, 0.01);
    let aside_by_hand = by_hand(|twin| twin.preemptions as f64);
    agree_with_reference("pre-emptions, by hand", &aside, aside_by_hand, 0.01);
    agree_with_reference("lead time", &hours, (31.51, 0.065), 0.01);
    agree_with_reference("deployed", &runs.column("work.item.done"), (1030.1, 0.35), 0.01);
    agree_with_reference("incidents", &runs.column("work.incident.arrived"), (206.0, 0.3), 0.01);
    agree_with_reference("pre-emptions", &aside, (36.5, 0.09), 0.01);
}

/// Two people on one thing of ten days are twice as fast. At 8 h, 64 h of it left, urgent work of 16 h comes: whoever
/// helps leaves, and the other goes on alone, losing nothing even where what is set aside begins anew.
#[test]
fn whoever_only_helps_leaves_first() {
    let text = "crew.speed = [\"100%\", \"200%\"]\n".to_owned()
        + &kind("usual", 5, "\"0 days\"", "10 days", "")
        + "[work.urgent]\npriority = 1\npreempts = \"restart\"\nroute = [\"mend\"]\narrivals = { trace = { times = [\"1 day\"] } }\n\
           [stage.mend]\nteam = \"dev\"\neffort = \"2 days\"\n";
    let trace = trace(2, &text);
    assert_eq!(done(&trace, "urgent"), [24.0]);
    assert_eq!(done(&trace, "usual"), [72.0]);
    assert_eq!(set_aside(&trace), 0);
}

/// A limit of one item each and a share for health that nothing asks for: whoever waits for their own change to be
/// read reads the other's, though reading is for idle time and new features wait, kept back by the limit.
#[test]
fn where_shares_and_limits_keep_back_what_is_new_reviews_are_read() {
    let text = "code = true\n[stage.read]\nreview = { pick_up = \"when-idle\" }\neffort = \"1 hour\"\n\
                [defaults.team]\nwip.items = 1\nshare.health = \"20%\"\n\
                [work.usual]\nroute = [\"build\", \"read\"]\neffort = { build = \"7 hours\" }\n\
                arrivals = { endless = 4 }\n\
                [work.repair]\nclass = \"health\"\nroute = [\"build\"]\nbacklog = 2\n";
    let trace = trace(2, text);
    // Eight hours for every two.
    let done = done(&trace, "usual");
    assert!(done.len() >= 190, "{}", done.len());
}

/// Random order of service has the mean wait of first come first served, and E[W²] 2/(2 − ρ) times as large; for an
/// M/M/1 that of first come is 2ρ/(1 − ρ)² (Takács 1963; Kingman 1962).
#[test]
fn random_order_is_drawn_at_each_pull() {
    let set =
        ["stage.build.effort.exponential=\"1 day\"", "team.dev.order=\"random\"", "horizon=\"33000 days\""];
    let runs = live("mg1", &set);
    let rho: f64 = 0.6;
    let mean = rho / (1.0 - rho);
    let second = 2.0 * rho / (1.0 - rho).powi(2) * 2.0 / (2.0 - rho);
    runs.agree_within("stage.build.wait_mean_days", mean, 0.01);
    runs.agree_within("stage.build.wait_variance_days2", second - mean * mean, 0.03);
}

/// What is set aside counts for no limit on what was begun, however many layers deep: by hand, as without any limit.
#[test]
fn limits_on_what_was_begun_do_not_count_what_is_set_aside() {
    let three = |limit: &str| {
        let text = "[defaults.team]\n".to_owned()
            + limit
            + &kind("low", 5, "\"0 days\"", "10 days", "")
            + &kind("mid", 3, "\"1 day\"", "10 days", "preempts = \"resume\"\n")
            + &kind("high", 1, "\"2 days\"", "1 day", "preempts = \"resume\"\n");
        let trace = trace(1, &text);
        (done(&trace, "high"), done(&trace, "mid"), done(&trace, "low"))
    };
    for limit in ["", "wip.items = 1\n", "wip.team = 1\n"] {
        assert_eq!(three(limit), (vec![24.0], vec![96.0], vec![168.0]), "{limit}");
    }
    let two = "[defaults.team]\nwip.team = 2\n".to_owned()
        + &kind("usual", 5, "\"0 days\", \"0 days\"", "10 days", "")
        + &kind("urgent", 1, "\"1 day\", \"2 days\"", "3 days", "preempts = \"resume\"\n");
    let trace = trace(2, &two);
    assert_eq!(done(&trace, "urgent"), [32.0, 40.0]);
}

/// What is set aside of a shared desk is what was taken up last, not what most is left of: M/M/1, L = ρ/(1 − ρ).
/// With the rule of before (most left) this was 1.467.
#[test]
fn what_is_set_aside_of_a_desk_has_nothing_to_do_with_how_much_is_left() {
    live("desk-of-two", &[]).agree_within("in_system", 1.5, 0.02);
}
