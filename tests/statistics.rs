//! The intervals and words are checked against their promises: coverage, rates of error, power.
//!
//! Seeds are fixed, so each test always gives the same answer; a promise of p over N trials is accepted
//! within three standard errors (a fresh seed would miss by chance in 0.3 %). `--nocapture` prints what
//! is measured. Seen to fail when sabotaged: z for t, unpaired variance, pointwise intervals for the
//! family, no widening for skewness, an order statistic one off, a ratio without its slope, Wilson
//! without shrinkage, "better" read from the sign alone, break-even one week early.

use orgsim::statistics::breakeven::trajectory;
use orgsim::statistics::interval::{Estimate, QuantileInterval, Share};
use orgsim::statistics::paired::{Comparison, PairedDifference, compare};
use orgsim::statistics::resample::{Resampling, SplitMix};
use orgsim::statistics::seen::Seen;
use orgsim::statistics::simultaneous;
use orgsim::statistics::studentised;
use orgsim::statistics::verdict::{Direction, Guardrail, Lean, Margin, Verdict};

const LEVEL: f64 = 0.95;

/// Fewer resamples than the default, for speed; their own noise is part of what is measured.
fn few(g: &mut SplitMix) -> Resampling {
    Resampling { draws: 500, seed: g.bits() }
}

/// The share of trials in which `holds`, each with its own numbers.
fn share(trials: u64, seed: u64, mut holds: impl FnMut(&mut SplitMix) -> bool) -> f64 {
    let hits = (0..trials).filter(|t| holds(&mut SplitMix::new(seed ^ (t << 20)))).count();
    hits as f64 / trials as f64
}

/// Three standard errors of a share `p` over `trials`.
fn slack(p: f64, trials: u64) -> f64 {
    3.0 * (p * (1.0 - p) / trials as f64).sqrt()
}

fn assert_near(what: &str, measured: f64, p: f64, trials: u64) {
    println!("{what}: {measured:.4} for {p}");
    assert!((measured - p).abs() <= slack(p, trials), "{what}: {measured} is not {p}");
}

fn assert_at_most(what: &str, measured: f64, p: f64, trials: u64) {
    println!("{what}: {measured:.4} of at most {p}");
    assert!(measured <= p + slack(p, trials), "{what}: {measured} exceeds {p}");
}

/// For intervals that are cautious when replications are few: never below the promise, nor absurdly above it.
fn assert_at_least(what: &str, measured: f64, p: f64, trials: u64) {
    println!("{what}: {measured:.4} of at least {p}");
    assert!(measured >= p - slack(p, trials), "{what}: {measured} misses {p}");
    assert!(measured < 0.99, "{what}: {measured} is wider than it need be");
}

fn normals(n: usize, generator: &mut SplitMix) -> Vec<f64> {
    (0..n).map(|_| generator.normal()).collect()
}

/// Differences that share part of their noise: pairwise correlation `shared`; every mean is 0.
fn correlated(count: usize, n: usize, shared: f64, generator: &mut SplitMix) -> Vec<Vec<f64>> {
    let common = normals(n, generator);
    let own = (1.0 - shared).sqrt();
    let column = |g: &mut SplitMix| common.iter().map(|c| shared.sqrt() * c + own * g.normal()).collect();
    (0..count).map(|_| column(generator)).collect()
}

#[test]
fn students_interval_covers() {
    for n in [5, 30] {
        let covered = share(10_000, 1, |g| Estimate::of_mean(&normals(n, g), LEVEL).contains(0.0));
        assert_near(&format!("t interval, n = {n}"), covered, LEVEL, 10_000);
    }
}

