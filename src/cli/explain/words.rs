//! Words that are no paths of a scenario, and where what they mean is found: probability distributions, keys of a
//! policy, and what people say every day.

use crate::report::table::wrapped;
use crate::scenario::{Path, meaning};
use serde_json::Value as Json;

/// Paths named for a word at most.
const MOST: usize = 8;

/// Steps of a path that is looked for by its last one.
const DEEPEST: usize = 4;

/// Distributions as they are written, each with what it is.
const LAWS: &[(&str, &str, &str)] = &[
    ("exponential", "{ exponential = \"4 hours\" }", "without memory, by its mean"),
    (
        "lognormal",
        "{ lognormal = { mean = \"1 day\", cv = 1.5 } } or { lognormal = { median = \"20 minutes\", sigma = 0.7 } }",
        "many small and a few long ones; cv is the standard deviation over the mean, sigma that of the logarithm",
    ),
    (
        "weibull",
        "{ weibull = { mean = \"1 day\", shape = 1.5 } } or with scale in place of mean",
        "shape below 1: more short and long ones than an exponential; above 1: fewer",
    ),
    (
        "gamma",
        "{ gamma = { mean = \"1 day\", cv = 0.5 } } or with shape in place of cv",
        "sums of exponentials",
    ),
    ("uniform", "{ uniform = { min = \"1 day\", max = \"3 days\" } }", "any value between two is as likely"),
    (
        "triangular",
        "{ triangular = { min = \"1 day\", mode = \"2 days\", max = \"5 days\" } }",
        "between two values, the mode being likeliest",
    ),
    ("geometric", "{ geometric = { mean = 3 } }", "whole numbers from 1: trials up to the first success"),
    (
        "poisson",
        "{ poisson = { mean = 3 } }; for arrivals { poisson = \"0.7/day\" }",
        "whole numbers from 0: how many of many rare events come; arrivals at random at this rate",
    ),
    (
        "mixture",
        "{ mixture = [{ weight = 0.8, law = \"1 hour\" }, { weight = 0.2, law = { exponential = \"1 day\" } }] }",
        "one of several laws, by weight",
    ),
    ("empirical", "{ empirical = [\"1 hour\", \"3 hours\", \"2 days\"] }", "one of these values"),
    (
        "csv",
        "{ csv = { file = \"times.csv\", column = \"hours\", unit = \"hours\" } }",
        "one of the values of a file's column",
    ),
];

/// Keys of `[policy.NAME]` that are no paths.
pub const POLICY: &[(&str, &str)] = &[
    ("baseline", "true for the policy that all others are compared with"),
    ("description", "What it means, in words"),
    ("includes", "Other policies whose changes it takes over first, such as [\"quarter\"]"),
    ("after", "Changes from a later date on: after.\"2 quarters\".\"team.*.share.health\" = \"15%\""),
    ("organisation", "Another scenario whose organisation takes the place of this one (see `migration`)"),
    ("past", "\"own\": it lives a past of its own, instead of changing the organisation at the fork"),
    (
        "\"PATH\"",
        "A change from the fork on: \"team.*.share.health\" = \"25%\"; `orgsim explain PATH` says more",
    ),
];

/// Words that people say, and where the model has what they mean.
const EVERYDAY: &[(&[&str], &[&str])] = &[
    (&["wip", "work in progress", "kanban", "limit work"], &["team.wip", "limit.items"]),
    (
        &["on-call", "oncall", "on call", "pager", "duty", "outage", "alert", "monitoring"],
        &["incidents", "incidents.people", "incidents.alerts"],
    ),
    (
        &["mttr", "recovery", "runbook", "postmortem"],
        &["incidents.recovery", "incidents.runbooks", "incidents.postmortem"],
    ),
    (
        &["tech debt", "technical debt", "shortcut", "refactoring", "system health"],
        &["debt", "team.share.health", "complexity"],
    ),
    (
        &["meeting", "committee", "approval", "sign-off", "signoff", "governance", "architect"],
        &["board", "approver", "chain", "stage.applies_to", "meetings"],
    ),
    (&["deploy", "deployment", "release", "rollout", "train"], &["stage.release", "failure", "team.tooling"]),
    (&["ci", "pipeline", "test", "tests", "compile"], &["builds", "stage.machine", "team.tooling"]),
    (&["code review", "pull request", "pr"], &["stage.review", "stage.failure"]),
    (
        &["hiring", "hire", "recruiting", "turnover", "attrition", "quit"],
        &["team.target", "team.leaves", "people"],
    ),
    (
        &["onboarding", "ramp-up", "newcomer", "junior", "mentoring"],
        &["people.first_change", "people.ramp", "people.mentor"],
    ),
    (&["ai", "copilot", "llm"], &["team.assisted", "assistance"]),
    (&["bug", "defect", "quality", "rework"], &["stage.failure", "failure", "work.arrivals"]),
    (
        &["multitasking", "context switch", "interruption", "focus"],
        &["switching", "team.wip", "team.interruptions"],
    ),
    (&["overtime", "crunch", "deadline", "burnout", "stress"], &["team.pressure", "pressure"]),
    (&["manager", "management", "lead", "leadership"], &["leader", "trust"]),
    (&["platform", "cognitive load", "team topologies"], &["team.kind", "topology"]),
    (&["culture", "psychological safety", "blame"], &["trust"]),
    (&["docs", "documentation", "design document", "adr"], &["communication", "team.tooling"]),
    (&["estimate", "estimation", "guess"], &["value.size_error", "value.value_error"]),
    (&["backlog", "queue"], &["work.backlog_limit", "work.patience"]),
    (&["variability", "fluctuation", "volatility", "overdispersion"], &["work.wander", "team.wander"]),
    (&["season", "growth", "demand"], &["work.profile", "work.arrivals.load", "work.arrivals"]),
    (&["holiday", "vacation", "sick", "leave"], &["team.absence"]),
    (
        &["prioritisation", "prioritization", "cost of delay", "wsjf"],
        &["team.order", "priorities", "work.priority"],
    ),
    (&["requirements", "unclear", "ambiguity", "spec"], &["clarity", "work.fuzziness", "stage.clear_enough"]),
    (&["experiment", "outcome", "product discovery", "kill"], &["learning", "priorities.kill_below"]),
    (&["microservices", "monolith", "services"], &["architecture", "team.code"]),
    (&["reorg", "reorganisation", "restructuring"], &["migration"]),
    (&["roi", "money", "benefit", "cost of incidents"], &["value", "value.harm"]),
    (&["pair", "pairing", "mob"], &["stage.crew"]),
    (&["coordination", "sync", "standup", "coordination overhead"], &["meetings"]),
    (&["hotspot", "hotspots"], &["debt.repairs", "team.code"]),
    (&["meetings per week", "working hours", "calendar"], &["clock", "meetings"]),
    (&["seed", "runs", "simulations", "lives"], &["seed", "replications", "judge"]),
];

