//! The five words in which a comparison is reported, and the four in which a guardrail is.
//!
//! # What a word promises
//!
//! Let δ be the true difference, turned so that more is good, and m ≥ 0 the smallest difference that
//! matters. The line of truths falls into three regions: harm that matters (δ ≤ −m), a difference that
//! doesn't matter (−m < δ < m), and good that matters (δ ≥ m). **A word is said exactly when the whole
//! interval lies in one region**; otherwise "can't tell yet", or, where the
//! interval has no end on one side because what is compared lies beyond the window in some replications (it is
//! *censored*: see [`super::seen`]), "cannot be known within this horizon". The words are therefore exclusive and
//! exhaustive, and as replications are added each comparison settles on the true one, or on that last word.
//!
//! Where only one side is censored, its least values bound the difference on one side: "better" and "worse" may be
//! read from that end, "practically the same" never.
//!
//! This is the three-sided test of Goeman, Solari & Stijnen (2010), *Statistics in Medicine* 29,
//! 2117–2125. Read from simultaneous intervals at 95 %, the chance that *any* word in the declared
//! family is false is at most 5 %, whatever the truths; a single comparison reads "better" with
//! probability at most 2.5 % when δ ≤ m, and far less when the policies are the same. These rates are as
//! good as the intervals': [`super::simultaneous::intervals`] says what was measured, and that strongly
//! skewed differences in few replications err more.
//!
//! # Why "better" asks for more than an interval beyond zero
//!
//! Two weaker rules were rejected. With *low end > 0*, a policy whose gain is 0.8 m passes through
//! "better" on the way to "practically the same", nearly always: more replications would retract the word.
//! Asking also that the *estimate* reach m still says "better" in a fifth of such studies (half width
//! m / 2). Simulated
//! replications are cheap, so the honest price of the strict rule is "can't tell yet" and more of them;
//! meanwhile [`Lean`] tells whether the sign, though not the size, is settled.
//!
//! # The margin's own uncertainty
//!
//! A margin given as a share of the baseline is compared with the *relative* difference, whose interval
//! carries the baseline's noise (see [`super::paired`]); the margin is then an exact number. Turning
//! it into an absolute one with the sample's baseline mean would ignore that noise. Where the baseline is not
//! clear of zero there is no such interval; the difference over the largest size that the baseline may have is
//! then a share that the true one reaches at least, so that "better" and "worse" may be read from it, and
//! "practically the same" may not.

use super::interval::Estimate;

/// Whether more of an objective is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is good: value delivered.
    HigherIsBetter,
    /// Less is good: lead time, cost.
    LowerIsBetter,
}

impl Direction {
    /// 1 where more is good, −1 where less is.
    pub fn sign(self) -> f64 {
        match self {
            Self::HigherIsBetter => 1.0,
            Self::LowerIsBetter => -1.0,
        }
    }

    /// The interval's ends turned so that more is good, worse end first.
    fn turned(self, interval: &Estimate) -> (f64, f64) {
        match self {
            Self::HigherIsBetter => (interval.low, interval.high),
            Self::LowerIsBetter => (-interval.high, -interval.low),
        }
    }
}

/// The smallest difference that matters, ≥ 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Margin {
    /// As a share of the baseline's mean: 0.05 is 5 %.
    Relative(f64),
    /// In the objective's unit.
    Absolute(f64),
}

impl Default for Margin {
    fn default() -> Self {
        Self::Relative(0.05)
    }
}

/// What a comparison shows. The module's page defines each word and its rate of error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Better by at least what matters.
    Better,
    /// Worse by at least what matters.
    Worse,
    /// Different by less than matters, perhaps not at all.
    PracticallySame,
    /// These replications leave more than one of the above open.
    CannotTell,
    /// What is compared lies beyond the window in some replications, and the bounds that are known leave more than one
    /// of the first three open: more replications may not help, a longer horizon does.
    BeyondWindow,
}

/// Reads the word from an interval of (policy − baseline) and a margin ≥ 0 on the same scale.
///
/// With a margin of zero only an interval that is the point 0 is "practically the same". An unbounded
/// or NaN end leaves "can't tell yet".
///
/// # Panics
/// When `margin` is negative or NaN.
pub fn verdict(interval: &Estimate, direction: Direction, margin: f64) -> Verdict {
    assert!(margin >= 0.0, "the smallest difference that matters is not negative");
    let (bad, good) = direction.turned(interval);
    if bad > 0.0 && bad >= margin {
        Verdict::Better
    } else if good < 0.0 && good <= -margin {
        Verdict::Worse
    } else if (bad > -margin && good < margin) || (bad == 0.0 && good == 0.0) {
        Verdict::PracticallySame
    } else {
        Verdict::CannotTell
    }
}

