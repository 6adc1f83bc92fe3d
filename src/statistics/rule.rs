//! A short readable rule: at most two conditions on parameters under which something happens more often.

use super::resample::Resampling;

/// A condition on one column; a missing value (NaN) never meets it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    pub column: usize,
    /// Whether values above the threshold meet it, or those below.
    pub above: bool,
    pub threshold: f64,
}

impl Condition {
    fn holds(&self, columns: &[Vec<f64>], row: usize) -> bool {
        let value = columns[self.column][row];
        if self.above { value > self.threshold } else { value < self.threshold }
    }
}

/// A rule and how well it does on the rows it was found on.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub conditions: Vec<Condition>,
    /// Rows that meet all conditions, and those of them in which it happens.
    pub inside: usize,
    pub hits: usize,
    /// The other rows, and those of them in which it happens.
    pub outside: usize,
    pub misses: usize,
    /// The share of shuffled outcomes in which as sharp a first condition was found.
    pub by_chance: f64,
}

/// Shuffles by which a first condition is tested.
const SHUFFLES: usize = 999;
/// The least share by which a second condition must raise how often it happens.
const WORTH_SAYING: f64 = 0.1;

/// The rule under which `happens` is most concentrated, or nothing when shuffled outcomes give as sharp a first
/// condition in more than `alpha` of shuffles: among many parameters some always seem to matter.
///
/// The first condition is the best split of a classification tree (Breiman and others 1984, Gini's measure); the
/// second is the best split of the side where it happens more often, if that raises the share by a tenth.
///
/// # Panics
/// When a column is not as long as `happens`.
pub fn find(columns: &[Vec<f64>], happens: &[bool], alpha: f64, resampling: Resampling) -> Option<Rule> {
    assert!(columns.iter().all(|column| column.len() == happens.len()), "a value for every row");
    let least = (happens.len() / 20).max(4);
    let search = Search::of(columns, least);
    let everywhere = vec![true; happens.len()];
    let (first, sharpness) = search.best(happens, &everywhere)?;
    let mut generator = resampling.generator();
    let mut shuffled = happens.to_vec();
    let mut by_chance = 1.0 / (SHUFFLES + 1) as f64;
    for _ in 0..SHUFFLES {
        // More shuffles could only confirm that it is not sharp enough.
        if by_chance > alpha {
            return None;
        }
        for at in (1..shuffled.len()).rev() {
            shuffled.swap(at, generator.index(at + 1));
        }
        if search.best(&shuffled, &everywhere).is_some_and(|(_, found)| found >= sharpness) {
            by_chance += 1.0 / (SHUFFLES + 1) as f64;
        }
    }
    if by_chance > alpha {
        return None;
    }
    let one = Rule::of(vec![first], columns, happens, by_chance);
    let within: Vec<bool> = (0..happens.len()).map(|row| first.holds(columns, row)).collect();
    let two = search
        .best(happens, &within)
        .map(|(second, _)| Rule::of(vec![first, second], columns, happens, by_chance));
    let better = two.filter(|two| two.share() >= one.share() + WORTH_SAYING && two.inside >= least);
    Some(better.unwrap_or(one))
}

impl Rule {
    fn of(conditions: Vec<Condition>, columns: &[Vec<f64>], happens: &[bool], by_chance: f64) -> Rule {
        let mut rule = Rule { conditions, inside: 0, hits: 0, outside: 0, misses: 0, by_chance };
        for (row, happened) in happens.iter().enumerate() {
            let meets = rule.conditions.iter().all(|condition| condition.holds(columns, row));
            let (rows, happenings) = if meets {
                (&mut rule.inside, &mut rule.hits)
            } else {
                (&mut rule.outside, &mut rule.misses)
            };
            *rows += 1;
            *happenings += usize::from(*happened);
        }
        rule
    }

    /// How often it happens where the conditions hold.
    pub fn share(&self) -> f64 {
        self.hits as f64 / self.inside.max(1) as f64
    }
}

/// Columns with their rows in order of value, missing ones left out.
struct Search<'a> {
    columns: &'a [Vec<f64>],
    orders: Vec<Vec<usize>>,
    least: usize,
}

