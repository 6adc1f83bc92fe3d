//! Adding replications until an interval is as narrow as asked, and still covering what it should.
//!
//! Stopping when an interval *happens* to be narrow favours samples whose variance looks small, so that
//! the interval they end with misses more often than it says. Three habits keep that loss small: a first
//! stage long enough to know a variance, looks that are few and far between (each at a quarter more replications
//! than the last, at numbers fixed before anything is seen), and no look in between. `tests/stopping.rs`
//! measures what is left.
//!
//! Chow & Robbins (1965), *Annals of Mathematical Statistics* 36, 457–462, for a width in the values' unit;
//! Law (2015), *Simulation Modeling and Analysis*, 5th ed., section 9.4.1, for one relative to the mean.

use super::interval::Estimate;

/// Replications before the first look.
pub const FIRST: usize = 40;

/// How narrow an interval is to be, on either side of its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Width {
    /// As a share of the mean: 0.02 is 2 %.
    Relative(f64),
    /// In the unit of the values.
    Absolute(f64),
}

impl Width {
    /// Half the interval's width on this scale; ∞ where nothing bounds it.
    ///
    /// Relative to the sample's mean m, a half width h promises the true mean within h / (|m| − h) of
    /// *itself* (Law 2015), which is what a reader takes "within 2 %" to mean.
    pub fn of(self, interval: &Estimate) -> f64 {
        let half = interval.half_width();
        match self {
            Self::Absolute(_) => half,
            Self::Relative(_) if half < interval.mean.abs() => half / (interval.mean.abs() - half),
            Self::Relative(_) if half == 0.0 => 0.0,
            Self::Relative(_) => f64::INFINITY,
        }
    }

    /// What was asked for.
    pub fn asked(self) -> f64 {
        match self {
            Self::Relative(width) | Self::Absolute(width) => width,
        }
    }

    /// Whether the interval is narrow enough; never where it is not a number.
    pub fn holds(self, interval: &Estimate) -> bool {
        self.of(interval) <= self.asked()
    }
}

/// The numbers of replications at which intervals are looked at: `first`, then ever a quarter more, and
/// last `limit`.
pub fn looks(first: usize, limit: usize) -> impl Iterator<Item = usize> {
    let next = move |seen: &usize| (*seen < limit).then(|| (seen + seen.div_ceil(4)).min(limit));
    std::iter::successors(Some(first.min(limit)), next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_fixed_and_end_at_the_limit() {
        assert_eq!(looks(40, 100).collect::<Vec<_>>(), [40, 50, 63, 79, 99, 100]);
        assert_eq!(looks(40, 30).collect::<Vec<_>>(), [30]);
        assert_eq!(looks(1, 4).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }

    #[test]
    fn widths_are_read_on_their_scale() {
        let interval = Estimate { mean: -10.0, low: -10.2, high: -9.8, level: 0.95, n: 9, beyond: 0 };
        assert!(Width::Absolute(0.21).holds(&interval) && !Width::Absolute(0.19).holds(&interval));
        // 0.2 of 9.8 is 2.04 %.
        assert!(Width::Relative(0.0205).holds(&interval) && !Width::Relative(0.02).holds(&interval));
        let unknown = Estimate::unbounded(f64::NAN, 0.95);
        assert!(!Width::Relative(9.0).holds(&unknown) && !Width::Absolute(9.0).holds(&unknown));
        let zero = Estimate { mean: 0.0, low: 0.0, high: 0.0, level: 0.95, n: 9, beyond: 0 };
        assert!(Width::Relative(0.01).holds(&zero));
    }
}
