//! Noise and ignorance: replications within organisations and differences between organisations, never mixed.
//!
//! Each organisation is a slice with one number per replication. Noise makes its replications differ; ignorance of
//! which organisation we are in makes organisations differ. More replications shrink the first only.

use super::interval::{Share, quantile};
use super::moments;
use super::resample::Resampling;

/// In how many organisations something holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count {
    /// In which it holds by the mean over their few replications.
    pub seen: usize,
    /// The same had each organisation been run without end, at most and at least what is possible.
    pub expected: f64,
    /// An interval for `expected`, over the organisations that might have been drawn.
    pub low: f64,
    pub high: f64,
    pub level: f64,
    pub organisations: usize,
}

/// In how many organisations the mean effect over endless replications is above zero.
///
/// A mean over few replications lies above zero by chance as well, which moves counts towards one half. The bias falls
/// with one over the number of replications, so it is extrapolated away: counting once with all R replications of each
/// organisation and once with k = ⌊R/2⌋ of them (the mean over R cyclic choices), the count at endless replications
/// is (R·all − k·half) / (R − k): a generalised jackknife (Schucany, Gray & Owen 1971, *JASA* 66, 524–533).
/// What remains is of second order. The interval is the wider of the bootstrap's over organisations
/// and Wilson's, which does not collapse when all agree.
///
/// # Panics
/// When an organisation has fewer than two replications, or `level` lies outside (0, 1).
pub fn count_above_zero(effects: &[Vec<f64>], level: f64, resampling: Resampling) -> Count {
    let parts: Vec<[f64; 3]> = effects.iter().map(|runs| [endless(runs), 0.0, 1.0 - endless(runs)]).collect();
    let [count, ..] = counts(&parts, [effects, &[]], level, resampling);
    count
}

/// The same for two effects of which at most one is above zero in an organisation, such as winning and losing by
/// more than matters: their counts and that of neither are kept from falling below none.
///
/// # Panics
/// As [`count_above_zero`], and when the two differ in length.
pub fn count_either(
    wins: &[Vec<f64>],
    losses: &[Vec<f64>],
    level: f64,
    resampling: Resampling,
) -> [Count; 2] {
    let [won, lost, _] = count_each(wins, losses, level, resampling);
    [won, lost]
}

/// The same, with the count of organisations in which neither is above zero.
///
/// # Panics
/// As [`count_either`].
pub fn count_each(wins: &[Vec<f64>], losses: &[Vec<f64>], level: f64, resampling: Resampling) -> [Count; 3] {
    assert_eq!(wins.len(), losses.len(), "every organisation has both effects");
    let part = |(wins, losses): (&Vec<f64>, &Vec<f64>)| {
        let (won, lost) = (endless(wins), endless(losses));
        [won, lost, 1.0 - won - lost]
    };
    let parts: Vec<[f64; 3]> = wins.iter().zip(losses).map(part).collect();
    counts(&parts, [wins, losses], level, resampling)
}

/// Counts from each organisation's parts, which add up to one; the third is of what neither effect covers.
fn counts(parts: &[[f64; 3]], effects: [&[Vec<f64>]; 2], level: f64, resampling: Resampling) -> [Count; 3] {
    let n = parts.len();
    let [won, lost] = effects.map(|effects| effects.iter().filter(|runs| moments::mean(runs) > 0.0).count());
    let seen = [won, lost, n - won - lost];
    let expected = possible(parts.iter());
    let mut generator = resampling.generator();
    let draws = if n == 0 { 0 } else { resampling.draws };
    let drawn: Vec<[f64; 3]> =
        (0..draws).map(|_| possible((0..n).map(|_| &parts[generator.index(n)]))).collect();
    [0, 1, 2].map(|side| {
        let mut counts: Vec<f64> = drawn.iter().map(|counts| counts[side]).collect();
        counts.sort_unstable_by(f64::total_cmp);
        let tail = 0.5 * (1.0 - level);
        let end = |p: f64| if counts.is_empty() { 0.0 } else { quantile(&counts, p) };
        let wilson = Share::wilson(expected[side].round() as usize, n, level);
        Count {
            seen: seen[side],
            expected: expected[side],
            low: end(tail).min(wilson.low * n as f64),
            high: end(1.0 - tail).max(wilson.high * n as f64),
            level,
            organisations: n,
        }
    })
}

