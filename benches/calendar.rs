//! The hold model: take the next event, schedule another, with 10 to 1,000,000 pending.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use orgsim::kernel::calendar::{Calendar, Rank};
use orgsim::kernel::law::Law;
use orgsim::kernel::luck::{Key, Luck, Purpose};
use orgsim::units::{Instant, Ticks};
use std::hint::black_box;

const GAP: Purpose = Purpose::named("bench/gap");

/// Gaps drawn beforehand, so that the calendar alone is timed.
fn gaps() -> Vec<Ticks> {
    let law = Law::exponential(1.0).expect("a positive mean");
    let luck = Luck::new(1, 0);
    (0..65_536).map(|nth| Ticks::from_hours(law.draw(&luck, GAP, Key(nth)))).collect()
}

fn hold(criterion: &mut Criterion) {
    let gaps = gaps();
    let mut group = criterion.benchmark_group("calendar hold");
    for pending in [10, 100, 1_000, 10_000, 100_000, 1_000_000] {
        let mut calendar = Calendar::default();
        for nth in 0..pending {
            calendar.after(gaps[nth % gaps.len()], Rank::Arrival, nth as u64);
        }
        let mut nth = 0;
        group.bench_function(BenchmarkId::from_parameter(pending), |bencher| {
            bencher.iter(|| {
                let event = calendar.pop_until(Instant(u64::MAX));
                nth = (nth + 1) % gaps.len();
                calendar.after(gaps[nth], Rank::Arrival, 1);
                black_box(event)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, hold);
criterion_main!(benches);
