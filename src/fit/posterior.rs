//! The posterior: which places in their ranges numbers have, in organisations that show what was seen.
//!
//! 1. Each number's place in its range, as a logit, is regressed on the figures and their squares (ridge, its strength chosen by
//!    cross-validation). What the regression says of an organisation is the summary of its figures (Fearnhead & Prangle
//!    2012); an organisation's own summary comes from regressions that left it out.
//! 2. Kept are the organisations whose summaries lie nearest to that of what was seen, each over what its regression leaves
//!    open, and whose key figures do: two organisations may have the same numbers and not be alike.
//! 3. What the distance that is left does to a number is taken away by a local-linear regression (Beaumont, Zhang &
//!    Balding 2002) with Epanechnikov's weights. On logits nothing can leave its range.
//! 4. Rows are drawn from the kept ones by their weights, evenly (systematic resampling): no random number is needed.

use crate::LEVEL;
use crate::ridge::{Factor, Gram, dot};
use statistics::interval;

/// Parts that are left out in turn.
const FOLDS: usize = 5;
/// Strengths of the ridge that are tried, over the number of organisations.
const RIDGES: [f64; 4] = [3e-4, 3e-3, 3e-2, 0.3];
/// A figure counts as at most so many standard deviations from the mean: one odd life must not tilt a plane.
const FURTHEST: f64 = 4.0;
/// The share of organisations that are kept.
const KEPT: f64 = 0.1;
/// So many are kept at the least, if there are so many.
const LEAST_KEPT: usize = 150;
/// R² below which a regression's word is no direction, and above which it is taken for this.
const LEAST_TOLD: f64 = 0.02;
const MOST_TOLD: f64 = 0.9;
/// The weight of a key figure's standard deviation.
const KEY: f64 = 2.0;
/// The most by which what a local regression leaves is stretched.
const MOST_BACK: f64 = 1.5;
/// The ridge of the local regression.
const LOCAL_RIDGE: f64 = 1.0;
/// Logits lie between this and its opposite: a place is never an end of its range.
const LOGIT: f64 = 9.0;
/// A number whose R² is below this is one that the figures say nothing about.
pub const NOTHING: f64 = 0.05;
/// A number counts as fitted when its interval is at most this share of what its range alone would give.
pub const NARROWER: f64 = 0.8;

/// Simulated organisations: where in their ranges their numbers lay, and what they showed.
#[derive(Clone, Debug, Default)]
pub struct Draws {
    /// Places between 0 and 1, by organisation and parameter.
    pub places: Vec<Vec<f64>>,
    /// Figures on their scales, by organisation; not a number where there was nothing to measure.
    pub figures: Vec<Vec<f64>>,
}

/// What a parameter's own regression says of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// Cross-validated; below nothing where the mean says more.
    pub r_squared: f64,
}

/// What was fitted.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// Of every parameter.
    pub told: Vec<Told>,
    /// Places of the parameters asked for: joint draws, all as likely.
    pub rows: Vec<Vec<f64>>,
    /// The same draws with the places of all parameters: what nobody asked for goes with what was.
    pub whole: Vec<Vec<f64>>,
    /// How many organisations were kept.
    pub kept: usize,
    /// How many as good as independent ones those are, by their weights.
    pub effective: f64,
}

impl Posterior {
    /// The interval of a parameter's place, and its median.
    pub fn interval(&self, of: usize) -> [f64; 3] {
        let mut places: Vec<f64> = self.rows.iter().map(|row| row[of]).collect();
        places.sort_by(f64::total_cmp);
        [(1.0 - LEVEL) / 2.0, 0.5, (1.0 + LEVEL) / 2.0].map(|p| interval::quantile(&places, p))
    }

    /// How wide the interval is, over what the range alone gives.
    pub fn width(&self, of: usize) -> f64 {
        let [low, _, high] = self.interval(of);
        (high - low) / LEVEL
    }

    /// The share of draws that lie below a place.
    pub fn rank(&self, of: usize, place: f64) -> f64 {
        let below = self.rows.iter().filter(|row| row[of] < place).count();
        (below as f64 + 0.5) / (self.rows.len() as f64 + 1.0)
    }
}

/// The place as a number without ends.
fn logit(place: f64) -> f64 {
    libm::log(place / (1.0 - place)).clamp(-LOGIT, LOGIT)
}

fn place(logit: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-logit.clamp(-LOGIT, LOGIT)))
}

/// Figures as a regression takes them.
struct Features {
    rows: Vec<Vec<f64>>,
    seen: Vec<f64>,
    /// Which figure stands at which place of a row.
    places: Vec<(usize, usize)>,
}

