//! Ranks: whether truths lie among their draws as evenly as they should (Talts et al. 2018).

/// How often ranks that are uniform between 0 and 1 lie as unevenly as these: Kolmogorov and Smirnov's test, with Stephens'
/// correction for few (1970, *Journal of the Royal Statistical Society B* 32, 115–122).
pub fn uniform(ranks: &[f64]) -> f64 {
    let mut ranks = ranks.to_vec();
    ranks.sort_by(f64::total_cmp);
    let n = ranks.len() as f64;
    let apart = |(at, rank): (usize, &f64)| ((at as f64 + 1.0) / n - rank).max(rank - at as f64 / n);
    let furthest = ranks.iter().enumerate().map(apart).fold(0.0, f64::max);
    let scaled = furthest * (n.sqrt() + 0.12 + 0.11 / n.sqrt());
    let term = |k: i32| {
        let k = f64::from(k);
        let sign = if k % 2.0 == 0.0 { -1.0 } else { 1.0 };
        sign * libm::exp(-2.0 * k * k * scaled * scaled)
    };
    // Below this the sum converges slowly, to as good as 1.
    if scaled < 0.2 { 1.0 } else { (2.0 * (1..=50).map(term).sum::<f64>()).clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_ranks_are_likely_and_heaps_are_not() {
        let even: Vec<f64> = (0..100).map(|at| (f64::from(at) + 0.5) / 100.0).collect();
        assert!(uniform(&even) > 0.99);
        let heap: Vec<f64> = even.iter().map(|rank| 0.25 + rank / 2.0).collect();
        assert!(uniform(&heap) < 0.001);
        // Stephens' table: at a scaled distance of 1.358 it is 5 %.
        let wide = |d: f64| {
            let n = 10_000.0_f64;
            let by = d / (n.sqrt() + 0.12 + 0.11 / n.sqrt());
            let ranks: Vec<f64> = (0..10_000).map(|at| ((f64::from(at) + 1.0) / n - by).max(0.0)).collect();
            uniform(&ranks)
        };
        assert!((wide(1.358) - 0.05).abs() < 0.001, "{}", wide(1.358));
    }
}
