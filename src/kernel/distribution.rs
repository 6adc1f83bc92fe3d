//! The closed set of probability distributions, sampled by inversion.
//!
//! Parameters are checked where a distribution is made; sampling is total afterwards. Continuous distributions
//! invert one uniform number, so when a policy moves a parameter the same random numbers still pair; only
//! gamma, which has no handy inverse, takes several numbers, from its own stream, and so does a Poisson number of a
//! mean above 700. Transcendental functions are ours or `libm`'s, so that no bit depends on a C library.

use super::math::{exp, ln};
use super::normal::inverse_normal;
use super::streams::{Key, Stream, StreamId, Streams};
use libm::{ceil, floor, lgamma, log1p, pow, sqrt};
use std::sync::Arc;

/// A probability distribution of a non-negative quantity, in whatever unit its parameters have.
#[derive(Clone, Debug)]
pub enum Distribution {
    Constant(f64),
    Exponential {
        mean: f64,
    },
    /// `mu` and `sigma` are the mean and standard deviation of the logarithm.
    LogNormal {
        mu: f64,
        sigma: f64,
    },
    Weibull {
        scale: f64,
        shape: f64,
    },
    Gamma {
        shape: f64,
        scale: f64,
    },
    Uniform {
        min: f64,
        max: f64,
    },
    Triangular {
        min: f64,
        mode: f64,
        max: f64,
    },
    /// Number of trials until the first success, 1, 2, …
    Geometric {
        mean: f64,
    },
    Poisson {
        mean: f64,
    },
    Mixture(Arc<[(f64, Distribution)]>),
    Empirical(Arc<[f64]>),
}

/// The requirement a distribution's parameters broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DistributionError {
    #[error("must be a finite number, zero or more")]
    Negative,
    #[error("must be finite and greater than zero")]
    NotPositive,
    #[error("min, mode and max must come in that order")]
    OutOfOrder,
    #[error("needs at least one value")]
    Empty,
    #[error("a geometric number has a mean of at least 1")]
    GeometricBelowOne,
    #[error("a Poisson number has a mean of at most 700 here")]
    PoissonTooLarge,
}

/// Over how many quantiles a mean is taken that has no handy formula.
const QUANTILES: u32 = 1_000;

/// The largest Poisson mean whose probability of nothing is still a number.
const POISSON_MOST: f64 = 700.0;

fn positive(number: f64) -> Result<f64, DistributionError> {
    if number > 0.0 && number.is_finite() { Ok(number) } else { Err(DistributionError::NotPositive) }
}

fn not_negative(number: f64) -> Result<f64, DistributionError> {
    if number >= 0.0 && number.is_finite() { Ok(number) } else { Err(DistributionError::Negative) }
}

impl Distribution {
    pub fn constant(value: f64) -> Result<Distribution, DistributionError> {
        Ok(Distribution::Constant(not_negative(value)?))
    }

    pub fn exponential(mean: f64) -> Result<Distribution, DistributionError> {
        Ok(Distribution::Exponential { mean: positive(mean)? })
    }

    /// The lognormal distribution with this mean and coefficient of variation.
    pub fn lognormal_mean(mean: f64, cv: f64) -> Result<Distribution, DistributionError> {
        let variance = log1p(not_negative(cv)? * cv);
        Ok(Distribution::LogNormal { mu: ln(positive(mean)?) - variance / 2.0, sigma: sqrt(variance) })
    }

    /// The lognormal distribution with this median; `sigma` is the standard deviation of the logarithm. With a median of
    /// nothing all is nothing.
    pub fn lognormal_median(median: f64, sigma: f64) -> Result<Distribution, DistributionError> {
        if median == 0.0 {
            return Distribution::constant(0.0);
        }
        Ok(Distribution::LogNormal { mu: ln(positive(median)?), sigma: not_negative(sigma)? })
    }

    pub fn weibull(scale: f64, shape: f64) -> Result<Distribution, DistributionError> {
        Ok(Distribution::Weibull { scale: positive(scale)?, shape: positive(shape)? })
    }

    pub fn weibull_mean(mean: f64, shape: f64) -> Result<Distribution, DistributionError> {
        Distribution::weibull(positive(mean)? / exp(lgamma(1.0 + 1.0 / positive(shape)?)), shape)
    }

    pub fn gamma(mean: f64, shape: f64) -> Result<Distribution, DistributionError> {
        let scale = positive(mean)? / positive(shape)?;
        Ok(Distribution::Gamma { shape, scale: positive(scale)? })
    }