/// What a distribution is, and how it is written.
pub fn law(word: &str) -> Option<String> {
    if ["law", "laws", "distribution", "distributions"].contains(&word.trim().to_lowercase().as_str()) {
        let widest = LAWS.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
        let line = |(name, _, words): &(&str, &str, &str)| format!("  {name:widest$}  {words}\n");
        let list: String = LAWS.iter().map(line).collect();
        let head = "Laws of chance (distributions), to be written wherever a law may stand; a plain value such as \
                    \"2 days\" is one too. `orgsim explain NAME` says how each is written.\n\n";
        return Some(wrapped(head, 100, "") + "\n" + &list);
    }
    let (name, written, words) = LAWS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(word.trim()))?;
    let lines = [
        format!("{name}: {words}."),
        format!("Written as: {written}"),
        "Wherever a law may stand; `orgsim explain PATH` says where that is.".to_owned(),
    ];
    Some(lines.iter().map(|line| wrapped(line, 100, "    ")).collect())
}

/// What the keys of a policy are.
pub fn policy(key: Option<&str>) -> Option<String> {
    let line = |(key, words): &(&str, &str)| format!("  {key:12}  {words}\n");
    match key {
        None => Some(POLICY.iter().map(line).collect()),
        Some(key) => POLICY.iter().find(|(known, _)| *known == key).map(line),
    }
}

/// Where what a word means is found: by what people say, else by the last step of paths.
pub fn places(schema: &Json, word: &str) -> Vec<String> {
    let word = word.trim().to_lowercase();
    let plain = |text: &str| text.replace(['-', '_', ' '], "").trim_end_matches('s').to_owned();
    let said = EVERYDAY.iter().filter(|(words, _)| words.iter().any(|known| plain(known) == plain(&word)));
    let mut found: Vec<String> =
        said.flat_map(|(_, paths)| paths.iter()).filter_map(|path| full(schema, path)).collect();
    let last = word.rsplit('.').next().unwrap_or_default();
    if found.is_empty() && last.len() > 2 {
        ending(schema, &Path::default(), &plain(last), 0, &mut found);
    }
    found.truncate(MOST);
    found
}

/// A path as it is called in full.
fn full(schema: &Json, path: &str) -> Option<String> {
    Some(meaning(schema, &path.parse().ok()?).ok()?.path.trim_end_matches(".*").to_owned())
}

/// Paths whose last step is this word.
fn ending(schema: &Json, path: &Path, word: &str, depth: usize, found: &mut Vec<String>) {
    let Ok(here) = meaning(schema, path) else { return };
    for (key, _) in here.keys {
        let named = here.path.parse::<Path>().unwrap_or_default();
        let inner = named.join(key.as_str());
        if key.replace('_', "").trim_end_matches('s') == word {
            found.push(inner.to_string());
        }
        if depth < DEEPEST && found.len() < MOST {
            ending(schema, &inner, word, depth + 1, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::study::schema;

    #[test]
    fn every_place_named_exists() {
        let schema = schema();
        for (words, paths) in EVERYDAY {
            assert!(!words.is_empty() && !paths.is_empty());
            for path in *paths {
                let last = path.rsplit('.').next().unwrap_or_default();
                assert!(full(&schema, path).is_some_and(|full| full.ends_with(last)), "{path}");
            }
        }
    }

    #[test]
    fn every_distribution_that_is_written_here_can_be_read() {
        for (name, written, _) in LAWS {
            let first = written.split(" or ").next().and_then(|one| one.split("; ").next()).expect("a law");
            let table: toml::Table = format!("x = {first}").parse().expect(name);
            let read = crate::notation::verify("law", &table["x"]);
            let number = crate::notation::verify("number-law", &table["x"]);
            assert!(read.is_ok() || number.is_ok(), "{name}: {read:?} {number:?}");
        }
    }

    #[test]
    fn words_of_every_day_lead_somewhere() {
        let schema = schema();
        assert_eq!(places(&schema, "WIP")[0], "team.*.wip");
        assert!(places(&schema, "on-call").contains(&"incidents.people".to_owned()));
        assert!(places(&schema, "patience").contains(&"builds.patience".to_owned()));
        assert!(places(&schema, "nothing of this kind").is_empty());
        assert!(law("Lognormal").is_some_and(|said| said.contains("sigma")));
    }
}
