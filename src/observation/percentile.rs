//! Percentiles and means of what happened in one replication, such as the lead times of its changes.

use kernel::units::Ticks;
use statistics::interval;

/// Hours that half of these spans took at most: see [`interval::percentile`]. Not a number where there are none.
pub fn median(mut spans: Vec<Ticks>) -> f64 {
    let place = interval::place(0.5, spans.len());
    put_in_place(&mut spans, 0, &[place]);
    spans.get(place).map_or(f64::NAN, |span| span.hours())
}

/// What is told of waits: hours that half, 85 % and 95 % of them took at most, and the share that were none. Not a number
/// where there were none.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    pub p50: f64,
    pub p85: f64,
    pub p95: f64,
    pub none: f64,
}

impl Waits {
    /// Of waits in any order, which are spent.
    pub fn of(waits: &mut [Ticks]) -> Waits {
        let n = waits.len();
        let mut long = 0;
        for at in 0..n {
            let wait = waits[at];
            waits[long] = wait;
            long += usize::from(wait > Ticks::ZERO);
        }
        let (none, waits) = (n - long, &mut waits[..long]);
        // Places among all; those that are none stand before those that are left.
        let places = [0.5, 0.85, 0.95].map(|p| interval::place(p, n));
        let below = places.partition_point(|place| *place < none);
        put_in_place(waits, none, &places[below..]);
        let hours = |place: usize| match place.checked_sub(none) {
            None => 0.0,
            Some(at) => waits.get(at).map_or(f64::NAN, |wait| wait.hours()),
        };
        let [p50, p85, p95] = places.map(hours);
        Waits { p50, p85, p95, none: none as f64 / n as f64 }
    }
}

/// Puts what belongs at these ascending places there, as if all were sorted; the first of the values stands at `first`.
fn put_in_place(values: &mut [Ticks], first: usize, places: &[usize]) {
    let Some(middle) = places.get(places.len() / 2).filter(|_| !values.is_empty()) else { return };
    let (lesser, _, greater) = values.select_nth_unstable(middle - first);
    let below = places.partition_point(|place| place < middle);
    let above = places.partition_point(|place| place <= middle);
    put_in_place(lesser, first, &places[..below]);
    put_in_place(greater, middle + 1, &places[above..]);
}

/// The mean; not a number where there are no values.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::{Ticks, Waits, interval, median};

    /// Of so many waits in a scattered order, of which about a third are none.
    #[test]
    fn what_is_told_of_waits_is_what_they_tell_once_sorted() {
        for n in [1, 2, 3, 7, 20, 21, 100, 997] {
            let mut waits: Vec<Ticks> = (0..n)
                .map(|nth| nth * 7_919 % 1_009)
                .map(|place| Ticks(if place % 3 == 0 { 0 } else { place * 100_003 }))
                .collect();
            let told = Waits::of(&mut waits.clone());
            let half = median(waits.clone());
            waits.sort();
            let hours: Vec<f64> = waits.iter().map(|wait| wait.hours()).collect();
            let [p50, p85, p95] = [0.5, 0.85, 0.95].map(|p| interval::percentile(&hours, p));
            assert_eq!([told.p50, told.p85, told.p95], [p50, p85, p95], "{n}");
            let none = hours.partition_point(|hours| *hours == 0.0);
            assert_eq!(told.none, none as f64 / n as f64, "{n}");
            assert_eq!(half, p50, "{n}");
        }
        let told = Waits::of(&mut []);
        assert!(median(Vec::new()).is_nan());
        assert!([told.p50, told.p85, told.p95, told.none].iter().all(|number| number.is_nan()));
    }
}
