//! Points that fill the unit cube: at random, as a Latin hypercube, or by a scrambled Sobol sequence.

use kernel::streams::{Key, StreamId, Streams};

const RANDOM: StreamId = StreamId::named("design/random");
const STRATUM: StreamId = StreamId::named("design/stratum");
const WITHIN: StreamId = StreamId::named("design/within");

/// How points fill the cube.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Independent and uniform.
    Random,
    /// Each parameter has one value in each of n equal strata, the strata paired at random (McKay, Beckman &
    /// Conover 1979, *Technometrics* 21, 239–245).
    LatinHypercube,
    /// Sobol's sequence with Owen's scrambling, by hashing (Burley 2020, *JCGT* 9(4)).
    Sobol,
}

/// Points a Sobol sequence has, and parameters.
const LONGEST_SOBOL: usize = 1 << 16;

/// `count` points of `parameters` coordinates each, all strictly between 0 and 1.
///
/// # Errors
/// When the method cannot make that many, as a sentence.
pub fn points(method: Method, count: usize, parameters: usize, seed: u64) -> Result<Vec<Vec<f64>>, String> {
    match method {
        Method::Random => Ok(random(count, parameters, seed)),
        Method::LatinHypercube => Ok(latin_hypercube(count, parameters, seed)),
        Method::Sobol => sobol(count, parameters, seed),
    }
}

/// The key of a parameter's coordinate at a point.
fn key(parameter: usize, point: usize) -> Key {
    Key::of("parameter", parameter as u64).nth(point as u64)
}

fn random(count: usize, parameters: usize, seed: u64) -> Vec<Vec<f64>> {
    let streams = Streams::new(seed, 0);
    let point = |at: usize| (0..parameters).map(|of| streams.uniform(RANDOM, key(of, at))).collect();
    (0..count).map(point).collect()
}

fn latin_hypercube(count: usize, parameters: usize, seed: u64) -> Vec<Vec<f64>> {
    let streams = Streams::new(seed, 0);
    let mut points = vec![Vec::with_capacity(parameters); count];
    for of in 0..parameters {
        // Points in the order of a random number each: every permutation is equally likely.
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by(|a, b| {
            streams.uniform(STRATUM, key(of, *a)).total_cmp(&streams.uniform(STRATUM, key(of, *b)))
        });
        for (stratum, at) in order.into_iter().enumerate() {
            points[at].push((stratum as f64 + streams.uniform(WITHIN, key(of, at))) / count as f64);
        }
    }
    points
}

fn sobol(count: usize, parameters: usize, seed: u64) -> Result<Vec<Vec<f64>>, String> {
    let most = sobol_burley::NUM_DIMENSIONS as usize;
    if parameters > most || count > LONGEST_SOBOL {
        return Err(format!(
            "a Sobol design has at most {most} parameters and {LONGEST_SOBOL} points, not {parameters} and {count}: \
             name fewer with --vary, or take a Latin hypercube"
        ));
    }
    let scramble = (seed ^ (seed >> 32)) as u32;
    // The sequence gives multiples of 2⁻²⁴ below 1, zero included; the middle of each cell is inside the cube.
    let inside = |number: f32| f64::from(number) + 0.5 / f64::from(1 << 24);
    let coordinate = |at: usize, of: usize| inside(sobol_burley::sample(at as u32, of as u32, scramble));
    Ok((0..count).map(|at| (0..parameters).map(|of| coordinate(at, of)).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Method; 3] = [Method::Random, Method::LatinHypercube, Method::Sobol];

    #[test]
    fn points_lie_inside_the_cube_and_come_again() {
        for method in ALL {
            let made = points(method, 100, 7, 3).expect("a design");
            assert!(made.iter().flatten().all(|at| *at > 0.0 && *at < 1.0));
            assert_eq!(made, points(method, 100, 7, 3).expect("the same"));
            assert_ne!(made, points(method, 100, 7, 4).expect("another seed"));
        }
        assert!(points(Method::Sobol, 10, 300, 1).is_err_and(|reason| reason.contains("256")));
    }

    #[test]
    fn every_stratum_of_every_parameter_holds_one_point() {
        // Both a Latin hypercube and, where n is a power of two, a scrambled Sobol sequence.
        for method in [Method::LatinHypercube, Method::Sobol] {
            let made = points(method, 64, 12, 9).expect("a design");
            for of in 0..12 {
                let mut strata: Vec<usize> = made.iter().map(|point| (point[of] * 64.0) as usize).collect();
                strata.sort_unstable();
                assert_eq!(strata, (0..64).collect::<Vec<_>>(), "{method:?} parameter {of}");
            }
        }
    }

    #[test]
    fn parameters_of_a_latin_hypercube_are_paired_at_random() {
        let made = points(Method::LatinHypercube, 1_000, 2, 5).expect("a design");
        let column = |of: usize| made.iter().map(|point| point[of]).collect::<Vec<_>>();
        let r = statistics::moments::correlation(&column(0), &column(1));
        // Four standard errors of a correlation that is zero.
        assert!(r.abs() < 4.0 / 1_000.0_f64.sqrt(), "{r}");
    }

    #[test]
    fn more_points_of_a_random_design_leave_the_first_as_they_were() {
        let (few, many) = (random(3, 4, 1), random(9, 4, 1));
        assert_eq!(few[..], many[..3]);
    }
}
