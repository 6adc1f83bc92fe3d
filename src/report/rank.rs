//! A ranking in words: the table, the sentences, the page and the file.

use super::data::{Cell, Data, Kind, columns, floats};
use super::document::Document;
use super::table::TextTable;
use super::{guarded, numbers, words};
use experiment::summary::rank::{Ending, PolicyFate, RankSummary, Ranked};
use serde_json::{Value as Json, json};

/// What came out, in one sentence.
pub fn headline(ranking: &RankSummary) -> String {
    let (objective, count) = (&ranking.objective.title, ranking.policies.len());
    let best = ranking.policies.first().map_or("", |policy| policy.name.trim());
    match ranking.outcome {
        Ending::Selected => format!(
            "“{best}” is selected as the best of {count} policies by {objective}{}",
            guarded::but_hurts(&ranking.guarded)
        ),
        Ending::Limit(left) => format!(
            "No policy is selected: {left} of {count} are left after {} replications each, the most allowed",
            words::whole(ranking.frame.completed)
        ),
        Ending::Stopped => {
            format!("No policy is selected: stopped, and “{best}” was in front by {objective}")
        }
        Ending::NoMean if ranking.policies.iter().any(|policy| policy.beyond) => format!(
            "No policy is selected: {objective} lies beyond the window under every policy, so none has a mean that can \
             be known within this horizon; watch longer"
        ),
        Ending::NoMean => {
            format!(
                "No policy is selected: under each, a replication was stopped with more work than the simulator holds, so none has a mean {objective}"
            )
        }
    }
}

/// One row per policy, the best first.
pub fn table(ranking: &RankSummary) -> TextTable {
    let unit = &ranking.objective.unit;
    let title = words::capital(&words::title_with_unit(&ranking.objective.title, unit));
    let mut grid = TextTable::new(
        title,
        2,
        &["policy", "outcome", "mean", "interval", "replications", "eliminated in round"],
    );
    for policy in &ranking.policies {
        let round = match policy.fate {
            PolicyFate::InPlay => "–".to_owned(),
            PolicyFate::Behind(round) | PolicyFate::NoMean(round) => round.to_string(),
        };
        grid.row(vec![
            policy.name.clone(),
            became(ranking, policy).to_owned(),
            words::value(policy.mean.mean, unit),
            words::interval(&policy.mean, unit),
            words::whole(policy.runs),
            round,
        ]);
    }
    grid.note(format!(
        "Each interval holds alone at {}; nothing is concluded from them. Round 0 is the first stage of {} replications, \
         under every policy on the same random numbers.",
        words::level(ranking.frame.level),
        ranking.first
    ));
    grid
}

fn became(ranking: &RankSummary, policy: &Ranked) -> &'static str {
    let is_first = ranking.policies.first().is_some_and(|first| first.name == policy.name);
    match policy.fate {
        PolicyFate::InPlay if ranking.outcome == Ending::Selected && is_first => "selected",
        PolicyFate::InPlay if ranking.outcome == Ending::Selected => "equal",
        PolicyFate::InPlay => "left",
        PolicyFate::Behind(_) => "eliminated",
        PolicyFate::NoMean(_) if policy.beyond => "beyond the window",
        PolicyFate::NoMean(_) => "overrun",
    }
}

/// What is promised, and what it cost.
pub fn sentences(ranking: &RankSummary) -> Vec<String> {
    let mut said = vec![promise(ranking), saving(ranking)];
    if ranking.unmeasured > 0 {
        said.push(format!(
            "{} left out, in which a policy in play had no {} to measure.",
            words::count(ranking.unmeasured, "replication is", "replications are"),
            ranking.objective.title
        ));
    }
    let aside = |beyond: bool| -> Vec<String> {
        let policies = ranking.policies.iter();
        let aside =
            policies.filter(|policy| matches!(policy.fate, PolicyFate::NoMean(_)) && policy.beyond == beyond);
        aside.map(|policy| format!("“{}”", policy.name.trim())).collect()
    };
    let (drowned, beyond) = (aside(false), aside(true));
    if !drowned.is_empty() {
        said.push(format!(
            "Set aside because a replication was stopped with more work than the simulator holds: {}.",
            words::list(&drowned)
        ));
    }
    if !beyond.is_empty() {
        said.push(format!(
            "Set aside because {} lies beyond the window in a replication, so that its mean cannot be known within this horizon: \
             {}.",
            ranking.objective.title,
            words::list(&beyond)
        ));
    }
    said.extend(guarded::sentence(&ranking.guarded));
    said.push(
        "What comes after the horizon, other ways to count value and other organisations are what orgsim compare answers.".to_owned(),
    );
    said.push("In this assumed organisation. Simulation, not forecast.".to_owned());
    said
}

