//! Morris's trajectories: each changes one parameter at a time, in random order, by a step of half the range.
//!
//! Morris (1991), *Technometrics* 33, 161–174, with four levels and a step of two, under which every level is as
//! likely as any other.

use kernel::streams::{Key, StreamId, Streams};

const START: StreamId = StreamId::named("design/morris start");
const ORDER: StreamId = StreamId::named("design/morris order");
const SIGN: StreamId = StreamId::named("design/morris sign");

/// Levels of every parameter.
const LEVELS: f64 = 4.0;

/// `count` trajectories of `parameters` + 1 points each, one after the other.
///
/// Levels are the middles of four equal parts rather than 0, 1/3, 2/3 and 1, so that no point lies on the border
/// of a range; the step is two levels.
pub fn trajectories(count: usize, parameters: usize, seed: u64) -> Vec<Vec<f64>> {
    (0..count).flat_map(|nth| trajectory(Streams::new(seed, 0), nth, parameters)).collect()
}

fn trajectory(streams: Streams, nth: usize, parameters: usize) -> Vec<Vec<f64>> {
    let key = |of: usize| Key::of("trajectory", nth as u64).nth(of as u64);
    // The start lies in the lower half; who goes down begins two levels further up.
    let low = |of: usize| (streams.uniform(START, key(of)) * LEVELS / 2.0).floor();
    let up: Vec<bool> = (0..parameters).map(|of| streams.chance(0.5, SIGN, key(of))).collect();
    let place = |level: f64| (level + 0.5) / LEVELS;
    let mut point: Vec<f64> =
        (0..parameters).map(|of| place(if up[of] { low(of) } else { low(of) + LEVELS / 2.0 })).collect();
    let mut order: Vec<usize> = (0..parameters).collect();
    order.sort_by(|a, b| streams.uniform(ORDER, key(*a)).total_cmp(&streams.uniform(ORDER, key(*b))));
    let mut points = vec![point.clone()];
    for of in order {
        point[of] += if up[of] { 0.5 } else { -0.5 };
        points.push(point.clone());
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_parameter_moves_at_a_time_and_each_once() {
        let made = trajectories(20, 6, 1);
        assert_eq!(made.len(), 20 * 7);
        for path in made.chunks(7) {
            let mut moved: Vec<usize> = path
                .windows(2)
                .map(|pair| {
                    let changed: Vec<usize> = (0..6).filter(|of| pair[0][*of] != pair[1][*of]).collect();
                    assert_eq!(changed.len(), 1);
                    assert!(((pair[0][changed[0]] - pair[1][changed[0]]).abs() - 0.5).abs() < 1e-12);
                    changed[0]
                })
                .collect();
            moved.sort_unstable();
            assert_eq!(moved, [0, 1, 2, 3, 4, 5]);
        }
    }

    #[test]
    fn levels_are_equally_likely() {
        let made = trajectories(2_000, 3, 2);
        let mut counts = [0_i32; 4];
        made.iter().flatten().for_each(|at| counts[(at * 4.0) as usize] += 1);
        // 24,000 numbers, of which about 2,000 × 3 are independent choices: five standard errors at most.
        assert!(counts.iter().all(|count| (count - 6_000).abs() < 600), "{counts:?}");
    }
}