impl Features {
    /// Of those figures that were seen and that differ between organisations.
    fn of(figures: &[Vec<f64>], seen: &[f64]) -> Features {
        let mut features =
            Features { rows: vec![vec![1.0]; figures.len()], seen: vec![1.0], places: Vec::new() };
        for (at, value) in seen.iter().enumerate().filter(|(_, value)| value.is_finite()) {
            let column: Vec<f64> = figures.iter().map(|row| row[at]).collect();
            let present: Vec<f64> = column.iter().copied().filter(|value| value.is_finite()).collect();
            let mean = statistics::moments::mean(&present);
            let spread = statistics::moments::variance(&present).sqrt();
            // Nothing can be told from what all have, or nearly none has.
            if present.len() * 10 < figures.len() || spread.is_nan() || spread <= 0.0 {
                continue;
            }
            let scaled = |value: f64| match value.is_finite() {
                true => ((value - mean) / spread).clamp(-FURTHEST, FURTHEST),
                false => 0.0,
            };
            features.places.push((at, features.seen.len()));
            let both = |value: f64| [scaled(value), scaled(value) * scaled(value) - 1.0];
            features.rows.iter_mut().zip(&column).for_each(|(row, value)| row.extend(both(*value)));
            features.seen.extend(both(*value));
        }
        features
    }
}

/// Regressions of a parameter with each part left out, and with none.
struct Regression {
    r_squared: f64,
    /// Of each organisation, by those that left it out.
    predicted: Vec<f64>,
    seen: f64,
}

/// Everything about the figures that does not depend on a parameter.
struct Design<'a> {
    features: &'a Features,
    /// By ridge: with each part left out in turn.
    left_out: Vec<Vec<Factor>>,
}

impl<'a> Design<'a> {
    fn of(features: &'a Features) -> Design<'a> {
        let n = features.seen.len();
        let mut parts = vec![Gram::new(n); FOLDS];
        let mut all = Gram::new(n);
        for (at, row) in features.rows.iter().enumerate() {
            parts[at % FOLDS].add(row, 1.0);
            all.add(row, 1.0);
        }
        let many = features.rows.len() as f64;
        let left_out = RIDGES
            .iter()
            .map(|ridge| parts.iter().map(|part| all.less(part).factor(ridge * many)).collect())
            .collect();
        Design { features, left_out }
    }

    fn regress(&self, values: &[f64]) -> Regression {
        let (rows, width) = (&self.features.rows, self.features.seen.len());
        let mean = statistics::moments::mean(values);
        let mut right = vec![vec![0.0; width]; FOLDS];
        for (at, (row, value)) in rows.iter().zip(values).enumerate() {
            let part = &mut right[at % FOLDS];
            part.iter_mut().zip(row).for_each(|(sum, cell)| *sum += cell * (value - mean));
        }
        let sum = |without: usize| -> Vec<f64> {
            let others = || right.iter().enumerate().filter(|(part, _)| *part != without);
            (0..width).map(|at| others().map(|(_, part)| part[at]).sum()).collect()
        };
        let square: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let tried = self.left_out.iter().map(|factors| {
            let planes: Vec<Vec<f64>> =
                factors.iter().enumerate().map(|(part, factor)| factor.solve(&sum(part))).collect();
            let predicted: Vec<f64> =
                rows.iter().enumerate().map(|(at, row)| mean + dot(row, &planes[at % FOLDS])).collect();
            let missed: f64 = predicted.iter().zip(values).map(|(said, is)| (said - is) * (said - is)).sum();
            // What was seen was in no part: all five speak of it.
            let seen = planes.iter().map(|plane| mean + dot(&self.features.seen, plane)).sum::<f64>();
            Regression { r_squared: 1.0 - missed / square, predicted, seen: seen / FOLDS as f64 }
        });
        let best = tried.reduce(|a, b| if b.r_squared > a.r_squared { b } else { a });
        best.unwrap_or(Regression { r_squared: f64::NAN, predicted: Vec::new(), seen: f64::NAN })
    }
}

/// Fits the parameters asked for to what was seen, and says of all others how much the figures tell of them.
///
/// `keys` are figures by which an organisation is like another whatever its numbers are; `rows` is how many joint draws are
/// made.
pub fn fit(draws: &Draws, asked: &[usize], keys: &[usize], seen: &[f64], rows: usize) -> Posterior {
    let features = Features::of(&draws.figures, seen);
    let design = Design::of(&features);
    let many = draws.places.first().map_or(0, Vec::len);
    let logits = |of: usize| -> Vec<f64> { draws.places.iter().map(|row| logit(row[of])).collect() };
    let mut told = Vec::with_capacity(many);
    let mut summaries: Vec<Option<Regression>> = (0..asked.len()).map(|_| None).collect();
    for of in 0..many {
        let regression = design.regress(&logits(of));
        told.push(Told { r_squared: regression.r_squared });
        if let Some(at) = asked.iter().position(|asked| *asked == of) {
            summaries[at] = Some(regression);
        }
    }
    let summaries: Vec<Regression> = summaries.into_iter().flatten().collect();
    let mut directions: Vec<Direction> = summaries.iter().filter_map(Direction::of_summary).collect();
    let places = features.places.iter().filter(|(figure, _)| keys.contains(figure));
    directions.extend(places.map(|(_, place)| Direction::of_figure(&features, *place)));
    let near = Near::of(&directions, draws.places.len());
    let adjusted: Vec<Vec<f64>> = (0..many).map(|of| near.adjusted(&logits(of))).collect();
    let whole: Vec<Vec<f64>> = near
        .evenly(rows)
        .into_iter()
        .map(|at| adjusted.iter().map(|logits| place(logits[at])).collect())
        .collect();
    Posterior {
        told,
        rows: whole.iter().map(|row: &Vec<f64>| asked.iter().map(|of| row[*of]).collect()).collect(),
        whole,
        kept: near.kept.len(),
        effective: near.effective(),
    }
}

/// Something in which organisations are near to what was seen, or not: by how much each is apart, weighted.
struct Direction(Vec<f64>);

impl Direction {
    /// What a regression says, over how much it leaves open: where it says much, a small difference is a large one.
    fn of_summary(summary: &Regression) -> Option<Direction> {
        let spread = statistics::moments::variance(&summary.predicted).sqrt();
        let told = summary.r_squared.min(MOST_TOLD);
        if told < LEAST_TOLD || spread.is_nan() || spread <= 0.0 {
            return None;
        }
        let weight = (told / (1.0 - told)).sqrt() / spread;
        Some(Direction(summary.predicted.iter().map(|said| weight * (said - summary.seen)).collect()))
    }

