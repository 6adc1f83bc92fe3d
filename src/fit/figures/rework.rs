//! The figure of rework: how many items are sent back from their first review.

use super::{ENOUGH, Known, Sheet, View};
use crate::records::{Records, Reviewed};

/// First reviews of which there must be so many for their share to be looked at.
const MANY: usize = 20;

/// The first reviews that ended in these records from a working day on.
fn since(records: &Records, from: i64) -> impl Iterator<Item = Reviewed> {
    records.items.iter().filter_map(|item| item.reviewed).filter(move |one| one.day >= from)
}

impl Known {
    /// What moves tell of the last weeks. Where hardly any card ever goes back from review, what a review finds is put
    /// right where the card stands: that is no share of the model's.
    pub(super) fn reviews(self, records: &Records, weeks: usize) -> Known {
        let recent = || since(records, records.since(weeks));
        let back = recent().filter(|one| one.is_back).count();
        Known { reviewed: recent().count() >= MANY && back >= ENOUGH, ..self }
    }
}

pub fn add(view: &View<'_>, sheet: &mut Sheet) {
    if !view.known.reviewed {
        return;
    }
    let recent = || since(view.records, view.from);
    let back = recent().filter(|one| one.is_back).count();
    let title = "share of items sent back from their first review";
    sheet.plain("sent back", title, back as f64 / recent().count() as f64);
}

#[cfg(test)]
mod tests {
    use super::super::tests::{records, value};
    use super::super::{Known, figures};

    #[test]
    fn the_share_sent_back_by_hand() {
        let all = figures(&records(), 10, Known::all());
        // Of 18 planned items all but the last have been read, and of these every third is sent back.
        assert_eq!(value(&all, "sent back"), 6.0 / 18.0);
        let mut never = records();
        assert!(!Known::of(&never, 10).reviewed, "18 are too few");
        never.items = (0..30).map(|at| never.items[at % 20].clone()).collect();
        assert!(Known::of(&never, 10).reviewed);
        never.items.iter_mut().filter_map(|item| item.reviewed.as_mut()).for_each(|one| one.is_back = false);
        assert!(!Known::of(&never, 10).reviewed, "cards that never go back are put right where they stand");
    }
}
