//! Sets of small numbers as the bits of a word.

/// The places of the set bits, lowest first.
#[inline]
pub fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = set.trailing_zeros();
        (set != 0).then(|| {
            set &= set - 1;
            place as usize
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_are_set_come_once_in_order() {
        for places in [vec![], vec![0], vec![63], vec![1, 2, 31, 32, 62]] {
            let set = places.iter().map(|place| 1 << place).sum();
            assert_eq!(bits(set).collect::<Vec<usize>>(), places);
        }
    }
}
