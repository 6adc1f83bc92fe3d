//! Each law against its distribution function, its moments and its bits.

use super::*;

const PURPOSE: Purpose = Purpose::named("test/law");

fn laws() -> Vec<(&'static str, Law)> {
    let law = |law: Result<Law, LawError>| law.expect("valid parameters");
    vec![
        ("exponential", law(Law::exponential(3.0))),
        ("lognormal", law(Law::lognormal_mean(2.0, 1.5))),
        ("lognormal by median", law(Law::lognormal_median(2.5, 0.7))),
        ("weibull", law(Law::weibull(2.0, 0.64))),
        ("weibull by mean", law(Law::weibull_mean(5.0, 1.6))),
        ("gamma", law(Law::gamma(4.0, 2.5))),
        ("gamma of small shape", law(Law::gamma(1.0, 0.5))),
        ("uniform", law(Law::uniform(1.0, 5.0))),
        ("triangular", law(Law::triangular(1.0, 2.0, 6.0))),
        ("geometric", law(Law::geometric(6.0))),
        ("poisson", law(Law::poisson(3.5))),
        ("empirical", law(Law::empirical(vec![1.0, 2.0, 2.0, 9.0]))),
        ("mixture", law(Law::mixture(vec![(1.0, Law::Constant(1.0)), (3.0, law(Law::exponential(2.0)))]))),
    ]
}

fn sample(law: &Law, n: u64) -> Vec<f64> {
    let luck = Luck::new(7, 0);
    (0..n).map(|at| law.draw(&luck, PURPOSE, Key(at))).collect()
}

/// The mean lies within 4.5 standard errors of the stated one: α ≈ 7e-6 per law. A wrong mean of
/// 2 % would show for every law here (n = 200,000, coefficient of variation at most 1.6).
#[test]
fn sample_means_agree_with_stated_means() {
    for (name, law) in laws() {
        let values = sample(&law, 200_000);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let error = sqrt(law.variance() / values.len() as f64);
        assert!((mean - law.mean()).abs() < 4.5 * error, "{name}: {mean} against {}", law.mean());
    }
}

/// Variances of laws with light tails agree within 3 %.
#[test]
fn sample_variances_agree_with_stated_variances() {
    for (name, law) in laws() {
        if name.starts_with("lognormal") || name == "weibull" {
            continue;
        }
        let values = sample(&law, 200_000);
        let mean = law.mean();
        let variance =
            values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / values.len() as f64;
        assert!(
            (variance / law.variance() - 1.0).abs() < 0.03,
            "{name}: {variance} against {}",
            law.variance()
        );
    }
}

/// Kolmogorov–Smirnov against the exact distribution function, n = 100,000, α = 0.001
/// (critical value 1.95/√n). Passing does not prove a sampler right; it fails for errors above 0.6 %.
#[test]
fn continuous_laws_follow_their_distribution_functions() {
    let normal = |z: f64| 0.5 * libm::erfc(-z / sqrt(2.0));
    type Distribution = Box<dyn Fn(f64) -> f64>;
    let cases: Vec<(Law, Distribution)> = vec![
        (Law::Exponential { mean: 3.0 }, Box::new(|x| 1.0 - exp(-x / 3.0))),
        (Law::LogNormal { mu: 0.3, sigma: 1.42 }, Box::new(move |x| normal((libm::log(x) - 0.3) / 1.42))),
        (Law::Weibull { scale: 2.0, shape: 0.64 }, Box::new(|x| 1.0 - exp(-pow(x / 2.0, 0.64)))),
        (Law::Uniform { min: 1.0, max: 5.0 }, Box::new(|x| (x - 1.0) / 4.0)),
        (Law::gamma(2.0, 1.0).expect("valid"), Box::new(|x| 1.0 - exp(-x / 2.0))),
    ];
    for (law, distribution) in cases {
        let mut values = sample(&law, 100_000);
        values.sort_by(f64::total_cmp);
        let n = values.len() as f64;
        let distance = values
            .iter()
            .enumerate()
            .map(|(at, x)| {
                (distribution(*x) - at as f64 / n).abs().max((distribution(*x) - (at + 1) as f64 / n).abs())
            })
            .fold(0.0, f64::max);
        assert!(distance < 1.95 / sqrt(n), "{law:?}: distance {distance}");
    }
}

