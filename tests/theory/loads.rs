//! The load that `check` says is the utilisation that a long run shows, for people and for machines.
//!
//! For each scenario the load is worked out from the plan alone, by means; and the run's utilisation is the mean of its
//! replications. They must agree within 4.5 standard errors, and the standard error must be small enough to tell a load
//! from one that is wrong by 3 %. Each scenario is stable, so that all that is asked for is done. Where people are absent,
//! the share of their time that they are there is divided out: `check` speaks of the hours that people are there. A
//! machine has no column of its own: its utilisation is runs × mean length over runners and time, and the number of runs
//! is what the column of visits counts.

use super::support::{PolicyRuns, agree, runs_of, written};
use orgsim::scenario::study::Study;
use orgsim::scenario::{LoadSort, loads};

const TEAM: &str = "extends = \"bare\"\nhorizon = \"4000 days\"\nwarmup = \"100 days\"\nreplications = 24\n\
                    [[team]]\nname = \"dev\"\nengineers = 2\n";

/// All replications of a scenario.
fn live_of(study: &Study) -> PolicyRuns {
    runs_of("load", study).swap_remove(0)
}

/// The load that is said of somebody, and the run's utilisation of the team called `dev`, both as shares.
fn compared(text: &str, name: &str, sort: LoadSort) -> (f64, Vec<f64>) {
    let text = format!("{TEAM}{text}");
    let study = written(&text);
    let loads = loads(&study.baseline().phases[0].1, &study.window());
    let load = loads.iter().find(|load| load.name == name && load.sort == sort).expect("a load").share();
    (load, live_of(&study).column("team.dev.utilisation"))
}

fn team_agrees(what: &str, text: &str, there: f64) {
    let (load, found) = compared(text, "dev", LoadSort::Team);
    let found: Vec<f64> = found.iter().map(|share| share / there).collect();
    agree(what, &found, load, 0.008);
}

#[test]
fn a_profile_counts_over_the_time_that_is_measured() {
    // 60 days at 150 %, 40 at 50 %: 110 % of one item of a day for two people.
    let work = "[work.item]\narrivals = { poisson = \"1/day\" }\nroute = [\"build\"]\n\
                profile = { period = \"100 days\", pieces = [{ from = \"0 days\", rate = \"150%\" }, \
                { from = \"60 days\", rate = \"50%\" }] }\n\
                [stage.build]\nteam = \"dev\"\neffort = { exponential = \"1 day\" }\n";
    team_agrees("profile", work, 1.0);
    let (load, _) = compared(work, "dev", LoadSort::Team);
    assert!((load - 0.55).abs() < 0.002, "110 % of half: {load}");
    let growing = work.replace("period = \"100 days\"", "growth = \"3%\", period = \"100 days\"");
    team_agrees("a profile that grows", &growing, 1.0);
}

#[test]
fn meetings_leave_fewer_hours() {
    // 4 hours of 40 for each of two people who give 1 and 1/2: 1.3 people are left. Meetings are time with work at hand.
    let work = "part_time = [{ people = 1, share = \"50%\" }]\n[meetings]\nbase = \"3 hours\"\neach_person = \"1 hour\"\n\
                [work.item]\narrivals = { poisson = \"1/day\" }\nroute = [\"build\"]\n\
                [stage.build]\nteam = \"dev\"\neffort = { exponential = \"0.65 days\" }\n";
    let (load, _) = compared(work, "dev", LoadSort::Team);
    assert!((load - 0.5).abs() < 1e-9, "0.65 of 1.3: {load}");
}

#[test]
fn absences_leave_fewer_hours() {
    // There for 3 days, away for 1: three quarters; one item of 0.9 days a day for 1.5 people.
    let work = "absence = { between = { exponential = \"3 days\" }, lasts = { exponential = \"1 day\" } }\n\
                [work.item]\narrivals = { poisson = \"1/day\" }\nroute = [\"build\"]\n\
                [stage.build]\nteam = \"dev\"\neffort = { exponential = \"0.9 days\" }\n";
    team_agrees("absences", work, 0.75);
    let (load, _) = compared(work, "dev", LoadSort::Team);
    assert!((load - 0.6).abs() < 1e-9, "0.9 of 1.5: {load}");
}

#[test]
fn batches_traces_and_reviews_count() {
    let batches = "[work.item]\narrivals = { poisson = \"0.2/day\" }\nitems = 3\nroute = [\"build\", \"review\"]\n\
                   [stage.build]\nteam = \"dev\"\neffort = { exponential = \"1 day\" }\n\
                   [stage.review]\nreview = {}\neffort = \"3 hours\"\n";
    team_agrees("batches and reviews", batches, 1.0);
    // One item of a day at the end of every second day, as a trace.
    let times: Vec<String> = (0..2000).map(|at| format!("\"{} days\"", 2 * at + 1)).collect();
    let trace = format!(
        "[work.item]\narrivals = {{ trace = {{ times = [{}] }} }}\nroute = [\"build\"]\n\
         [stage.build]\nteam = \"dev\"\neffort = {{ exponential = \"1.2 days\" }}\n",
        times.join(", ")
    );
    team_agrees("a trace", &trace, 1.0);
    let (load, _) = compared(&trace, "dev", LoadSort::Team);
    assert!((load - 0.3).abs() < 1e-3, "half an item of 1.2 days a day for two: {load}");
}