    pub fn uniform(min: f64, max: f64) -> Result<Distribution, DistributionError> {
        if not_negative(min)? <= not_negative(max)? {
            Ok(Distribution::Uniform { min, max })
        } else {
            Err(DistributionError::OutOfOrder)
        }
    }

    pub fn triangular(min: f64, mode: f64, max: f64) -> Result<Distribution, DistributionError> {
        let ordered = not_negative(min)? <= not_negative(mode)? && mode <= not_negative(max)?;
        if ordered {
            Ok(Distribution::Triangular { min, mode, max })
        } else {
            Err(DistributionError::OutOfOrder)
        }
    }

    pub fn geometric(mean: f64) -> Result<Distribution, DistributionError> {
        if positive(mean)? >= 1.0 {
            Ok(Distribution::Geometric { mean })
        } else {
            Err(DistributionError::GeometricBelowOne)
        }
    }

    pub fn poisson(mean: f64) -> Result<Distribution, DistributionError> {
        if not_negative(mean)? <= POISSON_MOST {
            Ok(Distribution::Poisson { mean })
        } else {
            Err(DistributionError::PoissonTooLarge)
        }
    }

    /// A mixture: each distribution is used with a chance in proportion to its weight.
    pub fn mixture(parts: Vec<(f64, Distribution)>) -> Result<Distribution, DistributionError> {
        let mut total = 0.0;
        for (weight, _) in &parts {
            total += positive(*weight)?;
        }
        let mut reached = 0.0;
        let parts: Vec<(f64, Distribution)> = parts
            .into_iter()
            .map(|(weight, distribution)| {
                reached += weight / total;
                (reached, distribution)
            })
            .collect();
        if parts.is_empty() { Err(DistributionError::Empty) } else { Ok(Distribution::Mixture(parts.into())) }
    }

    /// The distribution of a value picked from a list, each as likely as any other.
    pub fn empirical(mut values: Vec<f64>) -> Result<Distribution, DistributionError> {
        for value in &values {
            not_negative(*value)?;
        }
        values.sort_by(f64::total_cmp);
        if values.is_empty() {
            Err(DistributionError::Empty)
        } else {
            Ok(Distribution::Empirical(values.into()))
        }
    }

    /// The same of values in ascending order, which are shared.
    pub fn empirical_shared(values: Arc<[f64]>) -> Result<Distribution, DistributionError> {
        for end in values.first().into_iter().chain(values.last()) {
            not_negative(*end)?;
        }
        if values.is_empty() { Err(DistributionError::Empty) } else { Ok(Distribution::Empirical(values)) }
    }

    /// The same distribution of a quantity `factor` times as large (for counts: a scaled mean).
    pub fn scaled(&self, factor: f64) -> Distribution {
        match self {
            Distribution::Constant(value) => Distribution::Constant(value * factor),
            Distribution::Exponential { mean } => Distribution::Exponential { mean: mean * factor },
            Distribution::LogNormal { mu, sigma } => {
                Distribution::LogNormal { mu: mu + ln(factor), sigma: *sigma }
            }
            Distribution::Weibull { scale, shape } => {
                Distribution::Weibull { scale: scale * factor, shape: *shape }
            }
            Distribution::Gamma { shape, scale } => {
                Distribution::Gamma { shape: *shape, scale: scale * factor }
            }
            Distribution::Uniform { min, max } => {
                Distribution::Uniform { min: min * factor, max: max * factor }
            }
            Distribution::Triangular { min, mode, max } => {
                Distribution::Triangular { min: min * factor, mode: mode * factor, max: max * factor }
            }
            Distribution::Geometric { mean } => Distribution::Geometric { mean: (mean * factor).max(1.0) },
            Distribution::Poisson { mean } => Distribution::Poisson { mean: mean * factor },
            Distribution::Mixture(parts) => Distribution::Mixture(
                parts.iter().map(|(p, distribution)| (*p, distribution.scaled(factor))).collect(),
            ),
            Distribution::Empirical(values) => {
                Distribution::Empirical(values.iter().map(|value| value * factor).collect())
            }
        }
    }

    /// The value this distribution gives `stream_id` for the thing at `key`.
    #[inline]
    pub fn draw(&self, streams: &Streams, stream_id: StreamId, key: Key) -> f64 {
        match self {
            Distribution::Constant(value) => *value,
            distribution if distribution.takes_one() => distribution.invert(streams.uniform(stream_id, key)),
            distribution => distribution.sample(&mut streams.stream(stream_id, key)),
        }
    }

    /// Whether one uniform number decides a value.
    #[inline]
    fn takes_one(&self) -> bool {
        !matches!(self, Distribution::Gamma { .. } | Distribution::Poisson { .. } | Distribution::Mixture(_))
    }

