//! Waste in words: what a policy's levers can address, and whether that could matter.

use super::findings::named;
use super::words;
use experiment::summary::unit::Unit;
use experiment::summary::{Addressed, Against, LostShare, Policy, Summary};
use statistics::verdict::Verdict;

/// What is said of a policy that makes no difference that matters, and whose levers could not have made one.
const CANNOT_MATTER: &str = "cannot matter here";

/// What the shares of hours are of.
const HOURS: &str = "of all hours";

/// The word of a comparison by the objective.
pub fn word(summary: &Summary, against: &Against) -> &'static str {
    match against.judged[0].verdict {
        Verdict::PracticallySame if against.cannot_matter(summary.frame.smallest) => CANNOT_MATTER,
        verdict => words::verdict(verdict),
    }
}

/// What the levers of each policy can address.
pub fn sentences(summary: &Summary) -> Vec<String> {
    let said = |(policy, against): (&Policy, &Against)| {
        // A difference that is shown speaks for itself.
        if matches!(against.judged[0].verdict, Verdict::Better | Verdict::Worse) {
            return None;
        }
        let objective = &summary.objective().title;
        Some(sentence(&named(policy), against.addressed.as_ref()?, objective, summary.frame.smallest))
    };
    summary.compared().filter_map(said).collect()
}

/// "“x” can address questions: 0.21 % of all hours. …"
pub fn sentence(policy: &str, addressed: &Addressed, objective: &str, smallest: f64) -> String {
    let waste = |lost: &LostShare| match (lost.share > 0.0, lost.of) {
        (true, of) => format!("{} ({} {of})", lost.what, words::value(lost.share, &Unit::SHARE)),
        (false, HOURS) => format!("{} (no hours at all)", lost.what),
        (false, of) => format!("{} (nothing {of})", lost.what),
    };
    let wastes = words::list(&addressed.wastes.iter().map(waste).collect::<Vec<_>>());
    let Some(bound) = addressed.bound else {
        // A size is no bound: what else a lever does is not in it.
        let is_hours = addressed.wastes.iter().all(|lost| lost.of == HOURS);
        let end = if is_hours {
            ""
        } else {
            "; how much of that it gets back, and what it does besides, is not bounded by this"
        };
        return format!("{policy} can address {wastes}{end}.");
    };
    let end = match addressed.is_too_little(smallest) {
        true => {
            format!(", less than the {} that matter: no gain from it can matter here", words::level(smallest))
        }
        false => String::new(),
    };
    let brings = match bound > 0.0 {
        true => format!("would change {objective} by at most {}", words::value(bound, &Unit::SHARE)),
        false => return format!("{policy} can address {wastes}: no gain from it can matter here."),
    };
    format!("{policy} can address {wastes}. Getting all of it back {brings}{end}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_little_is_said_to_be() {
        let addressed = |share, bound| Addressed {
            wastes: vec![LostShare { what: "questions", share, of: HOURS }],
            bound,
        };
        let said = |addressed: &Addressed| sentence("“a”", addressed, "value", 0.05);
        assert_eq!(
            said(&addressed(0.0021, Some(0.0091))),
            "“a” can address questions (0.21 % of all hours). Getting all of it back would change value by at most 0.91 %, \
             less than the 5 % that matter: no gain from it can matter here."
        );
        assert_eq!(
            said(&addressed(0.1, Some(0.4))),
            "“a” can address questions (10.0 % of all hours). Getting all of it back would change value by at most 40.0 %."
        );
        assert_eq!(said(&addressed(0.1, None)), "“a” can address questions (10.0 % of all hours).");
        assert_eq!(
            said(&addressed(0.0, Some(0.0))),
            "“a” can address questions (no hours at all): no gain from it can matter here."
        );
        let lost = |what, share, of| LostShare { what, share, of };
        let wastes = vec![lost("harm", 0.022, "of gross value"), lost("work done again", 0.0, "of all work")];
        let sized = Addressed { wastes, bound: None };
        assert_eq!(
            said(&sized),
            "“a” can address harm (2.20 % of gross value) and work done again (nothing of all work); how much of that it gets back, \
             and what it does besides, is not bounded by this."
        );
        assert!(!sized.is_too_little(1.0), "a size decides nothing");
    }
}
