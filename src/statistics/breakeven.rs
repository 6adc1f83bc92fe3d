//! When a policy has paid for itself, and how deep it dips before it does.

use super::interval::{Estimate, quantile};
use super::moments;
use super::resample::{Resampling, SplitMix};
use super::series;

/// A number with a bootstrap percentile interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resampled {
    /// The value in the replications themselves.
    pub value: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end; ∞ for a break-even that may lie beyond the horizon.
    pub high: f64,
}

/// The course of the mean cumulative difference, turned by the caller so that more is good.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// The mean and its pointwise interval at the end of each week.
    pub mean: Vec<Estimate>,
    /// Break-even, in weeks from the start: the end of the first week from which on the mean stays ≥ 0 up to the horizon
    /// (0: never behind; ∞: behind at the horizon, the date isn't known).
    pub week: Resampled,
    /// The share of resamples that are behind at the horizon, in [0, 1].
    pub never: f64,
    /// The mean's lowest point, in the unit of the rows, 0 where it is never below zero.
    pub dip: Resampled,
    /// When the lowest point is reached, in weeks from the start, the first if several; NaN where there is no dip.
    pub dip_week: Resampled,
    /// The level of every interval.
    pub level: f64,
    /// Replications kept.
    pub n: usize,
    /// Replications dropped because some week is missing (NaN).
    pub dropped: usize,
}

/// What is read from one mean path.
#[derive(Clone, Copy)]
struct Reading {
    week: f64,
    dip: f64,
    dip_week: f64,
}

/// Reads the course from paired cumulative differences: one row per replication, one column per week.
///
/// Intervals are percentiles over resampled replications (Efron & Tibshirani 1993, *An Introduction to the
/// Bootstrap*, chapter 13): whole rows are drawn, so that the weeks of a replication stay together. Two
/// cautions. The lowest point of a noisy mean lies below the lowest point of the true one, so the
/// dip errs deep when replications are few. And "never" means not within the horizon. `dip_week` is taken over
/// the resamples that do dip. Fewer than two replications leave the intervals unbounded.
///
/// # Panics
/// When rows differ in length or `level` lies outside (0, 1).
pub fn trajectory(cumulative: &[Vec<f64>], level: f64, resampling: Resampling) -> Trajectory {
    let kept: Vec<Vec<f64>> =
        cumulative.iter().filter(|row| row.iter().all(|v| !v.is_nan())).cloned().collect();
    let mean: Vec<Estimate> = series::weekly(&kept, level).into_iter().map(|week| week.mean).collect();
    let here = read(mean.iter().map(|estimate| estimate.mean));
    let mut generator = resampling.generator();
    let draws = if kept.len() < 2 { 0 } else { resampling.draws };
    let readings: Vec<Reading> = (0..draws).map(|_| read_resample(&kept, &mut generator)).collect();
    let spread = |value: f64, pick: fn(&Reading) -> f64| {
        percentiles(value, moments::present(&readings.iter().map(pick).collect::<Vec<_>>()), level)
    };
    let never = readings.iter().filter(|r| r.week == f64::INFINITY).count();
    Trajectory {
        week: spread(here.week, |r| r.week),
        never: never as f64 / readings.len() as f64,
        dip: spread(here.dip, |r| r.dip),
        dip_week: spread(here.dip_week, |r| r.dip_week),
        mean,
        level,
        n: kept.len(),
        dropped: cumulative.len() - kept.len(),
    }
}

/// Walks a mean path once. Without any weeks or runs everything is NaN.
fn read(path: impl Iterator<Item = f64>) -> Reading {
    let mut reading = Reading { week: 0.0, dip: 0.0, dip_week: f64::NAN };
    let mut weeks = 0;
    for (week, value) in path.enumerate() {
        weeks = week + 1;
        // A week's value is that at its end.
        if value < 0.0 {
            reading.week = (weeks + 1) as f64;
        }
        if value < reading.dip {
            (reading.dip, reading.dip_week) = (value, weeks as f64);
        }
    }
    if weeks == 0 {
        return Reading { week: f64::NAN, dip: f64::NAN, dip_week: f64::NAN };
    }
    if reading.week > weeks as f64 {
        reading.week = f64::INFINITY;
    }
    reading
}

