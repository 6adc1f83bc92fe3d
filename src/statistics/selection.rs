//! Selecting the best of many policies that run on the same random numbers, with a stated probability.
//!
//! The fully sequential procedure KN of Kim & Nelson (2001), *ACM TOMACS* 11, 251–273, with constant c = 1. All
//! policies run a first stage, from which the variance of the difference of each pair is taken. Then they run on
//! in step, and whoever falls behind another by more than chance explains is out; the room for chance shrinks
//! until one is left. Common random numbers are welcome: they make the variances of differences small.
//!
//! **What is promised.** If the best mean is ahead of every other by at least the indifference zone δ, the best is
//! selected with probability at least 1 − α. **What is taken for granted.** Replications are independent and
//! normal, which means over many items nearly are. Variances and correlations may be anything. Looking
//! less often than after every replication errs no more (Jennison, Johnstone & Turnbull 1982).

use super::moments::{self, Moments};
use super::normal;

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// The probability, in (0.5, 1), with which the best is selected.
    pub confidence: f64,
    /// The indifference zone δ > 0, in the unit of the values.
    pub indifference: f64,
}

/// What became of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyFate {
    InPlay,
    /// Screened out in this round; the first stage is round 0.
    Behind(usize),
    /// Out in this round because a value was no finite number: it has no mean.
    NoMean(usize),
}

/// How a selection went; `E` says why it was halted.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection<E> {
    /// What each policy showed until it was out.
    pub values: Vec<Vec<f64>>,
    pub fates: Vec<PolicyFate>,
    /// Rounds after the first stage.
    pub rounds: usize,
    /// The largest mean still in play, the first of equals; `None` when nobody has a mean.
    pub best: Option<usize>,
    /// Why nobody was selected before the end; `None` when somebody was, and the promise holds.
    pub halted: Option<E>,
}

/// Selects the policy with the largest mean, given each policy's first stage, of one length.
///
/// `more` runs the next block of the policies in play, in step: values by policy, all of one length.
///
/// # Panics
/// When there is no policy, a first stage is shorter than two, or the terms are not as they should be.
pub fn select<E>(
    first: Vec<Vec<f64>>,
    terms: &Terms,
    mut more: impl FnMut(&[usize]) -> Result<Vec<Vec<f64>>, E>,
) -> Selection<E> {
    let mut race = Race::begin(first, terms);
    loop {
        race.screen();
        if race.is_decided() {
            return race.end(None);
        }
        match more(&race.in_play()) {
            Ok(block) => race.advance(block),
            Err(why) => return race.end(Some(why)),
        }
    }
}

struct Race {
    values: Vec<Vec<f64>>,
    fates: Vec<PolicyFate>,
    rounds: usize,
    /// h²S²/δ² for each pair: the number of replications beyond which nothing is left to chance.
    spans: Vec<Vec<f64>>,
    indifference: f64,
}

impl Race {
    fn begin(first: Vec<Vec<f64>>, terms: &Terms) -> Race {
        let stage = first.first().map_or(0, Vec::len);
        assert!(stage >= 2, "a variance needs two values");
        assert!(terms.confidence > 0.5 && terms.confidence < 1.0, "a probability better than a coin's");
        assert!(terms.indifference > 0.0, "no finite number of lives tells equals apart");
        let count = first.len();
        let mut race = Race {
            fates: vec![PolicyFate::InPlay; count],
            rounds: 0,
            spans: vec![vec![0.0; count]; count],
            indifference: terms.indifference,
            values: first,
        };
        race.set_aside();
        let in_play = race.in_play();
        let scale = room(terms.confidence, in_play.len(), stage) / terms.indifference.powi(2);
        for a in &in_play {
            for b in &in_play {
                let difference: Vec<f64> =
                    race.values[*a].iter().zip(&race.values[*b]).map(|(a, b)| a - b).collect();
                race.spans[*a][*b] = scale * moments::variance(&difference);
            }
        }
        race
    }

    fn in_play(&self) -> Vec<usize> {
        (0..self.fates.len()).filter(|at| self.fates[*at] == PolicyFate::InPlay).collect()
    }