/// Gamma by Marsaglia and Tsang on `libm` against the distribution function as `statrs` computes it, and against draws
/// of the `rand_distr` crate, an independent sampler: n = 100,000 each, α = 0.001 for each comparison.
#[test]
fn gamma_agrees_with_its_distribution_and_with_another_sampler() {
    use rand_distr::Distribution;
    use statrs::distribution::ContinuousCDF;
    for shape in [0.05, 0.5, 1.0, 2.5, 40.0, 1e5] {
        let law = Law::gamma(3.0, shape).expect("valid");
        let mut values = sample(&law, 100_000);
        values.sort_by(f64::total_cmp);
        let n = values.len() as f64;
        let exact = statrs::distribution::Gamma::new(shape, shape / 3.0).expect("valid");
        let distance = |other: &dyn Fn(f64) -> f64| {
            let off = |(at, x): (usize, &f64)| {
                (other(*x) - at as f64 / n).abs().max((other(*x) - (at + 1) as f64 / n).abs())
            };
            values.iter().enumerate().map(off).fold(0.0, f64::max)
        };
        let one = distance(&|x| exact.cdf(x));
        assert!(one < 1.95 / sqrt(n), "shape {shape}: distance {one} from the distribution");
        let other = rand_distr::Gamma::new(shape, 3.0 / shape).expect("valid");
        let mut stream = Luck::new(8, 0).stream(PURPOSE, Key(1));
        let mut theirs: Vec<f64> = (0..100_000).map(|_| other.sample(&mut stream)).collect();
        theirs.sort_by(f64::total_cmp);
        let two = distance(&|x| theirs.partition_point(|it| *it <= x) as f64 / n);
        assert!(two < 1.95 * sqrt(2.0 / n), "shape {shape}: distance {two} from the other sampler");
    }
}

/// The same luck under another mean is the same number in proportion: policies that move a mean are paired.
#[test]
fn gamma_pairs_when_its_mean_moves() {
    for shape in [0.5, 2.5] {
        let (one, other) = (Law::gamma(1.0, shape).expect("valid"), Law::gamma(3.0, shape).expect("valid"));
        for (a, b) in sample(&one, 1000).into_iter().zip(sample(&other, 1000)) {
            assert!((b - 3.0 * a).abs() <= 1e-12 * b, "{a} {b}");
        }
    }
}

/// Counts keep the law's mean, whole numbers as they are; n = 200,000, 4.5 standard errors with the variance that
/// rounding at random adds (at most a quarter).
#[test]
fn counts_keep_their_mean() {
    let luck = Luck::new(7, 0);
    let more = [("constant", Law::Constant(0.3)), ("large poisson", Law::Poisson { mean: 1800.0 })];
    for (name, law) in laws().into_iter().chain(more) {
        let counts: Vec<f64> = (0..200_000).map(|at| law.count(&luck, PURPOSE, Key(at)) as f64).collect();
        let mean = counts.iter().sum::<f64>() / counts.len() as f64;
        let error = sqrt((law.variance() + 0.25) / counts.len() as f64);
        assert!((mean - law.mean()).abs() < 4.5 * error, "{name}: {mean} against {}", law.mean());
    }
    let poisson = Law::poisson(3.5).expect("valid");
    for at in 0..1000 {
        assert_eq!(poisson.count(&luck, PURPOSE, Key(at)) as f64, poisson.draw(&luck, PURPOSE, Key(at)));
    }
    assert_eq!(Law::Constant(0.0).count(&luck, PURPOSE, Key(1)), 0);
    assert_eq!(Law::Constant(3.0).count(&luck, PURPOSE, Key(1)), 3);
}

/// Bit stability: these numbers may change only with a "Results change" in the changelog.
#[test]
fn bits_are_those_of_the_last_release() {
    let bits: Vec<u64> = laws().iter().map(|(_, law)| sample(law, 3)[2].to_bits()).collect();
    let joined = bits.iter().fold(0_u64, |all, bits| all.rotate_left(7) ^ bits);
    assert_eq!(joined, STABLE_BITS, "the laws' bits changed: {joined:#x}");
}

const STABLE_BITS: u64 = 0x1acf_913d_b2f3_70c8;

#[test]
fn parameters_that_make_no_sense_are_refused() {
    assert_eq!(Law::exponential(0.0).err(), Some(LawError::NotPositive));
    assert_eq!(Law::exponential(f64::NAN).err(), Some(LawError::NotPositive));
    assert_eq!(Law::uniform(3.0, 1.0).err(), Some(LawError::OutOfOrder));
    assert_eq!(Law::triangular(1.0, 9.0, 2.0).err(), Some(LawError::OutOfOrder));
    assert_eq!(Law::empirical(vec![]).err(), Some(LawError::Empty));
    assert_eq!(Law::empirical(vec![f64::INFINITY]).err(), Some(LawError::Negative));
    assert_eq!(Law::mixture(vec![(0.0, Law::Constant(1.0))]).err(), Some(LawError::NotPositive));
    assert_eq!(Law::geometric(0.5).err(), Some(LawError::GeometricBelowOne));
}
