//! Findings as a leader reads them: what holds nearly everywhere, what depends and on what, and what cannot be said.

use super::{effect, word, worlds};
use crate::table::{escaped, wrapped};
use crate::words;
use experiment::summary::claims::{ClaimResult, Finding, Standing};

/// One claim, in each of the typical organisations in which it was judged.
pub struct Judged<'a> {
    pub results: Vec<&'a ClaimResult>,
}

/// What all that was run says of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Holds,
    /// Nearly nowhere; true where the opposite holds in most of them.
    Fails(bool),
    Depends,
    CannotTell,
}

/// Claims with what they came to in each typical organisation, in the order of the record.
pub fn judged(claims: &[ClaimResult]) -> Vec<Judged<'_>> {
    let mut all: Vec<Judged<'_>> = Vec::new();
    for claim in claims {
        let same = |judged: &&mut Judged<'_>| {
            let first = judged.results[0];
            (&first.file, first.number) == (&claim.file, claim.number)
        };
        match all.iter_mut().find(same) {
            Some(judged) => judged.results.push(claim),
            None => all.push(Judged { results: vec![claim] }),
        }
    }
    all
}

/// The verdict over plausible organisations, or where none were asked that of the file's own.
fn standing(claim: &ClaimResult) -> Option<Standing> {
    match (&claim.worlds, claim.finding) {
        (Some(over), _) if over.varied > 0 => over.standing(),
        (_, Finding::Supported) => Some(Standing::Supported),
        (_, Finding::Refuted | Finding::PracticallySame) => Some(Standing::Refuted),
        (_, Finding::CannotTell) => None,
    }
}

/// Whether the opposite of a claim holds in more than half of what was run.
fn is_opposite(claim: &ClaimResult) -> bool {
    match &claim.worlds {
        Some(over) if over.varied > 0 => over.opposite * 2.0 > over.holds.organisations as f64,
        _ => claim.finding == Finding::Refuted,
    }
}

impl Judged<'_> {
    fn first(&self) -> &ClaimResult {
        self.results[0]
    }

    fn answer(&self) -> Answer {
        let standings: Vec<Option<Standing>> = self.results.iter().map(|claim| standing(claim)).collect();
        let all = |wanted: Standing| standings.iter().all(|standing| *standing == Some(wanted));
        if standings.contains(&None) {
            Answer::CannotTell
        } else if all(Standing::Supported) {
            Answer::Holds
        } else if all(Standing::Refuted) {
            Answer::Fails(self.results.iter().all(|claim| is_opposite(claim)))
        } else {
            Answer::Depends
        }
    }

    /// Whether the typical organisations are not of one mind about it.
    fn differs(&self) -> bool {
        let verdict =
            |claim: &ClaimResult| (standing(claim), claim.worlds.is_none().then_some(claim.finding));
        self.results.iter().any(|claim| verdict(claim) != verdict(self.first()))
    }

    /// "In typical: supported, +12 %, in 150 of 180 organisations. In typical-medium: ...".
    fn numbers(&self, with_turns: bool) -> String {
        let one = |claim: &&ClaimResult| {
            let place = if claim.on.is_empty() { "its own organisation" } else { &claim.on };
            let mut text = format!("In {place}: {}, {}", word(claim.finding), effect(claim));
            if let Some(over) = claim.worlds.as_ref().filter(|over| over.holds.organisations > 0) {
                text.push_str(&format!("; holds in {} organisations", worlds::holds(&over.holds)));
                if with_turns && !over.turns.is_empty() {
                    text.push_str(&format!("; {}", over.turns));
                }
            }
            text + ". "
        };
        self.results.iter().map(one).collect()
    }

    fn bullet(&self, with_turns: bool) -> String {
        let first = self.first();
        let follows = match first.follows_from.as_str() {
            "" => String::new(),
            from => format!("Follows from an assumption: {}. ", escaped(from)),
        };
        let differs = if self.differs() { "The two organisations differ. " } else { "" };
        let text = format!(
            "**{}** ({}) {differs}{follows}{}",
            escaped(&first.statement),
            escaped(&first.tags),
            escaped(&self.numbers(with_turns))
        );
        format!("* {}", wrapped(&text, 110, "  ").trim_start())
    }
}

/// What the parts are called and say first, in the order of the page.
const PARTS: [(&str, &str); 5] = [
    (
        "What holds nearly everywhere",
        "In nine of ten plausible organisations or more, of each kind that was asked.",
    ),
    (
        "What holds nearly everywhere the other way round",
        "The claim holds in one of ten organisations or fewer, and in most of them its opposite does.",
    ),
    (
        "What makes no difference that matters, nearly everywhere",
        "The claim holds in one of ten organisations or fewer, mostly since the difference is too small to matter.",
    ),
    (
        "What depends, and on what",
        "It holds in some plausible organisations and not in others. Where one or two conditions tell them apart, they are \
         named; “no border found” is that none do.",
    ),
    (
        "What the tool cannot say",
        "Too few replications, nothing to draw, or no organisation in which it can be compared.",
    ),
];

