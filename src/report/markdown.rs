//! `summary.md`: the page a leader reads, or reads out loud.

use super::table::{TextTable, escaped};
use super::{findings, horizon, manifest, tables, waste, words};
use experiment::summary::{Policy, Summary};
use statistics::verdict::Guardrail;

/// The whole page of a comparison.
pub fn page(summary: &Summary) -> String {
    let mut page = Page(String::new());
    page.title(summary);
    page.paragraph(&format!("**{}.**", escaped(&findings::headline(summary))));
    page.paragraph(&escaped(&setting(summary)));
    page.section("How sure that is");
    let verdicts = summary.compared().map(|(policy, against)| findings::verdict(summary, policy, against));
    page.list(verdicts);
    page.grid(&tables::verdicts(summary));
    page.list(findings::near_zero(summary));
    page.list(waste::sentences(summary));
    page.section("What got worse, or might have");
    page.list(worse(summary));
    page.optional(tables::guardrails(summary));
    page.section("When it pays back");
    page.list(or(tables::paybacks(summary), "The scenario says nothing of value, so nothing can pay back."));
    let turns = summary.compared().filter_map(|(policy, against)| horizon::flips(summary, policy, against));
    page.list(turns);
    page.optional(horizon::table(summary));
    page.section("If value is counted otherwise");
    let flips = summary.compared().filter_map(|(policy, against)| findings::flips(summary, policy, against));
    page.list(or(flips.collect(), "Every other way to count value that was tried ends in the same words."));
    page.optional(tables::readings(summary));
    page.section("Where time went");
    page.list(or(times(summary), "No change went live under both the baseline and another policy."));
    page.section("What the fork looked like");
    page.list(or(
        findings::trends(summary),
        "Debt and open work were in balance under the baseline, as far as these replications show.",
    ));
    page.section("In what kind of organisation");
    page.paragraph(&escaped(&findings::frame(summary)));
    if let Some(widest) = findings::widest(summary) {
        page.paragraph(&escaped(&widest));
    }
    page.section("What this cannot tell");
    page.list(limits(summary));
    page.section("Everything else");
    page.grid(&tables::explored(summary));
    page.0.push_str(&format!("\n---\n\n{}\n", escaped(&manifest::source(&summary.frame))));
    page.0
}

/// The page of a single scenario: sentences first, tables after.
pub fn single(summary: &Summary, grids: &[TextTable], sentences: &[String]) -> String {
    let mut page = Page(String::new());
    page.title(summary);
    sentences.iter().for_each(|sentence| page.paragraph(&escaped(sentence)));
    grids.iter().for_each(|grid| page.grid(grid));
    page.0.push_str(&format!("---\n\n{}\n", escaped(&manifest::source(&summary.frame))));
    page.0
}

/// The page under construction.
struct Page(String);

impl Page {
    fn title(&mut self, summary: &Summary) {
        let frame = &summary.frame;
        let title = if frame.title.is_empty() { &frame.name } else { &frame.title };
        self.0.push_str(&format!("# {}\n\n", escaped(title)));
    }

    fn section(&mut self, title: &str) {
        self.0.push_str(&format!("## {title}\n\n"));
    }

    fn paragraph(&mut self, text: &str) {
        self.0.push_str(&format!("{text}\n\n"));
    }

    fn list(&mut self, lines: impl IntoIterator<Item = String>) {
        let before = self.0.len();
        for line in lines {
            self.0.push_str(&format!("- {}\n", escaped(&words::capital(&line))));
        }
        if self.0.len() > before {
            self.0.push('\n');
        }
    }

    fn grid(&mut self, grid: &TextTable) {
        self.0.push_str(&grid.markdown());
        self.0.push('\n');
    }

    fn optional(&mut self, grid: Option<TextTable>) {
        if let Some(grid) = grid {
            self.grid(&grid);
        }
    }
}

fn or(lines: Vec<String>, otherwise: &str) -> Vec<String> {
    if lines.is_empty() { vec![otherwise.to_owned()] } else { lines }
}

/// What was simulated, in a sentence or two.
fn setting(summary: &Summary) -> String {
    let frame = &summary.frame;
    let policies: Vec<String> = summary.compared().map(|(policy, _)| findings::named(policy)).collect();
    format!(
        "This organisation was simulated {} times under {} and again, with the same random numbers, under {}. Each \
         replication (one simulated course of events) is watched for {}; before that comes a past: {}{}. Policies are judged by {}: {}.",
        frame.completed,
        findings::named(summary.baseline()),
        words::list(&policies),
        frame.horizon,
        frame.past,
        pasts(summary),
        summary.objective().title,
        summary.objective().definition,
    )
}

/// Whose past is not the baseline's.
fn pasts(summary: &Summary) -> String {
    let own = summary.policies.iter().filter(|policy| policy.own_past);
    let own: Vec<String> = own.map(findings::named).collect();
    if own.is_empty() { String::new() } else { format!(" (under {}, a past of its own)", words::list(&own)) }
}

/// Guardrails that are hurt, or of which harm is not ruled out.
fn worse(summary: &Summary) -> Vec<String> {
    if summary.guardrails.is_empty() {
        return vec!["No guardrail was declared, so nothing was watched for harm.".to_owned()];
    }
    let mut lines = Vec::new();
    let mut unhurt = Vec::new();
    for (policy, against) in summary.compared() {
        if against.judged[1..].iter().all(|judged| judged.guardrail == Guardrail::Unhurt) {
            unhurt.push(findings::named(policy));
            continue;
        }
        let said = findings::guardrails(summary, policy, against);
        lines.extend(
            said.into_iter()
                .zip(sorted(against))
                .filter(|(_, word)| *word != Guardrail::Unhurt)
                .map(|(line, _)| line),
        );
    }
    if !unhurt.is_empty() {
        lines.push(format!("No guardrail is hurt under {}.", words::list(&unhurt)));
    }
    lines
}

/// The guardrails' words in the order in which they are said.
fn sorted(against: &experiment::summary::Against) -> Vec<Guardrail> {
    let rank = |word: &Guardrail| match word {
        Guardrail::Hurt => 0,
        Guardrail::NotShownUnhurt | Guardrail::BeyondWindow => 1,
        Guardrail::Unhurt => 2,
    };
    let mut words: Vec<Guardrail> = against.judged[1..].iter().map(|judged| judged.guardrail).collect();
    words.sort_by_key(rank);
    words
}

/// The two causes whose time changed most, per policy.
fn times(summary: &Summary) -> Vec<String> {
    let baseline = summary.baseline();
    summary.compared().filter_map(|(policy, _)| time_change(summary, baseline, policy)).collect()
}

/// "Under “x”, “waiting for approval” fell by 2.9 working days and “waiting for review” rose by 0.3 working days in the
/// mean lead time."
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
            format!("“{cause}” {verb} by {} working days", words::number(change.abs()))
        })
        .collect();
    (!said.is_empty())
        .then(|| format!("Under {}, {} in the mean lead time.", findings::named(policy), words::list(&said)))
}

fn limits(summary: &Summary) -> Vec<String> {
    let mut lines = findings::runs(summary);
    lines.push(
        "Intervals say how well the mean over replications is known. They say nothing of how far the model is from \
         your organisation, and single replications spread much wider."
            .to_owned(),
    );
    lines.push(
        "Where time went is accounting: it says where it passed, not what would have happened otherwise."
            .to_owned(),
    );
    if summary.compared().all(|(_, against)| against.with_run_off.is_none()) {
        lines.push(format!("What comes after {} is not simulated.", summary.frame.horizon));
    }
    lines
}
