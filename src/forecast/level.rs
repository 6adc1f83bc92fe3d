//! The level of throughput, which wanders: what a team's weekly counts say of it, exactly.
//!
//! **Model.** In week t a team finishes a negative binomial number of items with mean exp(x_t) times the share of a usual
//! week that is worked, and with variance mean + noise · mean². From week to week the log-level goes a part of its way
//! back to the usual one, the mean of the newest year, and makes a normal step. How far it goes back, how large steps are and
//! how large the noise is are not known: every combination on a lattice is weighed by how likely it makes all that was seen.
//! All weigh the same before, so a short history averages over the lattice and a long one picks from it.
//!
//! **Method.** A forward filter (Baum's recursion) on an even grid of log-levels: no random numbers, no optimiser that may
//! not converge, the same bits everywhere. Kitagawa (1987), "Non-Gaussian state-space modeling of nonstationary time
//! series", *JASA* 82, 1032–1041.

use kernel::math::{exp, ln};

/// Distance of neighbouring log-levels: 5 %, finer than any week's count can tell.
pub const STEP: f64 = 0.05;
/// The lowest level on the grid, one item in fifty weeks, as a log.
const LOWEST: f64 = -3.9;
/// How many log-levels: up to some 20,000 items a week.
const NODES: usize = 277;

/// Standard deviations of a week's step of the log-level.
const DRIFTS: [f64; 5] = [0.03, 0.06, 0.12, 0.2, 0.33];
/// Squared coefficients of variation of a week about its level, beyond what whole numbers bring by themselves.
const NOISES: [f64; 6] = [0.0, 0.04, 0.12, 0.3, 0.7, 1.6];
/// Of its distance from the usual level, what share is left after a week: half-lives of 34, 8 and 3 weeks.
const MEMORIES: [f64; 3] = [0.98, 0.92, 0.8];
/// The most that a log-level may stray from the usual one, as a standard deviation in the long run: combinations beyond, by
/// which teams would be seven times as quick as usual, or as slow, for months on end, are left out.
const MOST_STRAYING: f64 = 1.0;
/// The usual level is that of the newest year, so that it has seen each season once.
const USUAL_WEEKS: usize = 52;

/// One week as it was seen.
#[derive(Clone, Copy, Debug)]
pub struct Week {
    /// Items finished.
    pub count: u32,
    /// How much of a usual week was worked, ≥ 0; nothing is learnt from a week of 0.
    pub worked: f64,
}

/// One setting of what is not known.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Standard deviation of a week's step of the log-level.
    pub drift: f64,
    /// Squared coefficient of variation of a week about its level.
    pub noise: f64,
    /// What share of its distance from the usual level is left after a week.
    pub memory: f64,
}

/// What is known of the level after some weeks.
#[derive(Clone, Debug)]
pub struct Level {
    settings: Vec<Setting>,
    /// For each setting, the probability of each log-level together with the setting; all of them sum to 1.
    mass: Vec<Vec<f64>>,
    weeks: Vec<Week>,
}

impl Level {
    /// Before anything was seen: any level is as likely as any other, on the log scale.
    pub fn new() -> Self {
        let mut settings = Vec::new();
        for &memory in &MEMORIES {
            let strays = |drift: f64| drift / libm::sqrt(1.0 - memory * memory);
            for drift in DRIFTS.into_iter().filter(|drift| strays(*drift) <= MOST_STRAYING) {
                settings.extend(NOISES.iter().map(|&noise| Setting { drift, noise, memory }));
            }
        }
        let even = 1.0 / (settings.len() * NODES) as f64;
        let mass = settings.iter().map(|_| vec![even; NODES]).collect();
        Self { settings, mass, weeks: Vec::new() }
    }

    /// Takes in the next week.
    pub fn observe(&mut self, week: Week) {
        let likely: Vec<Vec<f64>> = NOISES.iter().map(|&noise| likelihoods(week, noise)).collect();
        if !self.weeks.is_empty() {
            let usual = self.usual();
            for (setting, mass) in self.settings.iter().zip(&mut self.mass) {
                *mass = moved(&drawn(mass, usual, setting.memory), &step(setting.drift));
            }
        }
        for (at, mass) in self.mass.iter_mut().enumerate() {
            mass.iter_mut().zip(&likely[at % NOISES.len()]).for_each(|(mass, likely)| *mass *= likely);
        }
        let total: f64 = self.mass.iter().flatten().sum();
        self.mass.iter_mut().flatten().for_each(|mass| *mass /= total);
        self.weeks.push(week);
    }

