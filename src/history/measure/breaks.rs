//! Where the level of throughput changed.

use super::weeks::Weeks;
use libm::{log, sqrt};

/// A stretch of weeks with one level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Its first week, and the one after its last.
    pub from: usize,
    pub until: usize,
    /// Items a week.
    pub mean: f64,
}

/// The fewest weeks that a level lasts: a holiday is no new level.
const SHORTEST: usize = 8;

/// Levels of the weekly throughput, by binary segmentation (Scott & Knott 1974, *Biometrics* 30, 507–512) of the square
/// roots of counts, whose variance does not depend on their level. A break is kept where it lowers the sum of squares by more
/// than 2 ln n long-run variances (Yao 1988, *Statistics & Probability Letters* 6, 181–189, with the variance that weeks
/// have which are correlated). What it finds are lasting, clear changes; a level that only wanders has none.
pub fn levels(weeks: &Weeks) -> Vec<Level> {
    let roots: Vec<f64> = weeks.finished.iter().map(|count| sqrt(*count)).collect();
    let n = roots.len();
    if n < 2 * SHORTEST {
        return vec![level(weeks, 0, n)];
    }
    let penalty = 2.0 * log(n as f64) * variance(&roots);
    let mut ends = vec![n];
    let mut todo = vec![(0, n)];
    while let Some((from, until)) = todo.pop() {
        if let Some((at, gain)) = best(&roots[from..until]).map(|(at, gain)| (from + at, gain))
            && gain > penalty
        {
            ends.push(at);
            todo.extend([(from, at), (at, until)]);
        }
    }
    ends.sort_unstable();
    let begins = std::iter::once(0).chain(ends.iter().copied());
    begins.zip(&ends).map(|(from, until)| level(weeks, from, *until)).collect()
}

fn level(weeks: &Weeks, from: usize, until: usize) -> Level {
    let part = &weeks.finished[from..until];
    Level { from, until, mean: part.iter().sum::<f64>() / part.len() as f64 }
}

/// Where a stretch is cut best, and by how much that lowers the sum of squares.
fn best(roots: &[f64]) -> Option<(usize, f64)> {
    let n = roots.len();
    let total: f64 = roots.iter().sum();
    let mut left: f64 = roots.iter().take(SHORTEST - 1).sum();
    let mut found = None;
    for at in SHORTEST..=n.saturating_sub(SHORTEST) {
        left += roots[at - 1];
        let (before, after) = (at as f64, (n - at) as f64);
        let gap = left / before - (total - left) / after;
        let gain = gap * gap * before * after / n as f64;
        if found.is_none_or(|(_, most)| gain > most) {
            found = Some((at, gain));
        }
    }
    found
}

/// The long-run variance around levels of a quarter each: the variance of weeks, times what their correlation adds.
fn variance(roots: &[f64]) -> f64 {
    let (mut squares, mut products, mut weeks, mut pairs) = (0.0, 0.0, 0.0, 0.0);
    for part in roots.chunks(13) {
        let mean = part.iter().sum::<f64>() / part.len() as f64;
        squares += part.iter().map(|root| (root - mean) * (root - mean)).sum::<f64>();
        products += part.windows(2).map(|two| (two[0] - mean) * (two[1] - mean)).sum::<f64>();
        weeks += part.len() as f64 - 1.0;
        pairs += part.len() as f64 - 1.0;
    }
    let own = squares / f64::max(weeks, 1.0);
    // Within a quarter correlations look smaller than they are, by about 1 in 13.
    let correlation = (products / f64::max(pairs, 1.0) / own + 1.0 / 13.0).clamp(0.0, 0.8);
    // Counts have a spread of their own, of a quarter on this scale, however even they look.
    own.max(0.25) * (1.0 + if own > 0.0 { 2.0 * correlation / (1.0 - correlation) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(counts: &[f64]) -> Weeks {
        Weeks { finished: counts.to_vec(), ..Weeks::default() }
    }

    #[test]
    fn a_clear_change_is_found_where_it_is_and_noise_is_none() {
        let noise = [0.0, 2.0, -1.0, 1.0, -2.0, 1.0, -1.0, 0.0, 2.0, -2.0];
        let counts: Vec<f64> =
            (0..60).map(|week| if week < 30 { 4.0 } else { 12.0 } + noise[week % 10]).collect();
        let found = levels(&weeks(&counts));
        assert_eq!(found.iter().map(|level| level.until).collect::<Vec<_>>(), [30, 60], "{found:?}");
        assert_eq!((found[0].mean, found[1].mean), (4.0, 12.0));
        let even: Vec<f64> = (0..60).map(|week| 6.0 + noise[week % 10]).collect();
        assert_eq!(levels(&weeks(&even)).len(), 1);
        assert_eq!(levels(&weeks(&[1.0; 5])).len(), 1);
    }
}
