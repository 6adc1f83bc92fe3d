//! Levels that wander: a stationary log-normal autoregression that takes one step a week.
//!
//! z₀ is standard normal, z₍ₖ₊₁₎ = φ·zₖ + √(1 − φ²)·εₖ₊₁ with independent standard normal ε, and the level of week k is
//! exp(σ·zₖ − σ²/2). So every week's level is log-normal with mean 1 and variance e^(σ²) − 1 = cv², and two weeks that lie
//! k apart have the covariance e^(σ²φᵏ) − 1. What decides a step is addressed by the stream id, the key of what wanders and
//! the week's number: not by who asks, nor how often.

use super::math::exp;
use super::normal::inverse_normal;
use super::streams::{Key, StreamId, Streams};
use libm::{log1p, sqrt};

/// How much a level wanders, and how long it remembers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Standard deviation of its logarithm.
    sigma: f64,
    /// Correlation of the logarithm from one week to the next, and what is new each week.
    phi: f64,
    fresh: f64,
}

/// How far a level has wandered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wandering {
    /// The number of the next week it steps into; 0 where it has not begun.
    next: u64,
    /// The first week whose step nobody has asked for yet.
    unasked: u64,
    z: f64,
}

impl Level {
    /// A level with this coefficient of variation, whose logarithm's correlation falls to 1/e within so many weeks.
    pub fn new(cv: f64, memory_weeks: f64) -> Level {
        let phi = exp(-1.0 / memory_weeks);
        Level { sigma: sqrt(log1p(cv * cv)), phi, fresh: sqrt(1.0 - phi * phi) }
    }

    /// The level in a week. Weeks are mostly asked for in order; whoever has looked ahead and must go back begins anew,
    /// and finds the same.
    pub fn in_week(
        &self,
        week: u64,
        at: &mut Wandering,
        streams: &Streams,
        stream_id: StreamId,
        key: Key,
    ) -> f64 {
        if at.next > week + 1 {
            at.next = 0;
        }
        while at.next <= week {
            let streams = if at.next < at.unasked { streams.once_more() } else { *streams };
            let fresh = inverse_normal(streams.uniform(stream_id, key.nth(at.next)));
            at.z = if at.next == 0 { fresh } else { self.phi * at.z + self.fresh * fresh };
            at.next += 1;
            at.unasked = at.unasked.max(at.next);
        }
        exp(self.sigma * at.z - 0.5 * self.sigma * self.sigma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::streams::asked;

    const ID: StreamId = StreamId::named("test/level");
    const OTHER: StreamId = StreamId::named("test/another level");
    /// How many standard errors a mean may lie from theory: α = 7e-6 for each comparison.
    const ERRORS: f64 = 4.5;
    const CV: f64 = 0.5;
    const MEMORY: f64 = 5.0;

    fn walk(key: Key, weeks: u64) -> Vec<f64> {
        let (streams, mut at) = (Streams::new(3, 1), Wandering::default());
        (0..weeks).map(|week| Level::new(CV, MEMORY).in_week(week, &mut at, &streams, ID, key)).collect()
    }

    /// The mean of independent values agrees with theory, and would not if theory were 5 % elsewhere.
    fn agree(what: &str, values: &[f64], theory: f64) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let error = libm::sqrt(variance / n);
        assert!((mean - theory).abs() < ERRORS * error, "{what}: {mean} ± {error}, theory {theory}");
        assert!(ERRORS * error < 0.05 * theory, "{what}: a standard error of {error} leaves no power");
    }

    /// Mean 1, variance cv² and covariance e^(σ²φᵏ) − 1, over 100,000 keys, in the first week and later.
    #[test]
    fn every_week_is_lognormal_and_remembers_the_last() {
        const KEYS: u64 = 100_000;
        let walks: Vec<Vec<f64>> = (0..KEYS).map(|nth| walk(Key::of("team", nth), 9)).collect();
        let variance = libm::log1p(CV * CV);
        for week in [0, 1, 8] {
            let levels: Vec<f64> = walks.iter().map(|walk| walk[week]).collect();
            agree("mean", &levels, 1.0);
            let squares: Vec<f64> = levels.iter().map(|level| (level - 1.0).powi(2)).collect();
            agree("variance", &squares, CV * CV);
        }
        for lag in [1, 3] {
            let products: Vec<f64> =
                walks.iter().map(|walk| (walk[5] - 1.0) * (walk[5 + lag] - 1.0)).collect();
            let theory = libm::exp(variance * libm::exp(-(lag as f64) / MEMORY)) - 1.0;
            agree(&format!("covariance at lag {lag}"), &products, theory);
            // Power: the covariance of the next lag, or of a normal level, is another.
            let next = libm::exp(variance * libm::exp(-(lag as f64 + 1.0) / MEMORY)) - 1.0;
            assert!((theory - next) / theory > 0.05);
        }
    }

    /// One walk asks for each week in order, another jumps, a third looks ahead and comes back: all see the same.
    #[test]
    fn a_week_has_one_level_whoever_asks() {
        let key = Key::of("feature/dev", 0);
        let (streams, level) = (Streams::new(3, 1), Level::new(CV, MEMORY));
        let walked = walk(key, 40);
        let mut at = Wandering::default();
        let mut asked = Vec::new();
        let drawn = asked::during(|| {
            let noted = Streams::new(3, 1);
            for week in [3, 17, 17, 39, 20, 25, 39] {
                let found = level.in_week(week, &mut at, &noted, ID, key);
                asked.push((week, found.to_bits()));
            }
        });
        for (week, bits) in asked {
            assert_eq!(bits, walked[week as usize].to_bits(), "week {week}");
        }
        let first = drawn.iter().filter(|(.., once_more)| !once_more).count();
        assert_eq!(
            (first, drawn.len()),
            (40, 80),
            "each week is decided once, and looked up once more after going back"
        );
        let elsewhere = level.in_week(39, &mut Wandering::default(), &streams, ID, Key::of("feature/dev", 1));
        let other = level.in_week(39, &mut Wandering::default(), &streams, OTHER, key);
        assert!(elsewhere != walked[39] && other != walked[39]);
    }

    /// How much it wanders may be changed on the way: the same ups and downs, larger.
    #[test]
    fn what_decides_does_not_depend_on_how_much_it_wanders() {
        let streams = Streams::new(3, 1);
        let key = Key::of("team", 7);
        let z = |cv: f64| {
            let level = Level::new(cv, MEMORY);
            let mut at = Wandering::default();
            let found = level.in_week(12, &mut at, &streams, ID, key);
            (libm::log(found) + 0.5 * level.sigma * level.sigma) / level.sigma
        };
        assert!((z(0.3) - z(0.9)).abs() < 1e-12);
    }
}
