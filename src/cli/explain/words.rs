//! Words that are no paths of a scenario, and where what they mean is found: probability distributions, keys of a
//! policy, and what people say every day.

use crate::experiment::listed;
use crate::report::document::terms;
use crate::report::table::{WIDTH, wrapped};
use crate::scenario::{Path, SchemaDoc, meaning};
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
        "one of several distributions, by weight",
    ),
    ("empirical", "{ empirical = [\"1 hour\", \"3 hours\", \"2 days\"] }", "one of these values"),
    (
        "csv",
        "{ csv = { file = \"times.csv\", column = \"hours\", unit = \"hours\" } }",
        "one of the values of a file's column",
    ),
];

/// A metric by its title or column, or a term of the pages, in plain words.
pub fn term(word: &str) -> Option<String> {
    let word = word.trim();
    let place = listed::places(&[word.to_owned()]).ok().and_then(|places| places.first().copied());
    let metric = place.and_then(|at| listed::metrics().nth(at)).map(|it| {
        let (title, unit, definition, name) = (it.title, it.unit.written(), it.definition, it.name);
        format!(
            "{title}, a metric in {unit}: {definition}. Its column is `{name}`; `orgsim list metrics` has all."
        )
    });
    let said = metric.or_else(|| Some(format!("{word}: {}", terms::meaning(word)?)))?;
    Some(wrapped(&said, WIDTH, ""))
}

/// Keys of `[policy.NAME]` that are no paths.
pub const POLICY: &[(&str, &str)] = &[
    ("baseline", "true for the policy that all others are compared with"),
    ("description", "What it means, in words"),
    ("includes", "Other policies whose changes it makes first, such as [\"quarter\"]"),
    ("after", "Changes from a later date on: after.\"2 quarters\".\"team.*.share.health\" = \"15%\""),
    ("organisation", "Another scenario whose organisation takes the place of this one (see `migration`)"),
    ("past", "\"own\": it has a past of its own, instead of changing the organisation at the fork"),
    (
        "\"PATH\"",
        "A change from the fork on: \"team.*.share.health\" = \"25%\"; `orgsim explain PATH` says more",
    ),
];

/// Words that people say, and where the model has what they mean. What leads to a mechanism's table or to a key of it
/// stands there (`x-said`).
const EVERYDAY: &[(&[&str], &[&str])] = &[
    (&["wip", "work in progress", "kanban", "limit work"], &["team.wip", "limit.items"]),
    (&["tech debt", "technical debt", "shortcut", "refactoring", "system health"], &["team.share.health"]),
    (
        &["meeting", "committee", "approval", "sign-off", "signoff", "governance", "architect"],
        &["board", "approver", "chain", "stage.applies_to"],
    ),
    (&["deploy", "deployment", "release", "rollout", "train"], &["stage.release", "failure", "team.tooling"]),
    (&["ci", "pipeline", "test", "compile"], &["stage.machine", "team.tooling"]),
    (&["code review", "pull request", "pr"], &["stage.review", "stage.failure"]),
    (&["hiring", "hire", "recruiting", "turnover", "attrition", "quit"], &["team.target", "team.leaves"]),
    (&["ai", "copilot", "llm"], &["team.assisted"]),
    (&["bug", "defect", "quality", "rework"], &["stage.failure", "failure", "work.arrivals"]),
    (
        &["multitasking", "context switch", "interruption", "focus"],
        &["switching", "team.wip", "team.interruptions"],
    ),
    (&["overtime", "crunch", "deadline", "burnout", "stress"], &["team.pressure"]),
    (&["manager", "management", "lead", "leadership"], &["leader"]),
    (&["platform", "cognitive load", "team topologies"], &["team.kind"]),
    (&["docs", "documentation"], &["team.tooling"]),
    (&["estimate", "estimation", "guess"], &["value.size_error", "value.value_error"]),
    (&["backlog", "queue"], &["work.backlog_limit", "work.patience"]),
    (&["variability", "fluctuation", "volatility", "overdispersion"], &["work.wander", "team.wander"]),
    (&["season", "growth", "demand"], &["work.profile", "work.arrivals.load", "work.arrivals"]),
    (&["holiday", "vacation", "sick", "leave"], &["team.absence"]),
    (&["prioritisation", "prioritization", "cost of delay", "wsjf"], &["team.order", "work.priority"]),
    (&["requirements", "unclear", "ambiguity", "spec"], &["work.fuzziness", "stage.clear_enough"]),
    (&["microservices", "monolith", "services", "hotspot"], &["team.code"]),
    (&["roi", "money", "benefit", "cost of incidents"], &["value", "incidents.severity"]),
    (&["pair", "pairing", "mob"], &["stage.crew"]),
    (&["working hours", "calendar", "meetings per week"], &["clock"]),
    (&["seed", "runs", "simulations", "lives", "replication"], &["seed", "replications", "judge"]),
];