    /// The number of things this distribution gives `stream_id` for the thing at `key`: 0 is none, and a number between
    /// two whole ones is rounded at random, up with the chance of its fraction, so that the mean is the distribution's.
    #[inline]
    pub fn count(&self, streams: &Streams, stream_id: StreamId, key: Key) -> u64 {
        self.count_scaled(1.0, streams, stream_id, key)
    }

    /// The same of a distribution that is [`scaled`](Distribution::scaled), without making it.
    #[inline]
    pub fn count_scaled(&self, factor: f64, streams: &Streams, stream_id: StreamId, key: Key) -> u64 {
        let mut stream = streams.stream(stream_id, key);
        let number = self.sample_scaled(factor, &mut stream);
        let whole = floor(number);
        whole as u64 + u64::from(number > whole && stream.uniform() < number - whole)
    }

    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        match self {
            Distribution::Constant(value) => *value,
            Distribution::Gamma { shape, scale } => scale * standard_gamma(*shape, stream),
            Distribution::Geometric { mean } if *mean <= 1.0 => 1.0,
            Distribution::Poisson { mean } => poisson_of_any_mean(*mean, stream),
            Distribution::Mixture(parts) => {
                part(parts, stream).map_or(0.0, |distribution| distribution.sample(stream))
            }
            distribution => distribution.invert(stream.uniform()),
        }
    }

    /// Its quantiles in even steps, which stand for it where a mean over it has no handy formula.
    pub(super) fn quantiles(&self) -> impl Iterator<Item = f64> {
        (0..QUANTILES).map(|nth| self.invert((f64::from(nth) + 0.5) / f64::from(QUANTILES)))
    }

    /// The value at which a distribution that takes one number reaches `u`, or for some distributions 1 − u.
    #[inline]
    fn invert(&self, u: f64) -> f64 {
        match self {
            Distribution::Exponential { mean } => -mean * ln(u),
            Distribution::LogNormal { mu, sigma } => exp(mu + sigma * inverse_normal(u)),
            Distribution::Weibull { scale, shape } => scale * pow(-ln(u), 1.0 / shape),
            Distribution::Uniform { min, max } => min + (max - min) * u,
            Distribution::Triangular { min, mode, max } => triangle(*min, *mode, *max, u),
            Distribution::Geometric { mean } if *mean <= 1.0 => 1.0,
            Distribution::Geometric { mean } => 1.0 + floor(ln(u) / log1p(-1.0 / mean)),
            Distribution::Empirical(values) => values[(u * values.len() as f64) as usize],
            Distribution::Constant(value) => *value,
            // These take more than one: see `sample`.
            Distribution::Gamma { .. } | Distribution::Poisson { .. } | Distribution::Mixture(_) => f64::NAN,
        }
    }

    #[inline]
    fn sample_scaled(&self, factor: f64, stream: &mut Stream) -> f64 {
        match self {
            _ if factor == 1.0 => self.sample(stream),
            Distribution::Mixture(parts) => {
                part(parts, stream).map_or(0.0, |distribution| distribution.sample_scaled(factor, stream))
            }
            Distribution::Empirical(_) => factor * self.sample(stream),
            distribution => distribution.scaled(factor).sample(stream),
        }
    }

    /// E\[X^power\], for a power of zero or more: exact for what sizes are mostly drawn from, and for the rest over
    /// quantiles, good to three digits.
    pub fn power_mean(&self, power: f64) -> f64 {
        let gamma = |shape: f64| exp(lgamma(shape + power) - lgamma(shape));
        match self {
            Distribution::Constant(value) => pow(*value, power),
            Distribution::Exponential { mean } => pow(*mean, power) * gamma(1.0),
            Distribution::LogNormal { mu, sigma } => exp(power * mu + power * power * sigma * sigma / 2.0),
            Distribution::Weibull { scale, shape } => pow(*scale, power) * exp(lgamma(1.0 + power / shape)),
            Distribution::Gamma { shape, scale } => pow(*scale, power) * gamma(*shape),
            Distribution::Mixture(parts) => weighed(parts, |part| part.power_mean(power)),
            Distribution::Empirical(values) => {
                values.iter().map(|value| pow(*value, power)).sum::<f64>() / values.len() as f64
            }
            Distribution::Poisson { mean } => pow(*mean, power),
            Distribution::Uniform { .. }
            | Distribution::Triangular { .. }
            | Distribution::Geometric { .. } => {
                self.quantiles().map(|quantile| pow(quantile, power)).sum::<f64>() / f64::from(QUANTILES)
            }
        }
    }

    pub fn mean(&self) -> f64 {
        self.moments().0
    }

    pub fn variance(&self) -> f64 {
        let (mean, square) = self.moments();
        (square - mean * mean).max(0.0)
    }

    /// The first two moments, E\[X\] and E\[X²\].
    pub fn moments(&self) -> (f64, f64) {
        match self {
            Distribution::Constant(value) => (*value, value * value),
            Distribution::Exponential { mean } => (*mean, 2.0 * mean * mean),
            Distribution::LogNormal { mu, sigma } => {
                let spread = sigma * sigma;
                (exp(mu + spread / 2.0), exp(2.0 * mu + 2.0 * spread))
            }
            Distribution::Weibull { scale, shape } => {
                let moment = |k: f64| pow(*scale, k) * exp(lgamma(1.0 + k / shape));
                (moment(1.0), moment(2.0))
            }
            Distribution::Gamma { shape, scale } => (shape * scale, shape * (shape + 1.0) * scale * scale),
            Distribution::Uniform { min, max } => {
                ((min + max) / 2.0, (min * min + min * max + max * max) / 3.0)
            }
            Distribution::Triangular { min, mode, max } => {
                let mean = (min + mode + max) / 3.0;
                let mixed = min * min + mode * mode + max * max - min * mode - min * max - mode * max;
                (mean, mean * mean + mixed / 18.0)
            }
            Distribution::Geometric { mean } => (*mean, 2.0 * mean * mean - mean),
            Distribution::Poisson { mean } => (*mean, mean + mean * mean),
            Distribution::Mixture(parts) => {
                (weighed(parts, Distribution::mean), weighed(parts, |part| part.moments().1))
            }
            Distribution::Empirical(values) => {
                let n = values.len() as f64;
                (values.iter().sum::<f64>() / n, values.iter().map(|value| value * value).sum::<f64>() / n)
            }
        }
    }
}