/// The sums of parts, moved to the nearest counts that are possible: none below zero, together all organisations.
fn possible<'a>(parts: impl Iterator<Item = &'a [f64; 3]>) -> [f64; 3] {
    let mut sums = [0.0; 3];
    parts.for_each(|part| sums.iter_mut().zip(part).for_each(|(sum, part)| *sum += part));
    // What one lacks is taken from those above zero in equal parts; that may make one more lack something.
    for _ in 0..2 {
        let lack: f64 = sums.iter().map(|sum| sum.min(0.0)).sum();
        let above = sums.iter().filter(|sum| **sum > 0.0).count();
        if lack < 0.0 && above > 0 {
            let share = lack / above as f64;
            sums.iter_mut().for_each(|sum| *sum = if *sum > 0.0 { *sum + share } else { 0.0 });
        }
    }
    sums.map(|sum| sum.max(0.0))
}

/// One organisation's part of the extrapolated count; may lie outside [0, 1].
fn endless(runs: &[f64]) -> f64 {
    let all = runs.len();
    assert!(all >= 2, "one life says nothing of luck");
    let part = all / 2;
    let above = |mean: f64| if mean > 0.0 { 1.0 } else { 0.0 };
    let window = |from: usize| (from..from + part).map(|at| runs[at % all]).sum::<f64>();
    let half = (0..all).map(|from| above(window(from))).sum::<f64>() / all as f64;
    let (r, k) = (all as f64, part as f64);
    (r * above(moments::mean(runs)) - k * half) / (r - k)
}

/// How much of the spread of single replications lies between organisations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Components {
    /// Variance of noise: replications of one organisation.
    pub within: f64,
    /// Variance of ignorance: true means of organisations, zero or more.
    pub between: f64,
    /// `between` over both, with the bootstrap's interval over organisations.
    pub share: f64,
    pub low: f64,
    pub high: f64,
}

/// One-way random effects by the method of moments (Searle, Casella & McCulloch 1992, *Variance Components*, 3.5).
///
/// # Panics
/// When an organisation has fewer than two replications.
pub fn components(values: &[Vec<f64>], level: f64, resampling: Resampling) -> Components {
    let parts: Vec<Part> = values.iter().map(|runs| Part::of(runs)).collect();
    let n = parts.len();
    let (within, between) = split(&parts.iter().collect::<Vec<_>>());
    let of_all = |(within, between): (f64, f64)| between / (within + between);
    let mut generator = resampling.generator();
    let mut drawn: Vec<f64> = (0..if n < 2 { 0 } else { resampling.draws })
        .map(|_| of_all(split(&(0..n).map(|_| &parts[generator.index(n)]).collect::<Vec<_>>())))
        .filter(|share| !share.is_nan())
        .collect();
    drawn.sort_unstable_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - level);
    let end = |p: f64| if drawn.is_empty() { f64::NAN } else { quantile(&drawn, p) };
    let share = of_all((within, between));
    Components { within, between, share, low: end(tail), high: end(1.0 - tail) }
}

struct Part {
    mean: f64,
    variance: f64,
    runs: f64,
}

impl Part {
    fn of(runs: &[f64]) -> Part {
        assert!(runs.len() >= 2, "one life says nothing of luck");
        let moments = moments::Moments::of(runs);
        Part { mean: moments.mean, variance: moments.variance, runs: moments.n as f64 }
    }
}

