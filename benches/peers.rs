//! What an event costs against programs written by hand: `cargo bench --bench peers`.
//!
//! The small organisation of `benches/peers/` and an M/M/1 queue at 90 % go through the whole path of a scenario, and as
//! loops written by hand, in turn, on one thread; printed are nanoseconds an event (the median and the least of the
//! rounds) and the ratio of the medians. Ratios can be compared between machines, times can't. Where Python has SimPy, the
//! same organisation in SimPy is run as well.

use orgsim::experiment::replicate::replicate;
use orgsim::scenario::study::{Amendments, Study};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

#[path = "peers/queue.rs"]
mod queue;
#[path = "peers/twin.rs"]
mod twin;

const ROUNDS: usize = 9;
const REPLICATIONS: u64 = 40;
const CUSTOMERS: u64 = 18_000;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers");
    let organisation = read(&folder.join("organisation.toml"));
    let line = read(&folder.join("queue.toml"));
    compare("small organisation", &organisation, |number| twin::replicate(number, 4_160).events);
    compare("M/M/1 at 90 %", &line, |number| queue::replicate(number, CUSTOMERS).events);
    simpy(&folder.join("organisation.py"));
}

fn read(file: &PathBuf) -> Study {
    match Study::read(file, &Amendments::default()) {
        Ok((study, _)) => study,
        Err(refusal) => panic!("{:?}", refusal.problems),
    }
}

/// Both programs in turn, round after round, so that a machine that slows down slows both.
fn compare(name: &str, study: &Study, by_hand: impl Fn(u64) -> u64) {
    let through_scenario = |number| replicate(study, number)[0].as_ref().map_or(0, |outcome| outcome.events);
    let mut costs: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        costs[0].push(cost(through_scenario));
        costs[1].push(cost(&by_hand));
    }
    for cost in &mut costs {
        cost.sort_by(f64::total_cmp);
    }
    let [scenario, hand] = costs.each_ref().map(|cost| cost[ROUNDS / 2]);
    println!(
        "{name}: orgsim {scenario:.0} ns an event (least {:.0}), by hand {hand:.0} (least {:.0}), ratio {:.1}",
        costs[0][0],
        costs[1][0],
        scenario / hand
    );
}

/// Nanoseconds an event.
fn cost(replicate: impl Fn(u64) -> u64) -> f64 {
    let begun = Instant::now();
    let events: u64 = (0..REPLICATIONS).map(replicate).sum();
    begun.elapsed().as_nanos() as f64 / events as f64
}

fn simpy(script: &Path) {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    match Command::new(&python).arg(script).arg(REPLICATIONS.to_string()).output() {
        Ok(output) if output.status.success() => {
            print!("small organisation, SimPy:\n{}", String::from_utf8_lossy(&output.stdout));
        }
        _ => println!("SimPy: skipped, as {python} cannot import it (PYTHON names another interpreter)"),
    }
}