    /// A figure itself.
    fn of_figure(features: &Features, place: usize) -> Direction {
        let seen = features.seen[place];
        Direction(features.rows.iter().map(|row| KEY * (row[place] - seen)).collect())
    }
}

/// The organisations whose summaries lie nearest to what was seen.
struct Near {
    /// Which they are, the nearest first.
    kept: Vec<usize>,
    weights: Vec<f64>,
    /// How far each is from what was seen, with a 1 before: the rows of the local regression.
    apart: Vec<Vec<f64>>,
}

impl Near {
    fn of(directions: &[Direction], many: usize) -> Near {
        let apart = |at: usize| -> Vec<f64> {
            std::iter::once(1.0).chain(directions.iter().map(|direction| direction.0[at])).collect()
        };
        let distance = |row: &[f64]| row[1..].iter().map(|apart| apart * apart).sum::<f64>();
        let mut all: Vec<(f64, usize)> = (0..many).map(|at| (distance(&apart(at)), at)).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let least = LEAST_KEPT.min(many / 2).max(2 * directions.len() + 2);
        let count = ((many as f64 * KEPT) as usize).max(least).min(many);
        // The first that is left out says how far is too far.
        let far = all.get(count).or(all.last()).map_or(1.0, |(distance, _)| *distance).max(f64::MIN_POSITIVE);
        all.truncate(count);
        // With nothing to be near in all weigh the same.
        let weight =
            |distance: f64| if directions.is_empty() { 1.0 } else { (1.0 - distance / far).max(0.0) };
        Near {
            weights: all.iter().map(|(distance, _)| weight(*distance)).collect(),
            apart: all.iter().map(|(_, at)| apart(*at)).collect(),
            kept: all.into_iter().map(|(_, at)| at).collect(),
        }
    }

    /// The kept values of a parameter, less what their distance does to them.
    fn adjusted(&self, values: &[f64]) -> Vec<f64> {
        let kept: Vec<f64> = self.kept.iter().map(|at| values[*at]).collect();
        let width = self.apart.first().map_or(1, Vec::len);
        let mut gram = Gram::new(width);
        let mut right = vec![0.0; width];
        for ((row, weight), value) in self.apart.iter().zip(&self.weights).zip(&kept) {
            gram.add(row, *weight);
            right.iter_mut().zip(row).for_each(|(sum, cell)| *sum += weight * cell * value);
        }
        // A direction in which all are near says little of how to go on in it.
        let plane = gram.factor(LOCAL_RIDGE).solve(&right);
        // Whoever fits a plane to few points lies too near to them: as much is given back.
        let back = (self.effective() / (self.effective() - width as f64).max(1.0)).sqrt().min(MOST_BACK);
        let is = |(row, value): (&Vec<f64>, &f64)| plane[0] + back * (value - dot(row, &plane));
        self.apart.iter().zip(&kept).map(is).collect()
    }

