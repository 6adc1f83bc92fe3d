//! What an event costs against programs written by hand: `cargo bench --bench peers`.
//!
//! The small organisation of `benches/peers/` and an M/M/1 queue at 90 % go through the whole path of a scenario, and as
//! loops written by hand, in turn, on one thread; printed are nanoseconds of processor an event (the median and the least of
//! the rounds) and the ratio of the medians. Ratios can be compared between machines, times can't. Where Python has SimPy,
//! the same organisation in SimPy is run as well.
//!
//! `cargo bench --bench peers -- NAME REPLICATIONS` runs one alone, for whoever counts instructions: `organisation`,
//! `queue`, each with `-by-hand`, or a scenario's file.

use orgsim::experiment::replicate::replicate;
use orgsim::scenario::study::{Amendments, Study};
use std::path::Path;
use std::process::Command;

#[path = "peers/cpu.rs"]
mod cpu;
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
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let [name, replications] = &asked[..] {
        let numbers = 0..replications.parse().expect("how many replications");
        let live = |study: &Study| {
            let all = numbers.clone().flat_map(|number| replicate(study, number));
            all.map(|outcome| outcome.map_or(0, |outcome| outcome.events)).sum::<u64>()
        };
        let spent = cpu::Spent::begin();
        let events = match name.as_str() {
            "organisation" => live(&organisation),
            "queue" => live(&line),
            "organisation-by-hand" => numbers.map(|number| twin::replicate(number, 4_160).events).sum(),
            "queue-by-hand" => numbers.map(|number| queue::replicate(number, CUSTOMERS).events).sum(),
            file => live(&read(Path::new(file))),
        };
        println!("{events} events, {:.0} ns each", spent.time().as_nanos() as f64 / events as f64);
        return;
    }
    compare("small organisation, lead time in days", &organisation, |number| {
        let twin = twin::replicate(number, 4_160);
        (twin.events, twin.lead_hours / 8.0)
    });
    compare("M/M/1 at 90 %, lead time in days", &line, |number| {
        let queue = queue::replicate(number, CUSTOMERS);
        (queue.events, queue.mean_days)
    });
    simpy(&folder.join("organisation.py"));
}

fn read(file: &Path) -> Study {
    match Study::read(file, &Amendments::default()) {
        Ok((study, _)) => study,
        Err(refusal) => panic!("{:?}", refusal.problems),
    }
}

/// Both programs in turn, round after round, so that a machine that slows down slows both. A replication gives its events
/// and a figure by which it can be seen that both are of the same thing.
fn compare(name: &str, study: &Study, by_hand: impl Fn(u64) -> (u64, f64)) {
    let lead = study.columns.iter().position(|column| column.name == "work.item.lead_time_mean_days");
    let through_scenario = |number| match (&replicate(study, number)[0], lead) {
        (Ok(outcome), Some(at)) => (outcome.events, outcome.values[at]),
        _ => (0, f64::NAN),
    };
    let (mut ours, mut theirs) = (Rounds::default(), Rounds::default());
    for _ in 0..ROUNDS {
        ours.time(through_scenario);
        theirs.time(&by_hand);
    }
    let ratio = ours.median() / theirs.median();
    println!("{name}: orgsim {}, by hand {}, ratio {ratio:.1}", ours.told(), theirs.told());
}

/// What an event cost, round by round.
#[derive(Default)]
struct Rounds {
    costs: Vec<f64>,
    figure: f64,
}

impl Rounds {
    fn time(&mut self, replicate: impl Fn(u64) -> (u64, f64)) {
        let begun = cpu::Spent::begin();
        let seen: Vec<(u64, f64)> = (0..REPLICATIONS).map(replicate).collect();
        let spent = begun.time().as_nanos() as f64;
        self.costs.push(spent / seen.iter().map(|(events, _)| events).sum::<u64>() as f64);
        self.costs.sort_by(f64::total_cmp);
        self.figure = seen.iter().map(|(_, figure)| figure).sum::<f64>() / REPLICATIONS as f64;
    }

    fn median(&self) -> f64 {
        self.costs[self.costs.len() / 2]
    }

    fn told(&self) -> String {
        let (median, least) = (self.median(), self.costs[0]);
        format!("{:.2} in {median:.0} ns an event (least {least:.0})", self.figure)
    }
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
