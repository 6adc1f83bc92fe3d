//! A comparison of policies as a document.

use super::document::{Document, Section, WHAT_IS_ASSUMED};
use super::{findings, horizon, numbers, robust, tables, waste, words};
use experiment::robust::summary::RobustSummary;
use experiment::summary::{Against, Policy, Summary};
use statistics::verdict::{Guardrail, Verdict};

/// What a comparison says, with what organisations drawn from plausible ranges say of it where some were drawn; `file` is the
/// scenario's, as a shell takes it.
pub fn document(summary: &Summary, over: Option<&RobustSummary>, file: &str) -> Document {
    let frame = &summary.frame;
    let mut document = Document::of(frame, findings::headline(summary));
    document.data = numbers::of(summary);
    document.data["plausible_organisations"] = over.map(robust::robust_numbers).into();
    answer(&mut document, summary, over);
    next(document.answer("Next"), summary, over, file);
    details(&mut document, summary, over);
    document
}

fn answer(document: &mut Document, summary: &Summary, over: Option<&RobustSummary>) {
    let sure = document.answer("How sure that is");
    sure.tables([tables::verdicts(summary)]);
    sure.list(findings::near_zero(summary)).list(waste::sentences(summary)).list(findings::runs(summary));
    document.answer("What got worse, or might have").list(worse(summary));
    let turns = horizon::turns(summary).into_iter().chain(flips(summary));
    document.answer("What it depends on").list(turns);
    document.answer("What it costs, and when it pays back").list(tables::paybacks(summary));
    if let Some(over) = over {
        document.answer("Where it holds").list(robust::holds(over));
    }
    document
        .answer("What this cannot tell")
        .list(findings::overfull(summary).into_iter().chain([findings::frame(summary)]));
}

/// What to ask next: more replications where these could not tell, else what decides where it holds.
fn next(section: &mut Section, summary: &Summary, over: Option<&RobustSummary>, file: &str) {
    let open = summary.compared().all(|(_, against)| against.judged[0].verdict == Verdict::CannotTell);
    match (open, over) {
        (true, _) => section.command(
            "Can more replications tell the difference?",
            format!("orgsim compare {file} --precision 2%"),
        ),
        (false, None) => {
            section.command("In which other organisations does this hold?", format!("orgsim robust {file}"))
        }
        (false, Some(_)) => section
            .command("What decides where this holds?", format!("orgsim robust {file} --worlds 200"))
            .command(WHAT_IS_ASSUMED, format!("orgsim check {file}")),
    };
}

fn details(document: &mut Document, summary: &Summary, over: Option<&RobustSummary>) {
    document.detail("What was simulated").text(setting(summary));
    document.detail("Policy by policy").list(verdicts(summary));
    document.detail("Guardrails").tables(tables::guardrails(summary));
    document.detail("Value after the horizon").tables(horizon::table(summary));
    document.detail("If value is counted otherwise").tables(tables::readings(summary));
    document.detail("Where time went").list(times(summary));
    let balance = findings::trends(summary);
    document.detail("Whether the past was in balance").list(or(
        balance,
        "Under the baseline, debt and open work moved too little in the first weeks after policies parted to be called out of balance; \
         the charts of what happened over time show how they went on.",
    ));
    document.detail("What is assumed").list(findings::widest(summary));
    if let Some(over) = over {
        document.detail("Organisations drawn").list(robust::sentences(over)).tables(robust::grids(over));
    }
    document.detail("Everything measured").tables([tables::explored(summary)]);
    document.detail("How far this can be trusted").list(limits(summary));
}

/// A sentence on each policy.
fn verdicts(summary: &Summary) -> Vec<String> {
    summary.compared().map(|(policy, against)| findings::verdict(summary, policy, against)).collect()
}

/// Where other ways to count value end in another word.
fn flips(summary: &Summary) -> Vec<String> {
    let said = summary.compared().filter_map(|(policy, against)| findings::flips(summary, policy, against));
    said.collect()
}

fn or(lines: Vec<String>, otherwise: &str) -> Vec<String> {
    if lines.is_empty() { vec![otherwise.to_owned()] } else { lines }
}

