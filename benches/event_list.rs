//! The hold model: take the next event, schedule another, with 10 to 1,000,000 pending.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use orgsim::kernel::distribution::Distribution;
use orgsim::kernel::event_list::{EventList, EventPriority};
use orgsim::kernel::streams::{Key, StreamId, Streams};
use orgsim::units::{Instant, Ticks};
use std::hint::black_box;

const GAP: StreamId = StreamId::named("bench/gap");

/// Gaps drawn beforehand, so that the event list alone is timed.
fn gaps() -> Vec<Ticks> {
    let distribution = Distribution::exponential(1.0).expect("a positive mean");
    let streams = Streams::new(1, 0);
    (0..65_536).map(|nth| Ticks::from_hours(distribution.draw(&streams, GAP, Key(nth)))).collect()
}

fn hold(criterion: &mut Criterion) {
    let gaps = gaps();
    let mut group = criterion.benchmark_group("calendar hold");
    for pending in [10, 100, 1_000, 10_000, 100_000, 1_000_000] {
        let mut event_list = EventList::default();
        for nth in 0..pending {
            event_list.after(gaps[nth % gaps.len()], EventPriority::Arrival, nth as u64);
        }
        let mut nth = 0;
        group.bench_function(BenchmarkId::from_parameter(pending), |bencher| {
            bencher.iter(|| {
                let event = event_list.pop_until(Instant(u64::MAX));
                nth = (nth + 1) % gaps.len();
                event_list.after(gaps[nth], EventPriority::Arrival, 1);
                black_box(event)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, hold);
criterion_main!(benches);
