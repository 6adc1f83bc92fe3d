//! Simulated futures, and what they answer: how many by a day, and on which day a number is reached.

use statistics::normal;

/// Futures of equal probability: for each, how many items are finished by the end of day 1, 2, 3 … after the last day seen.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    paths: Vec<Vec<u32>>,
}

impl Outlook {
    /// Of paths of daily counts, all equally long.
    pub fn of_daily(mut paths: Vec<Vec<u32>>) -> Self {
        for path in &mut paths {
            let mut total = 0_u32;
            path.iter_mut().for_each(|count| {
                total = total.saturating_add(*count);
                *count = total;
            });
        }
        Self { paths }
    }

    /// How many items are finished by the end of day `day` (from 1, within the paths).
    pub fn counts(&self, day: usize) -> Spread {
        Spread::of(self.paths.iter().map(|path| f64::from(path[day - 1])).collect())
    }

    /// On which day (from 1) as many items are finished as future `nth` asks for on that day, `scope(nth, day)`, which
    /// falls nowhere; ∞ where not within the paths.
    pub fn days(&self, scope: impl Fn(usize, usize) -> f64) -> Spread {
        let days = self.paths.iter().enumerate().map(|(nth, path)| {
            let reached =
                path.iter().enumerate().position(|(at, count)| f64::from(*count) >= scope(nth, at + 1));
            reached.map_or(f64::INFINITY, |at| at as f64 + 1.0)
        });
        Spread::of(days.collect())
    }
}

/// Equally likely values in ascending order, with how much wider than they stand they are to be read.
#[derive(Clone, Debug)]
pub struct Spread {
    values: Vec<f64>,
    widening: f64,
}

impl Spread {
    /// Of values in any order; none is NaN.
    pub fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self { values, widening: 1.0 }
    }

    /// The same, read wider: what stood z standard normal deviations from the middle stands widening · z from it.
    #[must_use]
    pub fn widened(self, widening: f64) -> Self {
        Self { widening, ..self }
    }

    /// The least value that the variable does not exceed with probability `p`, 0 < p < 1.
    pub fn quantile(&self, p: f64) -> f64 {
        let p = normal::cdf(self.widening * normal::quantile(p));
        statistics::interval::percentile(&self.values, p)
    }

    /// The probability of at most `value`.
    pub fn at_most(&self, value: f64) -> f64 {
        self.read(self.values.partition_point(|other| *other <= value) as f64)
    }

    /// Where `value` stands: the probability of less, and half that of exactly as much. Uniform on average where the
    /// forecast is right, but for the grain of whole numbers.
    pub fn place(&self, value: f64) -> f64 {
        let below = self.values.partition_point(|other| *other < value);
        let upto = self.values.partition_point(|other| *other <= value);
        self.read(0.5 * (below + upto) as f64)
    }

    fn read(&self, below: f64) -> f64 {
        let n = self.values.len() as f64;
        // No value is called impossible because none of n futures brought it.
        let p = (below / n).clamp(0.5 / n, 1.0 - 0.5 / n);
        normal::cdf(normal::quantile(p) / self.widening)
    }

    /// The continuous ranked probability score against what came, in the unit of the values, with all cut off at `most`
    /// (a score is proper for the variable that is cut off as well): 0 is perfect. Gneiting & Raftery (2007), *JASA* 102,
    /// 359–378, equation 21.
    pub fn crps(&self, came: f64, most: f64) -> f64 {
        let n = self.values.len();
        let even = |nth: usize| self.quantile((nth as f64 + 0.5) / n as f64).min(most);
        let (mut off, mut apart) = (0.0, 0.0);
        for nth in 0..n {
            let value = even(nth);
            off += (value - came.min(most)).abs();
            apart += value * (2.0 * nth as f64 + 1.0 - n as f64);
        }
        off / n as f64 - apart / (n * n) as f64
    }
}
