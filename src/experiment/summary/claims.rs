//! What claims came to: plain numbers and words, as a record keeps them and a page shows them.

use super::unit::Unit;
use observation::metrics::{self, METRICS};
use statistics::ignorance::Count;
use statistics::interval::Estimate;

/// A claim is supported where it holds in at least this share of plausible organisations, and refuted where in at
/// most the other; between them it depends. Both were fixed before any claim was run.
pub const SUPPORTED: f64 = 0.9;
pub const REFUTED: f64 = 0.1;

/// What a measure is called now, where a record names it as it was called before.
pub fn measure(recorded: &str) -> String {
    metrics::find(recorded).map_or_else(|| recorded.to_owned(), |at| METRICS[at].title.to_owned())
}

/// What a claim expects of its measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Lower,
    Higher,
    /// No difference that matters.
    None,
}

/// What the replications say of a claim, in this organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The difference is as claimed, by at least what matters.
    Supported,
    /// It is the other way, by at least what matters; or there is one where none was claimed.
    Refuted,
    /// Whatever the difference is, it is too small to matter.
    PracticallySame,
    /// These replications leave more than one of the above open.
    CannotTell,
}

/// One claim and what it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimResult {
    /// The scenario's name, and which of its claims this is, from 1.
    pub file: String,
    pub number: usize,
    /// The typical organisation that it was judged in; empty where its file extends none.
    pub on: String,
    pub hash: String,
    pub seed: u64,
    pub horizon: String,
    /// Parted by spaces.
    pub tags: String,
    pub source: String,
    pub statement: String,
    /// The two sides, in words.
    pub better: String,
    pub than: String,
    /// The metric's title and unit, and whether more of it is good.
    pub measure: String,
    pub unit: Unit,
    pub more_is_better: bool,
    pub expected: Expected,
    /// The smallest relative difference that matters, and the level of the file's intervals together.
    pub smallest: f64,
    pub better_mean: f64,
    pub than_mean: f64,
    /// `better` − `than`, and the same relative to `than`; intervals hold together over the file.
    pub difference: Estimate,
    pub relative: Estimate,
    /// The share of paired replications in which `better` is as expected.
    pub wins: f64,
    pub finding: Finding,
    /// The same with intervals that hold together over all files.
    pub over_all: Finding,
    pub inputs: String,
    /// The assumption from which the verdict follows, if it does.
    pub follows_from: String,
    pub note: String,
    /// How many ends of plausible ranges were tried, and where the finding turned.
    pub tried: usize,
    pub turns: String,
    /// What plausible organisations say; nothing where none were asked.
    pub worlds: Option<OverDraws>,
}

/// The verdict over plausible organisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Supported,
    Refuted,
    Depends,
}

/// One claim over plausible organisations.
#[derive(Clone, Debug, PartialEq)]
pub struct OverDraws {
    /// Replications per organisation and policy.
    pub runs: u64,
    /// How many parameters were drawn; none where the scenario states no range to draw from.
    pub varied: usize,
    /// Organisations drawn, and those of them that don't count: their past is not plausible, they drowned in work
    /// (under a policy that the claim is about, too), they can't be run, or they have nothing to compare.
    pub drawn: usize,
    pub implausible: usize,
    pub drowned: usize,
    pub refused: usize,
    pub missing: usize,
    /// In how many it holds by at least what matters, corrected for noise.
    pub holds: Count,
    /// In how many the difference is the other way by as much, or there is one where none was claimed.
    pub opposite: f64,
    /// The same as `holds` with the middle half of every range; nothing where that was not asked.
    pub narrow: Option<Count>,
    /// Each organisation's difference relative to what it is compared with; not a number where it does not count.
    pub effects: Vec<f64>,
    /// What decides, in words.
    pub turns: String,
}

impl OverDraws {
    /// The verdict by the corrected share; nothing where no organisation counts.
    pub fn standing(&self) -> Option<Standing> {
        standing(&self.holds)
    }

    /// The other verdicts that the share's interval leaves open.
    pub fn open(&self) -> Vec<Standing> {
        let n = self.holds.organisations as f64;
        let (low, high) = (self.holds.low / n, self.holds.high / n);
        let all = [
            (Standing::Supported, high >= SUPPORTED),
            (Standing::Refuted, low <= REFUTED),
            (Standing::Depends, low < SUPPORTED && high > REFUTED),
        ];
        let other = |(word, open): &(Standing, bool)| *open && Some(*word) != self.standing();
        all.into_iter().filter(other).map(|(word, _)| word).collect()
    }
}

/// The verdict by a count.
pub fn standing(count: &Count) -> Option<Standing> {
    let share = count.expected / count.organisations as f64;
    match share {
        share if share.is_nan() => None,
        share if share >= SUPPORTED => Some(Standing::Supported),
        share if share <= REFUTED => Some(Standing::Refuted),
        _ => Some(Standing::Depends),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(expected: f64, low: f64, high: f64, organisations: usize) -> OverDraws {
        OverDraws {
            runs: 2,
            varied: 1,
            drawn: organisations,
            implausible: 0,
            drowned: 0,
            refused: 0,
            missing: 0,
            holds: Count { seen: 0, expected, low, high, level: 0.95, organisations },
            opposite: 0.0,
            narrow: None,
            effects: Vec::new(),
            turns: String::new(),
        }
    }

    #[test]
    fn the_verdict_is_by_the_share_and_says_what_its_interval_leaves_open() {
        let said = |expected: f64, low: f64, high: f64| {
            let over = over(expected, low, high, 60);
            (over.standing(), over.open())
        };
        use Standing::{Depends, Refuted, Supported};
        assert_eq!(said(60.0, 56.4, 60.0), (Some(Supported), vec![]));
        assert_eq!(said(54.0, 47.0, 58.0), (Some(Supported), vec![Depends]));
        assert_eq!(said(53.9, 47.0, 58.0), (Some(Depends), vec![Supported]));
        assert_eq!(said(30.0, 20.0, 40.0), (Some(Depends), vec![]));
        assert_eq!(said(6.0, 2.0, 12.0), (Some(Refuted), vec![Depends]));
        assert_eq!(said(0.0, 0.0, 3.6), (Some(Refuted), vec![]));
        assert_eq!(said(20.0, 0.0, 60.0), (Some(Depends), vec![Supported, Refuted]));
        assert_eq!(over(0.0, 0.0, 0.0, 0).standing(), None);
    }
}
