//! The headline of a comparison: one sentence that never says another thing than the table of verdicts below it.

use super::findings::{effect, named};
use super::{horizon, words};
use experiment::summary::{Against, Judged, Policy, Summary};
use statistics::verdict::{Direction, Guardrail, Lean, Verdict};

/// A policy with its comparison.
type Compared<'a> = (&'a Policy, &'a Against);

/// The one sentence of a comparison: which policy, by how much, or why that can't be told.
pub fn headline(summary: &Summary) -> String {
    let metric = &summary.objective().title;
    let best = summary.best();
    if let Some(better) = winner(summary) {
        return wins(summary, better, best.map_or(better.0, |best| best.0));
    }
    let Some(best) = best else {
        return match (worst(summary), said(summary, Verdict::BeyondWindow).next()) {
            (Some(_), _) => nothing_beats(summary),
            (None, Some(_)) => beyond(summary),
            (None, None) => format!("There is nothing to compare in {metric}"),
        };
    };
    if summary.compared().all(|(_, against)| is_idle(against)) {
        return idle(summary, best.0);
    }
    match (best.1.judged[0].verdict, best.1.judged[0].difference.lean()) {
        (Verdict::PracticallySame, _) => same(summary, best),
        (_, Lean::Good) => leans(summary, best),
        (Verdict::BeyondWindow, _) if said(summary, Verdict::Worse).next().is_none() => beyond(summary),
        _ if said(summary, Verdict::Worse).next().is_some() => nothing_beats(summary),
        (_, Lean::Bad) => all_lean_bad(summary),
        _ => nothing_known(summary),
    }
}

/// The comparisons that a word was said of.
fn said(summary: &Summary, word: Verdict) -> impl Iterator<Item = Compared<'_>> {
    summary.compared().filter(move |(_, against)| against.judged[0].verdict == word)
}

/// The policies that are shown to be behind, whether or not by what matters.
fn behind(summary: &Summary) -> impl Iterator<Item = Compared<'_>> {
    summary.compared().filter(|(_, against)| against.judged[0].difference.lean() == Lean::Bad)
}

/// Of the policies shown to be behind by an amount that may matter, the one that looks worst.
fn furthest_behind(summary: &Summary) -> Option<Compared<'_>> {
    behind(summary)
        .filter(|(_, against)| against.judged[0].verdict == Verdict::CannotTell)
        .min_by(|(_, a), (_, b)| gain(a).total_cmp(&gain(b)))
}

/// How much better a policy looks, turned so that more is good.
fn gain(against: &Against) -> f64 {
    against.judged[0].difference.gain()
}

/// Of the policies shown to be better, the one that looks best.
fn winner(summary: &Summary) -> Option<Compared<'_>> {
    said(summary, Verdict::Better).max_by(|(_, a), (_, b)| gain(a).total_cmp(&gain(b)))
}

fn wins(summary: &Summary, (policy, against): Compared<'_>, best: &Policy) -> String {
    let also = if policy.name == best.name {
        String::new()
    } else {
        format!("; {} may do better, but that can’t be told yet", named(best))
    };
    format!("{} {}{}{also}", named(policy), effect(summary, &against.judged[0]), but(summary, against))
}

/// Whether every replication came out the same as under the baseline.
fn is_idle(against: &Against) -> bool {
    against.judged[0].difference.never_differs()
}

fn idle(summary: &Summary, best: &Policy) -> String {
    let metric = &summary.objective().title;
    match summary.compared().count() {
        1 => format!("{} makes no difference to {metric} in any replication", named(best)),
        _ => format!("No policy makes a difference to {metric} in any replication"),
    }
}

