//! Trajectories: every event of one replication, in order, as a fingerprint that only an intended change moves.
//!
//! This says nothing of whether a result is right (`theory` does), nor whether threads change it (`invariants` does).
//! It says that a replication is the same replication as in the commit before. Whoever moves it says so under *Results
//! change* in CHANGELOG.md, and writes the new fingerprint here.

use orgsim::kernel::streams::Streams;
use orgsim::model::replication::Replication;
use orgsim::observation::trace::Trace;
use orgsim::scenario::study::{Amendments, Study};
use orgsim::units::{Instant, Ticks};
use sha2::{Digest, Sha256};
use std::path::PathBuf;

const REPLICATION: u64 = 3;
const DAYS: f64 = 250.0;

/// The first 16 hexadecimal digits of the SHA-256 over (time, domain event, item) of every event, and how many there
/// are.
fn fingerprint(file: &str, set: &[&str]) -> (usize, String) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
    let set = set.iter().map(|change| (*change).to_owned()).collect();
    let (study, _) = Study::read(&path, &Amendments { set, policies: Vec::new() }).expect("a right scenario");
    let mut replication =
        Replication::begin(&study.timelines[0].phases[0].1, Streams::new(study.scenario.seed, REPLICATION));
    let mut trace = Trace::default();
    replication.run_until(Instant::START + Ticks::from_hours(8.0 * DAYS), &mut trace).expect("no overrun");
    let mut digest = Sha256::new();
    for event in &trace.events {
        digest.update(event.hours.to_bits().to_le_bytes());
        digest.update(event.event);
        digest.update(event.item.unwrap_or(0).to_le_bytes());
    }
    let digits = digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    (trace.events.len(), digits)
}

#[test]
fn replications_are_the_same_replications_as_before() {
    let known = [
        ("tests/theory/mm1.toml", 906, "882a2c7f3c5cb61a"),
        ("scenarios/health-budget.toml", 12_822, "2675c96e8577134e"),
        ("scenarios/claims/e10-leader-away.toml", 20_567, "efcdb11de2dd8527"),
        ("scenarios/claims/r1-5-teams.toml", 73_679, "e24678c6483c99b4"),
    ];
    let now = known.map(|(file, ..)| (file, fingerprint(file, &[])));
    assert_eq!(now, known.map(|(file, events, digits)| (file, (events, digits.to_owned()))));
}

#[test]
fn another_seed_is_another_replication() {
    let file = "tests/theory/mm1.toml";
    assert_ne!(fingerprint(file, &[]).1, fingerprint(file, &["seed=43"]).1);
}
