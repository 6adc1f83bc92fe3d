//! Times that may be censored: lead times with the work still open at the horizon counted, not dropped.

/// The Kaplan–Meier estimate of the share still open after each time.
#[derive(Clone, Debug, PartialEq)]
pub struct Survival {
    /// Times at which something finished, ascending, with the share still open just after.
    pub steps: Vec<(f64, f64)>,
    /// How many finished at each of these times, and how many were open just before.
    pub counts: Vec<(usize, usize)>,
    /// The longest time seen, finished or not; 0 of none.
    pub longest: f64,
    /// How many finished.
    pub finished: usize,
    /// How many were still open when last seen.
    pub censored: usize,
}

impl Survival {
    /// The product-limit estimate of Kaplan & Meier (1958), *JASA* 53, 457–481, from finite times ≥ 0, in any
    /// order, each with whether it was censored (still open at that age). Work that finishes at the very age at which
    /// other work is censored is taken to finish first.
    ///
    /// It assumes that censoring tells nothing of the time that would have followed. A horizon does not; a
    /// policy that strands the hard work and starts it last does, and then the estimate flatters it: show
    /// the age of the oldest open work beside it.
    ///
    /// # Panics
    /// When a time is negative or NaN.
    pub fn of(mut seen: Vec<(f64, bool)>) -> Self {
        assert!(seen.iter().all(|(time, _)| *time >= 0.0), "times are not negative");
        // Stable, because a stable sort makes use of what is in order already.
        seen.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut steps, mut open, mut at_risk) = (Vec::with_capacity(seen.len()), 1.0, seen.len());
        let mut counts = Vec::with_capacity(seen.len());
        for tied in seen.chunk_by(|a, b| a.0 == b.0) {
            let done = tied.iter().filter(|(_, censored)| !censored).count();
            if done > 0 {
                open *= (at_risk - done) as f64 / at_risk as f64;
                steps.push((tied[0].0, open));
                counts.push((done, at_risk));
            }
            at_risk -= tied.len();
        }
        let longest = seen.last().map_or(0.0, |(time, _)| *time);
        let open_at_end = seen.iter().filter(|(_, censored)| *censored).count();
        Self { steps, counts, longest, finished: seen.len() - open_at_end, censored: open_at_end }
    }

    /// The share still open after `time`, in [0, 1].
    pub fn open_after(&self, time: f64) -> f64 {
        let passed = self.steps.partition_point(|(t, _)| *t <= time);
        passed.checked_sub(1).map_or(1.0, |last| self.steps[last].1)
    }

    /// Between which times the `p` quantile lies: Brookmeyer & Crowley (1982), *Biometrics* 38, 29–41, with Greenwood's
    /// variance of the log-log of the share still open, which keeps the interval within [0, 1]. `seen` is what the estimate
    /// was made of. An end that the data do not bound is 0 or ∞.
    ///
    /// # Panics
    /// When `p` or `level` lies outside (0, 1).
    pub fn quantile_interval(&self, p: f64, level: f64) -> (f64, f64) {
        assert!(p > 0.0 && p < 1.0 && level > 0.0 && level < 1.0, "a quantile and a level lie in (0, 1)");
        let z = -super::normal::quantile(0.5 * (1.0 - level));
        let wanted = libm::log(-libm::log(1.0 - p));
        let (mut low, mut high) = (None, None);
        let mut greenwood = 0.0;
        for ((time, open), (done, at_risk)) in self.steps.iter().zip(&self.counts) {
            let (done, at_risk) = (*done as f64, *at_risk as f64);
            greenwood += if at_risk > done { done / (at_risk * (at_risk - done)) } else { f64::INFINITY };
            let log = libm::log(*open);
            // After the last item the share is 0, and its variance says nothing.
            let (least, most) = match *open > 0.0 && log < 0.0 {
                true => {
                    let half = z * greenwood.sqrt() / -log;
                    let middle = libm::log(-log);
                    (middle - half, middle + half)
                }
                false => (f64::NEG_INFINITY, f64::INFINITY),
            };
            // The share that has finished grows with time: the quantile may be here as soon as the upper end reaches it.
            if most >= wanted && low.is_none() {
                low = Some(*time);
            }
            if least > wanted && high.is_none() {
                high = Some(*time);
            }
        }
        (low.unwrap_or(self.longest), high.unwrap_or(f64::INFINITY))
    }

    /// The first time by which a share `p` in (0, 1] has finished; None where so few did that it isn't
    /// known, which must be shown as "more than the longest time seen" and never left out.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        // A product of ratios may miss a round share by its last bits.
        self.steps.iter().find(|(_, open)| *open <= 1.0 - p + 1e-12).map(|(time, _)| *time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Remission times in weeks under 6-mercaptopurine: Freireich et al. (1963), in every textbook.
    fn remissions() -> Survival {
        let times = [
            6.0, 6.0, 6.0, 6.0, 7.0, 9.0, 10.0, 10.0, 11.0, 13.0, 16.0, 17.0, 19.0, 20.0, 22.0, 23.0, 25.0,
            32.0, 32.0, 34.0, 35.0,
        ];
        let censored = [3, 5, 7, 8, 11, 12, 13, 16, 17, 18, 19, 20];
        Survival::of(times.into_iter().enumerate().map(|(i, time)| (time, censored.contains(&i))).collect())
    }

    #[test]
    fn matches_the_textbook_table() {
        let survival = remissions();
        let expected = [
            (6.0, 0.8571),
            (7.0, 0.8067),
            (10.0, 0.7529),
            (13.0, 0.6902),
            (16.0, 0.6275),
            (22.0, 0.5378),
            (23.0, 0.4482),
        ];
        assert_eq!(survival.steps.len(), expected.len());
        for ((time, open), (t, share)) in survival.steps.iter().zip(expected) {
            assert!(*time == t && (open - share).abs() < 5e-5, "{time} {open}");
        }
        assert_eq!((survival.finished, survival.censored), (9, 12));
    }

    #[test]
    fn quantiles_know_their_limits() {
        let survival = remissions();
        assert_eq!(survival.quantile(0.5), Some(23.0));
        assert_eq!(survival.quantile(0.9), None, "most are still in remission");
        assert_eq!(survival.open_after(5.9), 1.0);
    }

    #[test]
    fn the_interval_of_the_median_is_the_textbook_one() {
        // R: survfit(Surv(time, status) ~ 1, conf.type = "log-log") gives a median of 23, from 13 to unknown.
        assert_eq!(remissions().quantile_interval(0.5, 0.95), (13.0, f64::INFINITY));
        let all: Vec<(f64, bool)> = (1..=100).map(|time| (f64::from(time), false)).collect();
        let (low, high) = Survival::of(all).quantile_interval(0.5, 0.95);
        assert!((39.0..=42.0).contains(&low) && (59.0..=62.0).contains(&high), "{low} {high}");
    }

    #[test]
    fn without_censoring_it_is_the_plain_distribution() {
        let times = [4.0, 1.0, 3.0, 2.0];
        let survival = Survival::of(times.map(|time| (time, false)).to_vec());
        assert_eq!(survival.quantile(0.5), Some(2.0));
        let half_open = Survival::of(times.map(|time| (time, time == 4.0)).to_vec());
        assert!(half_open.quantile(0.9).is_none(), "dropping the open one would say 3");
    }
}