/// What was simulated, in some sentences.
fn setting(summary: &Summary) -> String {
    let frame = &summary.frame;
    let policies: Vec<String> = summary.compared().map(|(policy, _)| findings::named(policy)).collect();
    format!(
        "The organisation was simulated {} under {} and again, with the same random numbers, under {}. Each \
         replication is watched for {}; before that comes a past: {}{}. Policies are judged by {}: {}. They are compared with \
         {}.",
        words::count(frame.completed, "time", "times"),
        findings::named(summary.baseline()),
        words::list(&policies),
        frame.horizon,
        frame.past,
        pasts(summary),
        summary.objective().title,
        summary.objective().definition,
        findings::named(summary.baseline()),
    )
}

/// Whose past is not the baseline's.
fn pasts(summary: &Summary) -> String {
    let own = summary.policies.iter().filter(|policy| policy.own_past);
    let own: Vec<String> = own.map(findings::named).collect();
    if own.is_empty() { String::new() } else { format!(" (under {}, a past of its own)", words::list(&own)) }
}

/// Guardrails that are hurt or not shown to be unhurt, a line for each policy.
fn worse(summary: &Summary) -> Vec<String> {
    if summary.guardrails.is_empty() {
        return vec!["The scenario names no guardrail, so nothing was watched for harm.".to_owned()];
    }
    let mut lines = Vec::new();
    let mut unhurt = Vec::new();
    for (policy, against) in summary.compared() {
        let said: Vec<String> = [Guardrail::Hurt, Guardrail::NotShownUnhurt, Guardrail::BeyondWindow]
            .into_iter()
            .filter_map(|word| guarded(summary, against, word))
            .collect();
        match said.is_empty() {
            true => unhurt.push(findings::named(policy)),
            false => lines.push(format!("{}: {}.", findings::named(policy), said.join("; "))),
        }
    }
    if !unhurt.is_empty() {
        lines.push(format!("No guardrail is hurt under {}.", words::list(&unhurt)));
    }
    lines
}

/// "hurts debt density (+21 %)".
fn guarded(summary: &Summary, against: &Against, word: Guardrail) -> Option<String> {
    let of_word = against.judged[1..].iter().filter(|judged| judged.guardrail == word);
    let told: Vec<String> = of_word
        .map(|judged| {
            let metric = &summary.metrics[judged.metric];
            format!("{} ({})", metric.title, words::by(&judged.difference, &metric.unit))
        })
        .collect();
    let begin = match word {
        Guardrail::Hurt => "hurts",
        Guardrail::NotShownUnhurt => "may hurt",
        Guardrail::BeyondWindow => "cannot be known within this horizon:",
        Guardrail::Unhurt => return None,
    };
    (!told.is_empty()).then(|| format!("{begin} {}", words::list(&told)))
}

/// The two causes whose time changed most, per policy.
fn times(summary: &Summary) -> Vec<String> {
    let baseline = summary.baseline();
    summary.compared().filter_map(|(policy, _)| time_change(summary, baseline, policy)).collect()
}

/// "Under “x”, time waiting for approval fell by 2.9 days and time in review rose by 0.3 days."
fn time_change(summary: &Summary, baseline: &Policy, policy: &Policy) -> Option<String> {
    let mut changes: Vec<(f64, &str)> = summary
        .causes
        .iter()
        .map(|(at, cause)| (policy.estimates[*at].mean - baseline.estimates[*at].mean, cause.as_str()))
        .filter(|(change, _)| change.abs() >= 0.05)
        .collect();
    changes.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let said: Vec<String> = changes
        .iter()
        .take(2)
        .map(|(change, cause)| {
            let verb = if *change < 0.0 { "fell" } else { "rose" };
            format!("time {cause} {verb} by {} working days", words::number(change.abs()))
        })
        .collect();
    (!said.is_empty())
        .then(|| format!("Under {}, {} in the mean lead time.", findings::named(policy), words::list(&said)))
}

fn limits(summary: &Summary) -> Vec<String> {
    let mut lines = vec![
        "Intervals say how well the mean over replications is known. They say nothing of how far the model is from your \
         organisation, and single replications spread much wider."
            .to_owned(),
        "Where time went is accounting: it says where it passed, not what would have happened otherwise.".to_owned(),
    ];
    if summary.compared().all(|(_, against)| against.with_run_off.is_none()) {
        lines.push(format!("What comes after {} is not simulated.", summary.frame.horizon));
    }
    lines
}