fn promise(ranking: &RankSummary) -> String {
    let unit = &ranking.objective.unit;
    let amount = words::signed(ranking.indifference, unit);
    let amount = amount.trim_start_matches('+');
    let amount = words::with_name(amount.to_owned(), unit);
    let share = ranking
        .share
        .map(|share| format!(" ({} of the baseline’s mean in the first stage)", words::level(share)));
    let zone = format!("{amount}{}", share.unwrap_or_default());
    let confidence = words::level(ranking.confidence);
    match ranking.outcome {
        Ending::Selected => format!(
            "If the best policy is ahead of every other by at least {zone}, it is selected with probability {confidence} \
             or more. Policies closer than that may be taken for one another."
        ),
        _ => format!(
            "Nothing is promised of the order. With more replications the best would be selected with probability {confidence} if \
             it is ahead of every other by at least {zone}; a wider --indifference needs fewer."
        ),
    }
}

fn saving(ranking: &RankSummary) -> String {
    let (spent, policies) = (ranking.spent(), ranking.policies.len());
    let against = |other: usize| {
        let share = 1.0 - spent as f64 / other as f64;
        let word = if share >= 0.0 { "saved" } else { "more" };
        format!("{} {word}", words::share(share.abs()))
    };
    let two_stages = policies.saturating_mul(ranking.two_stages);
    format!(
        "{} replications were spent. Giving every policy as many as the last one had takes {} ({}); by Nelson & \
         Matejcik’s two stages, which promise the same and give all the same number, {} each, {} ({}).",
        words::whole(spent),
        words::whole(ranking.evenly()),
        against(ranking.evenly()),
        words::whole(ranking.two_stages),
        words::whole(two_stages),
        against(two_stages),
    )
}

/// The ranking as a document.
pub fn document(ranking: &RankSummary) -> Document {
    let mut document = Document::of(&ranking.frame, headline(ranking));
    document.data = promised(ranking);
    let policy = |policy: &Ranked| {
        json!({
            "name": policy.name, "became": became(ranking, policy), "replications": policy.runs,
            "mean": numbers::estimate(&policy.mean),
        })
    };
    document.data["policies"] = ranking.policies.iter().map(policy).collect();
    document.answer("The policies, the best first").tables([table(ranking)]);
    document.answer("What is promised, and what it cost").list(sentences(ranking));
    document
}

/// `rank.csv`: one row per policy, the best first.
pub fn data(ranking: &RankSummary) -> Data {
    const UNIT: &str = "the row's unit";
    let head = columns(&[
        ("rank", Kind::Integer, "", "The place of the policy, the best being 1."),
        ("policy", Kind::Text, "", "The policy's name."),
        ("status", Kind::Text, "", "What became of it."),
        ("round", Kind::Integer, "", "The round in which it was out; -1 where it never was."),
        ("replications", Kind::Integer, "", "Replications of it that were simulated."),
        ("metric", Kind::Text, "", "The objective, by its column."),
        ("unit", Kind::Text, "", "The unit of the numbers of this row."),
        ("mean", Kind::Float, UNIT, "Mean of the objective over its replications."),
        ("mean_low", Kind::Float, UNIT, "Lower end of the interval of the mean."),
        ("mean_high", Kind::Float, UNIT, "Upper end of the interval of the mean."),
        ("level", Kind::Float, "share", "The level of the interval of the mean."),
        ("difference", Kind::Float, UNIT, "Mean difference from the first, over the replications of both."),
        ("difference_low", Kind::Float, UNIT, "Lower end of its interval."),
        ("difference_high", Kind::Float, UNIT, "Upper end of its interval."),
    ]);
    let row = |(at, policy): (usize, &Ranked)| {
        let round = match policy.fate {
            PolicyFate::InPlay => None,
            PolicyFate::Behind(round) | PolicyFate::NoMean(round) => Some(round),
        };
        let mut cells: Vec<Cell> =
            vec![(at + 1).into(), policy.name.as_str().into(), became(ranking, policy).into()];
        cells.extend([Cell::from(round), policy.runs.into()]);
        cells.extend([ranking.objective.name, ranking.objective.unit.written()].map(Cell::from));
        let mean = &policy.mean;
        cells.extend(floats([mean.mean, mean.low, mean.high, mean.level]));
        let difference = policy.difference.as_ref();
        cells.extend(floats(difference.map_or([f64::NAN; 3], |it| [it.mean, it.low, it.high])));
        cells
    };
    Data::of(head, ranking.policies.iter().enumerate().map(row))
}

/// What the manifest says of it.
pub fn promised(ranking: &RankSummary) -> Json {
    let selected = ranking.policies.first().filter(|_| ranking.outcome == Ending::Selected);
    json!({
        "procedure": "KN (Kim & Nelson 2001)",
        "selected": selected.map(|policy| &policy.name),
        "confidence": ranking.confidence,
        "indifference": ranking.indifference,
        "indifference_share": ranking.share,
        "first_stage": ranking.first,
        "rounds": ranking.rounds,
        "replications": ranking.spent(),
        "replications_evenly": ranking.evenly(),
        "replications_in_two_stages": ranking.policies.len().saturating_mul(ranking.two_stages),
        "unmeasured": ranking.unmeasured,
        "guardrails": guarded::numbers(&ranking.guarded),
    })
}