/// What looks best is shown to be too small to matter.
fn same(summary: &Summary, best: Compared<'_>) -> String {
    let metric = &summary.objective().title;
    let count = summary.compared().count();
    if count > 1 && said(summary, Verdict::PracticallySame).count() == count {
        let most = summary.compared().map(|(_, against)| bound(against)).fold(0.0, f64::max);
        return format!("No policy makes a difference to {metric} that matters: at most {}", at_most(most));
    }
    let others = match worst(summary) {
        Some((worst, against)) => {
            format!(
                "; {} {}{}",
                named(worst),
                effect(summary, &against.judged[0]),
                self::but(summary, against)
            )
        }
        None if count > 1 => "; no other policy is shown to be better".to_owned(),
        None => String::new(),
    };
    let but = but(summary, best.1);
    if best.1.cannot_matter(summary.frame.smallest) {
        return format!("{} cannot matter to {metric} here{but}{others}", named(best.0));
    }
    let most = at_most(bound(best.1));
    format!("{} makes practically no difference to {metric}: at most {most}{but}{others}", named(best.0))
}

/// What looks best is shown to be good, but not by as much as matters.
fn leans(summary: &Summary, (best, against): Compared<'_>) -> String {
    let judged = &against.judged[0];
    let (smallest, but) = (words::level(summary.frame.smallest), but(summary, against));
    let direction = direction_of(summary, judged);
    let known = match judged.verdict {
        Verdict::BeyondWindow => "cannot be known within this horizon",
        _ => "can’t be told yet",
    };
    format!("{} {direction}, but whether by as much as {smallest} {known}{but}", named(best))
}

/// "No policy beats “status quo”; “x” lowers value by 12 % (−3.1 engineer-months of cost)".
fn nothing_beats(summary: &Summary) -> String {
    let baseline = named(summary.baseline());
    let Some((worst, against)) = worst(summary) else { return format!("No policy beats {baseline}") };
    let effect = format!("{} {}{}", named(worst), effect(summary, &against.judged[0]), but(summary, against));
    if summary.compared().count() == 1 {
        return effect;
    }
    // Where what can't be told yet is shown to be harm at least, nothing is left that might beat the baseline.
    let mut open = said(summary, Verdict::CannotTell).chain(said(summary, Verdict::BeyondWindow));
    match open.any(|(_, against)| against.judged[0].difference.lean() != Lean::Bad) {
        true => format!("No policy is shown to beat {baseline}; {effect}"),
        false => format!("No policy beats {baseline}; {effect}"),
    }
}

/// What looks best is shown to be harm, though nobody is shown to do harm that matters.
fn all_lean_bad(summary: &Summary) -> String {
    let count = summary.compared().count();
    let smallest = words::level(summary.frame.smallest);
    let Some((policy, against)) = furthest_behind(summary) else { return nothing_known(summary) };
    let direction = direction_of(summary, &against.judged[0]);
    match behind(summary).count() == count {
        true if count == 1 => {
            format!("{} {direction}, but whether by as much as {smallest} can’t be told yet", named(policy))
        }
        true => format!(
            "Every policy {direction}, but whether any does by as much as {smallest} can’t be told yet"
        ),
        false => some_behind(summary, policy, &direction),
    }
}

fn some_behind(summary: &Summary, policy: &Policy, direction: &str) -> String {
    let (baseline, smallest) = (named(summary.baseline()), words::level(summary.frame.smallest));
    let name = named(policy);
    format!(
        "No policy is shown to beat {baseline}; {name} {direction}, but whether by as much as {smallest} can’t be told yet"
    )
}

/// Nobody's sign is shown, at least of those that look best.
fn nothing_known(summary: &Summary) -> String {
    let metric = &summary.objective().title;
    match furthest_behind(summary) {
        Some((policy, against)) => some_behind(summary, policy, &direction_of(summary, &against.judged[0])),
        _ if said(summary, Verdict::PracticallySame).next().is_some() => {
            format!(
                "No policy is shown to change {metric} by as much as {}",
                words::level(summary.frame.smallest)
            )
        }
        _ => format!("No difference in {metric} can be told yet"),
    }
}

