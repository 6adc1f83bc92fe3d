//! What an event costs with ten teams, a hundred and a thousand, and what memory a replication takes:
//! `cargo bench --bench scale`.
//!
//! The default organisation without a past, once for one quarter and once for two, in turn on one thread: the difference
//! is a quarter past start-up. Of fewer teams more replications are run, so that all take long enough to be timed. Printed
//! are events a replication, nanoseconds an event (from the medians of the rounds, and from the least), and by how much the
//! most memory that was ever in use has risen with the replications: of 1,000 teams, which come last, about what one takes. `cargo bench --bench scale -- 1000 2` runs
//! 1,000 teams for two quarters, once, for whoever counts instructions.

use orgsim::experiment::replicate::replicate;
use orgsim::scenario::study::{Amendments, Study};
use std::fs;
use std::path::PathBuf;

#[path = "peers/cpu.rs"]
mod cpu;

const ROUNDS: usize = 5;
const TEAMS: [usize; 3] = [10, 100, 1_000];

fn main() {
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    if let [teams, quarters] = asked[..] {
        println!("{} events", replicate(&study(teams, quarters), 0)[0].as_ref().map_or(0, |it| it.events));
        return;
    }
    let mut costs = TEAMS.map(|_| [Vec::new(), Vec::new()]);
    let studies = TEAMS.map(|teams| [1, 2].map(|quarters| study(teams, quarters)));
    let mut memory = [0; TEAMS.len()];
    let mut events = [0; TEAMS.len()];
    for _ in 0..ROUNDS {
        for (at, both) in studies.iter().enumerate() {
            let before = most_memory();
            let lived = [0, 1].map(|which| {
                let (events, spent) = timed(&both[which], TEAMS[TEAMS.len() - 1] / TEAMS[at]);
                costs[at][which].push(spent);
                events
            });
            memory[at] += most_memory() - before;
            events[at] = lived[1] - lived[0];
        }
    }
    for (at, teams) in TEAMS.into_iter().enumerate() {
        costs[at].iter_mut().for_each(|costs| costs.sort_by(f64::total_cmp));
        let cost = |place: usize| (costs[at][1][place] - costs[at][0][place]) / events[at] as f64;
        let (median, least) = (cost(ROUNDS / 2), cost(0));
        let events = events[at] * teams as u64 / TEAMS[TEAMS.len() - 1] as u64;
        let memory = memory[at] as f64 / 1024.0;
        println!(
            "{teams} teams, a quarter past start-up: {events} events, {median:.0} ns an event (least {least:.0}), {memory:.1} MB"
        );
    }
}

fn study(teams: usize, quarters: usize) -> Study {
    let team = |nth: usize| format!("[[team]]\nname = \"team {nth}\"\nengineers = 7\n");
    // One board for all hears as much from each team as one team's does, and nothing is stopped for being much.
    let limits = format!("population_limit = 5000000\n[board.architecture]\nslots = {}\n", 16 * teams);
    let teams: String = (0..teams).map(team).collect();
    let text =
        format!("extends = \"typical\"\npast = \"none\"\nhorizon = \"{quarters} quarters\"\n{limits}{teams}");
    match Study::from_text("scale.toml", text.as_bytes(), PathBuf::from("."), &Amendments::default()) {
        Ok((study, _)) => study,
        Err(refusal) => panic!("{:?}", refusal.problems),
    }
}

/// Events of so many replications, and nanoseconds.
fn timed(study: &Study, replications: usize) -> (u64, f64) {
    let spent = cpu::Spent::begin();
    let live = |number| replicate(study, number)[0].as_ref().map_or(0, |outcome| outcome.events);
    let events = (0..replications as u64).map(live).sum();
    (events, spent.time().as_nanos() as f64)
}

/// The most memory the program ever had, in KiB; 0 where the system doesn't tell.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
