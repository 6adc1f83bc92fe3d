//! Claims: each is judged by the replications of its scenario, all claims of a file as one family.

mod added;
pub mod worlds;

use super::compare::{RunInfo, frame, unit};
use super::metric_rows::{MetricRow, column};
use super::summary::claims::{ClaimResult, Expected, Finding};
use added::Added;
use observation::metrics::{self, METRICS};
use scenario::study::Study;
use scenario::tables::{ClaimDirection, ClaimTable};
use statistics::moments::{mean, present};
use statistics::paired::{Comparison, PairedDifference, compare};
use statistics::resample::Resampling;
use statistics::seen::Seen;
use statistics::verdict::{Direction, Margin, Verdict};

/// The claims of a study that are judged in the typical organisation that it extends, with their numbers from 1; all of
/// them where it extends none.
pub fn asked(study: &Study) -> Vec<(usize, &ClaimTable)> {
    let here = |claim: &ClaimTable| study.typical().is_none_or(|on| claim.is_about(on));
    let numbered = study.scenario.claim.0.iter().enumerate().map(|(at, claim)| (at + 1, claim));
    numbered.filter(|(_, claim)| here(claim)).collect()
}

/// Judges the claims of a study by what was kept of its replications. `files` is how many files of claims
/// there are: a second reading holds over all of them together (Bonferroni over files).
pub fn results(study: &Study, kept: &[MetricRow], files: usize) -> Vec<ClaimResult> {
    let claims = asked(study);
    let sides: Vec<Sides> = claims.iter().map(|(_, claim)| Sides::of(study, kept, claim)).collect();
    let family: Vec<Comparison<'_>> =
        sides.iter().zip(&claims).map(|(sides, (_, claim))| sides.comparison(claim)).collect();
    if family.is_empty() {
        return Vec::new();
    }
    let level = study.scenario.judge.level.fraction();
    let resampling = Resampling::seeded(study.scenario.seed);
    let judged = |level: f64| {
        // Ratios have intervals of their own: each takes its part of what may err, and the others the rest.
        let part = (1.0 - level) / family.len() as f64;
        let ratios = sides.iter().filter(|sides| sides.added.is_some()).count();
        let rest = if ratios < family.len() { level + part * ratios as f64 } else { level };
        let found = compare(&family, rest, resampling);
        let told = |(found, sides): (PairedDifference, &Sides)| match &sides.added {
            Some(added) => added.told(found, 1.0 - part),
            None => found,
        };
        found.into_iter().zip(&sides).map(told).collect::<Vec<_>>()
    };
    let (within, over_all) = (judged(level), judged(1.0 - (1.0 - level) / files.max(1) as f64));
    let all = claims.iter().zip(&sides).zip(within.iter().zip(&over_all));
    all.map(|(((number, claim), sides), (within, over_all))| {
        let mut result = result(study, claim, sides, within);
        result.number = *number;
        result.over_all = finding(claim, over_all);
        result
    })
    .collect()
}

/// The two columns that a claim compares, by replication, and what they are called.
struct Sides {
    better: (String, Seen),
    than: (String, Seen),
    /// Where the claim is about value per added cost: what it is a ratio of.
    added: Option<Added>,
}

impl Sides {
    fn of(study: &Study, kept: &[MetricRow], claim: &ClaimTable) -> Sides {
        if let Some(added) = Added::of(study, kept, claim) {
            let [value, due] = added.sides();
            let (name, than) = (claim.better.clone().unwrap_or_default(), number(claim));
            return Sides { better: (name, value), than: (than, due), added: Some(added) };
        }
        let measure = metric(&claim.measure);
        let picks = claim.picks();
        let named = |name: &str| {
            let at = study.timelines.iter().position(|timeline| timeline.name == name).unwrap_or(0);
            (name.to_owned(), judged(kept, at, measure, picks))
        };
        let picked = |words: &str| {
            let at = pick(study, kept, metric(words));
            let name = format!("{} (picked by {words})", study.timelines[at].name);
            (name, judged(kept, at, measure, picks))
        };
        let better = match (&claim.better, &claim.picked_by) {
            (Some(name), _) => named(name),
            (None, words) => picked(words.as_deref().unwrap_or(&claim.measure)),
        };
        let than = match (&claim.than, &claim.than_picked_by, claim.than_value) {
            _ if !claim.than_sum_of.is_empty() => {
                let parts: Vec<_> = claim.than_sum_of.iter().map(|name| named(name)).collect();
                sum_of_gains(&judged(kept, 0, measure, picks), parts)
            }
            (Some(name), ..) => named(name),
            (None, Some(words), _) => picked(words),
            (None, None, value) => {
                let value = value.unwrap_or(f64::NAN);
                (number(claim), Seen::known(vec![value; kept.len()]))
            }
        };
        Sides { better, than, added: None }
    }

    fn comparison(&self, claim: &ClaimTable) -> Comparison<'_> {
        let direction = match claim.direction {
            ClaimDirection::Lower => Direction::LowerIsBetter,
            ClaimDirection::Higher | ClaimDirection::None => Direction::HigherIsBetter,
        };
        Comparison { policy: &self.better.1, baseline: &self.than.1, direction }
    }
}

/// What a number that a policy is compared with is called.
fn number(claim: &ClaimTable) -> String {
    format!("the number {}", claim.than_value.unwrap_or(f64::NAN))
}

