//! Plausible organisations in words and tables: in how many a policy is better, and what decides it.

mod rows;

pub use rows::{DrawRows, Key, drivers};

use super::document::Document;
use super::manifest::VERSION;
use super::table::TextTable;
use super::words;
use experiment::robust::summary::{Opinion, PolicyOver, RobustSummary, Sentence};
use experiment::summary::unit::Unit;
use serde_json::{Value as Json, json};
use statistics::ignorance::Count;
use statistics::interval::quantile;

/// Fewer organisations than this say little of where a verdict holds.
const FEW: usize = 20;

/// Drivers that sentences and tables name.
const NAMED: usize = 10;

/// The finding of the first opinion.
pub fn headline(summary: &RobustSummary) -> String {
    let judged = summary.opinions.first().map_or(0, |opinion| opinion.judged);
    let best = summary.opinions.first().and_then(Opinion::best).filter(|best| best.better.organisations > 0);
    let Some(best) = best else {
        return format!("None of the organisations drawn can be judged ({judged} are plausible)");
    };
    format!(
        "“{}” beats “{}” in {} of {} organisations drawn from these ranges, and loses in {}",
        best.name.trim(),
        summary.baseline.trim(),
        about(best.better.expected),
        best.better.organisations,
        about(best.worse.expected)
    )
}

fn about(count: f64) -> String {
    format!("{:.0}", count.abs())
}

/// "62 (54 to 70)".
pub fn counted(count: &Count) -> String {
    format!("{} ({} to {})", about(count.expected), about(count.low), about(count.high))
}

/// In how many organisations each policy is better and worse than in the scenario's comparison, and where it turns.
pub fn holds(over: &RobustSummary) -> Vec<String> {
    let Some(opinion) = over.opinions.first().filter(|opinion| opinion.judged > 0) else {
        return vec!["No plausible organisation could be drawn around this one.".to_owned()];
    };
    let mut said = Vec::new();
    for policy in &opinion.policies {
        said.push(held(policy));
        said.extend(rules(policy, &reference(over)));
    }
    said.push(format!(
        "{} drawn around this one {}, {} set aside or could not be run. “Better” and “worse” mean by more than \
         {} in {}. Counts are corrected for the chance in {} replications each, so that they may differ from what is seen; \
         brackets hold at {}.{} The command robust draws more, and names what decides.",
        words::capital(&words::count(opinion.drawn, "organisation was", "organisations were")),
        by(&over.frame.posterior),
        words::count(opinion.drawn - opinion.judged, "was", "were"),
        words::level(over.frame.smallest),
        over.objective.title,
        over.runs,
        words::level(over.frame.level),
        if opinion.judged < FEW { " So few organisations say little." } else { "" },
    ));
    said
}

/// By what organisations are drawn, where there is a file of joint draws and where there is none.
fn by(posterior: &str) -> String {
    match posterior {
        "" => "by their plausible ranges".to_owned(),
        file => format!("as rows of {file}, and by plausible ranges what these leave open"),
    }
}

/// "“x” is better in 41 (35 to 47; seen in 40) of 52 plausible organisations and worse in 3 (0 to 7; seen in 4)."
fn held(policy: &PolicyOver) -> String {
    let told = |count: &Count| {
        format!(
            "{} ({} to {}; seen in {})",
            about(count.expected),
            about(count.low),
            about(count.high),
            count.seen
        )
    };
    format!(
        "“{}” is better in {} of {} plausible organisations and worse in {}.",
        policy.name.trim(),
        told(&policy.better),
        policy.better.organisations,
        told(&policy.worse)
    )
}

/// What policies are compared with, in its quotes.
fn reference(summary: &RobustSummary) -> String {
    format!("“{}”", summary.baseline.trim())
}

/// What is said beside the tables: of the best policy all, of the others where a short rule was found.
pub fn sentences(summary: &RobustSummary) -> Vec<String> {
    let mut said = vec![question(summary)];
    for opinion in &summary.opinions {
        said.push(drawn(summary, opinion));
    }
    if let Some(opinion) = summary.opinions.first() {
        let best = opinion.best().map(|best| best.name.as_str());
        let reference = reference(summary);
        for policy in &opinion.policies {
            let is_best = Some(policy.name.as_str()) == best;
            said.extend(if is_best { on(policy, &reference) } else { rules(policy, &reference) });
        }
    }
    said.extend(second(summary));
    said.push(limits(&summary.frame.posterior));
    said
}