/// Said at the end of the last part, whatever was run.
const LIMITS: &str = "Beyond these claims, it cannot say what an organisation outside the ranges does, whether a person or a product is good, what \
     a market pays, or what people do who know that they are measured. Most ranges are assumed, and each is drawn \
     independently of all but the few that are drawn together: a share of organisations is no probability.";

fn part(answer: Answer) -> usize {
    match answer {
        Answer::Holds => 0,
        Answer::Fails(true) => 1,
        Answer::Fails(false) => 2,
        Answer::Depends => 3,
        Answer::CannotTell => 4,
    }
}

/// The parts of the page that a leader reads.
pub fn parts(claims: &[ClaimResult]) -> String {
    let all = judged(claims);
    let mut page = String::new();
    for (at, (title, words)) in PARTS.iter().enumerate() {
        let mut here: Vec<&Judged<'_>> = all.iter().filter(|claim| part(claim.answer()) == at).collect();
        let last = at + 1 == PARTS.len();
        if here.is_empty() && !last {
            continue;
        }
        // What follows from an assumption says least, and comes last.
        here.sort_by_key(|claim| !claim.first().follows_from.is_empty());
        page.push_str(&format!("\n## {title}\n\n"));
        if !here.is_empty() {
            page.push_str(&format!("{}\n", wrapped(words, 110, "")));
        }
        here.iter().for_each(|claim| page.push_str(&claim.bullet(at == 3)));
        if last {
            page.push_str(&format!(
                "{}{}",
                if here.is_empty() { "" } else { "\n" },
                wrapped(LIMITS, 110, "")
            ));
        }
    }
    page
}

/// Where the typical organisations are not of one mind, in a sentence; nothing where no claim was judged in both.
pub fn difference(claims: &[ClaimResult]) -> Option<String> {
    let all = judged(claims);
    let both = all.iter().filter(|claim| claim.results.len() > 1);
    let (mut asked, mut differing) = (0, Vec::new());
    for claim in both {
        asked += 1;
        if claim.differs() {
            differing.push(format!(
                "{} ({} {})",
                claim.first().tags,
                claim.first().file,
                claim.first().number
            ));
        }
    }
    if asked == 0 {
        return None;
    }
    let count = words::count(asked, "claim was", "claims were");
    let named = if differing.is_empty() { String::new() } else { format!(": {}", words::list(&differing)) };
    Some(format!(
        "{count} judged in both typical organisations, and the verdicts differ in {}{named}.",
        differing.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use experiment::summary::claims::Expected;
    use experiment::summary::unit::Unit;
    use statistics::interval::Estimate;

    fn claim(on: &str, finding: Finding) -> ClaimResult {
        let estimate = Estimate { mean: 0.1, low: 0.05, high: 0.15, level: 0.95, n: 20, beyond: 0 };
        ClaimResult {
            file: "d2".into(),
            number: 1,
            on: on.into(),
            hash: "h".into(),
            seed: 1,
            horizon: "1 year".into(),
            tags: "D2".into(),
            source: "advice".into(),
            statement: "It pays.".into(),
            better: "a".into(),
            than: "b".into(),
            measure: "value".into(),
            unit: Unit::of("engineer-months", None),
            more_is_better: true,
            expected: Expected::Higher,
            smallest: 0.05,
            better_mean: 1.1,
            than_mean: 1.0,
            difference: estimate,
            relative: estimate,
            wins: 1.0,
            finding,
            over_all: finding,
            inputs: String::new(),
            follows_from: String::new(),
            note: String::new(),
            tried: 0,
            turns: String::new(),
            worlds: None,
        }
    }

    #[test]
    fn a_claim_stands_in_the_part_that_both_organisations_put_it_in() {
        use Finding::{CannotTell, PracticallySame, Refuted, Supported};
        let part = |typical: Finding, medium: Finding| {
            let claims = [claim("typical", typical), claim("typical-medium", medium)];
            let all = judged(&claims);
            assert_eq!(all.len(), 1);
            (all[0].answer(), all[0].differs())
        };
        assert_eq!(part(Supported, Supported), (Answer::Holds, false));
        assert_eq!(part(Refuted, Refuted), (Answer::Fails(true), false));
        assert_eq!(part(Refuted, PracticallySame), (Answer::Fails(false), true));
        assert_eq!(part(Supported, Refuted), (Answer::Depends, true));
        assert_eq!(part(Supported, CannotTell), (Answer::CannotTell, true));
    }

    #[test]
    fn the_page_says_where_the_organisations_differ_and_what_follows_from_an_assumption() {
        let mut claims = [claim("typical", Finding::Supported), claim("typical-medium", Finding::Refuted)];
        claims.iter_mut().for_each(|claim| claim.follows_from = "a range of one sign".into());
        let page = parts(&claims);
        assert!(
            page.contains("## What depends, and on what") && !page.contains("nearly everywhere"),
            "{page}"
        );
        assert!(page.contains("The two organisations differ."), "{page}");
        assert!(page.replace("\n  ", " ").contains("assumption: a range of one sign"), "{page}");
        assert_eq!(
            difference(&claims).as_deref(),
            Some(
                "1 claim was judged in both typical organisations, and the verdicts differ in 1: D2 (d2 1)."
            )
        );
        assert_eq!(difference(&claims[..1]), None);
    }
}
