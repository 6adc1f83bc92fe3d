//! The closed set of probability laws, sampled by inversion.
//!
//! Parameters are checked where a law is made; sampling is total afterwards. Continuous laws
//! invert one uniform number, so when a policy moves a parameter the same luck still pairs; only
//! gamma, which has no handy inverse, takes several numbers, from its own stream, and so does a Poisson number of a
//! mean above 700. Transcendental functions are ours or `libm`'s, so that no bit depends on a C library.

use super::luck::{Key, Luck, Purpose, Stream};
use super::math::{exp, ln};
use super::normal::inverse_normal;
use libm::{ceil, floor, lgamma, log1p, pow, sqrt};
use std::sync::Arc;

/// A probability law of a non-negative quantity, in whatever unit its parameters have.
#[derive(Clone, Debug)]
pub enum Law {
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
    Mixture(Arc<[(f64, Law)]>),
    Empirical(Arc<[f64]>),
}

/// The requirement a law's parameters broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LawError {
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

/// The largest Poisson mean whose probability of nothing is still a number.
const POISSON_MOST: f64 = 700.0;

fn positive(number: f64) -> Result<f64, LawError> {
    if number > 0.0 && number.is_finite() { Ok(number) } else { Err(LawError::NotPositive) }
}

fn not_negative(number: f64) -> Result<f64, LawError> {
    if number >= 0.0 && number.is_finite() { Ok(number) } else { Err(LawError::Negative) }
}

impl Law {
    pub fn constant(value: f64) -> Result<Law, LawError> {
        Ok(Law::Constant(not_negative(value)?))
    }

    pub fn exponential(mean: f64) -> Result<Law, LawError> {
        Ok(Law::Exponential { mean: positive(mean)? })
    }

    /// The lognormal law with this mean and coefficient of variation.
    pub fn lognormal_mean(mean: f64, cv: f64) -> Result<Law, LawError> {
        let variance = log1p(not_negative(cv)? * cv);
        Ok(Law::LogNormal { mu: ln(positive(mean)?) - variance / 2.0, sigma: sqrt(variance) })
    }

    /// The lognormal law with this median; `sigma` is the standard deviation of the logarithm.
    pub fn lognormal_median(median: f64, sigma: f64) -> Result<Law, LawError> {
        Ok(Law::LogNormal { mu: ln(positive(median)?), sigma: not_negative(sigma)? })
    }

    pub fn weibull(scale: f64, shape: f64) -> Result<Law, LawError> {
        Ok(Law::Weibull { scale: positive(scale)?, shape: positive(shape)? })
    }

    pub fn weibull_mean(mean: f64, shape: f64) -> Result<Law, LawError> {
        Law::weibull(positive(mean)? / exp(lgamma(1.0 + 1.0 / positive(shape)?)), shape)
    }

    pub fn gamma(mean: f64, shape: f64) -> Result<Law, LawError> {
        let scale = positive(mean)? / positive(shape)?;
        Ok(Law::Gamma { shape, scale: positive(scale)? })
    }

    pub fn uniform(min: f64, max: f64) -> Result<Law, LawError> {
        if not_negative(min)? <= not_negative(max)? {
            Ok(Law::Uniform { min, max })
        } else {
            Err(LawError::OutOfOrder)
        }
    }

    pub fn triangular(min: f64, mode: f64, max: f64) -> Result<Law, LawError> {
        let ordered = not_negative(min)? <= not_negative(mode)? && mode <= not_negative(max)?;
        if ordered { Ok(Law::Triangular { min, mode, max }) } else { Err(LawError::OutOfOrder) }
    }

    pub fn geometric(mean: f64) -> Result<Law, LawError> {
        if positive(mean)? >= 1.0 { Ok(Law::Geometric { mean }) } else { Err(LawError::GeometricBelowOne) }
    }

    pub fn poisson(mean: f64) -> Result<Law, LawError> {
        if not_negative(mean)? <= POISSON_MOST {
            Ok(Law::Poisson { mean })
        } else {
            Err(LawError::PoissonTooLarge)
        }
    }