fn limits(posterior: &str) -> String {
    let drawn = match posterior {
        "" => "drawn from stated ranges, parameters independent of one another".to_owned(),
        file => format!(
            "drawn as rows of {file}, all other parameters from stated ranges and independent of one another"
        ),
    };
    format!(
        "Counts are of organisations {drawn}; they are no probability for an organisation that exists. Simulation, not forecast."
    )
}

fn question(summary: &RobustSummary) -> String {
    format!(
        "“Beats” and “loses” mean by more than {} of what {} has in {}. Counts are corrected for the chance variation of \
         {} replications per organisation; intervals in brackets hold at {} for other draws of organisations from the same \
         ranges.",
        words::level(summary.frame.smallest),
        reference(summary),
        summary.objective.title,
        summary.runs,
        words::level(summary.frame.level)
    )
}

/// How organisations were drawn, and what became of them.
fn drawn(summary: &RobustSummary, opinion: &Opinion) -> String {
    let mut text = format!(
        "From {}: {} drawn by {} over {}; {} judged",
        opinion.prior,
        words::count(opinion.drawn, "organisation", "organisations"),
        summary.design,
        words::count(summary.drawn.len(), "parameter", "parameters"),
        opinion.judged
    );
    let mut aside = Vec::new();
    if opinion.implausible > 0 {
        let reasons: Vec<String> =
            opinion.left.iter().map(|(reason, count)| format!("{count} with {reason}")).collect();
        aside.push(format!(
            "{} set aside because they leave what is seen of organisations ({})",
            opinion.implausible,
            reasons.join(", ")
        ));
    }
    if opinion.drowned > 0 {
        aside.push(format!(
            "{} stopped under “{}” with more work than the simulator holds",
            opinion.drowned,
            summary.frame.baseline.trim()
        ));
    }
    for (reason, count) in &opinion.refused {
        aside.push(format!("{count} could not be simulated ({reason})"));
    }
    if !aside.is_empty() {
        text.push_str(&format!(", {}", aside.join(", ")));
    }
    if summary.criteria.is_empty() {
        text.push_str("; the scenario states no range that their pasts must keep to ([plausible])");
    }
    text + "."
}

/// What is said of one policy.
fn on(policy: &PolicyOver, reference: &str) -> Vec<String> {
    let name = format!("“{}”", policy.name.trim());
    let mut said = Vec::new();
    let gains = policy.sorted();
    if gains.is_empty() {
        return vec![match policy.beyond {
            0 => format!("{name}: no organisation has anything to compare."),
            all => format!(
                "{name}: the objective lies beyond the window in {} and cannot be known within this \
                 horizon; none has anything else to compare. Watch longer.",
                words::count(all, "organisation", "organisations")
            ),
        }];
    }
    let at = |p: f64| words::percent(quantile(&gains, p));
    said.push(format!(
        "{name} beats {reference} in {} of {} organisations (seen in {}) and loses in {}. Half of them gain between {} \
         and {}; one in twenty gains less than {}, one in twenty more than {}.",
        counted(&policy.better),
        policy.better.organisations,
        policy.better.seen,
        counted(&policy.worse),
        at(0.25),
        at(0.75),
        at(0.05),
        at(0.95)
    ));
    if policy.drowned + policy.missing > 0 {
        said.push(format!(
            "{name}: {} were stopped under it with more work than the simulator holds and {} had nothing to compare; they are \
             not counted.",
            policy.drowned, policy.missing
        ));
    }
    if policy.beyond > 0 {
        said.push(format!(
            "{name}: in {} the objective lies beyond the window and cannot be known within this horizon; they are not \
             counted. Watch longer.",
            policy.beyond
        ));
    }
    let parts = &policy.components;
    if parts.share.is_finite() {
        said.push(format!(
            "{name}: of the spread of single replications’ differences, {} lies between organisations ({} to {}): parameter \
             uncertainty. The rest is chance within one organisation, which more replications would average out.",
            words::share(parts.share),
            words::share(parts.low),
            words::share(parts.high)
        ));
    }
    said.push(format!("{name}: {}", decides(policy)));
    let rules = rules(policy, reference);
    if rules.is_empty() {
        let n = words::count(policy.gains.len(), "organisation", "organisations");
        said.push(format!(
            "{name}: no short rule says where it beats {reference} or loses: with {n}, shuffled outcomes give one as \
             sharp too often."
        ));
    }
    said.extend(rules);
    said
}