/// The variances within and between.
fn split(parts: &[&Part]) -> (f64, f64) {
    if parts.len() < 2 {
        return (f64::NAN, f64::NAN);
    }
    let freedom: f64 = parts.iter().map(|part| part.runs - 1.0).sum();
    let within = parts.iter().map(|part| part.variance * (part.runs - 1.0)).sum::<f64>() / freedom;
    let means: Vec<f64> = parts.iter().map(|part| part.mean).collect();
    // The variance of a mean over replications, averaged over organisations.
    let noise = parts.iter().map(|part| within / part.runs).sum::<f64>() / parts.len() as f64;
    (within, (moments::variance(&means) - noise).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal;
    use crate::resample::SplitMix;

    /// Organisations whose true effects are normal about `mean` with deviation 1, run with noise of deviation
    /// `noise`.
    fn made(n: usize, runs: usize, mean: f64, noise: f64, generator: &mut SplitMix) -> Vec<Vec<f64>> {
        (0..n)
            .map(|_| {
                let effect = mean + generator.normal();
                (0..runs).map(|_| effect + noise * generator.normal()).collect()
            })
            .collect()
    }

    #[test]
    fn counting_corrects_for_noise_within_organisations() {
        // True share Φ(1) = 0.841; two replications with noise of deviation 1 would show Φ(1/√1.5) = 0.793. The
        // second-order remainder is 0.841 − (2Φ(1/√1.5) − Φ(1/√2)) = 0.015.
        let mut generator = SplitMix::new(5);
        let completed = made(40_000, 2, 1.0, 1.0, &mut generator);
        let count = count_above_zero(&completed, 0.95, Resampling { draws: 50, seed: 1 });
        let truth = normal::cdf(1.0);
        let error = |x: f64| (x / 40_000.0 - truth).abs();
        assert!(error(count.seen as f64) > 0.04, "{count:?}");
        // Four standard errors of about 0.0028, beside the remainder.
        assert!(error(count.expected) < 0.015 + 4.0 * 0.0028, "{count:?}");
    }

    #[test]
    fn its_interval_covers_as_often_as_it_says() {
        // α: at 95 %, 300 repetitions cover between 89.9 % and 100 % with probability 0.9999 if the level is
        // held; noise of deviation 0.5 leaves a remainder of 0.002.
        let mut generator = SplitMix::new(77);
        let truth = 60.0 * normal::cdf(0.5);
        let covered = (0..300)
            .filter(|nth| {
                let completed = made(60, 2, 0.5, 0.5, &mut generator);
                let count = count_above_zero(&completed, 0.95, Resampling { draws: 300, seed: *nth });
                count.low <= truth && truth <= count.high
            })
            .count();
        assert!(covered >= 270, "{covered} of 300");
    }

    #[test]
    fn agreement_does_not_make_certain() {
        let all = vec![vec![1.0, 2.0]; 20];
        let count = count_above_zero(&all, 0.95, Resampling::seeded(1));
        assert_eq!((count.seen, count.expected), (20, 20.0));
        assert!(count.low < 17.0 && count.high == 20.0, "{count:?}");
        let none = count_above_zero(&[], 0.95, Resampling::seeded(1));
        assert_eq!((none.low, none.high), (0.0, 0.0));
        assert_eq!((none.seen, none.organisations), (0, 0));
    }

    #[test]
    fn wins_and_losses_are_never_more_than_organisations() {
        // Neither is rare when replications disagree, and then the count of neither is extrapolated below none.
        let wins: Vec<Vec<f64>> =
            (0..10).map(|nth| if nth < 6 { vec![1.0, 2.0] } else { vec![-3.0, 2.0] }).collect();
        let losses: Vec<Vec<f64>> =
            (0..10).map(|nth| if nth < 6 { vec![-1.0, -2.0] } else { vec![3.0, -1.0] }).collect();
        let [won, lost] = count_either(&wins, &losses, 0.95, Resampling::seeded(2));
        let each = count_each(&wins, &losses, 0.95, Resampling::seeded(2));
        assert_eq!([won, lost], [each[0], each[1]]);
        assert_eq!(each.map(|count| count.expected).iter().sum::<f64>(), 10.0);
        assert_eq!((won.seen, lost.seen), (6, 4));
        assert!(won.expected + lost.expected <= 10.0 + 1e-9, "{won:?} {lost:?}");
        assert_eq!(possible([[7.0, 5.0, -2.0]].iter()), [6.0, 4.0, 0.0]);
        assert_eq!(possible([[12.0, 1.0, -3.0]].iter()), [10.0, 0.0, 0.0]);
        assert_eq!(possible([[4.0, 3.0, 3.0]].iter()), [4.0, 3.0, 3.0]);
    }

    #[test]
    fn noise_and_ignorance_are_told_apart() {
        let mut generator = SplitMix::new(9);
        let completed = made(4_000, 3, 0.0, 2.0, &mut generator);
        let found = components(&completed, 0.95, Resampling { draws: 200, seed: 3 });
        // Variances 4 and 1; standard errors about 0.063 and 0.057, four of each.
        assert!((found.within - 4.0).abs() < 0.26 && (found.between - 1.0).abs() < 0.24, "{found:?}");
        assert!(found.low < 0.2 && 0.2 < found.high, "{found:?}");
        let only_noise = made(10, 2, 0.0, 0.0, &mut generator);
        assert_eq!(components(&only_noise, 0.95, Resampling::seeded(1)).share, 1.0);
    }
}