#[test]
fn means_of_skewed_values_are_covered_better_by_the_bootstrap() {
    // Exponential (skewness 2) and lognormal (6.2); what is kept at least, of 95 % promised.
    type Law = fn(&mut SplitMix) -> f64;
    let exponential: Law = |g| -libm::log(g.uniform());
    let lognormal: Law = |g| libm::exp(g.normal());
    let laws = [
        ("exponential", exponential, 1.0, [(20, 0.935), (40, 0.935)]),
        ("lognormal", lognormal, libm::exp(0.5), [(20, 0.90), (40, 0.91)]),
    ];
    for (name, draw, truth, sizes) in laws {
        for (n, kept) in sizes {
            let mut plain = 0.0;
            let covered = share(2_000, 21, |g| {
                let values: Vec<f64> = (0..n).map(|_| draw(g)).collect();
                plain += f64::from(Estimate::of_mean(&values, LEVEL).contains(truth)) / 2_000.0;
                studentised::of_mean(&values, LEVEL, few(g)).contains(truth)
            });
            println!("{name}, n = {n}: {covered:.4} of at least {kept}, Student's {plain:.4}");
            assert!(covered >= kept - slack(kept, 2_000) && covered > plain, "{name}: {covered}, {plain}");
        }
    }
    let normal = share(2_000, 22, |g| studentised::of_mean(&normals(40, g), LEVEL, few(g)).contains(0.0));
    assert_near("normal, n = 40", normal, LEVEL, 2_000);
}

#[test]
fn quantile_intervals_cover_whatever_the_distribution() {
    for (p, n) in [(0.5, 20), (0.9, 60), (0.95, 200)] {
        let truth = -libm::log(1.0 - p);
        let mut reached = 0.0;
        let covered = share(10_000, 2, |g| {
            let mut values: Vec<f64> = (0..n).map(|_| -libm::log(g.uniform())).collect();
            values.sort_unstable_by(f64::total_cmp);
            let interval = QuantileInterval::of(&values, p, LEVEL);
            reached = interval.reached;
            interval.low <= truth && truth <= interval.high
        });
        assert!((LEVEL..0.985).contains(&reached), "{reached}");
        assert_near(&format!("quantile {p}, n = {n}"), covered, reached, 10_000);
    }
}

#[test]
fn intervals_of_a_share_cover() {
    // Exactly, by summing over all outcomes: Wilson's on average over shares.
    let (n, grid) = (40_usize, 199_u32);
    let covered = |truth: f64| -> f64 {
        let holds = |k: &usize| {
            let interval = Share::wilson(*k, n, LEVEL);
            (interval.low..=interval.high).contains(&truth)
        };
        (0..=n).filter(holds).map(|k| binomial(k, n, truth)).sum()
    };
    let shares = (1..=grid).map(|i| f64::from(i) / f64::from(grid + 1));
    let wilson = shares.map(covered).sum::<f64>() / f64::from(grid);
    println!("Wilson on average {wilson:.4}");
    assert!((wilson - LEVEL).abs() < 0.008, "{wilson}");
}

fn binomial(k: usize, n: usize, p: f64) -> f64 {
    let ways: f64 = (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product();
    ways * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32)
}

fn family_coverage(columns: impl Fn(&mut SplitMix) -> Vec<Vec<f64>>, trials: u64) -> f64 {
    share(trials, 3, |g| {
        let columns = columns(g);
        let views: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let family = simultaneous::intervals(&views, LEVEL, few(g));
        family.estimates.iter().all(|e| e.contains(0.0))
    })
}

#[test]
fn max_t_intervals_hold_together() {
    // A table of measured figures stands with `simultaneous::intervals`.
    for (n, shared) in [(30, 0.0), (30, 0.5), (30, 0.9)] {
        let covered = family_coverage(|g| correlated(5, n, shared, g), 2_000);
        let what = format!("5 comparisons, n = {n}, correlation {shared}");
        assert_near(&what, covered, LEVEL, 2_000);
    }
}