/// What a distribution is, and how it is written.
pub fn law(word: &str) -> Option<String> {
    if ["law", "laws", "distribution", "distributions"].contains(&word.trim().to_lowercase().as_str()) {
        let widest = LAWS.iter().map(|(name, ..)| name.len()).max().unwrap_or(0);
        let line = |(name, _, words): &(&str, &str, &str)| format!("  {name:widest$}  {words}\n");
        let list: String = LAWS.iter().map(line).collect();
        let head = "Distributions, which may stand wherever a value is drawn at random; a plain value such as \
                    \"2 days\" is one too. `orgsim explain NAME` says how each is written.\n\n";
        return Some(wrapped(head, 100, "") + "\n" + &list);
    }
    let (name, written, words) = LAWS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(word.trim()))?;
    let lines = [
        format!("{name}: {words}."),
        format!("Written as: {written}"),
        "Wherever a value is drawn at random; `orgsim explain PATH` says where that is.".to_owned(),
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

/// Where what a word means is found: by what people say; else by what the keys of tables are called, and by the last step
/// of paths.
pub fn places(schema: &Json, word: &str) -> Vec<String> {
    let word = word.trim().to_lowercase();
    let means = |known: &str| bare(known) == bare(&word);
    let mut found = Vec::new();
    gather(schema, &Path::default(), 0, &mut found, &|_, doc| doc.said.iter().any(|known| means(known)));
    let said = EVERYDAY.iter().filter(|(words, _)| words.iter().any(|known| means(known)));
    found.extend(said.flat_map(|(_, paths)| paths.iter()).filter_map(|path| full(schema, path)));
    let last = bare(word.rsplit('.').next().unwrap_or_default());
    if found.is_empty() && word.len() > 2 {
        gather(schema, &Path::default(), 0, &mut found, &|key, doc| {
            let called = doc.plain.as_deref().unwrap_or_default();
            last.len() > 2 && bare(key) == last || called.to_lowercase().contains(&word)
        });
    }
    found.truncate(MOST);
    found
}

/// A word as it is compared: without hyphens and the plural.
fn bare(word: &str) -> String {
    word.replace(['-', '_', ' '], "").trim_end_matches('s').to_owned()
}

/// A path as it is called in full.
fn full(schema: &Json, path: &str) -> Option<String> {
    Some(meaning(schema, &path.parse().ok()?).ok()?.path.trim_end_matches(".*").to_owned())
}

/// Paths below one that are asked for, by their last step and by what the schema says there.
fn gather(
    schema: &Json,
    path: &Path,
    depth: usize,
    found: &mut Vec<String>,
    is_asked: &dyn Fn(&str, &SchemaDoc) -> bool,
) {
    let Ok(here) = meaning(schema, path) else { return };
    let named = here.path.parse::<Path>().unwrap_or_default();
    for (key, _) in here.keys {
        let inner = named.join(key.as_str());
        if meaning(schema, &inner).is_ok_and(|doc| is_asked(&key, &doc))
            && !found.contains(&inner.to_string())
        {
            found.push(inner.to_string());
        }
        if depth < DEEPEST && found.len() < MOST {
            gather(schema, &inner, depth + 1, found, is_asked);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::study::schema;

    #[test]
    fn every_place_named_exists() {
        for (words, paths) in EVERYDAY {
            assert!(!words.is_empty() && !paths.is_empty());
            for path in *paths {
                let last = path.rsplit('.').next().unwrap_or_default();
                assert!(full(schema(), path).is_some_and(|full| full.ends_with(last)), "{path}");
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
        assert_eq!(places(schema(), "WIP")[0], "team.*.wip");
        assert!(places(schema(), "on-call").contains(&"incidents.people".to_owned()));
        assert_eq!(places(schema(), "tech debt"), ["complexity", "debt", "team.*.share.health"]);
        assert!(places(schema(), "newcomers").contains(&"people.ramp".to_owned()));
        assert_eq!(places(schema(), "hours built ahead"), ["complexity.ahead"], "by what it is called");
        assert!(places(schema(), "patience").contains(&"builds.patience".to_owned()));
        assert!(places(schema(), "nothing of this kind").is_empty());
        assert!(law("Lognormal").is_some_and(|said| said.contains("sigma")));
    }
}
