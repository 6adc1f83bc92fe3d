//! What an event costs does not grow with how much waits or how many people there are: counted in people, tickets and
//! tasks that are gone through one by one, not in time.

use orgsim::kernel::streams::Streams;
use orgsim::model::replication::Replication;
use orgsim::scenario::study::{Amendments, Study};
use orgsim::units::{Instant, Ticks};
use std::path::PathBuf;

fn read(text: &str) -> Study {
    let text = format!("extends = \"bare\"\nhorizon = \"200 weeks\"\nreplications = 2\n{text}");
    let read = Study::from_text("x.toml", text.as_bytes(), PathBuf::from("."), &Amendments::default());
    read.map_or_else(
        |refusal| panic!("{}\n{text}", orgsim::scenario::render(&refusal.problems, &refusal.sources, false)),
        |(study, _)| study,
    )
}

/// How much is gone through for each event of a replication of so many weeks, and how many items there are at its end.
fn effort(text: &str, weeks: f64) -> (f64, usize) {
    let study = read(text);
    let mut replication =
        Replication::begin(&study.timelines[0].phases[0].1, Streams::new(study.scenario.seed, 0));
    replication.run_until(Instant::START + Ticks::from_hours(40.0 * weeks), &mut ()).expect("no overrun");
    (replication.ctx.org.looks as f64 / replication.events as f64, replication.ctx.org.items.len())
}

/// Each event may go through a few things, however long the line has grown.
fn stays_cheap(text: &str) {
    let (looks, waiting) = effort(text, 150.0);
    assert!(waiting > 1_500, "{waiting} wait\n{text}");
    assert!(looks < 40.0, "{looks} for each event with {waiting} waiting\n{text}");
}

const TEAM: &str = "[[team]]\nname = \"dev\"\nengineers = 5\n";
const STAGES: &str = "[stage.build]\nteam = \"dev\"\neffort = { exponential = \"1 day\" }\n[stage.check]\nteam = \"dev\"\neffort = \"2 hours\"\n";

fn work(name: &str, rate: &str, more: &str) -> String {
    format!(
        "[work.{name}]\narrivals = {{ poisson = \"{rate}\" }}\nroute = [\"build\", \"check\"]\n\
         size = {{ lognormal = {{ mean = \"1 day\", cv = 1.5 }} }}\n{more}\n"
    )
}

#[test]
fn lines_that_a_limit_keeps_out_are_not_gone_through() {
    for order in ["first-come", "shortest", "last-come"] {
        let team = format!("{TEAM}order = \"{order}\"\n");
        let limit = "[limit.l]\nstages = [\"build\", \"check\"]\nitems = 2\n";
        stays_cheap(&(team.clone() + STAGES + &work("item", "8/day", "") + limit));
        stays_cheap(&(team.clone() + "wip.items = 1\n" + STAGES + &work("item", "8/day", "")));
        stays_cheap(&(team + "wip.team = 2\n" + STAGES + &work("item", "8/day", "")));
    }
}

#[test]
fn urgent_work_that_a_limit_keeps_out_is_not_gone_through() {
    let both = work("urgent", "6/day", "priority = 1\npreempts = \"resume\"")
        + &work("usual", "2/day", "priority = 5");
    for order in ["first-come", "shortest", "random"] {
        let team = format!("{TEAM}order = \"{order}\"\n");
        let few = STAGES.replacen("team = \"dev\"\n", "team = \"dev\"\nslots = 2\n", 1);
        let others = "[work.other]\npriority = 7\narrivals = { poisson = \"2/day\" }\nroute = [\"check\"]\n";
        stays_cheap(&(team.clone() + &few + &both + others));
        let limit = "[limit.l]\nstages = [\"build\", \"check\"]\nitems = 2\n";
        stays_cheap(&(team + STAGES + &both + limit));
    }
}

#[test]
fn lines_by_lot_are_not_gone_through_where_all_are_pulled_from_the_front() {
    let team = format!("{TEAM}order = \"random\"\n");
    stays_cheap(&(team + STAGES + &work("item", "8/day", "")));
}

#[test]
fn what_a_large_team_has_begun_is_not_asked_of_everybody() {
    for wip in ["", "wip.items = 1\n", "wip.team = 900\n", "wip.active = 1\nwip.items = 2\n"] {
        let team = TEAM.replace("= 5", "= 1000");
        let review = "[stage.read]\nreview = {}\neffort = \"1 hour\"\n";
        let work =
            work("item", "750/day", "").replace("\"build\", \"check\"", "\"build\", \"read\", \"check\"");
        let (looks, _) = effort(&(team + wip + STAGES + review + &work), 4.0);
        assert!(looks < 30.0, "{looks} for each event\n{wip}");
    }
}

#[test]
fn what_is_new_is_not_gone_through_in_slack() {
    let team = format!("{TEAM}wip.team = 2\nfinish_first = true\nwhen_held = [\"unblock\", \"idle\"]\n");
    for order in ["first-come", "shortest"] {
        stays_cheap(&(format!("{team}order = \"{order}\"\n") + STAGES + &work("item", "8/day", "")));
    }
}