#[test]
fn rework_counts_by_the_visits_it_makes() {
    // Build fails with 20 % and starts over; review sends 25 % back to build at 40 % of the effort. By hand: visits of
    // review r = 1 + r/4 = 4/3, so 1/3 of an item comes back; visits of build b = (1 + 1/3) / 0.8 = 5/3, of which 1/3 at
    // 40 %: 5/3 − 0.6/3 = 22/15 builds of 0.6 days, and 4/3 reviews of 0.2 days, at 0.9 items a day for two people.
    let work = "[work.item]\narrivals = { poisson = \"0.9/day\" }\nroute = [\"build\", \"review\"]\n\
                [stage.build]\nteam = \"dev\"\neffort = { exponential = \"0.6 days\" }\n\
                failure = { probability = \"20%\" }\n\
                [stage.review]\nreview = {}\neffort = \"0.2 days\"\n\
                failure = { probability = \"25%\", back_to = \"build\", effort = { share = \"40%\" } }\n";
    team_agrees("rework", work, 1.0);
    let (load, _) = compared(work, "dev", LoadSort::Team);
    let by_hand = 0.9 * (22.0 / 15.0 * 0.6 + 4.0 / 3.0 * 0.2) / 2.0;
    assert!((load - by_hand).abs() < 1e-6, "{load}, by hand {by_hand}");
}

#[test]
fn a_machine_has_a_load_of_its_own() {
    // Two runs a day into one runner of half a day's runs that fail for no reason in one of five: more than there is.
    let work = "[work.item]\narrivals = { poisson = \"1/day\" }\nroute = [\"build\", \"verify\"]\n\
                [stage.build]\nteam = \"dev\"\neffort = \"1 hour\"\n\
                [stage.verify]\nmachine = { run = { exponential = \"0.4 days\" }, runners = 1, flaky = \"20%\" }\n\
                failure = { probability = \"10%\", back_to = \"build\" }\n";
    let text = format!("{TEAM}{work}");
    let study = written(&text);
    let window = study.window();
    let all = loads(&study.baseline().phases[0].1, &window);
    let load = all.iter().find(|load| load.sort == LoadSort::Machine).expect("a machine").share();
    let by_hand = 1.0 / 0.9 * 0.4 / 0.8;
    assert!((load - by_hand).abs() < 1e-6, "{load}, by hand {by_hand}");
    let days = (window.end - window.start) / 8.0;
    let visits = live_of(&study).column("stage.verify.visits");
    let found: Vec<f64> = visits.iter().map(|visits| visits * 0.4 / 0.8 / days).collect();
    agree("machine", &found, load, 0.006);
    let twice = text.replace("\"1/day\"", "\"2/day\"");
    let study = written(&twice);
    let over = loads(&study.baseline().phases[0].1, &study.window());
    assert!(over.iter().any(|load| load.sort == LoadSort::Machine && load.share() > 1.0));
}

#[test]
fn parts_and_what_comes_after_count_too() {
    let work = "[work.item]\narrivals = { poisson = \"0.5/day\" }\nroute = [\"build\", \"need\"]\n\
                [work.part]\nroute = [\"make\"]\n\
                [work.bug]\nroute = [\"make\"]\n\
                arrivals = { after = { work = [\"item\"], count = { poisson = { mean = 0.5 } }, delay = \"1 day\" } }\n\
                [stage.build]\nteam = \"dev\"\neffort = { exponential = \"1 day\" }\n\
                [stage.need]\nparts = { need = [{ work = \"part\", team = \"own\", chance = \"50%\", count = 2 }] }\n\
                [stage.make]\nteam = \"own\"\neffort = { exponential = \"0.8 days\" }\n";
    team_agrees("parts and aftermath", work, 1.0);
}

/// An hour of somebody's who is there for half the week is one hour of the hours that they give, in the load, in the run
/// and in meetings alike; so the two agree in a team of both sorts.
#[test]
fn part_time_people_count_as_the_hours_they_give() {
    let part_time = "part_time = [{ people = 1, share = \"40%\" }]\n";
    let work = "[work.item]\narrivals = { poisson = \"0.8/day\" }\nroute = [\"build\"]\n\
                [stage.build]\nteam = \"dev\"\neffort = { exponential = \"1 day\" }\n";
    team_agrees("part-time", &format!("{part_time}{work}"), 1.0);
    let (load, _) = compared(&format!("{part_time}{work}"), "dev", LoadSort::Team);
    assert!((load - 0.8 / 1.4).abs() < 1e-9, "0.8 days of 1.4: {load}");
    // Whoever sits at the board is kept from their desk by the clock, which takes of them what they would have given.
    let both = "part_time = [{ people = 2, share = \"50%\" }]\n";
    let heard = "[work.item]\narrivals = { every = \"2 days\" }\nroute = [\"approve\"]\n[stage.approve]\nboard = \"b\"\n\
                 [board.b]\nmeets = { every = \"1 day\" }\nattends = 1\ntakes = \"4 hours\"\n";
    let (load, found) = compared(&format!("{both}{heard}"), "dev", LoadSort::Team);
    assert!((load - 0.125).abs() < 1e-9, "2 of 8 half-hours of each of two days, of two people: {load}");
    assert!(found.iter().all(|worked| *worked == 0.0), "nobody works at a desk");
    let study = written(&format!("{TEAM}{both}{heard}"));
    live_of(&study).agree_to("team.dev.duty", load, 0.001);
}
