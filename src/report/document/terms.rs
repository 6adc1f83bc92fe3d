//! The terms of a page, in plain words.

const TERMS: [(&str, &str); 24] = [
    (
        "baseline",
        "The organisation as described, without any of the policies; what policies are compared with.",
    ),
    (
        "can't be told",
        "The interval leaves both a difference that matters and none at all possible; more replications, or a bolder policy, may tell.",
    ),
    ("change failure rate", "The share of deployments that cause a failure in production."),
    ("cycle time", "Working days from when somebody begins an item until it is done."),
    (
        "debt density",
        "The share of the code base that is in debt: code that makes each later change slower and riskier.",
    ),
    ("deployment frequency", "Deployments to production a week."),
    ("flow efficiency", "The share of an item's lead time in which somebody worked on it."),
    (
        "guardrail",
        "A metric that must not get worse while another is improved; named in the scenario before the run.",
    ),
    ("horizon", "How long the simulated organisation is watched after policies part."),
    (
        "interval",
        "The range that holds the mean over all possible replications with the stated confidence (such as 95 %). It says nothing of how far the model is from a real organisation.",
    ),
    (
        "engineer-month of cost",
        "What one engineer costs in a month. Value, harm and cost are told in it where the scenario names no price.",
    ),
    ("lead time from commitment", "Working days from when the work is committed to until it is live."),
    ("lead time p85", "85 % of the items took at most so long from request to live."),
    ("objective", "The metric by which policies are judged; named in the scenario before the run."),
    (
        "organisations drawn",
        "Organisations like the described one, whose assumed numbers are drawn from plausible ranges instead.",
    ),
    (
        "paired",
        "The same replication under two policies, with the same random numbers for the same decisions, so that only the policy differs.",
    ),
    (
        "plausible",
        "Within what the sources saw of organisations: value over cost, failure rates, review times and the like.",
    ),
    ("practically the same", "The whole interval lies within the smallest difference that matters."),
    ("replication", "One simulated course of the organisation with random numbers of its own."),
    (
        "run-off",
        "Three more years after the horizon in which every policy returns to the baseline's settings, so that what a policy left behind counts.",
    ),
    ("run-rate", "What the product earns a year, at the end of the horizon."),
    ("throughput", "Items of asked-for work that go live a week."),
    ("utilisation", "The share of working time in which people are busy."),
    ("WIP", "Work in progress: items that somebody has begun and that are not done."),
];

/// What a term means, if it is one.
pub fn meaning(word: &str) -> Option<&'static str> {
    TERMS.iter().find(|(term, _)| term.eq_ignore_ascii_case(word)).map(|(_, means)| *means)
}

/// The terms that a page uses, in alphabetical order.
pub fn used(page: &str) -> Vec<(&'static str, &'static str)> {
    let page = page.to_lowercase();
    let mut found: Vec<_> =
        TERMS.into_iter().filter(|(term, _)| page.contains(&term.to_lowercase())).collect();
    found.sort_by_key(|(term, _)| term.to_lowercase());
    found
}
