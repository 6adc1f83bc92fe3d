//! Size-biased distributions: how large what is found under way is, where what is larger is under way for longer.
//!
//! A quantity X with density f is met, in proportion to its size, with density x·f(x) / E[X]; what is left of it then is a
//! uniform share of that (the residual of a renewal process: Cox, Renewal Theory, 1962).

use super::distribution::Distribution;

impl Distribution {
    /// The distribution of what is met in proportion to its size: exact, but for Weibull, triangular and geometric
    /// quantities, which are taken over quantiles, and Poisson ones, of which only the mean is kept.
    pub fn size_biased(&self) -> Distribution {
        match self {
            Distribution::Constant(value) => Distribution::Constant(*value),
            Distribution::Exponential { mean } => Distribution::Gamma { shape: 2.0, scale: *mean },
            Distribution::LogNormal { mu, sigma } => {
                Distribution::LogNormal { mu: mu + sigma * sigma, sigma: *sigma }
            }
            Distribution::Gamma { shape, scale } => Distribution::Gamma { shape: shape + 1.0, scale: *scale },
            // Its density rises in a straight line: a uniform part, and one that rises from nothing.
            Distribution::Uniform { min, max } => {
                let rising = Distribution::Triangular { min: *min, mode: *max, max: *max };
                mixed([(2.0 * min, self.clone()), (max - min, rising)].into_iter())
            }
            Distribution::Poisson { mean } => Distribution::Constant(mean + 1.0),
            Distribution::Mixture(parts) => {
                let mut before = 0.0;
                mixed(parts.iter().map(|(reached, part)| {
                    let weight = reached - std::mem::replace(&mut before, *reached);
                    (weight * part.mean(), part.size_biased())
                }))
            }
            Distribution::Empirical(values) => by_value(values.iter().copied()),
            Distribution::Weibull { .. }
            | Distribution::Triangular { .. }
            | Distribution::Geometric { .. } => by_value(self.quantiles()),
        }
    }
}

/// A mixture of what has a weight; nothing where nothing has.
fn mixed(parts: impl Iterator<Item = (f64, Distribution)>) -> Distribution {
    let weighty = parts.filter(|(weight, _)| *weight > 0.0).collect();
    Distribution::mixture(weighty).unwrap_or(Distribution::Constant(0.0))
}

/// Some values, each as likely as it is large.
fn by_value(values: impl Iterator<Item = f64>) -> Distribution {
    mixed(values.map(|value| (value, Distribution::Constant(value))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E[X*] = E[X²] / E[X], and E[X*²] = E[X³] / E[X].
    #[test]
    fn its_moments_are_the_next_ones() {
        let laws = [
            Distribution::constant(3.0),
            Distribution::exponential(2.0),
            Distribution::lognormal_mean(4.0, 0.7),
            Distribution::gamma(3.0, 1.7),
            Distribution::uniform(1.0, 4.0),
            Distribution::uniform(0.0, 4.0),
            Distribution::weibull(2.0, 1.5),
            Distribution::triangular(1.0, 2.0, 6.0),
            Distribution::geometric(3.0),
            Distribution::empirical(vec![0.0, 1.0, 2.0, 5.0]),
            Distribution::mixture(vec![
                (1.0, Distribution::Exponential { mean: 1.0 }),
                (3.0, Distribution::Constant(2.0)),
            ]),
        ];
        for law in laws {
            let law = law.expect("a distribution");
            let (mean, square) = law.moments();
            let biased = law.size_biased().moments();
            let theory = (square / mean, law.power_mean(3.0) / mean);
            let within = |found: f64, theory: f64| (found / theory - 1.0).abs() < 0.02;
            assert!(
                within(biased.0, theory.0) && within(biased.1, theory.1),
                "{law:?}: {biased:?} {theory:?}"
            );
            let exact = matches!(law, Distribution::LogNormal { .. } | Distribution::Gamma { .. });
            assert!(!exact || (biased.0 / theory.0 - 1.0).abs() < 1e-12, "{law:?}");
        }
        assert_eq!(Distribution::Constant(0.0).size_biased().mean(), 0.0);
    }
}
