//! Rhythms: meetings and trains that come round at a fixed interval.

use kernel::units::{Instant, Ticks};

/// The time until the next meeting of a rhythm: at `phase`, and every `period` after it.
pub fn until_next(now: Instant, period: Ticks, phase: Ticks, inclusive: bool) -> Ticks {
    if now.0 < phase.0 {
        return Ticks(phase.0 - now.0);
    }
    let since = (now.0 + period.0 - phase.0 % period.0) % period.0;
    match since {
        0 if inclusive => Ticks::ZERO,
        since => Ticks(period.0 - since),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_meeting_is_at_the_phase_and_every_period_after_it() {
        let next = |now, inclusive| until_next(Instant(now), Ticks(10), Ticks(4), inclusive).0;
        assert_eq!(next(0, false), 4);
        assert_eq!(next(3, false), 1);
        assert_eq!(next(5, false), 9);
        assert_eq!((next(4, false), next(4, true)), (10, 0));
        assert_eq!(until_next(Instant(3), Ticks(10), Ticks(24), false), Ticks(21));
        assert_eq!((next(14, false), next(14, true)), (10, 0));
    }
}