impl<'a> Search<'a> {
    fn of(columns: &'a [Vec<f64>], least: usize) -> Search<'a> {
        let order = |column: &Vec<f64>| {
            let mut rows: Vec<usize> = (0..column.len()).filter(|row| !column[*row].is_nan()).collect();
            rows.sort_by(|a, b| column[*a].total_cmp(&column[*b]));
            rows
        };
        Search { columns, orders: columns.iter().map(order).collect(), least }
    }

    /// The sharpest condition among the rows within, and how sharp it is.
    fn best(&self, happens: &[bool], within: &[bool]) -> Option<(Condition, f64)> {
        let rows = within.iter().filter(|within| **within).count();
        let all = (0..happens.len()).filter(|row| within[*row] && happens[*row]).count();
        let mut best: Option<(Condition, f64)> = None;
        for (column, order) in self.orders.iter().enumerate() {
            let values = &self.columns[column];
            let order: Vec<usize> = order.iter().copied().filter(|row| within[*row]).collect();
            let present = order.iter().filter(|row| happens[**row]).count();
            let mut below = 0;
            for (at, pair) in order.windows(2).enumerate() {
                below += usize::from(happens[pair[0]]);
                let (low, high) = (values[pair[0]], values[pair[1]]);
                if low == high {
                    continue;
                }
                let threshold = low.midpoint(high);
                let sides = [(at + 1, below, false), (order.len() - at - 1, present - below, true)];
                for (size, hits, above) in sides {
                    let sharpness = self.sharpness((size, hits), (rows - size, all - hits));
                    if sharpness > best.map_or(0.0, |(_, known)| known) {
                        best = Some((Condition { column, above, threshold }, sharpness));
                    }
                }
            }
        }
        best
    }

    /// Gini's gain of a part against the rest, zero where it happens less often or a side is too small.
    fn sharpness(&self, (size, hits): (usize, usize), (rest, others): (usize, usize)) -> f64 {
        if size < self.least || rest < self.least {
            return 0.0;
        }
        let (n, m) = (size as f64, rest as f64);
        let gap = hits as f64 / n - others as f64 / m;
        if gap > 0.0 { n * m / (n + m) * gap * gap } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::SplitMix;

    fn columns(rows: usize, count: usize, seed: u64) -> Vec<Vec<f64>> {
        let mut generator = SplitMix::new(seed);
        (0..count).map(|_| (0..rows).map(|_| generator.uniform()).collect()).collect()
    }

    #[test]
    fn a_planted_rule_is_found_again() {
        let columns = columns(200, 60, 1);
        let happens: Vec<bool> =
            (0..200).map(|row| columns[7][row] < 0.4 && columns[31][row] > 0.5).collect();
        let rule = find(&columns, &happens, 0.05, Resampling::seeded(3)).expect("a rule");
        let mut named: Vec<(usize, bool)> =
            rule.conditions.iter().map(|condition| (condition.column, condition.above)).collect();
        named.sort_unstable();
        assert_eq!(named, [(7, false), (31, true)]);
        assert!(rule.share() > 0.85 && rule.misses < 8, "{rule:?}");
        for condition in &rule.conditions {
            let truth = if condition.column == 7 { 0.4 } else { 0.5 };
            assert!((condition.threshold - truth).abs() < 0.08, "{condition:?}");
        }
    }

    #[test]
    fn where_nothing_matters_a_rule_is_rare() {
        let mut generator = SplitMix::new(4);
        let found = (0..60)
            .filter(|nth| {
                let columns = columns(60, 20, 100 + nth);
                let happens: Vec<bool> = (0..60).map(|_| generator.uniform() < 0.3).collect();
                find(&columns, &happens, 0.05, Resampling::seeded(*nth)).is_some()
            })
            .count();
        // 5 % of 60 are 3; ten or more have probability 0.0006.
        assert!(found < 10, "{found}");
    }

    #[test]
    fn missing_values_meet_no_condition_and_few_rows_give_no_rule() {
        let mut columns = columns(100, 3, 8);
        let happens: Vec<bool> = (0..100).map(|row| columns[1][row] > 0.6).collect();
        (0..100).step_by(5).for_each(|row| columns[1][row] = f64::NAN);
        let rule = find(&columns, &happens, 0.05, Resampling::seeded(1)).expect("a rule");
        assert_eq!(rule.share(), 1.0);
        assert_eq!(rule.inside + rule.outside, 100);
        assert_eq!(find(&[vec![1.0, 2.0]], &[true, false], 0.05, Resampling::seeded(1)), None);
        assert_eq!(find(&[], &[], 0.05, Resampling::seeded(1)), None);
    }
}