    /// Puts those out that have no mean.
    fn set_aside(&mut self) {
        for at in self.in_play() {
            if self.values[at].iter().any(|value| !value.is_finite()) {
                self.fates[at] = PolicyFate::NoMean(self.rounds);
            }
        }
    }

    fn advance(&mut self, block: Vec<Vec<f64>>) {
        self.rounds += 1;
        for (at, completed) in self.in_play().into_iter().zip(block) {
            self.values[at].extend(completed);
        }
        self.set_aside();
    }

    /// Puts those out that are behind another by more than max(0, δ / 2 · (h²S²/δ² / r − 1)).
    fn screen(&mut self) {
        let in_play = self.in_play();
        let Some(runs) = in_play.first().map(|at| self.values[*at].len() as f64) else { return };
        let means: Vec<f64> = self.values.iter().map(|values| moments::mean(values)).collect();
        let is_behind = |at: usize, other: usize| {
            let room = 0.5 * self.indifference * (self.spans[at][other] / runs - 1.0);
            means[at] < means[other] - room.max(0.0)
        };
        let behind: Vec<usize> = in_play
            .iter()
            .copied()
            .filter(|at| in_play.iter().any(|other| other != at && is_behind(*at, *other)))
            .collect();
        behind.into_iter().for_each(|at| self.fates[at] = PolicyFate::Behind(self.rounds));
    }

    /// Whether one is left, or only equals are.
    fn is_decided(&self) -> bool {
        let in_play = self.in_play();
        let runs = in_play.first().map_or(0, |at| self.values[*at].len()) as f64;
        in_play.iter().all(|at| in_play.iter().all(|other| at == other || self.spans[*at][*other] < runs))
    }

    fn end<E>(self, halted: Option<E>) -> Selection<E> {
        let mut best: Option<(usize, f64)> = None;
        for at in self.in_play() {
            let mean = moments::mean(&self.values[at]);
            if best.is_none_or(|(_, most)| mean > most) {
                best = Some((at, mean));
            }
        }
        let best = best.map(|(at, _)| at);
        Selection { values: self.values, fates: self.fates, rounds: self.rounds, best, halted }
    }
}

/// h² = 2η(n − 1), with η = ((2α / (k − 1))^(−2 / (n − 1)) − 1) / 2, for k policies and a first stage of n.
fn room(confidence: f64, policies: usize, stage: usize) -> f64 {
    let (rivals, freedom) = (policies.saturating_sub(1).max(1) as f64, (stage - 1) as f64);
    (libm::pow(2.0 * (1.0 - confidence) / rivals, -2.0 / freedom) - 1.0) * freedom
}

/// How many replications Nelson & Matejcik's procedure NM (1995, *Management Science* 41, 1935–1945) would give every
/// policy after the same first stage, for the same promise: max(n, ⌈(gS/δ)²⌉). It takes the variances of all
/// differences for equal, S². First stages with a value that is no finite number are left out.
pub fn in_two_stages(first: &[Vec<f64>], terms: &Terms) -> usize {
    let kept: Vec<&Vec<f64>> =
        first.iter().filter(|values| values.iter().all(|value| value.is_finite())).collect();
    let stage = kept.first().map_or(0, |values| values.len());
    if kept.len() < 2 {
        return stage;
    }
    let runs: Vec<f64> = (0..stage)
        .map(|replication| {
            moments::mean(&kept.iter().map(|values| values[replication]).collect::<Vec<f64>>())
        })
        .collect();
    let residual = |values: &&Vec<f64>| {
        let own: Vec<f64> =
            values.iter().zip(&runs).map(|(value, replication)| value - replication).collect();
        Moments::of(&own).variance * (stage - 1) as f64
    };
    let freedom = ((kept.len() - 1) * (stage - 1)) as f64;
    let variance = 2.0 * kept.iter().map(residual).sum::<f64>() / freedom;
    let critical = one_sided(kept.len() - 1, freedom, terms.confidence);
    let needed = critical * critical * variance / terms.indifference.powi(2);
    stage.max(needed.ceil() as usize)
}

