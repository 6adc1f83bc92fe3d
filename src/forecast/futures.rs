//! Futures of a wandering level, simulated day by day.

use crate::level::{Level, STEP};
use crate::outlook::Outlook;
use kernel::distribution::Distribution;
use kernel::math::exp;
use kernel::normal::inverse_normal;
use kernel::streams::{Key, Stream, StreamId, Streams};

const FUTURE: StreamId = StreamId::named("forecast/future");
/// Log of the most items a week that is simulated, some 60,000.
const MOST: f64 = 11.0;

/// A Poisson number with this mean.
pub(crate) fn poisson(mean: f64, stream: &mut Stream) -> u32 {
    Distribution::poisson(mean.min(60_000.0)).map_or(0, |distribution| distribution.sample(stream) as u32)
}

/// A gamma number with mean 1 and this squared coefficient of variation.
pub(crate) fn gamma(squared_cv: f64, stream: &mut Stream) -> f64 {
    if squared_cv <= 0.0 {
        return 1.0;
    }
    Distribution::gamma(1.0, 1.0 / squared_cv).map_or(1.0, |distribution| distribution.sample(stream))
}

/// `n` futures; `shares` is, for each coming day, what share of a usual week is finished on it.
pub fn futures(level: &Level, shares: &[f64], n: usize, streams: &Streams) -> Outlook {
    let usual = level.usual();
    let drawn = level.draw(n);
    let paths = drawn.iter().enumerate().map(|(nth, (setting, log))| {
        let mut stream = streams.stream(FUTURE, Key(nth as u64));
        // Between the grid's points, where it may be as well.
        let mut log = log + STEP * (stream.uniform() - 0.5);
        let mut path = Vec::with_capacity(shares.len());
        for week in shares.chunks(7) {
            log = usual + setting.memory * (log - usual) + setting.drift * inverse_normal(stream.uniform());
            let rate = exp(log.min(MOST)) * gamma(setting.noise, &mut stream);
            path.extend(week.iter().map(|share| poisson(rate * share, &mut stream)));
        }
        path
    });
    Outlook::of_daily(paths.collect())
}