/// The part of a mixture that is used.
fn part<'p>(parts: &'p [(f64, Distribution)], stream: &mut Stream) -> Option<&'p Distribution> {
    let u = stream.uniform();
    parts.iter().find(|(reached, _)| u < *reached).or(parts.last()).map(|(_, distribution)| distribution)
}

/// The mean over a mixture of what each of its parts has.
fn weighed(parts: &[(f64, Distribution)], of: impl Fn(&Distribution) -> f64) -> f64 {
    let mut before = 0.0;
    parts.iter().fold(0.0, |sum, (reached, distribution)| {
        sum + (reached - std::mem::replace(&mut before, *reached)) * of(distribution)
    })
}

fn triangle(min: f64, mode: f64, max: f64, u: f64) -> f64 {
    let width = max - min;
    if width <= 0.0 {
        return min;
    }
    if u * width < mode - min {
        min + sqrt(u * width * (mode - min))
    } else {
        max - sqrt((1.0 - u) * width * (max - mode))
    }
}

/// A sum of numbers of smaller means, where the mean is too large to add up probabilities from zero.
fn poisson_of_any_mean(mean: f64, stream: &mut Stream) -> f64 {
    let parts = ceil(mean / POISSON_MOST).max(1.0);
    (0..parts as u64).map(|_| poisson(mean / parts, stream.uniform())).sum()
}

/// A gamma number of this shape and scale 1: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM
/// Transactions on Mathematical Software 26 (2000), on inverted normal numbers.
///
/// Another mean leaves shape and rejections as they are, so that the same random numbers still pair exactly; another
/// shape mostly does, since the first number is taken at least 95 times in a hundred.
fn standard_gamma(shape: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        // Its boost comes first, so that it always lies at the same place of the stream.
        let boost = pow(stream.uniform(), 1.0 / shape);
        return boost * standard_gamma(shape + 1.0, stream);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / sqrt(9.0 * d);
    loop {
        let x = inverse_normal(stream.uniform());
        let v = 1.0 + c * x;
        let v = v * v * v;
        let u = stream.uniform();
        if v > 0.0 && ln(u) < 0.5 * x * x + d * (1.0 - v + ln(v)) {
            return d * v;
        }
    }
}

/// Inversion by adding up probabilities from zero: exact, and quick for the small means of a model.
fn poisson(mean: f64, u: f64) -> f64 {
    let mut term = exp(-mean);
    let mut reached = term;
    let mut count = 0.0;
    let far = ceil(mean + 40.0 * sqrt(mean) + 40.0);
    while u > reached && count < far {
        count += 1.0;
        term *= mean / count;
        reached += term;
    }
    count
}

#[cfg(test)]
#[path = "distribution_tests.rs"]
mod tests;
