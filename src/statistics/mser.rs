//! Where a run's warm-up ends: MSER-5.

use super::moments;

/// Observations per batch.
const BATCH: usize = 5;
/// The last batches are never the only ones kept: a few alike would look like perfect precision.
const FEWEST_KEPT: usize = 5;
/// Fewer batches than this cannot tell a transient from noise.
const FEWEST: usize = 10;

/// What the rule says of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warmup {
    /// Drop this many leading observations (a multiple of 5, at most half); the rest looks level.
    Drop(usize),
    /// The best truncation point lies in the second half: the series still moves, not stationary.
    NotStationary,
    /// Fewer than 50 observations.
    TooShort,
}

/// Finds the truncation point of a finite series in time order.
///
/// Batches of five are averaged, and the point d minimises Σ(yᵢ − ȳ)² / (k − d)² over the batches
/// after d: White (1997), *Simulation* 69, 323–334; batches of five from White, Cobb & Spratt (2000),
/// Winter Simulation Conference, 755–760, and the rule that d must lie in the first half from Hoad,
/// Robinson & Davies (2010), *J. Operational Research Society* 61, 1365–1380. A remainder shorter than a
/// batch is ignored.
pub fn mser5(series: &[f64]) -> Warmup {
    let batches: Vec<f64> = series.chunks_exact(BATCH).map(moments::mean).collect();
    if batches.len() < FEWEST {
        return Warmup::TooShort;
    }
    let best = cheapest_start(&batches);
    if 2 * best > batches.len() { Warmup::NotStationary } else { Warmup::Drop(best * BATCH) }
}

/// The first start with the least squared standard error, by Welford's update from the back.
fn cheapest_start(batches: &[f64]) -> usize {
    let (mut mean, mut squares) = (0.0, 0.0);
    let (mut best, mut least) = (0, f64::INFINITY);
    for start in (0..batches.len()).rev() {
        let kept = (batches.len() - start) as f64;
        let step = batches[start] - mean;
        mean += step / kept;
        squares += step * (batches[start] - mean);
        let error = squares / (kept * kept);
        if kept >= FEWEST_KEPT as f64 && error <= least {
            (best, least) = (start, error);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::SplitMix;

    fn noise(length: usize, seed: u64) -> Vec<f64> {
        let mut generator = SplitMix::new(seed);
        (0..length).map(|_| generator.normal()).collect()
    }

    #[test]
    fn a_step_is_cut_where_it_ends() {
        let level: Vec<f64> = (0..200).map(|i| if i < 30 { 9.0 } else { 1.0 }).collect();
        assert_eq!(mser5(&level), Warmup::Drop(30));
        assert_eq!(mser5(&[3.0; 60]), Warmup::Drop(0));
        assert_eq!(mser5(&[1.0; 49]), Warmup::TooShort);
    }

    #[test]
    fn a_decaying_start_is_cut_and_a_trend_is_refused() {
        let decays = noise(500, 4);
        let decays: Vec<f64> =
            decays.iter().enumerate().map(|(i, e)| e + 20.0 * libm::exp(-(i as f64) / 20.0)).collect();
        let Warmup::Drop(cut) = mser5(&decays) else { panic!("a transient is not a trend") };
        assert!((40..=150).contains(&cut), "{cut}");
        let grows: Vec<f64> = noise(500, 5).iter().enumerate().map(|(i, e)| e + 0.05 * i as f64).collect();
        assert_eq!(mser5(&grows), Warmup::NotStationary);
    }

    #[test]
    fn plain_noise_is_seldom_called_a_trend() {
        // Measured 10 of 200 at 250 observations; the minimum wanders when there is nothing to find.
        let wrong = (0..200).filter(|&s| mser5(&noise(250, s)) == Warmup::NotStationary).count();
        assert!(wrong <= 20, "{wrong} of 200");
    }
}