    /// A mixture: each law is used with a chance in proportion to its weight.
    pub fn mixture(parts: Vec<(f64, Law)>) -> Result<Law, LawError> {
        let mut total = 0.0;
        for (weight, _) in &parts {
            total += positive(*weight)?;
        }
        let mut reached = 0.0;
        let parts: Vec<(f64, Law)> = parts
            .into_iter()
            .map(|(weight, law)| {
                reached += weight / total;
                (reached, law)
            })
            .collect();
        if parts.is_empty() { Err(LawError::Empty) } else { Ok(Law::Mixture(parts.into())) }
    }

    /// The law of a value picked from a list, each as likely as any other.
    pub fn empirical(mut values: Vec<f64>) -> Result<Law, LawError> {
        for value in &values {
            not_negative(*value)?;
        }
        values.sort_by(f64::total_cmp);
        if values.is_empty() { Err(LawError::Empty) } else { Ok(Law::Empirical(values.into())) }
    }

    /// The same of values in ascending order, which are shared.
    pub fn empirical_shared(values: Arc<[f64]>) -> Result<Law, LawError> {
        for end in values.first().into_iter().chain(values.last()) {
            not_negative(*end)?;
        }
        if values.is_empty() { Err(LawError::Empty) } else { Ok(Law::Empirical(values)) }
    }

    /// The same law of a quantity `factor` times as large (for counts: a scaled mean).
    pub fn scaled(&self, factor: f64) -> Law {
        match self {
            Law::Constant(value) => Law::Constant(value * factor),
            Law::Exponential { mean } => Law::Exponential { mean: mean * factor },
            Law::LogNormal { mu, sigma } => Law::LogNormal { mu: mu + ln(factor), sigma: *sigma },
            Law::Weibull { scale, shape } => Law::Weibull { scale: scale * factor, shape: *shape },
            Law::Gamma { shape, scale } => Law::Gamma { shape: *shape, scale: scale * factor },
            Law::Uniform { min, max } => Law::Uniform { min: min * factor, max: max * factor },
            Law::Triangular { min, mode, max } => {
                Law::Triangular { min: min * factor, mode: mode * factor, max: max * factor }
            }
            Law::Geometric { mean } => Law::Geometric { mean: (mean * factor).max(1.0) },
            Law::Poisson { mean } => Law::Poisson { mean: mean * factor },
            Law::Mixture(parts) => {
                Law::Mixture(parts.iter().map(|(p, law)| (*p, law.scaled(factor))).collect())
            }
            Law::Empirical(values) => Law::Empirical(values.iter().map(|value| value * factor).collect()),
        }
    }

    /// The value this law gives `purpose` for the thing at `key`.
    #[inline]
    pub fn draw(&self, luck: &Luck, purpose: Purpose, key: Key) -> f64 {
        match self {
            Law::Constant(value) => *value,
            law if law.takes_one() => law.invert(luck.uniform(purpose, key)),
            law => law.sample(&mut luck.stream(purpose, key)),
        }
    }

    /// Whether one uniform number decides a value.
    #[inline]
    fn takes_one(&self) -> bool {
        !matches!(self, Law::Gamma { .. } | Law::Poisson { .. } | Law::Mixture(_))
    }

    /// The number of things this law gives `purpose` for the thing at `key`: 0 is none, and a number between two whole
    /// ones is rounded at random, up with the chance of its fraction, so that the mean is the law's.
    #[inline]
    pub fn count(&self, luck: &Luck, purpose: Purpose, key: Key) -> u64 {
        self.count_scaled(1.0, luck, purpose, key)
    }