/// The value below which the largest of `count` t variables of correlation ½ lies with probability `level`: Dunnett's.
fn one_sided(count: usize, freedom: f64, level: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while below(count, freedom, high) < level {
        (low, high) = (high, 2.0 * high);
    }
    for _ in 0..30 {
        let middle = 0.5 * (low + high);
        if below(count, freedom, middle) < level { low = middle } else { high = middle }
    }
    high
}

/// P(max t < g) by the trapezium rule over the common normal and over the scale, both of which it suits.
fn below(count: usize, freedom: f64, g: f64) -> f64 {
    let inner = |scale: f64| {
        let step = 0.25;
        let at = |i: i32| {
            let z = step * f64::from(i);
            let density = libm::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
            density * libm::pow(normal::cdf(z + std::f64::consts::SQRT_2 * g * scale), count as f64)
        };
        step * (-32..=32).map(at).sum::<f64>()
    };
    let half = 0.5 * freedom;
    let log_scale = std::f64::consts::LN_2 + half * libm::log(half) - libm::lgamma(half);
    let density = |s: f64| libm::exp(log_scale + (freedom - 1.0) * libm::log(s) - half * s * s);
    let reach = 8.0 / (2.0 * freedom).sqrt();
    let from = (1.0 - reach).max(0.0);
    let step = (1.0 + reach - from) / 40.0;
    step * (1..=40).map(|i| from + step * f64::from(i)).map(|s| density(s) * inner(s)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::SplitMix;

    const TERMS: Terms = Terms { confidence: 0.95, indifference: 1.0 };

    #[test]
    fn the_constants_are_the_published_ones() {
        // Dunnett (1955), JASA 50, table 1a: one-sided, 5 %.
        for (count, freedom, value) in [
            (1, 20.0, 1.72),
            (2, 20.0, 2.03),
            (4, 20.0, 2.30),
            (9, 20.0, 2.60),
            (2, 5.0, 2.44),
            (9, 1e5, 2.42),
        ] {
            let found = one_sided(count, freedom, 0.95);
            assert!((found - value).abs() < 0.006, "{count} {freedom}: {found}");
        }
        // Kim & Nelson (2001): for one rival, η solves (1 + 2η)^(−(n − 1) / 2) / 2 = α.
        let eta = room(0.95, 2, 11) / 20.0;
        assert!((0.5 * libm::pow(1.0 + 2.0 * eta, -5.0) - 0.05).abs() < 1e-12);
    }

    #[test]
    fn the_plainly_worse_are_out_at_once_and_the_others_run_on() {
        let mut generator = SplitMix::new(5);
        let mut around =
            |mean: f64| -> Vec<f64> { (0..20).map(|_| mean + 3.0 * generator.normal()).collect() };
        let first = vec![around(50.0), around(9.0), around(50.2), vec![f64::NEG_INFINITY; 20]];
        let mut asked = Vec::new();
        let found = select(first, &TERMS, |in_play| {
            asked.push(in_play.to_vec());
            if asked.len() > 3 { Err("enough") } else { Ok(vec![vec![50.0; 5]; in_play.len()]) }
        });
        assert_eq!(asked[0], [0, 2]);
        assert_eq!((found.fates[1], found.fates[3]), (PolicyFate::Behind(0), PolicyFate::NoMean(0)));
        assert_eq!((found.halted, found.rounds, found.values[0].len()), (Some("enough"), 3, 35));
    }

    #[test]
    fn equals_end_with_the_first_of_them() {
        let same = vec![vec![1.0, 2.0, 4.0], vec![1.0, 2.0, 4.0]];
        let found = select::<()>(same.clone(), &TERMS, |_| Err(()));
        assert_eq!((found.best, found.halted), (Some(0), None));
        assert_eq!(in_two_stages(&same, &TERMS), 3);
        let drowned = select::<()>(vec![vec![f64::NAN; 3]; 2], &TERMS, |_| Err(()));
        assert_eq!((drowned.best, drowned.halted), (None, None));
    }
}
