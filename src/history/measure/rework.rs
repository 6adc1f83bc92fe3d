//! Rework, as far as moves tell: the share of items that are sent back from where somebody looks at the work.
//!
//! Moves between columns say little by themselves: a card that is blocked and goes on has moved back, and has no rework. So
//! only what leaves a *check* is looked at, a status that says by its name that somebody reads, tests or approves there.

use super::LEVEL;
use crate::history::{History, Item};
use crate::words::{Check, Meaning, is_pause};
use statistics::interval::Share;
use std::collections::BTreeMap;

/// A way through statuses: each with when an item came into it, in order.
pub type Way<'a, T> = Vec<(&'a str, T)>;

/// How an item's first visit to a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict<T> {
    pub check: Check,
    /// When it left the check.
    pub at: T,
    /// Whether it was sent back, rather than on.
    pub is_back: bool,
}

/// Of a check, the items that were sent back from it at their first visit, over all whose first visit is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SentBack {
    pub check: Check,
    pub share: Share,
}

/// How each item's first visit to each check ended, by item; what is still there, or was dropped from there, has no verdict.
///
/// A visit ends with the first status that is neither of the check nor a pause. It was sent back if most items come into
/// that status before they come into the check, or if the next check that the item comes to is the same one, or one that
/// stands before it: so *Changes requested*, which nobody is in before a review, is a way back too.
pub fn verdicts<T: Copy>(ways: &[Way<'_, T>], meaning: impl Fn(&str) -> Meaning) -> Vec<Vec<Verdict<T>>> {
    let names: BTreeMap<&str, usize> = {
        let mut names: Vec<&str> = ways.iter().flatten().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().zip(0..).collect()
    };
    let known: Vec<Status> = names.keys().map(|name| Status::of(name, &meaning)).collect();
    let ways: Vec<Vec<(usize, T)>> =
        ways.iter().map(|way| way.iter().map(|(name, at)| (names[name], *at)).collect()).collect();
    let order = Order::of(&ways, known.len());
    let each = |way: &Vec<(usize, T)>| {
        Check::ALL.into_iter().filter_map(|check| verdict(way, check, &known, &order)).collect()
    };
    ways.iter().map(each).collect()
}

/// What is known of a status.
struct Status {
    meaning: Meaning,
    check: Option<Check>,
    is_pause: bool,
}

impl Status {
    fn of(name: &str, meaning: &impl Fn(&str) -> Meaning) -> Status {
        let meaning = meaning(name);
        let check = Check::of(name).filter(|_| meaning.is_in_progress());
        Status { meaning, check, is_pause: check.is_none() && is_pause(name) }
    }
}

/// How many items more came first into one status than into another, by both.
struct Order {
    statuses: usize,
    lead: Vec<i32>,
}

impl Order {
    fn of<T>(ways: &[Vec<(usize, T)>], statuses: usize) -> Order {
        let mut order = Order { statuses, lead: vec![0; statuses * statuses] };
        let mut met: Vec<usize> = Vec::new();
        for way in ways {
            met.clear();
            for (status, _) in way {
                if met.contains(status) {
                    continue;
                }
                for before in &met {
                    order.lead[before * statuses + status] += 1;
                    order.lead[status * statuses + before] -= 1;
                }
                met.push(*status);
            }
        }
        order
    }

    /// Whether most items come into the one before they come into the other.
    fn is_before(&self, one: usize, other: usize) -> bool {
        self.lead[one * self.statuses + other] > 0
    }
}

fn verdict<T: Copy>(way: &[(usize, T)], check: Check, known: &[Status], order: &Order) -> Option<Verdict<T>> {
    let is_here = |(status, _): &(usize, T)| known[*status].check == Some(check);
    let first = way.iter().position(is_here)?;
    let after = |(status, _): &(usize, T)| known[*status].check != Some(check) && !known[*status].is_pause;
    let end = first + way[first..].iter().position(after)?;
    let (next, _) = way[end];
    // It left with the last move out of the check itself, whether or not it paused before it went on.
    let left = first + way[first..end].iter().rposition(is_here)? + 1;
    let is_back = match known[next].meaning {
        Meaning::Dropped | Meaning::Unknown => return None,
        Meaning::Done => false,
        _ if order.is_before(next, way[first].0) => true,
        _ => {
            let elsewhere =
                |(status, _): &(usize, T)| known[*status].meaning.is_over() || known[*status].check.is_some();
            let reached = way[end..].iter().find(|at| elsewhere(at));
            reached.is_some_and(|at| is_here(at) || order.is_before(at.0, way[first].0))
        }
    };
    Some(Verdict { check, at: way[left].1, is_back })
}

/// The ways of items whose moves are known, with the items, in the order of moves.
pub fn ways(history: &History) -> Vec<(&Item, Way<'_, crate::when::When>)> {
    let place: BTreeMap<u32, &Item> = history.items.iter().map(|item| (item.id, item)).collect();
    let mut ways = Vec::new();
    for moves in history.moves.chunk_by(|a, b| a.item == b.item) {
        let Some(item) = place.get(&moves[0].item) else { continue };
        let begin = (moves[0].from.as_str(), item.created.unwrap_or(moves[0].at));
        let all = std::iter::once(begin).chain(moves.iter().map(|one| (one.to.as_str(), one.at)));
        ways.push((*item, all.collect()));
    }
    ways
}

impl SentBack {
    /// Of first visits that ended since a day, by check; checks with fewer than ten of them are left out.
    pub fn of(history: &History, from: f64) -> Vec<SentBack> {
        const FEW: usize = 10;
        let ways: Vec<Way<'_, _>> = ways(history).into_iter().map(|(_, way)| way).collect();
        let verdicts = verdicts(&ways, |status| history.meaning(status));
        let recent = |check: Check| {
            let of = verdicts.iter().flatten().filter(move |one| one.check == check);
            of.filter(|one| one.at.days(&history.zone) >= from)
        };
        let all = Check::ALL.into_iter().map(|check| {
            let back = recent(check).filter(|one| one.is_back).count();
            SentBack { check, share: Share::wilson(back, recent(check).count(), LEVEL) }
        });
        all.filter(|one| one.share.n >= FEW).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::meaning_of;

    fn of(ways: &[&[&'static str]]) -> Vec<Vec<(Check, usize, bool)>> {
        let ways: Vec<Way<'_, usize>> =
            ways.iter().map(|way| way.iter().enumerate().map(|(at, name)| (*name, at)).collect()).collect();
        let told = |one: &Verdict<usize>| (one.check, one.at, one.is_back);
        verdicts(&ways, meaning_of).iter().map(|all| all.iter().map(told).collect()).collect()
    }

    #[test]
    fn what_goes_back_to_work_was_sent_back_and_what_goes_on_was_not() {
        let found = of(&[
            &["To Do", "In Progress", "In Review", "Done"],
            &["To Do", "In Progress", "In Review", "In Progress", "In Review", "Done"],
            &["To Do", "In Progress", "In Review", "Ready for release"],
            &["To Do", "In Progress", "In Review"],
            &["To Do", "In Progress", "In Review", "Won't Do"],
            &["To Do", "In Progress", "Done"],
        ]);
        let review = |at, is_back| vec![(Check::Review, at, is_back)];
        assert_eq!(found, [review(3, false), review(3, true), review(3, false), vec![], vec![], vec![]]);
    }

    #[test]
    fn a_pause_is_no_way_back() {
        let found = of(&[
            &["In Progress", "In Review", "Done"],
            &["In Progress", "Blocked", "In Progress", "In Review", "Blocked", "In Review", "Done"],
            &["In Progress", "Blocked", "In Progress", "In Review", "On hold", "In Progress"],
        ]);
        let told: Vec<_> = found.into_iter().map(|one| one[0]).collect();
        // The third left the review for its pause, and was then found to have been sent back.
        assert_eq!(told, [(Check::Review, 2, false), (Check::Review, 6, false), (Check::Review, 4, true)]);
    }

    #[test]
    fn a_status_of_its_own_for_corrections_is_a_way_back() {
        let found = of(&[
            &["In Progress", "In Review", "Done"],
            &["In Progress", "In Review", "Changes in progress", "In Review", "Done"],
            // The test sent it back, not the review.
            &["In Progress", "In Review", "In Test", "Changes in progress", "In Review", "In Test", "Done"],
        ]);
        let told = |at: usize| found[at].iter().map(|one| (one.0, one.2)).collect::<Vec<_>>();
        assert_eq!(told(0), [(Check::Review, false)]);
        assert_eq!(told(1), [(Check::Review, true)]);
        assert_eq!(told(2), [(Check::Review, false), (Check::Test, true)]);
    }
}