    /// So many of the kept, each as often as its weight says, but for rounding.
    fn evenly(&self, count: usize) -> Vec<usize> {
        let all: f64 = self.weights.iter().sum();
        let mut reached = 0.0;
        let mut picked = Vec::with_capacity(count);
        for (at, weight) in self.weights.iter().enumerate() {
            reached += weight / all * count as f64;
            while (picked.len() as f64) + 0.5 < reached && picked.len() < count {
                picked.push(at);
            }
        }
        picked
    }

    fn effective(&self) -> f64 {
        let (sum, squares) = self
            .weights
            .iter()
            .fold((0.0, 0.0), |(sum, squares), weight| (sum + weight, squares + weight * weight));
        sum * sum / squares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranks::uniform;

    /// Numbers without a pattern, the same each time: the golden ratio's multiples, mixed.
    fn noise(at: u64, of: u64) -> f64 {
        let mut bits =
            (at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (of + 1).wrapping_mul(0xd1b5_4a32_d192_ed03);
        for _ in 0..3 {
            bits ^= bits >> 31;
            bits = bits.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        }
        (((bits >> 11) as f64) + 0.5) / (1u64 << 53) as f64
    }

    /// Three numbers, of which the figures tell the first with noise, the second by a curve, and nothing of the third.
    fn one(at: u64) -> (Vec<f64>, Vec<f64>) {
        let places: Vec<f64> = (0..3).map(|of| noise(at, of)).collect();
        let error = |of| statistics::normal::quantile(noise(at, of));
        let figures =
            vec![4.0 * places[0] + 0.6 * error(10), libm::exp(2.0 * places[1]) + 0.5 * error(11), error(12)];
        (places, figures)
    }

    fn draws(n: u64) -> Draws {
        let (places, figures) = (0..n).map(one).unzip();
        Draws { places, figures }
    }

    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        let draws = draws(2_000);
        let truths: Vec<_> = (0..200).map(|at| one(1_000_000 + at)).collect();
        let fits: Vec<Posterior> =
            truths.iter().map(|(_, seen)| fit(&draws, &[0, 1, 2], &[], seen, 400)).collect();
        for of in 0..3 {
            let held = fits.iter().zip(&truths).filter(|(fit, (places, _))| {
                let [low, _, high] = fit.interval(of);
                (low..=high).contains(&places[of])
            });
            // Of 200 at 90 %, 165 to 193 are within three standard deviations.
            let held = held.count();
            assert!((165..=194).contains(&held), "parameter {of}: {held} of 200");
            let ranks: Vec<f64> =
                fits.iter().zip(&truths).map(|(fit, (places, _))| fit.rank(of, places[of])).collect();
            assert!(uniform(&ranks) > 0.001, "parameter {of}: ranks {}", uniform(&ranks));
        }
        let width = |of: usize| fits.iter().map(|fit| fit.width(of)).sum::<f64>() / fits.len() as f64;
        assert!(width(0) < 0.6 && width(1) < 0.7 && width(2) > 0.9, "{:?}", [0, 1, 2].map(width));
        let told = &fits[0].told;
        assert!(
            told[0].r_squared > 0.6 && told[1].r_squared > 0.4 && told[2].r_squared < NOTHING,
            "{told:?}"
        );
    }

    #[test]
    fn what_was_not_seen_is_not_looked_at() {
        let draws = draws(500);
        let blind = fit(&draws, &[0], &[], &[f64::NAN, 3.0, 0.0], 200);
        assert!(blind.width(0) > 0.85, "{}", blind.width(0));
        assert!(fit(&draws, &[0], &[], &[1.0, 3.0, 0.0], 200).width(0) < 0.7);
        assert_eq!(blind.rows.len(), 200);
    }

    #[test]
    fn draws_belong_together() {
        // The one figure is the sum of two numbers: either may be anything, but not both at once.
        let both = |at: u64| (vec![noise(at, 0), noise(at, 1)], vec![noise(at, 0) + noise(at, 1)]);
        let (places, figures) = (0..2_000).map(both).unzip();
        let found = fit(&Draws { places, figures }, &[0, 1], &[0], &[1.0], 400);
        let column = |of: usize| found.rows.iter().map(|row| row[of]).collect::<Vec<_>>();
        let correlation = statistics::moments::correlation(&column(0), &column(1));
        assert!(correlation < -0.9, "{correlation}");
    }
}
