//! Ridge regression: the least squares that a little shrinkage keeps sane, by Cholesky's decomposition.

/// A symmetric matrix, row by row.
#[derive(Clone, Debug)]
pub struct Gram {
    n: usize,
    cells: Vec<f64>,
}

impl Gram {
    pub fn new(n: usize) -> Gram {
        Gram { n, cells: vec![0.0; n * n] }
    }

    /// Adds the products of a row with itself, so many times; only the lower half is kept.
    pub fn add(&mut self, row: &[f64], weight: f64) {
        for (i, a) in row.iter().enumerate() {
            let scaled = weight * a;
            let line = &mut self.cells[i * self.n..i * self.n + i + 1];
            line.iter_mut().zip(row).for_each(|(cell, b)| *cell += scaled * b);
        }
    }

    /// This one less another.
    pub fn less(&self, other: &Gram) -> Gram {
        let cells = self.cells.iter().zip(&other.cells).map(|(a, b)| a - b).collect();
        Gram { n: self.n, cells }
    }

    /// Cholesky's factor of the matrix with `ridge` added to its diagonal.
    pub fn factor(&self, ridge: f64) -> Factor {
        let n = self.n;
        let mut lower = self.cells.clone();
        for i in 0..n {
            lower[i * n + i] += ridge;
        }
        for j in 0..n {
            let dot = |lower: &[f64], i: usize| -> f64 {
                (0..j).map(|k| lower[i * n + k] * lower[j * n + k]).sum()
            };
            // With a ridge above nothing it is above nothing but for rounding.
            let diagonal = (lower[j * n + j] - dot(&lower, j)).max(f64::MIN_POSITIVE).sqrt();
            lower[j * n + j] = diagonal;
            for i in j + 1..n {
                lower[i * n + j] = (lower[i * n + j] - dot(&lower, i)) / diagonal;
            }
        }
        Factor { n, lower }
    }
}

/// A lower triangle.
#[derive(Clone, Debug)]
pub struct Factor {
    n: usize,
    lower: Vec<f64>,
}

impl Factor {
    /// What the matrix times which is `right`.
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut found = right.to_vec();
        for i in 0..n {
            let sum: f64 = (0..i).map(|k| self.lower[i * n + k] * found[k]).sum();
            found[i] = (found[i] - sum) / self.lower[i * n + i];
        }
        for i in (0..n).rev() {
            let sum: f64 = (i + 1..n).map(|k| self.lower[k * n + i] * found[k]).sum();
            found[i] = (found[i] - sum) / self.lower[i * n + i];
        }
        found
    }
}

pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_found_and_a_ridge_shrinks_it() {
        let rows = [[1.0, 0.5], [1.0, -2.0], [1.0, 3.0], [1.0, 1.0]];
        let values: Vec<f64> = rows.iter().map(|row| dot(row, &[2.0, -3.0])).collect();
        let mut gram = Gram::new(2);
        let mut right = [0.0; 2];
        for (row, value) in rows.iter().zip(&values) {
            gram.add(row, 1.0);
            right.iter_mut().zip(row).for_each(|(sum, cell)| *sum += cell * value);
        }
        let exact = gram.factor(1e-12).solve(&right);
        assert!((exact[0] - 2.0).abs() < 1e-9 && (exact[1] + 3.0).abs() < 1e-9, "{exact:?}");
        let shrunk = gram.factor(1e6).solve(&right);
        assert!(shrunk.iter().all(|cell| cell.abs() < 1e-3), "{shrunk:?}");
        let half = gram.less(&gram).factor(1.0).solve(&right);
        assert_eq!(half, right, "nothing but the ridge is left");
    }
}