/// Which side of zero the whole interval lies on: the sign is shown, whatever of the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lean {
    /// Surely some good, perhaps less than matters.
    Good,
    /// Surely some harm, perhaps less than matters.
    Bad,
    /// Zero is still possible.
    Neither,
}

/// Reads the sign from an interval of (policy − baseline).
pub fn lean(interval: &Estimate, direction: Direction) -> Lean {
    let (bad, good) = direction.turned(interval);
    if bad > 0.0 {
        Lean::Good
    } else if good < 0.0 {
        Lean::Bad
    } else {
        Lean::Neither
    }
}

/// What a non-inferiority test shows of something that must not be hurt.
///
/// Read from two-sided intervals at `level`, `Unhurt` is false with probability at most
/// (1 − level) / 2: the test is one-sided (ICH E9, 1998, section 3.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guardrail {
    /// Harm of the margin or more is ruled out.
    Unhurt,
    /// Not ruled out, and not shown either. This is never "safe".
    NotShownUnhurt,
    /// Harm of at least the margin is shown.
    Hurt,
    /// Not ruled out, because it lies beyond the window in some replications. This is never "safe" either.
    BeyondWindow,
}

/// Reads a guardrail from an interval of (policy − baseline) and a tolerated harm ≥ 0.
///
/// With no tolerance at all, `Unhurt` needs an interval beyond zero on the good side, or the point 0.
///
/// # Panics
/// When `margin` is negative or NaN.
pub fn guardrail(interval: &Estimate, direction: Direction, margin: f64) -> Guardrail {
    assert!(margin >= 0.0, "a tolerated harm is not negative");
    let (bad, good) = direction.turned(interval);
    if bad > -margin || (bad == 0.0 && good == 0.0) {
        Guardrail::Unhurt
    } else if good < 0.0 && good <= -margin {
        Guardrail::Hurt
    } else {
        Guardrail::NotShownUnhurt
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Direction::{HigherIsBetter, LowerIsBetter};

    fn interval(low: f64, high: f64) -> Estimate {
        Estimate { mean: 0.5 * (low + high), low, high, level: 0.95, n: 50, beyond: 0 }
    }

    #[test]
    fn words_at_and_around_the_borders() {
        let cases = [
            (5.0, 9.0, Verdict::Better),
            (4.9, 9.0, Verdict::CannotTell),
            (0.1, 4.9, Verdict::PracticallySame),
            (-4.9, 4.9, Verdict::PracticallySame),
            (-5.0, 4.9, Verdict::CannotTell),
            (-9.0, -5.0, Verdict::Worse),
            (-9.0, 9.0, Verdict::CannotTell),
            (f64::NEG_INFINITY, f64::INFINITY, Verdict::CannotTell),
            (f64::NAN, f64::NAN, Verdict::CannotTell),
        ];
        for (low, high, word) in cases {
            assert_eq!(verdict(&interval(low, high), HigherIsBetter, 5.0), word, "{low} {high}");
        }
        assert_eq!(verdict(&interval(0.0, 0.0), HigherIsBetter, 0.0), Verdict::PracticallySame);
        assert_eq!(verdict(&interval(0.1, 0.2), HigherIsBetter, 0.0), Verdict::Better);
    }

    #[test]
    fn turning_the_direction_swaps_better_and_worse_and_nothing_else() {
        for low in -12..12 {
            for high in low..12 {
                let (low, high) = (f64::from(low), f64::from(high));
                let up = verdict(&interval(low, high), HigherIsBetter, 5.0);
                let down = verdict(&interval(-high, -low), LowerIsBetter, 5.0);
                assert_eq!(up, down);
                let worse = verdict(&interval(low, high), LowerIsBetter, 5.0) == Verdict::Worse;
                assert_eq!(up == Verdict::Better, worse);
            }
        }
    }

    #[test]
    fn the_sign_may_be_settled_before_the_size() {
        assert_eq!(lean(&interval(0.1, 9.0), HigherIsBetter), Lean::Good);
        assert_eq!(lean(&interval(0.1, 9.0), LowerIsBetter), Lean::Bad);
        assert_eq!(lean(&interval(-0.1, 9.0), HigherIsBetter), Lean::Neither);
    }

    #[test]
    fn a_guardrail_is_not_safe_until_harm_is_ruled_out() {
        let read = |low, high| guardrail(&interval(low, high), LowerIsBetter, 5.0);
        assert_eq!(read(-2.0, 4.9), Guardrail::Unhurt);
        assert_eq!(read(-2.0, 5.0), Guardrail::NotShownUnhurt);
        assert_eq!(read(4.0, 9.0), Guardrail::NotShownUnhurt);
        assert_eq!(read(5.0, 9.0), Guardrail::Hurt);
        assert_eq!(read(f64::NAN, f64::NAN), Guardrail::NotShownUnhurt);
        assert_eq!(guardrail(&interval(0.0, 0.0), LowerIsBetter, 0.0), Guardrail::Unhurt);
    }
}
