//! Demand that wanders: gaps are drawn in operational time, and stretched over the levels of the weeks they lie in.
//!
//! Where the level is 2, an hour by the clock is two hours of operational time, and twice as much comes. A rate has no
//! bound then, so nothing could be thinned; and nothing more is drawn about arrivals than without it.

use crate::compile_context::CompileContext;
use kernel::level::{Level, Wandering};
use kernel::streams::{Key, StreamId, Streams};
use kernel::units::{Instant, TICKS_PER_HOUR, Ticks};
use notation::Span;
use schemars::JsonSchema;
use serde::Deserialize;

const LEVEL: StreamId = StreamId::named("demand/level");

/// How the demand for a kind of work wanders from week to week, each of its sources by itself: a level with a mean of 1,
/// by which its rate is multiplied.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WanderTable {
    /// How far it wanders: the coefficient of variation of the level, which is log-normal. 0 is not at all; with a mean of
    /// m arrivals a week, the variance of a week's number over its mean is 1 + m × cv² where they are Poisson. Takes
    /// effect at the next arrival.
    #[schemars(range(min = 0.0, max = 3.0))]
    #[schemars(extend("x-plain" = "how far demand wanders"))]
    pub cv: f64,
    /// How long it stays high or low: the time in which the correlation of the level's logarithm falls to 37 %. Takes
    /// effect at the next arrival.
    #[schemars(extend("x-plain" = "how long demand stays high or low"))]
    pub memory: Span,
}

impl WanderTable {
    /// Nothing where it does not wander. No arrival beyond so many hours from the beginning is ever waited for.
    pub fn compile(&self, path: &str, at_most: f64, ctx: &mut CompileContext<'_>) -> Option<Stretch> {
        let level = ctx.level(path, self.cv, self.memory)?;
        Some(Stretch { level, last: ctx.weeks(at_most) as u64 + 1 })
    }
}

/// The levels over which a source's gaps are stretched.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    level: Level,
    /// The last week of the longest replication: what lies beyond is not looked into.
    last: u64,
}

impl Stretch {
    /// How long a gap of so many hours of operational time is by the clock, from now on.
    pub fn by_the_clock(
        &self,
        hours: f64,
        (now, week): (Instant, Ticks),
        at: &mut Wandering,
        streams: &Streams,
        key: Key,
    ) -> Ticks {
        let mut left = hours * TICKS_PER_HOUR as f64;
        let mut number = now.0 / week.0;
        let (mut before, mut ends) = (0, (number + 1) * week.0 - now.0);
        while number <= self.last {
            let level = self.level.in_week(number, at, streams, LEVEL, key);
            let stretched = left / level;
            if stretched < (ends - before) as f64 {
                return Ticks(before) + Ticks::rounded(stretched);
            }
            left = (left - (ends - before) as f64 * level).max(0.0);
            (before, ends, number) = (ends, ends + week.0, number + 1);
        }
        Ticks(before) + Ticks::from_hours(left / TICKS_PER_HOUR as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the same walk by hand: two weeks and a part of the third, begun in the middle of the first.
    #[test]
    fn a_gap_is_stretched_over_the_weeks_it_lies_in() {
        let (streams, key, week) = (Streams::new(5, 0), Key::of("feature/dev", 0), Ticks::from_hours(40.0));
        let stretch = Stretch { level: Level::new(0.8, 4.0), last: 100 };
        let mut at = Wandering::default();
        let levels: Vec<f64> =
            (0..3).map(|week| stretch.level.in_week(week, &mut at, &streams, LEVEL, key)).collect();
        let now = Instant(week.0 / 4);
        let hours = 30.0 * levels[0] + 40.0 * levels[1] + 10.0 * levels[2];
        let found = stretch.by_the_clock(hours, (now, week), &mut Wandering::default(), &streams, key);
        assert!((found.hours() - 80.0).abs() < 1e-6, "{}", found.hours());
        // Gaps that follow each other end where one that is as long as all of them does.
        let (mut at, mut clock) = (Wandering::default(), now);
        for _ in 0..16 {
            clock = clock + stretch.by_the_clock(hours / 16.0, (clock, week), &mut at, &streams, key);
        }
        assert!((clock - now).0.abs_diff(found.0) <= 16, "{clock:?}");
        // Beyond the last week there is an end to it.
        let far = stretch.by_the_clock(1e9, (now, week), &mut at, &streams, key);
        assert!(far.hours() > 4000.0);
    }
}