#[test]
fn max_t_intervals_hold_together_at_200_replications_and_are_cautious_at_10() {
    let at_200 = family_coverage(|g| correlated(5, 200, 0.5, g), 2_000);
    assert_near("5 comparisons, n = 200", at_200, LEVEL, 2_000);
    let at_10 = family_coverage(|g| correlated(5, 10, 0.5, g), 2_000);
    println!("5 comparisons, n = 10: {at_10:.4}");
    assert!(at_10 > LEVEL && at_10 < 0.985);
}

#[test]
fn max_t_intervals_hold_together_with_missing_replications() {
    let holes = |g: &mut SplitMix| {
        let mut columns = correlated(5, 40, 0.5, g);
        for value in columns.iter_mut().flatten() {
            if g.uniform() < 0.2 {
                *value = f64::NAN;
            }
        }
        columns
    };
    assert_near("a fifth of lives missing", family_coverage(holes, 1_000), LEVEL, 1_000);
}

#[test]
fn skewed_differences_cost_some_coverage() {
    // Exponential differences (skewness 2): no interval of a mean is exact here. The loss is bounded.
    for (n, least) in [(30, 0.89), (80, 0.92)] {
        let skewed = |g: &mut SplitMix| {
            let columns = correlated(5, n, 0.5, g);
            let bend = |z: &f64| -libm::log(orgsim::statistics::normal::cdf(-z)) - 1.0;
            columns.iter().map(|c| c.iter().map(bend).collect()).collect()
        };
        let covered = family_coverage(skewed, 1_000);
        println!("skewed, n = {n}: {covered:.4}");
        assert!(covered > least && covered < 0.97, "{covered}");
    }
}

/// A baseline and policies whose true effects are `effects` of the baseline's mean of 100; replications vary
/// by 20 and share most of their noise.
fn study(effects: &[f64], n: usize, g: &mut SplitMix) -> Vec<PairedDifference> {
    let streams = normals(n, g);
    let side = |mean: f64, g: &mut SplitMix| -> Seen {
        Seen::known(streams.iter().map(|l| mean + 18.0 * l + 8.7 * g.normal()).collect())
    };
    let baseline = side(100.0, g);
    let policies: Vec<Seen> = effects.iter().map(|e| side(100.0 * (1.0 + e), g)).collect();
    let direction = Direction::HigherIsBetter;
    let family: Vec<Comparison> =
        policies.iter().map(|policy| Comparison { policy, baseline: &baseline, direction }).collect();
    compare(&family, LEVEL, few(g))
}

fn any(word: Verdict, study: &[PairedDifference]) -> bool {
    study.iter().any(|c| c.verdict(Margin::default()) == word)
}

#[test]
fn relative_differences_cover_alone_and_together() {
    let (effects, trials) = ([-0.1, 0.0, 0.05, 0.2], 1_000);
    for n in [15, 100] {
        let mut alone = 0.0;
        let together = share(trials, 4, |g| {
            let study = study(&effects, n, g);
            alone += f64::from(study[3].relative.contains(effects[3]));
            let both = study.iter().zip(effects);
            both.into_iter().all(|(c, truth)| c.simultaneous_relative.contains(truth))
        });
        let alone = alone / trials as f64;
        assert_near(&format!("one relative difference, n = {n}"), alone, LEVEL, trials);
        assert_at_least(&format!("four relative differences, n = {n}"), together, LEVEL, trials);
    }
}

#[test]
fn policies_that_change_nothing_are_hardly_ever_called_better() {
    // Without margin the family errs at its rate or less, half of it on each side; with 5 %, never.
    let trials = 1_000;
    for n in [10, 40] {
        let (mut signs, mut no_margin) = (0.0, 0.0);
        let word = share(trials, 5, |g| {
            let study = study(&[0.0; 4], n, g);
            signs += f64::from(study.iter().any(|c| c.lean() != Lean::Neither));
            let better = |c: &PairedDifference| c.verdict(Margin::Absolute(0.0)) == Verdict::Better;
            no_margin += f64::from(study.iter().any(better));
            any(Verdict::Better, &study)
        });
        let (signs, no_margin) = (signs / trials as f64, no_margin / trials as f64);
        assert_at_most(&format!("any sign claimed, n = {n}"), signs, 0.05, trials);
        assert!(signs > 0.02, "an interval that never errs is too wide");
        assert_at_most(&format!("better without margin, n = {n}"), no_margin, 0.025, trials);
        assert_at_most(&format!("better by 5 %, n = {n}"), word, 0.002, trials);
    }
}