    /// The same of a law that is [`scaled`](Law::scaled), without making it.
    #[inline]
    pub fn count_scaled(&self, factor: f64, luck: &Luck, purpose: Purpose, key: Key) -> u64 {
        let mut stream = luck.stream(purpose, key);
        let number = self.sample_scaled(factor, &mut stream);
        let whole = floor(number);
        whole as u64 + u64::from(number > whole && stream.uniform() < number - whole)
    }

    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        match self {
            Law::Constant(value) => *value,
            Law::Gamma { shape, scale } => scale * standard_gamma(*shape, stream),
            Law::Geometric { mean } if *mean <= 1.0 => 1.0,
            Law::Poisson { mean } => poisson_of_any_mean(*mean, stream),
            Law::Mixture(parts) => part(parts, stream).map_or(0.0, |law| law.sample(stream)),
            law => law.invert(stream.uniform()),
        }
    }

    /// The value at which a law that takes one number reaches `u`, or for some laws 1 − u.
    #[inline]
    fn invert(&self, u: f64) -> f64 {
        match self {
            Law::Exponential { mean } => -mean * ln(u),
            Law::LogNormal { mu, sigma } => exp(mu + sigma * inverse_normal(u)),
            Law::Weibull { scale, shape } => scale * pow(-ln(u), 1.0 / shape),
            Law::Uniform { min, max } => min + (max - min) * u,
            Law::Triangular { min, mode, max } => triangle(*min, *mode, *max, u),
            Law::Geometric { mean } if *mean <= 1.0 => 1.0,
            Law::Geometric { mean } => 1.0 + floor(ln(u) / log1p(-1.0 / mean)),
            Law::Empirical(values) => values[(u * values.len() as f64) as usize],
            Law::Constant(value) => *value,
            // These take more than one: see `sample`.
            Law::Gamma { .. } | Law::Poisson { .. } | Law::Mixture(_) => f64::NAN,
        }
    }

    #[inline]
    fn sample_scaled(&self, factor: f64, stream: &mut Stream) -> f64 {
        match self {
            _ if factor == 1.0 => self.sample(stream),
            Law::Mixture(parts) => part(parts, stream).map_or(0.0, |law| law.sample_scaled(factor, stream)),
            Law::Empirical(_) => factor * self.sample(stream),
            law => law.scaled(factor).sample(stream),
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
            Law::Constant(value) => (*value, value * value),
            Law::Exponential { mean } => (*mean, 2.0 * mean * mean),
            Law::LogNormal { mu, sigma } => {
                let spread = sigma * sigma;
                (exp(mu + spread / 2.0), exp(2.0 * mu + 2.0 * spread))
            }
            Law::Weibull { scale, shape } => {
                let moment = |k: f64| pow(*scale, k) * exp(lgamma(1.0 + k / shape));
                (moment(1.0), moment(2.0))
            }
            Law::Gamma { shape, scale } => (shape * scale, shape * (shape + 1.0) * scale * scale),
            Law::Uniform { min, max } => ((min + max) / 2.0, (min * min + min * max + max * max) / 3.0),
            Law::Triangular { min, mode, max } => {
                let mean = (min + mode + max) / 3.0;
                let mixed = min * min + mode * mode + max * max - min * mode - min * max - mode * max;
                (mean, mean * mean + mixed / 18.0)
            }
            Law::Geometric { mean } => (*mean, 2.0 * mean * mean - mean),
            Law::Poisson { mean } => (*mean, mean + mean * mean),
            Law::Mixture(parts) => mixture_moments(parts),
            Law::Empirical(values) => {
                let n = values.len() as f64;
                (values.iter().sum::<f64>() / n, values.iter().map(|value| value * value).sum::<f64>() / n)
            }
        }
    }
}

/// The part of a mixture that is used.
fn part<'p>(parts: &'p [(f64, Law)], stream: &mut Stream) -> Option<&'p Law> {
    let u = stream.uniform();
    parts.iter().find(|(reached, _)| u < *reached).or(parts.last()).map(|(_, law)| law)
}

fn mixture_moments(parts: &[(f64, Law)]) -> (f64, f64) {
    let mut before = 0.0;
    parts.iter().fold((0.0, 0.0), |(first, second), (reached, law)| {
        let weight = reached - before;
        before = *reached;
        let (mean, square) = law.moments();
        (first + weight * mean, second + weight * square)
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
/// Another mean leaves shape and rejections as they are, so that the same luck still pairs exactly; another shape
/// mostly does, since the first number is taken at least 95 times in a hundred.
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
#[path = "law_tests.rs"]
mod tests;
