//! Procedures that decide for themselves when they have seen enough keep their promises all the same.
//!
//! Seeds are fixed; a promise of p over N trials is accepted within three standard errors (a fresh seed would
//! miss by chance in 0.3 %). `--nocapture` prints what is measured. Each test carries a sabotage that it finds.

use orgsim::statistics::interval::Estimate;
use orgsim::statistics::paired::{Comparison, compare};
use orgsim::statistics::resample::{Resampling, SplitMix};
use orgsim::statistics::sequential::{FIRST, Width, looks};
use orgsim::statistics::verdict::Direction;

const LEVEL: f64 = 0.95;

/// The share of trials in which `holds`, each with its own numbers.
fn share(trials: u64, seed: u64, mut holds: impl FnMut(&mut SplitMix) -> bool) -> f64 {
    let hits = (0..trials).filter(|t| holds(&mut SplitMix::new(seed ^ (t << 20)))).count();
    hits as f64 / trials as f64
}

/// Three standard errors of a share `p` over `trials`.
fn slack(p: f64, trials: u64) -> f64 {
    3.0 * (p * (1.0 - p) / trials as f64).sqrt()
}

/// The interval at which a sequence of looks ends, and whether it is as narrow as asked.
fn until(
    width: Width,
    looks: impl Iterator<Item = usize>,
    generator: &mut SplitMix,
    draw: fn(&mut SplitMix) -> f64,
) -> (Estimate, bool) {
    let mut values = Vec::new();
    let mut interval = Estimate::unbounded(f64::NAN, LEVEL);
    for look in looks {
        values.extend((values.len()..look).map(|_| draw(generator)));
        interval = Estimate::of_mean(&values, LEVEL);
        if width.holds(&interval) {
            return (interval, true);
        }
    }
    (interval, false)
}

const MEAN: f64 = 10.0;

fn normal(g: &mut SplitMix) -> f64 {
    MEAN + 3.0 * g.normal()
}

fn exponential(g: &mut SplitMix) -> f64 {
    -MEAN * libm::log(g.uniform())
}

#[test]
fn intervals_that_decide_when_to_stop_cover_nearly_as_often_as_they_say() {
    // 95 % is promised, and 94 % kept whatever the width: from one look to seventeen.
    let (kept, trials) = (0.94, 4_000);
    for wanted in [1.0, 0.7, 0.5, 0.3, 0.15] {
        for width in [Width::Absolute(wanted), Width::Relative(wanted / MEAN)] {
            let mut lives = 0;
            let covered = share(trials, 11, |g| {
                let (interval, is_narrow) = until(width, looks(FIRST, 100_000), g, normal);
                lives += interval.n;
                is_narrow && interval.contains(MEAN)
            });
            println!("{width:?}: {covered:.4} of {LEVEL}, {} lives", lives as u64 / trials);
            assert!(covered >= kept - slack(kept, trials), "{width:?}: {covered}");
        }
    }
    // Sabotage: a look after every life, from the second on.
    let careless = share(trials, 11, |g| until(Width::Absolute(1.0), 2.., g, normal).0.contains(MEAN));
    println!("looking after every life: {careless:.4}");
    assert!(careless < kept - slack(kept, trials), "{careless}");
}

#[test]
fn skewed_values_cost_little_coverage_once_the_interval_is_narrow() {
    for wanted in [0.2, 0.1, 0.05] {
        let ended = |g: &mut SplitMix| until(Width::Relative(wanted), looks(FIRST, 100_000), g, exponential);
        let covered = share(1_000, 12, |g| ended(g).0.contains(MEAN));
        println!("exponential within {wanted}: {covered:.4}");
        assert!(covered >= 0.93 - slack(0.93, 1_000), "{covered}");
    }
    let mut generator = SplitMix::new(3);
    let (interval, is_narrow) = until(Width::Relative(0.01), looks(FIRST, 500), &mut generator, exponential);
    assert!(!is_narrow && interval.n == 500, "a ceiling is kept, and known to have been reached");
}

/// Three policies of which one does nothing, against a baseline of 100, until every simultaneous relative interval
/// is within 4 %: whether all hold the truth.
fn family(g: &mut SplitMix) -> bool {
    let effects = [0.0, 0.05, -0.1];
    let mut sides = vec![Vec::new(); 4];
    for look in looks(FIRST, 10_000) {
        while sides[0].len() < look {
            let luck = 100.0 + 18.0 * g.normal();
            sides[0].push(luck + 12.0 * g.normal());
            for (side, effect) in sides[1..].iter_mut().zip(effects) {
                side.push(luck + 100.0 * effect + 12.0 * g.normal());
            }
        }
        let direction = Direction::HigherIsBetter;
        let pair = |policy| Comparison { policy, baseline: &sides[0], direction };
        let pairs: Vec<Comparison> = sides[1..].iter().map(|side| pair(side.as_slice())).collect();
        let found = compare(&pairs, LEVEL, Resampling { draws: 500, seed: g.bits() });
        if found.iter().all(|one| one.simultaneous_relative.half_width() <= 0.04) {
            return found.iter().zip(effects).all(|(one, effect)| one.simultaneous_relative.contains(effect));
        }
    }
    false
}

#[test]
fn intervals_of_a_family_hold_together_when_all_are_narrow() {
    let covered = share(1_000, 16, family);
    println!("three relative differences within 4 %: {covered:.4} of {LEVEL}");
    assert!(covered >= 0.93 - slack(0.93, 1_000), "{covered}");
}
