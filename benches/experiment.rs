//! An experiment: the health-budget scenario's policies, a few replications, on one thread and on two.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use orgsim::experiment::run::{RunOptions, run};
use orgsim::scenario::study::{Amendments, Study};
use std::path::Path;

fn experiment(criterion: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/health-budget.toml");
    let (study, _) = Study::read(&path, &Amendments::default()).expect("the scenario is valid");
    let numbers: Vec<u64> = (0..8).collect();
    let mut group = criterion.benchmark_group("experiment, 8 lives of 6 policies");
    group.sample_size(10);
    for threads in [1, 2] {
        let run_options = RunOptions::to_the_end(Some(threads));
        group.bench_function(BenchmarkId::new("threads", threads), |bencher| {
            bencher.iter(|| run(&study, &numbers, &run_options));
        });
    }
    group.finish();
}

criterion_group!(benches, experiment);
criterion_main!(benches);