/// What the baseline would come to, replication by replication, if it gained what each of these policies gains alone.
/// Measures that may lie beyond the window are refused for it: a sum of differences of bounds is no bound.
fn sum_of_gains(baseline: &Seen, parts: Vec<(String, Seen)>) -> (String, Seen) {
    let at = |replication: usize| {
        let gains = parts.iter().map(|(_, part)| part.values[replication] - baseline.values[replication]);
        baseline.values[replication] + gains.sum::<f64>()
    };
    let sums = Seen::known((0..baseline.values.len()).map(at).collect());
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    (format!("the gains of {} added up", names.join(", ")), sums)
}

fn metric(words: &str) -> usize {
    metrics::find(words).expect("the claims' metrics were checked")
}

/// What a claim is judged by: every replication, or only the odd ones where the even ones have picked.
fn judged(kept: &[MetricRow], timeline: usize, metric: usize, picks: bool) -> Seen {
    let mut seen = column(kept, timeline, metric);
    if picks {
        let even = kept.iter().enumerate().filter(|(_, (number, _))| number % 2 == 0);
        even.for_each(|(at, _)| seen.forget(at));
    }
    seen
}

/// The timeline with the best mean of a metric in the even replications; the first of equals.
fn pick(study: &Study, kept: &[MetricRow], metric: usize) -> usize {
    let sign = METRICS[metric].better.unwrap_or(Direction::HigherIsBetter).sign();
    let mut best = (0, f64::NEG_INFINITY);
    for timeline in 0..study.timelines.len() {
        let mut even = column(kept, timeline, metric);
        let odd = kept.iter().enumerate().filter(|(_, (number, _))| number % 2 == 1);
        odd.for_each(|(at, _)| even.forget(at));
        // What lies beyond the window in some replication has no mean to be picked by.
        let gain = if even.count_beyond() > 0 { f64::NAN } else { mean(&present(&even.values)) * sign };
        if gain > best.1 {
            best = (timeline, gain);
        }
    }
    best.0
}

/// Reads the word: a claim of no difference is supported where the difference is too small to matter.
fn finding(claim: &ClaimTable, difference: &PairedDifference) -> Finding {
    let verdict = difference.verdict(Margin::Relative(claim.smallest_difference.fraction()));
    match (verdict, claim.direction) {
        (Verdict::CannotTell | Verdict::BeyondWindow, _) => Finding::CannotTell,
        (Verdict::PracticallySame, ClaimDirection::None) => Finding::Supported,
        (Verdict::Better | Verdict::Worse, ClaimDirection::None) => Finding::Refuted,
        (Verdict::PracticallySame, _) => Finding::PracticallySame,
        (Verdict::Better, _) => Finding::Supported,
        (Verdict::Worse, _) => Finding::Refuted,
    }
}

fn result(study: &Study, claim: &ClaimTable, sides: &Sides, difference: &PairedDifference) -> ClaimResult {
    // A ratio of additions has the unit and the direction of the ratio of the whole.
    let ratio = claim.is_per_added_cost();
    let measure = &METRICS[metric(if ratio { "value per cost" } else { &claim.measure })];
    let frame = frame(study, 0, RunInfo::fixed(0, false));
    ClaimResult {
        file: frame.name,
        number: 1,
        on: study.typical().unwrap_or_default().to_owned(),
        hash: frame.hash,
        seed: frame.seed,
        horizon: frame.horizon,
        tags: claim.tags.join(" "),
        source: claim.source.clone(),
        statement: claim.statement.clone(),
        better: sides.better.0.clone(),
        than: sides.than.0.clone(),
        measure: if ratio { claim.measure.clone() } else { measure.title.to_owned() },
        unit: unit(&study.scenario, measure.unit),
        more_is_better: measure.better != Some(Direction::LowerIsBetter),
        expected: match claim.direction {
            ClaimDirection::Lower => Expected::Lower,
            ClaimDirection::Higher => Expected::Higher,
            ClaimDirection::None => Expected::None,
        },
        smallest: claim.smallest_difference.fraction(),
        better_mean: difference.policy_mean,
        than_mean: difference.baseline_mean,
        difference: difference.simultaneous,
        relative: difference.simultaneous_relative,
        wins: difference.wins.share,
        finding: finding(claim, difference),
        over_all: Finding::CannotTell,
        inputs: claim.inputs.join(" "),
        follows_from: claim.follows_from.clone(),
        note: claim.note.clone(),
        tried: 0,
        turns: String::new(),
        worlds: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 20 alone gives 3, 4 or nothing, so 27 is what they add up to in the first replication; in the second one part is
    /// lost.
    #[test]
    fn gains_add_up_replication_by_replication() {
        let part = |name: &str, values: [f64; 2]| (name.to_owned(), Seen::known(values.to_vec()));
        let parts = vec![part("a", [23.0, 9.0]), part("b", [24.0, 11.0]), part("c", [20.0, f64::NAN])];
        let (name, sums) = sum_of_gains(&Seen::known(vec![20.0, 10.0]), parts);
        assert_eq!((name.as_str(), sums.values[0]), ("the gains of a, b, c added up", 27.0));
        assert!(sums.values[1].is_nan(), "a life in which a part is missing is not judged");
    }
}