fn read_resample(rows: &[Vec<f64>], generator: &mut SplitMix) -> Reading {
    let mut times_drawn = vec![0_u32; rows.len()];
    (0..rows.len()).for_each(|_| times_drawn[generator.index(rows.len())] += 1);
    let mut total = vec![0.0; rows[0].len()];
    for (row, times) in rows.iter().zip(times_drawn).filter(|(_, times)| *times > 0) {
        total.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(times) * value);
    }
    read(total.into_iter().map(|sum| sum / rows.len() as f64))
}

fn percentiles(value: f64, mut resampled: Vec<f64>, level: f64) -> Resampled {
    assert!(level > 0.0 && level < 1.0, "a confidence level lies in (0, 1)");
    if resampled.is_empty() {
        return Resampled { value, low: f64::NEG_INFINITY, high: f64::INFINITY };
    }
    resampled.sort_unstable_by(f64::total_cmp);
    let tail = 0.5 * (1.0 - level);
    Resampled { value, low: quantile(&resampled, tail), high: quantile(&resampled, 1.0 - tail) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs that lose 2 a week for five weeks and gain `gain` a week after, with noise between replications.
    fn runs(count: usize, weeks: usize, gain: f64, noise: f64) -> Vec<Vec<f64>> {
        let mut generator = SplitMix::new(11);
        let replication = |shock: f64| {
            let steps = (0..weeks).map(move |week| if week < 5 { -2.0 } else { gain + noise * shock });
            steps.scan(0.0, |sum, step| {
                *sum += step;
                Some(*sum)
            })
        };
        (0..count).map(|_| replication(generator.normal()).collect()).collect()
    }

    #[test]
    fn a_known_course() {
        // −10 after the fifth week, then +1.25 a week: back at zero after 13 weeks.
        let trajectory = trajectory(&runs(20, 30, 1.25, 0.0), 0.95, Resampling::seeded(1));
        assert_eq!(trajectory.week, Resampled { value: 13.0, low: 13.0, high: 13.0 });
        assert_eq!(trajectory.dip, Resampled { value: -10.0, low: -10.0, high: -10.0 });
        assert_eq!((trajectory.dip_week.value, trajectory.never, trajectory.n), (5.0, 0.0, 20));
    }

    #[test]
    fn a_date_that_may_lie_beyond_the_horizon_has_no_upper_end() {
        let trajectory = trajectory(&runs(12, 20, 0.7, 0.6), 0.95, Resampling::seeded(1));
        assert!(trajectory.never > 0.1 && trajectory.never < 0.9, "{}", trajectory.never);
        assert!(trajectory.week.low.is_finite());
        assert_eq!(trajectory.week.high, f64::INFINITY);
    }

    #[test]
    fn paths_that_never_dip_or_never_recover() {
        let up = trajectory(&vec![vec![0.0, 1.0, 2.0]; 3], 0.95, Resampling::seeded(1));
        assert_eq!((up.week.value, up.dip.value), (0.0, 0.0));
        assert!(up.dip_week.value.is_nan());
        let again = trajectory(&vec![vec![1.0, 2.0, -1.0]; 3], 0.95, Resampling::seeded(1));
        assert_eq!((again.week.value, again.never), (f64::INFINITY, 1.0));
    }

    #[test]
    fn missing_weeks_drop_the_replication_and_one_replication_bounds_nothing() {
        let rows = [vec![-1.0, 2.0], vec![f64::NAN, 1.0]];
        let trajectory = trajectory(&rows, 0.95, Resampling::seeded(1));
        assert_eq!((trajectory.n, trajectory.dropped, trajectory.week.value), (1, 1, 2.0));
        assert_eq!(trajectory.week.high, f64::INFINITY);
        assert!(trajectory.never.is_nan());
    }
}