/// Where a policy loses and where it beats the baseline, as far as a short rule says it.
fn rules(policy: &PolicyOver, reference: &str) -> Vec<String> {
    let rule = |verb: &str, rule: &Option<Sentence>| {
        let rule = rule.as_ref()?;
        Some(format!("“{}” {verb} where {}: {}.", policy.name.trim(), rule.conditions, evidence(rule)))
    };
    [rule("loses", &policy.loses_where), rule(&format!("beats {reference}"), &policy.beats_where)]
        .into_iter()
        .flatten()
        .collect()
}

fn evidence(rule: &Sentence) -> String {
    format!(
        "in {} of {} organisations there, in {} of {} elsewhere (as sharp a split came up in {} of shuffled outcomes)",
        rule.hits,
        rule.inside,
        rule.misses,
        rule.outside,
        words::level(rule.by_chance)
    )
}

/// Where chance alone may reach as much as this, no rank correlation tells anything.
const TELLS_NOTHING: f64 = 0.995;

/// Which parameters decide.
fn decides(policy: &PolicyOver) -> String {
    let strong: Vec<String> = policy
        .drivers
        .iter()
        .take_while(|driver| driver.correlation.abs() > policy.chance)
        .take(NAMED)
        .map(|driver| format!("{} ({})", driver.name, words::signed(driver.correlation, &Unit::NONE)))
        .collect();
    let chance = words::number(policy.chance);
    match strong.len() {
        0 if policy.chance >= TELLS_NOTHING => {
            "so few organisations cannot say what decides: chance alone may reach any rank correlation."
                .to_owned()
        }
        0 => format!(
            "no parameter’s rank correlation with the gain exceeds {chance}, which chance alone may reach."
        ),
        _ => format!(
            "the gain goes with {} (rank correlations; chance alone may reach {chance}).",
            words::list(&strong)
        ),
    }
}

/// Whether the second prior changes the conclusion.
fn second(summary: &RobustSummary) -> Option<String> {
    let [first, second, ..] = summary.opinions.as_slice() else { return None };
    let best = first.best()?;
    let again = second.policies.iter().find(|policy| policy.name == best.name)?;
    let (n, m) = (best.better.organisations, again.better.organisations);
    if n == 0 || m == 0 {
        return None;
    }
    let wide = best.better.expected / n as f64;
    let narrow = again.better.expected / m as f64;
    let same = (wide > 0.5) == (narrow > 0.5);
    Some(format!(
        "With {}, “{}” beats {} in {} of {m}: the conclusion {}.",
        second.prior,
        best.name.trim(),
        reference(summary),
        counted(&again.better),
        if same {
            "stays on the same side of one half"
        } else {
            "changes sides of one half: it depends on how wide the ranges are"
        }
    ))
}

/// The tables: the counts under each prior, guardrails, and what decides.
pub fn grids(summary: &RobustSummary) -> Vec<TextTable> {
    let mut grids: Vec<TextTable> = summary.opinions.iter().map(|opinion| counts(summary, opinion)).collect();
    if let Some(opinion) = summary.opinions.first() {
        grids.extend(hurt(opinion));
        grids.push(strongest(opinion));
    }
    grids
}

fn counts(summary: &RobustSummary, opinion: &Opinion) -> TextTable {
    let title = format!("Against “{}”, from {}", summary.baseline.trim(), opinion.prior);
    let head = ["policy", "of", "beats in", "loses in", "gain p5", "p50", "p95", "uncertainty"];
    let mut grid = TextTable::new(title, 1, &head);
    for policy in &opinion.policies {
        let gains = policy.sorted();
        let at =
            |p: f64| if gains.is_empty() { "–".to_owned() } else { words::percent(quantile(&gains, p)) };
        grid.row(vec![
            policy.name.clone(),
            policy.better.organisations.to_string(),
            counted(&policy.better),
            counted(&policy.worse),
            at(0.05),
            at(0.5),
            at(0.95),
            words::share(policy.components.share),
        ]);
    }
    grid.note(
        "Gains are relative to each organisation’s baseline. Uncertainty: the share of the spread of single replications that \
         lies between organisations (parameter uncertainty); the rest is chance.",
    );
    grid
}