#[test]
fn words_are_rarely_false_at_the_worst_truth() {
    // At the margin: a hair less and "better" is false, a hair more and "practically the same" is.
    let (at_margin, trials) = ([0.0499; 4], 1_000);
    let better = share(trials, 6, |g| any(Verdict::Better, &study(&at_margin, 60, g)));
    assert_at_most("better at the margin, any of four", better, 0.025, trials);
    let same = share(trials, 6, |g| any(Verdict::PracticallySame, &study(&[0.0501; 4], 200, g)));
    assert_at_most("same at the margin, any of four", same, 0.025, trials);
    let unhurt = share(trials, 7, |g| {
        let study = study(&[-0.0501; 4], 60, g);
        study.iter().any(|c| c.guardrail(Margin::default()) == Guardrail::Unhurt)
    });
    assert_at_most("unhurt at the margin, any of four", unhurt, 0.025, trials);
}

#[test]
fn enough_replications_find_the_true_word() {
    // Effects of 12 %, 0 and −12 % among replications that vary by 20 %: power with 50 and with 200 replications.
    let effects = [0.12, 0.0, -0.12];
    let truth = [Verdict::Better, Verdict::PracticallySame, Verdict::Worse];
    let all_right = |n: usize| {
        share(300, 8, |g| {
            let study = study(&effects, n, g);
            study.iter().zip(truth).all(|(c, word)| c.verdict(Margin::default()) == word)
        })
    };
    let (few, many) = (all_right(50), all_right(200));
    println!("all three words right: {few:.3} with 50 lives, {many:.3} with 200");
    assert!(few < 0.8 && many > 0.95);
}

#[test]
fn pairing_narrows_the_interval_as_much_as_it_says() {
    let study = study(&[0.1], 2_000, &mut SplitMix::new(9))[0];
    // Twice (18² + 8.7²) over twice 8.7²: 5.3.
    assert!((study.variance_ratio - 5.28).abs() < 0.6, "{}", study.variance_ratio);
    assert!((study.correlation - 0.81).abs() < 0.03, "{}", study.correlation);
    assert!(!study.pairing_raised_variance());
}

#[test]
fn break_even_intervals_cover() {
    // Replications lose 1 a week for ten weeks, then gain 1: the mean is back at zero after 20 weeks and lowest after 10.
    // Noise in the speed of gain moves both; percentile intervals of whole weeks are cautious.
    let mut deep = 0.0;
    let covered = share(400, 10, |g| {
        let replication = |g: &mut SplitMix| -> Vec<f64> {
            let (mut sum, gain) = (0.0, 1.0 + 0.5 * g.normal());
            let step = |week: usize, g: &mut SplitMix| {
                if week < 10 { -1.0 + 0.8 * g.normal() } else { gain }
            };
            (0..40)
                .map(|week| {
                    sum += step(week, g);
                    sum
                })
                .collect()
        };
        let runs: Vec<Vec<f64>> = (0..40).map(|_| replication(g)).collect();
        let trajectory = trajectory(&runs, LEVEL, few(g));
        deep += f64::from(trajectory.dip.low <= -10.0 && -10.0 <= trajectory.dip.high);
        trajectory.week.low <= 20.0 && 20.0 <= trajectory.week.high
    });
    println!("break-even week {covered:.3}, dip {:.3}", deep / 400.0);
    assert!(covered >= LEVEL - slack(LEVEL, 400) && deep / 400.0 >= LEVEL - slack(LEVEL, 400) - 0.01);
}