/// What is compared lies beyond the window, so that no number of replications tells.
fn beyond(summary: &Summary) -> String {
    let unknown = said(summary, Verdict::BeyondWindow).count();
    let metric = &summary.objective().title;
    let open = match unknown == summary.compared().count() {
        true => format!("No difference in {metric} can be known within this horizon"),
        false => format!(
            "What {} to {metric} cannot be known within this horizon",
            if unknown == 1 { "one policy does" } else { "some policies do" }
        ),
    };
    format!("{open}: it lies beyond the window in some replications; watch longer")
}

/// "; but it hurts change failure rate and is behind with what comes after the horizon counted": at what price, and how far the word holds.
fn but(summary: &Summary, against: &Against) -> String {
    let hurt = against.judged[1..].iter().filter(|judged| judged.guardrail == Guardrail::Hurt);
    let hurt: Vec<String> = hurt.map(|judged| summary.metrics[judged.metric].title.to_owned()).collect();
    let hurts = (!hurt.is_empty()).then(|| format!("hurts {}", words::list(&hurt)));
    let turns = horizon::later(summary, against).into_iter().chain(otherwise(summary, against));
    let turns: Vec<String> = turns.collect();
    // Harm is no contrast to what is worse already.
    let is_worse = against.judged[0].verdict == Verdict::Worse;
    match (hurts, turns.is_empty()) {
        (None, true) => String::new(),
        (Some(hurts), true) if is_worse => format!("; it {hurts}"),
        (Some(hurts), false) if is_worse => format!("; it {hurts}, but {}", words::list(&turns)),
        (hurts, _) => {
            let parts: Vec<String> = hurts.into_iter().chain(turns).collect();
            format!("; but it {}", words::list(&parts))
        }
    }
}

/// "can't be told by value less debt": where another way to count value does not bear a shown difference out.
fn otherwise(summary: &Summary, against: &Against) -> Option<String> {
    let main = against.judged[0].verdict;
    if !matches!(main, Verdict::Better | Verdict::Worse) {
        return None;
    }
    let other = against.readings.iter().filter(|judged| judged.verdict != main);
    let titles: Vec<String> = other.map(|judged| summary.metrics[judged.metric].title.clone()).collect();
    (!titles.is_empty()).then(|| format!("is not shown to be so by {}", words::list(&titles)))
}

/// The policy shown to be worst, if one is shown to be worse.
fn worst(summary: &Summary) -> Option<Compared<'_>> {
    said(summary, Verdict::Worse).min_by(|(_, a), (_, b)| gain(a).total_cmp(&gain(b)))
}

fn direction_of(summary: &Summary, judged: &Judged) -> String {
    let title = &summary.metrics[judged.metric].title;
    format!("{} {title}", words::verb(judged.difference.difference.mean))
}

/// The largest relative difference that the interval leaves possible.
fn bound(against: &Against) -> f64 {
    let difference = &against.judged[0].difference;
    let interval = &difference.simultaneous_relative;
    let (bad, good) = match difference.direction {
        Direction::HigherIsBetter => (interval.low, interval.high),
        Direction::LowerIsBetter => (interval.high, interval.low),
    };
    let most = against.addressed.as_ref().and_then(|addressed| addressed.bound).unwrap_or(f64::INFINITY);
    bad.abs().max(good.abs().min(most))
}