fn hurt(opinion: &Opinion) -> Option<TextTable> {
    let first = opinion.policies.first()?;
    if first.hurt.is_empty() {
        return None;
    }
    let head: Vec<&str> =
        std::iter::once("policy").chain(first.hurt.iter().map(|(title, _)| title.as_str())).collect();
    let mut grid =
        TextTable::new("Guardrails: organisations in which each is hurt by more than matters", 1, &head);
    for policy in &opinion.policies {
        let cell = |(_, count): &(String, Count)| format!("{} of {}", counted(count), count.organisations);
        grid.row(std::iter::once(policy.name.clone()).chain(policy.hurt.iter().map(cell)).collect());
    }
    Some(grid)
}

fn strongest(opinion: &Opinion) -> TextTable {
    let mut grid = TextTable::new(
        "What decides: rank correlation with the gain",
        2,
        &["policy", "parameter", "ρ", "chance"],
    );
    for policy in &opinion.policies {
        let told = policy.drivers.iter().take_while(|driver| driver.correlation.abs() > policy.chance);
        for driver in told.take(3) {
            grid.row(vec![
                policy.name.clone(),
                driver.name.clone(),
                words::signed(driver.correlation, &Unit::NONE),
                words::number(policy.chance),
            ]);
        }
    }
    grid.note("Chance: what the strongest of all parameters stays below when none has an effect.");
    grid
}

/// The answer as a document.
pub fn document(summary: &RobustSummary) -> Document {
    let mut document = Document::of(&summary.frame, headline(summary));
    document.source = source(summary);
    document.data = robust_numbers(summary);
    document.answer("In how many organisations").tables(grids(summary)).list(sentences(summary));
    document.detail("What was drawn").tables([ranges(summary)]);
    let left_out = summary.left_out.iter().map(|(path, reason)| format!("{path}: {reason}"));
    document.detail("What was not drawn").list(left_out);
    document.detail("What a plausible past is").list(summary.criteria.iter().cloned());
    document
}

/// In how many organisations each policy is better and worse, under each prior.
pub fn robust_numbers(summary: &RobustSummary) -> Json {
    let count = |count: &Count| {
        json!({
            "expected": count.expected, "seen": count.seen, "low": count.low, "high": count.high, "level": count.level,
            "organisations": count.organisations,
        })
    };
    let policy = |policy: &PolicyOver| {
        json!({
            "name": policy.name,
            "better": count(&policy.better),
            "worse": count(&policy.worse),
            "gains": policy.sorted(),
        })
    };
    let opinion = |opinion: &Opinion| {
        json!({
            "prior": opinion.prior,
            "drawn": opinion.drawn,
            "judged": opinion.judged,
            "policies": opinion.policies.iter().map(policy).collect::<Vec<_>>(),
        })
    };
    json!({
        "objective": summary.objective.name,
        "smallest_difference": summary.frame.smallest,
        "replications": summary.runs,
        "seed": summary.frame.seed,
        "priors": summary.opinions.iter().map(opinion).collect::<Vec<_>>(),
    })
}

fn ranges(summary: &RobustSummary) -> TextTable {
    let mut grid = TextTable::new("", 2, &["parameter", "range"]);
    summary.drawn.iter().for_each(|(path, range)| grid.row(vec![path.clone(), range.clone()]));
    grid
}

/// The source line of charts and pages.
pub fn source(summary: &RobustSummary) -> String {
    let frame = &summary.frame;
    let judged = summary.opinions.first().map_or(0, |opinion| opinion.judged);
    format!(
        "orgsim {VERSION} · scenario {} · seed {} · {} × {} replications per policy · simulation, not forecast",
        &frame.hash[..frame.hash.len().min(8)],
        frame.seed,
        words::count(judged, "organisation", "organisations"),
        summary.runs
    )
}
