//! Saltelli's matrices: two independent samples A and B, and A with one column at a time taken from B.
//!
//! Saltelli and others (2010), *Computer Physics Communications* 181, 259–270. A and B are the two halves of one
//! scrambled Sobol sequence of twice as many coordinates, so that a row of A says nothing of its row of B.

use super::cube::{Method, points};

/// The most parameters: a Sobol sequence has 256 coordinates, two for each.
pub const MOST_PARAMETERS: usize = 128;

/// The points of `rows` rows: for each row A, then B, then A with column 1, 2, … of B; (parameters + 2) × rows.
///
/// # Errors
/// When there are too many parameters or rows, as a sentence.
pub fn matrices(rows: usize, parameters: usize, seed: u64) -> Result<Vec<Vec<f64>>, String> {
    if parameters > MOST_PARAMETERS {
        return Err(format!(
            "Sobol indices take at most {MOST_PARAMETERS} parameters, not {parameters}: screen them with \
             --method morris first, and name the strongest with --vary"
        ));
    }
    let both = points(Method::Sobol, rows, 2 * parameters, seed)?;
    let mut made = Vec::with_capacity(rows * (parameters + 2));
    for row in both {
        let (a, b) = row.split_at(parameters);
        made.push(a.to_vec());
        made.push(b.to_vec());
        for of in 0..parameters {
            let mut mixed = a.to_vec();
            mixed[of] = b[of];
            made.push(mixed);
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mixed_point_takes_one_coordinate_from_b() {
        let made = matrices(8, 3, 1).expect("a design");
        assert_eq!(made.len(), 8 * 5);
        for row in made.chunks(5) {
            let (a, b) = (&row[0], &row[1]);
            for of in 0..3 {
                let expected: Vec<f64> = (0..3).map(|at| if at == of { b[at] } else { a[at] }).collect();
                assert_eq!(row[2 + of], expected);
            }
        }
        assert!(matrices(8, 129, 1).is_err_and(|reason| reason.contains("morris")));
    }
}