    /// The usual level, as a log: that of the newest year.
    pub fn usual(&self) -> f64 {
        let year = self.weeks.iter().rev().take(USUAL_WEEKS);
        let (count, worked) = year
            .fold((0.0, 0.0), |(count, worked), week| (count + f64::from(week.count), worked + week.worked));
        ln((count + 0.5) / (worked + 0.5))
    }

    /// The settings and log-levels at `n` even steps through all that is possible, so that each stands for an equal share
    /// of the probability.
    pub fn draw(&self, n: usize) -> Vec<(Setting, f64)> {
        let mut drawn = Vec::with_capacity(n);
        let mut reached = 0.0;
        for (setting, mass) in self.settings.iter().zip(&self.mass) {
            for (node, mass) in mass.iter().enumerate() {
                reached += mass;
                while drawn.len() < n && (drawn.len() as f64 + 0.5) / (n as f64) < reached {
                    drawn.push((*setting, log_level(node)));
                }
            }
        }
        // The last sum may end a rounding below 1.
        while let (true, Some(&last)) = (drawn.len() < n, drawn.last()) {
            drawn.push(last);
        }
        drawn
    }
}

impl Default for Level {
    fn default() -> Self {
        Self::new()
    }
}

fn log_level(node: usize) -> f64 {
    LOWEST + STEP * node as f64
}

/// How likely each log-level makes a week, up to a factor that is the same for all settings and levels.
fn likelihoods(week: Week, noise: f64) -> Vec<f64> {
    if week.worked <= 0.0 {
        return vec![1.0; NODES];
    }
    let count = f64::from(week.count);
    let log_factor = if noise > 0.0 {
        let shape = 1.0 / noise;
        libm::lgamma(count + shape) - libm::lgamma(shape) - libm::lgamma(count + 1.0)
    } else {
        -libm::lgamma(count + 1.0)
    };
    let likely = |node| {
        let mean = week.worked * exp(log_level(node));
        let log = if noise > 0.0 {
            let spread = 1.0 + noise * mean;
            -ln(spread) / noise + if count > 0.0 { count * ln(noise * mean / spread) } else { 0.0 }
        } else {
            count * ln(mean) - mean
        };
        // Never quite 0, so that no week, however odd, leaves nothing possible.
        exp((log + log_factor).max(-700.0)).max(1e-300)
    };
    (0..NODES).map(likely).collect()
}

/// The chances of moving by 0, 1, 2 … nodes either way, for a step with this standard deviation.
fn step(drift: f64) -> Vec<f64> {
    let nodes = drift / STEP;
    if nodes < 1.0 {
        // Three points with the right variance.
        let side = 0.5 * nodes * nodes;
        return vec![1.0 - 2.0 * side, side];
    }
    let reach = (4.0 * nodes).ceil() as usize;
    let mut weights: Vec<f64> = (0..=reach).map(|far| exp(-0.5 * (far as f64 / nodes).powi(2))).collect();
    let total = 2.0 * weights.iter().sum::<f64>() - weights[0];
    weights.iter_mut().for_each(|weight| *weight /= total);
    weights
}

/// The mass after each log-level went a part of its way to the usual one.
fn drawn(mass: &[f64], usual: f64, memory: f64) -> Vec<f64> {
    let mut after = vec![0.0; mass.len()];
    let last = mass.len() - 1;
    for (node, mass) in mass.iter().enumerate() {
        let place = (usual + memory * (log_level(node) - usual) - LOWEST) / STEP;
        let place = place.clamp(0.0, last as f64);
        let below = (place as usize).min(last - 1);
        let share = place - below as f64;
        after[below] += mass * (1.0 - share);
        after[below + 1] += mass * share;
    }
    after
}

/// The mass after a step; what would leave the grid stays at its end.
fn moved(mass: &[f64], kernel: &[f64]) -> Vec<f64> {
    let mut after = vec![0.0; mass.len()];
    let last = mass.len() - 1;
    for (from, mass) in mass.iter().enumerate().filter(|(_, mass)| **mass > 1e-14) {
        after[from] += mass * kernel[0];
        for (far, chance) in kernel.iter().enumerate().skip(1) {
            after[from.saturating_sub(far)] += mass * chance;
            after[(from + far).min(last)] += mass * chance;
        }
    }
    after
}
