//! One replication through the whole path of a scenario: M/M/1, the default organisation, and the
//! same team ten, a hundred and a thousand times. Throughput is in live events; `peers` holds programs written by hand
//! beside it.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use orgsim::experiment::replicate::replicate;
use orgsim::scenario::study::{Amendments, Study};
use std::path::PathBuf;

fn study(text: &str) -> Study {
    match Study::from_text("bench.toml", text.as_bytes(), PathBuf::from("."), &Amendments::default()) {
        Ok((study, _)) => study,
        Err(refusal) => panic!("{:?}", refusal.problems),
    }
}

const QUEUE: &str = r#"
extends = "bare"
horizon = "20000 days"
[[team]]
name = "dev"
engineers = 1
[work.item]
arrivals = { poisson = "0.9/day" }
route = ["build"]
[stage.build]
team = "dev"
effort = { exponential = "1 day" }
"#;

/// The default organisation without a past, so that every event is in the window.
fn organisation(teams: usize, horizon: &str) -> String {
    let team = |nth: usize| format!("[[team]]\nname = \"team {nth}\"\nengineers = 7\n");
    let teams: String = (0..teams).map(team).collect();
    format!("extends = \"typical\"\npast = \"none\"\nhorizon = \"{horizon}\"\n{teams}")
}

fn replication(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replication");
    group.sample_size(10);
    let cases = [
        ("M/M/1 at 0.9", QUEUE.to_owned()),
        ("default organisation, 2 years", organisation(1, "2 years")),
        ("10 teams, 1 quarter", organisation(10, "1 quarter")),
        ("100 teams, 1 quarter", organisation(100, "1 quarter")),
        ("1000 teams, 1 month", organisation(1_000, "1 month")),
    ];
    for (name, text) in cases {
        let study = study(&text);
        let events = replicate(&study, 0)[0].as_ref().map_or(0, |outcome| outcome.events);
        group.throughput(Throughput::Elements(events));
        group.bench_function(name, |bencher| bencher.iter(|| replicate(&study, 0)));
    }
    group.finish();
}

criterion_group!(benches, replication);
criterion_main!(benches);