/// A bound in per cent, never rounded towards zero.
fn at_most(bound: f64) -> String {
    words::level((bound * 1000.0 - 1e-6).ceil().max(1.0) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use experiment::summary::unit::Unit;
    use experiment::summary::{Assumptions, Frame, MetricText};
    use statistics::interval::{Estimate, Share};
    use statistics::paired::PairedDifference;
    use statistics::seen::Beyond;
    use statistics::verdict::verdict;

    fn value() -> MetricText {
        MetricText {
            name: "value_months",
            title: "value".to_owned(),
            unit: Unit::of_value(None),
            better: Some(Direction::HigherIsBetter),
            definition: "",
        }
    }

    /// The headline over policies "a", "b", … whose relative differences have these intervals, in per cent of a
    /// baseline of 100, where 5 % matters.
    fn of(intervals: &[(f64, f64)]) -> String {
        let mut policies = vec![policy("now", None)];
        for (name, (low, high)) in ["a", "b", "c"].into_iter().zip(intervals) {
            policies.push(policy(name, Some(against(*low, *high))));
        }
        headline(&Summary { policies, ..empty() })
    }

    fn empty() -> Summary {
        Summary {
            frame: frame(),
            metrics: vec![value()],
            columns: Vec::new(),
            policies: Vec::new(),
            objective: 0,
            guardrails: Vec::new(),
            readings: Vec::new(),
            causes: Vec::new(),
            lever: None,
            trends: Vec::new(),
            assumptions: Assumptions::default(),
        }
    }

    fn frame() -> Frame {
        Frame {
            title: String::new(),
            description: String::new(),
            name: String::new(),
            hash: String::new(),
            seed: 0,
            overloads: Vec::new(),
            policies: 2,
            organisation: String::new(),
            posterior: String::new(),
            baseline: "now".to_owned(),
            horizon: String::new(),
            past: String::new(),
            worth: Unit::of_value(None),
            has_value: true,
            weeks: 52.0,
            start: None,
            month: 4.2,
            weeks_apart: 1,
            dora: [None; 4],
            level: 0.95,
            smallest: 0.05,
            asked: 50,
            completed: 50,
            stopped: false,
            precision: None,
        }
    }

    fn policy(name: &str, against: Option<Against>) -> Policy {
        Policy {
            name: name.to_owned(),
            description: None,
            own_past: false,
            changes: Vec::new(),
            completed: 50,
            overran: 0,
            failed: 0,
            estimates: Vec::new(),
            outcomes: Vec::new(),
            percentiles: Vec::new(),
            weekly: Vec::new(),
            against,
        }
    }

    fn against(low: f64, high: f64) -> Against {
        let estimate = |by: f64| Estimate {
            mean: by * 0.5 * (low + high),
            low: by * low,
            high: by * high,
            level: 0.95,
            n: 50,
            beyond: 0,
        };
        let (absolute, relative) = (estimate(1.0), estimate(0.01));
        let nothing = low == 0.0 && high == 0.0;
        let difference = PairedDifference {
            direction: Direction::HigherIsBetter,
            baseline_mean: 100.0,
            policy_mean: 100.0 + absolute.mean,
            difference: absolute,
            relative,
            simultaneous: absolute,
            simultaneous_relative: relative,
            at_least: None,
            n: 50,
            dropped: 0,
            beyond: Beyond::default(),
            wins: Share::wilson(25, 50, 0.95),
            ties: if nothing { 50 } else { 0 },
            correlation: 0.5,
            variance_ratio: 2.0,
            control_gain: 1.0,
        };
        let verdict = verdict(&relative, Direction::HigherIsBetter, 0.05);
        let judged = Judged { metric: 0, difference, verdict, guardrail: Guardrail::Unhurt };
        Against {
            judged: vec![judged],
            readings: Vec::new(),
            explored: Vec::new(),
            per_added_cost: None,
            addressed: None,
            trajectory: None,
            with_run_off: None,
        }
    }

    #[test]
    fn what_is_shown_to_be_better_comes_first() {
        assert_eq!(
            of(&[(6.0, 10.0), (-1.0, 1.0)]),
            "“a” raises value by 8.0 % (+8.00 engineer-months of cost)"
        );
        assert_eq!(
            of(&[(6.0, 10.0), (-10.0, 40.0)]),
            "“a” raises value by 8.0 % (+8.00 engineer-months of cost); “b” may do better, but that can’t be told yet"
        );
    }

    #[test]
    fn what_is_practically_the_same_is_called_so_whichever_way_it_leans() {
        for interval in [(1.0, 2.11), (-1.0, 2.11), (-2.11, -1.0)] {
            assert_eq!(of(&[interval]), "“a” makes practically no difference to value: at most 2.2 %");
        }
        assert_eq!(
            of(&[(1.0, 2.0), (-3.0, 1.0)]),
            "No policy makes a difference to value that matters: at most 3 %"
        );
        assert_eq!(
            of(&[(1.0, 2.0), (-9.0, -6.0)]),
            "“a” makes practically no difference to value: at most 2 %; “b” lowers value by 7.5 % (−7.50 engineer-months of cost)"
        );
        assert_eq!(
            of(&[(1.0, 2.0), (-9.0, 7.0)]),
            "“a” makes practically no difference to value: at most 2 %; no other policy is shown to be better"
        );
    }

    #[test]
    fn what_never_differs_is_told_from_what_differs_little() {
        assert_eq!(of(&[(0.0, 0.0)]), "“a” makes no difference to value in any replication");
        assert_eq!(of(&[(0.0, 0.0), (0.0, 0.0)]), "No policy makes a difference to value in any replication");
    }

    #[test]
    fn a_shown_sign_is_told_before_its_size_is() {
        assert_eq!(of(&[(1.0, 9.0)]), "“a” raises value, but whether by as much as 5 % can’t be told yet");
        assert_eq!(of(&[(-9.0, -1.0)]), "“a” lowers value, but whether by as much as 5 % can’t be told yet");
        assert_eq!(
            of(&[(-9.0, -1.0), (-8.0, -2.0)]),
            "Every policy lowers value, but whether any does by as much as 5 % can’t be told yet"
        );
        assert_eq!(
            of(&[(-9.0, -1.0), (-4.0, 3.0), (-7.0, 8.0)]),
            "No policy is shown to beat “now”; “a” lowers value, but whether by as much as 5 % can’t be told yet"
        );
    }

    #[test]
    fn harm_that_matters_is_told_where_nothing_is_gained() {
        assert_eq!(of(&[(-9.0, -6.0)]), "“a” lowers value by 7.5 % (−7.50 engineer-months of cost)");
        assert_eq!(
            of(&[(-9.0, -6.0), (-9.0, -1.0)]),
            "No policy beats “now”; “a” lowers value by 7.5 % (−7.50 engineer-months of cost)"
        );
        assert_eq!(
            of(&[(-9.0, -6.0), (-9.0, 8.0)]),
            "No policy is shown to beat “now”; “a” lowers value by 7.5 % (−7.50 engineer-months of cost)"
        );
    }

    /// The headline where these sides of a policy and of the baseline lie beyond the window.
    fn beyond_window(policy: usize, baseline: usize, verdict: Verdict) -> String {
        let mut against = against(-90.0, -88.0);
        let judged = &mut against.judged[0];
        let beyond = Beyond { policy, baseline };
        judged.difference.direction = Direction::LowerIsBetter;
        judged.difference.beyond = beyond;
        judged.difference.difference = beyond.bound(judged.difference.difference);
        judged.difference.simultaneous = beyond.bound(judged.difference.simultaneous);
        judged.verdict = verdict;
        headline(&Summary {
            policies: vec![self::policy("now", None), self::policy("a", Some(against))],
            ..empty()
        })
    }

    #[test]
    fn what_lies_beyond_the_window_is_said_to() {
        let unknown = "No difference in value can be known within this horizon: it lies beyond the window in some \
                       replications; watch longer";
        assert_eq!(beyond_window(50, 50, Verdict::BeyondWindow), unknown);
        assert_eq!(beyond_window(3, 0, Verdict::BeyondWindow), unknown);
        assert_eq!(
            beyond_window(0, 50, Verdict::BeyondWindow),
            "“a” lowers value, but whether by as much as 5 % cannot be known within this horizon"
        );
        assert_eq!(
            beyond_window(0, 50, Verdict::Better),
            "“a” lowers value by at least 89 % (−89.0 engineer-months of cost)"
        );
    }

    #[test]
    fn what_is_open_stays_open() {
        assert_eq!(of(&[(-9.0, 9.0)]), "No difference in value can be told yet");
        assert_eq!(of(&[]), "There is nothing to compare in value");
        assert_eq!(of(&[(-9.0, 9.0), (-4.0, 3.0)]), "No policy is shown to change value by as much as 5 %");
    }
}
